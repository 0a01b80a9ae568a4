"""Alipay: the merchant's trade bill and fund bill, and the export of a personal wallet."""

import re
from collections.abc import Sequence
from datetime import date

from pms.core import progress
from pms.core.i18n import _

from . import parts
from .parts import Columns, Line, Once, Statement, fen, moment

TRADE_HEAD = ("支付宝交易号", "商户订单号", "业务类型", "商家实收")
FUND_HEAD = ("账务流水号", "业务流水号", "发生时间", "收入金额", "支出金额")
WALLET_HEAD = ("交易时间", "交易分类", "收/支", "交易状态", "交易订单号")
FUND_KINDS = {
    "在线支付": parts.PAYMENT,
    "交易付款": parts.PAYMENT,
    "交易退款": parts.REFUND,
    "提现": parts.WITHDRAWAL,
}
_ACCOUNT = re.compile(r"账号:\[(\d+)\]")
_DAY = re.compile(r"(\d{4})年(\d{2})月(\d{2})日")
_SUM = re.compile(r"#(交易合计|退款合计|支出合计|收入合计):(\d+)笔[^-+\d]*(-?[\d.]+)元(?:.*元)?,*")


def trade(rows: Sequence[Sequence[str]], at: int, head: Columns) -> Statement:
    """Read a trade bill: a refund bears the payment's numbers and its own request's."""
    end, body = _body(rows, at)
    once = Once()
    where = {id(row): n for n, row in body}
    kept = list(once.rows((row for _n, row in body), head.at["商户订单号"]))
    lines = [_trade_line(head, row, where[id(row)]) for row in progress.through(kept)]
    paid, back = ([x for x in lines if x.kind == kind] for kind in (parts.PAYMENT, parts.REFUND))
    _agree(
        rows[end:],
        {
            "交易合计": (len(paid), sum(x.amount for x in paid)),
            "退款合计": (len(back), sum(x.amount for x in back)),
        },
    )
    return _of(rows[:at], parts.TRADE, lines, once)


def _body(rows: Sequence[Sequence[str]], at: int) -> tuple[int, list[tuple[int, Sequence[str]]]]:
    """Return where the frame's end stands, and the lines before it; refuses a file without that end."""
    end = next((n for n in range(at + 1, len(rows)) if rows[n] and "列表结束" in rows[n][0]), None)
    if end is None:
        raise parts.cut_off(_("the end of its list is missing"))
    return end, [(n, row) for n, row in enumerate(rows[at + 1 : end], at + 2) if any(row)]


def _trade_line(head: Columns, row: Sequence[str], n: int) -> Line:
    refund = head.get(row, "业务类型") == "退款"
    got, order = fen(head.get(row, "商家实收")), fen(head.get(row, "订单金额"))
    request = head.get(row, "退款批次号/请求号")
    return Line(
        n,
        parts.REFUND if refund else parts.PAYMENT,
        moment(head.get(row, "创建时间") or head.get(row, "完成时间")),
        -abs(got) if refund else got,
        order=head.get(row, "商户订单号"),
        trade=head.get(row, "支付宝交易号"),
        refund=request if refund else "",
        gross=-abs(order) if refund else order,
        fee=-fen(head.get(row, "服务费")),
        text=head.get(row, "商品名称"),
        party=head.get(row, "对方账户"),
    )


def _agree(end: Sequence[Sequence[str]], found: dict[str, tuple[int, int]]) -> None:
    told = {
        m[1]: (int(m[2]), fen(m[3]))
        for row in end
        if (m := _SUM.fullmatch(parts.plain("".join(row)).replace(" ", "")))
    }
    if set(told) != set(found):
        raise parts.cut_off(_("its sums are missing"))
    for name, (n, sum_) in found.items():
        wanted = {"笔数": told[name][0], "金额": abs(told[name][1])}
        parts.must_agree(name, {"笔数": n, "金额": abs(sum_)}, wanted)


def fund(rows: Sequence[Sequence[str]], at: int, head: Columns) -> Statement:
    """Read a fund bill, its columns in whichever order; fees are lines of their own, the balance must run."""
    end, body = _body(rows, at)
    once = Once()
    where = {id(row): n for n, row in body}
    kept = list(once.rows((row for _n, row in body), head.at["商户订单号"]))
    lines = [_fund_line(head, row, where[id(row)]) for row in progress.through(kept)]
    came, went = [x.amount for x in lines if x.amount > 0], [x.amount for x in lines if x.amount < 0]
    _agree(rows[end:], {"支出合计": (len(went), sum(went)), "收入合计": (len(came), sum(came))})
    parts.must_run(lines)
    return _of(rows[:at], parts.FUND, lines, once, closing=lines[-1].balance if lines else None)


def _fund_line(head: Columns, row: Sequence[str], n: int) -> Line:
    sort = head.get(row, "业务类型")
    amount = fen(head.get(row, "收入金额")) - abs(fen(head.get(row, "支出金额")))
    kind = FUND_KINDS.get(sort, parts.NEUTRAL)
    if sort == "收费":
        kind = parts.FEE if amount < 0 else parts.FEE_BACK
    return Line(
        n,
        kind,
        moment(head.get(row, "发生时间")),
        amount,
        order=head.get(row, "商户订单号"),
        trade=head.get(row, "业务流水号"),
        refund_trade=head.get(row, "账务流水号"),
        text=head.get(row, "商品名称") or head.get(row, "备注"),
        party=head.get(row, "对方账号"),
        balance=fen(head.get(row, "账户余额")),
    )


def wallet(rows: Sequence[Sequence[str]], at: int, head: Columns) -> Statement:
    """Read the export of a personal wallet."""
    told = next((row[0] for row in rows[:at] if row and re.fullmatch(r"共\d+笔记录", row[0])), "")
    once = Once()
    body = [(n, row) for n, row in enumerate(rows[at + 1 :], at + 2) if any(row)]
    where = {id(row): n for n, row in body}
    lines = [_wallet_line(head, row, where[id(row)]) for row in once.rows((r for _n, r in body), None)]
    if told:
        wanted = int("".join(sign for sign in told if sign.isdecimal()))
        parts.must_agree(_("Alipay wallet"), {"笔数": len(lines)}, {"笔数": wanted})
    return _of(rows[:at], parts.WALLET, lines, once)


def _wallet_line(head: Columns, row: Sequence[str], n: int) -> Line:
    way, amount = head.get(row, "收/支"), fen(head.get(row, "金额"))
    refund = "退款" in head.get(row, "交易分类") or way == "支出"
    kind = parts.REFUND if refund else parts.PAYMENT if way == "收入" else parts.NEUTRAL
    return Line(
        n,
        kind,
        moment(head.get(row, "交易时间")),
        amount if kind == parts.PAYMENT else -amount,
        order=head.get(row, "商家订单号"),
        trade=head.get(row, "交易订单号"),
        gross=amount,
        text=head.get(row, "商品说明"),
        party=head.get(row, "交易对方"),
        state=head.get(row, "交易状态"),
    )


def _of(
    above: Sequence[Sequence[str]], sort: str, lines: list[Line], once: Once, closing: int | None = None
) -> Statement:
    frame = parts.plain("\n".join("".join(row) for row in above))
    account, days = _ACCOUNT.search(frame.replace(" ", "")), _DAY.findall(frame)
    if days:
        first = date(*map(int, days[0]))
        last = (
            max(first, date.fromordinal(date(*map(int, days[1])).toordinal() - 1)) if len(days) > 1 else first
        )
        for line in lines:
            if not first <= line.at.date() <= last:
                raise parts.other_days(line.at.date(), first, last)
    elif lines:
        first, last = parts.days_of(lines)
    else:
        raise parts.cut_off(_("it has no lines"))
    made = tuple(lines if sort == parts.FUND else sorted(lines, key=lambda x: x.at))
    return Statement(
        parts.ALIPAY, sort, account[1] if account else "", first, last, made, tuple(once.doubled), closing
    )
