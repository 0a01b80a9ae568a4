"""The text of an order with what was understood of it, by colour; and the legend."""

from collections.abc import Sequence

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QTextEdit

from pms.core import limits
from pms.core.i18n import N_, _
from pms.services.orders.reading.proposal import Mark
from pms.ui.kit import theme as th
from pms.ui.kit.lines import TextArea
from pms.ui.kit.parts import frame, label, row

WHO = "guests given surname phone email adults children infants age"
WHEN = """
    arrival departure nights night arrives_from arrives_until start end hours booked_at noticed_at free_until
"""
WHAT = "room rooms night_rooms room_nights plan breakfast breakfast_guests extras requests"
MONEY = "sell settle commission price each net tax currency"
WHICH = "reference original tail confirmation action payment site hotel cancelling"
GROUPS = (
    ("accent", N_("Guest"), frozenset(WHO.split())),
    ("expect", N_("Days and times"), frozenset(WHEN.split())),
    ("good", N_("Rooms and meals"), frozenset(WHAT.split())),
    ("warn", N_("Prices"), frozenset(MONEY.split())),
    ("block", N_("Channel order"), frozenset(WHICH.split())),
)
"""The colour of what was understood, its word in the legend, and the fields of a layout that have it."""


def legend() -> QHBoxLayout:
    """Return the legend: one word in each colour, and what has none."""
    parts = [
        frame("legend", row(label(_(words), tone), pad=(8, 2, 8, 2)), tone) for tone, words, _f in GROUPS
    ]
    for part, (tone, _words, _fields) in zip(parts, GROUPS, strict=True):
        part.setStyleSheet(
            f"QFrame#legend {{ background: {th.now().ink(f'{tone}_soft')}; border-radius: 4px; }}"
        )
    return row(*parts, label(_("Without colour: not read"), "muted"), None, gap=6)


class MarkedText(TextArea):
    """A text that can be pasted and corrected; what was understood has a colour and a line below it."""

    def __init__(self) -> None:
        super().__init__("", limits.REPORT)
        self.setTabChangesFocus(True)
        self.setAccessibleName(_("Order text"))
        self.setPlaceholderText(_("Copy the order on the channel's page and paste it here with Ctrl+V."))

    def mark(self, marks: Sequence[Mark]) -> None:
        """Colour what was understood; the places count signs, as the reader does."""
        text = self.toPlainText()
        whole = text.encode("utf-16-le") if any(ord(sign) > 0xFFFF for sign in text) else b""
        made = []
        for mark in marks:
            tone = next((tone for tone, _words, fields in GROUPS if mark.field in fields), "")
            if not tone:
                continue
            shown = QTextEdit.ExtraSelection()
            looks = QTextCharFormat()
            looks.setBackground(QColor(th.now().ink(f"{tone}_soft")))
            looks.setForeground(QColor(th.now().ink(tone)))
            looks.setFontUnderline(True)
            shown.format = looks
            cursor = QTextCursor(self.document())
            start, end = (_units(text, place) if whole else place for place in (mark.start, mark.end))
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            shown.cursor = cursor
            made.append(shown)
        self.setExtraSelections(made)


def _units(text: str, place: int) -> int:
    """Return a place in the units that Qt counts."""
    return len(text[:place].encode("utf-16-le")) // 2
