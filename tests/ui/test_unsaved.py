"""Esc and Back ask before what is typed in a form is given up; on every page that has one."""

from functools import cached_property

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pms import duties
from pms.services.stays import service as stays
from pms.ui.kit.desk import Desk
from pms.ui.kit.flow import FormPage, Forms, SidePages
from pms.ui.kit.forms import Text
from pms.ui.kit.parts import Button
from pms.ui.kit.theme import Look
from pms.ui.kit.unsaved import Typed
from pms.ui.main_window import MainWindow

from .checks import dress, look_around, takes_keys

SCREENS = sorted(set(duties.screens()) - {"check_in", "booking"})  # these two keep a draft


class Answer:
    """Stands where the question is asked: notes it and says what it is told to."""

    def __init__(self) -> None:
        self.asked, self.yes = list[str](), False

    def confirm(self, _parent, message):
        self.asked.append(message)
        return self.yes


@pytest.fixture
def answer(monkeypatch):
    made = Answer()
    monkeypatch.setattr(Desk, "asker", made)
    return made


@pytest.fixture
def window(qtbot, desk):
    dress(Look("en", "light", 100))
    desk.offers = duties.offered()
    made = MainWindow(Look("en", "light", 100), lambda look: None, "desk-1")
    qtbot.addWidget(made)
    made.attach(desk, desk.changes)
    made.resize(1366, 768)
    made.show()
    made.activateWindow()
    assert QTest.qWaitForWindowActive(made)
    made._came_in(desk.clerk)
    return made


def escape(window):
    look_around()
    QTest.keyClick(takes_keys(window), Qt.Key.Key_Escape)


def forms_of(page) -> dict[tuple[SidePages, str], FormPage]:
    """Make every form of a page's side panels."""
    for made in [v for v in vars(page).values() if isinstance(v, Forms)]:
        for name in made._makers:
            made[name]
    for name, kind in vars(type(page)).items():
        if isinstance(kind, cached_property) and name.endswith("_form") and name != "merge_form":
            getattr(page, name)
    return {(p, n): f for p in page.findChildren(SidePages) for n, f in p._forms.items()}


def line_of(form: FormPage) -> Text | None:
    return next(
        (
            f
            for f in form.form.fields.values()
            if isinstance(f, Text) and f.isVisible() and f.isEnabled() and not f.line.isReadOnly()
        ),
        None,
    )


def in_house(desk) -> int:
    return desk.do(stays.check_in, line_id=desk.book(), room_id=desk.room_id("301"), intent=desk.new_intent())


def test_a_form_in_which_something_is_typed_is_left_only_after_asking(window, desk, answer):
    tried, opened = set(), {"folios": {"stay_id": in_house(desk)}, "guests": {"guest_id": 1}}
    for word in SCREENS:
        window.workplace.go(word, opened.get(word, {}))
        for (panel, name), form in forms_of(window.workplace.current()).items():
            panel.show_page(name)
            QApplication.processEvents()
            if not panel.isVisible() or (field := line_of(form)) is None:
                continue
            before = len(answer.asked)
            tried.add(word)
            field.setFocus()
            field.line.selectAll()
            QTest.keyClicks(field.line, "7")
            escape(window)
            assert len(answer.asked) == before + 1, (word, name, "Esc gives up what is typed")
            assert (panel.page, "7" in field.line.text()) == (name, True)
            next(b for b in form.foot.findChildren(Button) if b.words == "Back").click()
            assert len(answer.asked) == before + 2
            assert panel.page == name
            form.body.by_hand = False
    assert set(answer.asked) == {"What is typed here is not saved yet. Go on without it?"}
    assert tried >= {"luggage", "lost_found", "guests", "staff", "rooms", "rates", "folios", "shop"}


def test_a_form_in_which_nothing_is_typed_is_left_without_a_question(window, answer):
    for word in SCREENS:
        window.workplace.go(word, {})
        for panel, name in forms_of(window.workplace.current()):
            panel.show_page(name)
            QApplication.processEvents()
            escape(window)
            assert answer.asked == [], (word, name)
            window.workplace.go(word, {})


def test_what_is_given_up_knowingly_is_gone_and_what_is_saved_asks_nothing(window, answer):
    window.workplace.go("rates", {})
    page = window.workplace.current()
    page.acts["add_plan"].press()
    code = page.new_plan["code"]
    QTest.keyClicks(code.line, "MEM")
    answer.yes = True
    escape(window)
    assert len(answer.asked) == 1
    assert not page.new_plan.body.isVisible()
    page.acts["add_plan"].press()
    assert code.line.text() == ""
    QTest.keyClicks(code.line, "MEM")
    QTest.keyClicks(page.new_plan["name"].line, "Member")
    page.new_plan.button.click()
    escape(window)
    assert len(answer.asked) == 1
    assert not [b for b in page.findChildren(Typed) if b.unsaved()]


def test_a_settings_page_stands_as_it_was_typed_when_one_comes_back(window, answer):
    window.workplace.go("property", {})
    page = window.workplace.current()
    name = page.findChildren(Text)[0]
    name.line.selectAll()
    QTest.keyClicks(name.line, "Another Inn")
    escape(window)
    assert window.workplace.here[0] == "room_board"
    window.workplace.go("property", {})
    assert name.line.text() == "Another Inn"
