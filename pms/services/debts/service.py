"""Take what companies pay, write off what they will not, and take either back."""

from collections.abc import Sequence
from datetime import date

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
from pms.services.folios.odd import ask_if_odd
from pms.services.staff import taking_out

from . import book, printouts, queries
from .duty import BILL, EXCEED
from .models import BOOK, CompanyBill


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
    made = book.allocate(work, BOOK, company.id, bills, book.RECEIPT, amount, posted, method=method)
    rest = queries.owed(work.session, number=number)
    what = _("Company account %(number)s") % {"number": number}
    paper = folio_papers.receipt(
        work, payer=company.name, what=what, amount=amount, method=method, rest=rest, number=came_by
    )
    work.print(paper, record="transfer", record_id=posted)
    return int(made.number)


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
    told_why = reason.strip()
    made = book.allocate(work, BOOK, company.id, bills, book.WRITTEN_OFF, amount, posted, reason=told_why)
    paper = printouts.written_off(
        work, company=company.name, bill=bill, amount=amount, left=bills[0].left, reason=reason.strip()
    )
    work.print(paper, record="transfer", record_id=posted)
    return int(made.number)


@operation(Permission.FOLIOS_ADJUST, money=True)
def take_back(work: Work, *, receipt: int, reason: str) -> int:
    """Take a receipt or a write-off of today back: its bills are owed again; returns the number of what takes
    it back."""
    return book.take_back(work, BOOK, receipt, reason)


def _open(work: Work, company: Company, bill: int | None, amount: int) -> Sequence[CompanyBill]:
    """Return the open bills of a company that is held, or one of them; refuses more than is open there."""
    found = book.open_bills(work, BOOK, company.id, () if bill is None else (bill,))
    open_, digits = sum(one.left for one in found), work.setting.digits
    if amount > open_:
        words = (
            _("%(company)s owes %(sum)s.")
            if bill is None
            else _("%(sum)s is open on bill %(bill)s of %(company)s.")
        )
        raise Refused(words % {"company": company.name, "sum": show(open_, digits), "bill": bill})
    return found


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
