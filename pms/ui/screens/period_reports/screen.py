"""Weekly and monthly reports: choose a period, read its paper, write about it, sign it."""

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from pms.core import offers
from pms.core.i18n import N_, _
from pms.core.offers import Offers
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.printing import pdf, preview, spreadsheet
from pms.printing.slip import Slip
from pms.services.period_reports import printouts, queries, service
from pms.services.period_reports.queries import MONTH, WEEK, ReportRow
from pms.ui.kit import files, formats, keys
from pms.ui.kit import theme as th
from pms.ui.kit.actions import action
from pms.ui.kit.desk import Screen
from pms.ui.kit.empty import Empty
from pms.ui.kit.forms import Remark
from pms.ui.kit.parts import card, chip, col, heading, label, row, side_panel
from pms.ui.kit.preview import Preview
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table


def _period(report: ReportRow) -> str:
    if report.kind == MONTH:
        return formats.month(report.start)
    return f"{formats.day(report.start)} \u2013 {formats.day(report.end, year=True)}"


def _about(report: ReportRow) -> str:
    return formats.commas((report.part, report.signed_by or report.writer))


def _state(report: ReportRow) -> str:
    return _("signed") if report.signed_at else _("draft") if report.text or report.plan else ""


class PeriodReportsScreen(Screen):
    """Put together from the closed days; the text and the plan are typed, then it is signed and kept."""

    TOPICS = frozenset({"period_reports", "night_audit", "business_date", "day_audit"})

    def build(self) -> QHBoxLayout:
        """Put list, paper and text side by side."""
        self.kind = WEEK
        self.slip: Slip | None = None
        self._shown: tuple[str, date] | None = None
        self.chips = {
            kind: chip(_(title), on=kind == WEEK)
            for kind, title in ((WEEK, N_("Weeks")), (MONTH, N_("Months")))
        }
        for kind, made in self.chips.items():
            made.clicked.connect(lambda _on=False, kind=kind: self.show_kind(kind))
        self.list = Table(
            (
                Column(N_("Period"), _period, bold=True, sub=_about),
                Column(
                    N_("State"), _state, "badge", width=84, tone=lambda r: "good" if r.signed_at else "warn"
                ),
            ),
            key=lambda r: r.key,
        )
        self.list.set_empty(Empty("calendar", _("No day has been closed yet.")))
        self.list.picked.connect(lambda _row: self._read())
        self.paper = Preview()
        policy = self.paper.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.paper.setSizePolicy(policy)
        left = card(
            heading(_("Weekly reports")),
            row(*self.chips.values(), None, gap=4),
            (self.list, 1),
            self.button("save_sheet"),
            self.button("save_pdf"),
            self.button("print_one"),
            gap=8,
        )
        left.setFixedWidth(th.px(280))
        self.words = Remark(_("Report: what went well, what did not"), lines=7)
        self.plan = Remark(_("Plan for the next period"), lines=5)
        side = side_panel(
            label(_("Text of the report"), "title"),
            self.words,
            self.plan,
            None,
            self.notes,
            self.button("keep"),
            self.button("sign"),
            width=312,
        )
        return row(col(left, pad=(12, 12, 0, 12)), (self.paper, 1), side, gap=12)

    def start(self) -> QWidget:
        """Give the keys to the list of periods."""
        if self.list.row() is None:
            self.list.selectRow(0)
        return self.list

    def refresh(self) -> None:
        """Offer the periods, the latest first."""
        self.list.show_rows(
            self.office.ask(queries.reports, kind=self.kind, business_date=self.office.house().business_date)
        )
        if self.list.row() is None:
            self.list.selectRow(0)
        self._read()

    def show_kind(self, kind: str) -> None:
        """Show the weeks or the months."""
        self.kind = kind
        self.notes.clear()
        for word, made in self.chips.items():
            made.setChecked(word == kind)
        self.refresh()
        self.list.selectRow(0)

    def _read(self) -> None:
        """Fill the text in when another period is chosen, and show its paper."""
        report: ReportRow | None = self.list.row()
        self.slip = None
        self.update_actions()
        if report is None:
            self.paper.setVisible(False)
            return
        if self._shown != report.key:
            self._shown = report.key
            self.words.set_value(report.text)
            self.plan.set_value(report.plan)
        for field in (self.words, self.plan):
            field.setEnabled(report.signed_at is None)
        self.ask_slow(partial(_drawn, report=report, offered=self.office.offers), then=self._show)

    def _show(self, drawn: tuple[tuple[str, date], Slip, list[bytes]]) -> None:
        key, slip, pages = drawn
        if self.list.row() is None or self.list.row().key != key:
            return  # another period has been chosen meanwhile
        self.slip = slip
        self.paper.setVisible(True)
        self.paper.show_document(pages, title=f"{slip.title} {slip.number}", printer=_("A4"))
        self.update_actions()

    # -------------------------------------------------------------- what one can do
    @action(N_("Save draft"), key="Ctrl+S", operation=service.write, icon="check")
    def keep(self) -> None:
        """Keep what is typed."""
        self.run(service.write.of(**self._typed()), said=_("The draft is saved."))

    @action(N_("Sign"), key=keys.PRIMARY, operation=service.sign, icon="shield", kind="primary")
    def sign(self) -> None:
        """Sign with a password: the report is kept as it is and printed."""
        if done := self.run(service.sign.of(**self._typed())):
            self.notes.good(_("The report is signed by %(name)s and kept.") % {"name": done.signer})

    def _typed(self) -> dict[str, Any]:
        report: ReportRow = self.list.row()
        return {
            "kind": report.kind,
            "start": report.start,
            "text": self.words.value(),
            "plan": self.plan.value(),
        }

    def _not_to_write(self) -> str:
        report: ReportRow | None = self.list.row()
        if report is None:
            return _("Choose a period first.")
        return _("A signed report no longer changes.") if report.signed_at else ""

    can_keep = _not_to_write

    def can_sign(self) -> str:
        """Say why not: the period's days must be closed."""
        report: ReportRow | None = self.list.row()
        return self._not_to_write() or (
            "" if report is not None and report.closed else _("This period is not over yet.")
        )

    @action(N_("Print"), key=keys.PRINT, operation=service.print_report, icon="printer")
    def print_one(self) -> None:
        """Print the report as it is kept."""
        report: ReportRow = self.list.row()
        self.run(
            service.print_report.of(kind=report.kind, start=report.start), said=_("The report is printed.")
        )

    def can_print_one(self) -> str:
        """Only what is kept can be printed."""
        report: ReportRow | None = self.list.row()
        return "" if report is not None and _state(report) else _("Save a draft first.")

    @action(N_("Save as PDF"), key=keys.PDF, operation=service.take_out, icon="sheet")
    def save_pdf(self) -> None:
        """Save the report that is shown as PDF."""
        self._save("pdf", pdf.render)

    @action(N_("Save as spreadsheet"), key=keys.EXPORT, operation=service.take_out, icon="sheet")
    def save_sheet(self) -> None:
        """Save the report that is shown as a spreadsheet."""
        self._save("xlsx", lambda slip: spreadsheet.render([slip]))

    def _save(self, kind: str, render: Callable[[Slip], bytes]) -> None:
        assert self.slip is not None
        if path := self.where(kind):
            slip, report = self.slip, self.list.row()
            if self.run(service.take_out.of(kind=report.kind, start=report.start, form=kind)):
                files.save(self, path, render(slip))

    def where(self, kind: str) -> Path | None:
        """Ask where to save; None when it was called off."""
        assert self.slip is not None
        return files.where(self, f"{self.slip.title} {self.slip.number}", kind)

    def _nothing_shown(self) -> str:
        if self.list.row() is None:
            return _("Choose a period first.")
        return "" if self.slip else _("The report is being drawn. Press again in a moment.")

    can_save_pdf = can_save_sheet = _nothing_shown


@query(Permission.REPORTS_READ)
def _drawn(session: Any, *, report: ReportRow, offered: Offers) -> tuple[tuple[str, date], Slip, list[bytes]]:
    kept = queries.signed_paper(session, kind=report.kind, start=report.start)
    slip = (
        Slip.from_dict(kept)
        if kept
        else printouts.paper(
            session,
            kind=report.kind,
            start=report.start,
            text=report.text,
            plan=report.plan,
            tallies=offered.gather(offers.tallies, session, start=report.start, end=report.end),
        )
    )
    return report.key, slip, [page.png() for page in preview.pages(pdf.render(slip))]
