"""House accounts and what became of them; their money stands in the ledger, account ``HOUSE:n``."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.i18n import N_
from pms.core.money import Money
from pms.db.base import Table
from pms.db.clashes import clash


class HouseAccount(Table):
    """A folio with a name and no stay, open until ``closed_on``; ``account_id`` is its account in the
    ledger."""

    __tablename__ = "house_account"
    number: Mapped[int] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    name: Mapped[str]
    reason: Mapped[str]
    responsible: Mapped[str]
    credit_limit: Mapped[Money]
    opened_at: Mapped[datetime]
    opened_on: Mapped[date]
    opened_by: Mapped[int | None]
    closed_at: Mapped[datetime | None]
    closed_on: Mapped[date | None] = mapped_column(index=True)
    __table_args__ = (
        CheckConstraint("credit_limit > 0", name="limit"),
        CheckConstraint("(closed_on IS NULL) = (closed_at IS NULL)", name="closed"),
        Index(
            "ix_house_account_name",
            "name",
            unique=True,
            sqlite_where=sql("closed_on IS NULL"),
            postgresql_where=sql("closed_on IS NULL"),
        ),
    )


class HouseAccountEvent(Table):
    """What happened to a house account: opened, its limit changed, closed, opened again; append-only in the
    database itself."""

    __tablename__ = "house_account_event"
    house_id: Mapped[int] = mapped_column(ForeignKey("house_account.id"), index=True)
    what: Mapped[str] = mapped_column(String(8))
    amount: Mapped[Money]
    reason: Mapped[str]
    at: Mapped[datetime]
    business_date: Mapped[date]
    clerk_id: Mapped[int | None]
    station: Mapped[str]


for _mark in ("ix_house_account_name", "house_account.name"):
    clash(
        _mark, N_("An open house account bears this name already. Charge that one, or choose another name.")
    )
