"""Check a guest out: what the clock charges, what is paid and given back."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from pms.core import dates
from pms.core.authority import Kind
from pms.core.clock import local
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.permissions import Permission
from pms.db import wire
from pms.db.work import Work, operation
from pms.services.authority import service as authority
from pms.services.cards import service as cards
from pms.services.debts.billing import OnAccount
from pms.services.folios import attempts, channel_pays, holds, kinds, ledger, numbers, ways
from pms.services.folios import service as folios
from pms.services.reservations.models import (
    BookedRoom,
    NightRate,
)
from pms.services.rooms.models import Room
from pms.services.settlements import billing as settlements

from . import charges, departing
from .billed import to_company
from .duty import STAYS_CHECK_OUT
from .held import Paid, current_segment, give_nights_back, open_stay
from .models import Stay

FIRST_WINDOW = "A"


@operation(STAYS_CHECK_OUT, money=True, paper=True)
def check_out(
    work: Work,
    *,
    stay_id: int,
    payments: Sequence[Paid] = (),
    refund: Paid | None = None,
    slip_back: bool = True,
    unsettled: str = "",
    waive_late: str = "",
    cards_back: int | None = None,
    waive_cards: str = "",
    print_bill: bool = True,
    on_account: OnAccount | None = None,
    release_held: bool = True,
) -> None:
    """Settle and check out: the clock's charge, the deposit used, money taken or given back, nights left back
    on sale, room dirty.

    On the day of arrival the clock's charge is the use by day, later the late departure; who leaves after
    midnight and before the close has had the night, and it is posted.
    Of the cards ``cards_back`` lie on the desk; the others are charged, or waived with a reason.
    ``payments`` and ``refund`` must bring every folio to 0; ``on_account`` sends the rest to a company, and
    the deposit goes back whole; ``unsettled``, the reason, sends it to the city ledger. At most the deposit
    held and the folio's own credit are given back. A payment with a ``hold`` completes that
    pre-authorisation; what is held beside it is released, unless ``release_held`` is off.
    """
    stay, line, room = open_stay(work, stay_id)
    if work.on_paper is not None and work.on_paper < stay.arrived_at:
        raise Refused(
            _("This guest came at %(time)s and cannot have left before.")
            % {"time": dates.moment(local(stay.arrived_at, work.setting.zone), year=True)}
        )
    used = _charge_by_clock(work, stay, line, room, waive_late)
    _end_nights(work, stay, line, work.business_date + charges.DAY if used else work.business_date)
    cards.charge_missing(work, stay.id, cards_back, waive_cards)
    still_held = _settle(work, stay, payments, refund, slip_back, unsettled, on_account)
    if release_held:
        holds.release_all(work, still_held)
    stay.state, stay.departed_at, stay.departed_on, stay.settled_by = (
        "departed",
        work.done_at,
        work.business_date,
        work.key,
    )
    line.go("departed", work.now, work.clerk.id or None)
    room.clean, room.seen_persons = "dirty", None
    cards.end_all(work, stay.id, cards_back or 0)
    if print_bill:
        work.session.flush()
        folios.print_bill(work, stay_id=stay_id)
    work.touch("stays", "rooms", "reservations", "folios")


def _charge_by_clock(work: Work, stay: Stay, line: BookedRoom, room: Room, waive: str) -> bool:
    """Post what the clock asks of one who leaves now and say whether the business date's night was used.

    Waived with authority, the guest counts as gone before midnight.
    """
    house = work.setting
    used = charges.had_night(house.zone, work.done_at, work.business_date)
    facts = departing.House(house.options, house.zone, work.done_at, work.business_date, house.digits)
    guest = departing.Guest(
        stay.id, line.id, line.plan_id, room.type_id, stay.arrival, stay.kind, stay.free_until
    )
    extra = departing.due(work.session, facts, guest)
    if extra is not None and waive.strip():
        _may_waive(work, stay, extra)
        work.note("waived", {"code": extra.code, "amount": extra.amount, "reason": waive.strip()}, stay.id)
        return False
    if used:
        _price_of_night_used(work, stay, line, guest)
    if extra is not None:
        folios.charge_by_clock(
            work,
            stay_id=stay.id,
            code=extra.code,
            amount=extra.amount,
            rule=extra.rule,
            quantity=extra.quantity,
            text=room.number if extra.code == "ROOM" else "",
        )
    return used


def _price_of_night_used(work: Work, stay: Stay, line: BookedRoom, guest: departing.Guest) -> None:
    """Write down the price of a night that was not booked: the close counts the night and what it brought."""
    if stay.departure > work.business_date or stay.kind:
        return
    price = departing.tonight(work.session, guest, work.business_date)
    work.delete_many(NightRate, [NightRate.line_id == line.id, NightRate.night >= work.business_date])
    row = {"line_id": line.id, "night": price.night, "price": price.price, "rule": price.rule}
    work.insert_many(NightRate, [row])


def _end_nights(work: Work, stay: Stay, line: BookedRoom, end: date) -> None:
    """End a stay on ``end``; its nights from the business date on go back on sale, because the room is free
    again, and ``planned`` keeps the departure for a check-out that is taken back."""
    if stay.departure > work.business_date:
        give_nights_back(work, stay, line, work.business_date)
    if stay.departure > work.business_date or stay.departure != end:
        stay.planned = stay.departure
        current_segment(work, stay).end = stay.departure = line.departure = end


def _may_waive(work: Work, stay: Stay, extra: charges.Extra) -> None:
    if extra.code == "ROOM":
        words = _("%(room)s: %(sum)s for the night that was used is not charged")
    elif stay.arrival == work.business_date:
        words = _("%(room)s: %(sum)s for the use by day is not charged")
    else:
        words = _("%(room)s: %(sum)s for the late departure is not charged")
    room = work.session.get_one(Room, stay.room_id).number
    authority.authorise(
        work,
        Kind.WAIVER,
        words % {"room": room, "sum": show(extra.amount, work.setting.digits)},
        percent=50 if extra.code == "HALF" else 100,
        amount=extra.amount,
        line_id=stay.line_id,
        stay_id=stay.id,
    )


def _settle(
    work: Work,
    stay: Stay,
    payments: Sequence[Paid],
    refund: Paid | None,
    slip_back: bool,
    unsettled: str,
    on_account: OnAccount | None,
) -> list[int]:
    """Bring all folios to zero; returns the pre-authorisations of which nothing was taken."""
    if refund is not None and (refund.method not in ledger.METHODS or refund.amount <= 0):
        raise Refused(_("A refund needs a method and an amount above 0."))
    ledger.lock(work, stay.id)
    accounts, in_question, on_cards, of_channel = wire.ask_all(work.session, _standing(work, stay))
    folio = {a.window: a for a in accounts if a.ledger == "guest"}
    owed = {w: int(a.balance) for w, a in folio.items()}
    to_channel = settlements.settle(work, stay.id, of_channel, folio[FIRST_WINDOW].account_id)
    owed[FIRST_WINDOW] += to_channel
    deposit = next((a for a in accounts if a.ledger == "deposit"), None)
    held = -deposit.balance if deposit else 0
    for window in sorted(owed):
        used = min(held, max(owed[window], 0)) if on_account is None else 0
        if used and deposit:
            ledger.post(
                work,
                debit=deposit.account_id,
                credit=folio[window].account_id,
                amount=used,
                code="APPLY",
                stay_id=stay.id,
            )
            held, owed[window] = held - used, owed[window] - used
    if payments:
        work.must_hold(Permission.FOLIOS_PAY)
        attempts.ask(work, in_question, [paid.amount for paid in payments])
    for paid in payments:
        if paid.window not in owed or paid.method not in ledger.METHODS or paid.amount <= 0:
            raise Refused(_("A payment needs a method, an amount above 0 and a folio of this stay."))
        owed[paid.window] -= paid.amount
        if paid.hold:
            continue
        number = kinds.taken(work, paid.method, paid.reference)
        made = ledger.post(
            work,
            debit=ledger.account(work, paid.method),
            credit=folio[paid.window].account_id,
            amount=paid.amount,
            code=paid.method,
            stay_id=stay.id,
        )
        numbers.came(work, made, paid.method, paid.amount, number)
    _complete(work, stay, payments, folio)
    if refund is not None:
        held = _give_back(work, stay, refund, held, owed, folio, slip_back, to_channel)
    if on_account is not None:
        owed = to_company(work, stay, on_account, owed, folio)
    _must_be_even(work, stay, owed, held, folio, unsettled)
    ledger.close_accounts(work, stay.id, True)
    taken = {paid.hold for paid in payments}
    return [number for number in on_cards if number not in taken]


def _standing(work: Work, stay: Stay) -> list[Callable[[Any], Any]]:
    """Ask in one round how the stay's accounts stand, what is in question, and what is held on cards."""
    return [
        partial(ledger.standing, stay_id=stay.id),
        partial(attempts.open_of, stay_id=stay.id),
        partial(holds.numbers_of, stay_id=stay.id, business_date=work.business_date),
        partial(channel_pays.of_stay, stay_id=stay.id),
    ]


def _complete(work: Work, stay: Stay, payments: Sequence[Paid], folio: dict[str, ledger.Owed]) -> None:
    """Take what is paid out of pre-authorisations, each at once for all folios."""
    wanted = [
        holds.Capture(paid.hold, folio[paid.window].account_id, paid.amount, paid.reference)
        for paid in payments
        if paid.hold
    ]
    if wanted:
        holds.capture(work, stay.id, wanted)


def _give_back(
    work: Work,
    stay: Stay,
    refund: Paid,
    held: int,
    owed: dict[str, int],
    folio: dict[str, ledger.Owed],
    slip_back: bool,
    to_channel: int,
) -> int:
    """Give back deposit first, then what a folio stands in credit (a rebate, an overpayment)."""
    work.must_hold(Permission.FOLIOS_REFUND)
    of_deposit = min(refund.amount, held)
    if of_deposit > 0:
        folios.refund(work, stay.id, refund.method, Money(of_deposit), slip_back, reference=refund.reference)
    rest = refund.amount - of_deposit
    for window, balance in sorted(owed.items()):
        part = min(rest, max(-balance, 0))
        if part:
            number = ways.may_go_back(work, refund.method, part, reference=refund.reference, stay_id=stay.id)
            made = ledger.post(
                work,
                debit=folio[window].account_id,
                credit=ledger.account(work, refund.method),
                amount=part,
                code=refund.method,
                text=_("Paid out"),
                stay_id=stay.id,
            )
            ways.went_back(work, made, refund.method, part, number, stay_id=stay.id)
            owed[window], rest = owed[window] + part, rest - part
    if rest and to_channel > 0:
        told = {"rest": to_channel, "most": refund.amount - rest}
        raise Refused(
            _("%(rest)s goes back to the channel that has paid it. Only %(most)s is the guest's.")
            % {name: show(sum_, work.setting.digits) for name, sum_ in told.items()}
        )
    if rest:
        raise Refused(
            _("Only %(most)s can be given back: the deposit held and what the folio has in credit.")
            % {"most": show(refund.amount - rest, work.setting.digits)}
        )
    return held - of_deposit


def _must_be_even(
    work: Work, stay: Stay, owed: dict[str, int], held: int, folio: dict[str, ledger.Owed], unsettled: str
) -> None:
    if held:
        raise Refused(
            _("%(sum)s of the deposit is still held. Give it back in the same step.")
            % {"sum": show(held, work.setting.digits)}
        )
    for window, balance in sorted(owed.items()):
        if balance and not unsettled.strip():
            sentence = (
                _("Folio %(window)s is short by %(sum)s.")
                if balance > 0
                else _("Folio %(window)s has %(sum)s in credit to give back.")
            )
            raise Refused(sentence % {"window": window, "sum": show(abs(balance), work.setting.digits)})
        if balance:
            room = work.session.get_one(Room, stay.room_id).number
            what = _("Checking out with folio %(window)s not settled, room %(room)s, %(guest)s")
            about = {"window": window, "room": room, "guest": stay.guest_name}
            work.require(Permission.FOLIOS_ADJUST, what % about, balance)
            ledger.post(
                work,
                debit=ledger.receivable(work, stay.id, folio[window].name),
                credit=folio[window].account_id,
                amount=balance,
                code="CITY",
                text=unsettled.strip(),
                stay_id=stay.id,
            )
            stay.unsettled = True
