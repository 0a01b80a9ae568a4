"""The deposit covers what it is asked for, and is asked again when the stay grows; cards that are missing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from pms.core.errors import NeedsApproval, Refused
from pms.core.money import Money
from pms.core.options import Options
from pms.services.folios import queries as folio_queries
from pms.services.folios import service as folios
from pms.services.night_audit import queries as audit_queries
from pms.services.night_audit.checks import credit
from pms.services.property import service as property_service
from pms.services.rates import service as rates
from pms.services.stays import charges, queries, service, vacancy
from pms.services.stays.service import Paid
from pms.ui.screens.stays.extend import ExtendScreen
from pms.ui.screens.stays.room_change import RoomChangeScreen
from tests import invariants
from tests.builders import TODAY, House
from tests.stays.test_leaving import charged, come, leave, row, work_as
from tests.ui.checks import opened

DAY = timedelta(days=1)


# ------------------------------------------------------------------ how much is asked
@given(
    room=st.integers(0, 10**7),
    nights=st.integers(0, 60),
    unit=st.sampled_from([1, 100, 5000, 10000]),
    each=st.integers(0, 20000),
)
def test_the_deposit_asked_covers_room_and_nights_and_no_more_than_a_unit_on_top(room, nights, unit, each):
    options = Options(deposit_per_night=each, deposit_unit=unit)
    needed = room + each * max(nights, 1)
    asked = charges.deposit_wanted(options, room, nights)
    assert needed <= asked < needed + unit
    assert asked % unit == 0


@pytest.mark.parametrize(
    ("room", "nights", "asked"), [(22800, 1, 40000), (29800 * 2, 2, 80000), (16800, 1, 30000)]
)
def test_it_is_rounded_up(room, nights, asked):
    assert charges.deposit_wanted(Options(), room, nights) == asked


@given(st.integers(-(10**6), 10**7), st.integers(0, 60), st.integers(0, 10**7))
def test_what_is_missing_is_nothing_or_closes_the_gap(owed, nights, held):
    missing = charges.deposit_missing(Options(), owed, nights, held)
    assert held + missing >= owed + 10000 * max(nights, 1)
    assert missing >= 0


# ------------------------------------------------------------------ when the stay grows
def test_what_a_longer_stay_lacks_is_known_before_it_is_extended(house):
    stay = come(house, nights=1, deposit=Paid("CASH", Money(40000)))
    cover = house.ask(queries.cover, stay_id=stay, business_date=TODAY)
    options = house.context_options()
    assert (cover.owed, cover.to_come, cover.nights, cover.held) == (0, 29800, 1, 40000)
    assert cover.missing(options) == 0
    added = house.ask(vacancy.more_nights, stay_id=stay, departure=TODAY + 3 * DAY)
    more = sum(n.price for n in added)
    assert cover.missing(options, more, 2) == 80000  # 298 + 298 + 268 + 3 × 100 = 1,164, less 400: 764
    house.next_day()
    again = house.ask(queries.cover, stay_id=stay, business_date=TODAY + DAY)
    assert (again.owed, again.to_come, again.missing(options)) == (29800, 0, 0)


def test_a_stay_is_extended_and_its_deposit_taken_in_one_step(house):
    stay = come(house, nights=1, deposit=Paid("CASH", Money(40000)))
    for _pressed in range(2):  # pressed twice, taken once
        house.do(
            service.extend_and_take,
            stay_id=stay,
            departure=TODAY + 2 * DAY,
            deposit=Paid("BANK", Money(40000)),
            intent="more",
        )
        assert (row(house, stay).departure, row(house, stay).deposit) == (TODAY + 2 * DAY, 80000)
    house.ask(invariants.check, today=TODAY)


def test_nothing_is_extended_when_the_deposit_cannot_be_taken(house):
    stay = come(house, nights=1)
    with pytest.raises(Refused, match="no payment method"):
        house.do(
            service.extend_and_take,
            stay_id=stay,
            departure=TODAY + 2 * DAY,
            deposit=Paid("GOLD", Money(40000)),
            intent="more",
        )
    assert row(house, stay).departure == TODAY + DAY


def test_a_room_that_is_given_away_asks_nothing(house):
    stay = come(house, nights=1, kind="house")
    cover = house.ask(queries.cover, stay_id=stay, business_date=TODAY)
    assert cover.missing(house.context_options(), 29800, 1) == 0


# ------------------------------------------------------------------ over credit
def over_credit(house: House) -> list[tuple[str, int]]:
    found = house.ask(
        audit_queries.findings, business_date=house.house().business_date, checks=(credit.CHECK,)
    )
    return [(f.detail, int(f.amount)) for f in found]


def test_who_pays_nothing_is_over_credit_from_the_first_night(house):
    come(house, nights=2)
    assert over_credit(house) == [("Wang Yaqin, no deposit for 298.00", 29800)]


def test_a_deposit_or_a_payment_that_covers_tonight_is_enough(house):
    come(house, nights=2, deposit=Paid("CASH", Money(29800)))
    paid = come(house, nights=2, room="302")
    house.do(folios.pay, stay_id=paid, method="BANK", amount=Money(29800), intent="pay")
    come(house, nights=2, room="303", kind="comp")
    assert over_credit(house) == []
    house.next_day()
    assert sorted(amount for _detail, amount in over_credit(house)) == [29800, 29800]


def test_the_hotels_credit_limit_is_given_to_everybody(house):
    come(house, nights=2)
    options = replace(house.context_options(), credit_limit=30000)
    house.do(property_service.edit, name="", options=options)
    assert over_credit(house) == []


# ------------------------------------------------------------------ cards
def card_lines(house: House, stay: int) -> list[tuple[int, int]]:
    return [
        (x.quantity, int(x.charge))
        for x in house.ask(folio_queries.folio_lines, stay_id=stay)
        if x.code == "CARD"
    ]


def test_cards_that_do_not_come_back_are_charged_at_the_hotels_price(house):
    stay = come(house, cards_wanted=2)
    house.next_day()
    with pytest.raises(Refused, match=r"short by 338\.00"):
        house.do(service.check_out, stay_id=stay, cards_back=0, intent="a")
    house.do(
        service.check_out,
        stay_id=stay,
        cards_back=1,
        payments=[Paid("CASH", Money(29800 + 2000))],
        intent="b",
    )
    assert card_lines(house, stay) == [(1, 2000)]
    house.do(service.undo_check_out, stay_id=stay, reason="the card was in the room", intent="undo")
    assert row(house, stay).balance == 29800


def test_all_cards_back_cost_nothing_and_more_than_there_are_is_refused(house):
    stay = come(house, cards_wanted=2)
    house.next_day()
    with pytest.raises(Refused, match="2 cards are out"):
        house.do(service.check_out, stay_id=stay, cards_back=3, intent="a")
    leave(house, stay, cards_back=2)
    assert charged(house, stay) == [("ROOM", 29800)]


def test_cards_are_waived_with_a_reason_and_authority(house):
    stay = come(house, cards_wanted=1)
    house.next_day()
    work_as(house, "clerk")
    with pytest.raises(NeedsApproval, match="cards"):
        leave(house, stay, cards_back=0, waive_cards="broken")
    work_as(house, "supervisor")
    leave(house, stay, cards_back=0, waive_cards="broken")
    assert card_lines(house, stay) == []


def test_a_hotel_without_a_price_for_cards_charges_none(house):
    options = replace(house.context_options(), card_price=0)
    house.do(property_service.edit, name="", options=options)
    stay = come(house, cards_wanted=1)
    house.next_day()
    leave(house, stay, cards_back=0)
    assert card_lines(house, stay) == []


# ------------------------------------------------------------------ a dearer room
def dearer(house: House) -> None:
    """Price the twins at 338.00 for the next nights: dearer than the 298.00 of the others."""
    house.do(
        rates.set_price,
        plan_id=1,
        type_id=house.type_id("TWN"),
        start=TODAY,
        end=TODAY + 7 * DAY,
        price=Money(33800),
    )


def test_a_move_to_a_dearer_room_takes_the_deposit_it_lacks_in_one_step(house):
    stay = come(house, nights=2, deposit=Paid("CASH", Money(80000)))
    dearer(house)
    for _pressed in range(2):
        house.do(
            service.change_room_and_take,
            stay_id=stay,
            room_id=house.room_id("201"),
            reason="wants two beds",
            prices=(33800, 33800),
            price_reason="twin",
            deposit=Paid("BANK", Money(10000)),
            intent="dearer",
        )
    assert (row(house, stay).room, row(house, stay).rate, row(house, stay).deposit) == ("201", 33800, 90000)
    house.ask(invariants.check, today=TODAY)


def test_nothing_is_moved_when_the_deposit_cannot_be_taken(house):
    stay = come(house, nights=1)
    with pytest.raises(Refused, match="no payment method"):
        house.do(
            service.change_room_and_take,
            stay_id=stay,
            room_id=house.room_id("302"),
            reason="noise",
            deposit=Paid("GOLD", Money(10000)),
            intent="dearer",
        )
    assert row(house, stay).room == "301"


def test_the_page_says_and_asks_what_the_dearer_room_lacks(qtbot, desk):
    stay = come(desk, nights=2, deposit=Paid("CASH", Money(80000)))  # 2 × 298 + 2 × 100 = 796
    dearer(desk)
    page = opened(qtbot, desk, RoomChangeScreen, stay_id=stay, room_id=desk.room_id("201"))
    assert not page.deposit.isVisible()  # the price stays unless the clerk changes it
    page.price.set_value("list")
    page.price.changed.emit()
    assert (page.deposit.isVisible(), page.deposit.missing) == (True, 10000)  # 876 of 800, by whole 100
    qtbot.keyClicks(page.deposit.amount.line, "100")
    qtbot.keyClicks(page.price_reason.line, "twin")
    qtbot.keyClicks(page.reason.line, "wants two beds")
    qtbot.keyClick(page, Qt.Key.Key_F12)
    assert (row(desk, stay).room, row(desk, stay).deposit) == ("201", 90000)


def test_the_page_shows_each_night_at_its_own_price(qtbot, desk):
    stay = come(desk, nights=3)  # Fri and Sat 298.00, Sun 268.00
    page = opened(qtbot, desk, RoomChangeScreen, stay_id=stay)
    shown = [w.text() for w in page.box.itemAt(0).widget().findChildren(QLabel)]
    assert [t for t in shown if t in ("298.00", "268.00")] == [
        *["298.00"] * 4,  # now and then
        *["268.00"] * 2,
    ]


def test_an_extension_asks_on_the_page(qtbot, desk):
    stay = come(desk, nights=1, deposit=Paid("CASH", Money(40000)))
    page = opened(qtbot, desk, ExtendScreen, stay_id=stay)
    assert (page.deposit.isVisible(), page.deposit.missing) == (True, 40000)  # 298 + 298 + 200 = 796
    qtbot.keyClicks(page.deposit.amount.line, "400")
    qtbot.keyClick(page, Qt.Key.Key_F12)
    assert row(desk, stay).deposit == 80000
