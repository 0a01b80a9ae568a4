"""The people who may sign in, held against the trail: a password, a role or a person put in past the program
shows."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.i18n import N_, _
from pms.db.audit import mark_of
from pms.db.base import AuditEntry
from pms.db.work import plain

from .models import Staff

FACTS = {
    "login": N_("sign-in name"),
    "name": N_("name"),
    "role_code": N_("role"),
    "active": N_("active or dismissed"),
    "password": N_("password"),
    "pin": N_("PIN"),
}


def faults(session: Session, secret: bytes) -> Iterator[str]:
    """Yield a sentence for each person who is otherwise than the trail says, who is not in it, or who is
    gone."""
    known = _last_words(session)
    people = {person.id: person for person in session.scalars(select(Staff).order_by(Staff.id))}
    for number, person in people.items():
        told = known.get(number, {})
        wrong = [_(words) for fact, words in FACTS.items() if _differs(person, fact, told, secret)]
        if wrong:
            yield _("%(name)s: %(what)s not as the trail has it. Set it anew under Staff.") % {
                "name": person.name,
                "what": ", ".join(wrong),
            }
    for number in sorted(known.keys() - people.keys()):
        yield _("%(name)s is in the trail and not among the staff any more.") % {
            "name": known[number].get("name", number)
        }


def _last_words(session: Session) -> dict[int, dict[str, Any]]:
    """Return what the trail said last of each fact of each person."""
    e = AuditEntry
    rows = session.execute(
        select(e.record_id, e.changes).where(e.record == "staff", e.record_id.is_not(None)).order_by(e.id)
    )
    known: dict[int, dict[str, Any]] = {}
    for number, changes in rows:
        for fact in FACTS.keys() & changes.keys():
            value = changes[fact]
            known.setdefault(number, {})[fact] = value[1] if isinstance(value, list) else value
    return known


def _differs(person: Staff, fact: str, told: dict[str, Any], secret: bytes) -> bool:
    value = getattr(person, fact)
    if fact == "active" and told:
        return bool(told.get(fact, True) != value)  # nobody says it of who is taken on
    if fact == "pin" and fact not in told:
        return value is not None
    if fact not in ("password", "pin"):
        return bool(fact not in told or told[fact] != plain(value))
    if fact in told and told[fact] == "*":  # an earlier release said no more
        return False
    return bool(told.get(fact) != mark_of(secret, value))
