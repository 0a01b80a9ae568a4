"""Rooms: how clean they are, who holds them in which night, how many of each type are sold."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.services.room_board.queries import board
from pms.services.rooms import service
from pms.services.rooms.models import Inventory, Room, RoomNight
from tests.faults.twin.part import DAY, Facts, Part, Step, act, nights

AHEAD = 14
"""So many nights of the inventory are compared."""


@dataclass
class Block:
    """A room taken out of sale."""

    room: int
    kind: str
    start: date
    end: date
    returns_to: str
    lifted: bool = False


class Rooms(Part):
    """The rooms of the house and their nights."""

    def __init__(self, hotel) -> None:
        super().__init__(hotel)
        rooms = hotel.house.look(lambda s: s.execute(select(Room.id, Room.type_id, Room.clean)).all())
        self.type = {room.id: room.type_id for room in rooms}
        self.clean = {room.id: room.clean for room in rooms}
        self.held: dict[tuple[int, date], tuple[str, int]] = {}
        self.sold: Counter[tuple[int, date]] = Counter()
        self.blocks: dict[int, Block] = {}

    def total(self, type_: int, night: date) -> int:
        """Return how many rooms of a type are sold in a night: all but those out of order."""
        out = [
            b
            for b in self.blocks.values()
            if b.kind == "OOO" and not b.lifted and b.start <= night < b.end and self.type[b.room] == type_
        ]
        return list(self.type.values()).count(type_) - len(out)

    def left(self, type_: int, wanted: list[date]) -> bool:
        """Say whether a room of the type is left in each of these nights."""
        return all(self.sold[type_, night] < self.total(type_, night) for night in wanted)

    def free(self, room: int, wanted: list[date], line: int = 0) -> bool:
        """Say whether nobody but this booked room holds a room in these nights."""
        return all(self.held.get((room, night), ("line", line)) == ("line", line) for night in wanted)

    def sell(self, type_: int, wanted: list[date], by: int = 1) -> None:
        """Count these nights as sold, or as given back."""
        for night in wanted:
            self.sold[type_, night] += by

    def hold(self, room: int, wanted: list[date], who: tuple[str, int]) -> None:
        """Hold a room for somebody."""
        for night in wanted:
            assert (room, night) not in self.held
            self.held[room, night] = who

    def release(self, who: tuple[str, int], start: date) -> None:
        """Give the nights back that somebody holds from ``start`` on."""
        self.held = {k: v for k, v in self.held.items() if v != who or k[1] < start}

    # ------------------------------------------------------------------ what can be done
    @act(4)
    def set_clean(self) -> Step:
        """Say how clean a room is."""
        room, clean = self.any(list(self.type)), self.any(("dirty", "clean", "clean", "inspected", "shiny"))
        return Step(
            service.set_clean.of(room_ids=[room], clean=clean),
            clean != "shiny",
            lambda _none: self.clean.update({room: clean}),
        )

    @act(2)
    def block(self) -> Step:
        """Take a room out of sale."""
        lot, today = self.hotel.lot, self.hotel.today
        start = today + DAY * lot.choice((-1, 0, 0, 0, 1, 2))
        new = Block(
            lot.choice(list(self.type)),
            lot.choice(("OOO", "OOO", "OOS", "HOLD")),
            start,
            start + timedelta(days=lot.choice((0, 1, 1, 2, 3))),
            lot.choice(("dirty", "clean")),
        )
        wanted, type_ = nights(new.start, new.end), self.type[new.room]
        may = start >= today and bool(wanted) and self.free(new.room, wanted)
        may = may and not self.hotel.stays.uses(new.room, start)
        if new.kind == "OOO":
            may = may and all(self.sold[type_, n] < self.total(type_, n) for n in wanted)

        def then(number: int) -> None:
            self.blocks[number] = new
            self.hold(new.room, wanted, ("block", number))

        fields = {"kind": new.kind, "start": start, "end": new.end, "returns_to": new.returns_to}
        return Step(service.block.of(room_id=new.room, reason="leak", **fields), may, then)

    @act(2)
    def unblock(self) -> Step | None:
        """Give a blocked room back."""
        number = self.any([n for n, b in self.blocks.items() if b.end > self.hotel.today - 3 * DAY])
        if number is None:
            return None
        block = self.blocks[number]

        def then(_none: None) -> None:
            self.release(("block", number), max(block.start, self.hotel.today))
            block.lifted, self.clean[block.room] = True, block.returns_to

        may = not block.lifted and block.end > self.hotel.today
        return Step(service.unblock.of(block_id=number), may, then)

    def night(self) -> None:
        """Whoever stays, the room is dirty."""
        for stay in self.hotel.stays.here():
            self.clean[stay.room] = "dirty"
        today = self.hotel.today
        self.held = {key: who for key, who in self.held.items() if key[1] > today}

    # ------------------------------------------------------------------ compared
    def _coming(self) -> list[date]:
        return [self.hotel.today + DAY * n for n in range(AHEAD)]

    def _tile(self, room: int) -> tuple[int | None, str, str, bool, int | None]:
        """Return who is in a room, how clean it is, whether it is blocked, and who leaves and comes today."""
        today, stays, lines = self.hotel.today, self.hotel.stays.all, self.hotel.bookings.lines
        guest = next((n for n, g in stays.items() if g.state == "in_house" and g.room == room), None)
        kinds = [
            b.kind
            for b in self.blocks.values()
            if b.room == room and b.start <= today < b.end and not b.lifted
        ]
        coming = [
            n for n, x in lines.items() if x.state == "confirmed" and x.room == room and x.arrival <= today
        ]
        leaves = guest is not None and stays[guest].departure <= today
        return guest, self.clean[room], "".join(kinds), leaves, coming[0] if coming else None

    def says(self) -> Facts:
        """Return each room as the board shows it, who holds it, and what is sold of each type."""
        return {
            **{("tile", room): self._tile(room) for room in self.type},
            **{("held", *key): who for key, who in self.held.items() if key[1] >= self.hotel.today},
            **{
                ("sold of", type_, night): (self.sold[type_, night], self.total(type_, night))
                for type_ in set(self.type.values())
                for night in self._coming()
            },
        }

    def shows(self, session: Session) -> Facts:
        """Return the same from the board and the hotel's tables."""
        today, n, i = self.hotel.today, RoomNight, Inventory
        held = session.execute(select(n.room_id, n.night, n.line_id, n.block_id).where(n.night >= today))
        sold = session.execute(select(i.type_id, i.night, i.sold, i.total).where(i.night.in_(self._coming())))
        return {
            **{
                ("tile", t.room_id): (t.stay_id, t.clean, t.block, t.due_out, t.due_in_line)
                for t in board(session)
            },
            **{
                ("held", x.room_id, x.night): ("line", x.line_id) if x.line_id else ("block", x.block_id)
                for x in held
            },
            **{("sold of", x.type_id, x.night): (x.sold, x.total) for x in sold},
        }
