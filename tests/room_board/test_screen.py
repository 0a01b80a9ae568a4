"""The board: where tiles stand, what is in hand, what the keys do."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from pms.services.property import service as property_service
from pms.services.reports import queries as reports
from pms.services.rooms import queries as room_queries
from pms.services.rooms import service as rooms
from pms.services.stays import service as stays
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.theme import Look
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
    assert board.card.isVisible()
    assert "Chen Zhiyuan" in [x.text() for x in board.card.findChildren(QLabel)]


def test_a_discrepancy_is_named_with_what_to_do(board, desk):
    desk.do(rooms.report_seen, room_id=desk.room_id("302"), persons=2)
    assert take(board, "302").odd == "sleep"
    assert board.chips["odd"].isVisible()
    assert board.chips["odd"].count == "1"


def test_only_changed_tiles_are_repainted(qtbot, board, desk):
    with qtbot.waitSignal(board.view.tiles.dataChanged), qtbot.assertNotEmitted(board.view.tiles.modelReset):
        desk.do(rooms.set_clean, room_ids=[desk.room_id("202")], clean="dirty")


def figures(board):
    return tuple(board.counts[word].number() for word in ("sell", "ready"))


def by_type(board):
    layout = board.by_type.layout()
    return [
        [label.text() for label in layout.itemAt(n).widget().findChildren(QLabel)]
        for n in range(layout.count())
    ]


def test_ready_to_sell_are_no_more_than_are_left_tonight(board, desk):
    assert figures(board) == ("8", "8")
    for n in range(3):
        desk.book(f"Comes {n}")  # no room is given to them yet
    assert figures(board) == ("5", "5")
    desk.book("By day", nights=0)
    assert figures(board) == ("5", "5"), "who is gone by the evening takes nobody's night"


def test_a_room_still_to_be_cleaned_is_sold_but_is_not_ready(board, desk):
    desk.do(rooms.set_clean, room_ids=[desk.room_id(n) for n in ("301", "302")], clean="dirty")
    assert figures(board) == ("8", "6")
    assert by_type(board) == [["TWN", "4", "4 ready"], ["BIG", "4", "2 ready"]]
    board.types.setCurrentIndex(board.types.findData(desk.type_id("BIG")))
    assert figures(board) == ("4", "2")
    assert by_type(board) == [["BIG", "4", "2 ready"]]


def test_more_sold_than_there_are_is_red_and_below_zero(board, desk):
    kind = next(t for t in desk.ask(room_queries.types) if t.code == "BIG")
    desk.do(rooms.edit_type, type_id=kind.id, name=kind.name, beds=kind.beds, overbook=1)
    for n in range(5):
        desk.book(f"Comes {n}")
    assert figures(board) == ("3", "3")
    assert by_type(board)[-1] == ["BIG", "−1", "0 ready"]
    red = board.by_type.layout().itemAt(1).widget().findChildren(QLabel)[1]
    assert red.property("tone") == "bad"
    board.types.setCurrentIndex(board.types.findData(desk.type_id("BIG")))
    assert figures(board) == ("−1", "0")
    assert board.counts["sell"].findChildren(QLabel)[0].property("tone") == "bad"


def test_due_in_counts_everybody_who_arrives_and_says_who_has_no_room(board, desk):
    desk.book("Has a room", room_id=desk.room_id("301"))
    assert board.chips["due_in"].count == "1"
    assert not board.counts["roomless"].isVisible()
    for n in range(2):
        desk.book(f"Comes {n}")
    desk.book("Tomorrow", start=TODAY + timedelta(days=1))
    assert board.chips["due_in"].count == "3"
    assert board.counts["roomless"].number() == "2"
    board.types.setCurrentIndex(board.types.findData(desk.type_id("TWN")))
    assert board.chips["due_in"].count == "0"
    assert not board.counts["roomless"].isVisible()


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
