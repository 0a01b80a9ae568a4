"""The invoices wanted, written into the platform's own workbook in its exact words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.reading import query
from pms.db.work import Work, operation
from pms.services.property.queries import setting
from pms.services.staff import taking_out

from . import items, template
from .duty import WORK
from .items import Item
from .models import Invoice
from .queries import WANTED, shown

DIGITS = 2
YES, NO = "是", "否"
ORDINARY, SPECIAL = "普通发票", "增值税专用发票"
ADDRESS, BANK, BOTH = (
    "展示地址、电话",
    "展示开户银行、银行账号",
    "展示地址、电话、开户银行及银行账号",
)
LONGEST = {"购买方电话": 50, "购买方开户银行": 100, "购买方银行账号": 60, "备注": 230}
"""Signs that the platform takes in a field; a buyer's name and address are held shorter at the desk."""
_PHONE = re.compile(r"(.*?)[\s,，;；]*((?:\+|\(|（)?\d[\d\-() （）]{5,})", re.DOTALL)
_ACCOUNT = re.compile(r"(.*?)[\s,，;；:：]*(\d[\d \-]{5,})", re.DOTALL)


@dataclass(frozen=True)
class Filled:
    """The workbook to give to the platform, and how many invoices and what sum stand in it."""

    content: bytes
    invoices: int
    amount: Money


@query(WORK)
def filled(session: Session, *, content: bytes, numbers: Sequence[int]) -> Filled:
    """Return the platform's template ``content`` with the wanted invoices of these numbers.

    Refuses a file that is no such template, and invoices that are issued or called off meanwhile.
    """
    if setting(session).digits != DIGITS:
        raise Refused(_("The platform takes yuan and fen; this hotel's books are in another currency."))
    asked = select(Invoice).where(Invoice.number.in_(numbers), Invoice.state == WANTED)
    found = list(session.scalars(asked.order_by(Invoice.number)))
    if missing := set(numbers) - {invoice.number for invoice in found}:
        raise Refused(
            _("%(number)s waits no more. Look at the list again.") % {"number": shown(min(missing))}
        )
    if not found:
        raise Refused(_("Nobody waits for an invoice."))
    said = items.of(session, setting(session).options, found)
    lines = [_line(invoice, item, amount) for invoice in found for item, amount in said[invoice.id]]
    made = template.fill(content, [_head(invoice) for invoice in found], lines)
    return Filled(made, len(found), Money(sum(invoice.amount for invoice in found)))


def serial(number: int) -> str:
    """Return the serial under which an invoice goes to the platform: always the same, so that what was sent
    twice is refused there."""
    return f"I{number:011}"


def _head(i: Invoice) -> dict[str, str]:
    address, phone = parted(_PHONE, i.address_phone)
    bank, account = parted(_ACCOUNT, i.bank)
    shown_ = {(True, False): ADDRESS, (False, True): BANK, (True, True): BOTH}
    told = {
        "发票流水号": serial(i.number),
        "发票类型": SPECIAL if i.special else ORDINARY,
        "是否含税": YES,
        "受票方自然人标识": YES if i.individual else NO,
        "购买方名称": i.buyer,
        "购买方纳税人识别号": i.tax_number,
        "购买方地址": address,
        "购买方电话": phone,
        "购买方开户银行": bank,
        "购买方银行账号": account,
        "是否展示购买方地址电话银行账号": shown_.get((bool(i.address_phone), bool(i.bank)), ""),
        "备注": i.remark,
    }
    for name, most in LONGEST.items():
        if len(told[name]) > most:
            raise Refused(
                _("%(number)s: the platform takes %(most)s signs in %(field)s, this has %(n)s.")
                % {"number": shown(i.number), "most": most, "field": name, "n": len(told[name])}
            )
    return told


def _line(i: Invoice, item: Item, amount: Money) -> dict[str, str]:
    return {
        "发票流水号": serial(i.number),
        "项目名称": item.name,
        "商品和服务税收编码": item.code,
        "金额": show(amount, DIGITS).replace(",", ""),
        "税率": item.rate,
    }


def parted(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    """Return an address and its phone, or a bank and its account, that stand in one line; where no number
    ends it, all of it is the former."""
    found = pattern.fullmatch(text.strip())
    return (found[1].strip(), found[2].strip()) if found else (text.strip(), "")


@operation(WORK)
def exported(work: Work, *, numbers: Sequence[int]) -> None:
    """Note that these invoices are written into a workbook for the platform, so that nobody issues them by
    hand as well, and write down that they leave the house."""
    asked = (
        select(Invoice).where(Invoice.number.in_(numbers), Invoice.state == WANTED).order_by(Invoice.number)
    )
    leaving = work.session.scalars(asked.with_for_update()).all()
    for found in leaving:
        found.exported_at = work.now
    taking_out.for_platform(work, _("Invoices wanted"), len(leaving))
    work.touch("invoices")
