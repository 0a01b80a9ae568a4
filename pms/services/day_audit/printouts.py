"""The register on paper."""

from collections.abc import Sequence
from datetime import date

from pms.core import dates
from pms.core.i18n import _
from pms.core.money import show
from pms.db.work import Work
from pms.printing import slip
from pms.printing.slip import Block, Heading, Signatures, Slip, Table, Text, Total
from pms.services.folios.printouts import letterhead

from .queries import CAUSES, KINDS, Count, FindingRow, counted, shown


def register(work: Work, *, start: date, end: date, findings: Sequence[FindingRow]) -> Slip:
    """Return the register of a period: every finding with cause, person and training, then the counts by
    person, kind and cause."""
    digits = work.setting.digits
    period = dates.span(start, end, year=True)
    return Slip(
        "day_audit_register",
        _("Day audit register"),
        (
            slip.facts((_("Period"), period)),
            _listed(findings, digits),
            *(
                block
                for title, by, names in (
                    (_("By person"), lambda f: f.person, {}),
                    (_("By kind"), lambda f: f.kind, KINDS),
                    (_("By cause"), lambda f: f.cause, CAUSES),
                )
                for block in (Heading(title), _counts(counted(findings, by), names, digits))
            ),
            Signatures((_("Day audit"), _("Manager"))),
        ),
        number=f"{start:%Y%m%d}-{end:%Y%m%d}",
        paper="A4",
        **letterhead(work),
    )


def _listed(findings: Sequence[FindingRow], digits: int) -> Block:
    rows = tuple(
        slip.row(
            shown(f.number),
            dates.day(f.business_date),
            f.title,
            f.person,
            _(CAUSES[f.cause]) if f.cause else "",
            show(f.amount, digits) if f.amount else "",
            _("open") if f.state == "open" else _("closed"),
            note="  ".join(
                filter(None, (f.remark, _("Training: %(what)s") % {"what": f.training} if f.training else ""))
            ),
        )
        for f in findings
    )
    if not rows:
        return Text(_("Nothing was found in this period."), "small")
    columns = (
        slip.left(_("No.")),
        slip.left(_("Day")),
        slip.left(_("Finding"), 5),
        slip.left(_("Person"), 2),
        slip.left(_("Cause"), 2),
        slip.right(_("At risk"), 2),
        slip.left(_("State")),
    )
    return Table(columns, rows, (Total(_("At risk"), show(sum(f.amount for f in findings), digits)),))


def _counts(counts: Sequence[Count], names: dict[str, str], digits: int) -> Block:
    rows = tuple(
        slip.row(
            _(names.get(c.word, c.word)) if c.word else _("not named yet"),
            str(c.number),
            str(c.open),
            show(c.amount, digits),
        )
        for c in counts
    )
    if not rows:
        return Text(_("Nothing was found in this period."), "small")
    return Table(
        (slip.left("", 3), slip.right(_("Findings")), slip.right(_("open")), slip.right(_("At risk"), 2)),
        rows,
    )
