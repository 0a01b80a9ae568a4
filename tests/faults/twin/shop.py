"""The shop: what is on the shelf, what was sold and can come back."""

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.money import Money
from pms.services.shop import queries, service
from pms.services.shop.models import ShopStock
from tests.faults.twin.part import Facts, Part, Step, act

PRICES = {"Water": 300, "Tea": 900, "Noodles": 1250}
WAYS = ("CASH", "BANK", "MOBILE", "ROOM")


@dataclass
class Sale:
    """A receipt: how it was paid, and of each line the good, how many were sold and how many came back;
    whose folio bore each good of a guest's."""

    method: str
    stay: int | None
    lines: dict[int, list[int]] = field(default_factory=dict)
    bore: dict[int, tuple[str, int]] = field(default_factory=dict)


class Shop(Part):
    """Goods and receipts."""

    def __init__(self, hotel) -> None:
        super().__init__(hotel)
        self.price, self.stock = dict[int, int](), dict[int, int]()
        self.sales: dict[int, Sale] = {}
        for name, price in PRICES.items():
            good = hotel.house.do(service.set_good.of(name=name, price=Money(price)))
            self.price[good], self.stock[good] = price, 0

    def _take(self, sale: Sale, good: int, amount: int) -> None:
        """Charge whoever pays for the guest, or the counter, which is paid at once; what comes back goes to
        whoever bore it, while that folio is open."""
        move = self.hotel.ledger.move
        if sale.method == "ROOM" and amount > 0:
            sale.bore[good] = self.hotel.routing.charge(sale.stay, "SHOP", amount).debit
            return
        if sale.method == "ROOM":
            _guest, bore = sale.bore[good]
            open_ = self.hotel.stays.is_here(bore)
            move(("guest", bore if open_ else sale.stay), "SHOP", amount, "SHOP", sale.stay)
            return
        move("COUNTER", "SHOP", amount, "SHOP")
        move(self.hotel.ledger.purse(sale.method), "COUNTER", amount, sale.method)

    @act(8)
    def sell(self) -> Step:
        """Sell one or two goods; the clerk is asked where the books hold fewer."""
        lot, method, agreed = self.hotel.lot, self.any(WAYS), self.chance(4)
        stay = self.hotel.stays.somebody() if method == "ROOM" else None
        cart = {
            good: lot.choice((0, 1, 1, 2, 5)) for good in lot.sample(list(self.price), lot.choice((1, 2)))
        }
        may = all(n > 0 for n in cart.values()) and self.hotel.shifts.is_open()
        may = may and (agreed or all(self.stock[good] >= n for good, n in cart.items()))
        if method == "ROOM":
            may = may and stay is not None and self.hotel.stays.is_here(stay)

        def then(number: int) -> None:
            made = self.sales[number] = Sale(method, stay)
            sale = self.hotel.house.look(queries.sale, number=number)
            for line in self.hotel.house.look(queries.sold, sale_id=sale.id):
                made.lines[line.move_id] = [line.good_id, cart[line.good_id], 0]
            for good, n in cart.items():
                self.stock[good] -= n
                self._take(made, good, n * self.price[good])

        items = [service.Item(good, n) for good, n in cart.items()]
        return Step(service.sell.of(lines=items, method=method, stay_id=stay), may, then, agreed)

    @act(3)
    def take_back(self) -> Step | None:
        """Take goods of a receipt back, the money the way it came."""
        number = self.any(list(self.sales)[-20:])
        if number is None:
            return None
        sale, n = self.sales[number], self.hotel.lot.choice((1, 1, 2))
        move, line = self.any(list(sale.lines.items()))
        may = n <= line[1] - line[2] and self.hotel.shifts.is_open()
        may = may and (sale.method != "ROOM" or self.hotel.stays.is_here(sale.stay))

        def then(_number: int) -> None:
            line[2] += n
            self.stock[line[0]] += n
            self._take(sale, line[0], -n * self.price[line[0]])

        back = [service.Back(move, n)]
        return Step(service.take_back.of(number=number, lines=back, reason="stale"), may, then)

    @act(3)
    def receive(self) -> Step:
        """Take goods in."""
        good, n = self.any(list(self.price)), self.hotel.lot.choice((0, 3, 12))
        return Step(
            service.receive.of(lines=[service.Delivered(good, n)], reference="L1"),
            n > 0,
            lambda _none: self.stock.update({good: self.stock[good] + n}),
        )

    @act(2)
    def issue(self) -> Step:
        """Write goods off; never more than there are."""
        good, n, kind = self.any(list(self.price)), self.hotel.lot.choice((1, 4)), self.any(("loss", "gift"))
        return Step(
            service.issue.of(good_id=good, quantity=n, kind=kind, reason="broken"),
            n <= self.stock[good],
            lambda _none: self.stock.update({good: self.stock[good] - n}),
        )

    @act(2)
    def count(self) -> Step:
        """Count a good; a difference needs its reason."""
        good, why = self.any(list(self.price)), self.any(("", "miscounted"))
        counted = max(self.stock[good] + self.hotel.lot.choice((-1, 0, 2)), 0)
        return Step(
            service.count.of(counted=[service.Counted(good, counted, why)]),
            bool(why) or counted == self.stock[good],
            lambda _differ: self.stock.update({good: counted}),
        )

    def says(self) -> Facts:
        """Return what is on the shelf."""
        return {("stock", good): n for good, n in self.stock.items()}

    def shows(self, session: Session) -> Facts:
        """Return the same from the hotel's books."""
        rows = session.execute(select(ShopStock.good_id, ShopStock.quantity))
        return {("stock", row.good_id): row.quantity for row in rows}
