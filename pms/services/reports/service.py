"""Print the reports of a closed day."""

from collections.abc import Sequence
from datetime import date

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.permissions import Permission
from pms.db.work import Work, operation

from . import printouts, queries
from .rolls import ROLLS


@operation(Permission.REPORTS_READ)
def print_reports(work: Work, *, day: date, words: Sequence[str]) -> None:
    """Print reports of a closed day, each as often as its paper says."""
    if queries.run(work.session, day=day) is None:
        raise Refused(
            _("%(day)s is not closed yet. A report is made of a closed day only.")
            % {"day": f"{day:%Y-%m-%d}"}
        )
    for word in words:
        work.print(printouts.report(work.session, word=word, day=day, roll=ROLLS.get(word)))
