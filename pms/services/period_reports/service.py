"""Write a weekly or monthly report, sign it, print it again."""

from datetime import date

from sqlalchemy import select

from pms.core import dates, offers
from pms.core.clock import local
from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.permissions import Permission
from pms.db.work import Work, operation
from pms.printing.slip import Slip
from pms.services.staff import taking_out

from . import printouts, queries
from .duty import REPORTS_SIGN
from .models import PeriodReport
from .queries import NAMES

LONGEST = 8000


@operation(Permission.REPORTS_READ)
def write(work: Work, *, kind: str, start: date, text: str, plan: str) -> None:
    """Keep what is written about a week or month as a draft."""
    _written(work, kind, start, text, plan)
    work.touch("period_reports")


def _written(work: Work, kind: str, start: date, text: str, plan: str) -> PeriodReport:
    if kind not in NAMES or queries.span(kind, start)[0] != start:
        raise Refused(_("Choose a week or a month from the list."))
    if len(text) > LONGEST or len(plan) > LONGEST:
        raise Refused(_("This is longer than %(n)s characters. Shorten it.") % {"n": LONGEST})
    found = work.session.scalars(
        select(PeriodReport).where(PeriodReport.kind == kind, PeriodReport.start == start).with_for_update()
    ).first()
    if found is not None and found.signed_at is not None:
        raise Conflict(
            _("This report was signed by %(name)s and no longer changes.") % {"name": found.signed_by}
        )
    if found is None:
        found = PeriodReport(kind=kind, start=start, written_at=work.now)
        work.session.add(found)
    found.text, found.plan, found.written_at, found.written_by = (
        text.strip(),
        plan.strip(),
        work.now,
        work.clerk.id or None,
    )
    return found


@operation(Permission.REPORTS_READ)
def sign(work: Work, *, kind: str, start: date, text: str, plan: str) -> None:
    """Sign a report with a password: the whole document is kept as it is now and prints the same for ever."""
    found, end = _written(work, kind, start, text, plan), queries.span(kind, start)[1]
    if end >= work.business_date:
        raise Refused(
            _("This period is not over: %(day)s is not closed yet. Save it as a draft.")
            % {"day": dates.day(end, year=True)}
        )
    if not found.text:
        raise Refused(_("Write a few words about the period before it is signed."))
    what = _("Sign the report. It is printed, and nobody can change it any more.")
    signer = work.signature(REPORTS_SIGN, what)
    when = dates.moment(local(work.now, work.setting.zone), year=True)
    paper = _paper(work, found, _("Signed by %(name)s, %(time)s.") % {"name": signer.name, "time": when})
    found.number, found.paper = work.next_number("period_report"), paper.to_dict()
    found.signed_by, found.signed_at = signer.name, work.now
    work.print(paper, record="period_report")
    taking_out.in_bulk(work, [paper], start, end)
    work.touch("period_reports")


def _paper(work: Work, found: PeriodReport, signed: str = "") -> Slip:
    return printouts.paper(
        work.session,
        kind=found.kind,
        start=found.start,
        text=found.text,
        plan=found.plan,
        signed=signed,
        tallies=work.gather(offers.tallies, start=found.start, end=queries.span(found.kind, found.start)[1]),
    )


@operation(Permission.REPORTS_READ)
def print_report(work: Work, *, kind: str, start: date) -> None:
    """Print a report: a signed one as it was kept, a draft as it stands."""
    found = work.session.scalars(
        select(PeriodReport).where(PeriodReport.kind == kind, PeriodReport.start == start)
    ).first()
    if found is None:
        raise Refused(_("Nothing is written about this period yet. Save a draft first."))
    slip = Slip.from_dict(found.paper) if found.paper else _paper(work, found)
    work.print(slip, record="period_report")
    taking_out.in_bulk(work, [slip], *queries.span(kind, start))


@operation(Permission.TAKE_OUT)
def take_out(work: Work, *, kind: str, start: date, form: str) -> None:
    """Let a weekly or monthly report leave as a file: more than a day, so with a second person's word;
    written down."""
    if kind not in NAMES or queries.span(kind, start)[0] != start:
        raise Refused(_("Choose a week or a month from the list."))
    found = work.session.scalars(
        select(PeriodReport).where(PeriodReport.kind == kind, PeriodReport.start == start)
    ).first()
    slip = Slip.from_dict(found.paper) if found and found.paper else None
    shown = slip or _paper(work, found or PeriodReport(kind=kind, start=start, text="", plan=""))
    taking_out.as_file(work, [shown], *queries.span(kind, start), form)
