"""The order in which a list shows words: numbers by value, Chinese by its sound, all else by letters."""

import re
import unicodedata
from functools import cache

from pms.core.names import SURNAMES, folded

_NUMBER = re.compile(r"[0-9]+")
_PLACES = 15
_TONES = {"\u0304": "!", "\u0301": '"', "\u030c": "#", "\u0300": "$"}
"""A tone's mark and the sign it is sorted by: before any letter and figure."""


def order(text: str) -> tuple[str, str]:
    """Return what a text is sorted by: 李 stands under L, 8 before 12, case and width do not matter."""
    plain = text.lower() if text.isascii() else "".join(map(_letters, _family(text)))
    return _NUMBER.sub(_padded, plain), text


def sounds(text: str) -> str:
    """Return how a Chinese text is typed in plain letters, whole and by its initials; empty for any other."""
    parts = [(_heard(sign), sign) for sign in _family(folded(text))] if not text.isascii() else []
    if not any(heard for heard, _sign in parts):
        return ""
    plain = [heard or sign for heard, sign in parts if sign.strip()]
    return f"{''.join(plain)} {''.join(part[0] for part in plain)}"


def _padded(found: re.Match[str]) -> str:
    return found.group().lstrip("0").zfill(_PLACES)


def _family(text: str) -> str:
    """Return a text with a surname that is read otherwise than the common word in signs of that sound."""
    for length in (2, 1):
        if (name := text[:length]) in SURNAMES:
            return "".join(map(chr, _STANDING_IN[name])) + text[length:]
    return text


_STANDING_IN = {name: (0xF0000 + at,) for at, name in enumerate(SURNAMES)}
"""Signs of nobody's language, one for each such surname."""
_READ = {signs[0]: SURNAMES[name] for name, signs in _STANDING_IN.items()}


@cache
def _letters(sign: str) -> str:
    """Return the letters a sign is sorted by; a Chinese one ends its word, and its tone comes last."""
    if heard := _heard(sign):
        tone = next((told for mark, told in _TONES.items() if mark in _spoken(sign)), "")
        return f"{heard}{tone} "
    return folded(sign) or sign


@cache
def _heard(sign: str) -> str:
    """Return a sign's most usual syllable, ``v`` for ü; empty where it has none."""
    return "".join(letter for letter in _spoken(sign) if letter not in _TONES)


def _spoken(sign: str) -> str:
    if sign.isascii():
        return ""
    if ord(sign) in _READ:
        return _READ[ord(sign)]
    from pypinyin.constants import PINYIN_DICT

    first = PINYIN_DICT.get(ord(sign), "").partition(",")[0]
    return unicodedata.normalize("NFD", first).replace("u\u0308", "v")
