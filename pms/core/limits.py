"""What a text must be before an operation or a question sees it: no longer than its kind, made of signs that
both databases store, and without a bank card's number.

Looked at once, at the service door, for every text of every operation, however deep it lies in its fields; a
name that stands in no list below is a line.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any

from pms.core.errors import Refused
from pms.core.i18n import _

LINE, NOTE, REPORT = 200, 4000, 10_000
"""Signs of a field of one line, of a remark, of a report's text; what a duty holds shorter, it says."""
SHOWN = 20

_NOTES = """
    about address answer cause conditions contents features finding house_rules marks note
    numbers own price_reason reason remark remarks requests result shop_reasons told training trouble
    waive_cards waive_late what why
"""
LONGEST = dict.fromkeys(_NOTES.split(), NOTE) | dict.fromkeys(
    ("accepted", "pasted", "text", "plan", "typed"), REPORT
)
"""Names of what may be longer than a line."""

PRIVATE = {"document", "new", "owner_password", "password", "phone", "visa_number", "word"}
"""Never shown in a refusal, not even the beginning."""

REFERENCES = {
    "act",
    "barcode",
    "document",
    "entries",
    "file",
    "import_key",
    "key",
    "lock_id",
    "new",
    "original",
    "owner_password",
    "password",
    "pasted",
    "receipt",
    "reference",
    "tax_number",
    "tracking",
    "trouble",
    "uid",
    "visa_number",
}
"""Numbers of others that may look like a card's: of documents, orders, merchants' files, delivery notes,
parcels, articles, locks; what is never read, a password; and what a device said."""
STORED = {"reservations:store", "drafts:keep"}
"""Texts as they were sent or typed: of another system's bookings, and of a draft, which leaves a card's
number out itself."""
PHONES = {"phone"}
"""A phone number has fifteen figures at most, so only more can be a card's."""

AS_SENT = {"document", "new", "owner_password", "password", "trouble", "uid", "word"}
"""What is never read by people, or is as a device or a reader sent it."""

_UNKEPT = re.compile("[\x00\ud800-\udfff]")
_TURNS = re.compile("[\u00ad\u180e\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
"""Signs without a width that turn the signs beside them round, or hide among them: two names that look alike
are two, and an amount reads backwards. No script needs them."""
_HINTS = re.compile("[\u061c\u200c-\u200f]")
"""Signs without a width that Arabic, Hebrew, Persian and Indian texts need, and emoji; between other letters
they hide."""
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212]{1,3}")
_GROUPS = re.compile(r"\d+(?:[\s\-\u2010-\u2015\u2212]{1,3}\d+)*")
_CARD = range(13, 20)
_MOBILE = re.compile(r"1[3-9]\d{9}")


def check(action: str, given: Mapping[str, Any]) -> None:
    """Refuse what no operation takes: a text that is too long, cannot be stored, holds a card's number, or
    signs that hide."""
    for name, text in _texts("", given):
        if len(text) > (most := LONGEST.get(name, LINE)):
            raise Refused(
                _("“%(begun)s…” is too long: at most %(most)s characters.")
                % {"begun": "" if name in PRIVATE else _UNKEPT.sub("", text[:SHOWN]), "most": most}
            )
        if _UNKEPT.search(text):
            raise Refused(
                _(
                    "A text holds a character that cannot be stored: half a character, or NUL. Clear the "
                    "field and type it again."
                )
            )
        least = _CARD.start if name not in PHONES else 16
        if len(text) >= least and name not in REFERENCES and action not in STORED and card_in(text, least):
            raise Refused(
                _(
                    "A text holds what looks like a bank card's number. Such numbers are not kept: take "
                    "it out, or leave its last four digits."
                )
            )
        if name not in AS_SENT and action != "drafts:keep" and seen(text) != text:
            raise Refused(
                _(
                    "“%(begun)s” holds invisible characters that turn or part the others. Type it "
                    "instead of pasting it."
                )
                % {"begun": "" if name in PRIVATE else seen(_UNKEPT.sub("", text))[:SHOWN]}
            )


def bounded(value: Any, most: int = LINE) -> Any:
    """Return a value as it is, but a text cut to a line and without signs that cannot be stored or that
    nobody sees: nothing of that is looked for."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return seen(_UNKEPT.sub("", value[:most]))
    return value


def seen(text: str) -> str:
    """Return a text without the signs that nobody sees and that turn or part the others."""
    if text.isascii():
        return text
    plain = _TURNS.sub("", text)
    return _HINTS.sub(lambda found: found[0] if _is_needed(plain, found.start()) else "", plain)


def _is_needed(text: str, at: int) -> bool:
    """Say whether a sign without width belongs where it stands: a joiner between letters of a script that
    joins or between pictures, a mark of direction in a text that runs from the right."""
    if text[at] not in "\u200c\u200d":
        return any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in text if not _HINTS.match(sign))
    return 0 < at < len(text) - 1 and _joins(text[at - 1]) and _joins(text[at + 1])


def _joins(sign: str) -> bool:
    kind = unicodedata.category(sign)
    return kind in ("So", "Sk", "Mn", "Mc") or (kind == "Lo" and unicodedata.east_asian_width(sign) == "N")


def card_in(text: str, least: int = _CARD.start) -> bool:
    """Say whether a text holds the number of a bank card: 13 to 19 figures, parted by blanks and hyphens or
    not at all, that begin with 3, 4, 5 or 62 and whose check figure is right."""
    plain = _figures(text)
    return any(_is_card(groups, least) for groups in map(_groups, _GROUPS.findall(plain)))


def without_cards(value: Any) -> Any:
    """Return plain data with every text left empty that holds a card's number."""
    if isinstance(value, str):
        return "" if card_in(value) else value
    if isinstance(value, Mapping):
        return {name: without_cards(inner) for name, inner in value.items()}
    return [without_cards(inner) for inner in value] if isinstance(value, list | tuple) else value


def _figures(text: str) -> str:
    """Write every figure of every script and width as one of ours, and leave out signs without width."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    if plain.isascii():
        return plain
    return "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() else sign
        for sign in plain
        if unicodedata.category(sign) != "Cf"
    )


def _groups(run: str) -> list[str]:
    return _BETWEEN.split(run)


def _is_card(groups: list[str], least: int) -> bool:
    """Look at each run of neighbouring groups: an expiry date or a check code may stand beside the number."""
    for first in range(len(groups)):
        number = ""
        for group in groups[first:]:
            number += group
            if len(number) >= _CARD.stop:
                break
            if len(number) >= least and number != group and _MOBILE.fullmatch(group):
                break  # a room's number before a mobile phone's
            if len(number) >= least and number.startswith(("3", "4", "5", "62")) and _adds_up(number):
                return True
    return False


def _adds_up(number: str) -> bool:
    """Reckon the check figure by Luhn's rule."""
    doubled = [int(sign) * (2 if place % 2 else 1) for place, sign in enumerate(reversed(number))]
    return sum(figure - 9 if figure > 9 else figure for figure in doubled) % 10 == 0


def _texts(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield every text with the name of its field: that of the nearest one that has a name."""
    if isinstance(value, str):
        if not isinstance(value, Enum):
            yield name, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(key, str) and name:
                yield name, key
            yield from _texts(name or str(key), inner)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from _texts(name, inner)
    elif is_dataclass(value) and not isinstance(value, type):
        for each in _names(type(value)):
            yield from _texts(each, getattr(value, each))


@cache
def _names(kind: Callable[..., Any]) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))  # type: ignore[arg-type]
