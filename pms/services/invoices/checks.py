"""The night audit's look at invoices: more invoiced than is paid by now, or wanted since long."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import and_, or_, select

from pms.core import clock
from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.db.types import summed
from pms.services.folios.payable import payables
from pms.services.guests.models import Guest
from pms.services.night_audit.checks import Check, Finding, Remedy, Tonight
from pms.services.rooms.models import Room
from pms.services.stays.models import Stay, listed_name

from . import compared, queries
from .models import Invoice, InvoicedStay, RedLetter
from .queries import DROPPED, ISSUED, WANTED

TOLD = {
    compared.UNKNOWN: N_("unknown here"),
    compared.DIFFERS: N_("differs"),
    compared.TAKEN: N_("taken back there"),
    compared.TWICE: N_("twice in the list"),
    compared.MISSING: N_("not in the list"),
}
LONG, LATELY = timedelta(days=2), timedelta(days=60)
"""How long a guest waits before it is a finding, and how far back is looked at for money that went back
after the invoice."""


def _find(tonight: Tonight) -> Iterator[Finding]:
    yield from _too_much(tonight)
    yield from _told_otherwise(tonight)
    yield from _other_sums(tonight)
    ends = clock.at(tonight.business_date, "23:59", tonight.house.zone)
    for row in queries.wanted(tonight.session):
        if ends - row.wanted_at > LONG:
            yield Finding(
                f"w{row.id}",
                _("%(number)s is wanted since long") % {"number": row.shown},
                _(", ").join((f"{row.room} {row.guest}", row.buyer)),
                row.amount,
                Remedy(_("Invoice"), "invoices", {"number": row.number}),
                row.stay_id,
                about=row.room,
            )


def _too_much(tonight: Tonight) -> Iterator[Finding]:
    since = tonight.business_date - LATELY
    issued = and_(Invoice.state == ISSUED, Invoice.issued_on >= since)
    recent = select(Invoice.stay_id).where(or_(issued, Invoice.state == WANTED))
    rows = tonight.session.execute(
        select(InvoicedStay.stay_id, InvoicedStay.invoiced, Room.number, listed_name())
        .join(Stay, Stay.id == InvoicedStay.stay_id)
        .join(Guest, Guest.id == Stay.guest_id)
        .join(Room, Room.id == Stay.room_id)
        .where(InvoicedStay.invoiced > 0, InvoicedStay.stay_id.in_(recent))
    ).all()
    paid = payables(tonight.session, stay_ids=[stay_id for stay_id, *_rest in rows]) if rows else {}
    for stay_id, invoiced, room, guest in rows:
        if invoiced <= paid[stay_id]:
            continue
        sums = {"guest": guest, "invoiced": tonight.show(invoiced), "paid": tonight.show(paid[stay_id])}
        yield Finding(
            f"s{stay_id}",
            _("%(room)s: more is invoiced than paid") % {"room": room},
            _("%(guest)s: invoiced %(invoiced)s, charged and paid %(paid)s") % sums,
            Money(invoiced - paid[stay_id]),
            Remedy(_("Invoices"), "invoices", {"stay_id": stay_id}),
            stay_id,
            about=room,
        )


def _told_otherwise(tonight: Tonight) -> Iterator[Finding]:
    """Yield what the platform's lists tell otherwise than the house."""
    for found in compared.findings(tonight.session):
        if tonight.business_date - found.issued_on > LATELY:
            continue
        yield Finding(
            f"l{found.id}",
            f"{found.serial}: {_(TOLD[found.state])}",
            _(", ").join(filter(None, (found.shown, found.buyer, found.said))),
            Money(abs(found.difference)),
            Remedy(_("Invoices"), "invoices", {"told": found.serial}),
        )


def _other_sums(tonight: Tonight) -> Iterator[Finding]:
    """What is kept as invoiced of a stay is the sum of its invoices less their red letters."""
    i, s, r = Invoice, InvoicedStay, RedLetter
    since = tonight.business_date - LATELY
    recent = select(i.stay_id).where(or_(i.state == WANTED, i.issued_on >= since))
    rows = tonight.session.execute(
        select(i.stay_id, s.invoiced, summed(i.amount), summed(i.red), Room.number)
        .join(s, s.stay_id == i.stay_id)
        .join(Stay, Stay.id == i.stay_id)
        .join(Room, Room.id == Stay.room_id)
        .where(i.stay_id.in_(recent), i.state != DROPPED)
        .group_by(i.stay_id, s.invoiced, Room.number)
    ).all()
    taken = select(i.stay_id, summed(r.amount)).join(i, i.id == r.invoice_id)
    stays = [stay_id for stay_id, *_rest in rows]
    taken = taken.where(i.stay_id.in_(stays)).group_by(i.stay_id)
    red = {stay_id: int(amount) for stay_id, amount in tonight.session.execute(taken)}
    for stay_id, kept, amount, noted, room in rows:
        letters = red.get(stay_id, 0)
        due = int(amount) - letters
        if kept != due or letters != noted:
            sums = {"kept": tonight.show(kept), "due": tonight.show(due)}
            yield Finding(
                f"sum{stay_id}",
                _("%(room)s: what is invoiced is not the sum of the invoices") % {"room": room},
                _("%(kept)s is kept, invoices and red letters make %(due)s") % sums,
                Money(abs(kept - due) or abs(letters - int(noted))),
                Remedy(_("Invoices"), "invoices", {"stay_id": stay_id}),
                stay_id,
                about=room,
            )


CHECK = Check(
    "invoices",
    N_("Invoices"),
    N_("Enter a red letter for what was given back, or issue what the guest waits for."),
    "receipt",
    _find,
    register="money",
)
