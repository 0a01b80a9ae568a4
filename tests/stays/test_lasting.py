"""By which hour a deposit is used up, against what a check-out would charge at every minute of the day."""

from datetime import timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pms.core.clock import at
from pms.core.money import Money
from pms.core.options import Band
from pms.services.folios import service as folios
from pms.services.members import service as members
from pms.services.stays import lasting, queries
from pms.services.stays import service as stays
from pms.services.stays.models import Stay
from pms.services.stays.service import Paid
from tests.builders import DAY, TODAY
from tests.property.test_settings import set_options

ZONE = "Asia/Shanghai"
HALF = Band("12:00", "0.5", "half day")
FULL = Band("18:00", "1", "full day")
FREE = Band("00:00", "0", "free")


def guest(house, room="301", deposit=0, nights=3, name="Wang Yaqin"):
    held = Paid("CASH", Money(deposit)) if deposit else None
    return house.do(
        stays.check_in,
        line_id=house.book(name, nights=nights),
        room_id=house.room_id(room),
        deposit=held,
        intent=house.new_intent(),
    )


def told(house, stay):
    rows = [r for r in house.ask(queries.in_house, business_date=house.house().business_date)]
    return house.ask(lasting.lasting, rows=rows, now=house.now()).get(stay)


def over(house, stay, moment):
    """Say by the check-out's own question whether a guest would owe more than deposit and credit."""
    s = house.context_options()
    left = house.ask(
        queries.leaving,
        stay_id=stay,
        business_date=house.house().business_date,
        now=moment,
        zone=ZONE,
        options=s,
    )
    return left.owed + left.charge > left.deposit + s.credit_limit


bands = st.lists(
    st.tuples(st.integers(1, 47), st.sampled_from(("0.25", "0.5", "0.8", "1"))), min_size=1, max_size=4
).map(
    lambda drawn: (
        FREE,
        *(
            Band(f"{half // 2:02}:{half % 2 * 30:02}", ratio, "half day")
            for half, ratio in zip(
                sorted({half for half, _ratio in drawn}),
                sorted(ratio for _half, ratio in drawn),
                strict=False,
            )
        ),
    )
)


@settings(max_examples=25)
@example(
    late=(FREE, HALF, FULL),
    deposit=30000,
    limit=0,
    minibar=0,
    by_hand="",
    free_until="13:00",
    level="",
    minutes=[0],
)
@given(
    late=bands,
    deposit=st.integers(0, 90000),
    limit=st.integers(0, 30000),
    minibar=st.integers(0, 30000),
    by_hand=st.sampled_from(("", "HALF", "FULL")),
    free_until=st.sampled_from(("", "13:00", "14:30", "20:00")),
    level=st.sampled_from(("", "14:00", "16:00")),
    minutes=st.lists(st.integers(0, 1439), min_size=6, max_size=6),
)
def test_the_hour_is_the_one_from_which_a_check_out_would_owe_more(
    fresh, late, deposit, limit, minibar, by_hand, free_until, level, minutes
):
    with fresh() as house:
        stay = guest(house, deposit=deposit)
        if level:
            gold = house.do(members.add_level, name="Gold", free_until=level)
            house.do(
                members.join,
                name="Wang Yaqin",
                phone="13600001111",
                level_id=gold,
                stay_id=stay,
                intent=house.new_intent(),
            )
        house.do(lambda work: work.update_many(Stay, [Stay.id == stay], {"free_until": free_until}))
        house.next_day()
        set_options(house, late_bands=late, credit_limit=limit)
        if minibar:
            house.do(
                folios.charge, stay_id=stay, code="MINIBAR", amount=Money(minibar), intent=house.new_intent()
            )
        if by_hand:
            house.do(
                folios.charge, stay_id=stay, code=by_hand, amount=Money(14900), intent=house.new_intent()
            )
        until = told(house, stay).until
        edges = [
            *minutes,
            *(int(b.start[:2]) * 60 + int(b.start[3:]) for b in late),
            780,
            781,
            870,
            871,
            1439,
        ]
        for minute in edges:
            moment = at(TODAY + DAY, "00:00", ZONE) + timedelta(minutes=minute)
            assert over(house, stay, moment) == (until is not None and moment >= until), (minute, until)
        midnight = at(TODAY + 2 * DAY, "00:00", ZONE) + timedelta(minutes=3)
        assert over(house, stay, midnight) == (until is not None)


def test_who_leaves_today_is_reckoned_by_the_clock_of_that_day(house):
    stay = guest(house, deposit=30000, nights=1)
    house.next_day()
    found = told(house, stay)
    assert found.until == at(TODAY + DAY, "12:00", ZONE)
    assert found.rule == "12:00, from 12:00 half day: 0.5 × 298.00"
    assert not found.spent


def test_a_deposit_that_covers_the_night_lasts_and_one_that_is_spent_already_says_so(house):
    rich, poor, comp = (guest(house, room, sum_) for room, sum_ in (("301", 90000), ("302", 0), ("303", 0)))
    house.do(lambda work: work.update_many(Stay, [Stay.id == comp], {"kind": "comp"}))
    house.next_day()
    assert told(house, rich) == lasting.Lasts()
    assert told(house, poor).spent
    assert told(house, comp) is None


def test_after_midnight_the_night_of_one_who_should_have_left_is_used(house):
    stay = guest(house, deposit=29800 + 29800, nights=1)
    house.next_day()
    assert told(house, stay).until is None
    house.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(1), intent=house.new_intent())
    set_options(house, late_bands=(FREE,))
    assert told(house, stay).until is None
    house.clock.set(TODAY + 2 * DAY, 1)
    assert told(house, stay).until == at(TODAY + 2 * DAY, "00:00", ZONE)
