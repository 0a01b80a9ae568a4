"""Years behind a hotel, with everything a real one leaves: stays and their books, blocks, cards, signed
sheets, intents, shifts, papers, bookings that came to nothing, the trades and the audit trail."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, literal, select, union_all, update

from pms.core.names import words
from pms.db.base import AuditEntry, Intent, NumberSeries, PrintJob, table_of
from pms.services.cards.models import Card
from pms.services.folios.models import Account
from pms.services.housekeeping.models import StatusRow, StatusSheet
from pms.services.lost_found.models import FoundItem, LossReport
from pms.services.luggage.models import LuggageTag
from pms.services.night_audit.models import AuditRun
from pms.services.reservations.models import BookedRoom, BookingWord, Reservation
from pms.services.rooms.models import Block, Room
from pms.services.shifts.models import Handover, Shift
from pms.services.shop.models import ShopSale
from pms.services.stays.models import Stay
from tests.bench import night, trades
from tests.bench.house import BULK, DAY, House, _at

SERIES = (
    ("reservation", Reservation.number),
    ("stay", Stay.number),
    ("shift", Shift.number),
    ("handover", Handover.number),
    ("luggage", LuggageTag.number),
    ("shop_sale", ShopSale.number),
    ("found_item", FoundItem.number),
    ("loss_report", LossReport.number),
)
INTENTS, ENTRIES, PAPERS = 6, 6, 2
"""Confirmed actions, entries of the trail and papers of one stay."""


def live(house: House, years: int) -> None:
    """Write so many years behind a hotel whose rooms were two thirds full; ``numbers_go_on`` comes after all
    bulk."""
    if not years:
        return
    days, rooms = 365 * years, len(house.rooms)
    house.past(rooms * days // 3)
    a_day = max(1, rooms // 6)
    trades.past(house, a_day * days, a_day=a_day)
    night.closed_figures(house)
    with house.engine.begin() as connection:
        _audits(connection, house, days)
        _blocks(connection, house, days)
        _came_to_nothing(connection, house, days)
        _sheets(connection, house, days)
        _of_stays(connection)
        _proved(connection, house)


def _audits(connection: Connection, house: House, days: int) -> None:
    rows = [
        {
            "business_date": day,
            "step": "done",
            "started_at": _at(day + DAY, 2),
            "station": "desk-1",
            "closed_at": _at(day + DAY, 2),
            "done_at": _at(day + DAY, 2),
            "marks": {},
        }
        for day in (house.today - DAY * n for n in range(2, days + 1))
    ]
    connection.execute(insert(table_of(AuditRun)), rows)


def _blocks(connection: Connection, house: House, days: int) -> None:
    """One room in 120 is blocked a day and free again the day after: lifted, or because the time was over."""
    rows, each = [], max(1, 120 // len(house.rooms))
    for n in range(1, days + 1, each):
        day = house.today - DAY * n
        for k in range(max(1, len(house.rooms) // 120)):
            rows.append(
                {
                    "room_id": house.rooms[(n + k) % len(house.rooms)][0],
                    "kind": "OOO",
                    "reason": "repair",
                    "start": day,
                    "end": day + DAY,
                    "lifted_at": _at(day + DAY, 9) if n % 2 else None,
                }
            )
    connection.execute(insert(table_of(Block)), rows)


def _came_to_nothing(connection: Connection, house: House, days: int) -> None:
    """One booking in ten is cancelled or does not come; their numbers end where the stays' begin, so that
    none is missing."""
    bookings, lines = [], []
    each = max(1, len(house.rooms) // 30)
    for n in range(days * each):
        day, number = house.today - DAY * (n // each + 1), BULK - 1 - n
        at = _at(day, 9)
        bookings.append(
            {
                "id": number,
                "number": number,
                "guest_name": f"Guest {number}",
                "search": f" guest {number} guest{number}",
                "made_on": day,
                "made_at": at,
            }
        )
        lines.append(
            {
                "id": number,
                "reservation_id": number,
                "type_id": house.rooms[0][1],
                "counted_type_id": house.rooms[0][1],
                "room_id": None,
                "arrival": day,
                "departure": day + DAY,
                "state": "no_show" if n % 3 else "cancelled",
                "state_at": at,
            }
        )
    told = [
        {"word": word, "reservation_id": b["id"]} for b in bookings for word in sorted(words(b["guest_name"]))
    ]
    connection.execute(insert(table_of(Reservation)), bookings)
    connection.execute(insert(table_of(BookedRoom)), lines)
    connection.execute(insert(table_of(BookingWord)), told)


def _sheets(connection: Connection, house: House, days: int) -> None:
    """Two signed sheets a day, every room on each."""
    sheets = [
        {
            "id": 2 * n + k,
            "business_date": (day := house.today - DAY * n),
            "part": part,
            "opened_at": _at(day, 9),
            "signed_at": None,
        }
        for n in range(days, 0, -1)
        for k, part in enumerate(("AM", "PM"))
    ]
    sheet, seen, room = table_of(StatusSheet), table_of(StatusRow), table_of(Room)
    connection.execute(insert(sheet), sheets)
    rows = select(
        sheet.c.id,
        room.c.id,
        room.c.number,
        room.c.floor,
        literal("T"),
        literal(1),
        literal("clean"),
        literal(""),
        literal(1),
        literal("clean"),
        literal("[]"),
        literal(""),
        literal("{}"),
        sheet.c.opened_at,
    ).join_from(sheet, room, literal(1) == 1)
    names = (
        "sheet_id",
        "room_id",
        "number",
        "floor",
        "type_code",
        "version",
        "desk_clean",
        "desk_block",
        "persons",
        "clean",
        "remarks",
        "odd",
        "before",
        "at",
    )
    connection.execute(insert(seen).from_select(names, rows))
    connection.execute(update(sheet).values(signed_at=sheet.c.opened_at))


def _of_stays(connection: Connection) -> None:
    """What every stay leaves beside its books: a deposit given back, a card come back, intents, entries,
    papers."""
    stay, account = table_of(Stay), table_of(Account)
    left = stay.c.state == "departed"
    deposit = select(
        stay.c.id + 10 * BULK,
        stay.c.id,
        literal("deposit"),
        literal("Deposit"),
        literal(""),
        literal(0),
        literal(True),
    ).where(left)
    names = ("id", "stay_id", "ledger", "name", "window", "balance", "closed")
    connection.execute(insert(account).from_select(names, deposit))
    card = select(
        stay.c.id,
        stay.c.room_id,
        literal("desk-1"),
        literal("new"),
        literal("returned"),
        stay.c.arrived_at,
        stay.c.departed_at,
        stay.c.arrived_at,
        stay.c.departed_at,
        literal(""),
        literal(""),
        literal(""),
    ).where(left)
    names = (
        "stay_id",
        "room_id",
        "station",
        "kind",
        "state",
        "valid_from",
        "valid_to",
        "issued_at",
        "ended_at",
        "uid",
        "trouble",
        "reason",
    )
    connection.execute(insert(table_of(Card)).from_select(names, card))
    for table, count, columns in (
        (Intent, INTENTS, _intent),
        (PrintJob, PAPERS, _paper),
        (AuditEntry, ENTRIES, _entry),
    ):
        times = union_all(*(select(literal(n).label("n")) for n in range(count))).subquery()
        found = columns(stay.c, times.c.n, connection)
        connection.execute(
            insert(table_of(table)).from_select(
                list(found),
                select(*found.values()).select_from(stay.join(times, literal(1) == 1)).where(left),
            )
        )


def _proved(connection: Connection, house: House) -> None:
    """The last close has proved the trail up to here: the next one goes on behind it."""
    entry, run = table_of(AuditEntry), table_of(AuditRun)
    last = connection.execute(select(entry.c.id, entry.c.digest).order_by(entry.c.id.desc()).limit(1)).one()
    connection.execute(
        update(run)
        .where(run.c.business_date == house.today - DAY)
        .values(trail_count=last.id, trail_head=last.digest)
    )


def _intent(stay: Any, n: Any, _connection: Connection) -> dict[str, Any]:
    return {
        "key": literal("past-").concat(stay.id).concat("-").concat(n),
        "action": literal("stays:check_in"),
        "arguments": literal("0" * 64),
        "result": literal('{"value":null}'),
        "at": stay.arrived_at,
    }


def _paper(stay: Any, n: Any, _connection: Connection) -> dict[str, Any]:
    return {
        "slip": literal("{}"),
        "kind": literal("bill"),
        "number": literal("B-9").concat(stay.id).concat(n),
        "title": literal("Bill"),
        "station": literal("desk-1"),
        "state": literal("printed"),
        "at": stay.departed_at,
        "record": literal("stay"),
        "record_id": stay.id,
        "reprint": literal(0),
        "attempts": literal(1),
        "trouble": literal(""),
        "printer": literal(""),
    }


def _entry(stay: Any, n: Any, connection: Connection) -> dict[str, Any]:
    """The trail's numbers go on from the last real entry; its links are not made, for nothing here proves
    them."""
    last = connection.execute(select(func.max(table_of(AuditEntry).c.id))).scalar_one()
    return {
        "id": literal(last + 1) + (func.row_number().over(order_by=(stay.id, n))),
        "at": stay.arrived_at,
        "business_date": stay.arrival,
        "clerk_id": literal(1),
        "station": literal("desk-1"),
        "action": literal("stays:check_in"),
        "record": literal("stay"),
        "record_id": stay.id,
        "changes": literal("{}"),
        "digest": literal("0" * 64),
    }


def numbers_go_on(house: House) -> None:
    """Let every series go on from the last number of the bulk rows."""
    with house.engine.begin() as connection:
        _go_on(connection)


def _go_on(connection: Connection) -> None:
    series = table_of(NumberSeries)
    for name, column in SERIES:
        latest = connection.execute(select(func.coalesce(func.max(column), 0))).scalar_one()
        found = connection.execute(
            update(series).where(series.c.name == bindparam("series")).values(latest=latest), {"series": name}
        )
        if not found.rowcount:
            connection.execute(insert(series), {"name": name, "latest": latest})
