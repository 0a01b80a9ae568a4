"""The lists themselves: read at one moment, in a few questions, and written down as plain text."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any, TypeVar, get_type_hints

from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.money import Money
from pms.core.permissions import Permission
from pms.db.work import Setting
from pms.printing.printers import Printer
from pms.services.print_jobs import queries as print_jobs
from pms.services.property.queries import setting
from pms.services.reservations import queries as reservations
from pms.services.reservations.models import payer_words
from pms.services.room_board import queries as room_board
from pms.services.staff import queries as staff
from pms.services.staff.queries import AtDoor
from pms.services.stays import evacuation
from pms.services.stays import queries as stays
from pms.services.stays.evacuation import Lodged

EVACUATION, IN_HOUSE = "evacuation", "in_house_list"
PAPERS = (EVACUATION, IN_HOUSE)
"""The papers that are printed without the server."""
P = Permission
READ_BY = {"guests": P.GUESTS_READ, "money": P.FOLIOS_READ, "rooms": P.ROOMS_STATUS}
"""The parts of the lists, and the right that each needs."""
R = TypeVar("R")


@dataclass(frozen=True)
class Resident:
    """Who lives in a room; the name is left out where it is not to be disclosed."""

    number: int
    room: str
    type_code: str
    guest: str
    private: bool
    arrival: date
    departure: date
    adults: int
    children: int
    pending: int
    payer: str
    channel: str
    company: str

    @property
    def listed(self) -> str:
        """Return the guest's name as a list shows it."""
        return _("Do not disclose") if self.private else self.guest

    @property
    def payer_words(self) -> str:
        """Say who pays."""
        return payer_words(self.payer, self.channel, self.company)


@dataclass(frozen=True)
class Expected:
    """A booked room whose guest is still to come; the name is left out likewise."""

    number: int
    guest: str
    private: bool
    type_code: str
    room: str
    arrival: date
    departure: date
    adults: int
    children: int
    guaranteed: bool
    hold_until: str
    total: int
    payer: str
    channel: str
    company: str

    @property
    def listed(self) -> str:
        """Return the guest's name as a list shows it."""
        return _("Do not disclose") if self.private else self.guest

    @property
    def payer_words(self) -> str:
        """Say who pays."""
        return payer_words(self.payer, self.channel, self.company)


@dataclass(frozen=True)
class RoomNow:
    """A room and its status."""

    number: str
    floor: int
    type_code: str
    occupied: bool
    people: int
    clean: str
    block: str
    block_reason: str
    due_out: bool
    due_in: bool


@dataclass(frozen=True)
class Standing:
    """What a stay owes, and the deposit that is held."""

    number: int
    balance: int
    deposit: int

    @property
    def owed(self) -> Money:
        """Return what it owes."""
        return Money(self.balance)


@dataclass(frozen=True)
class Head:
    """The hotel, and the moment of the lists."""

    at: datetime
    day: date
    house: str
    address: str
    phone: str
    zone: str
    currency: str
    digits: int
    lock_minutes: int


@dataclass(frozen=True)
class Lists:
    """Everything that was read at one moment; ``people`` are those who may open what."""

    head: Head
    lodged: Sequence[Lodged]
    printers: dict[str, Printer | None]
    residents: Sequence[Resident]
    expected: Sequence[Expected]
    rooms: Sequence[RoomNow]
    standing: Sequence[Standing]
    people: Sequence[tuple[str, AtDoor]]


def read(session: Session, *, station: str, now: datetime) -> Lists:
    """Read the lists on one snapshot."""
    found = setting(session)
    today = found.business_date
    in_house = stays.in_house(session, business_date=today)
    return Lists(
        _head(found, now),
        evacuation.lodged(session),
        {kind: print_jobs.printer_for(session, station=station, kind=kind, paper="A4") for kind in PAPERS},
        [_resident(row) for row in in_house],
        [_expected(row) for row in reservations.arrivals(session, business_date=today)],
        [_room(tile) for tile in room_board.board(session)],
        [Standing(row.number, row.balance, row.deposit) for row in in_house],
        staff.everybody_at_door(session),
    )


def _head(found: Setting, now: datetime) -> Head:
    return Head(
        now,
        found.business_date,
        found.name,
        found.options.address,
        found.options.phone,
        found.zone,
        found.currency,
        found.digits,
        found.options.lock_minutes,
    )


def _resident(row: stays.StayRow) -> Resident:
    return Resident(
        row.number,
        row.room,
        row.type_code,
        "" if row.private else row.guest,
        bool(row.private),
        row.arrival,
        row.departure,
        row.adults,
        row.children,
        row.pending,
        row.payer,
        row.channel,
        row.company,
    )


def _expected(row: reservations.LineRow) -> Expected:
    return Expected(
        row.number,
        "" if row.private else row.guest_name,
        bool(row.private),
        row.type_code,
        row.room,
        row.arrival,
        row.departure,
        row.adults,
        row.children,
        row.state == "guaranteed",
        row.hold_until,
        row.total,
        row.payer,
        row.channel,
        row.company,
    )


def _room(tile: room_board.Tile) -> RoomNow:
    return RoomNow(
        tile.number,
        tile.floor,
        tile.type_code,
        bool(tile.occupied),
        tile.heads,
        tile.clean,
        tile.block,
        tile.block_reason,
        bool(tile.due_out),
        bool(tile.due_in),
    )


# ------------------------------------------------------------------ as text
def told(value: Any) -> Any:
    """Return a row, or rows, as JSON holds them: days and moments as text."""
    if isinstance(value, list | tuple):
        return [told(each) for each in value]
    return {name: _plain(said) for name, said in asdict(value).items()}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def heard(kind: type[R], said: dict[str, Any]) -> R:
    """Return a row that ``told`` has written."""
    hints = get_type_hints(kind)
    return kind(**{f.name: _typed(hints[f.name], said[f.name]) for f in fields(kind)})  # type: ignore[arg-type]


def _typed(hint: Any, value: Any) -> Any:
    if hint in (date, datetime):
        return hint.fromisoformat(value)
    return value


def parts(lists: Lists) -> dict[str, str]:
    """Return what each part says, as text."""
    found = {
        "guests": {"residents": told(lists.residents), "expected": told(lists.expected)},
        "money": {"standing": told(lists.standing)},
        "rooms": {"rooms": told(lists.rooms)},
    }
    return {name: json.dumps(said, ensure_ascii=False) for name, said in found.items()}
