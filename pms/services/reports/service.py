"""Print the reports of a closed day."""

from collections.abc import Sequence
from datetime import date

from pms.core import dates
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.permissions import Permission
from pms.db.work import Work, operation
from pms.services.night_audit import paper
from pms.services.staff import taking_out

from . import printouts, queries
from .rolls import ROLLS


@operation(Permission.REPORTS_READ)
def print_reports(work: Work, *, day: date, words: Sequence[str]) -> None:
    """Print reports of a closed day, each as often as its paper says."""
    _must_be_closed(work, day)
    slips = [printouts.report(work.session, word=word, day=day, roll=ROLLS.get(word)) for word in words]
    for slip in slips:
        work.print(slip)
    taking_out.in_bulk(work, slips, day, day)


@operation(Permission.AUDIT_RUN)
def print_record(work: Work, *, day: date) -> bool:
    """Print the audit record of a closed day where the next auditor types its signs; says whether it is."""
    if not paper.wanted(work.session, work.setting.options):
        return False
    _must_be_closed(work, day)
    work.print(printouts.report(work.session, word="audit_record", day=day))
    return True


def _must_be_closed(work: Work, day: date) -> None:
    if queries.run(work.session, day=day) is None:
        raise Refused(
            _("%(day)s is not closed yet. A report is made of a closed day only.")
            % {"day": dates.day(day, year=True)}
        )


@operation(Permission.TAKE_OUT)
def take_out(work: Work, *, day: date, words: Sequence[str], form: str) -> None:
    """Let reports of a closed day leave as a file; written down, and with a second person's word where it is
    more than two hundred guests."""
    _must_be_closed(work, day)
    slips = [printouts.report(work.session, word=word, day=day) for word in words]
    taking_out.as_file(work, slips, day, day, form)
