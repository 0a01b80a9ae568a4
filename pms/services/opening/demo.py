"""Found the demonstration hotel: a house in full swing, made by the very operations that a desk uses.

Everything is decided by one seed, so the same moment gives the same hotel. The data are in
``resources/demo``.
"""

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import update

from pms.core import i18n
from pms.core.clock import local
from pms.core.errors import NeedsConfirmation, Refused
from pms.core.money import Money
from pms.core.office import Clerk
from pms.core.operation import Call
from pms.core.options import Options
from pms.core.permissions import Permission
from pms.db.base import PrintJob
from pms.db.office import NOBODY, DatabaseOffice
from pms.db.work import Work, operation
from pms.services.cards.models import Card
from pms.services.folios import service as folios
from pms.services.folios import ways
from pms.services.guests.person import Person
from pms.services.night_audit import service as night_audit
from pms.services.property import queries as property_queries
from pms.services.rates import service as rates
from pms.services.reservations import queries as reservation_queries
from pms.services.reservations import service as reservations
from pms.services.reservations.proof import OPEN_TO_ALL
from pms.services.reservations.queries import LineRow
from pms.services.reservations.service import Wish
from pms.services.rooms import queries as room_queries
from pms.services.rooms import service as rooms
from pms.services.shifts import queries as shift_queries
from pms.services.shifts import service as shifts
from pms.services.staff import service as staff
from pms.services.staff.models import Staff
from pms.services.stays import charges, vacancy
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.services.stays.queries import StayRow
from pms.services.stays.service import Paid

from . import demo_chasing, demo_companies
from . import service as opening
from .demo_trades import Trades
from .service import FloorPlan, Hotel, TypePlan

DATA = Path(__file__).parents[3] / "resources" / "demo" / "hotel.json"
DAY = timedelta(days=1)
FLOAT = Money(500000)
AGREEMENT = 3
"""The number of the plan that companies have."""
DAWN = 6
"""Before this hour the hotel's business date is still the day before."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Size:
    """How much of the demonstration to make: days behind and ahead, and which part of the floors."""

    past: int = 7
    ahead: int = 83
    floors: int = 12


@dataclass(frozen=True)
class Plan:
    """One booking that the story has in store."""

    made: date
    arrival: date
    nights: int
    type_code: str
    fate: str
    seed: int


def owner() -> tuple[str, str]:
    """Return the sign-in name of the owner and the password of everybody."""
    data = json.loads(DATA.read_text("utf-8"))
    return data["owner"]["login"], data["password"]


def found(
    office: DatabaseOffice,
    now: datetime,
    *,
    size: Size = Size(),
    progress: Progress = lambda done, days: None,
) -> None:
    """Found the hotel in an empty database as it would stand at ``now``; takes some seconds. Nobody is signed
    in afterwards."""
    kept = office.clock, office.ids, office.station
    numbers = count(1)
    office.ids = lambda: f"demo-{next(numbers)}"
    try:
        Story(office, now, size, progress).tell()
    finally:
        office.clock, office.ids, office.station = kept
        office.clerk = NOBODY


R = TypeVar("R")


@dataclass
class Story:
    """The hotel's days one after the other up to the present moment."""

    office: DatabaseOffice
    now: datetime
    size: Size
    progress: Progress
    people: dict[str, Clerk] = field(default_factory=dict)
    coming: dict[date, list[Plan]] = field(default_factory=lambda: defaultdict(list))
    lines: dict[int, Plan] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.data: dict[str, Any] = json.loads(DATA.read_text("utf-8"))
        self.chance = Random(self.data["seed"])
        self.zone = ZoneInfo(self.data["zone"])
        here = local(self.now, self.data["zone"])
        self.today = here.date() - DAY if here.hour < DAWN else here.date()
        self.first = self.today - DAY * self.size.past
        self.moment = self.now

    def tell(self) -> None:
        """Found the house, then live its days."""
        self.office.clock = lambda: self.moment
        self._found()
        self._foresee()
        self.trades = Trades(
            self.office, self.data, self.word, self.do, self.money, Random(self.data["seed"] + 1)
        )
        self.at(self.first, 6.5)
        self.trades.open_shop()
        for n in range(self.size.past):
            self._whole_day(self.first + DAY * n)
            self.progress(n + 1, self.size.past + 1)
        self._today()
        self.do("owner", _papers_are_out.of())
        self.progress(self.size.past + 1, self.size.past + 1)

    # -------------------------------------------------------------- tools
    def word(self, entry: dict[str, Any]) -> Any:
        """Return the entry in the language of the screens."""
        return entry[i18n.language()]

    def at(self, day: date, hour: float) -> None:
        """Set the clock, never later than the present."""
        wall = datetime.combine(day, time(), self.zone).astimezone(UTC) + timedelta(minutes=round(hour * 60))
        self.moment = min(wall, self.now)

    def do(self, who: str, call: Call[R], intent: str | None = None) -> R:
        """Have one of the staff do something."""
        self.office.clerk = self.people[who]
        try:
            return self.office.do(call, intent=intent)
        except NeedsConfirmation as asked:  # read again: it is right
            return self.office.do(call, intent=intent, confirmed=frozenset({asked.token}))

    def money(self, who: str, call: Call[R]) -> R:
        """Have one of the staff move money."""
        return self.do(who, call, intent=self.office.new_intent())

    @cached_property
    def type_ids(self) -> dict[str, int]:
        """Return the room types by code."""
        return {t.code: t.id for t in self.office.look(room_queries.types)}

    @cached_property
    def plan_ids(self) -> list[tuple[int, int]]:
        """Return rate plans with their weights; the rack rate takes the rest."""
        made = [(n + 2, p["weight"]) for n, p in enumerate(self.data["plans"])]
        return [(1, 100 - sum(w for _plan, w in made)), *made]

    @cached_property
    def rules(self) -> Options:
        """Return the hotel's rules."""
        rules: Options = self.office.look(property_queries.setting).options
        return rules

    # -------------------------------------------------------------- the house
    def _found(self) -> None:
        self.at(self.first, 7)
        d, floors = self.data, self.data["floors"][: self.size.floors]
        codes = {f["type"] for f in floors}
        self.types = [t for t in d["types"] if t["code"] in codes]
        self.office.do(
            opening.found.of(
                hotel=Hotel(
                    self.word(d["name"]),
                    d["zone"],
                    self.first,
                    tuple(
                        TypePlan(t["code"], self.word(t), t["price"], t["weekend"], t["beds"])
                        for t in self.types
                    ),
                    tuple(FloorPlan(f["floor"], f["type"], f["first"], f["last"]) for f in floors),
                    d["owner"]["login"],
                    self.word(d["owner"]),
                    d["password"],
                    options=Options(
                        phone=d["phone"],
                        address=self.word(d["address"]),
                        wifi=d["wifi"],
                        inventory_days=self.size.ahead + 60,
                        float_amount=FLOAT,
                    ),
                    years=2,
                )
            ),
        )
        self.people["owner"] = Clerk(1, self.word(d["owner"]), "owner", frozenset())
        for p in d["staff"]:
            number = self.do(
                "owner",
                staff.take_on.of(
                    login=p["login"],
                    name=self.word(p),
                    password=d["password"],
                    role=p["role"],
                    language=i18n.language(),
                ),
            )
            self.people[p["role"]] = Clerk(number, self.word(p), p["role"], frozenset())
        for p in d["plans"]:
            self.do(
                "owner",
                rates.add_plan.of(
                    code=p["code"],
                    name=self.word(p),
                    kind=p["kind"],
                    base_id=1,
                    basis_points=p["basis_points"],
                ),
            )
        names, signers = self.word(d["companies"]), [self.word(p) for p in d["staff"]][::-1]
        self.companies = demo_companies.enter(self.do, names, signers, AGREEMENT, self.first)
        self.channels = demo_companies.agree(self.office, self.do)

    # -------------------------------------------------------------- what will come
    def _foresee(self) -> None:
        """Decide all bookings, from full to sparse; the first evening fills the house at once."""
        house = len(self.office.look(room_queries.rooms))
        for n in range(self.size.past + self.size.ahead):
            arrival = self.first + DAY * n
            weekend = arrival.weekday() in (4, 5)
            wanted = house * (0.66 if n == 0 else 0.5 if weekend else 0.39)
            for _guest in range(round(wanted * self.chance.uniform(0.85, 1.15))):
                self._foresee_one(arrival)

    def _foresee_one(self, arrival: date) -> None:
        c = self.chance
        lead = 0 if c.random() < 0.22 else round(c.expovariate(1 / (9 if c.random() < 0.6 else 34)))
        nights = c.choices((1, 2, 3, 4, 6), (46, 30, 14, 7, 3))[0]
        fate = c.choices(("comes", "cancelled", "no_show"), (90, 7, 3))[0]
        kind = c.choices([t["code"] for t in self.types], [t["weight"] for t in self.types])[0]
        made = max(arrival - DAY * lead, self.first)
        if made <= self.today:
            self.coming[made].append(
                Plan(made, arrival, nights, kind, "walks_in" if made == arrival else fate, c.getrandbits(40))
            )

    def _person(self, c: Random) -> Person:
        if c.random() < 0.14:
            n = c.randrange(len(self.data["western"]))
            return Person(
                self.data["western"][n],
                nationality=self.data["nations"][n],
                document_type="passport",
                document=f"P{c.randrange(10**6, 10**7)}",
                phone=f"+{c.randrange(30, 99)} {c.randrange(10**8, 10**9)}",
            )
        name = c.choice(self.data["surnames"]) + c.choice(self.data["given"])
        document = "" if c.random() < 0.04 else _resident_number(c)
        return Person(
            name,
            nationality="CHN",
            phone=f"13{c.randrange(10**8, 10**9)}",
            document_type="id_card" if document else "",
            document=document,
        )

    # -------------------------------------------------------------- a day
    def _whole_day(self, day: date) -> None:
        shift_id = self._open_shift(day)
        self._departures(day, day_part=1.0)
        self._clean(day)
        self._bookings(day)
        self._arrivals(day, day_part=1.0)
        self._evening(day)
        self._other_trades(day)
        self._close_shift(day, shift_id)
        self.at(day + DAY, 2)
        self.do("auditor", night_audit.begin.of(business_date=day))
        self.do("auditor", night_audit.close.of(business_date=day))
        for step in ("report", "backup"):
            self.do("auditor", night_audit.step_done.of(business_date=day, step=step))

    def _open_shift(self, day: date) -> int:
        self.at(day, 7)
        number: int = self.money("clerk", shifts.open_shift.of(float_amount=FLOAT))
        return number

    def _close_shift(self, day: date, shift_id: int) -> None:
        """Count exactly what the drawer holds; all of it goes to the safe."""
        self.at(day, 23.5)
        left, pieces = max(int(self.office.look(shift_queries.expected, shift_id=shift_id)), 0), {}
        for kind in sorted(self.rules.denominations, reverse=True):
            pieces[str(kind)], left = divmod(left, kind)
        told = self.do("clerk", shifts.count.of(shift_id=shift_id, pieces=pieces))
        self.trades.count_shop(shift_id)
        reason = self.word(self.data["words"]["change"]) if told.over_short else ""
        self.money("clerk", shifts.close.of(shift_id=shift_id, left=Money(0), reason=reason))

    def _departures(self, day: date, day_part: float) -> None:
        leaving: list[StayRow] = self.office.look(stay_queries.departures, business_date=day)
        for n, stay in enumerate(leaving[: round(len(leaving) * day_part)]):
            self.at(day, 7.5 + 4.2 * n / max(len(leaving), 1))
            due = self.office.look(
                stay_queries.leaving,
                stay_id=stay.stay_id,
                business_date=day,
                now=self.moment,
                zone=self.data["zone"],
                options=self.rules,
            )
            method = self.chance.choices(("WECHAT", "ALIPAY", "CASH", "BANK"), (4, 2, 2, 2))[0]
            self.money(
                "clerk",
                stays.check_out.of(
                    stay_id=stay.stay_id,
                    print_bill=day == self.today,
                    payments=[self.trades.paid(method, due.to_pay)] if due.to_pay else [],
                    refund=Paid(self._way_back(stay.stay_id), due.to_refund) if due.to_refund else None,
                ),
            )

    def _way_back(self, stay_id: int) -> str:
        found: str = self.office.look(ways.came_by, stay_id=stay_id)
        return found

    def _clean(self, day: date) -> None:
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

    def _bookings(self, day: date) -> None:
        plans = [p for p in self.coming[day] if p.fate != "walks_in"]
        for n, plan in enumerate(plans):
            self.at(day, 8 + 5.5 * n / max(len(plans), 1))
            self._book(plan)
        for line_id, plan in sorted(self.lines.items()):
            decided = day == plan.arrival or Random(plan.seed + day.toordinal()).random() < 0.2
            if plan.fate == "cancelled" and plan.made < day <= plan.arrival and decided:
                self.do(
                    "clerk",
                    reservations.cancel.of(
                        line_id=line_id, reason=self.word(self.data["words"]["cancelled"])
                    ),
                )
                del self.lines[line_id]

    def _book(self, plan: Plan) -> None:
        c = Random(plan.seed)
        guest = self._person(c)
        plan_id = c.choices(*zip(*self.plan_ids, strict=True))[0]
        several = 2 if c.random() < 0.05 else 1
        wish = Wish(
            self.type_ids[plan.type_code],
            plan.arrival,
            plan.arrival + DAY * plan.nights,
            c.choice((1, 1, 2)),
            plan_id=plan_id,
        )
        company = c.choice(self.word(self.data["companies"])) if plan_id == AGREEMENT else ""
        kinds = ["rack", *(p["kind"] for p in self.data["plans"])]
        channel = c.choice(self.word(self.data["channels"])) if not company else ""
        try:
            number = self.do(
                "clerk" if company or kinds[plan_id - 1] in OPEN_TO_ALL else "manager",
                reservations.book.of(
                    guest_name=guest.name,
                    rooms=[wish] * several,
                    phone=guest.phone,
                    company=company,
                    state=c.choices(("confirmed", "guaranteed", "tentative"), (60, 32, 8))[0],
                    channel=channel,
                    company_number=self.companies.get(company),
                    channel_number=self.channels.get(channel),
                    source="channel" if channel else "company" if company else "phone",
                    remarks=c.choice(self.word(self.data["remarks"])) if c.random() < 0.1 else "",
                ),
            )
        except Refused:
            return  # the house is full on these nights, as houses are
        for line_id in self.office.look(reservation_queries.lines_of, number=number):
            self.lines[line_id] = plan

    def _arrivals(self, day: date, day_part: float) -> None:
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
        guests = [self._person(c), *(self._person(self.chance) for _sharer in range(row.adults - 1))]
        wanted = charges.deposit_wanted(self.rules, row.total, row.nights)
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
        guest, nights = self._person(Random(plan.seed)), min(plan.nights, 3)
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

    def _evening(self, day: date) -> None:
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

    def _here_and_gone(self, day: date) -> tuple[list[StayRow], list[StayRow]]:
        return self.office.look(stay_queries.in_house, business_date=day), self.office.look(
            stay_queries.departed, business_date=day
        )

    def _other_trades(self, day: date) -> None:
        """A bag that stays, a thing that was left, a few sales."""
        inside, left = self._here_and_gone(day)
        self.at(day, 21)
        self.trades.store(left, day)
        if left:
            self.trades.find(left[-1].room, day.toordinal())
        self.trades.sell(inside, most=5)

    # -------------------------------------------------------------- the present day
    def _today(self) -> None:
        """Leave the desk in the middle of its day: some have left, some have come, some rooms wait."""
        self._open_shift(self.today)
        self._departures(self.today, day_part=0.55)
        self._chased()
        self._half_clean()
        self._bookings(self.today)
        self._blocks()
        self._assign()
        self._arrivals(self.today, day_part=0.4)
        self._odd_rooms()
        self.at(self.today, 14.95)
        inside, left = self._here_and_gone(self.today)
        self.trades.today(self.today, inside, left)

    def _chased(self) -> None:
        self.at(self.today, 11.8)
        demo_chasing.stay_on(self.office, self.do, self.today)
        self.at(self.today, 12.2)
        demo_chasing.call(self.office, self.do)

    def _half_clean(self) -> None:
        self.at(self.today, 12.5)
        dirty = [r.id for r in self.office.look(room_queries.rooms) if r.clean == "dirty"]
        empty = {
            r.room_id for r in self.office.look(vacancy.free_rooms, start=self.today, end=self.today + DAY)
        }
        waiting = set(self.chance.sample(dirty, len(dirty) * 2 // 5))
        self.do(
            "housekeeping", rooms.set_clean.of(room_ids=[r for r in dirty if r not in waiting], clean="clean")
        )
        self.do(
            "housekeeping",
            rooms.set_clean.of(
                room_ids=[r for r in sorted(empty - waiting) if self.chance.random() < 0.6], clean="inspected"
            ),
        )

    def _blocks(self) -> None:
        self.at(self.today, 13)
        free = [
            r.room_id
            for r in self.office.look(vacancy.free_rooms, start=self.today, end=self.today + DAY * 5)
        ]
        for block in self.data["blocks"]:
            if not free:
                return
            room_id = free.pop(block["room"] % len(free))
            try:
                self.do(
                    "manager",
                    rooms.block.of(
                        room_id=room_id,
                        kind=block["kind"],
                        reason=self.word(block),
                        start=self.today,
                        end=self.today + DAY * block["nights"],
                    ),
                )
            except Refused:
                continue  # its type is sold out: the repair waits

    def _assign(self) -> None:
        """Give rooms to half of those who are expected, so that the board shows them."""
        self.at(self.today, 13.3)
        for row in self.office.look(reservation_queries.arrivals, business_date=self.today)[1::2]:
            free = self.office.look(
                vacancy.free_rooms, start=row.arrival, end=row.departure, type_id=row.type_id
            )
            if free:
                self.do("clerk", reservations.assign_room.of(line_id=row.line_id, room_id=free[0].room_id))

    def _odd_rooms(self) -> None:
        """What housekeeping saw in some rooms, two of them not as the desk believes."""
        self.at(self.today, 14.9)
        inside: list[StayRow] = self.office.look(stay_queries.in_house, business_date=self.today)
        seen = self.chance.sample(inside, min(6, len(inside)))
        for n, stay in enumerate(seen):
            heads = stay.adults + stay.children
            self.do(
                "housekeeping",
                rooms.report_seen.of(room_id=stay.room_id, persons={0: 0, 1: heads + 1}.get(n, heads)),
            )
        for stay, remark in zip(reversed(seen), ("dnd", "make_up", "light_luggage"), strict=False):
            self.do("housekeeping", rooms.set_remarks.of(room_id=stay.room_id, remarks=[remark]))


@operation(Permission.PROPERTY_EDIT)
def _papers_are_out(work: Work) -> None:
    """The papers and cards of the story came out of printers and an encoder that are not there: none
    waits. Everybody has the one password that the demonstration tells."""
    j = PrintJob
    work.session.execute(
        update(j)
        .where(j.state == "queued")
        .values(state="printed", printed_at=j.at)
        .execution_options(synchronize_session=False)
    )
    work.session.execute(
        update(Card)
        .where(Card.state == "pending")
        .values(state="valid")
        .execution_options(synchronize_session=False)
    )
    work.session.execute(update(Staff).values(must_change=False).execution_options(synchronize_session=False))
    work.touch("print_jobs", "cards", "staff")


def _resident_number(c: Random) -> str:
    """Return an invented resident number of an area that was never given out, with its right check sign."""
    born = date(1962, 1, 1) + DAY * c.randrange(15500)
    body = f"330100{born:%Y%m%d}{c.randrange(1000):03d}"
    total = sum(int(figure) * 2 ** (17 - n) for n, figure in enumerate(body))
    return body + "10X98765432"[total % 11]
