"""Lend an item, take it back, charge what is damaged or lost."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from pms.core import dates, offers
from pms.core.authority import Kind, percent_off
from pms.core.clock import local
from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.db.work import Work, operation
from pms.services.authority import service as authority
from pms.services.folios import service as folios

from . import printouts, queries
from .duty import EDIT, HOURS, LEND
from .models import Rental, RentalItem, RentalReturn
from .queries import DAMAGED, GOOD, LOST, shown

MOST = 99


# ------------------------------------------------------------------ items
@operation(EDIT)
def add_item(work: Work, *, name: str, pieces: int, deposit: Money, price: Money) -> int:
    """Add a kind of thing that is lent and return its number."""
    _check_item(name, pieces, deposit, price)
    made = RentalItem(name=name.strip(), pieces=pieces, deposit=deposit, price=price, active=True)
    work.session.add(made)
    work.session.flush()
    work.touch("rental")
    return made.id


@operation(EDIT)
def edit_item(
    work: Work, *, item_id: int, name: str, pieces: int, deposit: Money, price: Money, active: bool
) -> None:
    """Change an item; what is out keeps the deposit it was lent against."""
    _check_item(name, pieces, deposit, price)
    item = work.hold(RentalItem, item_id)
    if pieces < (out := _out(work, item_id)):
        raise Refused(
            _("%(n)s of %(item)s are out. Take them back first, as lost if need be.")
            % {"n": out, "item": item.name}
        )
    item.name, item.pieces, item.active = name.strip(), pieces, active
    item.deposit, item.price = deposit, price
    work.touch("rental")


def _check_item(name: str, pieces: int, deposit: Money, price: Money) -> None:
    if not name.strip():
        raise Refused(_("Give the item a name; it stands on the slip."))
    if not 0 <= pieces <= MOST:
        raise Refused(_("Of one item there are 0 to %(n)s pieces.") % {"n": MOST})
    if deposit < 0 or price < 0:
        raise Refused(_("Deposit and price are 0 or more."))


def _out(work: Work, item_id: int) -> int:
    out = select(func.coalesce(func.sum(Rental.pieces_out), 0)).where(Rental.item_id == item_id, queries.OUT)
    return int(work.session.execute(out).scalar_one())


# ------------------------------------------------------------------ lending
@operation(LEND, money=True)
def lend(
    work: Work,
    *,
    stay_id: int,
    item_id: int,
    pieces: int = 1,
    due_at: datetime | None = None,
    method: str = "",
    reference: str = "",
) -> int:
    """Lend pieces to a guest in house, take the deposit, print the slip and return the rental's number.

    Due when the house's rule says, by the guest's check-out at the latest, unless ``due_at`` is given.
    """
    stay = work.ask_up(offers.open_stay, stay_id=stay_id)  # held: the guest does not leave meanwhile
    if stay is None:
        raise Refused(_("Items are lent to guests in house only. Choose the room again."))
    item = work.hold(RentalItem, item_id)
    _check_free(work, item, pieces)
    due = due_at or _usual(work, stay.valid_to)
    if due <= work.now:
        raise Refused(_("The item cannot be due before now. Choose a later time."))
    deposit = Money(item.deposit * pieces)
    rental = Rental(
        number=work.next_number("rental"),
        item_id=item.id,
        stay_id=stay_id,
        pieces=pieces,
        pieces_out=pieces,
        deposit=deposit,
        method=method if deposit else "",
        slip=folios.deposit(work, stay_id, method, deposit, reference) if deposit else "",
        due_at=due,
        out_at=work.now,
        out_on=work.business_date,
        out_by=work.clerk.id or None,
    )
    work.session.add(rental)
    work.session.flush()
    who = queries.listed(work.session, number=rental.number)
    work.print(printouts.slip_of(work, who, item.price), record="rental", record_id=rental.id)
    work.touch("rental")
    return rental.number


def _check_free(work: Work, item: RentalItem, pieces: int) -> None:
    if not item.active:
        raise Refused(_("%(item)s is no longer for loan.") % {"item": item.name})
    if pieces < 1:
        raise Refused(_("Lend one piece or more."))
    free = item.pieces - _out(work, item.id)
    if pieces > free:
        raise Refused(
            _("Of %(item)s, %(n)s of %(all)s are here. The list says who has the others.")
            % {"item": item.name, "n": free, "all": item.pieces}
        )


def _usual(work: Work, leaves: datetime) -> datetime:
    """Return when an item is due by the house's rule."""
    due = work.now + timedelta(hours=work.setting.options[HOURS])
    return min(due, leaves) if leaves > work.now else due


@operation(LEND)
def extend(work: Work, *, number: int, due_at: datetime) -> None:
    """Let a guest keep an item longer, or ask it back sooner."""
    rental = _open(work, number, None)
    if due_at <= work.now:
        raise Refused(_("The item cannot be due before now. Choose a later time."))
    rental.due_at = due_at
    work.touch("rental")


# ------------------------------------------------------------------ coming back
@operation(LEND, money=True)
def take_back(
    work: Work, *, number: int, pieces: int | None = None, seen: int | None = None, slip_back: bool = True
) -> int:
    """Take pieces back in good order and return how many stay out; the last one brings the deposit back, by
    the way it came, against its slip.

    ``seen`` is how many the clerk saw out: when another desk was faster, nothing comes back twice.
    """
    rental = _open(work, number, seen)
    count = _count(rental, pieces)
    last = count == rental.pieces_out
    back = _refund(work, rental, slip_back) if last else Money(0)
    return _came_back(work, rental, count, GOOD, refunded=back)


def _refund(work: Work, rental: Rental, slip_back: bool) -> Money:
    """Give the deposit back, unless pieces were damaged or lost, or the guest has left."""
    if work.ask_up(offers.open_stay, stay_id=rental.stay_id) is None:
        return Money(0)
    bad = select(RentalReturn.id).where(RentalReturn.rental_id == rental.id, RentalReturn.how != GOOD)
    if not rental.deposit or work.session.execute(bad.limit(1)).first() is not None:
        return Money(0)
    back = Money(min(rental.deposit, folios.deposit_held(work, rental.stay_id)))
    if back > 0:
        reason = _("%(slip)s, item returned") % {"slip": rental.slip}
        folios.refund(work, rental.stay_id, rental.method, back, slip_back, reason)
    return back


@operation(LEND, money=True)
def take_back_damaged(
    work: Work, *, number: int, charge: Money, remark: str, pieces: int = 1, seen: int | None = None
) -> int:
    """Take damaged pieces back, charge what was agreed to the guest's folio, print it to be signed, and
    return how many stay out."""
    rental = _open(work, number, seen)
    count = _count(rental, pieces)
    whole = Money(work.session.get_one(RentalItem, rental.item_id).price * count)
    if not remark.strip():
        raise Refused(_("Say what is damaged."))
    if not 0 < charge <= whole:
        raise Refused(
            _("Damage is charged at more than 0 and at most the price, %(price)s.")
            % {"price": show(whole, work.setting.digits)}
        )
    _charge(work, rental, count, DAMAGED, charge, remark.strip())
    return _came_back(work, rental, count, DAMAGED, charged=charge, remark=remark.strip())


@operation(LEND, money=True)
def write_off(
    work: Work,
    *,
    number: int,
    pieces: int | None = None,
    charge: Money | None = None,
    remark: str = "",
    seen: int | None = None,
) -> int:
    """Note that pieces are lost, charge their price to the guest's folio, print it to be signed, and return
    how many stay out. To charge less, or nothing where the guest has left, needs authority and a reason."""
    rental = _open(work, number, seen)
    count = _count(rental, pieces)
    item = work.hold(RentalItem, rental.item_id)
    whole = Money(item.price * count)
    wanted = whole if charge is None else charge
    if not 0 <= wanted <= whole:
        raise Refused(
            _("At most the price is charged, %(price)s.") % {"price": show(whole, work.setting.digits)}
        )
    if wanted < whole:
        _waive(work, rental, item, Money(whole - wanted), whole, remark)
    if wanted:
        _charge(work, rental, count, LOST, wanted, remark.strip())
    item.pieces -= count  # the house has them no more
    return _came_back(work, rental, count, LOST, charged=wanted, remark=remark.strip())


def _waive(work: Work, rental: Rental, item: RentalItem, less: Money, whole: Money, remark: str) -> None:
    if not remark.strip():
        raise Refused(_("Say why less than the price is charged."))
    what = _("%(item)s lost, %(number)s: %(sum)s not charged")
    sum_ = show(less, work.setting.digits)
    authority.authorise(
        work,
        Kind.WAIVER,
        what % {"item": item.name, "number": shown(rental.number), "sum": sum_},
        percent=percent_off(less, whole),
        amount=less,
        stay_id=rental.stay_id,
    )


def _charge(work: Work, rental: Rental, pieces: int, how: str, amount: Money, remark: str) -> None:
    who = queries.listed(work.session, number=rental.number)
    text = f"{shown(rental.number)} {who.item}"
    folios.charge(work, stay_id=rental.stay_id, code="DAMAGE", amount=amount, text=text)
    work.print(
        printouts.charge_of(work, who, pieces=pieces, how=how, amount=amount, remark=remark),
        record="rental",
        record_id=rental.id,
    )


def _open(work: Work, number: int, seen: int | None) -> Rental:
    """Return a rental with pieces out, locked against the other desk."""
    rental = work.session.scalars(select(Rental).where(Rental.number == number).with_for_update()).first()
    if rental is None:
        raise Refused(_("There is no rental %(number)s. Look at the slip.") % {"number": shown(number)})
    if not rental.pieces_out:
        raise Conflict(
            _("%(number)s came back already, %(when)s.")
            % {"number": shown(number), "when": _when(work, rental)}
        )
    if seen is not None and seen != rental.pieces_out:
        raise Conflict(
            _("Pieces of %(number)s came back meanwhile: %(n)s are out. Look again.")
            % {"number": shown(number), "n": rental.pieces_out}
        )
    return rental


def _when(work: Work, rental: Rental) -> str:
    last = select(func.max(RentalReturn.at)).where(RentalReturn.rental_id == rental.id)
    return dates.moment(local(work.session.execute(last).scalar_one(), work.setting.zone))


def _count(rental: Rental, pieces: int | None) -> int:
    wanted = rental.pieces_out if pieces is None else pieces
    if not 1 <= wanted <= rental.pieces_out:
        raise Refused(
            _("Of %(number)s, %(n)s are out: take back at most so many.")
            % {"number": shown(rental.number), "n": rental.pieces_out}
        )
    return wanted


def _came_back(
    work: Work,
    rental: Rental,
    pieces: int,
    how: str,
    *,
    charged: Money = Money(0),
    refunded: Money = Money(0),
    remark: str = "",
) -> int:
    rental.pieces_out -= pieces
    work.session.add(
        RentalReturn(
            rental_id=rental.id,
            pieces=pieces,
            how=how,
            charged=charged,
            refunded=refunded,
            remark=remark,
            at=work.now,
            business_date=work.business_date,
            clerk_id=work.clerk.id or None,
            station=work.station,
        )
    )
    work.touch("rental")
    return rental.pieces_out
