"""What the states of a room are called on its tile and in sentences."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pms.core.i18n import N_, _
from pms.services.room_board.queries import Tile, Tonight
from pms.ui.kit import formats

CODES = {
    "VC": N_("vacant clean"),
    "VI": N_("vacant inspected"),
    "VD": N_("vacant dirty"),
    "OC": N_("occupied clean"),
    "OI": N_("occupied inspected"),
    "OD": N_("occupied dirty"),
    "OOO": N_("out of order"),
    "OOS": N_("out of service"),
    "HOLD": N_("held back"),
}
SHORT = {
    "VC": N_("VC"),
    "VI": N_("VI"),
    "VD": N_("VD"),
    "OC": N_("OC"),
    "OI": N_("OI"),
    "OD": N_("OD"),
    "OOO": N_("OOO"),
    "OOS": N_("OOS"),
    "HOLD": N_("HLD"),
}
ODD = {"sleep": N_("Sleep"), "skip": N_("Skip"), "person": N_("Heads")}
ODD_MEANS = {
    "sleep": N_("Sleep: housekeeping saw people, the desk has nobody in this room. Check who is in it."),
    "skip": N_(
        "Skip: housekeeping saw nobody, the desk has a guest in this room. Check the guest and the balance."
    ),
    "person": N_(
        "Heads: housekeeping saw another number of people than the desk has. Check the registration."
    ),
}
FLAGS = {
    "shield": N_("ID incomplete"),
    "dnd": N_("do not disturb"),
    "star": N_("VIP"),
    "member": N_("member"),
    "house": N_("house use"),
    "free": N_("complimentary"),
    "party": N_("joined rooms"),
    "joined": N_("connecting room"),
    "cash": N_("over credit limit"),
    "clock": N_("hour room"),
}
FLAG_TONES = {"cash": "bad", "shield": "warn"}
CLEAN_SIGNS = {"dirty": ("broom", "warn"), "clean": ("check", "good"), "inspected": ("check-double", "good")}


def code(tile: Tile) -> str:
    """Return the derived status as its code: VC, VI, VD, OC, OI, OD, OOO, OOS, HOLD."""
    if tile.block and not tile.occupied:
        return tile.block
    return ("O" if tile.occupied else "V") + {"clean": "C", "inspected": "I", "dirty": "D"}[tile.clean]


def sign(tile: Tile) -> tuple[str, str]:
    """Return the icon of the band and its colour role."""
    if tile.block and not tile.occupied:
        return ("wrench" if tile.block == "OOO" else "lock"), "block"
    return CLEAN_SIGNS[tile.clean]


def status(tile: Tile) -> str:
    """Return code and word: ``OD occupied dirty``, ``住脏``."""
    key = code(tile)
    return _(CODES[key]) if formats.chinese() else f"{key} {_(CODES[key])}"


def ready(tile: Tile) -> bool:
    """Say whether the room can be given to the next guest at once: nobody in it, not blocked, not dirty, not
    in doubt, not promised."""
    return not (tile.occupied or tile.block or tile.clean == "dirty" or tile.odd or tile.due_in)


class OnSale(NamedTuple):
    """What can be sold of a type tonight, and how many of these rooms can be given away at once."""

    code: str
    free: int
    ready: int


def on_sale(tiles: Sequence[Tile], tonight: Sequence[Tonight]) -> list[OnSale]:
    """Return for each type of these rooms what is left to sell, rooms still to be cleaned included; of the
    ready ones at most as many, for a guest who is booked needs one though none is given to them yet."""
    ready_of = Counter(t.type_id for t in tiles if ready(t))
    codes = {t.type_id: t.type_code for t in tiles}
    return [
        OnSale(codes[row.type_id], row.free, min(ready_of[row.type_id], max(row.free, 0)))
        for row in tonight
        if row.type_id in codes
    ]


def together(types: Sequence[OnSale]) -> tuple[int, int]:
    """Return both figures of the whole house: who is short of one type is given another."""
    free = sum(t.free for t in types)
    return free, min(sum(t.ready for t in types), max(free, 0))
