"""Where the audit stands, read from the database and the clock: so it is taken up at any workstation after
any break."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pms.services.folios.queries import LedgerRow
from pms.services.night_audit.checks import Finding
from pms.services.night_audit.checks.cards import RoomTonight
from pms.services.night_audit.queries import Change, Charge, Group, RunRow, grouped

EARLY, BEGIN, CLEAR, CLOSE, REPORT, BACKUP = "early", "begin", "clear", "close", "report", "backup"
STEP_OF = {EARLY: 0, BEGIN: 0, CLEAR: 0, CLOSE: 1, REPORT: 3, BACKUP: 4}
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Item:
    """A finding in the list with the auditor's mark, if there is one."""

    finding: Finding
    state: str = ""
    remark: str = ""
    by: str = ""


@dataclass(frozen=True)
class Night:
    """One look at the audit: the day to be closed, what was found, what would be posted, how far it is; from
    when it may be closed, and how many days are over."""

    business_date: date
    clock: date
    findings: tuple[Finding, ...]
    charges: tuple[Charge, ...]
    marks: Mapping[str, Mapping[str, str]]
    run: RunRow | None
    before: RunRow | None
    last_revenue: int
    opens: datetime
    waiting: int
    changes: tuple[Change, ...] = ()

    @property
    def stage(self) -> str:
        """Return what comes next."""
        if self.before is not None and self.before.step in (REPORT, BACKUP):
            return self.before.step
        if not self.waiting:
            return EARLY
        if self.run is None:
            return BEGIN
        return CLEAR if self.blocking() else CLOSE

    def items(self) -> list[Item]:
        """Return the findings with their marks, by kind, the worst kind first."""
        return [self._item(f) for f in self.findings]

    def groups(self) -> list[Group]:
        """Return the kinds of findings with their count and money, the worst first."""
        return grouped(self.findings)

    def _item(self, finding: Finding) -> Item:
        mark = self.marks.get(finding.key)
        return Item(finding, mark["state"], mark["remark"], mark["by"]) if mark else Item(finding)

    def blocking(self) -> list[Finding]:
        """Return what must be cleared before the day can close."""
        return [f for f in self.findings if f.blocking]

    def unmarked(self) -> list[Finding]:
        """Return what the auditor has neither approved nor queried."""
        return [f for f in self.findings if not f.blocking and f.key not in self.marks]

    def total(self) -> int:
        """Return the sum of what would be posted."""
        return sum(c.owed for c in self.charges)


@dataclass(frozen=True)
class Proof:
    """A closed day's trial balance and whether it closes, with the audits before it."""

    day: date | None
    runs: tuple[RunRow, ...]
    ledgers: tuple[LedgerRow, ...]
    closes: bool


@dataclass(frozen=True)
class Seen:
    """What one look at the books brought: the night, the proof of the last closed day, and the rooms three
    ways if these were asked for."""

    night: Night
    proof: Proof
    rooms: tuple[RoomTonight, ...] | None


def by_reason(changes: Sequence[Change]) -> list[tuple[str, int, int]]:
    """Return reason, number of rooms and difference, in the order they come."""
    found: dict[str, tuple[int, int]] = {}
    for change in changes:
        rooms, amount = found.get(change.reason, (0, 0))
        found[change.reason] = (rooms + 1, amount + change.now - change.before)
    return [(reason, rooms, amount) for reason, (rooms, amount) in found.items()]


def by_code(charges: Sequence[Charge]) -> list[tuple[str, int, int]]:
    """Return name, number of lines and sum per kind of posting, in the order they come."""
    found: dict[str, tuple[int, int]] = {}
    for charge in charges:
        lines, amount = found.get(charge.text, (0, 0))
        found[charge.text] = (lines + 1, amount + charge.amount)
    return [(name, lines, amount) for name, (lines, amount) in found.items()]
