"""The signs on last night's audit record: where no other workstation holds a mark of the trail, the auditor
types them from the paper, and the trail is held against them."""

import re
import unicodedata
from datetime import date, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from pms.core import dates
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.options import Options
from pms.db import anchor
from pms.db.base import AuditEntry
from pms.db.work import Work

from . import seals
from .models import AuditRun

DAY = timedelta(days=1)
NO_SEAL = 0
"""Stands for the entry where the trail has no seal of the day."""
_LOOK_ALIKE = str.maketrans("OIL", "011")
_SIGNS = re.compile(rf"[0-9A-F]{{{anchor.SIGNS}}}")


def wanted(session: Session, options: Options) -> bool:
    """Say whether the auditor is asked for the signs: by itself where the books are a file, one
    workstation's."""
    if options.signs_typed in ("always", "never"):
        return options.signs_typed == "always"
    return session.get_bind().dialect.name == "sqlite"


def asked_for(session: Session, options: Options, business_date: date) -> int | None:
    """Return the entry whose signs stand on last night's paper, ``NO_SEAL`` where the trail has none of that
    day; None where nobody is asked, as on the hotel's first night."""
    if not wanted(session, options):
        return None
    if found := seals.entry_of(session, business_date - DAY):
        return found[0]
    before = exists().where(AuditRun.business_date < business_date, AuditRun.closed_at.is_not(None))
    return NO_SEAL if session.scalar(select(before)) else None


def typed(signs: str) -> str:
    """Return the signs as they are printed; refuses what cannot be six of them."""
    plain = unicodedata.normalize("NFKC", signs).upper().translate(_LOOK_ALIKE)
    plain = re.sub(r"[\s\-]", "", plain)
    if not _SIGNS.fullmatch(plain):
        raise Refused(
            _("Type the %(n)s characters after the number of the entry: digits, and letters from A to F.")
            % {"n": anchor.SIGNS}
        )
    return plain


def compare(work: Work, run: AuditRun, signs: str) -> bool:
    """Hold the trail against the signs that were typed, and note both."""
    day = run.business_date - DAY
    if run.paper_entry is None:
        raise Refused(_("No check code is asked for tonight."))
    run.paper_signs = typed(signs)
    found = seals.entry_of(work.session, day)
    run.paper_entry = found[0] if found else NO_SEAL
    run.paper_right = found is not None and anchor.signs(found[1]) == run.paper_signs
    if not run.paper_right and (other := _of_another(work.session, run.paper_signs, day)):
        raise Refused(
            _("This is the check code of the record of %(other)s. Type that of %(day)s.")
            % {"other": dates.day(other, year=True), "day": dates.day(day, year=True)}
        )
    run.paper_tries, run.paper_by, run.paper_at = run.paper_tries + 1, work.clerk.id or None, work.now
    return run.paper_right


def _of_another(session: Session, signs: str, day: date) -> date | None:
    """Return the earlier day on whose record these signs stand: another paper was taken up."""
    e = AuditEntry
    return session.scalar(
        select(e.business_date)
        .where(
            e.record == seals.SEAL,
            e.business_date < day,
            e.digest.startswith(signs.lower(), autoescape=True),
        )
        .limit(1)
    )
