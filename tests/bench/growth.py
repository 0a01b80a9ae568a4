"""What each operation and question costs in a house of two and of ten years, in steps of the database's
machine: exact, and the same on every machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text

from pms.core import offers
from pms.core.money import Money
from pms.core.operation import Operation
from pms.core.settings import Home, Settings
from pms.db import statistics
from pms.db.schema import metadata
from pms.services.cards import queries as cards
from pms.services.folios import queries as folio_queries
from pms.services.folios import service as folios
from pms.services.guests.person import Person
from pms.services.housekeeping import queries as housekeeping
from pms.services.lost_found import queries as lost_found
from pms.services.luggage import queries as luggage
from pms.services.messages import queries as messages
from pms.services.night_audit import shares
from pms.services.opening.after_close import AfterClose
from pms.services.print_jobs import queries as print_jobs
from pms.services.property import service as property_
from pms.services.property.queries import setting
from pms.services.reservations import left
from pms.services.reservations import queries as reservation_queries
from pms.services.room_board import queries as room_board
from pms.services.rooms import queries as room_queries
from pms.services.shifts import queries as shift_queries
from pms.services.shifts import service as shifts
from pms.services.shop import queries as shop_queries
from pms.services.shop import service as shop
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.services.stays import vacancy
from pms.services.stays.service import Paid
from pms.services.wake_ups import queries as wake_ups
from tests.bench import night, years
from tests.bench.house import DAY, PRICE, House, Houses

YOUNG, OLD, ROOMS = 2, 10, 120
"""The ages compared, in years, and how many rooms the bench's house has."""
MOST = 1.1
"""So many times the steps after two years an operation may cost after ten."""
TEXTS = ("guest", "zwb", "13800138000", "wang", "31", "T-5", "charger")
"""What is typed into the search: found, not found, a phone, a number, a tag, a thing."""


def aged(houses: Houses, rooms: int, age: int) -> House:
    """Return a hotel of so many rooms and years: four rooms in five taken, bookings to come, a shift open."""
    house = houses.sqlite(rooms=rooms)
    years.live(house, age)
    full = rooms * 4 // 5
    house.stays(((n, house.today - DAY, 3) for n in range(rooms // 5, full)), state="in_house", ledger=False)
    house.stays(((n, house.today - DAY, 1) for n in range(rooms // 5)), state="in_house", ledger=False)
    for later in range(rooms // 10):
        house.stays(
            [(full + later % (rooms - full), house.today + DAY * (4 * later + 4), 2)], state="confirmed"
        )
    years.numbers_go_on(house)
    house.office.do(Operation(shares.sum_up, None).of(until=house.today - DAY))
    rules = replace(house.office.ask(setting).options, shifts=True)
    house.office.do(property_.edit, name="Bench", options=rules)
    house.office.do(shifts.open_shift, float_amount=Money(0), intent=house.office.new_intent())
    return house


def actions(house: House) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield what a desk does in a day, one after the other: each depends on the one before."""
    office, new = house.office, house.office.new_intent
    rooms = [room for room, _type in house.rooms[-2:]]
    first = True
    for room in rooms:  # the first of its kind starts number series and topics
        kept: dict[str, Any] = {}

        def booking(kept: dict[str, Any] = kept) -> None:
            from tests.bench.run import _book

            kept["line"] = _book(house)

        def check_in(kept: dict[str, Any] = kept, room: int = room) -> None:
            kept["stay"] = office.do(
                stays.check_in,
                line_id=kept["line"],
                room_id=room,
                guests=[Person("Wang Yaqin")],
                intent=new(),
                cards_wanted=1,
            )

        def charge(kept: dict[str, Any] = kept) -> None:
            office.do(folios.charge, stay_id=kept["stay"], code="MINIBAR", amount=Money(PRICE), intent=new())

        def payment(kept: dict[str, Any] = kept) -> None:
            office.do(folios.pay, stay_id=kept["stay"], method="BANK", amount=Money(100), intent=new())

        def sale(kept: dict[str, Any] = kept) -> None:
            office.do(shop.sell, lines=[shop.Item(1, 1)], method="CASH", intent=new())

        def check_out(kept: dict[str, Any] = kept) -> None:
            owed = office.ask(
                stay_queries.leaving,
                stay_id=kept["stay"],
                business_date=house.today,
                now=house.moment,
                zone="UTC",
                options=office.ask(setting).options,
            ).to_pay
            office.do(stays.check_out, stay_id=kept["stay"], payments=[Paid("BANK", owed)], intent=new())

        for name, act in (
            ("booking", booking),
            ("check-in", check_in),
            ("charge", charge),
            ("payment", payment),
            ("shop sale", sale),
            ("check-out", check_out),
        ):
            if first:
                act()
            else:
                yield name, act
        first = False


def questions(house: House) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield what the pages ask."""
    office, today, now = house.office, house.today, house.moment
    ask = office.ask
    stay_id = ask(stay_queries.in_house, business_date=today)[0].stay_id
    shift = ask(shift_queries.current, station=office.station)

    def each(kind: offers.Gather[Any, Any], **fields: Any) -> Callable[[], Any]:
        return lambda: office.gather(kind, **fields)

    yield "room board", lambda: ask(room_board.board)
    yield "board: sold and arriving tonight", lambda: ask(room_board.tonight, business_date=today)
    yield "tape of a month", lambda: ask(room_board.tape, start=today, end=today + DAY * 30)
    yield (
        "folio",
        lambda: (ask(folio_queries.folio_lines, stay_id=stay_id), ask(folio_queries.folios, stay_id=stay_id)),
    )
    yield "status sheet", lambda: ask(housekeeping.page, day=today, part="AM")
    yield "sheets of a week", lambda: ask(housekeeping.sheets, since=today - DAY * 7)
    yield "badges", each(offers.badges)
    yield "what waits", each(offers.waiting, now=now)
    yield "open items of the handover", each(offers.handover)
    for typed in TEXTS:
        yield f"search, “{typed}”", each(offers.search, text=typed)
        yield f"older records, “{typed}”", each(offers.older, text=typed)
    yield "handover book", lambda: (ask(messages.still_open), ask(messages.closed, now=now))
    yield "wake-up calls", lambda: (ask(wake_ups.due), ask(wake_ups.done, now=now))
    yield "alarms", each(offers.alarms, now=now)
    yield "luggage", lambda: (ask(luggage.stored), ask(luggage.claimed_on, business_date=today))
    yield "lost and found", lambda: (ask(lost_found.kept), ask(lost_found.missed))
    yield "shop", lambda: (ask(shop_queries.goods), ask(shop_queries.sales, business_date=today))
    yield "goods of one name", lambda: ask(shop_queries.find, text="good 1")
    yield "moves of a good", lambda: ask(shop_queries.moves, good_id=1, limit=10)
    yield "shift", lambda: ask(shift_queries.figures, shift_id=shift.id)
    yield "handovers", lambda: ask(shift_queries.handovers)
    types = [t.id for t in ask(room_queries.types)]
    yield "left of a week", lambda: ask(left.left, type_ids=types, arrival=today, departure=today + DAY * 7)
    yield "left by day", lambda: ask(left.left, type_ids=types, arrival=today + DAY, departure=today + DAY)
    yield (
        "booking lists",
        lambda: [
            ask(reservation_queries.listed, which=which, business_date=today)
            for which in reservation_queries.LISTS
        ],
    )
    yield "booking tally", lambda: ask(reservation_queries.tally, business_date=today)
    yield "in house", lambda: ask(stay_queries.in_house, business_date=today)
    yield "departures", lambda: ask(stay_queries.departures, business_date=today)
    yield "departed", lambda: ask(stay_queries.departed, business_date=today)
    yield "free rooms", lambda: ask(vacancy.free_rooms, start=today, end=today + DAY * 2)
    yield "open blocks", lambda: ask(room_queries.blocks, since=today)
    yield "cards to cut", lambda: ask(cards.to_cut, station=office.station)
    yield "print-outs that wait", lambda: ask(print_jobs.waiting, station=office.station, fallback=None)
    yield "audit findings", lambda: night.find(house)
    yield "figures of month and year", lambda: night.ask_for_figures(house)
    yield "day audit's tallies", each(offers.tallies, start=today - DAY * 7, end=today)


def of_close(house: House) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield the count and the close of the shift."""
    office, new = house.office, house.office.new_intent
    shift = office.ask(shift_queries.current, station=office.station)
    goods = office.ask(shop_queries.goods)

    def count() -> None:
        office.do(shifts.count, shift_id=shift.id, pieces={"100": 6})
        office.do(shifts.count_shop, shift_id=shift.id, counted={g.id: g.stock for g in goods if g.active})

    yield "count of the shift", count
    yield (
        "close of the shift",
        lambda: office.do(shifts.close, shift_id=shift.id, left=Money(0), reason="bench", intent=new()),
    )


def of_night(house: House) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield the close of the day; everybody who should have left leaves before."""
    office = house.office
    office.do(shifts.open_shift, float_amount=Money(0), intent=office.new_intent())
    for stay in office.ask(stay_queries.departures, business_date=house.today):
        office.do(stays.check_out, stay_id=stay.stay_id, unsettled="later", intent=office.new_intent())
    yield "night audit's close", house.close_day


def measured(house: House) -> dict[str, int]:
    """Return the steps of every action and question."""
    found = {}
    for kind in (actions, questions, of_close, of_night):
        for name, ask in kind(house):
            if kind is questions:
                ask()  # the first time reads the schema
            with house.probe.counting() as counts:
                ask()
            found[name] = counts.steps
    return found


def looked_at(house: House, folder: Path) -> tuple[tuple[float, str], int]:
    """Let the day's close be followed by what follows it, with the database's look at its own tables.

    Returns the question that had cost the most times what it costs then, and how many tables have grown and
    are still unknown.
    """
    before = _asked(house)
    with house.engine.connect() as connection:
        if connection.execute(text(_LOOKED)).first():
            raise SystemExit("the database has looked at its tables before")
    AfterClose(house.office, Home(folder, folder), Settings()).finish(lambda _said: None)
    house.engine.dispose()  # a connection knows what was known when it began
    after = _asked(house)
    with house.engine.connect() as connection:
        known = set(connection.execute(text("SELECT DISTINCT tbl FROM sqlite_stat1")).scalars())
        grown = {
            table.name
            for table in metadata().sorted_tables
            if table.indexes
            and connection.execute(select(func.count()).select_from(table)).scalar_one() > statistics.ROWS
        }
    return max((before[name] / after[name], name) for name in before), len(grown - known)


_LOOKED = "SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'"


def _asked(house: House) -> dict[str, int]:
    found = {}
    for name, ask in questions(house):
        ask()
        with house.probe.counting() as counts:
            ask()
        found[name] = counts.steps
    return found
