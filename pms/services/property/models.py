"""The hotel's one row."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from pms.db.base import PRIVATE, Table


class Property(Table):
    """The hotel: what its papers say, where its clock is, what its rules are, and its business date.

    ``key_sign`` tells whose key opens the books since the key was changed; empty as long as it never was.
    """

    __tablename__ = "property"
    name: Mapped[str]
    zone: Mapped[str]
    currency: Mapped[str]
    digits: Mapped[int] = mapped_column(default=2)
    business_date: Mapped[date]
    inventory_until: Mapped[date]
    key_sign: Mapped[str] = mapped_column(String(8), default="", server_default="")
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    __table_args__ = (CheckConstraint("id = 1", name="one"),)


class Logo(Table):
    """A picture that papers carry or have carried, as a PNG file in base 64; ``sign`` is made of it. None is
    changed or taken out: a paper of last year prints as it was."""

    __tablename__ = "logo"
    sign: Mapped[str] = mapped_column(String(16), index=True)
    png: Mapped[str] = mapped_column(info=PRIVATE)
