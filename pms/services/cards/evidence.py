"""What the room cards tell of a room that the night audit looks at."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core import clock, dates
from pms.core.i18n import N_, _, ngettext
from pms.core.offers import About, Evidence
from pms.core.reading import query

from .duty import CARDS_ISSUE
from .models import LIVE, Card

CARDS = N_("Cards")
LATEST = 12
"""Cards that the time line shows at most."""


@query(CARDS_ISSUE)
def evidence(session: Session, *, about: About) -> list[Evidence]:
    """Return how many cards open the room and until when, and which were cut."""
    if about.room_id is None:
        return []
    c = Card
    opens = session.execute(
        select(c.valid_to, c.stay_id).where(c.room_id == about.room_id, LIVE, c.state == "valid")
    ).all()
    return [_stands(opens, about), *_cut(session, about)]


def _stands(opens: Sequence[Any], about: About) -> Evidence:
    if not opens:
        return Evidence(CARDS, _("no card opens the room"), place=30)
    until = clock.local(max(row.valid_to for row in opens), about.zone)
    words = ngettext(
        "%(n)s card opens the room until %(until)s", "%(n)s cards open the room until %(until)s", len(opens)
    ) % {"n": len(opens), "until": f"{dates.day(until.date())} {until:%H:%M}"}
    strange = any(row.stay_id != about.stay_id for row in opens)
    return Evidence(CARDS, words, tone="bad" if strange else "", place=30)


def _cut(session: Session, about: About) -> list[Evidence]:
    """Return the latest cards: those of the stay, else those that still open the room."""
    c = Card
    of_room = (c.room_id == about.room_id) & LIVE
    whose = c.stay_id == about.stay_id if about.stay_id is not None else of_room
    rows = session.execute(
        select(c.issued_at, c.issued_by, c.state, c.ended_at).where(whose).order_by(c.id.desc()).limit(LATEST)
    )
    found = []
    for issued_at, issued_by, state, ended_at in rows:
        found.append(Evidence(CARDS, _("Card cut"), issued_at, issued_by, past=True))
        if state == "lost":
            found.append(Evidence(CARDS, _("Card reported lost"), ended_at, past=True))
    return found
