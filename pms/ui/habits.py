"""What the clerk at work chooses most in Ctrl+K; kept for the person, at whichever workstation."""

from contextlib import suppress

from pms.core.errors import Refused
from pms.core.office import Office
from pms.core.permissions import Permission


def chosen(office: Office) -> dict[str, int]:
    """Return how often the clerk at work has chosen each page by its name."""
    from pms.services.staff import lists

    clerk = office.clerk
    return office.ask(lists.chosen, staff_id=clerk.id) if clerk.may(Permission.STAFF_OWN) else {}


def count(office: Office, word: str) -> None:
    """Note that the clerk has chosen a page by its name; what cannot be noted now is not missed."""
    from pms.services.staff import lists

    if office.clerk.may(Permission.STAFF_OWN):
        with suppress(Refused):
            office.do(lists.choose.of(word=word))
