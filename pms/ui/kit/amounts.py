"""Fields for sums, counts and days."""

import re
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLabel

from pms.core import money, typed
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money
from pms.ui.kit import days, formats
from pms.ui.kit import theme as th
from pms.ui.kit.forms import WIDTHS, Check, Text

WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)


class Figures(Text):
    """A line of figures: it is selected whole when it gets the keys, so that what is typed replaces it."""

    def __init__(self, title: str = "", **extra: Any) -> None:
        super().__init__(title, plain=True, **extra)

    def set_value(self, value: Any) -> None:
        """Show figures; selected, where the field has the keys already."""
        super().set_value(value)
        if self.line.hasFocus():
            self.line.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Select everything, after a click too."""
        if watched is self.line and event.type() == QEvent.Type.FocusIn:
            reason = event.reason()  # type: ignore[attr-defined]
            back = reason in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
            if not (back and self.line.isModified()):  # a menu or another window interrupts no typing
                self.line.selectAll()
            if reason == Qt.FocusReason.MouseFocusReason:  # the click itself comes next and sets the cursor
                QTimer.singleShot(0, self.line, self.line.selectAll)
        return super().eventFilter(watched, event)


class Amount(Figures):
    """An amount of money in minor units; right-aligned and bold."""

    def __init__(
        self,
        title: str = "",
        *,
        value: int | None = None,
        digits: int = 2,
        required: bool = False,
        check: Check | None = None,
        width: int = WIDTHS["amount"],
    ) -> None:
        self.digits = digits
        super().__init__(title, width=width, required=required, check=check, longest=40)
        self.line.setProperty("role", "sum")
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.set_value(value)

    def value(self) -> Money | None:
        """Return the amount; raises ``Refused`` when it cannot be read."""
        text = self.line.text().strip()
        return money.parse(text, self.digits) if text else None

    def set_value(self, value: Any) -> None:
        """Show an amount with its decimals."""
        super().set_value("" if value is None else formats.amount(value, self.digits))

    def set_digits(self, digits: int) -> None:
        """Count in a currency with so many decimals; the figures that stand here stay."""
        self.digits = digits
        if not self.blank_quietly():
            self._leave()

    def _leave(self) -> None:
        super()._leave()
        if not self.shown_error() and (value := self.value()) is not None:
            self.set_value(value)


class Number(Figures):
    """A whole number between two others."""

    def __init__(
        self,
        title: str = "",
        *,
        value: int | None = None,
        least: int = 0,
        most: int = 9999,
        required: bool = False,
        width: int = WIDTHS["number"],
    ) -> None:
        self.least, self.most = least, most
        super().__init__(
            title,
            value="" if value is None else str(value),
            width=width,
            required=required,
            check=self._range,
            longest=40,
        )

    def value(self) -> int | None:
        """Return the number; raises ``Refused`` when it cannot be read."""
        text = typed.half_width(self.line.text())
        if not text:
            return None
        if not WHOLE.fullmatch(text):
            raise Refused(_("Type a whole number."))
        return int(text)

    def _range(self, value: int) -> str:
        if self.least <= value <= self.most:
            return ""
        return _("From %(least)s to %(most)s.") % {"least": self.least, "most": self.most}


class Day(Text):
    """A date with its weekday. Takes 20, 11-20, 1120, 20 Nov, +1; the up and down keys step by a day."""

    def __init__(
        self,
        title: str = "",
        *,
        today: date,
        value: date | None = None,
        required: bool = False,
        check: Check | None = None,
        width: int = WIDTHS["day"],
    ) -> None:
        self.today, self._proposed = today, False
        # longer than a date: a document's zone typed here is recognised whole
        super().__init__(title, width=width, required=required, check=check, longest=100, plain=True)
        self._weekday = QLabel(self.line)
        self._weekday.setTextFormat(Qt.TextFormat.PlainText)
        self._weekday.setProperty("role", "meta")
        self._weekday.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.line.setTextMargins(0, 0, th.measure("meta").horizontalAdvance("Wed周") + 4, 0)
        self.line.textChanged.connect(self._show_weekday)
        self.set_value(value)
        self._proposed = value is not None

    def turn(self, today: date) -> None:
        """Take another day for today: ``+1`` counts from it, and a day that was proposed as it is today; what
        was typed or chosen stays."""
        before, self.today = self.today, today
        typed, meant = self.line.isModified(), days.read(self.line.text(), before)
        proposed = self._proposed and not typed and meant == before
        if meant is not None:  # 20 would be read as the next month's from now on
            self.set_value(today if proposed else meant)
            self.line.setModified(typed)
            self._proposed = proposed
        self._show_weekday()

    def shows(self, day: date) -> bool:
        """Say whether this date stands in the field."""
        return days.read(self.line.text(), self.today) == day

    def value(self) -> date | None:
        """Return the date; raises ``Refused`` when it cannot be read."""
        text = self.line.text().strip()
        if not text:
            return None
        if (found := days.read(text, self.today)) is None:
            raise Refused(_("Type a date: 11-20, 20 Nov or +1."))
        return found

    def set_value(self, value: Any) -> None:
        """Show a date, with its year where it is another than this one or would be read as another."""
        self._proposed, short = False, formats.day(value)
        super().set_value(
            formats.day(
                value,
                year=value is not None
                and (value.year != self.today.year or days.read(short, self.today) != value),
            )
        )
        if hasattr(self, "_weekday"):
            self._show_weekday()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Step by a day with the up and down keys; keep the weekday at the right."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and not self.line.isReadOnly()
        ):
            step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
            if step and event.modifiers() == Qt.KeyboardModifier.NoModifier:
                self._step(step)
                return True
        if isinstance(event, QResizeEvent):
            self._place()
        return super().eventFilter(watched, event)

    def _step(self, by: int) -> None:
        if (now := days.read(self.line.text(), self.today)) is not None:
            self.set_value(now + timedelta(days=by))
            self.changed.emit()

    def _leave(self) -> None:
        super()._leave()
        if not self.shown_error() and (value := self.value()) is not None:
            self.set_value(value)

    def _show_weekday(self) -> None:
        found = days.read(self.line.text(), self.today)
        self._weekday.setText(formats.weekday(found) if found else "")
        self._place()

    def _place(self) -> None:
        if hasattr(self, "_weekday"):
            wide = self._weekday.sizeHint().width()
            self._weekday.setGeometry(self.line.width() - wide - 9, 0, wide, self.line.height())
