"""How releases before 0033 sealed and marked: with keys that followed from one another, and for no place."""

import hmac
import os
from base64 import b64decode, b64encode
from typing import Any

from pms.core.names import phone_figures
from pms.db.keys import sub_key
from pms.db.sealed import BROKEN, LAST, NONCE, Box, box_of


class FirstBox:
    """Seals and marks as they were."""

    def __init__(self, box: Box) -> None:
        self._box = box

    def _key(self, purpose: bytes) -> bytes:
        if not hasattr(self._box, "keys"):
            raise AssertionError(self._box.cipher)  # which refuses, for the key is not here
        return sub_key(self._box.keys.database, purpose)

    def close(self, text: str) -> str:
        """Return a text sealed."""
        return closed(self._key(b"pms columns"), text)

    def open(self, sealed: str) -> str:
        """Return what was sealed, ``BROKEN`` where it does not open."""
        return opened(self._key(b"pms columns"), sealed)

    def phone_marks(self, phone: str) -> tuple[str, ...]:
        """Return the words of a phone number."""
        figures = phone_figures(phone)
        key = self._key(b"pms phone marks") if figures else b""
        kinds = [("#w", "whole", figures)] if figures else []
        if len(figures) >= LAST:
            kinds.append(("#l", "last", figures[-LAST:]))
        return tuple(
            sign + hmac.digest(key, f"{kind} {part}".encode(), "sha256").hex()[:20]
            for sign, kind, part in kinds
        )


def box(connection: Any) -> FirstBox:
    """Return the box of a hotel; an empty database whose key is not known needs none."""
    return FirstBox(box_of(connection))


def closed(key: bytes, text: str) -> str:
    """Return a text sealed under a key."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(NONCE)
    return b64encode(nonce + AESGCM(key).encrypt(nonce, text.encode(), None)).decode()


def opened(key: bytes, sealed: str) -> str:
    """Return a text that was sealed under a key, ``BROKEN`` where it does not open."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        raw = b64decode(sealed, validate=True)
        return AESGCM(key).decrypt(raw[:NONCE], raw[NONCE:], None).decode()
    except (InvalidTag, ValueError):
        return BROKEN
