"""Seal the lists so that the hotel's key opens rooms and numbers alone, and a password what its person may
read.

Each part has a key of its own, made afresh each time. A person's own copy of these keys is sealed with what
Argon2 makes of the password, which stands nowhere in the file: only its salt does. So the file holds no hash,
whoever has the hotel's key tries passwords as slowly as at the door, and what opens is what the person may
read.
"""

import json
import os
from base64 import b64decode
from dataclasses import dataclass, field
from typing import Any

from argon2 import extract_parameters
from argon2.low_level import hash_secret_raw

from pms.db.keys import SIZE, sub_key
from pms.db.sealed import BROKEN, Seal
from pms.printing.printers import Printer
from pms.services.staff.queries import AtDoor
from pms.services.stays.evacuation import Lodged

from .lists import READ_BY, Expected, Head, Lists, Resident, RoomNow, Standing, heard, parts, told

VERSION = 1
PURPOSE, _WHOLE = b"pms lists without a server", "lists"
_ANY = "A" * 43
"""Stands in the place of a digest of 32 bytes where a hash's settings are read."""
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$bm9ib2R5aGFzdGhpcw$"


@dataclass(frozen=True)
class Opened:
    """What a password opened: the lists that its person may read, None for those that they may not."""

    staff_id: int
    name: str
    residents: list[Resident] | None = None
    expected: list[Expected] | None = None
    rooms: list[RoomNow] | None = None
    standing: dict[int, Standing] | None = None

    @property
    def empty(self) -> bool:
        """Say whether the person may read none of them."""
        return self.residents is None and self.rooms is None and self.standing is None


@dataclass(frozen=True)
class Sealed:
    """The file as the hotel's key opens it: rooms and numbers, and what is sealed under passwords."""

    head: Head
    lodged: list[Lodged]
    printers: dict[str, Printer | None]
    _parts: dict[str, str] = field(repr=False)
    _people: dict[str, dict[str, str]] = field(repr=False)

    def open_for(self, login: str, password: str) -> Opened | None:
        """Return what a person may read, None where name or password are wrong; takes as long for a name that
        is not there."""
        person = self._people.get(login)
        start = person["start"] if person else _NOBODY
        said = Seal(_stretched(start, password)).open(person["keys"] if person else "", login)
        if said == BROKEN:
            return None
        known = json.loads(said)
        found: dict[str, Any] = {}
        for name, key in known["keys"].items():
            found |= json.loads(Seal(bytes.fromhex(key)).open(self._parts[name], name))
        return _opened(known, found)


def _opened(known: dict[str, Any], found: dict[str, Any]) -> Opened:
    def rows(kind: type, name: str) -> list[Any] | None:
        return [heard(kind, said) for said in found[name]] if name in found else None

    standing = rows(Standing, "standing")
    return Opened(
        known["id"],
        known["name"],
        rows(Resident, "residents"),
        rows(Expected, "expected"),
        rows(RoomNow, "rooms"),
        {row.number: row for row in standing} if standing is not None else None,
    )


def seal(lists: Lists, key: bytes) -> bytes:
    """Return the lists as the file keeps them, under the hotel's key."""
    made = {name: os.urandom(SIZE) for name in READ_BY}
    said = {
        "version": VERSION,
        "head": told(lists.head),
        "lodged": told(lists.lodged),
        "printers": {kind: told(p) if p else None for kind, p in lists.printers.items()},
        "parts": {name: Seal(made[name]).close(text, name) for name, text in parts(lists).items()},
        "people": {login: _own_keys(login, who, made) for login, who in lists.people},
    }
    return Seal(sub_key(key, PURPOSE)).close(json.dumps(said, ensure_ascii=False), _WHOLE).encode()


def unseal(content: bytes, key: bytes) -> Sealed | None:
    """Return a file's lists, None where it is damaged, another hotel's or another release's."""
    text = Seal(sub_key(key, PURPOSE)).open(content.decode("ascii", "replace"), _WHOLE)
    if text == BROKEN:
        return None
    said = json.loads(text)
    if said["version"] != VERSION:
        return None
    return Sealed(
        heard(Head, said["head"]),
        [heard(Lodged, row) for row in said["lodged"]],
        {kind: Printer(**told) if told else None for kind, told in said["printers"].items()},
        said["parts"],
        said["people"],
    )


def _own_keys(login: str, who: AtDoor, made: dict[str, bytes]) -> dict[str, str]:
    """Seal for one person the keys of what they may read: of nothing, where somebody else knows the
    password."""
    rights = frozenset() if who.must_change else who.rights
    mine = {name: made[name].hex() for name, right in READ_BY.items() if right in rights}
    start, _dollar, raw = who.password.rpartition("$")
    known = json.dumps({"id": who.id, "name": who.name, "keys": mine}, ensure_ascii=False)
    return {"start": f"{start}$", "keys": Seal(_key_of(_plain(raw))).close(known, login)}


def _stretched(start: str, password: str) -> bytes:
    """Return the key that a password makes with the salt and the settings of its hash."""
    settings = extract_parameters(start + _ANY)
    salt = _plain(start.rstrip("$").rpartition("$")[2])
    return _key_of(
        hash_secret_raw(
            password.encode("utf-8", "replace"),
            salt,
            settings.time_cost,
            settings.memory_cost,
            settings.parallelism,
            settings.hash_len,
            settings.type,
            settings.version,
        )
    )


def _key_of(digest: bytes) -> bytes:
    return sub_key(digest, PURPOSE)


def _plain(text: str) -> bytes:
    return b64decode(text + "=" * (-len(text) % 4))
