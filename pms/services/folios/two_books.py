"""The ledger is kept twice: as rows, and as entries of the audit trail; what one of them says and the other
does not is named."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.money import show

MOST = 50
"""So many postings of a kind are named; who finds that many need not read more."""
FIELDS: tuple[tuple[str, str, str], ...] = (
    ("debit", "debit_id", "bigint"),
    ("credit", "credit_id", "bigint"),
    ("amount", "amount", "bigint"),
    ("code", "code", "text"),
    ("key", "key", "text"),
    ("text", "text", "text"),
    ("rule", "rule", "text"),
    ("quantity", "quantity", "bigint"),
    ("reverses", "reverses", "bigint"),
    ("slip", "slip", "text"),
    ("stay", "stay_id", "bigint"),
    ("night", "night", "text"),
    ("shift", "shift_id", "bigint"),
)
"""What an entry says of a posting: its name there, the ledger's column, and its type on a server."""
_FIRST = 4
"""What an entry of an earlier release says: nothing but these first ones."""
_USUAL: Mapping[str, Any] = {"quantity": 1}
_BOTH = ("at", "business_date", "clerk_id", "station")
"""Columns of the same name and meaning in the posting and in its entry."""


def noted(posting: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the trail says about a posting: every column of it but what the entry itself has."""
    told = {name: posting[column] for name, column, _type in FIELDS}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in told.items()
        if value not in (None, "") and value != _USUAL.get(name)
    }


def _column(dialect: str, name: str, column: str, type_: str) -> str:
    if name == "night":
        return "t.night" if dialect == "sqlite" else "to_char(t.night, 'YYYY-MM-DD')"
    if name in _USUAL:
        return f"NULLIF(t.{column}, {_USUAL[name]})"
    return f"NULLIF(t.{column}, '')" if type_ == "text" else f"t.{column}"


def _differs(dialect: str) -> str:
    """Return the condition that a posting and its entry do not say the same; read in one go, for a million of
    them."""
    columns = [_column(dialect, *field) for field in FIELDS]
    if dialect == "sqlite":
        paths = [f"'$.{name}'" for name, _column, _type in FIELDS]
        same = [
            f"json_extract(a.changes, {', '.join(paths[:n])}) = json_array({', '.join(columns[:n])})"
            for n in (len(paths), _FIRST)
        ]
        said = (
            "CASE WHEN json_valid(a.changes) THEN "
            f"({same[0]}) OR (json_extract(a.changes, '$.key') IS NULL AND {same[1]}) ELSE 0 END"
        )
        rest = " AND ".join(f"t.{name} IS a.{name}" for name in _BOTH)
        return f"NOT ({said} AND {rest})"
    pairs = [(f'x."{name}"', column) for (name, *_), column in zip(FIELDS, columns, strict=True)]
    later = " AND ".join(f"{one} IS NOT DISTINCT FROM {other}" for one, other in pairs[_FIRST:])
    first = " AND ".join(f"{one} IS NOT DISTINCT FROM {other}" for one, other in pairs[:_FIRST])
    rest = " AND ".join(f"t.{name} IS NOT DISTINCT FROM a.{name}" for name in _BOTH)
    return f'NOT ({first} AND (x."key" IS NULL OR ({later})) AND {rest})'


def _pairs(dialect: str) -> TextClause:
    """Return the question for postings that are told otherwise in the trail, or only there, in the trail's
    order."""
    names = ", ".join(f"t.{column}" for _name, column, _type in FIELDS)
    said = ""
    if dialect != "sqlite":
        fields = ", ".join(f'"{name}" {type_}' for name, _column, type_ in FIELDS)
        said = f"CROSS JOIN LATERAL json_to_record(a.changes::json) AS x({fields})"
    both = ", ".join((*(f"t.{name}" for name in _BOTH), *(f"a.{name}" for name in _BOTH)))
    record = "+a.record" if dialect == "sqlite" else "a.record"  # read in order, not by the index
    return text(
        f"SELECT a.id, a.record_id, t.id, a.changes, {names}, {both} FROM audit_entry a {said} "
        f"LEFT JOIN transfer t ON t.id = a.record_id WHERE {record} = 'transfer' AND a.id > :since "
        f"AND a.record_id IS NOT NULL AND (t.id IS NULL OR {_differs(dialect)}) ORDER BY a.id LIMIT {MOST}"
    )


_UNTOLD = text(
    "SELECT t.id, t.amount, t.code FROM transfer t WHERE t.business_date >= :today AND NOT EXISTS "
    "(SELECT 1 FROM audit_entry a WHERE a.record = 'transfer' AND a.record_id = t.id) "
    f"ORDER BY +t.id LIMIT {MOST}"  # by the day, not through all of them
)
_TWICE = text(
    "SELECT a.record_id FROM audit_entry a WHERE a.record = 'transfer' "
    f"AND a.record_id IS NOT NULL GROUP BY a.record_id HAVING count(*) > 1 ORDER BY 1 LIMIT {MOST}"
)


def differences(session: Session, *, today: date, digits: int, since: int = 0) -> Iterator[str]:
    """Yield a sentence for every posting that ledger and trail do not tell alike: the trail behind the entry
    ``since``, and of the ledger the open day, whose postings have an entry each.

    What the audit posts by itself has none: the close covers the whole day with a digest.
    """
    dialect = session.get_bind().dialect.name
    for entry, number, found, changes, *values in session.execute(_pairs(dialect), {"since": since}):
        told = _read(changes)
        if found is None:
            yield _(
                "Posting %(n)s of the trail (entry %(entry)s, %(what)s) is not in the ledger any more."
            ) % {
                "n": number,
                "entry": entry,
                "what": _words(told, ("amount", "code"), digits),
            }
            continue
        names = [name for name, *_ in FIELDS]
        ledger = noted(dict(zip([c for _n, c, _t in FIELDS], values[: len(names)], strict=True)))
        wrong = _otherwise(told, ledger)
        rest = values[len(names) :]
        if wrong or rest[: len(_BOTH)] != rest[len(_BOTH) :]:
            yield _sentence(number, entry, ledger, told, wrong, digits)
    for number, amount, code in session.execute(_UNTOLD, {"today": today}):
        yield _("Posting %(n)s of the ledger (%(what)s) is not in the trail: nobody posted it.") % {
            "n": number,
            "what": f"{show(amount, digits)} {code}",
        }


def told_twice(session: Session) -> Iterator[str]:
    """Yield a sentence for every posting with two entries in the trail."""
    for (number,) in session.execute(_TWICE):
        yield _("Posting %(n)s stands in the trail twice.") % {"n": number}


def _read(changes: str) -> dict[str, Any]:
    try:
        found = json.loads(changes)
    except (ValueError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def _otherwise(told: Mapping[str, Any], ledger: Mapping[str, Any]) -> list[str]:
    """Return the fields that differ; an entry of an older release is held to what it says."""
    names = [name for name, *_ in FIELDS]
    return [
        name for name in (names if "key" in told else names[:_FIRST]) if told.get(name) != ledger.get(name)
    ]


def _sentence(
    number: int,
    entry: int,
    ledger: Mapping[str, Any],
    told: Mapping[str, Any],
    wrong: Iterable[str],
    digits: int,
) -> str:
    shown = tuple(wrong)
    if not shown:
        return _(
            "Posting %(n)s has another time, day, clerk or workstation than its entry %(entry)s in the trail."
        ) % {"n": number, "entry": entry}
    return _("Posting %(n)s: the ledger says %(ledger)s, the trail (entry %(entry)s) %(trail)s.") % {
        "n": number,
        "entry": entry,
        "ledger": _words(ledger, shown, digits),
        "trail": _words(told, shown, digits),
    }


def _words(said: Mapping[str, Any], names: Iterable[str], digits: int) -> str:
    def word(name: str) -> str:
        value = said.get(name)
        if value is None:
            return "–"
        return show(value, digits) if name == "amount" and isinstance(value, int) else str(value)

    return " ".join(word(name) for name in names)
