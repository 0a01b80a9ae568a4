"""Periods, comparisons, pick-up and origins. What a year costs to read does not depend on how many years lie
behind it."""

from calendar import monthrange
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, case, func, literal_column, select, union_all
from sqlalchemy.orm import Session

from pms.core.figures import Figures
from pms.core.money import Money
from pms.core.offers import Aim
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.services.folios import tax
from pms.services.night_audit.models import NightFigure, NightPart, NightStay
from pms.services.property.queries import setting
from pms.services.reports import queries as reports
from pms.services.reports.bridges import RoomBridge, room_bridge
from pms.services.reservations.models import COMING, BookedRoom, NightRate, Reservation, listed_name
from pms.services.rooms.models import Room, RoomType
from pms.services.stays.models import Sharer, Stay, kept_name

from .models import Budget


@dataclass(frozen=True)
class PickUp:
    """What is booked for one coming night, and how much of it was booked lately."""

    night: date
    booked: int
    lately: int
    revenue: Money


@dataclass(frozen=True)
class NightRow:
    """One room in one night behind a figure."""

    day: date
    room: str
    guest: str
    source: str
    price: Money


@dataclass(frozen=True)
class ComingRow:
    """One booked room behind a coming night."""

    line_id: int
    number: int
    guest: str
    type_code: str
    arrival: date
    departure: date
    made_on: date
    price: Money


@dataclass(frozen=True)
class Page:
    """A period on one page: its budget, each day, its sums and those of the year before, where the business
    came from, what is booked ahead, the budget entered for the month in which it begins, what was
    corrected after the close, and the budget of each of its months."""

    aim: Aim | None
    days: list[tuple[date, Figures | None, Figures | None]]
    now: Figures
    before: Figures
    sources: list[reports.Share]
    origins: list[reports.Share]
    coming: list[PickUp]
    entered: Aim | None
    bridge: RoomBridge
    aims: dict[date, Aim]


@query(Permission.REPORTS_READ)
def page(session: Session, *, start: date, end: date, ahead: int, most: int) -> Page:
    """Return all of a period's page, read at one moment: ``ahead`` coming nights, ``most`` sources and
    origins, the rest of them as one."""
    months = aims(session, start=start, end=end)
    return Page(
        _whole(months),
        days(session, start=start, end=end),
        *period(session, start=start, end=end),
        shortened(reports.by_source(session, start=start, end=end), most),
        shortened(origins(session, start=start, end=end), most),
        pick_up(session, today=setting(session).business_date, nights=ahead),
        aim(session, month=start),
        room_bridge(session, start=start, end=end),
        months,
    )


def month_of(day: date) -> tuple[date, date]:
    """Return the first and last day of a month."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def a_year_before(day: date) -> date:
    """Return the same weekday a year before, because a Friday is compared with a Friday."""
    return day - timedelta(days=364)


@query(Permission.REPORTS_READ)
def period(session: Session, *, start: date, end: date) -> tuple[Figures, Figures]:
    """Return the figures from ``start`` to ``end``, both in, and those of the same weekdays a year before: of
    a period that is not over only as far as it has come."""
    last = session.execute(
        select(func.max(NightFigure.business_date)).where(
            NightFigure.business_date >= start, NightFigure.business_date <= end
        )
    ).scalar()
    return (
        reports.figures(session, start=start, end=end),
        reports.figures(session, start=a_year_before(start), end=a_year_before(last or end)),
    )


@query(Permission.REPORTS_READ)
def days(session: Session, *, start: date, end: date) -> list[tuple[date, Figures | None, Figures | None]]:
    """Return each day from ``start`` to ``end``, both in, with its figures and those of the year before; None
    where no day was closed."""
    now = dict(reports.by_day(session, start=start, end=end))
    before = dict(reports.by_day(session, start=a_year_before(start), end=a_year_before(end)))
    each = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    return [(day, now.get(day), before.get(a_year_before(day))) for day in each]


def by_month(
    rows: list[tuple[date, Figures | None, Figures | None]],
) -> list[tuple[date, Figures | None, Figures | None]]:
    """Return the same figures month by month, for a period whose days no eye can tell apart."""
    months: dict[date, list[tuple[Figures | None, Figures | None]]] = {}
    for day, now, before in rows:
        months.setdefault(day.replace(day=1), []).append((now, before))
    return [
        (first, _together([n for n, _b in some if n]), _together([b for _n, b in some if b]))
        for first, some in months.items()
    ]


def _together(some: list[Figures]) -> Figures | None:
    if not some:
        return None
    counts = {f.name: sum(getattr(one, f.name) for one in some) for f in fields(Figures) if f.name != "local"}
    return Figures(**counts, local=some[0].local)


@query(Permission.REPORTS_READ)
def aims(session: Session, *, start: date, end: date) -> dict[date, Aim]:
    """Return the budget of each month of a period that has one, by its first day: whole months whole, others
    by their days, rounded half up."""
    found = {}
    for month, nights, amount in session.execute(
        select(Budget.month, Budget.sold, Budget.revenue).where(
            Budget.month >= start.replace(day=1), Budget.month <= end
        )
    ):
        long = monthrange(month.year, month.month)[1]
        last = month.replace(day=long)
        part = (min(end, last) - max(start, month)).days + 1
        found[month] = Aim(
            (nights * part * 2 + long) // (2 * long), Money((amount * part * 2 + long) // (2 * long))
        )
    return found


@query(Permission.REPORTS_READ)
def aim_between(session: Session, *, start: date, end: date) -> Aim | None:
    """Return the budget of a period; None where no month has one."""
    return _whole(aims(session, start=start, end=end))


def _whole(parts: dict[date, Aim]) -> Aim | None:
    if not parts:
        return None
    return Aim(sum(a.sold for a in parts.values()), Money(sum(a.revenue for a in parts.values())))


OTHERS = "*"
"""The key of what a short list does not name."""
_FIRST = (Sharer.stay_id == Stay.id) & Sharer.first


@query(Permission.REPORTS_READ)
def nights_sold(
    session: Session,
    *,
    start: date,
    end: date,
    source: str | None = None,
    nationality: str | None = None,
    besides: tuple[str, ...] = (),
    limit: int = 500,
) -> list[NightRow]:
    """Return the room nights sold in a period, the latest first: of a source, or of guests from a country;
    ``OTHERS`` stands for all but those ``besides``."""
    rows = [
        NightRow(*row)
        for n, brought in ((NightStay, reports.NET), (NightPart, NightPart.revenue))
        for row in session.execute(_nights(n, brought, start, end, source, nationality, besides).limit(limit))
    ]
    return sorted(rows, key=lambda r: r.day, reverse=True)[:limit]


def _nights(
    n: Any,
    brought: Any,
    start: date,
    end: date,
    source: str | None,
    nationality: str | None,
    besides: tuple[str, ...],
) -> Select[*tuple[Any, ...]]:
    question = (
        select(
            n.business_date,
            func.coalesce(n.room, Room.number),
            kept_name(func.coalesce(n.guest, Stay.guest_name), n.stay_id),
            n.source,
            brought,
        )
        .join(Room, Room.id == n.room_id)
        .join(Stay, Stay.id == n.stay_id)
        .where(n.business_date >= start, n.business_date <= end)
        .order_by(n.business_date.desc(), Room.floor, Room.number)
    )
    if n is NightStay:
        question = question.where(n.kind == "")
    if source is not None:
        question = question.where(n.source.not_in(besides) if source == OTHERS else n.source == source)
    if nationality is not None:
        of = func.coalesce(Sharer.nationality, "")
        question = question.outerjoin(Sharer, _FIRST).where(
            of.not_in(besides) if nationality == OTHERS else of == nationality
        )
    return question


@query(Permission.REPORTS_READ)
def booked_for(session: Session, *, night: date) -> list[ComingRow]:
    """Return the booked rooms behind one coming night."""
    b, r, n = BookedRoom, Reservation, NightRate
    return [
        ComingRow(*row)
        for row in session.execute(
            select(b.id, r.number, listed_name(), RoomType.code, b.arrival, b.departure, r.made_on, n.price)
            .join(r, r.id == b.reservation_id)
            .join(n, (n.line_id == b.id) & (n.night == night) & (n.night < b.departure))
            .join(RoomType, RoomType.id == b.type_id)
            .where(COMING)
            .order_by(r.number, b.id)
        )
    ]


@query(Permission.REPORTS_READ)
def aim(session: Session, *, month: date) -> Aim | None:
    """Return a month's budget; None where none was entered."""
    found = session.execute(
        select(Budget.sold, Budget.revenue).where(Budget.month == month.replace(day=1))
    ).first()
    return Aim(*found) if found else None


@query(Permission.REPORTS_READ)
def origins(session: Session, *, start: date, end: date) -> list[reports.Share]:
    """Return where the guests of the room nights sold come from, the most first; an unknown nationality is an
    empty name. They add up to the house's room nights."""
    n, p = NightStay, NightPart
    none: Any = literal_column("0")
    each = union_all(
        select(
            n.stay_id.label("stay_id"),
            literal_column("1").label("sold"),
            none.label("halves"),
            reports.NET.label("brought"),
        ).where(n.business_date >= start, n.business_date <= end, n.kind == ""),
        select(p.stay_id, none, p.halves, p.revenue).where(p.business_date >= start, p.business_date <= end),
    ).subquery()
    name = func.coalesce(Sharer.nationality, "")
    halves = func.sum(2 * each.c.sold + each.c.halves)
    rows = session.execute(
        select(name, func.sum(each.c.sold), func.sum(each.c.brought), func.sum(each.c.halves))
        .select_from(each)
        .outerjoin(Sharer, (Sharer.stay_id == each.c.stay_id) & Sharer.first)
        .group_by(name)
        .order_by(halves.desc(), name)
    )
    return [reports.Share(row[0], int(row[1]), Money(int(row[2] or 0)), int(row[3])) for row in rows]


def shortened(shares: list[reports.Share], most: int) -> list[reports.Share]:
    """Return the first shares and all the rest as one named ``OTHERS``, so that a short list adds up too."""
    if len(shares) <= most:
        return shares
    shown, rest = shares[: most - 1], shares[most - 1 :]
    together = reports.Share(
        OTHERS,
        sum(s.number for s in rest),
        Money(sum(s.amount for s in rest)),
        sum(s.halves for s in rest),
    )
    return [*shown, together]


@query(Permission.REPORTS_READ)
def pick_up(session: Session, *, today: date, nights: int = 30, lately: int = 7) -> list[PickUp]:
    """Return what is booked for each coming night, and how many of these rooms were booked in the last
    ``lately`` days."""
    b, r, n = BookedRoom, Reservation, NightRate
    of_late = func.sum(case((r.made_on > today - timedelta(days=lately), 1), else_=0))
    net = tax.net_of(n.price, tax.rule(setting(session).options, "ROOM"))
    rows = session.execute(
        select(n.night, func.count(), of_late, func.sum(net))
        .select_from(b)
        .join(r, r.id == b.reservation_id)
        .join(n, (n.line_id == b.id) & (n.night < b.departure))
        .where(COMING, n.night >= today, n.night < today + timedelta(days=nights))
        .group_by(n.night)
    )
    found = {
        night: PickUp(night, booked, int(new), Money(int(revenue))) for night, booked, new, revenue in rows
    }
    each = [today + timedelta(days=n) for n in range(nights)]
    return [found.get(night, PickUp(night, 0, 0, Money(0))) for night in each]
