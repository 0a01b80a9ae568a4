"""Enter guests, reveal a document with a reason, erase it on schedule."""

from dataclasses import replace
from datetime import date

from sqlalchemy import delete, select

from pms.core.errors import Refused
from pms.core.i18n import N_, _
from pms.core.permissions import Permission
from pms.db.work import Work, operation

from . import documents, seal
from .models import Guest, GuestKey
from .overseas import Overseas, check
from .search import search_text

FAULTS = {
    "length": N_("An identity number has 18 signs; check what is missing."),
    "figures": N_("An identity number has figures only, the last sign may be X."),
    "birth": N_("The identity number holds no real date of birth."),
    "check": N_("The identity number's last sign does not fit the others: one figure is wrong."),
}


@operation(Permission.GUESTS_EDIT)
def register(
    work: Work,
    *,
    name: str,
    phone: str = "",
    sex: str = "",
    birth: date | None = None,
    nationality: str = "",
    document_type: str = "",
    document: str = "",
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
    if not name.strip():
        raise Refused(_("Give the guest's name."))
    guest = _by_document(work, document) if document.strip() else None
    if guest is None:
        guest = Guest()
        work.session.add(guest)
    guest.name, guest.search = name.strip(), search_text(name)
    told = {
        "phone": phone.strip(),
        "sex": sex,
        "birth": birth,
        "nationality": nationality,
        "address": address,
        "vip": vip,
        "do_not_disclose": do_not_disclose,
    }
    for field, value in told.items():
        if value or guest.id is None:
            setattr(guest, field, value)
    work.session.flush()
    if document.strip():
        _keep_document(work, guest, document_type, document.strip().upper())
    if overseas:
        keep_overseas(work, guest, overseas)
    work.session.flush()
    work.touch("guests")
    return guest.id


@operation(Permission.GUESTS_EDIT)
def identify(
    work: Work,
    *,
    guest_id: int,
    document_type: str,
    document: str,
    sex: str = "",
    birth: date | None = None,
    nationality: str = "",
    overseas: Overseas | None = None,
) -> int:
    """Enter the document of a guest whose identity is pending; returns the number of whoever is known by that
    document already."""
    if not document.strip():
        raise Refused(_("Give the number of the document."))
    guest = _by_document(work, document) or work.session.get_one(Guest, guest_id)
    guest.sex, guest.birth, guest.nationality = (
        sex or guest.sex,
        birth or guest.birth,
        nationality or guest.nationality,
    )
    _keep_document(work, guest, document_type, document.strip().upper())
    if overseas:
        keep_overseas(work, guest, overseas)
    work.session.flush()
    work.touch("guests")
    return guest.id


def _by_document(work: Work, document: str) -> Guest | None:
    return work.session.scalars(
        select(Guest).where(Guest.document_mark == seal.mark(work.secret, document.strip()))
    ).first()


def _keep_document(work: Work, guest: Guest, document_type: str, number: str) -> None:
    if document_type in documents.NUMBERED:
        if fault := documents.resident_number_fault(number):
            raise Refused(_(FAULTS[fault]))
        guest.birth, guest.sex = documents.birth_date(number), documents.sex(number)
    key = _key(work, guest)
    guest.document, guest.document_shown = seal.close(key, number), seal.masked(number)
    guest.document_type, guest.document_mark, guest.identity = (
        document_type,
        seal.mark(work.secret, number),
        "checked",
    )


def _key(work: Work, guest: Guest) -> bytes:
    """Return the guest's key, a new one where there is none yet or the last has been destroyed."""
    if (kept := work.session.get(GuestKey, guest.id)) is not None:
        return bytes.fromhex(seal.reveal(work.secret[:32], kept.sealed))
    key = seal.new_key()
    work.session.add(GuestKey(guest_id=guest.id, sealed=seal.close(work.secret[:32], key.hex())))
    work.session.flush()
    return key


def keep_overseas(work: Work, guest: Guest, record: Overseas) -> None:
    """Seal what is asked of a guest from abroad; the parts of the name stay known, visa and entry are always
    those told last."""
    check(record, guest.nationality, guest.birth, work.business_date)
    before = overseas_of(work, guest) or Overseas()
    told = replace(
        record,
        surname=record.surname or before.surname,
        given_name=record.given_name or before.given_name,
        chinese_name=record.chinese_name or before.chinese_name,
    )
    guest.overseas = seal.close(_key(work, guest), told.text())


def overseas_of(work: Work, guest: Guest) -> Overseas | None:
    """Return what a guest from abroad has told, for a paper or a report to the police; None where nothing is
    kept."""
    kept = work.session.get(GuestKey, guest.id) if guest.overseas else None
    if kept is None or not guest.overseas:
        return None
    return Overseas.of(seal.reveal(bytes.fromhex(seal.reveal(work.secret[:32], kept.sealed)), guest.overseas))


@operation(Permission.GUESTS_REVEAL)
def reveal_document(work: Work, *, guest_id: int, reason: str) -> str:
    """Return a guest's document number in full; who looked and why stays in the trail."""
    if not reason.strip():
        raise Refused(_("Say why you need the number; it is written down."))
    kept = work.session.get(GuestKey, guest_id)
    if kept is None:
        raise Refused(_("This guest's document was never entered or has been erased."))
    work.note("guest", {"revealed": True, "reason": reason.strip()}, guest_id)
    key = bytes.fromhex(seal.reveal(work.secret[:32], kept.sealed))
    return seal.reveal(key, work.session.get_one(Guest, guest_id).document)


@operation(Permission.PROPERTY_EDIT)
def erase_documents(work: Work, *, guest_ids: list[int]) -> int:
    """Erase documents by destroying their keys and marks; the stays and their money stay usable. Returns how
    many."""
    work.session.execute(
        delete(GuestKey).where(GuestKey.guest_id.in_(guest_ids)).execution_options(synchronize_session=False)
    )
    guests = work.session.scalars(select(Guest).where(Guest.id.in_(guest_ids))).all()
    for guest in guests:
        guest.document = guest.document_shown = ""
        guest.document_mark, guest.birth, guest.address, guest.overseas = None, None, "", None
    return len(guests)
