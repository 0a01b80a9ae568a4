"""Tags and the claims made on them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.i18n import N_
from pms.db.base import PRIVATE, Table
from pms.db.clashes import clash
from pms.db.sealed import Sealed

_HERE = text("pieces_left > 0")


class LuggageTag(Table):
    """Bags under one number: whose, how many, where they stand; ``pieces_left`` are still here, ``word`` is
    the pass-word's keyed mark."""

    __tablename__ = "luggage_tag"
    number: Mapped[int] = mapped_column(unique=True)
    stay_id: Mapped[int | None] = mapped_column(ForeignKey("stay.id"), index=True)
    source: Mapped[str] = mapped_column(String(10))
    guest_name: Mapped[str]
    search: Mapped[str] = mapped_column(default="", info=PRIVATE)
    phone: Mapped[str] = mapped_column(Sealed("number"), default="", info=PRIVATE)
    room: Mapped[str] = mapped_column(default="")
    pieces: Mapped[int]
    pieces_left: Mapped[int]
    marks: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    word: Mapped[str] = mapped_column(default="", info=PRIVATE)
    until: Mapped[date | None]
    stored_at: Mapped[datetime]
    stored_on: Mapped[date]
    stored_by: Mapped[int | None]
    __table_args__ = (
        CheckConstraint("pieces_left >= 0 AND pieces_left <= pieces", name="pieces"),
        CheckConstraint("pieces > 0", name="some"),
        Index("ix_luggage_tag_here", "stored_on", sqlite_where=_HERE, postgresql_where=_HERE),
    )


class LuggageClaim(Table):
    """Pieces handed back: to whom, against what, by whom; append-only in the database itself."""

    __tablename__ = "luggage_claim"
    tag_id: Mapped[int] = mapped_column(ForeignKey("luggage_tag.id"), index=True)
    pieces: Mapped[int]
    proof: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(default="")
    document_type: Mapped[str] = mapped_column(default="")
    document_shown: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    business_date: Mapped[date] = mapped_column(index=True)
    clerk_id: Mapped[int | None]
    station: Mapped[str]
    __table_args__ = (CheckConstraint("pieces > 0", name="some"),)


clash("ck_luggage_tag_pieces", N_("These bags were collected already. Look at the tag again."))
