"""The head of the sheet: which one it is, how far it is, its floors, and the keys at its foot."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from pms.core.i18n import _, ngettext
from pms.services.housekeeping import queries
from pms.services.housekeeping.queries import SheetRow
from pms.ui.kit import formats
from pms.ui.kit import theme as th
from pms.ui.kit.chips import Chips
from pms.ui.kit.lines import LineEdit
from pms.ui.kit.parts import Button, box, chip, col, empty_out, frame, hint, label, row
from pms.ui.kit.wrap import Wrap

from . import words


class Head(QWidget):
    """Title and progress, floors with what is done on each, and the line that finds a room; where the window
    is too narrow for the size of the letters it goes on in the next line.

    ``turned`` tells the half of the day that was chosen, ``floor_wanted`` the floor, ``room_wanted`` that a
    room's number was typed.
    """

    turned = Signal(object)
    floor_wanted = Signal(int)
    room_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.title, self.about = label("", "page"), label("", "muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(th.px(112), th.px(16))
        self.count = label("", "strong")
        self.parts = Chips([(part, _(name)) for part, name in words.PART_CHIPS.items()])
        self.parts.chosen.connect(self.turned)
        self.floors: dict[int, Button] = {}
        self._chips = Wrap()
        self.search = LineEdit(plain=True)
        self.search.setPlaceholderText(_("Room, Ctrl+F"))
        self.search.setAccessibleName(_("Find a room"))
        self.search.setFixedWidth(th.px(120))
        self.search.returnPressed.connect(self.room_wanted)
        self.about.setMinimumHeight(self.title.sizeHint().height())  # on one line with the title
        done = box(col(row(self.parts, self.bar, self.count, gap=12), None, gap=0))
        self.setLayout(
            col(
                row((box(Wrap(self.title, self.about, gap=12)), 1), done, gap=12),
                row((box(self._chips), 1), self.search, gap=12),
                gap=8,
            )
        )

    def show_sheet(self, part: str, day: str, sheet: SheetRow | None, zone: str) -> None:
        """Say which sheet this is, whose, and whether it is signed."""
        self.parts.set_value(part)
        self.title.setText(_(words.PARTS[part]))
        told = [day]
        if sheet is not None:
            told.append(_signed(sheet, zone) if sheet.signed_at else sheet.opened_by)
        if sheet is None or sheet.signed_at is None:
            told.append(_("saved as typed"))
        self.about.setText(("，" if formats.chinese() else ", ").join(filter(None, told)))

    def show_counts(self, done: int, rooms: int) -> None:
        """Say how many rooms are recorded."""
        self.bar.setMaximum(max(rooms, 1))
        self.bar.setValue(done)
        self.count.setText(f"{done} / {rooms}")

    def show_floors(self, counts: Mapping[int, list[int]], here: int | None) -> None:
        """Show how many rooms are recorded on each floor, the one in hand pressed."""
        if list(counts) != list(self.floors):
            empty_out(self._chips)
            self.floors = {floor: self._floor_chip(floor) for floor in counts}
        for floor, (done, rooms) in counts.items():
            made, full = self.floors[floor], done == rooms
            if made.count != (count := f"{done}/{rooms}"):
                made.sign = "check" if full else ""
                made.say(count=count, tone="good" if full else "")
        self.mark_floor(here)

    def mark_floor(self, here: int | None) -> None:
        """Press the floor of the room in hand."""
        for floor, made in self.floors.items():
            made.setChecked(floor == here)

    def _floor_chip(self, floor: int) -> Button:
        made = chip(f"{floor}F", "0/0")
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.clicked.connect(lambda _on=False: self.floor_wanted.emit(floor))
        self._chips.addWidget(made)
        return made


def _signed(sheet: SheetRow, zone: str) -> str:
    facts = {"name": sheet.signed_by, "time": formats.time(sheet.signed_at, zone)}
    return _("signed by %(name)s at %(time)s") % facts


class Foot(QWidget):
    """The keys; what Enter does depends on whether the desk's state is shown."""

    def __init__(self) -> None:
        super().__init__()
        self._as_desk, self._next = box(hint("Enter", _("as the desk"))), box(hint("Enter", _("next room")))
        hints = (
            box(hint(_("V O"), _("vacant, occupied"))),
            box(hint(_("C D I"), _("clean, dirty, inspected"))),
            box(hint("0–9", _("heads"))),
            box(hint("N L S", _("DND, bags, out"))),
            self._as_desk,
            self._next,
            box(hint("Ctrl+Z", _("undo"))),
        )
        inner = frame("footer", col(box(Wrap(*hints, gap=12)), gap=0, pad=(12, 8, 12, 8)))
        self.setLayout(col(inner, gap=0))
        self.show_rule(seen_first=False)

    def show_rule(self, *, seen_first: bool) -> None:
        """Say what Enter does in this hotel."""
        self._as_desk.setVisible(not seen_first)
        self._next.setVisible(seen_first)


def rest(left: int, taken: int | None, rooms: int, *, signed: bool) -> str:
    """Return what still lacks, or how many rooms nobody but the desk vouches for."""
    if left and not signed:
        return _missing(left)
    return queries.told_taken(taken, rooms) if rooms else ""


def _missing(left: int) -> str:
    return ngettext(
        "%(n)s room missing. Then this becomes 'Sign and hand in'.",
        "%(n)s rooms missing. Then this becomes 'Sign and hand in'.",
        left,
    ) % {"n": left}
