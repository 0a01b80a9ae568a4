"""A hundred thousand closed things behind each of the other duties, written in bulk: bags fetched, finds
returned, sales, calls, entries, shifts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, text

from pms.db.base import Base, PrintJob, table_of
from pms.services.lost_found.models import FoundItem, FoundOutcome, LossReport
from pms.services.luggage.models import LuggageClaim, LuggageTag
from pms.services.messages.models import Message
from pms.services.shifts.models import Handover, Shift
from pms.services.shop.models import ShopGood, ShopMove, ShopSale, ShopStock
from pms.services.wake_ups.models import WakeUp, WakeUpTry
from tests.bench.house import DAY, House, _at

CLOSED, GOODS, OPEN = 100_000, 120, 40
"""Closed things behind each register, goods on the shelf, and open things in front."""
A_DAY = 50
"""So many of each were closed on one day."""
FIGURES = {"pieces": [], "methods": [], "float_amount": 0, "drops": 0, "payouts": 0, "expected": 0}
Rows = Iterator[tuple[type[Base], dict[str, Any]]]


def past(house: House, closed: int = CLOSED, *, a_day: int = A_DAY) -> None:
    """Write so many closed things behind every register, ``a_day`` of each on one day, and a few open ones
    in front."""
    with house.engine.begin() as connection:
        connection.execute(
            insert(table_of(ShopGood)),
            [
                {
                    "id": n,
                    "name": f"Good {n}",
                    "search": f"good {n}",
                    "barcode": f"69{n:011d}",
                    "unit": "can",
                    "price": 600,
                    "cost": 300,
                    "par": 5,
                    "active": True,
                }
                for n in range(1, GOODS + 1)
            ],
        )
        moved = Counter(n % GOODS + 1 for n in range(GOODS + 1, closed + 1))
        connection.execute(
            insert(table_of(ShopStock)),
            [{"good_id": n, "quantity": 2000 - moved[n]} for n in range(1, GOODS + 1)],
        )
        for make in (_bags, _finds, _sales, _entries, _calls, _shifts):
            _write(connection, make, house, closed, a_day)
        if house.engine.dialect.name == "postgresql":
            for table in (
                "luggage_tag",
                "found_item",
                "loss_report",
                "shop_good",
                "shop_sale",
                "shop_move",
                "message",
                "wake_up",
                "shift",
                "handover",
            ):
                connection.execute(
                    text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {10 * CLOSED})")
                )


def _write(
    connection: Any, make: Callable[[House, int, int, Any], Rows], house: House, closed: int, a_day: int
) -> None:
    for start in range(1, closed + 1, 5000):
        rows: dict[type[Base], list[dict[str, Any]]] = {}
        for n in range(start, min(start + 5000, closed + 1)):
            at = _at(house.today - DAY * ((closed - n) // a_day + 1), 9)
            for table, row in make(house, n, closed, at):
                rows.setdefault(table, []).append(row)
        for table, found in rows.items():
            connection.execute(insert(table_of(table)), found)


def _bags(house: House, n: int, closed: int, at: Any) -> Rows:
    here = n > closed - OPEN
    yield (
        LuggageTag,
        {
            "id": n,
            "number": n,
            "stay_id": None,
            "source": "outside",
            "guest_name": f"Guest {n}",
            "search": f"guest {n}",
            "pieces": 2,
            "pieces_left": 2 if here else 0,
            "place": f"A{n % 20}",
            "stored_at": at,
            "stored_on": at.date(),
            "stored_by": 1,
        },
    )
    if not here:
        yield (
            LuggageClaim,
            {
                "tag_id": n,
                "pieces": 2,
                "proof": "tag",
                "at": at,
                "business_date": at.date(),
                "clerk_id": 1,
                "station": "desk-1",
            },
        )


def _finds(house: House, n: int, closed: int, at: Any) -> Rows:
    kept = n > closed - OPEN
    room = house.rooms[n % len(house.rooms)][0]
    yield (
        FoundItem,
        {
            "id": n,
            "number": n,
            "what": f"charger {n}",
            "search": f"charger {n}",
            "room_id": room,
            "found_at": at,
            "found_on": at.date(),
            "finder": "Mei",
            "keeper": "Owner",
            "keep_until": at.date() + timedelta(days=90),
            "state": "kept" if kept else "claimed",
            "registered_at": at,
            "registered_by": 1,
        },
    )
    if not kept:
        yield (
            FoundOutcome,
            {
                "item_id": n,
                "kind": "claimed",
                "name": "Guest",
                "at": at,
                "business_date": at.date(),
                "clerk_id": 1,
            },
        )
    yield (
        LossReport,
        {
            "id": n,
            "number": n,
            "what": f"scarf {n}",
            "search": f"scarf {n}",
            "name": f"Guest {n}",
            "lost_on": at.date(),
            "state": "open" if kept else "closed",
            "reported_at": at,
            "reported_by": 1,
            "closed_at": None if kept else at,
        },
    )


def _sales(house: House, n: int, closed: int, at: Any) -> Rows:
    common = {"at": at, "business_date": at.date(), "clerk_id": 1, "station": "desk-1"}
    yield (
        ShopSale,
        {"id": n, "number": n, "kind": "sale", "method": "MOBILE", "total": 600, "tax": 0, **common},
    )
    yield (
        ShopMove,
        {
            "good_id": n % GOODS + 1,
            "kind": "sale" if n > GOODS else "receipt",
            "quantity": -1 if n > GOODS else 2000,
            "price": 600,
            "cost": 300,
            "sale_id": n,
            **common,
        },
    )
    yield (
        PrintJob,
        {
            "slip": {},
            "kind": "shop_receipt",
            "number": f"SH-{n}",
            "title": "Shop receipt",
            "station": "desk-1",
            "state": "printed",
            "at": at,
            "record": "shop_sale",
            "record_id": n,
        },
    )


def _entries(house: House, n: int, closed: int, at: Any) -> Rows:
    still_open = n > closed - OPEN
    yield (
        Message,
        {
            "id": n,
            "text": f"note {n}",
            "written_at": at,
            "written_by": 1,
            "closed_at": None if still_open else at,
            "closed_by": 1,
        },
    )


def _calls(house: House, n: int, closed: int, at: Any) -> Rows:
    yield (
        WakeUp,
        {"id": n, "stay_id": 10**6 + n % 50, "at": at, "state": "answered", "taken_at": at, "taken_by": 1},
    )
    yield WakeUpTry, {"wake_up_id": n, "at": at, "by": 1, "answered": True}


def _shifts(house: House, n: int, closed: int, at: Any) -> Rows:
    yield (
        Shift,
        {
            "id": n,
            "number": n,
            "station": f"desk-{n % 3 + 1}",
            "account_id": house.codes["BANK"],
            "clerk_id": 1,
            "state": "closed",
            "business_date": at.date(),
            "opened_at": at,
            "float_amount": 0,
            "expected": 0,
            "counted": 0,
            "over_short": 0,
            "left": 0,
            "closed_at": at,
            "closed_by": 1,
        },
    )
    if n < closed:
        yield (
            Handover,
            {
                "id": n,
                "number": n,
                "shift_id": n,
                "next_shift_id": n,
                "business_date": at.date(),
                "at": at,
                "given_by": "Wang",
                "taken_by": "Li",
                "figures": FIGURES,
                "items": [],
            },
        )
