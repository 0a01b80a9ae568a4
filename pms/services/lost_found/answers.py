"""What a check-out, a handover and the weekly report ask of what was found and is missed."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pms.core.i18n import N_, _
from pms.core.offers import OpenItem, Reminder, Tally
from pms.core.reading import query

from .duty import REGISTER
from .models import FoundItem, LossReport
from .queries import (
    KEPT,
    kept,
    missed,
    number_shown,
    state_name,
    whose,
)


@query(REGISTER)
def leaving(session: Session, *, stay_id: int) -> list[Reminder]:
    """Name what was found that belongs to a guest, as a reminder before they leave."""
    rows = session.execute(
        select(FoundItem.number, FoundItem.what, FoundItem.kept_in)
        .outerjoin(LossReport, LossReport.item_id == FoundItem.id)
        .where(KEPT, whose == stay_id)
    )
    words = _("Found and kept for this guest: %(what)s.")
    return [
        Reminder(
            words % {"what": " ".join(filter(None, (number_shown(r.number), r.what, r.kept_in)))},
            "lost_found",
            {"number": r.number},
        )
        for r in rows
    ]


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
