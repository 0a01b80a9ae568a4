"""Print-outs: what came out and what did not, each paper as it prints, duplicates; and the printers with what
they are used for."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QStackedWidget, QWidget

from pms.core.duty import paper_titles
from pms.core.i18n import N_, _
from pms.core.permissions import Permission
from pms.duties import DUTIES
from pms.printing.printers import CHARSETS, KINDS, Printer
from pms.printing.slip import PAPERS
from pms.services.print_jobs import queries, service
from pms.services.print_jobs.queries import JobRow, RouteRow, Sheets
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.chips import Chips
from pms.ui.kit.empty import Empty
from pms.ui.kit.flow import FormPage, SidePages, SideScreen
from pms.ui.kit.forms import Choice, Flag, Text
from pms.ui.kit.parts import box, card, col, heading, label, pairs, row
from pms.ui.kit.preview import Preview
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

OPEN, ALL, PRINTERS = "open", "all", "printers"
CHOICES = queries.SIZES | paper_titles(DUTIES)
"""What a printer can be chosen for: all papers of a size, or each paper by its kind."""
SIGNS = {
    "queued": ("expect", "clock"),
    "failed": ("warn", "alert"),
    "printing": ("expect", "printer"),
    "printed": ("good", "check"),
    "saved": ("block", "sheet"),
    "incomplete": ("warn", "alert"),
    "replaced": ("block", "close"),
    "cancelled": ("block", "close"),
}
SHOWN = 300


def numbered(job: JobRow) -> str:
    """Return a paper's number, with its count where it is a duplicate."""
    return (
        _("%(number)s, duplicate %(n)s") % {"number": job.number, "n": job.reprint}
        if job.reprint
        else job.number
    )


def use(route: RouteRow) -> str:
    """Name what a printer is used for: which paper, at which workstation."""
    paper = _(CHOICES.get(route.kind, route.kind)) if route.kind else _("All papers")
    return (
        _("%(paper)s at %(station)s") % {"paper": paper, "station": route.station} if route.station else paper
    )


class PrintJobsScreen(SideScreen):
    """The list of papers with the one in hand drawn beside it, and the list of printers."""

    TOPICS = frozenset({"print_jobs", "printers", "property"})

    # -------------------------------------------------------------- arrangement
    def build(self) -> QLayout | QWidget:
        """Put the page together."""
        self.zone, self.shown, self.routes = self.office.house().zone, 0, list[RouteRow]()
        self.chips = Chips(
            [(OPEN, _("To look after")), (ALL, _("All papers")), (PRINTERS, _("Printers"))], value=OPEN
        )
        self.chips.chosen.connect(self._turn)
        self._make_tables()
        self.lists = QStackedWidget()
        for table in (self.papers, self.printers):
            self.lists.addWidget(card((table, 1), gap=0, pad=(1, 1, 1, 1)))
        self.panel = SidePages(self.notes, width=400)
        self.preview = Preview()
        self.panel.add("paper", self._paper(), self._paper_buttons())
        self.panel.add("printer", self._printer(), self._printer_buttons())
        self._make_forms()
        self.HOME = "paper"
        main = col(heading(_("Print-outs"), self.chips, None), (self.lists, 1), gap=12, pad=(16, 12, 16, 12))
        return row((box(main), 1), self.panel, gap=0)

    def _make_tables(self) -> None:
        self.papers = Table(
            (
                Column(N_("Time"), lambda j: formats.day_time(j.at, self.zone), width=108),
                Column(N_("Paper"), lambda j: j.title, sub=lambda j: j.trouble, bold=True),
                Column(N_("Number"), numbered, width=132),
                Column(
                    N_("State"),
                    lambda j: j.state_name,
                    "badge",
                    width=156,
                    tone=lambda j: SIGNS[j.became][0],
                    icon=lambda j: SIGNS[j.became][1],
                ),
                Column(N_("Workstation"), lambda j: j.station, sub=lambda j: j.printer, width=132),
            ),
            key=lambda j: j.id,
        )
        self.papers.give_way(4, 2, least=120)
        self.papers.setAccessibleName(_("Print-outs"))
        self.nothing = Empty("check", "")
        self.papers.set_empty(self.nothing)
        self.papers.picked.connect(self._picked)
        self.papers.chosen.connect(lambda _job: self.acts["reprint"].press())
        self.printers = Table(
            (
                Column(N_("Printer"), lambda p: p.name, sub=self._uses, bold=True),
                Column(N_("Kind"), lambda p: _(KINDS.get(p.kind, p.kind)), width=232),
                Column(N_("Location"), lambda p: p.address, width=200),
                Column(N_("Size"), lambda p: p.paper, width=88),
            ),
            key=lambda p: p.id,
        )
        self.printers.give_way(3, 2, least=120)
        self.printers.setAccessibleName(_("Printers"))
        self.printers.set_empty(
            Empty("printer", _("No printer is set up. Until one is, papers wait or go to the folder."))
        )
        self.printers.picked.connect(self._picked)
        self.printers.chosen.connect(lambda _printer: self.acts["edit_printer"].press())

    def _paper(self) -> QWidget:
        self.title, self.trouble = (
            label("", "title", wrap=True),
            label("", "muted", wrap=True, align=Qt.AlignmentFlag.AlignTop),
        )
        return box(col(self.title, self.trouble, (self.preview, 1), gap=8))

    def _paper_buttons(self) -> QWidget:
        return box(
            col(
                row((self.button("came_out"), 1), (self.button("cancel"), 1), gap=8),
                self.button("reprint"),
                gap=8,
            )
        )

    def _printer(self) -> QWidget:
        self.printer_title = label("", "title", wrap=True)
        self.facts = {name: label("", wrap=True) for name in ("kind", "address", "paper", "font", "use")}
        words = {
            "kind": _("Kind"),
            "address": _("Location"),
            "paper": _("Size"),
            "font": _("Characters"),
            "use": _("Prints"),
        }
        self.grid = box(pairs(*((words[name], made) for name, made in self.facts.items()), width=92))
        return box(col(self.printer_title, self.grid, None, gap=12))

    def _printer_buttons(self) -> QWidget:
        return box(
            col(
                row((self.button("add_printer"), 1), (self.button("assign"), 1), gap=8),
                self.button("remove_printer"),
                self.button("edit_printer"),
                gap=8,
            )
        )

    def _make_forms(self) -> None:
        self.form = self.panel.add_form(
            "form",
            FormPage(
                _("Printer"),
                _("Save"),
                self._save,
                self.close_form,
                icon="printer",
                name=Text(_("Printer name"), required=True, longest=40),
                kind=Choice(_("Kind"), [(k, _(w)) for k, w in KINDS.items()], value="network"),
                address=Text(_("Location"), required=True, longest=200),
                paper=Choice(
                    _("Size"), [("", _("as the paper is made"))] + [(p, p) for p in PAPERS], value="80mm"
                ),
                charset=Choice(_("Characters"), [(c, _(w)) for c, w in CHARSETS.items()], value="gbk"),
                cutter=Flag(_("Cuts the paper"), value=True),
                drawer=Flag(_("The cash drawer hangs on it")),
            ),
        )
        self.form["kind"].changed.connect(self._explain)
        self.use = self.panel.add_form(
            "use",
            FormPage(
                _("Use this printer"),
                _("Use it"),
                self._assign,
                self.close_form,
                icon="printer",
                kind=Choice(
                    _("For"),
                    [("", _("All papers"))] + [(k, _(w)) for k, w in CHOICES.items()],
                    value="",
                ),
                station=Choice(
                    _("At"),
                    [("", _("all workstations")), (self.office.station, self.office.station)],
                    value="",
                ),
            ),
        )

    def start(self) -> QWidget | None:
        """Begin at the list."""
        return self.printers if self.chips.value() == PRINTERS else self.papers

    # -------------------------------------------------------------- what is shown
    def open(self, job_id: int = 0, page: str = "", **_what: Any) -> None:
        """Show a list, or one paper in it."""
        if page or job_id:
            self.chips.set_value(page or ALL)
            self._turn(self.chips.value())
        if job_id:
            self.mark_stale()
            found: JobRow | None = self.office.ask(queries.job, job_id=job_id)
            if not self.papers.pick(job_id) and found is not None:  # older than the list reaches
                self.papers.show_rows([found])
                self.papers.pick(job_id)

    def refresh(self) -> None:
        """Read the papers and printers anew."""
        self.routes = self.office.ask(queries.routes)
        may = self.office.clerk.may(Permission.PRINT_AGAIN)  # others come for the printers
        waiting: list[JobRow] = self.office.ask(queries.jobs, only_open=True, limit=SHOWN) if may else []
        every = may and self.chips.value() != OPEN
        self.papers.show_rows(self.office.ask(queries.jobs, limit=SHOWN) if every else waiting)
        self.printers.show_rows(self.office.ask(queries.printers))
        self.nothing.say(
            _("No paper waits.") if self.chips.value() == OPEN else _("Nothing has been printed yet.")
        )
        self.chips.show_counts({OPEN: len(waiting), PRINTERS: self.printers.rows.rowCount()})
        for table in (self.papers, self.printers):
            if table.row() is None and table.rows.rowCount():
                table.selectRow(0)
        self._picked()

    def _turn(self, page: str) -> None:
        self.lists.setCurrentIndex(1 if page == PRINTERS else 0)
        self.HOME = "printer" if page == PRINTERS else "paper"
        self.close_form()
        self.mark_stale()

    def _picked(self, _row: Any = None) -> None:
        if self.chips.value() == PRINTERS:
            self._show_printer(self.printers.row())
        else:
            self._show_paper(self.papers.row())
        self.update_actions()

    def _show_paper(self, job: JobRow | None) -> None:
        self.title.setText(f"{job.title} {numbered(job)}" if job else "")
        self.title.setVisible(job is not None)
        self.trouble.setText(job.trouble if job else _("Choose a paper in the list first."))
        self.trouble.setVisible(not job or bool(job.trouble))
        self.preview.setVisible(job is not None)
        if job is not None and job.id != self.shown:
            self.shown = job.id
            self.ask_slow(partial(queries.sheets, job_id=job.id), then=partial(self._drawn, job.id))

    def _drawn(self, job_id: int, sheets: Sheets) -> None:
        if job_id == self.shown:
            self.preview.show_document(
                sheets.pages, title="", printer=sheets.printer or _("no printer yet"), copies=sheets.copies
            )

    def _show_printer(self, printer: Printer | None) -> None:
        self.printer_title.setText(printer.name if printer else "")
        self.grid.setVisible(printer is not None)
        if printer is not None:
            told = {
                "kind": _(KINDS.get(printer.kind, printer.kind)),
                "address": printer.address,
                "paper": printer.paper or _("as the paper is made"),
                "font": _(CHARSETS[printer.charset]),
                "use": self._uses(printer),
            }
            for name, made in self.facts.items():
                made.setText(told[name])

    def _uses(self, printer: Printer) -> str:
        return "; ".join(use(r) for r in self.routes if r.printer_id == printer.id) or _("nothing yet")

    # -------------------------------------------------------------- papers
    @action(
        N_("Print a duplicate"), key=keys.PRINT, operation=service.reprint, icon="printer", kind="primary"
    )
    def reprint(self) -> None:
        """Print the paper in hand again, marked as a duplicate."""
        job = self.papers.row()
        self.run(
            service.reprint.of(job_id=job.id),
            said=_("A duplicate of %(paper)s is printing.") % {"paper": f"{job.title} {job.number}".strip()},
        )

    def can_reprint(self) -> str:
        """Say why not."""
        if why := self._no_paper():
            return why
        return (
            ""
            if self.papers.row().state in service.AGAIN
            else _("This paper still waits for its printer; it comes out by itself.")
        )

    @action(N_("Came out whole"), key="W", operation=service.came_out, icon="check")
    def came_out(self) -> None:
        """Settle a paper that was in doubt."""
        self.run(service.came_out.of(job_id=self.papers.row().id), said=_("The paper is marked as printed."))

    def can_came_out(self) -> str:
        """Say why not."""
        return self._no_paper() or (
            "" if self.papers.row().state == "incomplete" else _("This paper is not in doubt.")
        )

    @action(N_("Do not print"), key=keys.VOID, operation=service.cancel)
    def cancel(self) -> None:
        """Take a waiting paper off the list."""
        self.run(service.cancel.of(job_id=self.papers.row().id), said=_("The paper will not be printed."))

    def can_cancel(self) -> str:
        """Say why not."""
        return self._no_paper() or (
            ""
            if self.papers.row().state in queries.TO_PRINT
            else _("Only a paper that waits can be taken back.")
        )

    def _no_paper(self) -> str:
        return (
            ""
            if self.chips.value() != PRINTERS and self.papers.row()
            else _("Choose a paper in the list first.")
        )

    # -------------------------------------------------------------- printers
    @action(N_("Add a printer"), key="A", operation=service.set_printer, icon="plus")
    def add_printer(self) -> None:
        """Open the form for another printer."""
        self.changed_id = 0
        self.form.fill(
            name="", kind="network", address="", paper="80mm", charset="gbk", cutter=True, drawer=False
        )
        self._explain()
        self.open_form(self.form, "form")

    def can_add_printer(self) -> str:
        """Say why not."""
        return "" if self.chips.value() == PRINTERS else _("Turn to the printers first.")

    @action(N_("Change the printer"), key="E", operation=service.set_printer, icon="printer", kind="primary")
    def edit_printer(self) -> None:
        """Open the form with the printer in hand."""
        p: Printer = self.printers.row()
        self.changed_id = p.id
        self.form.fill(
            name=p.name,
            kind=p.kind,
            address=p.address,
            paper=p.paper,
            charset=p.charset,
            cutter=p.cutter,
            drawer=p.drawer,
        )
        self._explain()
        self.open_form(self.form, "form")

    def can_edit_printer(self) -> str:
        """Say why not."""
        return self._no_printer()

    @action(N_("Use it for"), key="U", operation=service.assign)
    def assign(self) -> None:
        """Open the form that says what the printer in hand is used for."""
        self.use.say(self.printers.row().name)
        self.open_form(self.use, "use")

    def can_assign(self) -> str:
        """Say why not."""
        return self._no_printer()

    @action(N_("Take out of use"), key="Ctrl+Del", operation=service.remove_printer, kind="danger")
    def remove_printer(self) -> None:
        """Take the printer in hand out of use."""
        printer = self.printers.row()
        self.run(
            service.remove_printer.of(printer_id=printer.id),
            said=_("%(printer)s is out of use.") % {"printer": printer.name},
        )

    def can_remove_printer(self) -> str:
        """Say why not."""
        return self._no_printer()

    def _no_printer(self) -> str:
        return (
            ""
            if self.chips.value() == PRINTERS and self.printers.row()
            else _("Choose a printer in the list first.")
        )

    def _explain(self) -> None:
        self.form.say(_(ADDRESSES[self.form["kind"].value()]))

    def _save(self) -> None:
        printer = Printer(self.changed_id, **self.form.form.values())
        self.save(
            self.form,
            service.set_printer.of(printer=printer),
            _("%(printer)s is saved.") % {"printer": printer.name},
        )

    def _assign(self) -> None:
        printer = self.printers.row()
        self.save(
            self.use,
            service.assign.of(printer_id=printer.id, **self.use.form.values()),
            _("%(printer)s is used from now on.") % {"printer": printer.name},
        )


ADDRESSES = {
    "folder": N_("Location: a name; it becomes a folder below that of the papers. Nothing is printed."),
    "network": N_("Location: name or number of the printer, for example 192.168.1.60."),
    "usb": N_("Location: vendor:product, for example 04b8:0e15."),
    "device": N_("Location: a device file, for example /dev/usb/lp0."),
    "queue": N_("Location: the printer's name on this computer."),
}
