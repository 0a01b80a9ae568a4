"""What a keyboard, a scanner or an input method makes of one and the same word."""

import re
import unicodedata

from pms.core import limits
from pms.core.errors import Refused
from pms.core.i18n import _

_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_SYMBOLOGY = re.compile(r"\][A-Za-z]\d")
"""What a scanner may put before a code: which kind of barcode it was."""
GTIN = range(11, 15)
"""Figures of a trade item's number: UPC-A has 12, EAN-13 has 13, either may lose its leading zero."""


def half_width(text: str) -> str:
    """Return a text in half-width signs, with one kind of dash and nothing around it."""
    return _DASHES.sub("-", unicodedata.normalize("NFKC", text)).strip()


def code(text: str) -> str:
    """Return a room number, tag, slip or article code as the house writes it: ``ａ２０１`` is ``A201``."""
    return half_width(text).upper()


def clock_time(time: str) -> str:
    """Return a time as ``HH:MM``; takes 6, 630, 0630, 6:30, 18.45. Refused when it is none."""
    digits = half_width(time).replace(".", ":")
    if ":" not in digits:
        digits = f"{digits[:-2]}:{digits[-2:]}" if len(digits) > 2 else f"{digits}:00"
    hour, _colon, minute = digits.partition(":")
    if not (
        hour.isdecimal() and minute.isdecimal() and len(minute) == 2 and int(hour) < 24 and int(minute) < 60
    ):
        raise Refused(_("Type a time, 630 or 6:30."))
    return f"{int(hour):02}:{minute}"


def barcode(text: str) -> str:
    """Return an article's code as it is stored: as the house writes a code, without a scanner's prefix and
    spaces."""
    return "".join(_SYMBOLOGY.sub("", code(text), count=1).split())


def same_article(text: str) -> frozenset[str]:
    """Return every way in which the code of one article is stored or scanned: UPC-A is EAN-13 with a leading
    zero, and a scanner may turn capitals into small letters."""
    found = barcode(text)
    if found.isdecimal() and len(found) in GTIN and (bare := found.lstrip("0")):
        return frozenset("0" * zeros + bare for zeros in range(GTIN.stop - len(bare)))
    return frozenset({found, found.lower(), text.strip()})


def unprintable(text: str) -> bool:
    """Say whether a text holds a sign that no keyboard types: NUL, a bell, an escape, and those that nobody
    sees and that turn or part the others."""
    return printable(text) != text


def printable(text: str) -> str:
    """Return a text without the signs that no keyboard types."""
    told = "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) != "Cc")
    return limits.seen(told)
