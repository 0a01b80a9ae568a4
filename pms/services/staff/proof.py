"""The people who may sign in, held against the trail: a password, a role or a person put in past the program
shows."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.i18n import N_, _
from pms.db.audit import key_of, mark_of
from pms.db.base import AuditEntry
from pms.db.work import plain

from .models import Role, Staff

Said = dict[str, tuple[Any, int]]
"""What the trail said last of each fact, and in which entry."""
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
    known, key = _last_words(session), key_of(session, secret)
    people = {person.id: person for person in session.scalars(select(Staff).order_by(Staff.id))}
    for number, person in people.items():
        told = known.get(number, {})
        wrong = [_(words) for fact, words in FACTS.items() if _differs(person, fact, told, key)]
        if wrong:
            yield _("%(name)s: %(what)s not as the trail has it. Set it anew under Staff.") % {
                "name": person.name,
                "what": ", ".join(wrong),
            }
    yield from _roles(session)
    for number in sorted(known.keys() - people.keys()):
        yield _("%(name)s is in the trail and not among the staff any more.") % {
            "name": known[number].get("name", (number,))[0]
        }


def _roles(session: Session) -> Iterator[str]:
    """Yield a sentence for each role that holds other rights than the trail says, or that it does not know;
    an earlier release wrote down no rights."""
    e, told = AuditEntry, dict[str, list[str]]()
    for changes in session.scalars(select(e.changes).where(e.record == "role").order_by(e.id)):
        if "holds" in changes:
            told[changes["code"]] = changes["holds"]
    held = {role.code: sorted(role.rights) for role in session.scalars(select(Role))} if told else {}
    for code in sorted(told.keys() | held.keys()):
        if code not in held:
            yield _("role %(name)s is in the trail and not in the hotel any more.") % {"name": code}
        elif (said := told.get(code)) is None or sorted(said) != held[code]:
            what = ", ".join(sorted(set(held[code]) ^ set(said or ()))) or _("rights")
            yield _("role %(name)s: %(what)s not as the trail has it. Set it anew under Staff.") % {
                "name": code,
                "what": what,
            }


def _last_words(session: Session) -> dict[int, Said]:
    """Return what the trail said last of each fact of each person, and in which entry."""
    e = AuditEntry
    rows = session.execute(
        select(e.id, e.record_id, e.changes)
        .where(e.record == "staff", e.record_id.is_not(None))
        .order_by(e.id)
    )
    known: dict[int, Said] = {}
    for entry, number, changes in rows:
        for fact in FACTS.keys() & changes.keys():
            value = changes[fact]
            known.setdefault(number, {})[fact] = (value[1] if isinstance(value, list) else value, entry)
    return known


def _differs(person: Staff, fact: str, said: Said, key: Callable[[int], bytes]) -> bool:
    value, told = getattr(person, fact), {name: word for name, (word, _entry) in said.items()}
    if fact == "active" and told:
        return bool(told.get(fact, True) != value)  # nobody says it of who is taken on
    if fact == "pin" and fact not in told:
        return value is not None
    if fact not in ("password", "pin"):
        return bool(fact not in told or told[fact] != plain(value))
    if fact in told and told[fact] == "*":  # an earlier release said no more
        return False
    return fact not in told or told[fact] != mark_of(key(said[fact][1]), value)
