"""Fields: the label above, the message under, the width saying what is expected; checked when one leaves
them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget

from pms.core import money, typed
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money
from pms.printing import texts
from pms.ui.kit import days, formats
from pms.ui.kit import theme as th
from pms.ui.kit.lines import LineEdit
from pms.ui.kit.parts import Pic, box, col, label, restyle, row, set_tone

WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
WIDTHS = {"room": 64, "day": 112, "amount": 112, "number": 64, "phone": 150, "name": 160, "document": 220}
Check = Callable[[Any], str]
"""Says what is wrong with a value, or nothing."""
ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class Field(QWidget):
    """A field with its label; ``value()`` is what was typed in the program's terms, ``error()`` what is wrong
    with it."""

    changed = Signal()
    left = Signal()
    righted = Signal()
    """What was wrong here is not any more."""

    def __init__(
        self,
        title: str,
        editor: QWidget,
        *,
        required: bool = False,
        check: Check | None = None,
        width: int = 0,
    ) -> None:
        super().__init__()
        self.title, self.editor, self.required, self.check = title, editor, required, check
        if width:
            editor.setFixedWidth(th.px(width))
        editor.setAccessibleName(title)
        editor.installEventFilter(self)
        self.setFocusProxy(editor)
        self._why = label("", "meta", "bad", wrap=bool(not width))
        self._sign = Pic("alert", "bad", 14)
        self._message = box(row(col(self._sign, None), (self._why, 1), gap=4))
        self._message.hide()
        layout = col(gap=2)
        self._title = label(title, "meta")
        if title:
            layout.addWidget(self._title)
        layout.addWidget(editor)
        layout.addWidget(self._message)
        layout.addStretch(1)
        self.setLayout(layout)

    def set_title(self, title: str) -> None:
        """Call the field something else."""
        self.title = title
        self._title.setText(title)
        self.editor.setAccessibleName(title)

    def value(self) -> Any:
        """Return what the field holds; may raise ``Refused`` for what cannot be read."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show a value."""
        raise NotImplementedError

    def blank(self) -> bool:
        """Say whether nothing has been entered."""
        return self.value() in (None, "")

    def error(self) -> str:
        """Return what is wrong, in words for the clerk; nothing when all is well."""
        try:
            if self.blank():
                return _("%(field)s is missing.") % {"field": self.title} if self.required else ""
            return self.check(self.value()) if self.check else ""
        except Refused as refusal:
            return str(refusal)

    def validate(self) -> bool:
        """Check now and show the message; says whether all is well."""
        self.set_error(error := self.error())
        return not error

    def set_error(self, message: str) -> None:
        """Show a message under the field, or take it away."""
        righted = bool(self.shown_error()) and not message
        set_tone(self._why, "bad")
        self._sign.show()
        self._why.setText(message)
        self._message.setVisible(bool(message))
        if self.editor.property("state") != (state := "bad" if message else ""):
            self.editor.setProperty("state", state)
            restyle(self.editor)
        if righted:
            self.righted.emit()

    def set_note(self, message: str) -> None:
        """Show under the field what is good to know; what was typed stays right."""
        self.set_error("")
        set_tone(self._why, "muted")
        self._sign.hide()
        self._why.setText(message)
        self._message.setVisible(bool(message))

    def shown_error(self) -> str:
        """Return the message under the field, nothing when all is well."""
        return self._why.text() if self.editor.property("state") == "bad" else ""

    def shown_note(self) -> str:
        """Return what is said under the field although all is well."""
        return "" if self.shown_error() else self._why.text()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Check when one leaves the field, but not for a menu or another window; Enter held down is one
        Enter."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return watched is self.editor and event.isAutoRepeat() and event.key() in ENTER
        if watched is self.editor and event.type() == QEvent.Type.FocusOut:
            reason = event.reason()  # type: ignore[attr-defined]
            if reason not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
                self._leave()
        return super().eventFilter(watched, event)

    def _leave(self) -> None:
        if not self.blank_quietly() or self.shown_error():
            self.validate()
        if not self.shown_error() and (odd := texts.unprintable(self.printed())):
            self.set_note(_("%(signs)s does not print") % {"signs": odd})
        self.left.emit()

    def printed(self) -> str:
        """Return what may come to stand on a paper as it was typed."""
        return ""

    def blank_quietly(self) -> bool:
        """Say whether nothing has been entered; what cannot be read counts as something."""
        try:
            return self.blank()
        except Refused:
            return False

    def _edited(self) -> None:
        if self._why.text() and not self.error():
            self.set_error("")
        self.changed.emit()


@dataclass(frozen=True)
class Fitted:
    """A text as a field takes it, and in words what was left out of it."""

    text: str
    left_out: str = ""


def fitted(text: str, longest: int) -> Fitted:
    """Return what a field takes of a text that was typed or pasted."""
    kept, told = text, ""
    if typed.unprintable(text):
        kept, told = typed.printable(text), _("Characters that no keyboard types were left out.")
    if len(kept) > longest:
        kept, told = (
            kept[:longest],
            _("At most %(n)s characters fit; the rest was left out.") % {"n": longest},
        )
    return Fitted(kept, told)


class Text(Field):
    """A line of text; ``plain`` for figures, codes and times, where an input method would be in the way."""

    def __init__(
        self,
        title: str = "",
        *,
        value: str = "",
        width: int = 0,
        required: bool = False,
        check: Check | None = None,
        hint: str = "",
        longest: int = 200,
        plain: bool = False,
    ) -> None:
        self.line, self.longest = LineEdit(plain=plain), longest
        super().__init__(title, self.line, required=required, check=check, width=width)
        self.line.setPlaceholderText(hint)
        Text.set_value(self, value)  # a date's or an amount's own way needs more than there is yet
        self.line.textChanged.connect(self._edited)

    def _edited(self) -> None:
        told = fitted(self.line.text(), self.longest)
        if told.left_out:
            at = self.line.cursorPosition()
            with QSignalBlocker(self.line):
                self.line.setText(told.text)
                self.line.setCursorPosition(min(at, len(told.text)))
        super()._edited()
        if told.left_out:
            self.set_error(told.left_out)

    def value(self) -> Any:
        """Return the text without spaces around it."""
        return self.line.text().strip()

    def printed(self) -> str:
        """Return the text."""
        return self.line.text()

    def set_value(self, value: Any) -> None:
        """Show a text from its beginning."""
        with QSignalBlocker(self.line):
            self.line.setText("" if value is None else str(value))
            self.line.setCursorPosition(0)
        self.set_error("")

    def set_read_only(self, on: bool = True) -> None:
        """Sink the field: it can be read and copied, not changed."""
        self.line.setReadOnly(on)
        self.line.setFocusPolicy(Qt.FocusPolicy.ClickFocus if on else Qt.FocusPolicy.StrongFocus)
        restyle(self.line)

    def set_masked(self) -> None:
        """Show that the value is masked for good reason: a lock, read only."""
        self.set_read_only()
        self.line.addAction(th.icon("lock", "muted", 16), QLineEdit.ActionPosition.TrailingPosition)


class Secret(Text):
    """A password."""

    def __init__(self, title: str, *, width: int = 0, required: bool = True) -> None:
        super().__init__(title, width=width, required=required, plain=True)
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhSensitiveData)

    def printed(self) -> str:
        """Return nothing: a password stands on no paper."""
        return ""

    def value(self) -> str:
        """Return the password exactly as typed."""
        return self.line.text()


class Code(Text):
    """A room number, tag or article code: read in half width and capitals, whatever is typed or scanned."""

    def __init__(self, title: str = "", **extra: Any) -> None:
        super().__init__(title, plain=True, **extra)

    def value(self) -> str:
        """Return the code as the house writes it."""
        return typed.code(self.line.text())


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


class Choice(Field):
    """One of several."""

    def __init__(
        self,
        title: str = "",
        options: Sequence[tuple[Any, str]] = (),
        *,
        value: Any = None,
        width: int = 0,
        required: bool = False,
    ) -> None:
        self.combo = QComboBox()
        super().__init__(title, self.combo, width=width, required=required)
        self.set_options(options)
        self.set_value(value)
        self.combo.currentIndexChanged.connect(self._edited)

    def set_options(self, options: Sequence[tuple[Any, str]]) -> None:
        """Offer these; what was chosen stays chosen if it is still there."""
        with QSignalBlocker(self.combo):
            held = self.value()
            self.combo.clear()
            for value, words in options:
                self.combo.addItem(words, value)
            self.set_value(held)

    def value(self) -> Any:
        """Return the chosen value."""
        return self.combo.currentData()

    def set_value(self, value: Any) -> None:
        """Choose a value; the first when it is not offered."""
        with QSignalBlocker(self.combo):
            found = next(
                (i for i in range(self.combo.count()) if self.combo.itemData(i) == value),
                0 if self.combo.count() else -1,
            )
            self.combo.setCurrentIndex(found)


class Remark(Field):
    """Text of several lines."""

    def __init__(
        self,
        title: str = "",
        *,
        value: str = "",
        required: bool = False,
        lines: int = 3,
        hint: str = "",
        longest: int = 2000,
    ) -> None:
        self.area, self.longest = QPlainTextEdit(value), longest
        super().__init__(title, self.area, required=required)
        self.area.setPlaceholderText(hint)
        self.area.setTabChangesFocus(True)
        self.area.setFixedHeight(th.measure().lineSpacing() * lines + 18)
        self.area.textChanged.connect(self._edited)

    def _edited(self) -> None:
        told = fitted(self.area.toPlainText(), self.longest)
        if told.left_out:
            with QSignalBlocker(self.area):
                self.area.setPlainText(told.text)
                self.area.moveCursor(QTextCursor.MoveOperation.End)
        super()._edited()
        if told.left_out:
            self.set_error(told.left_out)

    def value(self) -> str:
        """Return the text."""
        return self.area.toPlainText().strip()

    def printed(self) -> str:
        """Return the text."""
        return self.value()

    def set_value(self, value: Any) -> None:
        """Show a text."""
        with QSignalBlocker(self.area):
            self.area.setPlainText(value or "")


class Flag(QCheckBox):
    """Yes or no, with its words beside it."""

    def __init__(self, words: str, *, value: bool = False) -> None:
        super().__init__(words)
        self.setChecked(value)

    def value(self) -> bool:
        """Return whether it is ticked."""
        return self.isChecked()

    def set_value(self, value: bool) -> None:
        """Tick it or not."""
        self.setChecked(value)


class Form:
    """The fields of one form by name: their values together, and the first that is wrong."""

    def __init__(self, **fields: Field | Flag) -> None:
        self.fields = fields

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]

    def values(self) -> dict[str, Any]:
        """Return all values by name; call ``missing`` first."""
        return {name: field.value() for name, field in self.fields.items()}

    def missing(self) -> str:
        """Check all fields, go to the first that is wrong and return what is wrong with it; nothing when all
        is well."""
        wrong = [
            field
            for field in self.fields.values()
            if isinstance(field, Field) and field.isEnabled() and not field.validate()
        ]
        if not wrong:
            return ""
        wrong[0].setFocus(Qt.FocusReason.OtherFocusReason)
        return wrong[0].shown_error()

    def clear_errors(self) -> None:
        """Take all messages away."""
        for field in self.fields.values():
            if isinstance(field, Field):
                field.set_error("")
