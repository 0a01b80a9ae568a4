"""The print room of a workstation: the list of jobs as the spooler sees it, through the office's own door."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from pms.core.i18n import _
from pms.core.office import Office
from pms.printing.printers import Printer
from pms.printing.spooler import Job, Spooler

from . import queries, service
from .queries import Waiting

DRAWER_WAITS = timedelta(minutes=1)
"""A paper that comes out later than this no longer opens the drawer: nobody may stand there."""


class OfficeJobs:
    """A workstation's print jobs; each call is one transaction of the office that it is given."""

    def __init__(self, office: Office, fallback: Printer | None = None) -> None:
        self._office, self._fallback = office, fallback

    def recover(self) -> None:
        """Mark what was printing when the program ended as "may be incomplete"."""
        self._office.do(service.recover.of())

    def waiting(self) -> Sequence[Job]:
        """Return the jobs to print, oldest first."""
        found: list[Waiting] = self._office.ask(
            queries.waiting, station=self._office.station, fallback=self._fallback
        )
        now = self._office.now()
        return [
            Job(
                w.id,
                f"{w.id:06d}-{w.kind}",
                w.slip if now - w.at < DRAWER_WAITS else {**w.slip, "drawer": False},
                w.reprint,
                w.trouble,
                w.printer,
            )
            for w in found
        ]

    def claim(self, job: Job) -> bool:
        """Mark a job as printing; false when somebody took it back in the meantime."""
        return bool(
            self._office.do(service.claim.of(job_id=job.id, printer=job.printer.name if job.printer else ""))
        )

    def printed(self, job: Job) -> None:
        """Mark a job as printed."""
        self._office.do(service.printed.of(job_id=job.id))

    def unprinted(self, job: Job, trouble: str) -> None:
        """Mark a job as not printed yet and say why."""
        self._office.do(service.unprinted.of(job_id=job.id, trouble=trouble))

    def doubtful(self, job: Job, trouble: str) -> None:
        """Mark a job as "may be incomplete" and say why."""
        self._office.do(service.doubtful.of(job_id=job.id, trouble=trouble))


def folder_printer(folder: Path) -> Printer:
    """Return the printer for papers that no printer is set for: PDF files in a folder, so that nothing is
    lost."""
    return Printer(0, _("Folder %(folder)s") % {"folder": folder.name}, "folder", str(folder), paper="")


def open_room(office: Office, fallback: Printer | None = None, *, seconds: float = 5.0) -> Spooler:
    """Return the print room of the office's workstation, ready to start; it looks after each commit and every
    ``seconds``."""
    return Spooler(OfficeJobs(office, fallback), office.changes, seconds=seconds)
