"""Which room type of the house a channel's words mean."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .values import same_length

_ASIDE = re.compile(r"<[^>]*>|\([^)]*\)")
_ROOM = re.compile(r"\s*room$|房$")


@dataclass(frozen=True)
class TypeNames:
    """A room type of the house by its number and its names."""

    id: int
    names: tuple[str, ...]


def plain(words: str) -> str:
    """Return a channel's words for a room as they are remembered: without meals and promotions aside."""
    return " ".join(_ASIDE.sub(" ", same_length(words)).casefold().split())


def meant(words: str, types: Sequence[TypeNames], known: Mapping[str, int]) -> tuple[int | None, bool]:
    """Return the room type that is meant and whether that is sure: the words were said to mean it once, or
    equal its name. The longest name wins; words that name two types mean none."""
    told = plain(words)
    if told in known:
        return known[told], True
    found = [
        (at, at + len(name), one.id)
        for one in types
        for name in {plain(n) for n in one.names if n.strip()}
        for at in _places(told, name)
    ]
    longest = [
        f
        for f in found
        if not any(g[0] <= f[0] and f[1] <= g[1] and g[1] - g[0] > f[1] - f[0] for g in found)
    ]
    ids = {type_id for _start, _end, type_id in longest}
    if len(ids) != 1:
        return None, False
    type_id = ids.pop()
    names = {_ROOM.sub("", plain(n)) for one in types if one.id == type_id for n in one.names}
    return type_id, _ROOM.sub("", told) in names


def several(words: str, types: Sequence[TypeNames]) -> bool:
    """Say whether the words name more than one type, parted by commas."""
    parts = [part for part in re.split(r"[,，、]", words) if part.strip()]
    return len({meant(part, types, {})[0] for part in parts} - {None}) > 1


def _places(told: str, name: str) -> list[int]:
    if not name:
        return []
    guard = rf"\b{re.escape(name)}\b" if name.isascii() else re.escape(name)
    return [m.start() for m in re.finditer(guard, told)]
