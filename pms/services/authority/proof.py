"""What roles may do alone and what was handed over, held against the trail: a row changed, put in or taken
out past the program shows."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.db.base import AuditEntry
from pms.db.work import Work, plain

from .models import AuthorityLimit, Delegation

_TABLE = "authority_limit"
_LENT = ("giver_id", "taker_id", "start", "until", "last_day", "rights", "kinds", "withdrawn_at")


def note(work: Work) -> None:
    """Write the whole table of limits into the trail, as it stands now."""
    work.note(_TABLE, {"holds": standing(work.session)})


def standing(session: Session) -> list[list[Any]]:
    """Return the table of limits as the trail writes it."""
    a = AuthorityLimit
    columns = a.role_code, a.kind, a.percent, a.amount, a.until, a.month
    return [list(row) for row in session.execute(select(*columns).order_by(a.role_code, a.kind))]


def faults(session: Session) -> Iterator[str]:
    """Yield a sentence for each limit and each delegation that is otherwise than the trail says."""
    yield from _limits(session)
    yield from _delegations(session)


def _limits(session: Session) -> Iterator[str]:
    e = AuditEntry
    newest = select(e.changes).where(e.record == _TABLE).order_by(e.id.desc())
    told = next((changes["holds"] for changes in session.scalars(newest) if "holds" in changes), None)
    if told is None:  # an earlier release kept no such note
        return
    was = {(role, kind): rest for role, kind, *rest in told}
    now = {(role, kind): rest for role, kind, *rest in standing(session)}
    for role, kind in sorted(was.keys() | now.keys()):
        if was.get((role, kind)) != now.get((role, kind)):
            yield _(
                "The limit of %(role)s for %(kind)s is not as the trail has it. Set it anew under Authority."
            ) % {"role": role, "kind": kind}


def _delegations(session: Session) -> Iterator[str]:
    e, known = AuditEntry, dict[int, dict[str, Any]]()
    rows = select(e.record_id, e.changes).where(e.record == "delegation", e.record_id.is_not(None))
    for number, changes in session.execute(rows.order_by(e.id)):
        for fact in changes.keys() & set(_LENT):
            value = changes[fact]
            known.setdefault(number, {})[fact] = value[1] if isinstance(value, list) else value
    present = {one.id: one for one in session.scalars(select(Delegation).order_by(Delegation.id))}
    for number in sorted(known.keys() | present.keys()):
        one = present.get(number)
        if one is None or any(plain(getattr(one, fact)) != _said(known, number, fact) for fact in _LENT):
            yield _("What was handed over under number %(n)s is not as the trail has it.") % {"n": number}


def _said(known: dict[int, dict[str, Any]], number: int, fact: str) -> Any:
    return known.get(number, {}).get(fact)
