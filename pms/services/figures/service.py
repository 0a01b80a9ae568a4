"""Enter the budget."""

from datetime import date

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money
from pms.core.permissions import Permission
from pms.db.work import Work, operation

from .models import Budget


@operation(Permission.PROPERTY_EDIT)
def set_budget(work: Work, *, month: date, sold: int, revenue: Money) -> None:
    """Say how many room nights a month is meant to sell and what they are meant to bring."""
    if sold < 0 or revenue < 0:
        raise Refused(_("A budget cannot be negative."))
    first = month.replace(day=1)
    found = work.session.get(Budget, first, with_for_update=True)
    if found is None:
        work.session.add(Budget(month=first, sold=sold, revenue=revenue))
    else:
        found.sold, found.revenue = sold, revenue
    work.touch("figures")
