"""What is behind a figure: the nights that were sold, or the booked rooms of a night to come."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from pms.core.i18n import N_, _
from pms.services.reservations.queries import SOURCE_NAMES
from pms.ui.kit import formats
from pms.ui.kit.empty import Empty
from pms.ui.kit.parts import card, col, label, row
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table


class Behind(QWidget):
    """A title, the way back to the chart, and one of two lists."""

    def __init__(self, digits: int, back: QWidget) -> None:
        super().__init__()
        self.title = label("", "title", wrap=True)
        self.nights = Table(
            (
                Column(N_("Night"), lambda n: formats.long_day(n.day), width=120),
                Column(N_("Room"), lambda n: n.room, width=72, bold=True),
                Column(N_("Guest"), lambda n: n.guest),
                Column(N_("Source"), lambda n: _(SOURCE_NAMES.get(n.source, n.source)), width=140),
                Column(N_("Price"), lambda n: n.price, "money", width=104),
            ),
            key=lambda n: (n.day, n.room),
            digits=digits,
        )
        self.booked = Table(
            (
                Column(N_("Booking"), lambda b: f"R-{b.number}", width=88, bold=True),
                Column(N_("Guest"), lambda b: b.guest),
                Column(N_("Type"), lambda b: b.type_code, width=72),
                Column(
                    N_("Nights"),
                    lambda b: f"{formats.day(b.arrival)} \u2013 {formats.day(b.departure)}",
                    width=150,
                ),
                Column(N_("Booked on"), lambda b: formats.day(b.made_on), width=88),
                Column(N_("Price"), lambda b: b.price, "money", width=104),
            ),
            key=lambda b: b.line_id,
            digits=digits,
        )
        self.lists = QStackedWidget()
        for table in (self.nights, self.booked):
            table.setAccessibleName(_("Details of the figure"))
            table.set_empty(Empty("chart", _("This figure has no details.")))
            self.lists.addWidget(table)
        self.setLayout(col(card(row((self.title, 1), back), (self.lists, 1), gap=8), gap=0))

    def show_rows(self, title: str, table: Table, rows: Sequence[Any]) -> None:
        """Show one of the lists and give it the keys."""
        self.title.setText(title)
        table.show_rows(rows)
        self.lists.setCurrentWidget(table)
        table.setFocus()
