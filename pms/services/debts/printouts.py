"""Papers of company accounts: the statement of a month, and a debt that is written off."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from pms.core import dates
from pms.core.i18n import _, ngettext
from pms.core.money import Money, show
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.work import Work
from pms.printing import slip
from pms.printing.slip import Block, Heading, Row, Signatures, Slip, Table, Total
from pms.services.folios import kinds
from pms.services.folios.printouts import letterhead, stamp
from pms.services.property.queries import setting

from . import queries
from .queries import KINDS, ReceiptRow, Statement


@query(Permission.FOLIOS_READ)
def statement(session: Session, *, number: int, start: date) -> Slip:
    """Return a company's statement of a month: bills, receipts, and what is owed before and after."""
    s, told = setting(session), queries.statement(session, number=number, start=start)
    last = told.end - timedelta(days=1)
    to = tuple(
        pair
        for pair in (
            (_("Company"), told.company),
            (_("Tax number"), told.tax_number),
            (_("Contact"), told.contact),
            (_("Period"), dates.span(told.start, last, year=True)),
        )
        if pair[1]
    )
    return Slip(
        "company_statement",
        _("Company statement"),
        (
            slip.facts(*to, columns=2),
            Heading(_("Bills")),
            _bills(told, s.digits),
            Heading(_("Payments received")),
            paid_in(told.receipts, s.digits, kinds.called(session), "CR"),
            sums(told.opening, told.bills, told.receipts, told.closing, s.digits),
            Signatures((_("Hotel"), _("Company"))),
        ),
        number=f"CS-{told.number}-{told.start.year}{told.start.month:02}",
        paper="A4",
        house=s.name,
        house_note="  ".join(filter(None, (s.options.address, s.options.phone))),
    )


def _bills(told: Statement, digits: int) -> Table:
    columns = (
        slip.left(_("Date"), 2),
        slip.left(_("Bill"), 2),
        slip.guests(_("Guest"), 4),
        slip.left(_("Room"), 2),
        slip.left(_("Stay dates"), 3),
        slip.left(_("Signed by"), 3),
        slip.left(_("Payable by"), 2),
        slip.right(_("Amount"), 3),
    )
    rows: tuple[Row, ...] = tuple(
        slip.row(
            dates.day(b.billed_on),
            b.shown,
            b.guest,
            b.room,
            f"{dates.day(b.arrival)} \u2013 {dates.day(b.departure)}",
            b.signer,
            dates.day(b.due_on),
            show(b.amount, digits),
        )
        for b in told.bills
    )
    n = len(rows)
    words = ngettext("%(n)s bill", "%(n)s bills", n) % {"n": n}
    return Table(columns, rows, (Total(words, show(sum(b.amount for b in told.bills), digits)),))


def paid_in(paid: tuple[ReceiptRow, ...], digits: int, called: Mapping[str, str], mark: str) -> Table:
    """Return what came in on an account as a table; ``mark`` begins the receipts' numbers."""
    columns = (
        slip.left(_("Date"), 2),
        slip.left(_("Number"), 2),
        slip.left(_("Item"), 6),
        slip.right(_("Amount"), 3),
    )
    rows = tuple(
        slip.row(
            dates.day(r.business_date),
            f"{mark}-{r.number}",
            " ".join(filter(None, (_(KINDS[r.kind]), called.get(r.method, r.method), r.reason))),
            show(r.amount, digits),
        )
        for r in paid
    )
    return Table(columns, rows, (Total(_("Received in all"), show(sum(r.amount for r in paid), digits)),))


def sums(opening: Money, bills: Sequence[Any], receipts: Sequence[Any], closing: Money, digits: int) -> Table:
    """Return the foot of a month's account: owed before, billed, received, owed at its end."""
    billed, paid = sum(b.amount for b in bills), sum(r.amount for r in receipts)
    columns = (slip.left("", 6), slip.right("", 3))
    rows = (
        slip.row(_("Owed before"), show(opening, digits)),
        slip.row(_("Bills"), show(billed, digits)),
        slip.row(_("Payments received"), show(-paid, digits)),
    )
    owed = Total(_("Owed at the end"), show(closing, digits), strong=True)
    return Table(columns, rows, (owed,))


def written_off(work: Work, *, company: str, bill: int, amount: Money, left: int, reason: str) -> Slip:
    """Return the paper of a debt that is given up; who allowed it signs."""
    told = given_up(work, (_("Company"), company), f"CB-{bill}", amount, left, reason)
    return Slip(
        "debt_given_up",
        _("Debt written off"),
        told,
        copies=(_("Finance copy"),),
        **letterhead(work),
    )


def given_up(
    work: Work, whose: tuple[str, str], bill: str, amount: Money, left: int, reason: str
) -> tuple[Block, ...]:
    """Return what stands on such a paper of any account: ``whose`` it is, by which bill, how much and why."""
    s = work.setting
    return (
        slip.facts(
            whose,
            (_("Bill"), bill),
            (_("Reason"), reason),
            (_("Still owed"), show(left, s.digits)),
            (_("Date"), stamp(work)),
            (_("Clerk"), work.clerk.name),
        ),
        slip.amount_line(_("Written off"), amount, s.currency, s.digits),
        Signatures((_("Clerk's signature"), _("Allowed by"))),
    )
