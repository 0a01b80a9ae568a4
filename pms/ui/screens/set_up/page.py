"""What every page of the set-up is made of, and lines of which one may add as many as there are."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from pms.core.i18n import _
from pms.ui.kit import theme as th
from pms.ui.kit.forms import Field, Form
from pms.ui.kit.parts import Button, box, col, label, row
from pms.ui.screens.set_up.draft import Draft


class Page(QWidget):
    """One step: its title for the list at the left, a sentence, its fields."""

    title = ""
    says = ""

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft
        built = self.build()
        head = [label(_(self.says), "muted", wrap=True)] if self.says else []
        self.setLayout(
            col(
                label(_(self.title), "page"),
                *head,
                4,
                (built, 1) if isinstance(built, QWidget) else built,
                gap=8,
            )
        )

    def build(self) -> QLayout | QWidget:
        """Put the page together."""
        raise NotImplementedError

    def enter(self) -> None:
        """Take notice of what the pages before have brought."""

    def first(self) -> QWidget:
        """Return who gets the keys first."""
        return self

    def leave(self) -> str:
        """Put what was entered into the draft; return what is wrong, or nothing."""
        return ""


class Lines(QWidget):
    """Rows of the same fields under one another; an empty row does not count."""

    changed = Signal()

    def __init__(
        self, heads: Sequence[tuple[str, int]], make: Callable[[], dict[str, Field]], more: str
    ) -> None:
        super().__init__()
        self._make = make
        self._heads = heads
        self.lines: list[dict[str, Field]] = []
        self._rows: list[QWidget] = []
        self._body = QVBoxLayout()
        self._body.setSpacing(4)
        self._body.setContentsMargins(0, 0, 0, 0)
        self.more = Button(more, icon="plus", kind="quiet")
        self.more.clicked.connect(lambda: self.add().get(next(iter(self.lines[-1])), self).setFocus())
        self.setLayout(col(self._head(), self._body, row(self.more, None), None, gap=4))

    def _head(self) -> QHBoxLayout:
        made = row(gap=8)
        for words, width in self._heads:
            cell = label(words, "meta")
            if width:
                cell.setFixedWidth(th.px(width))
            made.addWidget(cell, 0 if width else 1)
        made.addSpacing(th.px(42) + 8)
        return made

    def add(self, **values: Any) -> dict[str, Field]:
        """Add a row with these values."""
        fields = self._make()
        line = row(gap=8)
        for (name, field), (_words, width) in zip(fields.items(), self._heads, strict=True):
            if name in values:
                field.set_value(values[name])
            if width:
                field.setFixedWidth(th.px(width))
            field.editor.setAccessibleName(_words)
            field.changed.connect(self.changed)
            line.addWidget(field, 0 if width else 1)
        away = Button("", icon="close", kind="quiet")
        away.setFixedSize(away.sizeHint().width(), th.px(34))
        away.setAccessibleName(_("Remove the line"))
        line.addWidget(away)
        holder = box(line)
        away.clicked.connect(lambda: self._remove(holder))
        self.lines.append(fields)
        self._rows.append(holder)
        self._body.addWidget(holder)
        self.changed.emit()
        return fields

    def _remove(self, holder: QWidget) -> None:
        at = self._rows.index(holder)
        del self.lines[at], self._rows[at]
        holder.hide()
        holder.deleteLater()
        self.changed.emit()

    def filled(self) -> list[dict[str, Field]]:
        """Return the rows in which something stands."""
        return [line for line in self.lines if not next(iter(line.values())).blank_quietly()]

    def values(self) -> list[dict[str, Any]]:
        """Return the filled rows' values; call ``wrong`` first."""
        return [{name: field.value() for name, field in line.items()} for line in self.filled()]

    def wrong(self) -> str:
        """Check all filled rows, go to the first field that is wrong and return why."""
        for line in self.filled():
            if message := Form(**line).missing():
                return message
        return ""
