"""Columns that only the hotel's key opens, and keyed marks by which a phone number is found without being
read.

A seal is AES-256-GCM with a nonce of its own, so that one number never looks the same twice: a sealed column
is written and read, never compared. What is looked for is its mark, which nobody makes without the key.
"""

import hmac
import os
from base64 import b64decode, b64encode
from datetime import date
from typing import Any

from sqlalchemy import Dialect, Engine, Text
from sqlalchemy.types import TypeDecorator

from pms.core.errors import StoreTrouble
from pms.core.i18n import _
from pms.core.names import phone_figures
from pms.db.keys import sub_key

NONCE = 12
BROKEN = "\N{REPLACEMENT CHARACTER}"
"""Stands in the place of what was changed past the program: its seal no longer opens."""
LAST = 4
"""So many figures at the end of a phone number find it."""


class Box:
    """Seals and marks with the keys of one hotel."""

    def __init__(self, key: bytes) -> None:
        self._key, self._mark = sub_key(key, b"pms columns"), sub_key(key, b"pms phone marks")
        self._cipher: Any = None

    @property
    def cipher(self) -> Any:
        """Return the cipher, loaded when it is first used: the program starts without it."""
        if self._cipher is None:
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM

            self._cipher = AESGCM(self._key)
        return self._cipher

    def close(self, text: str) -> str:
        """Return the text sealed."""
        nonce = os.urandom(NONCE)
        return b64encode(nonce + self.cipher.encrypt(nonce, text.encode(), None)).decode()

    def open(self, sealed: str) -> str:
        """Return what was sealed; ``BROKEN`` where it was changed or sealed with another key."""
        from cryptography.exceptions import InvalidTag

        try:
            raw = b64decode(sealed, validate=True)
            told: bytes = self.cipher.decrypt(raw[:NONCE], raw[NONCE:], None)
        except (InvalidTag, ValueError):
            return BROKEN
        return told.decode()

    def mark(self, kind: str, text: str) -> str:
        """Return the mark of a text; marks of two kinds have nothing in common."""
        return hmac.digest(self._mark, f"{kind} {text}".encode(), "sha256").hex()[:20]

    def phone_marks(self, phone: str) -> tuple[str, ...]:
        """Return the words by which a phone number is found: the whole of it, and its last four figures."""
        figures = phone_figures(phone)
        if not figures:
            return ()
        whole = f"#w{self.mark('whole', figures)}"
        return (whole, f"#l{self.mark('last', figures[-LAST:])}") if len(figures) >= LAST else (whole,)

    def asked_mark(self, figures: str) -> str:
        """Return the word that finds a phone number of which these figures were typed: four are its last
        ones, any others the whole of it."""
        return (
            f"#l{self.mark('last', figures)}" if len(figures) == LAST else f"#w{self.mark('whole', figures)}"
        )


class _Locked(Box):
    """Stands where the hotel's key is not known: an empty database needs none."""

    def __init__(self) -> None:
        pass

    @property
    def cipher(self) -> Any:
        """Refuse: guests are told of here."""
        raise StoreTrouble(
            _(
                "What the database tells of guests is sealed with the hotel's key, which is not here. Run "
                "this on a workstation of the hotel."
            )
        )

    def mark(self, kind: str, text: str) -> str:
        """Refuse likewise."""
        return str(self.cipher)


def under(engine: Engine, key: bytes) -> None:
    """Let a database's sealed columns be opened with a hotel's key; empty where it is not known."""
    engine.dialect.box = Box(key) if key else _Locked()  # type: ignore[attr-defined]


def box_of(session: Any) -> Box:
    """Return what seals and marks in the database of a session or a connection."""
    bound = session.get_bind() if hasattr(session, "get_bind") else session
    box: Box = bound.dialect.box
    return box


class Sealed(TypeDecorator[str]):
    """A text that is sealed in the database; nothing stays nothing."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return dialect.box.close(value) if value else value  # type: ignore[attr-defined]

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return dialect.box.open(value) if value else value  # type: ignore[attr-defined]


class SealedDay(TypeDecorator[date]):
    """A day that is sealed in the database; one whose seal no longer opens is not known."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        return dialect.box.close(value.isoformat()) if value is not None else None  # type: ignore[attr-defined]

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        told = dialect.box.open(value) if value else BROKEN  # type: ignore[attr-defined]
        return None if told == BROKEN else date.fromisoformat(told)
