"""What the auditor looks at and decides on: the newest look at the books, and what may be marked."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import QObject

from pms.core import clock
from pms.core.i18n import _, ngettext
from pms.services.folios import queries as folio_queries
from pms.services.night_audit import hours, queries
from pms.services.night_audit.checks import Check, Finding
from pms.services.night_audit.checks.cards import RoomTonight
from pms.services.night_audit.queries import RunRow
from pms.ui.kit import background
from pms.ui.kit.desk import Screen

from . import signs
from .stage import DAY, Item, Night, Proof, Seen


class Lookout(QObject):
    """Looks at the night beside the window, one look at a time; what changes meanwhile is looked at again."""

    def __init__(
        self,
        page: Screen,
        checks: Mapping[str, Check],
        *,
        rooms: Callable[[], bool],
        shown: Callable[[Seen], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """``rooms`` says whether the three-way check is seen; ``shown`` gets each look, ``failed`` why there
        was none."""
        super().__init__(page)
        self.office, self.checks = page.office, checks
        self.night: Night | None = None
        self.seen = set[str]()
        """The findings that have been in hand tonight."""
        self.looking, self._again = False, False
        self._rooms, self._shown, self.failed = rooms, shown, failed
        self._then: list[Callable[[], None]] = []

    # -------------------------------------------------------------- looking
    def at_once(self) -> None:
        """Look while the window waits, so that what is read first is true."""
        self._show(self._look(self._rooms()))

    def look(self, then: Callable[[], None] | None = None) -> None:
        """Look again while the window goes on, for a thousand rooms take longer than a blink; then show what
        is found and do ``then``."""
        if then is not None:
            self._then.append(then)
        if self.looking:
            self._again = True  # what has changed since may not be in the look that is under way
            return
        self.looking = True
        background.run(self, partial(self._look, self._rooms()), self._looked, self._not_looked)

    def after(self, then: Callable[[], None]) -> None:
        """Do ``then`` when the look that is under way has come back."""
        self._then.append(then)

    def _looked(self, seen: Seen) -> None:
        self.looking = False
        self._show(seen)
        if self._again:
            self._again = False
            self.look()
            return
        then, self._then = self._then, []
        for go_on in then:
            go_on()

    def _not_looked(self, error: Exception) -> None:
        self.looking, self._again, self._then = False, False, []
        self.failed(error)

    def _show(self, seen: Seen) -> None:
        if self.night is not None and self.night.business_date != seen.night.business_date:
            self.seen.clear()
        self.night = seen.night
        self._shown(seen)

    def _look(self, rooms: bool) -> Seen:
        night = self._night()
        return Seen(night, self.proof(), self._three_ways(night.business_date) if rooms else None)

    def _night(self) -> Night:
        house, ask = self.office.house(), self.office.ask
        today = house.business_date
        counts = ask(queries.night_counts, start=today - DAY, end=today)
        opens, waiting = ask(hours.opening, business_date=today, now=self.office.now())
        return Night(
            today,
            clock.local(self.office.now(), house.zone).date(),
            self._findings(today),
            tuple(ask(queries.rehearsal, business_date=today)),
            ask(queries.marks, business_date=today),
            ask(queries.run, business_date=today),
            ask(queries.run, business_date=today - DAY),
            counts[0].revenue if counts else 0,
            opens,
            waiting,
            tuple(ask(queries.changes, business_date=today)) if counts else (),
        )

    def _findings(self, today: date) -> tuple[Finding, ...]:
        return tuple(
            self.office.ask(
                queries.findings,
                business_date=today,
                checks=tuple(self.checks.values()),
                station=self.office.station,
            )
        )

    def _three_ways(self, day: date) -> tuple[RoomTonight, ...]:
        return tuple(self.office.ask(queries.three_ways, business_date=day))

    def rooms(self) -> tuple[RoomTonight, ...]:
        """Return every room as desk, housekeeping and its cards have it tonight."""
        return self._three_ways(self.day())

    def proof(self, day: date | None = None) -> Proof:
        """Return the trial balance of a closed day, of the last one if none is named."""
        runs: list[RunRow] = [r for r in self.office.ask(queries.last_runs) if r.closed_at]
        day = day or (runs[0].business_date if runs else None)
        if day is None:
            return Proof(None, (), (), True)
        return Proof(
            day,
            tuple(runs),
            tuple(self.office.ask(folio_queries.trial_balance, business_date=day)),
            self.office.ask(queries.proof, business_date=day),
        )

    # -------------------------------------------------------------- what is known
    def day(self) -> date:
        """Return the day that is audited, known before the first look has come back."""
        return self.night.business_date if self.night is not None else self.office.house().business_date

    def overtaken(self, zone: str) -> bool:
        """Say whether the calendar has turned since the last look, or the day may be closed by now, for
        nothing in the books says so."""
        night, now = self.night, self.office.now()
        if night is None or self.looking:
            return False
        turned = night.clock != clock.local(now, zone).date()
        return turned or (now >= night.opens) != bool(night.waiting)

    # -------------------------------------------------------------- what is decided
    def why_not_mark(self, items: Sequence[Item]) -> str:
        """Say why findings are neither approved nor queried; nothing where they may be."""
        if not items:
            return _("Choose a finding first.")
        if any(item.finding.blocking for item in items):
            return _("This must be cleared; it cannot be approved.")
        return "" if self.night is not None and self.night.run is not None else _("Begin the audit first.")

    def why_not_approve(self, items: Sequence[Item]) -> str:
        """Say why findings are not approved by who works here; nothing where they may be."""
        own = [item.finding for item in items if self.office.clerk.id in item.finding.by]
        if own and len(items) > 1:
            return ngettext(
                "%(n)s of them is your own act (%(first)s): another auditor approves it. Leave it out with "
                "Ctrl+click, or query all.",
                "%(n)s of them are your own acts (%(first)s): another auditor approves them. Leave them out "
                "with Ctrl+click, or query all.",
                len(own),
            ) % {"n": len(own), "first": own[0].title}
        if own:
            return _("This is your own act: another auditor approves it, or the day audit gets it as it is.")
        return self.why_not_mark(items)

    def of_kind(self, kind: str) -> list[Item]:
        """Return the findings of a kind."""
        return [item for item in self.night.items() if item.finding.kind == kind] if self.night else []

    def next_unmarked(self, marked: Sequence[str]) -> str:
        """Return the key of the first finding without a mark beside those just marked, or nothing."""
        left = [f.key for f in self.night.unmarked() if f.key not in marked] if self.night else []
        return left[0] if left else ""

    def paper(self) -> str:
        """Return the key of the finding that asks for the signs of last night's paper, or nothing."""
        asked = [f.key for f in self.night.findings if f.kind == signs.KIND] if self.night else []
        return asked[0] if asked else ""
