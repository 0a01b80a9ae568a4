"""Ask for authority, and edit how far each role may go."""

import re
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from sqlalchemy import select

from pms.core import currencies, words
from pms.core.authority import DEFAULTS, NAMES, Kind, Limit
from pms.core.errors import Reason, Refused
from pms.core.i18n import _
from pms.core.money import show
from pms.core.office import Approval, Clerk
from pms.core.permissions import Permission
from pms.db.work import Work, operation
from pms.services.staff.models import Role, Staff

from . import proof, queries
from .duty import AUTHORITY_EDIT
from .models import AuthorityLimit, AuthorityUse

_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True)
class _Act:
    """What somebody wants authority for."""

    kind: Kind
    percent: Fraction | None
    amount: int


@dataclass(frozen=True)
class _Table:
    """The table of authority and the role of each person at hand, read once per operation."""

    rows: dict[str, queries.RoleLimits]
    role_of: dict[int, str]

    def of(self, person: int) -> queries.RoleLimits | None:
        """Return the row of a person's role."""
        return self.rows.get(self.role_of.get(person, ""))


def authorise(
    work: Work,
    kind: Kind,
    what: str,
    *,
    percent: Fraction | int | None = None,
    amount: int = 0,
    line_id: int | None = None,
    stay_id: int | None = None,
) -> None:
    """Go on when the clerk's own limit, or that of a second person who agreed, covers the act, and write the
    use down; otherwise a second person is asked (``Work.lack``).

    ``what`` names the act without a full stop, as the second person reads it: "298.00 for 1.00 on 20 Nov".
    ``percent`` is what is given away of the whole (``percent_off`` reckons it exactly), ``amount`` the money.
    """
    act = _Act(kind, None if percent is None else Fraction(percent), amount)
    table = _table(work)
    why, by, on = _rests_on(work, table, work.clerk, act)
    if why and (given := work.approval) is not None and work.agreed(Reason(Permission.APPROVE, what, amount)):
        why, by, on = _rests_on(work, table, given, act)
    if why:
        work.lack(_asking(table, what, why, act))
    work.insert_one(
        AuthorityUse,
        business_date=work.business_date,
        at=work.now,
        kind=kind.value,
        what=what,
        percent=None if act.percent is None else ceil(act.percent * 100),
        amount=amount,
        clerk_id=work.clerk.id or None,
        by_id=by or None,
        action=work.action,
        line_id=line_id,
        stay_id=stay_id,
        delegation_id=on,
    )


def _rests_on(work: Work, table: _Table, who: Clerk | Approval, act: _Act) -> tuple[str, int, int | None]:
    """Return why an act is beyond a person, nothing when it is not; on whose authority it rests, and by which
    delegation: the person's own limit first, then what others lend, each up to the giver's."""
    person = who.id if isinstance(who, Clerk) else who.staff_id
    why = _beyond(work, table.of(person), person, who.name, act)
    if not why:
        return "", person, None
    for lent in who.lent:
        if act.kind in lent.kinds and not _beyond(
            work, table.rows.get(lent.role), lent.giver_id, lent.giver, act
        ):
            return "", lent.giver_id, lent.id
    return why, person, None


def _table(work: Work) -> _Table:
    found = work.session.info.get("authority")
    if found is None:
        asked = [work.clerk.id, *([work.approval.staff_id] if work.approval else [])]
        people = work.session.execute(
            select(Staff.id, Staff.role_code).where(Staff.id.in_(asked), Staff.active)
        )
        found = _Table(
            {row.code: row for row in queries.table(work.session)}, {p: role for p, role in people}
        )
        work.session.info["authority"] = found
    assert isinstance(found, _Table)
    return found


def _beyond(work: Work, role: queries.RoleLimits | None, person: int, name: str, act: _Act) -> str:
    """Say why an act is beyond a person's limit, nothing when it is within."""
    limit = role.limits.get(act.kind) if role else None
    if limit is None:
        return _("%(name)s may not do this alone.") % {"name": name}
    if not limit.covers(act.percent, act.amount) or limit.too_late(
        work.now, work.setting.zone, work.business_date
    ):
        return _("%(name)s may go so far: %(limit)s.") % {
            "name": name,
            "limit": limit_words(limit, work.setting.digits),
        }
    return _cap(work, person, name, limit, act)


def _cap(work: Work, person: int, name: str, limit: Limit, act: _Act) -> str:
    """Say that the month's cap does not reach; the person's row is held, so that two desks do not both use
    the rest."""
    if limit.month is None:
        return ""
    work.session.execute(select(Staff.id).where(Staff.id == person).with_for_update(key_share=True))
    given = queries.used(work.session, by_id=person, kind=act.kind, since=work.business_date.replace(day=1))
    if given + act.amount <= limit.month:
        return ""
    digits = work.setting.digits
    return _("%(name)s may give %(month)s a month and has given %(used)s.") % {
        "name": name,
        "month": show(limit.month, digits),
        "used": show(given, digits),
    }


def limit_words(limit: Limit, digits: int) -> str:
    """Return a limit in words: 5 %, 50.00, until 14:00, 500.00 a month."""
    parts = (
        f"{limit.percent} %" if limit.percent is not None else "",
        show(limit.amount, digits) if limit.amount is not None else "",
        _("until %(hour)s") % {"hour": limit.until} if limit.until else "",
        _("%(sum)s a month") % {"sum": show(limit.month, digits)} if limit.month is not None else "",
    )
    return ", ".join(part for part in parts if part) or _("without limit")


def _asking(table: _Table, what: str, why: str, act: _Act) -> Reason:
    may = [
        _(row.name)
        for row in table.rows.values()
        if row.approves and (limit := row.limits.get(act.kind)) and limit.covers(act.percent, act.amount)
    ]
    if not may:
        raise Refused(
            _("%(what)s. Nobody may approve this: the owner edits the limits on the page Authority.")
            % {"what": what}
        )
    message = _("%(why)s %(roles)s may agree.")
    return Reason(Permission.APPROVE, what, act.amount, message % {"why": why, "roles": " / ".join(may)})


@operation(None)
def open_table(work: Work) -> None:
    """Write the limits that a new hotel starts with; refuses a second time."""
    if work.session.scalars(select(AuthorityLimit.kind).limit(1)).first() is not None:
        raise Refused(_("The table of authority is there already. Edit it on the page Authority."))
    money = currencies.of(work.setting.currency)
    rows = [
        {
            **vars(limit),
            "role_code": role,
            "kind": kind.value,
            "amount": None if limit.amount is None else money.worth(limit.amount),
            "month": None if limit.month is None else money.worth(limit.month),
        }
        for role, kind, limit in DEFAULTS
    ]
    work.insert_many(AuthorityLimit, rows)
    proof.note(work)


@operation(AUTHORITY_EDIT)
def set_limit(work: Work, *, kind: str, role: str, limit: Limit | None) -> None:
    """Set how far a role may go alone in one kind of act; None: not at all."""
    [chosen] = words.each(Kind, [kind])
    if work.session.get(Role, role) is None:
        raise Refused(_("This role is not there any more. Open the page again."))
    if limit is not None:
        _check(limit)
    held = work.session.get(AuthorityLimit, (role, chosen.value), with_for_update=True)
    digits = work.setting.digits
    work.note(
        "authority",
        {
            "kind": NAMES[chosen],
            "role": role,
            "before": limit_words(_limit(held), digits) if held else None,
            "after": limit_words(limit, digits) if limit else None,
        },
    )
    if held is not None and limit is None:
        work.session.delete(held)
    elif limit is not None:
        row = held or AuthorityLimit(role_code=role, kind=chosen.value)
        row.percent, row.amount, row.until, row.month = limit.percent, limit.amount, limit.until, limit.month
        work.session.add(row)
    work.session.flush()
    proof.note(work)
    work.touch("authority")


def _limit(row: AuthorityLimit) -> Limit:
    return Limit(row.percent, row.amount, row.until, row.month)


def _check(limit: Limit) -> None:
    if limit.percent is not None and not 0 <= limit.percent <= 100:
        raise Refused(_("A limit in per cent is from 0 to 100."))
    if min(limit.amount or 0, limit.month or 0) < 0:
        raise Refused(_("A limit is 0 or more."))
    if limit.until and not _HOUR.fullmatch(limit.until):
        raise Refused(_("Type a time such as 14:00."))
