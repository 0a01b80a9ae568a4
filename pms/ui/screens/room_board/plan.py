"""Where each room stands on the board: a floor has a row of its own, rooms that end alike stand in one
column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from pms.services.room_board.queries import Tile
from pms.ui.kit import theme as th

NARROW, COMPACT = 56, 84
"""The narrowest tile; from where on number and status stand on one line."""
LOW, THREE = 44, 58
"""The lowest tile of two lines, which must be ``COMPACT``; of three lines."""
TALL, MOST, WIDEST = 72, 116, 212
"""What a tile gets where the board scrolls anyway; the highest and the widest tile."""
LONGEST = 16
"""Rooms in one row: a longer floor is broken into rows."""
SPARSE = 4 / 3
"""How many more rows rooms may take to stand under those that end alike."""
Spots = Mapping[int, int]
Floors = Sequence[tuple[int, list[Tile]]]


@dataclass(frozen=True)
class Plan:
    """Columns, the height of a row, the rows of each floor, and the cell of each room by its number in the
    records."""

    columns: int
    pitch: int
    floors: tuple[tuple[int, int, int], ...]
    """Floor, its first row, its rows."""
    spots: Spots

    @property
    def rows(self) -> int:
        """Return how many rows the whole house takes."""
        return sum(rows for _floor, _first, rows in self.floors)

    def fits(self, height: int) -> bool:
        """Say whether the whole house is seen without scrolling."""
        return self.rows * self.pitch <= height


def ending(tile: Tile) -> tuple[str, int, str]:
    """Return what a room's number says beside its floor: 1005 and 205 end alike, so do 8105 and 8205 of a
    house with wings."""
    head, tail, floor = tile.number[:-2], tile.number[-2:], str(tile.floor)
    if floor and head.endswith(floor):
        return head.removesuffix(floor), len(tail), tail
    tail = tile.number.removeprefix(floor)
    return "", len(tail), tail


def plan_for(tiles: Sequence[Tile], width: int, height: int) -> Plan:
    """Return where the rooms stand that are sorted by floor and number.

    The whole house without scrolling comes first, then one row for each floor, or the fewest there is room
    for; rooms that end alike stand under each other unless that costs many rows.
    """
    floors = [(floor, list(rooms)) for floor, rooms in groupby(tiles, lambda t: t.floor)]
    if not floors:
        return Plan(1, th.px(TALL), (), {})
    found = _best(floors, _in_turn(floors), width, height)
    if ends := _by_ending(floors):
        aligned = _best(floors, ends, width, height)
        if aligned.rows <= found.rows * SPARSE and (aligned.fits(height) or not found.fits(height)):
            return aligned
    return found


def _best(floors: Floors, at: Spots, width: int, height: int) -> Plan:
    """Return the fewest rows with which the house fits, or the fewest of all where it never does."""
    longest = max(at.values()) + 1
    fewest = ceil(longest / max(min(width // th.px(NARROW), LONGEST), 1))
    tried = [_placed(floors, at, ceil(longest / rows), width, height) for rows in range(fewest, fewest + 3)]
    return next((plan for plan in tried if plan.fits(height)), tried[0])


def _placed(floors: Floors, at: Spots, columns: int, width: int, height: int) -> Plan:
    wide = max(columns, width // th.px(WIDEST), 1)
    spots: dict[int, int] = {}
    shown = []
    first = 0
    for floor, rooms in floors:
        used = sorted({at[t.room_id] // columns for t in rooms})
        row = {one: first + n for n, one in enumerate(used)}
        spots |= {t.room_id: row[at[t.room_id] // columns] * wide + at[t.room_id] % columns for t in rooms}
        shown.append((floor, first, len(used)))
        first += len(used)
    least = LOW if width // wide >= th.px(COMPACT) else THREE
    pitch = min(height // max(first, 1), th.px(MOST))
    return Plan(wide, pitch if pitch >= th.px(least) else th.px(TALL), tuple(shown), spots)


def _in_turn(floors: Floors) -> Spots:
    return {t.room_id: n for _floor, rooms in floors for n, t in enumerate(rooms)}


def _by_ending(floors: Floors) -> Spots:
    """The column of each room; none where two rooms of a floor would share one."""
    ends = {t.room_id: ending(t) for _floor, rooms in floors for t in rooms}
    if any(len({ends[t.room_id] for t in rooms}) < len(rooms) for _floor, rooms in floors):
        return {}
    column = {end: n for n, end in enumerate(sorted(set(ends.values())))}
    return {room: column[end] for room, end in ends.items()}
