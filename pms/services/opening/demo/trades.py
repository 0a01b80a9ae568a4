"""What else goes on in the demonstration hotel: a shop, bags, found and missed things, calls and entries, by
the same operations as at a desk."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from pms.core.money import Money
from pms.db.office import DatabaseOffice
from pms.services.damages import service as damages
from pms.services.lost_found import service as lost_found
from pms.services.luggage import service as luggage
from pms.services.members import service as members
from pms.services.messages import service as messages
from pms.services.preauth import service as preauth
from pms.services.rental import service as rental
from pms.services.shifts import queries as shift_queries
from pms.services.shifts import service as shifts
from pms.services.shop import queries as shop_queries
from pms.services.shop import service as shop
from pms.services.shop.service import Delivered, Item
from pms.services.stays.held import Paid
from pms.services.stays.queries import StayRow
from pms.services.wake_ups import service as wake_ups

DAY = timedelta(days=1)
LEVEL = ("position", "free_until", "multiple", "months_valid", "nights_needed")
Do = Callable[..., Any]
Word = Callable[[Any], Any]


class Trades:
    """The shelf, the luggage room, the cupboard of found things and the handover book of the story.

    ``do`` and ``money`` are the story's own: who acts, which operation, its fields. ``word`` chooses the
    language.
    """

    def __init__(
        self, office: DatabaseOffice, data: dict[str, Any], word: Word, do: Do, money: Do, chance: Random
    ) -> None:
        self.office, self.data, self.word, self.do, self.money, self.chance = (
            office,
            data,
            word,
            do,
            money,
            chance,
        )
        self.goods: list[int] = []
        self.payments = 0

    def number(self, method: str) -> str:
        """Return the transaction number of one more payment, as its provider writes them; none for cash."""
        self.payments += 1
        told = {
            "WECHAT": f"42000030412026{self.payments:014}",
            "ALIPAY": f"20261102220014{self.payments:014}",
            "BANK": f"{self.payments:012}",
        }
        return told.get(method, "")

    def paid(self, method: str, amount: Money) -> Paid:
        """Return a payment by this way with its number."""
        return Paid(method, amount, reference=self.number(method))

    def open_shop(self) -> None:
        """Put the goods on the shelf."""
        for n, good in enumerate(self.data["goods"]):
            made = self.do(
                "owner",
                shop.set_good.of(
                    name=self.word(good),
                    price=Money(good["price"]),
                    cost=Money(good["cost"]),
                    unit=self.word(good["unit"]),
                    barcode=f"69010000{n + 1:05d}",
                    par=good["par"],
                ),
            )
            self.goods.append(made)
            self.do("clerk", shop.receive.of(lines=[Delivered(made, good["stock"])], reference="DN-1001"))

    def sell(self, inside: Sequence[StayRow], *, most: int) -> None:
        """Sell a few things for cash, by card or to a room."""
        stock = {g.id: g.stock for g in self.office.look(shop_queries.goods)}
        for _sale in range(self.chance.randint(2, most)):
            good = self.chance.choice(self.goods)
            if stock[good] < 1:
                continue
            stock[good] -= 1
            method = self.chance.choice(("CASH", "WECHAT", "ALIPAY", "ROOM"))
            stay = self.chance.choice(inside).stay_id if method == "ROOM" and inside else None
            paid_by = method if stay or method != "ROOM" else "CASH"
            sold = shop.sell.of(
                lines=[Item(good, 1)], method=paid_by, stay_id=stay, reference=self.number(paid_by)
            )
            self.money("clerk", sold)

    def count_shop(self, shift_id: int) -> None:
        """Count the shelf for the close of a shift; all is there."""
        goods = [g for g in self.office.look(shop_queries.goods) if g.active]
        if goods and not self.office.look(shift_queries.figures, shift_id=shift_id).shop:
            self.do("clerk", shifts.count_shop.of(shift_id=shift_id, counted={g.id: g.stock for g in goods}))

    def store(self, stays: Sequence[StayRow], until: date) -> None:
        """Take in a bag of one of these guests."""
        if stays:
            stay = self.chance.choice(stays)
            self.do(
                "clerk",
                luggage.store.of(
                    stay_id=stay.stay_id,
                    pieces=self.chance.choice((1, 2, 3)),
                    place=self.chance.choice(("A1", "A2", "B1")),
                    marks=self.word(self.chance.choice(self.data["bags"])),
                    until=until,
                ),
            )

    def find(self, number: str, nth: int) -> None:
        """Register something that was left in a room."""
        thing = self.data["finds"][nth % len(self.data["finds"])]
        self.do(
            "clerk",
            lost_found.register.of(
                what=self.word(thing),
                kind=thing["kind"],
                room=number,
                place=self.word(thing["place"]),
                finder=self.word(self.data["finder"]),
                kept_in=self.word(self.data["cupboard"]),
            ),
        )

    def lend(self, inside: Sequence[StayRow]) -> None:
        """Set up what the house lends, and lend one of each to the first guests."""
        for stay, thing in zip(inside, self.data["rentals"], strict=False):
            item = rental.add_item.of(
                name=self.word(thing),
                pieces=thing["pieces"],
                deposit=Money(thing["deposit"]),
                price=Money(thing["price"]),
            )
            item_id = self.do("owner", item)
            lent = rental.lend.of(
                stay_id=stay.stay_id, item_id=item_id, method="WECHAT", reference=self.number("WECHAT")
            )
            self.money("clerk", lent)

    def break_things(self, inside: Sequence[StayRow]) -> None:
        """Set up the price list of damages; two guests in house have broken something."""
        listed = [
            self.do("owner", damages.add_item.of(name=self.word(thing), price=Money(thing["price"])))
            for thing in self.data["damages"]
        ]
        for stay, item_id, pieces in zip(inside[3:], (listed[5], listed[0]), (2, 1), strict=False):
            self.money("clerk", damages.charge.of(stay_id=stay.stay_id, item_id=item_id, pieces=pieces))

    def hold(self, inside: Sequence[StayRow], day: date) -> None:
        """Hold amounts on the cards of some guests; one of them runs out soon."""
        for n, stay in enumerate(inside[2:14:3]):
            taken = preauth.take.of(
                stay_id=stay.stay_id,
                method="BANK",
                amount=Money(50000 + 20000 * n),
                code=f"{318204 + 7919 * n}",
                last_four=f"{4471 + 1103 * n}"[-4:],
                trace=f"T0{n}2288 000{n + 1:02} 0{n}3{n}5",
                valid_until=day + DAY * (2 if n == 1 else 30),
            )
            self.do("clerk", taken)

    def club(self, inside: Sequence[StayRow]) -> None:
        """Set up the levels of the club; some guests in house are members, two have lost their card."""
        levels = [
            self.do(
                "owner",
                members.add_level.of(
                    name=each["en"],
                    name_zh=each["zh_CN"],
                    card_price=Money(each["card_price"]),
                    **{name: each[name] for name in LEVEL},
                ),
            )
            for each in self.data["levels"]
        ]
        persons = {stay.phone: stay for stay in inside if stay.phone and not stay.private}
        known = list(persons.values())[:8]  # nobody is a member twice, who has two rooms neither
        for n, stay in enumerate(known):
            bought = {"card": f"8800{1200 + n}", "method": "ALIPAY", "reference": self.number("ALIPAY")}
            card: dict[str, Any] = bought if n % 3 != 2 else {}
            joined = members.join.of(
                name=stay.guest, phone=stay.phone, level_id=levels[n % len(levels)], **card
            )
            number = self.money("clerk", joined)
            self.do("clerk", members.count_stay.of(number=number, stay_id=stay.stay_id))
            if n in (3, 6):
                self.do("clerk", members.lose_card.of(number=number))

    def today(self, day: date, inside: Sequence[StayRow], left: Sequence[StayRow]) -> None:
        """What waits at the desk this afternoon: bags, a missed thing, calls for tomorrow and two entries in
        the handover book."""
        for _bag in range(2):
            self.store(left, day)
        missed = self.data["missed"]
        if left:
            self.do(
                "clerk",
                lost_found.report.of(
                    what=self.word(missed),
                    kind=missed["kind"],
                    name="",
                    stay_id=left[0].stay_id,
                    room=left[0].room,
                ),
            )
        for stay, time in zip(inside[::3], ("05:30", "06:15", "07:00"), strict=False):
            self.do("clerk", wake_ups.take.of(stay_id=stay.stay_id, day=day + DAY, time=time))
        self.lend(inside)
        self.break_things(inside)
        self.hold(inside, day)
        self.club(inside)
        for entry in self.data["entries"]:
            self.do("clerk", messages.write.of(text=self.word(entry)))
        self.sell(inside, most=4)
