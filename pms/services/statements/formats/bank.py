"""A bank's statement: what was credited to the hotel's account and debited, in whichever columns."""

import re
from collections.abc import Sequence
from itertools import chain

from pms.core import progress
from pms.core.i18n import _

from . import parts
from .parts import Columns, Line, Once, Statement, fen, moment

TIME = ("交易时间", "交易日期", "记账日期", "交易日")
IN = ("贷方发生额", "贷方金额", "收入金额", "转入金额")
OUT = ("借方发生额", "借方金额", "支出金额", "转出金额")
PARTY = ("对方户名", "对方单位名称", "对方名称")
NUMBER = ("账户明细编号-交易流水号", "交易流水号", "流水号")
ACCOUNT = ("本方账号", "账号")
LONGEST_HEAD = 30
"""So many lines may stand above the head."""
_ACCOUNT = re.compile(r"账\s*号[,:\s]*(\d{8,})")


def head_of(rows: Sequence[Sequence[str]]) -> tuple[int, Columns] | None:
    """Return where the head stands; None where no line has a time, an amount in and one out."""
    for n, row in enumerate(rows[:LONGEST_HEAD]):
        head = Columns(row)
        if all(any(head.has(name) for name in names) for names in (TIME, IN, OUT)):
            return n, head
    return None


def read(rows: Sequence[Sequence[str]], at: int, head: Columns) -> Statement:
    """Read a statement; what is credited is the hotel's."""
    once = Once()
    body = [(n, row) for n, row in enumerate(rows[at + 1 :], at + 2) if any(row)]
    width = len(rows[at])
    where = {id(row): n for n, row in body}
    for n, row in body:
        if len(row) < width - 2:
            raise parts.cut_off(_("line %(n)s is too short") % {"n": n})
    kept = list(once.rows((row for _n, row in body), None))
    lines = [_line(head, row, where[id(row)]) for row in progress.through(kept)]
    if not lines:
        raise parts.cut_off(_("it has no lines"))
    oldest_first = sorted(lines, key=lambda x: (x.at, x.row))
    parts.must_run(lines if lines[0].at <= lines[-1].at else oldest_first)
    first, last = parts.days_of(lines)
    closing = oldest_first[-1].balance
    return Statement(
        parts.BANK,
        parts.ACCOUNT,
        _account(rows, at, head),
        first,
        last,
        tuple(oldest_first),
        tuple(once.doubled),
        closing,
    )


def _account(rows: Sequence[Sequence[str]], at: int, head: Columns) -> str:
    if told := next((cell for row in rows[at + 1 :] if (cell := head.get(row, *ACCOUNT))), ""):
        return told
    above = parts.plain(",".join(chain.from_iterable(rows[:at]))).replace(" ", "")
    found = _ACCOUNT.search(above)
    return found[1] if found else ""


def _line(head: Columns, row: Sequence[str], n: int) -> Line:
    came, went = fen(head.get(row, *IN)), fen(head.get(row, *OUT))
    said = (head.get(row, name) for name in ("摘要", "备注", "用途", "个性化信息"))
    balance = head.get(row, "余额", "账户余额")
    return Line(
        n,
        parts.CREDIT if came else parts.DEBIT,
        moment(head.get(row, *TIME)),
        came - went,
        trade=head.get(row, *NUMBER),
        text=" ".join(dict.fromkeys(filter(None, said))),
        party=head.get(row, *PARTY),
        balance=fen(balance) if balance else None,
    )
