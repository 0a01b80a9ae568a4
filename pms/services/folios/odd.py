"""One question about an amount that is larger than usual, before it is booked."""

from pms.core.i18n import _
from pms.core.money import LARGEST, show
from pms.db.work import Work


def ask_if_odd(work: Work, amount: int, *expected: int) -> None:
    """Go on with an amount above the hotel's limit only when the clerk has read it again, unless it is one
    that the program itself asked for."""
    limit = work.setting.options.odd_amount
    if limit and limit < amount <= LARGEST and amount not in expected:  # beyond it is refused anyhow
        work.confirm(
            f"odd_amount:{amount}",
            _("%(sum)s is more than %(limit)s. Check it: is it right?")
            % {"sum": show(amount, work.setting.digits), "limit": show(limit, work.setting.digits)},
        )
