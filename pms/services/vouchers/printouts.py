"""The sheet of serial numbers: what each series gave, what is missing, how the books of forms stand."""

from collections.abc import Sequence
from datetime import date

from pms.core import dates
from pms.core.i18n import _
from pms.db.work import Work
from pms.printing import slip
from pms.printing.slip import Heading, Signatures, Slip, Table, Text
from pms.services.folios.printouts import letterhead

from .numbers import HOW, Fault, Given, faults
from .queries import STATES, BookRow

MOST = 400
"""Numbers that the sheet lists; a gap of thousands is told by its count."""


def sheet(work: Work, *, first: date, last: date, found: Sequence[Given], books: Sequence[BookRow]) -> Slip:
    """Return the sheet of some days, to be signed by who checked it."""
    span = " – ".join(dict.fromkeys(dates.day(day, year=True) for day in (first, last)))
    wrong = faults(found)
    blocks: list[slip.Block] = [
        slip.facts((_("Period"), span)),
        Heading(_("Numbers given")),
        _given(found) if found else Text(_("No number was given on these days."), "small"),
        Heading(_("Gaps, doubles")),
        _faults(wrong[:MOST]) if wrong else Text(_("No number is missing, none stands twice."), "small"),
    ]
    if len(wrong) > MOST:
        blocks.append(Text(_("and %(n)s more") % {"n": len(wrong) - MOST}, "small"))
    if books:
        blocks += [Heading(_("Books of blank forms")), _books(books)]
    blocks.append(Signatures((_("Checked by"), _("Date"))))
    return Slip("serial_numbers", _("Serial numbers"), tuple(blocks), paper="A4", **letterhead(work))


def _given(found: Sequence[Given]) -> Table:
    return Table(
        (
            slip.left(_("Paper"), 4),
            slip.left(_("From"), 2),
            slip.left(_("To"), 2),
            slip.right(_("Given"), 2),
            slip.right(_("Voided"), 2),
            slip.right(_("Not there"), 2),
            slip.right(_("Twice"), 2),
        ),
        tuple(
            slip.row(
                _(one.series.name),
                one.shown(one.first),
                one.shown(one.last),
                str(one.count),
                *(str(len(n) or "") for n in (one.voided, one.missing, one.doubled)),
            )
            for one in found
        ),
    )


def _faults(wrong: Sequence[Fault]) -> Table:
    rows = tuple(slip.row(_(f.name), f.number, _(HOW[f.how]), "") for f in wrong)
    return Table(
        (
            slip.left(_("Paper"), 4),
            slip.left(_("Number"), 3),
            slip.left(_("State"), 2),
            slip.left(_("Explanation"), 5),
        ),
        rows,
    )


def _books(books: Sequence[BookRow]) -> Table:
    return Table(
        (
            slip.left(_("Book no."), 2),
            slip.left(_("Form"), 3),
            slip.left(_("Numbers"), 5),
            slip.left(_("Next unused"), 3),
            slip.left(_("With"), 3),
            slip.right(_("Stubs"), 2),
            slip.right(_("Spoilt"), 2),
            slip.right(_("Not there"), 2),
        ),
        tuple(
            slip.row(
                r.shown,
                r.form,
                f"{r.start} – {r.end}",
                r.following or _("all used"),
                r.holder or _(STATES[r.state]),
                str(r.stubs),
                str(r.spoilt or ""),
                str(r.gap or ""),
            )
            for r in books
        ),
    )
