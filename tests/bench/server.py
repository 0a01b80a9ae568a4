"""How often a desk waits for the server in what it does all day; exact, and the same on every line."""

from __future__ import annotations

import statistics
import time
from datetime import timedelta
from typing import Any

from pms.core import offers
from pms.core.money import Money
from pms.services.folios import service as folios
from pms.services.guests.person import Person
from pms.services.property.queries import setting
from pms.services.reservations import queries as reservation_queries
from pms.services.reservations import service as reservations
from pms.services.reservations.service import Wish
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests.bench import far
from tests.bench.growth import TEXTS
from tests.bench.house import PRICE, House
from tests.bench.probe import trips
from tests.builders import Direct

MOST = {
    "booking": 9,
    "check-in": 14,
    "charge": 8,
    "payment": 8,
    "check-out": 16,
    "counts": 10,
    "search key": 6,
}


def waited(house: House) -> dict[str, int]:
    """Return the waits of each, the second time: the first of its kind starts number series."""
    found: dict[str, int] = {}
    for room, type_id in house.rooms[-2:]:
        found |= _a_stay(house, room, type_id)
    office = house.office
    found["counts"] = trips(house.engine, lambda: office.gather(offers.badges))
    found["search key"] = max(
        trips(house.engine, lambda typed=typed: office.gather(offers.search, text=typed)) for typed in TEXTS
    )
    return found


AWAY = 0.005
"""Seconds to the server and back."""


def searched_from_afar(house: House) -> float:
    """Return the milliseconds of the slowest key in the search at a desk whose server is away: the waiting as
    it is, the rest at this machine's speed."""
    with far.way(house.engine.url, AWAY / 2) as url:
        office = house.at(url)
        try:
            return max(_from_afar(office, typed) for typed in TEXTS)
        finally:
            office.engine.dispose()


def _from_afar(office: Direct, typed: str) -> float:
    from tests.bench.run import calibration

    def search() -> list[Any]:
        return office.gather(offers.search, text=typed)

    taken, speed, waiting = [], [], trips(office.engine, search) * AWAY * 1000
    for _ in range(11):
        speed.append(calibration())
        start = time.perf_counter()
        search()
        taken.append((time.perf_counter() - start) * 1000)
    usual = statistics.median(taken)
    if usual < waiting:
        raise SystemExit(f"a search of {waiting:g} ms on its way took {usual:g} ms: the server is not away")
    return waiting + (usual - waiting) * 45 / statistics.median(speed)


def _a_stay(house: House, room: int, type_id: int) -> dict[str, int]:
    office, made = house.office, dict[str, Any]()

    def count(name: str, call: Any) -> int:
        return trips(house.engine, lambda: made.update({name: office.do(call, intent=office.new_intent())}))

    wish = Wish(
        type_id, house.today, house.today + timedelta(days=3), 2, prices=(PRICE,) * 3, price_reason="agreed"
    )
    found = {"booking": count("booking", reservations.book.of(guest_name="Wang Yaqin", rooms=[wish]))}
    line = int(office.ask(reservation_queries.lines_of, number=made["booking"])[0])
    guests = [Person("Wang Yaqin")]
    found["check-in"] = count("check-in", stays.check_in.of(line_id=line, room_id=room, guests=guests))
    stay = made["check-in"]
    for name, call in (
        ("charge", folios.charge.of(stay_id=stay, code="MINIBAR", amount=Money(PRICE))),
        ("payment", folios.pay.of(stay_id=stay, method="BANK", amount=Money(100))),
    ):
        found[name] = count(name, call)
    rules = office.ask(setting).options
    leaving = office.ask(
        stay_queries.leaving,
        stay_id=stay,
        business_date=house.today,
        now=house.moment,
        zone="UTC",
        options=rules,
    )
    paid = [Paid("BANK", leaving.to_pay)]
    found["check-out"] = count("check-out", stays.check_out.of(stay_id=stay, payments=paid))
    return found
