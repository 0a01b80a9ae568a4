"""The folio's page in a small window, and the house's own names for kinds of payment on page and bill."""

import pytest
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from pms.core.money import Money
from pms.db.base import PrintJob
from pms.services.folios import service
from pms.services.payments import service as payments
from pms.services.stays.service import Paid
from pms.ui.kit.theme import Look
from tests.folios.test_screen import check_in, page_of
from tests.ui.checks import at_work, cut_texts

PAID = "4200001234202611301234567890"


@pytest.fixture
def stay(desk):
    """A guest in 301 with a deposit and two folios, whose firm has a long name."""
    made = check_in(desk, name="Chen Li", nights=3, deposit=Paid("CASH", Money(80000)))
    desk.do(service.charge, stay_id=made, code="LAUNDRY", amount=Money(98765), intent="l")
    desk.do(service.open_window, stay_id=made, payer="Hangzhou Vision Technology", intent="w")
    return made


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize(
    ("scale", "size"),
    [(130, (1024, 700)), (100, (1366, 768)), (130, (1366, 768)), (100, (1920, 1080))],
)
def test_lines_sums_and_buttons_stand_beside_each_other_at_every_size(
    qtbot, desk, stay, language, scale, size
):
    window = at_work(qtbot, desk, Look(language, "light", scale))
    window.resize(*size)
    window.workplace.go("folios", {"stay_id": stay})
    QApplication.processEvents()
    page, area = window.workplace.current(), window.workplace.pages.area
    assert area.horizontalScrollBar().maximum() == 0
    assert cut_texts(page) == []
    shown = [page.count, *page.spare, page.out_button]
    assert all(one.visibleRegion().boundingRect() == one.rect() for one in shown if one.isVisible())
    places = [one.geometry() for one in page.spare if one.isVisible() and one.parent() is page.count.parent()]
    assert not any(a.intersects(b) for at, a in enumerate(places) for b in places[:at])
    assert page.table.viewport().height() > 90


def test_a_payment_is_called_on_page_and_bill_as_the_house_calls_it(qtbot, desk, stay):
    desk.do(
        payments.change,
        code="WECHAT",
        name="Weixin",
        name_zh="微信",
        offered=True,
        position=2,
        number="needed",
        intent="own",
    )
    desk.do(service.pay, stay_id=stay, method="WECHAT", amount=Money(5000), reference=PAID, intent="paid")
    desk.do(
        service.take_deposit, stay_id=stay, method="WECHAT", amount=Money(300), reference="1" * 28, intent="d"
    )
    page = page_of(qtbot, desk, stay)
    items = [line.item for line in page.lines]
    assert "Weixin" in items
    assert "Deposit, Weixin" in items
    desk.do(service.print_bill, stay_id=stay, intent="bill")
    bill = desk.ask(lambda s: s.scalars(select(PrintJob.slip).where(PrintJob.kind == "bill")).one())
    assert "Weixin" in str(bill)
    assert "WeChat Pay" not in str(bill)
