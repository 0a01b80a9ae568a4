"""What every list of a register can do: choose its columns, copy, save as a spreadsheet or CSV, print."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from pms.core.i18n import N_, _
from pms.core.permissions import Permission
from pms.printing import comma, spreadsheet
from pms.printing.slip import Slip
from pms.services.reports import lists as papers
from pms.services.staff import lists as choices
from pms.ui.kit import background, files, formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.flow import SideScreen
from pms.ui.kit.parts import Button, plain
from pms.ui.kit.rows import RIGHT
from pms.ui.kit.table import Table

if TYPE_CHECKING:
    from pms.ui.kit.register import Register

FREE = 220
"""The part of a sheet's width that a column gets which takes what is left on the screen."""
LONGEST = 200
"""Signs of a cell that a paper and a file show."""


class ListTools:
    """The tools of one register's lists: its menu, and the columns the clerk at work has put away."""

    def __init__(self, page: "Register") -> None:
        self.page, self._of = page, 0
        self.button = Button("", icon="sheet")
        words = _("What this list can do: sort, columns, copy, save, print")
        self.button.setAccessibleName(words)
        self.button.setToolTip(plain(f"{words}  Shift+F10"))
        self.button.clicked.connect(lambda: page.acts["list_menu"].press())

    def serve(self, table: Table) -> None:
        """Open the menu where a table asks for it."""
        table.asked.connect(self.open)

    # -------------------------------------------------------------- the menu
    def open(self, at: QPoint) -> None:
        """Show the menu."""
        self.menu().popup(at)

    def menu(self) -> QMenu:
        """Return the menu of the list that is seen."""
        page = self.page
        made = QMenu(page)
        made.setObjectName("listMenu")
        self._sorting(made.addMenu(_("Sort by")))
        self._columns(made.addMenu(_("Columns")))
        made.addSeparator()
        for name in ("copy_row", "copy_cell"):
            made.addAction(page.acts[name])
        made.addSeparator()
        for name in ("list_as_sheet", "list_as_csv", "list_on_paper"):
            made.addAction(page.acts[name])
        return made

    def _sorting(self, menu: QMenu) -> None:
        table = self.page.table
        for at in table.kept():
            if table.rows.columns[at].title:
                asked = menu.addAction(_(table.rows.columns[at].title))
                asked.triggered.connect(partial(table.sort_by, at))
        menu.addSeparator()
        menu.addAction(_("As the list comes")).triggered.connect(partial(table.sort_by, -1))

    def _columns(self, menu: QMenu) -> None:
        table = self.page.table
        for at in choosable(table):
            asked = QAction(_(table.rows.columns[at].title), menu)
            asked.setCheckable(True)
            asked.setChecked(at in table.kept())
            asked.toggled.connect(lambda shown, at=at: self._turn(table, at, shown))
            menu.addAction(asked)

    def _turn(self, table: Table, at: int, shown: bool) -> None:
        away = set(range(len(table.rows.columns))) - set(table.kept())
        table.put_away(away - {at} if shown else away | {at})
        self._keep(table)

    def _keep(self, table: Table) -> None:
        kept = set(table.kept())
        heads = [table.rows.columns[at].title for at in choosable(table) if at not in kept]
        self.page.run(choices.leave_out.of(name=self._name(table), heads=heads))

    def _name(self, table: Table) -> str:
        """Return what a list is kept under: its page's word and its own."""
        own = next(name for name, listed in self.page.tables.items() if listed is table)
        return f"{type(self.page).__module__.split('.')[-2]} {own}".strip()

    def learn(self) -> None:
        """Put away what the clerk at work has put away; a column that is gone is said once."""
        clerk = self.page.office.clerk
        if clerk.id == self._of or not clerk.may(Permission.STAFF_OWN):
            return
        self._of = clerk.id
        for table in self.page.tables.values():
            heads = self.page.office.ask(choices.left_out, staff_id=clerk.id, name=self._name(table))
            there = {table.rows.columns[at].title: at for at in choosable(table)}
            table.put_away(there[head] for head in heads if head in there)
            if gone := [head for head in heads if head not in there]:
                self._keep(table)
                told = _("A column you had left out is gone from this list: %(names)s.")
                self.page.notes.inform(told % {"names": formats.commas(map(_, gone))})

    # -------------------------------------------------------------- out of the list
    def title(self) -> str:
        """Name the list that is seen."""
        page = self.page
        view = next(view for view in page.VIEWS if view.word == page.view)
        return f"{_(page.NAME)}: {_(view.title)}" if len(page.VIEWS) > 1 else _(page.NAME)

    def heads(self) -> list[papers.Head]:
        """Return the columns the clerk has not put away, and one more for what stands under a fact."""
        table = self.page.table
        found = []
        for at in table.kept():
            column = table.rows.columns[at]
            share = column.width or FREE
            found.append(papers.Head(_(column.title) if column.title else "", share, column.kind in RIGHT))
        return [*found, papers.Head(_("More"), FREE)] if self._more() else found

    def _more(self) -> list[int]:
        table = self.page.table
        return [at for at in table.kept() if at in table.rows.two_lined and table.rows.columns[at].title]

    def entries(self) -> list[list[str]]:
        """Return what the rows say that are shown, in their order."""
        table, more = self.page.table, self._more()
        made = []
        for line in table.rows.rows():
            told = table.words_of(line, table.kept())
            cells = [
                fact or (sub if at not in more else "")
                for at, (fact, sub) in zip(table.kept(), told, strict=True)
            ]
            subs = [sub for at, (_fact, sub) in zip(table.kept(), told, strict=True) if at in more and sub]
            made.append([cell[:LONGEST] for cell in (*cells, *(["; ".join(subs)] if more else []))])
        return made


def choosable(table: Table) -> list[int]:
    """Return the columns that may be put away: all with a head but those that take what is left."""
    return [at for at, column in enumerate(table.rows.columns) if column.title and column.width]


class ListActions(SideScreen):
    """The actions of a register's lists; found in the menu of the list and in the palette."""

    tools: ListTools

    @action(N_("What this list can do"), key="Shift+F10", icon="sheet")
    def list_menu(self) -> None:
        """Open the menu of the list."""
        button = self.tools.button
        self.tools.open(button.mapToGlobal(QPoint(0, button.height())))

    @action(N_("Copy the row"))
    def copy_row(self) -> None:
        """Copy the rows in hand."""
        self._table().copy_rows()
        self.notes.good(_("Copied."))

    @action(N_("Copy the cell"))
    def copy_cell(self) -> None:
        """Copy what the cell in hand says."""
        self._table().copy_cell()
        self.notes.good(_("Copied."))

    @action(
        N_("Save the list as a spreadsheet"), key=keys.EXPORT, operation=papers.take_out_list, icon="sheet"
    )
    def list_as_sheet(self) -> None:
        """Save what the list shows as a spreadsheet."""
        self._save_list("xlsx")

    @action(N_("Save the list as CSV"), operation=papers.take_out_list, icon="sheet")
    def list_as_csv(self) -> None:
        """Save what the list shows as comma-separated values."""
        self._save_list("csv")

    @action(N_("Print this list"), key=keys.PRINT, operation=papers.print_list, icon="printer")
    def list_on_paper(self) -> None:
        """Print what the list shows."""
        call = papers.print_list.of(
            title=self.tools.title(), heads=self.tools.heads(), entries=self.tools.entries()
        )
        self.run(call, said=_("The list is printing."))

    def _save_list(self, form: str) -> None:
        """Save the list once it is agreed to and written down."""
        title, heads, entries = self.tools.title(), self.tools.heads(), self.tools.entries()
        name = title.replace(": ", " ")
        if (path := files.where(self, f"{name} {self.office.house().business_date:%Y-%m-%d}", form)) is None:
            return
        told = [head.title for head in heads]
        if self.run(papers.take_out_list.of(title=title, heads=told, lines=len(entries), form=form)):
            sheet = papers.sheet(title, heads, entries)
            background.run(
                self,
                partial(_written, sheet, form),
                lambda data: files.save(self, path, data),
                self._failed,
                self.show_busy,
            )

    def _table(self) -> Table:
        raise NotImplementedError

    def _no_row(self) -> str:
        return "" if self._table().row() is not None else _("Choose a line in the list.")

    def _no_rows(self) -> str:
        return "" if self._table().rows.rowCount() else _("There is nothing in this list.")

    can_copy_row = can_copy_cell = _no_row
    can_list_as_sheet = can_list_as_csv = can_list_on_paper = _no_rows


def _written(sheet: Slip, form: str) -> bytes:
    return spreadsheet.render([sheet]) if form == "xlsx" else comma.render(sheet)
