"""Read what every action needs in one statement: the business date, the hotel's rules and the clerk's rights as they are now."""
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from pms.core.options import Options
from pms.core.permissions import Permission
from pms.db.work import Setting
from pms.services.property.models import Property
from pms.services.staff.models import Role, Staff
from pms.services.staff.queries import known


def context(session: Session, clerk_id: int) -> tuple[Setting, frozenset[Permission] | None]:
    """Return the hotel's setting and the rights of the person, None when there is no such person (any more)."""
    p, s, r = Property, Staff, Role
    row = session.execute(
        select(p.business_date, p.zone, p.currency, p.digits, p.name, p.__table__.c.options, s.id, r.__table__.c.rights)
        .select_from(p).outerjoin(s, and_(s.id == clerk_id, s.active)).outerjoin(r, r.code == s.role_code)).first()
    if row is None:
        return _UNBORN, None
    setting = Setting(row.business_date, row.zone, row.currency, row.digits, row.name, _options(row.options))
    return setting, _rights(tuple(row.rights)) if row.id is not None else None


@lru_cache(maxsize=64)
def _rights(rights: tuple[str, ...]) -> frozenset[Permission]:
    return known(list(rights))


def _options(stored: dict[str, Any]) -> Options:
    return Options.read(stored) if stored else _USUAL


_USUAL = Options()
_UNBORN = Setting(date(2000, 1, 1))
"""Before set-up there is no hotel: operations that create it still need a date to write into the trail."""
