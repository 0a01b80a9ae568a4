"""The places at the left, their tabs and keys: what each role sees, and that nothing typed is lost."""

import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from pms import duties
from pms.core import places
from pms.core.offers import MOST_DUE, Due
from pms.ui.kit import keyhelp
from pms.ui.kit import theme as th
from pms.ui.kit.theme import Look
from pms.ui.main_window import MainWindow
from tests.authority.people import person
from tests.ui.checks import cut_texts, dress

Key, Mod = Qt.Key, Qt.KeyboardModifier
DIGITS = (
    ("board", Key.Key_1, "room_board"),
    ("bookings", Key.Key_2, "reservations"),
    ("guests", Key.Key_3, "stays"),
    ("services", Key.Key_4, "luggage"),
    ("shop", Key.Key_5, "shop"),
    ("rooms", Key.Key_6, "housekeeping"),
    ("handover", Key.Key_7, "messages"),
    ("cash", Key.Key_8, "shifts"),
    ("audit", Key.Key_9, "night_audit"),
    ("reports", Key.Key_0, "reports"),
)
ROLES = {
    "owner": [place.word for place in places.PLACES],
    "auditor": ["audit", *(place.word for place in places.PLACES if place.word != "audit")],
    "housekeeping": ["rooms", "board", "services", "handover", "settings"],
}


@pytest.fixture
def made(qtbot, desk):
    """Open the window for a role; what is kept of its look stands in ``kept``."""
    desk.offers = duties.offered()
    boss, people = desk.clerk, {}

    def make(role="owner", look=Look("en", "light", 100), size=(1366, 768)):
        dress(look)
        desk.clerk = boss
        if role != "owner" and role not in people:
            people[role] = person(desk, role)
        desk.clerk = people.get(role, boss)
        window = MainWindow(look, lambda kept: window.kept.append(kept), "FD-1")
        window.kept = []
        qtbot.addWidget(window)
        window.attach(desk, desk.changes)
        window.resize(*size)
        window.show()
        window.activateWindow()
        window._came_in(desk.clerk)
        qtbot.waitUntil(lambda: QApplication.activeWindow() is window, timeout=5000)
        return window

    yield make
    dress(Look("en", "light", 100))


def order(window):
    """Return the places as they stand one under another."""
    seen = [(item.y(), word) for word, item in window.workplace.nav.items.items() if item.isVisible()]
    return [word for _y, word in sorted(seen)]


def press(window, key, modifier=Mod.AltModifier):
    QTest.keyClick(QApplication.focusWidget() or window, key, modifier)
    QApplication.processEvents()


def tabs(window):
    return {word: made.words for word, made in window.workplace.tabs.tabs.chips.items()}


def test_each_place_opens_by_its_number_and_settings_by_the_comma(made):
    window = made()
    for word, key, page in DIGITS:
        press(window, key)
        assert window.workplace.here[0] == page
        assert window.workplace.nav.items[word].isChecked()
    press(window, Key.Key_Comma, Mod.ControlModifier)
    assert window.workplace.here[0] == "property"


def test_the_same_key_and_ctrl_tab_go_on_to_the_next_tab_and_round(made):
    window = made()
    went = []
    for _n in range(6):
        press(window, Key.Key_4)
        went.append(window.workplace.here[0])
    assert went == ["luggage", "lost_found", "wake_ups", "rental", "damages", "luggage"]
    press(window, Key.Key_Tab, Mod.ControlModifier)
    assert window.workplace.here[0] == "lost_found"


def test_a_page_reached_from_others_only_stands_in_its_place_and_its_key_leads_to_the_first_tab(made, desk):
    window = made()
    window.workplace.go("check_in", {"line_id": desk.book()})
    assert window.workplace.nav.items["guests"].isChecked()
    assert not window.workplace.tabs.isVisible()
    press(window, Key.Key_3)
    assert window.workplace.here[0] == "stays"


def test_what_was_typed_stands_there_when_a_tab_is_come_back_to(made):
    window = made()
    press(window, Key.Key_4)
    page = window.workplace.current()
    page.store_form["who"].set_value("Wang Yaqin")
    page.store_form["marks"].set_value("two black cases")
    window.workplace.tabs.tabs.choose("wake_ups")
    assert window.workplace.here[0] == "wake_ups"
    window.workplace.tabs.tabs.choose("luggage")
    assert window.workplace.current() is page
    assert page.store_form["marks"].value() == "two black cases"
    assert page.store_form["who"].value() == "Wang Yaqin"


@pytest.mark.parametrize("role", ROLES)
def test_the_role_sets_order_and_home_and_its_rights_hide_the_rest(made, role):
    window = made(role)
    assert order(window) == ROLES[role]
    first = ROLES[role][0]
    assert window.workplace.nav.items[first].isChecked()
    assert window.workplace.here[0] == {"audit": "night_audit", "rooms": "housekeeping"}.get(
        first, "room_board"
    )
    for word, key, _page in DIGITS:  # the number belongs to the place, whatever the order
        before = window.workplace.here[0]
        press(window, key)
        assert window.workplace.nav.items[word].isChecked() is (word in ROLES[role])
        if word not in ROLES[role]:
            assert window.workplace.here[0] == before
            assert "may not open" in window.workplace.current().notes.text


def test_a_place_with_one_tab_takes_its_name_and_shows_no_tabs(made):
    lead = made("housekeeping")
    assert lead.workplace.nav.items["services"].words == "Lost & found"
    press(lead, Key.Key_4)
    assert lead.workplace.here[0] == "lost_found"
    assert not lead.workplace.tabs.isVisible()
    press(lead, Key.Key_4)
    assert lead.workplace.here[0] == "lost_found"


def test_the_next_person_gets_their_own_order_and_tabs(made, desk):
    window = made()
    press(window, Key.Key_4)
    assert list(tabs(window)) == ["luggage", "lost_found", "wake_ups", "rental", "damages"]
    desk.clerk = person(desk, "housekeeping")
    window.workplace.show_clerk(desk.clerk)
    QApplication.processEvents()
    assert order(window) == ROLES["housekeeping"]
    assert window.workplace.here[0] == "housekeeping"
    assert tabs(window) == {"housekeeping": "Status sheet", "rooms": "Rooms"}


def test_the_rail_folds_by_its_button_and_this_is_kept(made):
    window = made()
    nav = window.workplace.nav
    assert nav.width() > th.px(100)
    nav.toggle.click()
    assert nav.width() == th.px(56)
    assert window.kept[-1].folded
    assert {item.words for item in nav.items.values()} == {""}
    assert nav.items["guests"].toolTip() == "Guests  Alt+3"
    assert nav.items["guests"].accessibleName().startswith("Guests")
    window.change_look(Look("zh_CN", "light", 100, folded=window.look.folded))
    assert window.workplace.nav.width() == th.px(56)
    window.workplace.nav.toggle.click()
    assert not window.kept[-1].folded
    assert window.workplace.nav.items["guests"].words == "客人"


def test_a_narrow_window_folds_the_rail_by_itself_and_keeps_the_choice(made):
    window = made(look=Look("en", "light", 130))
    nav = window.workplace.nav
    assert (nav.width(), nav.toggle.isVisible()) == (th.px(56), False)
    assert not window.workplace.bar.search_key.isVisible()
    assert window.workplace.bar.switch.toolTip() == "Change user"
    window.resize(1920, 1080)
    QApplication.processEvents()
    assert nav.width() > 100
    assert window.workplace.bar.search_key.isVisible()
    assert window.workplace.bar.switch.words == "Change user"
    assert window.kept == []


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize(
    ("size", "scale"), [((1366, 768), 100), ((1920, 1080), 100), ((1366, 768), 130), ((1024, 700), 130)]
)
def test_rail_and_tabs_show_every_word_at_each_size(made, language, size, scale):
    window = made(look=Look(language, "light", scale), size=size)
    assert window.width() == size[0]
    assert len(order(window)) == 11
    assert cut_texts(window.workplace.bar) == []
    assert window.workplace.bar.minimumSizeHint().width() <= size[0]
    for word in ("services", "settings", "reports"):
        window.go_to_place(word)
        QApplication.processEvents()
        assert cut_texts(window.workplace.tabs) == []
        assert cut_texts(window.workplace.nav) == []
        nav = window.workplace.nav
        for item in nav.items.values():
            used = (
                14
                + item._used(True)
                + 12
                + (th.measure("strong").horizontalAdvance("88") if item.words else 0)
            )
            assert used <= nav.width() or not item.words, item.words


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_page_wider_than_a_small_window_scrolls_and_only_that_one(made, language):
    window = made(look=Look(language, "light", 130), size=(1024, 700))
    pages = window.workplace.pages
    sideways = pages.area.horizontalScrollBar()
    assert sideways.maximum() == 0
    window.workplace.go("party", {"stay_id": None})
    QApplication.processEvents()
    wide = pages.currentWidget()
    assert sideways.maximum() == wide.minimumSizeHint().width() - pages.area.viewport().width() > 0
    fields = [w for w in wide.findChildren(QWidget) if w.isVisible() and w.isEnabled() and w.focusPolicy()]
    farthest = max(fields, key=lambda field: field.mapTo(wide, field.rect().topRight()).x())
    farthest.setFocus()
    QApplication.processEvents()
    assert sideways.value() > 0
    assert farthest.visibleRegion().boundingRect() == farthest.rect()
    window.workplace.go("room_board", {})
    QApplication.processEvents()
    assert sideways.maximum() == 0
    assert pages.height() == pages.area.viewport().height()
    assert window.size().toTuple() == (1024, 700)


@pytest.mark.parametrize(("scale", "size"), [(100, (1366, 768)), (100, (1920, 1080)), (130, (1920, 1080))])
def test_all_that_waits_has_room_under_the_places(made, scale, size):
    window = made(look=Look("zh_CN", "light", scale), size=size)
    nav, below, now = window.workplace.nav, window.workplace.waiting, window.office.now()
    below._turn += 1  # no answer that is still under way
    below._show([Due(f"Call {n}", "wake_ups", now, 0) for n in range(MOST_DUE)], now)
    QApplication.processEvents()
    assert [line.isVisible() for line in below.lines] == [True] * MOST_DUE
    last = nav.items["settings"]
    assert below.mapTo(nav, below.rect().topLeft()).y() >= last.mapTo(nav, last.rect().bottomLeft()).y()
    assert below.mapTo(nav, below.rect().bottomLeft()).y() <= nav.toggle.y()
    nav.toggle.click()
    assert nav.folded
    assert not below.height()  # Alt+W still opens the worst


def test_the_palette_and_the_keys_help_name_the_places(made):
    window = made()
    found = {(e.words, e.place): e.key for e in window.workplace.entries()}
    assert found["Night audit", "Audit"] == "Alt+9"
    assert found["Lost & found", "Services"] == "Alt+F"
    assert found["Outstanding balances", "Cashier"] == ""
    told = {line.key: line.words for line in keyhelp.lines(())}
    assert {place.key: place.title for place in places.PLACES}.items() <= told.items()
    assert told["Ctrl+Tab"] == "The next tab of the place"


def test_the_window_needs_no_tables_to_show_its_places():
    code = (
        "import sys, pms.ui.main_window; sys.exit('sqlalchemy' in sys.modules or 'pms.duties' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
