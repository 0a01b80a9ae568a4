"""Guests who arrived today on a plan that nothing proves they are entitled to."""

from collections.abc import Iterator

from sqlalchemy import select

from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.services.rates.models import RatePlan
from pms.services.reservations.models import BookedRoom, Reservation
from pms.services.reservations.proof import proven

from . import Check, Finding, Tonight, folio, who


def _find(tonight: Tonight) -> Iterator[Finding]:
    come = {s.line_id: s for s in (*tonight.in_house, *tonight.left) if s.arrival == tonight.business_date}
    if not come:
        return
    b, r, p = BookedRoom, Reservation, RatePlan
    rows = tonight.session.execute(
        select(b.id, p.name, p.kind, r.channel, r.reference)
        .join(r, r.id == b.reservation_id)
        .join(p, p.id == b.plan_id)
        .where(b.id.in_(come), p.kind != "rack")
        .order_by(b.id)
    ).all()
    sold = who.did(tonight, "booked_room", list(come), who.SOLD)
    let_in = who.did(tonight, "stay", [s.stay_id for s in come.values()], who.LET_IN)
    for line_id, plan, kind, channel, reference in rows:
        if proven(kind, channel, reference):
            continue
        s = come[line_id]
        listed = tonight.rack(s.type_id)
        yield Finding(
            str(s.stay_id),
            _("%(room)s is sold as %(plan)s without proof") % {"room": s.room, "plan": plan},
            _("%(guest)s, %(price)s instead of %(listed)s")
            % {"guest": s.listed, "price": tonight.show(s.rate), "listed": tonight.show(listed)},
            Money(max(listed - s.rate, 0)),
            folio(s.stay_id),
            s.stay_id,
            by=tonight.gave(s) | who.of(sold, line_id) | who.of(let_in, s.stay_id),
            about=s.room,
        )


CHECK = Check(
    "plans",
    N_("Plan without proof"),
    N_("Look for the agreement, the member's card or the channel's order. Approve it with its paper."),
    "tape",
    _find,
    register="prices",
    acts="trail",
)
