"""A country as a travel document writes it: three letters, its name beside the field's title."""

from pms.core import countries
from pms.core.i18n import _
from pms.ui.kit.forms import Check, Text


class Country(Text):
    """Three letters; the country that they name is said as soon as there is one."""

    def __init__(self, title: str, check: Check, *, longest: int = 200) -> None:
        super().__init__(title, hint="GBR", width=72, check=check, longest=longest, plain=True)
        self.changed.connect(self._say)

    def set_value(self, value: str) -> None:
        """Show a value."""
        super().set_value(value)
        self._say()

    def _say(self) -> None:
        code = self.value().upper()
        known = "" if self.error() or not code else countries.name(code)
        told = _("%(what)s: %(why)s") % {"what": self.title, "why": known}
        self._title.setText(told if known else self.title)
