"""The file of an issued invoice as the tax platform gives it out (``dzfp_….xml``)."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from xml.etree import ElementTree as Xml

from pms.core.errors import Refused
from pms.core.i18n import _

MOST = 2 * 1024 * 1024
"""Bytes; an invoice has some ten thousand."""
_SERIAL = re.compile(r"\d{20}", re.ASCII)


@dataclass(frozen=True)
class Told:
    """What a file says: number, day, buyer, sums in the currency's whole units; ``red_of`` is the number of
    the invoice that a red letter takes back, whose sums are negative."""

    serial: str
    issued_on: date
    special: bool
    buyer: str
    tax_number: str
    seller_number: str
    net: Decimal
    tax: Decimal
    total: Decimal
    lines: int
    red_of: str = ""
    confirmation: str = ""


def read(content: bytes) -> Told:
    """Return what an invoice's file says; refuses what is no such file, or whose sums do not agree."""
    root = _parsed(content)
    data = root.find("EInvoiceData")
    if root.tag != "EInvoice" or data is None:
        raise Refused(_("This is no invoice file of the tax platform."))
    serial = _text(root, "TaxSupervisionInfo/InvoiceNumber") or _text(root, "Header/EIid")
    if not _SERIAL.fullmatch(serial):
        raise Refused(_("The file has no invoice number of twenty figures."))
    basics = "EInvoiceData/BasicInformation/"
    net, tax, total = (
        _sum(root, basics + name) for name in ("TotalAmWithoutTax", "TotalTaxAm", "TotalTax-includedAmount")
    )
    items = data.findall("IssuItemInformation")
    if net + tax != total or sum((_sum(item, "Amount") for item in items), Decimal(0)) != net:
        raise Refused(_("The sums of the invoice %(number)s do not agree.") % {"number": serial})
    blue = _text(root, "Header/InherentLabel/InIssuType/LabelCode") != "N"
    red_of = _text(root, "EInvoiceData/SpecificInformation/RedEInvoice/OriginalInvoiceCode")
    if blue != (total > 0) or (not blue and not _SERIAL.fullmatch(red_of)):
        raise Refused(_("The file of %(number)s does not say what it takes back.") % {"number": serial})
    return Told(
        serial,
        _day(_text(root, "TaxSupervisionInfo/IssueTime")),
        _text(root, "Header/InherentLabel/GeneralOrSpecialVAT/LabelCode") == "01",
        _text(root, "EInvoiceData/BuyerInformation/BuyerName"),
        _text(root, "EInvoiceData/BuyerInformation/BuyerIdNum"),
        _text(root, "EInvoiceData/SellerInformation/SellerIdNum"),
        net,
        tax,
        total,
        len(items),
        "" if blue else red_of,
        _text(root, "EInvoiceData/SpecificInformation/RedEInvoice/CreditNoteNumber"),
    )


def _parsed(content: bytes) -> Xml.Element:
    """Read the file; one that declares entities could fill the memory, and no invoice does."""
    if len(content) > MOST:
        raise Refused(_("The file is too large for an invoice."))
    plain = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace")
    if "<!DOCTYPE" in plain or "<!ENTITY" in plain:
        raise Refused(_("This is no invoice file of the tax platform."))
    try:
        return Xml.fromstring(re.sub(r"^<\?xml[^>]*\?>", "", plain.strip()))
    except Xml.ParseError as error:
        raise Refused(_("The file cannot be read: it is cut off, or no invoice.")) from error


def _text(element: Xml.Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _sum(element: Xml.Element, path: str) -> Decimal:
    try:
        return Decimal(_text(element, path))
    except InvalidOperation as error:
        raise Refused(_("The file has no sum where one belongs.")) from error


def _day(text: str) -> date:
    try:
        return datetime.fromisoformat(text[:19]).date()
    except ValueError as error:
        raise Refused(_("The file has no day of issue.")) from error
