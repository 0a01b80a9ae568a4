"""The paper of a span of days matched: totals by kind, and every line that does not stand against another."""

from collections.abc import Sequence
from datetime import date

from pms.core import dates
from pms.core.i18n import _
from pms.core.money import show
from pms.db.work import Work
from pms.printing import slip
from pms.printing.slip import Heading, Signatures, Slip, Table, Text
from pms.services.folios.printouts import letterhead

from .formats.parts import SOURCES
from .matching import CLEARED, OPEN, STATES, Pair
from .queries import Compared, TotalRow


def matched(work: Work, *, first: date, last: date, found: Compared) -> Slip:
    """Return the sheet: totals by day and kind, open lines, cleared lines with their reasons."""
    digits = work.setting.digits
    left, cleared = found.of(*OPEN), found.of(CLEARED)
    span = " – ".join(dict.fromkeys(dates.day(day, year=True) for day in (first, last)))
    blocks: list[slip.Block] = [
        slip.facts(
            (_("Period"), span), (_("Open"), str(len(left))), (_("Cleared"), str(len(cleared))), columns=2
        ),
        Heading(_("Totals by day and kind")),
        _totals(found.totals, digits),
    ]
    if left:
        blocks += [Heading(_("Open")), _pairs(left, digits, {})]
    if cleared:
        blocks += [Heading(_("Cleared")), _pairs(cleared, digits, found.reasons)]
    if not left:
        blocks.append(Text(_("Nothing is open."), "small"))
    blocks.append(Signatures((_("Checked by"), _("Date"))))
    return Slip("statement_match", _("Statements matched"), tuple(blocks), paper="A4", **letterhead(work))


def _totals(rows: Sequence[TotalRow], digits: int) -> Table:
    return Table(
        (
            slip.left(_("Day"), 2),
            slip.left(_("Kind"), 3),
            slip.right(_("Statement"), 2),
            slip.right(_("Books"), 2),
            slip.right(_("Difference"), 2),
            slip.right(_("Fee"), 2),
        ),
        tuple(
            slip.row(
                dates.day(row.day),
                _(SOURCES[row.source]),
                show(row.there, digits),
                show(row.here, digits),
                show(row.difference, digits),
                show(row.fee, digits),
            )
            for row in reversed(rows)
        ),
    )


def _pairs(pairs: Sequence[Pair], digits: int, reasons: dict[str, str]) -> Table:
    return Table(
        (
            slip.left(_("Day"), 2),
            slip.left(_("Kind"), 2),
            slip.left(_("Number"), 5),
            slip.right(_("Statement"), 2),
            slip.right(_("Books"), 2),
            slip.left(_("Reason") if reasons else _("State"), 4),
        ),
        tuple(
            slip.row(
                dates.day(pair.day),
                _(SOURCES[pair.source]),
                pair.number or (pair.line.text if pair.line is not None else ""),
                show(pair.line.gross or pair.line.amount, digits) if pair.line is not None else "",
                show(pair.posting.amount, digits) if pair.posting is not None else "",
                reasons.get(pair.id, _(STATES[pair.state])),
            )
            for pair in pairs
        ),
    )
