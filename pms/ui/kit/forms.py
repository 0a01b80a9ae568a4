"""Fields: the label above, the message under, the width saying what is expected; checked when one leaves
them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from pms.core import typed
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.printing import texts
from pms.ui.kit import theme as th
from pms.ui.kit.lines import LineEdit, TextArea
from pms.ui.kit.parts import Pic, box, col, label, restyle, row, set_tone

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
        self.area, self.longest = TextArea(value, longest), longest
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
