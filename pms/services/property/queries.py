"""What the hotel is called and which rules it keeps."""

import json
from base64 import b64decode
from functools import lru_cache

from sqlalchemy import Text, select, type_coerce
from sqlalchemy.orm import Session

from pms.core.options import Options
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.books import ask, once
from pms.db.work import Setting

from .models import Logo, Property

OPTIONS = type_coerce(Property.options, Text).label("options")
"""The rules as they are stored; ``options`` reads each text once."""
_SETTING = select(
    Property.business_date, Property.zone, Property.currency, Property.digits, Property.name, OPTIONS
)


@lru_cache(maxsize=8)
def options(stored: str) -> Options:
    """Return the hotel's rules from their stored text."""
    return Options.read(json.loads(stored))


@query()
def exists(session: Session) -> bool:
    """Say whether the database holds a hotel."""
    return session.execute(select(Property.id)).first() is not None


@query()
def setting(session: Session) -> Setting:
    """Return the hotel's name, business date, zone, currency and rules; read once for each snapshot."""
    return once(session, "setting", lambda: _setting(session))


def _setting(session: Session) -> Setting:
    row = ask(session, _SETTING).one()
    return Setting(row.business_date, row.zone, row.currency, row.digits, row.name, options(row.options))


@query(Permission.PROPERTY_EDIT, Permission.REPORTS_READ)
def logo(session: Session, *, sign: str) -> bytes:
    """Return a picture that papers name, as a PNG file; empty where there is none of that sign."""
    found = session.execute(select(Logo.png).where(Logo.sign == sign).limit(1)).scalar()
    return b64decode(found) if found else b""
