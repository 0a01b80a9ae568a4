"""The night audit's look at house accounts: open for too long, beyond the limit, closed with money on it."""

from collections.abc import Iterator

from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.services.night_audit.checks import Check, Finding, Remedy, Tonight

from . import queries
from .duty import DAYS
from .queries import HouseRow


def _find(tonight: Tonight) -> Iterator[Finding]:
    for row in queries.still_open(tonight.session):
        why = _(", ").join(filter(None, (_over(row, tonight), _late(row, tonight))))
        if why:
            yield _finding(row, why, row.balance)
    for row in queries.closed_owing(tonight.session):
        yield _finding(
            row, _("closed, and %(sum)s stands on it") % {"sum": tonight.show(row.balance)}, row.balance
        )


def _over(row: HouseRow, tonight: Tonight) -> str:
    told = {"sum": tonight.show(row.balance), "limit": tonight.show(row.limit)}
    return _("owes %(sum)s, its limit is %(limit)s") % told if row.over else ""


def _late(row: HouseRow, tonight: Tonight) -> str:
    days = row.age(tonight.business_date)
    return _("open for %(n)s days") % {"n": days} if days > tonight.options[DAYS] else ""


def _finding(row: HouseRow, why: str, amount: int) -> Finding:
    return Finding(
        str(row.number),
        f"{row.shown} {row.name}",
        _(", ").join(filter(None, (row.responsible, why))),
        Money(abs(amount)),
        Remedy(_("House accounts"), "house_accounts", {"number": row.number}),
        about=row.shown,
    )


CHECK = Check(
    "house_accounts",
    N_("House accounts to be seen to"),
    N_("Ask who is responsible; settle it and close it, or change its limit with a reason."),
    "party",
    _find,
    register="money",
)
