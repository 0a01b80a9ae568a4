"""What was found and is kept, what guests miss, which of the two may be one thing. No list grows with what
has left the house."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, literal, literal_column, null, or_, select
from sqlalchemy.orm import Session

from pms.core import typed
from pms.core.i18n import N_, _
from pms.core.offers import Hit
from pms.core.reading import query
from pms.db.books import ask
from pms.db.sealed import opened
from pms.services.guests.models import Guest
from pms.services.guests.search import fits
from pms.services.property.queries import setting
from pms.services.rooms.models import Room
from pms.services.staff.models import Staff
from pms.services.stays.models import IN_HOUSE, Segment, Stay, kept_name, listed_name, listed_phone, secret

from .duty import REGISTER
from .models import FoundContact, FoundItem, FoundOutcome, LossReport

KINDS = {
    "document": N_("Identity papers"),
    "money": N_("Cash"),
    "valuables": N_("Valuables"),
    "electronics": N_("Electronics"),
    "clothing": N_("Clothing"),
    "other": N_("Other"),
}
WAYS = {
    "phone": N_("Phone"),
    "message": N_("Text message"),
    "mail": N_("E-mail or letter"),
    "person": N_("In person"),
}
OUTCOMES = {
    "claimed": N_("Returned to the guest"),
    "sent": N_("Forwarded"),
    "police": N_("Handed to the police"),
    "disposed": N_("Disposed of"),
}
KEPT = FoundItem.state == literal_column("'kept'")
OPEN = LossReport.state != literal_column("'closed'")
WEEK = timedelta(days=7)
ITEM, REPORT = "LF", "LR"


@dataclass(frozen=True)
class Entry:
    """A found item or a report of a loss as lists show it; ``day`` is when it was found or lost, ``due`` that
    it may not wait longer."""

    id: int
    report: bool
    number: int
    what: str
    kind: str
    marks: str
    room: str
    place: str
    stay_id: int | None
    guest: str
    private: bool
    phone: str
    day: date
    state: str
    finder: str
    keeper: str
    kept_in: str
    keep_until: date | None
    other: int | None
    outcome: str
    at: datetime
    due: bool = False

    @property
    def shown(self) -> str:
        """Return the number as slips and screens write it."""
        return number_shown(self.number, report=self.report)

    @property
    def open(self) -> bool:
        """Say whether the item is here, or the report still looked into."""
        return self.state in ("kept", "open", "matched")


@dataclass(frozen=True)
class Contact:
    """One try to reach a guest."""

    way: str
    reached: bool
    said: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Outcome:
    """How an item left."""

    kind: str
    name: str
    document_shown: str
    detail: str
    reference: str
    at: datetime
    by: str
    sent_to: str


@dataclass(frozen=True)
class Lodger:
    """Somebody who had the room about that time."""

    stay_id: int
    guest: str
    private: bool
    phone: str
    start: date
    end: date
    in_house: bool


@dataclass(frozen=True)
class Match:
    """A found item that may be what a guest misses, and why."""

    item: Entry
    score: int
    why: str


def number_shown(number: int, *, report: bool = False) -> str:
    """Return a number as it is written: ``LF-12`` for an item, ``LR-12`` for a report."""
    return f"{REPORT if report else ITEM}-{number}"


def read_number(text: str) -> tuple[bool, int] | None:
    """Return what a typed number means: whether a report, and its number; None when it is no such number."""
    head, _dash, figures = typed.code(text).partition("-")
    return (
        (head == REPORT, int(figures))
        if head in (ITEM, REPORT) and figures.isdecimal() and len(figures) < 10
        else None
    )


whose: ColumnElement[Any] = func.coalesce(LossReport.stay_id, FoundItem.stay_id)
"""Whose stay an item belongs to: that of the report it is set aside for, else the one proposed when it was
found."""


def _items() -> Select[*tuple[Any, ...]]:
    i, r = FoundItem, LossReport
    return (
        select(
            i.id,
            literal(False),
            i.number,
            i.what,
            i.kind,
            i.marks,
            func.coalesce(Room.number, ""),
            i.place,
            whose,
            kept_name(func.coalesce(r.name, i.guest_name), whose),
            secret(whose),
            func.coalesce(opened(r.phone), opened(i.phone)),
            i.found_on,
            i.state,
            i.finder,
            i.keeper,
            i.kept_in,
            i.keep_until,
            r.number,
            func.coalesce(FoundOutcome.kind, ""),
            i.found_at,
        )
        .outerjoin(Room, Room.id == i.room_id)
        .outerjoin(r, r.item_id == i.id)
        .outerjoin(FoundOutcome, FoundOutcome.item_id == i.id)
    )


def _reports() -> Select[*tuple[Any, ...]]:
    r, i = LossReport, FoundItem
    return (
        select(
            r.id,
            literal(True),
            r.number,
            r.what,
            r.kind,
            r.marks,
            func.coalesce(Room.number, ""),
            r.place,
            r.stay_id,
            kept_name(r.name, r.stay_id),
            secret(r.stay_id),
            r.phone,
            r.lost_on,
            r.state,
            literal(""),
            literal(""),
            r.result,
            null(),
            i.number,
            literal(""),
            r.reported_at,
        )
        .outerjoin(Room, Room.id == r.room_id)
        .outerjoin(i, i.id == r.item_id)
    )


_STILL_KEPT, _STILL_MISSED = _items().where(KEPT), _reports().where(OPEN)
_KEPT = _STILL_KEPT.order_by(FoundItem.keep_until, FoundItem.number)
_DUE = _KEPT.where(FoundItem.state == "kept", FoundItem.keep_until <= bindparam("today"))
_MISSED = _STILL_MISSED.order_by(LossReport.lost_on, LossReport.number)
_ITEM = _items().where(FoundItem.number == bindparam("number"))
_REPORT = _reports().where(LossReport.number == bindparam("number"))


def _entries(session: Session, question: Select[*tuple[Any, ...]], **values: Any) -> list[Entry]:
    """Return items or reports that a question selects."""
    today = setting(session).business_date
    return [_entry(row, today) for row in ask(session, question, **values)]


def _entry(row: Any, today: date) -> Entry:
    return Entry(*(*row, row.state == "kept" and row[17] is not None and row[17] <= today))


@query(REGISTER)
def kept(session: Session) -> list[Entry]:
    """Return what is kept, that which may not wait longer first."""
    return _entries(session, _KEPT)


@query(REGISTER)
def due(session: Session) -> list[Entry]:
    """Return what is kept and may not wait any longer."""
    return _entries(session, _DUE, today=setting(session).business_date)


@query(REGISTER)
def missed(session: Session) -> list[Entry]:
    """Return the reports of losses that are still looked into, the oldest first."""
    return _entries(session, _MISSED)


@query(REGISTER)
def gone(session: Session, *, business_date: date) -> list[Entry]:
    """Return the items that left the house on a day."""
    ids = select(FoundOutcome.item_id).where(FoundOutcome.business_date == business_date)
    return _entries(session, _items().where(FoundItem.id.in_(ids)).order_by(FoundItem.number.desc()))


@query(REGISTER)
def one(session: Session, *, number: int, report: bool = False) -> Entry | None:
    """Return one item or report, whatever became of it."""
    return next(iter(_entries(session, _REPORT if report else _ITEM, number=number)), None)


@query(REGISTER)
def find(
    session: Session, *, text: str = "", room: str = "", day: date | None = None, limit: int = 200
) -> list[Entry]:
    """Return items and reports, those that left too, by word or number, room, and day, the latest first."""
    found = [
        e
        for table, question in ((FoundItem, _items()), (LossReport, _reports()))
        for e in _entries(
            session,
            question.where(*_fits(session, table, text, room, day))
            .order_by(table.number.desc())
            .limit(limit),
        )
    ]
    return sorted(found, key=lambda e: (e.day, e.number), reverse=True)[:limit]


def _fits(
    session: Session, table: type[FoundItem] | type[LossReport], text: str, room: str, day: date | None
) -> list[ColumnElement[bool]]:
    wanted, where = " ".join(text.casefold().split()), []
    if wanted:
        named = read_number(wanted)
        same = (
            table.number == named[1]
            if named is not None and named[0] == (table is LossReport)
            else literal(False)
        )
        where.append(
            or_(
                same,
                fits(session, table.search, text),
            )
        )
    if room.strip():
        where.append(func.upper(Room.number) == typed.code(room))
    if day is not None:
        where.append((FoundItem.found_on if table is FoundItem else LossReport.lost_on) == day)
    return where


@query(REGISTER)
def listed_guest(session: Session, *, item_id: int) -> str:
    """Return whose item it may be, as the slip on it says it."""
    i, r = FoundItem, LossReport
    name = kept_name(func.coalesce(r.name, i.guest_name), whose)
    return session.execute(
        select(name).select_from(i).outerjoin(r, r.item_id == i.id).where(i.id == item_id)
    ).scalar_one()


@query(REGISTER)
def contacts(session: Session, *, item_id: int | None = None, report_id: int | None = None) -> list[Contact]:
    """Return the tries to reach somebody about an item or a report, in order."""
    c = FoundContact
    about = c.item_id == item_id if item_id is not None else c.report_id == report_id
    rows = session.execute(
        select(c.way, c.reached, c.said, c.at, func.coalesce(Staff.name, ""))
        .outerjoin(Staff, Staff.id == c.clerk_id)
        .where(about)
        .order_by(c.id)
    )
    return [Contact(*row) for row in rows]


@query(REGISTER)
def outcome(session: Session, *, item_id: int) -> Outcome | None:
    """Return how an item left, None while it is here."""
    o = FoundOutcome
    row = session.execute(
        select(
            o.kind,
            o.name,
            o.document_shown,
            o.detail,
            o.reference,
            o.at,
            func.coalesce(Staff.name, ""),
            FoundItem.sent_to,
        )
        .join(FoundItem, FoundItem.id == o.item_id)
        .outerjoin(Staff, Staff.id == o.clerk_id)
        .where(o.item_id == item_id)
    ).first()
    return Outcome(*row) if row else None


@query(REGISTER)
def lodgers(session: Session, *, room: str, day: date) -> list[Lodger]:
    """Return who had a room on a day or in the week before, the likeliest owner first: who slept there last
    before that day."""
    s, g = Stay, Segment
    lately = or_(IN_HOUSE, s.departed_on >= day - WEEK)
    rows = session.execute(
        select(s.id, listed_name(), Guest.do_not_disclose, listed_phone(), g.start, g.end, s.state)
        .join(s, s.id == g.stay_id)
        .join(Guest, Guest.id == s.guest_id)
        .join(Room, Room.id == g.room_id)
        .where(
            lately,
            func.upper(Room.number) == typed.code(room),
            g.start <= day,
            g.end >= day - WEEK,
            s.state != "undone",
        )
        .order_by(g.start.desc(), g.id.desc())
        .limit(4)
    )
    return [Lodger(*row[:6], row.state == "in_house") for row in rows]


# ------------------------------------------------------------------ which of the two may be one thing
@query(REGISTER)
def matches(session: Session, *, number: int) -> list[Match]:
    """Return the kept items that may be what a report misses, the likeliest first, each with why."""
    report = one(session, number=number, report=True)
    if report is None:
        return []
    weighed = [_weigh(report, item) for item in kept(session) if item.other in (None, number)]
    return sorted((m for m in weighed if m.score >= 3), key=lambda m: (-m.score, m.item.number))


def _weigh(report: Entry, item: Entry) -> Match:
    words = _words(f"{report.what} {report.marks}") & _words(f"{item.what} {item.marks}")
    signs = (
        (3, bool(report.stay_id) and report.stay_id == item.stay_id, _("same stay")),
        (2, bool(report.room) and report.room == item.room, _("same room")),
        (2, report.kind == item.kind and item.kind != "other", _("same kind")),
        (min(len(words) * 2, 4), bool(words), _(", ").join(sorted(words))),
        (1, abs(item.day - report.day) <= WEEK, _("about the same day")),
    )
    told = [(points, why) for points, holds, why in signs if holds]
    return Match(
        item,
        sum(points for points, _why in told) if item.day >= report.day - WEEK else 0,
        _(", ").join(why for _points, why in told),
    )


def _words(text: str) -> set[str]:
    """Return what two descriptions can share: words of three letters and more, and pairs of Chinese signs."""
    plain = "".join(c if c.isalnum() else " " for c in text.casefold())
    latin = {w for w in plain.split() if w.isascii() and len(w) > 2}
    chinese = [c for c in plain if not c.isascii()]
    return latin | {a + b for a, b in pairwise(chinese)}


def state_name(entry: Entry) -> str:
    """Name the state of an item or a report."""
    if entry.outcome:
        return _(OUTCOMES[entry.outcome])
    if entry.due:
        return _("Urgent") if entry.kind == "document" else _("Retention over")
    return {"kept": _("Held"), "open": _("Reported lost"), "matched": _("Set aside")}.get(
        entry.state, _("Search closed")
    )


@query(REGISTER)
def search(session: Session, *, text: str) -> list[Hit]:
    """Find what is kept and what is missed by word, guest, pinyin, room or number; what has left by its
    number only."""
    named = read_number(text)
    exact = one(session, number=named[1], report=named[0]) if named else None
    wanted = " ".join(text.casefold().split())
    if not wanted:
        return []
    found = (
        [exact]
        if exact is not None
        else [
            *_near(session, _STILL_KEPT, FoundItem, wanted),
            *_near(session, _STILL_MISSED, LossReport, wanted),
        ]
    )
    return [
        Hit(
            f"{e.shown} {e.what}",
            " ".join(filter(None, (_place_told(e, wanted), e.guest, state_name(e)))),
            "lost-found",
            "lost_found",
            {"number": e.number, "report": e.report},
        )
        for e in found[:6]
    ]


def _place_told(entry: Entry, wanted: str) -> str:
    """Return the room, but not to somebody who asked by the name of a guest who is not to be disclosed."""
    asked = entry.private and read_number(wanted) is None and wanted.upper() != entry.room.upper()
    return "" if asked else entry.room


def _near(
    session: Session,
    question: Select[*tuple[Any, ...]],
    table: type[FoundItem] | type[LossReport],
    wanted: str,
) -> list[Entry]:
    fitting = or_(fits(session, table.search, wanted), Room.number == wanted)
    found = _entries(
        session, question.where(fitting)
    )  # few are open: sorted here, the index of open ones serves
    return sorted(found, key=lambda e: -e.number)[:6]
