"""The print room of a workstation: the list of jobs as the spooler sees it, through the office's own door."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

from pms.core import limits
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.office import Office
from pms.printing.printers import Printer, driver
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
        self._office.do(service.unprinted.of(job_id=job.id, trouble=_told(trouble)))

    def doubtful(self, job: Job, trouble: str) -> None:
        """Mark a job as "may be incomplete" and say why."""
        self._office.do(service.doubtful.of(job_id=job.id, trouble=_told(trouble)))


def _told(trouble: str) -> str:
    """A driver may say anything, and what it says must be written down."""
    return str(limits.bounded(trouble, limits.NOTE))


def folder_printer(folder: Path) -> Printer:
    """Return the printer for papers that no printer is set for: PDF files in a folder, so that nothing is
    lost."""
    return Printer(0, _("Folder %(folder)s") % {"folder": _short(folder)}, "folder", str(folder), paper="")


def _short(folder: Path) -> str:
    """Return where a folder is, in the short form for one's own."""
    home = Path.home()
    return f"~/{folder.relative_to(home)}" if folder.is_relative_to(home) else str(folder)


class PrinterLamp:
    """What a workstation's printers are worth: asked again only when a printer has been set otherwise."""

    def __init__(self, office: Office, spooler: Spooler, folder: Path) -> None:
        self._office, self._spooler, self._folder = office, spooler, folder
        self._set: bool | None = None
        self._deaf = office.changes.listen(self._heard)

    def _heard(self, topics: frozenset[str]) -> None:
        if "printers" in topics:
            self._set = None

    def state(self) -> tuple[str, str]:
        """Return ``bad``, ``off`` or ``ok`` and what to say; it works once a paper came out, not before."""
        if self._set is None:
            try:
                self._set = bool(self._office.ask(queries.routes_at, station=self._office.station))
            except Refused as away:
                return "bad", str(away)
        if trouble := self._spooler.trouble:
            return "bad", trouble
        if not self._set:
            where = {"folder": _short(self._folder)}
            return "off", _("No printer is set up. Papers are kept as PDF files in %(folder)s.") % where
        if not self._spooler.came_out:
            return "off", _("Nothing has been printed since the start.")
        return "ok", _("The last paper came out.")


def open_room(office: Office, home: Path, *, seconds: float = 5.0) -> Spooler:
    """Return the print room of the office's workstation, ready to start; it looks after each commit and every
    ``seconds``. ``home`` is the folder of papers: for those that no printer is set for, and of every printer
    that writes files."""
    return Spooler(
        OfficeJobs(office, folder_printer(home)),
        office.changes,
        drivers=partial(driver, home=home),
        seconds=seconds,
    )
