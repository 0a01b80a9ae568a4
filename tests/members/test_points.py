"""Points: earned by the close, spent on a folio, gone in time; levels raised and lowered by rule."""

from contextlib import suppress

import pytest
from sqlalchemy import text

from pms.core.errors import Conflict, NeedsApproval, Refused
from pms.core.money import Money
from pms.services.folios import queries as folios
from pms.services.folios import service as folio_service
from pms.services.guests.person import Person
from pms.services.members import points, queries, scores, service
from pms.services.night_audit import proof
from pms.services.night_audit import service as night_audit
from pms.services.night_audit.checks import Tonight, stored_value
from pms.services.stays import service as stays
from tests.authority.people import person
from tests.builders import DAY, TODAY, House
from tests.property.test_settings import set_options

from .test_members import GOLD, PHONE, SILVER, guest_in, join, level, money, row, told

ON = {"member_points": True, "stored_value": True, "stored_gift_percent": 10, "odd_amount": 0}


@pytest.fixture
def club(house) -> House:
    set_options(house, **ON)
    house.number = join(house)
    return house


def stay_for(house: House, nights: int = 1, room: str = "301", **out) -> int:
    """Let the member stay some nights, pay, leave, and close that day too."""
    stay = guest_in(house, Person("Wang Yaqin", phone=PHONE), room, nights=nights)
    for _night in range(nights):
        house.next_day()
    house.clock.set(house.house().business_date, 10)
    leave(house, stay, **out)
    house.next_day()
    return stay


def leave(house: House, stay: int, **out) -> None:
    owed = sum(f.balance for f in house.ask(folios.folios, stay_id=stay))
    paying = [stays.Paid("CASH", Money(owed))] if owed > 0 else []
    money(house, stays.check_out, stay_id=stay, **{"payments": paying} | out)


def has(house: House) -> int:
    return house.ask(scores.points, member_id=row(house, house.number).id)


def give(house: House, count: int, key: str = "earned:0", **fields) -> None:
    member = row(house, house.number).id
    house.do(lambda work: points._move(work, member, "earned", count, key, **fields))


def found(house: House) -> list[tuple[str, str]]:
    day = house.house().business_date
    return house.look(lambda s: [(f.title, f.detail) for f in stored_value._find(Tonight(s, day))])


# ------------------------------------------------------------------ earned
def test_a_stay_that_ended_and_is_paid_earns_once_times_the_level(club):
    stay = stay_for(club, nights=2)
    assert has(club) == 2 * 298 * 150 // 100
    [earned] = club.ask(scores.moves, member_id=row(club, club.number).id)
    assert (earned.amount, earned.kind) == (2 * 29800, "earned")
    club.do(lambda work: points.close(work, TODAY + 2 * DAY, [stay], []))
    club.next_day()
    assert has(club) == 894
    assert club.look(lambda s: list(proof.faults(s))) == []


def test_what_the_house_gave_itself_and_what_is_owed_earns_nothing(club):
    money(
        club,
        service.charge_up,
        number=club.number,
        amount=Money(20000),
        method="CASH",
        gift=Money(9800),
        reason="opening week",
    )
    stay = guest_in(club, Person("Wang Yaqin", phone=PHONE), nights=1)
    club.next_day()
    club.clock.set(TODAY + DAY, 10)
    money(club, service.pay, number=club.number, stay_id=stay, amount=Money(29800))
    leave(club, stay)
    club.next_day()
    assert has(club) == 200 * 150 // 100
    stay_for(club, room="302", payments=[], unsettled="later")
    assert has(club) == 300


def test_off_by_default_nothing_is_earned_or_spent(house):
    house.number = join(house)
    stay_for(house)
    assert has(house) == 0
    with pytest.raises(Refused, match="switched off"):
        money(house, service.spend_points, number=house.number, stay_id=1, points=1)


def test_a_close_that_is_repeated_earns_nothing_more(club):
    stay_for(club)
    before, day = has(club), club.house().business_date
    with suppress(Refused):
        club.do(night_audit.close, business_date=day - DAY)
    assert has(club) == before


# ------------------------------------------------------------------ spent
def test_points_are_a_rebate_on_the_folio_and_come_back_once(club):
    give(club, 5000)
    stay = guest_in(club, Person("Wang Yaqin", phone=PHONE))
    money(club, folio_service.charge, stay_id=stay, code="MINIBAR", amount=Money(3000))
    spend = {"number": club.number, "stay_id": stay}
    for count, why in ((0, "has 5000 points"), (5001, "has 5000 points"), (3001, "The folio owes 30.00")):
        with pytest.raises(Refused, match=why):
            money(club, service.spend_points, points=count, **spend)
    made = money(club, service.spend_points, points=3000, **spend)
    line = club.ask(folios.folio_lines, stay_id=stay)[-1]
    assert (line.code, line.paid, line.rule) == ("POINTS", 3000, "3000 points")
    assert has(club) == 2000
    with pytest.raises(Refused, match="on the page Members"):
        money(club, folio_service.void, transfer_id=line.id, reason="wrong")
    boss, club.clerk = club.clerk, person(club, "clerk")
    with pytest.raises(NeedsApproval, match="Giving 3000 points back to M-1"):
        money(club, service.give_points_back, row_id=made, reason="wrong")
    club.clerk = boss
    money(club, service.give_points_back, row_id=made, reason="wrong")
    with pytest.raises(Conflict, match="taken back already"):
        money(club, service.give_points_back, row_id=made, reason="wrong")
    assert (has(club), club.ask(scores.spent, member_id=1)) == (5000, [])
    club.next_day()
    assert club.look(lambda s: list(proof.faults(s))) == []


def test_what_nobody_spent_in_time_is_gone_the_oldest_spent_first(club):
    give(club, 1000, "earned:a", expires_on=TODAY)
    give(club, 500, "earned:b", expires_on=TODAY + DAY)
    stay = guest_in(club, Person("Wang Yaqin", phone=PHONE), nights=5)
    money(club, folio_service.charge, stay_id=stay, code="MINIBAR", amount=Money(3000))
    money(club, service.spend_points, number=club.number, stay_id=stay, points=400)
    club.next_day()
    assert has(club) == 500
    club.next_day()
    assert has(club) == 0
    assert [r.points for r in club.ask(scores.moves, member_id=1)] == [-500, -600, -400, 500, 1000]
    assert found(club) == []


# ------------------------------------------------------------------ levels
def test_nights_within_a_year_raise_the_level_at_the_close(club):
    black = club.do(service.add_level, **GOLD | {"name": "Black", "position": 3, "nights_needed": 2})
    stay_for(club, nights=1)
    assert row(club, club.number).level == "Gold"
    stay_for(club, nights=1, room="302")
    mine = row(club, club.number)
    assert (mine.level_id, mine.valid_until) == (
        black,
        points.terms.later(club.house().business_date - DAY, 12),
    )
    assert told(club, club.number)[0] == "level"
    [step, *_] = club.ask(queries.events, member_id=mine.id)
    assert step.detail == "Gold → Black, by the rule of the house"


def test_at_the_end_of_its_term_an_earned_level_is_lowered_or_begins_again(club):
    club.do(service.edit_level, level_id=level(club), **GOLD | {"points_needed": 800})
    silver = level(club, SILVER)
    with club.engine.begin() as connection:
        connection.execute(text("UPDATE member SET valid_until = :day"), {"day": TODAY.isoformat()})
    give(club, 900)
    club.next_day()
    assert (row(club, club.number).level, told(club, club.number)[0]) == ("Gold", "renewed")
    with club.engine.begin() as connection:
        connection.execute(text("UPDATE member SET valid_until = :day"), {"day": (TODAY + DAY).isoformat()})
    club.do(service.edit_level, level_id=level(club), **GOLD | {"points_needed": 901})
    club.next_day()
    assert (row(club, club.number).level_id, row(club, club.number).valid_until) == (silver, None)


# ------------------------------------------------------------------ the schema and the audit
def test_the_schema_keeps_points_above_zero_and_a_stay_from_earning_twice(club):
    stay_for(club)
    with pytest.raises(Exception, match="never_below_zero"), club.engine.begin() as connection:
        connection.execute(text("UPDATE member_points SET points = -1"))
    with pytest.raises(Exception, match="key"), club.engine.begin() as connection:
        connection.execute(text(COPY.format(key="key")))


COPY = (
    "INSERT INTO member_points_row (member_id, kind, points, amount, key, stay_id, reason, at, "
    "business_date, station) SELECT member_id, kind, points, amount, {key}, stay_id, reason, at, "
    "business_date, station FROM member_points_row"
)


def test_points_booked_twice_and_points_beside_their_moves_are_found(club):
    stay_for(club)
    with club.engine.begin() as connection:
        connection.execute(text(COPY.format(key="'again'")))
    assert found(club) == [
        ("M-1 Wang Yaqin: points", "has 447, the moves make 894"),
        ("M-1 Wang Yaqin: points", "a stay earned points twice, 447 too many"),
    ]
