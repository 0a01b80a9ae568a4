"""Papers of channel accounts: the account of a month, and what is written off."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from pms.core import dates
from pms.core.i18n import _, ngettext
from pms.core.money import Money, show
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.work import Work
from pms.printing import slip
from pms.printing.slip import Heading, Row, Signatures, Slip, Table, Total
from pms.services.debts.printouts import given_up, paid_in, sums
from pms.services.folios import kinds
from pms.services.folios.printouts import letterhead
from pms.services.property.queries import setting

from . import queries
from .queries import WHAT, BillRow, Month


@query(Permission.FOLIOS_READ)
def month(session: Session, *, number: int, start: date) -> Slip:
    """Return a channel's account of a month: bills, payments, and what is owed before and after."""
    s, told = setting(session), queries.month(session, number=number, start=start)
    last = told.end - timedelta(days=1)
    to = ((_("Channel"), told.channel), (_("Contact"), told.contact))
    pairs = (*to, (_("Period"), dates.span(told.start, last, year=True)))
    return Slip(
        "channel_account",
        _("Channel account"),
        (
            slip.facts(*(pair for pair in pairs if pair[1]), columns=2),
            Heading(_("Bills")),
            _bills(told, s.digits),
            Heading(_("Payments")),
            paid_in(told.receipts, s.digits, kinds.called(session), "HR"),
            sums(told.opening, told.bills, told.receipts, told.closing, s.digits),
            Signatures((_("Hotel"), _("Channel"))),
        ),
        number=f"HS-{told.number}-{told.start.year}{told.start.month:02}",
        paper="A4",
        house=s.name,
        house_note="  ".join(filter(None, (s.options.address, s.options.phone))),
    )


def _bills(told: Month, digits: int) -> Table:
    columns = (
        slip.left(_("Date"), 2),
        slip.left(_("Bill"), 2),
        slip.left(_("Order no."), 4),
        slip.guests(_("Guest"), 3),
        slip.left(_("Room"), 2),
        slip.left(_("Stay dates"), 3),
        slip.left(_("Item"), 2),
        slip.right(_("Amount"), 3),
    )
    rows: tuple[Row, ...] = tuple(_row(b, digits) for b in told.bills)
    words = ngettext("%(n)s bill", "%(n)s bills", len(rows)) % {"n": len(rows)}
    return Table(columns, rows, (Total(words, show(sum(b.amount for b in told.bills), digits)),))


def _row(b: BillRow, digits: int) -> Row:
    return slip.row(
        dates.day(b.billed_on),
        b.shown,
        b.reference,
        b.guest,
        b.room,
        f"{dates.day(b.arrival)} \u2013 {dates.day(b.departure)}" if b.stay_id else "",
        _(WHAT[b.what]),
        show(b.amount, digits),
    )


def written_off(work: Work, *, channel: str, bill: int, amount: Money, left: int, reason: str) -> Slip:
    """Return the paper of a channel's debt that is given up; who allowed it signs."""
    told = given_up(work, (_("Channel"), channel), f"HB-{bill}", amount, left, reason)
    return Slip(
        "channel_given_up",
        _("Debt written off"),
        told,
        copies=(_("Finance copy"),),
        **letterhead(work),
    )
