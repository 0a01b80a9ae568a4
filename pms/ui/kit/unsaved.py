"""Forms know whether something typed in them would be lost."""

from collections.abc import Iterable

from PySide6.QtWidgets import QLayout, QWidget

from pms.ui.kit.forms import Field, Flag


class Typed(QWidget):
    """The body of a form, which knows whether hands have changed something in it since it was opened."""

    def __init__(self, layout: QLayout, fields: Iterable[Field | Flag]) -> None:
        super().__init__()
        self.setLayout(layout)
        self.by_hand = False
        for field in fields:
            (field.changed if isinstance(field, Field) else field.clicked).connect(self._struck)

    def _struck(self) -> None:
        self.by_hand = True

    def unsaved(self) -> bool:
        """Say whether something would be lost by leaving the form that is seen."""
        return self.by_hand and self.isVisible()
