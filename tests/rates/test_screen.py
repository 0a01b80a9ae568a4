"""Prices in Settings: a price for dates and weekdays, a derived plan, what each night comes to."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from pms.services.rates import queries
from pms.ui.screens.rates.screen import RatesScreen, weekday_words
from tests.builders import TODAY
from tests.ui.checks import check_screen, opened

Key = Qt.Key
DAY = timedelta(days=1)


def page_of(qtbot, desk, language="en"):
    return opened(qtbot, desk, RatesScreen, language)


def prices(desk, code="BIG", nights=7):
    return [
        n.price
        for n in desk.ask(
            queries.quote, plan_id=1, type_id=desk.type_id(code), start=TODAY, end=TODAY + DAY * nights
        )
    ]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_keeps_the_rules_of_every_page(qtbot, desk, language):
    page = page_of(qtbot, desk, language)
    check_screen(page)
    for name in ("price", "add_plan", "change_plan"):
        page.acts[name].press()
        qtbot.wait(20)
        check_screen(page)
        assert page.step_back()
    page.chips.choose("nights")
    qtbot.wait(20)
    check_screen(page)


def test_a_price_is_set_for_weekdays_within_dates(qtbot, desk):
    page = page_of(qtbot, desk)
    qtbot.keyClick(page, Key.Key_F12)
    form = page.pricing
    form["type_id"].set_value(desk.type_id("BIG"))
    form["end"].set_value(TODAY + 3 * DAY)
    for chip in form["weekdays"].chips[:6]:
        chip.setChecked(False)
    qtbot.keyClicks(form["price"].line, "199")
    qtbot.keyClick(page, Key.Key_F12)
    assert prices(desk) == [29800, 29800, 19900, 26800, 26800, 26800, 26800]  # Sunday only
    assert page.prices.rows.rows()[0].price.price == 19900


def test_no_weekday_is_an_error_at_the_field(qtbot, desk):
    page = page_of(qtbot, desk)
    qtbot.keyClick(page, Key.Key_F12)
    for chip in page.pricing["weekdays"].chips:
        chip.setChecked(False)
    qtbot.keyClicks(page.pricing["price"].line, "199")
    qtbot.keyClick(page, Key.Key_F12)
    assert "weekday" in page.notes.text
    assert len(desk.ask(queries.prices, plan_id=1)) == 4


def test_a_period_that_ends_before_it_begins_is_refused_and_stays_typed(qtbot, desk):
    page = page_of(qtbot, desk)
    qtbot.keyClick(page, Key.Key_F12)
    page.pricing["start"].set_value(TODAY + 5 * DAY)
    page.pricing["end"].set_value(TODAY + DAY)
    qtbot.keyClicks(page.pricing["price"].line, "199")
    qtbot.keyClick(page, Key.Key_F12)
    assert "ends before it begins" in page.notes.text
    assert page.panel.page == "price"


def test_a_derived_plan_follows_its_base_and_has_no_price_of_its_own(qtbot, desk):
    page = page_of(qtbot, desk)
    qtbot.keyClick(page.plans, Key.Key_Insert)
    form = page.new_plan
    qtbot.keyClicks(form["code"].line, "gold")
    qtbot.keyClicks(form["name"].line, "Gold member")
    form["base_id"].set_value(1)
    form["percent"].line.clear()
    qtbot.keyClicks(form["percent"].line, "90")
    qtbot.keyClick(page, Key.Key_F12)
    gold = next(p for p in desk.ask(queries.plans) if p.code == "GOLD")
    assert (gold.base_id, gold.basis_points) == (1, 9000)
    page.plans.pick(gold.id)
    assert "set the price there" in page.can_price()
    page.chips.choose("nights")
    nights = page.nights.itemAt(0).widget().rows.rows()
    assert nights[0].prices == (26800, 26800)  # 298.00 × 0.90 = 268.20, to the yuan


def test_a_plan_is_renamed_and_withdrawn(qtbot, desk):
    page = page_of(qtbot, desk)
    qtbot.keyClick(page.plans, Key.Key_E, Qt.KeyboardModifier.AltModifier)
    page.old_plan["name"].line.clear()
    qtbot.keyClicks(page.old_plan["name"].line, "Walk-in price")
    page.old_plan["active"].setChecked(False)
    qtbot.keyClick(page, Key.Key_F12)
    [plan] = desk.ask(queries.plans)
    assert (plan.name, plan.active, plan.basis_points) == ("Walk-in price", False, 10000)


def test_nights_without_a_price_stay_empty(qtbot, desk):
    page = page_of(qtbot, desk)
    page.today = TODAY + 365 * 40 * DAY
    assert page._quoted(page.plans.row(), desk.type_id("BIG")) == {}


def test_weekdays_in_words():
    assert weekday_words(127) == "every day"
    assert weekday_words(0b110000) == "Fri Sat"
