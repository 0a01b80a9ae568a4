"""Statements of channels: what they take as commission, what they settle of prepaid orders, what they have
paid out. Columns by their names; the foot and every pay-out are checked against the lines."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from pms.core import tables
from pms.core.errors import Refused
from pms.core.i18n import N_, _
from pms.core.tables import Sheet

from .parts import Columns, Once, cut_off, fen, find_head, plain

COMMISSION, SETTLEMENT, REFUND, PENALTY, FEE = (
    "commission",
    "settlement",
    "refund",
    "penalty",
    "cancellation_fee",
)
KINDS = {
    COMMISSION: N_("Commission"),
    SETTLEMENT: N_("Settlement"),
    REFUND: N_("Order refunded"),
    PENALTY: N_("Fine"),
    FEE: N_("Cancellation fee"),
}
TAKES, SETTLES, PAYS = "takes", "settles", "pays"
SORTS = {
    TAKES: N_("Commission statement"),
    SETTLES: N_("Settlement of prepaid orders"),
    PAYS: N_("Payout statement"),
}
_HEADS = {
    TAKES: ("订单号", "卖价", "佣金"),
    SETTLES: ("订单号", "底价金额", "结算金额"),
    PAYS: ("Reference number", "Statement Descriptor", "Transaction amount"),
}
_TOTAL, _PAYOUT, _DAY = "合计", "(payout)", timedelta(days=1)
_HOTEL = re.compile(r"酒店[::]\s*(.+?)(?:\s{1,}|$)")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日")


@dataclass(frozen=True)
class OrderLine:
    """One line of a channel's statement in fen: above 0 the channel pays, but of a commission, which it
    takes. ``reference`` is the order's number, empty where there is none; ``damaged``: its last figures are
    gone. ``paper`` is the number of the settlement or pay-out."""

    row: int
    kind: str
    reference: str
    amount: int
    arrival: date | None
    departure: date | None
    room_nights: int
    guest: str = ""
    sell: int | None = None
    commission: int | None = None
    fee: int = 0
    deduction: int = 0
    text: str = ""
    paper: str = ""
    damaged: bool = False

    @property
    def key(self) -> str:
        """Return what tells a line from every other of its channel."""
        days = (self.arrival or "", self.departure or "")
        return "|".join(map(str, (self.paper, self.kind, self.reference, *days, self.amount)))


@dataclass(frozen=True)
class ChannelStatement:
    """A channel's statement that was read: which sort, whose hotel it names, of which days, its lines;
    ``paid`` are its pay-outs by their number, ``doubled`` names what stood in it twice."""

    sort: str
    hotel: str
    first: date
    last: date
    lines: tuple[OrderLine, ...]
    paid: tuple[tuple[str, int], ...] = ()
    doubled: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """Return the sum of its lines."""
        return sum(line.amount for line in self.lines)


def read(data: bytes) -> ChannelStatement:
    """Return a channel's statement, whatever its file is called; refuses in a sentence what is none, cut off
    or does not come to its foot."""
    sheet = tables.read(data)
    for sort, names in _HEADS.items():
        found = find_head(sheet.rows, *names)
        if found is not None:
            return _READERS[sort](sheet, *found)
    raise Refused(
        _(
            "This is no channel's statement that is known here. Choose the commission statement, the "
            "settlement or the payout file as the channel's page saves it."
        )
    )


# ------------------------------------------------------------------ commission
def _takes(sheet: Sheet, at: int, columns: Columns) -> ChannelStatement:
    title = plain(" ".join(cell for row in sheet.rows[:at] for cell in row if cell))
    month = _MONTH.search(title)
    if month is None:
        raise cut_off(_("it does not say its month"))
    first = date(int(month[1]), int(month[2]), 1)
    lines, foot, doubled = _lines(sheet, at, columns, _commission)
    paper = first.isoformat()[:7]
    if foot is not None:
        _must_come_to(fen(columns.get(foot, "佣金")), sum(line.amount for line in lines))
    return ChannelStatement(
        TAKES,
        _hotel(title),
        first,
        (first + 32 * _DAY).replace(day=1) - _DAY,
        tuple(replace(line, paper=paper) for line in lines),
        (),
        doubled,
    )


def _commission(row: Sequence[str], columns: Columns) -> OrderLine:
    said = (columns.get(row, "核对操作"), columns.get(row, "备注"))
    return OrderLine(
        0,
        COMMISSION,
        _reference(row, columns, "订单号"),
        fen(columns.get(row, "佣金")),
        _day(columns.get(row, "入住日期", "入住")),
        _day(columns.get(row, "离店日期", "离店")),
        _number(columns.get(row, "间夜", "晚数")),
        columns.get(row, "客人姓名", "客人"),
        fen(columns.get(row, "卖价")),
        text=" ".join(filter(None, said)),
    )


# ------------------------------------------------------------------ prepaid
def _settles(sheet: Sheet, at: int, columns: Columns) -> ChannelStatement:
    facts = dict[str, str]()
    for row in sheet.rows[:at]:
        for name, value in pairwise(row):
            facts.setdefault(plain(name), plain(value))
    days = [day for text in re.split(r"至|~", facts.get("结算周期", "")) if (day := _day(text.strip()))]
    lines, foot, doubled = _lines(sheet, at, columns, _settlement)
    if foot is not None:
        _must_come_to(fen(columns.get(foot, "结算金额")), sum(line.amount for line in lines))
    known = days if len(days) == 2 else [day for x in lines for day in (x.arrival, x.departure) if day]
    if not known:
        raise cut_off(_("it does not say its days"))
    paper = facts.get("结算单号", "")
    return ChannelStatement(
        SETTLES,
        facts.get("收款单位", "") or facts.get("酒店名称", ""),
        min(known),
        max(known),
        tuple(replace(line, paper=paper) for line in lines),
        ((paper, sum(line.amount for line in lines)),),
        doubled,
    )


def _settlement(row: Sequence[str], columns: Columns) -> OrderLine:
    reference = _reference(row, columns, "订单号")
    nights, amount = _number(columns.get(row, "间夜")), fen(columns.get(row, "结算金额"))
    back = REFUND if nights < 0 or fen(columns.get(row, "底价金额")) < 0 else SETTLEMENT
    return OrderLine(
        0,
        back if reference else PENALTY,
        reference,
        amount,
        _day(columns.get(row, "入住", "入住日期")),
        _day(columns.get(row, "离店", "离店日期")),
        nights,
        columns.get(row, "客人姓名", "客人"),
        deduction=fen(columns.get(row, "扣款")),
        text=columns.get(row, "扣款原因", "备注"),
    )


# ------------------------------------------------------------------ paid out
def _pays(sheet: Sheet, at: int, columns: Columns) -> ChannelStatement:
    once, promised, sums = Once(), dict[str, int](), Counter[str]()
    lines, days = list[OrderLine](), list[date]()
    rows = [(n, row) for n, row in enumerate(sheet.rows[at + 1 :], at + 2) if any(row)]
    kept = {tuple(row): n for n, row in reversed(rows)}
    for row in once.rows([row for _n, row in rows], columns.at.get("Referencenumber")):
        paper = columns.get(row, "Statement Descriptor")
        if (day := _day(columns.get(row, "Payout date"))) is not None:
            days.append(day)
        if plain(columns.get(row, "Type/Transaction type", "Type", "Transaction type")).casefold() == _PAYOUT:
            promised[paper] = fen(columns.get(row, "Payout amount", "Payable amount"))
            continue
        line = replace(_paid(row, columns), row=kept[tuple(row)], paper=paper)
        sums[paper] += line.amount
        lines.append(line)
    for paper, amount in promised.items():
        _must_come_to(amount, sums[paper], paper)
    days += [line.arrival for line in lines if line.arrival is not None]
    if not days:
        raise cut_off(_("it has no lines"))
    named = [columns.get(row, "Property name") for _n, row in rows]
    return ChannelStatement(
        PAYS,
        next((name for name in named if name not in ("", "-")), ""),
        min(days),
        max(days),
        tuple(lines),
        tuple(promised.items()),
        tuple(once.doubled),
    )


def _paid(row: Sequence[str], columns: Columns) -> OrderLine:
    gone = plain(columns.get(row, "Reservation status")).casefold().startswith("cancel")
    amount = fen(columns.get(row, "Payable amount", "Transaction amount"))
    back = REFUND if amount < 0 else SETTLEMENT
    return OrderLine(
        0,
        FEE if gone and amount > 0 else back,
        _reference(row, columns, "Reference number"),
        amount,
        _day(columns.get(row, "Check-in date", "Check-in")),
        _day(columns.get(row, "Check-out date", "Check-out")),
        _number(columns.get(row, "Room nights")),
        sell=fen(columns.get(row, "Gross amount")),
        commission=-fen(columns.get(row, "Commission")),
        fee=-fen(columns.get(row, "Payments Service Fee")),
    )


# ------------------------------------------------------------------ what they share
def _lines(
    sheet: Sheet, at: int, columns: Columns, one: Callable[[Sequence[str], Columns], OrderLine]
) -> tuple[list[OrderLine], Sequence[str] | None, tuple[str, ...]]:
    """Return the lines under a head, each once, its foot, and what stood there twice."""
    once, lines, foot = Once(), list[OrderLine](), None
    column = columns.at.get("订单号", 0)
    for n, row in enumerate(sheet.rows[at + 1 :], at + 1):
        if not any(row):
            continue
        if plain(row[0]) == _TOTAL:
            foot = row
            break
        told = row[1:] if columns.at.get("序号") == 0 else row
        if not any(once.rows([told], None)):
            continue
        made = replace(one(row, columns), row=n + 1)
        lines.append(replace(made, damaged=(n, column) in sheet.lost))
    return lines, foot, tuple(once.doubled)


def _hotel(title: str) -> str:
    found = _HOTEL.search(title)
    return found[1].strip() if found else ""


def _must_come_to(promised: int, found: int, paper: str = "") -> None:
    if promised != found:
        raise cut_off(
            _("%(paper)s the foot says %(promised)s, the lines come to %(found)s")
            % {"paper": paper, "promised": f"{promised / 100:.2f}", "found": f"{found / 100:.2f}"}
        )


def _reference(row: Sequence[str], columns: Columns, name: str) -> str:
    told = plain(columns.get(row, name)).removeprefix("=").strip("'\"")
    return "" if told == "-" else told


def _number(text: str) -> int:
    return fen(text) // 100 if text.strip() not in ("", "-") else 0


def _day(text: str) -> date | None:
    told = plain(text)
    if told in ("", "-"):
        return None
    for form in _FORMS:
        try:
            return datetime.strptime(told[:11], form).date()  # noqa: DTZ007 - a day, as the channel writes it
        except ValueError:
            continue
    raise cut_off(_("“%(text)s” is no day") % {"text": told[:20]})


_READERS = {TAKES: _takes, SETTLES: _settles, PAYS: _pays}
