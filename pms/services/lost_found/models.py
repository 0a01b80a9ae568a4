"""Found items, reports of losses, the calls made about them, and how an item left the house."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.i18n import N_
from pms.db.base import PRIVATE, Table
from pms.db.clashes import clash
from pms.db.sealed import Sealed

_KEPT, _OPEN = text("state = 'kept'"), text("state <> 'closed'")


class FoundItem(Table):
    """One thing that was found; ``stay_id`` is the stay it most likely belongs to, ``keep_until`` the last
    day it must be kept."""

    __tablename__ = "found_item"
    number: Mapped[int] = mapped_column(unique=True)
    what: Mapped[str]
    kind: Mapped[str] = mapped_column(String(12), default="other")
    marks: Mapped[str] = mapped_column(default="")
    search: Mapped[str] = mapped_column(default="", info=PRIVATE)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"), index=True)
    place: Mapped[str] = mapped_column(default="")
    stay_id: Mapped[int | None] = mapped_column(ForeignKey("stay.id"), index=True)
    guest_name: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(Sealed("number"), default="", info=PRIVATE)
    sent_to: Mapped[str] = mapped_column(Sealed("number"), default="", server_default="", info=PRIVATE)
    found_at: Mapped[datetime]
    found_on: Mapped[date] = mapped_column(index=True)
    finder: Mapped[str]
    keeper: Mapped[str]
    kept_in: Mapped[str] = mapped_column(default="")
    keep_until: Mapped[date]
    state: Mapped[str] = mapped_column(String(10), default="kept")
    registered_at: Mapped[datetime]
    registered_by: Mapped[int | None]
    __table_args__ = (Index("ix_found_item_kept", "keep_until", sqlite_where=_KEPT, postgresql_where=_KEPT),)


class LossReport(Table):
    """What a guest misses; ``item_id`` is the found item that was set aside for it."""

    __tablename__ = "loss_report"
    number: Mapped[int] = mapped_column(unique=True)
    what: Mapped[str]
    kind: Mapped[str] = mapped_column(String(12), default="other")
    marks: Mapped[str] = mapped_column(default="")
    search: Mapped[str] = mapped_column(default="", info=PRIVATE)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    place: Mapped[str] = mapped_column(default="")
    stay_id: Mapped[int | None] = mapped_column(ForeignKey("stay.id"))
    name: Mapped[str]
    phone: Mapped[str] = mapped_column(Sealed("number"), default="", info=PRIVATE)
    lost_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(10), default="open")
    item_id: Mapped[int | None] = mapped_column(ForeignKey("found_item.id"), unique=True)
    result: Mapped[str] = mapped_column(default="")
    reported_at: Mapped[datetime]
    reported_by: Mapped[int | None]
    closed_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_loss_report_open", "lost_on", sqlite_where=_OPEN, postgresql_where=_OPEN),)


class FoundContact(Table):
    """One try to reach a guest about an item or a report; append-only in the database itself."""

    __tablename__ = "found_contact"
    item_id: Mapped[int | None] = mapped_column(ForeignKey("found_item.id"), index=True)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("loss_report.id"), index=True)
    way: Mapped[str] = mapped_column(String(10))
    reached: Mapped[bool]
    said: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    clerk_id: Mapped[int | None]
    __table_args__ = (CheckConstraint("(item_id IS NULL) <> (report_id IS NULL)", name="one_subject"),)


class FoundOutcome(Table):
    """How an item left the house, once: to whom, against what, by whom; append-only in the database
    itself."""

    __tablename__ = "found_outcome"
    item_id: Mapped[int] = mapped_column(ForeignKey("found_item.id"), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(default="")
    document_type: Mapped[str] = mapped_column(default="")
    document_shown: Mapped[str] = mapped_column(default="")
    detail: Mapped[str] = mapped_column(default="")
    reference: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    business_date: Mapped[date] = mapped_column(index=True)
    clerk_id: Mapped[int | None]


_GONE = N_("This item has left the house already. Look at it again.")
clash("found_outcome.item_id", _GONE)
clash("uq_found_outcome_item_id", _GONE)
_ASIDE = N_("This item is set aside for another report already.")
clash("loss_report.item_id", _ASIDE)
clash("uq_loss_report_item_id", _ASIDE)
