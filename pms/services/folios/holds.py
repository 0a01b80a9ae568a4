"""Amounts that a guest's bank holds for a stay: completed into a payment once, released, or run out by
themselves. What is held is no money: no account moves until it is completed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from pms.core import dates
from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.types import summed
from pms.db.work import Work

from . import hold_papers, kinds, ledger, numbers
from .models import Account, Preauth, PreauthMove, Transfer, on_slips

TAKEN, TOPPED, CAPTURED, RELEASED, BACK = "taken", "topped", "captured", "released", "back"
MARK = "PA-"
"""So begins the number of a pre-authorisation; its payments bear it as their slip."""


def shown(number: int) -> str:
    """Return a pre-authorisation's number as it is written on paper and screen."""
    return f"{MARK}{number}"


@dataclass(frozen=True)
class Held:
    """What is held for a stay: of which kind and card, how much, and until when."""

    number: int
    kind: str
    words: str
    last_four: str
    open: Money
    valid_until: date

    @property
    def card(self) -> str:
        """Return the kind with the card's last figures."""
        return card(self.words, self.last_four)


@dataclass(frozen=True)
class Capture:
    """What is taken of a pre-authorisation for one account: its number, the account, the sum, and the number
    that the terminal gave the completion."""

    number: int
    account: int
    amount: Money
    reference: str = ""


def card(words: str, last_four: str) -> str:
    """Name a kind of payment with the card's last figures."""
    return f"{words} *{last_four}" if last_four else words


# ------------------------------------------------------------------ read
def _open() -> Select[*tuple[Any, ...]]:
    p = Preauth
    return select(p.number, p.kind, p.last_four, p.open, p.valid_until).where(p.open > 0).order_by(p.number)


@query(Permission.PREAUTH)
def open_of(session: Session, *, stay_id: int, business_date: date) -> list[Held]:
    """Return what is held for a stay and has not run out, the oldest first."""
    p = Preauth
    rows = session.execute(_open().where(p.stay_id == stay_id, p.valid_until >= business_date)).all()
    names = {way.code: way.words for way in kinds.ways(session)} if rows else {}
    return [_held(row, names) for row in rows]


def _held(row: Row[Any], names: dict[str, str]) -> Held:
    return Held(row.number, row.kind, names.get(row.kind, row.kind), row.last_four, row.open, row.valid_until)


@query(Permission.FOLIOS_READ, Permission.AUDIT_RUN)
def guarantees(session: Session, *, stay_ids: Collection[int], business_date: date) -> dict[int, Money]:
    """Return how much is held for each of these stays and has not run out: it backs what they owe."""
    p = Preauth
    rows = session.execute(
        select(p.stay_id, summed(p.open))
        .where(p.stay_id.in_(list(stay_ids)), p.open > 0, p.valid_until >= business_date)
        .group_by(p.stay_id)
    )
    return {stay_id: Money(int(amount)) for stay_id, amount in rows}


# ------------------------------------------------------------------ changed
def held(work: Work, number: int) -> Preauth:
    """Return a pre-authorisation that is open, held against the other desk; refuses one that is not, or has
    run out."""
    one = work.session.scalars(
        select(Preauth)
        .where(Preauth.number == number)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if one is None:
        raise Refused(
            _("There is no pre-authorisation %(number)s. Look at the slip.") % {"number": shown(number)}
        )
    if not one.open:
        raise Conflict(_("%(number)s is over: nothing is held of it any more.") % {"number": shown(number)})
    if one.valid_until < work.business_date:
        raise Refused(
            _("%(number)s ran out on %(day)s. Ask the guest for a new one.")
            % {"number": shown(number), "day": dates.day(one.valid_until, year=True)}
        )
    return one


def step(
    work: Work, one: Preauth, kind: str, amount: int, *, code: str = "", reason: str = "", key: str = ""
) -> None:
    """Write a step down, as the pre-authorisation stands after it."""
    one.ended_on = None if one.open else work.business_date
    work.session.flush()
    work.insert_one(
        PreauthMove,
        preauth_id=one.id,
        step=one.steps,
        kind=kind,
        amount=Money(amount),
        held=one.held,
        captured=one.captured,
        released=one.released,
        code=code,
        reason=reason,
        valid_until=one.valid_until,
        key=key or work.key or "",
        at=work.now,
        business_date=work.business_date,
        clerk_id=work.clerk.id or None,
        station=work.station,
    )
    work.touch("preauth", "folios")


def capture(work: Work, stay_id: int, wanted: Sequence[Capture]) -> None:
    """Complete pre-authorisations of a stay within an operation: each becomes a payment, once, at most of
    what is held, and the rest of it is released. Prints what the guest keeps."""
    work.must_hold(Permission.PREAUTH)
    work.must_hold(Permission.FOLIOS_PAY)
    for number in sorted({c.number for c in wanted}):
        one = held(work, number)
        if one.stay_id != stay_id:
            raise Refused(_("%(number)s is held for another stay.") % {"number": shown(number)})
        _capture_one(work, one, [c for c in wanted if c.number == number])


def _capture_one(work: Work, one: Preauth, wanted: Sequence[Capture]) -> None:
    amount, digits = sum(c.amount for c in wanted), work.setting.digits
    if any(c.amount <= 0 for c in wanted):
        raise Refused(_("A payment is more than 0."))
    if amount > one.open:
        raise Refused(
            _("Of %(number)s %(open)s is held; no more can be taken of it.")
            % {"number": shown(one.number), "open": show(one.open, digits)}
        )
    reference = kinds.numbered(work, one.kind, next((c.reference for c in wanted if c.reference), ""))
    for c in wanted:
        made = ledger.post(
            work,
            debit=ledger.account(work, one.kind),
            credit=c.account,
            amount=c.amount,
            code=one.kind,
            text=_("Pre-authorisation"),
            slip=shown(one.number),
            stay_id=one.stay_id,
        )
        numbers.came(work, made, one.kind, c.amount, reference)
    rest = one.open - amount
    one.captured, one.released, one.open = Money(amount), Money(one.released + rest), Money(0)
    one.steps += 1
    step(work, one, CAPTURED, amount, code=reference)
    paper = hold_papers.ended(work, one, captured=amount, released=rest, reference=reference)
    work.print(paper, record="preauth", record_id=one.id)


def release(work: Work, one: Preauth, reason: str = "") -> None:
    """Let go of what is held and print what the guest keeps."""
    amount = int(one.open)
    one.released, one.open = Money(one.released + amount), Money(0)
    one.steps += 1
    step(work, one, RELEASED, amount, reason=reason)
    work.print(hold_papers.ended(work, one, captured=0, released=amount), record="preauth", record_id=one.id)


def release_all(work: Work, numbers: Iterable[int]) -> None:
    """Let go of what is still held for a stay, as its guest leaves."""
    for number in numbers:
        work.must_hold(Permission.PREAUTH)
        release(work, held(work, number))


def numbers_of(session: Session, stay_id: int, business_date: date) -> list[int]:
    """Return the numbers of what is held for a stay."""
    p = Preauth
    asked = select(p.number).where(p.stay_id == stay_id, p.open > 0, p.valid_until >= business_date)
    return list(session.scalars(asked.order_by(p.number)))


def take_back(work: Work, one: Preauth, reason: str) -> Money:
    """Undo the completion of a pre-authorisation of today: its payments are reversed, and what was held is
    held again, as the terminal does it. Returns what is held."""
    for line in _payments(work, one):
        ledger.reverse(work, line, reason)
    return _again(work, one, reason)


def _again(work: Work, one: Preauth, reason: str) -> Money:
    last = work.session.execute(
        select(PreauthMove).where(PreauthMove.preauth_id == one.id, PreauthMove.step == one.steps)
    ).scalar_one()
    before = work.session.execute(
        select(PreauthMove).where(PreauthMove.preauth_id == one.id, PreauthMove.step == one.steps - 1)
    ).scalar_one()
    one.captured, one.released = before.captured, before.released
    one.open = Money(one.held - one.captured - one.released)
    one.steps += 1
    step(work, one, BACK, last.amount, reason=reason)
    return one.open


def _payments(work: Work, one: Preauth) -> list[Transfer]:
    reversed_ = select(Transfer.reverses).where(
        Transfer.stay_id == one.stay_id, Transfer.reverses.is_not(None)
    )
    return list(
        work.session.scalars(
            select(Transfer)
            .where(on_slips([shown(one.number)]), Transfer.reverses.is_(None), Transfer.id.not_in(reversed_))
            .order_by(Transfer.id.desc())
        )
    )


def paid_later(work: Work, one: Preauth) -> bool:
    """Say whether a completion paid what its guest had left unsettled, not a folio that is settled."""
    own = [line.credit_id for line in _payments(work, one)]
    asked = select(Account.ledger).where(Account.id.in_(own)).distinct()
    return list(work.session.scalars(asked)) == ["city"]


def hold_again(work: Work, stay_id: int, key: str, reason: str) -> None:
    """Hold again what a check-out (``key``) completed, when it is taken back: its postings are reversed with
    the others. What it only released stays released: a bank does not hold it again by itself."""
    p, m = Preauth, PreauthMove
    found = select(p).join(m, (m.preauth_id == p.id) & (m.step == p.steps))
    ours = found.where(p.stay_id == stay_id, m.key == key, m.kind == CAPTURED).with_for_update(of=p)
    for one in work.session.scalars(ours).all():
        _again(work, one, reason)


def must_be_none(work: Work, stay_id: int) -> None:
    """Refuse to take a check-in back while something is held for it, or was completed today."""
    p = Preauth
    asked = select(p.number).where(p.stay_id == stay_id, (p.open > 0) | (p.captured > 0)).limit(1)
    number = work.session.scalars(asked).first()
    if number is not None:
        raise Refused(
            _("Pre-authorisation %(number)s stands on this stay. Release it, or undo its completion, first.")
            % {"number": shown(number)}
        )
