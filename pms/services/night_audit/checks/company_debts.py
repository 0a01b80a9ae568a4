"""The night audit's look at companies' accounts: what the bills have open against the books."""

from collections.abc import Iterator

from sqlalchemy import func, or_, select

from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.db.types import summed
from pms.services.companies.models import Company
from pms.services.debts.models import OPEN, CompanyAllocation, CompanyBill, CompanyReceipt
from pms.services.folios import ledger
from pms.services.folios.models import Account, Transfer

from . import Check, Finding, Remedy, Tonight


def _find(tonight: Tonight) -> Iterator[Finding]:
    yield from _accounts(tonight)
    yield from _bills(tonight)


def _accounts(tonight: Tonight) -> Iterator[Finding]:
    """Each company owes in the books what its bills have open."""
    a, b, c, t = Account, CompanyBill, Company, Transfer
    open_ = {
        number: int(left)
        for number, left in tonight.session.execute(
            select(c.number, summed(b.left)).join(c, c.id == b.company_id).where(OPEN).group_by(c.number)
        )
    }
    codes = [f"{ledger.OF_COMPANY}{number}" for number in tonight.session.scalars(select(c.number))]
    if not codes:
        return
    known = {
        account: (int(str(name).removeprefix(ledger.OF_COMPANY)), balance)
        for account, name, balance in tonight.session.execute(
            select(a.id, a.code, a.balance).where(a.code.in_(codes))
        )
    }
    owed = {number: int(balance) for number, balance in known.values()}
    today = t.business_date >= tonight.business_date
    for debit, credit, amount in tonight.session.execute(
        select(t.debit_id, t.credit_id, t.amount).where(
            today, or_(t.debit_id.in_(known), t.credit_id.in_(known))
        )
    ):
        for account, sign in ((debit, 1), (credit, -1)):
            if account in known:
                owed[known[account][0]] += sign * amount
    for number in sorted(open_.keys() | owed.keys()):
        left, there = open_.get(number, 0), owed.get(number, 0)
        if left == there:
            continue
        sums = {"left": tonight.show(left), "owed": tonight.show(there)}
        yield Finding(
            f"account{number}",
            _("Company account %(number)s") % {"number": number},
            _("open bills %(left)s, the books say %(owed)s") % sums,
            Money(abs(left - there)),
            Remedy(_("Company accounts"), "debts", {"number": number}),
        )


def _bills(tonight: Tonight) -> Iterator[Finding]:
    """Each open bill, and each paid today, has open what its receipts leave; a receipt is used up whole."""
    b, g, r, c = CompanyBill, CompanyAllocation, CompanyReceipt, Company
    today = r.business_date == tonight.business_date
    paid = select(g.bill_id).join(r, r.id == g.receipt_id).where(today)
    came = func.coalesce(select(summed(g.amount)).where(g.bill_id == b.id).scalar_subquery(), 0)
    bills = tonight.session.execute(
        select(b.number, c.number, b.left, b.amount - came)
        .join(c, c.id == b.company_id)
        .where(or_(OPEN, b.id.in_(paid)), b.voided_on.is_(None), b.left != b.amount - came)
    )
    for number, company, left, due in bills:
        sums = {"left": tonight.show(left), "due": tonight.show(int(due))}
        yield Finding(
            f"bill{number}",
            _("Bill %(bill)s of company %(number)s") % {"bill": number, "number": company},
            _("%(left)s is open, its receipts leave %(due)s") % sums,
            Money(abs(left - int(due))),
            Remedy(_("Company accounts"), "debts", {"number": company}),
        )
    used = func.coalesce(select(summed(g.amount)).where(g.receipt_id == r.id).scalar_subquery(), 0)
    receipts = tonight.session.execute(
        select(r.number, c.number, r.amount, used)
        .join(c, c.id == r.company_id)
        .where(today, used != r.amount)
    )
    for number, company, amount, gone in receipts:
        sums = {"amount": tonight.show(amount), "used": tonight.show(int(gone))}
        yield Finding(
            f"receipt{number}",
            _("Receipt %(n)s of company %(number)s") % {"n": number, "number": company},
            _("%(amount)s came in, %(used)s stands on bills") % sums,
            Money(abs(amount - int(gone))),
            Remedy(_("Company accounts"), "debts", {"number": company}),
        )


CHECK = Check(
    "company_debts",
    N_("Companies' bills and books differ"),
    N_("Call for help; do not correct it by hand."),
    "receipt",
    _find,
    register="money",
)
