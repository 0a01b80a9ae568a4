"""What stands beside the grids in which drawer and shop are counted."""

from collections.abc import Callable

from PySide6.QtWidgets import QLayout

from pms.core.i18n import _
from pms.services.shifts.queries import ShiftRow
from pms.ui.kit import formats, keys
from pms.ui.kit.flow import SidePages, sums
from pms.ui.kit.parts import Button, box, col, empty_out, label, row


def show_work(facts: QLayout, shift: ShiftRow, zone: str, digits: int, opened: int) -> None:
    """Show a running shift: since when, where, how often the drawer was opened without a sale, and the float
    it began with."""
    empty_out(facts)
    lines = [(_("Opened"), formats.day_time(shift.opened_at, zone)), (_("Workstation"), shift.station)]
    if opened:
        lines.append((_("Drawer opened without a sale"), str(opened)))
    float_ = (_("Float"), formats.amount(shift.float_amount, digits), "")
    facts.addWidget(sums(shift.clerk, lines, float_))
    told = _("The expected amount is shown after the count.")
    facts.addWidget(label(told, "muted", wrap=True))


def _take_count(do: Callable[[], object]) -> Button:
    made = Button(_("Take count"), keys.PRIMARY, "check", "primary")
    made.clicked.connect(lambda _on=False: do())
    return made


def add_count_page(pages: SidePages, name: str, do: Callable[[], object], leave: Button) -> None:
    """Add the page of the drawer's count."""
    told = label(
        _(
            "Count the drawer with its float. The expected amount is shown after the count; every count "
            "stays on the handover sheet."
        ),
        "muted",
        wrap=True,
    )
    pages.add(
        name,
        box(col(label(_("Count the drawer"), "title", wrap=True), told, None, gap=12)),
        box(col(None, row(leave, (_take_count(do), 1), gap=8), gap=8)),
    )


def add_shop_page(pages: SidePages, name: str, do: Callable[[], object], sheet: Button) -> None:
    """Add the page of the shop's count."""
    told = label(
        _(
            "The drawer is counted. Now count the goods of the shop; the expected figures are shown for "
            "both together. Every count stays on the handover sheet."
        ),
        "muted",
        wrap=True,
    )
    pages.add(
        name,
        box(col(label(_("Count the shop"), "title", wrap=True), told, None, gap=12)),
        box(col(None, sheet, _take_count(do), gap=8)),
    )
