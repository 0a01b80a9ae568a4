"""The nights to come with their price now and then, and what the change adds up to."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout

from pms.core.i18n import _, ngettext
from pms.core.money import show, signed
from pms.services.rates.pricing import NightPrice
from pms.ui.kit import formats
from pms.ui.kit import theme as th
from pms.ui.kit.flow import total
from pms.ui.kit.parts import col, frame, label, row, rule

MOST_LINES = 7
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def by_night(before: Sequence[NightPrice], after: Sequence[NightPrice], digits: int) -> QFrame:
    """Make a box of each night's own price before and after with the difference; of a long stay the first
    nights, and the rest together."""
    now, then = {n.night: int(n.price) for n in before}, {n.night: int(n.price) for n in after}
    nights = sorted(now.keys() | then.keys())
    lines = [(formats.long_day(n), now.get(n, 0), then.get(n, 0)) for n in nights[:MOST_LINES]]
    if rest := nights[MOST_LINES:]:
        words = ngettext("%(n)s more night", "%(n)s more nights", len(rest)) % {"n": len(rest)}
        lines.append((words, sum(now.get(n, 0) for n in rest), sum(then.get(n, 0) for n in rest)))
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(0, 1)
    for column in (1, 2, 3):
        grid.setColumnMinimumWidth(column, th.px(60))
    for column, words in enumerate((_("Night"), _("Now"), _("New price"), _("Difference"))):
        head = label(words, "meta", "muted")
        grid.addWidget(head, 0, column, RIGHT if column else Qt.AlignmentFlag.AlignLeft)
    for at, (words, was, will) in enumerate(lines, 1):
        grid.addWidget(label(words), at, 0)
        grid.addWidget(label(show(was, digits), "muted"), at, 1, RIGHT)
        grid.addWidget(label(show(will, digits)), at, 2, RIGHT)
        grid.addWidget(label(signed(will - was, digits) if will != was else "\u2014", "strong"), at, 3, RIGHT)
    change = sum(then.values()) - sum(now.values())
    name, figure = total(_("Difference in all"), signed(change, digits))
    return frame("well", col(grid, rule(), row((name, 1), figure, gap=8), gap=4, pad=(12, 8, 12, 8)))
