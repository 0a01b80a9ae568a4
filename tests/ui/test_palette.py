"""Ctrl+K: what a page is found by, in both languages, and what stands first."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pms import duties
from pms.core import i18n
from pms.services.staff import lists
from pms.ui import habits
from pms.ui.kit.palette import Entry, Palette, in_every_language, ranked
from pms.ui.kit.theme import Look
from pms.ui.main_window import MainWindow
from tests.ui.checks import dress

LOOK = Look("en", "light", 100)


def entries(*pages):
    return [Entry(words, "", "", lambda: None, also=also, word=words) for words, also in pages]


def first(found, typed, chosen=None):
    return [e.words for e in ranked(found, typed, chosen or {})]


def test_a_page_is_found_by_its_words_in_both_languages_and_by_their_initials():
    shift = in_every_language("Shift", "cash drawer, float, cash count, handover, drop, paid out")
    assert {"Shift", "班次", "float", "cash drawer", "备用金"} <= set(shift)
    found = entries(("Shift", shift), ("Shop", in_every_language("Shop")))
    for typed in ("float", "drawer", "备用金", "byj", "交班"):
        assert first(found, typed) == ["Shift"], typed


def test_the_title_comes_before_a_word_and_what_is_chosen_most_before_both():
    found = entries(("Luggage", ("bags", "float")), ("Floats", ()), ("Float", ()))
    assert first(found, "flo") == ["Floats", "Float", "Luggage"]
    assert first(found, "float") == ["Float", "Luggage", "Floats"], "just that word first"
    assert first(found, "flo", {"Luggage": 2, "Float": 1}) == ["Luggage", "Float", "Floats"]
    assert first(found, "", {"Float": 1})[0] == "Float"


def test_every_page_of_the_navigation_has_words_of_its_own_in_both_languages():
    chinese = i18n.catalogue("zh_CN")
    for duty in duties.DUTIES:
        if duty.screen:
            words = [word.strip() for word in duty.found_by.split(",")]
            assert len(words) >= 2, duty.word
            assert duty.title not in words, duty.word
            assert chinese.gettext(duty.found_by) != duty.found_by


def test_a_page_without_words_is_named():
    from dataclasses import replace

    from pms.core import duty

    rows = [replace(row, found_by="") if row.word == "shop" else row for row in duties.DUTIES]
    assert duty.faults(rows) == ["the page shop is found by no word beside its title"]


@pytest.fixture
def window(qtbot, desk):
    dress(LOOK)
    desk.offers = duties.offered()
    window = MainWindow(LOOK, lambda _look: None, "FD-1")
    qtbot.addWidget(window)
    window.attach(desk, desk.changes)
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    window._came_in(desk.clerk)
    QApplication.processEvents()
    return window


def test_what_the_clerk_chooses_is_remembered_and_stands_first(window, desk):
    window.show_palette()
    [palette] = window.findChildren(Palette)
    QTest.keyClicks(palette.line, "drawer")
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert window.workplace.here[0] == "shifts"
    assert desk.ask(lists.chosen, staff_id=desk.clerk.id) == {"shifts": 1}
    assert ranked(window.workplace.entries(), "", habits.chosen(desk))[0].word == "shifts"
