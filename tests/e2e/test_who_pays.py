"""Who pays, worked in the real window in one go, with the keys alone and with the mouse: a walk-in whose bill
is split with a company, a member who pays half by stored value, a debt that is chased."""

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from pms import duties
from pms.core.money import Money
from pms.db.base import PrintJob
from pms.services.chasing import queries as chasing
from pms.services.companies import service as companies
from pms.services.damages import queries as damage_queries
from pms.services.damages import service as damages
from pms.services.debts import queries as debts
from pms.services.folios import queries as folio_queries
from pms.services.invoices import queries as invoices
from pms.services.members import queries as members
from pms.services.members import stored
from pms.services.preauth import queries as preauth
from pms.services.print_jobs import queries as print_queries
from pms.services.reservations import queries as bookings
from pms.services.shop import queries as shop_queries
from pms.services.shop import service as shop
from pms.services.shop.service import Delivered
from pms.services.stays import queries as stay_queries
from pms.ui.kit.desk import Desk
from pms.ui.kit.theme import Look
from pms.ui.main_window import MainWindow
from tests import invariants
from tests.builders import DAY, TODAY
from tests.e2e.hands import Hand, Keyboard, Mouse, Yes
from tests.members.test_members import join
from tests.orders.test_orders import text as order
from tests.property.test_settings import set_options
from tests.ui.checks import dress

COLA, WATER = "6901234567892", "6923450657713"
TAX, SERIAL = "91350100M000100Y43", "25332000000000000017"


@pytest.fixture(params=[Keyboard, Mouse], ids=["keys", "mouse"])
def hand(request, qtbot, house, monkeypatch):
    """A hand at the window of a house with goods on the shelf, a price list of damages and a company."""
    monkeypatch.setattr(Desk, "asker", Yes())
    dress(Look("en", "light", 100))
    for name, code, price in (("Cola", COLA, 600), ("Water", WATER, 500)):
        good = house.do(shop.set_good.of(name=name, price=Money(price), unit="can", barcode=code, par=5))
        house.do(shop.receive.of(lines=[Delivered(good, 20)], reference="DN-1"))
    house.station = "FD-1"
    window = MainWindow(Look("en", "light", 100), lambda _look: None, "FD-1")
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.attach(house, house.changes, duties.DUTIES)
    window.show()
    assert QTest.qWaitForWindowExposed(window)
    window.activateWindow()
    window._came_in(house.clerk)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None, timeout=5000)
    yield request.param(qtbot, window)
    window.close()


def walk_in(hand: Hand, house, room: str, name: str, *, customer: str = "", deposit: str = "") -> int:
    """Check a walk-in in from the board."""
    before = {s.stay_id for s in in_house(house)}
    hand.go("room_board")
    hand.room(room)
    hand.do("check_in")
    hand.reach("check_in")
    hand.into(hand.page.guests.lines[0].name, name)
    if customer:
        hand.find(hand.page.customer.finder, customer)
    hand.into(hand.page.deposit, deposit)
    hand.do("check_in_now")
    hand.until(lambda: {s.stay_id for s in in_house(house)} - before)
    [stay] = {s.stay_id for s in in_house(house)} - before
    return stay


def the_stay(house, stay: int):
    return house.look(stay_queries.stay, stay_id=stay, business_date=house.house().business_date)


def in_house(house):
    return house.look(stay_queries.in_house, business_date=house.house().business_date)


def folio_of(hand: Hand, room: str) -> None:
    """Open the folio of a room from the board."""
    hand.go("room_board")
    hand.room(room)
    hand.do("folio")
    hand.reach("folios")


def line_of(hand: Hand, code: str) -> None:
    """Take the posting of a code in hand."""
    at = next(n for n, x in enumerate(hand.page.lines) if x.posting and x.posting.code == code)
    hand.row(hand.page.table, at)


def posted(house, stay: int) -> list[tuple[str, str, int]]:
    """Return the folio without what the card brought."""
    lines = house.look(folio_queries.folio_lines, stay_id=stay)
    return [(x.window, x.code, x.charge) for x in lines if x.charge]


def papers(house) -> set[str]:
    return {job.kind for job in house.look(print_queries.jobs, limit=500)}


def purse(house, number: int) -> tuple[int, int]:
    member = house.look(members.listed, number=number)
    found = house.look(stored.purse, member_id=member.id)
    return int(found.paid), int(found.gift)


# ------------------------------------------------------------------ the stories
def test_a_walk_in_is_split_with_a_company(hand, house):
    firm = house.do(companies.add, name="Huaan", tax_number=TAX, credit_limit=Money(100_000), days_to_pay=30)
    house.do(companies.add_signer, number=firm, name="He Ping")
    house.do(damages.add_item, name="Bath towel", price=Money(6000))
    stay = walk_in(hand, house, "301", "Zhou Min", customer="Huaan")

    hand.go("preauth")
    hand.do("take")
    form = hand.page.take_form
    for name, text in (("room", "301"), ("amount", "800"), ("last_four", "1234"), ("code", "A1B2C3")):
        hand.into(form[name], text)
    hand.primary()
    hand.until(lambda: house.look(preauth.held, business_date=TODAY))

    for n, code in enumerate((COLA, WATER), 1):
        hand.go("shop")
        hand.into(hand.page.till.scan, code)
        hand.press_enter()
        chips = hand.page.payment.method.chips.chips
        hand.choose(list(chips.values()), chips["ROOM"])
        hand.into(hand.page.payment.room, "301")
        hand.primary()
        hand.until(lambda n=n: len(house.look(shop_queries.sales, business_date=TODAY)) == n)

    hand.go("damages")
    hand.do("charge")
    hand.into(hand.page.charge_form["room"], "301")
    hand.primary()
    hand.until(lambda: house.look(damage_queries.of_day, business_date=TODAY))

    house.next_day()
    folio_of(hand, "301")
    hand.do("another_folio")
    hand.into(hand.page.forms["another_folio"]["payer"], "Huaan")
    hand.primary()
    line_of(hand, "ROOM")
    hand.do("split")  # in two, to the next folio: as it is proposed
    hand.into(hand.page.forms["split"]["reason"], "half each")
    hand.primary()
    hand.until(lambda: hand.page.notes.text == "149.00 is split off.")
    hand.do("settle_folio")
    hand.press_button(hand.page.forms["settle_folio"]["to_account"])
    hand.primary()
    hand.until(lambda: house.look(debts.owed, number=firm) == 14900)

    hand.do("check_out")
    hand.reach("check_out")
    assert (hand.page.amount.value(), hand.page.method.value()) == (22000, "HOLD:1")
    hand.do("check_out")
    hand.until(lambda: the_stay(house, stay).state == "departed")

    hand.go("invoices")
    hand.do("want")
    for name, text in (("stay", "301"), ("buyer", "Huaan Trading"), ("tax_number", TAX)):
        hand.into(hand.page.wish_form[name], text)
    assert hand.page.wish_form["amount"].value() == 22000
    hand.primary()
    hand.until(lambda: house.look(invoices.wanted))
    hand.primary()
    hand.into(hand.page.forms["issue"]["serial"], SERIAL)
    hand.primary()
    hand.until(lambda: not house.look(invoices.wanted))

    assert posted(house, stay) == [
        ("A", "SHOP", 600),
        ("A", "SHOP", 500),
        ("A", "DAMAGE", 6000),
        ("A", "ROOM", 29800),
        ("A", "TRANSFER", -14900),
        ("B", "TRANSFER", 14900),
        ("B", "COMPANY", -14900),
    ]
    assert papers(house) >= {"preauth_slip", "shop_receipt", "damage", "transfer_slip", "bill"}
    house.look(invariants.check, today=house.house().business_date)


def test_a_member_pays_half_by_stored_value(hand, house):
    set_options(house, stored_value=True, stored_gift_from=50000, stored_gift_percent=10)
    number = join(house)
    hand.go("members")
    hand.row(hand.page.table, 0)
    hand.do("charge_up")
    hand.into(hand.page.forms["charge_up"]["amount"], "1000")
    hand.primary()
    hand.until(lambda: purse(house, number) == (100000, 10000))
    stay = walk_in(hand, house, "302", "Wang Yaqin", customer="Wang Yaqin")
    house.next_day()

    hand.go("members")
    hand.row(hand.page.table, 0)
    hand.do("pay")
    form = hand.page.forms["pay"]
    hand.into(form["room"], "302")
    owed = form["amount"].value()
    hand.into(form["amount"], f"{owed / 200:.2f}")
    hand.primary()
    hand.until(lambda: purse(house, number) == (100000 - owed // 2, 10000))

    folio_of(hand, "302")
    hand.do("check_out")
    hand.reach("check_out")
    assert hand.page.plan.to_pay == owed - owed // 2
    hand.into(hand.page.received, "200")
    hand.do("check_out")
    hand.until(lambda: the_stay(house, stay).state == "departed")
    assert papers(house) >= {"stored_receipt", "bill"}
    house.look(invariants.check, today=house.house().business_date)


def test_a_debt_is_chased_until_the_guest_stays_on_and_pays(hand, house):
    stay = walk_in(hand, house, "303", "Qian None")
    house.next_day()
    house.clock.set(TODAY + DAY, 10.5)

    hand.go("chasing")
    assert hand.page.table.row().stay.room == "303"
    hand.do("log_call")
    hand.into(hand.page.call_form["time"], "1130")
    hand.primary()
    hand.until(lambda: house.look(chasing.of_stay, stay_id=stay))
    hand.do("print_notice")
    hand.primary()
    hand.until(lambda: "debt_slip" in papers(house))
    hand.do("take")
    hand.into(hand.page.take_form["amount"], "600")
    hand.primary()
    hand.until(lambda: the_stay(house, stay).deposit == 60000)
    assert the_stay(house, stay).departure == TODAY + 2 * DAY
    house.look(invariants.check, today=house.house().business_date)


def test_a_prepaid_order_with_breakfast_is_pasted_and_leaves_without_a_price(hand, house):
    QApplication.clipboard().setText(order(first=0, nights=2).replace("无早", "单早"))
    hand.go("orders")
    hand.do("paste")
    hand.reach("order")
    hand.primary()
    hand.until(lambda: house.look(bookings.arrivals, business_date=TODAY))

    hand.go("reservations")
    hand.row(hand.page.table, 0)
    hand.do("check_in")
    hand.reach("check_in")
    hand.into(hand.page.deposit, "")
    hand.do("check_in_now")
    hand.until(lambda: in_house(house))
    [stay] = in_house(house)
    assert (stay.balance, posted(house, stay.stay_id)) == (0, [("A", "CHANNEL", -48240)])
    house.next_day()
    folio_of(hand, stay.room)
    hand.do("check_out")
    hand.reach("check_out")
    assert hand.page.figure.text() == "0.00"
    hand.do("check_out")
    hand.until(lambda: the_stay(house, stay.stay_id).state == "departed")
    # a night early: its price is the channel's again, and no paper tells the guest what the channel paid
    assert posted(house, stay.stay_id) == [
        ("A", "CHANNEL", -48240),
        ("A", "ROOM", 24120),
        ("A", "CHANNEL", 24120),
    ]
    printed = house.look(lambda s: s.scalars(select(PrintJob.slip)).all())
    assert [slip for slip in printed if "241.20" in str(slip) or "482.40" in str(slip)] == []
    assert "bill" in papers(house)
    house.look(invariants.check, today=house.house().business_date)
