"""Write down what was refused, what was looked at, and who locked and unlocked the screen."""

from enum import StrEnum

from pms.core.errors import NotPermitted
from pms.core.i18n import N_
from pms.core.office import Inner
from pms.db.work import Work, operation

from .models import Access

LONGEST = 500


class Kind(StrEnum):
    """What happened at the door or to the hotel's confidential data."""

    RIGHT = "right"
    PASSWORD = "password"
    APPROVAL = "approval"
    SIGNED_IN = "signed_in"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    REVEALED = "revealed"
    PHONE = "phone"
    EXPORTED = "exported"
    PRINTED = "printed"
    ERASED = "erased"
    RIGHTS = "rights"
    OWN = "own"
    EVACUATION = "evacuation"
    AWAY = "away"


NAMES: dict[Kind, str] = {
    Kind.RIGHT: N_("Access denied"),
    Kind.PASSWORD: N_("Wrong password"),
    Kind.APPROVAL: N_("Approval refused"),
    Kind.SIGNED_IN: N_("Signed in"),
    Kind.LOCKED: N_("Locked"),
    Kind.UNLOCKED: N_("Unlocked"),
    Kind.REVEALED: N_("Document shown"),
    Kind.PHONE: N_("Phone shown"),
    Kind.EXPORTED: N_("Exported"),
    Kind.PRINTED: N_("Printed in bulk"),
    Kind.ERASED: N_("Data erased"),
    Kind.RIGHTS: N_("Rights changed"),
    Kind.OWN: N_("Own password or PIN"),
    Kind.EVACUATION: N_("Evacuation list"),
    Kind.AWAY: N_("Seen without the server"),
}
REFUSALS = (Kind.RIGHT, Kind.PASSWORD, Kind.APPROVAL)


@operation(None)
def note(work: Work, *, kind: Kind, what: str, clerk_id: int | None = None) -> None:
    """Write one line into the access log; ``clerk_id`` where it is not the person at the screen."""
    write(work, kind, what, clerk_id)


def write(work: Work, kind: Kind, what: str, clerk_id: int | None = None) -> None:
    """Write the line as a part of another operation."""
    work.insert_one(
        Access,
        business_date=work.business_date,
        at=work.now,
        kind=kind.value,
        clerk_id=clerk_id or work.clerk.id or None,
        station=work.station,
        what=what[:LONGEST],
    )
    work.touch("access")


def refused(office: Inner, action: str, error: NotPermitted) -> None:
    """Write down that a right was refused; its own transaction, for that of the act is undone."""
    office.do(note.of(kind=Kind.RIGHT, what=f"{action}: {error.right}"))
