"""The keys of before the hotel's key was changed: what was chained or marked with them is still held against
them. They stand sealed under the present key, each for its place."""

from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from pms.db.base import PastKey, table_of
from pms.db.sealed import BROKEN, Box, box_of, place

CHAIN, MARK = "chain", "mark"
_P = table_of(PastKey)
_OF = select(_P.c.until, _P.c.sealed).where(_P.c.kind == bindparam("kind")).order_by(_P.c.until)


def chains(session: Any) -> list[tuple[int, bytes]]:
    """Return the keys that chained the trail before, each with the last entry that it made."""
    return _of(session, CHAIN)


def marks(session: Any) -> list[bytes]:
    """Return the keys that made marks before."""
    return [key for _until, key in _of(session, MARK)]


def _of(session: Any, kind: str) -> list[tuple[int, bytes]]:
    rows = session.execute(_OF, {"kind": kind}).all()
    return [(row.until, opened(box_of(session), kind, row.until, row.sealed)) for row in rows]


def opened(box: Box, kind: str, until: int, sealed: str) -> bytes:
    """Return a key of before; empty where it no longer opens, so that nothing fits it."""
    told = box.open(sealed, _place(kind, until))
    return bytes.fromhex(told) if told != BROKEN else b""


def keep(connection: Any, box: Box, kind: str, until: int, key: bytes) -> None:
    """Keep a key, sealed in a box."""
    sealed = box.close(key.hex(), _place(kind, until))
    connection.execute(delete(_P).where(_P.c.kind == kind, _P.c.until == until))
    connection.execute(insert(_P), {"kind": kind, "until": until, "sealed": sealed})


def _place(kind: str, until: int) -> str:
    return place("past_key", "sealed", f"{kind}.{until}")
