"""Bookings: which rooms are promised for when, at which price, with how much in advance."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.money import Money
from pms.services.reservations import queries, service
from pms.services.reservations.models import BookedRoom
from tests.faults.twin.money import METHODS, ODD
from tests.faults.twin.part import DAY, Facts, Part, Step, act, nights

RECENT = 40
"""Of so many latest bookings one is chosen, and so many are compared."""


@dataclass
class Line:
    """A booked room: the type that was booked, the one it counts as, the room, and each night's price."""

    booked: int
    counts: int
    arrival: date
    departure: date
    room: int | None
    state: str = "confirmed"
    prices: dict[date, int] = field(default_factory=dict)


class Bookings(Part):
    """Booked rooms."""

    def __init__(self, hotel) -> None:
        super().__init__(hotel)
        self.lines: dict[int, Line] = {}

    def price(self, type_: int, night: date) -> int:
        """Return the list price: dearer on Friday and Saturday."""
        return self.hotel.prices[type_][night.weekday() in (4, 5)]

    def priced(self, type_: int, wanted: list[date]) -> dict[date, int]:
        """Return the list price of each night."""
        return {night: self.price(type_, night) for night in wanted}

    def to_come(self, line: Line) -> list[date]:
        """Return the nights that a booked room still holds."""
        return nights(max(line.arrival, self.hotel.today), line.departure)

    def some(self, state: str, due: bool = False) -> int | None:
        """Return one of the latest booked rooms, mostly in this state, or also due today."""

        def good(number: int) -> bool:
            line = self.lines[number]
            return line.state == state and (not due or line.arrival <= self.hotel.today)

        return self.mostly(good, list(self.lines)[-RECENT:])

    def give_up(self, number: int, state: str) -> None:
        """Take a booked room out of the house."""
        line = self.lines[number]
        self.hotel.rooms.sell(line.counts, self.to_come(line), -1)
        self.hotel.rooms.release(("line", number), self.hotel.today)
        line.state = state

    def take_room(self, number: int, room: int | None) -> None:
        """Give a booked room the room it had, where it is of the type and nobody holds it now."""
        line, rooms = self.lines[number], self.hotel.rooms
        line.room = None
        if room is not None and rooms.type[room] == line.counts and rooms.free(room, self.to_come(line)):
            rooms.hold(room, self.to_come(line), ("line", number))
            line.room = room

    def _wish(self) -> tuple[service.Wish, list[date]]:
        lot = self.hotel.lot
        type_, arrival = (
            self.any(list(self.hotel.prices)),
            self.hotel.today + DAY * lot.choice((-1, 0, 0, 0, 1, 2)),
        )
        wanted = nights(arrival, arrival + DAY * lot.choice((1, 1, 2, 3)))
        room = self.any(list(self.hotel.rooms.type)) if self.chance(3) else None
        return service.Wish(type_, arrival, wanted[-1] + DAY, plan_id=1, room_id=room), wanted

    def _fits(self, wish: service.Wish, wanted: list[date], line: int = 0) -> bool:
        rooms = self.hotel.rooms
        if wish.arrival < self.hotel.today or not rooms.left(wish.type_id, wanted):
            return False
        return wish.room_id is None or (
            rooms.type[wish.room_id] == wish.type_id and rooms.free(wish.room_id, wanted, line)
        )

    # ------------------------------------------------------------------ what can be done
    @act(8)
    def book(self) -> Step:
        """Book a room."""
        wish, wanted = self._wish()

        def then(answer: int) -> None:
            [number] = self.hotel.house.look(queries.lines_of, number=answer)
            self.add(number, wish.type_id, wanted, wish.room_id)

        name = f"Guest {self.hotel.steps}"
        return Step(service.book.of(guest_name=name, rooms=[wish]), self._fits(wish, wanted), then)

    def add(self, number: int, type_: int, wanted: list[date], room: int | None) -> None:
        """Write a booked room down."""
        self.lines[number] = Line(
            type_, type_, wanted[0], wanted[-1] + DAY, room, prices=self.priced(type_, wanted)
        )
        self.hotel.rooms.sell(type_, wanted)
        if room is not None:
            self.hotel.rooms.hold(room, wanted, ("line", number))

    @act(3)
    def amend(self) -> Step | None:
        """Change a booking's dates, type or room: what it held is free for it."""
        number = self.some("confirmed")
        if number is None:
            return None
        line, rooms, (wish, wanted) = self.lines[number], self.hotel.rooms, self._wish()
        rooms.sell(line.counts, mine := self.to_come(line) if line.state == "confirmed" else [], -1)
        may = line.state == "confirmed" and self._fits(wish, wanted, number)
        rooms.sell(line.counts, mine)

        def then(_none: None) -> None:
            self.give_up(number, "confirmed")
            self.add(number, wish.type_id, wanted, wish.room_id)

        return Step(service.amend.of(line_id=number, wish=wish, guest_name="Changed"), may, then)

    @act(2)
    def cancel(self) -> Step | None:
        """Cancel a booked room."""
        number, why = self.some("confirmed"), self.any(("ill", "ill", ""))
        if number is None:
            return None
        may = self.lines[number].state == "confirmed" and bool(why)
        return Step(
            service.cancel.of(line_id=number, reason=why), may, lambda _n: self.give_up(number, "cancelled")
        )

    @act(1)
    def no_show(self) -> Step | None:
        """Mark who should have come by today as not come."""
        number = self.some("confirmed")
        if number is None:
            return None
        line = self.lines[number]
        may = line.state == "confirmed" and line.arrival <= self.hotel.today
        return Step(service.mark_no_show.of(line_id=number), may, lambda _n: self.give_up(number, "no_show"))

    @act(2)
    def reinstate(self) -> Step | None:
        """Bring a cancelled booking back while rooms last, with its room where that is free."""
        number = self.some("cancelled")
        if number is None:
            return None
        line, wanted = self.lines[number], self.to_come(self.lines[number])
        may = line.state in ("cancelled", "no_show") and bool(wanted)
        may = may and self.hotel.rooms.left(line.counts, wanted)

        def then(whole: bool) -> None:
            had, line.state = line.room, "confirmed"
            self.hotel.rooms.sell(line.counts, wanted)
            self.take_room(number, had)
            assert whole == (line.room == had), "told another room"

        return Step(service.reinstate.of(line_id=number), may, then)

    @act(4)
    def assign_room(self) -> Step | None:
        """Give a booking a room of its type, or take it away."""
        number = self.some("confirmed")
        if number is None:
            return None
        line, rooms = self.lines[number], self.hotel.rooms
        room = None if self.chance(6) else self.any(list(rooms.type))
        fits = room is None or (
            rooms.type[room] == line.counts and rooms.free(room, self.to_come(line), number)
        )

        def then(_none: None) -> None:
            rooms.release(("line", number), self.hotel.today)
            line.room = room
            if room is not None:
                rooms.hold(room, self.to_come(line), ("line", number))

        call = service.assign_room.of(line_id=number, room_id=room)
        return Step(call, line.state == "confirmed" and fits, then)

    @act(2)
    def take_advance(self) -> Step | None:
        """Take money in advance."""
        number, method, agreed = self.some("confirmed"), self.any(METHODS), self.chance(2)
        if number is None:
            return None
        amount = self.hotel.lot.choice((0, 20_000, 120_000))
        may = self.lines[number].state == "confirmed" and self.hotel.shifts.is_open() and amount > 0
        return Step(
            service.take_advance.of(line_id=number, method=method, amount=Money(amount)),
            may and (amount <= ODD or agreed),
            lambda n: self.hotel.ledger.move(
                self.hotel.ledger.purse(method), ("advance", number), amount, "DEPOSIT", number=n
            ),
            agreed,
        )

    @act(2)
    def return_advance(self) -> Step | None:
        """Give money back that was taken in advance, at most what is held."""
        paid = [name[1] for name in self.hotel.ledger.at if isinstance(name, tuple) and name[0] == "advance"]
        number, method = self.any(paid[-RECENT:]), self.any(METHODS)
        if number is None:
            return None
        held = -self.hotel.ledger.at["advance", number]
        amount = self.hotel.lot.choice((100, held, held + 100))
        return Step(
            service.return_advance.of(line_id=number, method=method, amount=Money(amount)),
            0 < amount <= held and self.hotel.shifts.is_open(),
            lambda n: self.hotel.ledger.move(
                ("advance", number), self.hotel.ledger.purse(method), amount, "DEPOSIT", number=n
            ),
        )

    def night(self) -> None:
        """Who was to come and did not is a no-show."""
        for number, line in self.lines.items():
            if line.state == "confirmed" and line.arrival <= self.hotel.today:
                self.give_up(number, "no_show")

    # ------------------------------------------------------------------ compared
    def says(self) -> Facts:
        """Return how the latest booked rooms stand."""
        return {
            ("booking", number): (line.state, line.counts, line.room, line.arrival, line.departure)
            for number, line in list(self.lines.items())[-RECENT:]
        }

    def shows(self, session: Session) -> Facts:
        """Return the same from the hotel's books."""
        b, wanted = BookedRoom, list(self.lines)[-RECENT:]
        rows = session.execute(
            select(b.id, b.state, b.counted_type_id, b.room_id, b.arrival, b.departure).where(
                b.id.in_(wanted)
            )
        )
        return {("booking", row.id): tuple(row)[1:] for row in rows}
