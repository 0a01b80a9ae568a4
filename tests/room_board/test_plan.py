"""Where the rooms stand on the board, and that every word of a tile stands inside it."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication

from pms.services.room_board.queries import Tile
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.theme import Look
from pms.ui.screens.room_board import tile as painting
from pms.ui.screens.room_board.plan import LONGEST, NARROW, THREE, ending, plan_for
from pms.ui.screens.room_board.screen import RoomBoardScreen
from tests.ui.checks import dress

EMPTY = Tile(
    0,
    "",
    0,
    1,
    "TWN",
    "Twin",
    False,
    "clean",
    "",
    "",
    "",
    0,
    None,
    None,
    False,
    "",
    None,
    "",
    "",
    (),
    None,
    "",
)
SMALLEST = (846, 600)
"""The board beside the panel at 1366 × 768, in English."""
BIG = (1386, 900)


def house(*floors, first=2):
    """A house whose floors have these rooms: a number of them, or their endings."""
    tiles = []
    for floor, rooms in enumerate(floors, first):
        for at in range(1, rooms + 1) if isinstance(rooms, int) else rooms:
            tiles.append(EMPTY._replace(room_id=len(tiles) + 1, number=f"{floor}{at:02d}", floor=floor))
    return sorted(tiles, key=lambda t: (t.floor, t.number))


def places(tiles, plan):
    return {t.number: divmod(plan.spots[t.room_id], plan.columns) for t in tiles}


@pytest.fixture(autouse=True)
def dressed(qtbot):
    dress(Look("en", "light", 100))


@given(
    st.lists(st.sets(st.integers(1, 60), min_size=1, max_size=40), min_size=1, max_size=12),
    st.integers(500, 2400),
    st.integers(300, 1400),
)
def test_every_room_has_a_place_of_its_own_in_a_row_of_its_floor(floors, width, height):
    tiles = house(*floors)
    plan = plan_for(tiles, width, height)
    spots = places(tiles, plan)
    assert len(set(spots.values())) == len(tiles)
    rows = {floor: range(first, first + many) for floor, first, many in plan.floors}
    assert all(spots[t.number][0] in rows[t.floor] for t in tiles)
    assert plan.rows == sum(len(r) for r in rows.values()) == len({row for row, _at in spots.values()})
    assert plan.columns <= LONGEST
    assert plan.columns * NARROW <= width
    assert plan.pitch >= (THREE if width // plan.columns < 84 else 44)


@pytest.mark.parametrize("floors", [[20] * 6, [15] * 8, [14] * 8, [12] * 10, [9, 16]])
def test_the_whole_house_fits_the_smallest_screen_without_scrolling(floors):
    assert plan_for(house(*floors), *SMALLEST).fits(SMALLEST[1])


@pytest.mark.parametrize("longest", [4, 13, 14, 15])
def test_a_floor_is_one_row_beside_the_panel_at_1366(longest):
    plan = plan_for(house(*[longest] * 8), *SMALLEST)
    assert [rows for _floor, _first, rows in plan.floors] == [1] * 8


def test_sixteen_are_one_row_at_1920_and_where_the_navigation_is_folded():
    for size in (BIG, (970, 600)):
        assert plan_for(house(*[16] * 8), *size).rows == 8


def test_a_longer_floor_is_two_rows_and_none_goes_on_in_the_row_of_another():
    tiles = house(17, 17)
    plan = plan_for(tiles, *BIG)
    assert [rows for _floor, _first, rows in plan.floors] == [2, 2]
    assert places(tiles, plan)["210"] == (1, 0)


@given(st.lists(st.sets(st.integers(1, 16), min_size=8, max_size=16), min_size=1, max_size=10))
def test_rooms_that_end_alike_stand_under_each_other(floors):
    tiles = house(*floors, first=5)
    plan = plan_for(tiles, *BIG)
    columns = {}
    for number, (_row, at) in places(tiles, plan).items():
        columns.setdefault(number[-2:], set()).add(at)
    assert all(len(at) == 1 for at in columns.values())


@pytest.mark.parametrize(
    ("floor", "number", "ends"),
    [
        (10, "1005", "05"),
        (2, "205", "05"),
        (1, "8105", "05"),
        (2, "2105", "105"),
        (3, "301A", "01A"),
        (1, "A", "A"),
    ],
)
def test_a_number_ends_with_what_its_floor_does_not_say(floor, number, ends):
    assert ending(EMPTY._replace(number=number, floor=floor))[-1] == ends


def test_two_wings_on_one_floor_stand_beside_each_other():
    tiles = [
        EMPTY._replace(room_id=n, number=f"{wing}{floor}{at:02d}", floor=floor)
        for n, (floor, wing, at) in enumerate(
            ((f, w, a) for f in (1, 2) for w in (8, 9) for a in range(1, 7)), 1
        )
    ]
    found = places(tiles, plan_for(tiles, *BIG))
    assert found["8105"][1] == found["8205"][1] != found["9105"][1] == found["9205"][1]


def test_numbers_that_have_nothing_in_common_follow_one_another():
    tiles = [
        EMPTY._replace(room_id=n, number=f"{floor}{n:02d}", floor=floor)
        for n, floor in enumerate([1] * 14 + [2] * 14 + [3] * 14 + [4] * 14, 1)
    ]
    assert plan_for(tiles, *SMALLEST).rows == 4


def test_who_shows_only_some_rooms_finds_them_where_they_always_stand(qtbot, desk):
    board = RoomBoardScreen(desk, ChangeSignal(desk.changes))
    qtbot.addWidget(board)
    board.resize(1206, 716)
    board.show()
    tiles = house(*[15] * 8)
    QApplication.processEvents()
    board.view.show_tiles(tiles, tiles)
    QApplication.processEvents()
    view = board.view
    assert view.delegate.size.width() * view.tiles.columns <= view.viewport().width()
    before = {t.number: view.visualRect(view.tiles.index(view.tiles.place(t.room_id))) for t in tiles}
    some = [t for t in tiles if t.number in ("205", "309", "905")]
    view.show_tiles(some, tiles)
    after = {t.number: view.visualRect(view.tiles.index(view.tiles.place(t.room_id))) for t in some}
    assert {n: (r.x(), r.width()) for n, r in after.items()} == {
        n: (before[n].x(), before[n].width()) for n in after
    }
    assert [floor for floor, _first, _rows in view.tiles.floors] == [2, 3, 9]
    assert Counter(r.y() for r in after.values()).most_common(1)[0][1] == 1


WORST = [
    EMPTY._replace(number="1005", floor=10),
    EMPTY._replace(
        number="1005",
        occupied=True,
        guest="欧阳国庆",
        clean="dirty",
        due_out=True,
        heads=2,
        departure=date(2026, 11, 21),
        flags=("cash", "shield", "dnd"),
        rate=27400,
    ),
    EMPTY._replace(
        number="1005",
        occupied=True,
        guest="Anna Lukasiewicz-Petrova",
        heads=2,
        odd="person",
        departure=date(2026, 12, 21),
    ),
    EMPTY._replace(number="1005", block="OOO", block_reason="Air conditioning"),
    EMPTY._replace(number="1005", due_in="司马海燕", eta="18:00", clean="inspected"),
]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("scale", [100, 130])
@pytest.mark.parametrize("size", [(56, 58), (56, 72), (62, 72), (84, 44), (84, 72), (89, 112), (140, 92)])
def test_every_line_of_a_tile_stands_within_it(monkeypatch, language, scale, size):
    dress(Look(language, "light", scale))
    factor = scale / 100
    size = QSize(round(size[0] * factor), round(size[1] * factor))
    lines = []

    class Watched(QPainter):
        def drawText(self, box, flags, text):
            lines.append((box, text, self.fontMetrics()))
            super().drawText(box, flags, text)

    monkeypatch.setattr(painting, "QPainter", Watched)
    for tile in WORST:
        lines.clear()
        painting.picture(tile, size, 1.0, 2)
        assert any(text == "1005" for _box, text, _fm in lines)
        for box, text, fm in lines:
            ink = fm.tightBoundingRect(text)
            top = box.y() + (box.height() - fm.height()) / 2 + fm.ascent() + ink.y()
            assert box.left() >= 0
            assert box.right() <= size.width()
            assert box.width() > 0
            assert fm.horizontalAdvance(text) <= box.width() + 3, (text, size)
            assert top >= 0
            assert top + ink.height() <= size.height(), (text, size)
    dress(Look("en", "light", 100))


@settings(max_examples=20)
@given(st.integers(1, 40), st.integers(1, 25))
def test_every_room_of_a_large_house_is_placed(floors, rooms):
    tiles = house(*[rooms] * floors)
    assert set(plan_for(tiles, 846, 600).spots) == {t.room_id for t in tiles}
