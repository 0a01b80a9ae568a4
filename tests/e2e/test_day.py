"""A whole hotel day in the program's window, once with the mouse and once with the keyboard alone: booked,
checked in, card cut, deposit taken, charged, moved, extended, audited twice, checked out, printed; what was
done is read from the hotel's own books.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QThreadPool
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from pms import duties
from pms.core.options import Options
from pms.core.settings import Home, Settings
from pms.db.base import PrintJob
from pms.devices.cards import FolderEncoder
from pms.services.cards import queries as card_queries
from pms.services.cards.desk import CardDesk
from pms.services.folios import queries as folio_queries
from pms.services.opening.after_close import AfterClose
from pms.services.property import service as property_service
from pms.services.reservations import queries as booking_queries
from pms.services.stays import queries as stay_queries
from pms.ui.kit.desk import Desk
from pms.ui.kit.parts import Button
from pms.ui.kit.theme import Look
from pms.ui.main_window import MainWindow
from tests import builders, invariants
from tests.builders import TODAY, House
from tests.e2e.hands import Key, Keyboard, Mouse, Yes
from tests.ui.checks import dress

DAY = timedelta(days=1)


@pytest.fixture
def house(desk: House, tmp_path) -> House:
    """The small hotel with the use by day charged, without reports as files and backups, which have tests of
    their own."""
    rules = replace(
        desk.context_options(), day_use_bands=Options().day_use_bands, reports=False, backups=False
    )
    desk.do(property_service.edit.of(name="Yunqi Hotel", options=rules))
    desk.after_close = AfterClose(desk, Home(tmp_path / "config", tmp_path / "data"), Settings())
    return desk


@pytest.fixture
def window(qtbot, house: House, monkeypatch):
    """The window at its door, as it opens on the smallest screen."""
    monkeypatch.setattr(Desk, "asker", Yes())
    dress(Look("en", "light", 100))
    house.offers = duties.offered()
    house.sign_out()
    made = MainWindow(Look("en", "light", 100), lambda look: None, "FD-1")
    qtbot.addWidget(made)
    made.attach(house, house.changes)
    made.resize(1366, 768)
    made.show()
    made.activateWindow()
    assert QTest.qWaitForWindowActive(made)
    yield made
    QThreadPool.globalInstance().waitForDone()


@pytest.mark.parametrize("kind", [Mouse, Keyboard])
def test_a_hotel_day(qtbot, house, window, tmp_path, kind):
    hand = kind(qtbot, window)
    sign_in(qtbot, hand)
    book(hand, house)
    stay = check_in(hand, house, tmp_path)
    charge(hand, house, stay)
    move(hand, house, stay)
    extend(hand, house, stay)
    audit(hand, house)
    audit(hand, house)
    audit(hand, house)
    check_out(hand, house, stay)
    papers = house.look(lambda s: set(s.scalars(select(PrintJob.kind))))
    assert {"registration_card", "deposit_receipt", "room_change_slip", "bill"} <= papers
    house.look(invariants.check, today=TODAY + 3 * DAY)


def sign_in(qtbot, hand) -> None:
    door = hand.window.door
    for field, text in ((door.login, "boss"), (door.password, builders.PASSWORD)):
        if isinstance(hand, Mouse):
            hand.click(field.line)
        QTest.keyClicks(QApplication.focusWidget(), text)
        if isinstance(hand, Keyboard):
            hand.press(Key.Key_Return)
    if isinstance(hand, Mouse):
        hand.click(next(b for b in door.findChildren(Button) if b.kind == "primary" and b.isVisible()))
    qtbot.waitUntil(lambda: hand.window._at_work() is not None, timeout=5000)
    hand.reach("room_board")


def book(hand, house) -> None:
    hand.go("reservations")
    hand.do("new_booking")
    hand.reach("booking")
    hand.into(hand.page.name, "Wang Yaqin")
    hand.into(hand.page.nights, "2")
    hand.primary()
    hand.reach("reservations")
    [line] = house.look(booking_queries.arrivals, business_date=TODAY)
    assert (line.guest_name, line.nights) == ("Wang Yaqin", 2)


def check_in(hand, house, folder) -> int:
    hand.do("check_in")
    hand.reach("check_in")
    hand.into(hand.page.guests.lines[0].number, "11010519491231002X")
    hand.primary()
    hand.until(lambda: house.look(stay_queries.in_house, business_date=TODAY))
    [stay] = house.look(stay_queries.in_house, business_date=TODAY)
    assert (stay.identity, stay.deposit > 0) == ("checked", True)
    CardDesk(house, FolderEncoder(folder)).look()
    assert [c.state for c in house.look(card_queries.of_stay, stay_id=stay.stay_id)] == ["valid"]
    hand.do("folio")
    hand.reach("folios")
    return stay.stay_id


def charge(hand, house, stay) -> None:
    hand.do("charge")
    form = hand.page.forms["charge"]
    hand.into(form["amount"], "25")
    hand.primary()
    hand.until(
        lambda: [x.charge for x in house.look(folio_queries.folio_lines, stay_id=stay) if x.charge] == [2500]
    )


def move(hand, house, stay) -> None:
    before = house.look(stay_queries.stay, stay_id=stay, business_date=TODAY).room
    hand.do("room_change")
    hand.reach("room_change")
    hand.into(hand.page.reason, "noise")
    hand.primary()
    hand.until(lambda: house.look(stay_queries.stay, stay_id=stay, business_date=TODAY).room != before)


def extend(hand, house, stay) -> None:
    hand.go("room_board")
    hand.room(house.look(stay_queries.stay, stay_id=stay, business_date=TODAY).room)
    hand.do("extend")
    hand.reach("extend")
    hand.into(hand.page.nights, "1")
    hand.primary()
    hand.until(
        lambda: house.look(stay_queries.stay, stay_id=stay, business_date=TODAY).departure == TODAY + 3 * DAY
    )


def audit(hand, house) -> None:
    today = house.house().business_date
    house.clock.set(today + DAY, 2)
    hand.go("night_audit")
    for _step in range(24):  # begin, close; what is not ready yet takes the key for nothing
        if house.house().business_date > today:
            break
        hand.primary()
        hand.qtbot.wait(250)
    assert house.house().business_date == today + DAY
    hand.until(lambda: not hand.page.running)
    house.clock.set(today + DAY, 10)


def check_out(hand, house, stay) -> None:
    today = house.house().business_date
    room = house.look(stay_queries.stay, stay_id=stay, business_date=today).room
    hand.go("room_board")
    hand.room(room)
    hand.do("check_out")
    hand.reach("check_out")
    if hand.page.slip.isVisible():
        hand.into(hand.page.slip, "D-1")
    if hand.page.received.isVisible():
        hand.into(hand.page.received, f"{hand.page.plan.to_pay / 100:.2f}")
    hand.do("check_out")
    hand.until(lambda: house.look(stay_queries.stay, stay_id=stay, business_date=today).state == "departed")
    assert {a.balance for a in house.look(folio_queries.folios, stay_id=stay)} == {0}
    assert {c.state for c in house.look(card_queries.of_stay, stay_id=stay)} <= {"ended", "returned"}
