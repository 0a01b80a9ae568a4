"""A member is known at the desk: welcomed by name and level, the stay counts, the departure is free for
longer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, and_, bindparam, cast, exists, func, or_, select
from sqlalchemy.orm import Session

from pms.core.names import same_name
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.base import table_of
from pms.db.books import ask
from pms.db.work import Work
from pms.services.guests import seal
from pms.services.guests.models import Guest

from . import queries
from .duty import WORK
from .models import Member, MemberLevel, MemberStay, MemberWord, level_name
from .phones import marked
from .queries import MemberRow
from .register import note

_MANY: Any = bindparam("guests", expanding=True)
_M, _W = table_of(Member), table_of(MemberWord)
_NEAR = or_(
    Member.number == bindparam("number"),
    Member.guest_id.in_(_MANY),
    Member.id.in_(select(_W.c.member_id).where(_W.c.word.in_(bindparam("marks", expanding=True)))),
)
_COUNTING = and_(
    Member.ended_on.is_(None),
    Member.suspended == "",
    or_(Member.valid_until.is_(None), Member.valid_until >= bindparam("today")),
)
_ARRIVED = (
    select(Member.id, Member.number, Member.name, Member.guest_id, Member.level_id, MemberLevel.free_until)
    .join(MemberLevel, MemberLevel.id == Member.level_id)
    .where(_NEAR, _COUNTING)
    .order_by(Member.id)
)


def arrived(work: Work, stay_id: int, guests: Sequence[Guest], number: int = 0) -> str:
    """Let a stay that begins count for the first of its guests who is a member, known by the guest's record
    or by name and phone; else for the member with ``number``, whom the price was agreed with.

    Returns until when the departure is free then, empty where the house's hour holds.
    """
    marks = marked(work.session, [guest.phone for guest in guests])
    ids = [guest.id for guest in guests]
    given = {"guests": ids, "marks": marks, "number": number, "today": work.business_date}
    near = work.session.execute(_ARRIVED, given).all()
    for guest in guests if near else ():
        found = next(
            (m for m in near if m.guest_id == guest.id or same_name(m.name, guest.name)),
            None,
        )
        if found is None:
            continue
        if found.guest_id is None:
            work.update_many(Member, [Member.id == found.id], {"guest_id": guest.id})
        return _counts(work, stay_id, found, guest.name)
    agreed = next((m for m in near if m.number == number), None)
    return _counts(work, stay_id, agreed, guests[0].name) if agreed is not None else ""


def _counts(work: Work, stay_id: int, member: Any, name: str) -> str:
    work.session.add(MemberStay(stay_id=stay_id, member_id=member.id, level_id=member.level_id))
    note(work, member.id, "stay", name)
    work.touch("members")
    return str(member.free_until)


def moved(work: Work, guest_id: int, other_id: int) -> None:
    """Let the membership of a guest's record that goes come to the record that stays."""
    work.update_many(Member, [Member.guest_id == other_id], {"guest_id": guest_id})


# ------------------------------------------------------------------ at check-out
@dataclass(frozen=True)
class Later:
    """Until when a member's departure is free, and at which level."""

    free_until: str
    level: str


def free_hour(stay_id: Any) -> ColumnElement[str]:
    """Return until when the departure of the stay of a question is free by its member's level, empty where
    the house's hour holds."""
    found = (
        select(MemberLevel.free_until)
        .join(Member, Member.level_id == MemberLevel.id)
        .join(MemberStay, MemberStay.member_id == Member.id)
        .where(MemberStay.stay_id == stay_id, Member.suspended == "", Member.ended_on.is_(None))
    )
    return func.coalesce(found.scalar_subquery(), "")


def member_of(stay_id: Any) -> ColumnElement[str]:
    """Return whom the stay of a question counts for: level, name and number, empty where it counts for
    nobody."""
    told = level_name() + " " + Member.name + " M-" + cast(Member.number, String)
    found = (
        select(told)
        .select_from(MemberStay)
        .join(Member, Member.id == MemberStay.member_id)
        .join(MemberLevel, MemberLevel.id == Member.level_id)
        .where(MemberStay.stay_id == stay_id, Member.ended_on.is_(None))
        .limit(1)
    )
    return func.coalesce(found.scalar_subquery(), "")


IN_CLUB = exists().where(Member.ended_on.is_(None))
"""Whether the house has any member: where it has none, nobody is looked for."""
_LATER_OF_ANY = (
    select(MemberLevel.free_until, level_name())
    .select_from(MemberStay)
    .join(Member, Member.id == MemberStay.member_id)
    .join(MemberLevel, MemberLevel.id == Member.level_id)
    .where(MemberLevel.free_until != "", Member.suspended == "", Member.ended_on.is_(None))
)
_LATER = _LATER_OF_ANY.where(MemberStay.stay_id == bindparam("stay"))
_STAYS: Any = bindparam("stays", expanding=True)
_LATER_OF_MANY = _LATER_OF_ANY.with_only_columns(
    MemberStay.stay_id, MemberLevel.free_until, level_name()
).where(MemberStay.stay_id.in_(_STAYS))


@query(Permission.GUESTS_READ)
def free_until(session: Session, *, stay_id: int) -> Later | None:
    """Return until when the departure of a stay is free by its member's level, None where the house's hour
    holds."""
    found = session.execute(_LATER, {"stay": stay_id}).first()
    return Later(*found) if found is not None else None


def free_untils(session: Session, stay_ids: Sequence[int]) -> dict[int, Later]:
    """Return the same for many stays, those that have such an hour."""
    found = ask(session, _LATER_OF_MANY, stays=list(stay_ids))
    return {int(stay): Later(hour, level) for stay, hour, level in found}


# ------------------------------------------------------------------ who stands at the desk
@dataclass(frozen=True)
class Typed:
    """What is known of somebody at the desk: the record chosen, or what was typed."""

    name: str = ""
    phone: str = ""
    document: str = ""
    guest_id: int | None = None


@dataclass(frozen=True)
class Welcome:
    """A member at the desk; ``sure`` where record, document or phone say so, else only the name is the
    same."""

    member: MemberRow
    sure: bool
    why_not: str


@query(WORK, Permission.GUESTS_READ)
def welcome(session: Session, *, people: Sequence[Typed], on: date) -> list[Welcome]:
    """Return the members among these people, who is sure first."""
    documents = [seal.mark(session, p.document) for p in people if p.document]
    known = {p.guest_id for p in people if p.guest_id}
    if documents:
        known |= set(session.scalars(select(Guest.id).where(Guest.document_mark.in_(documents))))
    marks = marked(session, [p.phone for p in people])
    rows = queries.near(session, guest_ids=sorted(known), marks=marks)
    sure = [r for r in rows if r.guest_id in known or any(same_name(r.name, p.name) for p in people)]
    if sure:
        return [Welcome(r, True, r.why_not(on)) for r in sure]
    named = [r for p in people if p.name for r in queries.find(session, text=p.name, most=3)]
    alike = [r for r in named if any(same_name(r.name, p.name) for p in people)]
    return [Welcome(r, False, r.why_not(on)) for r in alike if r.ended_on is None]


@query(WORK, Permission.GUESTS_READ)
def of_stay(session: Session, *, stay_id: int) -> MemberRow | None:
    """Return the member whom a stay counts for."""
    return queries.of_stay(session, stay_id=stay_id)
