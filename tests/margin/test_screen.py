"""The page of the shop's margin, by keys and by the rules."""

import pytest

from pms.core.money import Money
from pms.services.shop import service as shop
from pms.ui.kit.theme import Look
from pms.ui.screens.margin.screen import MarginScreen
from tests.ui.checks import check_screen, dress, opened


@pytest.fixture
def sold(desk):
    for name, price, cost in (("Water", 500, 200), ("很长的名字" * 12, 990000, 1000000)):
        good = desk.do(shop.set_good, name=name, price=Money(price), cost=Money(cost))
        desk.do(shop.receive, lines=[shop.Delivered(good, 20)], reference="L-1")
        desk.do(shop.sell, lines=[shop.Item(good, 2)], method="CASH", intent=desk.new_intent())
        desk.do(shop.issue, good_id=good, quantity=1, kind="loss", reason="broken")


def test_the_margin_is_shown_by_article_day_and_month_and_printed(qtbot, desk, sold):
    page = opened(qtbot, desk, MarginScreen)
    assert page.title.text() == "Margin \u2212194.00, \u22120.98 %"
    assert page.rows["goods"][0].name == "Water"
    for view in ("days", "months"):
        page.show_view(view)
        assert page.table.row().pieces == 4
    page.acts["print_sheet"].press()
    assert "printing" in page.notes.text


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("view", ["goods", "days", "months"])
def test_the_page_holds_to_the_rules(qtbot, desk, sold, language, view):
    page = opened(qtbot, desk, MarginScreen, language)
    page.show_view(view)
    check_screen(page)
    dress(Look("en", "light", 100))
