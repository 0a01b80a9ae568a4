"""The signs of last night's printed record: not typed yet, or not those of the trail."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import select

from pms.core import dates
from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.services.night_audit.models import AuditRun

from . import Check, Finding, Remedy, Tonight, people

DAY = timedelta(days=1)


def _find(tonight: Tonight) -> Iterator[Finding]:
    r = AuditRun
    run = tonight.session.execute(
        select(r.paper_entry, r.paper_signs, r.paper_right, r.paper_by, r.started_by).where(
            r.business_date == tonight.business_date
        )
    ).first()
    if run is None or run.paper_entry is None or run.paper_right:
        return
    title, detail = told(run.paper_entry, run.paper_signs, tonight.business_date - DAY)
    yield Finding(
        "wrong" if run.paper_signs else "missing",
        title,
        detail,
        Money(0),
        Remedy(_("Type the check code"), "night_audit", {"signs": True}),
        by=people(run.paper_by if run.paper_signs else run.started_by),
    )


def told(entry: int, signs: str | None, day: date) -> tuple[str, str]:
    """Return what is wrong between the paper of a day and the trail, in a title and a detail."""
    words = {"day": dates.day(day), "n": entry, "signs": signs or ""}
    if not entry:
        return (
            _("Paper of %(day)s: the trail has no seal") % words,
            _("“%(signs)s” is typed from the paper") % words
            if signs
            else _("the day is closed nevertheless"),
        )
    if signs:
        return (
            _("Paper of %(day)s: the trail differs") % words,
            _("“%(signs)s” is typed from the paper, entry %(n)s has another check code") % words,
        )
    return (
        _("Paper of %(day)s: check code not typed") % words,
        _("six characters after “entry %(n)s” on the audit record") % words,
    )


CHECK = Check(
    "on_paper",
    N_("Audit trail and paper"),
    N_(
        "Type the six-character check code at “Audit trail” on the audit record that was printed last "
        "night, from the paper and not from the screen. If it differs: read it again, keep the paper and "
        "a backup away from this computer, run “pms verify” and call the owner. The audit continues."
    ),
    "shield",
    _find,
    register="papers",
    acts="always",
)
