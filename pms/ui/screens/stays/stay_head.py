"""What the pages share that change one stay: whose it is at the head, a list of moderate width, the panel."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout

from pms.core.i18n import _
from pms.services.stays.queries import StayRow
from pms.ui.kit import formats
from pms.ui.kit import theme as th
from pms.ui.kit.desk import Screen
from pms.ui.kit.parts import Button, Item, box, card, col, label, row, scrolling, side_panel
from pms.ui.kit.table import Table

WIDEST = 1100
"""A row that is longer is not read across."""


class StayHead:
    """Whose stay it is: three labels, and the ``layout`` that a page takes up."""

    def __init__(self) -> None:
        self.room = label("", "figure")
        self.guest, self.about = label("", "title", wrap=True), label("", "muted", wrap=True)
        self.layout = row(self.room, (col(self.guest, self.about, gap=2), 1), gap=12)

    def show_stay(self, s: StayRow) -> None:
        """Say whose it is, how long, and by which plan."""
        self.room.setText(s.room)
        self.guest.setText(s.guest)
        self.about.setText(
            _("%(type)s, leaves %(day)s, %(plan)s")
            % {
                "type": _(s.type_name),
                "day": formats.long_day(s.departure),
                "plan": _(s.plan_name) if s.plan_name else _("manual rate"),
            }
        )


def sheet(table: Table) -> QHBoxLayout:
    """Make the card of a list whose rows stay short enough to be read across on a wide screen."""
    made = card((table, 1), gap=0, pad=(1, 1, 1, 1))
    made.setMaximumWidth(th.px(WIDEST))
    return row((made, 1000), None, gap=0)


def change_panel(page: Screen, big: Button, *items: Item, width: int) -> QFrame:
    """Make the panel of a page that changes a stay: what is filled in, which scrolls where the type is large,
    and below it what the page says, the way back and the filled button."""
    body = scrolling(box(col(*items, None, gap=12)))
    body.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return side_panel((body, 1), page.notes, row(page.back_button(), (big, 1), gap=8), width=width)
