"""The booking form knows companies and channels by keys: what is chosen fills source, names, plan and
payer."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from pms.core.money import Money
from pms.services.channels import service as channels
from pms.services.companies import service as companies
from pms.services.members import service as members
from pms.services.rates import service as rates
from pms.services.reservations import queries
from pms.services.stays import queries as stays
from pms.ui.kit.theme import Look
from pms.ui.screens.reservations.form import BookingForm
from pms.ui.screens.stays.check_in import CheckInScreen
from tests.builders import TODAY
from tests.ui.checks import check_screen, dress, opened

DAY = timedelta(days=1)
Key = Qt.Key


@pytest.fixture
def agreed(desk):
    """A company that may owe, with a plan that has prices, and one that is suspended."""
    desk.plan = desk.do(rates.add_plan, code="AGR", name="Agreement A", kind="agreement")
    for code in ("BIG", "TWN"):
        desk.do(
            rates.set_price,
            plan_id=desk.plan,
            type_id=desk.type_id(code),
            start=TODAY,
            end=TODAY + 90 * DAY,
            price=Money(20000),
        )
    desk.do(companies.add, name="Huaan", code="HA", plan_id=desk.plan, credit_limit=Money(100000))
    desk.do(companies.add, name="Late Ltd", free_until="14:00")
    desk.do(companies.suspend, number=2, reason="owes since May")
    return desk


def choose(qtbot, page, text):
    """Type into the field, go down to the first that is found, and take it."""
    finder = page.customer.finder
    finder.line.setFocus()
    qtbot.keyClicks(finder.line, text)
    qtbot.waitUntil(finder.suggesting)
    qtbot.keyClick(finder.line, Key.Key_Down)
    qtbot.keyClick(finder.line, Key.Key_Return)


def shown(page):
    return [w.text() for w in page.customer.findChildren(type(page.title)) if w.text() and w.isVisible()]


def last_line(desk):
    found = desk.ask(queries.listed, which="open", business_date=TODAY)
    return max(found, key=lambda r: r.line_id)


def test_a_company_is_chosen_by_keys_and_fills_the_form(qtbot, agreed):
    page = opened(qtbot, agreed, BookingForm)
    page.name.set_value("Wang")
    choose(qtbot, page, "ha")
    assert (page.company.value(), page.source.value(), page.payer.value()) == ("Huaan", "company", "company")
    assert page.lines[0].plan.value() == agreed.plan
    qtbot.waitUntil(lambda: any("Agreement A" in text for text in shown(page)))
    check_screen(page)
    page.press_primary()
    row = last_line(agreed)
    assert (row.company_number, row.company, row.plan_id) == (1, "Huaan", agreed.plan)
    page = opened(qtbot, agreed, BookingForm, line_id=row.line_id)
    assert page.customer.numbers() == {"member": 0, "company": 1, "channel": 0}
    assert page.typed() is None
    page.press_primary()
    assert agreed.ask(queries.line, line_id=row.line_id).company_number == 1


def test_a_company_that_does_not_count_says_why(qtbot, agreed):
    page = opened(qtbot, agreed, BookingForm)
    choose(qtbot, page, "late")
    qtbot.waitUntil(lambda: "Suspended: owes since May" in shown(page))
    assert page.payer.value() == "guest"


def test_a_name_typed_over_or_taken_away_is_no_record_any_more(qtbot, agreed):
    page = opened(qtbot, agreed, BookingForm)
    choose(qtbot, page, "huaan")
    page.company.line.setFocus()
    page.company.line.end(False)
    qtbot.keyClicks(page.company.line, " 2")
    assert page.customer.numbers()["company"] == 0
    assert page.company.value() == "Huaan 2"
    choose(qtbot, page, "huaan")
    [away] = [b for b in page.customer.findChildren(QPushButton) if b.accessibleName() == "Take Huaan away"]
    away.setFocus()
    qtbot.keyClick(away, Key.Key_Space)
    assert (page.company.value(), page.source.value(), page.payer.value()) == ("", "phone", "guest")
    assert page.lines[0].plan.value() == 1


def test_a_channel_that_is_paid_first_pays(qtbot, agreed):
    agreed.do(channels.edit, number=5, code="BOOKING", name="Booking.com", settles="hotel")
    page = opened(qtbot, agreed, BookingForm)
    choose(qtbot, page, "ctrip")
    assert (page.channel.value(), page.source.value(), page.payer.value()) == ("Ctrip", "channel", "channel")
    choose(qtbot, page, "booking")
    assert (page.channel.value(), page.payer.value()) == ("Booking.com", "guest")
    assert page.customer.numbers()["channel"] == 5


def test_what_is_typed_and_not_taken_is_not_lost_unseen(qtbot, agreed):
    page = opened(qtbot, agreed, BookingForm)
    page.name.set_value("Wang")
    page.customer.finder.line.setFocus()
    qtbot.keyClicks(page.customer.finder.line, "huaan")
    page.press_primary()
    assert "from the list" in page.notes.text
    assert page.customer.finder.line.hasFocus()


def test_a_draft_remembers_who_was_chosen(qtbot, agreed):
    page = opened(qtbot, agreed, BookingForm)
    choose(qtbot, page, "huaan")
    typed = page.typed()
    page.open()
    assert page.customer.numbers()["company"] == 0
    page.retype(typed)
    assert page.customer.numbers()["company"] == 1


def test_a_walk_in_is_let_in_for_a_company(qtbot, agreed):
    page = opened(qtbot, agreed, CheckInScreen, room_id=agreed.room_id("301"), guest="Li Na")
    choose(qtbot, page, "huaan")
    assert page.plan.value() == agreed.plan
    qtbot.wait(100)
    check_screen(page)
    page.press_primary()
    assert page.finished(), page.notes.text
    [row] = agreed.ask(stays.in_house, business_date=TODAY)
    assert (row.company, row.plan_name) == ("Huaan", "Agreement A")


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_form_holds_to_the_rules(qtbot, agreed, language):
    page = opened(qtbot, agreed, BookingForm, language)
    choose(qtbot, page, "late")
    check_screen(page)
    dress(Look("en", "light", 100))


def test_a_member_is_welcomed_by_name_and_level_when_the_phone_is_typed(qtbot, desk):
    gold = desk.do(members.add_level, name="Gold", position=2)
    desk.do(members.join, name="Wang Yaqin", phone="13805710571", level_id=gold, intent="join")
    page = opened(qtbot, desk, BookingForm)
    page.phone.line.setFocus()
    qtbot.keyClicks(page.phone.line, "138057")
    assert page.greeting.isHidden()
    qtbot.keyClicks(page.phone.line, "10571")
    assert page.greeting.isVisible()
    assert "Gold Wang Yaqin" in page.greeting.text()
    page.phone.line.clear()
    assert page.greeting.isHidden()
