"""Charge what a guest damaged, and keep the price list."""

from sqlalchemy import select

from pms.core import offers
from pms.core.authority import Kind, percent_off
from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.db.work import Work, operation
from pms.services.authority import service as authority
from pms.services.folios import service as folios

from . import printouts, queries
from .duty import CHARGE, EDIT, SEE
from .models import Damage, DamageItem
from .queries import shown

MOST = 99
"""Pieces of one item in one damage."""


# ------------------------------------------------------------------ the price list
@operation(EDIT)
def add_item(work: Work, *, name: str, price: Money) -> int:
    """Add an item to the price list and return its number; ``price`` is of one piece."""
    _check_item(name, price)
    made = DamageItem(name=name.strip(), price=price, active=True)
    work.session.add(made)
    work.session.flush()
    work.touch("damages")
    return made.id


@operation(EDIT)
def edit_item(work: Work, *, item_id: int, name: str, price: Money, active: bool) -> None:
    """Change an item of the price list; what was charged before stays as it was."""
    _check_item(name, price)
    item = work.hold(DamageItem, item_id)
    item.name, item.price, item.active = name.strip(), price, active
    work.touch("damages")


def _check_item(name: str, price: Money) -> None:
    if not name.strip():
        raise Refused(_("Give the item a name; it stands on the paper that the guest signs."))
    if price <= 0:
        raise Refused(_("A price is more than 0."))


# ------------------------------------------------------------------ a damage
@operation(CHARGE, money=True)
def charge(
    work: Work,
    *,
    stay_id: int,
    item_id: int | None = None,
    what: str = "",
    pieces: int = 1,
    price: Money | None = None,
    charged: Money | None = None,
    reason: str = "",
) -> int:
    """Charge a guest in house what was damaged, print the paper to be signed and return the damage's number.

    An item of the list has its price; what stands on no list is told in ``what``, with the ``price`` of one
    piece. To charge less than the price, down to nothing, needs authority and a reason.
    """
    if not 1 <= pieces <= MOST:
        raise Refused(_("Give 1 to %(n)s pieces.") % {"n": MOST})
    stay = work.ask_up(offers.open_stay, stay_id=stay_id)  # held: the guest does not leave meanwhile
    if stay is None:
        raise Refused(_("Damages are charged to guests in house. Undo the check-out first."))
    name, each = _priced(work, item_id, what, price)
    whole = Money(each * pieces)
    number = work.next_number("damage")
    wanted = whole if charged is None else charged
    _may_charge(work, stay_id, number, name, wanted, whole, reason)
    whose = work.ask_up(offers.stay_name, stay_id=stay_id)
    posted = None
    if wanted:
        text = f"{shown(number)} {name}" + (f" × {pieces}" if pieces > 1 else "")
        posted = folios.charge(work, stay_id=stay_id, code="DAMAGE", amount=wanted, text=text)
    made = Damage(
        number=number,
        stay_id=stay_id,
        room=whose.room if whose is not None else "",
        item_id=item_id,
        what=name,
        pieces=pieces,
        whole=whole,
        charged=wanted,
        reason=reason.strip(),
        transfer_id=posted,
        business_date=work.business_date,
        at=work.now,
        clerk_id=work.clerk.id or None,
        station=work.station,
    )
    work.session.add(made)
    work.session.flush()
    paper = printouts.paper_of(work, queries.listed(work.session, number=number))
    work.print(paper, record="damage", record_id=made.id)
    work.touch("damages")
    return number


def _priced(work: Work, item_id: int | None, what: str, price: Money | None) -> tuple[str, Money]:
    """Return the name of what was damaged and the price of one piece."""
    if item_id is not None:
        item = work.hold(DamageItem, item_id)  # the price that is charged is the one that stands
        if not item.active:
            raise Refused(_("%(item)s is no longer on the price list.") % {"item": item.name})
        return item.name, item.price
    if not what.strip():
        raise Refused(_("Say what was damaged, or choose it from the price list."))
    if price is None or price <= 0:
        raise Refused(_("Give the price of one piece."))
    return what.strip(), price


def _may_charge(
    work: Work, stay_id: int, number: int, name: str, wanted: int, whole: Money, reason: str
) -> None:
    """Refuse more than the price; ask for a reason and authority where less is charged."""
    digits, less = work.setting.digits, Money(whole - wanted)
    if not 0 <= wanted <= whole:
        raise Refused(_("At most the price is charged, %(price)s.") % {"price": show(whole, digits)})
    if not less:
        return
    if not reason.strip():
        raise Refused(_("Say why less than the price is charged; it stands on the paper."))
    what = _("%(number)s %(item)s: %(sum)s not charged")
    authority.authorise(
        work,
        Kind.WAIVER,
        what % {"item": name, "number": shown(number), "sum": show(less, digits)},
        percent=percent_off(less, whole),
        amount=less,
        stay_id=stay_id,
    )


@operation(SEE)
def see(work: Work, *, number: int, remark: str = "") -> None:
    """Note that one who leads the desk has seen a damage; nobody sees what they charged themselves."""
    found = work.session.scalars(
        select(Damage)
        .where(Damage.number == number)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise Refused(_("There is no damage %(number)s.") % {"number": shown(number)})
    if found.seen_at is not None:
        raise Conflict(_("Somebody has seen this damage meanwhile. Look at the list again."))
    if found.clerk_id == work.clerk.id:
        raise Refused(_("You charged this damage: another leader of the desk looks at it."))
    found.seen_at, found.seen_by = work.now, work.clerk.id or None
    found.remark = remark.strip()
    work.touch("damages")
