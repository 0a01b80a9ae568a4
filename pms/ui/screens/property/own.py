"""The rules that duties declare in their rows: a field for each, on the cards that they name."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from pms.core.i18n import _
from pms.core.options import Option, Options
from pms.ui.kit.amounts import Amount, Number
from pms.ui.kit.forms import Field, Flag, Text
from pms.ui.kit.parts import Item, card
from pms.ui.kit.wrap import Wrap


def field_of(option: Option[Any], digits: int) -> Any:
    """Return the field in which a rule is set."""
    title = _(option.words)
    if isinstance(option.start, bool):
        return Flag(title)
    if isinstance(option.start, str):
        return Text(title, hint=option.hint, longest=option.most)
    if option.money:
        return Amount(title, digits=digits, required=True)
    return Number(title, least=option.least, most=option.most, required=True)


class OwnFields:
    """A field for each rule of the duties, in their order."""

    def __init__(self, options: Sequence[Option[Any]], digits: int) -> None:
        self.made = [(option, field_of(option, digits)) for option in options]

    def cards(self) -> list[QWidget]:
        """Return the cards with the fields on them, in the order in which they are first named."""
        lines: dict[str, list[list[QWidget]]] = {}
        for option, field in self.made:
            on = lines.setdefault(option.card, [])
            if option.beside and on:
                on[-1].append(field)
            else:
                on.append([field])
        return [
            card(*(self._line(line) for line in on), title=_(title), gap=12) for title, on in lines.items()
        ]

    @staticmethod
    def _line(fields: list[QWidget]) -> Item:
        if len(fields) == 1 and not isinstance(fields[0], Number):
            return fields[0]
        return Wrap(*fields, gap=16)

    def fields(self) -> dict[str, Field]:
        """Return the fields by name, for the form's check."""
        return {option.name: field for option, field in self.made if isinstance(field, Field)}

    def listen(self, changed: Callable[..., object]) -> None:
        """Call back when a box is ticked or not; fields are listened to by the form."""
        for _option, field in self.made:
            if isinstance(field, Flag):
                field.toggled.connect(changed)

    def show(self, options: Options) -> None:
        """Show the rules as they are."""
        for option, field in self.made:
            value: Any = options[option]
            field.set_value(str(value) if isinstance(field, Number) else value)

    def typed(self, options: Options) -> Options:
        """Return the rules with what was typed."""
        for option, field in self.made:
            options = options.changing(option, field.value())
        return options
