"""Prices in Settings: a price for dates and weekdays, a derived plan, what each night comes to."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from pms.services.rates import queries, service
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.theme import Look
from pms.ui.screens.rates.screen import RatesScreen, weekday_words
from tests.builders import TODAY
from tests.ui.checks import check_screen, dress, opened

Key = Qt.Key
DAY = timedelta(days=1)


def page_of(qtbot, desk, language="en", view="list"):
    page = opened(qtbot, desk, RatesScreen, language)
    page.chips.choose(view)
    return page


def prices(desk, code="BIG", nights=7):
    return [
        n.price
        for n in desk.ask(
            queries.quote, plan_id=1, type_id=desk.type_id(code), start=TODAY, end=TODAY + DAY * nights
        )
    ]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_keeps_the_rules_of_every_page(qtbot, desk, language):
    page = page_of(qtbot, desk, language, "week")
    check_screen(page)
    qtbot.keyClicks(page.week.grid, "9")
    check_screen(page)
    qtbot.keyClick(page.week.grid.findChild(QLineEdit), Key.Key_Return)
    qtbot.wait(5)
    check_screen(page)
    page.chips.choose("list")
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
    assert page.notes.text == "The price is set."
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


def type_in(qtbot, page, keys):
    """Type into the cells as a person would: the line of a cell that is being typed has the keys."""
    for key in keys:
        grid = page.week.grid
        where = next((line for line in grid.findChildren(QLineEdit) if line.isVisible()), grid)
        if key == "\n":
            qtbot.keyClick(where, Key.Key_Return)
            qtbot.wait(5)
        elif isinstance(key, Key):
            qtbot.keyClick(where, key)
        else:
            qtbot.keyClicks(where, key)


def cells(page):
    """Return what the list of the week shows, by code and weekday."""
    model = page.week.grid.week
    return {
        model.types[row].code: [model.index(row, at).data() for at in range(1, 8)]
        for row in range(model.rowCount())
    }


def test_the_week_shows_each_type_by_weekday(qtbot, desk):
    page = page_of(qtbot, desk, view="week")
    assert cells(page) == {
        "BIG": ["268.00"] * 4 + ["298.00"] * 2 + ["268.00"],
        "TWN": ["258.00"] * 4 + ["298.00"] * 2 + ["258.00"],
    }
    assert page.week.told.text() == "Twin TWN, Mon: 258.00."


def test_prices_are_typed_into_the_week_and_saved_in_one_act(qtbot, desk):
    page = page_of(qtbot, desk, view="week")
    before = len(desk.ask(queries.prices, plan_id=1))
    type_in(qtbot, page, ["3", "1", "0", "\n", "3", "0", "0", "\n"])  # Monday, both types, then Tuesday
    assert page.week.grid.currentIndex().column() == 2
    type_in(qtbot, page, ["="])
    assert cells(page)["TWN"][:4] == ["310.00", "310.00", "258.00", "258.00"]
    assert desk.ask(queries.prices, plan_id=1)[0].price != 31000  # nothing is saved yet
    assert "Not saved yet" in page.told.text()
    qtbot.keyClick(page, Key.Key_F12)
    assert "saved" in page.notes.text
    new = desk.ask(queries.prices, plan_id=1)[:-before]
    assert {(x.type_id, x.weekdays, x.price) for x in new} == {
        (desk.type_id("TWN"), 0b11, 31000),
        (desk.type_id("BIG"), 0b1, 30000),
    }
    assert cells(page)["TWN"][:3] == ["310.00", "310.00", "258.00"]
    assert not page.week.unsaved()


def test_what_is_typed_is_taken_back_cell_by_cell(qtbot, desk):
    page = page_of(qtbot, desk, view="week")
    type_in(qtbot, page, ["9", "\n", "8", "\n"])
    assert page.week.unsaved()
    page.acts["take_back"].press()
    assert (cells(page)["TWN"][0], cells(page)["BIG"][0]) == ("9.00", "268.00")
    page.week.grid.setCurrentIndex(page.week.grid.week.index(0, 1))
    type_in(qtbot, page, [Key.Key_Delete])
    assert not page.week.unsaved()
    qtbot.keyClick(page, Key.Key_F12)
    assert "No price was changed" in page.notes.text


def test_a_price_that_is_still_being_typed_is_saved_with_the_others(qtbot, desk):
    page = page_of(qtbot, desk, view="week")
    type_in(qtbot, page, ["9", "\n", "8", "8"])
    assert page.week.unsaved()
    page.press_primary()
    assert "saved" in page.notes.text
    assert (cells(page)["TWN"][0], cells(page)["BIG"][0]) == ("9.00", "88.00")
    assert desk.ask(queries.prices, plan_id=1)[0].price in (900, 8800)


def test_what_is_no_price_holds_up_the_saving_and_esc_gives_it_up(qtbot, desk):
    page = page_of(qtbot, desk, view="week")
    before = desk.ask(queries.prices, plan_id=1)
    type_in(qtbot, page, ["9", "\n", "8", "x"])
    page.press_primary()
    assert "8x" in page.notes.text
    assert desk.ask(queries.prices, plan_id=1) == before
    assert page.step_back()
    assert not page.week.grid.typing()
    assert cells(page)["BIG"][0] == "268.00"
    page.press_primary()
    assert (cells(page)["TWN"][0], cells(page)["BIG"][0]) == ("9.00", "268.00")
    assert not page.step_back()


def test_what_is_no_price_is_refused_in_its_cell(qtbot, desk):
    page = page_of(qtbot, desk, view="week")
    type_in(qtbot, page, ["9", "x", "\n"])
    assert "9x" in page.notes.text
    assert cells(page)["TWN"][0] == "258.00"


def test_prices_that_differ_by_date_are_told_as_a_span(qtbot, desk):
    desk.do(
        service.set_price,
        plan_id=1,
        type_id=desk.type_id("BIG"),
        start=TODAY + 7 * DAY,
        end=TODAY + 13 * DAY,
        price=39900,
    )
    page = page_of(qtbot, desk, view="week")
    assert cells(page)["BIG"][0] == "268.00 …"
    qtbot.keyClick(page.week.grid, Key.Key_Down)
    assert page.week.told.text() == "Queen BIG, Mon: 268.00 to 399.00 by date."
    for field, far in ((page.week.until, "+9"), (page.week.since, "+7")):
        field.line.clear()
        qtbot.keyClicks(field.line, far)
    shown = cells(page)["BIG"]
    assert (shown[4], shown[0]) == ("399.00", "")  # Friday to Sunday only


def test_a_plan_that_follows_another_is_only_looked_at(qtbot, desk):
    gold = desk.do(service.add_plan, code="GOLD", name="Gold", base_id=1, basis_points=9000)
    page = page_of(qtbot, desk, view="week")
    page.plans.pick(gold)
    assert cells(page)["BIG"][0] == "241.00"  # 268.00 x 0.90 = 241.20, to the yuan
    type_in(qtbot, page, ["9"])
    assert "set the price there" in page.notes.text
    qtbot.keyClick(page, Key.Key_F12)
    assert cells(page)["BIG"][0] == "241.00"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_prices_fit_a_small_window_with_large_letters(qtbot, desk, language):
    dress(Look(language, "light", 130))
    made = RatesScreen(desk, ChangeSignal(desk.changes))
    qtbot.addWidget(made)
    made.resize(951, 560)
    made.show()
    qtbot.wait(30)
    assert made.minimumSizeHint().width() <= 951
    assert made.plan.isVisible()
    assert not made.left.isVisible()
    check_screen(made)
    dress(Look("en", "light", 100))
