"""Reports: choose a closed day and a report, read it as it prints, print it or save it."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from pms.core.i18n import N_, _
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.printing import pdf, preview, spreadsheet
from pms.printing.slip import Slip
from pms.services.reports import printouts, queries, service
from pms.ui.kit import files, formats, keys
from pms.ui.kit import theme as th
from pms.ui.kit.actions import action
from pms.ui.kit.desk import Screen
from pms.ui.kit.forms import Choice
from pms.ui.kit.parts import card, col, heading, row
from pms.ui.kit.preview import Preview
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

Line = tuple[str, str]
"""A report's word and title."""


class ReportsScreen(Screen):
    """The night's set of any closed day."""

    TOPICS = frozenset({"night_audit", "business_date"})

    def build(self) -> QHBoxLayout:
        """Put the list and the paper side by side."""
        self.slip: Slip | None = None
        self.list = Table((Column(N_("Report"), lambda r: _(r[1])),), key=lambda r: r[0])
        self.list.show_rows([(word, title) for word, (title, _build) in printouts.REPORTS.items()])
        self.list.picked.connect(lambda _row: self._read())
        self.day = Choice(_("Business date"))
        self.day.changed.connect(self._read)
        self.paper = Preview()
        policy = self.paper.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.paper.setSizePolicy(policy)
        left = card(
            heading(_("Reports")),
            self.day,
            (self.list, 1),
            self.notes,
            self.button("save_sheet"),
            self.button("save_pdf"),
            self.button("print_all"),
            self.button("print_one"),
            gap=8,
        )
        left.setFixedWidth(th.px(300))
        return row(col(left, pad=(12, 12, 0, 12)), (self.paper, 1), gap=12)

    def start(self) -> QWidget:
        """Give the keys to the list of reports."""
        if self.list.row() is None:
            self.list.selectRow(0)
        return self.list

    def open(self, day: date | None = None, report: str = "", **_what: Any) -> None:
        """Show a report that another screen asked for."""
        if day is not None:
            self.day.set_value(day)
        if report:
            self.list.pick(report)
        self._read()

    def refresh(self) -> None:
        """Offer the days that have been closed, the latest first."""
        days = self.office.ask(queries.closed_days)
        self.day.set_options(
            [(d, formats.long_day(d) if d.year == days[0].year else formats.day(d, year=True)) for d in days]
        )
        self._read()

    def _read(self) -> None:
        """Read the report off the window's thread and show it as it prints."""
        line: Line | None = self.list.row()
        self.slip = None
        self.update_actions()
        if line is None or self.day.value() is None or not self.office.clerk.may(Permission.REPORTS_READ):
            self.paper.setVisible(False)
            self._say_why()
            self.update_actions()
            return
        self.ask_slow(partial(_drawn, word=line[0], day=self.day.value()), then=self._show)

    def _say_why(self) -> None:
        if not self.office.clerk.may(Permission.REPORTS_READ):
            self.refuse(_("Your role may not read reports. Ask the duty manager."))
        elif self.day.value() is None:
            self.notes.inform(_("No day has been closed yet. The first night audit makes the first reports."))
        elif self.notes.tone == "info":
            self.notes.clear()

    def _show(self, drawn: tuple[Slip, list[bytes]]) -> None:
        slip, pages = drawn
        if slip.kind != f"report_{self.list.row()[0]}":
            return  # another report has been chosen meanwhile
        self.slip = slip
        self.paper.setVisible(True)
        self.paper.show_document(pages, title=f"{slip.title} {slip.number}", printer=_("A4"))
        self.update_actions()

    @action(N_("Print"), key=keys.PRIMARY, operation=service.print_reports, icon="printer", kind="primary")
    def print_one(self) -> None:
        """Print the report that is shown."""
        self._print([self.list.row()[0]])

    @action(N_("Print all"), key=keys.PRINT, operation=service.print_reports, icon="printer")
    def print_all(self) -> None:
        """Print the whole set of the day."""
        self._print(list(printouts.REPORTS))

    def _print(self, words: Sequence[str]) -> None:
        self.run(
            service.print_reports.of(day=self.day.value(), words=list(words)),
            said=_("%(n)s reports are printed.") % {"n": len(words)},
        )

    @action(N_("Save as PDF"), key=keys.PDF, operation=service.take_out, icon="sheet")
    def save_pdf(self) -> None:
        """Save the report that is shown as PDF."""
        if path := self.where("pdf"):
            assert self.slip is not None
            call = service.take_out.of(day=self.day.value(), words=[self.list.row()[0]], form="pdf")
            slip = self.slip
            if self.run(call):
                files.save(self, path, pdf.render(slip))

    @action(N_("Spreadsheet"), key=keys.EXPORT, operation=service.take_out, icon="sheet")
    def save_sheet(self) -> None:
        """Save the whole set of the day as a spreadsheet."""
        if path := self.where("xlsx"):
            day = self.day.value()
            if self.run(service.take_out.of(day=day, words=list(printouts.REPORTS), form="xlsx")):
                self.ask_slow(partial(_workbook, day=day), then=lambda data: files.save(self, path, data))

    def where(self, kind: str) -> Path | None:
        """Ask where to save; None when it was called off."""
        return files.where(
            self,
            f"{self.slip.title if self.slip and kind == 'pdf' else _('Reports')} {self.day.value():%Y-%m-%d}",
            kind,
        )

    def _no_day(self) -> str:
        """What is printed is read afresh: nobody waits until it is drawn on the screen."""
        chosen = self.list.row() is not None and self.day.value() is not None
        return "" if chosen else _("Choose a closed day first.")

    can_print_one = can_print_all = can_save_sheet = _no_day

    def can_save_pdf(self) -> str:
        """Say why not: what is saved is what is shown."""
        return self._no_day() or (
            "" if self.slip else _("The report is being drawn. Press again in a moment.")
        )


@query(Permission.REPORTS_READ)
def _drawn(session: Any, *, word: str, day: date) -> tuple[Slip, list[bytes]]:
    slip = printouts.report(session, word=word, day=day)
    return slip, [page.png() for page in preview.pages(pdf.render(slip))]


@query(Permission.REPORTS_READ)
def _workbook(session: Any, *, day: date) -> bytes:
    return spreadsheet.render([printouts.report(session, word=word, day=day) for word in printouts.REPORTS])
