"""Print-outs: what came out and what did not, each paper as it prints, duplicates; and the printers with what
they are used for."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QLayout, QWidget

from pms.core.duty import paper_titles
from pms.core.i18n import N_, _, ngettext
from pms.core.permissions import Permission
from pms.duties import DUTIES
from pms.printing.printers import CHARSETS, KINDS, Printer
from pms.printing.slip import PAPERS as SIZES
from pms.services.print_jobs import queries, service
from pms.services.print_jobs.queries import JobRow, RouteRow, Sheets
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.flow import FormPage
from pms.ui.kit.forms import Choice, Flag, Text
from pms.ui.kit.one import One
from pms.ui.kit.parts import col, label, row
from pms.ui.kit.preview import Preview
from pms.ui.kit.register import Register, View
from pms.ui.kit.rows import Column

OPEN, ALL, PRINTERS, PAPERS = "open", "all", "printers", "papers"
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


class PrintJobsScreen(Register):
    """The list of papers with the one in hand drawn beside it, and the list of printers."""

    NAME, NEW = N_("Print-outs"), "add_printer"
    VIEWS = (
        View(OPEN, N_("Needs attention"), N_("No paper waits."), "alert", PAPERS),
        View(ALL, N_("All papers"), N_("Nothing has been printed yet."), "sheet", PAPERS),
        View(
            PRINTERS,
            N_("Printers"),
            N_("No printer is set up. Until then, papers wait or go to the folder."),
            "printer",
            PRINTERS,
        ),
    )
    CHOOSE = N_("Choose a paper in the list first.")
    PANEL = 400
    TOPICS = frozenset({"print_jobs", "printers", "property"})

    def lists(self) -> Mapping[str, Sequence[Any]]:
        """Read the papers and printers anew."""
        self.routes: list[RouteRow] = self.office.ask(queries.routes)
        may = self.office.clerk.may(Permission.PRINT_AGAIN)  # others come for the printers
        waiting: list[JobRow] = self.office.ask(queries.jobs, only_open=True, limit=SHOWN) if may else []
        every = self.office.ask(queries.jobs, limit=SHOWN) if may and self.view == ALL else []
        return {OPEN: waiting, ALL: every, PRINTERS: self.office.ask(queries.printers)}

    def counts(self) -> dict[str, int]:
        """Count what waits and the printers: how many papers there ever were is no news."""
        return {OPEN: len(self.rows[OPEN]), PRINTERS: len(self.rows[PRINTERS])}

    def answer(self) -> str:
        """Say how many papers wait, and since when."""
        if not (waiting := self.rows[OPEN]):
            return _("No paper waits.")
        words = ngettext(
            "%(n)s paper waits, since %(time)s", "%(n)s papers wait, since %(time)s", len(waiting)
        )
        since = min(job.at for job in waiting)
        return words % {"n": len(waiting), "time": formats.day_time(since, self.zone)}

    def columns(self, name: str) -> Sequence[Column]:
        """Say what became of a paper, or what a printer is."""
        return self._of_papers() if name == PAPERS else self._of_printers()

    def _of_papers(self) -> Sequence[Column]:
        return (
            Column(N_("Time"), lambda j: formats.day_time(j.at, self.zone), width=108, sort=lambda j: j.at),
            Column(N_("Paper"), lambda j: j.title, sub=lambda j: j.trouble, bold=True),
            Column(N_("Number"), numbered, width=132),
            Column(
                N_("State"),
                lambda j: j.state_name,
                "badge",
                width=156,
                tone=lambda j: SIGNS[j.became][0],
                icon=lambda j: SIGNS[j.became][1],
                usual=lambda j: j.became == "printed",
            ),
            Column(N_("Workstation"), lambda j: j.station, sub=lambda j: j.printer, width=132),
        )

    def _of_printers(self) -> Sequence[Column]:
        return (
            Column(N_("Printer"), lambda p: p.name, sub=self._uses, bold=True),
            Column(N_("Kind"), lambda p: _(KINDS.get(p.kind, p.kind)), width=232),
            Column(N_("Location"), lambda p: p.address, width=200),
            Column(N_("Size"), lambda p: p.paper, width=88),
        )

    def facts(self, row: JobRow | Printer) -> One:
        """Show a paper as it prints, or a printer with what it is used for."""
        if isinstance(row, JobRow):
            return One(f"{row.title} {numbered(row)}", parts=[self._trouble(row)] if row.trouble else [])
        return One(
            row.name,
            (
                (_("Kind"), _(KINDS.get(row.kind, row.kind))),
                (_("Location"), row.address),
                (_("Size"), row.paper or _("as the document")),
                (_("Characters"), _(CHARSETS[row.charset])),
                (_("Used for"), self._uses(row)),
            ),
        )

    def _trouble(self, job: JobRow) -> QWidget:
        self.trouble = label(job.trouble, "muted", wrap=True)
        return self.trouble

    def fill(self, name: str) -> QWidget | None:
        """Draw a paper as it prints."""
        if name == PRINTERS:
            return None
        self.shown, self.preview = 0, Preview()
        return self.preview

    def foot(self, name: str) -> QLayout:
        """Decide on a paper and print it again; change a printer and what it is used for."""
        if name == PAPERS:
            two = row((self.button("came_out"), 1), (self.button("cancel"), 1), gap=8)
            return col(two, self.button("reprint"), gap=8)
        two = row((self.button("add_printer"), 1), (self.button("assign"), 1), gap=8)
        return col(two, self.button("remove_printer"), self.button("edit_printer"), gap=8)

    def picked(self) -> None:
        """Draw the paper in hand."""
        job = self.papers.row() if self.listed == PAPERS else None
        self.preview.setVisible(job is not None)
        if job is not None and job.id != self.shown:
            self.shown = job.id
            self.ask_slow(partial(queries.sheets, job_id=job.id), then=partial(self._drawn, job.id))

    def chosen(self, job: JobRow | Printer) -> None:
        """Print a paper again, or change a printer."""
        self.acts["reprint" if isinstance(job, JobRow) else "edit_printer"].press()

    def make_forms(self) -> None:
        """Add the forms of a printer and of what it is used for."""
        self.papers, self.printers = self.tables[PAPERS], self.tables[PRINTERS]
        self.papers.give_way(4, 2, least=120)
        self.printers.give_way(3, 2, least=120)
        self.nothing = self.empties[PAPERS]
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
                paper=Choice(_("Size"), [("", _("as the document"))] + [(p, p) for p in SIZES], value="80mm"),
                charset=Choice(_("Characters"), [(c, _(w)) for c, w in CHARSETS.items()], value="gbk"),
                cutter=Flag(_("Cuts the paper"), value=True),
                drawer=Flag(_("Cash drawer connected")),
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

    def open(self, job_id: int = 0, page: str = "", **_what: Any) -> None:
        """Show a list, or one paper in it."""
        if page or job_id:
            self.show_view(page or ALL)
        if job_id and (found := self.office.ask(queries.job, job_id=job_id)) is not None:
            self.take_in_hand(ALL, found)

    def _drawn(self, job_id: int, sheets: Sheets) -> None:
        if job_id == self.shown:
            self.preview.show_document(
                sheets.pages, title="", printer=sheets.printer or _("no printer yet"), copies=sheets.copies
            )

    def _uses(self, printer: Printer) -> str:
        return "; ".join(use(r) for r in self.routes if r.printer_id == printer.id) or _("not in use")

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

    @action(N_("Printed completely"), key="W", operation=service.came_out, icon="check")
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
        return "" if self.view != PRINTERS and self.papers.row() else _("Choose a paper in the list first.")

    # -------------------------------------------------------------- printers
    @action(N_("Add a printer"), key=keys.NEW, operation=service.set_printer, icon="plus")
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
        return "" if self.view == PRINTERS else _("Open the printers first.")

    @action(
        N_("Change the printer"),
        key=keys.PRIMARY,
        operation=service.set_printer,
        icon="printer",
        kind="primary",
    )
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

    @action(N_("Use it for"), operation=service.assign)
    def assign(self) -> None:
        """Open the form that says what the printer in hand is used for."""
        self.use.say(self.printers.row().name)
        self.open_form(self.use, "use")

    def can_assign(self) -> str:
        """Say why not."""
        return self._no_printer()

    @action(N_("Disable"), key="Ctrl+Del", operation=service.remove_printer, kind="danger")
    def remove_printer(self) -> None:
        """Take the printer in hand out of use."""
        printer = self.printers.row()
        self.run(
            service.remove_printer.of(printer_id=printer.id),
            said=_("%(printer)s is disabled.") % {"printer": printer.name},
        )

    def can_remove_printer(self) -> str:
        """Say why not."""
        return self._no_printer()

    def _no_printer(self) -> str:
        return (
            "" if self.view == PRINTERS and self.printers.row() else _("Choose a printer in the list first.")
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
            _("%(printer)s is in use.") % {"printer": printer.name},
        )


ADDRESSES = {
    "folder": N_("Location: a name; it becomes a folder below that of the papers. Nothing is printed."),
    "network": N_("Location: name or number of the printer, for example 192.168.1.60."),
    "usb": N_("Location: vendor:product, for example 04b8:0e15."),
    "device": N_("Location: a device file, for example /dev/usb/lp0."),
    "queue": N_("Location: the printer's name on this computer."),
}
