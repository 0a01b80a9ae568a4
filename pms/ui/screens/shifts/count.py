"""The grid a drawer is counted in: notes and coins of each kind, their sum, and nothing of what should be there."""
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.ui.kit import formats
from pms.ui.kit import theme as th
from pms.ui.kit.forms import Number
from pms.ui.kit.parts import box, card, label, row, rule

Al = Qt.AlignmentFlag
MOST = 9999


class CountGrid(QWidget):
    """One field for each note and coin; Enter, Up and Down go from one to the next. ``done`` tells that the last one was left with Enter."""

    done = Signal()

    def __init__(self, digits: int) -> None:
        super().__init__()
        self.digits = digits
        self.fields: dict[int, Number] = {}
        self._amounts: dict[int, QLabel] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(3, 1)
        self._sum = label(formats.amount(0, digits), "figure", align=Al.AlignRight)
        foot = row((label(_("Counted"), "title"), 1), self._sum, gap=8)
        body = card(row(box(self._grid), None), rule(), foot, gap=12)
        body.setMaximumWidth(th.px(520))
        self.setLayout(row((body, 1), None))

    def show_kinds(self, kinds: Sequence[int]) -> None:
        """Make a field for each denomination, the largest first; the same ones again change nothing."""
        if list(self.fields) == list(kinds):
            return
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self.fields, self._amounts = {}, {}
        for column, title in enumerate((_("Note or coin"), _("Pieces"), _("Amount"))):
            self._grid.addWidget(label(title, "meta", align=Al.AlignRight), 0, column)
        for line, kind in enumerate(kinds, 1):
            self._add(line, kind)

    def _add(self, line: int, kind: int) -> None:
        words = formats.amount(kind, self.digits)
        field = self.fields[kind] = Number("", least=0, most=MOST)
        field.line.setAccessibleName(_("Pieces of %(kind)s") % {"kind": words})
        field.line.setAlignment(Al.AlignRight | Al.AlignVCenter)
        field.line.installEventFilter(self)
        field.changed.connect(self._show_sum)
        amount = self._amounts[kind] = label("", "body", align=Al.AlignRight | Al.AlignVCenter)
        amount.setMinimumWidth(th.px(112))
        self._grid.addWidget(label(words, "strong", align=Al.AlignRight | Al.AlignVCenter), line, 0)
        self._grid.addWidget(field, line, 1)
        self._grid.addWidget(amount, line, 2)

    def clear(self) -> None:
        """Empty every field."""
        for field in self.fields.values():
            field.set_value("")
        self._show_sum()

    def pieces(self) -> dict[str, int]:
        """Return what was counted; refuses what is no number, and goes to it."""
        for field in self.fields.values():
            if not field.validate():
                field.line.setFocus()
                raise Refused(_("%(what)s: %(why)s") % {"what": field.line.accessibleName(), "why": field.shown_error()})
        return {str(kind): field.value() or 0 for kind, field in self.fields.items()}

    def touched(self) -> bool:
        """Say whether anything was typed."""
        return any(field.line.text().strip() for field in self.fields.values())

    def _number(self, field: Number) -> int:
        text = field.line.text().strip()
        return int(text) if text.isdecimal() and int(text) <= MOST else 0

    def _show_sum(self) -> None:
        for kind, field in self.fields.items():
            number = self._number(field)
            self._amounts[kind].setText(formats.amount(kind * number, self.digits) if number else "")
        self._sum.setText(formats.amount(sum(kind * self._number(field) for kind, field in self.fields.items()), self.digits))

    def start(self) -> QWidget:
        """Return the first field."""
        return next(iter(self.fields.values())).line if self.fields else self

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Walk from field to field."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Return: 1, Qt.Key.Key_Enter: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None:
                self._walk(watched, step, event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter))
                return True
        return super().eventFilter(watched, event)

    def _walk(self, line: QObject, step: int, enter: bool) -> None:
        lines = [field.line for field in self.fields.values()]
        at = next((n for n, x in enumerate(lines) if x is line), 0) + step
        if at == len(lines) and enter:
            self.done.emit()
        elif 0 <= at < len(lines):
            lines[at].setFocus()
            lines[at].selectAll()
