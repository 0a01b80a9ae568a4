"""Seal document numbers: AES-256-GCM under a key per guest, which is sealed under the hotel's; a keyed mark
finds a number again."""

import os
from base64 import b64decode, b64encode
from typing import Any

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.db.sealed import BROKEN, box_of, place

NONCE = 12


def new_key() -> bytes:
    """Return a fresh key for one guest."""
    return os.urandom(32)


def close(key: bytes, text: str, what: str) -> str:
    """Return the text sealed under a guest's key, with a nonce that is never used again; ``what`` is the
    column."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(NONCE)
    return b64encode(nonce + AESGCM(key).encrypt(nonce, text.encode(), what.encode())).decode()


def reveal(key: bytes, sealed: str, what: str) -> str:
    """Return the text; refuses what was changed past the program or is another guest's."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        raw = b64decode(sealed, validate=True)
        return AESGCM(key).decrypt(raw[:NONCE], raw[NONCE:], what.encode()).decode()
    except (InvalidTag, ValueError):
        raise broken() from None


def broken() -> Refused:
    """Return the sentence for what no longer opens."""
    return Refused(
        _(
            "The document of this guest was changed past the program, or is another guest's: it does not "
            "open. Run “pms verify”, and compare with the latest backup."
        )
    )


def kept(session: Any, guest_id: int, key: bytes) -> str:
    """Return a guest's key as it is kept: sealed under the hotel's, for this guest alone."""
    return box_of(session).close(key.hex(), place("guest_key", "sealed", guest_id))


def taken_up(session: Any, guest_id: int, sealed: str) -> bytes:
    """Return a guest's key; refuses one that was changed past the program or is another guest's."""
    told = box_of(session).open(sealed, place("guest_key", "sealed", guest_id))
    if told == BROKEN:
        raise broken()
    return bytes.fromhex(told)


def mark(session: Any, number: str) -> str:
    """Return the keyed mark by which a number is found without being stored in the open."""
    return box_of(session).whole_mark("document", number.upper())


def masked(number: str) -> str:
    """Return a document number as screens and papers show it: its last two signs, of a short one the last.

    A resident number holds place and date of birth: with its beginning shown, few numbers fitted the rest.
    """
    told = 2 if len(number) > 5 else 1 if len(number) > 2 else 0
    return "*" * (len(number) - told) + number[len(number) - told :]
