"""Books of blank forms with printed numbers, and what became of them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.i18n import N_
from pms.db.base import Table
from pms.db.clashes import clash


class FormBook(Table):
    """A book of forms numbered ``first`` to ``last``; ``next`` is the first unused one when it was last
    counted. What was taken of it is there as stubs, spoilt, or missing; of what is missing so many are
    explained."""

    __tablename__ = "form_book"
    number: Mapped[int] = mapped_column(unique=True)
    form: Mapped[str]
    prefix: Mapped[str] = mapped_column(String(8), default="")
    width: Mapped[int]
    first: Mapped[int]
    last: Mapped[int]
    next: Mapped[int]
    stubs: Mapped[int] = mapped_column(default=0)
    spoilt: Mapped[int] = mapped_column(default=0)
    missing: Mapped[int] = mapped_column(default=0)
    explained: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(8), default="stock", index=True)
    holder: Mapped[str] = mapped_column(default="")
    moved_at: Mapped[datetime]
    counted_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("first >= 0 AND first <= last", name="range"),
        CheckConstraint("next >= first AND next <= last + 1", name="next"),
        CheckConstraint("stubs >= 0 AND spoilt >= 0 AND missing >= 0", name="parts"),
        CheckConstraint("stubs + spoilt + missing = next - first", name="accounted"),
        CheckConstraint("explained >= 0 AND explained <= missing", name="explained"),
        Index("uq_form_book_start", "form", "prefix", "first", unique=True),
    )


class FormEvent(Table):
    """What happened to a book: received, handed out, counted, taken back, a gap explained; append-only in the
    database itself."""

    __tablename__ = "form_event"
    book_id: Mapped[int] = mapped_column(ForeignKey("form_book.id"), index=True)
    what: Mapped[str] = mapped_column(String(9))
    next: Mapped[int]
    stubs: Mapped[int] = mapped_column(default=0)
    spoilt: Mapped[int] = mapped_column(default=0)
    missing: Mapped[int] = mapped_column(default=0)
    holder: Mapped[str] = mapped_column(default="")
    remark: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    business_date: Mapped[date]
    clerk_id: Mapped[int | None]
    station: Mapped[str]


_TWICE = N_("A book that begins with this number is here already. Look it up before you enter it again.")
for _mark in ("form_book.form", "uq_form_book_start"):
    clash(_mark, _TWICE)
