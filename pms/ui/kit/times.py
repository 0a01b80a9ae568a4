"""A time of day, as it is typed."""

import re

from pms.core.i18n import _
from pms.ui.kit.forms import Text

CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def clock_error(text: str) -> str:
    """Say what is wrong with a time of day."""
    return "" if CLOCK.fullmatch(text) else _("Type a time such as 14:00.")


class Time(Text):
    """A time of day on the hotel's clock; 9, 930 and 9:30 are read as well."""

    def __init__(self, title: str = "", *, required: bool = True) -> None:
        super().__init__(title, width=76, required=required, check=clock_error, plain=True)

    def value(self) -> str:
        """Return the time as HH:MM where it can be read."""
        text = self.line.text().strip().replace("：", ":")
        if match := re.fullmatch(r"(\d{1,2})(?::?(\d\d))?", text):
            return f"{int(match[1]):02d}:{match[2] or '00'}"
        return text

    def _leave(self) -> None:
        super()._leave()
        if not self.shown_error() and self.value():
            self.set_value(self.value())
