"""Hotels of any size and age for the bench: the set-up is the real one, guests and history come in bulk, what
is measured is never."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, func, insert, make_url, select, text, update

from pms.core.names import words
from pms.core.options import Options
from pms.db import keys, schema
from pms.db.base import Base, table_of
from pms.db.engine import open_engine, sqlite_url
from pms.duties import offered
from pms.services.approvals import door
from pms.services.business_day.queries import context
from pms.services.folios.models import LEDGERS, Account, AccountDay, LedgerDay, Transfer
from pms.services.guests.models import Guest, GuestWord
from pms.services.night_audit import service as night_audit
from pms.services.night_audit.models import NightStay
from pms.services.opening import service as opening
from pms.services.opening.service import FloorPlan, Hotel, TypePlan
from pms.services.reservations.models import BookedRoom, NightRate, Reservation
from pms.services.rooms.models import Inventory, Room, RoomNight
from pms.services.stays.models import Segment, Sharer, Stay
from tests.bench.probe import Probe
from tests.builders import Direct

HOTEL = bytes(32)
"""The hotel's key, as its key file would hold it."""
KEY = keys.derive(HOTEL)
RECORDS = KEY.chain
FOUNDED = date(2026, 11, 1)
TODAY = FOUNDED + timedelta(days=1)
DAY = timedelta(days=1)
OWNER = ("owner", "Owner", "bench only, twelve")
PRICE = 29800
BULK = 1_000_000
"""Bulk rows count from here, above whatever the operations number."""


class House:
    """One hotel in a database of its own, its owner signed in, its first (empty) day closed."""

    def __init__(self, url: str | URL, *, rooms: int, types: int = 1) -> None:
        self.engine: Engine = open_engine(url, KEY)
        schema.upgrade(self.engine)
        self.moment = _at(FOUNDED, 8)
        self.office = self._desk(self.engine)
        self.office.do(opening.found, hotel=_plan(rooms, types))
        self.office.sign_in(OWNER[0], OWNER[2])
        self.probe = Probe(self.engine)
        self.today = FOUNDED
        self.close_day()
        with self.engine.connect() as connection:
            self.rooms: list[tuple[int, int]] = [
                (r.id, r.type_id) for r in connection.execute(select(Room.id, Room.type_id).order_by(Room.id))
            ]
            self.codes = {
                str(code): number for number, code in connection.execute(select(Account.id, Account.code))
            }
        self._next = BULK

    def _desk(self, engine: Engine) -> Direct:
        return Direct(engine, RECORDS, context, lambda: self.moment, offers=offered(), door=door)

    def at(self, url: URL) -> Direct:
        """Return another desk of the hotel, which reaches its database by a way of its own."""
        office = self._desk(open_engine(url, KEY))
        office.sign_in(OWNER[0], OWNER[2])
        return office

    def close_day(self) -> int:
        """Run the night audit at two in the morning, and go to three in the afternoon of the next day."""
        self.moment = _at(self.today + DAY, 2)
        made: int = self.office.do(night_audit.close, business_date=self.today)
        self.today += DAY
        self.moment = _at(self.today, 15)
        return made

    def stays(
        self, numbers: Iterable[tuple[int, date, int]], *, state: str = "departed", ledger: bool = True
    ) -> list[int]:
        """Write stays in bulk, one per (index of a room, arrival, nights), with their booking, guest, nights,
        folio and (``ledger``) the books of each closed night; returns the booked rooms."""
        made: list[int] = []
        numbers = iter(numbers)
        while part := list(islice(numbers, 2000)):
            rows: dict[type[Base], list[dict[str, Any]]] = {
                t: []
                for t in (
                    Guest,
                    GuestWord,
                    Reservation,
                    BookedRoom,
                    NightRate,
                    RoomNight,
                    Stay,
                    Sharer,
                    Segment,
                    Account,
                    Transfer,
                    NightStay,
                    AccountDay,
                )
            }
            for index, arrival, nights in part:
                made.append(self._next)
                self._stay(rows, index, arrival, nights, state, ledger)
                self._next += 1
            with self.engine.begin() as connection:
                for table, found in rows.items():
                    if found:
                        connection.execute(insert(table_of(table)), found)
        self._settle()
        return made

    def _stay(
        self,
        rows: dict[type[Base], list[dict[str, Any]]],
        index: int,
        arrival: date,
        nights: int,
        state: str,
        ledger: bool,
    ) -> None:
        number, (room, type_id), departure = self._next, self.rooms[index], arrival + DAY * nights
        at = _at(arrival, 15)
        rows[Reservation].append(
            {
                "id": number,
                "number": number,
                "guest_name": f"Guest {number}",
                "search": f" guest {number} guest{number}",
                "made_on": arrival,
                "made_at": at,
            }
        )
        rows[BookedRoom].append(
            {
                "id": number,
                "reservation_id": number,
                "type_id": type_id,
                "counted_type_id": type_id,
                "room_id": room,
                "arrival": arrival,
                "departure": departure,
                "state": state,
                "state_at": at,
            }
        )
        all_nights = [arrival + DAY * n for n in range(nights)]
        rows[NightRate] += [{"line_id": number, "night": n, "price": PRICE, "rule": ""} for n in all_nights]
        rows[RoomNight] += [
            {"room_id": room, "night": n, "line_id": number, "block_id": None} for n in all_nights
        ]
        if state == "confirmed":
            return
        over = state == "departed"
        rows[Guest].append(
            {
                "id": number,
                "name": f"Guest {number}",
                "search": f" guest {number} guest{number}",
                "identity": "checked",
            }
        )
        rows[Stay].append(
            {
                "id": number,
                "number": number,
                "line_id": number,
                "room_id": room,
                "guest_id": number,
                "guest_name": f"Guest {number}",
                "state": state,
                "arrival": arrival,
                "departure": departure,
                "arrived_at": at,
                "departed_at": _at(departure, 11) if over else None,
                "departed_on": departure if over else None,
            }
        )
        rows[Sharer].append(
            {
                "id": number,
                "stay_id": number,
                "guest_id": number,
                "first": True,
                "name": f"Guest {number}",
                "identity": "checked",
            }
        )
        rows[GuestWord] += [{"word": word, "guest_id": number} for word in sorted(words(f"Guest {number}"))]
        rows[Segment].append(
            {
                "id": number,
                "stay_id": number,
                "room_id": room,
                "type_id": type_id,
                "start": arrival,
                "end": departure,
            }
        )
        rows[Account].append(
            {
                "id": number,
                "ledger": "guest",
                "name": f"Guest {number}",
                "stay_id": number,
                "window": "A",
                "closed": over,
            }
        )
        if ledger and over:
            self._books(rows, number, room, type_id, all_nights, departure)

    def _books(
        self,
        rows: dict[type[Base], list[dict[str, Any]]],
        number: int,
        room: int,
        type_id: int,
        nights: list[date],
        departure: date,
    ) -> None:
        common = {"stay_id": number, "station": "desk-1", "amount": PRICE}
        rows[Transfer] += [
            {
                **common,
                "business_date": n,
                "at": _at(n + DAY, 2),
                "debit_id": number,
                "credit_id": self.codes["ROOM"],
                "code": "ROOM",
                "key": f"night:{n}:{number}",
                "night": n,
            }
            for n in nights
        ]
        rows[Transfer].append(
            {
                **common,
                "amount": PRICE * len(nights),
                "business_date": departure,
                "at": _at(departure, 11),
                "code": "BANK",
                "debit_id": self.codes["BANK"],
                "credit_id": number,
                "key": f"paid:{number}",
                "night": None,
            }
        )
        rows[NightStay] += [
            {
                "business_date": n,
                "stay_id": number,
                "room_id": room,
                "type_id": type_id,
                "kind": "",
                "price": PRICE,
                "heads": 2,
                "source": "phone",
            }
            for n in nights
        ]
        rows[AccountDay] += [
            {
                "business_date": n,
                "account_id": number,
                "opening": PRICE * k,
                "debit": PRICE,
                "credit": 0,
                "closing": PRICE * (k + 1),
            }
            for k, n in enumerate(nights)
        ]
        rows[AccountDay].append(
            {
                "business_date": departure,
                "account_id": number,
                "opening": PRICE * len(nights),
                "debit": 0,
                "credit": PRICE * len(nights),
                "closing": 0,
            }
        )

    def _settle(self) -> None:
        """Make counters, balances and the last trial balance agree with the bulk rows; on PostgreSQL the
        sequences too."""
        i, n, a = table_of(Inventory), table_of(RoomNight), table_of(Account)
        t, d = table_of(Transfer), table_of(LedgerDay)
        of_type = (
            select(func.count())
            .select_from(n.join(table_of(Room), Room.id == n.c.room_id))
            .where(n.c.night == i.c.night, Room.type_id == i.c.type_id)
            .scalar_subquery()
        )
        with self.engine.begin() as connection:
            connection.execute(
                update(i)
                .where(i.c.night >= self.today, i.c.night < self.today + DAY * 120)
                .values(sold=of_type)
            )
            turnover = connection.execute(
                select(func.coalesce(func.sum(t.c.amount), 0)).where(t.c.code == "ROOM")
            ).scalar_one()
            for code, ledger, sign in (("ROOM", "revenue", -1), ("BANK", "payment", 1)):
                connection.execute(update(a).where(a.c.code == code).values(balance=sign * turnover))
                connection.execute(
                    update(d)
                    .where(d.c.business_date == self.today - DAY, d.c.ledger == ledger)
                    .values(closing=sign * turnover)
                )
            if self.engine.dialect.name == "postgresql":
                for table in (
                    "account",
                    "guest",
                    "reservation",
                    "booked_room",
                    "stay",
                    "sharer",
                    "segment",
                    "transfer",
                ):
                    connection.execute(
                        text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {10 * BULK})")
                    )

    def fill(self, *, nights: int = 40, every: int = 1) -> None:
        """Put a guest into every room (or every second, third …) from tonight on."""
        self.stays(
            ((index, self.today, nights) for index in range(0, len(self.rooms), every)), state="in_house"
        )

    def past(self, stays: int, *, nights: int = 2, ledger: bool = True) -> None:
        """Write so many finished stays, two thirds of the house full, back from yesterday."""
        self.stays(islice(_backwards(len(self.rooms), self.today - DAY, nights), stays), ledger=ledger)

    def dispose(self) -> None:
        """Let the database go."""
        self.engine.dispose()


def _backwards(rooms: int, last: date, nights: int) -> Iterator[tuple[int, date, int]]:
    departure = last
    while True:
        yield from ((index, departure - DAY * nights, nights) for index in range(rooms))
        departure -= DAY * (nights + nights // 2)


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def _plan(rooms: int, types: int) -> Hotel:
    codes = [f"T{n + 1:02d}" for n in range(types)]
    floors = (
        [FloorPlan(n + 1, codes[n % types], 1, min(99, rooms - 99 * n)) for n in range(-(-rooms // 99))]
        if types == 1
        else [FloorPlan(n + 1, code, 1, rooms // types) for n, code in enumerate(codes)]
    )
    return Hotel(
        "Bench",
        "UTC",
        FOUNDED,
        tuple(TypePlan(c, c, PRICE, overbook=rooms) for c in codes),
        tuple(floors),
        *OWNER,
        options=Options(backups=False, reports=False, shifts=False),
    )


class Houses:
    """Builds houses in a folder, or on a PostgreSQL server each in a database of its own that is dropped in
    the end."""

    def __init__(self, folder: Path, postgres: str = "") -> None:
        self.folder, self._postgres = folder, postgres
        self._made: list[Callable[[], None]] = []
        self._count = 0

    def sqlite(self, *, rooms: int, types: int = 1) -> House:
        """Build a house on SQLite."""
        self._count += 1
        house = House(sqlite_url(self.folder / f"house{self._count}.db"), rooms=rooms, types=types)
        self._made.append(house.dispose)
        return house

    def postgres(self, *, rooms: int, types: int = 1) -> House:
        """Build a house on PostgreSQL."""
        self._count += 1
        name = f"bench_{self._count}_{id(self):x}"
        self._admin(f"CREATE DATABASE {name}")
        self._made.append(lambda: self._admin(f"DROP DATABASE {name} WITH (FORCE)"))
        house = House(make_url(self._postgres).set(database=name), rooms=rooms, types=types)
        self._made.append(house.dispose)
        return house

    def _admin(self, statement: str) -> None:
        engine = open_engine(self._postgres, KEY).execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()

    def close(self) -> None:
        """Let all go, the last first."""
        while self._made:
            self._made.pop()()


__all__ = ["DAY", "KEY", "LEDGERS", "PRICE", "House", "Houses"]
