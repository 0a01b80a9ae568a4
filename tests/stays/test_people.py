"""Who is who: a person is known by kind, issuing state and number of a document; a stay keeps what was
registered; guests come and leave one by one. On both engines."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from pms.core.errors import NeedsConfirmation, Refused
from pms.services.guests import queries as guest_queries
from pms.services.guests import service as guests
from pms.services.guests.models import Guest
from pms.services.guests.person import Person
from pms.services.room_board import queries as board_queries
from pms.services.stays import people, queries
from pms.services.stays import service as stays
from pms.services.stays.models import Sharer
from tests.builders import TODAY, House

ZHAO, QIAN = "11010519491231002X", "33010619900101123X"


def card(name: str, number: str, **more) -> Person:
    return Person(name, document_type="id_card", document=number, **more)


def passport(name: str, number: str, state: str) -> Person:
    return Person(name, document_type="passport", document=number, nationality=state)


def arrive(
    house: House, room: str, *guests: Person, said: frozenset[str] = frozenset(), adults: int = 1
) -> int:
    return house.do(
        stays.walk_in,
        room_id=house.room_id(room),
        departure=TODAY + timedelta(days=2),
        guests=guests,
        adults=adults,
        plan_id=1,
        intent=house.new_intent(),
        confirmed=said,
    )


def row(house: House, stay: int) -> queries.StayRow:
    return house.ask(queries.stay, stay_id=stay, business_date=house.house().business_date)


def party(house: House, stay: int) -> list[tuple[str, bool]]:
    return [(s.name, s.left_on is None) for s in house.ask(queries.sharers, stay_id=stay)]


def asked(call, *args, **fields) -> str:
    """Return what is asked before the call is made."""
    with pytest.raises(NeedsConfirmation) as question:
        call(*args, **fields)
    return str(question.value)


# ------------------------------------------------------------------ one document, one person
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (passport("SMITH JOHN", "123456789", "GBR"), passport("MILLER ANN", "123456789", "USA")),
        (
            Person("LEE TAK", document_type="travel_permit", document="H12345678"),
            passport("LEE KIM", "h12345678", "SGP"),
        ),
    ],
)
def test_one_number_of_two_states_or_kinds_is_two_people(house, one, other):
    first, second = arrive(house, "301", one), arrive(house, "302", other)
    assert (row(house, first).guest, row(house, second).guest) == (one.name, other.name)
    assert row(house, first).guest_id != row(house, second).guest_id
    assert [t.guest for t in house.ask(board_queries.board) if t.guest] == [one.name, other.name]


def test_another_name_is_asked_about_before_anything_is_overwritten(house):
    first = arrive(house, "301", card("Zhao Min", ZHAO))
    question = asked(arrive, house, "302", card("Qian Li", ZHAO))
    assert "****************2X" in question
    assert "Zhao Min" in question
    assert "Qian Li" in question
    assert house.ask(guest_queries.find, text="qian") == []
    assert [t.guest for t in house.ask(board_queries.board) if t.guest] == ["Zhao Min"]
    second = arrive_asking(house, "302", card("Qian Li", ZHAO))
    assert (row(house, first).guest, row(house, second).guest) == ("Zhao Min", "Qian Li")
    assert row(house, first).guest_id == row(house, second).guest_id


def arrive_asking(house: House, room: str, *guests: Person) -> int:
    """Check in and say yes to every question."""
    said: frozenset[str] = frozenset()
    while True:
        try:
            return arrive(house, room, *guests, said=said)
        except NeedsConfirmation as question:
            said |= {question.token}


@pytest.mark.parametrize("name", ["zhao  MIN", "MIN ZHAO", "Zháo Mín", "Ｚｈａｏ Ｍｉｎ", "Zhao-Min"])
def test_the_same_name_written_otherwise_is_not_asked_about(house, name):
    made = house.do(guests.register, name="Zhao Min", document_type="id_card", document=ZHAO)
    assert house.do(guests.register, name=name, document_type="id_card", document=ZHAO.lower()) == made


def test_a_passport_whose_state_is_not_known_is_asked_about_unless_the_name_is_the_same(house):
    known = house.do(
        guests.register, name="SMITH JOHN", document_type="passport", document="123456789", nationality="GBR"
    )
    given = {"document_type": "passport", "document": "123456789"}
    assert house.do(guests.register, name="John Smith", **given) == known
    assert "GBR" in asked(house.do, guests.register, name="MILLER ANN", **given)
    other = house.do(guests.register, name="MILLER ANN", nationality="USA", **given)
    assert other != known
    assert house.ask(guest_queries.one, guest_id=known).name == "John Smith"


def test_a_resident_number_of_another_makes_another_person_whoever_was_picked_from_the_list(house):
    known = house.do(guests.register, name="Wang Wei", document_type="id_card", document=ZHAO)
    stay = arrive(house, "301", card("Wang Wei", QIAN, guest_id=known))
    assert row(house, stay).guest_id != known
    assert house.ask(guest_queries.one, guest_id=known).document_shown == "****************2X"


def test_a_new_passport_of_somebody_known_is_asked_about(house):
    known = house.do(
        guests.register, name="SMITH JOHN", document_type="passport", document="533401372", nationality="GBR"
    )
    again = Person("SMITH JOHN", known, document_type="passport", document="650022119", nationality="GBR")
    assert "new document" in asked(arrive, house, "301", again)
    stay = arrive_asking(house, "301", again)
    assert row(house, stay).guest_id == known


def test_the_same_document_twice_in_one_party_is_refused(house):
    with pytest.raises(Refused, match=r"ID card \*+2X is Zhao Min's.*party already"):
        arrive(house, "301", card("Zhao Min", ZHAO), card("Qian Li", ZHAO.lower()))
    stay = arrive(house, "301", card("Zhao Min", ZHAO))
    for again in (card("Qian Li", ZHAO), Person("Zhao Min", row(house, stay).guest_id)):
        with pytest.raises(Refused, match="party already"):
            house.do(people.add_sharer, stay_id=stay, person=again)
    assert party(house, stay) == [("Zhao Min", True)]


def test_somebody_who_is_in_another_room_is_asked_about(house):
    stay = arrive(house, "301", card("Zhao Min", ZHAO), card("Qian Li", QIAN))
    assert "Zhao Min is registered in 301" in asked(arrive, house, "302", card("Zhao Min", ZHAO))
    assert "301" in asked(arrive, house, "302", Person("Li Na"), card("Qian Li", QIAN))
    arrive_asking(house, "302", card("Zhao Min", ZHAO))
    house.do(stays.check_out, stay_id=stay, payments=(), intent="out")
    assert party(house, arrive(house, "303", card("Qian Li", QIAN))) == [("Qian Li", True)]


# ------------------------------------------------------------------ what was registered stays
def test_what_was_registered_with_a_stay_stays_as_it_was(house):
    stay = arrive(house, "301", card("Zhao Min", ZHAO, address="杭州", ethnic="汉"))
    house.do(stays.check_out, stay_id=stay, intent="out")
    known = row(house, stay).guest_id
    said = frozenset({f"name:{known}:Qian Li"})
    house.do(
        guests.register,
        name="Qian Li",
        document_type="id_card",
        document=ZHAO,
        address="上海",
        confirmed=said,
    )
    assert house.ask(guest_queries.one, guest_id=known).name == "Qian Li"
    assert row(house, stay).guest == "Zhao Min"
    kept = house.ask(lambda s: s.scalars(select(Sharer).where(Sharer.stay_id == stay)).one())
    assert (
        kept.name,
        kept.address,
        kept.ethnic,
        kept.nationality,
        kept.document_shown,
        kept.sex,
        kept.birth,
    ) == (
        "Zhao Min",
        "杭州",
        "汉",
        "CHN",
        "****************2X",
        "F",
        date(1949, 12, 31),
    )


def test_ethnic_group_and_nationality_are_two_facts(house):
    made = house.do(
        guests.register, name="阿依古丽", document_type="id_card", document=QIAN, ethnic="柯尔克孜"
    )
    known = house.ask(guest_queries.one, guest_id=made)
    assert (known.ethnic, known.nationality) == ("柯尔克孜", "CHN")
    hk = house.do(
        guests.register, name="陈大文", document_type="residence_permit", document="810000199001010035"
    )
    assert house.ask(guest_queries.one, guest_id=hk).nationality == "HKG"


# ------------------------------------------------------------------ who is in the room
def more_than_the_bed(*adults: int) -> frozenset[str]:
    """Return the clerk's word that so many share 301's one bed."""
    return frozenset(f"beds:301:{n}" for n in adults)


@pytest.mark.parametrize(("booked", "heads"), [(1, 4), (2, 4), (5, 5)])
def test_everybody_registered_is_counted_the_fourth_guest_too(house, booked, heads):
    names = [Person(name) for name in "ABCD"]
    stay = arrive(house, "301", *names[:2], adults=booked, said=more_than_the_bed(booked))
    for late in names[2:]:
        house.do(people.add_sharer, stay_id=stay, person=late, confirmed=more_than_the_bed(3, 4))
    assert row(house, stay).adults == heads
    tile = next(t for t in house.ask(board_queries.board) if t.number == "301")
    assert (tile.heads, "shield" in tile.flags) == (heads, True)


def test_a_second_guest_who_was_booked_adds_no_head(house):
    stay = arrive(house, "301", Person("A"), adults=2)
    house.do(people.add_sharer, stay_id=stay, person=Person("B"))
    assert row(house, stay).adults == 2


def test_one_sharer_leaves_alone_and_it_can_be_taken_back(house):
    stay = arrive(house, "301", card("Zhao Min", ZHAO), card("Qian Li", QIAN))
    qian = house.ask(queries.sharers, stay_id=stay)[1].guest_id
    house.do(people.leave_alone, stay_id=stay, guest_id=qian)
    assert party(house, stay) == [("Zhao Min", True), ("Qian Li", False)]
    assert row(house, stay).adults == 1
    arrive(house, "302", card("Qian Li", QIAN))  # elsewhere nothing is asked: she has left 301
    with pytest.raises(NeedsConfirmation, match="302"):
        house.do(people.take_back, stay_id=stay, guest_id=qian)
    said = frozenset({f"elsewhere:{qian}:302"})
    house.do(people.take_back, stay_id=stay, guest_id=qian, confirmed=said)
    assert party(house, stay) == [("Zhao Min", True), ("Qian Li", True)]
    assert row(house, stay).adults == 2


def test_when_the_first_leaves_the_next_takes_the_place_and_the_last_is_checked_out(house):
    stay = arrive(house, "301", Person("Zhao Min"), Person("Qian Li"))
    first, second = (s.guest_id for s in house.ask(queries.sharers, stay_id=stay))
    house.do(people.leave_alone, stay_id=stay, guest_id=first)
    assert (row(house, stay).guest, row(house, stay).guest_id) == ("Qian Li", second)
    with pytest.raises(Refused, match="only guest registered.*Check the stay out"):
        house.do(people.leave_alone, stay_id=stay, guest_id=second)
    house.next_day()
    with pytest.raises(Refused, match="left on 20 Nov 2026"):
        house.do(people.take_back, stay_id=stay, guest_id=first)
    house.do(people.add_sharer, stay_id=stay, person=Person("Zhao Min", first))
    assert party(house, stay) == [("Qian Li", True), ("Zhao Min", True)]


def test_the_second_guests_document_is_missed_and_entered(house):
    stay = arrive(house, "301", card("Zhao Min", ZHAO), Person("Qian Li"))
    assert row(house, stay).pending == 1
    entry = house.ask(queries.sharers, stay_id=stay)[1].guest_id
    house.do(people.identify, stay_id=stay, guest_id=entry, person=card("", QIAN))
    assert row(house, stay).pending == 0
    assert [s.identity for s in house.ask(queries.sharers, stay_id=stay)] == ["checked", "checked"]


def test_who_is_known_by_the_document_takes_the_entrys_place(house):
    known = house.do(guests.register, name="Qian Li", document_type="id_card", document=QIAN, phone="138")
    stay = arrive(house, "301", Person("Qian Li"))
    entry = row(house, stay).guest_id
    assert house.do(people.identify, stay_id=stay, guest_id=entry, person=card("", QIAN)) == known
    assert (row(house, stay).guest_id, row(house, stay).pending) == (known, 0)
    assert house.ask(lambda s: s.get(Guest, entry)) is None
    assert [g.id for g in house.ask(guest_queries.find, text="qian")] == [known]
