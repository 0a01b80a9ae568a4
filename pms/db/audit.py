"""The audit trail: every change of every record, chained so that a changed or missing row shows."""

import hmac
import json
from collections.abc import Callable, Generator, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Text, bindparam, event, insert, inspect, select, type_coerce
from sqlalchemy.orm import LoaderCallableStatus, Session

from pms.db import past
from pms.db.base import AuditEntry, Base, table_of
from pms.db.wire import LATER
from pms.db.work import Work, plain

START = "0" * 64
_ENTRY = table_of(AuditEntry)
_LAST = select(_ENTRY.c.id, _ENTRY.c.digest).order_by(_ENTRY.c.id.desc()).limit(1)
_ADD = insert(_ENTRY).execution_options(**LATER)
_ENDLESS = 1 << 62
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def _diff(record: Base, new: bool, secret: bytes) -> dict[str, Any]:
    state = inspect(record)
    changes: dict[str, Any] = {}
    for name, before in state.committed_state.items():  # only what was set since it was read
        after = state.dict.get(name)
        if before is LoaderCallableStatus.NO_VALUE:
            before = None
        if before == after:
            continue
        info = state.mapper.columns[name].info
        if info.get("private"):
            changes[name] = mark_of(secret, after) if info.get("marked") else "*"
        else:
            changes[name] = plain(after) if new else [plain(before), plain(after)]
    return changes


def mark_of(secret: bytes, value: object) -> str:
    """Return what the trail says of a value that it must not tell: nobody without the key makes the same."""
    return "*" + hmac.digest(secret, f"mark {value}".encode(), "sha256").hex()[:16]


@event.listens_for(Session, "after_flush")
def _collect(session: Session, _context: Any) -> None:
    work: Work | None = session.info.get("work")
    if work is None:
        return
    for record, new in [
        *((r, True) for r in session.new),
        *((r, False) for r in session.dirty),
        *((r, False) for r in session.deleted),
    ]:
        if not record.audited:
            continue
        changes = {"deleted": True} if record in session.deleted else _diff(record, new, work.secret)
        if changes:
            work.trail.append({"record": record.__tablename__, "changes": changes, "of": record})


def store_trail(work: Work) -> tuple[int, str] | None:
    """Append the action's changes to the chain and return its new end, None when nothing changed; the journal
    topic's row is the lock that orders two workstations."""
    if not work.trail:
        return None
    last = work.session.execute(_LAST).first()
    number, digest = (last.id, last.digest) if last else (0, START)
    rows = []
    for entry in work.trail:
        number += 1
        row = {
            "id": number,
            "at": work.now,
            "business_date": work.business_date,
            "clerk_id": work.clerk.id or None,
            "station": work.station,
            "action": work.action,
            "record": entry["record"],
            "record_id": _key(entry),
            "changes": entry["changes"],
            "approved_by": work.approved_by,
        }
        digest = row["digest"] = link(work.secret, digest, row)
        rows.append(row)
    work.session.execute(_ADD, rows)
    return number, digest


def append(connection: Any, secret: bytes, **told: Any) -> None:
    """Add one entry to the chain beside a unit of work: what a new release, or another key, did to the
    books."""
    last = connection.execute(_LAST).first()
    number, digest = (last.id, last.digest) if last else (0, START)
    row = {"id": number + 1, "clerk_id": None, "record_id": None, "approved_by": None, **told}
    connection.execute(insert(_ENTRY), row | {"digest": link(secret, digest, row)})


def _key(entry: dict[str, Any]) -> int | None:
    record = entry.get("of")
    return getattr(record, "id", None) if record is not None else entry.get("record_id")


def link(secret: bytes, before: str, row: Mapping[str, Any]) -> str:
    """Return the digest of a row chained to the digest before it."""
    return _digest(
        hmac.new(secret, digestmod="sha256"),
        before,
        _encode(row["changes"]),
        *(row[name] for name in _COVERED),
    )


def _digest(
    keyed: hmac.HMAC,
    before: str,
    changes: str,
    number: int,
    at: datetime,
    day: date,
    clerk: int | None,
    station: str,
    action: str,
    record: str,
    record_id: int | None,
    approved_by: int | None,
) -> str:
    """Cover a row as one JSON list; put together by hand, for the proof of all history makes it a million
    times."""
    text = (
        f'[{_told(before)},{number},"{at.isoformat()}","{day.isoformat()}",{_told(clerk)},{_told(station)},{_told(action)},'
        f"{_told(record)},{_told(record_id)},{changes},{_told(approved_by)}]"
    )
    chained = keyed.copy()
    chained.update(text.encode())
    return chained.hexdigest()


def _told(value: object) -> str:
    if isinstance(value, str):
        return _quoted(value)
    return (
        "null" if value is None else str(value) if isinstance(value, int) else _quoted(str(value))
    )  # SQLite keeps what a forger puts


_quoted = json.encoder.encode_basestring
_COVERED = (
    "id",
    "at",
    "business_date",
    "clerk_id",
    "station",
    "action",
    "record",
    "record_id",
    "approved_by",
)
_CHAIN = (
    select(
        type_coerce(_ENTRY.c.changes, Text), *(_ENTRY.c[name] for name in _COVERED), _ENTRY.c.digest
    )  # changes as they are written
    .where(_ENTRY.c.id >= bindparam("from"))
    .order_by(_ENTRY.c.id)
)
_WHOLE_CHAIN = _CHAIN.execution_options(yield_per=5000)


def links(
    session: Session, secret: bytes, *, after: int = 0, before: str = START
) -> Generator[tuple[int, str, bool], None, None]:
    """Yield number, digest and soundness of each audit row behind ``after``, whose digest was ``before``.

    A row is sound when its digest follows from the row before it; when the row ``after`` itself is gone or
    another one, it is yielded first, as unsound. ``secret`` chains the trail now; what was chained before the
    hotel's key was changed is held against the key of its time.
    """
    spans = [*past.chains(session), (_ENDLESS, secret)]
    until, keyed = 0, hmac.new(b"", digestmod="sha256")
    expected = max(after, 1)
    with session.execute(_CHAIN if after else _WHOLE_CHAIN, {"from": expected}) as rows:
        for changes, number, *covered, digest in rows:
            while number > until:
                until, key = spans.pop(0)
                keyed = hmac.new(key, digestmod="sha256")
            sound = number == expected and digest == (
                before if number == after else _digest(keyed, before, changes, number, *covered)
            )
            if number != after or not sound:
                yield number, digest, sound
            expected, before = number + 1, digest
    if after and expected == after:
        yield after, before, False


def broken_links(session: Session, secret: bytes) -> Iterator[int]:
    """Yield the number of each audit row whose digest does not follow from the row before it."""
    return (number for number, _digest, sound in links(session, secret) if not sound)


def key_of(session: Session, secret: bytes) -> Callable[[int], bytes]:
    """Return what tells the key that an entry of the trail was made with."""
    spans = [*past.chains(session), (_ENDLESS, secret)]
    return lambda number: next(key for until, key in spans if number <= until)


def fits(session: Session, secret: bytes) -> bool:
    """Say whether the trail was written with this key, by its first entry; an empty trail fits every key.
    Where the hotel's key was changed, only the present one opens that of before."""
    before = past.chains(session) if inspect(session.connection()).has_table("past_key") else []
    first = session.execute(select(_ENTRY).order_by(_ENTRY.c.id).limit(1)).mappings().first()
    return first is None or link(before[0][1] if before else secret, START, dict(first)) == first["digest"]
