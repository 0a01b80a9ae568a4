"""A room change, an extension and a price change taken back on the same business date: everything is as it
was."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from sqlalchemy import select

from pms.core import i18n
from pms.core.errors import Conflict, NeedsConfirmation, NotPermitted, Refused
from pms.core.money import Money
from pms.db.base import PrintJob
from pms.services.cards import queries as card_queries
from pms.services.night_audit import queries as audit_queries
from pms.services.night_audit.checks import extended
from pms.services.reservations import service as reservations
from pms.services.room_board.queries import board
from pms.services.rooms import service as rooms
from pms.services.shop import queries as shop_queries
from pms.services.shop import service as shop
from pms.services.stays import changes, prices, queries, service, taken_back
from pms.ui.screens.folios.screen import FolioScreen
from tests import invariants
from tests.builders import TODAY, House
from tests.stays.test_leaving import come, leave, row, work_as
from tests.ui.checks import check_screen, opened

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def back_to_english():
    yield
    i18n.use("en")


def last(house: House, stay: int) -> changes.LastChange | None:
    today = house.house().business_date
    found: changes.LastChange | None = house.ask(changes.last_change, stay_id=stay, business_date=today)
    return found


def undo(house: House, stay: int, reason: str = "wrong guest") -> None:
    change = last(house, stay)
    house.do(taken_back.undo_change, stay_id=stay, change_id=change.id if change else 0, reason=reason)


def clean(house: House) -> None:
    house.do(rooms.set_clean, room_ids=[house.room_id(n) for n in ALL], clean="inspected")


ALL = ("201", "202", "203", "204", "301", "302", "303", "304")


def move(house: House, stay: int, room: str, **fields: object) -> None:
    clean(house)
    house.do(
        service.change_room, stay_id=stay, room_id=house.room_id(room), reason="noise next door", **fields
    )


def standing(house: House, stay: int) -> tuple:
    """Return what a change changes: room, departure, nights with prices, and the rooms it has had."""
    today, s = house.house().business_date, row(house, stay)
    nights = house.ask(queries.nights_to_come, stay_id=stay, business_date=today)
    return s.room, s.departure, nights, house.ask(queries.segments, stay_id=stay)


def live(house: House, stay: int) -> list[tuple[str, object]]:
    found = house.ask(card_queries.of_stay, stay_id=stay)
    return [(c.room, c.valid_to) for c in found if c.state in ("pending", "failed", "valid")]


# ------------------------------------------------------------------ a room change
def test_the_guest_has_his_old_room_with_prices_cards_and_nights_as_before(house):
    stay = come(house, nights=3, cards_wanted=2)
    house.next_day()
    before, cards = standing(house, stay), live(house, stay)
    move(house, stay, "201", prices=(31000, 32000), price_reason="twin")
    assert standing(house, stay)[0] == "201"
    assert last(house, stay).words == "Room change 301 → 201"
    undo(house, stay)
    assert standing(house, stay) == before
    assert live(house, stay) == cards
    house.ask(invariants.check, today=TODAY + DAY)


def test_the_other_room_is_dirty_and_the_old_one_as_the_guest_left_it(house):
    stay = come(house, nights=1)
    move(house, stay, "302")
    undo(house, stay)
    tiles = {t.number: t for t in house.ask(board)}
    assert (tiles["302"].occupied, tiles["302"].clean) == (False, "dirty")
    assert (tiles["301"].occupied, tiles["301"].clean) == (True, "inspected")


def test_a_room_cleaned_in_the_meantime_stays_clean(house):
    stay = come(house, nights=1)
    move(house, stay, "302")
    house.do(rooms.set_clean, room_ids=[house.room_id("301")], clean="clean")
    undo(house, stay)
    assert {t.number: t.clean for t in house.ask(board)}["301"] == "clean"


def test_the_slip_says_that_the_move_is_taken_back(house):
    stay = come(house, nights=1)
    move(house, stay, "302")
    undo(house, stay, "guest stays after all")
    jobs = house.ask(
        lambda s: [(j.kind, j.number, str(j.slip)) for j in s.scalars(select(PrintJob).order_by(PrintJob.id))]
    )
    assert [(kind, number) for kind, number, _slip in jobs if kind == "room_change_slip"] == [
        ("room_change_slip", "C-1"),
        ("room_change_slip", "C-2"),
    ]
    assert "Taken back: guest stays after all" in jobs[-1][2]


def test_who_is_in_the_old_room_is_named(house):
    stay = come(house, nights=1)
    move(house, stay, "302")
    clean(house)
    other = house.book("Li Jianguo", nights=1)
    house.do(service.check_in, line_id=other, room_id=house.room_id("301"), intent="li")
    before = standing(house, stay)
    with pytest.raises(Refused, match="Li Jianguo is in 301 by now"):
        undo(house, stay)
    assert standing(house, stay) == before
    house.ask(invariants.check, today=TODAY)


def test_who_holds_the_old_room_is_named_with_the_night(house):
    stay = come(house, nights=3)
    move(house, stay, "302")
    house.book("Li Jianguo", start=TODAY + DAY, nights=1, room_id=house.room_id("301"))
    with pytest.raises(Refused, match="301 is not free any more in the night of 21 Nov 2026: R-2 Li Jianguo"):
        undo(house, stay)


def test_a_block_on_the_old_room_is_named(house):
    stay = come(house, nights=2)
    move(house, stay, "302")
    block = {"kind": "OOS", "reason": "paint", "start": TODAY, "end": TODAY + DAY}
    house.do(rooms.block, room_id=house.room_id("301"), **block)
    with pytest.raises(Refused, match="301 is not free any more in the night of 20 Nov 2026: paint"):
        undo(house, stay)


def test_a_type_sold_out_in_the_meantime_is_named_by_the_schema(house):
    stay = come(house, nights=1)
    move(house, stay, "201")
    for _n in range(4):
        house.book("Li Jianguo", nights=1)
    with pytest.raises(Conflict, match="sold out in the night of 20 Nov 2026"):
        undo(house, stay)
    assert row(house, stay).room == "201"
    house.ask(invariants.check, today=TODAY)


# ------------------------------------------------------------------ another departure
def test_an_extension_gives_the_nights_and_the_old_departure_back(house):
    stay = come(house, nights=1, cards_wanted=1)
    before, cards = standing(house, stay), live(house, stay)
    house.do(service.extend, stay_id=stay, departure=TODAY + 4 * DAY)
    assert last(house, stay).words == "Extension from 21 Nov to 24 Nov"
    undo(house, stay)
    assert (standing(house, stay), live(house, stay)) == (before, cards)
    house.ask(invariants.check, today=TODAY)


def test_a_shortening_gives_the_nights_back_while_nobody_has_them(house):
    stay = come(house, nights=4)
    before = standing(house, stay)
    house.do(service.extend, stay_id=stay, departure=TODAY + DAY)
    line = house.book("Li Jianguo", start=TODAY + 2 * DAY, nights=1, room_id=house.room_id("301"))
    with pytest.raises(Refused, match="301 is not free any more in the night of 22 Nov 2026: R-2 Li"):
        undo(house, stay)
    house.do(reservations.assign_room, line_id=line, room_id=house.room_id("302"))
    undo(house, stay)
    assert standing(house, stay) == before
    house.ask(invariants.check, today=TODAY)


def test_an_extension_that_was_taken_back_is_no_finding(house):
    stay = come(house, nights=1)
    house.next_day()
    house.do(service.extend, stay_id=stay, departure=TODAY + 2 * DAY)
    undo(house, stay)
    leave(house, stay)
    found = house.ask(audit_queries.findings, business_date=TODAY + DAY, checks=(extended.CHECK,))
    assert found == []


def test_an_extension_with_its_deposit_is_a_finding_too(house):
    stay = come(house, nights=1)
    house.next_day()
    house.do(
        service.extend_and_take,
        stay_id=stay,
        departure=TODAY + 2 * DAY,
        deposit=service.Paid("BANK", 10000),
        intent="more",
    )
    house.do(
        service.check_out,
        stay_id=stay,
        payments=[service.Paid("BANK", 19800)],
        intent="out",
    )
    [found] = house.ask(audit_queries.findings, business_date=TODAY + DAY, checks=(extended.CHECK,))
    assert found.detail == "Zhang Li extended from 21 Nov to 22 Nov"


# ------------------------------------------------------------------ prices, order, day, rights
def test_a_price_change_is_taken_back(house):
    stay = come(house, nights=2)
    before = standing(house, stay)
    house.do(prices.change_price, stay_id=stay, prices=((TODAY, 20000),), reason="noise", intent="p")
    assert last(house, stay).words == "Price change: noise"
    undo(house, stay)
    assert standing(house, stay) == before


def test_the_latest_change_comes_first(house):
    stay = come(house, nights=2)
    move(house, stay, "302")
    first = last(house, stay)
    house.clock.set(TODAY, 15.5)
    house.do(service.extend, stay_id=stay, departure=TODAY + 3 * DAY)
    with pytest.raises(Refused, match="changed again at 15:30. Take that change back first"):
        house.do(taken_back.undo_change, stay_id=stay, change_id=first.id, reason="x")
    undo(house, stay)
    undo(house, stay)
    assert row(house, stay).room == "301"
    assert last(house, stay) is None


def test_a_change_of_a_closed_day_stays(house):
    stay = come(house, nights=3)
    move(house, stay, "302")
    change = last(house, stay)
    house.next_day()
    assert last(house, stay) is None
    with pytest.raises(Refused, match="Nothing was changed today"):
        house.do(taken_back.undo_change, stay_id=stay, change_id=change.id, reason="x")


def test_a_reason_is_asked_and_the_right_of_undoing(house):
    stay = come(house, nights=2)
    move(house, stay, "302")
    with pytest.raises(Refused, match="Say why"):
        undo(house, stay, " ")
    work_as(house, "clerk")
    with pytest.raises(NotPermitted):
        undo(house, stay)


def test_after_a_check_out_that_was_taken_back_a_change_is_taken_back_all_the_same(house):
    stay = come(house, nights=1)
    before = standing(house, stay)
    house.do(service.extend, stay_id=stay, departure=TODAY + 3 * DAY)
    leave(house, stay)
    house.do(service.undo_check_out, stay_id=stay, reason="not yet", intent="back")
    undo(house, stay)
    assert standing(house, stay) == before
    house.ask(invariants.check, today=TODAY)


# ------------------------------------------------------------------ any sequence
STEP = st.one_of(
    st.tuples(st.just("move"), st.sampled_from(ALL)),
    st.tuples(st.just("until"), st.integers(1, 6)),
    st.tuples(st.just("price"), st.integers(100, 400)),
    st.tuples(st.just("undo"), st.none()),
    st.tuples(st.just("close"), st.none()),
    st.tuples(st.just("other"), st.tuples(st.sampled_from(ALL), st.integers(0, 4))),
)


@given(steps=st.lists(STEP, min_size=3, max_size=14))
@settings(deadline=None)
def test_any_sequence_of_changes_taken_back_is_what_a_fresh_count_says(fresh, steps):
    with fresh() as house:
        stay = come(house, nights=2, cards_wanted=1)
        past: list[tuple] = []
        for what, value in steps:
            before = standing(house, stay)
            try:
                done = _step(house, stay, what, value)
            except (Refused, NeedsConfirmation):
                assert standing(house, stay) == before
                continue
            if what == "undo":
                assert standing(house, stay) == past.pop()
            elif what == "close":
                past = []
            elif done:
                past.append(before)
            house.ask(invariants.check, today=house.house().business_date)


def _step(house: House, stay: int, what: str, value) -> bool:
    today: date = house.house().business_date
    if what == "move":
        move(house, stay, value)
    elif what == "until":
        house.do(service.extend, stay_id=stay, departure=today + value * DAY)
    elif what == "price":
        nights = house.ask(queries.nights_to_come, stay_id=stay, business_date=today)
        wanted = tuple((n.night, value * 100) for n in nights)
        house.do(prices.change_price, stay_id=stay, prices=wanted, reason="noise", intent=house.new_intent())
    elif what == "undo":
        undo(house, stay)
    elif what == "close":
        if row(house, stay).departure <= today:
            raise Refused("the guest is due out")
        house.next_day()
    else:
        room, ahead = value
        house.book(
            "Li Jianguo",
            "TWN" if room.startswith("2") else "BIG",
            start=today + ahead * DAY,
            nights=1,
            room_id=house.room_id(room),
        )
        return False
    return True


# ------------------------------------------------------------------ the folio's form
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_form_offers_the_change_before_the_check_in(qtbot, desk, language):
    stay = come(desk, nights=2)
    move(desk, stay, "302")
    page = opened(qtbot, desk, FolioScreen, language, stay_id=stay)
    page.acts["undo"].press()
    qtbot.wait(30)
    check_screen(page)
    form = page.forms["undo"]
    assert form["what"].value() == "change"
    form["reason"].set_value("guest stays after all")
    qtbot.keyClick(page, Qt.Key.Key_F12)
    assert row(desk, stay).room == "301"


def test_without_a_change_the_check_in_is_undone_as_ever(qtbot, desk):
    stay = come(desk, nights=2)
    page = opened(qtbot, desk, FolioScreen, stay_id=stay)
    page.acts["undo"].press()
    page.forms["undo"]["reason"].set_value("wrong guest")
    qtbot.keyClick(page, Qt.Key.Key_F12)
    assert row(desk, stay).state == "undone"


def test_on_a_later_day_only_todays_change_is_offered(qtbot, desk):
    stay = come(desk, nights=3)
    desk.next_day()
    page = opened(qtbot, desk, FolioScreen, stay_id=stay)
    assert page.can_undo() == "This check-in belongs to a closed day."
    desk.do(service.extend, stay_id=stay, departure=TODAY + 4 * DAY)
    assert page.can_undo() == ""
    page.acts["undo"].press()
    page.forms["undo"]["reason"].set_value("guest leaves as booked")
    qtbot.keyClick(page, Qt.Key.Key_F12)
    assert row(desk, stay).departure == TODAY + 3 * DAY


def test_a_check_in_is_not_taken_back_from_under_goods_of_the_shop(house):
    """The money would go back and the goods would not: they come back in the shop, then the check-in."""
    stay = come(house)
    good = house.do(shop.set_good, name="Water", price=Money(300))
    house.do(shop.receive, lines=[shop.Delivered(good, 5)], reference="L1")
    sale = house.do(
        shop.sell, lines=[shop.Item(good, 2)], method="ROOM", stay_id=stay, intent=house.new_intent()
    )
    back = service.undo_check_in.of(stay_id=stay, reason="wrong guest")
    with pytest.raises(Refused, match=r"Goods from the shop for 6\.00 stand on this folio"):
        house.do(back, intent=house.new_intent())
    [line] = house.look(shop_queries.sold, sale_id=house.look(shop_queries.sale, number=sale).id)
    house.do(
        shop.take_back,
        number=sale,
        lines=[shop.Back(line.move_id, 2)],
        reason="wrong guest",
        intent=house.new_intent(),
    )
    house.do(back, intent=house.new_intent())
    assert [row.stock for row in house.look(shop_queries.goods)] == [5]
    assert house.look(queries.in_house, business_date=TODAY) == []
