"""Invoices that are wanted, issued, called off, and what may still be invoiced."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from pms.core import typed
from pms.core.i18n import N_, _
from pms.core.money import Money, show
from pms.core.offers import Hit, OpenItem, Reminder
from pms.core.reading import query
from pms.services.folios.payable import payable
from pms.services.guests.models import Guest
from pms.services.property.queries import setting
from pms.services.rooms.models import Room
from pms.services.staff.models import Staff
from pms.services.stays.models import IN_HOUSE, Stay, listed_name

from .duty import WORK
from .models import Invoice, InvoicedStay, RedLetter

SHOWN, SERIAL = 200, 20
"""How many closed invoices a list shows, and how many figures the tax platform's number has."""
WANTED, ISSUED, DROPPED = "wanted", "issued", "dropped"
STATES = {WANTED: N_("Wanted"), ISSUED: N_("Issued"), DROPPED: N_("Called off")}
REASONS = {
    "error": N_("Issued wrongly"),
    "return": N_("Goods returned"),
    "stopped": N_("Service ended early"),
    "rebate": N_("Price reduced"),
    "file": N_("As its file says"),
}
"""Why an invoice is taken back, as the tax law knows it; a file does not say."""


@dataclass(frozen=True)
class InvoiceRow:
    """An invoice as lists show it."""

    id: int
    number: int
    stay_id: int
    room: str
    guest: str
    special: bool
    individual: bool
    buyer: str
    tax_number: str
    address_phone: str
    bank: str
    remark: str
    amount: Money
    red: Money
    state: str
    wanted_at: datetime
    wanted_by: str
    serial: str
    issued_on: date | None
    closed_at: datetime | None
    closed_by: str
    reason: str
    exported_at: datetime | None

    @property
    def shown(self) -> str:
        """Return the number as it is written: ``I-12``."""
        return shown(self.number)

    @property
    def left(self) -> Money:
        """Return what no red letter has taken back."""
        return Money(self.amount - self.red)


@dataclass(frozen=True)
class RedRow:
    """A red letter as the panel shows it."""

    serial: str
    amount: Money
    reason: str
    issued_on: date
    at: datetime
    by: str


@dataclass(frozen=True)
class Billed:
    """A stay that an invoice is for: how much of it is charged and paid, and how much of that is not invoiced
    yet."""

    stay_id: int
    number: int
    room: str
    guest: str
    payable: Money
    left: Money


def shown(number: int) -> str:
    """Return an invoice's number as the house writes it."""
    return f"I-{number}"


def _rows() -> Select[*tuple[Any, ...]]:
    i, wanted, closed = Invoice, aliased(Staff), aliased(Staff)
    return (
        select(
            i.id,
            i.number,
            i.stay_id,
            Room.number.label("room"),
            listed_name().label("guest"),
            i.special,
            i.individual,
            i.buyer,
            i.tax_number,
            i.address_phone,
            i.bank,
            i.remark,
            i.amount,
            i.red,
            i.state,
            i.wanted_at,
            func.coalesce(wanted.name, "").label("wanted_by"),
            func.coalesce(i.serial, "").label("serial"),
            i.issued_on,
            i.closed_at,
            func.coalesce(closed.name, "").label("closed_by"),
            i.reason,
            i.exported_at,
        )
        .join(Stay, Stay.id == i.stay_id)
        .join(Guest, Guest.id == Stay.guest_id)
        .join(Room, Room.id == Stay.room_id)
        .outerjoin(wanted, wanted.id == i.wanted_by)
        .outerjoin(closed, closed.id == i.closed_by)
    )


def _asked(session: Session, question: Select[*tuple[Any, ...]]) -> list[InvoiceRow]:
    return [InvoiceRow(**row) for row in session.execute(question).mappings()]


@query(WORK)
def wanted(session: Session) -> list[InvoiceRow]:
    """Return every invoice that is wanted and not issued yet, the oldest first."""
    return _asked(session, _rows().where(Invoice.state == WANTED).order_by(Invoice.number))


@query(WORK)
def closed(session: Session, *, state: str) -> list[InvoiceRow]:
    """Return the invoices that were issued, or called off, the latest first."""
    return _asked(
        session, _rows().where(Invoice.state == state).order_by(Invoice.closed_at.desc()).limit(SHOWN)
    )


@query(WORK)
def invoice(session: Session, *, number: int) -> InvoiceRow | None:
    """Return one invoice by the house's number."""
    return next(iter(_asked(session, _rows().where(Invoice.number == number))), None)


@query(WORK)
def by_serial(session: Session, *, serial: str) -> InvoiceRow | None:
    """Return the invoice with the twenty figures, those of a red letter too."""
    its = select(RedLetter.invoice_id).where(RedLetter.serial == serial)
    found = _rows().where(or_(Invoice.serial == serial, Invoice.id.in_(its)))
    return next(iter(_asked(session, found)), None)


@query(WORK)
def red_letters(session: Session, *, invoice_id: int) -> list[RedRow]:
    """Return what took an invoice back, the latest first."""
    r = RedLetter
    rows = session.execute(
        select(r.serial, r.amount, r.reason, r.issued_on, r.at, func.coalesce(Staff.name, ""))
        .outerjoin(Staff, Staff.id == r.clerk_id)
        .where(r.invoice_id == invoice_id)
        .order_by(r.id.desc())
    )
    return [RedRow(*row) for row in rows]


@query(WORK)
def whose(session: Session, *, text: str, stay_id: int = 0) -> Billed | None:
    """Return the stay that is asked for by its room (who is in it, else who left it last, today or the day
    before), by ``S-12``, or by its own ``stay_id``, with what may still be invoiced; None where there is
    none."""
    number = text.strip().upper().removeprefix("S-")
    just_left = Stay.departed_on >= setting(session).business_date - timedelta(days=1)
    which: ColumnElement[bool] = (IN_HOUSE | just_left) & (func.upper(Room.number) == typed.code(text))
    if text.strip().upper().startswith("S-"):
        which = Stay.number == (int(number) if number.isdecimal() and len(number) < 10 else 0)
    if stay_id:
        which = Stay.id == stay_id
    row = session.execute(
        select(Stay.id, Stay.number, Room.number, listed_name())
        .join(Room, Room.id == Stay.room_id)
        .join(Guest, Guest.id == Stay.guest_id)
        .where(which)
        .order_by(case((IN_HOUSE, 0), else_=1), Stay.departed_at.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    may = payable(session, stay_id=row[0])
    so_far = session.scalar(select(InvoicedStay.invoiced).where(InvoicedStay.stay_id == row[0])) or 0
    return Billed(*row, may, Money(max(may - so_far, 0)))


# ------------------------------------------------------------------ what other duties ask for
@query(WORK)
def search(session: Session, *, text: str) -> list[Hit]:
    """Find an invoice by the house's number or by its twenty figures."""
    asked, found = text.strip().upper(), None
    number = asked.removeprefix("I-")
    if len(asked) == SERIAL and asked.isdecimal():
        found = by_serial(session, serial=asked)
    elif asked.startswith("I-") and number.isdecimal() and len(number) < 10:
        found = invoice(session, number=int(number))
    if found is None:
        return []
    digits = setting(session).digits
    told = _(", ").join((found.buyer, show(found.amount, digits), _(STATES[found.state])))
    return [Hit(f"{found.shown} {found.room}", told, "receipt", "invoices", {"number": found.number})]


@query(WORK)
def leaving(session: Session, *, stay_id: int) -> list[Reminder]:
    """Name the invoices that a guest still waits for."""
    digits = setting(session).digits
    found = _asked(session, _rows().where(Invoice.stay_id == stay_id, Invoice.state == WANTED))
    words = _("%(number)s: the invoice for %(buyer)s, %(sum)s, is not issued yet.")
    return [
        Reminder(
            words % {"number": r.shown, "buyer": r.buyer, "sum": show(r.amount, digits)},
            "invoices",
            {"number": r.number},
        )
        for r in sorted(found, key=lambda r: r.number)
    ]


@query(WORK)
def handover(session: Session) -> list[OpenItem]:
    """Return the invoices that are not issued yet, for the next shift."""
    digits = setting(session).digits
    return [
        OpenItem(
            "invoices",
            r.shown,
            _(", ").join((f"{r.room} {r.guest}", r.buyer, show(r.amount, digits))),
            r.wanted_at,
        )
        for r in wanted(session)
    ]
