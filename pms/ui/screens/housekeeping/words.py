"""What states, remarks and differences are called on the sheet."""

from pms.core.i18n import N_, _, ngettext
from pms.services.housekeeping.queries import Line

PARTS = {"AM": N_("Status sheet, morning"), "PM": N_("Status sheet, evening")}
PART_CHIPS = {"AM": N_("Morning"), "PM": N_("Evening")}
ODD = {"sleep": N_("Sleep"), "skip": N_("Skip"), "person": N_("Heads")}
CLEAN = {
    "dirty": (N_("dirty"), "broom", "warn"),
    "clean": (N_("clean"), "check", "good"),
    "inspected": (N_("inspected"), "check-double", "good"),
}
REMARKS = {
    "dnd": N_("do not disturb"),
    "make_up": N_("make up"),
    "refused": N_("service refused"),
    "double_lock": N_("double lock"),
    "light_luggage": N_("light luggage"),
    "no_luggage": N_("no luggage"),
    "slept_out": N_("slept out"),
}


def desk(line: Line) -> str:
    """Return what the desk has: its code, and how many persons; nothing before the room is seen, where the
    hotel wants it so."""
    if line.hidden:
        return ""
    if line.desk_block and line.desk_persons is None:
        return _({"HOLD": "HLD"}.get(line.desk_block, line.desk_block))
    code = ("V" if line.desk_persons is None else "O") + {"dirty": "D", "clean": "C", "inspected": "I"}[
        line.desk_clean
    ]
    return f"{_(code)}  {heads(line.desk_persons)}" if line.desk_persons is not None else _(code)


def heads(number: int) -> str:
    """Return so many persons, short enough for a cell."""
    return ngettext("%(n)s p.", "%(n)s p.", number) % {"n": number}


def remarks(line: Line) -> str:
    """Return the remarks of a room in words."""
    return ", ".join(_(REMARKS[r]) for r in line.remarks)
