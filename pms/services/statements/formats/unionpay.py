"""UnionPay's settlement file (INN…ZM): fields of so many bytes, one blank between, no head and no end."""

import re
from datetime import date, datetime
from itertools import accumulate

from pms.core import progress
from pms.core.i18n import _

from . import parts
from .parts import Line, Statement

NAME = re.compile(r"INN(\d{2})(\d{2})(\d{2})\d*ZM_(\d+)$")
WIDTHS = (
    *(
        3,
        11,
        11,
        6,
        10,
        19,
        12,
        4,
        2,
        21,
        2,
        32,
        2,
        6,
        10,
        13,
        13,
        4,
        15,
        2,
        2,
        6,
        2,
        4,
        32,
        1,
        21,
        15,
        1,
        15,
    ),
    *(32, 13, 13, 8, 32, 13, 13, 12, 2, 1, 32, 98),
)
_ENDS = [sum_ + n for n, sum_ in enumerate(accumulate(WIDTHS))]
LEAST = _ENDS[27]
"""A line holds at least the merchant's number."""
CODE, TRACE, AT, AMOUNT, QUERY, ORDER, FEE, NET, ORIGINAL, MERCHANT, SHOP = (
    0,
    3,
    4,
    6,
    9,
    11,
    15,
    16,
    26,
    27,
    30,
)
SALES, REFUNDS, VOIDS = {"S22", "S01"}, {"S30", "S24"}, {"S31", "S32"}
"""Codes of a line. The acquirer says which it uses; others are shown and matched with nothing."""


def read(name: str, data: bytes) -> Statement:
    """Read a settlement file; its day and merchant stand in its name, an empty one is a day without trade."""
    found = NAME.search(name)
    if found is None:
        raise parts.unreadable()
    year, month, day = (int(found[n]) for n in (1, 2, 3))
    try:
        settled = date(2000 + year, month, day)
    except ValueError:
        raise parts.cut_off(_("its name bears no day")) from None
    rows = [row for row in data.replace(b"\r", b"").split(b"\n") if row.strip()]
    seen: set[bytes] = set()
    doubled, lines = [], []
    for n, row in enumerate(progress.through(rows), 1):
        fields = cut(n, row)
        if row in seen:
            doubled.append(fields[ORDER])
            continue
        seen.add(row)
        lines.append(_line(n, fields, settled))
        if fields[MERCHANT] != found[4]:
            raise parts.cut_off(
                _("line %(n)s is of merchant %(other)s, the file of %(merchant)s")
                % {"n": n, "other": fields[MERCHANT], "merchant": found[4]}
            )
    return Statement(parts.UNIONPAY, parts.TRADE, found[4], settled, settled, tuple(lines), tuple(doubled))


def cut(n: int, row: bytes) -> list[str]:
    """Return a line's fields, cut by bytes: a Chinese sign has two."""
    if len(row) < LEAST:
        raise parts.cut_off(_("line %(n)s is too short") % {"n": n})
    return [
        parts.trimmed(row[end - width : end].decode("gb18030", "replace"))
        for width, end in zip(WIDTHS, _ENDS, strict=True)
    ]


def _line(n: int, fields: list[str], settled: date) -> Line:
    code, amount = fields[CODE], _figure(n, fields[AMOUNT])
    kind = (
        parts.PAYMENT
        if code in SALES
        else parts.REFUND
        if code in REFUNDS
        else parts.VOID
        if code in VOIDS
        else parts.NEUTRAL
    )
    back = kind in (parts.REFUND, parts.VOID)
    return Line(
        n,
        kind,
        _moment(n, fields[AT], settled),
        -amount if back else amount,
        order="" if back else fields[ORDER],
        trade=fields[ORIGINAL] if back else fields[QUERY],
        refund=fields[ORDER] if back else "",
        refund_trade=fields[QUERY] if back else "",
        gross=-amount if back else amount,
        fee=_signed(n, fields[FEE], "D"),
        text=fields[SHOP],
        party=fields[5],
        state=code,
    )


def _figure(n: int, text: str) -> int:
    if not text.isdecimal():
        raise parts.cut_off(_("line %(n)s: “%(text)s” is no amount") % {"n": n, "text": text[:20]})
    return int(text)


def _signed(n: int, text: str, plus: str) -> int:
    """Return an amount behind its letter: C is credited to the merchant, D debited."""
    amount = _figure(n, text[1:].strip() or "0")
    return amount if text[:1] == plus else -amount


def _moment(n: int, text: str, settled: date) -> datetime:
    """Return the time of a line, which has no year: a day late in the year stands in a file of January."""
    try:
        found = datetime.strptime(f"{settled.year}{text}", "%Y%m%d%H%M%S")  # noqa: DTZ007 - a wall clock
        if found.date() > settled and (found.date() - settled).days > 180:
            found = found.replace(year=settled.year - 1)
    except ValueError:
        raise parts.cut_off(_("line %(n)s: “%(text)s” is no time") % {"n": n, "text": text[:20]}) from None
    if not 0 <= (settled - found.date()).days <= 7:
        raise parts.other_days(found.date(), settled, settled)
    return found
