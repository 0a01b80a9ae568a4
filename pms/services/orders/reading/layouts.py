"""How each channel writes its orders: data shipped in ``resources/orders``, one file a channel.

A line of a layout is a text with ``{fields}``, as it stands on the channel's page: a blank stands for any
number of blanks, two for a gap, a colon behind a Chinese word also for a blank, ``…``
at its beginning for a place within a line. What a field may look like is known by its name.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from . import values
from .values import BLANK

FOLDER = Path(__file__).parents[4] / "resources" / "orders"
_TEXT = r"[^\s\u3000](?:(?![ \t\u3000]{2}|\t|\u3000)[^\n])*?"
_LINE = r"[^\s\u3000][^\n]*"
_COUNT = r"(?<!\d)\d{1,3}(?!\d)"
_COUNTS = """
    nights rooms adults children infants age night_rooms hours room_nights breakfast_guests _count
"""
_SUMS = "sell settle commission price net each tax _money"
_NAMES = "guests room plan phone hotel site action confirmation given surname _text"
SHAPES: dict[str, str] = {
    **dict.fromkeys(("arrival", "departure", "_date"), values.DATE),
    "night": values.NIGHT,
    **dict.fromkeys(("booked_at", "noticed_at", "free_until"), values.MOMENT),
    **dict.fromkeys(("arrives_from", "arrives_until", "start", "end", "_time"), values.TIME),
    **dict.fromkeys(
        _COUNTS.split(),
        _COUNT,
    ),
    **dict.fromkeys(_SUMS.split(), values.MONEY),
    "breakfast": values.BREAKFAST,
    **dict.fromkeys(_NAMES.split(), _TEXT),
    **dict.fromkeys(("payment", "requests", "cancelling", "extras", "_line"), _LINE),
    **dict.fromkeys(("reference", "original", "_reference"), r"(?<![0-9a-z])[0-9a-z]{6,24}(?![0-9a-z])"),
    "tail": r"\d{3,6}(?!\d)",
    "n19": r"(?<!\d)\d{19}(?!\d)",
    "email": r"[\w.+-]+@[\w-]+\.[\w.-]+\w",
    "currency": r"[a-z]{3}",
}
"""What a field looks like; one that begins with ``_`` is passed over."""
TEXTS = frozenset(name for name, shape in SHAPES.items() if shape == _TEXT)


@dataclass(frozen=True)
class Line:
    """One line of a layout: the expression that finds it and the fields it gives."""

    finds: re.Pattern[str]
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """How one channel writes: what it is known by, its lines, and what its words mean."""

    channel: str
    known: tuple[re.Pattern[str], ...]
    lines: tuple[Line, ...]
    lengths: tuple[int, ...] = ()
    part_guests: str = ",、"
    part_requests: str = ";"
    names: str = "first_last"
    one_room: bool = False
    sell_by_nights: bool = False
    abroad: bool = False
    extras_in_room: str = ""
    empty: tuple[str, ...] = ()
    sites: Mapping[str, str] = field(default_factory=dict)
    actions: Mapping[str, str] = field(default_factory=dict)
    payments: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    plans: Mapping[str, int] = field(default_factory=dict)


def compiled(told: str) -> Line:
    """Return a layout's line as an expression; a ValueError names a field that is not known."""
    anywhere = told.startswith("…")
    plain = values.same_length(told.removeprefix("…"))
    pieces = re.split(r"\{(\w+)\}", plain)
    made, fields = _start(pieces, anywhere), []
    for n, piece in enumerate(pieces):
        if n % 2 == 0:
            made += _literal(piece)
            continue
        if piece not in SHAPES:
            raise ValueError(piece)
        made += f"({SHAPES[piece]})"
        fields.append(piece)
        if piece in TEXTS and n == len(pieces) - 2 and not pieces[-1]:
            made += rf"(?={BLANK}*$|[ ]{{2}}|\t|\u3000)"
    return Line(re.compile(made, re.IGNORECASE | re.MULTILINE), tuple(fields))


def _start(pieces: list[str], anywhere: bool) -> str:
    if anywhere:
        return ""
    if not pieces[0]:
        return rf"^{BLANK}*"
    return r"(?<!\w)" if pieces[0][0].isalnum() else ""


def _literal(piece: str) -> str:
    made, before = "", ""
    for token in re.findall(r"\n|  +| ?: ?| |[^\n :]+", piece):
        latin, before = before[-1:].isascii(), token
        if token == "\n":
            made += rf"{BLANK}*\n\s*"
        elif ":" in token and latin:
            made += rf"{BLANK}*:{BLANK}*"
        elif ":" in token:
            made += rf"(?:{BLANK}*:{BLANK}*|{BLANK}+)"
        elif token == " ":
            made += rf"{BLANK}*"
        elif not token.strip():
            made += rf"(?:[ ]{{2,}}|\t|\u3000){BLANK}*"
        else:
            made += re.escape(token)
    return made


def made_of(data: Mapping[str, Any]) -> Layout:
    """Return a layout of its data."""
    given: dict[str, Any] = dict(data)
    return Layout(
        channel=given.pop("channel"),
        known=tuple(compiled(f"…{told}").finds for told in given.pop("known")),
        lines=tuple(compiled(told) for told in given.pop("lines")),
        **_frozen(given),
    )


def _frozen(given: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}


@cache
def shipped() -> tuple[Layout, ...]:
    """Return the layouts that come with the program."""
    return tuple(made_of(tomllib.loads(path.read_text("utf-8"))) for path in sorted(FOLDER.glob("*.toml")))
