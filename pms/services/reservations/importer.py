"""Take over bookings from another system as history: each in its final state, safe to run twice."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.names import search_text
from pms.core.operation import Call
from pms.db.base import NumberSeries
from pms.db.work import Work, operation
from pms.services.rooms import service as rooms
from pms.services.rooms.models import RoomType

from . import demand
from .demand import Booking, Fault
from .duty import RESERVATIONS_IMPORT
from .models import BookedRoom, NightRate, Reservation

BATCH = 500
MAPS = ("hotel-demand",)


def run(
    do: Callable[[Call[int]], int],
    path: Path,
    map_name: str,
    progress: Callable[[int, int], None] = lambda done, rows: None,
    *,
    digits: int = 2,
) -> "Report":
    """Import a file in batches, each one transaction; returns what was stored, known already and refused.

    ``digits`` are the decimals of the hotel's currency.
    """
    if map_name not in MAPS:
        raise Refused(
            _("There is no map %(name)s. Known: %(maps)s.") % {"name": map_name, "maps": ", ".join(MAPS)}
        )
    rows, report, batch = demand.count_rows(path), Report(), []
    for number, found in enumerate(demand.read(path, digits, report.met), 1):
        if isinstance(found, Fault):
            report.refused.append(found)
        else:
            batch.append(found)
        if len(batch) == BATCH:
            report.add(do(store.of(bookings=batch)), len(batch))
            batch = []
        if number % BATCH == 0:
            progress(number, rows)
    if batch:
        report.add(do(store.of(bookings=batch)), len(batch))
    report.manner = demand.manner_of(path).words()
    progress(rows, rows)
    return report


class Report:
    """What an import did: rows read, rows stored now, the refused ones with line and reason, how the file was
    written where that is unusual, and what was met in it."""

    def __init__(self) -> None:
        self.rows = self.stored = 0
        self.manner, self.met = "", demand.Met()
        self.refused: list[Fault] = []

    def add(self, stored: int, rows: int) -> None:
        """Count a batch."""
        self.stored += stored
        self.rows += rows

    @property
    def known(self) -> int:
        """Return how many rows were there already from a run before."""
        return self.rows - self.stored


@operation(RESERVATIONS_IMPORT)
def store(work: Work, *, bookings: Sequence[Booking]) -> int:
    """Store bookings in their final state, without room, inventory or ledger rows; returns how many were not
    known yet."""
    first = work.next_number(
        "reservation"
    )  # its lock keeps a second import of the same file out until this batch is stored
    keys = [b.key for b in bookings]
    known = set(work.session.scalars(select(Reservation.import_key).where(Reservation.import_key.in_(keys))))
    fresh = [b for b in bookings if b.key not in known]
    work.session.execute(_advance_to(first + len(fresh) - 1))
    if not fresh:
        return 0
    types = _types(work, fresh)
    work.insert_many(Reservation, [_reservation(work, b, first + n) for n, b in enumerate(fresh)])
    ids = dict(
        work.session.execute(
            select(Reservation.import_key, Reservation.id).where(
                Reservation.import_key.in_([b.key for b in fresh])
            )
        ).all()
    )
    work.insert_many(BookedRoom, [_line(work, b, ids[b.key], types) for b in fresh])
    lines = dict(
        work.session.execute(
            select(BookedRoom.reservation_id, BookedRoom.id).where(
                BookedRoom.reservation_id.in_(ids.values())
            )
        ).all()
    )
    work.insert_many(NightRate, list(_nights(fresh, ids, lines)))
    work.touch("reservations")
    return len(fresh)


def _advance_to(latest: int) -> Any:
    return (
        update(NumberSeries)
        .where(NumberSeries.name == "reservation")
        .values(latest=latest)
        .execution_options(synchronize_session=False)
    )


def _types(work: Work, bookings: Iterable[Booking]) -> dict[str, int]:
    """Return type numbers by code; a type that the hotel does not have is added without rooms, so that
    history keeps its name."""
    known = dict(work.session.execute(select(RoomType.code, RoomType.id)).all())
    for code in sorted({b.reserved for b in bookings} - known.keys()):
        known[code] = rooms.add_type(work, code=code, name=code)
    return known


def _reservation(work: Work, b: Booking, number: int) -> dict[str, Any]:
    name = _("Imported %(n)s") % {"n": b.line}
    return {
        "number": number,
        "guest_name": name,
        "search": search_text(name),
        "phone": "",
        "source": b.source[:32],
        "channel": b.channel,
        "reference": "",
        "company": b.company,
        "hold_until": "18:00",
        "remarks": "",
        "made_on": b.made,
        "made_at": work.now,
        "made_by": work.clerk.id or None,
        "import_key": b.key,
    }


def _line(work: Work, b: Booking, reservation_id: int, types: dict[str, int]) -> dict[str, Any]:
    type_id = types[b.reserved]
    return {
        "reservation_id": reservation_id,
        "type_id": type_id,
        "counted_type_id": type_id,
        "room_id": None,
        "plan_id": None,
        "arrival": b.arrival,
        "departure": b.departure,
        "adults": b.adults,
        "children": b.children,
        "breakfast": 0,
        "state": b.state,
        "before": "",
        "state_at": work.now,
        "state_by": work.clerk.id or None,
        "reason": _("Imported"),
    }


def _nights(
    bookings: Sequence[Booking], ids: dict[str | None, int], lines: dict[int, int]
) -> Iterable[dict[str, Any]]:
    for b in bookings:
        for n in range(b.nights):
            yield {
                "line_id": lines[ids[b.key]],
                "night": b.arrival + timedelta(days=n),
                "price": b.price,
                "rule": "",
            }
