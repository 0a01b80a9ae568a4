"""Who works here and what they may do."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.office import Clerk
from pms.core.permissions import Permission, Right
from pms.core.reading import query
from pms.db import rows as declared

from .duty import STAFF_READ
from .models import Role, Staff

UNTIL_CHANGED = frozenset({Permission.STAFF_OWN})
"""What a person may do whose password somebody else has set and knows: set an own one."""


@dataclass(frozen=True)
class AtDoor:
    """A person at the door: what the password is checked against, and what they may do."""

    id: int
    name: str
    role: str
    password: str = field(repr=False)
    rights: frozenset[Right] = frozenset()
    password_no: int = 0
    must_change: bool = False


@dataclass(frozen=True)
class StaffRow:
    """A person in Settings."""

    id: int
    login: str
    name: str
    role: str
    role_name: str
    active: bool


@dataclass(frozen=True)
class Colleague:
    """A person as the others know them."""

    id: int
    name: str
    active: bool


@dataclass(frozen=True)
class RoleRow:
    """A role and its rights."""

    code: str
    name: str
    rights: frozenset[str]


_AT_DOOR: Select[*tuple[Any, ...]] = (
    select(
        Staff.login,
        Staff.id,
        Staff.name,
        Staff.role_code,
        Staff.password,
        Role.rights,
        Staff.password_no,
        Staff.must_change,
    )
    .join(Role, Role.code == Staff.role_code)
    .where(Staff.active)
)


def at_door(session: Session, *, login: str) -> AtDoor | None:
    """Return the active person with this sign-in name, or None."""
    row = session.execute(_AT_DOOR.where(Staff.login == login)).first()
    return _at_door(row) if row is not None else None


def everybody_at_door(session: Session) -> list[tuple[str, AtDoor]]:
    """Return each active person with the sign-in name."""
    return [(row.login, _at_door(row)) for row in session.execute(_AT_DOOR.order_by(Staff.login))]


def _at_door(row: Row[Any]) -> AtDoor:
    rights = known(row.rights)
    return AtDoor(row.id, row.name, row.role_code, row.password, rights, row.password_no, row.must_change)


def login(session: Session, *, staff_id: int) -> str:
    """Return a person's sign-in name, empty where there is no such person."""
    return session.scalar(select(Staff.login).where(Staff.id == staff_id)) or ""


def pin(session: Session, *, clerk: Clerk) -> str | None:
    """Return what the PIN of who is signed in is checked against; None where there is none, or their session
    is over."""
    s = Staff
    return session.scalar(
        select(s.pin).where(
            s.id == clerk.id, s.active, s.password_no == clerk.password_no, s.must_change.is_(False)
        )
    )


def ended(session: Session, *, clerk: Clerk) -> str:
    """Say why a person's session is over, in a sentence; nothing while it goes on."""
    s = Staff
    row = session.execute(select(s.active, s.password_no).where(s.id == clerk.id)).first()
    if row is None or not row.active:
        return _("%(name)s may no longer sign in.") % {"name": clerk.name}
    if clerk.password_no is not None and row.password_no != clerk.password_no:
        return _("The password of %(name)s has been changed. Sign in with the new one.") % {
            "name": clerk.name
        }
    return ""


def known(rights: list[str]) -> frozenset[Right]:
    """Return the rights this release knows; a database may hold older names."""
    return frozenset(map(Right, rights)) & declared.rights()


@query()
def names(session: Session) -> list[tuple[str, str]]:
    """Return sign-in name and name of everybody active, by name, for the quick change of user."""
    return [
        (row.login, row.name)
        for row in session.execute(select(Staff.login, Staff.name).where(Staff.active).order_by(Staff.name))
    ]


@query(Permission.STAFF_OWN)
def colleagues(session: Session) -> list[Colleague]:
    """Return everybody by name, those who left too: who works here is no secret to who does."""
    rows = session.execute(
        select(Staff.id, Staff.name, Staff.active).order_by(Staff.active.desc(), Staff.login)
    )
    return [Colleague(*row) for row in rows]


@query(STAFF_READ)
def all_staff(session: Session) -> list[StaffRow]:
    """Return everybody, those who left last."""
    s, r = Staff, Role
    rows = session.execute(
        select(s.id, s.login, s.name, s.role_code, r.name, s.active)
        .join(r, r.code == s.role_code)
        .order_by(s.active.desc(), s.login)
    )
    return [StaffRow(*row) for row in rows]


@query(STAFF_READ)
def roles(session: Session) -> list[RoleRow]:
    """Return the roles by code."""
    return [
        RoleRow(row.code, row.name, frozenset(row.rights))
        for row in session.execute(select(Role.code, Role.name, Role.rights).order_by(Role.code))
    ]
