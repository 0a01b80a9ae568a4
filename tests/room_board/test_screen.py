"""The board: where tiles stand, what is in hand, what the keys do."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from pms.services.property import service as property_service
from pms.services.reports import queries as reports
from pms.services.rooms import queries as room_queries
from pms.services.rooms import service as rooms
from pms.services.stays import service as stays
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.theme import Look
from pms.ui.screens.room_board.grid import LEAST, MOST, layout_for
from pms.ui.screens.room_board.screen import RoomBoardScreen
from tests import builders
from tests.builders import TODAY
from tests.ui.checks import check_screen, dress

Key = Qt.Key


@pytest.fixture
def board(qtbot, desk):
    """The board of the small hotel."""
    dress(Look("en", "light", 100))
    made = RoomBoardScreen(desk, ChangeSignal(desk.changes))
    made.gone = []
    made.wanted.connect(lambda word, what: made.gone.append((word, what)))
    qtbot.addWidget(made)
    made.resize(1206, 716)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def check_in(desk, number="301", **fields):
    line = desk.book(**fields)
    return desk.do(stays.check_in, line_id=line, room_id=desk.room_id(number), intent=desk.new_intent())


def take(board, number):
    assert board.view.pick(next(t.room_id for t in board.tiles if t.number == number))
    return board.view.tile()


@given(st.lists(st.integers(1, 60), min_size=1, max_size=12), st.integers(700, 2400), st.integers(400, 1400))
def test_tiles_never_become_smaller_than_readable_nor_wider_than_the_space(floors, width, height):
    found = layout_for(floors, width, height)
    assert LEAST <= found.pitch <= MOST
    assert found.columns >= 1
    assert found.columns * 84 <= max(width, 84)


@pytest.mark.parametrize("floors", [[20] * 6, [15] * 8, [12] * 10])
def test_120_rooms_fit_the_smallest_screen_without_scrolling(floors):
    found = layout_for(floors, 846, 600)
    assert found.lines(floors) * found.pitch <= 600


def test_floors_keep_lines_of_their_own_where_there_is_room():
    assert not layout_for([20] * 6, 846, 600).packed
    assert layout_for([15] * 8, 846, 600).packed
    assert not layout_for([15] * 8, 1386, 912).packed


def test_packed_floors_use_the_width_of_the_floor_numbers(qtbot, board):
    tiles = [
        board.tiles[0]._replace(room_id=n, number=f"{floor}{at:02d}", floor=floor)
        for n, (floor, at) in enumerate(((f, a) for f in range(2, 10) for a in range(1, 16)), 1)
    ]
    widths = []
    for size in ((1206, 684), (1206, 1028), (1206, 684), (900, 500)):
        board.resize(*size)
        QApplication.processEvents()
        board.view.show_tiles(tiles)
        QApplication.processEvents()
        strip, view = board.view.strip, board.view
        packed = view.tiles.layout.packed
        assert strip == (0 if packed else 40)
        assert view.delegate.size.width() * view.tiles.layout.columns <= view.viewport().width()
        widths.append(packed)
    assert widths == [True, False, True, False]


def test_a_check_in_elsewhere_shows_at_once_and_the_room_in_hand_stays(qtbot, board, desk):
    take(board, "203")
    check_in(desk, "301")
    assert board.view.tile().number == "203"
    assert next(t for t in board.tiles if t.number == "301").occupied
    assert board.counts["occupied"].number() == "1"


def test_the_next_step_depends_on_the_room(board, desk):
    check_in(desk, "301", nights=1)
    desk.do(
        rooms.block,
        room_id=desk.room_id("302"),
        kind="OOO",
        reason="AC leak",
        start=builders.TODAY,
        end=builders.TODAY.replace(day=22),
    )
    assert (take(board, "303"), board._next_step(board.view.tile()))[1] == "check_in"
    assert (take(board, "301"), board._next_step(board.view.tile()))[1] == "folio"
    assert (take(board, "302"), board._next_step(board.view.tile()))[1] == "release"
    desk.next_day()
    assert (take(board, "301"), board._next_step(board.view.tile()))[1] == "check_out"


def test_keys_open_what_they_say(qtbot, board, desk):
    stay = check_in(desk, "301")
    take(board, "301")
    for key, word in (
        (Key.Key_F4, "folios"),
        (Key.Key_F7, "room_change"),
        (Key.Key_F6, "extend"),
        (Key.Key_F9, "check_out"),
    ):
        qtbot.keyClick(board.view, key)
        assert board.gone[-1] == (word, {"stay_id": stay})
    take(board, "303")
    qtbot.keyClick(board.view, Key.Key_F12)
    assert board.gone[-1] == ("check_in", {"room_id": desk.room_id("303")})
    qtbot.keyClick(board.view, Key.Key_F9)
    assert "Nobody is in 303" in board.notes.text


def test_a_waited_for_guest_is_checked_in_from_the_tile(board, desk):
    line = desk.book("Chen Zhiyuan", room_id=desk.room_id("304"))
    take(board, "304")
    board.press_primary()
    assert board.gone == [("check_in", {"line_id": line})]


def test_cleanliness_and_quiet_by_one_letter(qtbot, board, desk):
    take(board, "301")
    for key, clean in ((Key.Key_D, "dirty"), (Key.Key_I, "inspected"), (Key.Key_C, "clean")):
        qtbot.keyClick(board.view, key)
        assert next(t for t in board.tiles if t.number == "301").clean == clean
    qtbot.keyClick(board.view, Key.Key_N)
    assert "dnd" in next(t for t in board.tiles if t.number == "301").flags


def test_chips_show_only_their_rooms_and_type_narrows(board, desk):
    desk.do(rooms.set_clean, room_ids=[desk.room_id("201"), desk.room_id("302")], clean="dirty")
    board.show_only("vacant_dirty")
    assert [t.number for t in board.view.tiles.tiles] == ["201", "302"]
    assert board.chips["vacant_dirty"].count == "2"
    board.types.setCurrentIndex(board.types.findData(desk.type_id("BIG")))
    assert [t.number for t in board.view.tiles.tiles] == ["302"]


def test_typing_a_number_finds_the_room(qtbot, board):
    board.view.setFocus()
    qtbot.keyClicks(board.view, "304")
    assert board.view.tile().number == "304"


def test_arrows_walk_over_floors_of_different_length(qtbot, board):
    take(board, "201")
    qtbot.keyClick(board.view, Key.Key_Down)
    assert board.view.tile().number == "301"
    qtbot.keyClick(board.view, Key.Key_Right)
    assert board.view.tile().number == "302"
    take(board, "204")
    qtbot.keyClick(board.view, Key.Key_Right)
    assert board.view.tile().number == "301"


def test_the_hover_card_tells_about_the_tile_under_the_mouse(qtbot, board, desk):
    check_in(desk, "301", name="Chen Zhiyuan")
    board._under = board.view.tiles.index(board.view.tiles.place(desk.room_id("301")))
    board._show_card()
    from PySide6.QtWidgets import QLabel

    assert board.card.isVisible()
    assert "Chen Zhiyuan" in [x.text() for x in board.card.findChildren(QLabel)]


def test_a_discrepancy_is_named_with_what_to_do(board, desk):
    desk.do(rooms.report_seen, room_id=desk.room_id("302"), persons=2)
    assert take(board, "302").odd == "sleep"
    assert board.counts["odd"].isVisible()


def test_only_changed_tiles_are_repainted(qtbot, board, desk):
    with qtbot.waitSignal(board.view.tiles.dataChanged), qtbot.assertNotEmitted(board.view.tiles.modelReset):
        desk.do(rooms.set_clean, room_ids=[desk.room_id("202")], clean="dirty")


def test_ready_to_sell_are_no_more_than_are_left_tonight(board, desk):
    ready = board.counts["ready"]
    assert ready.number() == "8"
    for n in range(3):
        desk.book(f"Comes {n}")  # no room is given to them yet
    assert ready.number() == "5"
    desk.book("By day", nights=0)
    assert ready.number() == "5", "who is gone by the evening takes nobody's night"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_the_page_holds_to_the_rules_in_every_dress(qtbot, desk, language, theme):
    check_in(desk, "301")
    dress(Look(language, theme, 100))
    made = RoomBoardScreen(desk, ChangeSignal(desk.changes))
    qtbot.addWidget(made)
    made.resize(1206, 716)
    made.show()
    for number in ("301", "302"):
        take(made, number)
        qtbot.wait(10)
        check_screen(made)
    dress(Look("en", "light", 100))


def test_the_boards_rooms_are_those_of_the_house(board, desk):
    assert [t.number for t in board.tiles] == [r.number for r in desk.ask(room_queries.rooms)]


@pytest.mark.parametrize(("deducted", "share"), [(False, "28.6%"), (True, "33.3%")])
def test_occupancy_is_counted_as_the_figures_of_a_closed_day_are(board, desk, deducted, share):
    options = replace(desk.context_options(), available_less_ooo=deducted)
    desk.do(property_service.edit, name="云栖酒店", options=options)
    check_in(desk, "301")
    check_in(desk, "302", name="Chen Zhiyuan")
    free = desk.book("Free guest", nights=1)
    desk.do(stays.check_in, line_id=free, room_id=desk.room_id("303"), kind="comp", intent=desk.new_intent())
    desk.do(
        rooms.edit_room,
        room_id=desk.room_id("204"),
        floor=2,
        features="",
        lock_id="204",
        house_use=True,
    )
    broken = {"kind": "OOO", "reason": "water", "start": TODAY, "end": TODAY + timedelta(days=1)}
    desk.do(rooms.block, room_id=desk.room_id("203"), **broken)
    board.mark_stale()
    assert board.occupancy.text() == f"Occupancy {share}"  # 2 paid of 8 less house use (less the broken one)
    desk.next_day()
    closed = desk.ask(reports.figures, start=TODAY, end=TODAY)
    assert f"{closed.occupancy / 100:.1f}%" == share
