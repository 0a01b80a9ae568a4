"""Books of blank forms: where they are, how far they are used."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from pms.core import dates, typed
from pms.core.clock import local
from pms.core.i18n import N_, _, ngettext
from pms.core.offers import Hit, OpenItem
from pms.core.reading import query
from pms.services.property.queries import setting
from pms.services.staff.models import Staff

from .duty import WORK
from .models import FormBook, FormEvent

IN_STOCK, OUT, USED_UP = "stock", "out", "used"
STATES = {IN_STOCK: N_("In stock"), OUT: N_("Handed out"), USED_UP: N_("Used up")}
RECEIVED, COUNTED, BACK, EXPLAINED = "received", "counted", "back", "explained"
EVENTS = {
    RECEIVED: N_("Came in"),
    OUT: N_("Handed out"),
    COUNTED: N_("Book counted"),
    BACK: N_("Taken back"),
    EXPLAINED: N_("Gap explained"),
}
SHOWN = 300
"""How many books that are used up a list shows."""


def shown(number: int) -> str:
    """Return the house's number of a book."""
    return f"FB-{number}"


def printed(prefix: str, number: int, width: int) -> str:
    """Return a form's number as it is printed on it."""
    return f"{prefix}{number:0{width}}"


@dataclass(frozen=True)
class BookRow:
    """A book as lists and papers show it."""

    id: int
    number: int
    form: str
    prefix: str
    width: int
    first: int
    last: int
    next: int
    stubs: int
    spoilt: int
    missing: int
    explained: int
    state: str
    holder: str
    moved_at: datetime
    counted_at: datetime | None

    @property
    def shown(self) -> str:
        """Return the house's number."""
        return shown(self.number)

    @property
    def start(self) -> str:
        """Return the first number as it is printed."""
        return printed(self.prefix, self.first, self.width)

    @property
    def end(self) -> str:
        """Return the last number as it is printed."""
        return printed(self.prefix, self.last, self.width)

    @property
    def following(self) -> str:
        """Return the first unused number as it is printed; nothing where all are used."""
        return printed(self.prefix, self.next, self.width) if self.left else ""

    @property
    def left(self) -> int:
        """Return how many forms are unused."""
        return self.last - self.next + 1

    @property
    def gap(self) -> int:
        """Return how many forms are missing and not explained."""
        return self.missing - self.explained


@dataclass(frozen=True)
class EventRow:
    """What happened to a book."""

    what: str
    next: int
    stubs: int
    spoilt: int
    missing: int
    holder: str
    remark: str
    at: datetime
    by: str


def _books() -> Select[*tuple[Any, ...]]:
    b = FormBook
    return select(
        b.id,
        b.number,
        b.form,
        b.prefix,
        b.width,
        b.first,
        b.last,
        b.next,
        b.stubs,
        b.spoilt,
        b.missing,
        b.explained,
        b.state,
        b.holder,
        b.moved_at,
        b.counted_at,
    )


def _asked(session: Session, question: Select[*tuple[Any, ...]]) -> list[BookRow]:
    return [BookRow(**row) for row in session.execute(question).mappings()]


@query(WORK)
def books(session: Session) -> list[BookRow]:
    """Return the books that are out or in stock, and those with a gap, in the order of their numbers."""
    b = FormBook
    open_ = (b.state != USED_UP) | (b.missing > b.explained)
    return _asked(session, _books().where(open_).order_by(b.form, b.prefix, b.first))


@query(WORK)
def used_up(session: Session) -> list[BookRow]:
    """Return the books that are used up, the latest first."""
    asked = _books().where(FormBook.state == USED_UP).order_by(FormBook.moved_at.desc()).limit(SHOWN)
    return _asked(session, asked)


@query(WORK)
def book(session: Session, *, number: int) -> BookRow | None:
    """Return one book by the house's number."""
    return next(iter(_asked(session, _books().where(FormBook.number == number))), None)


@query(WORK)
def events(session: Session, *, book_id: int) -> list[EventRow]:
    """Return what happened to a book, the latest first."""
    e = FormEvent
    rows = session.execute(
        select(
            e.what,
            e.next,
            e.stubs,
            e.spoilt,
            e.missing,
            e.holder,
            e.remark,
            e.at,
            func.coalesce(Staff.name, "").label("by"),
        )
        .outerjoin(Staff, Staff.id == e.clerk_id)
        .where(e.book_id == book_id)
        .order_by(e.id.desc())
    )
    return [EventRow(**row) for row in rows.mappings()]


# ------------------------------------------------------------------ what other duties ask for
@query(WORK)
def search(session: Session, *, text: str) -> list[Hit]:
    """Find a book by the house's number."""
    asked = re.fullmatch(r"FB-?(\d{1,9})", typed.code(text), re.ASCII)
    found = book(session, number=int(asked[1])) if asked else None
    if found is None:
        return []
    told = _(", ").join((found.form, f"{found.start} – {found.end}", _(STATES[found.state])))
    return [Hit(found.shown, told, "sheet", "vouchers", {"number": found.number})]


@query(WORK)
def handover(session: Session) -> list[OpenItem]:
    """Return the books that are out, to be counted at the handover, and those with a gap."""
    zone = setting(session).zone
    return [
        OpenItem("vouchers", r.shown, _told(r, zone), r.moved_at)
        for r in books(session)
        if r.state == OUT or r.gap
    ]


def _told(r: BookRow, zone: str) -> str:
    when = dates.moment(local(r.counted_at, zone)) if r.counted_at else ""
    counted = _("counted %(when)s") % {"when": when} if when else _("not counted yet")
    return _(", ").join(
        filter(
            None,
            (
                f"{r.form} {r.start} – {r.end}",
                r.holder,
                _("next %(number)s") % {"number": r.following} if r.following else _("all used"),
                counted if r.state == OUT else "",
                gap_words(r.gap) if r.gap else "",
            ),
        )
    )


def gap_words(gap: int) -> str:
    """Say how many forms are missing."""
    return ngettext("%(n)s form missing", "%(n)s forms missing", gap) % {"n": gap}
