"""What the desk does all day: departures, arrivals, what guests take of an evening."""

from collections import defaultdict
from datetime import date
from random import Random

from pms.core.errors import Refused
from pms.core.money import Money
from pms.services.folios import service as folios
from pms.services.folios import ways
from pms.services.reservations import queries as reservation_queries
from pms.services.reservations.queries import LineRow
from pms.services.rooms import queries as room_queries
from pms.services.rooms import service as rooms
from pms.services.stays import charges, vacancy
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.services.stays.queries import Leaving, StayRow
from pms.services.stays.service import Paid

from .accounts import Accounts
from .teller import DAY, Plan
from .trades import Trades


class Desk(Accounts):
    """Let in, let out."""

    trades: Trades

    def departures(self, day: date, day_part: float) -> None:
        leaving: list[StayRow] = self.office.look(stay_queries.departures, business_date=day)
        for n, stay in enumerate(leaving[: round(len(leaving) * day_part)]):
            self.at(day, 7.5 + 4.2 * n / max(len(leaving), 1))
            due = self._due(stay, day)
            self._check_out(stay, due, print_bill=day == self.today)

    def _due(self, stay: StayRow, day: date) -> Leaving:
        found: Leaving = self.office.look(
            stay_queries.leaving,
            stay_id=stay.stay_id,
            business_date=day,
            now=self.moment,
            zone=self.data["zone"],
            options=self.rules,
        )
        return found

    def _check_out(self, stay: StayRow, due: Leaving, *, print_bill: bool) -> None:
        method = self.chance.choices(("WECHAT", "ALIPAY", "CASH", "BANK"), (4, 2, 2, 2))[0]
        account = self.on_account(stay) if due.owed > 0 else None
        pays = Money(0) if account else due.to_pay
        back = due.deposit if account else due.to_refund
        self.money(
            "owner" if account else "clerk",
            stays.check_out.of(
                stay_id=stay.stay_id,
                print_bill=print_bill,
                payments=[self.trades.paid(method, pays)] if pays else [],
                refund=Paid(self._way_back(stay.stay_id), back) if back else None,
                on_account=account,
            ),
        )

    def leave_unsettled(self, day: date) -> None:
        """Let one guest who owes more than the deposit leave without paying."""
        leaving = self.office.look(stay_queries.departures, business_date=day)
        for stay in [one for one in leaving if one.payer == "guest"][::-1]:
            if self._due(stay, day).to_pay:
                why = self.word(self.data["words"]["unsettled"])
                self.money("owner", stays.check_out.of(stay_id=stay.stay_id, unsettled=why))
                return

    def _way_back(self, stay_id: int) -> str:
        found: str = self.office.look(ways.came_by, stay_id=stay_id)
        return found

    def clean(self, day: date) -> None:
        """Housekeeping makes the rooms; the lead passes most of the empty ones."""
        self.at(day, 13)
        taken = {s.room_id for s in self.office.look(stay_queries.in_house, business_date=day)}
        found = self.office.look(room_queries.rooms)
        self.do(
            "housekeeping",
            rooms.set_clean.of(room_ids=[r.id for r in found if r.clean == "dirty"], clean="clean"),
        )
        self.do(
            "housekeeping",
            rooms.set_clean.of(
                room_ids=[r.id for r in found if r.id not in taken and self.chance.random() < 0.8],
                clean="inspected",
            ),
        )

    def arrivals(self, day: date, day_part: float) -> None:
        due: list[LineRow] = self.office.look(reservation_queries.arrivals, business_date=day)
        due = [row for row in due if self.lines[row.line_id].fate != "no_show"]
        free = self._free_rooms(day)
        for n, row in enumerate(due[: round(len(due) * day_part)]):
            self.at(day, 14 + (7.5 if day_part == 1 else 0.9) * n / max(len(due), 1))
            if free[row.type_id]:
                self._check_in(row, free[row.type_id].pop(0))
        walkers = [p for p in self.coming[day] if p.fate == "walks_in"]
        for n, plan in enumerate(walkers[: round(len(walkers) * day_part)]):
            self.at(day, 14.2 + (8 if day_part == 1 else 0.7) * n / max(len(walkers), 1))
            self._walk_in(plan, free[self.type_ids[plan.type_code]])

    def _free_rooms(self, day: date) -> dict[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for room in self.office.look(vacancy.free_rooms, start=day, end=day + DAY * 8):
            if room.clean != "dirty":
                found[room.type_id].append(room.room_id)
        for ids in found.values():
            self.chance.shuffle(ids)
        return found

    def _check_in(self, row: LineRow, room_id: int) -> None:
        c = Random(self.lines[row.line_id].seed)
        guests = [self.person(c), *(self.person(self.chance) for _sharer in range(row.adults - 1))]
        owed = 0 if row.payer == "channel" else row.total
        wanted = charges.deposit_wanted(self.rules, owed, row.nights)
        self.money(
            "clerk",
            stays.check_in.of(
                line_id=row.line_id,
                room_id=room_id,
                guests=guests,
                cards_wanted=row.adults,
                deposit=self.trades.paid(self.chance.choice(("WECHAT", "ALIPAY", "CASH", "BANK")), wanted),
                print_registration=row.arrival == self.today,
            ),
        )

    def _walk_in(self, plan: Plan, free: list[int]) -> None:
        if not free:
            return
        guest, nights = self.person(Random(plan.seed)), min(plan.nights, 3)
        price = next(t["price"] for t in self.types if t["code"] == plan.type_code)
        try:
            self.money(
                "clerk",
                stays.walk_in.of(
                    room_id=free[0],
                    departure=plan.arrival + DAY * nights,
                    guests=[guest],
                    plan_id=1,
                    cards_wanted=1,
                    deposit=self.trades.paid(
                        "WECHAT", charges.deposit_wanted(self.rules, price * nights, nights)
                    ),
                    print_registration=plan.arrival == self.today,
                ),
            )
            free.pop(0)
        except Refused:
            return  # full

    def evening(self, day: date) -> None:
        """A few guests take something from the minibar, have shirts washed or breakfast."""
        inside: list[StayRow] = self.office.look(stay_queries.in_house, business_date=day)
        for n, stay in enumerate(self.chance.sample(inside, len(inside) // 8)):
            self.at(day, 18 + n / 8)
            code, amount, word = self.chance.choice(
                (("MINIBAR", 800, "minibar"), ("LAUNDRY", 2500, "laundry"), ("BREAKFAST", 2800, ""))
            )
            self.money(
                "clerk",
                folios.charge.of(
                    stay_id=stay.stay_id,
                    code=code,
                    amount=Money(amount),
                    quantity=self.chance.choice((1, 1, 2)),
                    text=self.word(self.data["words"][word]) if word else "",
                ),
            )
