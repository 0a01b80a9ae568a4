"""The hotel's key: 32 random bytes that open the database, kept beside the settings or in the system's
keyring.

It is never derived from a password, so nobody can guess it, and whoever loses it has lost the hotel's data:
the recovery sheet is its only copy. What uses the key gets a sub key of its own. While the key is changed
(``pms.services.opening.key_change``) the one to come lies beside it.
"""

import hashlib
import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pms.core.errors import Refused, StoreTrouble
from pms.core.i18n import _
from pms.core.settings import Home, Settings, write_private

SIZE = 32
GROUP = 4
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's 32 signs: no I, L, O and U, which are read as 1, 1, 0 and not at all."""
_GROUPS = 13
_SPARE = _GROUPS * GROUP * 5 - SIZE * 8
_READ_AS = str.maketrans("ILO", "110")
SERVICE, NEXT, SERVER = "pms hotel key", "pms next hotel key", "pms server password"


@dataclass(frozen=True)
class Keys:
    """The sub keys of a hotel, of which none tells anything of another: ``database`` encrypts the file,
    ``seal`` what stands sealed in columns, ``mark`` makes the marks by which it is found, ``chain`` chains
    the audit trail. ``sign`` tells whose they are and is no secret."""

    database: bytes = field(repr=False)
    seal: bytes = field(repr=False)
    mark: bytes = field(repr=False)
    chain: bytes = field(repr=False)
    sign: str


def new() -> bytes:
    """Return a fresh key from the system's randomness."""
    return os.urandom(SIZE)


def derive(key: bytes) -> Keys:
    """Return the sub keys of a hotel's key."""
    return Keys(
        database=_hkdf(key, b"pms database"),
        seal=_hkdf(key, b"pms seals"),
        mark=_hkdf(key, b"pms marks"),
        chain=_hkdf(key, b"pms records"),  # so called since the first release, whose trail goes on
        sign=sign(key),
    )


def sign(key: bytes) -> str:
    """Return eight signs that tell one hotel's key from another's and say nothing of it."""
    return _hkdf(key, b"pms sign").hex()[:8]


def sub_key(key: bytes, purpose: bytes) -> bytes:
    """Return a key for one purpose, from which neither the key nor that of another purpose is told."""
    return _hkdf(key, purpose)


def _hkdf(key: bytes, purpose: bytes) -> bytes:
    """RFC 5869 with SHA-256, no salt, one block."""
    middle = hmac.digest(bytes(32), key, "sha256")
    return hmac.digest(middle, purpose + b"\x01", "sha256")


# ------------------------------------------------------------------ where it is kept
def load(place: Home, settings: Settings) -> bytes:
    """Return the hotel's key from where the settings say it is kept; refuses, saying what to do, when it is
    not there."""
    return _from_keyring(place) if settings.key == "keyring" else _from_file(place.key)


def _from_file(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except FileNotFoundError:
        raise StoreTrouble(
            _(
                "The hotel's key %(file)s is not there. Copy it back, or enter the key of the "
                "recovery sheet: pms restore-key."
            )
            % {"file": path}
        ) from None
    except OSError as error:
        raise StoreTrouble(
            _("The hotel's key %(file)s cannot be read: %(why)s. It must belong to the desk's login.")
            % {"file": path, "why": error.strerror or error}
        ) from error
    except ValueError:
        key = b""
    if len(key) != SIZE:
        raise StoreTrouble(
            _(
                "The hotel's key %(file)s is damaged. Copy it back, or enter the key of the recovery "
                "sheet: pms restore-key."
            )
            % {"file": path}
        )
    return key


def _from_keyring(place: Home) -> bytes:
    import keyring
    from keyring.errors import KeyringError

    try:
        found = keyring.get_password(SERVICE, _account(place))
    except KeyringError as error:
        raise StoreTrouble(
            _("The system's keyring does not answer (%(why)s). Unlock it, or keep the key in a file.")
            % {"why": error}
        ) from error
    if not found:
        raise StoreTrouble(
            _(
                "The system's keyring of this login holds no key of the hotel. Enter the key of the "
                "recovery sheet: pms restore-key."
            )
        )
    return bytes.fromhex(found)


def save(place: Home, settings: Settings, key: bytes) -> None:
    """Keep the hotel's key where the settings say; refuses to replace another key, for that one may be the
    only copy."""
    if settings.key == "keyring":
        _to_keyring(place, key)
        return
    if place.key.exists() and _from_file(place.key) != key:
        raise Refused(
            _("%(file)s holds the key of another hotel. Move it to a safe place first.") % {"file": place.key}
        )
    write_private(place.key, key.hex() + "\n")


# ------------------------------------------------------------------ while it is changed
def load_next(place: Home, settings: Settings) -> bytes | None:
    """Return the key to come, which is kept beside the present one until the change is finished; None where
    nothing is changed."""
    if settings.key != "keyring":
        return _from_file(place.next_key) if place.next_key.exists() else None
    import keyring
    from keyring.errors import KeyringError

    try:
        found = keyring.get_password(NEXT, _account(place))
    except KeyringError as error:
        raise _silent(error) from error
    return bytes.fromhex(found) if found else None


def save_next(place: Home, settings: Settings, key: bytes) -> None:
    """Keep the key to come, before anything is changed with it."""
    if settings.key != "keyring":
        write_private(place.next_key, key.hex() + "\n")
        return
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(NEXT, _account(place), key.hex())
    except KeyringError as error:
        raise _silent(error) from error


def replace(place: Home, settings: Settings, key: bytes) -> None:
    """Keep a key in the place of another that opens the hotel no longer, and nothing of a change."""
    if settings.key == "keyring":
        import keyring
        from keyring.errors import KeyringError

        try:
            keyring.set_password(SERVICE, _account(place), key.hex())
            if keyring.get_password(NEXT, _account(place)):
                keyring.delete_password(NEXT, _account(place))
        except KeyringError as error:
            raise _silent(error) from error
        return
    write_private(place.key, key.hex() + "\n")
    place.next_key.unlink(missing_ok=True)


def _silent(error: Exception) -> StoreTrouble:
    return StoreTrouble(
        _("The system's keyring does not answer (%(why)s). Unlock it, then open the program again.")
        % {"why": error}
    )


def _to_keyring(place: Home, key: bytes) -> None:
    import keyring
    from keyring.errors import KeyringError

    try:
        if keyring.get_password(SERVICE, _account(place)) not in (None, key.hex()):
            raise Refused(
                _(
                    "The keyring holds the key of another hotel. Remove “%(name)s” from it first, if "
                    "that hotel is no longer needed."
                )
                % {"name": SERVICE}
            )
        keyring.set_password(SERVICE, _account(place), key.hex())
    except KeyringError as error:
        raise Refused(
            _("The system's keyring does not take the key (%(why)s). Keep it in a file instead.")
            % {"why": error}
        ) from error


def keep_password(place: Home, password: str) -> bool:
    """Keep the password of the hotel's server in the system's keyring; says whether one took it."""
    import keyring
    from keyring.errors import KeyringError

    if not keyring_name():
        return False
    try:
        keyring.set_password(SERVER, _account(place), password)
        return str(keyring.get_password(SERVER, _account(place))) == password
    except KeyringError:
        return False


def password(place: Home) -> str:
    """Return the password of the hotel's server as the keyring has it; refuses where it does not answer."""
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(SERVER, _account(place)) or ""
    except KeyringError as error:
        raise StoreTrouble(
            _("The system's keyring does not answer (%(why)s). Unlock it, then open the program again.")
            % {"why": error}
        ) from error


def keyring_name() -> str:
    """Return what this system's keyring is called, nothing where none can keep a key (a machine without a
    desktop, say)."""
    try:
        import keyring

        backend = keyring.get_keyring()
        return str(backend.name) if backend.priority >= 1 else ""
    except Exception:  # a backend of somebody else, in whatever state its service is
        return ""


def _account(place: Home) -> str:
    return str(place.config)


def exposed(path: Path) -> bool:
    """Say whether somebody else than the owner may read the key file."""
    return os.name == "posix" and path.exists() and bool(path.stat().st_mode & 0o077)


# ------------------------------------------------------------------ as people read and type it
def written(key: bytes) -> tuple[str, ...]:
    """Return the key as 13 groups of four signs and a check sign, for the recovery sheet."""
    number = int.from_bytes(key, "big") << _SPARE | _whole(key)
    signs = "".join(SIGNS[number >> 5 * n & 31] for n in reversed(range(_GROUPS * GROUP)))
    groups = [signs[n : n + GROUP] for n in range(0, len(signs), GROUP)]
    return tuple(g + SIGNS[_check(g, place)] for place, g in enumerate(groups))


def read(text: str) -> bytes:
    """Return the key that somebody typed from the sheet; refuses, naming the group that is mistyped."""
    typed = "".join(c for c in text.upper().translate(_READ_AS) if c.isalnum())
    if len(typed) != _GROUPS * (GROUP + 1):
        raise Refused(
            _("The key has %(wanted)s characters, %(found)s were typed. Compare it with the recovery sheet.")
            % {"wanted": _GROUPS * (GROUP + 1), "found": len(typed)}
        )
    groups = [typed[n : n + GROUP + 1] for n in range(0, len(typed), GROUP + 1)]
    if wrong := [n + 1 for n, g in enumerate(groups) if not _sound(g, n)]:
        raise Refused(
            _("Group %(groups)s of the key is mistyped. Compare it with the recovery sheet.")
            % {"groups": _listed(wrong)}
        )
    number = 0
    for sign in "".join(g[:GROUP] for g in groups):
        number = number << 5 | SIGNS.index(sign)
    key = (number >> _SPARE).to_bytes(SIZE, "big")
    if number & (1 << _SPARE) - 1 != _whole(key):
        raise Refused(_("The key is mistyped somewhere. Compare it with the recovery sheet."))
    return key


def _sound(group: str, place: int) -> bool:
    return set(group) <= set(SIGNS) and SIGNS[_check(group[:GROUP], place)] == group[GROUP]


def _check(group: str, place: int) -> int:
    """Finds every wrong sign and every two swapped ones but 0 for Z; a group in another's place too."""
    return (sum(SIGNS.index(sign) << n for n, sign in enumerate(group)) + place) % 31


def _whole(key: bytes) -> int:
    return hashlib.sha256(key).digest()[0] & (1 << _SPARE) - 1


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))
