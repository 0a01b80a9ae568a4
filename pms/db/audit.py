"""The audit trail: every change of every record, chained so that a changed or missing row shows."""
import hmac
import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import event, insert, inspect, select
from sqlalchemy.orm import Session

from pms.db.base import AuditEntry, Base
from pms.db.work import Work

START = "0" * 64


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value if isinstance(value, str | int | bool | None) else str(value)


def _diff(record: Base, new: bool) -> dict[str, Any]:
    state = inspect(record)
    changes: dict[str, Any] = {}
    for column in state.mapper.column_attrs:
        history = state.attrs[column.key].history
        if not history.has_changes():
            continue
        before, after = (history.deleted or [None])[0], (history.added or [None])[0]
        if (before == after and not new) or (after is None and new):
            continue
        private = column.columns[0].info.get("private")
        changes[column.key] = "*" if private else _plain(after) if new else [_plain(before), _plain(after)]
    return changes


@event.listens_for(Session, "after_flush")
def _collect(session: Session, _context: Any) -> None:
    work: Work | None = session.info.get("work")
    if work is None:
        return
    for record, new in [*((r, True) for r in session.new), *((r, False) for r in session.dirty), *((r, False) for r in session.deleted)]:
        if not record.audited:
            continue
        changes = {"deleted": True} if record in session.deleted else _diff(record, new)
        if changes:
            work.trail.append({"record": record.__tablename__, "changes": changes, "of": record})


def store_trail(work: Work) -> None:
    """Append the action's changes to the chain; the journal topic's row is the lock that orders two workstations."""
    if not work.trail:
        return
    session, a = work.session, AuditEntry
    last = session.execute(select(a.id, a.digest).order_by(a.id.desc()).limit(1)).first()
    number, digest = (last.id, last.digest) if last else (0, START)
    rows = []
    for entry in work.trail:
        number += 1
        row = {"id": number, "at": work.now, "business_date": work.business_date, "clerk_id": work.clerk.id or None, "station": work.station,
               "action": work.action, "record": entry["record"], "record_id": _key(entry), "changes": entry["changes"],
               "approved_by": work.approval.staff_id if work.approval else None}
        digest = row["digest"] = link(work.secret, digest, row)
        rows.append(row)
    session.execute(insert(a.__table__), rows)  # type: ignore[arg-type]


def _key(entry: dict[str, Any]) -> int | None:
    record = entry.get("of")
    return getattr(record, "id", None) if record is not None else entry.get("record_id")


def link(secret: bytes, before: str, row: dict[str, Any]) -> str:
    """Return the digest of a row chained to the digest before it."""
    text = json.dumps([before, *(_plain(row[k]) if k != "changes" else row[k] for k in _COVERED)],
                      ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.digest(secret, text.encode(), "sha256").hex()


_COVERED = ("id", "at", "business_date", "clerk_id", "station", "action", "record", "record_id", "changes", "approved_by")


def broken_links(session: Session, secret: bytes, *, after: int = 0, before: str = START) -> Iterator[int]:
    """Yield the number of each audit row whose digest does not follow from the row before it."""
    a = AuditEntry.__table__
    expected = after
    for found in session.execute(select(a).where(a.c.id > after).order_by(a.c.id).execution_options(yield_per=5000)).mappings():
        expected += 1
        if found["id"] != expected or link(secret, before, dict(found)) != found["digest"]:
            yield found["id"]
            expected = found["id"]
        before = found["digest"]

