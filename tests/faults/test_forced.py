"""What was once decided on rows that nobody held: each case with the first desk stopped where it has decided,
and where only its commit is missing, the second let in."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from pms.core.money import Money
from pms.core.operation import Call
from pms.db.base import PrintJob
from pms.db.engine import open_engine
from pms.services.folios import queries as folio_queries
from pms.services.guests import service as guests
from pms.services.guests.person import Person
from pms.services.print_jobs import service as print_jobs
from pms.services.reservations import service as reservations
from pms.services.rooms import service as rooms
from pms.services.rooms.models import Inventory, Room
from pms.services.shop import queries as shop_queries
from pms.services.shop import service as shop
from pms.services.staff import service as staff
from pms.services.staff.models import Staff
from pms.services.stays import erasing
from pms.services.stays import service as stays
from pms.services.stays.models import Sharer, Stay
from pms.services.wake_ups import service as wake_ups
from tests import builders
from tests.builders import PASSWORD, SECRET, TODAY, House
from tests.faults.desks import PLACES, Outcome, forced
from tests.invariants import check

DAY = timedelta(days=1)
pytestmark = pytest.mark.parametrize("place", PLACES)


@pytest.fixture
def house(postgres):
    return builders.office(postgres, found=False)


@pytest.fixture
def other(house):
    engine = open_engine(house.engine.url, SECRET)
    made = builders.office(engine, found=False)
    made.station, made.clock = "desk-2", house.clock
    numbers = iter(range(10**6))
    made.ids = lambda: f"other-{next(numbers)}"
    yield made
    engine.dispose()


def both(house: House, other: House, one: Call, two: Call, place: str) -> tuple[Outcome, Outcome]:
    """Run one call at each desk; whoever is refused is told in a sentence, and the hotel is sound."""
    first, second, _waited = forced(
        house,
        lambda: house.do(one, intent="intent-1"),
        lambda: other.do(two, intent="intent-2"),
        place,
    )
    for outcome in (first, second):
        if outcome.defect is not None:
            raise outcome.defect
        assert outcome.done or len(outcome.said) > 20
    house.look(check, today=house.house().business_date)
    return first, second


def once(first: Outcome, second: Outcome) -> str:
    """Return what the one who lost was told, of two of whom one must win."""
    assert first.done != second.done, (first, second)
    return first.said or second.said


def stay_in(house: House, room: str = "301") -> int:
    return house.do(
        stays.check_in,
        line_id=house.book(nights=2),
        room_id=house.room_id(room),
        intent=house.new_intent(),
    )


def test_an_advance_taken_during_the_check_in_becomes_its_deposit_or_is_refused(house, other, place):
    line = house.book()
    house.do(reservations.take_advance, line_id=line, method="CASH", amount=Money(1000), intent="before")
    first, second = both(
        house,
        other,
        reservations.take_advance.of(line_id=line, method="CASH", amount=Money(7000)),
        stays.check_in.of(line_id=line, room_id=house.room_id("301")),
        place,
    )
    assert second.done
    [stay] = house.look(lambda s: s.scalars(select(Stay.id)).all())
    held = {f.ledger: f.balance for f in house.look(folio_queries.folios, stay_id=stay)}
    assert held["deposit"] == -8000 if first.done else -1000


def test_an_advance_that_is_the_first_of_its_booking_is_not_left_behind(house, other, place):
    line = house.book()
    first, second = both(
        house,
        other,
        reservations.take_advance.of(line_id=line, method="CASH", amount=Money(7000)),
        stays.check_in.of(line_id=line, room_id=house.room_id("301")),
        place,
    )
    assert (first.done, second.done) == (True, True)
    [stay] = house.look(lambda s: s.scalars(select(Stay.id)).all())
    assert {f.ledger: f.balance for f in house.look(folio_queries.folios, stay_id=stay)}["deposit"] == -7000


def test_a_block_is_lifted_once(house, other, place):
    block = house.do(
        rooms.block,
        room_id=house.room_id("301"),
        kind="OOO",
        reason="leak",
        start=TODAY,
        end=TODAY + 3 * DAY,
    )
    call = rooms.unblock.of(block_id=block)
    assert once(*both(house, other, call, call, place)) == "This block is over already."
    assert house.look(total, type_code="BIG") == 4


def total(session: Session, *, type_code: str) -> int:
    from pms.services.rooms.models import RoomType

    found = select(Inventory.total).join(RoomType, RoomType.id == Inventory.type_id)
    return session.scalars(found.where(RoomType.code == type_code, Inventory.night == TODAY)).one()


def test_a_room_is_closed_for_good_once(house, other, place):
    call = rooms.close_room.of(room_id=house.room_id("303"))
    assert "Room 303 is retired" in once(*both(house, other, call, call, place))
    assert house.look(total, type_code="BIG") == 3


def test_a_room_is_blocked_or_closed_for_good(house, other, place):
    room = house.room_id("303")
    block = rooms.block.of(room_id=room, kind="OOO", reason="leak", start=TODAY, end=TODAY + DAY)
    assert "303" in once(*both(house, other, block, rooms.close_room.of(room_id=room), place))


@pytest.mark.parametrize("turned", [False, True])
def test_nobody_is_checked_into_a_room_that_is_closed_for_good(house, other, place, turned):
    room = house.room_id("303")
    calls = [stays.check_in.of(line_id=house.book(), room_id=room), rooms.close_room.of(room_id=room)]
    assert "303" in once(*both(house, other, *(calls[::-1] if turned else calls), place))
    assert house.look(lambda s: s.scalars(select(Stay.id).join(Room).where(~Room.active)).all()) == []


def test_a_room_promised_is_not_closed_for_good(house, other, place):
    room, line = house.room_id("303"), house.book()
    close = rooms.close_room.of(room_id=room)
    assert "303" in once(
        *both(house, other, close, reservations.assign_room.of(line_id=line, room_id=room), place)
    )


def test_two_owners_who_dismiss_each_other_leave_one(house, other, place):
    second = house.do(staff.take_on, login="two", name="Two", password=PASSWORD, role="owner")
    calls = [staff.edit.of(staff_id=n, name="", role="clerk", active=False) for n in (second, 1)]
    assert "is the last owner" in once(*both(house, other, *calls, place))
    owners = select(func.count()).select_from(Staff).where(Staff.role_code == "owner", Staff.active)
    assert house.look(lambda s: s.scalar(owners)) == 1


@pytest.mark.parametrize("kind", ["sold", "written off"])
def test_the_last_article_leaves_the_shelf_once(house, other, place, kind):
    good = house.do(shop.set_good, name="Water", price=Money(300))
    house.do(shop.receive, lines=[shop.Delivered(good, 1)], reference="L1")
    calls = {
        "sold": shop.sell.of(lines=[shop.Item(good, 1)], method="CASH"),
        "written off": shop.issue.of(good_id=good, quantity=1, kind="loss", reason="broken"),
    }
    said = once(*both(house, other, calls["sold"], calls[kind], place))
    assert "Of Water" in said
    [row] = house.look(shop_queries.goods)
    assert row.stock == 0


@pytest.mark.parametrize("act", ["extend", "change_room", "check_out", "undo"])
def test_a_guest_who_is_moved_is_still_there(house, other, place, act):
    stay = stay_in(house)
    move = stays.change_room.of(stay_id=stay, room_id=house.room_id("302"), reason="noise")
    calls = {
        "extend": stays.extend.of(stay_id=stay, departure=TODAY + 4 * DAY),
        "change_room": stays.change_room.of(stay_id=stay, room_id=house.room_id("303"), reason="view"),
        "check_out": stays.check_out.of(stay_id=stay),
        "undo": stays.undo_check_in.of(stay_id=stay, reason="mistake"),
    }
    first, second = both(house, other, move, calls[act], place)
    assert (first.done, second.done) == (True, True)


def test_a_guest_is_woken_once_at_a_time(house, other, place):
    call = wake_ups.take.of(stay_id=stay_in(house), time="06:30")
    assert once(*both(house, other, call, call, place)) == "This call is on the list already."


def test_goods_are_asked_for_once(house, other, place):
    house.do(shop.set_good, name="Water", price=Money(300), par=5)
    call = shop.request.of()
    assert "Nothing is below par level" in once(*both(house, other, call, call, place))


@pytest.mark.parametrize("turned", [False, True])
def test_who_is_let_in_again_while_the_data_are_erased_has_a_document(house, other, place, turned):
    zhao = Person("Zhao Min", document_type="id_card", document="11010519491231002X")
    stay = house.do(let_in(house, "301", zhao).operation, **let_in(house, "301", zhao).fields, intent="in")
    guest = house.ask(lambda s: s.get(Stay, stay)).guest_id
    house.do(stays.check_out, stay_id=stay, intent="out")
    calls = [erasing.erase.of(guest_id=guest, reason="asked for"), let_in(house, "302", zhao)]
    both(house, other, *(reversed(calls) if turned else calls), place)
    wanted = select(Sharer.guest_id).join(Stay, Stay.id == Sharer.stay_id).where(Stay.state == "in_house")
    [staying] = house.ask(lambda s: s.scalars(wanted).all())
    assert house.do(guests.reveal_document, guest_id=staying, reason="police") == zhao.document


@pytest.mark.parametrize("turned", [False, True])
def test_a_duplicate_that_is_made_while_the_data_are_erased_says_no_more(house, other, place, turned):
    zhao = Person("Zhao Min", phone="13800138000", address="10 High Street")
    stay = house.do(let_in(house, "301", zhao).operation, **let_in(house, "301", zhao).fields, intent="in")
    guest = house.ask(lambda s: s.get(Stay, stay)).guest_id
    house.do(stays.check_out, stay_id=stay, intent="out")
    house.do(lambda work: work.session.execute(update(PrintJob).values(state="printed")) and None)
    card = PrintJob.record_id == stay, PrintJob.kind == "registration_card"
    job = house.ask(lambda s: s.scalars(select(PrintJob.id).where(*card)).one())
    calls = [erasing.erase.of(guest_id=guest, reason="asked for"), print_jobs.reprint.of(job_id=job)]
    both(house, other, *(reversed(calls) if turned else calls), place)
    slips = house.ask(lambda s: list(s.scalars(select(PrintJob.slip).where(*card))))
    assert len(slips) == 2
    assert not [slip for slip in slips if "13800138000" in str(slip) or "High Street" in str(slip)]


def let_in(house: House, room: str, guest: Person) -> Call:
    return stays.walk_in.of(
        room_id=house.room_id(room), departure=TODAY + DAY, guests=[guest], adults=1, plan_id=1
    )
