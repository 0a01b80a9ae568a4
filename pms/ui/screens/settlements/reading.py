"""Channels' statements on the page: read in by a key, shown line by line, and booked as far as they agree."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog

from pms.core.i18n import N_, _
from pms.services.channels import queries as channels
from pms.services.settlements import service
from pms.services.settlements.queries import AccountRow, BillRow
from pms.services.statements import of_channels as statements
from pms.services.statements.of_channels import FileRow, Payable
from pms.ui.kit.actions import action
from pms.ui.kit.flow import FormPage
from pms.ui.kit.forms import Choice
from pms.ui.kit.register import Register

LINES, READ = "lines", "read"


@dataclass(frozen=True)
class OfFile:
    """A statement with what of it can be booked as one payment."""

    file: FileRow
    payable: Payable

    @property
    def id(self) -> int:
        """Return the file's number."""
        return self.file.id


class StatementFiles(Register):
    """What is done with the statements of channels."""

    file: FileRow | None = None

    def _on(self, *kinds: type, words: str = "", is_so: Callable[[Any], bool] = lambda _row: True) -> str:
        chosen = self.table.row() if self.listed in self.tables else None
        fits = isinstance(chosen, kinds) and is_so(chosen)
        return self.in_hand(_(self.CHOOSE), fits, words or _("This is done on another tab."))

    @action(N_("Show the lines"), kind="primary", icon="check-double")
    def show_lines(self) -> None:
        """Hold the statement in hand against the books."""
        self.file = self.table.row()
        self.refresh()
        self.show_view(LINES)

    def can_show_lines(self) -> str:
        """Say why not."""
        return self._on(FileRow)

    @action(N_("Read in"), key="Ctrl+O", operation=statements.read_in_channel, icon="sheet")
    def read_in(self) -> None:
        """Ask whose statement it is."""
        self.open_form(self.reading, READ)
        own = self.table.row() if self.listed in self.tables else None
        number = (
            own.number if isinstance(own, AccountRow) else own.channel if isinstance(own, BillRow) else None
        )
        offered = [(c.number, c.shown) for c in self.office.ask(channels.channels) if c.active]
        field = self.reading["number"]
        assert isinstance(field, Choice)
        field.set_options(offered)
        self.reading.fill(number=number or (offered[0][0] if offered else None))

    @property
    def reading(self) -> FormPage:
        """The form that asks whose statement is read in, made when it is first opened."""
        if not hasattr(self, "_reading"):
            number = Choice(_("Channel"), required=True, width=220)
            made = FormPage(
                _("Read in a statement"),
                _("Choose the file"),
                self._choose,
                self.close_form,
                number,
                icon="sheet",
                number=number,
            )
            self._reading = self.panel.add_form(READ, made)
        return self._reading

    def _choose(self) -> None:
        kinds = _("Statements (*.csv *.xlsx *.xls);;All files (*)")
        name, _kind = QFileDialog.getOpenFileName(self, _("Read in"), "", kinds)
        if name:
            self.take(Path(name), self.reading["number"].value())

    def take(self, file: Path, number: int) -> None:
        """Read a channel's statement in and show its lines."""
        try:
            data = file.read_bytes()
        except OSError as trouble:
            told = _("%(file)s cannot be read: %(why)s.")
            self.refuse(told % {"file": file.name, "why": trouble.strerror or trouble})
            return
        self.run_slow(
            statements.read_in_channel.of(number=number, file=file.name, data=data),
            then=partial(self._taken, file.name),
        )

    def _taken(self, name: str, _made: int) -> None:
        self.file = None
        self.close_form()
        self.refresh()
        self.show_view(LINES)
        self.notes.good(_("%(file)s is read in.") % {"file": name})

    @action(N_("Book what agrees"), operation=service.receive, icon="cash")
    def book(self) -> None:
        """Take the money of all lines that agree as one payment."""
        found = self.office.ask(statements.payable_by, file_id=self.table.row().id)
        if not found.bills:
            self.refuse(_("Nothing that agrees is open any more."))
            return
        form = self.forms["receive"]
        form.row, form.intent = OfFile(self.table.row(), found), self.office.new_intent()
        form.begin(form.row)
        self.panel.show_page("receive")

    def can_book(self) -> str:
        """Say why not."""
        return self._on(
            FileRow, words=_("A commission is paid, not taken."), is_so=lambda f: f.sort != "takes"
        )
