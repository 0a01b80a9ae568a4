"""Amounts of money: integers of the currency's minor unit, and the one rounding."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import NewType

from pms.core import typed
from pms.core.errors import Refused
from pms.core.i18n import _

Money = NewType("Money", int)
"""An amount in minor units (cents, fen). Sums of Money are ints again: wrap the result where it is returned.
"""

ZERO = Money(0)


def scaled(amount: int, ratio: Decimal | str, unit: int = 1) -> Money:
    """Return ``amount × ratio`` rounded half up to whole ``unit`` minor units (100 = to the yuan)."""
    exact = Decimal(amount) * Decimal(ratio) / unit
    return Money(int(exact.quantize(Decimal(1), ROUND_HALF_UP)) * unit)


_AMOUNT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)", re.ASCII)
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?", re.ASCII)
_THREE = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)
_COMMA = re.compile(r"([+-]?\d*),(\d+)", re.ASCII)
_SIGN = re.compile(r"([+-]?)¥?(.*)", re.DOTALL)
LARGEST = 10**15
"""More than this is a typing error."""
_SCANNED = {0: 12}
"""From how many figures on, without a point or separators, an amount is taken for a barcode or a number; no
hotel takes ten million in one line. Currencies without decimals have longer amounts."""


def parse(text: str, digits: int = 2) -> Money:
    """Read what a person typed (``1,234.5``, ``12,50``, ``１２３``, ``−6.38``); refuses anything that is not
    an exact amount, may be read in two ways or was scanned."""
    plain = _plain(text, digits)
    whole, _point, decimals = plain.lstrip("+-").partition(".")
    if not _point and len(whole) >= _SCANNED.get(digits, 8) and "," not in typed.half_width(text):
        raise Refused(
            _(
                "“%(text)s” looks like a barcode or a number, not an amount. Type it with separators, as "
                "%(sum)s."
            )
            % {"text": _short(text), "sum": show(1234567890 * 10**digits, digits)}
        )
    if decimals[digits:].strip("0"):
        raise Refused(_("“%(text)s” has more decimals than the currency.") % {"text": _short(text)})
    found = int((whole or "0") + decimals[:digits].ljust(digits, "0")) if len(whole) <= 16 else LARGEST + 1
    if found > LARGEST:
        raise Refused(_("“%(text)s” is too large to be right.") % {"text": _short(text)})
    return Money(-found if plain.startswith("-") else found)


def _plain(text: str, digits: int) -> str:
    """Return figures with at most one point: a comma groups thousands, or stands for the point."""
    matched = _SIGN.fullmatch(typed.half_width(text).replace("。", "."))
    found = "".join(part.strip() for part in matched.groups()) if matched else ""
    if digits == 3 and _THREE.fullmatch(found):
        pass  # 1,234 is a thousand and more, or one and a bit: asked below
    elif _GROUPED.fullmatch(found):
        found = found.replace(",", "")
    elif (comma := _COMMA.fullmatch(found)) and len(comma[2]) <= digits:
        found = f"{comma[1]}.{comma[2]}"
    if "," in found:
        raise Refused(
            _("The comma in “%(text)s” can be read in two ways. Type %(one)s or %(other)s.")
            % {"text": _short(text), "one": show(123456 * 10**digits // 100, digits), "other": "1234"}
        )
    if not _AMOUNT.fullmatch(found):
        raise Refused(
            _("“%(text)s” is not an amount. Type figures, for example %(sum)s.")
            % {"text": _short(text), "sum": show(1205 * 10**digits // 10, digits)}
        )
    return found


def _short(text: str) -> str:
    return text if len(text) <= 24 else f"{text[:23]}…"


def show(amount: int, digits: int = 2) -> str:
    """Write an amount for a screen: grouped, fixed decimals, a true minus, no currency sign."""
    sign, figures = "\u2212" if amount < 0 else "", f"{abs(amount) // 10**digits:,}"
    return f"{sign}{figures}.{abs(amount) % 10**digits:0{digits}d}" if digits else f"{sign}{figures}"


def signed(amount: int, digits: int = 2) -> str:
    """Return a difference with its sign: +30.00, −30.00, 0.00."""
    return ("+" if amount > 0 else "") + show(amount, digits)


_FIGURES = "零壹贰叁肆伍陆柒捌玖"
_STEPS = ((10**8, "亿"), (10**4, "万"), (1000, "仟"), (100, "佰"), (10, "拾"))


def capital(amount: int) -> str:
    """Write an amount of yuan, given in fen, in the capital words that a Chinese money paper asks for."""
    sign, amount = ("负" if amount < 0 else ""), abs(amount)
    yuan, jiao, fen = amount // 100, amount // 10 % 10, amount % 10
    words = _whole(yuan) + "元" if yuan else ""
    if jiao:
        words += _FIGURES[jiao] + "角"
    elif yuan and fen:
        words += "零"
    words += _FIGURES[fen] + "分" if fen else ""
    return sign + (words or "零元") + ("" if fen else "整")


def _whole(number: int) -> str:
    """Write a number above 0: what stands before the largest step, the step, and the rest behind one 零 for
    any gap."""
    for step, word in _STEPS:
        if number >= step:
            before, rest = divmod(number, step)
            return (
                _whole(before)
                + word
                + ("零" if 0 < rest < step // 10 else "")
                + (_whole(rest) if rest else "")
            )
    return _FIGURES[number]
