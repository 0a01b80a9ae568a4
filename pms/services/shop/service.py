"""Goods, their sale and what is taken back; with ``stock`` all that the shop does. Every change of stock is a
move; every move of money is the ledger's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from pms.core import offers, typed
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.names import search_text
from pms.core.permissions import Permission
from pms.db.work import Work, operation
from pms.services.folios import kinds, ledger, numbers, routing, tax, ways
from pms.services.folios.models import Transfer, on_slips
from pms.services.folios.odd import ask_if_odd
from pms.services.folios.routing import Payer

from . import printouts, queries, shelf
from .duty import SHOP_EDIT, SHOP_SELL
from .models import ShopGood, ShopSale, ShopStock
from .queries import CODE, METHODS, ROOM, number_shown
from .stock import (
    Counted,
    Delivered,
    Item,
    count,
    count_fits,
    drop_request,
    issue,
    print_count_sheet,
    receive,
    request,
)

__all__ = [
    "Back",
    "Counted",
    "Delivered",
    "Item",
    "count",
    "drop_request",
    "issue",
    "print_count_sheet",
    "receive",
    "request",
    "sell",
    "set_good",
    "take_back",
]


@dataclass(frozen=True)
class Back:
    """So many of one line of a sale come back."""

    move_id: int
    quantity: int


# ------------------------------------------------------------------ goods
@operation(SHOP_EDIT)
def set_good(
    work: Work,
    *,
    name: str,
    price: Money,
    good_id: int = 0,
    cost: Money = Money(0),
    unit: str = "",
    barcode: str = "",
    par: int = 0,
    active: bool = True,
) -> int:
    """Add a good (number 0) or change one, and return its number."""
    if not name.strip():
        raise Refused(_("Give the article a name."))
    if price < 0 or cost < 0 or par < 0:
        raise Refused(_("Price, cost and par level are 0 or more."))
    made = work.hold(ShopGood, good_id) if good_id else ShopGood()
    made.name, made.search, made.price, made.unit = name.strip(), search_text(name), price, unit.strip()
    made.barcode, made.par, made.active = _own_code(work, good_id, barcode), par, active
    shelf.costs(work, made, cost)
    work.session.add(made)
    work.session.flush()
    if not good_id:
        work.session.add(ShopStock(good_id=made.id))
    work.touch("shop")
    return made.id


def _own_code(work: Work, good_id: int, barcode: str) -> str | None:
    """Return an article's code as it is stored; refuses one under which another article is scanned."""
    code = typed.barcode(barcode)
    if not code:
        return None
    g = ShopGood
    other = work.session.execute(
        select(g.name).where(g.barcode.in_(typed.same_article(barcode)), g.id != good_id).limit(1)
    ).scalar()
    if other is not None:
        raise Refused(_("The barcode %(code)s is %(other)s's already.") % {"code": code, "other": other})
    return code


# ------------------------------------------------------------------ sales
@operation(SHOP_SELL, money=True)
def sell(
    work: Work,
    *,
    lines: Sequence[Item],
    method: str,
    stay_id: int | None = None,
    window: str = "A",
    tendered: Money | None = None,
    reference: str = "",
) -> int:
    """Sell goods for cash, card or mobile, or to a guest's folio; print the receipt and return its number."""
    if not lines:
        raise Refused(_("Nothing is on the receipt yet. Scan or choose an article."))
    if method not in METHODS:
        raise Refused(_("“%(method)s” is no payment method here.") % {"method": method})
    paid_by = kinds.taken(work, method, reference) if method != ROOM else ""
    if (method == ROOM) != (stay_id is not None):
        raise Refused(_("A sale to a room needs a guest who is in house."))
    stock = shelf.stock(work, {line.good_id for line in lines})
    goods = [(_wanted(work, line, lines, stock), line.quantity) for line in lines]
    sums = [good.price * quantity for good, quantity in goods]
    options, digits = work.setting.options, work.setting.digits
    parts = [tax.of(options, CODE, amount, digits) for amount in sums]
    total = Money(sum(sums) + sum(tax.on_top(options, CODE, amount) for amount in sums))
    _shift_is_open(work)
    if tendered is not None and tendered < total:
        raise Refused(_("%(sum)s is missing.") % {"sum": show(total - tendered, work.setting.digits)})
    if tendered is not None:
        ask_if_odd(work, tendered - total)
    sale = _sale(work, "sale", method, total, _taxes(parts), stay_id=stay_id)
    payer = _payer(work, method, stay_id, window)
    for (good, quantity), amount, following in zip(goods, sums, parts, strict=True):
        shelf.move(work, good, "sale", -quantity, sale_id=sale.id)
        _charge(work, payer, sale, good, quantity, amount, following)
    _pay(work, payer.folio, sale, paid_by)
    guest, room = _whose(work, stay_id)
    work.print(
        printouts.receipt(
            work,
            sale,
            [(good.name, quantity, good.price) for good, quantity in goods],
            guest=guest,
            room=room,
            tendered=tendered,
        ),
        record="shop_sale",
        record_id=sale.id,
    )
    work.touch("shop")
    return sale.number


def _shift_is_open(work: Work) -> None:
    """Goods leave the shelf, for money or to a room, only while somebody answers for it."""
    if work.setting.options.shifts:
        ledger.must_be_open(work, work.station)


def _wanted(work: Work, line: Item, lines: Sequence[Item], held: Mapping[int, int]) -> ShopGood:
    """Return the good of a line; asks when the books hold fewer than are sold, for the goods are in the
    clerk's hand."""
    count_fits(line.quantity)
    good, all_of_it = (
        shelf.good(work, line.good_id),
        sum(x.quantity for x in lines if x.good_id == line.good_id),
    )
    stock = held[good.id]
    if stock < all_of_it:
        work.confirm(
            f"short:{good.id}:{stock}:{all_of_it}",
            _("Of %(good)s the books hold %(stock)s. Sell %(n)s all the same? The next count shows it.")
            % {"good": good.name, "stock": stock, "n": all_of_it},
        )
    return good


def _taxes(parts: Sequence[Sequence[tax.Part]]) -> int:
    return sum(part.amount for some in parts for part in some if part.code == "TAX")


def _sale(
    work: Work,
    kind: str,
    method: str,
    total: int,
    taxes: int,
    *,
    stay_id: int | None = None,
    of: int | None = None,
    reason: str = "",
) -> ShopSale:
    made = ShopSale(
        number=work.next_number("shop_sale"),
        kind=kind,
        method=method,
        stay_id=stay_id,
        total=Money(total),
        tax=Money(taxes),
        of_sale_id=of,
        reason=reason,
        at=work.now,
        business_date=work.business_date,
        clerk_id=work.clerk.id or None,
        station=work.station,
    )
    work.session.add(made)
    work.session.flush()
    return made


def _payer(work: Work, method: str, stay_id: int | None, window: str) -> Payer:
    """Return who is charged: the guest's folio by its routing rules, else the counter, which is paid at
    once."""
    if method == ROOM and stay_id is not None:
        return routing.payer(work, stay_id, window)
    return Payer(work, ledger.account(work, ledger.COUNTER))


def _bore(work: Work, guest: Payer, charge: Transfer | None, room: bool) -> Payer:
    """Return who gets a good's price back: whoever bore it, unless that folio is settled by now."""
    if charge is None or not room:
        return guest
    shut = ledger.hold_folios(work, [charge.debit_id])[charge.debit_id]
    return guest if shut else Payer(work, charge.debit_id)


def _charge(
    work: Work,
    payer: Payer,
    sale: ShopSale,
    good: ShopGood,
    quantity: int,
    amount: int,
    following: Sequence[tax.Part],
) -> None:
    """Post one good on the payer's account, a return the other way, and what follows it."""
    if not amount:
        return
    slip, digits = number_shown(sale.number), work.setting.digits
    rule = f"{show(abs(amount) // quantity, digits)} × {quantity}" if quantity > 1 else ""
    payer.charge(
        code=CODE,
        credit=ledger.account(work, CODE),
        amount=amount,
        text=good.name,
        rule=rule,
        quantity=quantity,
        stay_id=sale.stay_id,
        slip=slip,
        parts=following,
    )


def _pay(work: Work, payer: int, sale: ShopSale, number: str, sold: ShopSale | None = None) -> None:
    """Post what was paid for a sale under its number, or what goes back on that of ``sold``."""
    if sale.method != ROOM and sale.total:
        made = ledger.post(
            work,
            debit=ledger.account(work, sale.method),
            credit=payer,
            amount=sale.total,
            code=sale.method,
            text=_("Shop"),
            slip=number_shown(sale.number),
        )
        if sold is None:
            numbers.came(work, made, sale.method, sale.total, number)
        else:
            slip = number_shown(sold.number)
            numbers.went_back(work, made, sale.method, -sale.total, number, slip=slip)


def _whose(work: Work, stay_id: int | None) -> tuple[str, str]:
    found = work.ask_up(offers.stay_name, stay_id=stay_id) if stay_id is not None else None
    return (found.guest, found.room) if found else ("", "")


@operation(SHOP_SELL, money=True)
def take_back(
    work: Work, *, number: int, lines: Sequence[Back], reason: str, method: str = "", reference: str = ""
) -> int:
    """Take goods of a sale back, give the money back the way it came (or by another) and return the new
    receipt's number."""
    work.hold_number(ShopSale.__tablename__, number)
    sale = work.session.scalars(select(ShopSale).where(ShopSale.number == number)).first()
    if sale is None or sale.kind != "sale":
        raise Refused(
            _("There is no sale %(number)s. Look at the number on the receipt.")
            % {"number": number_shown(number)}
        )
    if not reason.strip():
        raise Refused(_("Say why the goods are returned."))
    _shift_is_open(work)
    method = method or sale.method
    back_by = ""
    if method != ROOM:
        work.must_hold(Permission.FOLIOS_REFUND)
        back_by = kinds.given(work, method, reference)
    if method not in METHODS or (method == ROOM and sale.method != ROOM):
        raise Refused(_("“%(method)s” is no payment method here.") % {"method": method})
    sold = {line.move_id: line for line in queries.sold(work.session, sale_id=sale.id)}
    wanted = [(_returnable(sold, back), back.quantity) for back in lines]
    if not wanted:
        raise Refused(_("Choose what is returned."))
    if len({line.move_id for line, _n in wanted}) != len(wanted):
        raise Refused(_("A line is returned once; give its whole quantity."))
    shelf.stock(work, {line.good_id for line, _n in wanted})
    sums = [line.price * n for line, n in wanted]
    charged = _charged(work, sale, sold.values())
    parts = [_back(work, charged.get(line.move_id), line, n) for line, n in wanted]
    on_top = sum(part.amount for some in parts for part in some if part.on_top)
    if method != sale.method:
        ways.another(work, method, sum(sums) - on_top, sum(sums) - on_top, stay_id=sale.stay_id)
    made = _sale(
        work,
        "return",
        method,
        on_top - sum(sums),
        _taxes(parts),
        stay_id=sale.stay_id if method == ROOM else None,
        of=sale.id,
        reason=reason.strip(),
    )
    payer = _payer(work, method, made.stay_id, "A")
    for (line, n), amount, following in zip(wanted, sums, parts, strict=True):
        good = work.session.get_one(ShopGood, line.good_id)
        shelf.move(
            work,
            good,
            "return",
            n,
            sale_id=made.id,
            of_move_id=line.move_id,
            price=line.price,
            reason=reason.strip(),
        )
        bore = _bore(work, payer, charged.get(line.move_id), method == ROOM)
        _charge(work, bore, made, good, n, -amount, following)
    _pay(work, payer.folio, made, back_by, sale)
    guest, room = _whose(work, made.stay_id)
    work.print(
        printouts.receipt(
            work,
            made,
            [(line.name, n, line.price) for line, n in wanted],
            guest=guest,
            room=room,
            of=number_shown(number),
        ),
        record="shop_sale",
        record_id=made.id,
    )
    work.touch("shop")
    return made.number


def _returnable(sold: dict[int, queries.SoldLine], back: Back) -> queries.SoldLine:
    line = sold.get(back.move_id)
    if line is None:
        raise Refused(_("This line is not on the receipt."))
    if not 1 <= back.quantity <= line.left:
        raise Refused(
            _("Of %(good)s, %(sold)s were sold and %(returned)s returned: at most %(left)s can be returned.")
            % {"good": line.name, "sold": line.quantity, "returned": line.returned, "left": line.left}
        )
    return line


def _charged(work: Work, sale: ShopSale, lines: Iterable[queries.SoldLine]) -> dict[int, Transfer]:
    """Return the posting of each line of a sale; a good that costs nothing has none."""
    t = Transfer
    rows = work.session.scalars(
        select(t).where(on_slips([number_shown(sale.number)]), t.code == CODE).order_by(t.id)
    ).all()
    return dict(zip([line.move_id for line in lines if line.price], rows, strict=True))


def _back(work: Work, charge: Transfer | None, line: queries.SoldLine, n: int) -> tuple[tax.Part, ...]:
    """Return the tax and service charge of what comes back as they were posted; several returns give back
    exactly what was taken."""
    if charge is None:
        return ()
    parts = tax.back(work, charge, line.quantity, line.returned, line.returned + n)
    return tuple(part for part in parts if part.amount)
