"""Erase who a guest is: the document, birth date, address and phone go from the records, the bookings, what
other duties keep, and the registration cards that were stored. The name stays, the stays and their money too,
so that a closed day's books and reports never change.

By hand for a reason, by the owner or with the owner's word; each night for everybody whose last stay ended
longer ago than the house keeps data. Never while somebody is in house, is still to come, or has a thing here.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, and_, bindparam, delete, exists, func, or_, select

from pms.core import dates, offers
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.offers import StillNeeded
from pms.core.permissions import Permission
from pms.db.base import AuditEntry, Intent, PrintJob
from pms.db.work import Work, operation
from pms.services.drafts import erasing as drafts
from pms.services.guests import records
from pms.services.guests.models import Guest
from pms.services.reservations import erasing as bookings
from pms.services.rooms.models import Room
from pms.services.staff import access

from .models import IN_HOUSE, Sharer, Stay

AT_ONCE = 100
"""So many guests go in one transaction: nobody at a desk waits for it."""
LOOKED_AT = 500
INTENTS_KEPT = timedelta(days=7)
"""For so long an action is known by its key; a desk tries again within minutes."""
MOST_INTENTS = 5000
_ENDED = func.coalesce(Stay.departed_on, Stay.departure)


@operation(Permission.GUESTS_REVEAL)
def erase(work: Work, *, guest_id: int, reason: str) -> None:
    """Erase a guest's data for a reason; whoever may not alone needs the word of somebody who may."""
    if not reason.strip():
        raise Refused(_("Say why the data are erased; it is recorded."))
    guest = work.session.get(Guest, guest_id, with_for_update=True)
    if guest is None:
        raise Refused(_("This record is not there any more."))
    _must_be_over(work, guest)
    work.require(
        Permission.GUESTS_ERASE,
        _("Erase the personal data of %(name)s (guest record %(number)s)")
        % {"name": guest.name, "number": guest.id},
    )
    _erase(work, [guest], reason.strip())
    access.write(work, access.Kind.ERASED, f"G-{guest_id}: {reason.strip()}")


def _must_be_over(work: Work, guest: Guest) -> None:
    """Refuse while the data are needed: in house, to come, or for a thing that is still here."""
    here = work.session.execute(
        select(Sharer.name, Room.number.label("room"))
        .join(Stay, Stay.id == Sharer.stay_id)
        .join(Room, Room.id == Stay.room_id)
        .where(Sharer.guest_id == guest.id, IN_HOUSE)
        .limit(1)
    ).first()
    if here is not None:
        raise Refused(
            _("%(name)s belongs to the party in %(room)s: the data are kept until it has left.")
            % {"name": here.name, "room": here.room}
        )
    for needed in _needed(work, [guest]):
        raise Refused(needed.why)
    coming = bookings.ToCome(work).of(guest)
    if coming is None:
        return
    told = {"booking": f"R-{coming.number}", "name": guest.name, "day": dates.day(coming.arrival, year=True)}
    if coming.sure:
        raise Refused(
            _("%(booking)s of %(name)s arrives on %(day)s: the data are kept until after the stay.") % told
        )
    work.confirm(
        f"coming:{guest.id}:{coming.number}",
        _("%(booking)s arrives on %(day)s under the name %(name)s. Is it somebody else?") % told,
    )


def _needed(work: Work, guests: Sequence[Guest]) -> list[StillNeeded]:
    return work.gather(offers.still_needed, stay_ids=_stays_of(work, guests))


def _stays_of(work: Work, guests: Iterable[Guest]) -> list[int]:
    ids = [guest.id for guest in guests]
    wanted = select(Sharer.stay_id).where(Sharer.guest_id.in_(ids)).distinct().order_by(Sharer.stay_id)
    return list(work.session.scalars(wanted))


def _erase(work: Work, guests: Sequence[Guest], reason: str) -> None:
    stays, ids = _stays_of(work, guests), {guest.id for guest in guests}
    held = select(Stay.id).where(Stay.id.in_(stays)).order_by(Stay.id)
    work.lock(held.with_for_update(key_share=True))
    lines = work.session.scalars(select(Stay.line_id).where(Stay.id.in_(stays))).all()
    party = work.session.scalars(select(Sharer).where(Sharer.stay_id.in_(stays))).all()
    remaining: dict[int, set[str]] = {stay: set() for stay in stays}
    for sharer in party:
        if sharer.guest_id not in ids:
            remaining[sharer.stay_id].add(sharer.name)
            continue
        sharer.document = sharer.document_shown = sharer.address = sharer.phone = sharer.ethnic = ""
        sharer.birth, sharer.overseas, sharer.document_until = None, None, None
    bookings.erase_with(work, lines, guests)
    work.offers.gather(offers.erase_with, work, stay_ids=stays)
    _erase_cards(work, remaining)
    for guest in guests:
        work.note("guest", {"erased": True, "reason": reason}, guest.id)
    records.erase(work, guests)
    work.touch("guests", "stays", "reservations", "print_jobs")


# ------------------------------------------------------------------ each night
def _due(before: date, after: int) -> Select[int]:
    """Guests whose last stay ended before a day, and those who were registered before it and never stayed."""
    stayed = exists().where(Sharer.guest_id == Guest.id)
    lately = exists().where(
        Sharer.guest_id == Guest.id, Stay.id == Sharer.stay_id, or_(IN_HOUSE, bindparam("before") <= _ENDED)
    )
    entered = (
        select(func.min(AuditEntry.business_date))
        .where(AuditEntry.record == "guest", AuditEntry.record_id == Guest.id)
        .scalar_subquery()
    )
    known = Guest.erased_on.is_(None), Guest.id > after, ~lately, or_(stayed, entered < bindparam("before"))
    return select(Guest.id).where(and_(*known)).params(before=before)


@operation(Permission.AUDIT_RUN)
def erase_due(work: Work) -> int:
    """Erase, some hundred at a time, what the house no longer keeps of guests who left, of bookings that came
    to nothing and of closed entries elsewhere; returns of how many records. A house that has set no time
    keeps them."""
    _forget_typed(work)
    days = work.setting.options.identity_days
    if not days:
        return 0
    before = work.business_date - timedelta(days=days)
    guests = _ready(work, before)
    if guests:
        _erase(work, guests, _("kept for %(n)s days") % {"n": days})
    return len(guests) + len(work.offers.gather(offers.erase_old, work, before=before))


def _ready(work: Work, before: date) -> list[Guest]:
    """Return those who are due and whose data nothing needs, held; read again once they are held, for another
    desk may have let one in meanwhile."""
    to_come, after, found = bookings.ToCome(work), 0, list[Guest]()
    while len(found) < AT_ONCE:
        ids = list(work.session.scalars(_due(before, after).order_by(Guest.id).limit(LOOKED_AT)))
        if not ids:
            break
        after = ids[-1]
        near = work.session.scalars(select(Guest).where(Guest.id.in_(ids)).order_by(Guest.id)).all()
        free = [guest for guest in near if to_come.of(guest) is None][: AT_ONCE - len(found)]
        found += _held(work, before, free)
    return found


def _held(work: Work, before: date, guests: Sequence[Guest]) -> list[Guest]:
    ids = [guest.id for guest in guests]
    held = select(Guest).where(Guest.id.in_(ids)).order_by(Guest.id)
    work.session.scalars(held.with_for_update().execution_options(populate_existing=True)).all()
    still = set(work.session.scalars(_due(before, 0).where(Guest.id.in_(ids))))
    needed = {one.stay_id for one in _needed(work, guests)}
    theirs = select(Sharer.guest_id).where(Sharer.stay_id.in_(needed))
    still -= set(work.session.scalars(theirs)) if needed else set()
    return [guest for guest in guests if guest.id in still]


def _forget_typed(work: Work) -> None:
    """Forget what was only kept so that nothing is lost or done twice: drafts, and what each key did."""
    drafts.forget_old(work)
    old = select(Intent.key).where(Intent.at < work.now - INTENTS_KEPT).limit(MOST_INTENTS)
    gone = delete(Intent).where(Intent.key.in_(old.scalar_subquery()))
    work.session.execute(gone.execution_options(synchronize_session=False))


# ------------------------------------------------------------------ stored papers
def _erase_cards(work: Work, remaining: dict[int, set[str]]) -> None:
    """Empty the lines of everybody but of those who remain on the stored registration cards of these stays;
    the name is left."""
    j = PrintJob
    cards = select(j).where(j.record == "stay", j.record_id.in_(remaining), j.kind == "registration_card")
    held = cards.order_by(j.id).with_for_update()
    work.lock(held)  # read afterwards: a duplicate that another desk was making then is there too
    for job in work.session.scalars(held).all():
        job.slip = _emptied(job.slip, remaining[job.record_id or 0])


def _emptied(card: dict[str, Any], remaining: set[str]) -> dict[str, Any]:
    """Of each guest the card has ruled lines in two columns, the name first, and a line for the address."""
    blocks, erasing = [], True
    for block in card["blocks"]:
        if not block.get("ruled"):
            blocks.append(block)
            continue
        pairs = block["pairs"]
        if block.get("columns") == 2:
            erasing = pairs[0][1] not in remaining
        kept = 1 if block.get("columns") == 2 else 0
        emptied = [*pairs[:kept], *([words, ""] for words, _value in pairs[kept:])]
        blocks.append({**block, "pairs": emptied} if erasing else block)
    return {**card, "blocks": blocks}
