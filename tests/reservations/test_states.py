"""Every state a booking can be in, every step between two of them, and every step that is refused; on both
engines."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pms.core.errors import Conflict, NeedsApproval, Refused
from pms.core.money import Money
from pms.core.office import Clerk
from pms.duties import ROLES
from pms.services.guests.person import Person
from pms.services.reservations import queries, service
from pms.services.reservations.duty import RESERVATIONS_OVERBOOK
from pms.services.reservations.models import HOLDING, STATE_NAMES, STEPS
from pms.services.reservations.service import Wish
from pms.services.rooms import queries as room_queries
from pms.services.rooms import service as rooms
from pms.services.staff import service as staff
from pms.services.stays import service as stays
from tests.builders import BOSS, PASSWORD, TODAY, House
from tests.invariants import check

DAY = timedelta(days=1)


def as_clerk(house: House) -> None:
    house.do(staff.take_on, login="ann", name="Ann", password=PASSWORD, role="clerk")
    house.clerk = Clerk(2, "Ann", "clerk", ROLES["clerk"][1])


def state(house: House, line: int) -> str:
    return house.ask(queries.line, line_id=line).state


def sold(house: House, code: str = "BIG", night=TODAY) -> int:
    [row] = house.ask(room_queries.left, type_ids=[house.type_id(code)], start=night, end=night + DAY)
    return row.sold


def bring_to(house: House, wanted: str) -> int:
    """Return a booked room in a state, reached as the desk reaches it."""
    line = house.book(state=wanted if wanted in (*HOLDING, "waiting") else "confirmed", nights=1)
    if wanted in ("in_house", "departed"):
        stay = house.do(stays.check_in, line_id=line, room_id=house.room_id("301"), intent=house.new_intent())
        if wanted == "departed":
            house.do(stays.check_out, stay_id=stay, intent=house.new_intent())
    elif wanted == "cancelled":
        house.do(service.cancel, line_id=line, reason="ill")
    elif wanted == "no_show":
        house.do(service.mark_no_show, line_id=line)
    assert state(house, line) == wanted
    return line


VERBS = {
    "cancelled": lambda house, line: house.do(service.cancel, line_id=line, reason="ill"),
    "no_show": lambda house, line: house.do(service.mark_no_show, line_id=line),
    "in_house": lambda house, line: house.do(
        stays.check_in, line_id=line, room_id=house.room_id("302"), intent=house.new_intent()
    ),
    "reinstate": lambda house, line: house.do(service.reinstate, line_id=line),
    "tentative": lambda house, line: house.do(service.set_state, line_id=line, state="tentative"),
    "confirmed": lambda house, line: house.do(service.set_state, line_id=line, state="confirmed"),
    "guaranteed": lambda house, line: house.do(service.set_state, line_id=line, state="guaranteed"),
}
OPEN_TO = {
    "waiting": {"cancelled", "tentative", "confirmed", "guaranteed"},
    "tentative": {"cancelled", "no_show", "in_house", "confirmed", "guaranteed"},
    "confirmed": {"cancelled", "no_show", "in_house", "tentative", "guaranteed"},
    "guaranteed": {"cancelled", "no_show", "in_house", "confirmed"},
    "in_house": set(),
    "departed": set(),
    "cancelled": {"reinstate"},
    "no_show": {"reinstate"},
}


@pytest.mark.parametrize("now", OPEN_TO)
def test_each_state_opens_its_own_steps_and_no_others(desk, now):
    for verb, act in VERBS.items():
        line = bring_to(desk, now)
        if verb in OPEN_TO[now]:
            act(desk, line)
            assert state(desk, line) == ("confirmed" if verb == "reinstate" else verb)
        else:
            with pytest.raises(Refused):
                act(desk, line)
            assert state(desk, line) == now
        desk.ask(check, today=TODAY)
        clear(desk)


def clear(house: House) -> None:
    from pms.services.stays import queries as stay_queries

    for stay in house.ask(stay_queries.in_house, business_date=TODAY):
        house.do(stays.check_out, stay_id=stay.stay_id, intent=house.new_intent())
    for line in house.ask(queries.arrivals, business_date=TODAY):
        house.do(service.cancel, line_id=line.line_id, reason="clear")
    house.do(rooms.set_clean, room_ids=[house.room_id("301"), house.room_id("302")], clean="clean")


def test_every_state_is_named_and_every_step_leads_to_one():
    assert set(STEPS) == set(STATE_NAMES) == {s for steps in STEPS.values() for s in steps} | {"waiting"}


def test_who_when_and_why_stand_on_the_booking_and_in_the_trail(house):
    from sqlalchemy import select

    from pms.db.base import AuditEntry
    from pms.services.reservations.models import BookedRoom

    line = house.book()
    house.clock.set(TODAY, 17)
    house.do(service.cancel, line_id=line, reason="the guest is ill")
    row = house.ask(lambda s: s.get(BookedRoom, line))
    assert (row.before, row.state, row.reason, row.state_by, row.state_at) == (
        "confirmed",
        "cancelled",
        "the guest is ill",
        1,
        house.now(),
    )
    entry = house.ask(
        lambda s: s.scalars(select(AuditEntry).where(AuditEntry.action == "reservations:cancel")).one()
    )
    assert entry.changes["state"] == ["confirmed", "cancelled"]
    assert (entry.record, entry.record_id, entry.clerk_id, entry.station) == (
        "booked_room",
        line,
        1,
        "desk-1",
    )


def test_several_rooms_in_one_booking_or_none(house):
    big, twin = house.type_id("BIG"), house.type_id("TWN")
    number = house.do(
        service.book,
        guest_name="Group",
        rooms=[
            Wish(big, TODAY, TODAY + DAY, plan_id=1),
            Wish(twin, TODAY, TODAY + 2 * DAY, plan_id=1),
            Wish(big, TODAY + DAY, TODAY + 3 * DAY, plan_id=1, adults=2),
        ],
    )
    lines = [house.ask(queries.line, line_id=x) for x in house.ask(queries.lines_of, number=number)]
    assert sorted((x.type_code, x.nights, x.total) for x in lines) == [
        ("BIG", 1, 29800),
        ("BIG", 2, 29800 + 26800),
        ("TWN", 2, 2 * 29800),
    ]
    with pytest.raises(Conflict, match="is sold out in the night of"):
        house.do(
            service.book,
            guest_name="Too many",
            rooms=[
                *[Wish(twin, TODAY, TODAY + DAY, plan_id=1)] * 2,
                *[Wish(big, TODAY, TODAY + DAY, plan_id=1)] * 4,
            ],
        )
    assert (sold(house, "TWN"), sold(house, "BIG")) == (1, 1)
    house.ask(check, today=TODAY)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"guest_name": "  "}, "guest's name"),
        ({"rooms": []}, "at least one room"),
        ({"state": "in_house"}, "A new booking is"),
        ({"state": "nonsense"}, "A new booking is"),
    ],
)
def test_a_booking_that_says_too_little_is_refused(desk, fields, why):
    wish = Wish(desk.type_id("BIG"), TODAY, TODAY + DAY, plan_id=1)
    with pytest.raises(Refused, match=why):
        desk.do(service.book, **({"guest_name": "Li", "rooms": [wish]} | fields))


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        ({"adults": -1}, "not negative"),
        ({"children": -1}, "not negative"),
        ({"plan_id": None}, "rate plan"),
        ({"prices": (1, 2, 3)}, "one price for each"),
    ],
)
def test_a_wish_that_cannot_be_meant_is_refused(desk, wish, why):
    fields = {"type_id": desk.type_id("BIG"), "arrival": TODAY, "departure": TODAY + DAY, "plan_id": 1} | wish
    with pytest.raises(Refused, match=why):
        desk.do(service.book, guest_name="Li", rooms=[Wish(**fields)])


def test_a_change_moves_the_nights_and_prices_the_stay_anew(house):
    line = house.book(nights=2, room_id=house.room_id("301"))
    wish = Wish(
        house.type_id("TWN"), TODAY + DAY, TODAY + 4 * DAY, adults=2, plan_id=1, room_id=house.room_id("201")
    )
    house.do(service.amend, line_id=line, wish=wish, guest_name="王雅琴", phone="138")
    assert [(sold(house, "BIG", TODAY + n * DAY), sold(house, "TWN", TODAY + n * DAY)) for n in range(5)] == [
        (0, 0),
        (0, 1),
        (0, 1),
        (0, 1),
        (0, 0),
    ]
    row = house.ask(queries.line, line_id=line)
    assert (row.guest_name, row.room, row.total, row.adults) == ("王雅琴", "201", 29800 + 2 * 25800, 2)
    assert [x.line_id for x in house.ask(queries.coming, start=TODAY, end=TODAY + DAY, text="wangya")] == [
        line
    ]
    house.ask(check, today=TODAY)


def test_a_change_without_a_name_keeps_the_name_and_its_search(house):
    line = house.book("王雅琴")
    house.do(
        service.amend,
        line_id=line,
        wish=Wish(house.type_id("BIG"), TODAY, TODAY + DAY, plan_id=1),
        guest_name="",
    )
    assert [x.guest_name for x in house.ask(queries.coming, start=TODAY, end=TODAY, text="wyq")] == ["王雅琴"]


def test_a_change_that_does_not_fit_changes_nothing(house):
    for n in range(4):
        house.book(f"Guest {n}", type_code="TWN")
    line = house.book(nights=2)
    with pytest.raises(Conflict, match="is sold out in the night of"):
        house.do(
            service.amend,
            line_id=line,
            wish=Wish(house.type_id("TWN"), TODAY, TODAY + DAY, plan_id=1),
            guest_name="Li",
        )
    row = house.ask(queries.line, line_id=line)
    assert (row.type_code, row.nights, row.guest_name) == ("BIG", 2, "Wang Yaqin")
    house.ask(check, today=TODAY)


def test_waiting_holds_nothing_until_it_is_confirmed(house):
    line = house.book(state="waiting", room_id=house.room_id("301"))
    assert sold(house) == 0
    assert house.ask(queries.line, line_id=line).room_id is None
    for n in range(4):
        house.book(f"Guest {n}")
    with pytest.raises(Conflict, match="is sold out in the night of"):
        house.do(service.set_state, line_id=line, state="confirmed")
    assert state(house, line) == "waiting"
    house.ask(check, today=TODAY)


def test_a_wish_whose_days_have_passed_is_not_confirmed(house):
    line = house.book(state="waiting", nights=1)
    house.next_day()
    house.next_day()
    with pytest.raises(Refused, match="is closed. Make a new booking"):
        house.do(service.set_state, line_id=line, state="confirmed")
    house.ask(check, today=TODAY + 2 * DAY)


def test_a_late_guest_comes_back_for_the_nights_that_are_left(house):
    line = house.book(nights=3)
    house.next_day()
    house.do(service.reinstate, line_id=line)
    house.ask(check, today=TODAY + DAY)
    house.do(service.assign_room, line_id=line, room_id=house.room_id("301"))
    house.do(
        service.amend,
        line_id=line,
        wish=Wish(house.type_id("BIG"), TODAY + DAY, TODAY + 4 * DAY, plan_id=1),
        guest_name="Late",
    )
    house.ask(check, today=TODAY + DAY)
    house.do(service.cancel, line_id=line, reason="no")
    house.do(service.reinstate, line_id=line)
    house.do(stays.check_in, line_id=line, room_id=house.room_id("302"), intent=house.new_intent())
    house.ask(check, today=TODAY + DAY)


def test_a_late_guests_card_shows_the_nights_that_are_left(house):
    from sqlalchemy import select

    from pms.db.base import PrintJob

    line = house.book(nights=3)
    house.next_day()
    house.do(service.reinstate, line_id=line)
    house.do(stays.check_in, line_id=line, room_id=house.room_id("301"), intent=house.new_intent())
    card = str(
        house.ask(
            lambda s: s.scalars(select(PrintJob.slip).where(PrintJob.kind == "registration_card")).one()
        )
    )
    assert "565.98" not in card
    assert "298.00" in card
    assert "863" not in card


def test_what_is_over_is_not_reinstated(house):
    line = house.book(nights=1)
    house.next_day()
    with pytest.raises(Refused, match="is closed. Make a new booking"):
        house.do(service.reinstate, line_id=line)


def test_no_show_is_not_said_before_the_day(house):
    line = house.book(start=TODAY + DAY)
    with pytest.raises(Refused, match="arrives on 21 Nov 2026"):
        house.do(service.mark_no_show, line_id=line)
    with pytest.raises(Refused, match="arrives on"):
        house.do(stays.check_in, line_id=line, room_id=house.room_id("301"), intent=house.new_intent())


def test_the_release_list_names_who_is_not_guaranteed_and_late(house):
    early, late, sure = (
        house.book("Early", hold_until="16:00"),
        house.book("Late", hold_until="20:00"),
        house.book("Sure", state="guaranteed"),
    )
    assert [x.line_id for x in house.ask(queries.release_list, business_date=TODAY, clock="18:00")] == [early]
    assert [x.line_id for x in house.ask(queries.release_list, business_date=TODAY, clock="23:00")] == [
        early,
        late,
    ]
    assert state(house, sure) == "guaranteed"


def test_a_room_that_is_held_without_a_guarantee_waits_from_two_hours_before(house):
    early, late = house.book("Early", hold_until="16.00"), house.book("Late", hold_until="2000")
    house.book("Sure", state="guaranteed")
    house.book("Tomorrow", start=TODAY + DAY, hold_until="06:00")

    def waits(hour):
        house.clock.set(TODAY, hour)
        return [(d.text, d.what) for d in house.ask(queries.waiting, now=house.now())]

    assert waits(13.9) == []
    [(told, what)] = waits(14)
    assert (told.endswith("Early: held until 16:00"), what) == (True, {"line_id": early})
    assert [what["line_id"] for _told, what in waits(21)] == [early, late]
    for wrong in ("25:00", "soon"):
        with pytest.raises(Refused, match="Type a time"):
            house.book("Wrong", hold_until=wrong)


def test_overbooking_needs_an_allowance_and_authority(house):
    house.do(rooms.edit_type, type_id=house.type_id("BIG"), name="Queen", beds=1, overbook=1)
    for n in range(4):
        house.book(f"Guest {n}", nights=1)
    waiting = house.book("Waits", nights=1, state="waiting")
    as_clerk(house)
    for act in (
        lambda: house.book("Fifth", nights=1),
        lambda: house.do(service.set_state, line_id=waiting, state="confirmed"),
    ):
        with pytest.raises(NeedsApproval) as asked:
            act()
        assert asked.value.permission == RESERVATIONS_OVERBOOK
    house.do(
        service.book,
        guest_name="Fifth",
        rooms=[Wish(house.type_id("BIG"), TODAY, TODAY + DAY, plan_id=1)],
        approval=BOSS,
    )
    assert sold(house) == 5
    house.ask(check, today=TODAY)


def test_a_price_below_the_clerks_limit_needs_a_second_person(house):
    as_clerk(house)
    wish = Wish(house.type_id("BIG"), TODAY, TODAY + DAY, plan_id=1, prices=(28310,))  # 5 % off 298.00
    house.do(service.book, guest_name="Fair", rooms=[wish])
    with pytest.raises(NeedsApproval) as asked:
        house.do(
            service.book,
            guest_name="Cheap",
            rooms=[Wish(house.type_id("BIG"), TODAY, TODAY + DAY, plan_id=1, prices=(28309,))],
        )
    assert asked.value.amount == 29800 - 28309
    bare = Wish(house.type_id("BIG"), TODAY, TODAY + DAY, prices=(28310,))  # without a plan: the list counts
    house.do(service.book, guest_name="No plan", rooms=[bare])
    with pytest.raises(NeedsApproval, match="5 %"):
        house.do(service.book, guest_name="No plan", rooms=[replace(bare, prices=(28309,))])
    far = TODAY + 900 * DAY
    wish = replace(bare, arrival=far, departure=far + DAY, prices=(29800,))
    with pytest.raises(NeedsApproval, match="none is listed"):
        house.do(service.book, guest_name="Too far", rooms=[wish])
    with pytest.raises(NeedsApproval):
        house.do(
            stays.walk_in,
            room_id=house.room_id("301"),
            departure=TODAY + DAY,
            guests=[Person("Walker")],
            plan_id=1,
            prices=(1,),
            intent=house.new_intent(),
        )


def test_an_advance_is_taken_for_what_is_to_come_only(house):
    line = bring_to(house, "cancelled")
    with pytest.raises(Refused, match="still to come"):
        house.do(service.take_advance, line_id=line, method="CASH", amount=Money(100), intent="a")
