"""What each key of the sheet records of a room; the rest stays as it was, or as the desk has it."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt

from pms.core.i18n import N_
from pms.services.housekeeping.queries import Line

from . import words

Key = Qt.Key


def as_desk(line: Line) -> Line:
    """Return the room recorded as the desk has it."""
    return replace(line, persons=line.desk_persons or 0, clean=line.desk_clean)


def _started(line: Line) -> Line:
    """Return a room to go on from: as it stands, or as the desk has it where that is shown."""
    if line.recorded or line.hidden:
        return replace(line, taken=False)
    return as_desk(line)


def _persons(number: int) -> Callable[[Line], Line]:
    return lambda line: replace(_started(line), persons=number)


def _occupied(line: Line) -> Line:
    return replace(_started(line), persons=line.persons or line.desk_persons or 1)


def _clean(state: str) -> Callable[[Line], Line]:
    return lambda line: replace(_started(line), clean=state)


def _remark(*steps: str) -> Callable[[Line], Line]:
    """Go from none of the remarks to the first, from each to the next, and from the last to none."""

    def change(line: Line) -> Line:
        now = next((at for at, step in enumerate(steps) if step in line.remarks), -1)
        wanted = {*line.remarks} - {*steps} | {*steps[now + 1 : now + 2]}
        return replace(_started(line), remarks=tuple(r for r in words.REMARKS if r in wanted))

    return change


FACTS: dict[int, Callable[[Line], Line]] = {
    Key.Key_V: _persons(0),
    Key.Key_O: _occupied,
    Key.Key_C: _clean("clean"),
    Key.Key_D: _clean("dirty"),
    Key.Key_I: _clean("inspected"),
    Key.Key_N: _remark("dnd"),
    Key.Key_L: _remark("light_luggage", "no_luggage"),
    Key.Key_S: _remark("slept_out"),
    **{Key.Key_0 + n: _persons(n) for n in range(10)},
}
"""What each key records; what it does not say stays as it was, or as the desk has it."""
MENU: tuple[tuple[int, str], ...] = (
    (Key.Key_Return, N_("As the desk has it")),
    (Key.Key_V, N_("Vacant")),
    (Key.Key_O, N_("Occupied")),
    (Key.Key_1, N_("1 person")),
    (Key.Key_2, N_("2 persons")),
    (Key.Key_3, N_("3 persons")),
    (Key.Key_C, N_("Clean")),
    (Key.Key_D, N_("Dirty")),
    (Key.Key_I, N_("Inspected")),
    (Key.Key_N, N_("Do not disturb")),
    (Key.Key_L, N_("Light luggage, no luggage")),
    (Key.Key_S, N_("Slept out")),
)
