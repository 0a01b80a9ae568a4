"""The report of what was given away on whose authority."""

from collections.abc import Sequence
from datetime import date

from pms.core import dates
from pms.core.authority import NAMES, Kind
from pms.core.i18n import N_, _
from pms.core.money import show
from pms.db.work import Work
from pms.printing import slip
from pms.printing.slip import Signatures, Slip, Table
from pms.services.authority.delegation import RIGHT, UseCount
from pms.services.folios.printouts import letterhead, stamp

KINDS: dict[str, str] = {
    **{kind.value: name for kind, name in NAMES.items()},
    RIGHT: N_("Delegated right used"),
}
assert set(KINDS) == {*(kind.value for kind in Kind), RIGHT}


def use_report(work: Work, *, rows: Sequence[UseCount], start: date, end: date) -> Slip:
    """Return the uses of a period by person and kind, with what was handed over marked."""
    digits = work.setting.digits
    lines = tuple(
        slip.row(
            row.by or _("nobody"),
            row.done_by or _("nobody"),
            _(KINDS[row.kind]),
            str(row.number),
            show(row.amount, digits) if row.amount else "",
            note=_("delegated by %(name)s") % {"name": row.by} if row.delegated else "",
        )
        for row in rows
    )
    total = sum(row.amount for row in rows)
    return Slip(
        "authority_use",
        _("Use of authority"),
        (
            slip.facts(
                (_("Period"), dates.span(start, end, year=True)),
                (_("Time"), stamp(work)),
                columns=2,
            ),
            Table(
                (
                    slip.left(_("On whose authority"), 4),
                    slip.left(_("Done by"), 4),
                    slip.left(_("Kind of act"), 5),
                    slip.right(_("Uses"), 2),
                    slip.right(_("Concession"), 3),
                ),
                lines,
                (slip.Total(_("In all"), show(total, digits), strong=True),),
            ),
            Signatures((_("Manager"),)),
        ),
        paper="A4",
        **letterhead(work),
    )
