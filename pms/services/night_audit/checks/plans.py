"""Guests who arrived today on a plan that nothing proves they are entitled to."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache

from sqlalchemy import select

from pms.core import offers
from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.core.offers import Customer
from pms.services.rates.models import RatePlan
from pms.services.reservations import customer
from pms.services.reservations.models import BookedRoom, Reservation
from pms.services.reservations.proof import GROUNDS, proven

from . import Check, Finding, Tonight, folio, who


def _find(tonight: Tonight) -> Iterator[Finding]:
    come = {s.line_id: s for s in (*tonight.in_house, *tonight.left) if s.arrival == tonight.business_date}
    if not come:
        return
    b, r, p = BookedRoom, Reservation, RatePlan
    rows = tonight.session.execute(
        select(b.id, b.departure, p.id, p.name, p.kind, r)
        .join(r, r.id == b.reservation_id)
        .join(p, p.id == b.plan_id)
        .where(b.id.in_(come), p.kind != "rack")
        .order_by(b.id)
    ).all()
    ask = _asked(tonight)
    sold = who.did(tonight, "booked_room", list(come), who.SOLD)
    let_in = who.did(tonight, "stay", [s.stay_id for s in come.values()], who.LET_IN)
    for line_id, departure, plan_id, plan, kind, booking in rows:
        s = come[line_id]
        last = max(s.arrival, departure - timedelta(days=1))
        known = customer.on_nights(ask, customer.of(booking), s.arrival, last) if kind in GROUNDS else []
        if proven(kind, booking.channel, booking.reference, plan_id, known):
            continue
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


def _asked(tonight: Tonight) -> customer.Ask:
    """Return how a member or company is asked for: each once, however many came by it."""

    @cache
    def ask(kind: str, number: int, on: date) -> Sequence[Customer]:
        return tonight.offers.gather(offers.customer_of, tonight.session, kind=kind, number=number, on=on)

    return ask


CHECK = Check(
    "plans",
    N_("Plan without proof"),
    N_("Look for the agreement, the member's card or the channel's order. Approve it with its paper."),
    "tape",
    _find,
    register="prices",
    acts="trail",
)
