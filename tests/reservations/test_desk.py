"""What the desk asks of bookings, guests and rooms, on both engines."""

from datetime import timedelta

import pytest

from pms.core.errors import NeedsApproval, Refused
from pms.services.cards import queries as card_queries
from pms.services.cards import service as cards
from pms.services.guests import queries as guest_queries
from pms.services.guests import service as guests
from pms.services.guests.person import Person
from pms.services.reservations import queries, service
from pms.services.reservations.service import Wish
from pms.services.rooms import queries as room_queries
from pms.services.rooms import service as rooms
from pms.services.stays import people, vacancy
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from tests.authority.people import person
from tests.builders import BOSS, TODAY

DAY = timedelta(days=1)
NUMBER = "11010519491231002X"


def as_clerk(house):
    """Let a plain clerk work from now on."""
    house.clerk = person(house, "clerk")


def test_each_list_holds_what_it_says_and_the_tally_counts_the_same(house):
    house.book("Today")
    house.book("Soon", start=TODAY + 7 * DAY)
    house.book("Waiting", start=TODAY + 2 * DAY, state="waiting")
    house.book("Later", start=TODAY + 8 * DAY)
    house.do(service.cancel, line_id=house.book("Gone"), reason="ill")
    house.do(service.mark_no_show, line_id=house.book("Absent"))
    found = {
        which: [r.guest_name for r in house.ask(queries.listed, which=which, business_date=TODAY)]
        for which in queries.LISTS
    }
    assert found == {
        "today": ["Today"],
        "soon": ["Waiting", "Soon"],
        "open": ["Today", "Waiting", "Soon", "Later"],
        "cancelled": ["Gone"],
        "no_show": ["Absent"],
    }
    assert house.ask(queries.tally, business_date=TODAY) == {
        which: len(names) for which, names in found.items()
    }


def test_a_tally_of_nothing_is_nought(house):
    assert set(house.ask(queries.tally, business_date=TODAY).values()) == {0}


def test_figures_find_the_number_and_a_phone_whole_or_by_its_last_four(house):
    for n in range(3):
        house.book(f"Guest {n}", phone=f"13{n}0013800{n}")
    ask = lambda text: [r.guest_name for r in house.ask(queries.coming, start=TODAY, end=TODAY, text=text)]  # noqa: E731
    assert ask("2") == ["Guest 1"]
    assert ask("R-3") == ["Guest 2"]
    assert ask("8002") == ["Guest 2"]
    assert ask("13200138002") == ["Guest 2"]
    assert ask("132001") == []


def test_selling_more_rooms_than_there_are_needs_authority(house):
    kind = next(t for t in house.ask(room_queries.types) if t.code == "BIG")
    house.do(rooms.edit_type, type_id=kind.id, name=kind.name, beds=kind.beds, overbook=1)
    for n in range(3):
        house.book(f"Guest {n}")
    as_clerk(house)
    last = house.book("The last room")
    with pytest.raises(NeedsApproval, match="sold out on 20 Nov 2026"):
        house.book("One over")
    with pytest.raises(NeedsApproval):
        house.do(
            service.amend,
            line_id=house.book("Twin", "TWN"),
            wish=Wish(kind.id, TODAY, TODAY + DAY, plan_id=1),
            guest_name="Twin",
        )
    house.book("Waits", state="waiting")
    house.book("One over", approval=BOSS)
    [left] = house.ask(room_queries.left, type_ids=[kind.id], start=TODAY, end=TODAY + DAY)
    assert (left.total, left.sold) == (4, 5)
    assert house.ask(queries.line, line_id=last).state == "confirmed"


def test_a_change_leaves_how_the_booking_came_in_unless_told(house):
    line = house.book("Li Jianguo", source="ota", channel="Ctrip", reference="X1", company="Huanan")
    wish = Wish(house.type_id("BIG"), TODAY, TODAY + DAY, plan_id=1)
    house.do(service.amend, line_id=line, wish=wish, guest_name="Li Jianguo")
    house.do(service.amend, line_id=line, wish=wish, guest_name="Li Jianguo", reference=" X2 ", company="")
    row = house.ask(queries.line, line_id=line)
    assert (row.source, row.channel, row.reference, row.company) == ("ota", "Ctrip", "X2", "")


def test_a_guest_is_found_by_name_pinyin_initials_and_phone(house):
    house.do(guests.register, name="王雅琴", phone="13800138000")
    house.do(guests.register, name="Wang Wei", phone="13900139000")
    ask = lambda text: {g.name for g in house.ask(guest_queries.find, text=text)}  # noqa: E731
    assert ask("王") == {"王雅琴"}
    assert ask("wang") == {"王雅琴", "Wang Wei"}
    assert ask("wyq") == {"王雅琴"}
    assert ask("9000") == ask("13900139000") == {"Wang Wei"}
    assert ask("100 %") == set()


def test_a_document_entered_later_checks_the_guest(house):
    line = house.book()
    stay = house.do(
        stays.check_in,
        line_id=line,
        room_id=house.room_id("301"),
        guests=[Person("Wang Yaqin"), Person("Chen Zhiyuan")],
        intent=house.new_intent(),
    )
    first, second = (g.guest_id for g in house.ask(stay_queries.sharers, stay_id=stay))
    card = Person(document_type="id_card", document=NUMBER)
    house.do(people.identify, stay_id=stay, guest_id=first, person=card)
    assert house.ask(guest_queries.one, guest_id=first).identity == "checked"
    with pytest.raises(Refused, match="in this party already"):
        house.do(people.identify, stay_id=stay, guest_id=second, person=card)
    assert [g.guest_id for g in house.ask(stay_queries.sharers, stay_id=stay)] == [first, second]
    with pytest.raises(Refused, match="number of the document"):
        house.do(people.identify, stay_id=stay, guest_id=second, person=Person(document=" "))


def test_what_is_in_the_way_of_a_room_is_named(house):
    def ask(room, **more):
        dates = {"start": TODAY, "end": TODAY + 2 * DAY}
        return house.ask(vacancy.obstacle, room_id=house.room_id(room), **dates, **more)

    line = house.book("Chen Zhiyuan", room_id=house.room_id("302"))
    house.do(
        stays.check_in,
        line_id=house.book("Liu Yang"),
        room_id=house.room_id("301"),
        intent=house.new_intent(),
    )
    house.do(
        rooms.block,
        room_id=house.room_id("303"),
        kind="OOS",
        reason="paint",
        start=TODAY + DAY,
        end=TODAY + 3 * DAY,
    )
    assert (ask("301").kind, ask("301").who) == ("occupied", "Liu Yang")
    assert (ask("302").kind, ask("302").who, ask("302").until) == ("held", "Chen Zhiyuan", TODAY + 2 * DAY)
    assert ask("302", line_id=line) is None
    assert (ask("303").kind, ask("303").who) == ("blocked", "paint")
    assert ask("304") is None


def test_failed_cards_go_back_to_the_encoder(house):
    stay = house.do(
        stays.check_in,
        line_id=house.book(),
        room_id=house.room_id("301"),
        cards_wanted=2,
        intent=house.new_intent(),
    )
    with pytest.raises(Refused, match="No card of this stay has failed"):
        house.do(cards.again, stay_id=stay)
    first, second = house.ask(card_queries.of_stay, stay_id=stay)
    house.do(cards.encoded, card_id=first.id, uid="04A1")
    house.do(cards.failed, card_id=second.id, trouble="no card")
    house.do(cards.again, stay_id=stay)
    assert [(c.state, c.trouble) for c in house.ask(card_queries.of_stay, stay_id=stay)] == [
        ("valid", ""),
        ("pending", ""),
    ]
