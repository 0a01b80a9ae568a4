"""Shifts: whose drawer is open, what it should hold, what was counted."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.money import Money
from pms.services.shifts import queries, service
from pms.services.shifts.models import Shift
from tests.faults.twin.part import Facts, Part, Step, act

FLOAT = 200_000
"""The hotel's float; beyond it the clerk is asked when it is also odd."""


@dataclass
class Drawer:
    """The latest shift of a desk; ``over``: what was over or short at its close, ``begun`` and ``moved``: its
    float and what of it came out of the safe."""

    number: int = 0
    state: str = "closed"
    counted: int = 0
    expected: int = 0
    over: int = 0
    left: int = 0
    begun: int = 0
    moved: int = 0


class Shifts(Part):
    """The drawers of the desks."""

    def __init__(self, hotel) -> None:
        super().__init__(hotel)
        self.at = {station: Drawer() for station in hotel.stations}

    def is_open(self, station: str = "") -> bool:
        """Say whether money moves at a desk, this one unless told otherwise."""
        return self.at[station or self.hotel.station].state == "open"

    def _here(self) -> tuple[Drawer, str]:
        return self.at[self.hotel.station], f"CASH:{self.hotel.station}"

    @act(8)
    def open(self) -> Step | None:
        """Open a shift; what its drawer held more or less goes to or comes from the safe."""
        if self._here()[0].state != "closed" and not self.chance(6):
            return None
        return self._opening(self.hotel.lot.choice((-100, 0, 50_000, 50_000, FLOAT)))

    def _opening(self, amount: int) -> Step:
        drawer, cash = self._here()
        held = self.hotel.ledger.at[cash]

        def then(number: int) -> None:
            self.hotel.ledger.move(cash, "SAFE", amount - held, "FLOAT")
            self.at[self.hotel.station] = Drawer(number, "open", begun=amount, moved=amount - held)

        may = drawer.state == "closed" and amount >= 0
        return Step(service.open_shift.of(float_amount=Money(amount)), may, then)

    @act(2)
    def correct_float(self) -> Step | None:
        """Correct the float: what came out of the safe goes back, the right sum comes."""
        drawer, cash = self._here()
        amount, why = (
            self.hotel.lot.choice((-100, 0, 30_000, FLOAT)),
            self.any(("typed wrong", "typed wrong", "")),
        )
        if not drawer.number:
            return None

        def then(_none: None) -> None:
            moved = drawer.moved + amount - drawer.begun
            self.hotel.ledger.move(cash, "SAFE", -drawer.moved, "FLOAT")
            self.hotel.ledger.move(cash, "SAFE", moved, "FLOAT")
            drawer.begun, drawer.moved = amount, moved

        may = drawer.state == "open" and amount >= 0 and amount != drawer.begun and bool(why)
        call = service.correct_float.of(shift_id=drawer.number, float_amount=Money(amount), reason=why)
        return Step(call, may, then)

    def made_open(self) -> Iterator[Step]:
        """Yield what opens this desk's drawer, if it is not."""
        drawer = self._here()[0]
        if drawer.state == "counted":
            yield Step(
                service.go_on.of(shift_id=drawer.number, reason="late guest"),
                True,
                lambda _none: setattr(drawer, "state", "open"),
            )
        elif drawer.state == "closed":
            yield self._opening(FLOAT)

    @act(2)
    def drop(self) -> Step:
        """Put cash into the safe."""
        cash, amount = self._here()[1], self.hotel.lot.choice((0, 5000))
        return Step(
            service.drop.of(amount=Money(amount)),
            self.is_open() and amount > 0,
            lambda n: self.hotel.ledger.move("SAFE", cash, amount, "DROP", number=n),
        )

    @act(1)
    def pay_out(self) -> Step:
        """Pay something for the house."""
        cash, why = self._here()[1], self.any(("stamps", ""))
        return Step(
            service.pay_out.of(amount=Money(700), reason=why),
            self.is_open() and bool(why),
            lambda n: self.hotel.ledger.move("PAYOUT", cash, 700, "PAYOUT", number=n),
        )

    @act(1)
    def count(self) -> Step | None:
        """Count a drawer and be told what it should hold."""
        drawer, cash = self._here()
        pieces = {"10000": self.hotel.lot.randrange(30), "50": self.hotel.lot.randrange(9)}
        counted = sum(int(value) * n for value, n in pieces.items())

        def then(told: service.Told) -> None:
            assert (told.counted, told.expected) == (counted, self.hotel.ledger.at[cash]), "told another sum"
            drawer.state, drawer.counted, drawer.expected = "counted", counted, told.expected

        if not drawer.number:
            return None
        return Step(
            service.count.of(shift_id=drawer.number, pieces=pieces), drawer.state in ("open", "counted"), then
        )

    @act(3)
    def go_on(self) -> Step | None:
        """Go on with a counted shift."""
        drawer, why = self._here()[0], self.any(("late guest", "late guest", ""))
        if not drawer.number or (drawer.state != "counted" and not self.chance(6)):
            return None
        return Step(
            service.go_on.of(shift_id=drawer.number, reason=why),
            drawer.state == "counted" and bool(why),
            lambda _none: setattr(drawer, "state", "open"),
        )

    @act(1)
    def close(self) -> Step | None:
        """Close a counted shift: what is over or short is booked, what is not left goes to the safe."""
        drawer, cash = self._here()
        if not drawer.number:
            return None
        left = self.hotel.lot.choice((0, min(20_000, drawer.counted), drawer.counted + 50))
        over, why = drawer.counted - drawer.expected, self.any(("miscounted", "miscounted", ""))

        def then(_none: None) -> None:
            self.hotel.ledger.move(cash, "OVERSHORT", over, "OVERSHORT")
            self.hotel.ledger.move("SAFE", cash, drawer.counted - left, "DROP")
            drawer.state, drawer.over, drawer.left = "closed", over, left

        may = drawer.state == "counted" and left <= drawer.counted and (bool(why) or not over)
        return Step(service.close.of(shift_id=drawer.number, left=Money(left), reason=why), may, then)

    def says(self) -> Facts:
        """Return how each desk's latest shift stands, and what an open drawer should hold."""
        held = {d.number: self.hotel.ledger.at[f"CASH:{station}"] for station, d in self.at.items()}
        return {
            ("shift", d.number): (d.state, d.over, d.left, held[d.number] if d.state != "closed" else None)
            for d in self.at.values()
            if d.number
        }

    def shows(self, session: Session) -> Facts:
        """Return the same from the hotel's books."""
        s, wanted = Shift, [drawer.number for drawer in self.at.values()]
        rows = session.execute(select(s.id, s.state, s.over_short, s.left).where(s.id.in_(wanted)))
        return {
            ("shift", row.id): (
                row.state,
                row.over_short,
                row.left,
                queries.expected(session, shift_id=row.id) if row.state != "closed" else None,
            )
            for row in rows.all()
        }
