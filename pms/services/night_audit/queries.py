"""What the audit finds, what it would post, and what it wrote down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pms.core import dates
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.offers import Countdown
from pms.core.options import Options
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db import presence
from pms.services.folios import routing, tax
from pms.services.folios.models import LedgerDay, TransactionCode
from pms.services.folios.routing import Route
from pms.services.property.queries import setting
from pms.services.reservations.models import NightRate
from pms.services.rooms.models import Room
from pms.services.stays.models import Segment, Stay, kept_name

from .checks import Finding, Tonight, cards
from .checks.cards import RoomTonight
from .closing import left_after, tonight
from .models import AuditRun, NightFigure, NightStay

WARNING, LASTS = 30, 90
"""Seconds between the warning and the close, and seconds after which a warning that nothing came of means
nothing any more."""


@dataclass(frozen=True)
class Group:
    """The findings of one kind, the costliest first."""

    kind: str
    findings: tuple[Finding, ...]

    @property
    def amount(self) -> Money:
        """Return how much money hangs on all of them."""
        return Money(sum(f.amount for f in self.findings))

    @property
    def blocking(self) -> bool:
        """Say whether the day cannot close with them."""
        return self.findings[0].blocking


@dataclass(frozen=True)
class Charge:
    """One posting the audit would make."""

    room: str
    guest: str
    code: str
    text: str
    amount: Money
    rule: str
    within: bool = False

    @property
    def owed(self) -> int:
        """Return what it adds to the guest's folio: nothing where the price includes it."""
        return 0 if self.within else self.amount


@dataclass(frozen=True)
class Change:
    """Why tonight's room revenue differs from last night's: a room that came, went, has another price or is
    given away now."""

    reason: str
    room: str
    guest: str
    before: Money
    now: Money


@dataclass(frozen=True)
class RunRow:
    """How far the audit of a business date is."""

    business_date: date
    step: str
    started_at: datetime
    closed_at: datetime | None
    postings: int
    total: Money
    no_shows: int
    done_at: datetime | None = None


@dataclass(frozen=True)
class NightCount:
    """A night's snapshot: rooms sold and their revenue."""

    business_date: date
    sold: int
    revenue: Money


@query(Permission.AUDIT_RUN)
def findings(
    session: Session,
    *,
    business_date: date,
    checks: Sequence[Callable[[Tonight], list[Finding]]],
    station: str = "",
) -> list[Finding]:
    """Return what the checks find wrong tonight, by kind, worst first; ``station`` is the auditor's, whose
    own shift may stay open."""
    tonight = Tonight(session, business_date, station)
    return [f for group in grouped([f for check in checks for f in check(tonight)]) for f in group.findings]


def grouped(found: Sequence[Finding]) -> list[Group]:
    """Return findings by kind: what stops the close first, then what most money hangs on."""
    kinds: dict[str, list[Finding]] = {}
    for finding in found:
        kinds.setdefault(finding.kind, []).append(finding)
    groups = [Group(kind, tuple(sorted(some, key=lambda f: -f.amount))) for kind, some in kinds.items()]
    return sorted(groups, key=lambda g: (not g.blocking, -g.amount))


@query(Permission.AUDIT_RUN)
def three_ways(session: Session, *, business_date: date) -> list[RoomTonight]:
    """Return the three-way check: every room as desk, housekeeping and its cards have it tonight, those that
    differ first."""
    return cards.three_ways(Tonight(session, business_date))


@query(Permission.AUDIT_RUN)
def rehearsal(session: Session, *, business_date: date) -> list[Charge]:
    """Return every posting the close would make, by room, without making it."""
    rows = session.execute(
        select(
            Room.number,
            kept_name(Stay.guest_name, Stay.id).label("name"),
            NightRate.price,
            NightRate.rule,
            Stay.id.label("stay"),
        )
        .select_from(Stay)
        .join(Segment, Segment.stay_id == Stay.id)
        .join(Room, Room.id == Segment.room_id)
        .join(NightRate, (NightRate.line_id == Stay.line_id) & (NightRate.night == business_date))
        .where(*tonight(business_date), Stay.kind == "", NightRate.price != 0)
        .order_by(Room.floor, Room.number)
    )
    house, routes = setting(session), routing.tonight(session, business_date)
    return [
        charge
        for row in rows
        for charge in _charges(
            row.number,
            row.name,
            row.price,
            _by_rule(row.rule, row.price, routes.get(row.stay), house.digits),
            house.options,
        )
    ]


def _by_rule(rule: str, price: int, route: Route | None, digits: int) -> str:
    """Return how a night's charge is reckoned and where a routing rule leads it, and what stays with the
    guest beyond the rule's sum."""
    if route is None or price <= 0:
        return rule
    told = _("%(rule)s to folio %(window)s %(payer)s")
    words = told % {"rule": route.told(rule), "window": route.window, "payer": route.name}
    over = 0 if route.left is None else max(price - route.left, 0)
    rest = _("%(sum)s over its limit stays with the guest") % {"sum": show(over, digits)} if over else ""
    return "; ".join(filter(None, (words, rest)))


@query(Permission.AUDIT_RUN)
def changes(session: Session, *, business_date: date) -> list[Change]:
    """Return every room whose price tonight is not last night's, by reason; together they are the whole
    difference in room revenue."""
    n, night = NightStay, NightRate
    before = {
        row.stay_id: row
        for row in session.execute(
            select(n.stay_id, Room.number, kept_name(Stay.guest_name, Stay.id).label("name"), n.price)
            .join(Room, Room.id == n.room_id)
            .join(Stay, Stay.id == n.stay_id)
            .where(n.business_date == business_date - timedelta(days=1), n.kind == "")
        )
    }
    tonight_ = {
        row.id: row
        for who in (tonight(business_date), left_after(business_date))
        for row in session.execute(
            select(
                Stay.id,
                Stay.kind,
                Room.number,
                kept_name(Stay.guest_name, Stay.id).label("name"),
                func.coalesce(night.price, 0).label("price"),
            )
            .select_from(Stay)
            .join(Segment, Segment.stay_id == Stay.id)
            .join(Room, Room.id == Segment.room_id)
            .outerjoin(night, (night.line_id == Stay.line_id) & (night.night == business_date))
            .where(*who)
        )
    }
    found = []
    for stay_id in before.keys() | tonight_.keys():
        was, is_ = before.get(stay_id), tonight_.get(stay_id)
        paid, pays = (was.price if was else 0), (is_.price if is_ and not is_.kind else 0)
        if paid != pays:
            reason = (
                "departure" if is_ is None else "arrival" if was is None else "free" if is_.kind else "price"
            )
            number, guest = (row.number, row.name) if (row := is_ or was) else ("", "")
            found.append(Change(reason, number, guest, Money(paid), Money(pays)))
    order = ("arrival", "departure", "price", "free")
    return sorted(found, key=lambda c: (order.index(c.reason), len(c.room), c.room))


def _charges(room: str, guest: str, price: int, rule: str, options: Options) -> list[Charge]:
    return [
        Charge(room, guest, "ROOM", _("Room charge"), Money(price), rule),
        *(
            Charge(room, guest, part.code, _words(part), part.amount, part.share, not part.on_top)
            for part in tax.of(options, "ROOM", price)
        ),
    ]


def _words(part: tax.Part) -> str:
    name = _("Tax") if part.code == "TAX" else _("Service charge")
    return name if part.on_top else _("%(what)s, within the price") % {"what": name}


@query(Permission.AUDIT_RUN)
def run(session: Session, *, business_date: date) -> RunRow | None:
    """Return how far the audit of a business date is, None before it began."""
    row = session.execute(_runs().where(AuditRun.business_date == business_date)).first()
    return RunRow(*row) if row else None


def _runs() -> Any:
    r = AuditRun
    return select(
        r.business_date, r.step, r.started_at, r.closed_at, r.postings, r.total, r.no_shows, r.done_at
    )


@query(Permission.AUDIT_RUN, Permission.REPORTS_READ)
def last_runs(session: Session, *, limit: int = 7) -> list[RunRow]:
    """Return the latest audits, the newest first."""
    return [
        RunRow(*row) for row in session.execute(_runs().order_by(AuditRun.business_date.desc()).limit(limit))
    ]


@query(Permission.AUDIT_RUN)
def last_close(session: Session) -> datetime | None:
    """Return the moment at which the last day was closed; None where none has been."""
    r = AuditRun
    return session.scalar(
        select(r.closed_at).where(r.closed_at.is_not(None)).order_by(r.business_date.desc()).limit(1)
    )


@query(Permission.AUDIT_RUN)
def marks(session: Session, *, business_date: date) -> dict[str, dict[str, str]]:
    """Return the auditor's marks by finding."""
    found = session.execute(select(AuditRun.marks).where(AuditRun.business_date == business_date)).scalar()
    return dict(found or {})


@query(Permission.AUDIT_RUN, Permission.REPORTS_READ)
def night_counts(session: Session, *, start: date, end: date) -> list[NightCount]:
    """Return rooms sold and revenue per night from the snapshots, nights [start, end)."""
    n = NightStay
    rows = session.execute(
        select(n.business_date, func.count(), func.sum(n.price))
        .where(n.business_date >= start, n.business_date < end, n.kind == "")
        .group_by(n.business_date)
        .order_by(n.business_date)
    )
    return [NightCount(day, sold, Money(int(revenue))) for day, sold, revenue in rows]


@query(Permission.STAFF_OWN)
def countdowns(session: Session, *, station: str, now: datetime) -> list[Countdown]:
    """Return the warning that another workstation has given before its close, while the day is open and the
    warning means something."""
    r = AuditRun
    row = session.execute(
        select(r.business_date, r.warned_at, r.warned_for, r.warned_from).where(
            r.closed_at.is_(None), r.warned_at.is_not(None), r.warned_from != station
        )
    ).first()
    if row is None:
        return []
    gone = int((presence.moment(session, now) - row.warned_at).total_seconds())
    if gone >= LASTS:
        return []
    words = {"day": dates.day(row.business_date), "station": row.warned_from}
    return [
        Countdown(
            _(
                "The night audit of %(day)s starts in %%(n)s s. Finish what you are entering; "
                "%(station)s closes the day."
            )
            % words,
            _("%(station)s is closing %(day)s. It takes a few seconds; what you save now waits for it.")
            % words,
            row.warned_for - gone,
            LASTS - row.warned_for,
        )
    ]


@query(Permission.AUDIT_RUN)
def proof(session: Session, *, business_date: date) -> bool:
    """Say whether the closed day's trial balance closes: every ledger opening + debits − credits = closing,
    all closings sum to 0."""
    d = LedgerDay
    rows = session.execute(
        select(d.opening, d.debit, d.credit, d.closing).where(d.business_date == business_date)
    ).all()
    return (
        bool(rows)
        and all(r.opening + r.debit - r.credit == r.closing for r in rows)
        and sum(r.closing for r in rows) == 0
    )


@query(Permission.AUDIT_RUN, Permission.REPORTS_READ)
def figures(session: Session, *, business_date: date) -> list[tuple[int, int, int, int]]:
    """Return per type: type, rooms, sold, revenue, as snapped at the close."""
    f = NightFigure
    return [
        (r.type_id, r.rooms, r.sold, r.revenue)
        for r in session.execute(
            select(f.type_id, f.rooms, f.sold, f.revenue)
            .where(f.business_date == business_date)
            .order_by(f.type_id)
        )
    ]


@query(Permission.AUDIT_RUN)
def code_names(session: Session) -> dict[str, str]:
    """Return transaction code → name."""
    return dict(session.execute(select(TransactionCode.code, TransactionCode.name)).all())
