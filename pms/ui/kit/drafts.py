"""What is typed on a page as plain facts, so that it can be kept and typed again."""

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QWidget

from pms.ui.kit.forms import Field, Text


def fields_of(root: QWidget) -> list[Field]:
    """Return the fields below a widget, in the order in which they were made."""
    return root.findChildren(Field)


def written(fields: Iterable[Field]) -> list[Any]:
    """Return what stands in fields as it was typed, also where it cannot be read yet."""
    return [f.line.text() if isinstance(f, Text) else f.value() for f in fields]


def write(fields: Iterable[Field], facts: Iterable[Any]) -> None:
    """Type it again, without telling anybody."""
    for field, fact in zip(fields, facts, strict=False):
        with QSignalBlocker(field):
            if isinstance(field, Text):
                with QSignalBlocker(field.line):
                    field.line.setText(str(fact or ""))
            else:
                field.set_value(fact)
