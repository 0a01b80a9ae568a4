"""The sheet of the shop's margin: by article, by day, or by month where the days are many."""

from collections.abc import Sequence
from datetime import date

from pms.core import dates
from pms.core.i18n import _
from pms.core.money import show
from pms.db.work import Work
from pms.printing import slip
from pms.printing.slip import Heading, Signatures, Slip, Table, Text, Total
from pms.services.folios.printouts import letterhead

from . import queries
from .queries import ByGood, ByTime, Margin

DAYS = 62
"""More days than these are told by month."""


def sheet(work: Work, *, first: date, last: date, goods: Sequence[ByGood], days: Sequence[ByTime]) -> Slip:
    """Return the sheet of some days."""
    digits = work.setting.digits
    span = " – ".join(dict.fromkeys(dates.day(day, year=True) for day in (first, last)))
    blocks: list[slip.Block] = [slip.facts((_("Period"), span))]
    if not goods:
        blocks.append(Text(_("Nothing was sold on these days."), "small"))
    else:
        months = len(days) > DAYS
        told = list(reversed(queries.by_month(days) if months else days))
        blocks += [
            Heading(_("By article")),
            _table(_("Article"), [(g.name, g) for g in goods], digits, summed=True),
            Heading(_("By month") if months else _("By day")),
            _table(
                _("Month") if months else _("Day"),
                [(dates.month(d.id) if months else dates.day(d.id, year=True), d) for d in told],
                digits,
            ),
            Text(_("Revenue is without the tax that the price holds."), "small"),
        ]
    blocks.append(Signatures((_("Checked by"), _("Date"))))
    return Slip("shop_margin", _("Shop margin"), tuple(blocks), paper="A4", **letterhead(work))


def _table(title: str, found: Sequence[tuple[str, Margin]], digits: int, *, summed: bool = False) -> Table:
    whole = queries.total([one for _name, one in found])
    return Table(
        (
            slip.left(title, 4),
            slip.right(_("Pieces"), 2),
            slip.right(_("Revenue"), 2),
            slip.right(_("Cost"), 2),
            slip.right(_("Margin"), 2),
            slip.right(_("Margin rate"), 2),
            slip.right(_("Lost at cost"), 2),
        ),
        tuple(slip.row(name, *_cells(one, digits)) for name, one in found),
        (
            Total(_("Revenue"), show(whole.revenue, digits)),
            Total(_("Cost"), show(whole.cost, digits)),
            Total(_("Lost at cost"), show(whole.lost, digits)),
            Total(_("Margin rate"), whole.percent),
            Total(_("Margin"), show(whole.margin, digits), True),
        )
        if summed
        else (),
    )


def _cells(one: Margin, digits: int) -> tuple[str, ...]:
    return (
        str(one.pieces),
        show(one.revenue, digits),
        show(one.cost, digits),
        show(one.margin, digits),
        one.percent,
        show(one.lost, digits) if one.lost else "",
    )
