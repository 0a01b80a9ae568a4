"""The parts every page is made of: fields, dates as typed, lists, and the one way from a click to a
service."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from pms.core import i18n
from pms.core.errors import NeedsApproval, NeedsConfirmation, Reason, Refused
from pms.core.office import Approval
from pms.core.permissions import Permission
from pms.core.places import PLACES
from pms.services.rooms import service as rooms
from pms.ui.kit import days, formats
from pms.ui.kit import theme as th
from pms.ui.kit.amounts import Amount, Day, Number
from pms.ui.kit.cells import SIDE
from pms.ui.kit.desk import Asker, Desk
from pms.ui.kit.forms import Choice, Form, Remark, Text
from pms.ui.kit.messages import Notes, split
from pms.ui.kit.navigation import Navigation
from pms.ui.kit.parts import Button, box, col
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.rows import Column
from pms.ui.kit.table import AT_ONCE, Table
from pms.ui.kit.theme import Look
from pms.ui.screens.night_audit.steps import StepRow
from tests.ui.checks import dress

TODAY = date(2026, 11, 20)
Key = Qt.Key


# ------------------------------------------------------------------ dates as a clerk types them
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("20", TODAY),
        ("21", date(2026, 11, 21)),
        ("3", date(2026, 12, 3)),
        ("11-22", date(2026, 11, 22)),
        ("1122", date(2026, 11, 22)),
        ("0105", date(2027, 1, 5)),
        ("22 Nov", date(2026, 11, 22)),
        ("5 jan", date(2027, 1, 5)),
        ("2026-12-01", date(2026, 12, 1)),
        ("20261201", date(2026, 12, 1)),
        ("+1", date(2026, 11, 21)),
        ("-1", date(2026, 11, 19)),
        ("11月22日", date(2026, 11, 22)),
        ("2-29", date(2028, 2, 29)),
        ("31-31", None),
        ("2-30", None),
        ("tomorrow", None),
        ("", None),
        ("99", None),
        ("22 Foo", None),
    ],
)
def test_a_date_is_read_as_it_is_meant(typed, meant):
    today = date(2027, 3, 1) if typed == "2-29" else TODAY
    assert days.read(typed, today) == meant


@given(st.dates(date(2020, 3, 1), date(2050, 1, 1)), st.integers(-150, 180))
def test_a_date_as_it_is_written_is_read_as_the_same(today, offset):
    day = today + timedelta(days=offset)
    for language in ("en", "zh_CN"):
        i18n.use(language)
        assert days.read(formats.day(day, year=day.year != today.year), today) == day
    i18n.use("en")


# ------------------------------------------------------------------ fields
def test_an_amount_is_read_and_written_with_its_decimals(qtbot):
    field = Amount("Deposit", required=True)
    qtbot.addWidget(field)
    assert field.error() == "Deposit is missing."
    qtbot.keyClicks(field.line, "1200.5")
    assert field.value() == 120050
    field._leave()
    assert field.line.text() == "1,200.50"
    assert field.value() == 120050
    field.line.setText("12,x")
    assert not field.validate()
    assert field.shown_error()


def test_a_number_keeps_to_its_range_and_takes_no_letters(qtbot):
    field = Number("Cards", least=0, most=9)
    qtbot.addWidget(field)
    for text, why in (("ab", "Type a whole number."), ("10", "From 0 to 9."), ("9", "")):
        field.line.setText(text)
        field.validate()
        assert field.shown_error() == why


def test_a_day_steps_with_the_arrows_over_the_end_of_a_month(qtbot):
    field = Day("Arrival", today=TODAY, value=date(2026, 11, 30))
    qtbot.addWidget(field)
    qtbot.keyClick(field.line, Key.Key_Up)
    assert field.value() == date(2026, 12, 1)
    qtbot.keyClick(field.line, Key.Key_Down)
    assert field.value() == date(2026, 11, 30)


def test_a_form_goes_to_the_first_field_that_is_wrong(qtbot):
    page = QWidget()
    name, count = Text("Guest", required=True), Number("Pieces", least=1)
    form = Form(name=name, count=count)
    page.setLayout(col(name, count))
    qtbot.addWidget(page)
    page.show()
    assert form.missing() == "Guest is missing."
    name.set_value("Wang")
    count.line.setText("0")
    assert form.missing() == "From 1 to 9999."
    count.set_value(3)
    assert form.missing() == ""
    assert form.values() == {"name": "Wang", "count": 3}


def test_a_choice_stays_when_others_are_offered(qtbot):
    field = Choice("Type", [(1, "Twin"), (2, "Queen")], value=2)
    qtbot.addWidget(field)
    field.set_options([(2, "Queen"), (3, "Suite")])
    assert field.value() == 2
    field.set_options([(3, "Suite")])
    assert field.value() == 3


# ------------------------------------------------------------------ lists
@dataclass(frozen=True)
class Bag:
    id: int
    guest: str
    fee: int = 0


COLUMNS = (Column("Guest", lambda b: b.guest), Column("Fee", lambda b: b.fee, "money", width=96))


def test_the_row_in_hand_stays_in_hand_wherever_it_moves(qtbot):
    table = Table(COLUMNS)
    qtbot.addWidget(table)
    table.show_rows([Bag(1, "Wang"), Bag(2, "Chen"), Bag(3, "Li")])
    assert table.pick(2)
    table.show_rows([Bag(3, "Li"), Bag(2, "Chen", 500)])
    assert table.row() == Bag(2, "Chen", 500)
    table.show_rows([Bag(3, "Li")])
    assert table.row() is None


def test_the_same_rows_are_repainted_only_where_they_changed(qtbot):
    table = Table(COLUMNS)
    qtbot.addWidget(table)
    table.show_rows([Bag(1, "Wang"), Bag(2, "Chen")])
    with qtbot.waitSignal(table.rows.dataChanged) as seen, qtbot.assertNotEmitted(table.rows.modelReset):
        table.show_rows([Bag(1, "Wang"), Bag(2, "Chen", 700)])
    assert seen.args[0].row() == seen.args[1].row() == 1


def test_money_is_right_aligned_with_a_true_minus(qtbot):
    table = Table(COLUMNS)
    qtbot.addWidget(table)
    table.show_rows([Bag(1, "Wang", -123456)])
    cell = table.rows.cell(0, 1)
    assert (cell.text, cell.right) == ("\u22121,234.56", True)


def test_a_list_filled_before_it_is_seen_has_room_for_every_line_of_its_words(qtbot):
    dress(Look("en", "light", 100))
    told = "The deposits of 62 guests are held: 60,300.00."
    table = Table(
        (
            Column("Item", lambda b: b.guest, sub=lambda _b: told),
            Column("Fee", lambda b: b.fee, "money", width=96),
        )
    )
    stages = QStackedWidget()
    qtbot.addWidget(stages)
    stages.addWidget(QWidget())
    stages.addWidget(table)
    # At this width the words fit on one line until the scroll bar takes some of it, and the header is the
    # last to know.
    stages.resize(th.measure("meta").horizontalAdvance(told) + 2 * SIDE + th.px(96) + 4, 300)
    stages.show()
    assert QTest.qWaitForWindowExposed(stages)
    table.show_rows([Bag(n, "Wang") for n in range(9)])
    stages.setCurrentIndex(1)
    one_line = th.px(th.ROW["list"])
    qtbot.waitUntil(lambda: table.rowHeight(8) > one_line)
    stages.resize(1200, 300)
    qtbot.waitUntil(lambda: table.rowHeight(8) == one_line)


def test_a_long_list_is_measured_turn_by_turn_and_the_row_in_hand_stays_in_sight(qtbot, monkeypatch):
    dress(Look("en", "light", 100))
    told = "The guest of 203 asks for the invoice by tomorrow noon, and for a taxi to the airport"
    table = Table(
        (
            Column("Entry", lambda b: str(b.id), sub=lambda _b: told),
            Column("Fee", lambda b: b.fee, "money", width=96),
        ),
        key=lambda b: b.id,
    )
    qtbot.addWidget(table)
    table.resize(300, 300)
    table.show()
    measured, measure = [], Table._measure

    def counted(self, lines):
        measured.append(len(lines))
        measure(self, lines)

    monkeypatch.setattr(Table, "_measure", counted)
    table.show_rows([Bag(n, "Wang") for n in range(200)])
    assert max(measured) == AT_ONCE
    assert table.pick(150)
    qtbot.waitUntil(lambda: table._settled == 200)
    assert max(measured) == AT_ONCE
    assert len({table.rowHeight(n) for n in range(200)}) == 1
    assert table.rowHeight(199) > th.px(th.ROW["list"])
    assert table.viewport().rect().intersects(table.visualRect(table.currentIndex()))
    table.show_rows([Bag(n, "Wang") for n in range(3)])
    qtbot.wait(20)
    assert table._settled == 3


def test_words_that_stand_alone_are_set_to_be_read_and_take_the_lines_they_need(qtbot):
    dress(Look("en", "light", 100))
    told = "The guest of 203 asks for the invoice by tomorrow noon"
    table = Table(
        (
            Column("Entry", lambda _b: "", sub=lambda _b: told),
            Column("Fee", lambda b: b.fee, "money", width=96),
        )
    )
    qtbot.addWidget(table)
    one_line = th.measure("body").horizontalAdvance(told) + th.px(96) + 40
    for width, lines in ((one_line, 1), (one_line * 2 // 3, 2)):
        table.resize(width, 300)
        table.show()
        table.show_rows([Bag(1, "Wang")])
        qtbot.wait(10)
        assert (table.rowHeight(0) == th.px(th.ROW["list"])) is (lines == 1)
        assert table.rowHeight(0) >= lines * th.measure("body").height() + 8


def test_steps_in_a_narrow_row_keep_the_words_of_the_one_at_hand(qtbot):
    steps = StepRow(["Look", "Clear everything", "Post and close", "Reports", "Back up"])
    qtbot.addWidget(steps)
    assert steps.sizeHint().width() == steps.maximumWidth() > steps.minimumWidth()
    for width in (steps.maximumWidth(), steps.minimumWidth()):
        steps.resize(width, steps.height())
        for at in range(5):
            steps.show_step(at)
            shown = steps.grab().toImage()
            right = {shown.pixel(shown.width() - 2, y) for y in range(shown.height())}
            assert len(right) == 1, f"step {at} is cut at {width} px"


# ------------------------------------------------------------------ what the program says
@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("301 is taken. Choose another room.", ("301 is taken", "Choose another room.")),
        ("301 有人住。选一间空房。", ("301 有人住", "选一间空房。")),
        ("Short.", ("Short.", "")),
    ],
)
def test_a_message_is_a_bold_line_and_what_to_do(message, parts):
    assert split(message) == parts


def test_a_note_offers_the_button_that_helps(qtbot):
    notes, done = Notes(), []
    qtbot.addWidget(notes)
    notes.refuse("301 is dirty. Have it cleaned.", ("Mark clean", lambda: done.append(1)))
    button = next(b for b in notes.findChildren(QWidget) if getattr(b, "words", "") == "Mark clean")
    button.click()
    assert done == [1]
    assert notes.tone == "bad"


# ------------------------------------------------------------------ the one way from a click to a service
class Page(Desk):
    """A page without anything on it."""

    TOPICS = frozenset({"rooms"})

    def build(self):
        self.refreshed = 0
        return col(self.notes)

    def refresh(self):
        self.refreshed += 1


class Answers(Asker):
    """Confirms or not, approves or not, and counts."""

    def __init__(self, yes=True, approval=None):
        self.yes, self.approval, self.asked = yes, approval, []

    def confirm(self, parent, message):
        self.asked.append(message)
        return self.yes

    def approve(self, parent, office, wish):
        self.asked.append(str(wish))
        return self.approval


@pytest.fixture
def page(qtbot, desk):
    made = Page(desk, ChangeSignal(desk.changes))
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    assert QTest.qWaitForWindowExposed(made)
    return made


class FakeOffice:
    """Answers an operation with what was planned for it, one after another."""

    def __init__(self, office, *answers):
        self.office, self.answers, self.calls = office, list(answers), []

    def __getattr__(self, name):
        return getattr(self.office, name)

    def do(self, operation, **call):
        self.calls.append(call)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_a_refusal_stays_on_the_page_and_nothing_is_done(page, desk):
    assert not page.run(rooms.set_clean.of(room_ids=[1], clean="spotless"))
    assert page.notes.tone == "bad"


def test_a_refusal_that_is_put_right_elsewhere_has_the_button_that_goes_there(page, desk):
    gone = []
    page.wanted.connect(lambda word, what: gone.append((word, what)))
    page.office = FakeOffice(
        desk, Refused("No shift is open at desk-1. Open it first.", word="shifts", verb="Open shift")
    )
    assert not page.run(rooms.set_clean.of(room_ids=[1], clean="clean"))
    next(b for b in page.notes.findChildren(Button) if b.words == "Open shift").click()
    assert gone == [("shifts", {})]


def test_what_is_confirmed_is_asked_once_and_the_same_call_repeated(page, desk):
    page.office = FakeOffice(desk, NeedsConfirmation("room.dirty", "301 is dirty. Give it all the same?"), 7)
    page.asker = Answers(yes=True)
    outcome = page.run(rooms.set_clean.of(room_ids=[1], clean="clean"), intent="k")
    assert outcome
    assert outcome.value == 7
    assert page.office.calls[1]["confirmed"] == frozenset({"room.dirty"})
    assert {c["intent"] for c in page.office.calls} == {"k"}
    assert page.asker.asked == ["301 is dirty. Give it all the same?"]


def test_not_confirmed_is_not_done(page, desk):
    page.office = FakeOffice(desk, NeedsConfirmation("room.dirty", "301 is dirty."))
    page.asker = Answers(yes=False)
    assert not page.run(rooms.set_clean.of(room_ids=[1], clean="clean"))


def test_a_second_person_is_asked_and_noted(page, desk):
    agreed = Approval(7, 2, "Sue")
    page.office = FakeOffice(
        desk,
        NeedsApproval(Reason(Permission.RATES_MANUAL, "The price is below the limit")),
        "done",
    )
    page.asker = Answers(approval=agreed)
    done = page.run(rooms.set_clean.of(room_ids=[1], clean="clean"))
    assert (done.value, done.signer) == ("done", "Sue")
    assert page.office.calls[1]["approval"] is agreed


def test_slow_work_leaves_the_window_free_and_comes_back_on_its_thread(qtbot, page, desk):
    seen = []
    page.run_slow(
        rooms.set_clean.of(room_ids=[desk.room_id("301")], clean="dirty"),
        then=lambda value: seen.append(page.thread().isCurrentThread()),
    )
    assert seen == []
    qtbot.waitUntil(lambda: seen == [True])
    page.run_slow(rooms.set_clean.of(room_ids=[1], clean="spotless"))
    qtbot.waitUntil(lambda: page.notes.tone == "bad")


def test_a_defect_is_not_swallowed(page, desk):
    page.office = FakeOffice(desk, ZeroDivisionError("a defect"))
    with pytest.raises(ZeroDivisionError):
        page.run(rooms.set_clean.of(room_ids=[1], clean="clean"))


def test_a_hidden_page_is_refreshed_when_it_is_seen_again(qtbot, page, desk):
    before = page.refreshed
    page.hide()
    desk.do(rooms.set_clean, room_ids=[desk.room_id("301")], clean="dirty")
    assert page.refreshed == before
    page.show()
    assert page.refreshed == before + 1
    page.office.changes.announce({"staff"})
    assert page.refreshed == before + 1


def test_refused_is_what_it_says():
    assert str(Refused("Nothing is done.")) == "Nothing is done."


# ------------------------------------------------------------------ the list at the left
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("scale", [100, 130])
def test_every_place_is_seen_in_a_low_window(qtbot, language, scale):
    dress(Look(language, "light", scale))
    nav = Navigation(PLACES, 160)
    holder = box(col(nav, gap=0))
    qtbot.addWidget(holder)
    for height in (608, 684, 716, 1028):  # the smallest window, 768 with and without a title bar, 1080
        holder.resize(160, height)
        holder.show()
        assert QTest.qWaitForWindowExposed(holder)
        area = nav.findChild(QScrollArea)
        assert area.verticalScrollBar().maximum() == 0, height
        assert all(item.height() >= th.px(26) for item in nav.items.values())
    dress(Look("en", "light", 100))


def test_a_line_of_a_million_signs_is_not_pasted_into_a_remark(qtbot):
    field = Remark("Remark", longest=500)
    qtbot.addWidget(field)
    field.show()
    copied = QMimeData()
    copied.setText("x" * 1_000_000)
    field.area.insertFromMimeData(copied)
    assert field.value() == "x" * 500
    assert field.shown_error()


def test_what_the_program_takes_in_hand_is_chosen_alone_with_a_finger_still_on_ctrl(qtbot):
    table = Table((Column("Name", str),), key=str, many=True)
    qtbot.addWidget(table)
    table.show_rows(["a", "b", "c"])
    table.show()
    QTest.keyClick(table, Qt.Key.Key_F35, Qt.KeyboardModifier.ControlModifier)
    for name in ("a", "c", "c"):
        table.pick(name)
        assert table.selected() == [name]
    table.selectRow(0)
    table.setCurrentIndex(table.rows.index(1, 0))
    assert table.selected() == ["b"]
