"""A card acquirer's list. There is no common standard: columns are found by their names, the sign by the
kind of line, and who the holder is is dropped on reading."""

from collections.abc import Sequence

from pms.core import progress
from pms.core.i18n import _

from . import parts
from .parts import Columns, Line, Once, Statement, fen, moment

HEAD = ("商户号", "终端号", "交易类型", "参考号", "交易金额", "交易日期")
KINDS = {
    "消费": parts.PAYMENT,
    "预授权完成": parts.PAYMENT,
    "预授权完成(离线)": parts.PAYMENT,
    "退货": parts.REFUND,
    "预授权完成撤销": parts.VOID,
    "消费撤销": parts.VOID,
}
"""A hold and its release move no money: every other kind stands apart and is matched with nothing."""


def read(rows: Sequence[Sequence[str]], at: int, head: Columns) -> Statement:
    """Read a list of one or several days; a stand-alone terminal knows no order, so its reference names a
    payment."""
    once = Once()
    body = [(n, row) for n, row in enumerate(rows[at + 1 :], at + 2) if any(row)]
    width = len(rows[at])
    for n, row in body:
        if len(row) < width - 1:
            raise parts.cut_off(_("line %(n)s is too short") % {"n": n})
    where = {id(row): n for n, row in body}
    kept = list(once.rows((row for _n, row in body), head.at["参考号"]))
    lines = [_line(head, row, where[id(row)]) for row in progress.through(kept)]
    merchants = {head.get(row, "商户号") for row in kept}
    if len(merchants) > 1:
        names = ", ".join(sorted(merchants))
        raise parts.cut_off(_("lines of several merchants: %(names)s") % {"names": names})
    if not lines:
        raise parts.cut_off(_("it has no lines"))
    first, last = parts.days_of(lines)
    made = tuple(sorted(lines, key=lambda x: x.at))
    return Statement(parts.CARD, parts.TRADE, merchants.pop(), first, last, made, tuple(once.doubled))


def _line(head: Columns, row: Sequence[str], n: int) -> Line:
    kind = KINDS.get(parts.plain(head.get(row, "交易类型")), parts.NEUTRAL)
    amount, fee = abs(fen(head.get(row, "交易金额"))), abs(fen(head.get(row, "手续费")))
    back = kind in (parts.REFUND, parts.VOID)
    return Line(
        n,
        kind,
        moment(f"{head.get(row, '交易日期')} {head.get(row, '交易时间')}"),
        -amount if back else amount if kind == parts.PAYMENT else 0,
        order=head.get(row, "订单号") or head.get(row, "交易单号"),
        trade=head.get(row, "参考号"),
        refund=head.get(row, "原交易单") if back else "",
        refund_trade=head.get(row, "凭证号"),
        gross=-amount if back else amount,
        fee=-fee if back else fee,
        text=" ".join(filter(None, (head.get(row, "交易类型"), head.get(row, "商户备注")))),
        party=head.get(row, "卡号")[-4:],
        state=head.get(row, "终端号"),
    )
