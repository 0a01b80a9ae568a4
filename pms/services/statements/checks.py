"""The night audit's look at statements: what stands in one and not in the books, or the other way round."""

from collections.abc import Iterator

from sqlalchemy import exists

from pms.core import dates
from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.services.night_audit.checks import Check, Finding, Remedy, Tonight, people

from . import queries
from .formats.parts import SOURCES
from .matching import STATES
from .models import StatementFile


def _find(tonight: Tonight) -> Iterator[Finding]:
    for pair in queries.lately_open(tonight.session, business_date=tonight.business_date):
        there = pair.line.gross or pair.line.amount if pair.line is not None else 0
        here = pair.posting.amount if pair.posting is not None else 0
        yield Finding(
            pair.id,
            _("%(kind)s %(number)s: %(state)s")
            % {"kind": _(SOURCES[pair.source]), "number": pair.number, "state": _(STATES[pair.state])},
            _("%(day)s, statement %(there)s, books %(here)s")
            % {"day": dates.day(pair.day), "there": tonight.show(there), "here": tonight.show(here)},
            Money(abs(pair.difference)),
            Remedy(_("Statements"), "statements", {"pair": pair.id, "day": pair.day.isoformat()}),
            pair.posting.stay_id if pair.posting is not None else None,
            by=people(pair.posting.clerk_id) if pair.posting is not None else frozenset(),
        )


CHECK = Check(
    "statements",
    N_("Statements and books differ"),
    N_(
        "Post what is missing here, ask the provider for what is missing there, or clear the line with a "
        "reason."
    ),
    "check-double",
    _find,
    register="money",
    acts="done",
    did=exists().where(StatementFile.first.is_not(None)),
)
