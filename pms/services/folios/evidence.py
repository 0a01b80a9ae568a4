"""What the folio and the deposit of a guest say to the night audit."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from pms.core.i18n import N_, _
from pms.core.money import Money, show
from pms.core.offers import About, Evidence
from pms.core.permissions import Permission
from pms.core.reading import query

from . import kinds
from .printouts import code_text
from .queries import FolioLine, folio_lines, folios, slips_out

FOLIO, DEPOSIT = N_("Folio"), N_("Deposit")
LATEST = 12
"""Postings that the time line shows at most."""


@query(Permission.FOLIOS_READ)
def evidence(session: Session, *, about: About) -> list[Evidence]:
    """Return what the guest owes, the deposit that is held for it, and the latest postings."""
    if about.stay_id is None:
        return []
    digits = about.digits
    accounts = folios(session, stay_id=about.stay_id)
    owed = Money(sum(a.balance for a in accounts if a.ledger != "deposit"))
    held = Money(-sum(a.balance for a in accounts if a.ledger == "deposit"))
    lines, called = folio_lines(session, stay_id=about.stay_id), kinds.called(session)
    return [
        Evidence(FOLIO, _owes(owed, digits), tone="bad" if owed > held else "", place=40),
        Evidence(DEPOSIT, _held(held, slips_out(lines), digits), place=50),
        *(_posted(line, digits, called) for line in lines[-LATEST:]),
    ]


def _owes(owed: int, digits: int) -> str:
    if not owed:
        return _("owes nothing")
    words = _("owes %(sum)s") if owed > 0 else _("%(sum)s in credit")
    return words % {"sum": show(abs(owed), digits)}


def _held(held: int, slips: list[str], digits: int) -> str:
    if not held:
        return _("none held")
    told = _("%(sum)s held") % {"sum": show(held, digits)}
    return f"{told} ({', '.join(slips)})" if slips else told


def _posted(line: FolioLine, digits: int, called: Mapping[str, str]) -> Evidence:
    text = f"{code_text(line, called)} {show(line.charge or -line.paid, digits)}"
    return Evidence(FOLIO, text, line.at, line.by, "muted" if line.reversed else "", past=True)
