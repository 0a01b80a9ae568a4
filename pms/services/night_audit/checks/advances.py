"""Advance deposits still held for bookings that were cancelled or did not come."""

from collections.abc import Iterator

from sqlalchemy import case, or_, select, union_all
from sqlalchemy.orm import aliased

from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.db.types import summed
from pms.services.folios.models import Account, Transfer
from pms.services.reservations.models import STATE_NAMES, BookedRoom, Reservation, listed_name

from . import Check, Finding, Remedy, Tonight, who


def _find(tonight: Tonight) -> Iterator[Finding]:
    a, b, r, t = Account, BookedRoom, Reservation, Transfer
    moved = (
        select(summed(case((t.debit_id == a.id, t.amount), else_=-t.amount)))
        .where(or_(t.debit_id == a.id, t.credit_id == a.id), t.business_date >= tonight.business_date)
        .correlate(a)
        .scalar_subquery()
    )
    held = aliased(Account)
    open_ones = union_all(  # by index: an "or" would read every advance that there ever was
        select(held.id).where(held.ledger == "advance", held.balance != 0),
        select(t.credit_id).where(t.business_date == tonight.business_date),
    )
    rows = tonight.session.execute(
        select(a.id, b.id, b.state, r.number, listed_name(), a.balance + moved)
        .join(b, b.id == a.line_id)
        .join(r, r.id == b.reservation_id)
        .where(a.ledger == "advance", b.state.in_(("cancelled", "no_show")), a.id.in_(open_ones))
        .order_by(r.number)
    ).all()
    who_did = who.did(tonight, "booked_room", [row[1] for row in rows if row[5]], who.GAVE_UP)
    for account, line_id, state, number, guest, standing in rows:
        if standing:
            yield Finding(
                str(account),
                _("R-%(number)s: an advance deposit is still held") % {"number": number},
                f"{guest}, {_(STATE_NAMES[state])}",
                Money(abs(int(standing))),
                Remedy(_("Open the booking"), "reservations", {"line_id": line_id}),
                by=who.of(who_did, line_id),
                about=f"R-{number}",
            )


CHECK = Check(
    "advances",
    N_("Advance of a lost booking"),
    N_("Refund or forfeit the advance by the rules of the booking, with its paper."),
    "cash",
    _find,
    register="money",
    acts="trail",
)
