"""What other duties ask of shifts: what waits, what is counted for a report, a handover by its number."""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pms.core import typed
from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.core.offers import MOST_DUE, Badge, Due, Hit, Tally
from pms.core.reading import query
from pms.db.books import ask
from pms.db.types import summed

from .duty import SHIFTS_WORK
from .models import LIVE, OVER_OR_SHORT, Shift
from .queries import handover


@query(SHIFTS_WORK)
def search(session: Session, *, text: str) -> list[Hit]:
    """Find a handover by its number: ``H-12``."""
    number = typed.code(text).removeprefix("H-")
    if not typed.code(text).startswith("H-") or not number.isdecimal() or len(number) > 9:
        return []
    found = handover(session, number=int(number))
    if found is None:
        return []
    told = _("handover from %(old)s to %(new)s") % {"old": found.given_by, "new": found.taken_by}
    return [Hit(f"H-{found.number}", told, "handover", "shifts", {"handover": found.number})]


_COUNTED = (
    select(Shift.station, Shift.counted, Shift.opened_at, Shift.closed_at)
    .where(LIVE, Shift.state == "counted")
    .order_by(Shift.station)  # as the few live ones are kept: by number, all there ever were are read
)


@query(SHIFTS_WORK)
def badges(session: Session) -> list[Badge]:
    """Return how many drawers are counted or closed and wait for the next person."""
    waiting = ask(session, _COUNTED).all()
    return [Badge("shifts", len(waiting), "warn" if waiting else "")]


@query(SHIFTS_WORK)
def tallies(session: Session, *, start: date, end: date) -> list[Tally]:
    """Return what a weekly or monthly report says of the drawers: shifts that were over or short, and by how
    much in all."""
    number, amount = session.execute(
        select(func.count(), summed(Shift.over_short)).where(
            Shift.business_date >= start, Shift.business_date <= end, OVER_OR_SHORT
        )
    ).one()
    return [Tally(N_("Shifts over or short"), number, Money(int(amount)))]


@query(SHIFTS_WORK)
def waiting(session: Session, *, now: datetime) -> list[Due]:
    """Return the drawers that are counted and wait for the next person, with what was counted."""
    return [
        Due(
            _("Drawer of %(station)s: counted, not handed over") % {"station": row.station},
            "shifts",
            min(row.closed_at or row.opened_at, now),
            1,
            amount=row.counted,
        )
        for row in ask(session, _COUNTED)
    ][:MOST_DUE]
