"""Stock that moves without money: received, written off, counted, and asked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from pms.core.authority import Kind
from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.db.work import Work, operation
from pms.services.authority import service as authority

from . import printouts, queries, shelf
from .duty import SHOP_COUNT, SHOP_RECEIVE, SHOP_SELL
from .models import PurchaseLine, PurchaseRequest, ShopGood
from .shelf import MOST

ISSUES = ("loss", "gift", "own_use")


@dataclass(frozen=True)
class Item:
    """So many of one good."""

    good_id: int
    quantity: int


@dataclass(frozen=True)
class Delivered:
    """So many of one good came in, at which cost for one (None: as before)."""

    good_id: int
    quantity: int
    cost: Money | None = None


@dataclass(frozen=True)
class Counted:
    """What was counted of one good; a difference needs its reason."""

    good_id: int
    counted: int
    reason: str = ""


def count_fits(quantity: int) -> None:
    """Refuse a number of pieces that no shelf holds."""
    if not 1 <= quantity <= MOST:
        raise Refused(_("From %(least)s to %(most)s.") % {"least": 1, "most": MOST})


# ------------------------------------------------------------------ stock without money
@operation(SHOP_RECEIVE)
def receive(
    work: Work, *, lines: Sequence[Delivered], reference: str, request_number: int | None = None
) -> None:
    """Take goods in from a supplier by the delivery note; the cost of a good follows the last delivery."""
    if not lines:
        raise Refused(_("Nothing was delivered yet. Choose an article."))
    if not reference.strip():
        raise Refused(_("Give the number of the delivery note."))
    shelf.stock(work, {line.good_id for line in lines})
    for line in lines:
        count_fits(line.quantity)
        good = shelf.good(work, line.good_id)
        if line.cost is not None:
            if line.cost < 0:
                raise Refused(_("Price, cost and par level are 0 or more."))
            shelf.costs(work, work.hold(ShopGood, good.id), line.cost, reference.strip())
        shelf.move(work, good, "receipt", line.quantity, reference=reference.strip())
    if request_number is not None:
        _close(work, request_number, "done")
    work.touch("shop")


@operation(SHOP_SELL)
def issue(work: Work, *, good_id: int, quantity: int, kind: str, reason: str) -> None:
    """Write goods off as lost, given away or used by the house, with the reason; a second person agrees where
    the clerk may not."""
    if kind not in ISSUES:
        raise Refused(_("Goods are written off as a loss, a gift or own use."))
    if not reason.strip():
        raise Refused(_("Say why the goods are written off."))
    count_fits(quantity)
    good = shelf.good(work, good_id)
    stock = shelf.stock(work, (good.id,))[good.id]
    if stock < quantity:
        raise Refused(
            _("Of %(good)s there are %(stock)s. Count them first.") % {"good": good.name, "stock": stock}
        )
    worth = good.price * quantity
    authority.authorise(
        work,
        Kind.WRITE_OFF,
        _("%(n)s %(good)s worth %(sum)s leave without money: %(reason)s")
        % {
            "n": quantity,
            "good": good.name,
            "sum": show(worth, work.setting.digits),
            "reason": reason.strip(),
        },
        amount=worth,
    )
    shelf.move(work, good, kind, -quantity, reason=reason.strip())
    work.touch("shop")


@operation(SHOP_COUNT)
def count(work: Work, *, counted: Sequence[Counted]) -> int:
    """Book a stocktake: each difference as a move with its reason, and return how many goods differ."""
    stock, differ = shelf.stock(work, {line.good_id for line in counted}), 0
    missing = list[shelf.Missing]()
    for line in counted:
        good = shelf.good(work, line.good_id)
        if not 0 <= line.counted <= MOST:
            raise Refused(_("From %(least)s to %(most)s.") % {"least": 0, "most": MOST})
        gap = line.counted - stock[good.id]
        if gap and not line.reason.strip():
            raise Refused(
                _("%(good)s differs by %(n)s. Count again, or say why.")
                % {"good": good.name, "n": f"{gap:+d}"}
            )
        if gap:
            missing.append((good.name, gap, good.price))
            shelf.move(work, good, "count", gap, reason=line.reason.strip())
            differ += 1
    shelf.may_be_missing(work, missing)
    work.note("stocktake", {"counted": {line.good_id: line.counted for line in counted}, "differ": differ})
    work.touch("shop")
    return differ


@operation(SHOP_COUNT)
def print_count_sheet(work: Work) -> None:
    """Print the sheet for a blind count."""
    goods = [g for g in queries.goods(work.session) if g.active]
    if not goods:
        raise Refused(_("The shop has no goods yet."))
    work.print(printouts.count_sheet(work, goods))


# ------------------------------------------------------------------ purchase requests
@operation(SHOP_RECEIVE)
def request(work: Work, *, lines: Sequence[Item] = (), remark: str = "") -> int:
    """Ask for goods to be bought (whatever is below its par level unless told otherwise), print the request
    and return its number."""
    shelf.hold(work)  # two desks do not ask for the same goods at once
    stock = {g.id: g for g in queries.goods(work.session)}
    asked = {good_id for r in queries.requests(work.session) for good_id, *_rest in r.lines}
    wanted = list(lines) or [
        Item(g.id, g.par - g.stock) for g in stock.values() if g.low and g.id not in asked
    ]
    if not wanted:
        raise Refused(_("Nothing is below par level that is not on request already."))
    made = PurchaseRequest(
        number=work.next_number("purchase_request"),
        remark=remark.strip(),
        asked_at=work.now,
        business_date=work.business_date,
        asked_by=work.clerk.id or None,
    )
    work.session.add(made)
    work.session.flush()
    for line in wanted:
        count_fits(line.quantity)
        good = shelf.good(work, line.good_id)
        work.session.add(
            PurchaseLine(
                request_id=made.id, good_id=good.id, stock=stock[good.id].stock, quantity=line.quantity
            )
        )
    work.session.flush()
    row = next(r for r in queries.requests(work.session) if r.number == made.number)
    work.print(printouts.purchase_request(work, row), record="purchase_request", record_id=made.id)
    work.touch("shop")
    return made.number


@operation(SHOP_RECEIVE)
def drop_request(work: Work, *, number: int) -> None:
    """Give a purchase request up."""
    _close(work, number, "dropped")
    work.touch("shop")


def _close(work: Work, number: int, state: str) -> None:
    found = work.session.scalars(
        select(PurchaseRequest).where(PurchaseRequest.number == number).with_for_update()
    ).first()
    if found is None or found.state != "open":
        raise Conflict(_("The request is closed."))
    found.state, found.closed_at = state, work.now
