"""Save what is typed without making the fingers wait: painted first, committed off the window's thread within
200 ms."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QObject, QTimer, Signal

from pms.core.errors import Conflict, Refused, StoreTrouble
from pms.core.office import Office
from pms.services.housekeeping import service
from pms.services.housekeeping.queries import Line
from pms.services.housekeeping.service import Answer, Seen
from pms.ui.kit import background

from .grid import SheetModel

PAUSE, AGAIN = 30, 2000
"""Milliseconds from a key to its commit's start, and between two tries when the database does not answer."""


class Saver(QObject):
    """Writes typed rooms of one sheet, a batch at a time; what has not been written stays marked in the grid
    and is tried again.

    ``opened`` tells the sheet that the first typed room has opened, ``told`` why rooms were not taken (empty:
    all were).
    """

    opened = Signal(int)
    told = Signal(object)
    refused = Signal(object)

    def __init__(self, office: Office, model: SheetModel, parent: QObject) -> None:
        super().__init__(parent)
        self.office, self.model = office, model
        self.sheet_id: int | None = None
        self.day, self.part = date.min, "AM"
        self.commits = 0
        self._waiting: set[int] = set()
        self._sent: list[Seen] = []
        self._tries = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.send)

    def take(self, sheet_id: int | None, day: date, part: str) -> None:
        """Write into another sheet from now on."""
        self.sheet_id, self.day, self.part = sheet_id, day, part

    def busy(self) -> bool:
        """Say whether something typed is not in the database yet."""
        return bool(self._waiting or self._sent)

    def put(self, room_id: int) -> None:
        """Save a room as the grid shows it, soon."""
        self._waiting.add(room_id)
        if not self._sent and not self._timer.isActive():
            self._timer.start(PAUSE)

    def send(self) -> None:
        """Write what waits, unless a batch is on its way: the next one needs its answers."""
        if self._sent or not self._waiting:
            return
        lines = filter(None, map(self.model.line, sorted(self._waiting)))
        self._sent, self._waiting = (
            [_seen(x) for x in lines],
            set(),
        )
        self._run()

    def _run(self) -> None:
        background.run(
            self, self._work(self.sheet_id, self.day, self.part, tuple(self._sent)), self._done, self._failed
        )

    def _work(
        self, sheet_id: int | None, day: date, part: str, rooms: Sequence[Seen]
    ) -> Callable[[], tuple[int, tuple[Answer, ...]]]:
        def write() -> tuple[int, tuple[Answer, ...]]:
            found = (
                sheet_id
                if sheet_id is not None
                else self.office.do(service.open_sheet.of(business_date=day, part=part))
            )
            return found, self.office.do(service.record.of(sheet_id=found, rooms=rooms))

        return write

    def _done(self, result: tuple[int, tuple[Answer, ...]]) -> None:
        sheet_id, answers = result
        self._sent, self._tries = [], 0
        self.commits += 1
        if self.sheet_id is None:
            self.sheet_id = sheet_id
            self.opened.emit(sheet_id)
        for answer in answers:
            self._take_in(answer)
        self.told.emit([a.refused for a in answers if a.refused])
        self.send()

    def _take_in(self, answer: Answer) -> None:
        line = self.model.line(answer.room_id)
        if line is None:
            return
        again = answer.room_id in self._waiting
        if answer.refused:
            self._waiting.discard(answer.room_id)
            self.model.unsaved.discard(answer.room_id)
            return
        at = self.office.now() if line.recorded else None
        line = replace(line, version=answer.version, odd=line.odd if again else answer.odd, at=at)
        if answer.desk is not None and not again:
            persons, clean, block = answer.desk
            line = replace(line, desk_persons=persons, desk_clean=clean, desk_block=block, hidden=False)
        self.model.saved(line, more=again)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, Refused):
            raise error
        if isinstance(error, StoreTrouble):
            self._waiting |= {seen.room_id for seen in self._sent}
            self._sent = []
            self._timer.start(AGAIN)
        elif (
            isinstance(error, Conflict) and self._tries == 0
        ):  # another desk was first with the same room: the answer will say so
            self._tries = 1
            self._run()
            return
        else:
            self._drop()
        self.refused.emit(error)

    def _drop(self) -> None:
        """The sheet takes nothing any more: show it as it is."""
        self.model.unsaved -= {seen.room_id for seen in self._sent} | self._waiting
        self._sent, self._tries = [], 0
        self._waiting.clear()


def _seen(line: Line) -> Seen:
    """Return a room as it goes into the database: what is half typed does not."""
    persons = line.persons if line.recorded else None
    return Seen(
        line.room_id,
        line.version,
        persons,
        line.clean or line.desk_clean or "clean",
        line.remarks,
        bool(line.taken) and line.recorded,
    )
