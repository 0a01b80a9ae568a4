"""Guests who left today without having been charged for the room."""

from collections.abc import Iterator

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from pms.core.i18n import N_, _
from pms.services.folios.ledger import ROOM_CODES
from pms.services.folios.models import Account, Transfer

from . import Check, Finding, Tonight, folio, who


def _find(tonight: Tonight) -> Iterator[Finding]:
    left = [s for s in tonight.left if not s.kind]
    t, out = Transfer, aliased(Account)
    charged = (
        {
            stay: int(amount)
            for stay, amount in tonight.session.execute(
                select(t.stay_id, func.sum(case((out.ledger == "revenue", t.amount), else_=-t.amount)))
                .join(out, out.id == t.credit_id)
                .where(t.stay_id.in_([s.stay_id for s in left]), t.code.in_(ROOM_CODES))
                .group_by(t.stay_id)
            )
        }
        if left
        else {}
    )
    free = [s for s in left if charged.get(s.stay_id, 0) <= 0]
    who_did = who.did(tonight, "stay", [s.stay_id for s in free], who.LET_OUT)
    for s in free:
        yield Finding(
            str(s.stay_id),
            _("%(room)s left without a room charge") % {"room": s.room},
            s.listed,
            s.rate or tonight.rack(s.type_id),
            folio(s.stay_id),
            s.stay_id,
            by=who.of(who_did, s.stay_id),
            about=s.room,
        )


CHECK = Check(
    "zero_charge",
    N_("Departures without a charge"),
    N_(
        "Find out why nothing was charged. On the day of departure, the check-out can be undone and "
        "the charge posted."
    ),
    "check-out",
    _find,
    register="money",
    acts="trail",
)
