"""People of each rank."""

from pms.core.office import Clerk
from pms.duties import ROLES
from pms.services.staff import service as staff
from tests.builders import PASSWORD, House


def person(house: House, role: str) -> Clerk:
    """Take somebody on in a role."""
    number = house.do(staff.take_on, login=role, name=role.title(), password=PASSWORD, role=role)
    return Clerk(number, role.title(), role, ROLES[role][1])
