"""Take print jobs from the database after each commit and print them, each once.

A job is claimed before its first byte and settled after its last. Where that order is broken – the cable
pulled, the program killed, the database gone in between – the job is "may be incomplete", and only a person
who looked at the paper sends it again.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from pms.core.changes import Changes
from pms.core.errors import Refused
from pms.core.i18n import N_, _
from pms.printing.printers import Doubtful, Driver, Output, Printer, Unprinted, ready

PATIENCE = (5.0, 10.0, 20.0, 60.0)
"""Seconds that a printer in trouble is left alone, longer each time."""
TOPICS = frozenset({"print_jobs", "printers"})
NO_PRINTER = N_("No printer is set for this paper at this workstation. Choose one under Print-outs.")
KILLED = N_(
    "The program ended while this was printing. Look at the paper: print a duplicate or mark it as printed."
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """A print-out that waits, with the printer it goes to."""

    id: int
    name: str
    slip: Mapping[str, Any]
    reprint: int
    trouble: str
    printer: Printer | None


class Jobs(Protocol):
    """The list of print jobs of one workstation; each call is one transaction."""

    def recover(self) -> None:
        """Mark what was printing when the program ended as "may be incomplete"."""

    def waiting(self) -> Sequence[Job]:
        """Return the jobs to print, oldest first."""

    def claim(self, job: Job) -> bool:
        """Mark a job as printing; false when somebody took it back in the meantime."""

    def printed(self, job: Job) -> None:
        """Mark a job as printed."""

    def unprinted(self, job: Job, trouble: str) -> None:
        """Mark a job as not printed yet and say why."""

    def doubtful(self, job: Job, trouble: str) -> None:
        """Mark a job as "may be incomplete" and say why."""


class Spooler:
    """The print room of one workstation: one plain thread; ``look`` does one round on the caller's own."""

    def __init__(
        self,
        jobs: Jobs,
        changes: Changes,
        *,
        drivers: Callable[[Printer], Driver],
        clock: Callable[[], float] = time.monotonic,
        seconds: float = 5.0,
    ) -> None:
        self._jobs, self._changes, self._drivers, self._clock, self._seconds = (
            jobs,
            changes,
            drivers,
            clock,
            seconds,
        )
        self._rest: dict[int, tuple[float, int]] = {}
        self._owed: list[Callable[[], None]] = []
        self._hopeless: set[int] = set()
        self._recovered = False
        self.trouble = ""
        """What a printer said last, empty when the last paper came out: for the device lamp."""
        self.came_out = False
        """Whether a printer has printed since the start; a file in a folder is no paper."""
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="spooler", daemon=True)
        self._deaf = changes.listen(self._heard)

    def start(self) -> None:
        """Begin to print on a thread of its own."""
        self._thread.start()

    def stop(self, seconds: float = 30.0) -> None:
        """Finish the job in hand and end the thread."""
        self._deaf()
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _heard(self, topics: frozenset[str]) -> None:
        if topics & TOPICS:
            if "printers" in topics:  # somebody set a printer right: try at once
                self._rest.clear()
            self._wake.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            try:
                self.look()
            except Refused as trouble:
                _log.warning("print room: %s", trouble)
            except Exception:
                _log.exception("print room")
            self._wake.wait(self._seconds)

    def look(self) -> None:
        """Settle what is owed, then print what waits; a store in trouble is raised and nothing is printed
        before it is back."""
        if not self._recovered:
            self._jobs.recover()
            self._recovered = True
        self._settle()
        for job in self._jobs.waiting():
            if self._stop.is_set():
                return
            self._take(job)

    def _take(self, job: Job) -> None:
        if job.id in self._hopeless:
            return
        if job.printer is None:
            self._tell(job, _(NO_PRINTER))
        elif self._rest.get(job.printer.id, (0.0, 0))[0] <= self._clock():
            self._print(job, job.printer)

    def _print(self, job: Job, printer: Printer) -> None:
        try:
            output = ready(job.slip, job.reprint, printer, job.name)
            output.draw()  # before the job is claimed: a defect here costs no paper
            line = self._drivers(printer)
        except Unprinted as trouble:
            self._leave(printer, trouble)
            self._tell(job, str(trouble))
        except Exception as error:
            _log.exception("print job %s cannot be drawn", job.id)
            self._hopeless.add(job.id)
            why = {"why": str(error) or type(error).__name__}
            self._tell(
                job,
                str(error)
                if isinstance(error, Refused)
                else _("This print-out cannot be drawn. Tell the maker: %(why)s") % why,
            )
        else:
            if self._claimed(job):
                self._owed.append(self._sent(job, printer, line, output))
                self._settle()

    def _claimed(self, job: Job) -> bool:
        try:
            return self._jobs.claim(job)
        except Refused:  # whether the claim was stored is not known; that no byte was sent is
            self._owed.append(partial(self._jobs.unprinted, job, job.trouble))
            raise

    def _sent(self, job: Job, printer: Printer, line: Driver, output: Output) -> Callable[[], None]:
        """Print a claimed job and return how it is to be settled; that is owed to the list until the list has
        it."""
        try:
            line.send(output)
        except Unprinted as trouble:
            self._leave(printer, trouble)
            return partial(self._jobs.unprinted, job, str(trouble))
        except Doubtful as trouble:
            self._leave(printer, trouble)
            return partial(self._jobs.doubtful, job, str(trouble))
        except Exception as error:
            _log.exception("driver of printer %s", printer.name)
            why = _("The driver failed: %(why)s. Look at the paper.") % {
                "why": str(error) or type(error).__name__
            }
            self._leave(printer, why)
            return partial(self._jobs.doubtful, job, why)
        self._rest.pop(printer.id, None)
        self.trouble, self.came_out = "", self.came_out or printer.kind != "folder"
        return partial(self._jobs.printed, job)

    def _settle(self) -> None:
        while self._owed:
            self._owed[0]()
            del self._owed[0]

    def _leave(self, printer: Printer, trouble: object) -> None:
        """Leave a printer in trouble alone for a while."""
        self.trouble = str(trouble)
        failures = self._rest.get(printer.id, (0.0, 0))[1]
        self._rest[printer.id] = (self._clock() + PATIENCE[min(failures, len(PATIENCE) - 1)], failures + 1)

    def _tell(self, job: Job, trouble: str) -> None:
        if trouble != job.trouble:
            self._jobs.unprinted(job, trouble)
