"""What channels owe and are owed, since when, for which stays, and what a month's account says. The cost is
that of the open bills, and of what happened since the account's first day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from pms.core.errors import Refused
from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.types import summed
from pms.services.channels.models import Channel
from pms.services.channels.queries import in_words
from pms.services.debts import book
from pms.services.debts.book import AGES, KINDS, ReceiptRow, month_of
from pms.services.folios.channel_pays import COMMISSION, OTHER, ROOM
from pms.services.folios.ledger import OF_CHANNEL
from pms.services.folios.models import Account, ChannelBill, Transfer
from pms.services.property.queries import setting

from .models import BOOK, OPEN

__all__ = ["AGES", "KINDS", "ReceiptRow", "in_words", "month_of"]
WHAT = {ROOM: N_("Room charge"), COMMISSION: N_("Commission"), OTHER: N_("Without a stay")}


@dataclass(frozen=True)
class BillRow:
    """A bill of a channel as lists show it: below 0 it is owed to the channel; ``left`` of ``amount`` is
    open."""

    id: int
    number: int
    channel: int
    code: str
    name: str
    name_en: str
    what: str
    on_credit: bool
    stay_id: int | None
    stay_number: int | None
    booking: int | None
    reference: str
    guest: str
    room: str
    arrival: date
    departure: date
    amount: Money
    left: Money
    billed_on: date
    voided_on: date | None

    @property
    def shown(self) -> str:
        """Return the number as it stands on papers."""
        return f"HB-{self.number}"

    @property
    def channel_name(self) -> str:
        """Return the channel's name in the language of the screen."""
        return in_words(self.name, self.name_en)


@dataclass(frozen=True)
class AccountRow:
    """How a channel's account stands: what it owes by age, up to 30 days, 60, 90 and beyond, and what it is
    owed."""

    id: int
    number: int
    code: str
    name: str
    name_en: str
    period: str
    bills: int
    oldest: date
    owing: Money
    ages: tuple[Money, ...]

    @property
    def shown(self) -> str:
        """Return its name in the language of the screen."""
        return in_words(self.name, self.name_en)

    @property
    def owed(self) -> Money:
        """Return all it owes."""
        return Money(sum(self.ages))

    @property
    def net(self) -> Money:
        """Return what is left when what it is owed is taken off."""
        return Money(self.owed - self.owing)


@dataclass(frozen=True)
class Month:
    """A channel's month: what was owed before, what was billed and came in, what is owed at its end."""

    channel: str
    number: int
    contact: str
    start: date
    end: date
    opening: Money
    bills: tuple[BillRow, ...]
    receipts: tuple[ReceiptRow, ...]
    closing: Money


def _bills() -> Select[*tuple[Any, ...]]:
    b, c = ChannelBill, Channel
    return select(
        b.id,
        b.number,
        c.number,
        c.code,
        c.name,
        c.name_en,
        b.what,
        b.on_credit,
        b.stay_id,
        b.stay_number,
        b.booking,
        b.reference,
        b.guest,
        b.room,
        b.arrival,
        b.departure,
        b.amount,
        b.left,
        b.billed_on,
        b.voided_on,
    ).join(c, c.id == b.channel_id)


@query(Permission.FOLIOS_READ)
def open_bills(session: Session) -> list[BillRow]:
    """Return every open bill, the oldest first."""
    asked = _bills().where(OPEN).order_by(ChannelBill.billed_on, ChannelBill.number)
    return [BillRow(*row) for row in session.execute(asked)]


@query(Permission.FOLIOS_READ)
def bills_of(session: Session, *, number: int, references: Collection[str]) -> dict[str, list[BillRow]]:
    """Return what was billed to a channel for these of its orders, by their number."""
    b = ChannelBill
    asked = _bills().where(
        Channel.number == number, b.reference.in_(references), b.voided_on.is_(None), b.reference != ""
    )
    found = dict[str, list[BillRow]]()
    for row in session.execute(asked.order_by(b.number)) if references else ():
        bill = BillRow(*row)
        found.setdefault(bill.reference, []).append(bill)
    return found


@query(Permission.FOLIOS_READ)
def left_between(session: Session, *, number: int, first: date, last: date, what: str) -> list[BillRow]:
    """Return the open bills of a channel for guests whose nights ended within some days."""
    b = ChannelBill
    asked = _bills().where(
        Channel.number == number, b.what == what, OPEN, b.departure >= first, b.departure <= last
    )
    return [BillRow(*row) for row in session.execute(asked.order_by(b.number))]


@query(Permission.FOLIOS_READ)
def accounts(session: Session) -> list[AccountRow]:
    """Return the channels with something open, what they owe by age, the largest sum first."""
    b, c, today = ChannelBill, Channel, setting(session).business_date
    owing = (-summed(case((b.left < 0, b.left), else_=0))).label("owing")
    standing = book.aged(BOOK, today, owing, of=case((b.left > 0, b.left), else_=0)).where(OPEN).subquery()
    rows = session.execute(
        select(c.number, c.code, c.name, c.name_en, c.period, standing).join(
            standing, standing.c.channel_id == c.id
        )
    )
    found = [
        AccountRow(
            row.channel_id,
            row.number,
            row.code,
            row.name,
            row.name_en,
            row.period,
            row.bills,
            row.oldest,
            Money(int(row.owing)),
            book.ages_of(row),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (-one.owed - one.owing, one.number))


@query(Permission.FOLIOS_READ)
def owed(session: Session, *, number: int) -> Money:
    """Return what a channel owes, below 0 what it is owed."""
    return book.open_sum(session, BOOK, number)


@query(Permission.FOLIOS_READ)
def receipts(session: Session, *, number: int, start: date) -> list[ReceiptRow]:
    """Return what came in from a channel or went out to it since a day, the latest first."""
    return book.receipts(session, BOOK, number, start)


@query(Permission.FOLIOS_READ)
def month(session: Session, *, number: int, start: date) -> Month:
    """Return a channel's month; what happened since its first day is taken off what is owed now."""
    channel = session.scalars(select(Channel).where(Channel.number == number)).first()
    if channel is None:
        raise Refused(_("There is no channel %(number)s.") % {"number": number})
    first, end = month_of(start)
    b = ChannelBill
    since = [
        BillRow(*row)
        for row in session.execute(
            _bills()
            .where(b.channel_id == channel.id, b.billed_on >= first, b.voided_on.is_(None), b.amount != 0)
            .order_by(b.billed_on, b.number)
        )
    ]
    came = receipts(session, number=number, start=first)[::-1]
    name = in_words(channel.name, channel.name_en)
    sums = book.in_month(owed(session, number=number), since, came, end)
    return Month(name, number, channel.contact, first, end, *sums)


@query(Permission.FOLIOS_READ)
def faults(session: Session) -> list[str]:
    """Say of which bills the rest is not what its receipts leave of it."""
    return [f"HB-{number}" for number in book.differing(session, BOOK)]


@query(Permission.FOLIOS_READ)
def beside_books(session: Session) -> list[tuple[int, str, Money, Money]]:
    """Return the channels whose account in the books is not the sum of its open bills: number, name, both
    sums. What moved since the last close is added to the carried balance."""
    a, b, c, t = Account, ChannelBill, Channel, aliased(Transfer)
    today = setting(session).business_date
    moved = (
        select(summed(case((t.debit_id == a.id, t.amount), else_=-t.amount)))
        .where(or_(t.debit_id == a.id, t.credit_id == a.id), t.business_date >= today)
        .correlate(a)
        .scalar_subquery()
    )
    codes = [f"{OF_CHANNEL}{number}" for number in session.scalars(select(c.number))]
    books = {
        str(code).removeprefix(OF_CHANNEL): int(balance)
        for code, balance in session.execute(
            select(a.code, a.balance + moved).where(a.ledger == "city", a.code.in_(codes))
        )
    }
    bills = {
        str(number): (name, int(left))
        for number, name, left in session.execute(
            select(c.number, c.name, func.coalesce(func.sum(b.left), 0))
            .outerjoin(b, (b.channel_id == c.id) & OPEN)
            .group_by(c.number, c.name)
        )
    }
    return [
        (int(number), name, Money(books.get(number, 0)), Money(left))
        for number, (name, left) in bills.items()
        if books.get(number, 0) != left
    ]
