"""How a line is taken back, given back in part or moved, and how its tax and service charge go along.

A line is moved in part by transfers (slip ``T12``) and given back in part by rebates (slip ``A12``); what is
left of it can still be moved or given back.
"""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import case, exists, or_, select
from sqlalchemy.orm import Session, aliased

from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.db.types import summed
from pms.db.work import Work

from . import channel_pays, ledger, tax
from .models import FIRST, Account, TransactionCode, Transfer, on_slips

REBATE, TRANSFER = "ADJUST", "TRANSFER"
MARKS = {TRANSFER: "T", REBATE: "A"}
OF_MEMBERS = ("STORED", "STOREDGIFT", "POINTS")
"""Codes by which a member pays with what the house owes the member: they go back on the member's page."""
Group = tuple[str, int, int]
"""What follows a line: the code and the two accounts, debit and credit."""


def reversible(work: Work, transfer_id: int, reason: str, *, of_house: bool = False) -> Transfer:
    """Return a line that may be taken back, its accounts locked; refuses one that was, or whose folio is
    settled. A house account's lines go back only where its limit is looked at (``of_house``)."""
    line = work.session.get(Transfer, transfer_id)
    if line is None:
        raise Refused(_("This line is not in the books."))
    if not reason.strip():
        raise Refused(_("Say why the line is reversed."))
    if line.reverses is not None:
        raise Refused(_("A reversal is not reversed again; post the charge anew."))
    if tax.is_part(line):
        raise Refused(_("Tax and service charge go with their charge. Choose the charge."))
    if _of_company(work, line):
        raise Refused(_("This line is of a company's account. Take the payment or the check-out back there."))
    if _of_channel(work, line):
        raise Refused(_("This line is of a channel's account. It goes with the check-in or the check-out."))
    if not of_house and on_account(work, line, ledger.OF_HOUSE):
        raise Refused(_("This line is of a house account. Take it back on the page House accounts."))
    if any(a.closed for a in own_accounts(work, line)):
        raise Refused(
            _("This folio is settled. Open it again, or undo the check-out on the day of departure.")
        )
    if work.session.scalars(select(Transfer.id).where(Transfer.reverses == transfer_id)).first() is not None:
        raise Conflict(_("This line was reversed already. Look at the folio again."))
    return line


def must_be_the_payers(work: Work, line: Transfer) -> None:
    """Refuse a charge that a channel pays: its price is no guest's to know, and nothing of it is theirs."""
    if line.stay_id is None or line.code not in ("ROOM", *channel_pays.PARTS):
        return
    day = line.night or line.business_date
    for one in channel_pays.of_stay(work.session, stay_id=line.stay_id):
        if one.what == channel_pays.ROOM and one.covers(line.code, day):
            raise Refused(
                _("The channel pays this line. Void it, and its price goes back there at the check-out.")
            )


def _of_channel(work: Work, line: Transfer) -> bool:
    """Say likewise whether a line moved what a channel owes or is owed."""
    if line.code in ("CHANNEL", "COMMISSION"):
        return True
    return line.stay_id is None and on_account(work, line, ledger.OF_CHANNEL)


def _of_company(work: Work, line: Transfer) -> bool:
    """Say whether a line moved what a company owes: its bills must say the same."""
    if line.stay_id is not None:
        return line.code == "COMPANY"
    return on_account(work, line, ledger.OF_COMPANY)


def on_account(work: Work, line: Transfer, whose: str) -> bool:
    """Say whether a line moved an account whose code begins so."""
    a = Account
    asked = select(a.id).where(
        a.id.in_((line.debit_id, line.credit_id)), a.code.startswith(whose, autoescape=True)
    )
    return work.session.scalars(asked).first() is not None


def own_accounts(work: Work, line: Transfer) -> list[Account]:
    """Return the stay's or booking's own accounts that a line moved, locked against another desk that moves
    them too."""
    a = Account
    return list(
        work.session.scalars(
            select(a)
            .where(
                a.id.in_((line.debit_id, line.credit_id)), or_(a.stay_id.is_not(None), a.line_id.is_not(None))
            )
            .order_by(a.id)
            .with_for_update()
        )
    )


def reverse_whole(work: Work, line: Transfer, reason: str) -> int:
    """Reverse a line and what follows it; never a deposit that was used or given back, nor a charge of which
    a part has gone elsewhere."""
    if line.code == "SHOP":
        raise Refused(_("Return the goods in the shop, so that the stock is right."))
    if line.code in OF_MEMBERS:
        raise Refused(_("Take it back on the page Members, so that the member's balance is right."))
    if line.slip.startswith("PA-"):
        raise Refused(
            _("This payment completed %(number)s. Undo it on the page Pre-authorisations.")
            % {"number": line.slip}
        )
    if gone(work.session, line, TRANSFER):
        raise Refused(_("Part of this line was transferred. Void the transfer first."))
    if gone(work.session, line, REBATE):
        raise Refused(_("Part of this charge was rebated. Void the rebate first."))
    if any(a.id == line.credit_id and a.ledger in ("deposit", "advance") for a in own_accounts(work, line)):
        held = -ledger.balance(work, line.credit_id)
        if held < line.amount:
            raise more_than_held(work, held)
    made = ledger.reverse(work, line, reason)
    for part in tax.parts_of(work, line.id):
        ledger.reverse(work, part, reason)
    return made


def goods_on(work: Work, stay_id: int) -> Money:
    """Return what goods of the shop stand on a stay's folios today, less what came back."""
    t = Transfer
    shop = ledger.account(work, "SHOP")
    rows = work.session.scalars(
        select(t).where(t.stay_id == stay_id, t.code == "SHOP", t.business_date == work.business_date)
    )
    return Money(sum(row.amount if row.credit_id == shop else -row.amount for row in rows))


def of_members(work: Work, stay_id: int) -> Money:
    """Return what members paid of a stay with stored value and points, less what was taken back."""
    t = Transfer
    asked = select(summed(case((FIRST, t.amount), else_=-t.amount)))
    return Money(
        int(work.session.execute(asked.where(t.stay_id == stay_id, t.code.in_(OF_MEMBERS))).scalar_one())
    )


def more_than_held(work: Work, held: int) -> Refused:
    """Return the refusal to give back more than the house holds of a guest's money."""
    return Refused(
        _("The house holds %(held)s of this guest's deposit; no more can be given back.")
        % {"held": show(held, work.setting.digits)}
    )


def standing(session: Session, code: str, of: Iterable[int]) -> list[Transfer]:
    """Return the transfers or rebates of these lines that were not taken back."""
    undone, mark = aliased(Transfer), MARKS[code]
    return list(
        session.scalars(
            select(Transfer)
            .where(
                on_slips(f"{mark}{number}" for number in of),
                Transfer.code == code,
                FIRST,
                ~exists().where(undone.reverses == Transfer.id),
            )
            .order_by(Transfer.id)
        )
    )


def gone(session: Session, line: Transfer, *codes: str) -> int:
    """Return what of a charge was moved or given back."""
    return sum(row.amount for code in codes or MARKS for row in standing(session, code, [line.id]))


def left_of(work: Work, line: Transfer) -> Money:
    """Return what is left of a charge: not moved, not given back."""
    return Money(line.amount - gone(work.session, line))


def must_bear(work: Work, line: Transfer) -> None:
    """Refuse a line that no guest's folio bears."""
    if work.session.get_one(Account, line.debit_id).ledger != "guest":
        raise Refused(_("Only a charge on a folio can be transferred or rebated."))


# ------------------------------------------------------------------ moved in part
def move(work: Work, line: Transfer, folio: int, part: int, to_stay_id: int | None, reason: str) -> int:
    """Move ``part`` of a charge to another folio with its part of the tax; return the posting's number."""
    due = _due_on_folio(work, line, part)
    made = ledger.post(
        work,
        debit=folio,
        credit=line.debit_id,
        amount=part,
        code=TRANSFER,
        text=line.text or line.code,
        rule=reason.strip(),
        stay_id=to_stay_id,
        slip=f"T{line.id}",
    )
    for (code, _debit, _credit), amount in due:
        _follow(work, made, code, folio, line.debit_id, amount, to_stay_id, reason)
    return made


def with_tax(work: Work, line: Transfer, part: int) -> int:
    """Return what leaves a folio when the next ``part`` of a charge is moved, with its part of the tax."""
    return part + sum(amount for _group, amount in _due_on_folio(work, line, part))


def may_move(work: Work, lines: Iterable[Transfer]) -> set[int]:
    """Return the numbers of those lines that are charges, or were moved here; money is none."""
    codes = {line.code for line in lines}
    asked = select(TransactionCode.code).where(
        TransactionCode.code.in_(codes), TransactionCode.kind.in_(("charge", "transfer", "opening"))
    )
    known = set(work.session.scalars(asked))
    return {line.id for line in lines if line.code in known}


def _follow(
    work: Work, made: int, code: str, debit: int, credit: int, amount: int, stay_id: int | None, reason: str
) -> None:
    ledger.post(
        work,
        debit=debit,
        credit=credit,
        amount=amount,
        code=code,
        rule=reason.strip(),
        stay_id=stay_id,
        slip=f"X{made}",
    )


def _due_on_folio(work: Work, line: Transfer, part: int) -> list[tuple[Group, Money]]:
    """Return what stands beside a charge on its folio and goes with the next ``part`` of it."""
    beside = {g: a for g, a in _groups(work, [line]).items() if g[1] == line.debit_id}
    if not beside:
        return []
    went = standing(work.session, TRANSFER, [line.id]) + standing(work.session, REBATE, [line.id])
    return _due(work, beside, went, line.amount, sum(x.amount for x in went) + part)


def _groups(work: Work, lines: Iterable[Transfer]) -> dict[Group, int]:
    found: Counter[Group] = Counter()
    for line in lines:
        for part in tax.parts_of(work, line.id):
            found[part.code, part.debit_id, part.credit_id] += part.amount
    return dict(found)


def _due(
    work: Work, groups: dict[Group, int], went: Iterable[Transfer], whole: int, done: int
) -> list[tuple[Group, Money]]:
    """Return what of each part goes along when ``done`` of ``whole`` will have gone: to the last cent,
    whatever went before."""
    along: Counter[tuple[str, int]] = Counter()
    for (code, _debit, credit), amount in _groups(work, went).items():
        along[code, credit] += amount
    due = [(g, tax.portion(amount, whole, done) - along[g[0], g[1]]) for g, amount in groups.items()]
    return [(group, Money(amount)) for group, amount in due if amount > 0]


# ------------------------------------------------------------------ given back in part
def rebate(work: Work, line: Transfer, part: int, reason: str) -> int:
    """Give ``part`` of a charge back on its folio, out of the revenue it made, with its part of the tax, and
    return the posting's number."""
    first = root(work, line)
    if work.session.get_one(TransactionCode, first.code).kind != "charge" or first.code in ("SHOP", REBATE):
        raise Refused(_("Only a charge is rebated; goods are returned in the shop."))
    due = _due_on_folio(work, line, part) + _due_within(work, first, part)
    made = ledger.post(
        work,
        debit=first.credit_id,
        credit=line.debit_id,
        amount=part,
        code=REBATE,
        text=first.code,
        rule=reason.strip(),
        stay_id=line.stay_id,
        slip=f"A{line.id}",
    )
    for (code, debit, _credit), amount in due:
        _follow(work, made, code, ledger.account(work, code), debit, amount, line.stay_id, reason)
    return made


def root(work: Work, line: Transfer) -> Transfer:
    """Return the charge that a moved line was once."""
    while line.code == TRANSFER:
        line = work.session.get_one(Transfer, int(line.slip[1:]))
    return line


def _due_within(work: Work, root: Transfer, part: int) -> list[tuple[Group, Money]]:
    """Return what a charge includes and goes back with the next ``part`` of it, wherever that part stands
    now."""
    within = {g: a for g, a in _groups(work, [root]).items() if g[1] != root.debit_id}
    if not within:
        return []
    everywhere, latest = [root.id], [root.id]
    while latest:
        latest = [row.id for row in standing(work.session, TRANSFER, latest)]
        everywhere += latest
    given = standing(work.session, REBATE, everywhere)
    return _due(work, within, given, root.amount, sum(x.amount for x in given) + part)
