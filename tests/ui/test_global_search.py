"""F3 finds each thing by whatever a person has in hand (a number on a slip, a tag, initials, a phone) and
opens the thing itself."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import select

from pms import duties
from pms.core import offers
from pms.core.money import Money
from pms.db.base import PrintJob
from pms.services.folios import service as folios
from pms.services.guests.person import Person
from pms.services.housekeeping import service as housekeeping
from pms.services.housekeeping.service import Seen
from pms.services.lost_found import service as lost_found
from pms.services.luggage import service as luggage
from pms.services.messages import service as messages
from pms.services.reservations import queries as booking_queries
from pms.services.reservations import service as reservations
from pms.services.rooms import queries as room_queries
from pms.services.shifts import service as shifts
from pms.services.shop import service as shop
from pms.services.shop.service import Delivered, Item
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from pms.ui.kit.theme import Look
from pms.ui.main_window import MainWindow
from tests.builders import TODAY
from tests.shifts.test_shifts import with_shifts
from tests.ui.checks import dress

Key = Qt.Key
FLOAT = 200000


def money(house, operation, **fields):
    return house.do(operation, intent=house.new_intent(), **fields)


@pytest.fixture
def full(house):
    """A hotel with one of each: a guest in 301, a booking, papers, bags, a find, goods, a message."""
    with_shifts(house)
    money(house, shifts.open_shift, float_amount=Money(FLOAT))
    house.stay = money(
        house,
        stays.check_in,
        line_id=house.book("赵文博", phone="13800001111"),
        room_id=house.room_id("301"),
        guests=[Person("赵文博", phone="13800001111")],
        deposit=Paid("CASH", Money(30000)),
    )
    house.line = house.book("Li Na", phone="13922223333", type_code="TWN")
    house.do(folios.print_bill, stay_id=house.stay)
    money(
        house, folios.refund_deposit, stay_id=house.stay, method="CASH", amount=Money(10000), slip_back=False
    )
    money(house, stays.change_room, stay_id=house.stay, room_id=house.room_id("302"), reason="noise")
    money(house, shifts.drop, amount=Money(1000), text="bag")
    house.tag = money(house, luggage.store, stay_id=house.stay, pieces=2)
    house.item = house.do(
        lost_found.register, what="gold ring", room="303", place="bathroom", finder="Mei", kept_in="safe"
    )
    good = house.do(shop.set_good, name="可口可乐", price=Money(600), par=30)
    house.good = good
    house.do(shop.receive, lines=[Delivered(good, 20)], reference="DN-1")
    house.sale = money(house, shop.sell, lines=[Item(good, 1)], method="CASH")
    house.request = house.do(shop.request)
    house.do(messages.write, text="call the plumber")
    return house


def found(house, typed):
    """Return what F3 finds, as (page, what it opens there)."""
    return [(hit.word, hit.what) for hit in house.gather(offers.search, text=typed)]


def number(house, kind):
    """Return the number that stands on the first paper of a kind."""
    return house.ask(
        lambda session: session.scalars(
            select(PrintJob.number).where(PrintJob.kind == kind).order_by(PrintJob.id)
        ).first()
    )


@pytest.mark.parametrize("kind", ["deposit_receipt", "bill", "loss_declaration", "room_change_slip"])
def test_the_number_on_a_guests_paper_opens_the_guests_folio(full, kind):
    paper = number(full, kind)
    assert found(full, paper) == found(full, f" {paper.lower()} ") == [("folios", {"stay_id": full.stay})]
    assert found(full, f"{paper[0]}-999999") == []


def test_a_paper_still_leads_to_its_stay_after_the_guest_has_left(full):
    paper = number(full, "bill")
    row = full.ask(stay_queries.stay, stay_id=full.stay, business_date=TODAY)
    money(
        full,
        stays.check_out,
        stay_id=full.stay,
        refund=Paid("CASH", Money(row.deposit)) if row.deposit else None,
    )
    assert found(full, paper) == [("folios", {"stay_id": full.stay})]


@pytest.mark.parametrize(
    ("typed", "page"),
    [
        ("302", "folios"),
        ("302", "room_board"),
        ("赵文", "folios"),
        ("zhaowenbo", "folios"),
        ("zwb", "folios"),
        ("1111", "folios"),
        ("138 0000 1111", "folios"),
        ("13922223333", "reservations"),
        ("li na", "reservations"),
        ("zwb", "luggage"),
        ("ring", "lost_found"),
        ("kekou", "shop"),
        ("kkkl", "shop"),
        ("plumber", "messages"),
        ("可乐", "shop"),
    ],
)
def test_room_guest_initials_phone_words_and_goods_are_found(full, typed, page):
    assert page in [word for word, _what in found(full, typed)]


def test_each_number_opens_the_thing_itself(full):
    booking = full.ask(booking_queries.line, line_id=full.line).number
    assert found(full, f"R-{booking}") == [("reservations", {"line_id": full.line})]
    assert ("reservations", {"line_id": full.line}) in found(full, str(booking))
    tag = [x for x in found(full, f"T-{full.tag}") if x[0] == "luggage"]
    assert tag == [("luggage", {"number": full.tag})]
    assert found(full, f"LF-{full.item}") == [("lost_found", {"number": full.item, "report": False})]
    assert found(full, f"SH-{full.sale}") == [("shop", {"sale": full.sale})]
    [(page, what)] = found(full, f"PR-{full.request}")
    assert (page, list(what)) == ("print_jobs", ["job_id"])
    assert [page for page, _what in found(full, number(full, "cash_slip"))] == ["print_jobs"]


def test_a_booking_is_found_by_its_number_in_any_state(full):
    full.do(reservations.cancel, line_id=full.line, reason="plans changed")
    assert found(full, "li na") == [("reservations", {"line_id": full.line})]  # lost within ninety days
    booking = full.ask(booking_queries.line, line_id=full.line).number
    assert found(full, f"r-{booking}") == [("reservations", {"line_id": full.line})]


def test_a_signed_sheet_and_a_handover_are_found_by_their_number(full):
    sheet = full.do(housekeeping.open_sheet, business_date=TODAY, part="AM")
    full.do(
        housekeeping.record, sheet_id=sheet, rooms=[Seen(r.id, 0, 0) for r in full.ask(room_queries.rooms)]
    )
    full.do(housekeeping.print_sheet, sheet_id=sheet)
    assert [page for page, _what in found(full, number(full, "status_sheet"))] == ["print_jobs"]


@pytest.mark.parametrize(
    "typed",
    [
        "-",
        "D-",
        "B-0",
        "D-99999999999999",
        "%",
        "_",
        "T-x",
        "R-",
        "'; DROP TABLE stay",
        "\U0001f600",
        "\u00b2",
        "SH-\u00b2",
        "R-\u00b2",
        "LF-\u00b2",
        "T-\u00b2",
        "H-\u00b2",
    ],
)
def test_nonsense_finds_nothing_and_breaks_nothing(full, typed):
    assert found(full, typed) == []


@pytest.fixture
def window(qtbot, desk):
    """The window at work, its search line ready."""
    dress(Look("en", "light", 100))
    desk.offers = duties.offered()
    made = MainWindow(Look("en", "light", 100), lambda _look: None, "desk-1")
    qtbot.addWidget(made)
    made.attach(desk, desk.changes)
    made.show()
    assert QTest.qWaitForWindowExposed(made)
    made._came_in(desk.clerk)
    return made


def test_from_anywhere_a_slips_number_and_enter_open_the_folio(qtbot, window, desk):
    stay = money(
        desk, stays.check_in, line_id=desk.book(), room_id=desk.room_id("301"), guests=[Person("Wang Yaqin")]
    )
    slip = desk.do(folios.take_deposit, intent="d", stay_id=stay, method="CASH", amount=Money(5000))
    work = window.workplace
    work.go("shop", {})
    qtbot.keyClick(window, Key.Key_F3)
    line = work.bar.search
    qtbot.waitUntil(line.hasFocus)
    qtbot.keyClicks(line, slip.lower())
    qtbot.waitUntil(lambda: line.results().isVisible(), timeout=3000)
    qtbot.keyClick(line, Key.Key_Return)
    assert work.here[0] == "folios"
    assert work.current().stay_id == stay
