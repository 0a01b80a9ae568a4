"""Open the sheet, record what was seen room by room, sign it, and clear what differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from pms.core import dates
from pms.core.clock import local
from pms.core.errors import Conflict, Refused
from pms.core.i18n import N_, _
from pms.core.permissions import Permission
from pms.db.work import Work, operation
from pms.services.room_board.queries import odd
from pms.services.rooms.models import CLEAN, REMARKS, Room
from pms.services.staff import taking_out
from pms.services.staff.models import Staff

from . import printouts, queries
from .duty import HOUSEKEEPING_CLEAR, HOUSEKEEPING_SHEET, HOUSEKEEPING_SIGN, SEEN_FIRST
from .models import PARTS, Clearing, StatusRow, StatusSheet
from .queries import Line

ACTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "sleep": (
        ("left", N_("Person has left the room")),
        ("staff", N_("Staff or workers")),
        ("recount", N_("Counted wrong")),
    ),
    "skip": (
        ("slept_out", N_("Slept out, keeps the room")),
        ("back", N_("Guest is back")),
        ("recount", N_("Counted wrong")),
    ),
    "person": (
        ("visitor", N_("Visitor has left")),
        ("child", N_("Child not counted")),
        ("recount", N_("Counted wrong")),
    ),
}
"""What explains a difference without a change at the desk; whoever checks in, checks out or moves the guest
has settled it by that."""
MOST_PERSONS = 20
NAMED = 12
"""So many rooms are named in a sentence; of more it tells the number."""


@dataclass(frozen=True)
class Seen:
    """One room as the lead has typed it over the row of ``version`` (0: none yet); ``persons`` None takes the
    row back, ``taken`` says that it was recorded as the desk has it, by one key."""

    room_id: int
    version: int
    persons: int | None
    clean: str = "clean"
    remarks: tuple[str, ...] = ()
    taken: bool = False


@dataclass(frozen=True)
class Answer:
    """What became of a typed room: its row's version and difference now, with what the desk has, or why it
    was not taken."""

    room_id: int
    version: int = 0
    odd: str = ""
    refused: str = ""
    desk: tuple[int | None, str, str] | None = None


@operation(HOUSEKEEPING_SHEET)
def open_sheet(work: Work, *, business_date: date, part: str) -> int:
    """Open a day's morning or evening sheet, or go on in it, and return its number in the database."""
    if part not in PARTS:
        raise Refused(_("There is a morning sheet and an evening sheet."))
    if business_date != work.business_date:
        raise Refused(
            _(
                "The business date is %(today)s. A sheet for %(day)s cannot be filled in any more; "
                "look at it in the list."
            )
            % {"today": dates.day(work.business_date, year=True), "day": dates.day(business_date, year=True)}
        )
    s = StatusSheet
    found = work.session.scalars(select(s.id).where(s.business_date == business_date, s.part == part)).first()
    if found is not None:
        return found
    made = StatusSheet(
        business_date=business_date, part=part, opened_at=work.now, opened_by=work.clerk.id or None
    )
    work.session.add(made)
    work.session.flush()
    work.touch("housekeeping")
    return made.id


@operation(HOUSEKEEPING_SHEET)
def record(work: Work, *, sheet_id: int, rooms: Sequence[Seen]) -> tuple[Answer, ...]:
    """Record rooms as they were typed; the board shows it at once. A room that cannot be taken is told, the
    others are recorded."""
    sheet = _fillable(work, sheet_id)
    wanted = sorted({seen.room_id for seen in rooms})
    places = {
        r.id: r
        for r in work.session.scalars(
            select(Room).where(Room.id.in_(wanted), Room.active).order_by(Room.id).with_for_update()
        )
    }
    rows = {
        r.room_id: r
        for r in work.session.scalars(
            select(StatusRow).where(StatusRow.sheet_id == sheet.id, StatusRow.room_id.in_(wanted))
        )
    }
    desk = {
        line.room_id: line
        for line in queries.desk_lines(work.session, business_date=sheet.business_date, room_ids=wanted)
    }
    answers = tuple(
        _record(work, sheet, seen, places.get(seen.room_id), rows.get(seen.room_id), desk.get(seen.room_id))
        for seen in rooms
    )
    work.session.flush()
    work.touch("housekeeping", "rooms")
    return answers


def _fillable(work: Work, sheet_id: int) -> StatusSheet:
    """Return a sheet that may be written, held against a signature meanwhile."""
    sheet = work.session.scalars(
        select(StatusSheet).where(StatusSheet.id == sheet_id).with_for_update(read=True)
    ).first()
    if sheet is None:
        raise Refused(_("This sheet is not there."))
    if sheet.signed_at is not None:
        raise Conflict(
            _("This sheet was signed at %(time)s and is frozen. Record what has changed in the next one.")
            % {"time": _clock(work, sheet.signed_at)}
        )
    if sheet.business_date != work.business_date:
        raise Refused(
            _("This sheet is for %(day)s, which is closed. What was typed is kept; go on in today's sheet.")
            % {"day": dates.day(sheet.business_date, year=True)}
        )
    return sheet


def _clock(work: Work, moment: datetime) -> str:
    return f"{local(moment, work.setting.zone):%H:%M}"


def _record(
    work: Work, sheet: StatusSheet, seen: Seen, room: Room | None, row: StatusRow | None, desk: Line | None
) -> Answer:
    if room is None or desk is None:
        return Answer(seen.room_id, refused=_("This room does not exist any more."))
    if (row.version if row else 0) != seen.version:
        return Answer(
            seen.room_id, row.version if row else 0, row.odd if row else "", _overtaken(work, room, row)
        )
    if seen.persons is None:
        return _take_back(work, room, row)
    if why := _unfit(work, seen, room) or _must_be_seen(work, seen, room):
        return Answer(seen.room_id, seen.version, row.odd if row else "", why)
    row = row or _new_row(work, sheet, room, desk)
    row.desk_persons, row.desk_clean, row.desk_block = desk.desk_persons, desk.desk_clean, desk.desk_block
    row.persons, row.clean, row.remarks = seen.persons, seen.clean, [r for r in REMARKS if r in seen.remarks]
    row.odd, row.at, row.by, row.version = (
        odd(seen.persons, desk.desk_persons),
        work.now,
        work.clerk.id or None,
        seen.version + 1,
    )
    row.taken = seen.taken
    room.seen_persons, room.seen_at, room.seen_by = seen.persons, work.now, work.clerk.id or None
    room.clean, room.remarks = seen.clean, row.remarks
    return Answer(room.id, row.version, row.odd, desk=(desk.desk_persons, desk.desk_clean, desk.desk_block))


def _overtaken(work: Work, room: Room, row: StatusRow | None) -> str:
    if row is None:
        return _("%(room)s was taken back meanwhile. Type it again.") % {"room": room.number}
    person = work.session.get(Staff, row.by) if row.by else None
    return _("%(room)s was recorded by %(name)s at %(time)s: persons %(n)s. Type again what differs.") % {
        "room": room.number,
        "name": person.name if person else "",
        "time": _clock(work, row.at),
        "n": row.persons,
    }


def _unfit(work: Work, seen: Seen, room: Room) -> str:
    if seen.clean not in CLEAN or not 0 <= (seen.persons or 0) <= MOST_PERSONS:
        return _("%(room)s: a room is dirty, clean or inspected, with 0 to %(most)s persons.") % {
            "room": room.number,
            "most": MOST_PERSONS,
        }
    if seen.clean == "inspected" != room.clean and not work.may(Permission.ROOMS_INSPECT):
        return _("%(room)s: your role may not pass a room as inspected. Record it as clean.") % {
            "room": room.number
        }
    return ""


def _must_be_seen(work: Work, seen: Seen, room: Room) -> str:
    if seen.taken and work.setting.options[SEEN_FIRST]:
        return _("%(room)s: in this hotel what was seen is entered first. Type heads and cleanliness.") % {
            "room": room.number
        }
    return ""


def _new_row(work: Work, sheet: StatusSheet, room: Room, desk: Line) -> StatusRow:
    row = StatusRow(
        sheet_id=sheet.id,
        room_id=room.id,
        number=room.number,
        floor=room.floor,
        type_code=desk.type_code,
        before=_facts(room),
    )
    work.session.add(row)
    return row


def _facts(room: Room) -> dict[str, Any]:
    return {
        "clean": room.clean,
        "remarks": list(room.remarks),
        "seen_persons": room.seen_persons,
        "seen_by": room.seen_by,
        "seen_at": room.seen_at.isoformat() if room.seen_at else None,
    }


def _take_back(work: Work, room: Room, row: StatusRow | None) -> Answer:
    """Undo a room's first typing: the room is again what it was before."""
    if row is not None:
        before = row.before
        room.clean, room.remarks, room.seen_persons, room.seen_by = (
            before[k] for k in ("clean", "remarks", "seen_persons", "seen_by")
        )
        room.seen_at = datetime.fromisoformat(before["seen_at"]) if before["seen_at"] else None
        work.session.delete(row)
    return Answer(room.id)


@operation(HOUSEKEEPING_SHEET)
def sign(work: Work, *, sheet_id: int) -> None:
    """Sign a sheet with a password: it is frozen and printed. Refuses while rooms are missing and names
    them."""
    sheet = work.session.get_one(StatusSheet, sheet_id, with_for_update=True)
    if sheet.signed_at is not None:
        raise Conflict(
            _("This sheet was signed at %(time)s already.") % {"time": _clock(work, sheet.signed_at)}
        )
    if missing := queries.missing(work.session, sheet_id=sheet_id):
        raise Refused(_("Rooms are missing: %(rooms)s. Record them first.") % {"rooms": named(missing)})
    what = _("Sign the sheet and hand it in. It is printed, and nobody can change it any more.")
    rooms = queries.recorded_lines(work.session, sheet_id=sheet_id)
    taken = queries.told_taken(queries.count_taken(rooms), len(rooms))
    signer = work.signature(HOUSEKEEPING_SIGN, " ".join(filter(None, (what, taken))))
    sheet.signed_at, sheet.signed_by = work.now, signer.staff_id
    work.session.flush()
    _print(work, sheet, signer.name)
    work.touch("housekeeping")


def named(numbers: Sequence[str]) -> str:
    """Return room numbers as a sentence names them: the first dozen, and how many more."""
    more = len(numbers) - NAMED
    return ", ".join(numbers[:NAMED]) + (_(" and %(n)s more") % {"n": more} if more > 0 else "")


@operation(HOUSEKEEPING_SHEET)
def print_sheet(work: Work, *, sheet_id: int) -> None:
    """Print a sheet as it stands; an unsigned one says so."""
    sheet = work.session.get_one(StatusSheet, sheet_id)
    signer = work.session.get(Staff, sheet.signed_by) if sheet.signed_by else None
    _print(work, sheet, signer.name if signer else "")


def _print(work: Work, sheet: StatusSheet, signer: str) -> None:
    paper = printouts.status_sheet(
        work,
        day=sheet.business_date,
        part=sheet.part,
        lines=queries.recorded_lines(work.session, sheet_id=sheet.id),
        differences=queries.differences(work.session),
        signed_by=signer,
        signed_at=sheet.signed_at,
    )
    work.print(paper, record="status_sheet", record_id=sheet.id)
    taking_out.house_list(work, paper)


@operation(Permission.ROOMS_STATUS)
def clear(work: Work, *, room_ids: Sequence[int], action: str, reason: str) -> None:
    """Clear what differs in rooms, one or a pair, with what explains it and why; the board no longer shows
    it."""
    if not reason.strip():
        raise Refused(_("Say why the difference is cleared."))
    numbers = select(Room.number).where(Room.id.in_(room_ids)).order_by(Room.number)
    work.require(
        HOUSEKEEPING_CLEAR,
        lambda: (
            _("Clearing a difference between desk and housekeeping, %(rooms)s: %(reason)s")
            % {"rooms": named(work.session.scalars(numbers).all()), "reason": reason.strip()}
        ),
    )
    rooms = work.session.scalars(
        select(Room).where(Room.id.in_(room_ids)).order_by(Room.id).with_for_update()
    ).all()
    found = {d.room_id: d for d in queries.differences(work.session)}
    for room in rooms:
        difference = found.get(room.id)
        if difference is None:
            raise Conflict(
                _("%(room)s no longer differs: the desk has corrected it, or somebody has cleared it.")
                % {"room": room.number}
            )
        if action not in dict(ACTIONS[difference.kind]):
            raise Refused(_("Choose what explains the difference in %(room)s.") % {"room": room.number})
        work.session.add(
            Clearing(
                room_id=room.id,
                kind=difference.kind,
                desk_persons=difference.desk_persons,
                seen_persons=difference.seen_persons,
                seen_at=room.seen_at,
                seen_by=room.seen_by,
                action=action,
                reason=reason.strip(),
                business_date=work.business_date,
                at=work.now,
                by=work.clerk.id or None,
            )
        )
        room.seen_persons = None
    work.touch("housekeeping", "rooms")
