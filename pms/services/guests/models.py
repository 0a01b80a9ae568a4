"""Guests, the words they are found by, and the keys that seal their documents."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, bindparam, text
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.i18n import N_, _
from pms.db.base import PRIVATE, Base, Table
from pms.db.clashes import clash
from pms.db.sealed import Sealed, SealedDay

IN_ORDER = Text().with_variant(Text(collation="C"), "postgresql")
"""Text in the order of its signs, so that what begins with some letters is one stretch of an index."""


HIDDEN: Any = bindparam("hidden_name", callable_=lambda: _("Do not disclose"), type_=Text)
"""What stands in the place of a name that is not to be disclosed."""


class Guest(Table):
    """A person who stays; the document number is sealed, ``document_shown`` is its mask. ``document_mark``,
    the document's kind and the state that issued it find the person again. Birth, phone and address are
    sealed too; a phone is found by the marks in ``search``.

    ``overseas`` is what is asked of a guest from abroad, sealed like the number. ``ethnic`` is the ethnic
    group of a Chinese citizen. ``erased_on`` is the business date on which all of this was erased but the
    name. What stands here is known today; a stay keeps what was registered with it.
    """

    __tablename__ = "guest"
    name: Mapped[str]
    search: Mapped[str] = mapped_column(default="", info=PRIVATE)
    sex: Mapped[str] = mapped_column(String(1), default="")
    birth: Mapped[date | None] = mapped_column(SealedDay, info=PRIVATE)
    nationality: Mapped[str] = mapped_column(String(3), default="")
    ethnic: Mapped[str] = mapped_column(default="", server_default="", info=PRIVATE)
    phone: Mapped[str] = mapped_column(Sealed, default="", info=PRIVATE)
    address: Mapped[str] = mapped_column(Sealed, default="", info=PRIVATE)
    document_type: Mapped[str] = mapped_column(default="")
    document_state: Mapped[str] = mapped_column(String(3), default="", server_default="")
    document: Mapped[str] = mapped_column(default="", info=PRIVATE)
    document_shown: Mapped[str] = mapped_column(default="", info=PRIVATE)
    document_until: Mapped[date | None] = mapped_column(info=PRIVATE)
    document_mark: Mapped[str | None] = mapped_column(String(64), info=PRIVATE)
    overseas: Mapped[str | None] = mapped_column(info=PRIVATE)
    identity: Mapped[str] = mapped_column(String(8), default="pending")
    do_not_disclose: Mapped[bool] = mapped_column(default=False)
    vip: Mapped[bool] = mapped_column(default=False)
    erased_on: Mapped[date | None]
    __table_args__ = (
        Index(
            "ix_guest_kept",
            "id",
            sqlite_where=text("erased_on IS NULL"),
            postgresql_where=text("erased_on IS NULL"),
        ),
        Index(
            "ix_guest_document",
            "document_mark",
            "document_type",
            "document_state",
            unique=True,
            sqlite_where=text("document_mark IS NOT NULL"),
            postgresql_where=text("document_mark IS NOT NULL"),
        ),
    )


class GuestWord(Base):
    """A word that begins a spelling of a guest's name, or a mark of the phone number; kept so that a name
    typed is found in a stretch of the key, however many guests there have been."""

    __tablename__ = "guest_word"
    audited = False
    word: Mapped[str] = mapped_column(IN_ORDER, primary_key=True, info=PRIVATE)
    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id"), primary_key=True, index=True)
    __table_args__ = {"sqlite_with_rowid": False}


class GuestKey(Base):
    """The key that seals one guest's document, itself sealed under the hotel's key; deleting the row erases
    the document."""

    __tablename__ = "guest_key"
    audited = False
    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id"), primary_key=True)
    sealed: Mapped[str] = mapped_column(info=PRIVATE)


clash(
    "ix_guest_document",
    N_("This document has just been registered at another workstation. Do it again: the guest is known now."),
)
clash(
    "guest.document_mark",
    N_("This document has just been registered at another workstation. Do it again: the guest is known now."),
)
