"""One hotel day through the services, on both engines."""

from datetime import timedelta

import pytest

from pms.core.errors import Conflict, NeedsConfirmation, Refused
from pms.core.money import Money
from pms.services.folios import queries as folio_queries
from pms.services.folios import service as folios
from pms.services.guests.person import Person
from pms.services.night_audit import queries as audit_queries
from pms.services.night_audit import service as night_audit
from pms.services.reservations import queries as reservation_queries
from pms.services.reservations import service as reservations
from pms.services.room_board.queries import board
from pms.services.rooms import queries as room_queries
from pms.services.rooms import service as rooms
from pms.services.stays import queries, service
from pms.services.stays.service import Paid
from tests.builders import TODAY, House

DAY = timedelta(days=1)


def sold(house: House, code: str, night) -> int:
    [row] = house.ask(room_queries.left, type_ids=[house.type_id(code)], start=night, end=night + DAY)
    return row.sold


def check_in(house: House, room: str = "301", **fields):
    line = house.book(**{k: fields.pop(k) for k in ("name", "nights", "type_code") if k in fields})
    return house.do(
        service.check_in, line_id=line, room_id=house.room_id(room), intent=house.new_intent(), **fields
    )


def balances(house: House, stay_id: int) -> dict[str, int]:
    return {f"{f.ledger}{f.window}": f.balance for f in house.ask(folio_queries.folios, stay_id=stay_id)}


def test_a_day_from_booking_to_departure(house):
    stay = check_in(
        house,
        deposit=Paid("CASH", Money(50000)),
        cards_wanted=2,
        guests=[Person("王雅琴", phone="13800138000")],
    )
    assert balances(house, stay) == {"guestA": 0, "deposit": -50000}
    house.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(800), quantity=2, intent="mini")
    house.next_day()
    assert balances(house, stay) == {"guestA": 1600 + 29800, "deposit": -50000}  # Friday: the weekend price
    assert house.ask(audit_queries.proof, business_date=TODAY)
    house.next_day()
    house.clock.set(TODAY + 2 * DAY, 11)
    left = house.ask(
        queries.leaving,
        stay_id=stay,
        business_date=house.house().business_date,
        now=house.now(),
        zone="Asia/Shanghai",
        options=house.context_options(),
    )
    assert (left.charge, left.owed, left.deposit, left.to_pay) == (
        0,
        1600 + 2 * 29800,
        50000,
        1600 + 2 * 29800 - 50000,
    )
    house.do(service.check_out, stay_id=stay, payments=[Paid("CASH", left.to_pay)], intent="out")
    assert set(balances(house, stay).values()) == {0}
    [tile] = [t for t in house.ask(board) if t.number == "301"]
    assert (tile.occupied, tile.clean) == (False, "dirty")
    house.next_day()
    assert house.ask(audit_queries.proof, business_date=TODAY + 2 * DAY)
    assert [n.sold for n in house.ask(audit_queries.night_counts, start=TODAY, end=TODAY + 5 * DAY)] == [1, 1]


def test_a_late_departure_pays_half_a_day_and_says_why(house):
    stay = check_in(house, nights=1)
    house.next_day()
    house.clock.set(TODAY + DAY, 14.34)
    today = house.house().business_date
    left = house.ask(
        queries.leaving,
        stay_id=stay,
        business_date=today,
        now=house.now(),
        zone="Asia/Shanghai",
        options=house.context_options(),
    )
    assert left.charge == 14900
    assert "14:20" in left.rule
    assert "0.5 × 298.00" in left.rule
    with pytest.raises(Refused, match="short by 447.00"):
        house.do(service.check_out, stay_id=stay, payments=[], intent="a")
    house.do(service.check_out, stay_id=stay, payments=[Paid("BANK", Money(44700))], intent="b")
    assert "HALF" in [line.code for line in house.ask(folio_queries.folio_lines, stay_id=stay)]


def test_a_dirty_room_is_asked_about_first(house):
    house.do(rooms.set_clean, room_ids=[house.room_id("301")], clean="dirty")
    line = house.book()
    with pytest.raises(NeedsConfirmation) as asked:
        house.do(service.check_in, line_id=line, room_id=house.room_id("301"), intent=house.new_intent())
    assert house.do(
        service.check_in,
        line_id=line,
        room_id=house.room_id("301"),
        confirmed=frozenset({asked.value.token}),
        intent=house.new_intent(),
    )


def test_an_occupied_room_is_refused_and_nothing_is_left_behind(house):
    check_in(house)
    line = house.book("Li Jianguo")
    with pytest.raises(Refused):
        house.do(service.check_in, line_id=line, room_id=house.room_id("301"), intent=house.new_intent())
    assert house.ask(reservation_queries.line, line_id=line).state == "confirmed"
    assert sold(house, "BIG", TODAY) == 2


def test_a_stay_in_another_type_moves_its_nights(house):
    line = house.book(type_code="TWN")
    house.do(service.check_in, line_id=line, room_id=house.room_id("301"), intent=house.new_intent())
    assert (sold(house, "TWN", TODAY), sold(house, "BIG", TODAY)) == (0, 1)
    assert house.ask(queries.in_house, business_date=TODAY)[0].rate == 29800


def test_pressing_twice_checks_in_once(house):
    line = house.book()
    first = house.do(
        service.check_in,
        line_id=line,
        room_id=house.room_id("301"),
        deposit=Paid("CASH", Money(10000)),
        intent="k",
    )
    again = house.do(
        service.check_in,
        line_id=line,
        room_id=house.room_id("301"),
        deposit=Paid("CASH", Money(10000)),
        intent="k",
    )
    assert first == again
    assert balances(house, first)["deposit"] == -10000
    with pytest.raises(Conflict):
        house.do(service.check_in, line_id=line, room_id=house.room_id("302"), intent="k")


def test_a_room_change_moves_nights_cards_and_history(house):
    stay = check_in(house, nights=3, cards_wanted=1)
    house.next_day()
    house.do(rooms.set_clean, room_ids=[house.room_id("302")], clean="inspected")
    house.do(service.change_room, stay_id=stay, room_id=house.room_id("302"), reason="noise")
    assert [(s.room, s.start, s.end) for s in house.ask(queries.segments, stay_id=stay)] == [
        ("301", TODAY, TODAY + DAY),
        ("302", TODAY + DAY, TODAY + 3 * DAY),
    ]
    tiles = {t.number: t for t in house.ask(board)}
    assert (tiles["301"].occupied, tiles["301"].clean, tiles["302"].guest) == (False, "dirty", "Wang Yaqin")
    house.next_day()
    assert [n.sold for n in house.ask(audit_queries.night_counts, start=TODAY, end=TODAY + 3 * DAY)] == [1, 1]


def test_extending_and_leaving_early(house):
    stay = check_in(house, nights=1)
    house.do(service.extend, stay_id=stay, departure=TODAY + 3 * DAY)
    assert [sold(house, "BIG", TODAY + n * DAY) for n in range(4)] == [1, 1, 1, 0]
    house.next_day()
    house.do(service.check_out, stay_id=stay, payments=[Paid("BANK", Money(29800))], intent="out")
    assert [sold(house, "BIG", TODAY + n * DAY) for n in range(3)] == [1, 0, 0]


def test_a_mistaken_check_in_is_taken_back_by_reversals(house):
    stay = check_in(house, deposit=Paid("CASH", Money(30000)))
    house.do(service.undo_check_in, stay_id=stay, reason="wrong guest", intent="undo")
    assert set(balances(house, stay).values()) == {0}
    assert sold(house, "BIG", TODAY) == 1
    [line] = house.ask(reservation_queries.arrivals, business_date=TODAY)
    house.do(rooms.set_clean, room_ids=[house.room_id("301")], clean="clean")
    assert (
        house.do(
            service.check_in, line_id=line.line_id, room_id=house.room_id("301"), intent=house.new_intent()
        )
        != stay
    )


def test_a_mistaken_check_out_is_taken_back(house):
    stay = check_in(house, deposit=Paid("CASH", Money(30000)), nights=1)
    house.next_day()
    house.do(service.check_out, stay_id=stay, refund=Paid("CASH", Money(200)), slip_back=False, intent="out")
    house.do(service.undo_check_out, stay_id=stay, reason="wrong room", intent="undo")
    assert balances(house, stay) == {"guestA": 29800, "deposit": -30000}
    house.do(service.check_out, stay_id=stay, refund=Paid("CASH", Money(200)), intent="again")
    house.next_day()
    with pytest.raises(Refused, match="closed day"):
        house.do(service.undo_check_out, stay_id=stay, reason="late", intent="late")


def test_no_more_than_the_deposit_goes_back(house):
    stay = check_in(house, deposit=Paid("CASH", Money(30000)), nights=1)
    with pytest.raises(Refused, match="no more can be given back"):
        house.do(
            folios.refund_deposit,
            stay_id=stay,
            method="CASH",
            amount=Money(30001),
            slip_back=True,
            intent="r",
        )
    house.next_day()
    with pytest.raises(Refused, match=r"Only 2\.00"):
        house.do(service.check_out, stay_id=stay, refund=Paid("CASH", Money(300)), intent="out")


def test_the_audit_waits_for_departures_and_marks_no_shows(house):
    stay = check_in(house, nights=1)
    late = house.book("Nobody", nights=1)
    house.next_day()
    assert house.ask(reservation_queries.line, line_id=late).state == "no_show"
    assert sold(house, "BIG", TODAY) == 1
    house.at_night()
    with pytest.raises(Refused, match="301"):
        house.do(night_audit.close, business_date=TODAY + DAY)
    with pytest.raises(Conflict, match="closed already"):
        house.do(night_audit.close, business_date=TODAY)
    assert house.ask(queries.stay, stay_id=stay, business_date=TODAY).balance == 29800


def test_a_rebate_is_paid_out(house):
    line = house.book(prices=(-638,), nights=1)
    stay = house.do(service.check_in, line_id=line, room_id=house.room_id("301"), intent=house.new_intent())
    house.next_day()
    assert balances(house, stay)["guestA"] == -638
    house.do(service.check_out, stay_id=stay, refund=Paid("CASH", Money(638)), intent="out")
    house.next_day()
    assert house.ask(audit_queries.proof, business_date=TODAY + DAY)
    assert [n.revenue for n in house.ask(audit_queries.night_counts, start=TODAY, end=TODAY + DAY)] == [-638]


def test_day_use_has_no_night_and_no_charge(house):
    line = house.book(nights=0)
    stay = house.do(service.check_in, line_id=line, room_id=house.room_id("301"), intent=house.new_intent())
    house.do(service.check_out, stay_id=stay, intent="out")
    house.next_day()
    assert house.ask(audit_queries.night_counts, start=TODAY, end=TODAY + DAY) == []
    assert house.ask(reservation_queries.line, line_id=line).state == "departed"


def test_cancelling_gives_the_nights_back_and_can_be_undone(house):
    line = house.book(nights=2)
    house.do(reservations.cancel, line_id=line, reason="plans changed")
    assert sold(house, "BIG", TODAY) == 0
    with pytest.raises(Refused, match="“Cancelled” already"):
        house.do(reservations.cancel, line_id=line, reason="again")
    house.do(reservations.reinstate, line_id=line)
    assert sold(house, "BIG", TODAY) == 1


def test_the_last_room_of_a_type_is_sold_once(house):
    for n in range(4):
        house.book(f"Guest {n}")
    with pytest.raises(Refused, match="is sold out in the night of"):
        house.book("One too many")
    assert sold(house, "BIG", TODAY) == 4


def test_a_block_is_refused_on_a_held_room_and_names_the_booking(house):
    house.book("Chen Zhiyuan", room_id=house.room_id("303"))
    with pytest.raises(Refused, match="Chen Zhiyuan"):
        house.do(
            rooms.block, room_id=house.room_id("303"), kind="OOO", reason="leak", start=TODAY, end=TODAY + DAY
        )
    block = house.do(
        rooms.block, room_id=house.room_id("304"), kind="OOO", reason="leak", start=TODAY, end=TODAY + 2 * DAY
    )
    [row] = house.ask(room_queries.left, type_ids=[house.type_id("BIG")], start=TODAY, end=TODAY + DAY)
    assert (row.total, row.sold) == (3, 1)
    house.do(rooms.unblock, block_id=block)
    assert house.ask(
        room_queries.fewest_left, type_ids=[house.type_id("BIG")], start=TODAY, end=TODAY + DAY
    ) == {house.type_id("BIG"): 3}
