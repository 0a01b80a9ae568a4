"""Money given back by another way than it came."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import aliased

from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.services.folios.models import FIRST, Account, Transfer
from pms.services.folios.ways import NAMES, TAKEN_OVER, Leg, added, legs
from pms.services.reservations.models import BookedRoom, Reservation
from pms.services.rooms.models import Room
from pms.services.stays.models import Stay

from . import Check, Finding, Remedy, Tonight, folio, people
from .lines import POSTED

_OUT, _OWN = aliased(Account), aliased(Account)
"""Dear to make, and the close waits for them: once."""


def _find(tonight: Tonight) -> Iterator[Finding]:
    t, out, own = Transfer, _OUT, _OWN
    paid_out = tonight.session.execute(
        select(own.stay_id, own.line_id, t.clerk_id)
        .select_from(t)
        .join(out, out.id == t.credit_id)
        .join(own, own.id == t.debit_id)
        .where(t.business_date == tonight.business_date, out.ledger == "payment", FIRST)
        .where((own.stay_id.is_not(None)) | (own.line_id.is_not(None)))
        .distinct()
    ).all()
    if not paid_out:
        return
    stays = {stay for stay, _line, _clerk in paid_out if stay is not None}
    line_of: dict[int, int] = {
        stay: line
        for stay, line in tonight.session.execute(select(Stay.id, Stay.line_id).where(Stay.id.in_(stays)))
    }
    lines = {line for _stay, line, _clerk in paid_out if line is not None} | set(line_of.values())
    found = legs(tonight.session, whose=lambda own: own.stay_id.in_(stays) | own.line_id.in_(lines))
    by: dict[tuple[bool, int | None], list[Leg]] = {}
    for leg in found:
        by.setdefault((leg[0] is not None, leg[0] if leg[0] is not None else leg[1]), []).append(leg)
    who: dict[tuple[int | None, int | None], frozenset[int]] = {}
    for stay, line, clerk in paid_out:
        place = (stay, line_of.get(stay or 0, line))
        who[place] = who.get(place, frozenset()) | people(clerk)
    for stay_id, line_id in sorted(who, key=str):
        came = added([*by.get((True, stay_id), []), *by.get((False, line_id), [])])
        for way in NAMES:
            over = -came.get(way, 0) - max(came.get(TAKEN_OVER, 0), 0)
            if over > 0:
                where, remedy = _place(tonight, stay_id, line_id)
                yield Finding(
                    f"{stay_id or 0}-{line_id or 0}-{way}",
                    _("%(where)s: more went back as %(way)s than came so")
                    % {"where": where, "way": _(NAMES[way])},
                    _("more than came: %(sum)s") % {"sum": tonight.show(over)},
                    Money(over),
                    remedy,
                    stay_id,
                    by=who[stay_id, line_id],
                    about=where,
                )


def _place(tonight: Tonight, stay_id: int | None, line_id: int | None) -> tuple[str, Remedy]:
    if stay_id is not None:
        room = tonight.session.scalar(
            select(Room.number).join(Stay, Stay.room_id == Room.id).where(Stay.id == stay_id)
        )
        return room or "", folio(stay_id)
    number = tonight.session.scalar(
        select(Reservation.number)
        .join(BookedRoom, BookedRoom.reservation_id == Reservation.id)
        .where(BookedRoom.id == line_id)
    )
    return f"R-{number}", Remedy(_("Open the booking"), "reservations", {"line_id": line_id})


CHECK = Check(
    "other_way",
    N_("Refunded another way"),
    N_(
        "Money that came by card or phone and went out as cash may not be the guest's. See who signed for it."
    ),
    "cash",
    _find,
    register="money",
    acts="done",
    did=POSTED,
)
