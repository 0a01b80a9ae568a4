"""A small hotel for tests, built through the very operations that the program calls."""

import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

from sqlalchemy import Engine, update

from pms.core.errors import NeedsApproval
from pms.core.office import Approval, Clerk
from pms.core.operation import Call, Operation
from pms.core.options import Band, Options
from pms.db.office import DatabaseOffice
from pms.duties import ALL
from pms.services.approvals import door
from pms.services.approvals import service as approvals
from pms.services.business_day.queries import context
from pms.services.opening import service as opening
from pms.services.opening.service import FloorPlan, Hotel, TypePlan
from pms.services.property import queries as property_queries
from pms.services.reservations import queries as reservation_queries
from pms.services.reservations import service as reservations
from pms.services.reservations.service import Wish
from pms.services.rooms import queries as room_queries
from pms.services.staff.models import Staff


class Secret(bytes):
    """The sub keys of the test hotels: as bytes the one that chains the trail and opens the file."""

    sign = "0badcafe"

    @property
    def database(self) -> bytes:
        return bytes(self)

    @property
    def chain(self) -> bytes:
        return bytes(self)

    @property
    def seal(self) -> bytes:
        return bytes(reversed(self))

    @property
    def mark(self) -> bytes:
        return bytes(n ^ 255 for n in self)


SECRET = Secret(range(32))
TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
PASSWORD = "correct horse"
SMALL = Hotel(
    "云栖酒店",
    "Asia/Shanghai",
    TODAY,
    (TypePlan("TWN", "Twin", 25800, 29800), TypePlan("BIG", "Queen", 26800, 29800)),
    (FloorPlan(2, "TWN", 1, 4), FloorPlan(3, "BIG", 1, 4)),
    "boss",
    "Zhang Li",
    PASSWORD,
    options=Options(inventory_days=60, shifts=False, day_use_bands=(Band("00:00", "0", "free"),)),
    years=1,
)
"""Money needs no shift here and the use of a room by day is free, so that a test may check in and out without
either; theirs switch them on."""


BOSS = Clerk(1, "Zhang Li", "owner", ALL)
"""The owner of the test hotels."""


class Clock:
    """A clock that stands where it is set, on the property's wall."""

    def __init__(self, day: date = TODAY, hour: float = 14.5) -> None:
        self.now = self._at(day, hour)

    @staticmethod
    def _at(day: date, hour: float) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour - 8)

    def set(self, day: date, hour: float) -> None:
        self.now = self._at(day, hour)

    def __call__(self) -> datetime:
        return self.now


class Direct(DatabaseOffice):
    """An office whose ``do`` takes an operation with its fields as well as a call of it."""

    def do(self, wanted, *, intent=None, confirmed=frozenset(), approval=None, **fields):
        """Run a call, or an operation, or a plain function of the work, with its fields; ``approval`` may be
        the person who agrees to what is asked about, or signs."""
        if not isinstance(wanted, Call):
            made = wanted if isinstance(wanted, Operation) else Operation(wanted, None)
            wanted = made.of(**fields)
        if isinstance(approval, Clerk):
            who, approval = approval, None
            try:
                return super().do(wanted, intent=intent, confirmed=confirmed)
            except NeedsApproval as wish:
                approval = self.word(who, wish)
        return super().do(wanted, intent=intent, confirmed=confirmed, approval=approval)

    def ask(self, query, *args, **fields):
        """Ask a query as a screen does. A test looks whoever sits there: it is not what is tested, but for
        the tests of rights, which ask as a screen (``asked``)."""
        if sys._getframe(1).f_globals["__name__"].startswith("tests."):
            return self.look(query, *args, **fields)
        return self.asked(query, *args, **fields)

    def asked(self, query, *args, **fields):
        """Ask as a screen does, with the rights of whoever sits there."""
        return super().ask(query, *args, **fields)

    def word(self, who: Clerk, wish: NeedsApproval) -> Approval:
        """Return a person's word for what ``wish`` asks, as the door keeps it once the password is right."""
        kept = approvals.keep.of(
            staff_id=who.id,
            action=wish.action,
            act=wish.act,
            reasons=wish.reasons,
            how="signature" if wish.own else "password",
        )
        return Approval(super().do(kept), who.id, who.name)


class House(Direct):
    """An office with shortcuts that a test needs again and again."""

    clock: Clock

    def type_id(self, code: str) -> int:
        return next(t.id for t in self.ask(room_queries.types) if t.code == code)

    def room_id(self, number: str) -> int:
        return next(r.id for r in self.ask(room_queries.rooms) if r.number == number)

    def book(
        self,
        name: str = "Wang Yaqin",
        type_code: str = "BIG",
        nights: int = 2,
        start: date | None = None,
        **fields: object,
    ) -> int:
        """Book one room and return its line."""
        arrival = start or self.house().business_date
        wish = Wish(
            self.type_id(type_code),
            arrival,
            arrival + timedelta(days=nights),
            plan_id=None if "prices" in fields else 1,
            prices=fields.pop("prices", None),
            room_id=fields.pop("room_id", None),
        )  # type: ignore[arg-type]
        number = self.do(reservations.book, guest_name=name, rooms=[wish], **fields)
        line: int = self.ask(reservation_queries.lines_of, number=number)[0]
        return line

    def context_options(self) -> Options:
        """Return the hotel's rules as they stand."""
        return self.ask(property_queries.setting).options

    def at_night(self) -> date:
        """Set the clock to two in the morning after the business date, when it may be closed, and return the
        business date."""
        today = self.house().business_date
        self.clock.set(today + DAY, 2)
        return today

    def next_day(self) -> None:
        """Close the day as the night audit does, at two in the morning; then it is ten."""
        from pms.services.night_audit import service as night_audit

        today = self.at_night()
        self.do(night_audit.close, business_date=today)
        self.clock.set(today + DAY, 10)


def settle(house: House) -> None:
    """Let everybody have set a password of their own already: the one they were taken on with."""
    with house.engine.begin() as connection:
        connection.execute(update(Staff).values(must_change=False))


def office(engine: Engine, hotel: Hotel = SMALL, *, found: bool = True) -> House:
    """Return the office of a hotel, set up unless told otherwise, with its owner signed in."""
    from pms.duties import offered

    numbers = count(1)
    made = House(
        engine,
        SECRET,
        context,
        Clock(hotel.business_date),
        ids=lambda: f"key-{next(numbers)}",
        offers=offered(),
        wait=lambda seconds: None,
        door=door,
    )
    made.ticks = lambda _session: int(made.clock.now.timestamp() * 1000)
    if found:
        made.do(opening.found, hotel=hotel)
    made.clerk = replace(BOSS, name=hotel.owner_name)
    return made
