"""The room status sheet on paper."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from pms.core import dates
from pms.core.clock import local
from pms.core.i18n import N_, _
from pms.db.work import Work
from pms.printing import slip
from pms.printing.slip import Heading, Row, Signatures, Slip, Table, Total
from pms.services.folios.printouts import letterhead
from pms.services.rooms.models import REMARKS

from .queries import Difference, Line, count_taken, guides, likely_moves, told

PART_NAMES = {"AM": N_("morning"), "PM": N_("evening")}
VACANT = {"dirty": N_("vacant dirty"), "clean": N_("vacant clean"), "inspected": N_("vacant inspected")}
OCCUPIED = {
    "dirty": N_("occupied dirty"),
    "clean": N_("occupied clean"),
    "inspected": N_("occupied inspected"),
}
BLOCK_NAMES = {"OOO": N_("out of order"), "OOS": N_("out of service"), "HOLD": N_("held back")}
REMARK_NAMES = dict(
    zip(
        REMARKS,
        (
            N_("do not disturb"),
            N_("make up"),
            N_("service refused"),
            N_("double lock"),
            N_("light luggage"),
            N_("no luggage"),
            N_("slept out"),
        ),
        strict=True,
    )
)
ODD_NAMES = {"sleep": N_("Sleep"), "skip": N_("Skip"), "person": N_("Heads")}


def status_sheet(
    work: Work,
    *,
    day: date,
    part: str,
    lines: Sequence[Line],
    differences: Sequence[Difference],
    signed_by: str,
    signed_at: datetime | None,
) -> Slip:
    """Return a day's sheet: every room with desk and seen status, persons, remarks and time, then what
    differs, and the signature."""
    zone = work.setting.zone
    signed = (
        f"{signed_by} {dates.moment(local(signed_at, zone), year=True)}" if signed_at else _("not signed")
    )
    occupied = [x for x in lines if x.persons]
    closing = guides([x.floor for x in lines])
    return Slip(
        "status_sheet",
        _("Room status sheet"),
        (
            slip.facts(
                (_("Day"), f"{dates.day(day, year=True)} {_(PART_NAMES[part])}"),
                (_("Signed"), signed),
                *_taken(lines),
                columns=2,
            ),
            Table(
                (
                    slip.left(_("Room"), 2),
                    slip.left(_("Type"), 2),
                    slip.left(_("Desk"), 4),
                    slip.left(_("Seen"), 4),
                    slip.right(_("Persons"), 2),
                    slip.left(_("Remarks"), 4),
                    slip.left(_("Differs"), 2),
                    slip.left(_("Time"), 2),
                ),
                tuple(_row(x, zone, closes=at in closing) for at, x in enumerate(lines)),
                (
                    Total(_("Rooms"), str(len(lines))),
                    Total(_("Occupied"), str(len(occupied))),
                    Total(_("Persons"), str(sum(x.persons or 0 for x in occupied)), True),
                ),
            ),
            *_differences(differences),
            Signatures((_("Housekeeping lead"), _("Duty manager"))),
        ),
        number=f"{day:%m%d}-{part}",
        paper="A4",
        **letterhead(work),
    )


def _taken(lines: Sequence[Line]) -> tuple[tuple[str, str], ...]:
    taken = count_taken(lines)
    return () if taken is None else ((_("As the desk has it, unchanged"), f"{taken} / {len(lines)}"),)


def _row(x: Line, zone: str, *, closes: bool) -> Row:
    at = f"{local(x.at, zone):%H:%M}" if x.at else ""
    made = slip.row(
        x.number,
        x.type_code,
        status(x.desk_persons, x.desk_clean, x.desk_block),
        status(x.persons or None, x.clean, x.desk_block),
        str(x.persons),
        ", ".join(_(REMARK_NAMES[r]) for r in x.remarks),
        _(ODD_NAMES[x.odd]) if x.odd else "",
        at,
    )
    return replace(made, closes=closes)


def status(persons: int | None, clean: str, block: str) -> str:
    """Return a room's state in words; ``persons`` None is vacant."""
    if block and persons is None:
        return _(BLOCK_NAMES[block])
    return _((VACANT if persons is None else OCCUPIED)[clean])


def _differences(found: Sequence[Difference]) -> tuple[Heading | Table, ...]:
    if not found:
        return ()
    moves = {m.out_of.number: m.into.number for m in likely_moves(found)}
    hint = _("Looks like a room change to %(room)s that was not recorded.")
    rows = tuple(
        slip.row(
            d.number,
            _(ODD_NAMES[d.kind]),
            told(d),
            note=hint % {"room": moves[d.number]} if d.number in moves else "",
        )
        for d in found
    )
    return Heading(_("Differences")), Table(
        (slip.left(_("Room"), 1), slip.left(_("Kind"), 1), slip.left(_("What"), 5)), rows
    )
