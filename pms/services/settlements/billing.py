"""Put on a channel's account what it pays of a stay and what it takes, and take it back with the check-in or
the check-out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money
from pms.db.work import Work
from pms.services.channels.models import CREDIT, Channel
from pms.services.folios import channel_pays, ledger
from pms.services.folios.channel_pays import COMMISSION, ROOM, OfChannel
from pms.services.folios.models import ChannelBill, Transfer

WHOLE = 10_000


@dataclass(frozen=True)
class Sold:
    """A stay that a channel sold: as it stands on the channel's statement, by which booking and number there,
    for the nights of its order [arrival, departure)."""

    channel: int
    stay_id: int
    number: int
    booking: int
    reference: str
    guest: str
    room: str
    arrival: date
    departure: date


def credit(work: Work, sold: Sold, settles: str, total: int, folio: int) -> None:
    """Credit the price of a prepaid order to its guest's folio; one on the channel's credit is written down
    only, and settled at the check-out. ``settles`` is how this order is paid, empty for the channel's usual
    way."""
    channel = _channel(work, sold.channel)
    on_credit = (settles or channel.settles) == CREDIT
    posted = None
    if not on_credit and total > 0:
        posted = _post(work, channel, folio, total, sold.stay_id)
    _write(work, channel, sold, ROOM, 0 if posted is None else total, posted, on_credit=on_credit)


def note_commission(work: Work, sold: Sold) -> None:
    """Write down that a channel takes its part of a stay that the guest pays; what it comes to is worked out
    at the check-out."""
    channel = _channel(work, sold.channel)
    if channel.commission:
        _write(work, channel, sold, COMMISSION, 0, None, points=channel.commission)


def _channel(work: Work, number: int) -> Channel:
    found = work.session.scalars(select(Channel).where(Channel.number == number)).first()
    if found is None:
        raise Refused(_("There is no channel %(number)s.") % {"number": number})
    return found


def account(work: Work, channel: Channel) -> int:
    """Return a channel's account; the channel is held only while its account is opened."""
    found = ledger.channel_account_of(work, channel.number)
    if found is None:
        work.hold(Channel, channel.id)
        found = ledger.channel_account(work, channel.number, channel.name)
    return found


def _post(work: Work, channel: Channel, folio: int, amount: int, stay_id: int) -> int:
    """Move an amount from the folio to the channel's account, below 0 back to the folio."""
    return ledger.post(
        work,
        debit=account(work, channel),
        credit=folio,
        amount=amount,
        code="CHANNEL",
        text=channel.name,
        stay_id=stay_id,
    )


def _write(
    work: Work,
    channel: Channel,
    sold: Sold,
    what: str,
    amount: int,
    posted: int | None,
    *,
    on_credit: bool = False,
    points: int = 0,
) -> None:
    work.session.add(
        ChannelBill(
            number=work.next_number("channel_bill"),
            channel_id=channel.id,
            what=what,
            on_credit=on_credit,
            stay_id=sold.stay_id,
            stay_number=sold.number,
            booking=sold.booking,
            reference=sold.reference,
            guest=sold.guest,
            room=sold.room,
            arrival=sold.arrival,
            departure=sold.departure,
            points=points,
            amount=Money(amount),
            left=Money(amount),
            billed_on=work.business_date,
            transfer_id=posted,
        )
    )
    work.touch("settlements")


def settle(work: Work, stay_id: int, found: Sequence[OfChannel], folio: int) -> int:
    """Bring a stay's bills to what was charged when its guest leaves, and return what the folio is debited
    with: what goes back to a channel that has prepaid, below 0 what one on credit takes over. The commission
    is owed from now on."""
    moved = 0
    for one in found:
        if one.what == ROOM:
            moved = one.rest
            change = -one.rest
        else:
            change = -_share(one) - one.amount
        if change:
            _change(work, one, change, folio, stay_id)
    return moved


def _share(one: OfChannel) -> int:
    """Return the channel's part of what was charged, half a coin up."""
    return (2 * max(one.charged, 0) * one.points + WHOLE) // (2 * WHOLE)


def _change(work: Work, one: OfChannel, change: int, folio: int, stay_id: int) -> None:
    bill = work.hold(ChannelBill, one.id)
    channel = work.session.get_one(Channel, bill.channel_id)
    if one.what == ROOM:
        posted = _post(work, channel, folio, change, stay_id)
    else:
        posted = ledger.post(
            work,
            debit=account(work, channel),
            credit=ledger.account(work, "COMMISSION"),
            amount=change,
            code="COMMISSION",
            text=channel.name,
            stay_id=stay_id,
        )
    bill.amount, bill.left = Money(bill.amount + change), Money(bill.left + change)
    bill.transfer_id, bill.billed_on = posted, work.business_date
    work.touch("settlements")


def take_back(work: Work, stay_id: int, lines: Sequence[Transfer], *, whole: bool) -> None:
    """Bring a stay's bills back to what they were before these postings; ``whole``: the check-in itself is
    taken back, and they are void. Refuses that where money came in on one already."""
    b = ChannelBill
    asked = select(b).where(b.stay_id == stay_id, b.voided_on.is_(None)).with_for_update()
    found = work.session.scalars(asked.execution_options(populate_existing=True)).all()
    for bill in found:
        code = "CHANNEL" if bill.what == ROOM else "COMMISSION"
        for line in lines:
            if line.code == code:
                effect = _effect(work, bill, line)
                bill.amount, bill.left = Money(bill.amount - effect), Money(bill.left - effect)
        if whole and bill.left != bill.amount:
            raise Refused(
                _("Money of the channel came in on bill %(number)s. Take that receipt back first.")
                % {"number": bill.number}
            )
        if whole:
            bill.voided_on = work.business_date
        work.touch("settlements")


def _effect(work: Work, bill: ChannelBill, line: Transfer) -> int:
    channel = work.session.get_one(Channel, bill.channel_id)
    own = ledger.channel_account_of(work, channel.number)
    return line.amount if line.debit_id == own else -line.amount


def rest_of(work: Work, stay_id: int) -> Money:
    """Return what of a stay's folio is its channel's: above 0 it goes back there, below 0 the channel takes
    it over."""
    found = channel_pays.of_stay(work.session, stay_id=stay_id)
    return Money(sum(one.rest for one in found if one.what == ROOM))
