"""A guaranteed guest who comes after the close is let in by one step; nothing comes on top of the night."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pms.core import dates
from pms.core.errors import NeedsConfirmation, Refused
from pms.core.money import Money
from pms.services.folios import queries as folio_queries
from pms.services.night_audit import queries as audit_queries
from pms.services.night_audit import service as night_audit
from pms.services.night_audit.checks import nights as nights_check
from pms.services.property import service as property_service
from pms.services.reports import queries as reports
from pms.services.reservations import found
from pms.services.reservations import queries as reservation_queries
from pms.services.reservations import service as reservations
from pms.services.stays import service, vacancy
from pms.services.stays.service import Paid
from tests import invariants
from tests.builders import TODAY, House
from tests.stays.test_leaving import charged, leave, leaving, row, sold

DAY = timedelta(days=1)


def late(
    house: House, nights: int = 1, *, advance: int = 0, state: str = "guaranteed", room: str = "303"
) -> int:
    """Book a guest who has not come when the day closes at two in the morning; return the line."""
    options = replace(house.context_options(), no_show_nights=1)
    house.do(property_service.edit, name="", options=options)
    line: int = house.book("Late Guest", nights=nights, state=state, room_id=house.room_id(room))
    if advance:
        house.do(
            reservations.take_advance,
            line_id=line,
            method="CASH",
            amount=Money(advance),
            intent=house.new_intent(),
        )
    house.clock.set(TODAY + DAY, 2)
    house.do(night_audit.close, business_date=TODAY)
    house.clock.set(TODAY + DAY, 3)
    return line


def let_in(house: House, line: int, room: str = "303", **fields: object) -> int:
    made: int = house.do(
        service.check_in, line_id=line, room_id=house.room_id(room), intent=house.new_intent(), **fields
    )
    return made


def state(house: House, line: int) -> str:
    return str(house.ask(reservation_queries.line, line_id=line).state)


def revenue(house: House, day: date) -> dict[str, int]:
    return {s.name: int(s.amount) for s in house.ask(reports.by_code, start=day, end=day) if s.amount}


def test_a_one_night_guest_pays_the_night_and_leaves_as_booked(house):
    line = late(house)
    assert state(house, line) == "no_show"
    stay = let_in(house, line)
    assert charged(house, stay) == [("ROOM", 29800)]  # and no early arrival
    [posted] = [x for x in house.ask(folio_queries.folio_lines, stay_id=stay) if x.code == "ROOM"]
    assert "03:00" in posted.rule
    assert dates.day(TODAY, year=True) in posted.rule
    assert (row(house, stay).arrival, row(house, stay).departure) == (TODAY, TODAY + DAY)
    house.clock.set(TODAY + DAY, 11.5)
    assert leaving(house, stay).charge == 0
    leave(house, stay)
    house.next_day()
    day = house.ask(reports.figures, start=TODAY + DAY, end=TODAY + DAY)
    assert (day.nights, day.revenue, day.arrivals, day.departures) == ("1", 29800, 1, 1)
    house.ask(invariants.check, today=TODAY + 2 * DAY)


def test_the_no_show_charge_becomes_the_night(house):
    line = late(house, advance=50000)
    assert revenue(house, TODAY) == {"NOSHOW": 29800}
    stay = let_in(house, line)
    assert charged(house, stay) == [("ROOM", 29800)]
    assert row(house, stay).deposit == 50000  # the advance is whole again, and held for the stay
    house.clock.set(TODAY + DAY, 11)
    house.do(service.check_out, stay_id=stay, refund=Paid("CASH", Money(20200)), intent="out")
    house.next_day()
    assert revenue(house, TODAY + DAY) == {"NOSHOW": -29800, "ROOM": 29800}
    house.ask(invariants.check, today=TODAY + 2 * DAY)


def test_the_nights_to_come_are_held_and_stay_held_for_him(house):
    line = late(house, nights=3)
    assert sold(house) == [0, 1, 1]
    assert house.ask(vacancy.obstacle, room_id=house.room_id("303"), start=TODAY + DAY, end=TODAY + 2 * DAY)
    house.ask(invariants.check, today=TODAY + DAY)
    assert [r.line_id for r in house.ask(reservation_queries.awaited)] == [line]
    stay = let_in(house, line)
    assert sold(house) == [0, 1, 1]
    assert row(house, stay).departure == TODAY + 3 * DAY
    house.ask(invariants.check, today=TODAY + DAY)
    house.next_day()
    assert charged(house, stay) == [("ROOM", 29800), ("ROOM", 29800)]
    found = house.ask(audit_queries.findings, business_date=TODAY + 2 * DAY, checks=(nights_check.CHECK,))
    assert found == []
    day = house.ask(reports.figures, start=TODAY + DAY, end=TODAY + DAY)
    assert (day.nights, day.revenue) == ("2", 2 * 29800)


def test_he_takes_another_room_when_his_is_not_ready(house):
    line = late(house, nights=2)
    stay = let_in(house, line, room="304")
    assert row(house, stay).room == "304"
    assert sold(house) == [0, 1, 0]
    house.ask(invariants.check, today=TODAY + DAY)


def test_after_noon_the_booking_is_released_by_hand_or_by_the_next_close(house):
    line = late(house, nights=3)
    with pytest.raises(NeedsConfirmation, match=r"12:00"):
        house.do(reservations.release, line_id=line)
    assert house.ask(reservation_queries.alarms, now=house.now()) == []
    house.clock.set(TODAY + DAY, 12)
    assert len(house.ask(reservation_queries.alarms, now=house.now())) == 1
    with pytest.raises(Refused, match=r"12:00"):
        let_in(house, line)
    house.do(reservations.release, line_id=line)
    assert sold(house) == [0, 0, 0]
    assert state(house, line) == "no_show"
    house.ask(invariants.check, today=TODAY + DAY)
    with pytest.raises(Refused, match="no night"):
        house.do(reservations.release, line_id=line)


def test_the_next_close_gives_the_nights_back(house):
    late(house, nights=3)
    house.next_day()
    assert sold(house, 4) == [0, 0, 0, 0]
    assert house.ask(reservation_queries.awaited) == []
    house.ask(invariants.check, today=TODAY + 2 * DAY)


def test_after_noon_the_nights_left_are_reinstated_with_their_room(house):
    line = late(house, nights=3)
    house.clock.set(TODAY + DAY, 13)
    assert house.do(reservations.reinstate, line_id=line) is True
    assert state(house, line) == "guaranteed"
    assert sold(house) == [0, 1, 1]
    house.ask(invariants.check, today=TODAY + DAY)


def test_only_a_guaranteed_guest_is_let_in(house):
    line = late(house, nights=1, state="confirmed")
    with pytest.raises(Refused, match="became a no-show on"):
        let_in(house, line)
    assert house.ask(reservation_queries.awaited) == []


@pytest.mark.parametrize("advance", [0, 50000])
@pytest.mark.parametrize("nights", [1, 3])
def test_letting_in_the_wrong_guest_is_taken_back_whole(house, nights, advance):
    line = late(house, nights=nights, advance=advance)
    before = sold(house), house.ask(reservation_queries.advance_held, line_id=line)
    stay = let_in(house, line)
    house.do(service.undo_check_in, stay_id=stay, reason="another man", intent="undo")
    assert state(house, line) == "no_show"
    assert (sold(house), house.ask(reservation_queries.advance_held, line_id=line)) == before
    house.ask(invariants.check, today=TODAY + DAY)
    again = let_in(house, line, room="304")
    assert charged(house, again) == [("ROOM", 29800)]
    house.ask(invariants.check, today=TODAY + DAY)


def test_a_free_room_costs_nothing_when_its_guest_is_let_in(house):
    stay = let_in(house, late(house), kind="comp")
    assert charged(house, stay) == []


def test_the_search_finds_who_is_awaited(house):
    line = late(house)
    assert [hit.what for hit in house.ask(found.search, text="late guest")] == [{"line_id": line}]
