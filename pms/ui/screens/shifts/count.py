"""The grids a shift is counted in, notes and coins or the goods of the shop: what is there, and nothing of
what should be there."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.services.shop.queries import GoodRow
from pms.ui.kit import formats
from pms.ui.kit import theme as th
from pms.ui.kit.amounts import Number
from pms.ui.kit.parts import box, card, col, label, row, rule, scrolling

Al = Qt.AlignmentFlag
MOST = 9999


class Grid(QWidget):
    """One field for each thing that is counted; Enter, Up and Down go from one to the next. ``done``: the
    last one was left with Enter."""

    done = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[int, Number] = {}
        self._grid = QGridLayout()

    def _empty(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.fields = {}

    def _field(self, name: str) -> Number:
        """Make the field of a thing, with its name for a screen reader."""
        field = Number("", least=0, most=MOST)
        field.line.setAccessibleName(name)
        field.line.setAlignment(Al.AlignRight | Al.AlignVCenter)
        field.line.installEventFilter(self)
        field.changed.connect(self._show_sum)
        return field

    def _show_sum(self) -> None:
        """Show what has been counted so far."""

    def clear(self) -> None:
        """Empty every field."""
        for field in self.fields.values():
            field.set_value("")
        self._show_sum()

    def numbers(self) -> dict[int, int]:
        """Return what was counted, 0 for an empty field; refuses what is no number, and goes to it."""
        for field in self.fields.values():
            if not field.validate():
                field.line.setFocus()
                raise Refused(
                    _("%(what)s: %(why)s") % {"what": field.line.accessibleName(), "why": field.shown_error()}
                )
        return {thing: field.value() or 0 for thing, field in self.fields.items()}

    def touched(self) -> bool:
        """Say whether anything was typed."""
        return any(field.line.text().strip() for field in self.fields.values())

    def start(self) -> QWidget:
        """Return the first field."""
        return next(iter(self.fields.values())).line if self.fields else self

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Walk from field to field."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Return: 1, Qt.Key.Key_Enter: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(
                Qt.Key(event.key())
            )
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


class CountGrid(Grid):
    """One field for each note and coin, and their sum."""

    def __init__(self, digits: int) -> None:
        super().__init__()
        self.digits = digits
        self._amounts: dict[int, QLabel] = {}
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(2, 1)
        self._sum = label(formats.amount(0, digits), "figure", align=Al.AlignRight)
        foot = row((label(_("Counted"), "title"), 1), self._sum, gap=8)
        body = card(box(self._grid), rule(), foot, gap=12)
        body.setMaximumWidth(th.px(520))
        self.setLayout(row((body, 1), None))

    def show_kinds(self, kinds: Sequence[int]) -> None:
        """Make a field for each denomination, the largest first; the same ones again change nothing."""
        if list(self.fields) == list(kinds):
            return
        self._empty()
        self._amounts = {}
        for column, title in enumerate((_("Note or coin"), _("Number of each"), _("Amount"))):
            self._grid.addWidget(label(title, "meta", align=Al.AlignRight), 0, column)
        for line, kind in enumerate(kinds, 1):
            self._add(line, kind)

    def _add(self, line: int, kind: int) -> None:
        words = formats.amount(kind, self.digits)
        field = self.fields[kind] = self._field(_("Pieces of %(kind)s") % {"kind": words})
        amount = self._amounts[kind] = label("", "body", align=Al.AlignRight | Al.AlignVCenter)
        amount.setMinimumWidth(th.px(112))
        self._grid.addWidget(label(words, "strong", align=Al.AlignRight | Al.AlignVCenter), line, 0)
        self._grid.addWidget(field, line, 1)
        self._grid.addWidget(amount, line, 2)

    def pieces(self) -> dict[str, int]:
        """Return what was counted by denomination; refuses what is no number, and goes to it."""
        return {str(kind): number for kind, number in self.numbers().items()}

    def _number(self, field: Number) -> int:
        text = field.line.text().strip()
        return int(text) if text.isdecimal() and int(text) <= MOST else 0

    def _show_sum(self) -> None:
        for kind, field in self.fields.items():
            number = self._number(field)
            self._amounts[kind].setText(formats.amount(kind * number, self.digits) if number else "")
        self._sum.setText(
            formats.amount(
                sum(kind * self._number(field) for kind, field in self.fields.items()), self.digits
            )
        )


class ShelfGrid(Grid):
    """One field for each good of the shop; every one is asked for, and 0 is typed where there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self._done = label("", "strong", align=Al.AlignRight)
        self._rows = col(box(self._grid), None)
        body = card(
            (scrolling(box(self._rows)), 1),
            rule(),
            row((label(_("Goods counted"), "title"), 1), self._done, gap=8),
            gap=12,
        )
        body.setMaximumWidth(th.px(620))
        outer = QVBoxLayout()
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(row((body, 1), None))
        self.setLayout(outer)

    def show_goods(self, goods: Sequence[GoodRow]) -> None:
        """Make a field for each good; the same ones again keep what was typed."""
        if list(self.fields) == [g.id for g in goods]:
            return
        self._empty()
        for column, (title, side) in enumerate(
            (
                (_("Article"), Al.AlignLeft),
                (_("Barcode"), Al.AlignLeft),
                (_("Unit"), Al.AlignLeft),
                (_("Counted"), Al.AlignRight),
            )
        ):
            self._grid.addWidget(label(title, "meta", align=side), 0, column)
        for line, good in enumerate(goods, 1):
            field = self.fields[good.id] = self._field(good.name)
            self._grid.addWidget(label(good.name, "strong", align=Al.AlignVCenter), line, 0)
            self._grid.addWidget(label(good.barcode, "muted", align=Al.AlignVCenter), line, 1)
            self._grid.addWidget(label(good.unit, "muted", align=Al.AlignVCenter), line, 2)
            self._grid.addWidget(field, line, 3)
        self._show_sum()

    def numbers(self) -> dict[int, int]:
        """Return what was counted of each good; refuses one that was left out or is no number, and goes to
        it."""
        found = super().numbers()
        for field in self.fields.values():
            if field.value() is None:
                field.line.setFocus()
                raise Refused(
                    _("%(good)s is not counted yet. Type how many there are; 0 for none.")
                    % {"good": field.line.accessibleName()}
                )
        return found

    def _show_sum(self) -> None:
        typed = sum(bool(field.line.text().strip()) for field in self.fields.values())
        self._done.setText(f"{typed} / {len(self.fields)}")
