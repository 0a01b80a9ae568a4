"""The close is held to the hotel's clock, whoever asks; a clock that jumped closes nothing without a person;
on both engines."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from pms.core.errors import NeedsConfirmation, Refused
from pms.core.money import Money
from pms.db.base import Workplace, table_of
from pms.services.folios import service as folios
from pms.services.night_audit import hours, queries, service
from pms.services.property import service as property_
from pms.services.reservations import queries as reservation_queries
from pms.services.rooms import service as rooms
from tests.builders import TODAY
from tests.night_audit.test_close import balance, postings, stay_in

DAY = timedelta(days=1)


# ------------------------------------------------------------------ a day is closed when it is over
@pytest.mark.parametrize("operation", [service.begin, service.close])
@pytest.mark.parametrize("hour", [-20.0, 14.5, 23.99])
def test_a_day_that_is_not_over_is_neither_begun_nor_closed(house, operation, hour):
    stay_in(house)
    house.book("Comes tomorrow", start=TODAY + DAY)
    before = postings(house)
    house.clock.set(TODAY, hour)
    with pytest.raises(Refused, match=r"20 Nov 2026 is not over: its audit begins on 21 Nov 2026 00:00"):
        house.do(operation, business_date=TODAY)
    assert house.house().business_date == TODAY
    assert postings(house) == before
    assert house.ask(queries.run, business_date=TODAY) is None


def test_a_day_closes_from_midnight_on_and_once(house):
    stay = stay_in(house)
    line = house.book("Comes tomorrow", start=TODAY + DAY)
    house.clock.set(TODAY + DAY, 0)
    house.do(service.begin, business_date=TODAY)
    assert house.do(service.close, business_date=TODAY) == 1
    with pytest.raises(Refused, match="21 Nov 2026 is not over"):
        house.do(service.close, business_date=TODAY + DAY)  # again, a minute later
    assert house.ask(reservation_queries.line, line_id=line).state == "confirmed"
    assert balance(house, stay) == 29800


def test_the_hour_from_which_a_day_closes_is_the_hotels(house):
    house.do(property_.edit, name="", options=replace(house.context_options(), close_from="02:30"))
    house.clock.set(TODAY + DAY, 2.25)
    with pytest.raises(Refused, match="21 Nov 2026 02:30, and it is 21 Nov 2026 02:15"):
        house.do(service.close, business_date=TODAY)
    assert house.ask(hours.opening, business_date=TODAY, now=house.now())[1] == 0
    house.clock.set(TODAY + DAY, 2.5)
    house.do(service.close, business_date=TODAY)
    assert house.house().business_date == TODAY + DAY


@pytest.mark.parametrize(
    ("days", "hour", "close_from", "waiting"),
    [
        (0, 14, "00:00", 0),
        (-3000, 3, "00:00", 0),
        (1, 0, "00:00", 1),
        (1, 1, "02:00", 0),
        (2, 1, "02:00", 1),
        (2, 2, "02:00", 2),
        (366, 3, "00:00", 366),
    ],
)
def test_days_that_wait_are_counted_by_the_hour_that_opens_them(house, days, hour, close_from, waiting):
    house.do(property_.edit, name="", options=replace(house.context_options(), close_from=close_from))
    house.clock.set(TODAY + days * DAY, hour)
    assert house.ask(hours.opening, business_date=TODAY, now=house.now())[1] == waiting


# ------------------------------------------------------------------ several days by a person's word
def test_several_days_are_closed_by_a_persons_word_for_each(house):
    stay = stay_in(house, nights=5)
    house.clock.set(TODAY + 3 * DAY, 9)
    for n in range(3):
        day = TODAY + n * DAY
        if n < 2:
            for operation in (service.begin, service.close):
                with pytest.raises(NeedsConfirmation, match=f"{3 - n} days wait .* 23 Nov 2026 09:00"):
                    house.do(operation, business_date=day)
            assert house.house().business_date == day
        house.do(service.begin, business_date=day, confirmed=frozenset({hours.MISSED}))
        assert house.do(service.close, business_date=day) == 1  # who began has said so
    assert balance(house, stay) == 29800 * 2 + 26800


# ------------------------------------------------------------------ without a person
def alone(house):
    return house.ask(hours.why_not_alone, now=house.now())


@pytest.fixture
def evening(desk):
    """A day with a guest in house, and something written at nine in the evening."""
    stay = stay_in(desk, nights=40)
    desk.clock.set(TODAY, 21)
    desk.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(500), intent="m")
    return desk


def test_a_night_like_every_night_is_closed_without_a_person(evening):
    evening.at_night()
    assert alone(evening) == ""
    evening.next_day()
    for hour, clean in ((10, "dirty"), (20, "clean")):
        evening.clock.set(TODAY + DAY, hour)
        evening.do(rooms.set_clean, room_ids=[evening.room_id("302")], clean=clean)
    evening.at_night()
    assert alone(evening) == ""


def test_a_clock_a_year_ahead_is_not_believed(evening):
    evening.clock.set(TODAY + 365 * DAY, 3)
    assert "Nothing was written between 20 Nov 2026 21:00 and 20 Nov 2027 03:00" in alone(evening)


def test_a_clock_a_year_ahead_at_which_somebody_worked_is_not_believed_either(evening):
    evening.clock.set(TODAY + 365 * DAY, 3)
    evening.do(rooms.set_clean, room_ids=[evening.room_id("302")], clean="dirty")
    evening.clock.set(TODAY + 365 * DAY, 4)
    assert "has jumped" in alone(evening)


def test_more_than_one_day_waits_for_a_person(desk):
    stay = stay_in(desk, nights=40)
    for hour in range(16, 60, 8):
        desk.clock.set(TODAY, hour)
        desk.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(5), intent=f"m{hour}")
    assert "2 days wait" in alone(desk)
    assert "--days 2" in alone(desk)


def test_a_clock_that_went_back_is_not_believed(evening):
    evening.next_day()
    evening.clock.set(TODAY - 2000 * DAY, 3)
    assert "went back, from 21 Nov 2026 02:00 to 30 May 2021 03:00" in alone(evening)


def test_a_clock_that_went_back_and_was_set_right_is_asked_about_that_night(evening):
    for days, hour in ((-400, 3), (0, 22)):
        evening.clock.set(TODAY + days * DAY, hour)
        evening.do(rooms.set_clean, room_ids=[evening.room_id("302")], clean="dirty" if days else "clean")
    evening.at_night()
    assert "went back" in alone(evening)


@pytest.mark.parametrize(("minutes", "believed"), [(40, True), (90, False)])
def test_a_program_at_work_in_the_future_tells_that_the_clock_went_back(evening, minutes, believed):
    evening.at_night()
    with evening.engine.begin() as connection:
        seen = evening.now() + timedelta(minutes=minutes)
        connection.execute(insert(table_of(Workplace)).values(station="desk-2", seen_at=seen))
    assert (alone(evening) == "") is believed


def test_a_workstation_whose_clock_is_not_the_servers_closes_nothing_alone(postgres):
    from tests import builders

    house = builders.office(postgres, found=False)
    house.clock.now = datetime.now(UTC) + timedelta(hours=7)
    assert "the database server's says" in alone(house)
