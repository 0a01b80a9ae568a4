"""Read what every action needs in one statement: the business date, the hotel's rules and the clerk's rights
as they are now."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Text, and_, bindparam, select, type_coerce
from sqlalchemy.orm import Session, aliased

from pms.core.office import Clerk
from pms.core.permissions import Right
from pms.db.work import Setting
from pms.services.authority import delegation
from pms.services.authority.models import Delegation
from pms.services.property.models import Property
from pms.services.property.queries import OPTIONS, options
from pms.services.staff.models import Role, Staff
from pms.services.staff.queries import UNTIL_CHANGED, known

_GIVER, _GIVERS_ROLE = aliased(Staff), aliased(Role)
_CONTEXT = (
    select(
        Property.business_date,
        Property.zone,
        Property.currency,
        Property.digits,
        Property.name,
        Property.key_sign,
        OPTIONS,
        Staff.id,
        Staff.role_code,
        Staff.password_no,
        Staff.must_change,
        type_coerce(Role.rights, Text).label("rights"),
        Delegation.id.label("lent_id"),
        Delegation.giver_id.label("lent_by"),
        _GIVER.name.label("giver"),
        _GIVER.role_code.label("givers_role"),
        Delegation.rights.label("lent"),
        Delegation.kinds.label("lent_kinds"),
        _GIVERS_ROLE.rights.label("givers_rights"),
    )
    .select_from(Property)
    .outerjoin(Staff, and_(Staff.id == bindparam("clerk_id"), Staff.active))
    .outerjoin(Role, Role.code == Staff.role_code)
    .outerjoin(Delegation, delegation.live(Staff.id, bindparam("now"), Property.business_date))
    .outerjoin(_GIVER, and_(_GIVER.id == Delegation.giver_id, _GIVER.active))
    .outerjoin(_GIVERS_ROLE, _GIVERS_ROLE.code == _GIVER.role_code)
)
LENT = 12
"""Where in a row of the context what others lend begins."""


_HELD_CONTEXT = _CONTEXT.with_for_update(read=True, key_share=True, of=Property)


def context(
    session: Session, clerk: Clerk, *, now: datetime, writing: bool = False
) -> tuple[Setting, Clerk | None]:
    """Return the hotel's setting and the person with the rights as they are now, lent ones among them; None
    when there is no such person (any more), or their password is another than they signed in with.

    ``writing`` keeps the night audit out until the end of the transaction, so that nothing is ever posted
    into a day that has been closed meanwhile; writers do not wait for each other.
    """
    rows = session.execute(_HELD_CONTEXT if writing else _CONTEXT, {"clerk_id": clerk.id, "now": now}).all()
    if not rows:
        return _UNBORN, None
    row = rows[0]
    rules = options(row.options)
    setting = Setting(row.business_date, row.zone, row.currency, row.digits, row.name, rules, row.key_sign)
    return setting, _as_of_now(clerk, rows) if row.id is not None else None


def _as_of_now(clerk: Clerk, rows: Sequence[Any]) -> Clerk | None:
    """Return the person with what they may do now, None where the session is over; set-up and the command
    line act without a password."""
    row = rows[0]
    bound = clerk.password_no is not None
    if bound and clerk.password_no != row.password_no:
        return None
    if bound and row.must_change:
        return replace(clerk, role=row.role_code, permissions=UNTIL_CHANGED, must_change=True, lent=())
    own = _rights(row.rights)
    found = (delegation.lent_by(own, *line[LENT:]) for line in rows if line[-1] is not None)
    lent = tuple(one for one in found if one is not None)
    return replace(
        clerk,
        role=row.role_code,
        permissions=own.union(*(one.rights for one in lent)),
        must_change=False,
        lent=lent,
    )


@lru_cache(maxsize=64)
def _rights(stored: str) -> frozenset[Right]:
    return known(json.loads(stored))


_UNBORN = Setting(date(2000, 1, 1))
"""Before set-up there is no hotel: operations that create it still need a date to write into the trail."""
