"""Rooms in Settings by keyboard: statuses by letter, blocks, new rooms and types, closing."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from pms.services.rooms import queries
from pms.services.rooms import service as rooms
from pms.services.stays import service as stays
from pms.ui.kit.desk import Asker, Desk
from pms.ui.screens.rooms.screen import RoomsScreen
from tests.builders import TODAY
from tests.ui.checks import check_screen, opened

Key = Qt.Key
DAY = timedelta(days=1)


def page_of(qtbot, desk, language="en"):
    return opened(qtbot, desk, RoomsScreen, language)


def room(desk, number):
    return next(r for r in desk.ask(queries.rooms) if r.number == number)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_keeps_the_rules_of_every_page(qtbot, desk, language):
    page = page_of(qtbot, desk, language)
    check_screen(page)
    for name in ("block", "add", "edit"):
        page.acts[name].press()
        qtbot.wait(20)
        check_screen(page)
        assert page.step_back()
    for list_ in ("types", "blocks"):
        page.tabs.choose(list_)
        qtbot.wait(20)
        check_screen(page)


def test_letters_set_the_status_of_all_rooms_in_hand(qtbot, desk):
    page = page_of(qtbot, desk)
    page.rooms.pick(desk.room_id("201"))
    for _step in range(2):
        qtbot.keyClick(page.rooms, Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(page.rooms, Key.Key_D)
    assert [room(desk, n).clean for n in ("201", "202", "203", "204")] == ["dirty", "dirty", "dirty", "clean"]
    qtbot.keyClick(page.rooms, Key.Key_I)
    assert room(desk, "202").clean == "inspected"
    assert len(page.rooms.selected()) == 3  # they stay in hand


def test_a_room_leaves_the_inventory_and_comes_back(qtbot, desk):
    page = page_of(qtbot, desk)
    page.rooms.pick(desk.room_id("303"))
    qtbot.keyClick(page.rooms, Key.Key_B)
    qtbot.keyClick(page, Key.Key_F12)
    assert "Reason" in page.notes.text
    qtbot.keyClicks(page.blocking["reason"].line, "leak")
    page.blocking["end"].line.selectAll()
    qtbot.keyClicks(page.blocking["end"].line, "+3")
    qtbot.keyClick(page, Key.Key_F12)
    [block] = desk.ask(queries.blocks, since=TODAY)
    assert (block.number, block.kind, block.start, block.end) == ("303", "OOO", TODAY, TODAY + 3 * DAY)
    [left] = desk.ask(queries.left, type_ids=[desk.type_id("BIG")], start=TODAY, end=TODAY + DAY)
    assert left.total == 3
    page.tabs.choose("blocks")
    qtbot.keyClick(page.blocks, Key.Key_R)
    assert desk.ask(queries.blocks, since=TODAY) == []


def test_a_block_on_a_room_with_a_guest_is_refused_by_name(qtbot, desk):
    line = desk.book("Chen Zhiyuan")
    desk.do(stays.check_in, line_id=line, room_id=desk.room_id("301"), intent=desk.new_intent())
    page = page_of(qtbot, desk)
    page.rooms.pick(desk.room_id("301"))
    qtbot.keyClick(page.rooms, Key.Key_B)
    qtbot.keyClicks(page.blocking["reason"].line, "leak")
    qtbot.keyClick(page, Key.Key_F12)
    assert "Chen Zhiyuan" in page.notes.text
    assert page.panel.page == "block"  # what was typed stays


def test_rooms_are_added_by_pattern_and_sold_from_tonight(qtbot, desk):
    page = page_of(qtbot, desk)
    qtbot.keyClick(page.rooms, Key.Key_Insert)
    form = page.adding
    form["type_id"].set_value(desk.type_id("BIG"))
    for name, text in (("floor", "4"), ("first", "1"), ("last", "5"), ("skip", "4")):
        form[name].line.clear()
        qtbot.keyClicks(form[name].line, text)
    qtbot.keyClick(page, Key.Key_F12)
    assert "No room number is left" in page.notes.text  # on the fourth floor every number has a 4
    form["skip"].line.clear()
    form["floor"].line.clear()
    qtbot.keyClicks(form["floor"].line, "5")
    assert "501" in form.about.text()
    qtbot.keyClick(page, Key.Key_F12)
    assert [r.number for r in desk.ask(queries.rooms) if r.floor == 5] == ["501", "502", "503", "504", "505"]
    [left] = desk.ask(queries.left, type_ids=[desk.type_id("BIG")], start=TODAY, end=TODAY + DAY)
    assert left.total == 9


def test_a_type_is_added_and_changed(qtbot, desk):
    page = page_of(qtbot, desk)
    page.tabs.choose("types")
    qtbot.keyClick(page.kinds, Key.Key_Insert)
    qtbot.keyClicks(page.new_type["code"].line, "fam")
    qtbot.keyClicks(page.new_type["name"].line, "Family")
    qtbot.keyClick(page, Key.Key_F12)
    assert desk.type_id("FAM")
    page.kinds.pick(desk.type_id("FAM"))
    qtbot.keyClick(page, Key.Key_F12)
    page.old_type["overbook"].line.clear()
    qtbot.keyClicks(page.old_type["overbook"].line, "2")
    qtbot.keyClick(page, Key.Key_F12)
    assert next(t.overbook for t in desk.ask(queries.types) if t.code == "FAM") == 2


def test_changing_a_room_keeps_what_the_form_does_not_show_wrong(qtbot, desk):
    page = page_of(qtbot, desk)
    page.rooms.pick(desk.room_id("202"))
    qtbot.keyClick(page, Key.Key_F12)
    page.editing["house_use"].setChecked(True)
    qtbot.keyClicks(page.editing["joined"].line, "203")
    qtbot.keyClick(page, Key.Key_F12)
    assert (room(desk, "202").house_use, room(desk, "202").joined) == (True, "203")
    qtbot.keyClick(page, Key.Key_F12)  # open it again and only change the features
    qtbot.keyClicks(page.editing["features"].line, "quiet")
    qtbot.keyClick(page, Key.Key_F12)
    assert (room(desk, "202").house_use, room(desk, "202").joined, room(desk, "202").features) == (
        True,
        "203",
        "quiet",
    )


class Answer(Asker):
    def __init__(self, yes):
        self.yes = yes

    def confirm(self, parent, message):
        return self.yes


@pytest.mark.parametrize("yes", [True, False])
def test_a_room_is_closed_for_good_only_after_asking(qtbot, desk, monkeypatch, yes):
    monkeypatch.setattr(Desk, "asker", Answer(yes))
    page = page_of(qtbot, desk)
    page.rooms.pick(desk.room_id("204"))
    qtbot.keyClick(page.rooms, Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    assert room(desk, "204").active is not yes


def test_a_number_that_is_there_already_is_refused(qtbot, desk):
    page = page_of(qtbot, desk)
    qtbot.keyClick(page.rooms, Key.Key_Insert)
    for name, text in (("floor", "3"), ("first", "1"), ("last", "2")):
        page.adding[name].line.clear()
        qtbot.keyClicks(page.adding[name].line, text)
    qtbot.keyClick(page, Key.Key_F12)
    assert "301" in page.notes.text


def test_another_pages_request_takes_the_room_in_hand(qtbot, desk):
    page = page_of(qtbot, desk)
    page.open(room_id=desk.room_id("304"), block=True)
    assert page.panel.page == "block"
    assert "304" in page.blocking.title.text()


def test_changes_made_elsewhere_appear(qtbot, desk):
    page = page_of(qtbot, desk)
    desk.do(rooms.set_clean, room_ids=[desk.room_id("201")], clean="dirty")
    assert next(x.room.clean for x in page.rooms.rows.rows() if x.room.number == "201") == "dirty"
