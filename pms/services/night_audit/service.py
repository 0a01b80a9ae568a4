"""Close the day: no-shows, room charges, snapshot, balances, proof and the new date, in one transaction."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select

from pms.core import dates, offers
from pms.core.clock import at
from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.money import Money
from pms.core.permissions import Permission
from pms.db import presence, wire
from pms.db.work import Work, operation
from pms.services.day_audit import service as day_audit
from pms.services.folios import ledger
from pms.services.folios.models import Account
from pms.services.members import points as members
from pms.services.members import terms
from pms.services.members.models import MemberStay
from pms.services.property.models import Property
from pms.services.reservations import service as reservations
from pms.services.reservations.models import COMING, BookedRoom, NightRate
from pms.services.rooms import inventory
from pms.services.rooms.models import Room
from pms.services.staff import taking_out
from pms.services.stays.models import IN_HOUSE, Stay

from . import closing, hours, own_acts, paper, printouts, seals, shares
from .models import AuditRun
from .queries import LASTS, WARNING
from .snapshot import snapshot

DAY = timedelta(days=1)
_OVERDUE = (
    select(Room.number)
    .join(Stay, Stay.room_id == Room.id)
    .where(IN_HOUSE, Stay.departure <= bindparam("today"))
    .order_by(Room.number)
)
_LEFT_PAID = (
    select(Stay.id)
    .join(MemberStay, MemberStay.stay_id == Stay.id)
    .where(Stay.departed_on == bindparam("today"), Stay.state == "departed", ~Stay.unsettled)
    .order_by(Stay.id)
)
_MISSING = (
    select(BookedRoom)
    .where(BookedRoom.arrival <= bindparam("today"), COMING)
    .order_by(BookedRoom.counted_type_id, BookedRoom.id)
)
_KEPT = (
    select(BookedRoom)
    .where(BookedRoom.kept_until.is_not(None))
    .order_by(BookedRoom.counted_type_id, BookedRoom.id)
)


@operation(Permission.AUDIT_RUN)
def begin(work: Work, *, business_date: date) -> None:
    """Open the audit of a business date that is over, or take it up where another workstation left it.

    Asks first when several days are over: only a person knows whether the clock is right then.
    """
    _must_be_open(work, business_date)
    hours.hold_to_clock(work, business_date)
    _begun(work, business_date)


def _begun(work: Work, business_date: date) -> AuditRun:
    """Return the audit's row, made now unless somebody has begun."""
    run = work.session.get(AuditRun, business_date, with_for_update=True)
    if run is None:
        hours.ask_missed(work, business_date)
        run = AuditRun(
            business_date=business_date,
            started_at=work.now,
            started_by=work.clerk.id or None,
            station=work.station,
            paper_entry=paper.asked_for(work.session, work.setting.options, business_date),
        )
        work.session.add(run)
        work.touch("night_audit")
    return run


@operation(Permission.AUDIT_RUN)
def mark(work: Work, *, business_date: date, finding: str, state: str, remark: str) -> None:
    """Approve or query a finding that is there tonight, with the auditor's remark; both are stored under its
    key, with its title and money for the records.

    Nobody approves what they did themselves. What is queried at the close goes into the day audit.
    """
    _mark(work, business_date, [finding], state, remark)


@operation(Permission.AUDIT_RUN)
def mark_all(work: Work, *, business_date: date, findings: list[str], state: str, remark: str) -> int:
    """Approve or query several findings with one remark, all of them or none, and return how many.

    Each stands in the trail by itself, as if it had been marked alone.
    """
    chosen = list(dict.fromkeys(findings))
    if not chosen:
        raise Refused(_("Choose a finding first."))
    _mark(work, business_date, chosen, state, remark)
    return len(chosen)


def _mark(work: Work, business_date: date, findings: Sequence[str], state: str, remark: str) -> None:
    run, why = _open_run(work, business_date), remark.strip()
    if state not in ("approved", "queried") or not why:
        raise Refused(_("Approve or query a finding, and say why."))
    found = own_acts.found(work, business_date, findings)
    if state == "approved":
        own_acts.must_be_approvable(work, found)
    run.marks = {**run.marks, **{f.key: own_acts.mark_of(work, f, state, why) for f in found}}
    for one in found:
        work.note("audit_mark", {"finding": one.key, "state": state, "remark": why})
    work.touch("night_audit")


@operation(Permission.AUDIT_RUN)
def compare_signs(work: Work, *, business_date: date, signs: str) -> bool:
    """Hold the audit trail against the six signs that the auditor types from last night's printed record, and
    say whether they are right; noted in the audit either way."""
    run = _open_run(work, business_date)
    right = paper.compare(work, run, signs)
    work.touch("night_audit")
    return right


def _open_run(work: Work, business_date: date) -> AuditRun:
    """Return the audit's row, locked; refuses one that was not begun, and a day that is closed."""
    run = work.session.get(AuditRun, business_date, with_for_update=True)
    if run is None:
        raise Refused(_("Begin the audit first."))
    if run.closed_at is not None:
        raise Refused(
            _("%(day)s is closed; what was found then does not change any more.")
            % {"day": dates.day(business_date, year=True)}
        )
    return run


def _must_be_open(work: Work, business_date: date) -> Property:
    """Return the hotel's row, locked, so that of two auditors one waits and then finds the day closed."""
    house = work.session.get_one(Property, 1, with_for_update=True)
    if house.business_date != business_date:
        raise Conflict(
            _("%(day)s is closed already; the business date is %(now)s.")
            % {"day": dates.day(business_date, year=True), "now": dates.day(house.business_date, year=True)}
        )
    return house


@operation(Permission.AUDIT_RUN)
def print_rehearsal(work: Work, *, business_date: date) -> None:
    """Print what the close would post, with the reasons for the difference from last night."""
    _must_be_open(work, business_date)
    work.take_time()
    slip = printouts.rehearsal(work.session, business_date=business_date)
    work.print(slip)
    taking_out.house_list(work, slip)


@operation(Permission.TAKE_OUT)
def take_out(work: Work, *, business_date: date, form: str) -> None:
    """Let the rehearsal of a close leave as a file; written down."""
    _must_be_open(work, business_date)
    work.take_time()
    slip = printouts.rehearsal(work.session, business_date=business_date)
    taking_out.as_file(work, [slip], business_date, business_date, form)


@operation(Permission.AUDIT_RUN)
def warn(work: Work, *, business_date: date) -> list[str]:
    """Tell the other workstations that the close comes in half a minute; returns who is told, nobody where
    this is the only one at work.

    The warning ends with the close, when it is called off, or by itself when the program that gave it dies.
    """
    _must_be_open(work, business_date)
    run = _open_run(work, business_date)
    now = presence.moment(work.session, work.now)
    if (
        run.warned_at is not None
        and run.warned_from != work.station
        and now - run.warned_at < timedelta(seconds=LASTS)
    ):
        raise Conflict(
            _("%(station)s has announced the close of %(day)s already. Wait for it, or look there.")
            % {"station": run.warned_from, "day": dates.day(business_date, year=True)}
        )
    told = presence.others(work.session, work.station, work.now)
    if told:
        run.warned_at, run.warned_from, run.warned_for = now, work.station, WARNING
        work.touch("audit_warning")
    return told


@operation(Permission.AUDIT_RUN)
def call_off(work: Work, *, business_date: date) -> None:
    """Take the warning back: the day stays open for now."""
    run = work.session.get(AuditRun, business_date, with_for_update=True)
    if run is not None and run.warned_at is not None:
        run.warned_at = None
        work.touch("audit_warning")


@operation(Permission.AUDIT_RUN)
def close(work: Work, *, business_date: date) -> int:
    """Post and close a business date that is over and return the number of postings; the day is open or
    closed, never half. One that was not begun is begun now."""
    house = _must_be_open(work, business_date)
    work.take_time()
    hours.hold_to_clock(work, business_date)
    _refuse_overdue(work, business_date)
    run = _begun(work, business_date)
    unsealed = closing.prove_day(work, run)
    # before the close posts anything: what it posts is nobody's own act, and need not be looked through
    run.marks = own_acts.passed_on(work, business_date, run.marks or {})
    run.no_shows = _no_shows(work, business_date)
    run.postings = closing.post_room_charges(work, business_date)
    _close_members(work, business_date)
    snapshot(work, business_date)
    if aim := work.ask_up(offers.budget, month=business_date.replace(day=1)):
        run.budget_sold, run.budget_revenue = aim.sold, aim.revenue
    run.total = Money(closing.close_books(work, business_date))
    day_audit.take_over(work, business_date, run.marks)
    seals.seal(work, business_date, unsealed=unsealed)
    work.update_many(
        Room, [Room.clean != "dirty", Room.id.in_(select(Stay.room_id).where(IN_HOUSE))], {"clean": "dirty"}
    )
    house.business_date = business_date + DAY
    inventory.extend_to(work, house, business_date + DAY * (1 + work.setting.options.inventory_days))
    run.step, run.closed_at, run.closed_by = "report", work.now, work.clerk.id or None
    if run.warned_at is not None:
        work.touch("audit_warning")
    work.touch("business_date", "night_audit", "stays", "reservations", "rooms", "folios")
    return run.postings


def _close_members(work: Work, business_date: date) -> None:
    """Do what the day brings members; asked in one go, whether anybody is one or not."""
    questions: list[Callable[[Any], Any]] = [
        lambda session: session.scalars(_LEFT_PAID, {"today": business_date}).all(),
        lambda session: terms.running_out(session, business_date),
    ]
    left, running_out = wire.ask_all(work.session, questions)
    members.close(work, business_date, left, running_out)


def _refuse_overdue(work: Work, business_date: date) -> None:
    overdue = work.session.scalars(_OVERDUE, {"today": business_date}).all()
    if overdue:
        raise Refused(
            _("Departures are not out: %(rooms)s. Check them out or extend them first.")
            % {"rooms": ", ".join(overdue[:12])}
        )


def _no_shows(work: Work, business_date: date) -> int:
    for line in work.session.scalars(_KEPT).all():  # of the close before, and nobody came
        reservations.let_go(work, line)
    missing = work.session.scalars(_MISSING, {"today": business_date}).all()
    until = at(business_date + DAY, work.setting.options.check_out_time, work.setting.zone)
    for line in missing:
        kept = line.state == "guaranteed" and line.departure > business_date
        why = _("Not arrived by the night audit")
        reservations.give_up(work, line, "no_show", why, kept_until=until if kept else None)
        if work.setting.options.no_show_nights:
            _keep_advance(work, line)
    if missing:
        work.session.flush()  # the snapshot counts them
    return len(missing)


def _keep_advance(work: Work, line: BookedRoom) -> None:
    """A no-show costs the first nights by the hotel's rule, out of the advance deposit and never more than
    it."""
    found = work.session.execute(select(Account.id).where(Account.line_id == line.id)).scalar()
    if found is None:
        return
    price = (
        work.session.execute(
            select(func.sum(NightRate.price)).where(
                NightRate.line_id == line.id,
                NightRate.night < line.arrival + DAY * work.setting.options.no_show_nights,
            )
        ).scalar()
        or 0
    )
    amount = min(int(price), -ledger.balance(work, found))
    if amount > 0:
        ledger.post(work, debit=found, credit=ledger.account(work, "NOSHOW"), amount=amount, code="NOSHOW")


@operation(Permission.AUDIT_RUN)
def step_done(work: Work, *, business_date: date, step: str) -> None:
    """Note that a step after the close is finished: report, then backup, then done. Told twice, it stays as
    it is."""
    run = work.session.get(AuditRun, business_date, with_for_update=True)
    order = ("report", "backup", "done")
    if run is None or run.closed_at is None or step not in order[:2]:
        raise Refused(_("The day is not closed yet."))
    if order.index(step) > order.index(run.step):
        raise Refused(_("The reports come before the backup."))
    if step != run.step:
        return
    if step == "report":
        shares.sum_up(work, business_date)
    run.step = order[order.index(step) + 1]
    run.done_at = work.now if run.step == "done" else None
    work.touch("night_audit")
