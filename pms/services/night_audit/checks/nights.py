"""Room charge ÷ rate ≠ nights: what a stay was charged for its rooms is not what its closed nights were sold
for."""

from collections.abc import Iterator

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.services.folios.models import Account, Transfer
from pms.services.night_audit.models import NightStay

from . import Check, Finding, Tonight, folio, people, who


def _find(tonight: Tonight) -> Iterator[Finding]:
    inside = {s.stay_id: s for s in (*tonight.in_house, *tonight.left)}
    t, n, out = Transfer, NightStay, aliased(Account)
    amount = case(
        (t.night < t.business_date, 0),  # charged after its close: no night of any snapshot
        (out.ledger == "revenue", t.amount),
        else_=-t.amount,
    )
    sold = {
        stay: (int(count), int(price))
        for stay, count, price in tonight.session.execute(
            select(n.stay_id, func.count(), func.sum(n.price))
            .where(n.stay_id.in_(inside), n.business_date < tonight.business_date)
            .group_by(n.stay_id)
        )
    }
    charged = {
        stay: int(charge)
        for stay, charge in tonight.session.execute(
            select(t.stay_id, func.sum(amount))
            .join(out, out.id == t.credit_id)
            .where(t.stay_id.in_(inside), t.code == "ROOM")
            .group_by(t.stay_id)
        )
    }
    who_did = _by_hand(
        tonight, [stay for stay in inside if charged.get(stay, 0) != sold.get(stay, (0, 0))[1]]
    )
    for stay_id, s in inside.items():
        count, price = sold.get(stay_id, (0, 0))
        if s.state == "departed" and s.departure > tonight.business_date and not s.kind:
            count, price = count + 1, price + s.rate  # left after midnight: tonight is posted already
        if (got := charged.get(stay_id, 0)) != price:
            yield Finding(
                str(stay_id),
                _("%(room)s: room charges are not its nights") % {"room": s.room},
                _("%(guest)s, nights %(nights)s: %(due)s, charged %(got)s")
                % {"guest": s.listed, "nights": count, "due": tonight.show(price), "got": tonight.show(got)},
                Money(abs(price - got)),
                folio(stay_id),
                stay_id,
                by=who.of(who_did, stay_id),
                about=s.room,
            )


def _by_hand(tonight: Tonight, stays: list[int]) -> dict[int, frozenset[int]]:
    """Return who posted or took back room charges beside the close."""
    t, found = Transfer, dict[int, frozenset[int]]()
    rows = tonight.session.execute(
        select(t.stay_id, t.clerk_id)
        .where(t.stay_id.in_(stays), t.code == "ROOM", ~t.key.startswith("night:"))
        .distinct()
    )
    for stay, clerk in rows if stays else ():
        found[stay or 0] = found.get(stay or 0, frozenset()) | people(clerk)
    return found


CHECK = Check(
    "nights",
    N_("Room charge is not nights × rate"),
    N_("A room charge was voided, or posted otherwise. Approve it with its reason, or post what is missing."),
    "bed",
    _find,
    register="money",
    acts="trail",
)
