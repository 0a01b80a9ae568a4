"""The papers of a closed day. Each is built from the numbers of ``queries`` and says under itself how it was
worked out."""

from collections.abc import Callable
from datetime import date

from sqlalchemy.orm import Session

from pms.core import clock, dates
from pms.core.errors import Refused
from pms.core.i18n import N_, _
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.printing import slip
from pms.printing.slip import Block, Slip
from pms.services.property.queries import setting

from . import books, queries, turnover
from .page import Page

Builder = Callable[[Page], tuple[Block, ...]]
REPORTS: dict[str, tuple[str, Builder]] = {
    "audit_record": (N_("Audit record"), books.audit_record),
    "revenue": (N_("Daily revenue"), turnover.revenue),
    "manager": (N_("Manager's report"), turnover.manager),
    "trial_balance": (N_("Trial balance"), books.trial_balance),
    "balances": (N_("In-house balances"), books.balances),
    "variances": (N_("Room-rate variance"), books.variances),
    "corrections": (N_("Voids and adjustments"), books.corrections),
    "given_away": (N_("Complimentary and house use"), books.given_away),
    "losses": (N_("No-shows and cancellations"), books.losses),
    "cashier": (N_("Cashier summary"), books.cashier),
    "discrepancies": (N_("Discrepancies"), books.discrepancies),
}
"""The night's set, in the order it is filed."""


@query(Permission.REPORTS_READ)
def report(session: Session, *, word: str, day: date, roll: Builder | None = None) -> Slip:
    """Return one report of a closed day, on A4, and its layout for a receipt roll where it has one."""
    if word not in REPORTS:
        raise Refused(_("There is no such report. Choose one of the list."))
    title, build = REPORTS[word]
    s = setting(session)
    run = queries.run(session, day=day)
    when = dates.moment(clock.local(run.closed_at, s.zone), year=True) if run else ""
    closed = _("Closed %(time)s by %(clerk)s.") % {"time": when, "clerk": run.closed_by} if run else ""
    page = Page(session, day, s.digits, s.zone)
    dated = slip.facts((_("Business date"), dates.day(day, year=True)))
    return Slip(
        f"report_{word}",
        _(title),
        (dated, *build(page)),
        number=f"{day:%Y%m%d}",
        paper="A4",
        house=s.name,
        house_note="  ".join(filter(None, (s.options.address, s.options.phone))),
        foot=closed,
        roll=(dated, *roll(page)) if roll else (),
    )
