"""What differs between desk and housekeeping, beside the sheet: a box for each, and for a likely move."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pms.core.i18n import _
from pms.services.housekeeping import queries
from pms.services.housekeeping.queries import Difference, Move
from pms.ui.kit import formats, keys
from pms.ui.kit.empty import Empty
from pms.ui.kit.messages import note
from pms.ui.kit.parts import Badge, Button, col, empty_out, frame, label, plain, row

from . import words

Shown = Move | Difference | None


class DifferenceList(QWidget):
    """The boxes; what stands there already stays, so that a key need not wait for a hundred of them.

    ``clear_wanted`` tells the difference that is to be explained, ``move_wanted`` that the desk is to record
    the move.
    """

    clear_wanted = Signal(object)
    move_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.boxes: dict[Shown, QWidget] = {}
        self._list = col(gap=8)
        self.setLayout(self._list)
        self.zone = "UTC"

    def show_all(self, moves: Sequence[Move], found: Sequence[Difference], agreed: str, why_not: str) -> None:
        """Show these, or what agrees where there are none; ``why_not`` is why nobody here may record a
        move."""
        wanted: dict[Shown, Callable[[], QWidget]] = {m: partial(self._move_note, m, why_not) for m in moves}
        wanted |= {d: partial(self._case, d) for d in found}
        if not wanted:
            wanted[None] = partial(Empty, "sheet", agreed)
        for gone in [x for x in self.boxes if x not in wanted]:
            widget = self.boxes.pop(gone)
            self._list.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        for at, (what, make) in enumerate(wanted.items()):
            if what not in self.boxes:
                self.boxes[what] = make()
                self._list.insertWidget(at, self.boxes[what])

    def say_agreed(self, agreed: str) -> None:
        """Bring the sentence about what agrees up to date."""
        if isinstance(told := self.boxes.get(None), Empty):
            told.say(agreed)

    def forget(self) -> None:
        """Drop all boxes: what a person may do stands on them."""
        empty_out(self._list)
        self.boxes.clear()

    def _case(self, d: Difference) -> QWidget:
        clear = Button(_("Clear"), kind="quiet")
        clear.clicked.connect(lambda _on=False: self.clear_wanted.emit(d))
        moment = label(formats.time(d.seen_at, self.zone), "meta")
        badge = Badge(_(words.ODD[d.kind]), "bad", "alert")
        return frame(
            "well",
            col(
                row(label(d.number, "title"), badge, None, moment, gap=8),
                row((label(queries.told(d), wrap=True), 1), clear, gap=4),
                gap=4,
                pad=(12, 8, 8, 8),
            ),
        )

    def _move_note(self, move: Move, why_not: str) -> QWidget:
        made = Button(_("Room change"), keys.ROOM_CHANGE)
        made.clicked.connect(lambda _on=False: self.move_wanted.emit())
        made.setEnabled(not why_not)
        made.setToolTip(plain(why_not))
        facts = {"old": move.out_of.number, "new": move.into.number}
        return note(
            "info",
            _("Looks like a room change %(old)s → %(new)s") % facts,
            _("%(guest)s, not recorded at the desk.") % {"guest": move.out_of.guest},
            4,
            row(made, None),
            icon="room-change",
        )
