"""Take what companies pay, write off what they will not, and take either back."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from pms.core import dates
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.permissions import Permission
from pms.db.work import Work, operation
from pms.services.companies.held import held
from pms.services.companies.models import Company
from pms.services.folios import kinds, ledger, numbers
from pms.services.folios import printouts as folio_papers
from pms.services.folios.models import Transfer
from pms.services.folios.odd import ask_if_odd
from pms.services.staff import taking_out

from . import printouts, queries
from .duty import BILL, EXCEED
from .models import OPEN, CompanyAllocation, CompanyBill, CompanyReceipt

RECEIPT, WRITTEN_OFF, BACK = "receipt", "write_off", "back"


@operation(Permission.FOLIOS_PAY, money=True)
def receive(
    work: Work, *, number: int, method: str, amount: Money, bill: int | None = None, reference: str = ""
) -> int:
    """Take what a company pays and print the receipt: on one bill, else on those that are due first; returns
    the receipt's number."""
    if method not in ledger.METHODS or amount <= 0:
        raise Refused(_("A payment needs a method and an amount above 0."))
    came_by = kinds.taken(work, method, reference)
    company = held(work, number)
    bills = _open(work, company, bill, amount)
    ask_if_odd(work, amount, sum(one.left for one in bills))
    posted = ledger.post(
        work,
        debit=ledger.account(work, method),
        credit=ledger.company_account(work, company.number, company.name),
        amount=amount,
        code=method,
        text=company.name,
    )
    numbers.came(work, posted, method, amount, came_by)
    made = _allocate(work, company, bills, RECEIPT, amount, posted, method=method)
    rest = queries.owed(work.session, number=number)
    what = _("Company account %(number)s") % {"number": number}
    paper = folio_papers.receipt(
        work, payer=company.name, what=what, amount=amount, method=method, rest=rest, number=came_by
    )
    work.print(paper, record="transfer", record_id=posted)
    return made.number


@operation(BILL, money=True)
def write_off(work: Work, *, number: int, bill: int, amount: Money, reason: str) -> int:
    """Give up what a company owes on a bill, with reason and by a person who may; returns the number of what
    was written off."""
    if not reason.strip():
        raise Refused(_("Say why the debt is written off; it is printed on the paper."))
    if amount <= 0:
        raise Refused(_("Give an amount above 0."))
    company = held(work, number)
    bills = _open(work, company, bill, amount)
    digits = work.setting.digits
    what = _("Writing off %(sum)s of bill %(bill)s, %(company)s: %(reason)s")
    told = {"sum": show(amount, digits), "bill": bill, "company": company.name, "reason": reason.strip()}
    work.require(EXCEED, what % told, amount)
    posted = ledger.post(
        work,
        debit=ledger.account(work, "BADDEBT"),
        credit=ledger.company_account(work, company.number, company.name),
        amount=amount,
        code="BADDEBT",
        text=company.name,
        rule=reason.strip(),
    )
    made = _allocate(work, company, bills, WRITTEN_OFF, amount, posted, reason=reason.strip())
    paper = printouts.written_off(
        work, company=company.name, bill=bill, amount=amount, left=bills[0].left, reason=reason.strip()
    )
    work.print(paper, record="transfer", record_id=posted)
    return made.number


@operation(Permission.FOLIOS_ADJUST, money=True)
def take_back(work: Work, *, receipt: int, reason: str) -> int:
    """Take a receipt or a write-off of today back: its bills are owed again; returns the number of what takes
    it back."""
    if not reason.strip():
        raise Refused(_("Say why it is taken back."))
    r = CompanyReceipt
    found = work.session.scalars(select(r).where(r.number == receipt)).first()
    if found is None or found.kind == BACK:
        raise Refused(_("There is no receipt %(number)s.") % {"number": receipt})
    if found.business_date != work.business_date:
        raise Refused(_("This receipt belongs to a closed day. Enter what is right as a new one."))
    company = work.hold(Company, found.company_id)
    if work.session.scalars(select(r.id).where(r.reverses == found.id)).first() is not None:
        raise Refused(_("This receipt was taken back already. Look at the account again."))
    posted = ledger.reverse(work, work.session.get_one(Transfer, found.transfer_id), reason)
    made = _write(
        work,
        company,
        BACK,
        Money(-found.amount),
        posted,
        method=found.method,
        reason=reason.strip(),
        reverses=found.id,
    )
    a = CompanyAllocation
    for part in work.session.scalars(select(a).where(a.receipt_id == found.id)).all():
        one = work.hold(CompanyBill, part.bill_id)
        one.left = Money(one.left + part.amount)
        work.session.add(a(receipt_id=made.id, bill_id=one.id, amount=Money(-part.amount)))
    return made.number


def _open(work: Work, company: Company, bill: int | None, amount: int) -> Sequence[CompanyBill]:
    """Return the open bills of a company that is held, or one of them; refuses more than is open there."""
    b = CompanyBill
    wanted = select(b).where(b.company_id == company.id, OPEN).order_by(b.due_on, b.number)
    if bill is not None:
        wanted = wanted.where(b.number == bill)
    found = work.session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).all()
    open_, digits = sum(one.left for one in found), work.setting.digits
    if amount > open_:
        words = (
            _("%(company)s owes %(sum)s.")
            if bill is None
            else _("%(sum)s is open on bill %(bill)s of %(company)s.")
        )
        raise Refused(words % {"company": company.name, "sum": show(open_, digits), "bill": bill})
    return found


def _allocate(
    work: Work,
    company: Company,
    bills: Sequence[CompanyBill],
    kind: str,
    amount: int,
    posted: int,
    *,
    method: str = "",
    reason: str = "",
) -> CompanyReceipt:
    made = _write(work, company, kind, Money(amount), posted, method=method, reason=reason)
    rest = amount
    for one in bills:
        part = Money(min(rest, one.left))
        if not part:
            break
        one.left, rest = Money(one.left - part), rest - part
        work.session.add(CompanyAllocation(receipt_id=made.id, bill_id=one.id, amount=part))
    work.session.flush()
    return made


def _write(
    work: Work,
    company: Company,
    kind: str,
    amount: Money,
    posted: int,
    *,
    method: str,
    reason: str,
    reverses: int | None = None,
) -> CompanyReceipt:
    made = CompanyReceipt(
        number=work.next_number("company_receipt"),
        company_id=company.id,
        kind=kind,
        amount=amount,
        method=method,
        reason=reason,
        transfer_id=posted,
        reverses=reverses,
        business_date=work.business_date,
        at=work.now,
        clerk_id=work.clerk.id or None,
        station=work.station,
    )
    work.session.add(made)
    work.session.flush()
    work.touch("debts")
    return made


@operation(Permission.FOLIOS_READ)
def print_statement(work: Work, *, number: int, start: date) -> None:
    """Print a company's statement of a month, given by its first day."""
    paper = printouts.statement(work.session, number=number, start=start)
    taking_out.in_bulk(work, [paper], *queries.month_of(start))
    work.print(paper, record="company")


@operation(Permission.TAKE_OUT)
def take_out(work: Work, *, number: int, start: date, form: str) -> None:
    """Let a company's statement of a month leave as a file; written down."""
    told = queries.statement(work.session, number=number, start=start)
    title = f"{_('Company statement')} {told.company} {dates.month(told.start)}"
    heads = [_("Date"), _("Bill"), _("Guest"), _("Room"), _("Amount")]
    taking_out.list_as_file(work, title, heads, len(told.bills) + len(told.receipts), form)
