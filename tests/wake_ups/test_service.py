"""Calls are taken, tried, answered, given up and cancelled; every try is kept."""

from datetime import timedelta

import pytest

from pms.core import i18n
from pms.core.clock import at
from pms.core.errors import Refused
from pms.printing.slip import Table
from pms.services.print_jobs import queries as print_queries
from pms.services.stays import people
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.services.wake_ups import queries, service
from tests.builders import TODAY

TOMORROW = TODAY + timedelta(days=1)


def check_in(house, room="301"):
    line = house.book()
    return house.do(stays.check_in, line_id=line, room_id=house.room_id(room), intent=house.new_intent())


def test_a_call_is_taken_tried_and_answered(house):
    stay = check_in(house)
    [number] = house.do(service.take, stay_id=stay, day=TOMORROW, time="630", remark="flight")
    house.do(service.tried, wake_up_id=number, answered=False)
    [row] = house.ask(queries.due)
    assert (row.room, row.guest, row.tries, row.state, row.remark) == (
        "301",
        "Wang Yaqin",
        1,
        "due",
        "flight",
    )
    house.do(service.tried, wake_up_id=number, answered=True, note="thanked")
    assert house.ask(queries.due) == []
    [row] = house.ask(queries.done, now=house.now())
    assert (row.state, row.tries, row.note) == ("answered", 2, "thanked")
    with pytest.raises(Refused, match="done already"):
        house.do(service.tried, wake_up_id=number, answered=True)


def test_the_same_time_on_several_days_is_one_order(house):
    assert len(house.do(service.take, stay_id=check_in(house), day=TOMORROW, time="7", days=3)) == 3
    assert [r.at - house.ask(queries.due)[0].at for r in house.ask(queries.due)] == [
        timedelta(days=n) for n in range(3)
    ]


def test_nobody_is_given_up_without_saying_what_was_done(house):
    [number] = house.do(service.take, stay_id=check_in(house), day=TOMORROW, time="6:30")
    with pytest.raises(Refused, match="who went up"):
        house.do(service.give_up, wake_up_id=number, note=" ")
    house.do(service.give_up, wake_up_id=number, note="Security knocked, guest was in the shower")
    assert house.ask(queries.done, now=house.now())[0].state == "given_up"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("6", "06:00"),
        ("630", "06:30"),
        ("0630", "06:30"),
        ("6:30", "06:30"),
        ("18.45", "18:45"),
        ("6\uff1a05", "06:05"),
    ],
)
def test_a_time_is_read_as_it_is_typed(typed, meant):
    assert service.checked(typed) == meant


@pytest.mark.parametrize("typed", ["", "24:00", "6:3", "6:60", "abc", "-1", "12345"])
def test_what_is_no_time_is_refused(typed):
    with pytest.raises(Refused, match="Type a time"):
        service.checked(typed)


def test_the_past_strangers_and_doubles_are_refused(house):
    stay = check_in(house)
    with pytest.raises(Refused, match="has passed"):
        house.do(service.take, stay_id=stay, day=TODAY, time="9:00")
    with pytest.raises(Refused, match="in house"):
        house.do(service.take, stay_id=999, day=TOMORROW, time="9:00")
    house.do(service.take, stay_id=stay, day=TOMORROW, time="9:00")
    with pytest.raises(Refused, match="on the list"):
        house.do(service.take, stay_id=stay, day=TOMORROW, time="9")


def test_calls_fall_away_with_the_guest(house):
    stay = check_in(house)
    house.do(service.take, stay_id=stay, day=TOMORROW, time="9:00")
    house.do(stays.undo_check_in, stay_id=stay, reason="wrong room", intent=house.new_intent())
    assert house.ask(queries.due) == []


def test_an_alarm_rises_when_the_time_has_come(house):
    [number] = house.do(service.take, stay_id=check_in(house), day=TODAY, time="18:00")
    assert house.ask(queries.alarms, now=house.now()) == []
    house.clock.set(TODAY, 18)
    [alarm] = house.ask(queries.alarms, now=house.now())
    assert (alarm.word, alarm.what) == ("wake_ups", {"wake_up_id": number})


def test_the_next_shift_reads_the_time_on_the_hotels_clock(house):
    house.do(service.take, stay_id=check_in(house), day=TOMORROW, time="630")
    [item] = house.ask(queries.handover)
    assert item.text == "21 Nov 06:30 Wang Yaqin"


def test_the_list_is_printed_only_when_there_is_something_on_it(house):
    with pytest.raises(Refused, match="nothing to print"):
        house.do(service.print_list)
    house.do(service.take, stay_id=check_in(house), day=TOMORROW, time="9:00")
    house.do(service.print_list)


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
@pytest.mark.parametrize("hidden", [False, True])
def test_the_list_names_whom_to_greet_but_nobody_who_is_not_to_be_disclosed(house, lang, hidden):
    stay = check_in(house)
    house.do(service.take, stay_id=stay, day=TOMORROW, time="630", way="knock", remark="flight")
    if hidden:
        guest = house.ask(stay_queries.stay, stay_id=stay, business_date=TODAY).guest_id
        house.do(people.mark, guest_id=guest, do_not_disclose=True)
    i18n.use(lang)
    house.do(service.print_list)
    i18n.use("en")
    [job] = [j for j in house.ask(print_queries.jobs) if j.kind == "wake_up_list"]
    slip = house.ask(print_queries.stored, job_id=job.id)
    [table] = [block for block in slip.blocks if isinstance(block, Table)]
    [line] = table.rows
    at_guest = next(at for at, column in enumerate(table.columns) if column.guests)
    day = {"en": "21 Nov", "zh_CN": "11-21"}[lang]
    assert line.cells[:2] == (f"{day} 06:30", "301")
    secret = "Do not disclose" if lang == "en" else "保密"
    assert line.cells[at_guest] == (secret if hidden else "Wang Yaqin")
    assert line.note == ("Knock, flight" if lang == "en" else "敲门，flight")
    told = [
        house.ask(queries.due)[0].guest,
        house.ask(queries.lodger, room="301").guest,
        house.ask(queries.handover)[0].text,
        house.ask(queries.alarms, now=at(TOMORROW, "07:00", "Asia/Shanghai"))[0].text,
        house.ask(queries.waiting, now=at(TOMORROW, "06:00", "Asia/Shanghai"))[0].text,
    ]
    assert [("Wang Yaqin" in words) is not hidden for words in told] == [True] * 5


@pytest.mark.parametrize(("hour", "day"), [(1, 1), (6.49, 1), (6.5, 2), (-2, 1)])
def test_without_a_day_it_is_the_next_such_time_by_the_clock(house, hour, day):
    stay = check_in(house)
    house.clock.set(TODAY + timedelta(days=1), hour)
    house.do(service.take, stay_id=stay, time="6:30")
    [call] = house.ask(queries.due)
    assert call.at == at(TODAY + timedelta(days=day), "06:30", "Asia/Shanghai")


def test_a_time_that_has_passed_on_a_named_day_is_refused_with_the_day(house):
    stay = check_in(house)
    with pytest.raises(Refused, match="20 Nov 2026 06:30 has passed already. Leave the day empty"):
        house.do(service.take, stay_id=stay, day=TODAY, time="6:30")
