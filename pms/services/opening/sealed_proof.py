"""What is sealed of guests, looked at value by value: each must open in its own place, and every document
under its guest's key."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import String, cast, select, type_coerce
from sqlalchemy.orm import Session

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.db.schema import metadata
from pms.db.sealed import BROKEN, Box, box_of, place, sealed_columns
from pms.db.turning import sheets
from pms.services.guests import seal
from pms.services.guests.models import Guest, GuestKey
from pms.services.stays.models import Sharer

_PART = 5000


def faults(session: Session) -> Iterator[str]:
    """Yield a sentence for each sealed value that does not open where it stands."""
    box = box_of(session)
    for sheet in sheets():
        yield from _columns(session, box, sheet.table)
    yield from _documents(session, box)


def _columns(session: Session, box: Box, name: str) -> Iterator[str]:
    table = metadata().tables[name]
    sealed = sealed_columns(table)
    row = table.c[sealed[0].type.row]  # type: ignore[attr-defined]
    whose = next((table.c[c] for c in ("name", "guest_name", "what") if c in table.c), row)
    raw = [type_coerce(column, String) for column in sealed]
    question = select(row, cast(whose, String), *raw).execution_options(yield_per=_PART)
    for number, who, *values in session.execute(question):
        for column, value in zip(sealed, values, strict=True):
            if value and box.open(value, place(name, column.name, number)) == BROKEN:
                yield _told(name, number, who, column.name)


def _documents(session: Session, box: Box) -> Iterator[str]:
    keys = dict[int, bytes]()
    for number, sealed in session.execute(select(GuestKey.guest_id, GuestKey.sealed)):
        told = box.open(sealed, place("guest_key", "sealed", number))
        if told == BROKEN:
            yield _told("guest", number, "", _("guest's key"))
        else:
            keys[number] = bytes.fromhex(told)
    for table, guest in ((Guest, Guest.id), (Sharer, Sharer.guest_id)):
        question: Any = select(guest, table.id, table.name, table.document, table.overseas)
        for owner, number, who, *values in session.execute(question.execution_options(yield_per=_PART)):
            for what, value in zip(("document", "overseas"), values, strict=True):
                if value and owner in keys and not _opens(keys[owner], value, what):
                    yield _told(table.__tablename__, number, who, what)


def _opens(key: bytes, sealed: str, what: str) -> bool:
    try:
        return bool(seal.reveal(key, sealed, what))
    except Refused:
        return False


def _told(table: str, number: int, who: str, what: str) -> str:
    return _(
        "%(table)s %(n)s (%(name)s): %(what)s does not open. It was changed past the program, or copied from "
        "elsewhere."
    ) % {"table": table, "n": number, "name": who, "what": what}
