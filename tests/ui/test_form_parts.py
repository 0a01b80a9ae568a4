"""Chips, the line that breaks, the field that suggests and the columns that give way."""

import threading
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from pms.core import i18n
from pms.core.errors import Refused
from pms.ui.kit.amounts import Day
from pms.ui.kit.chips import Chips
from pms.ui.kit.finder import Finder
from pms.ui.kit.forms import Secret
from pms.ui.kit.forms import Text as Line
from pms.ui.kit.parts import box, col, plain
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table
from pms.ui.kit.theme import Look
from pms.ui.kit.wrap import Wrap

from .checks import dress

Key = Qt.Key
NAMES = ("Chen Zhiyuan", "Chen Wei", "Wang Yaqin")


@pytest.fixture(autouse=True)
def dressed(qapp):
    dress(Look("en", "light", 100))


def shown(qtbot, widget, width=400, height=300):
    """Show a widget alone in an active window."""
    holder = box(col(widget, None))
    holder.resize(width, height)
    qtbot.addWidget(holder)
    with qtbot.waitActive(holder):
        holder.show()
        holder.activateWindow()
    widget.holder = holder  # pytest-qt keeps none
    return holder


# ------------------------------------------------------------------ chips
def test_one_chip_is_on_and_only_pressing_tells(qtbot):
    chips = Chips([("a", "Alpha"), ("b", "Beta")], value="a")
    shown(qtbot, chips)
    told = []
    chips.chosen.connect(told.append)
    chips.set_value("b")
    assert (chips.value(), told) == ("b", [])
    qtbot.mouseClick(chips.chips["a"], Qt.MouseButton.LeftButton)
    assert (chips.value(), told) == ("a", ["a"])
    qtbot.mouseClick(chips.chips["a"], Qt.MouseButton.LeftButton)
    assert chips.value() == "a"  # a filter is always on
    chips.set_value("gone")
    assert chips.value() is None


def test_new_options_keep_the_choice_and_leave_no_chip_behind(qtbot):
    chips = Chips([(1, "One"), (2, "Two")], value=2)
    shown(qtbot, chips)
    chips.show_counts({1: 5, 2: 0})
    assert [c.count for c in chips.chips.values()] == ["5", "0"]
    chips.set_options([(2, "Two"), (3, "Three")])
    assert chips.value() == 2
    qtbot.waitUntil(
        lambda: (
            [c.words for c in chips.findChildren(type(chips.chips[2])) if c.isVisible()] == ["Two", "Three"]
        )
    )


# ------------------------------------------------------------------ the line that breaks
def labels(*widths):
    made = []
    for width in widths:
        made.append(QLabel("x"))
        made[-1].setFixedSize(width, 20)
    return made


def test_a_row_breaks_where_it_must_and_not_before(qtbot):
    parts = labels(100, 100, 100)
    wrap = Wrap(*parts, gap=10)
    shown(qtbot, box(wrap), 200 + 10)
    assert wrap.sizeHint().width() == 320
    assert (wrap.heightForWidth(320), wrap.heightForWidth(319), wrap.heightForWidth(100)) == (20, 50, 80)
    assert wrap.minimumSize().width() == 100
    assert [(p.x(), p.y()) for p in parts] == [(0, 0), (110, 0), (0, 30)]


def test_hidden_parts_take_no_room(qtbot):
    parts = labels(100, 100)
    wrap = Wrap(*parts, gap=10)
    shown(qtbot, box(wrap))
    parts[0].hide()
    assert wrap.sizeHint().width() == 100
    assert wrap.takeAt(5) is None
    assert wrap.itemAt(-1) is None


# ------------------------------------------------------------------ the field that suggests
@pytest.fixture
def finder(qtbot):
    made = Finder(
        "Guest",
        lambda text: [n for n in NAMES if n.casefold().startswith(text.casefold())],
        (Column("", lambda n: n),),
    )
    made.told = []
    made.found.connect(made.told.append)
    shown(qtbot, made)
    made.setFocus()
    return made


def test_it_suggests_while_one_types_and_takes_with_enter(qtbot, finder):
    qtbot.keyClicks(finder.line, "chen")
    qtbot.waitUntil(finder.suggesting)
    assert finder.suggestions().list.rows.rows() == ["Chen Zhiyuan", "Chen Wei"]
    qtbot.keyClick(finder.line, Key.Key_Down)
    qtbot.keyClick(finder.line, Key.Key_Down)
    qtbot.keyClick(finder.line, Key.Key_Down)  # the last one is the last
    qtbot.keyClick(finder.line, Key.Key_Up)
    qtbot.keyClick(finder.line, Key.Key_Return)
    assert finder.told == ["Chen Zhiyuan"]
    assert not finder.suggesting()


def test_enter_without_a_choice_takes_nothing(qtbot, finder):
    qtbot.keyClicks(finder.line, "w")
    qtbot.waitUntil(finder.suggesting)
    qtbot.keyClick(finder.line, Key.Key_Return)
    assert finder.told == []


def test_esc_and_leaving_take_the_list_away(qtbot, finder):
    for leave in (lambda: qtbot.keyClick(finder.line, Key.Key_Escape), finder.line.clearFocus):
        finder.line.clear()
        finder.setFocus()
        qtbot.keyClicks(finder.line, "w")
        qtbot.waitUntil(finder.suggesting)
        leave()
        assert not finder.suggesting()
        assert finder.value() == "w"


def test_nothing_known_shows_no_list(qtbot, finder):
    qtbot.keyClicks(finder.line, "zz")
    qtbot.wait(300)
    assert not finder.suggesting()


def test_an_older_answer_never_replaces_a_newer_one(qtbot):
    slow = threading.Event()

    def ask(text):
        if text == "c":
            slow.wait(5)
        return [text]

    finder = Finder("Guest", ask, (Column("", lambda n: n),))
    shown(qtbot, finder)
    finder.setFocus()
    qtbot.keyClicks(finder.line, "c")
    finder._look()
    qtbot.keyClicks(finder.line, "h")
    finder._look()
    qtbot.waitUntil(finder.suggesting)
    slow.set()
    qtbot.wait(100)
    assert finder.suggestions().list.rows.rows() == ["ch"]


def test_a_refused_question_is_said_under_the_field(qtbot):
    def ask(_text):
        raise Refused("The database cannot be reached.")

    finder = Finder("Guest", ask, (Column("", lambda n: n),))
    shown(qtbot, finder)
    qtbot.keyClicks(finder.line, "c")
    qtbot.waitUntil(lambda: "cannot be reached" in finder.shown_error())


# ------------------------------------------------------------------ columns that give way
@pytest.mark.parametrize(("width", "hidden"), [(600, []), (360, [2]), (240, [2, 1])])
def test_columns_give_way_in_their_order(qtbot, width, hidden):
    table = Table(
        (
            Column("Guest", lambda r: r),
            Column("Type", lambda r: r, width=100),
            Column("Phone", lambda r: r, width=120),
        ),
        key=lambda r: r,
    )
    table.give_way(2, 1)
    shown(qtbot, table, width)
    assert [n for n in (2, 1) if table.isColumnHidden(n)] == hidden


def test_no_part_is_ever_a_window_of_its_own(qtbot):
    holder = shown(qtbot, Chips([(1, "One")]))
    assert [w for w in QApplication.topLevelWidgets() if w.isVisible()] == [holder]
    assert isinstance(holder, QWidget)


@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)), st.sampled_from(["en", "zh_CN"]))
def test_a_date_that_is_shown_is_read_back(qtbot, day, language):
    i18n.use(language)
    field = Day("Day", today=date(2026, 11, 20), value=day)
    qtbot.addWidget(field)
    assert field.value() == day
    i18n.use("en")


# ------------------------------------------------------------------ what comes to stand on paper
def leave(qtbot, field, text):
    """Type a text and go on to another field."""
    other = Line("Other")
    held = shown(qtbot, box(col(field, other)))
    field.setFocus()
    field.line.setText(text)
    other.setFocus()
    qtbot.waitUntil(lambda: other.line.hasFocus())
    return held


def test_a_sign_that_no_paper_can_show_is_named_at_its_field_and_taken_all_the_same(qtbot):
    name = Line("Guest", required=True)
    _held = leave(qtbot, name, "Somchai \u0e2a\u0e21\U0003158e")
    assert name.shown_note() == "\u0e2a\u0e21\U0003158e does not print"
    assert name.shown_error() == ""
    assert name.validate()
    name.line.setText("Somchai")
    assert name.shown_note() == ""


@pytest.mark.parametrize(
    "text", ["\U00020bb7\u7530", "\ud55c\uae00", "O\u2019Brien", "Zo\u00eb", "\u738b\u96c5\u7434"]
)
def test_a_name_that_prints_whole_is_left_alone(qtbot, text):
    name = Line("Guest")
    _held = leave(qtbot, name, text)
    assert name.shown_note() == ""


def test_a_password_is_not_read_out(qtbot):
    secret = Secret("Password")
    _held = leave(qtbot, secret, "\u0e2a\u0e21")
    assert secret.shown_note() == ""


def test_a_name_is_never_markup_in_a_tool_tip():
    assert plain("Wang Yaqin") == "Wang Yaqin"
    assert plain("<b>Bobby</b> & co") == "<span>&lt;b&gt;Bobby&lt;/b&gt; &amp; co</span>"
