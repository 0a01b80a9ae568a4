"""Where the auditor types the signs of last night's paper."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from pms.core.i18n import _
from pms.ui.kit.actions import ActButton
from pms.ui.kit.forms import Text
from pms.ui.kit.parts import col, label, row

KIND = "on_paper"
"""The audit's check that asks for them."""


class Signs(QWidget):
    """A field for six signs and the button that compares them; the return key presses it."""

    def __init__(self, compare: ActButton) -> None:
        super().__init__()
        self.field = Text(_("Check code on the paper"), longest=20, plain=True, width=160)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addLayout(row(self.field, col(label(" ", "meta"), compare, None, gap=2), None, gap=8))
        self.field.line.returnPressed.connect(compare.click)

    def typed(self) -> str:
        """Return what is typed; where nothing is, the field says so and has the focus."""
        value = str(self.field.value())
        if not value:
            self.field.set_error(_("The check code is missing."))
            self.field.line.setFocus()
        return value

    def ask(self) -> None:
        """Begin to type."""
        self.field.line.setFocus()
        self.field.line.selectAll()

    def clear(self) -> None:
        """Take away what is typed."""
        self.field.set_value("")
