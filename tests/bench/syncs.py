"""Count the fsyncs of each confirmed action, in a process of its own that was started with the shim of
``tests.faults``.

``python -m tests.bench.syncs FOLDER`` prints an object: for each action, how many fsync and fdatasync calls
each doing of it made on the files in the folder. Nothing else is at work there: no window, no print room, and
the log was written into the file (a checkpoint) before.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from pms.core.money import Money
from pms.services.folios import service as folios
from pms.services.guests.person import Person
from pms.services.reservations import queries as reservation_queries
from pms.services.reservations import service as reservations
from pms.services.reservations.service import Wish
from pms.services.stays import service as stays
from tests.bench.house import PRICE, Houses
from tests.faults import shim

TIMES = 4
"""Each action so often: together they fill a fraction of the log, so that no checkpoint comes between."""


def main(folder: str) -> int:
    """Build a hotel, do each action and print its fsyncs."""
    houses = Houses(Path(folder))
    house = houses.sqlite(rooms=TIMES + 1)
    office, counts = house.office, dict[str, list[int]]()

    def counted(name: str, action: Callable[[], object]) -> object:
        with shim.counting(Path(folder), shim.SYNC) as calls:
            done = action()
        counts.setdefault(name, []).append(len(calls))
        return done

    with house.engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for n, (room, type_id) in enumerate(house.rooms):
        if n == 1:  # a log begun anew syncs its own head once more: that belongs to the checkpoint
            counts.clear()
        wish = Wish(
            type_id,
            house.today,
            house.today + timedelta(days=3),
            2,
            prices=(PRICE,) * 3,
            price_reason="as agreed",
        )
        number = counted(
            "booking", lambda wish=wish: office.do(reservations.book, guest_name="Wang Yaqin", rooms=[wish])
        )
        [line_id] = office.ask(reservation_queries.lines_of, number=number)
        stay = counted(
            "check-in",
            lambda line_id=line_id, room=room: office.do(
                stays.check_in,
                line_id=line_id,
                room_id=room,
                guests=[Person("Wang Yaqin")],
                intent=office.new_intent(),
            ),
        )
        counted(
            "charge",
            lambda stay=stay: office.do(
                folios.charge, stay_id=stay, code="MINIBAR", amount=Money(800), intent=office.new_intent()
            ),
        )
        counted(
            "payment",
            lambda stay=stay: office.do(
                folios.pay, stay_id=stay, method="CASH", amount=Money(800), intent=office.new_intent()
            ),
        )
    houses.close()
    print(json.dumps(counts))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
