"""The one way into the books: move an amount from one account to another, once per key."""
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, insert, or_, select

from pms.core.errors import Refused
from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.db.types import summed
from pms.db.work import Work

from .models import Account, TransactionCode, Transfer

CODES: tuple[tuple[str, str, str, str, bool], ...] = (
    # code, name, kind, ledger, offered by hand
    ("ROOM", N_("Room"), "charge", "revenue", False), ("HALF", N_("Half day"), "charge", "revenue", False),
    ("FULL", N_("Full day"), "charge", "revenue", False), ("EARLY", N_("Early arrival"), "charge", "revenue", False),
    ("NOSHOW", N_("No-show"), "charge", "revenue", False), ("BREAKFAST", N_("Breakfast"), "charge", "revenue", True),
    ("MINIBAR", N_("Minibar"), "charge", "revenue", True), ("LAUNDRY", N_("Laundry"), "charge", "revenue", True),
    ("PHONE", N_("Telephone"), "charge", "revenue", True), ("BUSINESS", N_("Business services"), "charge", "revenue", True),
    ("DAMAGE", N_("Damage compensation"), "charge", "revenue", True), ("CARD", N_("Room card not returned"), "charge", "revenue", True),
    ("MISC", N_("Miscellaneous"), "charge", "revenue", True), ("TAX", N_("Tax"), "charge", "tax", False),
    ("CASH", N_("Cash"), "payment", "payment", True), ("BANK", N_("Bank card"), "payment", "payment", True),
    ("MOBILE", N_("Mobile payment"), "payment", "payment", True), ("WIRE", N_("Bank transfer"), "payment", "payment", True),
    ("DEPOSIT", N_("Deposit"), "deposit", "deposit", False), ("APPLY", N_("Deposit used"), "internal", "deposit", False),
    ("TRANSFER", N_("Transfer"), "transfer", "guest", False),
    ("ADJUST", N_("Adjustment"), "charge", "revenue", False), ("OPENING", N_("Opening balance"), "opening", "equity", False),
    ("CITY", N_("Left unsettled"), "city", "city", False),
)
METHODS = ("CASH", "BANK", "MOBILE", "WIRE")
FOLIO_WINDOWS = "ABCDEFGH"


def open_books(work: Work) -> None:
    """Write the accounts and codes that a hotel starts with."""
    for position, (code, name, kind, ledger, by_hand) in enumerate(CODES):
        account = Account(ledger=ledger, code=code, name=name)
        work.session.add(account)
        work.session.flush()
        work.session.add(TransactionCode(code=code, name=name, kind=kind, account_id=account.id, by_hand=by_hand, position=position,
                                         taxed=kind == "charge" and code != "TAX"))
    work.touch("folios")


def account(work: Work, code: str) -> int:
    """Return the account behind a code (``ROOM``, ``BANK``); cash means this workstation's own drawer."""
    wanted = f"CASH:{work.station}" if code == "CASH" else code
    found = work.session.execute(select(Account.id).where(Account.code == wanted)).scalar()
    if found is not None:
        return found
    if code != "CASH":
        raise Refused(_("There is no transaction code %(code)s.") % {"code": code})
    return _add(work, ledger="payment", code=wanted, name="Cash " + work.station)


def _add(work: Work, **fields: object) -> int:
    made = work.session.execute(insert(Account.__table__).values(balance=0, closed=False, **{"window": "", **fields})  # type: ignore[arg-type]
                                .returning(Account.__table__.c.id)).scalar_one()
    work.note("account", {k: v for k, v in fields.items() if v is not None}, made)
    return int(made)


def open_folio(work: Work, stay_id: int, name: str, window: str = "A") -> int:
    """Open a folio of a stay and return its account."""
    return _add(work, ledger="guest", name=name, stay_id=stay_id, window=window)


def folio(work: Work, stay_id: int, window: str = "A") -> int:
    """Return a stay's folio account; refuses a window that is not open."""
    found = work.session.execute(select(Account.id, Account.closed).where(
        Account.stay_id == stay_id, Account.ledger == "guest", Account.window == window)).first()
    if found is None:
        raise Refused(_("This stay has no folio %(window)s.") % {"window": window})
    if found.closed:
        raise Refused(_("This folio is settled. Undo the check-out today, or post an adjustment."))
    return int(found.id)


def deposit_account(work: Work, stay_id: int, name: str) -> int:
    """Return the liability account that holds a stay's deposit, opening it at the first deposit."""
    found = work.session.execute(select(Account.id).where(Account.stay_id == stay_id, Account.ledger == "deposit")).scalar()
    return int(found) if found is not None else _add(work, ledger="deposit", name=name, stay_id=stay_id)


def advance_account(work: Work, line_id: int, name: str) -> int:
    """Return the liability account that holds a booking's advance deposit."""
    found = work.session.execute(select(Account.id).where(Account.line_id == line_id)).scalar()
    return int(found) if found is not None else _add(work, ledger="advance", name=name, line_id=line_id)


def post(work: Work, *, debit: int, credit: int, amount: int, code: str, text: str = "", rule: str = "", quantity: int = 1,
         stay_id: int | None = None, night: date | None = None, reverses: int | None = None, slip: str = "") -> int:
    """Move ``amount`` from ``credit`` to ``debit`` and return the posting's number; a negative amount moves the other way."""
    if amount == 0:
        raise Refused(_("An amount of 0 is not posted."))
    if amount < 0:
        debit, credit, amount = credit, debit, -amount
    made = work.session.execute(insert(Transfer.__table__).values(  # type: ignore[arg-type]
        business_date=work.business_date, at=work.now, debit_id=debit, credit_id=credit, amount=amount, code=code, text=text, rule=rule,
        quantity=quantity, key=work.transfer_key(), reverses=reverses, slip=slip, stay_id=stay_id, night=night,
        clerk_id=work.clerk.id or None, station=work.station).returning(Transfer.__table__.c.id)).scalar_one()
    work.note("transfer", {"debit": debit, "credit": credit, "amount": amount, "code": code}, made)
    work.touch("folios")
    return int(made)


def balance(work: Work, account_id: int) -> Money:
    """Return debits less credits of one short-lived account: what its payer owes (negative: is owed)."""
    t = Transfer.__table__.c
    return Money(work.session.execute(
        select(summed(case((t.debit_id == account_id, t.amount), else_=-t.amount)))
        .where(or_(t.debit_id == account_id, t.credit_id == account_id))).scalar_one())


@dataclass(frozen=True)
class Owed:
    """One account of a stay and what it stands at: debits less credits."""

    account_id: int
    ledger: str
    window: str
    name: str
    balance: Money
    closed: bool


def accounts_of(work: Work, stay_id: int) -> list[Owed]:
    """Return every account of a stay with its balance, folios first."""
    a, t = Account.__table__.c, Transfer.__table__.c
    debits = select(summed(t.amount)).where(t.debit_id == a.id).correlate(Account.__table__).scalar_subquery()
    credits = select(summed(t.amount)).where(t.credit_id == a.id).correlate(Account.__table__).scalar_subquery()
    rows = work.session.execute(select(a.id, a.ledger, a.window, a.name, (debits - credits).label("balance"), a.closed)
                                .where(a.stay_id == stay_id).order_by(a.ledger.desc(), a.window))
    return [Owed(r.id, r.ledger, r.window, r.name, Money(int(r.balance)), r.closed) for r in rows]
