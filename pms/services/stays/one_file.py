"""Everything that is kept of one guest, in one file that a person can read: what the guest may ask for."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from pms.core import offers
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.offers import Kept
from pms.core.permissions import Permission
from pms.db.base import AuditEntry
from pms.db.work import Work, operation
from pms.services.guests import records, seal
from pms.services.guests.documents import NAMES as DOCUMENTS
from pms.services.guests.models import Guest, GuestKey
from pms.services.guests.overseas import Overseas
from pms.services.rooms.models import Room
from pms.services.staff import access
from pms.services.staff.models import Staff

from .models import Sharer, Stay
from .printouts import SEXES


@operation(Permission.GUESTS_EXPORT, private=True)
def guest_file(work: Work, *, guest_id: int, reason: str) -> str:
    """Return everything that is kept of a guest as a file's text; who took it and why is written down."""
    if not reason.strip():
        raise Refused(_("Say what the file is for; it is recorded."))
    guest = work.session.get(Guest, guest_id)
    if guest is None:
        raise Refused(_("This record is not there any more."))
    key = records.key_of(work, guest) if work.session.get(GuestKey, guest_id) is not None else None
    stays = work.session.execute(
        select(Sharer, Stay, Room.number)
        .join(Stay, Stay.id == Sharer.stay_id)
        .join(Room, Room.id == Stay.room_id)
        .where(Sharer.guest_id == guest_id)
        .order_by(Stay.id)
    ).all()
    sections = [
        Kept(_("Guest"), [_person(guest, key)]),
        Kept(_("Stays"), [_stay(key, *row) for row in stays]),
        *work.gather(
            offers.kept_of,
            stay_ids=[stay.id for _sharer, stay, _room in stays],
            line_ids=[stay.line_id for _sharer, stay, _room in stays],
            phone=guest.phone,
        ),
        Kept(_("Audit trail"), _trail(work, guest_id)),
    ]
    work.note("guest", {"taken_out": True, "reason": reason.strip()}, guest_id)
    access.write(work, access.Kind.EXPORTED, f"G-{guest_id}: {reason.strip()}")
    return _written(work, guest, sections)


def _written(work: Work, guest: Guest, sections: Sequence[Kept]) -> str:
    head = {
        _("Hotel"): work.setting.name,
        _("Guest record"): f"G-{guest.id}",
        _("Made at"): work.now,
        _("Made by"): work.clerk.name,
    }
    told: dict[str, Any] = {_("About this file"): head}
    for section in sections:
        told.setdefault(section.title, []).extend(section.rows)
    return json.dumps(told, ensure_ascii=False, indent=2, default=str) + "\n"


def _person(record: Guest | Sharer, key: bytes | None) -> dict[str, Any]:
    """Return what a record, or a stay, says of a person; what was sealed is opened."""
    told: dict[str, Any] = {
        _("Guest"): record.name,
        _("Sex"): _(SEXES[record.sex]) if record.sex in SEXES else "",
        _("Date of birth"): record.birth,
        _("Nationality"): record.nationality,
        _("Ethnic group"): record.ethnic,
        _("Phone"): record.phone,
        _("Address"): record.address,
        _("Document type"): _(DOCUMENTS[record.document_type]) if record.document_type in DOCUMENTS else "",
        _("Issued by"): record.document_state,
        _("Document"): seal.reveal(key, record.document, "document") if key and record.document else "",
        _("Valid until"): record.document_until,
    }
    if key and record.overseas:
        told |= _abroad(Overseas.of(seal.reveal(key, record.overseas, "overseas")))
    if isinstance(record, Guest):
        told |= {_("VIP"): record.vip, _("Do not disclose"): record.do_not_disclose}
        told |= {_("Data erased on"): record.erased_on} if record.erased_on else {}
    return told


def _abroad(told: Overseas) -> dict[str, Any]:
    return {
        _("Surname"): told.surname,
        _("Given name"): told.given_name,
        _("Chinese name"): told.chinese_name,
        _("Visa"): f"{told.visa_type} {told.visa_number}".strip(),
        _("Stay allowed until"): told.stay_until,
        _("Entry date"): told.entry_date,
        _("Entry port"): told.entry_port,
    }


def _stay(key: bytes | None, sharer: Sharer, stay: Stay, room: str) -> dict[str, Any]:
    return {
        _("Number"): f"S-{stay.number}",
        _("Room"): room,
        _("Arrival"): stay.arrival,
        _("Departure"): stay.departed_on or stay.departure,
        _("Remark"): stay.remark,
        _("Registered as"): _person(sharer, key),
    }


def _trail(work: Work, guest_id: int) -> list[Mapping[str, Any]]:
    e = AuditEntry
    rows = work.session.execute(
        select(e.at, e.action, func.coalesce(Staff.name, ""), e.changes)
        .outerjoin(Staff, Staff.id == e.clerk_id)
        .where(e.record == "guest", e.record_id == guest_id)
        .order_by(e.id)
    )
    return [
        {_("Time"): at, _("Action"): action, _("Clerk"): who, _("Changes"): changes}
        for at, action, who, changes in rows
    ]
