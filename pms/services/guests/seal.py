"""Seal document numbers: AES-256-GCM under a key per guest, each key sealed under the hotel's; a keyed mark
finds a number again."""

import hmac
import os
from base64 import b64decode, b64encode

NONCE = 12


def new_key() -> bytes:
    """Return a fresh key for one guest."""
    return os.urandom(32)


def close(key: bytes, text: str) -> str:
    """Return the text sealed under the key, with a nonce that is never used again."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(NONCE)
    return b64encode(nonce + AESGCM(key).encrypt(nonce, text.encode(), None)).decode()


def reveal(key: bytes, sealed: str) -> str:
    """Return the text; raises ``cryptography.exceptions.InvalidTag`` when it was tampered with."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    raw = b64decode(sealed)
    return AESGCM(key).decrypt(raw[:NONCE], raw[NONCE:], None).decode()


def mark(secret: bytes, number: str) -> str:
    """Return the keyed mark by which a number is found without being stored in the open."""
    return hmac.digest(secret, number.upper().encode(), "sha256").hex()


def masked(number: str) -> str:
    """Return a document number as screens and papers show it: its last two signs, of a short one the last.

    A resident number holds place and date of birth: with its beginning shown, few numbers fitted the rest.
    """
    told = 2 if len(number) > 5 else 1 if len(number) > 2 else 0
    return "*" * (len(number) - told) + number[len(number) - told :]
