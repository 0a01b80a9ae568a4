"""One document that is registered in two rooms tonight."""

from collections.abc import Iterator

from sqlalchemy import String, cast, func, select

from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.services.guests.models import Guest
from pms.services.rooms.models import Room
from pms.services.stays.models import IN_HOUSE, Sharer, Stay, listed_name

from . import Check, Finding, Remedy, Tonight, who


def _find(tonight: Tonight) -> Iterator[Finding]:
    inside = (
        select(Stay.id.label("stay"), Stay.room_id.label("room"), Sharer.guest_id.label("guest"))
        .join(Sharer, Sharer.stay_id == Stay.id)
        .where(IN_HOUSE, Sharer.left_on.is_(None))
        .subquery()
    )
    paper = func.coalesce(Guest.document_mark, cast(Guest.id, String))
    twice = (
        select(paper.label("paper"))
        .select_from(inside)
        .join(Guest, Guest.id == inside.c.guest)
        .group_by(paper)
        .having(func.count(func.distinct(inside.c.stay)) > 1)
    )
    rows = tonight.session.execute(
        select(paper, listed_name(Guest.name).label("name"), Room.number, inside.c.stay)
        .select_from(inside)
        .join(Guest, Guest.id == inside.c.guest)
        .join(Room, Room.id == inside.c.room)
        .where(paper.in_(twice))
        .order_by(Room.number)
    ).all()
    who_did = who.did(tonight, "stay", {row.stay for row in rows}, who.REGISTERED)
    for mark in sorted({row[0] for row in rows}):
        mine = [row for row in rows if row[0] == mark]
        first = mine[0].stay
        yield Finding(
            "-".join(str(row.stay) for row in mine),
            _("One document in %(rooms)s") % {"rooms": ", ".join(row.number for row in mine)},
            ", ".join(dict.fromkeys(row.name for row in mine)),
            Money(0),
            Remedy(_("Open the stay"), "stays", {"stay_id": first}),
            first,
            by=who.of(who_did, *(row.stay for row in mine)),
        )


CHECK = Check(
    "same_document",
    N_("Document in two rooms"),
    N_("A person sleeps in one room. Register who is in the other, or move the guest."),
    "shield",
    _find,
    register="registration",
    acts="trail",
)
