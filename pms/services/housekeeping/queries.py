"""The status sheet as it is filled in and as it was signed, and what differs now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from pms.core import dates
from pms.core.i18n import _, ngettext
from pms.core.offers import MOST_DUE, Badge, Due, OpenItem
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.books import ask, once
from pms.db.work import Setting
from pms.services.guests.models import Guest
from pms.services.property.queries import setting
from pms.services.room_board.queries import odd
from pms.services.rooms.models import Block, Room, RoomType
from pms.services.staff.models import Staff
from pms.services.stays.models import IN_HOUSE, Stay, listed_name

from .duty import SEEN_FIRST
from .models import Clearing, StatusRow, StatusSheet

GUIDE = 5
"""After so many rows of a floor a stronger line leads the eye."""


@dataclass(frozen=True)
class SheetRow:
    """One sheet in the list of sheets; ``taken`` of its rooms were taken as the desk has them (None: older
    than this was kept)."""

    id: int
    business_date: date
    part: str
    opened_at: datetime
    opened_by: str
    signed_at: datetime | None
    signed_by: str
    recorded: int
    taken: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """One room of a sheet: what the desk has (``desk_persons`` None: vacant) and, once it is recorded, what
    was seen.

    ``hidden``: what the desk has is not told before both facts, heads and cleanliness, were seen. ``taken``:
    it was recorded as the desk has it, by one key.
    """

    room_id: int
    number: str
    floor: int
    type_code: str
    desk_persons: int | None
    desk_clean: str
    desk_block: str
    remarks: tuple[str, ...]
    version: int = 0
    persons: int | None = None
    clean: str = ""
    odd: str = ""
    at: datetime | None = None
    by: str = ""
    taken: bool | None = False
    hidden: bool = False

    @property
    def recorded(self) -> bool:
        """Say whether the room has been seen."""
        return self.persons is not None and bool(self.clean)

    @property
    def begun(self) -> bool:
        """Say whether something of the room has been typed, but not all that makes a row."""
        return (
            self.hidden and not self.recorded and bool(self.persons is not None or self.clean or self.remarks)
        )


@dataclass(frozen=True)
class Difference:
    """A room where desk and housekeeping differ now."""

    room_id: int
    number: str
    kind: str
    desk_persons: int | None
    seen_persons: int
    seen_at: datetime | None
    seen_by: str
    stay_id: int | None
    guest: str
    seen_by_id: int | None = None


@dataclass(frozen=True)
class Move:
    """A skip and a sleep that look like a room change nobody recorded."""

    out_of: Difference
    into: Difference


@dataclass(frozen=True)
class ClearedRow:
    """A difference that was explained."""

    number: str
    kind: str
    desk_persons: int | None
    seen_persons: int
    action: str
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Page:
    """A day's morning or evening sheet (None: nobody has begun it) with its rooms, and what differs now, of
    one moment."""

    sheet: SheetRow | None
    lines: list[Line]
    differences: list[Difference]
    seen_first: bool = False


@query(Permission.ROOMS_STATUS)
def page(session: Session, *, day: date, part: str) -> Page:
    """Return everything that the sheet's page shows."""
    sheet = next((s for s in sheets(session, since=day) if (s.business_date, s.part) == (day, part)), None)
    house = setting(session)
    recorded = recorded_lines(session, sheet_id=sheet.id) if sheet else []
    signed = sheet is not None and sheet.signed_at is not None
    found = recorded if signed else _over(recorded, _unseen(session, house))
    return Page(sheet, found, differences(session), house.options[SEEN_FIRST])


@query(Permission.ROOMS_STATUS)
def sheets(session: Session, *, since: date) -> list[SheetRow]:
    """Return the sheets from a business date on, the latest first."""
    s, opener, signer = StatusSheet, aliased(Staff), aliased(Staff)
    of_it = StatusRow.sheet_id == s.id
    count = select(func.count()).where(of_it).scalar_subquery()
    unknown = select(func.count()).where(of_it, StatusRow.taken.is_(None)).scalar_subquery()
    taken = select(func.count()).where(of_it, StatusRow.taken.is_(True)).scalar_subquery()
    rows = session.execute(
        select(
            s.id,
            s.business_date,
            s.part,
            s.opened_at,
            opener.name,
            s.signed_at,
            signer.name,
            count.label("recorded"),
            taken.label("taken"),
            unknown.label("unknown"),
        )
        .outerjoin(opener, opener.id == s.opened_by)
        .outerjoin(signer, signer.id == s.signed_by)
        .where(s.business_date >= since)
        .order_by(s.business_date.desc(), s.part.desc())
    )
    return [
        SheetRow(
            r[0],
            r[1],
            r[2],
            r[3],
            r[4] or "",
            r[5],
            r[6] or "",
            r.recorded,
            None if r.unknown else r.taken,
        )
        for r in rows
    ]


@query(Permission.ROOMS_STATUS)
def lines(session: Session, *, sheet_id: int) -> list[Line]:
    """Return a sheet's rooms in rack order; a signed sheet shows what it was signed with and nothing else."""
    recorded = recorded_lines(session, sheet_id=sheet_id)
    signed = session.execute(select(StatusSheet.signed_at).where(StatusSheet.id == sheet_id)).scalar_one()
    return recorded if signed is not None else _over(recorded, _unseen(session, setting(session)))


def _over(recorded: Sequence[Line], unseen: Sequence[Line]) -> list[Line]:
    """Return the rooms as they were seen, the others as they stand before."""
    seen = {line.room_id: line for line in recorded}
    return [seen.get(line.room_id, line) for line in unseen]


def _unseen(session: Session, house: Setting) -> list[Line]:
    """Return every room as it stands before it is recorded: with what the desk has, or without where the
    hotel wants it seen first."""
    found = desk_lines(session, business_date=house.business_date)
    if not house.options[SEEN_FIRST]:
        return found
    return [Line(x.room_id, x.number, x.floor, x.type_code, None, "", "", (), hidden=True) for x in found]


def guides(floors: Sequence[int]) -> frozenset[int]:
    """Return after which rows of a sheet a stronger line stands: every fifth of a floor, and its last."""
    found, on_floor = set(), 0
    for at, floor in enumerate(floors):
        on_floor = on_floor + 1 if at and floors[at - 1] == floor else 1
        if on_floor % GUIDE == 0 or floors[at + 1 : at + 2] != [floor]:
            found.add(at)
    return frozenset(found)


def count_taken(recorded: Sequence[Line]) -> int | None:
    """Return how many rooms were taken as the desk has them, None where an older row does not say so."""
    return None if any(x.taken is None for x in recorded) else sum(bool(x.taken) for x in recorded)


@query(Permission.ROOMS_STATUS)
def recorded_lines(session: Session, *, sheet_id: int) -> list[Line]:
    """Return the rooms of a sheet that have been seen, in rack order."""
    r = StatusRow.__table__.c
    rows = session.execute(
        select(StatusRow.__table__, Staff.name)
        .select_from(StatusRow)
        .outerjoin(Staff, Staff.id == r.by)
        .where(r.sheet_id == sheet_id)
        .order_by(r.floor, r.number)
    )
    return [
        Line(
            x.room_id,
            x.number,
            x.floor,
            x.type_code,
            x.desk_persons,
            x.desk_clean,
            x.desk_block,
            tuple(x.remarks),
            x.version,
            x.persons,
            x.clean,
            x.odd,
            x.at,
            x.name or "",
            x.taken,
        )
        for x in rows
    ]


def _desk(business_date: date) -> Select[*tuple[Any, ...]]:
    r, t, s, b = Room.__table__.c, RoomType.__table__.c, Stay.__table__.c, Block.__table__.c
    return (
        select(
            r.id,
            r.number,
            r.floor,
            t.code,
            s.adults + s.children,
            r.clean,
            func.coalesce(b.kind, ""),
            r.remarks,
        )
        .select_from(Room.__table__)
        .join(RoomType.__table__, t.id == r.type_id)
        .outerjoin(Stay.__table__, and_(s.room_id == r.id, IN_HOUSE))
        .outerjoin(
            Block.__table__,
            and_(b.room_id == r.id, b.lifted_at.is_(None), b.start <= business_date, b.end > business_date),
        )
        .where(r.active)
        .order_by(r.floor, r.number)
    )


@query(Permission.ROOMS_STATUS)
def desk_lines(session: Session, *, business_date: date, room_ids: Sequence[int] | None = None) -> list[Line]:
    """Return rooms, all or these, as the desk has them now, in rack order."""
    question = _desk(business_date)
    if room_ids is not None:
        question = question.where(Room.__table__.c.id.in_(room_ids))
    found = {
        row[0]: row for row in session.execute(question)
    }  # two blocks on one room, one ending as the other begins, are one line
    return [
        Line(room_id, number, floor, code, persons, clean, block, tuple(remarks or ()))
        for room_id, number, floor, code, persons, clean, block, remarks in found.values()
    ]


@query(Permission.ROOMS_STATUS)
def missing(session: Session, *, sheet_id: int) -> list[str]:
    """Return the numbers of the rooms that a sheet lacks, in rack order."""
    seen = select(StatusRow.room_id).where(StatusRow.sheet_id == sheet_id)
    return list(
        session.scalars(
            select(Room.number).where(Room.active, Room.id.not_in(seen)).order_by(Room.floor, Room.number)
        )
    )


@query(Permission.ROOMS_STATUS)
def differences(session: Session) -> list[Difference]:
    """Return every room where desk and housekeeping differ now, in rack order."""
    return once(session, "housekeeping.differences", lambda: _differences(session))


def _differences(session: Session) -> list[Difference]:
    rows = ask(session, _differing())
    return [
        Difference(
            row[0],
            row[1],
            odd(row[3], row[2]),
            row[2],
            row[3] or 0,
            row[4],
            row[5] or "",
            row[6],
            row[7] or "",
            row[8],
        )
        for row in rows
    ]


@cache
def _differing() -> Select[*tuple[Any, ...]]:
    r, s = Room, Stay
    heads = s.adults + s.children
    return (
        select(r.id, r.number, heads, r.seen_persons, r.seen_at, Staff.name, s.id, listed_name(), r.seen_by)
        .select_from(r)
        .outerjoin(s, and_(s.room_id == r.id, IN_HOUSE))
        .outerjoin(Guest, Guest.id == s.guest_id)
        .outerjoin(Staff, Staff.id == r.seen_by)
        .where(
            r.active,
            r.seen_persons.is_not(None),
            or_(and_(s.id.is_(None), r.seen_persons > 0), r.seen_persons != heads),
        )
        .order_by(r.floor, r.number)
    )


def likely_moves(found: Sequence[Difference]) -> list[Move]:
    """Pair each skip with the nearest sleep of the same head count: together they look like a room change
    that was not recorded."""
    sleeps = [d for d in found if d.kind == "sleep"]
    moves = []
    for skip in (d for d in found if d.kind == "skip"):
        fitting = [d for d in sleeps if d.seen_persons == skip.desk_persons]
        if fitting:
            into = min(fitting, key=lambda d: (_apart(d.number, skip.number), d.number))
            sleeps.remove(into)
            moves.append(Move(skip, into))
    return moves


def _apart(one: str, other: str) -> int:
    return abs(int(one) - int(other)) if one.isdecimal() and other.isdecimal() else 0


@query(Permission.ROOMS_STATUS)
def cleared(session: Session, *, business_date: date) -> list[ClearedRow]:
    """Return the differences explained on a business date, oldest first."""
    c = Clearing
    rows = session.execute(
        select(Room.number, c.kind, c.desk_persons, c.seen_persons, c.action, c.reason, c.at, Staff.name)
        .select_from(c)
        .join(Room, Room.id == c.room_id)
        .outerjoin(Staff, Staff.id == c.by)
        .where(c.business_date == business_date)
        .order_by(c.id)
    )
    return [ClearedRow(*row[:7], row[7] or "") for row in rows]


@query(Permission.ROOMS_STATUS)
def badges(session: Session) -> list[Badge]:
    """Return how many rooms differ, for the navigation."""
    count = len(differences(session))
    return [Badge("housekeeping", count, "bad" if count else "")]


@query(Permission.ROOMS_STATUS)
def open_items(session: Session) -> list[OpenItem]:
    """Return for the handover what differs now and the sheets that nobody has signed."""
    found = [OpenItem("housekeeping", d.number, told(d), d.seen_at) for d in differences(session)]
    s = StatusSheet
    unsigned = session.execute(
        select(s.business_date, s.part, s.opened_at)
        .where(s.signed_at.is_(None))  # by the index of these alone: nobody opens tomorrow's
        .order_by(s.business_date, s.part)
    )
    return found + [
        OpenItem(
            "housekeeping",
            f"{dates.day(row.business_date)} {row.part}",
            _("The room status sheet is not signed."),
            row.opened_at,
        )
        for row in unsigned
    ]


def told_taken(taken: int | None, rooms: int) -> str:
    """Return in one sentence how many rooms nobody but the desk vouches for; nothing where it is unknown."""
    if taken is None:
        return ""
    return ngettext(
        "%(n)s of %(all)s rooms was taken as the desk has it, unchanged.",
        "%(n)s of %(all)s rooms were taken as the desk has them, unchanged.",
        taken,
    ) % {"n": taken, "all": rooms}


def told(difference: Difference) -> str:
    """Return in one sentence what the desk has and what was seen."""
    facts = {"guest": difference.guest, "desk": difference.desk_persons, "seen": difference.seen_persons}
    if difference.kind == "sleep":
        return _("Desk: vacant. Housekeeping saw %(seen)s.") % facts
    if difference.kind == "skip":
        return _("Desk: %(guest)s. Housekeeping found the room empty.") % facts
    return _("Desk: %(guest)s, heads %(desk)s. Housekeeping saw %(seen)s.") % facts


@query(Permission.ROOMS_STATUS)
def waiting(session: Session, *, now: datetime) -> list[Due]:
    """Return the rooms where desk and housekeeping differ, the longest first."""
    found = [d for d in differences(session) if d.seen_at is None or d.seen_at <= now]
    return [
        Due(
            _("%(room)s: %(what)s") % {"room": d.number, "what": told(d)},
            "housekeeping",
            d.seen_at or now,
            1,
            {"room_id": d.room_id},
        )
        for d in sorted(found, key=lambda d: d.seen_at or now)
    ][:MOST_DUE]
