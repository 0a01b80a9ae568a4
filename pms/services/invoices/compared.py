"""The platform's list of issued invoices against the house's own: what matches is noted, the rest is told.

A list is kept as it was read, and what it comes to is worked out whenever it is looked at: so a finding goes
when its cause has gone.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from pms.core.errors import Conflict, Refused
from pms.core.i18n import N_, _
from pms.core.limits import bounded
from pms.core.money import Money
from pms.core.reading import query
from pms.db.work import Work, operation

from . import listed, service
from .duty import OWN_NUMBER, RED, WORK
from .exporting import DIGITS
from .listed import Issued
from .models import Invoice, IssuedLine, IssuedList, RedLetter
from .queries import ISSUED, WANTED, shown

UNKNOWN, DIFFERS, TAKEN, TWICE, MISSING = "unknown", "differs", "taken", "twice", "missing"
FINDINGS = {
    UNKNOWN: N_("Unknown here"),
    DIFFERS: N_("Differs"),
    TAKEN: N_("Taken back there"),
    TWICE: N_("Twice in the list"),
    MISSING: N_("Not in the list"),
}
AWAY = ("已作废", "已红冲")
"""How the platform's states begin of what was taken back."""
_Line = IssuedLine


@dataclass(frozen=True)
class Found:
    """What the list and the house tell differently of an invoice: both sums, a red letter's negative (None
    where one does not know it)."""

    state: str
    serial: str
    issued_on: date
    buyer: str
    tax_number: str
    there: Money | None
    here: Money | None
    number: int | None
    said: str
    line_id: int | None = None

    @property
    def shown(self) -> str:
        """Return the house's number, where it has one."""
        return shown(self.number) if self.number is not None else ""

    @property
    def difference(self) -> Money:
        """Return how much more the list tells than the house."""
        return Money((self.there or 0) - (self.here or 0))

    @property
    def id(self) -> str:
        """Name the finding."""
        return f"{self.state}{self.serial}"


# ------------------------------------------------------------------ reading one in
@operation(WORK)
def read_list(work: Work, *, file: str, content: bytes) -> int:
    """Keep a list of issued invoices, note those that were wanted, and return its number.

    Refuses what is cut off or does not add up, another hotel's, and a list that is known.
    """
    work.take_time()
    if work.setting.digits != DIGITS:
        raise Refused(_("The platform takes yuan and fen; this hotel's books are in another currency."))
    digest = hashlib.sha256(content).hexdigest()
    if work.session.scalar(select(IssuedList.id).where(IssuedList.digest == digest)) is not None:
        raise Conflict(_("This list was read in already."))
    rows = listed.read(content)
    _check_seller(work, rows)
    known = _known(work, rows)
    new = {row.serial: row for row in rows if row.serial not in known}
    noted = sum(_note(work, row) for row in sorted(new.values(), key=lambda row: not row.blue))
    made = work.insert_one(
        IssuedList,
        file=bounded(file.replace("\\", "/").rsplit("/", 1)[-1]),
        digest=digest,
        seller=rows[0].seller[:20],
        first=min(row.issued_on for row in rows),
        last=max(row.issued_on for row in rows),
        lines=len(rows),
        noted=noted,
        at=work.now,
        business_date=work.business_date,
        clerk_id=work.clerk.id or None,
    )
    work.insert_many(_Line, _kept(work, made, rows))
    work.touch("invoices")
    return made


def _check_seller(work: Work, rows: list[Issued]) -> None:
    """Refuse another hotel's list: of a number that Settings does not name, or other than the one before."""
    before = select(IssuedList.seller).order_by(IssuedList.id.desc()).limit(1)
    own = work.setting.options[OWN_NUMBER] or work.session.scalar(before) or rows[0].seller
    other = next((row for row in rows if row.seller != own), None)
    if other is not None:
        raise Refused(
            _("The invoice %(number)s was issued by another seller (%(seller)s).")
            % {"number": other.serial, "seller": other.seller}
        )


def _known(work: Work, rows: list[Issued]) -> set[str]:
    """Return which of the numbers stand here already, as invoices or red letters."""
    asked = {row.serial for row in rows}
    found = (
        work.session.scalars(select(table.serial).where(table.serial.in_(asked)))
        for table in (Invoice, RedLetter)
    )
    return {serial for serials in found for serial in serials if serial}


def _sum(work: Work, row: Issued) -> Money:
    return Money(int(row.total.scaleb(work.setting.digits)))


def _kept(work: Work, made: int, rows: list[Issued]) -> list[dict[str, object]]:
    each = {row.serial: row for row in rows}
    return [
        {
            "list_id": made,
            "serial": row.serial,
            "issued_on": row.issued_on,
            "buyer": bounded(row.buyer),
            "tax_number": bounded(row.tax_number),
            "amount": _sum(work, row),
            "state": bounded(row.state),
            "red_of": row.red_of,
            "times": sum(other.serial == row.serial for other in rows),
        }
        for row in each.values()
    ]


def _note(work: Work, row: Issued) -> bool:
    """Note an invoice, or a red letter where the clerk may enter one; say whether it was noted now."""
    amount = Money(abs(_sum(work, row)))
    if not row.blue:
        return _note_red(work, row, amount)
    its = Invoice.tax_number == row.tax_number if row.tax_number else Invoice.buyer == row.buyer
    asked = select(Invoice.number).where(Invoice.state == WANTED, Invoice.amount == amount, its)
    number = work.session.scalar(asked.order_by(Invoice.number).limit(1))
    if number is None:
        return False
    service.issue(work, number=number, serial=row.serial, issued_on=row.issued_on)
    work.session.flush()
    return True


def _note_red(work: Work, row: Issued, amount: Money) -> bool:
    found = work.session.execute(
        select(Invoice.number, Invoice.amount - Invoice.red).where(Invoice.serial == row.red_of)
    ).first()
    if found is None or amount > found[1] or not work.may(RED):
        return False
    service.take_back(
        work,
        number=found[0],
        serial=row.serial,
        amount=amount,
        reason="file",
        issued_on=row.issued_on,
        confirmation=row.confirmation,
    )
    work.session.flush()
    return True


@operation(WORK)
def adopt(work: Work, *, line_id: int, stay_id: int) -> int:
    """Take an invoice over that the platform issued and nobody had wanted here: it is of this stay. Return
    the house's number; refuses more than the stay was charged and paid."""
    line = work.session.get_one(_Line, line_id)
    if line.amount <= 0:
        raise Refused(_("A red letter takes an invoice back. Enter it there."))
    number = service.want(
        work,
        stay_id=stay_id,
        buyer=line.buyer,
        amount=line.amount,
        tax_number=line.tax_number,
        individual=not line.tax_number,
    )
    work.session.flush()
    service.issue(work, number=number, serial=line.serial, issued_on=line.issued_on)
    return number


# ------------------------------------------------------------------ what it comes to
@query(WORK)
def list_read(session: Session, *, list_id: int) -> tuple[int, int]:
    """Return how many invoices a list has, and how many of them it noted."""
    found = session.get_one(IssuedList, list_id)
    return found.lines, found.noted


@query(WORK)
def findings(session: Session) -> list[Found]:
    """Return what the lists and the house tell differently, the latest first."""
    if session.scalar(select(IssuedList.id).limit(1)) is None:
        return []
    return sorted(
        [*_told_there(session), *_missing(session, red=False), *_missing(session, red=True)],
        key=lambda found: (found.issued_on, found.serial),
        reverse=True,
    )


def _told_there(session: Session) -> list[Found]:
    """Return the lines of which the latest telling is not what stands here."""
    latest = select(func.max(_Line.id)).group_by(_Line.serial)
    here = case((_Line.amount < 0, -RedLetter.amount), else_=Invoice.amount)
    day = case((_Line.amount < 0, RedLetter.issued_on), else_=Invoice.issued_on)
    away = or_(*(_Line.state.startswith(word) for word in AWAY))
    own, red = Invoice.__table__.alias("own"), RedLetter
    asked = (
        select(_Line, here, day, func.coalesce(Invoice.number, own.c.number), Invoice.buyer, Invoice.red)
        .outerjoin(Invoice, Invoice.serial == _Line.serial)
        .outerjoin(red, red.serial == _Line.serial)
        .outerjoin(own, own.c.id == red.invoice_id)
        .where(
            _Line.id.in_(latest),
            or_(
                here.is_(None),
                here != _Line.amount,
                day != _Line.issued_on,
                and_(Invoice.buyer != _Line.buyer, Invoice.tax_number != _Line.tax_number),
                _Line.times > 1,
                and_(_Line.amount > 0, away, Invoice.red == 0),
            ),
        )
    )
    return [_of(*row) for row in session.execute(asked)]


def _of(
    line: IssuedLine,
    here: int | None,
    day: date | None,
    number: int | None,
    buyer: str | None,
    red: int | None,
) -> Found:
    state, said = _how(line, here, day, buyer, red)
    known = Money(here) if here is not None else None
    return Found(
        state,
        line.serial,
        line.issued_on,
        line.buyer,
        line.tax_number,
        line.amount,
        known,
        number,
        said,
        line.id,
    )


def _how(
    line: IssuedLine, here: int | None, day: date | None, buyer: str | None, red: int | None
) -> tuple[str, str]:
    if here is None and line.amount < 0:
        return UNKNOWN, _("A red letter that is not entered here")
    if here is None:
        return UNKNOWN, _("Nobody wanted it here")
    if here != line.amount:
        return DIFFERS, _("Another sum")
    if day != line.issued_on:
        return DIFFERS, _("Another day")
    if line.amount > 0 and red == 0 and line.state.startswith(AWAY):
        return TAKEN, line.state
    if line.times > 1:
        return TWICE, _("%(n)s times") % {"n": line.times}
    return DIFFERS, _("Another buyer: %(buyer)s") % {"buyer": buyer}


def _missing(session: Session, *, red: bool) -> list[Found]:
    """Return what stands here as issued on a day of a list, and in no list."""
    table = RedLetter if red else Invoice
    asked: Select[*tuple[Any, ...]] = select(
        table.serial, table.issued_on, Invoice.buyer, Invoice.tax_number, table.amount, Invoice.number
    ).select_from(table)
    if red:
        asked = asked.join(Invoice, Invoice.id == RedLetter.invoice_id)
    else:
        asked = asked.where(Invoice.state == ISSUED)
    covered = select(IssuedList.id).where(table.issued_on.between(IssuedList.first, IssuedList.last))
    known = select(_Line.id).where(_Line.serial == table.serial)
    rows = session.execute(asked.where(covered.exists(), ~known.exists()))
    sign = -1 if red else 1
    return [
        Found(
            MISSING,
            serial,
            day,
            buyer,
            tax,
            None,
            Money(sign * amount),
            number,
            _("Issued on a day of the list"),
        )
        for serial, day, buyer, tax, amount, number in rows
    ]
