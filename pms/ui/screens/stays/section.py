"""One numbered part of the check-in, with how far it is at its right."""

from PySide6.QtWidgets import QFrame, QLabel

from pms.ui.kit.parts import Item, Pic, col, label, row, set_tone

SIGNS = {"good": "check", "warn": "chevron-right", "bad": "alert", "": "chevron-right"}


class Section(QFrame):
    """What is filled in stands in ``body``; a short part has it in its head."""

    def __init__(self, number: str, title: str, *beside: Item, told: QLabel | None = None) -> None:
        """``told`` is a text between title and state that takes the room there is."""
        super().__init__()
        self.setObjectName("card")
        self.tone = ""
        self._state, self._sign = label("", "strong"), Pic("check", "good", 16)
        self.body = col(gap=4)
        head = row(
            label(number, "title", "accent"),
            label(title, "strong"),
            *beside,
            None if told is None else (told, 1),
            self._sign,
            self._state,
            gap=8,
        )
        self.setLayout(col(head, self.body, gap=4, pad=(12, 8, 12, 8)))

    def say(self, words: str, tone: str) -> None:
        """Show how far this part is: ``good``, ``warn`` or ``bad``, and plain for what the button will do."""
        self.tone = tone
        self._state.setText(words)
        set_tone(self._state, tone)
        self._sign.show_icon(SIGNS[tone], tone or "muted")

    def said(self) -> str:
        """Return what stands at the right."""
        return self._state.text()
