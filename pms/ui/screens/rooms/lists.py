"""What the lists of rooms, types and blocks say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pms.core.i18n import N_, _
from pms.services.rooms.queries import BlockRow, RoomRow
from pms.ui.kit import formats
from pms.ui.kit.rows import Column

CLEAN = {
    "clean": (N_("Clean"), "good", "check"),
    "inspected": (N_("Inspected"), "good", "check-double"),
    "dirty": (N_("Dirty"), "warn", "broom"),
}
KINDS = {
    "OOO": (N_("Out of order"), "wrench"),
    "OOS": (N_("Out of service"), "lock"),
    "HOLD": (N_("Hold"), "lock"),
}


@dataclass(frozen=True)
class Line:
    """A room in the list with the block that holds it now or next."""

    room: RoomRow
    type_name: str
    block: BlockRow | None
    running: bool


def block_word(line: Line) -> str:
    """Name the block of a room: what, and until or from when."""
    if line.block is None:
        return "" if line.room.active else _("retired")
    kind = _(KINDS[line.block.kind][0])
    if line.running:
        return _("%(kind)s until %(day)s") % {"kind": kind, "day": formats.day(line.block.end)}
    return _("%(kind)s from %(day)s") % {"kind": kind, "day": formats.day(line.block.start)}


def of_rooms() -> Sequence[Column]:
    """Return what the list says of a room."""
    return (
        Column(
            N_("Room"),
            lambda x: x.room.number,
            width=84,
            bold=True,
            strike=lambda x: not x.room.active,
        ),
        Column(N_("Floor"), lambda x: x.room.floor, "number", width=64),
        Column(N_("Type"), lambda x: x.type_name, width=140),
        Column(
            N_("Status"),
            lambda x: _(CLEAN[x.room.clean][0]),
            "badge",
            width=124,
            tone=lambda x: CLEAN[x.room.clean][1],
            icon=lambda x: CLEAN[x.room.clean][2],
        ),
        Column(
            N_("Out of sale"),
            block_word,
            width=200,
            sub=lambda x: x.block.reason if x.block else "",
            tone=lambda x: "block",
        ),
        Column(N_("Features"), lambda x: x.room.features),
        Column(N_("Lock"), lambda x: x.room.lock_id, width=96),
    )


def of_types(rooms: Callable[[int], int]) -> Sequence[Column]:
    """Return what the list says of a type; ``rooms`` tells how many rooms are of it."""
    return (
        Column(N_("Type code"), lambda t: t.code, width=96, bold=True),
        Column(N_("Type name"), lambda t: _(t.name)),
        Column(N_("Beds"), lambda t: t.beds, "number", width=72),
        Column(N_("Rooms"), lambda t: rooms(t.id), "number", width=84),
        Column(N_("Overbooking"), lambda t: t.overbook, "number", width=120),
        Column(N_("State"), lambda t: "" if t.active else _("not sold"), "badge", width=108),
    )


def of_blocks() -> Sequence[Column]:
    """Return what the list says of a block."""
    return (
        Column(N_("Room"), lambda b: b.number, width=84, bold=True),
        Column(
            N_("Type of block"),
            lambda b: _(KINDS[b.kind][0]),
            "badge",
            width=160,
            icon=lambda b: KINDS[b.kind][1],
            tone=lambda b: "block",
        ),
        Column(N_("From"), lambda b: b.start, "day", width=96),
        Column(N_("To"), lambda b: b.end, "day", width=96),
        Column(N_("Reason"), lambda b: b.reason),
    )
