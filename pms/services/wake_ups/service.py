"""Take wake-up calls, work them off, and call them off."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from pms.core import clock, dates, offers
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.db.work import Work, operation
from pms.services.staff import taking_out

from . import printouts, queries
from .duty import WAKE_UPS
from .models import WAYS, WakeUp, WakeUpTry

FARTHEST = timedelta(days=31)


@operation(WAKE_UPS)
def take(
    work: Work,
    *,
    stay_id: int,
    time: str,
    day: date | None = None,
    way: str = "call",
    remark: str = "",
    days: int = 1,
) -> list[int]:
    """Take a call at a wall-clock time ``HH:MM``, on one day or the same time on several; return their
    numbers. Without a day it is the next such time by the clock, whatever the business date is."""
    if way not in WAYS:
        raise Refused(_("Wake a guest by a call or a knock."))
    if work.ask_up(offers.open_stay, stay_id=stay_id) is None:
        raise Refused(_("Only a guest in house can be woken. Check the room number."))
    zone = work.setting.zone
    first = day or queries.next_day(checked(time), work.now, zone)
    moments = [clock.at(first + timedelta(days=n), checked(time), zone) for n in range(max(days, 1))]
    if moments[0] <= work.now:
        raise Refused(
            _("%(day)s %(time)s has passed already. Leave the day empty for the next %(time)s.")
            % {"day": dates.day(first, year=True), "time": checked(time)}
        )
    if moments[-1] > work.now + FARTHEST:
        raise Refused(_("A wake-up call can be set for at most a month ahead."))
    return [_add(work, stay_id, moment, way, remark) for moment in moments]


checked = queries.checked


def _add(work: Work, stay_id: int, moment: datetime, way: str, remark: str) -> int:
    w = WakeUp
    if work.session.scalar(select(w.id).where(w.stay_id == stay_id, w.at == moment, w.state == "due")):
        raise Refused(_("This call is on the list already."))
    made = WakeUp(
        stay_id=stay_id,
        at=moment,
        way=way,
        remark=remark.strip(),
        taken_at=work.now,
        taken_by=work.clerk.id or None,
    )
    work.session.add(made)
    work.session.flush()
    work.touch("wake_ups")
    return made.id


def _due(work: Work, wake_up_id: int) -> WakeUp:
    found = work.session.get(WakeUp, wake_up_id, with_for_update=True)
    if found is None or found.state != "due":
        raise Refused(_("This call is done already."))
    return found


@operation(WAKE_UPS)
def tried(work: Work, *, wake_up_id: int, answered: bool, note: str = "") -> None:
    """Note one try; an answer ends the call, no answer leaves it due for the next try."""
    found = _due(work, wake_up_id)
    work.session.add(
        WakeUpTry(
            wake_up_id=found.id, at=work.now, by=work.clerk.id or None, answered=answered, note=note.strip()
        )
    )
    if answered:
        found.state = "answered"
    work.touch("wake_ups")


@operation(WAKE_UPS)
def give_up(work: Work, *, wake_up_id: int, note: str) -> None:
    """End a call that nobody answered, saying what was done instead (who went up, what was found)."""
    if not note.strip():
        raise Refused(_("Say what was done: who went up, what was found."))
    found = _due(work, wake_up_id)
    work.session.add(
        WakeUpTry(
            wake_up_id=found.id, at=work.now, by=work.clerk.id or None, answered=False, note=note.strip()
        )
    )
    found.state = "given_up"
    work.touch("wake_ups")


@operation(WAKE_UPS)
def cancel(work: Work, *, wake_up_id: int) -> None:
    """Call a wake-up off."""
    _due(work, wake_up_id).state = "cancelled"
    work.touch("wake_ups")


@operation(WAKE_UPS)
def print_list(work: Work) -> None:
    """Print the calls that are due, for the night's pocket."""
    rows = queries.due(work.session)
    if not rows:
        raise Refused(_("No calls are due: there is nothing to print."))
    paper = printouts.wake_up_list(work, rows=rows)
    work.print(paper)
    taking_out.house_list(work, paper)
