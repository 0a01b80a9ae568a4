"""What the hotel is called and which rules it keeps."""
from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.options import Options
from pms.db.work import Setting

from .models import Property


def exists(session: Session) -> bool:
    """Say whether the database holds a hotel."""
    return session.execute(select(Property.id)).first() is not None


def setting(session: Session) -> Setting:
    """Return the hotel's name, business date, zone, currency and rules."""
    p = Property
    row = session.execute(select(p.business_date, p.zone, p.currency, p.digits, p.name, p.options)).one()
    return Setting(row.business_date, row.zone, row.currency, row.digits, row.name, Options.read(row.options))
