"""What the shop has, what it sold, what should be bought. No cost here grows with what was sold before."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from pms.core import typed
from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.core.offers import Badge, Hit, OpenItem
from pms.core.reading import query
from pms.db.books import ask
from pms.db.types import summed
from pms.services.guests.models import Guest
from pms.services.guests.search import fits
from pms.services.rooms.models import Room
from pms.services.staff.models import Staff
from pms.services.stays.models import IN_HOUSE, Stay, listed_name

from .duty import SHOP_COUNT, SHOP_EDIT, SHOP_SELL
from .models import PurchaseLine, PurchaseRequest, ShopGood, ShopMove, ShopSale, ShopStock

CODE, ROOM = "SHOP", "ROOM"
METHODS = ("CASH", "WECHAT", "ALIPAY", "UNIONPAY", "BANK", "MOBILE", ROOM)
MOVES = {
    "receipt": N_("Goods received"),
    "sale": N_("Sold"),
    "return": N_("Returned goods"),
    "loss": N_("Loss"),
    "gift": N_("Gift"),
    "own_use": N_("Own use"),
    "count": N_("Counted"),
}


@dataclass(frozen=True)
class GoodRow:
    """A good with its stock; ``low`` says that there are fewer than there should be."""

    id: int
    name: str
    barcode: str
    unit: str
    price: Money
    cost: Money
    par: int
    active: bool
    stock: int

    @property
    def low(self) -> bool:
        """Say whether there are fewer than the par level."""
        return self.active and self.stock < self.par


@dataclass(frozen=True)
class MoveRow:
    """One move of a good."""

    id: int
    kind: str
    quantity: int
    price: Money
    reason: str
    reference: str
    sale: int | None
    at: datetime
    by: str


@dataclass(frozen=True)
class SaleRow:
    """A sale or a return at the head of its page; ``of`` is the number of the sale that a return belongs
    to."""

    id: int
    number: int
    kind: str
    method: str
    stay_id: int | None
    room: str
    guest: str
    total: Money
    tax: Money
    reason: str
    at: datetime
    business_date: date
    by: str
    of: int | None

    @property
    def shown(self) -> str:
        """Return the number as it stands on the receipt."""
        return number_shown(self.number)


@dataclass(frozen=True)
class SoldLine:
    """One good of a sale; ``returned`` of ``quantity`` came back."""

    move_id: int
    good_id: int
    name: str
    unit: str
    quantity: int
    price: Money
    returned: int

    @property
    def left(self) -> int:
        """Return how many can still come back."""
        return self.quantity - self.returned


@dataclass(frozen=True)
class Payer:
    """A guest in house whom a sale can be charged to."""

    stay_id: int
    room: str
    guest: str


@dataclass(frozen=True)
class RequestRow:
    """A purchase request with its goods: name, unit, stock when it was asked for, how many to buy."""

    id: int
    number: int
    state: str
    remark: str
    asked_at: datetime
    by: str
    lines: tuple[tuple[int, str, str, int, int], ...]


def number_shown(number: int) -> str:
    """Return a receipt's number as it is written."""
    return f"SH-{number}"


def read_number(text: str) -> int | None:
    """Return the number of a receipt that was typed, None when it is none."""
    head, _dash, figures = typed.code(text).partition("-")
    return int(figures) if head == "SH" and figures.isdecimal() and len(figures) < 10 else None


def _goods() -> Select[*tuple[Any, ...]]:
    g = ShopGood
    return select(
        g.id,
        g.name,
        func.coalesce(g.barcode, ""),
        g.unit,
        g.price,
        g.cost,
        g.par,
        g.active,
        ShopStock.quantity,
    ).join(ShopStock, ShopStock.good_id == g.id)


_ALL = _goods().order_by(ShopGood.active.desc(), ShopGood.name)
_LOW = _ALL.where(ShopGood.active, ShopStock.quantity < ShopGood.par)
_BY_CODE = _goods().where(ShopGood.barcode.in_(bindparam("codes", expanding=True)), ShopGood.active)


@query(SHOP_SELL, SHOP_COUNT, SHOP_EDIT)
def goods(session: Session) -> list[GoodRow]:
    """Return every good with its stock, those no longer sold last."""
    return [GoodRow(*row) for row in session.execute(_ALL)]


@query(SHOP_SELL, SHOP_COUNT, SHOP_EDIT)
def good(session: Session, *, good_id: int) -> GoodRow:
    """Return one good with its stock."""
    return GoodRow(*session.execute(_goods().where(ShopGood.id == good_id)).one())


@query(SHOP_SELL, SHOP_COUNT, SHOP_EDIT)
def by_barcode(session: Session, *, code: str) -> GoodRow | None:
    """Return the good with this barcode, None when no good on sale has it."""
    row = session.execute(_BY_CODE, {"codes": sorted(typed.same_article(code))}).first()
    return GoodRow(*row) if row else None


@query(SHOP_SELL, SHOP_COUNT, SHOP_EDIT)
def by_code_or_name(session: Session, *, text: str) -> GoodRow | None:
    """Return the good that was scanned or named: a code of figures matches whole or not at all, a name may be
    a part that only one good has."""
    found = by_barcode(session, code=text)
    if found is not None or typed.barcode(text).replace("-", "").isdecimal():
        return found
    named = find(session, text=text)
    return named[0] if len(named) == 1 else None


@query(SHOP_SELL, SHOP_COUNT, SHOP_EDIT)
def find(session: Session, *, text: str, limit: int = 6) -> list[GoodRow]:
    """Return goods on sale by name, pinyin or the beginning of the barcode."""
    wanted, g = " ".join(typed.half_width(text).casefold().split()), ShopGood
    found = or_(fits(session, g.search, text), g.barcode.startswith(wanted, autoescape=True))
    return [
        GoodRow(*row)
        for row in session.execute(_goods().where(g.active, found).order_by(g.name).limit(limit))
    ]


@query(SHOP_SELL, SHOP_COUNT, SHOP_EDIT)
def low(session: Session) -> list[GoodRow]:
    """Return the goods of which there are fewer than there should be."""
    return [GoodRow(*row) for row in ask(session, _LOW)]


@query(SHOP_SELL, SHOP_COUNT, SHOP_EDIT)
def differences(session: Session, *, counted: dict[int, int]) -> dict[int, int]:
    """Return by how many the counted goods differ from the books, those that do not differ left out; ask it
    only after the count."""
    return {
        g.id: counted[g.id] - g.stock for g in goods(session) if g.id in counted and counted[g.id] != g.stock
    }


@query(SHOP_SELL, SHOP_COUNT, SHOP_EDIT)
def moves(session: Session, *, good_id: int, limit: int = 60) -> list[MoveRow]:
    """Return the latest moves of a good, the newest first."""
    m = ShopMove
    rows = session.execute(
        select(
            m.id,
            m.kind,
            m.quantity,
            m.price,
            m.reason,
            m.reference,
            ShopSale.number,
            m.at,
            func.coalesce(Staff.name, ""),
        )
        .outerjoin(Staff, Staff.id == m.clerk_id)
        .outerjoin(ShopSale, ShopSale.id == m.sale_id)
        .where(m.good_id == good_id)
        .order_by(m.id.desc())
        .limit(limit)
    )
    return [MoveRow(*row) for row in rows]


def _sales() -> Select[*tuple[Any, ...]]:
    s, first = ShopSale, aliased(ShopSale)
    return (
        select(
            s.id,
            s.number,
            s.kind,
            s.method,
            s.stay_id,
            func.coalesce(Room.number, ""),
            func.coalesce(listed_name(), ""),
            s.total,
            s.tax,
            s.reason,
            s.at,
            s.business_date,
            func.coalesce(Staff.name, ""),
            first.number,
        )
        .outerjoin(Stay, Stay.id == s.stay_id)
        .outerjoin(Room, Room.id == Stay.room_id)
        .outerjoin(Guest, Guest.id == Stay.guest_id)
        .outerjoin(Staff, Staff.id == s.clerk_id)
        .outerjoin(first, first.id == s.of_sale_id)
    )


@query(SHOP_SELL, SHOP_COUNT, SHOP_EDIT)
def sales(session: Session, *, business_date: date) -> list[SaleRow]:
    """Return the receipts of a day, the latest first."""
    return [
        SaleRow(*row)
        for row in session.execute(
            _sales().where(ShopSale.business_date == business_date).order_by(ShopSale.id.desc())
        )
    ]


@query(SHOP_SELL, SHOP_COUNT, SHOP_EDIT)
def sale(session: Session, *, number: int) -> SaleRow | None:
    """Return one receipt of any day."""
    row = session.execute(_sales().where(ShopSale.number == number)).first()
    return SaleRow(*row) if row else None


@query(SHOP_SELL, SHOP_COUNT, SHOP_EDIT)
def sold(session: Session, *, sale_id: int) -> list[SoldLine]:
    """Return the goods of a receipt with what came back of each."""
    m, back = ShopMove, aliased(ShopMove)
    returned = select(summed(back.quantity)).where(back.of_move_id == m.id).correlate(m).scalar_subquery()
    rows = session.execute(
        select(m.id, m.good_id, ShopGood.name, ShopGood.unit, func.abs(m.quantity), m.price, returned)
        .join(ShopGood, ShopGood.id == m.good_id)
        .where(m.sale_id == sale_id)
        .order_by(m.id)
    )
    return [SoldLine(*row) for row in rows]


@query(SHOP_SELL, SHOP_COUNT, SHOP_EDIT)
def payer(session: Session, *, room: str) -> Payer | None:
    """Return who is in a room and can be charged, None when nobody is."""
    row = session.execute(
        select(Stay.id, Room.number, listed_name())
        .join(Room, Room.id == Stay.room_id)
        .join(Guest, Guest.id == Stay.guest_id)
        .where(and_(IN_HOUSE, func.upper(Room.number) == typed.code(room)))
    ).first()
    return Payer(*row) if row else None


@query(SHOP_SELL, SHOP_COUNT, SHOP_EDIT)
def requests(session: Session) -> list[RequestRow]:
    """Return the purchase requests that are still open, the oldest first."""
    r, x = PurchaseRequest, PurchaseLine
    heads = session.execute(
        select(r.id, r.number, r.state, r.remark, r.asked_at, func.coalesce(Staff.name, ""))
        .outerjoin(Staff, Staff.id == r.asked_by)
        .where(r.state == "open")
        .order_by(r.number)
    ).all()
    lines = session.execute(
        select(x.request_id, x.good_id, ShopGood.name, ShopGood.unit, x.stock, x.quantity)
        .join(ShopGood, ShopGood.id == x.good_id)
        .where(x.request_id.in_([h.id for h in heads]))
        .order_by(x.id)
    ).all()
    return [
        RequestRow(
            *head,
            tuple((n.good_id, n.name, n.unit, n.stock, n.quantity) for n in lines if n.request_id == head.id),
        )
        for head in heads
    ]


# ------------------------------------------------------------------ what other duties ask for
@query(SHOP_SELL, SHOP_COUNT, SHOP_EDIT)
def search(session: Session, *, text: str) -> list[Hit]:
    """Find a receipt by its number, and goods by name, pinyin or barcode."""
    if (number := read_number(text)) is not None:
        found = sale(session, number=number)
        return (
            [
                Hit(
                    f"{found.shown} {found.room} {found.guest}".strip(),
                    _("shop receipt"),
                    "shop-bag",
                    "shop",
                    {"sale": number},
                )
            ]
            if found
            else []
        )
    if not text.strip():
        return []
    return [
        Hit(g.name, _("%(n)s in stock") % {"n": g.stock}, "shop-bag", "shop", {"good_id": g.id})
        for g in find(session, text=text, limit=4)
    ]


@query(SHOP_SELL, SHOP_COUNT, SHOP_EDIT)
def badges(session: Session) -> list[Badge]:
    """Return how many goods are below their par level."""
    count = len(low(session))
    return [Badge("shop", count, "warn" if count else "")]


@query(SHOP_SELL, SHOP_COUNT, SHOP_EDIT)
def handover(session: Session) -> list[OpenItem]:
    """Return the open purchase requests, for the next shift."""
    return [
        OpenItem(
            "shop",
            f"PR-{r.number}",
            ", ".join(f"{name} {wanted} {unit}".strip() for _good, name, unit, _stock, wanted in r.lines),
            r.asked_at,
        )
        for r in requests(session)
    ]
