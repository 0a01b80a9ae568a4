"""Accounts, transaction codes, the ledger's rows and the balances that each close leaves."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    false,
    func,
    literal_column,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.i18n import N_
from pms.core.money import Money
from pms.db.base import Base, Table, table_of
from pms.db.clashes import clash

LEDGERS = (
    *("guest", "deposit", "advance", "stored", "city"),
    *("payment", "revenue", "tax", "equity", "expense"),
)


PREAUTH_CODE = 64
"""Signs of an authorisation code at most: a terminal prints six, a wallet the number of its order."""


class Account(Table):
    """One account; ``balance`` is debits less credits as of the last close, so long-lived accounts stay cheap
    to read."""

    __tablename__ = "account"
    audited = False
    ledger: Mapped[str] = mapped_column(String(10))
    code: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    stay_id: Mapped[int | None]
    line_id: Mapped[int | None]
    window: Mapped[str] = mapped_column(String(1), default="")
    balance: Mapped[Money] = mapped_column(default=Money(0))
    closed: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        Index(
            "ix_account_stay_id",
            "stay_id",
            "ledger",
            "window",
            unique=True,
            sqlite_where=sql("stay_id IS NOT NULL"),
            postgresql_where=sql("stay_id IS NOT NULL"),
        ),
        Index(
            "ix_account_line_id",
            "line_id",
            unique=True,
            sqlite_where=sql("line_id IS NOT NULL"),
            postgresql_where=sql("line_id IS NOT NULL"),
        ),
        Index(
            "ix_account_standing",
            "ledger",
            "balance",
            sqlite_where=sql("balance <> 0"),
            postgresql_where=sql("balance <> 0"),
        ),
        Index(
            "ix_account_open_deposit",
            "id",
            sqlite_where=sql("ledger = 'deposit' AND closed = 0"),
            postgresql_where=sql("ledger = 'deposit' AND NOT closed"),
        ),
    )


class TransactionCode(Base):
    """A kind of posting: which account it moves and where it is offered; how it is taxed is a rule of
    the hotel."""

    __tablename__ = "transaction_code"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(String(10))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    price: Mapped[Money] = mapped_column(default=Money(0))
    by_hand: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)


class Transfer(Table):
    """One posting: ``amount`` minor units out of ``credit`` into ``debit``; append-only in the database
    itself."""

    __tablename__ = "transfer"
    audited = False
    business_date: Mapped[date]
    at: Mapped[datetime]
    debit_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    credit_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    amount: Mapped[Money]
    code: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(default="")
    rule: Mapped[str] = mapped_column(default="")
    quantity: Mapped[int] = mapped_column(default=1)
    key: Mapped[str] = mapped_column(unique=True)
    reverses: Mapped[int | None] = mapped_column(ForeignKey("transfer.id"), unique=True)
    slip: Mapped[str] = mapped_column(default="")
    stay_id: Mapped[int | None]
    night: Mapped[date | None]
    clerk_id: Mapped[int | None]
    station: Mapped[str]
    shift_id: Mapped[int | None]
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("debit_id <> credit_id", name="two_accounts"),
        Index("ix_transfer_debit_id", "debit_id", "business_date"),
        Index("ix_transfer_credit_id", "credit_id", "business_date"),
        Index("ix_transfer_business_date", "business_date"),
        Index(
            "ix_transfer_stay_id",
            "stay_id",
            "code",
            sqlite_where=sql("stay_id IS NOT NULL"),
            postgresql_where=sql("stay_id IS NOT NULL"),
        ),
        Index(
            "ix_transfer_shift_id",
            "shift_id",
            sqlite_where=sql("shift_id IS NOT NULL"),
            postgresql_where=sql("shift_id IS NOT NULL"),
        ),
        Index("ix_transfer_slip", "slip", sqlite_where=sql("slip <> ''"), postgresql_where=sql("slip <> ''")),
        Index(
            "ix_transfer_night",
            "stay_id",
            "night",
            "code",
            unique=True,
            sqlite_where=sql("night IS NOT NULL"),
            postgresql_where=sql("night IS NOT NULL"),
        ),
    )


FIRST = func.coalesce(table_of(Transfer).c.reverses, 0) == 0
"""Postings that take nothing back. Written so that the planner goes by the day or the stay: asked for an
empty ``reverses`` it would walk through all of them, of every year."""


def on_slips(slips: Iterable[str]) -> ColumnElement[bool]:
    """Say that a posting bears one of these marks."""
    # that there is one is written out, for the index of those that have
    return and_(Transfer.slip.in_(list(slips)), Transfer.slip != literal_column("''"))


class PaymentKind(Base):
    """A way in which money comes: whether it is offered at the desk and bears a number, what it opens, and
    how it goes back. ``name`` and ``name_zh`` are the house's own words, empty for the usual ones;
    ``counted`` says what a shift counts of it: its notes, or its slips; ``holds`` whether an amount may be
    held of it for a stay."""

    __tablename__ = "payment_kind"
    code: Mapped[str] = mapped_column(ForeignKey("transaction_code.code"), primary_key=True)
    name: Mapped[str] = mapped_column(default="")
    name_zh: Mapped[str] = mapped_column(default="")
    offered: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)
    number: Mapped[str] = mapped_column(String(8))
    shape: Mapped[str] = mapped_column(String(8))
    drawer: Mapped[bool] = mapped_column(default=False)
    back: Mapped[str] = mapped_column(String(8))
    counted: Mapped[str] = mapped_column(String(8))
    holds: Mapped[bool] = mapped_column(default=False, server_default=false())


class PaymentReference(Table):
    """The number of an electronic payment, or of money that went back (``back``); one number of a kind is
    here once, append-only in the database itself."""

    __tablename__ = "payment_reference"
    kind: Mapped[str] = mapped_column(ForeignKey("payment_kind.code"))
    number: Mapped[str]
    back: Mapped[bool] = mapped_column(default=False)
    business_date: Mapped[date] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    clerk_id: Mapped[int | None]
    station: Mapped[str]
    __table_args__ = (
        UniqueConstraint("kind", "number"),
        CheckConstraint("number <> ''", name="number"),
    )


class PaymentShare(Table):
    """What a posting moved on a number: above 0 came by it, below 0 went back on it; append-only in the
    database itself. One number may pay several folios, one payment goes back in several parts."""

    __tablename__ = "payment_share"
    reference_id: Mapped[int] = mapped_column(ForeignKey("payment_reference.id"), index=True)
    transfer_id: Mapped[int] = mapped_column(ForeignKey("transfer.id"), index=True)
    amount: Mapped[Money]
    __table_args__ = (CheckConstraint("amount <> 0", name="amount"),)


class Preauth(Table):
    """An amount that a guest's bank holds for a stay: ``held`` in all, of which ``captured`` became a
    payment, ``released`` went free, and ``open`` is held still, until the day ``valid_until``. Captured
    once: the rest is released with it."""

    __tablename__ = "preauth"
    number: Mapped[int] = mapped_column(unique=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stay.id"), index=True)
    kind: Mapped[str] = mapped_column(ForeignKey("payment_kind.code"))
    code: Mapped[str] = mapped_column(String(PREAUTH_CODE))
    last_four: Mapped[str] = mapped_column(String(4), default="")
    trace: Mapped[str] = mapped_column(default="")
    held: Mapped[Money]
    captured: Mapped[Money] = mapped_column(default=Money(0))
    released: Mapped[Money] = mapped_column(default=Money(0))
    open: Mapped[Money]
    steps: Mapped[int] = mapped_column(default=1)
    valid_until: Mapped[date]
    taken_on: Mapped[date]
    ended_on: Mapped[date | None] = mapped_column(index=True)
    __table_args__ = (
        CheckConstraint("held > 0 AND captured >= 0 AND released >= 0", name="amounts"),
        CheckConstraint("open >= 0 AND held = captured + released + open", name="sum"),
        CheckConstraint("captured = 0 OR open = 0", name="once"),
        CheckConstraint("(ended_on IS NULL) = (open > 0)", name="ended"),
        Index(
            "ix_preauth_open",
            "valid_until",
            sqlite_where=sql("open > 0"),
            postgresql_where=sql("open > 0"),
        ),
        Index(
            "ix_preauth_code",
            "kind",
            "code",
            "last_four",
            unique=True,
            sqlite_where=sql("open > 0"),
            postgresql_where=sql("open > 0"),
        ),
    )


class PreauthMove(Table):
    """One step of a pre-authorisation: what was done with how much, and how it stood afterwards; append-only
    in the database itself. ``key`` is that of the action, by which a check-out that is taken back finds
    it."""

    __tablename__ = "preauth_move"
    preauth_id: Mapped[int] = mapped_column(ForeignKey("preauth.id"))
    step: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    amount: Mapped[Money]
    held: Mapped[Money]
    captured: Mapped[Money]
    released: Mapped[Money]
    code: Mapped[str] = mapped_column(String(PREAUTH_CODE), default="")
    reason: Mapped[str] = mapped_column(default="")
    valid_until: Mapped[date]
    key: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    business_date: Mapped[date] = mapped_column(index=True)
    clerk_id: Mapped[int | None]
    station: Mapped[str]
    __table_args__ = (
        UniqueConstraint("preauth_id", "step"),
        CheckConstraint("amount > 0", name="some"),
        CheckConstraint("captured >= 0 AND released >= 0 AND captured + released <= held", name="within"),
        CheckConstraint("captured = 0 OR captured + released = held", name="once"),
    )


class PaymentAttempt(Table):
    """A payment that the payer calls done and that has not been seen: ``unknown`` until it has ``arrived``
    (``transfer_id`` is its posting) or is known to be ``absent``. ``told`` are the payer's words,
    ``asked_at`` is when it was last looked for."""

    __tablename__ = "payment_attempt"
    number: Mapped[int] = mapped_column(unique=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stay.id"), index=True)
    window: Mapped[str] = mapped_column(String(1))
    kind: Mapped[str] = mapped_column(ForeignKey("payment_kind.code"))
    amount: Mapped[Money]
    reference: Mapped[str] = mapped_column(default="")
    told: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(String(8), default="unknown")
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("transfer.id"), unique=True)
    reason: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    asked_at: Mapped[datetime]
    business_date: Mapped[date]
    clerk_id: Mapped[int | None]
    station: Mapped[str]
    settled_at: Mapped[datetime | None]
    settled_on: Mapped[date | None] = mapped_column(index=True)
    settled_by: Mapped[int | None]
    __table_args__ = (
        CheckConstraint("amount > 0", name="some"),
        CheckConstraint("(state = 'arrived') = (transfer_id IS NOT NULL)", name="posted"),
        CheckConstraint("(state = 'unknown') = (settled_on IS NULL)", name="settled"),
        Index(
            "ix_payment_attempt_open",
            "number",
            sqlite_where=sql("state = 'unknown'"),
            postgresql_where=sql("state = 'unknown'"),
        ),
    )


class RoutingRule(Table):
    """Where a kind of charge of a stay goes in place of the guest's own folio: to ``account_id``, from and
    until a day, up to a sum (``most``). ``code`` empty: every charge."""

    __tablename__ = "routing_rule"
    stay_id: Mapped[int]
    code: Mapped[str] = mapped_column(String(16), default="")
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    start: Mapped[date | None]
    end: Mapped[date | None]
    most: Mapped[Money | None]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None]
    __table_args__ = (
        Index("ix_routing_rule_stay_id", "stay_id"),
        Index(
            "ix_routing_rule_in_force",
            "code",
            "stay_id",
            sqlite_where=sql("ended_at IS NULL"),
            postgresql_where=sql("ended_at IS NULL"),
        ),
        CheckConstraint("most > 0", name="most"),
        CheckConstraint('start <= "end"', name="days"),
    )


class RoutedCharge(Table):
    """A posting that went by a routing rule, below 0 where it went back; append-only in the database
    itself."""

    __tablename__ = "routed_charge"
    transfer_id: Mapped[int] = mapped_column(ForeignKey("transfer.id"), unique=True)
    rule_id: Mapped[int] = mapped_column(ForeignKey("routing_rule.id"), index=True)
    amount: Mapped[Money]
    __table_args__ = (CheckConstraint("amount <> 0", name="amount"),)


class ChannelBill(Table):
    """What a channel pays of a stay (``what`` is ``room``) or takes of it (``commission``, below 0), or what
    was put on its account without a stay (``other``); ``left`` is still open.

    The nights [``arrival``, ``departure``) are those of its order; ``on_credit``: it pays after the check-out
    what was charged then, in place of crediting its price at the check-in. ``transfer_id`` is the latest
    posting, ``voided_on`` the day on which the check-in was taken back.
    """

    __tablename__ = "channel_bill"
    number: Mapped[int] = mapped_column(unique=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    what: Mapped[str] = mapped_column(String(10))
    on_credit: Mapped[bool] = mapped_column(default=False)
    stay_id: Mapped[int | None]
    stay_number: Mapped[int | None]
    booking: Mapped[int | None]
    reference: Mapped[str] = mapped_column(default="", index=True)
    guest: Mapped[str] = mapped_column(default="")
    room: Mapped[str] = mapped_column(default="")
    arrival: Mapped[date]
    departure: Mapped[date]
    points: Mapped[int] = mapped_column(default=0)
    amount: Mapped[Money]
    left: Mapped[Money]
    billed_on: Mapped[date]
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("transfer.id"), index=True)
    voided_on: Mapped[date | None]
    __table_args__ = (
        CheckConstraint("arrival <= departure", name="nights"),
        Index("ix_channel_bill_billed", "channel_id", "billed_on"),
        Index(
            "ix_channel_bill_stay",
            "stay_id",
            "what",
            unique=True,
            sqlite_where=sql("stay_id IS NOT NULL"),
            postgresql_where=sql("stay_id IS NOT NULL"),
        ),
        Index(
            "ix_channel_bill_open",
            "channel_id",
            "billed_on",
            "number",
            "left",
            sqlite_where=sql('"left" <> 0'),
            postgresql_where=sql('"left" <> 0'),
        ),
    )


class AccountDay(Base):
    """What one account moved on one business date; written at the close, only for accounts that moved."""

    __tablename__ = "account_day"
    audited = False
    business_date: Mapped[date] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    opening: Mapped[Money]
    debit: Mapped[Money]
    credit: Mapped[Money]
    closing: Mapped[Money]
    __table_args__ = ({"sqlite_with_rowid": False},)


class LedgerDay(Base):
    """The trial balance of one ledger on one business date."""

    __tablename__ = "ledger_day"
    audited = False
    business_date: Mapped[date] = mapped_column(primary_key=True)
    ledger: Mapped[str] = mapped_column(String(10), primary_key=True)
    opening: Mapped[Money]
    debit: Mapped[Money]
    credit: Mapped[Money]
    closing: Mapped[Money]
    __table_args__ = ({"sqlite_with_rowid": False},)


clash("transfer.reverses", N_("This line was reversed already. Look at the folio again."))
clash("uq_transfer_reverses", N_("This line was reversed already. Look at the folio again."))
for _mark in ("ix_transfer_night", "transfer.stay_id", "(key)=(night:"):  # whichever a server looks at first
    clash(_mark, N_("This night has been charged already. Look at the folio again."))
for _mark in ("uq_payment_reference_kind_number", "payment_reference.kind"):
    clash(
        _mark,
        N_("The transaction number %(number)s was posted already by another desk. Look at the folio again."),
        number="number",
    )
for _mark in ("uq_preauth_move_preauth_id_step", "preauth_move.preauth_id"):
    clash(_mark, N_("Another desk was faster with this pre-authorisation. Look at it again."))
for _mark in ("ix_preauth_code", "preauth.kind"):
    clash(
        _mark, N_("The authorisation %(code)s of this card is held already. Look at it again."), code="code"
    )
for _mark in ("ck_preauth_sum", "ck_preauth_once", "ck_preauth_move_within", "ck_preauth_move_once"):
    clash(_mark, N_("No more is taken than is held, and only once. Look at the pre-authorisation again."))
for _mark in ("uq_payment_attempt_transfer_id", "payment_attempt.transfer_id", "ck_payment_attempt_posted"):
    clash(_mark, N_("This payment was settled meanwhile. Look at it again."))
clash(
    "payment_share falls below nothing",
    N_("No more goes back on a transaction number than came by it. Look at the folio again."),
)
clash("ck_routing_rule_days", N_("The last day is before the first. Change one of them."))
clash("ck_routing_rule_most", N_("A limit is more than 0; leave it empty for none."))
