"""What every register can do, on the luggage room's page and on a list of a hundred thousand rows."""

import csv

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from pms.services.luggage import service as luggage
from pms.services.print_jobs import queries as print_queries
from pms.services.staff import lists
from pms.ui.kit import files
from pms.ui.kit.forms import Text
from pms.ui.kit.parts import Button
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.register import NEW, ONE
from pms.ui.kit.tabs import Tabs
from pms.ui.kit.wrap import Head
from pms.ui.screens.lost_found.screen import LostFoundScreen
from pms.ui.screens.luggage.screen import LuggageScreen
from pms.ui.screens.messages.screen import MessagesScreen
from tests.authority.people import person
from tests.luggage.test_luggage import set_options
from tests.ui.checks import check_screen, opened
from tests.ui.long_list import Long

Key, Ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier
NAMES = ("张伟", "李娜", "曾敏", "Chen", "单雄信")


@pytest.fixture
def bags(desk):
    """Bags of five people, all told two to twelve pieces."""
    set_options(desk, luggage_outside=True)
    for at, name in enumerate(NAMES):
        desk.do(luggage.store, guest_name=name, pieces=2 + at * 2, place=f"A{at}", marks="blue" if at else "")
    return desk


@pytest.fixture
def page(qtbot, bags):
    """The luggage room with its first tag in hand."""
    made = opened(qtbot, bags, LuggageScreen)
    made.table.selectRow(0)
    made.table.setFocus()
    return made


def shown(page, column):
    return [page.table.rows.cell(line, column).text for line in range(page.table.rows.rowCount())]


def head(page, column):
    header = page.table.horizontalHeader()
    x = header.sectionViewportPosition(column) + 8
    return header.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, _point(x, 8)


def _point(x, y):
    from PySide6.QtCore import QPoint

    return QPoint(x, y)


def test_a_click_on_a_head_sorts_by_sound_and_by_number_and_a_third_gives_the_list_back(qtbot, page):
    came = shown(page, 0)
    qtbot.mouseClick(*head(page, 2))
    assert shown(page, 2) == ["Chen", "李娜", "单雄信", "曾敏", "张伟"]
    held = page.table.row()
    qtbot.mouseClick(*head(page, 3))
    assert shown(page, 3) == ["2", "4", "6", "8", "10"]
    assert page.table.row() == held  # the row in hand stays in hand
    page.refresh()
    assert shown(page, 3) == ["2", "4", "6", "8", "10"]
    qtbot.mouseClick(*head(page, 3))
    assert shown(page, 3) == ["10", "8", "6", "4", "2"]
    qtbot.mouseClick(*head(page, 3))
    assert shown(page, 0) == came


def test_the_title_is_the_answer(page, bags):
    assert page.title.text() == "5 tags in store"
    bags.do(luggage.store, guest_name="Wu", pieces=1, until=bags.house().business_date)
    bags.next_day()
    page.refresh()
    assert page.title.text() == "1 not collected, since 20 Nov"


def test_the_find_line_finds_by_word_letters_and_initials_and_esc_leaves_it(qtbot, page):
    qtbot.keyClick(page.table, Key.Key_F, Ctrl)
    assert page.finder.line.hasFocus()
    for typed, names in (("lina", ["李娜"]), ("sxx", ["单雄信"]), ("blue a3", ["Chen"]), ("xyz", [])):
        page.finder.line.setText(typed)
        assert shown(page, 2) == names
    assert page.empties[""].words.text() == "Nothing found for xyz."
    page.panel.show_page(page.HOME)
    page.finder.line.setText("lina")
    qtbot.keyClick(page.finder.line, Key.Key_Return)
    assert page.table.hasFocus()
    assert page.tabs.counts()["here"] == "5"  # a tab counts all, whatever is looked for


def test_a_cell_and_a_row_are_copied(qtbot, page):
    board = QGuiApplication.clipboard()
    index = page.table.rows.index(0, 2)
    page.table.setCurrentIndex(index)
    qtbot.keyClick(page.table, Key.Key_C, Ctrl | Qt.KeyboardModifier.ShiftModifier)
    assert board.text() == page.table.row().guest
    qtbot.keyClick(page.table, Key.Key_C, Ctrl)
    cells = board.text().split("\t")
    assert (cells[0], cells[2], len(cells)) == ("T-5", "单雄信 blue", 8)


def test_columns_put_away_are_the_clerks_own_and_stay_so(qtbot, page, bags):
    menu = page.tools.menu()
    [columns] = [m for m in menu.actions() if m.text() == "Columns"]
    offered = {a.text(): a for a in columns.menu().actions()}
    assert "Guest" not in offered  # what takes the room that is left stays
    assert offered["Room"].isChecked()
    offered["Room"].trigger()
    assert page.table.isColumnHidden(1)
    again = opened(qtbot, bags, LuggageScreen)
    assert again.table.isColumnHidden(1)
    boss, bags.clerk = bags.clerk, person(bags, "clerk")
    again.refresh()
    assert not again.table.isColumnHidden(1)
    bags.clerk = boss
    again.refresh()
    assert again.table.isColumnHidden(1)


def test_a_column_that_is_gone_is_said_once(qtbot, bags):
    bags.do(lists.leave_out, name="luggage", heads=["Weight", "Room"])
    page = opened(qtbot, bags, LuggageScreen)
    page.notes.clear()
    again = LuggageScreen(bags, page.signal)
    qtbot.addWidget(again)
    again.refresh()
    assert bags.ask(lists.left_out, staff_id=bags.clerk.id, name="luggage") == ("Room",)
    assert again.notes.text == ""


def saved(page, qtbot, monkeypatch, tmp_path, form):
    path = tmp_path / f"list.{form}"
    monkeypatch.setattr(files, "where", lambda *_given: path)
    page.acts["list_as_sheet" if form == "xlsx" else "list_as_csv"].press()
    qtbot.waitUntil(lambda: page.notes.text != "", timeout=5000)
    return path


def test_a_list_is_saved_as_it_is_shown(qtbot, page, bags, monkeypatch, tmp_path):
    page.table.sort_by(2)
    page.table.put_away([1])
    path = saved(page, qtbot, monkeypatch, tmp_path, "csv")
    assert page.notes.text == "list.csv is saved."
    lines = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    assert lines[0] == ["Tag", "Guest", "Pieces", "Place", "Stored", "Until", "", "More"]
    assert [line[1] for line in lines[1:]] == ["Chen", "李娜", "单雄信", "曾敏", "张伟"]
    assert (lines[1][2], lines[1][-1]) == ("8", "blue")
    path = saved(page, qtbot, monkeypatch, tmp_path, "xlsx")
    cells = [[c.value for c in line] for line in load_workbook(path).active.iter_rows()]
    [line] = [line for line in cells if "李娜" in line]
    assert 4 in line  # a figure, no word


def test_who_may_not_take_out_saves_nothing(qtbot, page, bags, monkeypatch, tmp_path):
    bags.clerk = person(bags, "clerk")
    path = saved(page, qtbot, monkeypatch, tmp_path, "csv")
    assert "your role may not do this" in page.notes.text
    assert not path.exists()


def test_a_list_is_printed(page, bags):
    page.acts["list_on_paper"].press()
    assert bags.ask(print_queries.jobs, limit=1)[0].title == "Luggage: In store"


def test_insert_opens_a_new_row_in_the_panel_and_esc_returns(qtbot, desk):
    page = opened(qtbot, desk, LostFoundScreen)
    qtbot.keyClick(page.table, Key.Key_Insert)
    assert page.panel.page == "found"
    assert page.step_back()
    assert page.panel.page == ONE
    book = opened(qtbot, desk, MessagesScreen)
    assert book.panel.page == NEW  # an empty book begins with a new entry
    assert book.step_back()
    assert book.panel.page == ONE


def test_beside_a_dead_button_it_says_why(qtbot, page, bags):
    bags.do(
        luggage.claim,
        number=page.table.row().number,
        pieces=page.table.row().pieces,
        seen=page.table.row().left,
    )
    page.tabs.choose("claimed")
    page.table.selectRow(0)
    page.panel.show_page(ONE)
    page.update_actions()
    assert not page.whys[""].isHidden()
    assert "was collected already" in page.whys[""].text()


def test_no_row_is_wider_than_can_be_read(qtbot, page):
    page.resize(1760, 1000)
    qtbot.wait(30)
    assert page.table.width() <= 1102
    assert page.panel.width() > 600
    check_screen(page)


# ------------------------------------------------------------------ a hundred thousand rows
def test_a_long_list_is_measured_where_it_is_seen(qtbot, desk):
    page = opened(qtbot, desk, Long)
    table = page.table
    assert page.tabs.counts() == {"all": "100000"}
    assert table.rowHeight(1) > table.rowHeight(0)  # in sight: measured
    assert table.rowHeight(50_001) == table.rowHeight(0)
    table.verticalScrollBar().setValue(table.verticalScrollBar().maximum())
    qtbot.wait(20)
    assert table.rowAt(table.viewport().height() - 4) == 99_999
    assert table.columnWidth(2) > 60  # 9,999,900.00 is never cut
    check_screen(page)


def test_a_long_list_is_looked_through_when_one_stops_typing(qtbot, desk):
    page = opened(qtbot, desk, Long)
    page.finder.line.setText("zengmin 99997")
    assert page.table.rows.rowCount() == 100_000
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == 1, timeout=20_000)
    assert page.table.row().id == 99_997


def test_making_a_page_shows_no_window_of_its_parts(qtbot, bags):
    made = LuggageScreen(bags, ChangeSignal(bags.changes))
    qtbot.addWidget(made)
    assert [w for w in QApplication.topLevelWidgets() if w.isVisible()] == []


def test_a_narrow_page_keeps_its_tabs_its_title_and_its_panel(qtbot):
    """The find line gives way first, then it goes under the tabs; nothing stands outside the page."""
    tabs, finder, tools = Tabs([(n, f"View number {n}") for n in range(4)]), Text(hint="Find"), Button("x")
    page = QWidget()
    layout = Head(tabs, finder, tools, least=120, most=200)
    page.setLayout(layout)
    qtbot.addWidget(page)
    one = tabs.sizeHint().width()
    for width, beside in (
        (one + 320, True),
        (one + 160 + tools.sizeHint().width(), True),
        (one // 3 + 160, False),
    ):
        page.resize(width, layout.heightForWidth(width))
        layout.setGeometry(page.rect())
        assert (finder.geometry().top() < tabs.geometry().bottom()) is beside
        assert 120 <= finder.width() <= 200
        assert tools.geometry().right() == page.rect().right()
        assert all(page.rect().contains(part.geometry()) for part in (tabs, finder, tools))
        assert not tabs.geometry().intersects(finder.geometry())
