"""The list of issued invoices as the tax platform gives it out (全量发票查询导出结果.xlsx), read and checked.

One sheet has a row for each invoice, another one for each of its lines: an invoice whose lines are not
there, or come to another sum, was cut off. A red letter is told by its own column, never by its state, and
names what it takes back in its remark alone.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from pms.core import tables
from pms.core.errors import Refused
from pms.core.i18n import _

from .template import key

INVOICES, LINES = "发票基础信息", "信息汇总表"
SERIAL = ("数电发票号码", "全电发票号码")
"""What the column is called, and was."""
NEEDED = (
    "序号",
    "销方识别号",
    "购方识别号",
    "购买方名称",
    "开票日期",
    "价税合计",
    "发票状态",
    "是否正数发票",
)
_RED = re.compile(r"被红冲蓝字数电(?:发)?票号码[:：]\s*(\d{20})")
_CONFIRMED = re.compile(r"红字发票信息确认单编号[:：]\s*(\d{20})")


@dataclass(frozen=True)
class Issued:
    """An invoice of the list; of a red letter ``total`` is negative, and ``red_of`` the number that it takes
    back."""

    serial: str
    issued_on: date
    buyer: str
    tax_number: str
    seller: str
    total: Decimal
    blue: bool
    state: str
    red_of: str = ""
    confirmation: str = ""


def read(content: bytes) -> list[Issued]:
    """Return the invoices of a list, doubled ones too; refuses what is no such list, cut off, or does not add
    up."""
    found = tables.sheets(content)
    if INVOICES not in found or LINES not in found:
        raise Refused(
            _(
                "This is not the platform's list of issued invoices. Fetch it there and choose the file "
                "as it is."
            )
        )
    rows, lines = _rows(found[INVOICES]), _rows(found[LINES])
    if not rows:
        raise Refused(_("There is no invoice in this list."))
    _check_whole(rows, lines)
    return [_issued(row) for row in rows]


def _rows(sheet: tables.Sheet) -> list[dict[str, str]]:
    """Return the rows by their columns' heads; the invoice's number stands under one name."""
    titles = [key(title) for title in sheet.rows[0]] if sheet.rows else []
    titles = [SERIAL[0] if title in SERIAL else title for title in titles]
    missing = [name for name in (SERIAL[0], "价税合计") if name not in titles]
    if missing:
        raise Refused(_("The list has no column %(column)s.") % {"column": missing[0]})
    at = titles.index(SERIAL[0])
    if any(column == at for _row, column in sheet.lost):
        raise Refused(_("The invoice numbers have lost figures: the list was saved anew. Fetch it again."))
    padded = (row + [""] * (len(titles) - len(row)) for row in sheet.rows[1:] if any(row))
    made = [dict(zip(titles, row, strict=False)) for row in padded]
    for row in made:  # an invoice of before has code and number in place of one of twenty figures
        row[SERIAL[0]] = row[SERIAL[0]] or row.get("发票代码", "") + row.get("发票号码", "")
    return made


def _check_whole(rows: Sequence[Mapping[str, str]], lines: Sequence[Mapping[str, str]]) -> None:
    missing = [name for name in NEEDED if name not in rows[0]]
    if missing:
        raise Refused(_("The list has no column %(column)s.") % {"column": missing[0]})
    if [row["序号"] for row in rows] != [str(n) for n in range(1, len(rows) + 1)]:
        raise Refused(_("The list is not whole: its rows do not run from 1 on. Fetch it anew."))
    sums = dict[str, Decimal]()
    for line in lines:
        serial = line[SERIAL[0]]
        sums[serial] = sums.get(serial, Decimal(0)) + _sum(line["价税合计"])
    told = dict[str, list[Decimal]]()
    for row in rows:
        told.setdefault(row[SERIAL[0]], []).append(_sum(row["价税合计"]))
    for serial in {**told, **sums}:
        totals = told.get(serial, [])
        if sums.get(serial) not in {sum(totals[:n], Decimal(0)) for n in range(1, len(totals) + 1)}:
            raise Refused(
                _("The list is not whole: of %(number)s its two sheets tell different sums. Fetch it anew.")
                % {"number": serial or _("an invoice without a number")}
            )


def _issued(row: Mapping[str, str]) -> Issued:
    serial, total, blue = row[SERIAL[0]], _sum(row["价税合计"]), row["是否正数发票"] == "是"
    if not serial or blue != (total > 0):
        raise Refused(
            _("Row %(row)s of the list cannot be read: its number or its sum is missing.")
            % {"row": row["序号"]}
        )
    red, confirmed = (pattern.search(row.get("备注", "")) for pattern in (_RED, _CONFIRMED))
    return Issued(
        serial[:20],
        _day(row["开票日期"]),
        row["购买方名称"],
        row["购方识别号"],
        row["销方识别号"],
        total,
        blue,
        row["发票状态"],
        red[1] if red and not blue else "",
        confirmed[1] if confirmed and not blue else "",
    )


def _sum(text: str) -> Decimal:
    try:
        made = Decimal(text.replace(",", ""))
    except InvalidOperation:
        made = Decimal("NaN")
    if not made.is_finite():
        raise Refused(_("The file has no sum where one belongs."))
    return made


def _day(text: str) -> date:
    try:
        return datetime.fromisoformat(text.replace("/", "-")[:19]).date()
    except ValueError:
        raise Refused(_("The file has no day of issue.")) from None
