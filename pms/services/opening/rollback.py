"""How far books go and what a restore rolls back: business dates, closed days, entries of the trail."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.i18n import _, ngettext
from pms.core.office import Clerk
from pms.db import anchor
from pms.db.base import AuditEntry
from pms.db.office import NOBODY, DatabaseOffice
from pms.db.work import plain
from pms.services.night_audit.models import AuditRun
from pms.services.property.queries import setting
from pms.services.staff import queries as staff


@dataclass(frozen=True)
class Stand:
    """The business date, the last day that was closed and when, and the last entry of the trail."""

    business_date: date
    closed: date | None
    closed_at: datetime | None
    entry: int
    head: str

    def told(self) -> dict[str, Any]:
        """Return it as the trail writes it."""
        return {name: plain(value) for name, value in asdict(self).items()}


def stand(session: Session) -> Stand:
    """Return how far these books go."""
    r, e = AuditRun, AuditEntry
    run = session.execute(
        select(r.business_date, r.closed_at)
        .where(r.closed_at.is_not(None))
        .order_by(r.business_date.desc())
        .limit(1)
    ).first()
    last = session.execute(select(e.id, e.digest).order_by(e.id.desc()).limit(1)).first()
    day, at = run or (None, None)
    return Stand(setting(session).business_date, day, at, *(last or (0, "")))


def known_as(office: DatabaseOffice, person: Clerk) -> Clerk:
    """Return a person of other books as these know them by number and name; nobody where they do not."""
    for found in office.look(staff.all_staff):
        if found.id == person.id and found.name == person.name:
            return person
    return NOBODY


def words(before: Stand | None, after: Stand) -> str:
    """Return in a sentence what a restore rolls back."""
    if before is None:
        return _("The business date is %(day)s. How far the books went before is not known.") % {
            "day": after.business_date
        }
    days = max((before.business_date - after.business_date).days, 0)
    sentence = ngettext(
        "%(n)s business day is rolled back: the business date is %(after)s, before it was %(before)s; "
        "the trail ended with %(entry)s.",
        "%(n)s business days are rolled back: the business date is %(after)s, before it was %(before)s; "
        "the trail ended with %(entry)s.",
        days,
    )
    return sentence % {
        "n": days,
        "after": after.business_date,
        "before": before.business_date,
        "entry": anchor.words(before.entry, before.head),
    }
