"""Enter guests and reveal a document with a reason."""

from datetime import date

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.permissions import Permission
from pms.db.work import Work, operation
from pms.services.staff import access

from . import records, seal
from .models import Guest, GuestKey
from .overseas import Overseas
from .person import Person


@operation(Permission.GUESTS_EDIT)
def register(
    work: Work,
    *,
    name: str,
    phone: str = "",
    sex: str = "",
    birth: date | None = None,
    nationality: str = "",
    ethnic: str = "",
    document_type: str = "",
    document: str = "",
    issuer: str = "",
    address: str = "",
    vip: bool = False,
    do_not_disclose: bool = False,
    overseas: Overseas | None = None,
) -> int:
    """Enter a guest and return their number; a guest known by the same document is brought up to date
    instead.

    What is not told anew stays as it was known: an empty phone rubs nothing out, and nobody loses "do not
    disclose" by coming back.
    """
    told = Person(
        name,
        phone=phone,
        sex=sex,
        birth=birth,
        nationality=nationality,
        document_type=document_type,
        document=document,
        address=address,
        overseas=overseas,
        ethnic=ethnic,
        issuer=issuer,
    )
    guest = records.enter(work, told).guest
    guest.vip, guest.do_not_disclose = guest.vip or vip, guest.do_not_disclose or do_not_disclose
    return guest.id


@operation(Permission.GUESTS_REVEAL, private=True)
def reveal_document(work: Work, *, guest_id: int, reason: str) -> str:
    """Return a guest's document number in full; who looked and why stays in the trail."""
    if not reason.strip():
        raise Refused(_("Say why you need the number; it is recorded."))
    kept = work.session.get(GuestKey, guest_id)
    guest = work.session.get_one(Guest, guest_id)
    if kept is None or not guest.document:
        raise Refused(_("This guest's document was never entered or has been erased."))
    work.note("guest", {"revealed": True, "reason": reason.strip()}, guest_id)
    access.write(work, access.Kind.REVEALED, f"G-{guest_id}: {reason.strip()}")
    return seal.reveal(seal.taken_up(work.session, guest_id, kept.sealed), guest.document, "document")
