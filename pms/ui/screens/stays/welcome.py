"""The line under the guests of the check-in that welcomes a member by name and level, with what it gives."""

import re
from collections.abc import Iterable
from datetime import date

from PySide6.QtWidgets import QWidget

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.office import Office
from pms.core.permissions import Permission
from pms.services.members import arrivals, queries
from pms.services.members.arrivals import Typed
from pms.services.members.arrivals import Welcome as Known
from pms.ui.kit import formats
from pms.ui.kit.parts import Pic, col, label, row, set_tone

from .guest_line import GuestLine

CARD = re.compile(r"[0-9A-Za-z]*\d[0-9A-Za-z]*")
"""A member card's number as a scanner types it; no name has a figure in it."""


class Welcome(QWidget):
    """Hidden until somebody is known; asks again only when the guests have changed."""

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office
        self._asked: tuple[object, ...] = ()
        self._card = 0
        self.words = label("", "strong", wrap=True)
        self.setLayout(row(col(Pic("star", "accent", 14), None, pad=(0, 2, 0, 0)), (self.words, 1), gap=6))
        self.hide()

    def greet(self, lines: Iterable[GuestLine], today: date) -> None:
        """Look whether one of the guests is a member."""
        lines = list(lines)
        self._take_card(lines)
        people = [_typed(line) for line in lines]
        asking = (today, *people)
        if asking == self._asked:
            return
        self._asked = asking
        found = self.office.ask(arrivals.welcome, people=people, on=today) if any(people) else []
        self.setVisible(bool(found))
        if found:
            words, tone = _told(found[0], self._card)
            self.words.setText(words)
            set_tone(self.words, tone)

    def _take_card(self, lines: Iterable[GuestLine]) -> None:
        """Put the member in place of a card's number that was typed or scanned where the name goes."""
        for line in lines:
            typed = line.name.value().strip()
            if not CARD.fullmatch(typed) or not self.office.clerk.may(Permission.GUESTS_READ):
                continue
            found = self.office.ask(queries.find, text=typed, most=2)
            member = next((m for m in found if m.card == queries.card_of(typed)), None)
            if member is not None:
                self._card = member.id
                line.fill(member.name, member.phone)


def _typed(line: GuestLine) -> Typed:
    return Typed(
        line.name.value(),
        line.phone.value(),
        _document(line),
        line.known.id if line.known is not None else None,
    )


def _document(line: GuestLine) -> str:
    try:
        return line.person().document if not line.number.error() else ""
    except Refused:
        return ""


def _told(known: Known, card: int) -> tuple[str, str]:
    m = known.member
    if known.why_not:
        return known.why_not, "warn"
    if not known.sure and m.id != card:
        ask = _("%(name)s may be %(member)s, %(level)s: ask for the phone or the card.")
        return ask % {"name": m.name, "member": m.shown, "level": m.level}, ""
    welcome = _("%(level)s %(name)s, %(member)s") % {"level": m.level, "name": m.name, "member": m.shown}
    return formats.commas((welcome, m.gives)), "good"
