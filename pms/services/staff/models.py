"""Staff, their roles, the tries at the door, and what they looked at or were refused."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.i18n import N_
from pms.db.base import MARKED, Base, Table
from pms.db.clashes import clash


class Role(Base):
    """A set of rights under a name."""

    __tablename__ = "role"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    rights: Mapped[list[Any]]


class Staff(Table):
    """One person; ``login`` is what they type at the door.

    ``must_change``: the password was set by somebody else, who knows it. ``password_no`` counts the
    passwords: a session that began under another one is over. ``pin`` opens the lock of the person's own
    session again, nothing else.
    """

    __tablename__ = "staff"
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role_code: Mapped[str] = mapped_column(ForeignKey("role.code"))
    password: Mapped[str] = mapped_column(info=MARKED)
    active: Mapped[bool] = mapped_column(default=True)
    must_change: Mapped[bool] = mapped_column(default=False, server_default=false())
    password_no: Mapped[int] = mapped_column(default=0, server_default="0")
    pin: Mapped[str | None] = mapped_column(info=MARKED)
    language: Mapped[str] = mapped_column(String(8), default="zh_CN")


class SignInTry(Base):
    """Wrong passwords in a row: of one person where they are typed, and with an empty ``source`` or ``login``
    of the person anywhere and of anybody there.

    ``source`` is the machine as the database sees it; ``came_at``: when the person was last right there.
    ``ticks`` is when the last wrong one was, by a count that no clock moves.
    """

    __tablename__ = "sign_in_try"
    audited = False
    login: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    wrong: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]
    ticks: Mapped[int] = mapped_column(default=0, server_default="0")
    came_at: Mapped[datetime | None]


class Access(Table):
    """One thing that was refused, looked at, taken out or locked: who, where, what; append-only."""

    __tablename__ = "access"
    business_date: Mapped[date]
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(12))
    clerk_id: Mapped[int | None]
    station: Mapped[str]
    what: Mapped[str]
    __table_args__ = (Index("ix_access_business_date", "business_date"),)


class ListChoice(Base):
    """The columns that a person leaves out of one list, by their heads."""

    __tablename__ = "list_choice"
    audited = False
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    away: Mapped[list[Any]]


class PageChoice(Base):
    """How often a person has chosen a page by its name."""

    __tablename__ = "page_choice"
    audited = False
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    word: Mapped[str] = mapped_column(String(40), primary_key=True)
    times: Mapped[int]


for _mark in ("uq_staff_login", "staff.login"):
    clash(_mark, N_("The sign-in name %(login)s is taken. Choose another."), login="login")
