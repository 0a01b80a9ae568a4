"""The page of the lists by keyboard, in both languages: what is seen without a password, what with one, and
that it closes."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from pms.services.downtime.away import Away
from pms.services.downtime.keeper import Kept, ListKeeper
from pms.services.stays import service as stays
from pms.ui.kit.theme import Look
from pms.ui.screens.downtime.screen import DowntimePage
from tests import builders
from tests.authority.people import person
from tests.builders import PASSWORD, SECRET, TODAY
from tests.ui.checks import cut_texts, dress, look_around, seen

Key = Qt.Key


@pytest.fixture
def away(desk, tmp_path):
    """Wang Yaqin is in 301, Zhou Yi is to come; a clerk and an attendant work here."""
    desk.do(stays.check_in, line_id=desk.book("Wang Yaqin"), room_id=desk.room_id("301"), intent="in")
    desk.book("Zhou Yi")
    for role in ("clerk", "attendant", "administrator"):
        person(desk, role)
    builders.settle(desk)
    kept = Kept(tmp_path / "lists", SECRET, desk.clock)
    ListKeeper(desk, kept).write()
    made = Away(kept, tmp_path / "paper", desk.clock)
    desk.clock.now += timedelta(minutes=4)
    made.server(answers=False)
    yield made
    dress(Look("en", "light", 100))


def page_of(qtbot, away, look=Look("en", "light", 100), size=(1366, 768)):
    dress(look)
    made = DowntimePage(away, away.lists())
    qtbot.addWidget(made)
    made.resize(*size)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.start()
    return made


def sign_in(qtbot, page, login="clerk", password=PASSWORD):
    page.login.set_value("")
    qtbot.keyClicks(page.login.line, login)
    qtbot.keyClick(page.login.line, Key.Key_Return)
    qtbot.keyClicks(page.password.line, password)
    look_around()
    qtbot.keyClick(page.password.line, Key.Key_Return)
    qtbot.waitUntil(lambda: not page._busy, timeout=5000)


def shown(page):
    """Return the lists that are offered."""
    return list(page.chips.chips)


def words(page):
    """Return everything that stands on the page."""
    table = page.tables[page.chips.value()].rows
    return [table.cell(n, c).text for n in range(table.rowCount()) for c in range(table.columnCount())]


def test_without_a_password_rooms_and_numbers_stand_there_and_nothing_else(qtbot, away):
    page = page_of(qtbot, away)
    assert shown(page) == ["evacuation"]
    assert words(page) == ["3", "301", "1", "", ""]
    assert page.age.text.startswith("As of 14:30, 4 minutes before the server stopped answering")
    assert not page.print_list.isVisible()
    assert "Wang" not in "".join(w.text() for w in page.findChildren(type(page.count)))


def test_a_clerks_password_opens_names_arrivals_rooms_and_balances(qtbot, away):
    page = page_of(qtbot, away)
    sign_in(qtbot, page)
    assert shown(page) == ["in_house", "arrivals", "rooms", "evacuation"]
    assert "Wang Yaqin" in words(page)
    assert page.chips.value() == "in_house"
    page.chips.choose("arrivals")
    assert "Zhou Yi" in words(page)
    page.chips.choose("rooms")
    assert len(page.tables["rooms"].rows.rows()) == 8
    assert page.password.value() == ""
    page.close_names.click()
    assert shown(page) == ["evacuation"]
    assert page.opened is None
    assert page.tables["in_house"].rows.rows() == []
    assert page.login.value() == ""


def test_an_attendant_sees_rooms_an_administrator_nothing_and_a_wrong_password_is_told(qtbot, away):
    page = page_of(qtbot, away)
    sign_in(qtbot, page, "attendant")
    assert shown(page) == ["rooms", "evacuation"]
    assert not page.print_list.isVisible()
    page.close_names.click()
    sign_in(qtbot, page, "administrator")
    assert shown(page) == ["evacuation"]
    assert "Your role may see none" in page.notes.text
    sign_in(qtbot, page, password="not the one")
    assert "Name or password is wrong" in page.notes.text
    assert page.password.line.hasFocus()


def test_the_in_house_list_prints(qtbot, away, tmp_path):
    page = page_of(qtbot, away)
    sign_in(qtbot, page)
    look_around()
    qtbot.keyClick(page, Key.Key_F12)
    qtbot.waitUntil(lambda: "printed" in page.notes.text, timeout=10_000)
    assert len(list((tmp_path / "paper").glob("*in_house_list.pdf"))) == 1


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize(("scale", "size"), [(100, (1366, 768)), (100, (1180, 660)), (130, (1366, 768))])
def test_nothing_is_cut(qtbot, away, language, scale, size):
    page = page_of(qtbot, away, Look(language, "light", scale), size)
    assert cut_texts(page) == []
    sign_in(qtbot, page)
    for which in shown(page):
        page.chips.choose(which)
        qtbot.wait(20)
        assert cut_texts(page) == []
    assert [b for b in seen(page, type(page.back)) if b.kind == "primary"] == [page.print_list]
    assert page.found.head.day == TODAY
