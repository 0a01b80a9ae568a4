"""The columns a person leaves out of a list: the own ones, on both engines."""

from pms.core.office import Clerk
from pms.core.permissions import Permission
from pms.services.staff import lists
from tests.authority.people import person
from tests.builders import BOSS


def test_what_is_left_out_is_kept_for_the_person_and_replaced(house):
    other = person(house, "clerk")
    ask = {"staff_id": BOSS.id, "name": "luggage"}
    assert house.ask(lists.left_out, **ask) == ()
    house.do(lists.leave_out, name="luggage", heads=["Room", "Stored"])
    assert house.ask(lists.left_out, **ask) == ("Room", "Stored")
    house.do(lists.leave_out, name="luggage", heads=["Place"])
    house.do(lists.leave_out, name="shop sales", heads=[])
    assert house.ask(lists.left_out, **ask) == ("Place",)
    assert house.ask(lists.left_out, staff_id=other.id, name="luggage") == ()
    house.clerk = Clerk(other.id, other.name, other.role, frozenset({Permission.STAFF_OWN}))
    house.do(lists.leave_out, name="luggage", heads=["Tag"])
    assert house.ask(lists.left_out, **ask) == ("Place",)
