"""What the search, a check-out, a handover and the weekly report ask of what was found and is missed."""

from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from pms.core.i18n import N_, _
from pms.core.offers import Hit, OpenItem, Tally
from pms.core.reading import query
from pms.services.guests.search import fits
from pms.services.rooms.models import Room

from .duty import REGISTER
from .models import FoundItem, LossReport
from .queries import (
    KEPT,
    STILL_KEPT,
    STILL_MISSED,
    Entry,
    entries,
    kept,
    missed,
    number_shown,
    one,
    read_number,
    state_name,
    whose,
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
        else _near(session, STILL_KEPT, FoundItem, wanted) + _near(session, STILL_MISSED, LossReport, wanted)
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
    found = entries(
        session, question.where(fitting)
    )  # few are open: sorted here, the index of open ones serves
    return sorted(found, key=lambda e: -e.number)[:6]


@query(REGISTER)
def leaving(session: Session, *, stay_id: int) -> list[str]:
    """Name what was found that belongs to a guest, as a reminder before they leave."""
    rows = session.execute(
        select(FoundItem.number, FoundItem.what, FoundItem.kept_in)
        .outerjoin(LossReport, LossReport.item_id == FoundItem.id)
        .where(KEPT, whose == stay_id)
    )
    named = [" ".join(filter(None, (number_shown(r.number), r.what, r.kept_in))) for r in rows]
    return [_("Found and kept for this guest: %(what)s.") % {"what": what} for what in named]


@query(REGISTER)
def handover(session: Session) -> list[OpenItem]:
    """Return every item kept and every loss looked into, for the next shift."""
    return [
        OpenItem(
            "lost_found",
            e.shown,
            _(", ").join(filter(None, (e.what, e.room or e.place, e.guest, e.kept_in, state_name(e)))),
            e.at,
        )
        for e in (*kept(session), *missed(session))
    ]


@query(REGISTER)
def tallies(session: Session, *, start: date, end: date) -> list[Tally]:
    """Return what a weekly or monthly report says of lost property."""
    number = session.scalar(
        select(func.count())
        .select_from(FoundItem)
        .where(FoundItem.found_on >= start, FoundItem.found_on <= end)
    )
    return [Tally(N_("Items found"), number or 0)]
