"""Read a channel's list of orders: each row a proposal, by the map of its columns that is shipped as data in
``resources/orders/lists``."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.tables import Sheet

from . import proposal as p
from . import reader, sums, values
from .layouts import FOLDER
from .proposal import Hours, Open, Proposal
from .reader import House, parted, typed
from .sums import Told

HEAD_WITHIN = 20
"""The head stands in one of the first lines."""
_REFERENCE = re.compile(r"[0-9A-Z]{6,24}", re.IGNORECASE)
_AMOUNT = re.compile(r"-?[\d,]+(?:\.\d+)?")
_CURRENCY = re.compile(r"[A-Z]{3}|CN¥|¥|\$|€", re.IGNORECASE)


@dataclass(frozen=True)
class ListMap:
    """Which column of a channel's list holds which field, and what its words mean."""

    channel: str
    needs: tuple[str, ...]
    columns: Mapping[str, Sequence[str]]
    part_guests: str = ",、"
    zero_rooms: bool = False
    zero_sell: bool = False
    cancelled: tuple[str, ...] = ()
    payments: Mapping[str, str] = field(default_factory=dict)
    sites: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Listed:
    """A list that was read: its head's row (from 1), the orders, and the rows that are none."""

    channel: str
    head: int
    orders: tuple[Proposal, ...]
    ignored: tuple[str, ...]


@cache
def shipped() -> tuple[ListMap, ...]:
    """Return the maps that come with the program."""
    return tuple(_map(path) for path in sorted((FOLDER / "lists").glob("*.toml")))


def _map(path: Path) -> ListMap:
    data = tomllib.loads(path.read_text("utf-8"))
    data["cancelled"] = tuple(data.pop("cancelled", {}).get("words", ()))
    data["needs"] = tuple(data["needs"])
    return ListMap(**data)


def read(sheet: Sheet, *, maps: Sequence[ListMap], house: House, received: date) -> Listed:
    """Return the orders of a list; of rows with one number the one that was told last counts. Refuses a list
    without a head that is known."""
    for at, row in enumerate(sheet.rows[:HEAD_WITHIN]):
        for known in maps:
            if (columns := _columns(row, known)) is not None:
                return _listed(sheet, at, columns, known, house, received)
    raise Refused(
        _(
            "No known channel writes a list with these columns. Choose the list as the channel's page "
            "saves it."
        )
    )


def _columns(row: Sequence[str], known: ListMap) -> dict[str, int] | None:
    heads = {_plain(cell): n for n, cell in reversed(list(enumerate(row))) if cell}
    found = {
        name: heads[_plain(word)]
        for name, words in known.columns.items()
        for word in reversed(words)
        if _plain(word) in heads
    }
    return found if all(name in found for name in known.needs) else None


def _plain(head: str) -> str:
    return "".join(values.same_length(head).replace("\ufeff", "").split()).casefold()


def _listed(
    sheet: Sheet, at: int, columns: Mapping[str, int], known: ListMap, house: House, received: date
) -> Listed:
    orders: dict[str, Proposal] = {}
    ignored: list[str] = [" ".join(filter(None, row)) for row in sheet.rows[:at] if any(row)]
    for n, row in enumerate(sheet.rows[at + 1 :], at + 1):
        if not any(row):
            continue
        told = {name: row[c].strip() if c < len(row) else "" for name, c in columns.items()}
        if not _REFERENCE.fullmatch(told["reference"]):
            ignored.append(" ".join(filter(None, row))[:80])
            continue
        made = _order(told, known, house, received)
        if (n, columns["reference"]) in sheet.lost:
            made = _opened(replace(made, reference=""), "lost", "reference", told["reference"])
        key = made.reference or f"row {n}"
        before = orders.get(key)
        if before is None or _told_at(made) >= _told_at(before):
            orders[key] = made
    return Listed(known.channel, at + 1, tuple(orders.values()), tuple(ignored))


def _told_at(order: Proposal) -> datetime:
    return order.noticed_at or order.booked_at or datetime.min  # noqa: DTZ901 - wall clocks, compared alone


def _opened(made: Proposal, code: str, name: str, what: str = "") -> Proposal:
    return replace(made, open=(*made.open, Open(code, name, what)))


def _order(told: Mapping[str, str], known: ListMap, house: House, received: date) -> Proposal:
    words = f"{told.get('kind', '')} {told.get('state', '')}".casefold()
    made = Proposal(
        channel=known.channel,
        site=reader.meaning(told.get("site", ""), known.sites),
        action=p.CANCEL if any(word.casefold() in words for word in known.cancelled) else p.NEW,
        reference=told["reference"],
        confirmation=told.get("confirmation", ""),
        state=told.get("state", ""),
        booked_at=_moment(told.get("booked_at", ""), received),
        noticed_at=_moment(told.get("noticed_at", ""), received),
        room=told.get("room", ""),
        plan=told.get("plan", ""),
        guests=parted(told.get("guests", ""), known.part_guests, "first_last"),
        adults=_count(told.get("adults", "")),
        children=_count(told.get("children", "")),
        payment=reader.meaning(told.get("payment", ""), known.payments),
        requests=tuple(filter(None, (told.get("requests", ""),))),
        phone="" if "*" in told.get("phone", "") else told.get("phone", ""),
    )
    made = reader.of_house(made, told.get("hotel", ""), house)
    made = _days(made, told, received)
    made = _rooms(made, told, known, house)
    return reader.lacking(_amounts(reader.named(made), told, known, house))


def _days(made: Proposal, told: Mapping[str, str], received: date) -> Proposal:
    arrival, departure = (_day(told[name], received) for name in ("arrival", "departure"))
    made = replace(made, arrival=arrival, departure=departure)
    nights = re.fullmatch(r"(-?\d+)(?:\.0+)?", told.get("nights", ""))
    if "钟点房" in made.room or (nights and int(nights[1]) < 0):
        made = replace(made, departure=arrival, hours=Hours(0))
        return _opened(_opened(made, "hour_room", "hours"), "hours", "hours")
    if made.nights is not None and made.nights <= 0:
        made = _opened(made, "order_of_days", "departure")
    elif nights and made.nights is not None and int(nights[1]) != made.nights:
        made = _opened(made, "nights", "departure", nights[1])
    return _opened(made, "past", "arrival") if arrival and arrival < received else made


def _rooms(made: Proposal, told: Mapping[str, str], known: ListMap, house: House) -> Proposal:
    rooms = _count(told.get("rooms", ""))
    if rooms == 0 and known.zero_rooms:
        rooms, made = 1, _opened(made, "assumed_one", "rooms")
    made = replace(made, rooms=rooms or None)
    return typed(made, house) if made.room else made


def _amounts(made: Proposal, told: Mapping[str, str], known: ListMap, house: House) -> Proposal:
    found = {name: _amount(told.get(name, "")) for name in ("sell", "settle", "commission")}
    currencies = {code for _sum, code, _exact in filter(None, found.values()) if code}
    currencies |= {reader.currency_of(told["currency"])} if told.get("currency") else set()
    sell, settle, commission = (one[0] if (one := found[name]) else None for name in found)
    if not sell and known.zero_sell:
        sell = settle + commission if settle is not None and commission is not None else None
    if currencies - {house.currency}:
        sums_told = {"sell": sell, "settle": settle}
        made = replace(made, foreign={k: v for k, v in sums_told.items() if v is not None})
        made = replace(made, currency=" / ".join(sorted(currencies)))
        return _opened(made, "foreign", "currency", made.currency)
    for name, one in found.items():
        if one is not None and not one[2]:
            made = _opened(made, "rounded", name, told[name])
    made = replace(made, sell=sell, settle=settle, commission=commission, currency=next(iter(currencies), ""))
    if made.action == p.CANCEL:
        return made
    return sums.weighed(made, Told())


def _amount(text: str) -> tuple[int, str, bool] | None:
    """Return an amount in hundredths, its currency, and whether it had no more decimals than that."""
    plain = values.same_length(text)
    found = _AMOUNT.search(plain)
    if found is None:
        return None
    sign = _CURRENCY.search(plain)
    figures = found[0].replace(",", "")
    exact = Decimal(figures) * 100 == values.cents(figures)
    return values.cents(figures), reader.currency_of(sign[0]) if sign else "", exact


def _count(text: str) -> int | None:
    found = re.fullmatch(r"(\d{1,3})(?:\.0+)?", text)
    return int(found[1]) if found else None


def _day(text: str, received: date) -> date | None:
    found = values.day(text, received) if text else None
    return found[0] if found else None


def _moment(text: str, received: date) -> datetime | None:
    return values.moment(text, received) if text else None
