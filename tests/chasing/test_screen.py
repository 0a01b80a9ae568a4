"""The page of debt chasing: called, promised, extended and paid by keys, and the rules of every page."""

import pytest
from PySide6.QtCore import Qt

from pms.core.money import Money
from pms.services.chasing import queries, service
from pms.services.stays import queries as stays
from pms.services.stays.service import Paid
from pms.ui.kit.theme import Look
from pms.ui.screens.chasing.forms import ALL as EVERYBODY
from pms.ui.screens.chasing.screen import CALL, LOG, NOTICE, TAKE, ChasingScreen
from tests.authority.people import person
from tests.builders import DAY, TODAY
from tests.property.test_settings import set_options
from tests.ui.checks import check_screen, dress, look_around, opened

from .test_chasing import TOMORROW, guest, papers

Key = Qt.Key


@pytest.fixture
def morning(desk):
    """Half past ten: 302 has paid no deposit and stays, 301 leaves, 304 leaves and owes nothing."""
    desk.leaving = guest(desk, "301", 30000, nights=1, name="Zhao Leaves")
    desk.none = guest(desk, "302", 0, name="Qian None")
    desk.covered = guest(desk, "304", 90000, nights=1, name="Li Covered")
    desk.next_day()
    desk.clock.set(TOMORROW, 10.5)
    return desk


class Counted:
    """Presses keys as a clerk does and counts them."""

    def __init__(self, qtbot, page) -> None:
        self.qtbot, self.page, self.keys = qtbot, page, 0

    def __call__(self, *keys) -> None:
        for key in keys:
            where = self.page.window().focusWidget() or self.page
            if isinstance(key, str):
                self.qtbot.keyClicks(where, key)
                self.keys += len(key)
            elif key == Key.Key_F12:
                look_around()
                self.page.press_primary()
                self.keys += 1
            else:
                self.qtbot.keyClick(where, key)
                self.keys += 1


def test_a_guest_is_extended_and_the_deposit_taken_in_five_keys(qtbot, morning):
    page = opened(qtbot, morning, ChasingScreen, stay_id=morning.leaving)
    press = Counted(qtbot, page)
    press(Key.Key_F12)
    assert page.panel.page == TAKE
    assert page.take_form["nights"].value() == 1
    assert page.take_form["amount"].value() is None  # the sum is typed, never assumed
    press("400", Key.Key_F12)
    assert page.notes.text == "301 is extended to Sun 22 Nov, 400.00 taken; the slip is printing."
    assert press.keys == 5
    row = morning.ask(stays.stay, stay_id=morning.leaving, business_date=TOMORROW)
    assert (row.departure, row.deposit) == (TODAY + 2 * DAY, 70000)


def test_nothing_is_taken_before_a_sum_is_typed_and_a_second_press_takes_nothing_more(qtbot, morning):
    page = opened(qtbot, morning, ChasingScreen, stay_id=morning.none)
    page.press_primary()
    assert page.take_form["nights"].value() == 0
    page.press_primary()
    assert "Deposit taken is missing" in page.notes.text
    page.take_form["amount"].set_value(Money(59600))
    page.press_primary()
    page.press_primary()  # the form again, of the guest in hand
    assert morning.ask(queries.of_stay, stay_id=morning.none)[0].amount == 59600
    assert len(morning.ask(queries.of_stay, stay_id=morning.none)) == 1


def test_what_another_desk_took_meanwhile_is_said_and_not_taken_again(qtbot, morning):
    page = opened(qtbot, morning, ChasingScreen, stay_id=morning.none)
    page.press_primary()
    page.take_form["amount"].set_value(Money(59600))
    morning.do(
        service.extend_and_take,
        stay_id=morning.none,
        deposit=Paid("CASH", Money(59600)),
        intent=morning.new_intent(),
    )
    page.press_primary()
    assert "596.00 is held by now" in page.notes.text
    assert morning.ask(stays.stay, stay_id=morning.none, business_date=TOMORROW).deposit == 59600


def test_a_call_is_noted_by_keys_and_one_without_answer_by_one(qtbot, morning):
    page = opened(qtbot, morning, ChasingScreen, stay_id=morning.none)
    press = Counted(qtbot, page)
    press(Key.Key_X)
    assert page.notes.text == "302 did not answer: noted."
    press(Key.Key_Insert)
    assert page.panel.page == CALL
    assert page.call_form["time"].isVisible()
    press(Key.Key_F12)
    assert "Until, today is missing" in page.notes.text
    press("1130", Key.Key_F12)
    assert page.notes.text == "302: the call is noted."
    assert [c.result for c in morning.ask(queries.of_stay, stay_id=morning.none)] == [
        "promised",
        "no_answer",
    ]
    page.call_form["result"].chips.choose("refuses")
    assert not page.call_form["time"].isVisibleTo(page.call_form.body)


def test_the_hour_and_the_sum_are_told_in_words(qtbot, morning):
    page = opened(qtbot, morning, ChasingScreen, stay_id=morning.leaving)
    assert page.title.text() == "2 to chase, 743.00 missing"
    assert "12:00, from 12:00 half day: 0.5 × 298.00" in page._why(page.table.row())
    assert [page._by(c) for c in page.rows["all"]] == ["now", "12:00", ""]
    assert page.counts() == {"all": 3, "leaving": 2, "none": 1, LOG: 0}
    morning.clock.set(TOMORROW, 9)
    page.refresh()
    assert page.title.text() == "From 10:00: 2 to chase, 743.00 missing"
    set_options(morning, chase_from=8)
    page.refresh()
    assert page.title.text() == "2 to chase, 743.00 missing"


def test_the_phone_is_masked_until_it_is_asked_for(qtbot, morning):
    page = opened(qtbot, morning, ChasingScreen, stay_id=morning.none)
    assert page._phone(page.table.row()) == "*********78"
    page.acts["show_phone"].press()
    assert page._phone(page.table.row()) == "13812345678"
    page.table.pick(morning.leaving)
    page.table.pick(morning.none)
    assert page._phone(page.table.row()) == "*********78"


def test_notices_are_printed_for_one_or_all(qtbot, morning):
    page = opened(qtbot, morning, ChasingScreen, stay_id=morning.none)
    page.acts["print_notice"].press()
    assert page.panel.page == NOTICE
    page.press_primary()
    assert page.notes.text == "1 notice is printing."
    page.acts["print_notice"].press()
    page.notice_form["whom"].set_value(EVERYBODY)
    page.press_primary()
    assert page.notes.text == "2 notices are printing."
    assert [slip.kind for slip in papers(morning)] == ["debt_slip"] * 3


def test_only_who_may_allows_credit(qtbot, morning):
    page = opened(qtbot, morning, ChasingScreen, stay_id=morning.none)
    page.acts["allow"].press()
    page.forms["allow"]["reason"].set_value("his boss comes")
    page.press_primary()
    assert page.notes.text == "302: the credit is allowed."
    page.table.pick(morning.covered)
    assert page.can_allow() == "Nothing is missing."
    morning.clerk = person(morning, "clerk")
    again = opened(qtbot, morning, ChasingScreen, stay_id=morning.leaving)
    again.update_actions()
    assert "your role may not do this" in again.acts["allow"].reason


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_holds_to_the_rules(qtbot, morning, language):
    morning.do(service.call, stay_id=morning.none, result="promised", time="11:30", remark="x" * 120)
    page = opened(qtbot, morning, ChasingScreen, language)
    check_screen(page)
    for act in ("log_call", "print_notice", "take", "allow"):
        page.acts[act].press()
        check_screen(page)
        page.close_form()
    page.show_view(LOG)
    check_screen(page)
    dress(Look("en", "light", 100))
