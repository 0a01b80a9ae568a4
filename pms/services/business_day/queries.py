"""Read what every action needs in one statement: the business date, the hotel's rules and the clerk's rights
as they are now."""

import json
from datetime import date
from functools import lru_cache

from sqlalchemy import Text, and_, bindparam, select, type_coerce
from sqlalchemy.orm import Session

from pms.core.office import Clerk
from pms.core.permissions import Permission
from pms.db.work import Setting
from pms.services.property.models import Property
from pms.services.property.queries import OPTIONS, options
from pms.services.staff.models import Role, Staff
from pms.services.staff.queries import UNTIL_CHANGED, known

_CONTEXT = (
    select(
        Property.business_date,
        Property.zone,
        Property.currency,
        Property.digits,
        Property.name,
        OPTIONS,
        Staff.id,
        Staff.password_no,
        Staff.must_change,
        type_coerce(Role.rights, Text).label("rights"),
    )
    .select_from(Property)
    .outerjoin(Staff, and_(Staff.id == bindparam("clerk_id"), Staff.active))
    .outerjoin(Role, Role.code == Staff.role_code)
)


_HELD_CONTEXT = _CONTEXT.with_for_update(read=True, key_share=True, of=Property)


def context(
    session: Session, clerk: Clerk, *, writing: bool = False
) -> tuple[Setting, frozenset[Permission] | None]:
    """Return the hotel's setting and the rights of the person, None when there is no such person (any more),
    or their password is another than they signed in with.

    ``writing`` keeps the night audit out until the end of the transaction, so that nothing is ever posted
    into a day that has been closed meanwhile; writers do not wait for each other.
    """
    row = session.execute(_HELD_CONTEXT if writing else _CONTEXT, {"clerk_id": clerk.id}).first()
    if row is None:
        return _UNBORN, None
    setting = Setting(row.business_date, row.zone, row.currency, row.digits, row.name, options(row.options))
    if row.id is None:
        return setting, None
    if clerk.password_no is None:  # set-up and the command line act without a password
        return setting, _rights(row.rights)
    if clerk.password_no != row.password_no:
        return setting, None
    return setting, UNTIL_CHANGED if row.must_change else _rights(row.rights)


@lru_cache(maxsize=64)
def _rights(stored: str) -> frozenset[Permission]:
    return known(json.loads(stored))


_UNBORN = Setting(date(2000, 1, 1))
"""Before set-up there is no hotel: operations that create it still need a date to write into the trail."""
