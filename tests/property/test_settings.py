"""Each setting of the hotel does what its words say."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.errors import NeedsConfirmation, Refused
from pms.core.money import Money
from pms.db.base import PrintJob
from pms.duties import DUTIES
from pms.printing.cells import Line, lay_out
from pms.printing.slip import Slip
from pms.services.guests.models import Guest, GuestKey
from pms.services.guests.person import Person
from pms.services.property import service as hotel
from pms.services.reports import queries as reports
from pms.services.rooms import queries as rooms
from pms.services.rooms import service as keeping
from pms.services.stays import erasing, people, vacancy
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests.builders import TODAY

ID = "11010519491231002X"


def set_options(house, **values) -> None:
    """Change rules by name, those that duties declare themselves too."""
    options = house.context_options()
    for option in (each for duty in DUTIES for each in duty.options if each.name in values):
        options = options.changing(option, values.pop(option.name))
    house.do(hotel.edit, name=house.house().name, options=replace(options, **values))


def arrive(house, line, room="301", **fields):
    return house.do(
        stays.check_in, line_id=line, room_id=house.room_id(room), intent=house.new_intent(), **fields
    )


def keep_room(house, number, own=True):
    row = next(r for r in house.ask(rooms.rooms) if r.number == number)
    house.do(
        keeping.edit_room,
        room_id=row.id,
        floor=row.floor,
        features=row.features,
        lock_id=row.lock_id,
        house_use=own,
    )


def left(house):
    day = TODAY.replace(day=25)
    return house.ask(rooms.left, type_ids=[house.type_id("BIG")], start=day, end=day.replace(day=26))[0].free


# ------------------------------------------------------------------ rooms
def test_a_room_kept_for_the_house_is_not_sold_and_not_available(house):
    before = left(house)
    keep_room(house, "301")
    assert left(house) == before - 1
    with pytest.raises(Refused, match="301 is kept for house use"):
        arrive(house, house.book(nights=1))
    offered = house.ask(vacancy.free_rooms, start=TODAY, end=TODAY.replace(day=21))
    assert "301" not in [room.number for room in offered]
    house.next_day()
    figures = house.ask(reports.figures, start=TODAY, end=TODAY)
    assert (figures.rooms, figures.house_use, figures.available) == (8, 1, 7)
    keep_room(house, "301", own=False)
    assert left(house) == before


def test_a_room_that_somebody_has_cannot_be_kept_for_the_house(house):
    arrive(house, house.book())
    with pytest.raises(Refused, match="301 is not free"):
        keep_room(house, "301")


def test_a_night_of_house_use_does_not_make_the_house_smaller(house):
    arrive(house, house.book(nights=1), kind="house")
    house.next_day()
    figures = house.ask(reports.figures, start=TODAY, end=TODAY)
    assert (figures.rooms, figures.house_use, figures.available, figures.sold) == (8, 0, 8, 0)


def test_more_adults_than_the_beds_sleep_are_asked_about(house):
    trio = [Person("A"), Person("B"), Person("C")]
    line = house.book()
    with pytest.raises(NeedsConfirmation, match="301 sleeps 2 adults, 3 are to stay"):
        arrive(house, line, guests=trio)
    stay = arrive(house, line, guests=trio, confirmed={"beds:301:3"})
    with pytest.raises(NeedsConfirmation, match="301 sleeps 2 adults, 4 are to stay"):
        house.do(people.add_sharer, stay_id=stay, person=Person("D"))


def test_a_room_that_nobody_inspected_is_asked_about_where_the_house_inspects(house):
    line, other = house.book(), house.book()
    arrive(house, other, "302")
    set_options(house, inspection=True)
    with pytest.raises(NeedsConfirmation, match="301 is clean, but not inspected"):
        arrive(house, line)
    house.do(keeping.set_clean, room_ids=[house.room_id("301")], clean="inspected")
    arrive(house, line)


# ------------------------------------------------------------------ papers
def card(house) -> str:
    with Session(house.engine) as session:
        wanted = select(PrintJob.slip).where(PrintJob.kind == "registration_card")
        slip = session.scalars(wanted.order_by(PrintJob.id.desc())).first()
    made = lay_out(replace(Slip.from_dict(slip), paper="80mm"))
    return " ".join(piece.text for piece in made if isinstance(piece, Line))


def test_times_and_wi_fi_stand_on_the_registration_card(house):
    set_options(house, check_in_time="15:30", check_out_time="11:00", wifi="Cloud / 8888")
    arrive(house, house.book())
    assert "Check-in from 15:30, check-out by 11:00." in card(house)
    assert "Wi-Fi: Cloud / 8888" in card(house)


# ------------------------------------------------------------------ what is kept of a person
def test_documents_are_erased_when_the_house_no_longer_keeps_them(house):
    set_options(house, identity_days=3)
    gone = arrive(house, house.book(nights=1), guests=[Person("Wang", document_type="id_card", document=ID)])
    stays_on = Person("Li", document_type="passport", document="C01X00T47", nationality="DEU")
    arrive(house, house.book(nights=9), "302", guests=[stays_on])
    house.next_day()
    owed = Paid("CASH", Money(29800))
    house.do(stays.check_out, stay_id=gone, payments=[owed], intent=house.new_intent())
    for _day in range(3):
        assert house.do(erasing.erase_due) == 0
        house.next_day()
    assert house.do(erasing.erase_due) == 0
    house.next_day()
    assert house.do(erasing.erase_due) == 1
    with Session(house.engine) as session:
        kept = {g.name: bool(g.document) for g in session.scalars(select(Guest))}
        assert kept == {"Wang": False, "Li": True}
        assert len(session.scalars(select(GuestKey)).all()) == 1
    assert house.do(erasing.erase_due) == 0


def test_a_house_that_set_no_time_keeps_every_document(house):
    gone = arrive(house, house.book(nights=1), guests=[Person("Wang", document_type="id_card", document=ID)])
    house.do(stays.check_out, stay_id=gone, intent=house.new_intent())
    for _day in range(4):
        house.next_day()
    assert house.do(erasing.erase_due) == 0
