"""The tax platform's files as small as one can be: an invoice, its template, its list of issued ones."""

from decimal import Decimal
from io import BytesIO

import openpyxl
from openpyxl.worksheet.datavalidation import DataValidation

INVOICE = b"""<?xml version="1.0" encoding="UTF-8"?>
<EInvoice><Header><InherentLabel><InIssuType><LabelCode>Y</LabelCode></InIssuType>
<GeneralOrSpecialVAT><LabelCode>02</LabelCode></GeneralOrSpecialVAT></InherentLabel></Header>
<EInvoiceData><SellerInformation><SellerIdNum>91330199MAXXXXX908</SellerIdNum></SellerInformation>
<BuyerInformation><BuyerName>Guo Na</BuyerName></BuyerInformation>
<BasicInformation><TotalAmWithoutTax>1.89</TotalAmWithoutTax><TotalTaxAm>0.11</TotalTaxAm>
<TotalTax-includedAmount>2.00</TotalTax-includedAmount></BasicInformation>
<IssuItemInformation><Amount>1.89</Amount></IssuItemInformation></EInvoiceData>
<TaxSupervisionInfo><InvoiceNumber>26332000000000000777</InvoiceNumber>
<IssueTime>2026-09-06 10:00:00</IssueTime></TaxSupervisionInfo></EInvoice>
"""

SELLER = "91330199MAXXXXX908"
HEADS = (
    "发票流水号,发票类型,特定业务类型,是否含税,受票方自然人标识,购买方名称,购买方纳税人识别号,购买方地址,购买方电话,购买方开户银行,"
    "购买方银行账号,是否展示购买方地址电话银行账号,备注,购买方邮箱"
)
LINES = "发票流水号,项目名称,商品和服务税收编码,规格型号,单位,数量,单价,金额,税率,折扣金额"


def template_file(
    version: str = "pt:20260401", *, shown: bool = False, without: str = "", turned: bool = False
) -> bytes:
    """Return the platform's template as it is given out: explanations, heads in row 3, rows in the form of
    texts, drop-downs, the hidden version."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, told in (
        ("1-发票基本信息", HEADS),
        ("2-发票明细信息", LINES),
        ("3-特定业务信息", "发票流水号"),
    ):
        sheet = book.create_sheet(title)
        heads = [head for head in told.split(",") if head != without]
        sheet.append(["说明"])
        sheet.append(["必填"])
        sheet.append([f" {head}*\n" for head in (heads[::-1] if turned else heads)])
        for row in (4, 5):
            for column in range(1, len(heads) + 1):
                sheet.cell(row, column).number_format = "@"
    kinds = DataValidation(type="list", formula1='"普通发票,增值税专用发票"')
    kinds.add("B4:B1001")
    book["1-发票基本信息"].add_data_validation(kinds)
    if version:
        hidden = book.create_sheet("excelVersion")
        hidden["A4"] = version
        hidden.sheet_state = "visible" if shown else "hidden"
    return _bytes(book)


INVOICES = (
    "序号,发票代码,发票号码,数电发票号码,销方识别号,销方名称,购方识别号,购买方名称,开票日期,金额,税额,价税合计,发票票种,发票状态,"
    "是否正数发票,备注"
)
OF_LINES = "序号,数电发票号码,销方识别号,货物或应税劳务名称,价税合计"


def issued_list(*rows, seller: str = SELLER, cut: bool = False, begin: int = 1, without: str = "") -> bytes:
    """Return the platform's list of issued invoices: number, day, sum, state, remark of each; ``cut``:
    without its lines."""
    book = openpyxl.Workbook()
    lines, invoices = book.active, book.create_sheet("发票基础信息")
    lines.title = "信息汇总表"
    lines.append(OF_LINES.split(","))
    heads = INVOICES.split(",")
    invoices.append([head if head != without else "" for head in heads])
    for n, (serial, day, total, state, *remark) in enumerate(rows, begin):
        told = {
            "序号": n,
            "数电发票号码": serial,
            "销方识别号": seller,
            "购方识别号": "91330199MAXXXXX15F",
            "购买方名称": "虚构贸易有限公司",
            "开票日期": f"{day} 10:00:00",
            "价税合计": total,
            "发票状态": state,
            "是否正数发票": "否" if total.startswith("-") else "是",
            "备注": remark[0] if remark else "",
        }
        invoices.append([told.get(head, "") for head in heads])
        for part in () if cut else _halves(total):
            lines.append([n, serial, seller, "*住宿服务*住宿费", part])
    return _bytes(book)


def _halves(total: str) -> tuple[str, ...]:
    """Part a sum in two lines, as an invoice over lodging and food has them."""
    if not total.replace("-", "").replace(".", "").isdecimal():
        return (total,)
    return ("0.40", f"{Decimal(total) - Decimal('0.40')}")


def _bytes(book: openpyxl.Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()
