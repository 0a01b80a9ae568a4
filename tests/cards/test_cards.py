"""Cards follow the stay: cut after the check-in, again when the departure changes; a failing encoder never
costs the check-in."""

import threading
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from pms.core.errors import DeviceTrouble, NeedsApproval, Refused
from pms.core.office import Clerk
from pms.devices.cards import FolderEncoder, Order
from pms.duties import ROLES
from pms.services.cards import queries, service
from pms.services.cards.desk import CardDesk
from pms.services.folios import queries as folio_queries
from pms.services.guests.person import Person
from pms.services.property import service as property_service
from pms.services.staff import service as staff
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from tests.builders import PASSWORD, TODAY, House

DAY = timedelta(days=1)


@dataclass
class Encoder:
    """An encoder made of a list; ``before`` happens while a card lies on it, ``faults`` are what goes wrong
    next."""

    cut_orders: list[Order] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)
    before: object = None

    def cut(self, order: Order) -> str:
        if self.before:
            self.before()
        if self.faults:
            raise self.faults.pop(0)
        self.cut_orders.append(order)
        return f"UID{order.number}"


def check_in(house: House, room: str = "301", count: int = 2, **fields: object) -> int:
    line = house.book(**fields)
    return house.do(
        stays.check_in,
        line_id=line,
        room_id=house.room_id(room),
        cards_wanted=count,
        guests=[Person("王雅琴")],
        intent=house.new_intent(),
    )


def shown(house: House, stay_id: int) -> list[tuple[str, str]]:
    return [(card.kind, card.state) for card in house.ask(queries.of_stay, stay_id=stay_id)]


def test_a_check_in_cuts_its_cards_for_the_length_of_the_stay(house):
    stay, encoder = check_in(house), Encoder()
    assert shown(house, stay) == [("new", "pending"), ("duplicate", "pending")]
    CardDesk(house, encoder).look()
    assert shown(house, stay) == [("new", "valid"), ("duplicate", "valid")]
    assert [
        (o.kind, o.room, f"{o.valid_from:%m-%d %H:%M}", f"{o.valid_to:%m-%d %H:%M}")
        for o in encoder.cut_orders
    ] == [("new", "301", "11-20 14:30", "11-22 12:00"), ("duplicate", "301", "11-20 14:30", "11-22 12:00")]


@pytest.mark.parametrize(
    "fault", [DeviceTrouble("no card on the encoder"), ZeroDivisionError("a driver with a defect")]
)
def test_a_failing_encoder_costs_a_card_and_never_the_check_in(house, fault):
    stay, encoder = check_in(house), Encoder(faults=[fault])
    desk = CardDesk(house, encoder)
    desk.look()
    assert shown(house, stay) == [("new", "failed"), ("duplicate", "valid")]
    assert str(fault) in house.ask(queries.of_stay, stay_id=stay)[0].trouble
    assert house.ask(stay_queries.stay, stay_id=stay, business_date=TODAY).state == "in_house"
    desk.look()
    assert shown(house, stay)[0] == ("new", "failed")  # waits for a person who puts a card on the encoder
    house.do(service.again, stay_id=stay)
    desk.look()
    assert shown(house, stay) == [("new", "valid"), ("duplicate", "valid")]
    with pytest.raises(Refused, match="No card of this stay"):
        house.do(service.again, stay_id=stay)


def test_a_new_card_ends_the_cards_of_the_guest_before(house):
    first = check_in(house, nights=1)
    CardDesk(house, Encoder()).look()
    house.next_day()
    house.do(stays.check_out, stay_id=first, payments=[stays.Paid("CASH", 29800)], intent="out")
    assert shown(house, first) == [("new", "ended"), ("duplicate", "ended")]


def test_another_departure_cuts_the_cards_again(house):
    stay, encoder = check_in(house), Encoder()
    desk = CardDesk(house, encoder)
    desk.look()
    house.do(stays.extend, stay_id=stay, departure=TODAY + 4 * DAY)
    assert shown(house, stay) == [("extend", "pending")] * 2
    desk.look()
    assert [f"{o.valid_to:%m-%d}" for o in encoder.cut_orders] == ["11-22", "11-22", "11-24", "11-24"]


def test_a_card_that_was_never_cut_still_ends_the_cards_before_it(house):
    stay = check_in(house)
    house.do(stays.extend, stay_id=stay, departure=TODAY + 4 * DAY)
    assert shown(house, stay) == [("new", "pending"), ("duplicate", "pending")]


def test_a_departure_that_changes_while_the_card_is_cut_has_it_cut_again(house):
    stay, encoder = check_in(house, count=1), Encoder()

    def extend() -> None:
        encoder.before = None
        house.do(stays.extend, stay_id=stay, departure=TODAY + 4 * DAY)

    encoder.before = extend
    desk = CardDesk(house, encoder)
    desk.look()
    assert shown(house, stay) == [("new", "pending")]
    desk.look()
    assert shown(house, stay) == [("new", "valid")]
    assert f"{encoder.cut_orders[-1].valid_to:%m-%d}" == "11-24"


def test_a_guest_who_leaves_while_the_card_is_cut_has_no_valid_card(house):
    stay, encoder = check_in(house, count=1, nights=1), Encoder()
    encoder.before = lambda: house.do(stays.undo_check_in, stay_id=stay, reason="wrong guest", intent="undo")
    CardDesk(house, encoder).look()
    assert shown(house, stay) == [("new", "ended")]


def test_a_room_change_ends_the_old_room_s_cards_and_cuts_new_ones(house):
    stay, encoder = check_in(house), Encoder()
    desk = CardDesk(house, encoder)
    desk.look()
    house.do(stays.change_room, stay_id=stay, room_id=house.room_id("302"), reason="noise", cards_wanted=2)
    desk.look()
    assert [(o.kind, o.room) for o in encoder.cut_orders[2:]] == [("new", "302"), ("duplicate", "302")]
    assert shown(house, stay) == [
        ("new", "ended"),
        ("duplicate", "ended"),
        ("new", "valid"),
        ("duplicate", "valid"),
    ]


def test_a_workstation_cuts_its_own_cards(house):
    stay, encoder = check_in(house), Encoder()
    house.station = "desk-2"
    CardDesk(house, encoder).look()
    assert encoder.cut_orders == []
    house.do(service.copy, stay_id=stay)
    CardDesk(house, encoder).look()
    assert [(o.kind, o.room) for o in encoder.cut_orders] == [("duplicate", "301")]


def test_the_desk_cuts_with_nobody_signed_in(house):
    stay = check_in(house)
    house.sign_out()
    CardDesk(house, Encoder()).look()
    assert [state for _kind, state in shown(house, stay)] == ["valid", "valid"]


def test_a_card_comes_back_or_is_lost_once_and_with_a_reason(house):
    stay = check_in(house)
    CardDesk(house, Encoder()).look()
    first, second = house.ask(queries.of_stay, stay_id=stay)
    with pytest.raises(Refused, match="how the card was lost"):
        house.do(service.take_back, card_id=first.id, lost=True)
    house.do(service.take_back, card_id=first.id, lost=True, reason="on the beach")
    house.do(service.take_back, card_id=second.id)
    assert [state for _kind, state in shown(house, stay)] == ["lost", "returned"]
    with pytest.raises(Refused, match="back already"):
        house.do(service.take_back, card_id=second.id)
    assert house.ask(queries.still_out, stay_id=stay) == 0


def test_the_thread_wakes_after_the_commit(desk, tmp_path):
    done = threading.Event()
    desk.changes.listen(lambda topics: done.set() if list(tmp_path.glob("card-*.json")) else None)
    cards = CardDesk(desk, FolderEncoder(tmp_path), seconds=60)
    cards.start()
    try:
        stay = check_in(desk, count=1)
        assert done.wait(20)
    finally:
        cards.stop()
    assert shown(desk, stay) == [("new", "valid")]


# ------------------------------------------------------------------ a lost card
def charged(house: House, stay_id: int) -> list[tuple[str, int]]:
    return [(line.code, line.charge) for line in house.ask(folio_queries.folio_lines, stay_id=stay_id)]


def test_a_lost_card_ends_all_of_its_stay_and_new_ones_are_cut_and_charged(house):
    stay, encoder = check_in(house, count=2), Encoder()
    desk = CardDesk(house, encoder)
    desk.look()
    first, _second = house.ask(queries.of_stay, stay_id=stay)
    house.do(service.replace_lost, card_id=first.id, reason="on the beach", count=2, intent="lost")
    assert shown(house, stay) == [
        ("new", "lost"),
        ("duplicate", "ended"),
        ("new", "pending"),
        ("duplicate", "pending"),
    ]
    desk.look()
    assert [(o.kind, o.room) for o in encoder.cut_orders[2:]] == [("new", "301"), ("duplicate", "301")]
    assert charged(house, stay) == [("CARD", 2000)]
    assert house.ask(queries.still_out, stay_id=stay) == 2


def test_pressing_twice_or_without_a_reason_costs_nothing_more(house):
    stay = check_in(house, count=1)
    CardDesk(house, Encoder()).look()
    [card] = house.ask(queries.of_stay, stay_id=stay)
    for wrong in ({"reason": " "}, {"reason": "gone", "count": 0}, {"reason": "gone", "count": 10}):
        with pytest.raises(Refused):
            house.do(service.replace_lost, card_id=card.id, intent=house.new_intent(), **wrong)
    assert shown(house, stay) == [("new", "valid")]
    for _press in range(2):
        house.do(service.replace_lost, card_id=card.id, reason="gone", intent="once")
    assert charged(house, stay) == [("CARD", 2000)]
    with pytest.raises(Refused, match="back already"):
        house.do(service.replace_lost, card_id=card.id, reason="gone", intent="twice")


def test_an_encoder_that_fails_leaves_the_old_cards_ended_and_the_new_one_one_key_away(house):
    stay, encoder = check_in(house, count=1), Encoder()
    desk = CardDesk(house, encoder)
    desk.look()
    encoder.faults = [DeviceTrouble("no card on the encoder")]
    [card] = house.ask(queries.of_stay, stay_id=stay)
    house.do(service.replace_lost, card_id=card.id, reason="gone", intent="lost")
    desk.look()
    assert shown(house, stay) == [("new", "lost"), ("new", "failed")]
    house.do(service.again, stay_id=stay)
    desk.look()
    assert shown(house, stay) == [("new", "lost"), ("new", "valid")]


def test_not_charging_needs_authority_and_a_house_may_charge_nothing(house):
    stay = check_in(house, count=1)
    [card] = house.ask(queries.of_stay, stay_id=stay)
    number = house.do(staff.take_on, login="ann", name="Ann", password=PASSWORD, role="clerk")
    boss, house.clerk = house.clerk, Clerk(number, "Ann", "clerk", ROLES["clerk"][1])
    with pytest.raises(NeedsApproval, match="lost card"):
        house.do(service.replace_lost, card_id=card.id, reason="gone", charge=False, intent="a")
    house.clerk = boss
    house.do(property_service.edit, name="House", options=replace(house.context_options(), card_price=0))
    house.do(service.replace_lost, card_id=card.id, reason="gone", intent="b")
    assert charged(house, stay) == []


def test_a_guest_who_has_left_gets_no_new_card(house):
    stay = check_in(house, count=1, nights=0)
    [card] = house.ask(queries.of_stay, stay_id=stay)
    house.do(stays.check_out, stay_id=stay, intent="out")
    with pytest.raises(Refused):
        house.do(service.replace_lost, card_id=card.id, reason="gone", intent="b")
