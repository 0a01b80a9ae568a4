"""What happened to a room: how clean it was said to be, by whom, and when it was out of sale."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core import dates
from pms.core.i18n import N_, _, commas
from pms.core.offers import About, Evidence
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.trail import told_of

from .models import Block

ROOM = N_("Room")
CLEAN = {"dirty": N_("dirty"), "clean": N_("clean"), "inspected": N_("inspected")}
FIELDS = {
    "features": N_("Features"),
    "lock_id": N_("Lock"),
    "joined": N_("Connects to"),
    "remarks": N_("Remarks"),
    "type_id": N_("Type"),
    "number": N_("Number"),
    "floor": N_("Floor"),
    "house_use": N_("For house use"),
}
LATELY = 10
"""How many times out of sale are told, the latest."""


@query(Permission.ROOMS_STATUS, Permission.ROOMS_EDIT)
def evidence(session: Session, *, about: About) -> list[Evidence]:
    """Return what happened to the room, where it is about a room and no guest in it."""
    if about.room_id is None or about.stay_id is not None or about.line_id is not None:
        return []
    return [*_changed(session, about.room_id), *_blocked(session, about.room_id)]


def _changed(session: Session, room_id: int) -> Iterator[Evidence]:
    for one in told_of(session, "room", [room_id]):
        if words := commas(_said(one.changes)):
            yield Evidence(ROOM, words, one.at, one.by, past=True)


def _said(changes: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(changes.get("number"), str):
        yield _("Added to the house")
        return
    if clean := changes.get("clean"):
        yield " \u2192 ".join(_(CLEAN[state]) for state in clean)
    if active := changes.get("active"):
        yield _("Back on sale") if active[1] else _("Retired")
    for field, words in FIELDS.items():
        if isinstance(changes.get(field), list):
            yield _("%(what)s changed") % {"what": _(words)}


def _blocked(session: Session, room_id: int) -> Iterator[Evidence]:
    b = Block
    blocks = session.execute(
        select(b.id, b.start, b.end, b.reason).where(b.room_id == room_id).order_by(b.id.desc()).limit(LATELY)
    ).all()
    told = {block.id: block for block in blocks}
    for one in told_of(session, "block", list(told)):
        block = told[one.number or 0]
        words = _("Out of sale %(days)s") % {"days": dates.span(block.start, block.end)}
        if "kind" not in one.changes:
            words = (
                _("Back on sale") if one.changes.get("lifted_at") else _("%(what)s changed") % {"what": words}
            )
        yield Evidence(ROOM, commas((words, block.reason)), one.at, one.by, past=True)
