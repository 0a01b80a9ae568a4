"""Statements: days of a provider's bill, with most of what was paid, something that nobody posted and a sum
that differs; read twice, cut off, of another merchant; what is open is cleared with a reason."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pms.services.statements import matching, queries, service
from tests.faults.twin.money import Posting
from tests.faults.twin.part import DAY, Facts, Part, Step, act
from tests.statements.samples import bill

WAY, SOURCE = "WECHAT", "wechat"
ODD_ONE, LEFT_OUT = 5, 7
"""Of so many numbers one differs, of so many one is not in the bill."""


class Statements(Part):
    """Which lines of WeChat's bill are here, of which days, and what was cleared."""

    def __init__(self, hotel) -> None:
        super().__init__(hotel)
        self.lines: dict[str, tuple[date, int]] = {}
        self.days: set[date] = set()
        self.read: list[tuple[bytes, date]] = []
        self.cleared: set[object] = set()
        self.first, self.zone = hotel.today, ZoneInfo(hotel.house.house().zone)

    def _standing(self) -> dict[str, Posting]:
        """Return by number what was paid and stands."""
        numbers = self.hotel.ledger.numbers
        return {n: line for (way, n), line in numbers.items() if way == WAY and not line.undone}

    def states(self) -> dict[str, str]:
        """Return how each number stands."""
        posted, told = self._standing(), dict[str, str]()
        for number, (_day, amount) in self.lines.items():
            line = posted.get(number)
            same = line is not None and line.amount == amount
            told[number] = matching.HERE if line is None else matching.MATCHED if same else matching.DIFFERS
        for number, line in posted.items():
            if number not in self.lines:
                told[number] = matching.THERE if line.day in self.days else matching.WAITING
        opened = {n for n, state in told.items() if state in matching.OPEN}
        cleared = {n for n in opened if self._mark(n) in self.cleared}
        return told | dict.fromkeys(cleared, matching.CLEARED)

    def _mark(self, number: str) -> object:
        """Return what is cleared: the line, or the posting that has none."""
        return number if number in self.lines else self._standing()[number]

    def _file(self, day: date) -> tuple[bytes, dict[str, tuple[date, int]]]:
        rows = [
            (number, line.amount + 100 * (not int(number[-2:]) % ODD_ONE))
            for number, line in self._standing().items()
            if line.day == day and int(number[-3:]) % LEFT_OUT
        ]
        rows.append((f"99{self.hotel.steps:026}", 1230))
        cells = [
            (f"{day} {8 + n // 60:02}:{n % 60:02}:00", number, f"HT{number[-8:]}", f"{amount / 100:.2f}")
            for n, (number, amount) in enumerate(rows)
        ]
        return bill(*cells), {number: (day, amount) for number, amount in rows}

    # ------------------------------------------------------------------ what can be done
    @act(2)
    def read_in(self) -> Step:
        """Read in a day's bill: new, for the second time, cut off, of another merchant, of other days."""
        day = max(self.hotel.today - DAY * self.hotel.lot.choice((0, 1, 1, 2)), self.first)
        data, lines = self._file(day)
        how = self.any(("good", "good", "good", "again", "cut", "other", "days"))
        if how == "again" and self.read:
            data, day = self.any(self.read)
        if how == "cut":
            data = data[: len(data) * 2 // 3]
        if how == "other" and self.read:
            data = data.replace(b"1900000999", b"1900000111")
        since = day + DAY * 3 if how == "days" else day

        def then(_number: int) -> None:
            self.read.append((data, day))
            self.days.add(day)
            for number, line in lines.items():
                self.lines.setdefault(number, line)

        call = service.read_in.of(file="bill.csv", data=data, first=since, last=since)
        new = how == "good" or (how in ("again", "other") and not self.read)
        return Step(call, new, then)

    @act(2)
    def clear(self) -> Step | None:
        """Clear what is open, with a reason, once."""
        found = self.hotel.house.look(queries.compared, first=self.first, last=self.hotel.today)
        pairs = [p for p in found.pairs if p.source == SOURCE and p.state != matching.WAITING]
        pair = self.mostly(lambda p: p.state in matching.OPEN, pairs)
        if pair is None:
            return None
        why = self.any(("asked the bank", "asked the bank", ""))
        number = pair.line.trade if pair.line is not None else pair.number
        of = {"line_id": pair.line.id} if pair.line is not None else {"transfer_id": pair.posting.transfer_id}

        def then(_none: None) -> None:
            self.cleared.add(self._mark(number))

        may = bool(why) and self._mark(number) not in self.cleared
        return Step(service.clear.of(reason=why, **of), may, then)

    # ------------------------------------------------------------------ compared
    def says(self) -> Facts:
        """Return how each number stands."""
        return {("matched", number): state for number, state in self.states().items()}

    def shows(self, session: Session) -> Facts:
        """Return the same from the hotel's books."""
        found = queries.compared(session, first=self.first, last=self.hotel.today + timedelta(days=1))
        return {
            ("matched", p.line.trade if p.line is not None else p.number): p.state
            for p in found.pairs
            if p.source == SOURCE
        }
