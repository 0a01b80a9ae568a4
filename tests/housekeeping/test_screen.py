"""The sheet by keyboard: one key a fact, painted before it is saved, saved off the window's thread, shared,
signed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from pms.core.errors import StoreTrouble
from pms.core.office import Clerk
from pms.core.options import Options
from pms.duties import ROLES
from pms.services.guests.person import Person
from pms.services.housekeeping import duty, queries, service
from pms.services.housekeeping.service import Seen
from pms.services.opening.service import FloorPlan
from pms.services.print_jobs import queries as print_queries
from pms.services.property import service as property_service
from pms.services.rooms import service as rooms
from pms.services.stays import service as stays
from pms.ui.kit.desk import Asker
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.theme import Look
from pms.ui.screens.housekeeping import words
from pms.ui.screens.housekeeping.grid import MARK
from pms.ui.screens.housekeeping.screen import HousekeepingScreen
from tests import builders
from tests.builders import TODAY
from tests.ui.checks import check_screen, dress

Key = Qt.Key
DAY = timedelta(days=1)


class Signs(Asker):
    """Signs as the person at the screen, or does not."""

    def __init__(self) -> None:
        self.will = True

    def sign(self, parent, office, wish):
        return office.word(office.clerk, wish) if self.will else None


def shown(qtbot, desk, width=1206, height=716):
    """Return the page as the window shows it."""
    made = HousekeepingScreen(desk, ChangeSignal(desk.changes))
    made.asker = Signs()
    made.gone = []
    made.wanted.connect(lambda word, what: made.gone.append((word, what)))
    qtbot.addWidget(made)
    made.resize(width, height)
    made.show()
    assert QTest.qWaitForWindowExposed(made)
    made.open(part="AM")
    made.start().setFocus()
    return made


@pytest.fixture
def page(qtbot, desk):
    dress(Look("en", "light", 100))
    made = shown(qtbot, desk)
    yield made
    qtbot.waitUntil(lambda: not made.saver._sent, timeout=5000)


def check_in(desk, number, adults=1):
    return desk.do(
        stays.walk_in,
        room_id=desk.room_id(number),
        departure=TODAY + 2 * DAY,
        guests=[Person("Chen Zhiyuan")],
        adults=adults,
        plan_id=1,
        intent=desk.new_intent(),
    )


def type_(page, keys):
    """Press keys as a person would: letters, figures, \\n for Enter."""
    for key in keys:
        QTest.keyClick(page.view, Key.Key_Return if key == "\n" else key)


def saved(qtbot, page):
    """Wait until everything typed is in the database."""
    qtbot.waitUntil(lambda: not page.saver.busy(), timeout=5000)


def stored(desk, part="AM"):
    """Return what the database has of a sheet, by room number."""
    return {x.number: x for x in desk.ask(queries.page, day=TODAY, part=part).lines if x.recorded}


def test_enter_records_as_the_desk_has_it_and_goes_on(qtbot, page, desk):
    check_in(desk, "201", adults=2)
    qtbot.waitUntil(lambda: page.view.line().desk_persons == 2, timeout=3000)
    type_(page, "\n\n")
    assert page.view.line().number == "203"
    saved(qtbot, page)
    assert {n: (x.persons, x.clean, x.odd) for n, x in stored(desk).items()} == {
        "201": (2, "clean", ""),
        "202": (0, "clean", ""),
    }


def test_a_key_is_painted_before_it_is_saved_and_marked_until_then(qtbot, page, desk):
    type_(page, "2")
    line = page.view.line()
    assert (line.number, line.persons, line.odd) == ("201", 2, "sleep")
    assert line.room_id in page.view.model_.unsaved
    assert stored(desk) == {}
    saved(qtbot, page)
    assert line.room_id not in page.view.model_.unsaved
    assert stored(desk)["201"].odd == "sleep"


def test_every_fact_has_its_key(qtbot, page, desk):
    check_in(desk, "201", adults=2)
    qtbot.waitUntil(lambda: page.view.line().desk_persons == 2, timeout=3000)
    seen = []
    for key in "VO3DCINLLLS":
        type_(page, key)
        x = page.view.line()
        seen.append((x.persons, x.clean, x.remarks))
    assert seen == [
        (0, "clean", ()),
        (2, "clean", ()),
        (3, "clean", ()),
        (3, "dirty", ()),
        (3, "clean", ()),
        (3, "inspected", ()),
        (3, "inspected", ("dnd",)),
        (3, "inspected", ("dnd", "light_luggage")),
        (3, "inspected", ("dnd", "no_luggage")),
        (3, "inspected", ("dnd",)),
        (3, "inspected", ("dnd", "slept_out")),
    ]
    saved(qtbot, page)
    assert (stored(desk)["201"].persons, stored(desk)["201"].remarks) == (3, ("dnd", "slept_out"))


def test_undo_takes_back_step_by_step_also_what_is_saved(qtbot, page, desk):
    type_(page, "2")
    saved(qtbot, page)
    type_(page, "D\n")
    page.acts["undo"].press()
    assert (page.view.line().number, page.view.line().clean, page.view.line().persons) == ("201", "clean", 2)
    page.acts["undo"].press()
    assert not page.view.line().recorded
    saved(qtbot, page)
    assert stored(desk) == {}
    page.acts["undo"].press()
    assert "Nothing has been typed" in page.notes.text


def test_find_goes_to_a_room_and_names_one_that_is_not_there(qtbot, page):
    page.acts["find_room"].press()
    qtbot.keyClicks(page.head.search, "303")
    qtbot.keyClick(page.head.search, Key.Key_Return)
    assert page.view.line().number == "303"
    qtbot.keyClicks(page.head.search, "999")
    qtbot.keyClick(page.head.search, Key.Key_Return)
    assert "no room 999" in page.notes.text
    assert page.view.line().number == "303"


def test_the_filled_button_leads_to_the_missing_room_then_signs(qtbot, page, desk):
    type_(page, "\n" * 8)
    page.view.go(3)
    page.acts["undo"].press()
    assert page.next_button.isVisible()
    assert "304" in page.next_button.words
    page.view.go(0)
    page.press_primary()
    assert page.view.line().number == "304"
    type_(page, "\n")
    qtbot.waitUntil(page.sign_button.isVisible, timeout=1000)
    assert not page.next_button.isVisible()
    saved(qtbot, page)
    page.press_primary()
    assert "signed by Zhang Li" in page.notes.text
    assert [j.kind for j in desk.ask(print_queries.jobs)] == ["status_sheet"]
    type_(page, "5")
    assert "frozen" in page.notes.text
    assert stored(desk)["304"].persons == 0


def test_a_signature_not_given_changes_nothing(qtbot, page, desk):
    type_(page, "\n" * 8)
    saved(qtbot, page)
    page.asker.will = False
    page.press_primary()
    assert page.sheet.signed_at is None


def test_what_another_lead_types_shows_and_is_not_lost(qtbot, page, desk):
    sheet = desk.do(service.open_sheet, business_date=TODAY, part="AM")
    desk.do(service.record, sheet_id=sheet, rooms=[Seen(desk.room_id("304"), 0, 2)])
    qtbot.waitUntil(lambda: page.view.model_.lines[-1].persons == 2, timeout=3000)
    assert page.head.count.text() == "1 / 8"
    # the same room at the same moment: the page has not heard of the other's row yet
    desk.do(service.record, sheet_id=sheet, rooms=[Seen(desk.room_id("201"), 0, 3)])
    page.view.go(0)
    type_(page, "1")
    saved(qtbot, page)
    assert "201 was recorded by" in page.notes.text
    assert (page.view.line().persons, stored(desk)["201"].persons) == (3, 3)
    type_(page, "1")
    saved(qtbot, page)
    assert stored(desk)["201"].persons == 1


def test_a_lost_database_keeps_the_typing_marked_and_saves_it_later(qtbot, page, desk, monkeypatch):
    whole = type(desk).do
    monkeypatch.setattr(
        type(desk),
        "do",
        lambda self, *a, **f: (_ for _ in ()).throw(StoreTrouble("The database server does not answer.")),
    )
    monkeypatch.setattr("pms.ui.screens.housekeeping.saver.AGAIN", 50)
    type_(page, "2\n1")
    qtbot.waitUntil(lambda: "does not answer" in page.notes.text, timeout=3000)
    assert len(page.view.model_.unsaved) == 2
    assert [x.persons for x in page.view.model_.lines[:2]] == [2, 1]
    monkeypatch.setattr(type(desk), "do", whole)
    saved(qtbot, page)
    assert {n: x.persons for n, x in stored(desk).items()} == {"201": 2, "202": 1}


def lose(monkeypatch, desk):
    """Take the database away from every question, and return how to give it back."""
    whole, asked = type(desk).ask, []

    def gone(self, query, **fields):
        asked.append(query)
        raise StoreTrouble("The database server does not answer.")

    monkeypatch.setattr(type(desk), "ask", gone)
    return asked, lambda: monkeypatch.setattr(type(desk), "ask", whole)


def test_a_database_lost_while_the_page_looks_is_told_in_place_and_looked_for_again(
    qtbot, page, desk, monkeypatch
):
    monkeypatch.setattr("pms.ui.screens.housekeeping.screen.THROTTLE", 10)
    monkeypatch.setattr("pms.ui.screens.housekeeping.screen.AGAIN", 10)
    _asked, give_back = lose(monkeypatch, desk)
    desk.changes.announce(frozenset({"rooms"}))
    qtbot.waitUntil(lambda: "does not answer" in page.notes.text, timeout=3000)
    give_back()
    desk.do(rooms.report_seen, room_id=desk.room_id("303"), persons=1)
    qtbot.waitUntil(lambda: "1" in page.panel_title.text(), timeout=3000)
    assert page.notes.text == ""


def test_a_page_that_nobody_sees_does_not_look(qtbot, page, desk, monkeypatch):
    monkeypatch.setattr("pms.ui.screens.housekeeping.screen.THROTTLE", 10)
    asked, give_back = lose(monkeypatch, desk)
    desk.changes.announce(frozenset({"rooms"}))
    page.hide()
    qtbot.wait(60)
    assert asked == []
    give_back()
    desk.do(rooms.report_seen, room_id=desk.room_id("303"), persons=1)
    page.show()
    qtbot.waitUntil(lambda: "1" in page.panel_title.text(), timeout=3000)


def test_the_page_does_not_look_while_keys_are_coming_but_not_for_ever(qtbot, page, desk, monkeypatch):
    type_(page, "2")
    saved(qtbot, page)
    qtbot.waitUntil(lambda: not page._later.isActive() and not page._asking, timeout=5000)
    for name, value in (("THROTTLE", 10), ("TYPING", 10**6), ("PATIENCE", 10**6)):
        monkeypatch.setattr(f"pms.ui.screens.housekeeping.screen.{name}", value)
    seen = page.panel_title.text()
    desk.do(rooms.report_seen, room_id=desk.room_id("303"), persons=1)
    qtbot.wait(80)
    assert page.panel_title.text() == seen
    page._later.stop()
    monkeypatch.setattr("pms.ui.screens.housekeeping.screen.PATIENCE", 0)
    page.refresh()
    qtbot.waitUntil(lambda: page.panel_title.text() != seen, timeout=3000)


def test_what_has_not_changed_among_the_differences_is_not_made_again(qtbot, page, desk):
    desk.do(rooms.report_seen, room_id=desk.room_id("303"), persons=1)
    page._look()
    first = dict(page.list.boxes)
    desk.do(rooms.report_seen, room_id=desk.room_id("304"), persons=1)
    page._look()
    assert len(page.list.boxes) == 2
    assert [page.list.boxes[x] is made for x, made in first.items()] == [True]
    page.clerk_changed()
    assert len(page.list.boxes) == 2


def test_a_sheet_is_taken_up_where_it_was_left(qtbot, page, desk):
    type_(page, "2\n\n\n")
    saved(qtbot, page)
    again = shown(qtbot, desk)
    assert again.head.count.text() == "3 / 8"
    again.press_primary()
    assert again.view.line().number == "204"


def test_differences_stand_beside_and_a_move_is_offered_as_one(qtbot, page, desk):
    stay = check_in(desk, "201", adults=2)
    qtbot.waitUntil(lambda: page.view.line().desk_persons == 2, timeout=3000)
    type_(page, "V\n\n2")
    saved(qtbot, page)
    qtbot.waitUntil(lambda: len(page.found) == 2, timeout=3000)
    page.acts["change_room"].press()
    assert page.gone == [("room_change", {"stay_id": stay, "room_id": desk.room_id("203")})]
    page.acts["clear_difference"].press()
    assert "203" in page.clearing.title.text()
    page.press_primary()
    assert "Reason is missing" in page.notes.text
    page.reason.set_value("plumbers")
    page.act.set_value("staff")
    page.press_primary()
    assert [d.number for d in page.found] == ["201"]
    assert desk.ask(queries.cleared, business_date=TODAY)[0].action == "staff"


def test_the_mouse_records_too(qtbot, page, desk):
    where = page.view.visualRect(page.view.model_.index(1, MARK)).center()
    qtbot.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    page._menu(QPoint(where.x(), page.view.visualRect(page.view.model_.index(2, MARK)).center().y()))
    next(a for a in page.menu.actions() if a.text() == "Occupied").trigger()
    saved(qtbot, page)
    assert {n: x.persons for n, x in stored(desk).items()} == {"202": 0, "203": 1}
    page.menu.close()


def test_a_clerk_may_look_but_not_type(qtbot, desk):
    desk.clerk = Clerk(1, "Wang", "clerk", ROLES["clerk"][1])
    made = shown(qtbot, desk)
    type_(made, "2")
    assert "may only look" in made.notes.text
    assert not made.view.line().recorded


def test_the_evening_sheet_is_another_one(qtbot, page, desk):
    type_(page, "\n\n")
    saved(qtbot, page)
    page.head.parts.choose("PM")
    assert page.head.count.text() == "0 / 8"
    type_(page, "\n")
    saved(qtbot, page)
    assert (len(stored(desk)), len(stored(desk, "PM"))) == (2, 1)


def test_the_page_opens_at_the_sheet_of_this_half_of_the_day(page, desk):
    desk.clock.set(TODAY, 9)
    page.open()
    assert page.part == "AM"
    page.head.parts.choose("PM")
    page.open()  # chosen by hand: it stays
    assert page.part == "PM"
    desk.clock.set(TODAY + DAY, 9)
    page.open()
    assert page.part == "AM"
    desk.clock.set(TODAY + DAY, 19)
    page.open()
    assert page.part == "PM"


@pytest.fixture
def hundred(qtbot, tmp_path):
    """The page of a house with a hundred rooms on five floors."""
    from pms.db import schema
    from pms.db.engine import open_engine, sqlite_url

    dress(Look("en", "light", 100))
    engine = open_engine(sqlite_url(tmp_path / "hundred.db"), builders.SECRET)
    schema.upgrade(engine)
    hotel = replace(
        builders.SMALL,
        floors=tuple(FloorPlan(n, "TWN", 1, 20) for n in range(2, 7)),
        options=Options(inventory_days=20, shifts=False),
    )
    office = builders.office(engine, hotel)
    yield shown(qtbot, office), office
    engine.dispose()


def test_a_hundred_rooms_with_twenty_that_differ_take_at_most_160_keys(qtbot, hundred):
    page, office = hundred
    pressed = ""
    for n in range(100):
        pressed += ("D\n", "2\n", "I\n", "N\n")[n // 5 % 4] if n % 5 == 0 else "\n"
    type_(page, pressed)
    assert len(pressed) <= 160
    saved(qtbot, page)
    found = stored(office)
    assert len(found) == 100
    assert sum(x.clean != "clean" or bool(x.persons) or bool(x.remarks) for x in found.values()) == 20
    assert page.sign_button.isVisible()


@pytest.fixture
def strict(qtbot, desk):
    """Show the page of a hotel that has rooms seen before it shows what the desk has."""
    check_in(desk, "202", adults=2)
    rules = desk.context_options().changing(duty.SEEN_FIRST, True)
    desk.do(property_service.edit, name=desk.house().name, options=rules)
    dress(Look("en", "light", 100))
    made = shown(qtbot, desk)
    yield made
    qtbot.waitUntil(lambda: not made.saver._sent, timeout=5000)


def test_enter_takes_nothing_from_the_desk_where_rooms_are_seen_first(qtbot, strict, desk):
    assert words_of(strict, "202") == ""
    type_(strict, "\n")
    assert strict.view.line().number == "201"
    assert "how many" in strict.notes.text
    type_(strict, "0")
    assert not strict.view.line().recorded
    assert strict.next_button.isVisible()
    assert "201" in strict.next_button.words
    type_(strict, "C\n2D")
    assert strict.view.line().number == "202"
    saved(qtbot, strict)
    assert {n: (x.persons, x.clean, x.taken) for n, x in stored(desk).items()} == {
        "201": (0, "clean", False),
        "202": (2, "dirty", False),
    }
    qtbot.waitUntil(lambda: words_of(strict, "202").startswith("OC"), timeout=3000)


def words_of(page, number):
    """Return what the sheet shows of the desk's state of a room."""
    return words.desk(next(x for x in page.view.model_.lines if x.number == number))


def test_what_is_half_typed_stays_until_it_is_whole_or_undone(qtbot, strict, desk):
    type_(strict, "C")
    strict._look()
    assert (strict.view.line().clean, strict.view.line().persons) == ("clean", None)
    assert stored(desk) == {}
    type_(strict, "1")
    saved(qtbot, strict)
    assert stored(desk)["201"].persons == 1
    strict.acts["undo"].press()
    saved(qtbot, strict)
    assert stored(desk) == {}
    assert strict.view.line().begun
    strict.acts["undo"].press()
    assert not strict.view.line().begun
    assert not strict.view.model_.unsaved
    type_(strict, "D")
    strict._turn("PM")
    assert not strict.view.line().begun


def test_the_sheet_says_how_many_rooms_were_taken_from_the_desk(qtbot, page, desk):
    type_(page, "\n" * 6 + "0\n0\n")
    saved(qtbot, page)
    page._follow()
    assert page.rest.text() == "6 of 8 rooms were taken as the desk has them, unchanged."


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_nothing_is_lost_in_a_small_window_with_large_letters(qtbot, desk, language):
    check_in(desk, "301", adults=2)
    dress(Look(language, "light", 130))
    made = shown(qtbot, desk, 960, 600)
    type_(made, "2\n")
    saved(qtbot, made)
    qtbot.waitUntil(lambda: len(made.found) == 1, timeout=3000)
    qtbot.wait(30)
    assert made.minimumSizeHint().width() <= 960
    check_screen(made)
    model = made.view.model_
    for column in range(model.columnCount()):
        title = model.headerData(column, Qt.Orientation.Horizontal) or ""
        need = made.view.horizontalHeader().fontMetrics().horizontalAdvance(title)
        assert made.view.isColumnHidden(column) or need <= made.view.columnWidth(column), title
    dress(Look("en", "light", 100))


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_the_page_holds_to_the_rules_in_every_dress(qtbot, desk, language, theme):
    check_in(desk, "301", adults=2)
    desk.do(rooms.set_clean, room_ids=[desk.room_id("202")], clean="dirty")
    dress(Look(language, theme, 100))
    made = shown(qtbot, desk)
    qtbot.wait(30)
    check_screen(made)
    type_(made, "2\n\n\n\nV\n")
    saved(qtbot, made)
    qtbot.waitUntil(lambda: len(made.found) == 2, timeout=3000)
    qtbot.wait(30)
    check_screen(made)
    made.acts["clear_difference"].press()
    qtbot.wait(30)
    check_screen(made)
    made.pages.show_page("list")
    dress(Look("en", "light", 100))
