"""Write into the handover book and close what is done."""

from pms.core import offers
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.permissions import Permission
from pms.db.work import Work, operation

from .models import Message

LONGEST = 500


@operation(Permission.MESSAGES)
def write(work: Work, *, text: str, for_staff_id: int | None = None, stay_id: int | None = None) -> int:
    """Write an entry for the next shift, or for one person, and return its number."""
    plain = " ".join(text.split())
    if not plain:
        raise Refused(_("Write what the next shift has to know."))
    if len(plain) > LONGEST:
        raise Refused(_("An entry has at most %(n)s characters. Write two.") % {"n": LONGEST})
    if stay_id is not None and work.ask_up(offers.stay_name, stay_id=stay_id) is None:
        raise Refused(_("This stay is not there. Choose the guest again."))
    made = Message(
        text=plain,
        for_staff_id=for_staff_id,
        stay_id=stay_id,
        written_at=work.now,
        written_by=work.clerk.id or None,
    )
    work.session.add(made)
    work.session.flush()
    work.touch("messages")
    return made.id


@operation(Permission.MESSAGES)
def close(work: Work, *, message_id: int, answer: str = "") -> None:
    """Close an entry as done or read, with what came of it."""
    found = work.session.get(Message, message_id, with_for_update=True)
    if found is None or found.closed_at is not None:
        raise Refused(_("This entry is closed already."))
    found.closed_at, found.closed_by, found.answer = work.now, work.clerk.id or None, answer.strip()
    work.touch("messages")


@operation(Permission.MESSAGES)
def reopen(work: Work, *, message_id: int) -> None:
    """Open a closed entry again."""
    found = work.session.get(Message, message_id, with_for_update=True)
    if found is None or found.closed_at is None:
        raise Refused(_("This entry is open already."))
    found.closed_at, found.closed_by = None, None
    work.touch("messages")
