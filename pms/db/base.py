"""The base class of every table, and the tables that every duty shares."""

from datetime import date, datetime
from typing import Any, ClassVar, cast

import sqlalchemy
from sqlalchemy import BigInteger, Date, Index, MetaData, String, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pms.core.money import Money
from pms.db.types import BigId, Json, Moment, Short

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
PRIVATE = {"private": True}
"""``mapped_column(info=PRIVATE)``: the audit trail notes that the value changed, not the value."""

MARKED = {**PRIVATE, "marked": True}
"""The same, but with a mark of the value that only the hotel's key makes: a change past the program shows."""


class Base(DeclarativeBase):
    """Names every constraint alike on both engines and maps Python types to columns."""

    metadata = MetaData(naming_convention=CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: BigId,
        str: Text,
        Money: BigInteger,
        datetime: Moment,
        date: Date,
        dict[str, Any]: Json,
        list[Any]: Json,
    }
    audited: ClassVar[bool] = True

    def __init_subclass__(cls, **given: Any) -> None:
        """Let every text of a fixed length refuse what is longer: SQLite would take it, PostgreSQL would stop
        the program."""
        super().__init_subclass__(**given)
        for column in cls.__table__.columns if "__table__" in cls.__dict__ else ():
            if type(column.type) is String and column.type.length is not None:
                column.type = Short(column.type.length, private=bool(column.info.get("private")))


def table_of(record: type[Base]) -> sqlalchemy.Table:
    """Return the table behind a record, for statements that are built once and run many times."""
    return cast(sqlalchemy.Table, record.__table__)


class Table(Base):
    """A record with a number of its own."""

    __abstract__ = True
    id: Mapped[int] = mapped_column(primary_key=True)


class AuditEntry(Base):
    """One change of one record: by whom, when, where, before and after; append-only, each row's digest covers
    the row before."""

    __tablename__ = "audit_entry"
    audited = False
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    business_date: Mapped[date]
    clerk_id: Mapped[int | None]
    station: Mapped[str]
    action: Mapped[str]
    record: Mapped[str]
    record_id: Mapped[int | None]
    changes: Mapped[dict[str, Any]]
    approved_by: Mapped[int | None]
    digest: Mapped[str] = mapped_column(String(64))
    __table_args__ = (Index("ix_audit_entry_record_record_id", "record", "record_id"),)


class PastKey(Base):
    """A key of before the hotel's key was changed, sealed under the present one: ``chain`` made the trail up
    to the entry ``until``, ``mark`` the marks of pass-words, which nobody can make anew."""

    __tablename__ = "past_key"
    audited = False
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    until: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sealed: Mapped[str] = mapped_column(info=PRIVATE)


class Topic(Base):
    """A counter per kind of record; other workstations look for counters that differ."""

    __tablename__ = "topic"
    audited = False
    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=0)


class Workplace(Base):
    """A program at work on this database: each notes every minute that it is there, so that others know whom
    to warn."""

    __tablename__ = "workplace"
    audited = False
    station: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]


class Standby(Base):
    """A second server that follows this one, as whoever watches it last saw it (``pms.db.standby``)."""

    __tablename__ = "standby"
    audited = False
    name: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(12))
    synchronous: Mapped[bool]
    since: Mapped[datetime]
    seen_at: Mapped[datetime]


class NumberSeries(Base):
    """The latest number of a series; its row is the lock that keeps two workstations apart."""

    __tablename__ = "number_series"
    audited = False
    name: Mapped[str] = mapped_column(primary_key=True)
    latest: Mapped[int] = mapped_column(default=0)


class Intent(Base):
    """A confirmed action that was carried out once, with the result to give when the same key comes again."""

    __tablename__ = "intent"
    audited = False
    key: Mapped[str] = mapped_column(primary_key=True)
    action: Mapped[str]
    arguments: Mapped[str] = mapped_column(String(64))
    result: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class PrintJob(Table):
    """Paper to come, stored with what it proves; a printer that is off loses nothing."""

    __tablename__ = "print_job"
    audited = False
    slip: Mapped[dict[str, Any]]
    kind: Mapped[str]
    number: Mapped[str]
    title: Mapped[str]
    station: Mapped[str]
    state: Mapped[str] = mapped_column(default="queued")
    at: Mapped[datetime]
    clerk_id: Mapped[int | None]
    record: Mapped[str] = mapped_column(default="")
    record_id: Mapped[int | None]
    reprint_of: Mapped[int | None]
    reprint: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str] = mapped_column(default="")
    printer: Mapped[str] = mapped_column(default="")
    printed_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_print_job_state_id", "state", "id"),
        Index("ix_print_job_at", "at"),
        Index("ix_print_job_record_record_id", "record", "record_id"),
        Index(
            "ix_print_job_number",
            "number",
            sqlite_where=text("number <> ''"),
            postgresql_where=text("number <> ''"),
        ),
    )
