"""Tabs: the views of one page, underlined, with their counts; chips stay for what filters."""

from typing import Any

from pms.ui.kit.chips import Chips
from pms.ui.kit.parts import Button


class Tabs(Chips):
    """A row of tabs by value; used as chips are."""

    def make(self, value: Any, words: str) -> Button:
        """Make one tab."""
        made = Button(words, icon=self._icons.get(value, ""), name="tab")
        made.setCheckable(True)
        return made
