"""Keep what is being typed, give it back, forget it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from pms.core.limits import without_cards
from pms.core.permissions import Permission
from pms.db.sealed import BROKEN, box_of, place
from pms.db.work import Work, operation
from pms.services.staff.models import Staff

from .models import Draft

KEPT = timedelta(hours=36)
"""A draft that nobody has gone on with for so long is forgotten: it holds guests' data."""


@dataclass(frozen=True)
class Kept:
    """A draft as it was typed: the page's word, what it was opened for, a line that names it, the fields."""

    word: str
    what: dict[str, Any]
    about: str
    typed: dict[str, Any]
    kept_at: datetime
    clerk: str


def page_of(word: str, what: Mapping[str, Any]) -> str:
    """Return the key of a page and what it was opened for."""
    return f"{word} {json.dumps(dict(what), sort_keys=True, default=str)}"


@operation(Permission.RESERVATIONS_BOOK)
def keep(work: Work, *, word: str, what: Mapping[str, Any], about: str, typed: Mapping[str, Any]) -> None:
    """Keep what is typed on a page, but for a bank card's number; what was kept of it before is
    replaced."""
    text = json.dumps(
        {"word": word, "what": dict(what), "about": about, "typed": without_cards(dict(typed))}, default=str
    )
    page = page_of(word, what)
    found = work.session.get(Draft, (work.station, page), with_for_update=True)
    if found is None:
        found = Draft(station=work.station, page=page)
        work.session.add(found)
    of = _place(work.station, page)
    found.sealed, found.kept_at = box_of(work.session).close(text, of), work.now
    found.clerk_id = work.clerk.id


@operation(Permission.RESERVATIONS_BOOK)
def drop(work: Work, *, word: str, what: Mapping[str, Any]) -> None:
    """Forget a draft: its work is done, or it is given up."""
    work.session.execute(
        delete(Draft).where(Draft.station == work.station, Draft.page == page_of(word, what))
    )


@operation(Permission.RESERVATIONS_BOOK)
def take_up(work: Work) -> list[Kept]:
    """Return this workstation's drafts, the latest first; those that have grown old are forgotten."""
    work.session.execute(delete(Draft).where(Draft.kept_at < work.now - KEPT))
    rows = work.session.execute(
        select(Draft.page, Draft.sealed, Draft.kept_at, Staff.name)
        .join(Staff, Staff.id == Draft.clerk_id)
        .where(Draft.station == work.station)
        .order_by(Draft.kept_at.desc())
    )
    box = box_of(work.session)
    told = ((row, box.open(row.sealed, _place(work.station, row.page))) for row in rows)
    return [
        Kept(**json.loads(text), kept_at=row.kept_at, clerk=row.name) for row, text in told if text != BROKEN
    ]


def _place(station: str, page: str) -> str:
    return place("draft", "sealed", f"{station}/{page}")
