"""Joined rooms: join rooms of one party, part one of them, pay for the others, hand the rest of a folio over
to a room that stays."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from pms.core import offers
from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.permissions import Permission
from pms.db.work import Work, operation
from pms.services.folios import attempts, kinds, ledger, numbers, printouts, rest, rules
from pms.services.folios.duty import FOLIOS_TRANSFER
from pms.services.folios.models import RoutingRule
from pms.services.folios.odd import ask_if_odd
from pms.services.reservations.models import BookedRoom

from .models import Stay

JOINED = "joined"
"""Under this name rooms are joined and parted one after the other, at whatever desk."""
MOST = 60
"""More rooms than this are no party that is looked at in one list."""


@dataclass(frozen=True)
class Due:
    """What is paid on one folio of the joined rooms."""

    stay_id: int
    amount: Money
    window: str = "A"


@operation(Permission.STAYS_CHANGE)
def join(work: Work, *, stay_id: int, with_stay_id: int) -> None:
    """Join two rooms in house: with each come the rooms that it is joined with already."""
    work.hold_number(JOINED, 0)
    one, other = (_here(work, number) for number in sorted((stay_id, with_stay_id)))
    if one.id == other.id:
        raise Refused(_("A room is joined with another one. Choose the other room."))
    if one.joined_to is not None and one.joined_to == other.joined_to:
        raise Conflict(_("These rooms are joined already."))
    lead = one.joined_to or other.joined_to or stay_id
    others = [*_party(work, one), *_party(work, other)]
    if len(others) > MOST:
        raise Refused(_("At most %(n)s rooms are joined.") % {"n": MOST})
    for stay in others:
        stay.joined_to = lead
    work.touch("stays", "folios")


def _here(work: Work, stay_id: int) -> Stay:
    stay = work.hold(Stay, stay_id)
    if stay.state != "in_house":
        raise Conflict(_("This guest has left already."))
    return stay


def _party(work: Work, stay: Stay) -> list[Stay]:
    """Return the rooms that a stay is joined with, itself among them; all held, in one order."""
    if stay.joined_to is None:
        return [stay]
    asked = select(Stay.id).where(Stay.joined_to == stay.joined_to).order_by(Stay.id)
    return [work.hold(Stay, number) for number in work.session.scalars(asked)]


@operation(Permission.STAYS_CHANGE)
def part(work: Work, *, stay_id: int) -> None:
    """Part a room from those that it is joined with; its folios stay as they are. One that is left alone is
    joined with nobody any more, and where the leading room goes the next one leads."""
    work.hold_number(JOINED, 0)
    stay = work.hold(Stay, stay_id)
    if stay.joined_to is None:
        raise Conflict(_("This room is joined with no other."))
    leave(work, stay)
    work.touch("stays", "folios")


def leave(work: Work, stay: Stay) -> None:
    """Take a stay, which is held, out of the rooms that it is joined with."""
    others = [one for one in _party(work, stay) if one.id != stay.id]
    led = stay.joined_to == stay.id
    stay.joined_to = None
    here = [one for one in others if one.state == "in_house"]
    if len(others) < 2:
        for one in others:
            one.joined_to = None
    elif led:
        for one in others:
            one.joined_to = (here or others)[0].id


def join_booked(work: Work, stay: Stay, reservation_id: int) -> None:
    """Join a stay that has just begun with the rooms of its booking that are in house."""
    work.hold_number(JOINED, 0)
    asked = (
        select(Stay.id)
        .join(BookedRoom, BookedRoom.id == Stay.line_id)
        .where(BookedRoom.reservation_id == reservation_id, Stay.state == "in_house", Stay.id != stay.id)
        .order_by(Stay.joined_to.is_(None), Stay.id)
        .limit(1)
    )
    found = work.session.scalars(asked).first()
    if found is None:
        return
    other = work.hold(Stay, found)
    if other.state != "in_house":
        return
    other.joined_to = stay.joined_to = other.joined_to or other.id


# ------------------------------------------------------------------ money among them
def _joined(work: Work, stay_ids: Sequence[int]) -> list[Stay]:
    """Return stays that are joined with one another, held in one order; refuses others."""
    stays = [_here(work, number) for number in sorted(set(stay_ids))]
    if len({stay.joined_to for stay in stays}) > 1 or stays[0].joined_to is None:
        raise Refused(_("These rooms are not joined. Join them first."))
    return stays


@operation(Permission.FOLIOS_PAY, money=True)
def pay_joined(work: Work, *, parts: Sequence[Due], method: str, reference: str = "") -> None:
    """Take one payment for folios of joined rooms, one part each, and print one receipt of all."""
    number = kinds.taken(work, method, reference)
    if not parts or any(due.amount <= 0 for due in parts):
        raise Refused(_("A payment is more than 0."))
    if len({(due.stay_id, due.window) for due in parts}) < len(parts):
        raise Refused(_("A folio is named twice in this payment. Look at it again."))
    _joined(work, [due.stay_id for due in parts])
    wanted = sorted(parts, key=lambda due: (due.stay_id, due.window))
    folios = [(due, ledger.folio(work, due.stay_id, due.window)) for due in wanted]
    total = Money(sum(due.amount for due in parts))
    for due in wanted:
        attempts.ask_if_open(work, due.stay_id, [due.amount, total])
    if total > work.setting.options.odd_amount:
        ask_if_odd(work, total, Money(sum(ledger.balance(work, folio) for _due, folio in folios)))
    purse, told, made = ledger.account(work, method), list[str](), list[int]()
    for due, folio in folios:
        posted = ledger.post(
            work,
            debit=purse,
            credit=folio,
            amount=due.amount,
            code=method,
            text=_("Joined rooms"),
            stay_id=due.stay_id,
        )
        numbers.came(work, posted, method, due.amount, number)
        told.append(_told(work, due))
        made.append(posted)
    who = work.ask_up(offers.stay_name, stay_id=parts[0].stay_id)
    work.print(
        printouts.receipt(
            work,
            payer=who.guest if who else "",
            room=who.room if who else "",
            what=_(", ").join(told),
            amount=total,
            method=method,
            number=number,
        ),
        record="transfer",
        record_id=made[0],
    )


@operation(FOLIOS_TRANSFER)
def route_to(work: Work, *, to_stay_id: int, code: str = "ROOM") -> int:
    """Let a kind of charge of all joined rooms in house go to one of them from now on (``code`` empty: every
    charge), and return for how many rooms; those that have a rule for it keep theirs."""
    work.hold_number(JOINED, 0)
    target = _here(work, to_stay_id)
    if target.joined_to is None:
        raise Refused(_("These rooms are not joined. Join them first."))
    others = [s for s in _party(work, target) if s.id != target.id and s.state == "in_house"]
    free = [s for s in others if not _routed(work, s.id, code)]
    if not free:
        raise Refused(_("Every one of these rooms has a rule for it already. Look at their folios."))
    for stay in free:
        rules.add_rule(work, stay_id=stay.id, code=code, to_stay_id=to_stay_id)
    return len(free)


def _routed(work: Work, stay_id: int, code: str) -> bool:
    r = RoutingRule
    asked = select(r.id).where(r.stay_id == stay_id, r.code == code, r.ended_at.is_(None))
    return work.session.scalars(asked).first() is not None


def _told(work: Work, due: Due) -> str:
    who = work.ask_up(offers.stay_name, stay_id=due.stay_id)
    return f"{who.room if who else ''} {due.window} {show(due.amount, work.setting.digits)}".strip()


@operation(FOLIOS_TRANSFER, money=True)
def hand_over(work: Work, *, stay_id: int, to_stay_id: int, reason: str = "") -> int:
    """Let what a guest owes beyond the deposit go to the folio of a joined room that stays, charge by charge
    with its tax, and return the sum; one slip prints."""
    if stay_id == to_stay_id:
        raise Refused(_("The charges stand on this room already. Choose another one."))
    _joined(work, [stay_id, to_stay_id])
    for number in sorted((stay_id, to_stay_id)):
        ledger.lock(work, number)
    target = ledger.folio(work, to_stay_id)
    accounts = ledger.accounts_of(work, stay_id)
    due = rest.owed_beyond_deposit(accounts)
    by_window = {a.window: a.account_id for a in accounts if a.ledger == "guest"}
    who = work.ask_up(offers.stay_name, stay_id=stay_id)
    why = reason.strip() or _("Joined room %(room)s leaves") % {"room": who.room if who else ""}
    made = list[int]()
    for window, owed in due.items():
        account = ledger.folio(work, stay_id, window)
        if account == by_window[window]:
            made += rest.move(work, account, target, to_stay_id, owed, why)
    if not made:
        raise Refused(_("This guest owes nothing that another room could take over."))
    rest.print_slip(work, made, why)
    left = sum(rest.owed_beyond_deposit(ledger.accounts_of(work, stay_id)).values())
    return sum(due.values()) - left
