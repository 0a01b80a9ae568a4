"""Note calls, print notices, extend and take the deposit in one act, and allow credit."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from pms.core import clock, dates, offers, typed
from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.permissions import Permission
from pms.db.work import Work, operation
from pms.services.folios import service as folios
from pms.services.guests.models import Guest
from pms.services.staff import access
from pms.services.stays import service as stays
from pms.services.stays.models import Stay
from pms.services.stays.service import Paid

from . import log, printouts, queries
from .duty import CHASE, DECIDE
from .models import ALLOWED, CALLS, NOTICE, PAID, TIMED, ChaseCall
from .queries import Chased

HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)
MOST = 200


@operation(CHASE)
def call(work: Work, *, stay_id: int, result: str, time: str = "", remark: str = "") -> None:
    """Note a call with its result; a promise and a departure name the time (``HH:MM``) on today's clock."""
    if result not in CALLS:
        raise Refused(_("Choose from the list how the call ended."))
    _must_be_here(work, stay_id)
    until = _later_today(work, time) if result in TIMED else None
    one = queries.chased(work.session, stay_id=stay_id, now=work.now)
    _write(work, stay_id, result, one.missing, remark, until)


@operation(DECIDE)
def allow(work: Work, *, stay_id: int, reason: str, time: str = "") -> None:
    """Allow a guest to stay on without what is missing, until a time (``HH:MM``) on today's clock, else until
    debts are chased on the next day."""
    if not reason.strip():
        raise Refused(_("Say why the credit is allowed; it stands in the guest's history."))
    _must_be_here(work, stay_id)
    one = queries.chased(work.session, stay_id=stay_id, now=work.now)
    if not one.missing:
        raise Refused(_("%(room)s: nothing is missing.") % {"room": one.stay.room})
    until = _later_today(work, time) if time.strip() else _next_day(work)
    _write(work, stay_id, ALLOWED, one.missing, reason, until)


@operation(CHASE, money=True)
def extend_and_take(
    work: Work, *, stay_id: int, deposit: Paid, departure: date | None = None, seen: Money | None = None
) -> None:
    """Take a deposit and, with another day of departure, extend the stay with its cards, all in one act.

    ``seen`` is the deposit that the clerk saw held: where another desk was faster, nothing is taken twice.
    """
    work.must_hold(Permission.FOLIOS_PAY)
    stay, _line, _room = stays.open_stay(work, stay_id)
    held = folios.deposit_held(work, stay_id)
    if seen is not None and seen != held:
        raise Conflict(
            _("A deposit of %(sum)s is held by now. Look at the guest again before taking more.")
            % {"sum": show(held, work.setting.digits)}
        )
    words = ""
    if departure is not None and departure != stay.departure:
        work.must_hold(Permission.STAYS_CHANGE)
        if departure < stay.departure:
            raise Refused(_("A stay is not shortened here. Choose more nights, or none."))
        stays.extend(work, stay_id=stay_id, departure=departure)
        words = _("extended to %(day)s") % {"day": dates.day(departure)}
    slip = folios.deposit(work, stay_id, deposit.method, deposit.amount, deposit.reference)
    _write(work, stay_id, PAID, deposit.amount, _(", ").join(filter(None, (slip, words))))
    work.touch("folios")


@operation(CHASE)
def notify(work: Work, *, stay_ids: Sequence[int], time: str = "", sheet: bool = False) -> int:
    """Print a notice for each of these guests of whom money is missing, on a slip or on a sheet, and return
    how many; payable until a time (``HH:MM``), else by the hour at which each deposit is used up."""
    if len(stay_ids) > MOST:
        raise Refused(_("Print at most %(n)s notices at once.") % {"n": MOST})
    here = {n for n in sorted(set(stay_ids)) if work.ask_up(offers.open_stay, stay_id=n) is not None}
    found = [
        queries.chased(work.session, stay_id=n, now=work.now) for n in dict.fromkeys(stay_ids) if n in here
    ]
    owing = [one for one in found if one.missing]
    if not owing:
        raise Refused(_("Nothing is missing: no notice is printed."))
    until = _later_today(work, time) if time.strip() else None
    for one in owing:
        by = until or payable_by(one, work.now, log.managers(work.setting))
        form = printouts.sheet if sheet else printouts.small
        paper = form(work, one, guest=work.session.get_one(Guest, one.stay.guest_id), until=by)
        work.print(paper, record="stay", record_id=one.id)
        _write(work, one.id, NOTICE, one.missing, paper.number, by)
    return len(owing)


@operation(CHASE, private=True)
def show_phone(work: Work, *, stay_id: int) -> str:
    """Return the phone of a guest who is to be called; who looked stands in the access log."""
    guest = work.session.get_one(Guest, work.session.get_one(Stay, stay_id).guest_id)
    if not guest.phone:
        raise Refused(_("No phone of this guest is known. Ring the room."))
    room = work.ask_up(offers.stay_name, stay_id=stay_id)
    access.write(work, access.Kind.PHONE, f"G-{guest.id} {room.room if room else ''}".strip())
    return guest.phone


def payable_by(one: Chased, now: datetime, managers: datetime) -> datetime:
    """Return until when a guest is asked to pay: by the hour at which the deposit is used up, else by the
    duty manager's, else in an hour, at a full quarter."""
    soon = now + HOUR + QUARTER
    soon -= timedelta(seconds=soon.timestamp() % QUARTER.total_seconds())
    return next((t for t in (one.lasts.until, managers) if t is not None and t > now), soon)


def _must_be_here(work: Work, stay_id: int) -> None:
    """Hold the stay: the guest does not leave meanwhile."""
    if work.ask_up(offers.open_stay, stay_id=stay_id) is None:
        raise Refused(_("This guest has left already."))


def _later_today(work: Work, time: str) -> datetime:
    """Return the moment of a time on today's clock; refuses one that is none or past."""
    zone = work.setting.zone
    hhmm = typed.clock_time(time)
    until = clock.at(clock.local(work.now, zone).date(), hhmm, zone)
    if until <= work.now:
        raise Refused(_("%(time)s is past. Type a time later today.") % {"time": hhmm})
    return until


def _next_day(work: Work) -> datetime:
    return max(log.begins(work.setting), work.now) + timedelta(days=1)


def _write(
    work: Work, stay_id: int, result: str, amount: Money, remark: str, until: datetime | None = None
) -> None:
    work.insert_one(
        ChaseCall,
        stay_id=stay_id,
        result=result,
        until=until,
        amount=amount,
        remark=remark.strip(),
        at=work.now,
        business_date=work.business_date,
        clerk_id=work.clerk.id or None,
        station=work.station,
    )
    work.touch("chasing")
