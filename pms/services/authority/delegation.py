"""Hand authority over for a period: what one may do oneself, to a colleague, until a day and hour."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased

from pms.core import dates, words
from pms.core.authority import NAMES, Kind
from pms.core.clock import local
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money
from pms.core.office import Lent
from pms.core.permissions import Permission, Right
from pms.core.reading import query
from pms.db.types import summed
from pms.db.work import Work, operation
from pms.services.property.models import Property
from pms.services.staff import access
from pms.services.staff.models import Role, Staff
from pms.services.staff.queries import known

from .duty import AUTHORITY_DELEGATE, AUTHORITY_EDIT
from .models import AuthorityLimit, AuthorityUse, Delegation

LONGEST = timedelta(days=31)
SHORTEST_REASON = 4
NOT_HANDED_ON = frozenset(
    {
        Permission.STAFF_EDIT,
        AUTHORITY_EDIT,
        AUTHORITY_DELEGATE,
        Permission.STAFF_OWN,
    }
)
"""Who may do what stays with whom the owner gave it to, and nobody hands on what was handed to them."""
RIGHT = "right"
"""The kind under which the use of a right stands in ``authority_use``; it has no limit and no sum."""


# ------------------------------------------------------------------ what holds now
def live(taker: Any, now: Any, today: Any) -> ColumnElement[bool]:
    """Return the condition of a delegation that holds: within its period, and not withdrawn. The business
    date, which nobody puts back, ends it too."""
    d = Delegation
    return and_(
        d.taker_id == taker,
        d.withdrawn_at.is_(None),
        d.start <= now,
        d.until > now,
        d.last_day >= today,
    )


def lent_to(
    session: Session, staff_id: int, own: frozenset[Right], now: datetime, *, but_by: int = 0
) -> tuple[Lent, ...]:
    """Return what others lend a person now beyond the ``own`` rights, but for what ``but_by`` lends."""
    d, s, r = Delegation, Staff, Role
    rows = session.execute(
        select(d.id, d.giver_id, s.name, s.role_code, d.rights, d.kinds, r.rights)
        .join(s, and_(s.id == d.giver_id, s.active))
        .join(r, r.code == s.role_code)
        .where(live(staff_id, now, select(Property.business_date).scalar_subquery()), d.giver_id != but_by)
        .order_by(d.id)
    )
    return tuple(lent for row in rows if (lent := lent_by(own, *row)) is not None)


def lent_by(
    own: frozenset[Right],
    number: int,
    giver_id: int,
    giver: str,
    role: str,
    rights: list[str],
    kinds: list[str],
    held: list[str],
) -> Lent | None:
    """Return what one delegation adds to the own rights: never more than the giver's role holds now; None
    where it adds nothing, or the giver may hand nothing over any more."""
    given = known(held)
    if AUTHORITY_DELEGATE not in given:
        return None
    added = (known(rights) & given) - own - NOT_HANDED_ON
    return Lent(number, giver_id, giver, role, added, frozenset(kinds)) if added or kinds else None


def by_which(lent: Iterable[Lent], lacking: Iterable[Right]) -> int | None:
    """Return the delegation by which somebody may do what their own role lacks, None where it lacks
    nothing."""
    wanted = frozenset(lacking)
    return next((one.id for one in lent if one.rights & wanted), None)


# ------------------------------------------------------------------ hand over and take back
@operation(AUTHORITY_DELEGATE)
def give(
    work: Work,
    *,
    taker_id: int,
    start: datetime,
    until: datetime,
    rights: Sequence[str],
    kinds: Sequence[str],
    reason: str,
) -> int:
    """Hand rights and authority of one's own over to a colleague for a period, and return its number; never
    more than one has oneself, and it ends when one loses it."""
    people = _held(work, work.clerk.id, taker_id)
    giver, taker = people[work.clerk.id], people.get(taker_id)
    if taker is None or not taker.active or taker.id == giver.id:
        raise Refused(_("Choose a colleague who may sign in."))
    _check_period(work, start, until)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused(_("Say why the authority is delegated."))
    if not rights and not kinds:
        raise Refused(_("Choose what is delegated."))
    _check_own(work, giver, frozenset(map(Right, rights)), frozenset(words.each(Kind, kinds)))
    made = work.insert_one(
        Delegation,
        business_date=work.business_date,
        at=work.now,
        giver_id=giver.id,
        taker_id=taker.id,
        start=start,
        until=until,
        last_day=local(until, work.setting.zone).date(),
        rights=sorted(set(rights)),
        kinds=sorted(set(kinds)),
        reason=reason.strip(),
    )
    told = f"{giver.name} \u2192 {taker.name}, {_span(work, start, until)}: "
    access.write(work, access.Kind.RIGHTS, told + ", ".join([*sorted(set(rights)), *sorted(set(kinds))]))
    work.touch("staff", "authority")
    return made


def _held(work: Work, *numbers: int) -> dict[int, Staff]:
    """Return people by number, held in one order for everybody."""
    found = select(Staff).where(Staff.id.in_(numbers)).order_by(Staff.id).with_for_update(key_share=True)
    return {person.id: person for person in work.session.scalars(found)}


def _check_period(work: Work, start: datetime, until: datetime) -> None:
    if until <= start or until <= work.now:
        raise Refused(_("The period ends before it begins. Correct the dates."))
    if until - max(start, work.now) > LONGEST:
        raise Refused(
            _("Authority is delegated for %(n)s days at most. For longer the owner changes the role.")
            % {"n": LONGEST.days}
        )


def _check_own(work: Work, giver: Staff, rights: frozenset[Right], kinds: frozenset[Kind]) -> None:
    """Refuse what the giver's own role does not hold; what others lend is not handed on."""
    own = work.clerk.permissions - {right for lent in work.clerk.lent for right in lent.rights}
    if lacking := sorted((rights - own) | (rights & NOT_HANDED_ON)):
        raise Refused(
            _("%(name)s cannot delegate this: %(what)s. Nobody delegates more than their own role has.")
            % {"name": giver.name, "what": ", ".join(lacking)}
        )
    limits = set(
        work.session.scalars(select(AuthorityLimit.kind).where(AuthorityLimit.role_code == giver.role_code))
    )
    if missing := sorted(kinds - limits):
        raise Refused(
            _("%(name)s cannot delegate this: %(what)s. Nobody delegates more than their own role has.")
            % {"name": giver.name, "what": ", ".join(_(NAMES[kind]) for kind in missing)}
        )


def _span(work: Work, start: datetime, until: datetime) -> str:
    zone = work.setting.zone
    return f"{dates.moment(local(start, zone))} \u2192 {dates.moment(local(until, zone))}"


@operation(AUTHORITY_DELEGATE)
def withdraw(work: Work, *, delegation_id: int) -> None:
    """Take authority back before its period is over: who gave it, or an owner; it ends at once."""
    held = work.hold(Delegation, delegation_id)
    if held.giver_id != work.clerk.id and work.clerk.role != "owner":
        name = work.session.get_one(Staff, held.giver_id).name
        raise Refused(_("Only %(name)s or an owner takes this back.") % {"name": name})
    if held.withdrawn_at is not None or held.until <= work.now:
        raise Refused(_("This delegation is over already."))
    held.withdrawn_at, held.withdrawn_by = work.now, work.clerk.id
    access.write(work, access.Kind.RIGHTS, _("Delegation %(n)s is withdrawn") % {"n": held.id})
    work.touch("staff", "authority")


def record(work: Work) -> None:
    """Write down the rights that were used on another's authority in this act."""
    for lent, right in sorted(work.lent_used, key=lambda used: (used[0].id, used[1])):
        work.insert_one(
            AuthorityUse,
            business_date=work.business_date,
            at=work.now,
            kind=RIGHT,
            what=str(right),
            percent=None,
            amount=Money(0),
            clerk_id=work.clerk.id or None,
            by_id=lent.giver_id,
            action=work.action,
            delegation_id=lent.id,
        )


# ------------------------------------------------------------------ see
@dataclass(frozen=True)
class DelegationRow:
    """One delegation, as the page shows it."""

    id: int
    giver_id: int
    giver: str
    taker: str
    start: datetime
    until: datetime
    rights: tuple[str, ...]
    kinds: tuple[str, ...]
    reason: str
    state: str
    uses: int


@dataclass(frozen=True)
class UseCount:
    """How often one person used one kind of authority, on whose, and how much was given away."""

    by: str
    done_by: str
    kind: str
    delegated: bool
    number: int
    amount: Money


@dataclass(frozen=True)
class Mine:
    """What one may hand over oneself, and to whom."""

    rights: frozenset[str]
    kinds: tuple[str, ...]
    people: tuple[tuple[int, str], ...]


@query(Permission.APPROVE, AUTHORITY_DELEGATE)
def delegations(session: Session, *, now: datetime) -> list[DelegationRow]:
    """Return what was handed over, the newest first, each with its state now and how often it was used."""
    d, giver, taker, u = Delegation, aliased(Staff), aliased(Staff), AuthorityUse
    used = select(func.count()).where(u.delegation_id == d.id).correlate(d).scalar_subquery()
    rows = session.execute(
        select(d, giver.name, taker.name, used, giver.active, taker.active, Property.business_date)
        .join(giver, giver.id == d.giver_id)
        .join(taker, taker.id == d.taker_id)
        .join(Property, Property.id == 1)
        .order_by(d.id.desc())
        .limit(500)
    )
    return [
        DelegationRow(
            row.id,
            row.giver_id,
            given,
            taken,
            row.start,
            row.until,
            tuple(row.rights),
            tuple(row.kinds),
            row.reason,
            _state(row, now, today, both=on and off),
            n,
        )
        for row, given, taken, n, on, off, today in rows
    ]


def _state(row: Delegation, now: datetime, today: date, *, both: bool) -> str:
    if row.withdrawn_at is not None:
        return "withdrawn"
    if row.until <= now or row.last_day < today or not both:
        return "over"
    return "holds" if row.start <= now else "comes"


@query(AUTHORITY_DELEGATE)
def mine(session: Session, *, staff_id: int) -> Mine:
    """Return what a person's own role lets them hand over, and the colleagues to whom."""
    role, rights = session.execute(
        select(Role.code, Role.rights).join(Staff, Staff.role_code == Role.code).where(Staff.id == staff_id)
    ).one()
    limits = session.scalars(select(AuthorityLimit.kind).where(AuthorityLimit.role_code == role)).all()
    people = session.execute(
        select(Staff.id, Staff.name).where(Staff.active, Staff.id != staff_id).order_by(Staff.name)
    )
    return Mine(
        frozenset(known(rights) - NOT_HANDED_ON),
        tuple(kind.value for kind in Kind if kind in limits),
        tuple((row.id, row.name) for row in people),
    )


@query(Permission.APPROVE, AUTHORITY_EDIT)
def use_counts(session: Session, *, start: date, end: date) -> list[UseCount]:
    """Return on whose authority how often, and for how much, each person did each kind of act on the days
    from ``start`` to ``end``."""
    u, by, clerk = AuthorityUse, aliased(Staff), aliased(Staff)
    lent = u.delegation_id.is_not(None)
    kinds = [*(kind.value for kind in Kind), RIGHT]
    rows = session.execute(
        select(by.name, clerk.name, u.kind, lent, func.count(), summed(u.amount))
        .select_from(u)
        .outerjoin(by, by.id == u.by_id)
        .outerjoin(clerk, clerk.id == u.clerk_id)
        .where(u.business_date >= start, u.business_date <= end, u.kind.in_(kinds))
        .group_by(by.id, by.name, clerk.id, clerk.name, u.kind, lent)
        .order_by(by.name, clerk.name, u.kind, lent)
    )
    return [
        UseCount(b or "", c or "", kind, bool(on), n, Money(int(sum_))) for b, c, kind, on, n, sum_ in rows
    ]
