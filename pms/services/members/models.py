"""Levels, members, their cards, what happened to them, and the stays that count for them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, and_, bindparam, case, text
from sqlalchemy.orm import Mapped, mapped_column

from pms.core import i18n
from pms.core.i18n import N_
from pms.core.money import Money
from pms.db.base import PRIVATE, Base, Table
from pms.db.clashes import clash
from pms.db.sealed import Sealed, SealedDay
from pms.services.guests.models import IN_ORDER

_LIVE = text("ended_on IS NULL")
_VALID = text("state = 'valid'")


class MemberLevel(Table):
    """What a level gives; ``position`` is its rank, the lowest first.

    ``free_until`` is the hour (``HH:MM``) until which a departure is free, empty where the house's holds;
    ``multiple`` is how many times the points, in per cent. Who had ``nights_needed`` nights or
    ``points_needed`` points within twelve months is raised to it; 0 raises nobody. A membership is good for
    ``months_valid`` months, 0 for good. Screens and papers read ``level_name``.
    """

    __tablename__ = "member_level"
    name: Mapped[str] = mapped_column(unique=True)
    name_zh: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("rate_plan.id"))
    free_until: Mapped[str] = mapped_column(String(5), default="")
    multiple: Mapped[int] = mapped_column(default=100)
    card_price: Mapped[Money] = mapped_column(default=Money(0))
    nights_needed: Mapped[int] = mapped_column(default=0)
    points_needed: Mapped[int] = mapped_column(default=0)
    months_valid: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    __table_args__ = (
        CheckConstraint("multiple >= 0 AND card_price >= 0 AND months_valid >= 0", name="amounts"),
        CheckConstraint("nights_needed >= 0 AND points_needed >= 0", name="needed"),
    )


def level_name() -> ColumnElement[str]:
    """Return a level's name in the language in use when the statement is executed."""
    spoken = bindparam(None, callable_=i18n.language, type_=String(8))
    return case(
        (and_(spoken == "zh_CN", MemberLevel.name_zh != ""), MemberLevel.name_zh), else_=MemberLevel.name
    ).label("level")


class Member(Table):
    """One member; ``guest_id`` is the guest's record where it is known, ``suspended`` the reason why the
    membership does not count for now, ``ended_on`` the business date on which it was ended for good."""

    __tablename__ = "member"
    number: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str]
    phone: Mapped[str] = mapped_column(Sealed("number"), default="", info=PRIVATE)
    birth: Mapped[date | None] = mapped_column(SealedDay("number"), info=PRIVATE)
    level_id: Mapped[int] = mapped_column(ForeignKey("member_level.id"), index=True)
    since: Mapped[date]
    valid_until: Mapped[date | None]
    guest_id: Mapped[int | None] = mapped_column(ForeignKey("guest.id"), index=True)
    suspended: Mapped[str] = mapped_column(default="")
    ended_on: Mapped[date | None]
    __table_args__ = (Index("ix_member_live", "id", sqlite_where=_LIVE, postgresql_where=_LIVE),)


class MemberWord(Base):
    """A word that begins a spelling of a member's name, or a mark of the phone number."""

    __tablename__ = "member_word"
    audited = False
    word: Mapped[str] = mapped_column(IN_ORDER, primary_key=True, info=PRIVATE)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    __table_args__ = {"sqlite_with_rowid": False}


class MemberCard(Table):
    """A card by its printed number: ``valid``, ``lost`` (reported) or ``replaced``; a member has at most one
    that is valid. ``price`` is what was paid for it."""

    __tablename__ = "member_card"
    card: Mapped[str] = mapped_column(String(12), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    state: Mapped[str] = mapped_column(String(8), default="valid")
    price: Mapped[Money] = mapped_column(default=Money(0))
    sold_on: Mapped[date]
    ended_on: Mapped[date | None]
    __table_args__ = (
        Index("ix_member_card_valid", "member_id", unique=True, sqlite_where=_VALID, postgresql_where=_VALID),
    )


class MemberEvent(Table):
    """Something that happened to a membership: its kind, the words to it, the money in it; append-only in the
    database itself."""

    __tablename__ = "member_event"
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    detail: Mapped[str] = mapped_column(default="")
    amount: Mapped[Money] = mapped_column(default=Money(0))
    at: Mapped[datetime]
    business_date: Mapped[date]
    clerk_id: Mapped[int | None]
    station: Mapped[str]


class MemberStay(Table):
    """The member whom a stay counts for, and the level at check-in."""

    __tablename__ = "member_stay"
    stay_id: Mapped[int] = mapped_column(ForeignKey("stay.id"), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("member_level.id"))


class MemberPurse(Table):
    """What a member has in stored value: the part that was paid, and the part that was given on top; neither
    ever falls below zero."""

    __tablename__ = "member_purse"
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), unique=True)
    paid: Mapped[Money] = mapped_column(default=Money(0))
    gift: Mapped[Money] = mapped_column(default=Money(0))
    __table_args__ = (CheckConstraint("paid >= 0 AND gift >= 0", name="never_below_zero"),)


class MemberPurseRow(Table):
    """One move of stored value: ``paid`` and ``gift`` are what came (or went, below zero), by which way, with
    its postings; ``over`` is the gift beyond the rule, ``reverses`` the row that this one takes back;
    append-only in the database itself."""

    __tablename__ = "member_purse_row"
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    paid: Mapped[Money] = mapped_column(default=Money(0))
    gift: Mapped[Money] = mapped_column(default=Money(0))
    over: Mapped[Money] = mapped_column(default=Money(0))
    method: Mapped[str] = mapped_column(String(10), default="")
    stay_id: Mapped[int | None] = mapped_column(ForeignKey("stay.id"), index=True)
    paid_transfer: Mapped[int | None] = mapped_column(ForeignKey("transfer.id"), index=True)
    gift_transfer: Mapped[int | None] = mapped_column(ForeignKey("transfer.id"), index=True)
    reverses: Mapped[int | None] = mapped_column(ForeignKey("member_purse_row.id"), unique=True)
    reason: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    business_date: Mapped[date] = mapped_column(index=True)
    clerk_id: Mapped[int | None]
    station: Mapped[str]


class MemberPoints(Table):
    """How many points a member has; never below zero."""

    __tablename__ = "member_points"
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), unique=True)
    points: Mapped[int] = mapped_column(default=0)
    __table_args__ = (CheckConstraint("points >= 0", name="never_below_zero"),)


class MemberPointsRow(Table):
    """Points that came or went (below zero): earned by a stay, once, spent on a folio, expired, taken back
    (``reverses``); ``key`` keeps the close from doing it twice, ``amount`` is the revenue or the rebate;
    append-only in the database itself."""

    __tablename__ = "member_points_row"
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    points: Mapped[int]
    amount: Mapped[Money] = mapped_column(default=Money(0))
    key: Mapped[str] = mapped_column(String(60), unique=True)
    stay_id: Mapped[int | None] = mapped_column(ForeignKey("stay.id"), index=True)
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("transfer.id"), index=True)
    expires_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    business_date: Mapped[date]
    clerk_id: Mapped[int | None]
    station: Mapped[str]
    __table_args__ = (
        Index(
            "ix_member_points_row_expires",
            "expires_on",
            sqlite_where=text("expires_on IS NOT NULL"),
            postgresql_where=text("expires_on IS NOT NULL"),
        ),
    )


for _mark in ("uq_member_level_name", "member_level.name"):
    clash(_mark, N_("There is a level of this name already. Choose another name."))
for _mark in ("uq_member_card_card", "member_card.card"):
    clash(_mark, N_("This card has been given out already. Take another one."))
for _mark in ("ix_member_card_valid", "member_card.member_id"):
    clash(_mark, N_("This member has got a card meanwhile. Look again."))
for _mark in ("uq_member_stay_stay_id", "member_stay.stay_id"):
    clash(_mark, N_("This stay counts for a member already. Look again."))
for _mark in ("uq_member_purse_member_id", "member_purse.member_id"):
    clash(_mark, N_("Another desk has just charged this member's stored value. Look again."))
for _mark in ("uq_member_purse_row_reverses", "member_purse_row.reverses"):
    clash(_mark, N_("This was taken back already. Look at the member again."))
clash("ck_member_purse_never_below_zero", N_("The stored value does not suffice. Look at the member again."))
for _mark in ("uq_member_points_member_id", "member_points.member_id", "uq_member_points_row_key"):
    clash(_mark, N_("Another desk has just changed this member's points. Look again."))
clash("member_points_row.key", N_("Another desk has just changed this member's points. Look again."))
clash("ck_member_points_never_below_zero", N_("The points do not suffice. Look at the member again."))
