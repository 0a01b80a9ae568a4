"""The one way into the books: move an amount from one account to another, once per key."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, case, insert, or_, select, update
from sqlalchemy.orm import Session

from pms.core import dates, offers
from pms.core.clock import local
from pms.core.errors import Refused
from pms.core.i18n import N_, _
from pms.core.money import Money, show
from pms.core.offers import OwnShift
from pms.db.base import table_of
from pms.db.types import summed
from pms.db.wire import LATER
from pms.db.work import Work

from . import kinds, numbers, two_books
from .models import Account, RoutingRule, TransactionCode, Transfer

CODES: tuple[tuple[str, str, str, str, bool], ...] = (
    # code, name, kind, ledger, offered by hand
    ("ROOM", N_("Room charge"), "charge", "revenue", False),
    ("HALF", N_("Half day"), "charge", "revenue", True),
    ("FULL", N_("Full day"), "charge", "revenue", True),
    ("EARLY", N_("Early arrival"), "charge", "revenue", False),
    ("NOSHOW", N_("No-show"), "charge", "revenue", False),
    ("BREAKFAST", N_("Breakfast"), "charge", "revenue", True),
    ("MINIBAR", N_("Minibar"), "charge", "revenue", True),
    ("LAUNDRY", N_("Laundry"), "charge", "revenue", True),
    ("PHONE", N_("Telephone"), "charge", "revenue", True),
    ("BUSINESS", N_("Business services"), "charge", "revenue", True),
    ("DAMAGE", N_("Damage compensation"), "charge", "revenue", True),
    ("CARD", N_("Room card not returned"), "charge", "revenue", True),
    ("MISC", N_("Miscellaneous"), "charge", "revenue", True),
    ("SHOP", N_("Shop"), "charge", "revenue", False),
    ("TAX", N_("Tax"), "charge", "tax", False),
    ("SERVICE", N_("Service charge"), "charge", "revenue", False),
    ("MEMBERCARD", N_("Member card"), "charge", "revenue", False),
    ("CASH", N_("Cash"), "payment", "payment", True),
    ("BANK", N_("Bank card"), "payment", "payment", True),
    ("MOBILE", N_("Mobile payment"), "payment", "payment", True),
    ("WIRE", N_("Bank transfer"), "payment", "payment", True),
    ("DEPOSIT", N_("Deposit"), "deposit", "deposit", False),
    ("APPLY", N_("Deposit used"), "internal", "deposit", False),
    ("TRANSFER", N_("Transfer"), "transfer", "guest", False),
    ("ADJUST", N_("Rebate"), "charge", "revenue", False),
    ("OPENING", N_("Opening balance"), "opening", "equity", False),
    ("CITY", N_("Left unsettled"), "city", "city", False),
    ("SAFE", N_("Safe"), "internal", "payment", False),
    ("PAYOUT", N_("Paid out"), "internal", "expense", False),
    ("COMPANY", N_("On account"), "city", "city", False),
    ("BADDEBT", N_("Debt written off"), "internal", "expense", False),
    ("OVERSHORT", N_("Cash over and short"), "internal", "expense", False),
    ("STORED", N_("Stored value"), "stored", "stored", False),
    ("STOREDGIFT", N_("Stored value, gift part"), "stored", "stored", False),
    ("GIFT", N_("Gifts to members"), "internal", "expense", False),
    ("POINTS", N_("Points spent"), "stored", "expense", False),
)
LATER_CODES = (
    *(
        (code, kinds.NAMES[code], "payment", "payment", False)
        for code in ("WECHAT", "ALIPAY", "UNIONPAY", "VOUCHER")
    ),
    ("CHANNEL", N_("Paid by the channel"), "city", "city", False),
    ("COMMISSION", N_("Commission"), "internal", "expense", False),
)
"""Codes of a later day: their accounts stand behind the others, as a hotel that runs has them."""
ROOM_CODES = ("ROOM", "HALF", "FULL", "EARLY")
"""Room revenue: a night, and the parts of a day that a guest pays beside it. Who comes early has the room for
half a day more, as who leaves late has."""
METHODS = tuple(kinds.NAMES)
FOLIO_WINDOWS = "ABCDEFGH"
OF_COMPANY = "COMPANY:"
"""So begins the code of what one company owes."""
OF_CHANNEL = "CHANNEL:"
"""So begins the code of what one channel owes; below 0 it is owed to the channel."""
OF_HOUSE = "HOUSE:"
"""So begins the code of a house account: a folio with a name and without a stay."""
COUNTER = "COUNTER"
"""The account that a sale at the desk is charged to and paid on at once, so that it stands in both columns of
the day like a guest's."""
MOST = 10**15
"""No single posting is larger: more is a typing error."""

_A, _T = table_of(Account), table_of(Transfer)
_BY_CODE = select(_A.c.id).where(_A.c.code == bindparam("code"))
_R = table_of(RoutingRule)
_ROUTED = select(_R.c.id).where(_R.c.stay_id == _A.c.stay_id, _R.c.ended_at.is_(None)).exists()
_FOLIO = (
    select(_A.c.id, _A.c.closed, _ROUTED.label("routed"))
    .where(_A.c.stay_id == bindparam("stay"), _A.c.ledger == "guest", _A.c.window == bindparam("window"))
    .with_for_update(of=_A)
)
_LOCK = (
    select(_A.c.id)
    .where(_A.c.stay_id == bindparam("stay"))
    .order_by(_A.c.id)
    .with_for_update()
    .execution_options(**LATER)
)
_DEPOSIT = select(_A.c.id).where(_A.c.stay_id == bindparam("stay"), _A.c.ledger == "deposit")
_ADVANCE = select(_A.c.id).where(_A.c.line_id == bindparam("line"))
_OPEN = insert(_A).returning(_A.c.id)
_RECEIVABLE = select(_A.c.id).where(_A.c.stay_id == bindparam("stay"), _A.c.ledger == "city")
_CLOSE = (
    update(_A)
    .where(_A.c.stay_id == bindparam("stay"), _A.c.ledger != "city")
    .values(closed=bindparam("shut"))
    .execution_options(**LATER)
)
_POST = insert(_T).returning(_T.c.id)
_DEBITS = select(summed(_T.c.amount)).where(_T.c.debit_id == _A.c.id).correlate(_A).scalar_subquery()
_CREDITS = select(summed(_T.c.amount)).where(_T.c.credit_id == _A.c.id).correlate(_A).scalar_subquery()
_STANDING = (_DEBITS - _CREDITS).label("balance")
_OF_STAY = (
    select(_A.c.id, _A.c.ledger, _A.c.window, _A.c.name, _STANDING, _A.c.closed)
    .where(_A.c.stay_id == bindparam("stay"))
    .order_by(_A.c.ledger.desc(), _A.c.window)
)


def open_books(work: Work) -> None:
    """Write the accounts and codes that a hotel starts with."""
    for position, code in enumerate(CODES):
        _open(work, position, *code)
    work.session.add(Account(ledger="guest", code=COUNTER, name=N_("Shop counter")))
    work.session.flush()
    for position, code in enumerate(LATER_CODES, len(CODES)):
        _open(work, position, *code)
    kinds.open_kinds(work)
    work.touch("folios")


def _open(work: Work, position: int, code: str, name: str, kind: str, ledger: str, by_hand: bool) -> None:
    account = Account(ledger=ledger, code=code, name=name)
    work.session.add(account)
    work.session.flush()
    work.session.add(
        TransactionCode(
            code=code, name=name, kind=kind, account_id=account.id, by_hand=by_hand, position=position
        )
    )
    work.session.flush()


def account(work: Work, code: str) -> int:
    """Return the account behind a code (``ROOM``, ``BANK``); cash means this workstation's own drawer, and
    money an open shift."""
    if code in METHODS and work.setting.options.shifts:
        must_be_open(work, work.station)
    if code == "CASH":
        return drawer(work)
    found = kinds.account_of(work, code)
    if found is None:
        found = work.session.execute(_BY_CODE, {"code": code}).scalar()
    if found is None:
        raise Refused(_("There is no transaction code %(code)s.") % {"code": code})
    return found


def drawer(work: Work) -> int:
    """Return the account of this workstation's drawer, opened when it is first used."""
    code = f"CASH:{work.station}"
    found: int | None = work.session.execute(_BY_CODE, {"code": code}).scalar()
    return (
        found if found is not None else _add(work, ledger="payment", code=code, name="Cash " + work.station)
    )


def shift_at(work: Work, station: str) -> OwnShift | None:
    """Return the shift that holds a workstation's drawer; asked once an action."""
    known: dict[str, OwnShift | None] = work.session.info.setdefault("shifts", {})
    if station not in known:
        known[station] = work.ask_up(offers.shift_at, station=station)
    return known[station]


def must_be_open(work: Work, station: str) -> OwnShift:
    """Return the open shift of a workstation; money moves in an open shift only."""
    found = shift_at(work, station)
    if found is None:
        raise Refused(
            _("No shift is open at %(station)s. Open the shift with its float first.") % {"station": station},
            word="shifts",
            verb=_("Open shift"),
        )
    if found.state != "open":
        raise Refused(
            _(
                "The shift of %(name)s at %(station)s is counted. Take it over, or resume it, before "
                "money moves."
            )
            % {"name": found.clerk, "station": station},
            word="shifts",
            verb=_("Shift"),
        )
    return found


def _shift_of(work: Work, debit: int, credit: int, reverses: int | None) -> int | None:
    """Return the shift a posting belongs to: the workstation's own; what reverses cash, that of the drawer
    the cash went into."""
    if not work.setting.options.shifts:
        return None
    if reverses is not None:
        for code in work.session.execute(
            select(_A.c.code).where(_A.c.id.in_((debit, credit)), _A.c.code.startswith("CASH:"))
        ).scalars():
            return must_be_open(work, str(code).removeprefix("CASH:")).id
    found = shift_at(work, work.station)
    return found.id if found is not None and found.state == "open" else None


def _add(work: Work, **fields: object) -> int:
    made = work.session.execute(_OPEN, {"balance": 0, "closed": False, "window": "", **fields}).scalar_one()
    work.note("account", {k: v for k, v in fields.items() if v is not None}, made)
    return int(made)


def open_folio(work: Work, stay_id: int, name: str, window: str = "A") -> int:
    """Open a folio of a stay and return its account."""
    return _add(work, ledger="guest", name=name, stay_id=stay_id, window=window)


def folio(work: Work, stay_id: int, window: str = "A") -> int:
    """Return a stay's folio account, locked, so that nobody settles it meanwhile; refuses a window that is
    not open."""
    return guest_folio(work, stay_id, window)[0]


def guest_folio(work: Work, stay_id: int, window: str) -> tuple[int, bool]:
    """Return the same, and whether routing rules lead charges of the stay elsewhere."""
    found = work.session.execute(_FOLIO, {"stay": stay_id, "window": window}).first()
    if found is None:
        raise Refused(_("This stay has no folio %(window)s.") % {"window": window})
    if found.closed:
        raise Refused(
            _("This folio is settled. Open it again, or undo the check-out on the day of departure.")
        )
    return int(found.id), bool(found.routed)


def hold_folios(work: Work, accounts: Iterable[int]) -> dict[int, bool]:
    """Hold folios by their numbers, in one order at every desk, and return whether each is closed."""
    asked = select(_A.c.id, _A.c.closed).where(_A.c.id.in_(sorted(accounts))).order_by(_A.c.id)
    return {number: closed for number, closed in work.session.execute(asked.with_for_update())}


def next_window(work: Work, stay_id: int, payer: str) -> str:
    """Return the open folio of a stay that bears this payer's name, opened where there is none; eight at
    most."""
    own = [a for a in accounts_of(work, stay_id) if a.ledger == "guest"]
    for one in own:
        if one.name == payer and not one.closed:
            return one.window
    free = [letter for letter in FOLIO_WINDOWS if letter not in {a.window for a in own}]
    if not free:
        raise Refused(_("A stay has at most eight folios."))
    open_folio(work, stay_id, payer, free[0])
    return free[0]


def lock(work: Work, stay_id: int) -> None:
    """Hold a stay's accounts until the end of the transaction, so that two desks cannot both spend what they
    hold."""
    if work.session.get_bind().dialect.name != "sqlite":  # SQLite has one writer at a time
        work.session.execute(_LOCK, {"stay": stay_id})


def deposit_account(work: Work, stay_id: int, name: str) -> int:
    """Return the liability account that holds a stay's deposit, opening it at the first deposit."""
    found = work.session.execute(_DEPOSIT, {"stay": stay_id}).scalar()
    return int(found) if found is not None else _add(work, ledger="deposit", name=name, stay_id=stay_id)


def receivable(work: Work, stay_id: int, name: str) -> int:
    """Return the account of what a stay left unsettled, opened when it is first needed; it stays open when
    the folios are closed."""
    found = work.session.execute(_RECEIVABLE, {"stay": stay_id}).scalar()
    return int(found) if found is not None else _add(work, ledger="city", name=name, stay_id=stay_id)


def company_account(work: Work, number: int, name: str) -> int:
    """Return the account of what a company owes, opened at its first bill; its record is held."""
    code = f"{OF_COMPANY}{number}"
    found: int | None = work.session.execute(_BY_CODE, {"code": code}).scalar()
    return found if found is not None else _add(work, ledger="city", code=code, name=name)


def channel_account(work: Work, number: int, name: str) -> int:
    """Return the account of what a channel owes, or is owed, opened at its first order; its record is
    held."""
    found = channel_account_of(work, number)
    return found if found is not None else _add(work, ledger="city", code=f"{OF_CHANNEL}{number}", name=name)


def channel_account_of(work: Work, number: int) -> int | None:
    """Return the same where it is open already, without holding anything."""
    found: int | None = work.session.execute(_BY_CODE, {"code": f"{OF_CHANNEL}{number}"}).scalar()
    return found


def house_account(work: Work, number: int, name: str) -> int:
    """Open the account of a house account and return it."""
    return _add(work, ledger="city", code=f"{OF_HOUSE}{number}", name=name)


def advance_account(work: Work, line_id: int, name: str) -> int:
    """Return the liability account that holds a booking's advance deposit."""
    found = advance_of(work, line_id)
    return found if found is not None else _add(work, ledger="advance", name=name, line_id=line_id)


def advance_of(work: Work, line_id: int) -> int | None:
    """Return the account of a booking's advance deposit, None when there never was one."""
    found: int | None = work.session.execute(_ADVANCE, {"line": line_id}).scalar()
    return found


def kept_for_no_show(work: Work, advance: int) -> Money:
    """Return how much of a booking's advance deposit was kept because nobody came, less what was given
    back."""
    kept = select(summed(case((_T.c.debit_id == advance, _T.c.amount), else_=-_T.c.amount))).where(
        or_(_T.c.debit_id == advance, _T.c.credit_id == advance), _T.c.code == "NOSHOW"
    )
    return Money(work.session.execute(kept).scalar_one())


def close_accounts(work: Work, stay_id: int, closed: bool) -> None:
    """Close a stay's folios and deposit for further postings, or open them again."""
    work.session.execute(_CLOSE, {"stay": stay_id, "shut": closed})


def close_folio(work: Work, account_id: int, *, closed: bool) -> None:
    """Close one folio, which is held, for further postings, or open it again."""
    work.session.execute(update(_A).where(_A.c.id == account_id).values(closed=closed))
    work.note("account", {"closed": closed}, account_id)


def post(
    work: Work,
    *,
    debit: int,
    credit: int,
    amount: int,
    code: str,
    text: str = "",
    rule: str = "",
    quantity: int = 1,
    stay_id: int | None = None,
    night: date | None = None,
    reverses: int | None = None,
    slip: str = "",
    shift_id: int | None = None,
) -> int:
    """Move ``amount`` from ``credit`` to ``debit`` and return the posting's number; a negative amount moves
    the other way.

    It belongs to the shift that is open here, or to ``shift_id`` where the shift itself is opened or closed.
    """
    if amount == 0:
        raise Refused(_("An amount of 0 is not posted."))
    if abs(amount) > MOST:
        raise Refused(
            _("An amount of %(sum)s is too large to be right.") % {"sum": show(amount, work.setting.digits)}
        )
    if amount < 0:
        debit, credit, amount = credit, debit, -amount
    posting = {
        "business_date": work.business_date,
        "at": work.now,
        "debit_id": debit,
        "credit_id": credit,
        "amount": amount,
        "code": code,
        "text": text,
        "rule": _typed_later(work, code, rule),
        "quantity": quantity,
        "key": work.transfer_key(),
        "reverses": reverses,
        "slip": slip,
        "stay_id": stay_id,
        "night": night,
        "clerk_id": work.clerk.id or None,
        "station": work.station,
        "shift_id": shift_id if shift_id is not None else _shift_of(work, debit, credit, reverses),
    }
    made = work.session.execute(_POST, posting).scalar_one()
    work.note("transfer", two_books.noted(posting), made)
    work.touch("folios")
    return int(made)


def _typed_later(work: Work, code: str, rule: str) -> str:
    """Say at a posting that it was done on paper, and when; tax and service go with their charge."""
    if work.on_paper is None or code in ("TAX", "SERVICE"):
        return rule
    when = dates.moment(local(work.on_paper, work.setting.zone), year=True)
    return "; ".join(filter(None, (rule, _("done on paper at %(time)s") % {"time": when})))


def reverse(work: Work, line: Transfer, reason: str) -> int:
    """Move a posting back as it was made, with the reason, and return the number of the reversal."""
    made = post(
        work,
        debit=line.credit_id,
        credit=line.debit_id,
        amount=line.amount,
        code=line.code,
        text=line.text,
        rule=reason.strip(),
        quantity=line.quantity,
        stay_id=line.stay_id,
        reverses=line.id,
    )
    numbers.taken_back(work, line.id, made)
    return made


def balance(work: Work, account_id: int) -> Money:
    """Return debits less credits of one short-lived account: what its payer owes (negative: is owed)."""
    t = Transfer.__table__.c
    return Money(
        work.session.execute(
            select(summed(case((t.debit_id == account_id, t.amount), else_=-t.amount))).where(
                or_(t.debit_id == account_id, t.credit_id == account_id)
            )
        ).scalar_one()
    )


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
    return standing(work.session, stay_id)


def standing(session: Session, stay_id: int) -> list[Owed]:
    """Return the same within one of several questions."""
    rows = session.execute(_OF_STAY, {"stay": stay_id})
    return [Owed(r.id, r.ledger, r.window, r.name, Money(int(r.balance)), r.closed) for r in rows]
