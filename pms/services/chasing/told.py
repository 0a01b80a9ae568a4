"""What the other duties and the window ask of chasing: promises that are past, what is left at the duty
manager's hour, what the next shift takes over, and what was said to a guest."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased

from pms.core import clock
from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.core.offers import MOST_DUE, About, Due, Evidence, Hit, Kept, OpenItem
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.books import ask
from pms.services.guests.models import Guest
from pms.services.guests.search import fits
from pms.services.property.queries import setting
from pms.services.rooms.models import Room
from pms.services.stays.models import IN_HOUSE, Stay

from . import queries
from .duty import CHASE, DECIDE
from .log import ChaseRow, log, managers
from .models import LEAVES, REFUSES, RESULTS, STANDING, TIMED, ChaseCall
from .queries import Chased
from .words import stands, told, words

CHASING = N_("Debt chasing")
FOUND = 6


# ------------------------------------------------------------------ what is due
_IN_HOUSE_ONE = select(ChaseCall.id).join(Stay, Stay.id == ChaseCall.stay_id).where(IN_HOUSE).limit(1)
_TIME_PAST = _IN_HOUSE_ONE.where(ChaseCall.result.in_(TIMED), ChaseCall.until <= bindparam("now"))
_REFUSED = _IN_HOUSE_ONE.where(ChaseCall.result == REFUSES)
"""Whether a guest in house has such a line at all, without reckoning anything."""


@query(CHASE)
def waiting(session: Session, *, now: datetime) -> list[Due]:
    """Return the guests whose promised time is past and who have neither paid nor left, the longest over
    first."""
    if ask(session, _TIME_PAST, now=now).first() is None:
        return []
    late = [one for one in queries.listed(session, now=now) if one.broken(now)]
    found = [_due(session, one, _until(one, now)) for one in late]
    return sorted(found, key=lambda due: due.at)[:MOST_DUE]


@query(DECIDE)
def left_over(session: Session, *, now: datetime) -> list[Due]:
    """Return for the duty manager who refuses to pay, and from the hour of the house on who else has not paid
    and has agreed on no time that is still to come."""
    at = managers(setting(session))
    if now < at and ask(session, _REFUSED).first() is None:
        return []
    left = [
        one
        for one in queries.listed(session, now=now)
        if one.left(now) and not one.broken(now) and (now >= at or one.refuses)
    ]
    found = [_due(session, one, one.standing.at if one.refuses and one.standing else at) for one in left]
    return found[:MOST_DUE]


def _until(one: Chased, now: datetime) -> datetime:
    return one.standing.until if one.standing is not None and one.standing.until is not None else now


def _due(session: Session, one: Chased, at: datetime) -> Due:
    s = setting(session)
    told = {"room": one.stay.room, "guest": one.stay.listed, "what": stands(one, s.zone, s.digits)}
    return Due(
        _("%(room)s %(guest)s: %(what)s") % told,
        "chasing",
        at,
        1,
        {"stay_id": one.id},
        one.missing or None,
    )


@query(CHASE)
def handover(session: Session) -> list[OpenItem]:
    """Return for the next shift who was chased and still owes, who refuses or promised, and whose deposit is
    used up."""
    s = setting(session)
    now = clock.at(s.business_date, "23:59", s.zone)
    open_ = [
        one
        for one in queries.listed(session, now=now)
        if not one.allowed and (_promised(one) or (one.missing and (one.calls or one.lasts.spent)))
    ]
    return [
        OpenItem(
            "chasing",
            one.stay.room,
            _(", ").join((one.stay.listed, stands(one, s.zone, s.digits))),
            one.last.at if one.last is not None else None,
        )
        for one in open_
    ]


def _promised(one: Chased) -> bool:
    said = one.standing
    if said is None or said.result not in (*TIMED, REFUSES):
        return False
    return one.missing > 0 or said.result == LEAVES


# ------------------------------------------------------------------ what was said
@query(CHASE)
def search(session: Session, *, text: str) -> list[Hit]:
    """Find guests in house by name, pinyin, phone or room whose promise, departure or refusal stands."""
    wanted = " ".join(text.casefold().split())
    if not wanted:
        return []
    s, later = setting(session), aliased(ChaseCall)
    since = exists().where(
        later.stay_id == ChaseCall.stay_id, later.id > ChaseCall.id, later.result.in_(STANDING)
    )
    near = or_(fits(session, Guest.search, text), Room.number == wanted.upper())
    rows = session.execute(
        log()
        .where(IN_HOUSE, and_(ChaseCall.result.in_((*TIMED, REFUSES)), ~since, near))
        .order_by(ChaseCall.id.desc())
        .limit(FOUND)
    )
    found = [ChaseRow(*row) for row in rows]
    return [
        Hit(f"{r.room} {r.guest}", words(r, s.zone, s.digits), "clock", "chasing", {"stay_id": r.stay_id})
        for r in found
    ]


@query(CHASE)
def evidence(session: Session, *, about: About) -> list[Evidence]:
    """Return what a guest was told, promised and paid while debts were chased."""
    if about.stay_id is None:
        return []
    return [
        Evidence(CHASING, told(row, about.zone, about.digits), row.at, row.clerk_id, past=True)
        for row in queries.of_stay(session, stay_id=about.stay_id)
    ]


@query(Permission.GUESTS_EXPORT)
def kept_of(session: Session, *, stay_ids: Sequence[int], line_ids: Sequence[int], phone: str) -> list[Kept]:
    """Return the log of these stays."""
    c = ChaseCall
    rows = [
        {
            _("Time"): row.at,
            _("Result"): _(RESULTS[row.result]),
            _("Amount"): Money(row.amount),
            _("Remark"): row.remark,
        }
        for row in session.scalars(select(c).where(c.stay_id.in_(stay_ids)).order_by(c.id))
    ]
    return [Kept(_(CHASING), rows)]
