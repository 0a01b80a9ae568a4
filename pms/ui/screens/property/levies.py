"""Tax and service charge by transaction code: what differs from the house, one row a code."""

import re
from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtWidgets import QGridLayout, QWidget

from pms.core.i18n import _
from pms.core.options import Levy
from pms.services.folios.queries import CodeRow
from pms.ui.kit.forms import Choice, Field, Text
from pms.ui.kit.parts import label


def percent_error(text: str) -> str:
    """Say what is wrong with a per cent; nothing typed is none."""
    if text and not re.fullmatch(r"\d{1,2}(\.\d{1,2})?", text):
        return _("Type a number such as 6 or 6.5.")
    return ""


def points(text: str) -> int:
    """Return a per cent as parts of ten thousand."""
    return int(Decimal(text or "0") * 100)


def shown(value: int | None) -> str:
    """Write parts of ten thousand as a per cent; nothing where the house's own holds."""
    return "" if value is None else f"{value / 100:g}"


class LevyRows(QWidget):
    """One row a code: its tax where it is not the house's, and its service charge."""

    def __init__(self, codes: Sequence[CodeRow]) -> None:
        super().__init__()
        self.rows: dict[str, tuple[Text, Choice, Text, Choice]] = {}
        how = [(True, _("within the price")), (False, _("on top"))]
        table = QGridLayout(self)
        table.setContentsMargins(0, 0, 0, 0)
        table.setSpacing(8)
        heads = ("", _("Tax, per cent"), _("Tax is"), _("Service charge, per cent"), _("Service charge is"))
        for at, words in enumerate(heads):
            table.addWidget(label(words, "meta"), 0, at)
        for line, code in enumerate(codes, 1):
            made = (
                Text(width=76, check=percent_error, plain=True),
                Choice(options=[(None, _("hotel default")), *how], width=148),
                Text(width=76, check=percent_error, plain=True),
                Choice(options=list(reversed(how)), width=148),
            )
            self.rows[code.code] = made
            table.addWidget(label(_(code.name)), line, 0)
            fields: tuple[Text | Choice, ...] = made
            for at, field in enumerate(fields, 1):
                table.addWidget(field, line, at)
                told = _("%(code)s, %(what)s") % {"code": _(code.name), "what": heads[at]}
                editor = field.combo if isinstance(field, Choice) else field.line
                editor.setAccessibleName(told)
        table.setColumnStretch(len(heads), 1)

    def show_levies(self, levies: Sequence[Levy]) -> None:
        """Show what differs; a row without a difference is empty."""
        own = {levy.code: levy for levy in levies}
        for code, (tax, tax_is, service, service_is) in self.rows.items():
            levy = own.get(code, Levy(code))
            tax.set_value(shown(levy.tax))
            tax_is.set_value(levy.included)
            service.set_value(shown(levy.service or None))
            service_is.set_value(levy.service_included)

    def levies(self) -> tuple[Levy, ...]:
        """Return the codes that differ from the house."""
        made = (
            Levy(
                code,
                points(tax.value()) if tax.value() else None,
                tax_is.value(),
                points(service.value()),
                service_is.value() and bool(service.value()),
            )
            for code, (tax, tax_is, service, service_is) in self.rows.items()
        )
        return tuple(levy for levy in made if levy != Levy(levy.code))

    def fields(self) -> dict[str, Field]:
        """Return the fields by name, for the form's check."""
        return {f"levy_{code}{at}": field for code, row in self.rows.items() for at, field in enumerate(row)}
