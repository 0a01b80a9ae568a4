"""Who is a member, at which level, with which card, and what has happened."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from pms.core import dates, typed
from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.core.names import LONGEST
from pms.core.offers import Customer, Hit
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.services.guests.search import asked
from pms.services.rates.models import RatePlan
from pms.services.staff.models import Staff

from .duty import EDIT, WORK
from .models import Member, MemberCard, MemberEvent, MemberLevel, MemberStay, MemberWord, level_name

KIND = "member"
"""What a member is called among those a price may be agreed with."""
BEST, MOST, CARD = 8, 500, 12
_AFTER = "\U0010ffff"
_NUMBER = re.compile(r"M\s*-\s*(\d{1,9})", re.IGNORECASE)
LOST, VALID = "lost", "valid"
EVENTS = {
    "joined": N_("Became a member"),
    "changed": N_("Changed"),
    "level": N_("Level changed"),
    "card": N_("Card sold"),
    "lost": N_("Card reported lost"),
    "replaced": N_("Card replaced"),
    "found": N_("Card found again"),
    "suspended": N_("Suspended"),
    "lifted": N_("Counts again"),
    "renewed": N_("Renewed"),
    "stay": N_("Stay counted"),
    "ended": N_("Membership ended"),
}


def shown(number: int) -> str:
    """Return a member's number as it is written on paper and screen."""
    return f"M-{number}"


def card_of(text: str) -> str:
    """Return a card's number as it is kept, however it was typed or read."""
    return re.sub(r"[\s\-]", "", typed.code(text))


def _gives(plan: str, free_until: str, multiple: int) -> str:
    free = _("departure free until %(hour)s") % {"hour": free_until} if free_until else ""
    points = _("points × %(n)s") % {"n": f"{multiple / 100:g}"} if multiple != 100 else ""
    return _(", ").join(filter(None, (plan, free, points)))


# ------------------------------------------------------------------ levels
@dataclass(frozen=True)
class LevelRow:
    """A level with its plan's name and how many members it has."""

    id: int
    name: str
    name_zh: str
    level: str
    position: int
    plan_id: int | None
    plan: str
    free_until: str
    multiple: int
    card_price: Money
    nights_needed: int
    points_needed: int
    months_valid: int
    active: bool
    members: int

    @property
    def gives(self) -> str:
        """Say what the level gives, in one line."""
        return _gives(self.plan, self.free_until, self.multiple)


@query(WORK, EDIT)
def levels(session: Session) -> list[LevelRow]:
    """Return every level, the lowest first, those no longer given at the end."""
    v = MemberLevel
    count = (
        select(func.count()).where(Member.level_id == v.id, Member.ended_on.is_(None)).correlate(v)
    ).scalar_subquery()
    rows = session.execute(
        select(
            v.id,
            v.name,
            v.name_zh,
            level_name(),
            v.position,
            v.plan_id,
            func.coalesce(RatePlan.name, "").label("plan"),
            v.free_until,
            v.multiple,
            v.card_price,
            v.nights_needed,
            v.points_needed,
            v.months_valid,
            v.active,
            count.label("members"),
        )
        .outerjoin(RatePlan, RatePlan.id == v.plan_id)
        .order_by(v.active.desc(), v.position, v.id)
    )
    return [LevelRow(**row) for row in rows.mappings()]


# ------------------------------------------------------------------ members
@dataclass(frozen=True)
class MemberRow:
    """A member as lists and the panel show it; ``card`` is the valid card, empty where there is none."""

    id: int
    number: int
    name: str
    phone: str
    birth: date | None
    level_id: int
    level: str
    plan_id: int | None
    plan: str
    free_until: str
    multiple: int
    card_price: Money
    since: date
    valid_until: date | None
    suspended: str
    ended_on: date | None
    guest_id: int | None
    card: str
    lost_card: str

    @property
    def shown(self) -> str:
        """Return the number as it is written."""
        return shown(self.number)

    @property
    def gives(self) -> str:
        """Say what the membership gives, in one line."""
        return _gives(self.plan, self.free_until, self.multiple)

    @property
    def listed_phone(self) -> str:
        """Return the phone by its last four figures, as a list shows it."""
        return f"…{self.phone[-4:]}" if self.phone else ""

    def why_not(self, on: date) -> str:
        """Return the sentence why the membership does not count on a day, empty where it does."""
        if self.ended_on is not None:
            return _("%(member)s ended the membership on %(day)s.") % {
                "member": self.shown,
                "day": dates.day(self.ended_on, year=True),
            }
        if self.suspended:
            return _("%(member)s is suspended: %(why)s") % {"member": self.shown, "why": self.suspended}
        if self.valid_until is not None and self.valid_until < on:
            return _("The membership of %(member)s ran out on %(day)s.") % {
                "member": self.shown,
                "day": dates.day(self.valid_until, year=True),
            }
        return ""


def _members() -> Select[*tuple[Any, ...]]:
    m, v, lost = Member, MemberLevel, aliased(MemberCard)
    reported = (
        select(func.max(lost.card)).where(lost.member_id == m.id, lost.state == LOST).correlate(m)
    ).scalar_subquery()
    return (
        select(
            m.id,
            m.number,
            m.name,
            m.phone,
            m.birth,
            m.level_id,
            level_name(),
            v.plan_id,
            func.coalesce(RatePlan.name, "").label("plan"),
            v.free_until,
            v.multiple,
            v.card_price,
            m.since,
            m.valid_until,
            m.suspended,
            m.ended_on,
            m.guest_id,
            func.coalesce(MemberCard.card, "").label("card"),
            func.coalesce(reported, "").label("lost_card"),
        )
        .join(v, v.id == m.level_id)
        .outerjoin(MemberCard, and_(MemberCard.member_id == m.id, MemberCard.state == VALID))
        .outerjoin(RatePlan, RatePlan.id == v.plan_id)
    )


def _rows(session: Session, question: Select[*tuple[Any, ...]]) -> list[MemberRow]:
    return [MemberRow(**row) for row in session.execute(question).mappings()]


@query(WORK)
def members(session: Session, *, most: int = MOST) -> list[MemberRow]:
    """Return the members, the latest first, at most so many; the others are found by what is typed."""
    question = _members().where(Member.ended_on.is_(None)).order_by(Member.number.desc())
    return _rows(session, question.limit(most))


@query(WORK)
def count(session: Session) -> int:
    """Return how many members there are."""
    return session.execute(select(func.count()).where(Member.ended_on.is_(None))).scalar_one()


@query(WORK)
def member(session: Session, *, number: int) -> MemberRow | None:
    """Return one member by number, ended or not."""
    return next(iter(_rows(session, _members().where(Member.number == number))), None)


@query(WORK, Permission.GUESTS_READ)
def find(session: Session, *, text: str, most: int = BEST) -> list[MemberRow]:
    """Return members by number, card, phone (whole or its last four figures), name or pinyin: exact ones
    first, those whose membership was ended last."""
    found: dict[int, None] = {}
    if 0 < len(card := card_of(text)) <= CARD:
        of_card = select(MemberCard.member_id).where(MemberCard.card == card)
        found.update(dict.fromkeys(session.scalars(of_card)))
    if typed_number := _NUMBER.fullmatch(typed.code(text)):
        numbered = select(Member.id).where(Member.number == int(typed_number[1]))
        found.update(dict.fromkeys(session.scalars(numbered)))
    else:
        for way in asked(session, text):
            found.update(dict.fromkeys(session.scalars(_worded(way).limit(most * 3))))
    if not found:
        return []
    order = {number: at for at, number in enumerate(found)}
    rows = _rows(session, _members().where(Member.id.in_(list(found))))
    plain = text.strip().casefold()
    rows.sort(key=lambda r: (r.ended_on is not None, r.name.casefold() != plain, order[r.id]))
    return rows[:most]


def _worded(way: tuple[str, ...]) -> Select[int]:
    """The whole begins a word, or each part begins some word."""
    w = aliased(MemberWord)
    whole = "".join(way)[:LONGEST]
    fits = and_(w.word >= whole, w.word < whole + _AFTER)
    if len(way) > 1:
        longest, *others = sorted(way, key=len, reverse=True)
        each = [w.word >= longest, w.word < longest + _AFTER]
        for part in others:
            o = aliased(MemberWord)
            each.append(exists().where(o.member_id == w.member_id, o.word >= part, o.word < part + _AFTER))
        fits = or_(fits, and_(*each))
    return select(w.member_id).where(fits).distinct().order_by(w.member_id.desc())


@dataclass(frozen=True)
class EventRow:
    """Something that happened to a membership."""

    kind: str
    detail: str
    amount: Money
    at: datetime
    by: str

    @property
    def words(self) -> str:
        """Return what happened, in words."""
        return _(EVENTS.get(self.kind, self.kind))


@query(WORK)
def events(session: Session, *, member_id: int) -> list[EventRow]:
    """Return what happened to a membership, the latest first."""
    e = MemberEvent
    rows = session.execute(
        select(e.kind, e.detail, e.amount, e.at, func.coalesce(Staff.name, "").label("by"))
        .outerjoin(Staff, Staff.id == e.clerk_id)
        .where(e.member_id == member_id)
        .order_by(e.id.desc())
        .limit(100)
    )
    return [EventRow(**row) for row in rows.mappings()]


# ------------------------------------------------------------------ what other duties ask for
@query(WORK)
def search(session: Session, *, text: str) -> list[Hit]:
    """Find members by number, card, phone, name or pinyin."""
    return [
        Hit(f"{r.shown} {r.name}", _told(r), "star", "members", {"number": r.number})
        for r in find(session, text=text)
    ]


def _told(r: MemberRow) -> str:
    return _(", ").join(filter(None, (r.level, r.card, r.listed_phone)))


def _customer(r: MemberRow, on: date) -> Customer:
    return Customer(KIND, r.number, r.name, _told(r), r.plan_id, r.free_until, r.why_not(on))


@query(WORK, Permission.RESERVATIONS_BOOK, Permission.GUESTS_READ)
def customers(session: Session, *, text: str, on: date) -> list[Customer]:
    """Find the members whom what is typed may mean."""
    return [_customer(r, on) for r in find(session, text=text)]


@query(WORK, Permission.RESERVATIONS_BOOK, Permission.GUESTS_READ)
def customer_of(session: Session, *, kind: str, number: int, on: date) -> Sequence[Customer]:
    """Return one member by its number."""
    if kind != KIND:
        return []
    return [_customer(r, on) for r in _rows(session, _members().where(Member.number == number))]


@query(WORK)
def listed(session: Session, *, number: int) -> MemberRow:
    """Return a member who is there, as papers and papers' acts read it."""
    return _rows(session, _members().where(Member.number == number))[0]


@query(WORK, Permission.GUESTS_READ)
def near(session: Session, *, guest_ids: Sequence[int], marks: Sequence[str]) -> list[MemberRow]:
    """Return the members with one of these guests' records, or one of these phones."""
    if not guest_ids and not marks:
        return []
    phoned = select(MemberWord.member_id).where(MemberWord.word.in_(marks))
    known = or_(Member.guest_id.in_(guest_ids), Member.id.in_(phoned))
    return _rows(session, _members().where(known, Member.ended_on.is_(None)).order_by(Member.number))


@query(WORK, Permission.GUESTS_READ)
def of_stay(session: Session, *, stay_id: int) -> MemberRow | None:
    """Return the member whom a stay counts for, None where it counts for nobody."""
    mine = select(MemberStay.member_id).where(MemberStay.stay_id == stay_id)
    return next(iter(_rows(session, _members().where(Member.id.in_(mine)))), None)
