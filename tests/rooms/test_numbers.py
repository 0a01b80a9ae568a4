"""A room's number is one, however it is typed; on both engines."""

import pytest

from pms.core.errors import Refused
from pms.services.lost_found import service as lost_found
from pms.services.luggage import queries as luggage
from pms.services.rooms import service as rooms
from pms.services.shop import queries as shop
from pms.services.stays import found
from pms.services.stays import service as stays


@pytest.fixture
def b1(house):
    """A guest in room B1."""
    house.do(rooms.add_rooms, type_id=house.type_id("BIG"), numbers=["ｂ１"], floor=9)
    return house.do(
        stays.check_in, line_id=house.book(), room_id=house.room_id("B1"), intent=house.new_intent()
    )


@pytest.mark.parametrize("twin", ["b1", "Ｂ1", " ３０１"])
def test_a_room_in_full_width_or_small_letters_is_no_second_room(house, b1, twin):
    with pytest.raises(Refused, match="is there already"):
        house.do(rooms.add_rooms, type_id=house.type_id("BIG"), numbers=[twin], floor=9)
    with pytest.raises(Refused, match="given twice"):
        house.do(rooms.add_rooms, type_id=house.type_id("BIG"), numbers=["c1", "Ｃ1"], floor=9)


@pytest.mark.parametrize("typed", ["b1", " Ｂ１ ", "B1"])
def test_the_guest_of_a_room_is_found_however_its_number_is_typed(house, b1, typed):
    assert house.ask(shop.payer, room=typed).stay_id == b1
    assert house.ask(luggage.owners, text=typed)[0].stay_id == b1
    assert [hit.what for hit in house.ask(found.search, text=typed)] == [{"stay_id": b1}]
    house.do(lost_found.register, what="umbrella", finder="Li", kept_in="desk", room=typed)
