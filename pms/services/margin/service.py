"""Print the shop's margin of some days."""

from datetime import date

from pms.db.work import Work, operation

from . import printouts, queries
from .duty import SEE


@operation(SEE)
def print_margin(work: Work, *, first: date, last: date) -> None:
    """Print the margin by article and by day, with what was lost at cost."""
    goods = queries.by_good(work.session, first=first, last=last)
    days = queries.by_day(work.session, first=first, last=last)
    work.print(printouts.sheet(work, first=first, last=last, goods=goods, days=days))
