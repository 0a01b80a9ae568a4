"""Room cards that guests who left today have not given back, and that were not charged."""

from collections.abc import Iterator

from sqlalchemy import case, exists, select
from sqlalchemy.orm import aliased

from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.db.types import summed
from pms.services.cards.models import Card
from pms.services.folios.models import Account, Transfer
from pms.services.stays.models import Stay

from . import Check, Finding, Tonight, folio, who


def _find(tonight: Tonight) -> Iterator[Finding]:
    left = {s.stay_id: s for s in tonight.left}
    if not left:
        return
    c = Card
    # one that ended before, in a room change, was exchanged for the next
    kept = (c.state == "ended") & (c.uid != "") & (c.ended_at >= Stay.departed_at)
    counts = tonight.session.execute(
        select(
            c.stay_id,
            summed(case((kept, 1), else_=0)),
            summed(case((c.state == "lost", 1), else_=0)),
        )
        .join(Stay, Stay.id == c.stay_id)
        .where(c.stay_id.in_(left))
        .group_by(c.stay_id)
    ).all()
    paid = _charged(tonight, [stay for stay, out, _lost in counts if out])
    who_did = who.did(tonight, "stay", [stay for stay, out, _lost in counts if out], who.LET_OUT)
    for stay_id, out, lost in counts:
        missing = out - max(paid.get(stay_id, 0) - lost, 0)
        if missing > 0:
            s = left[stay_id or 0]
            yield Finding(
                str(stay_id),
                _("%(room)s: cards not returned: %(n)s") % {"room": s.room, "n": missing},
                s.listed,
                Money(missing * tonight.options.card_price),
                folio(s.stay_id),
                s.stay_id,
                by=who.of(who_did, s.stay_id),
                about=s.room,
            )


def _charged(tonight: Tonight, stays: list[int | None]) -> dict[int | None, int]:
    """Return how many cards each stay has paid for; what was taken back counts no more."""
    t, own, into, undone = Transfer, aliased(Account), aliased(Account), aliased(Transfer)
    rows = (
        tonight.session.execute(
            select(own.stay_id, summed(t.quantity))
            .select_from(own)
            .join(t, t.debit_id == own.id)
            .join(into, into.id == t.credit_id)
            .where(
                own.stay_id.in_(stays),
                t.code == "CARD",
                into.ledger == "revenue",
                ~exists().where(undone.reverses == t.id),
            )
            .group_by(own.stay_id)
        ).all()
        if stays
        else []
    )
    return {stay: int(count) for stay, count in rows}


CHECK = Check(
    "cards_out",
    N_("Cards not returned"),
    N_("Ask the guest for the card, or charge it. What is waived needs its reason."),
    "key-card",
    _find,
    register="rooms",
    acts="trail",
)
