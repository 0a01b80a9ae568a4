"""Take what channels pay, pay what they are owed, put a sum on an account or write it off, and take any of it
back."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from pms.core import dates
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.permissions import Permission
from pms.db.work import Work, operation
from pms.services.channels.models import Channel
from pms.services.channels.queries import in_words
from pms.services.debts import book
from pms.services.folios import kinds, ledger, numbers
from pms.services.folios import printouts as folio_papers
from pms.services.folios.channel_pays import OTHER
from pms.services.folios.models import ChannelBill
from pms.services.folios.odd import ask_if_odd
from pms.services.staff import taking_out

from . import billing, printouts, queries
from .duty import SETTLE
from .models import BOOK


@operation(Permission.FOLIOS_PAY, money=True)
def receive(
    work: Work,
    *,
    number: int,
    method: str,
    amount: Money,
    bills: Sequence[int] = (),
    reference: str = "",
) -> int:
    """Take what a channel pays: on these bills, what it is owed on them set off, else on all that it owes,
    the oldest first. Returns the receipt's number."""
    if method not in ledger.METHODS or amount <= 0:
        raise Refused(_("A payment needs a method and an amount above 0."))
    came_by = kinds.taken(work, method, reference)
    channel = _held(work, number)
    found = _open(work, channel, bills, above=True)
    open_ = sum(one.left for one in found)
    _within(work, channel, amount, open_)
    ask_if_odd(work, amount, open_)
    posted = ledger.post(
        work,
        debit=ledger.account(work, method),
        credit=billing.account(work, channel),
        amount=amount,
        code=method,
        text=channel.name,
    )
    numbers.came(work, posted, method, amount, came_by)
    made = book.allocate(work, BOOK, channel.id, found, book.RECEIPT, amount, posted, method=method)
    _receipt(work, channel, posted, method, amount, came_by)
    return int(made.number)


def _receipt(work: Work, channel: Channel, posted: int, method: str, amount: Money, number: str) -> None:
    work.print(
        folio_papers.receipt(
            work,
            payer=in_words(channel.name, channel.name_en),
            what=_("Channel account %(number)s") % {"number": channel.number},
            amount=amount,
            method=method,
            rest=queries.owed(work.session, number=channel.number),
            number=number,
        ),
        record="transfer",
        record_id=posted,
    )


@operation(SETTLE, money=True)
def pay(
    work: Work,
    *,
    number: int,
    method: str,
    amount: Money,
    bills: Sequence[int] = (),
    reference: str = "",
) -> int:
    """Pay a channel its commission: on these bills, else on all that it is owed, the oldest first. Returns
    the number under which it is kept."""
    if method not in ledger.METHODS or amount <= 0:
        raise Refused(_("A payment needs a method and an amount above 0."))
    went_by = kinds.given(work, method, reference)
    channel = _held(work, number)
    found = _open(work, channel, bills, above=False)
    owing = -sum(one.left for one in found)
    if amount > owing:
        raise Refused(
            _("%(sum)s is owed to %(channel)s.")
            % {"channel": in_words(channel.name, channel.name_en), "sum": show(owing, work.setting.digits)}
        )
    ask_if_odd(work, amount, owing)
    posted = ledger.post(
        work,
        debit=billing.account(work, channel),
        credit=ledger.account(work, method),
        amount=amount,
        code=method,
        text=channel.name,
        rule=went_by,
    )
    made = book.allocate(work, BOOK, channel.id, found, book.PAID, -amount, posted, method=method)
    return int(made.number)


@operation(SETTLE, money=True)
def put_on(work: Work, *, number: int, amount: Money, reason: str, reference: str = "") -> int:
    """Put a sum on a channel's account that belongs to no stay: above 0 what it owes (a fee for who did not
    come), below 0 what it takes (a fine). Returns the bill's number."""
    if not reason.strip():
        raise Refused(_("Say what the sum is for; it stands on the account."))
    if not amount:
        raise Refused(_("Give an amount above 0."))
    channel = _held(work, number)
    ask_if_odd(work, abs(amount))
    code = "NOSHOW" if amount > 0 else "COMMISSION"
    posted = ledger.post(
        work,
        debit=billing.account(work, channel),
        credit=ledger.account(work, code),
        amount=amount,
        code=code,
        text=channel.name,
        rule=reason.strip(),
    )
    made = work.next_number("channel_bill")
    work.session.add(
        ChannelBill(
            number=made,
            channel_id=channel.id,
            what=OTHER,
            reference=reference.strip(),
            guest=reason.strip(),
            arrival=work.business_date,
            departure=work.business_date,
            amount=amount,
            left=amount,
            billed_on=work.business_date,
            transfer_id=posted,
        )
    )
    work.touch("settlements")
    return made


@operation(SETTLE, money=True)
def write_off(work: Work, *, bill: int, amount: Money, reason: str) -> int:
    """Give up what is open on a channel's bill, either way, with reason and by a person who may; returns the
    number under which it is kept."""
    if not reason.strip():
        raise Refused(_("Say why the debt is written off; it is printed on the paper."))
    if amount <= 0:
        raise Refused(_("Give an amount above 0."))
    found, channel = _bill(work, bill)
    digits, name = work.setting.digits, in_words(channel.name, channel.name_en)
    if amount > abs(found.left):
        raise Refused(
            _("%(sum)s is open on bill %(bill)s of %(company)s.")
            % {"company": name, "sum": show(abs(found.left), digits), "bill": bill}
        )
    what = _("Writing off %(sum)s of bill %(bill)s, %(company)s: %(reason)s")
    told = {"sum": show(amount, digits), "bill": bill, "company": name, "reason": reason.strip()}
    work.require(Permission.FOLIOS_ADJUST, what % told, amount)
    owes = found.left > 0
    code = "BADDEBT" if owes else "COMMISSION"
    posted = ledger.post(
        work,
        debit=ledger.account(work, code),
        credit=billing.account(work, channel),
        amount=amount if owes else -amount,
        code=code,
        text=channel.name,
        rule=reason.strip(),
    )
    part = amount if owes else Money(-amount)
    made = book.allocate(
        work, BOOK, channel.id, [found], book.WRITTEN_OFF, part, posted, reason=reason.strip()
    )
    paper = printouts.written_off(
        work, channel=name, bill=found.number, amount=amount, left=abs(found.left), reason=reason.strip()
    )
    work.print(paper, record="transfer", record_id=posted)
    return int(made.number)


@operation(Permission.FOLIOS_ADJUST, money=True)
def take_back(work: Work, *, receipt: int, reason: str) -> int:
    """Take what was received, paid or written off today back: its bills are open again; returns the number
    of what takes it back."""
    return book.take_back(work, BOOK, receipt, reason)


def _held(work: Work, number: int) -> Channel:
    """Return a channel, held: what is spread over its bills is spread by one desk."""
    asked = select(Channel.id).where(Channel.number == number)
    found = work.session.scalars(asked).first()
    if found is None:
        raise Refused(_("There is no channel %(number)s.") % {"number": number})
    return work.hold(Channel, found)


def _bill(work: Work, number: int) -> tuple[ChannelBill, Channel]:
    """Return a bill and its channel, both held."""
    asked = select(ChannelBill.id, ChannelBill.channel_id).where(ChannelBill.number == number)
    found = work.session.execute(asked).first()
    if found is None:
        raise Refused(_("There is no bill %(number)s of a channel.") % {"number": number})
    channel = work.hold(Channel, found.channel_id)
    return work.hold(ChannelBill, found.id), channel


def _open(work: Work, channel: Channel, bills: Sequence[int], *, above: bool) -> Sequence[Any]:
    """Return the bills that a payment is spread over: those that are named, else those of its side."""
    found = book.open_bills(work, BOOK, channel.id, bills)
    missing = set(bills) - {one.number for one in found}
    if missing:
        raise Refused(
            _("Nothing is open on bill %(number)s. Look at the account again.") % {"number": min(missing)}
        )
    return found if bills else [one for one in found if (one.left > 0) is above]


def _within(work: Work, channel: Channel, amount: int, open_: int) -> None:
    if amount > open_:
        told = {"company": in_words(channel.name, channel.name_en)}
        raise Refused(_("%(company)s owes %(sum)s.") % {**told, "sum": show(open_, work.setting.digits)})


@operation(Permission.FOLIOS_READ)
def print_month(work: Work, *, number: int, start: date) -> None:
    """Print a channel's account of a month, given by its first day."""
    paper = printouts.month(work.session, number=number, start=start)
    taking_out.in_bulk(work, [paper], *queries.month_of(start))
    work.print(paper, record="channel")


@operation(Permission.TAKE_OUT)
def take_out(work: Work, *, number: int, start: date, form: str) -> None:
    """Let a channel's account of a month leave as a file; written down."""
    told = queries.month(work.session, number=number, start=start)
    title = f"{_('Channel account')} {told.channel} {dates.month(told.start)}"
    heads = [_("Date"), _("Bill"), _("Guest"), _("Room"), _("Amount")]
    taking_out.list_as_file(work, title, heads, len(told.bills) + len(told.receipts), form)
