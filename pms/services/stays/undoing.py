"""Take a check-in or a check-out back on the same business date."""

from datetime import date

from sqlalchemy import select

from pms.core.clock import at
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import show
from pms.db.work import Work, operation
from pms.services.cards import service as cards
from pms.services.debts import billing
from pms.services.folios import corrections, holds, ledger
from pms.services.folios.models import FIRST, Account, Transfer
from pms.services.reservations import by_day
from pms.services.reservations import service as reservations
from pms.services.reservations.models import (
    HOLDING,
    BookedRoom,
    Reservation,
)
from pms.services.rooms import inventory
from pms.services.rooms.models import Room
from pms.services.settlements import billing as settlements

from . import joining
from .duty import STAYS_UNDO
from .held import open_stay, take_nights_again
from .models import Stay


@operation(STAYS_UNDO, money=True)
def undo_check_in(work: Work, *, stay_id: int, reason: str) -> None:
    """Take a mistaken check-in back on the same business date: its postings are reversed, the booking stands
    as before."""
    stay, line, room = open_stay(work, stay_id)
    if not reason.strip():
        raise Refused(_("Say why the check-in is taken back."))
    if not _same_day(work, stay.id):
        raise Refused(_("This check-in belongs to a closed day. Check the guest out instead."))
    ledger.lock(work, stay.id)
    if goods := corrections.goods_on(work, stay.id):
        raise Refused(
            _(
                "Goods from the shop for %(sum)s stand on this folio. Take them back in the shop first, so "
                "that the stock is right; then take the check-in back."
            )
            % {"sum": show(goods, work.setting.digits)}
        )
    if paid := corrections.of_members(work, stay.id):
        raise Refused(
            _(
                "%(sum)s of this folio was paid with stored value or points. Take that back on the page "
                "Members first, so that the member has it again; then take the check-in back."
            )
            % {"sum": show(paid, work.setting.digits)}
        )
    holds.must_be_none(work, stay.id)
    _reverse_all(work, stay.id, reason)
    if any(a.balance for a in ledger.accounts_of(work, stay.id)):
        raise Refused(_("This stay has postings of other days or folios. Check the guest out instead."))
    if stay.joined_to is not None:  # before the stay changes: it is held, and read, once more
        joining.leave(work, stay)
        work.session.flush()
    stay.state, stay.departed_at, stay.departed_on, stay.remark = (
        "undone",
        work.now,
        work.business_date,
        reason.strip(),
    )
    _back_to_booking(work, stay, line)
    ledger.close_accounts(work, stay.id, True)
    cards.end_all(work, stay.id)
    room.clean, room.seen_persons = "dirty", None
    work.touch("stays", "rooms", "reservations", "folios")


def _same_day(work: Work, stay_id: int) -> bool:
    """Say whether a stay began on this business date: no night audit has counted it then."""
    return _came_on(work.session.get_one(Stay, stay_id)) == work.business_date


def _came_on(stay: Stay) -> date:
    return stay.let_in_on or stay.arrival


def _back_to_booking(work: Work, stay: Stay, line: BookedRoom) -> None:
    """Let the booking stand as the check-in found it, with its room where that is free; one that a walk-in
    made in the same step is cancelled, so that nobody waits for it."""
    nights = inventory.nights(max(stay.arrival, work.business_date), stay.departure)
    inventory.release(work, line_id=line.id, start=work.business_date)
    by_day.change_type(work, line, line.type_id, nights)
    line.room_id = None
    if stay.let_in_on is not None:
        options, zone = work.setting.options, work.setting.zone
        line.kept_until = at(work.business_date, options.check_out_time, zone)
        _stand_again(work, stay, line, "no_show")
    elif _made_at_the_desk(work, stay, line):
        inventory.sell(work, line.counted_type_id, nights, -1)
        line.put_back("cancelled", work.now, work.clerk.id or None, stay.remark)
    else:
        _stand_again(work, stay, line, line.before if line.before in HOLDING else "confirmed")


def _stand_again(work: Work, stay: Stay, line: BookedRoom, state: str) -> None:
    line.put_back(state, work.now, work.clerk.id or None, stay.remark)
    reservations.take_room_again(work, line, stay.assigned_id)


def _made_at_the_desk(work: Work, stay: Stay, line: BookedRoom) -> bool:
    """Say whether the booking was made in the same step as the check-in."""
    booking = work.session.get_one(Reservation, line.reservation_id)
    return booking.source == "walk_in" and booking.made_at == stay.arrived_at


def _reverse_all(work: Work, stay_id: int, reason: str, key: str = "") -> None:
    """Reverse what was posted today on a stay, or only what one action (``key``) posted; never behind another
    stay's settled folio."""
    reversed_already = select(Transfer.reverses).where(
        Transfer.stay_id == stay_id, Transfer.reverses.is_not(None)
    )
    question = (
        select(Transfer)
        .where(
            Transfer.stay_id == stay_id,
            Transfer.business_date == work.business_date,
            FIRST,
            Transfer.id.not_in(reversed_already),
        )
        .order_by(Transfer.id.desc())
    )
    lines = work.session.scalars(
        question.where(Transfer.key.startswith(f"{key}:", autoescape=True)) if key else question
    ).all()
    moved = {account for line in lines for account in (line.debit_id, line.credit_id)}
    of_house = Account.code.startswith(ledger.OF_HOUSE, autoescape=True)
    work.lock(
        select(Account.id).where(Account.id.in_(moved), of_house).order_by(Account.id).with_for_update()
    )
    others = Account.stay_id.is_distinct_from(stay_id)
    if (
        work.session.scalars(select(Account.id).where(Account.id.in_(moved), Account.closed, others)).first()
        is not None
    ):
        raise Refused(_("This stay has postings of other days or folios. Check the guest out instead."))
    billing.take_back(work, stay_id, lines)
    settlements.take_back(work, stay_id, lines, whole=not key)
    for line in lines:
        ledger.reverse(work, line, reason)


@operation(STAYS_UNDO, money=True)
def undo_check_out(work: Work, *, stay_id: int, reason: str) -> bool:
    """Take a mistaken check-out back on the same business date: the guest is in house again, the settlement
    is reversed.

    Returns False when nights that were given up have been sold in the meantime: the guest's departure is
    today then.
    """
    stay = work.session.get(Stay, stay_id, with_for_update=True)
    if stay is None or stay.state != "departed":
        raise Refused(_("This guest has not left."))
    if stay.departed_on != work.business_date or stay.departed_at is None:
        raise Refused(_("This check-out belongs to a closed day. Check the guest in anew."))
    if not reason.strip():
        raise Refused(_("Say why the check-out is taken back."))
    line = work.hold(BookedRoom, stay.line_id)
    room = work.hold(Room, stay.room_id)
    ledger.lock(work, stay.id)
    _reverse_all(work, stay.id, reason, key=stay.settled_by)
    holds.hold_again(work, stay.id, stay.settled_by, reason.strip())
    if any(a.balance for a in ledger.accounts_of(work, stay.id) if a.ledger == "city"):
        raise Refused(_("Money was taken on what this stay left unsettled. Void that payment first."))
    ledger.close_accounts(work, stay.id, False)
    line.go("in_house", work.now, work.clerk.id or None, reason.strip())
    planned, stay.planned = stay.planned, None
    stay.state, stay.departed_at, stay.departed_on, stay.unsettled = "in_house", None, None, False
    work.session.flush()
    by_day.must_stay_free(work, line, room, work.business_date, work.business_date)
    if line.arrival == line.departure:
        by_day.must_have_room(work, line.counted_type_id, line.arrival)
    whole = planned is None or take_nights_again(work, stay, line, planned)
    work.touch("stays", "rooms", "reservations", "folios")
    return whole
