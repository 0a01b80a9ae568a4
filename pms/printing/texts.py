"""What every renderer does to a text before it reaches paper: clean it, measure it, break it into lines."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from pms.printing import typeface

if TYPE_CHECKING:  # fields on a screen measure texts too, long before anything is printed
    from pms.printing.slip import Column

Measure = Callable[[str], float]
Length = TypeVar("Length", int, float)

# A twin is a character that every printer has and that reads the same; the original is not in GBK or has no
# glyph of one cell.
TWINS = str.maketrans(
    {
        "¥": "￥",
        "\u2212": "-",
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "•": "·",
        "\u2043": "-",
        "£": "￡",
        "\u2007": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\u3000": "  ",
        "\u2002": " ",
        "\u2003": "  ",
    }
)
# No line starts with the first set or ends with the second: Chinese typesetting, and a lone bracket looks
# like a fault.
_CLOSING = frozenset("，。、；：？！）》〉」』】〕”’…％,.;:?!)%]}")
_OPENING = frozenset("（《〈「『【〔“‘([{")
_WIDE_FROM = 0x2E80


# A curly quote is drawn as wide as an ideograph: between letters it would tear a name apart (O’  Brien).
_CURLY = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")
_APOSTROPHE = re.compile("(?<=[^\\W\\d_])[\u2018\u2019](?=[^\\W\\d_])")


def clean(text: str) -> str:
    """Return the text without anything that could steer a printer or fake a line: controls become spaces,
    marks vanish."""
    return _straight("".join(_safe(char) for char in unicodedata.normalize("NFC", text)))


def _straight(text: str) -> str:
    """Return a text with straight quotes among letters; among ideographs the wide ones are right."""
    if all(char < "\u2018" or char > "\u201d" for char in text):
        return text
    if all(ord(char) < _WIDE_FROM for char in text):
        return text.translate(_CURLY)
    return _APOSTROPHE.sub(lambda found: "'" if _between_letters(text, found.start()) else found[0], text)


def _between_letters(text: str, place: int) -> bool:
    return ord(text[place - 1]) < _WIDE_FROM and ord(text[place + 1]) < _WIDE_FROM


def unprintable(text: str) -> str:
    """Return the signs of a text that no shipped font has, each once."""
    return "".join(dict.fromkeys(c for c in clean(text) if c > "~" and _cells(c) and not typeface.shipped(c)))


@lru_cache(maxsize=8192)
def _safe(char: str) -> str:
    kind = unicodedata.category(char)
    if kind in ("Cc", "Zl", "Zp", "Zs"):
        return char if char == "\u3000" else " "
    if kind == "Cs":
        return "?"
    return "" if kind == "Cf" else char


def printable(text: str) -> str:
    """Return the cleaned text with the twins that a receipt printer has."""
    return clean(text).translate(TWINS)


@lru_cache(maxsize=8192)
def _cells(char: str) -> int:
    if char < "\x80":
        return 1
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    # GBK has a few letters of Europe, two cells wide: a name set with them falls apart (Zo ë M ü ller).
    if char.isalpha() and ord(char) < _WIDE_FROM and unicodedata.east_asian_width(char) not in "WF":
        return 1
    try:
        return len(char.encode("gbk"))
    except UnicodeEncodeError:
        return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def width(text: str) -> int:
    """Return the cells a text takes on a receipt: GBK bytes for what a printer knows, its own rule for what
    is drawn as a picture."""
    return sum(map(_cells, text))


def fold(text: str, room: float, measure: Measure = width) -> list[str]:
    """Break a cleaned text into lines no wider than ``room``; an empty text is one empty line."""
    lines, line = [], ""
    for chunk in _chunks(text):
        if measure(line + chunk) <= room:
            line += chunk if line or chunk != " " else ""
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = _spill(chunk, room, measure, lines) if chunk != " " else ""
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def whole_words(text: str, room: int) -> list[str]:
    """Break a text into lines at its gaps alone; nothing where a word between two of them is wider than the
    room, or where there is no text."""
    lines: list[str] = []
    for word in text.split():
        if width(word) > room:
            return []
        if lines and width(lines[-1]) + 1 + width(word) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _spill(chunk: str, room: float, measure: Measure, lines: list[str]) -> str:
    """Cut a word longer than the line into full lines and return its rest."""
    start = 0
    while (size := _fitting(chunk, start, room, measure)) < len(chunk) - start:
        while size > 1 and not _cells(chunk[start + size]):
            size -= 1
        lines.append(chunk[start : start + size])
        start += size
    return chunk[start:]


def _fitting(chunk: str, start: int, room: float, measure: Measure) -> int:
    """Return how many signs from ``start`` on fit on a line, one at least; no more than twice a line is ever
    measured, or a long word would take its length to the third power."""
    left = len(chunk) - start
    fits, beyond = 1, 2
    while beyond <= left and measure(chunk[start : start + beyond]) <= room:
        fits, beyond = beyond, 2 * beyond
    beyond = min(beyond, left + 1)
    while beyond - fits > 1:
        middle = (fits + beyond) // 2
        if measure(chunk[start : start + middle]) <= room:
            fits = middle
        else:
            beyond = middle
    return min(fits, left)


def _chunks(text: str) -> list[str]:
    """Cut a text where a line may end: each blank by itself, and what must not be torn apart together."""
    starts: list[int] = []
    for place, char in enumerate(text):
        if not place or " " in (char, text[place - 1]) or not _sticks(text, place, starts[-1]):
            starts.append(place)
    return [text[start:end] for start, end in pairwise([*starts, len(text)])]


def _sticks(text: str, place: int, start: int) -> bool:
    """Say whether a sign stays with the word that begins at ``start`` and ends before it; a hyphen between
    letters lets them part."""
    before, char = text[place - 1], text[place]
    if before == "-" and char.isalpha() and place - start > 1 and text[place - 2].isalpha():
        return False
    both_narrow = ord(before) < _WIDE_FROM and ord(char) < _WIDE_FROM
    return both_narrow or char in _CLOSING or before in _OPENING or not _cells(char)


def spread(
    columns: Sequence["Column"], natural: Sequence[Length], room: Length, least: Length
) -> list[Length] | None:
    """Share the width out among table columns: figures whole, words as their share says; None when it cannot
    be done."""
    zero = room - room
    firm = [size if column.align == "right" else zero for column, size in zip(columns, natural, strict=True)]
    if sum(natural, zero) <= room:
        return _by_share(columns, list(natural), room - sum(natural, zero))
    loose = [index for index, column in enumerate(columns) if column.align != "right"]
    left = room - sum(firm, zero)
    if not loose or left < least * len(loose):
        return None
    return _squeeze(columns, natural, firm, loose, left, least)


def _squeeze(
    columns: Sequence["Column"],
    natural: Sequence[Length],
    sizes: list[Length],
    loose: list[int],
    left: Length,
    least: Length,
) -> list[Length]:
    """Fill the word columns: those that need less than their share first, the others get what that leaves."""
    while loose:
        parts = sum(columns[index].share for index in loose)
        fair = {index: _part(left, columns[index].share, parts) for index in loose}
        settled = {index: min(natural[index], least) for index in loose if fair[index] < least}
        # Narrow ones go first: a modest column settled before them could take the room that they must have.
        settled = (
            settled or {index: natural[index] for index in loose if natural[index] <= fair[index]} or fair
        )
        for index, size in settled.items():
            sizes[index] = size
            left -= size
        loose = [index for index in loose if index not in settled]
    return sizes


def _by_share(columns: Sequence["Column"], sizes: list[Length], extra: Length) -> list[Length]:
    parts = sum(column.share for column in columns)
    more = [_part(extra, column.share, parts) for column in columns]
    more[0] += extra - sum(more, extra - extra)
    return [size + part for size, part in zip(sizes, more, strict=True)]


def _part(length: Length, share: int, parts: int) -> Length:
    return length * share // parts if isinstance(length, int) else length * share / parts
