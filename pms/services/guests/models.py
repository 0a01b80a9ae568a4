"""Guests and the keys that seal their documents."""

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from pms.db.base import PRIVATE, Base, Table


class Guest(Table):
    """A person who stays; the document number is sealed, ``document_shown`` is its mask, ``document_mark``
    finds it again.

    ``overseas`` is what is asked of a guest from abroad, sealed like the number.
    """

    __tablename__ = "guest"
    name: Mapped[str]
    search: Mapped[str] = mapped_column(default="", index=True)
    sex: Mapped[str] = mapped_column(String(1), default="")
    birth: Mapped[date | None] = mapped_column(info=PRIVATE)
    nationality: Mapped[str] = mapped_column(String(3), default="")
    phone: Mapped[str] = mapped_column(default="", index=True)
    address: Mapped[str] = mapped_column(default="", info=PRIVATE)
    document_type: Mapped[str] = mapped_column(default="")
    document: Mapped[str] = mapped_column(default="", info=PRIVATE)
    document_shown: Mapped[str] = mapped_column(default="")
    document_mark: Mapped[str | None] = mapped_column(String(64), index=True, info=PRIVATE)
    overseas: Mapped[str | None] = mapped_column(info=PRIVATE)
    identity: Mapped[str] = mapped_column(String(8), default="pending")
    do_not_disclose: Mapped[bool] = mapped_column(default=False)
    vip: Mapped[bool] = mapped_column(default=False)


class GuestKey(Base):
    """The key that seals one guest's document, itself sealed under the hotel's key; deleting the row erases
    the document."""

    __tablename__ = "guest_key"
    audited = False
    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id"), primary_key=True)
    sealed: Mapped[str] = mapped_column(info=PRIVATE)
