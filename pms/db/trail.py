"""What the audit trail says of a record, for whoever looks at its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from pms.db.base import AuditEntry

MOST = 40
"""How many entries of a record are told, the latest."""


@dataclass(frozen=True)
class Told:
    """One entry: when, by whom (the person's number), which act, and for each field what it was and became; a
    record that was made says for each what it began with."""

    at: datetime
    by: int | None
    action: str
    changes: Mapping[str, Any]
    number: int | None
    """The record's."""


def told_of(
    session: Session, record: str, numbers: ColumnElement[bool] | Sequence[int], *, but: str = ""
) -> list[Told]:
    """Return the latest entries of these records of a table, leaving out those of one act."""
    e = AuditEntry
    which = e.record_id.in_(numbers) if isinstance(numbers, Sequence) else numbers
    rows = session.execute(
        select(e.at, e.clerk_id, e.action, e.changes, e.record_id)
        .where(e.record == record, which, e.action != but)
        .order_by(e.id.desc())
        .limit(MOST)
    )
    return [Told(*row) for row in rows]
