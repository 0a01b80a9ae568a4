"""Invoices: what is wanted, what was issued, what was called off."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from PySide6.QtWidgets import QLayout

from pms.core import tables
from pms.core.errors import Refused
from pms.core.i18n import N_, _, ngettext
from pms.services.invoices import compared, exporting, queries, service
from pms.services.invoices.compared import FINDINGS, Found
from pms.services.invoices.queries import DROPPED, ISSUED, REASONS, STATES, WANTED, InvoiceRow
from pms.ui.kit import files, formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.one import One, Step
from pms.ui.kit.parts import col
from pms.ui.kit.register import Register, View
from pms.ui.kit.rows import Column
from pms.ui.kit.verbs import Verb

from .forms import AdoptForm, DropForm, NumberForm, RedForm, WishForm

WISH, TOLD = "wish", "told"
LIST_MOST, LONGEST_NAME = tables.MOST, 200


class InvoicesScreen(Register):
    """The book of the house's tax invoices."""

    NAME = N_("Invoices")
    HEAD = ("read_in", "export", "want")
    NEW = "want"
    VIEWS = (
        View(WANTED, N_("Wanted"), N_("Nobody waits for an invoice."), "clock", WANTED),
        View(ISSUED, N_("Issued"), N_("No invoice has been issued yet."), "check"),
        View(DROPPED, N_("Called off"), N_("None was called off."), "close"),
        View(TOLD, N_("Findings"), N_("The platform's lists tell nothing else."), "check-double", TOLD),
    )
    CHOOSE = N_("Choose an invoice first.")
    TOPICS = frozenset({"invoices", "folios", "business_date"})

    def lists(self) -> Mapping[str, Sequence[Any]]:
        """Ask what is wanted, issued and called off, and what the platform's lists tell otherwise."""
        return {
            WANTED: self.office.ask(queries.wanted),
            ISSUED: self.office.ask(queries.closed, state=ISSUED),
            DROPPED: self.office.ask(queries.closed, state=DROPPED),
            TOLD: self.office.ask(compared.findings),
        }

    def answer(self) -> str:
        """Say how many wait, since when."""
        waiting = self.rows[WANTED]
        words = ngettext("%(n)s invoice wanted", "%(n)s invoices wanted", len(waiting)) % {"n": len(waiting)}
        if not waiting:
            return words
        since = {"words": words, "day": formats.day_time(waiting[0].wanted_at, self.zone)}
        return _("%(words)s, oldest since %(day)s") % since

    def columns(self, name: str) -> Sequence[Column]:
        """Say for whom, of which stay, how much, under which number; of a finding both sums."""
        if name == TOLD:
            return self._told_columns()
        return (
            Column(N_("No."), lambda i: i.shown, width=72, bold=True, sort=lambda i: i.number),
            Column(N_("Room"), lambda i: i.room, width=64, bold=True, sub=lambda i: i.guest),
            Column(N_("Buyer"), lambda i: i.buyer, sub=lambda i: i.tax_number),
            Column(N_("Amount"), lambda i: i.amount, "money", width=110),
            self._wanted() if name == WANTED else self._issued(),
            Column("", self._mark, "badge", width=112, tone=self._tone),
        )

    def _wanted(self) -> Column:
        return Column(
            N_("Wanted since"),
            lambda i: formats.day_time(i.wanted_at, self.zone),
            width=120,
            sort=lambda i: i.wanted_at,
        )

    def _issued(self) -> Column:
        return Column(N_("Invoice number"), lambda i: i.serial, width=190, sub=self._day)

    @staticmethod
    def _told_columns() -> Sequence[Column]:
        return (
            Column(
                N_("Day"),
                lambda f: formats.day(f.issued_on, year=True),
                width=104,
                sort=lambda f: f.issued_on,
            ),
            Column(N_("Invoice number"), lambda f: f.serial, width=190, bold=True, sub=lambda f: f.shown),
            Column(N_("Buyer"), lambda f: f.buyer, sub=lambda f: f.tax_number),
            Column(N_("In the list"), lambda f: f.there, "money", width=104),
            Column(N_("Books"), lambda f: f.here, "money", width=104),
            Column("", lambda f: _(FINDINGS[f.state]), "badge", width=128, tone=lambda _f: "bad"),
        )

    @staticmethod
    def _day(i: InvoiceRow) -> str:
        return formats.day(i.issued_on, year=True) if i.issued_on else ""

    @staticmethod
    def _mark(i: InvoiceRow) -> str:
        if i.red:
            return _("All red") if i.red == i.amount else _("Partly back")
        if i.state == WANTED and i.exported_at is not None:
            return _("In a file")
        return _("Special") if i.special else ""

    @staticmethod
    def _tone(i: InvoiceRow) -> str:
        return "bad" if i.red else "accent"

    def facts(self, i: Any) -> One:
        """Show an invoice with what became of it, or what is told of it otherwise."""
        if isinstance(i, Found):
            return self._finding(i)
        return One(
            i.shown,
            (
                (_("Guest"), f"{i.room} {i.guest}"),
                (_("Buyer"), i.buyer),
                (_("Tax number"), i.tax_number or (_("a person") if i.individual else "")),
                (_("Amount"), formats.amount(i.amount, self.digits)),
                (_("Red letters"), formats.amount(i.red, self.digits) if i.red else ""),
                (_("Invoice number"), i.serial),
                (_("Address and phone"), i.address_phone),
                (_("Bank and account"), i.bank),
                (_("Remark"), i.remark),
            ),
            figure=True,
            badges=((_(STATES[i.state]), "good" if i.state == ISSUED else "warn", ""),),
            steps=list(self._steps(i)),
        )

    def _finding(self, found: Found) -> One:
        def sum_(amount: int | None) -> str:
            return formats.amount(amount, self.digits) if amount is not None else _("no invoice")

        return One(
            formats.amount(found.difference, self.digits) if found.difference else found.serial,
            (
                (_("Invoice number"), found.serial),
                (_("Number here"), found.shown),
                (_("Issued on"), formats.day(found.issued_on, year=True)),
                (_("Buyer"), found.buyer),
                (_("Tax number"), found.tax_number),
                (_("In the list"), sum_(found.there)),
                (_("Books"), sum_(found.here)),
            ),
            about=found.said,
            badges=((_(FINDINGS[found.state]), "bad", ""),),
        )

    def _steps(self, i: InvoiceRow) -> Sequence[Step]:
        red = [
            Step(
                r.at,
                _("Red letter %(sum)s") % {"sum": formats.amount(r.amount, self.digits)},
                r.by,
                formats.commas((r.serial, _(REASONS[r.reason]))),
            )
            for r in (self.office.ask(queries.red_letters, invoice_id=i.id) if i.red else ())
        ]
        if i.closed_at is not None:
            red.append(Step(i.closed_at, _(STATES[i.state]), i.closed_by, i.reason))
        if i.exported_at is not None:
            red.append(Step(i.exported_at, _("Written into a file for the platform")))
        return [*red, Step(i.wanted_at, _(STATES[WANTED]), i.wanted_by)]

    def foot(self, name: str) -> QLayout:
        """Note the number or call off; take back what was issued."""
        if name == TOLD:
            return col(None, self.button("show_here"), self.button("adopt"))
        if name == WANTED:
            return col(None, self.button("folio"), self.button("drop"), self.button("issue"))
        return col(None, self.button("folio"), self.button("take_back"))

    @cached_property
    def wish_form(self) -> WishForm:
        """The form for a wish, made when it is first opened."""
        made = WishForm(self.office, self.digits, self._want, self.close_form)
        return self.panel.add_form(WISH, made)

    def open(self, number: int | None = None, stay_id: int = 0, told: str = "", **_what: Any) -> None:
        """Show an invoice, what a list tells otherwise of one, or take a wish for a stay."""
        self.notes.clear()
        if told:
            self._open_finding(told)
        elif number is not None:
            found = self.office.ask(queries.invoice, number=number)
            if found is None:
                self.refuse(_("There is no invoice %(number)s.") % {"number": queries.shown(number)})
            else:
                self.take_in_hand(found.state, found)
        elif stay_id:
            self._open_wish(stay_id)

    def _open_finding(self, serial: str) -> None:
        self.show_view(TOLD)
        found = next((row for row in self.rows[TOLD] if row.serial == serial), None)
        if found is not None:
            self.take_in_hand(TOLD, found)

    # -------------------------------------------------------------- what one can do
    @action(N_("New request"), key=keys.NEW, operation=service.want, icon="plus")
    def want(self) -> None:
        """Open the form for a wish."""
        self._open_wish(0)

    def _open_wish(self, stay_id: int) -> None:
        self.open_form(self.wish_form, WISH)
        self.wish_form.open(stay_id)

    def _want(self) -> None:
        form = self.wish_form
        if missing := form.form.missing():
            self.refuse(missing)
            return
        given = form.form.values()
        given.pop("stay")
        if form.whose is None:
            self.refuse(_("No guest is found by %(typed)s.") % {"typed": form["stay"].value()})
        elif made := self.run(service.want.of(stay_id=form.whose.stay_id, **given), intent=form.intent):
            self.open(number=made.value)
            self.notes.good(
                _("%(number)s is kept. Issue it on the platform.") % {"number": queries.shown(made.value)}
            )

    @action(N_("Read in"), key="Ctrl+O", operation=service.read_in, icon="sheet")
    def read_in(self) -> None:
        """Read what the tax platform gives out: the file of an invoice, or the list of all issued ones."""
        path = files.which(self, _("Invoice file or list"), "*.xml *.xlsx")
        content = files.read(self, path, LIST_MOST) if path else None
        if path is None or content is None:
            return
        if content[:2] == b"PK":
            self.run_slow(
                compared.read_list.of(file=path.name[-LONGEST_NAME:], content=content), then=self._list_read
            )
        elif done := self.run(service.read_in.of(content=content)):
            self.open(number=done.value)
            self.notes.good(_("%(number)s: the file is read in.") % {"number": queries.shown(done.value)})

    def _list_read(self, made: int) -> None:
        self.refresh()
        lines, noted = self.office.ask(compared.list_read, list_id=made)
        said = {"n": lines, "noted": noted, "left": len(self.rows[TOLD])}
        self.show_view(TOLD if self.rows[TOLD] else ISSUED)
        self.notes.good(
            _("%(n)s invoices in the list, %(noted)s of them noted now; findings: %(left)s.") % said
        )

    @action(N_("Fill the template"), operation=exporting.exported, icon="sheet")
    def export(self) -> None:
        """Write the wanted invoices into the platform's own workbook and save it."""
        path = files.which(self, _("The platform's template"), "*.xlsx")
        content = files.read(self, path, LIST_MOST) if path else None
        if content is None:
            return
        numbers = [row.number for row in self.rows[WANTED]]
        try:
            made = self.office.ask(exporting.filled, content=content, numbers=numbers)
        except Refused as refusal:
            self.refuse(str(refusal))
            return
        target = files.where(self, _("Invoices %(day)s") % {"day": self.today.isoformat()}, "xlsx")
        if target is None:
            return
        # written down first, as whatever leaves is: a file that cannot be saved then is written once more
        if not self.run(exporting.exported.of(numbers=numbers)):
            return
        if not files.save(self, target, made.content):
            return
        said = ngettext(
            "%(n)s invoice, %(sum)s, is in %(file)s.",
            "%(n)s invoices, %(sum)s, are in %(file)s.",
            made.invoices,
        )
        told = {"n": made.invoices, "sum": formats.amount(made.amount, self.digits), "file": target.name}
        self.notes.good(said % told)

    def can_export(self) -> str:
        """Say why not."""
        return "" if self.rows.get(WANTED) else _("Nobody waits for an invoice.")

    @action(N_("Show the invoice"), icon="receipt")
    def show_here(self) -> None:
        """Go to the house's own row of a finding."""
        self.open(number=self.table.row().number)

    def can_show_here(self) -> str:
        """Say why not."""
        row = self.table.row()
        here = isinstance(row, Found) and row.number is not None
        return self.in_hand(_("Choose a finding first."), here, _("Nothing of it stands here."))

    @action(N_("Folio"), key=keys.FOLIO, icon="receipt")
    def folio(self) -> None:
        """Go to the stay's folio."""
        self.go("folios", stay_id=self.table.row().stay_id)

    def can_folio(self) -> str:
        """Say why not."""
        return self.in_hand(
            _(self.CHOOSE), isinstance(self.table.row(), InvoiceRow), _("Nothing of it stands here.")
        )

    def named(self, row: Any) -> dict[str, str]:
        """Call an invoice by its number."""
        return {"number": row.shown or row.serial}

    def _not(self, state: str, why: str) -> str:
        row = self.table.row()
        return self.in_hand(_(self.CHOOSE), row is not None and row.state == state, why)

    def _not_unknown(self) -> str:
        row = self.table.row()
        unknown = isinstance(row, Found) and row.state == compared.UNKNOWN and (row.there or 0) > 0
        return self.in_hand(
            _("Choose a finding first."), unknown, _("Only an invoice that nobody wanted here is taken over.")
        )

    def _not_wanted(self) -> str:
        return self._not(WANTED, _("This invoice is issued or called off."))

    def _not_issued(self) -> str:
        row = self.table.row()
        gone = isinstance(row, InvoiceRow) and not row.left
        return self._not(ISSUED, _("Only an issued invoice has a red letter.")) or (
            _("All of it is taken back.") if gone else ""
        )

    issue = Verb(
        N_("Note the number"),
        key=keys.PRIMARY,
        operation=service.issue,
        of=lambda row: {"number": row.number},
        can=_not_wanted,
        form=NumberForm,
        said=N_("%(number)s is issued."),
        icon="check",
        kind="primary",
    )
    drop = Verb(
        N_("Call off"),
        operation=service.drop,
        of=lambda row: {"number": row.number},
        can=_not_wanted,
        form=DropForm,
        said=N_("%(number)s is called off."),
        kind="danger",
    )
    take_back = Verb(
        N_("Red letter"),
        operation=service.take_back,
        of=lambda row: {"number": row.number},
        can=_not_issued,
        form=RedForm,
        said=N_("%(number)s: the red letter is entered."),
    )
    adopt = Verb(
        N_("Take it over"),
        operation=compared.adopt,
        of=lambda row: {"line_id": row.line_id},
        can=_not_unknown,
        form=AdoptForm,
        said=N_("%(number)s is taken over."),
        icon="check",
        kind="primary",
    )
