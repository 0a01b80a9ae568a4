"""WeChat Pay: the merchant's trade bill and fund bill, and the export of a personal wallet."""

from collections.abc import Sequence
from decimal import Decimal

from pms.core import progress
from pms.core.i18n import _

from . import parts
from .parts import Columns, Line, Once, Statement, fen, moment, yuan

TRADE_HEAD = ("交易时间", "商户号", "微信订单号", "商户订单号", "交易状态")
FUND_HEAD = ("记账时间", "微信支付业务单号", "资金流水单号", "收支类型")
WALLET_HEAD = ("交易时间", "交易类型", "收/支", "当前状态", "交易单号")
SUMMARY = "总交易单数"
FEES = "手续费总金额"
FUND_SUMMARY = "资金流水总笔数"
FUND_KINDS = {
    "交易": parts.PAYMENT,
    "扣除交易手续费": parts.FEE,
    "退款": parts.REFUND,
    "退还交易手续费": parts.FEE_BACK,
    "提现": parts.WITHDRAWAL,
}


def split(text: str) -> list[list[str]]:
    """Return the cells of a bill: every value begins with a backtick, so a comma within one parts nothing."""
    rows = []
    for line in text.splitlines():
        told = line.strip("\ufeff\r\n")
        parts_of = told[1:].split(",`") if told.startswith("`") else told.split(",")
        rows.append([parts.trimmed(cell) for cell in parts_of])
    return rows


def trade(rows: Sequence[Sequence[str]], at: int, head: Columns) -> Statement:
    """Read a trade bill of any width; payments and refunds, and what was cancelled at the till."""
    end = next((n for n in range(at + 1, len(rows)) if rows[n] and rows[n][0] == SUMMARY), None)
    if end is None or end + 1 >= len(rows):
        raise parts.cut_off(_("its summary is missing"))
    once = Once()
    body = [(n, row) for n, row in enumerate(rows[at + 1 : end], at + 2) if any(row)]
    kept = list(once.rows((row for _n, row in body), head.at["商户订单号"]))
    where = {id(row): n for n, row in body}
    lines = [_trade_line(head, row, where[id(row)]) for row in progress.through(kept)]
    _trade_end(head, kept, Columns(rows[end]), rows[end + 1])
    merchants = {head.get(row, "商户号") for row in kept}
    return _of(parts.TRADE, _one(merchants), lines, once)


def _trade_line(head: Columns, row: Sequence[str], n: int) -> Line:
    refunded, state = head.get(row, "交易状态"), head.get(row, "退款状态")
    is_refund, is_void = refunded == "REFUND", refunded == "REVOKED"
    asked = head.get(row, "退款申请时间")
    settled = fen(head.get(row, "应结订单金额", "总金额"))
    back = fen(head.get(row, "退款金额"))
    gross = head.get(row, "申请退款金额") if is_refund else head.get(row, "订单金额", "总金额")
    return Line(
        n,
        parts.REFUND if is_refund else parts.VOID if is_void else parts.PAYMENT,
        moment(asked or head.get(row, "交易时间")),
        -abs(back) if is_refund else -abs(settled) if is_void else settled,
        order=head.get(row, "商户订单号"),
        trade=head.get(row, "微信订单号"),
        refund=_number(head.get(row, "商户退款单号")),
        refund_trade=_number(head.get(row, "微信退款单号")),
        gross=-abs(fen(gross)) if is_refund else fen(gross) or settled,
        fee=fen(head.get(row, "手续费")),
        text=head.get(row, "商品名称"),
        state=state or refunded,
    )


def _number(text: str) -> str:
    return "" if text in ("0", "/") else text


def _trade_end(head: Columns, kept: Sequence[Sequence[str]], names: Columns, end: Sequence[str]) -> None:
    sums = {
        SUMMARY: Decimal(len(kept)),
        "应结订单总金额": _sum(head, kept, "应结订单金额", "总金额"),
        "退款总金额": _sum(head, kept, "退款金额"),
        FEES: _sum(head, kept, "手续费"),
        "订单总金额": _sum(head, kept, "订单金额"),
    }
    told = {name: yuan(names.get(end, name)) for name in sums if names.has(name)}
    if FEES in told and abs(told[FEES] - sums[FEES]) <= len(kept) * Decimal("0.005"):
        told[FEES] = sums[FEES]  # the lines have five decimals, the end two
    parts.must_agree(_("WeChat trade bill"), sums, told)


def _sum(head: Columns, rows: Sequence[Sequence[str]], *names: str) -> Decimal:
    return sum((yuan(head.get(row, *names)) for row in rows), Decimal(0))


def _one(merchants: set[str]) -> str:
    if len(merchants) > 1:
        raise parts.cut_off(
            _("lines of several merchants: %(names)s") % {"names": ", ".join(sorted(merchants))}
        )
    return next(iter(merchants), "")


def fund(rows: Sequence[Sequence[str]], at: int, head: Columns) -> Statement:
    """Read a fund bill: what moved in the account, fees as lines of their own; its balance must run."""
    end = next((n for n in range(at + 1, len(rows)) if rows[n] and rows[n][0] == FUND_SUMMARY), None)
    if end is None or end + 1 >= len(rows):
        raise parts.cut_off(_("its summary is missing"))
    once = Once()
    body = [(n, row) for n, row in enumerate(rows[at + 1 : end], at + 2) if any(row)]
    kept = list(once.rows((row for _n, row in body), head.at.get("业务凭证号")))
    where = {id(row): n for n, row in body}
    lines = [_fund_line(head, row, where[id(row)]) for row in progress.through(kept)]
    names, told = Columns(rows[end]), rows[end + 1]
    came, went = [x.amount for x in lines if x.amount > 0], [-x.amount for x in lines if x.amount < 0]
    parts.must_agree(
        _("WeChat fund bill"),
        {"笔数": len(lines), "收入": sum(came), "支出": sum(went)},
        {
            "笔数": parts.count(names.get(told, FUND_SUMMARY)),
            "收入": fen(names.get(told, "收入金额")),
            "支出": fen(names.get(told, "支出金额")),
        },
    )
    parts.must_run(lines)
    return _of(parts.FUND, "", lines, once, closing=lines[-1].balance if lines else None)


def _fund_line(head: Columns, row: Sequence[str], n: int) -> Line:
    sort, proof = head.get(row, "业务类型"), head.get(row, "业务凭证号")
    amount = fen(head.get(row, "收支金额"))
    kind = FUND_KINDS.get(sort, parts.NEUTRAL)
    refund = kind in (parts.REFUND, parts.FEE_BACK)
    return Line(
        n,
        kind,
        moment(head.get(row, "记账时间")),
        amount if head.get(row, "收支类型") == "收入" else -amount,
        order="" if refund else proof,
        trade=head.get(row, "微信支付业务单号"),
        refund=proof if refund else "",
        refund_trade=head.get(row, "资金流水单号"),
        text=head.get(row, "备注"),
        balance=fen(head.get(row, "账户结余")),
    )


def wallet(rows: Sequence[Sequence[str]], at: int, head: Columns) -> Statement:
    """Read the export of a personal wallet: what came in by the code, went back, or stayed the owner's."""
    told = next((row[0] for row in rows[:at] if row and row[0].startswith("共") and "笔" in row[0]), "")
    once = Once()
    body = [(n, row) for n, row in enumerate(rows[at + 1 :], at + 2) if any(row)]
    where = {id(row): n for n, row in body}
    lines = [_wallet_line(head, row, where[id(row)]) for row in once.rows((r for _n, r in body), None)]
    if told:
        wanted = int("".join(sign for sign in told if sign.isdecimal()) or 0)
        parts.must_agree(_("WeChat wallet"), {"笔数": len(lines)}, {"笔数": wanted})
    return _of(parts.WALLET, "", lines, once)


def _wallet_line(head: Columns, row: Sequence[str], n: int) -> Line:
    way, amount = head.get(row, "收/支"), fen(head.get(row, "金额"))
    kind = {"收入": parts.PAYMENT, "支出": parts.REFUND}.get(way, parts.NEUTRAL)
    return Line(
        n,
        kind,
        moment(head.get(row, "交易时间")),
        amount if kind == parts.PAYMENT else -amount,
        order=_number(head.get(row, "商户单号")),
        trade=head.get(row, "交易单号"),
        gross=amount,
        text=head.get(row, "商品"),
        party=head.get(row, "交易对方"),
        state=head.get(row, "当前状态"),
    )


def _of(sort: str, merchant: str, lines: list[Line], once: Once, closing: int | None = None) -> Statement:
    if not lines:
        raise parts.cut_off(_("it has no lines"))
    first, last = parts.days_of(lines)
    made = tuple(lines if sort == parts.FUND else sorted(lines, key=lambda x: x.at))
    return Statement(parts.WECHAT, sort, merchant, first, last, made, tuple(once.doubled), closing)
