"""What a person is used to: the columns left out of a list and the pages chosen by name, on both engines."""

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


def test_pages_chosen_by_name_are_counted_for_the_person_and_what_is_done_now_counts_more(house):
    other = person(house, "clerk")
    for word in ("shifts", "shop", "shifts"):
        house.do(lists.choose, word=word)
    assert house.ask(lists.chosen, staff_id=BOSS.id) == {"shifts": 2, "shop": 1}
    assert house.ask(lists.chosen, staff_id=other.id) == {}
    for _again in range(lists.OFTEN - 2):
        house.do(lists.choose, word="shifts")
    assert house.ask(lists.chosen, staff_id=BOSS.id) == {"shifts": lists.OFTEN // 2, "shop": 0}
