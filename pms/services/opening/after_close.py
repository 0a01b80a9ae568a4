"""What follows the close of a day: its reports as files, then a backup. Each can be done again by any
workstation until it is done."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from pms.core import dates, private
from pms.core.disk import why
from pms.core.errors import Refused
from pms.core.i18n import _, ngettext
from pms.core.settings import Home, Settings
from pms.db import backup, statistics
from pms.db.engine import empty_log
from pms.db.office import DatabaseOffice
from pms.services.night_audit import queries, service
from pms.services.property.queries import setting
from pms.services.reports import service as reports
from pms.services.stays import erasing

from . import papers
from .safekeeping import keep


class AfterClose:
    """Works for one office; its reports and backups lie in the data folder of this workstation."""

    def __init__(self, office: DatabaseOffice, place: Home, settings: Settings) -> None:
        self._office, self._place, self._settings = office, place, settings

    def report(self, day: date) -> str:
        """Write the night's set as PDF and spreadsheet, note the step, and return what was written; see
        ``pms.core.office.AfterClose``."""
        said = _("The hotel has switched the reports off.")
        if self._office.look(setting).options.reports:
            if not self._office.look(queries.proof, business_date=day):
                raise Refused(
                    _("The books of %(day)s do not prove; no report is made of them. Call for help.")
                    % {"day": dates.day(day, year=True)}
                )
            folder = self._place.reports / f"{day:%Y-%m-%d}"
            count = self._write(folder, day)
            said = ngettext(
                "%(n)s report is written to %(folder)s.", "%(n)s reports are written to %(folder)s.", count
            ) % {"n": count, "folder": folder}
            if self._office.do(reports.print_record.of(day=day)):
                printed = _("The audit record is printed: keep it, its check code is typed the next night.")
                said = f"{said} {printed}"
        self._office.do(service.step_done.of(business_date=day, step="report"))
        return said

    def _write(self, folder: Path, day: date) -> int:
        """Write a PDF for each report and one spreadsheet with all of them; return how many reports there
        are."""
        from pms.printing import pdf, spreadsheet
        from pms.services.reports import printouts

        slips = [self._office.look(printouts.report, word=word, day=day) for word in printouts.REPORTS]
        for n, slip in enumerate(slips, 1):
            _put(
                folder / f"{n:02d}-{slip.kind.removeprefix('report_').replace('_', '-')}.pdf",
                pdf.render(slip),
            )
        _put(folder / f"reports-{day:%Y%m%d}.xlsx", spreadsheet.render(slips))
        _settle(folder)
        return len(slips)

    def backup(self, day: date) -> str:
        """Erase the guests' data and the papers that are due, then write a verified backup, note the step,
        and return what was done; see ``pms.core.office.AfterClose``."""
        erased = f"{self._erase()} {self._drop()}".strip()
        if self._office.engine.dialect.name != "sqlite":
            said = backup.server_sentence(self._office.engine)
        else:
            told: list[str] = []
            target = keep(self._office, self._place, self._settings, told.append)
            said = (
                _("The backup %(file)s is written and verified.") % {"file": target}
                if target
                else _("The hotel has switched the backups off.")
            )
            said = " ".join((said, *told))
        self._office.do(service.step_done.of(business_date=day, step="backup"))
        statistics.renew(self._office.engine)
        return f"{said} {erased}".strip()

    def _erase(self) -> str:
        """Erase what the house no longer keeps, a little at a time, and say so; a backup written after it
        holds it no more. What stands in the way stops neither the backup nor the next night's try."""
        count = 0
        try:
            while some := self._office.do(erasing.erase_due.of()):
                count += some
        except Refused as trouble:
            return str(trouble)
        if not count:
            return ""
        empty_log(self._office.engine)
        return ngettext(
            "Guests' data are erased from %(n)s record.", "Guests' data are erased from %(n)s records.", count
        ) % {"n": count}

    def _drop(self) -> str:
        """Remove the papers that were kept as files for long enough, and say so."""
        count = papers.drop_old(self._office, self._place)
        if not count:
            return ""
        return ngettext(
            "%(n)s old paper kept as a file is removed.", "%(n)s old papers kept as files are removed.", count
        ) % {"n": count}

    def finish(self, say: Callable[[str], None]) -> list[str]:
        """Do every step that a closed day still waits for, oldest day first; returns what could not be done,
        which is done next time."""
        waiting = [
            run
            for run in self._office.look(queries.last_runs, limit=400)
            if run.closed_at and run.step in ("report", "backup")
        ]
        troubles = []
        for run in reversed(waiting):
            try:
                if run.step == "report":
                    say(self.report(run.business_date))
                say(self.backup(run.business_date))
            except Refused as refusal:
                troubles.append(str(refusal))
        return troubles


def _put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    try:
        private.write(path, content)
    except OSError as error:
        raise _unwritable(path, error) from error


def _settle(folder: Path) -> None:
    """The step is noted only when a power cut can no longer take the files' names away."""
    try:
        for each in (folder, folder.parent):
            private.sync_folder(each)
    except OSError as error:
        raise _unwritable(folder, error) from error


def _unwritable(path: Path, error: OSError) -> Refused:
    """Name the file from the reports' folder on: the whole path is more than a note on the screen can
    hold."""
    return Refused(
        _("%(file)s cannot be written: %(why)s. Check the folder's permissions and the free space.")
        % {"file": Path(*path.parts[-3:]), "why": why(error)}
    )
