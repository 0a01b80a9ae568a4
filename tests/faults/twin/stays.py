"""Stays: who is in which room until when, what the clock asks of them, and how they settle."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.money import Money
from pms.services.guests.person import Person
from pms.services.stays import queries, service
from pms.services.stays.models import Stay
from pms.services.stays.service import Paid
from tests.faults.twin.money import METHODS, Posting
from tests.faults.twin.part import DAY, Facts, Part, Step, act, nights

RECENT = 40


@dataclass
class Guest:
    """A stay; ``had``: the room that was promised at the check-in, ``at_desk``: booked in the same step,
    ``act``: the step of the check-out, ``planned``: the departure given up by it."""

    line: int
    room: int
    arrival: date
    departure: date
    had: int | None
    at_desk: bool
    state: str = "in_house"
    left_on: date | None = None
    planned: date | None = None
    act: int = 0
    unsettled: bool = False


class Stays(Part):
    """The guests in house."""

    def __init__(self, hotel) -> None:
        super().__init__(hotel)
        self.all: dict[int, Guest] = {}

    def here(self) -> list[Guest]:
        """Return the guests in house."""
        return [guest for guest in self.all.values() if guest.state == "in_house"]

    def is_here(self, stay: int) -> bool:
        """Say whether a guest is in house."""
        return self.all[stay].state == "in_house"

    def somebody(self, state: str = "in_house") -> int | None:
        """Return one of the latest stays, mostly in this state."""
        return self.mostly(lambda n: self.all[n].state == state, list(self.all)[-RECENT:])

    def uses(self, room: int, start: date) -> bool:
        """Say whether a guest is in a room on a day or later; one who is to leave today is in it today."""
        here = [g for g in self.here() if g.room == room]
        return any(g.departure > start or start <= self.hotel.today for g in here)

    def _empty(self, room: int) -> bool:
        return all(guest.room != room for guest in self.here())

    def _due(self, guest: Guest) -> tuple[str, int]:
        """Return what the clock asks of one who leaves now: half a night from noon, a whole one from six."""
        hour, today = self.hotel.hour, self.hotel.today
        if guest.arrival == today or hour < 12:
            return "", 0
        prices = self.hotel.bookings.lines[guest.line].prices
        price = prices[max(night for night in prices if night <= today)]
        return ("FULL", price) if hour >= 18 else ("HALF", price // 2)

    # ------------------------------------------------------------------ coming
    @act(8)
    def check_in(self) -> Step | None:
        """Check a booked guest in, with or without a deposit."""
        number, agreed = self.hotel.bookings.some("confirmed", due=True), not self.chance(5)
        if number is None:
            return None
        line, rooms = self.hotel.bookings.lines[number], self.hotel.rooms
        room = self.mostly(lambda r: self._fits(number, r, agreed), list(rooms.type))
        paid = Paid(self.any(METHODS), Money(self.any((10_000, 30_000)))) if self.chance(3) else None
        may = (
            line.state == "confirmed"
            and line.arrival <= self.hotel.today
            and self._fits(number, room, agreed)
        )
        return Step(
            service.check_in.of(line_id=number, room_id=room, deposit=paid, print_registration=False),
            may and (paid is None or self.hotel.shifts.is_open()),
            lambda stay: self._come(stay, number, room, paid, at_desk=False),
            agreed,
        )

    def _fits(self, number: int, room: int, agreed: bool) -> bool:
        """Say whether a booked guest can have a room from tonight on."""
        line, rooms = self.hotel.bookings.lines[number], self.hotel.rooms
        wanted = nights(self.hotel.today, line.departure)
        same = rooms.type[room] == line.counts
        return (
            (same or rooms.left(rooms.type[room], wanted))
            and rooms.free(room, wanted, number)
            and self._empty(room)
            and (rooms.clean[room] != "dirty" or agreed)
        )

    def _move(self, number: int, room: int, wanted: list[date]) -> None:
        """Give a booked room these nights in a room, counted as one of its type."""
        line, rooms = self.hotel.bookings.lines[number], self.hotel.rooms
        rooms.release(("line", number), self.hotel.today)
        rooms.sell(line.counts, wanted, -1)
        rooms.sell(rooms.type[room], wanted)
        rooms.hold(room, wanted, ("line", number))
        line.counts, line.room = rooms.type[room], room

    def _come(self, stay: int, number: int, room: int, paid: Paid | None, at_desk: bool) -> None:
        line, move = self.hotel.bookings.lines[number], self.hotel.ledger.move
        start = max(line.arrival, self.hotel.today)
        guest = self.all[stay] = Guest(number, room, start, line.departure, line.room, at_desk)
        self._move(number, room, nights(self.hotel.today, line.departure))
        line.state = "in_house"
        if self.hotel.hour < 10:
            move(("guest", stay), "EARLY", line.prices[guest.arrival] // 2, "EARLY", stay)
        advance = -self.hotel.ledger.at["advance", number]
        move(("advance", number), ("deposit", stay), advance, "DEPOSIT", stay)
        if paid is not None:
            move(self.hotel.ledger.purse(paid.method), ("deposit", stay), paid.amount, "DEPOSIT", stay)

    @act(4)
    def walk_in(self) -> Step:
        """Check in a guest without a booking."""
        rooms, today, agreed = self.hotel.rooms, self.hotel.today, not self.chance(5)
        room, wanted = (
            self.any(list(rooms.type)),
            nights(today, today + DAY * self.hotel.lot.choice((1, 2, 3))),
        )
        type_ = rooms.type[room]
        may = rooms.left(type_, wanted) and rooms.free(room, wanted) and self._empty(room)

        def then(stay: int) -> None:
            number = self.hotel.house.look(lambda s: s.get_one(Stay, stay).line_id)
            self.hotel.bookings.add(number, type_, wanted, room)
            self._come(stay, number, room, None, at_desk=True)

        people, end = [Person(f"Guest {self.hotel.steps}")], wanted[-1] + DAY
        call = service.walk_in.of(
            room_id=room, departure=end, guests=people, plan_id=1, print_registration=False
        )
        return Step(call, may and (rooms.clean[room] != "dirty" or agreed), then, agreed)

    # ------------------------------------------------------------------ staying
    @act(4)
    def extend(self) -> Step | None:
        """Change the day of departure."""
        stay = self.somebody()
        if stay is None:
            return None
        end = self.hotel.today + DAY * self.hotel.lot.choice((-1, 0, 1, 2, 3))
        may = self.is_here(stay) and self.may_be_moved(stay, end)
        return Step(service.extend.of(stay_id=stay, departure=end), may, lambda _none: self.moved(stay, end))

    def may_be_moved(self, stay: int, end: date) -> bool:
        """Say whether a guest in house may leave on another day."""
        guest, rooms = self.all[stay], self.hotel.rooms
        counts, more = self.hotel.bookings.lines[guest.line].counts, nights(guest.departure, end)
        may = end >= self.hotel.today and end != guest.departure and end > guest.arrival
        return may and rooms.left(counts, more) and rooms.free(guest.room, more, guest.line)

    def moved(self, stay: int, end: date) -> None:
        """Let a guest leave on another day."""
        guest, rooms = self.all[stay], self.hotel.rooms
        line = self.hotel.bookings.lines[guest.line]
        more, fewer = nights(guest.departure, end), nights(end, guest.departure)
        rooms.sell(line.counts, fewer, -1)
        rooms.release(("line", guest.line), end)
        rooms.sell(line.counts, more)
        rooms.hold(guest.room, more, ("line", guest.line))
        line.prices = {n: p for n, p in line.prices.items() if n < end}
        line.prices |= self.hotel.bookings.priced(rooms.type[guest.room], more)
        guest.departure = line.departure = end

    @act(3)
    def change_room(self) -> Step | None:
        """Move a guest to another room from tonight on."""
        stay, agreed = self.somebody(), not self.chance(5)
        if stay is None:
            return None
        guest, rooms, today = self.all[stay], self.hotel.rooms, self.hotel.today
        wanted = nights(today, guest.departure)
        room = self.mostly(lambda r: self._fits(guest.line, r, agreed), list(rooms.type))
        may = self.is_here(stay) and room != guest.room and self._fits(guest.line, room, agreed)
        if not wanted:
            may = may and rooms.held.get((room, today), ("line", 0))[0] != "block"

        def then(_none: None) -> None:
            rooms.clean[guest.room] = "dirty"
            self._move(guest.line, room, wanted)
            guest.room = room

        call = service.change_room.of(stay_id=stay, room_id=room, reason="noise", cards_wanted=0)
        return Step(call, may, then, agreed)

    # ------------------------------------------------------------------ leaving
    @act(7)
    def check_out(self) -> Step | None:
        """Check a guest out: settled to the cent, with nothing paid, or left unsettled."""
        stay = self.somebody()
        return (
            None
            if stay is None
            else self.leave(stay, self.any(("even", "even", "even", "nothing", "open", "company")))
        )

    def leave(self, stay: int, how: str) -> Step:
        """Return the check-out of a guest."""
        guest, ledger = self.all[stay], self.hotel.ledger
        code, extra = self._due(guest) if self.is_here(stay) else ("", 0)
        rule = self.hotel.routing.rule_for(stay, code, extra)
        own = extra if rule is None else max(extra - (extra if rule.left() is None else rule.left()), 0)
        names, held = self.hotel.windows.names(stay), -ledger.at["deposit", stay]
        owed = {w: ledger.at[name] + (own if w == "A" else 0) for w, name in names.items()}
        used = dict.fromkeys(owed, 0)
        for window in owed if how != "company" else ():
            used[window] = min(held, max(owed[window], 0))
            owed[window], held = owed[window] - used[window], held - used[window]
        whole, credit = how in ("even", "company"), sum(max(-rest, 0) for rest in owed.values())
        way, back = self.any(METHODS), held + credit if whole else held * (how == "open")
        pays = {w: rest for w, rest in owed.items() if how == "even" and rest > 0}
        even = whole or (how == "open") or (not any(owed.values()) and held == 0)

        def then(_none: None) -> None:
            purse, deposit, rest = ledger.purse(way), ("deposit", stay), back - min(back, held)
            self.hotel.routing.charge(stay, code, extra)
            for window, folio in names.items():
                ledger.move(deposit, folio, used[window], "APPLY", stay)
                ledger.move(purse, folio, pays.get(window, 0), way, stay)
            ledger.move(deposit, purse, min(back, held), "DEPOSIT", stay)
            for window, folio in names.items():
                part = min(rest, max(-owed[window], 0))
                ledger.move(folio, purse, part, way, stay)
                rest -= part
            for folio in names.values() if how == "company" else ():
                if ledger.at[folio] > 0:
                    self.hotel.debts.bill(stay, ledger.at[folio])
                    ledger.move(self.hotel.debts.account, folio, ledger.at[folio], "COMPANY", stay)
            guest.unsettled = any(ledger.at[folio] for folio in names.values())
            for folio in names.values():
                ledger.move(("city", stay), folio, ledger.at[folio], "CITY", stay)
            self.hotel.preauths.release_all(stay)
            self._go(guest)

        call = service.check_out.of(
            stay_id=stay,
            payments=[Paid(way, Money(sum_), window=w) for w, sum_ in pays.items()],
            refund=Paid(way, Money(back)) if back else None,
            unsettled="pays later" if how == "open" else "",
            on_account=self.hotel.debts.told if how == "company" else None,
            print_bill=False,
        )
        even = even and not any(self.hotel.attempts.asks(stay, sum_) for sum_ in pays.values())
        return Step(
            call, self.is_here(stay) and even and (not (pays or back) or self.hotel.shifts.is_open()), then
        )

    def _go(self, guest: Guest) -> None:
        line, rooms, today = self.hotel.bookings.lines[guest.line], self.hotel.rooms, self.hotel.today
        guest.planned = guest.departure if guest.departure > today else None
        rooms.sell(line.counts, nights(today, guest.departure), -1)
        rooms.release(("line", guest.line), today)
        rooms.clean[guest.room] = "dirty"
        guest.state = line.state = "departed"
        guest.departure = line.departure = guest.left_on = today
        guest.act = self.hotel.steps

    # ------------------------------------------------------------------ taken back
    def _posted(self, stay: int, by: int | None = None) -> list[Posting]:
        """Return what was posted on a stay today, or by one act, and stands."""
        return [
            line
            for line in self.hotel.ledger.lines
            if line.stay == stay and line.day == self.hotel.today and by in (None, line.act)
            if not (line.reversal or line.undone)
        ]

    def _may_be_undone(self, stay: int, lines: list[Posting]) -> bool:
        """Say whether these postings can be taken back: each drawer is open, no other guest's folio shut."""
        names = {name for line in lines for name in (line.debit, line.credit)}
        others = [n for n in names if isinstance(n, tuple) and n[0] in ("guest", "deposit") and n[1] != stay]
        is_open = self.hotel.windows.is_open
        apart = all(is_open(n[1], n[2] if len(n) > 2 else "A") for n in others)
        apart = apart and not self.hotel.house_accounts.shut(lines)
        return self.hotel.ledger.drawers_open(*lines) and apart

    @act(1)
    def undo_check_in(self) -> Step | None:
        """Take a check-in of today back: its postings are reversed, the booking stands as before."""
        stay = self.somebody()
        if stay is None:
            return None
        guest, ledger, rooms = self.all[stay], self.hotel.ledger, self.hotel.rooms
        number, line, lines = guest.line, self.hotel.bookings.lines[guest.line], self._posted(stay)
        wanted = nights(self.hotel.today, guest.departure)
        may = self.is_here(stay) and guest.arrival == self.hotel.today and self._may_be_undone(stay, lines)
        may = may and all(
            ledger.without(lines, name) == 0
            for name in (*self.hotel.windows.names(stay).values(), ("deposit", stay), ("city", stay))
        )
        may = may and self.hotel.debts.may_void(stay)
        may = may and (line.booked == line.counts or rooms.left(line.booked, wanted))
        may = may and not self.hotel.members.paid(stay) and not self.hotel.cards.paid(stay)
        may = may and not ledger.goods(stay) and not self.hotel.preauths.stands_on(stay)

        def then(_none: None) -> None:
            for posted in lines[::-1]:
                ledger.undo(posted)
            self.hotel.debts.void(stay)
            guest.state, rooms.clean[guest.room] = "undone", "dirty"
            rooms.release(("line", number), self.hotel.today)
            rooms.sell(line.counts, wanted, -1)
            line.counts, line.room, line.state = line.booked, None, "cancelled"
            if not guest.at_desk:
                rooms.sell(line.counts, wanted)
                line.state = "confirmed"
                self.hotel.bookings.take_room(number, guest.had)

        return Step(service.undo_check_in.of(stay_id=stay, reason="wrong"), may, then)

    @act(1)
    def undo_check_out(self) -> Step | None:
        """Take a check-out of today back, with the nights it gave up where nobody has bought them."""
        stay = self.somebody("departed")
        if stay is None:
            return None
        guest, rooms, today = self.all[stay], self.hotel.rooms, self.hotel.today
        line, lines = self.hotel.bookings.lines[guest.line], self._posted(stay, guest.act)
        wanted = nights(today, guest.planned or today)
        again = bool(wanted) and rooms.free(guest.room, wanted) and rooms.left(line.counts, wanted)
        end = guest.planned if again and guest.planned else today
        may = guest.state == "departed" and guest.left_on == today and self._empty(guest.room)
        may = may and self.hotel.debts.may_void(stay, guest.act)
        may = may and self.hotel.ledger.without(lines, ("city", stay)) == 0

        def then(whole: bool) -> None:
            assert whole == (again or guest.planned is None), "told another departure"
            for posted in lines[::-1]:
                self.hotel.ledger.undo(posted)
            self.hotel.debts.void(stay, guest.act)
            self.hotel.windows.opened(stay)
            guest.unsettled = False
            guest.state = line.state = "in_house"
            if guest.planned is not None:
                line.prices = {n: p for n, p in line.prices.items() if n < end or n <= guest.arrival}
            if again:
                rooms.sell(line.counts, wanted)
                rooms.hold(guest.room, wanted, ("line", guest.line))
            guest.departure = line.departure = end
            guest.left_on = guest.planned = None

        call = service.undo_check_out.of(stay_id=stay, reason="wrong")
        return Step(call, may and self._may_be_undone(stay, lines), then)

    def night(self) -> None:
        """Whoever stays is charged the night."""
        for stay, guest in self.all.items():
            if guest.state == "in_house":
                price = self.hotel.bookings.lines[guest.line].prices[self.hotel.today]
                self.hotel.routing.charge(stay, "ROOM", price)

    # ------------------------------------------------------------------ compared
    def says(self) -> Facts:
        """Return how the latest stays stand, and what each guest in house owes on folio and deposit."""
        at = self.hotel.ledger.at
        owed = {
            ("owes", n): sum(at[name] for name in self.hotel.windows.names(n).values()) + at["deposit", n]
            for n, g in self.all.items()
            if g.state == "in_house"
        }
        return owed | {
            ("stay", stay): (guest.state, guest.room, guest.arrival, guest.departure)
            for stay, guest in list(self.all.items())[-RECENT:]
        }

    def shows(self, session: Session) -> Facts:
        """Return the same from the hotel's books."""
        s, wanted = Stay, list(self.all)[-RECENT:]
        rows = session.execute(
            select(s.id, s.state, s.room_id, s.arrival, s.departure).where(s.id.in_(wanted))
        )
        here = queries.in_house(session, business_date=self.hotel.today)
        return {("owes", row.stay_id): row.balance - row.deposit for row in here} | {
            ("stay", row.id): tuple(row)[1:] for row in rows
        }
