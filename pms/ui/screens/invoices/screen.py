"""Invoices: what is wanted, what was issued, what was called off."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from PySide6.QtWidgets import QLayout

from pms.core.i18n import N_, _, ngettext
from pms.services.invoices import files as told
from pms.services.invoices import queries, service
from pms.services.invoices.queries import DROPPED, ISSUED, REASONS, STATES, WANTED, InvoiceRow
from pms.ui.kit import files, formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.one import One, Step
from pms.ui.kit.parts import col
from pms.ui.kit.register import Register, View
from pms.ui.kit.rows import Column
from pms.ui.kit.verbs import Verb

from .forms import DropForm, NumberForm, RedForm, WishForm

WISH = "wish"


class InvoicesScreen(Register):
    """The book of the house's tax invoices."""

    NAME = N_("Invoices")
    HEAD = ("read_in", "want")
    NEW = "want"
    VIEWS = (
        View(WANTED, N_("Wanted"), N_("Nobody waits for an invoice."), "clock"),
        View(ISSUED, N_("Issued"), N_("No invoice has been issued yet."), "check"),
        View(DROPPED, N_("Called off"), N_("None was called off."), "close"),
    )
    CHOOSE = N_("Choose an invoice first.")
    TOPICS = frozenset({"invoices", "folios", "business_date"})

    def lists(self) -> Mapping[str, Sequence[InvoiceRow]]:
        """Ask what is wanted, issued and called off."""
        return {
            WANTED: self.office.ask(queries.wanted),
            ISSUED: self.office.ask(queries.closed, state=ISSUED),
            DROPPED: self.office.ask(queries.closed, state=DROPPED),
        }

    def answer(self) -> str:
        """Say how many wait, since when."""
        waiting = self.rows[WANTED]
        words = ngettext("%(n)s invoice wanted", "%(n)s invoices wanted", len(waiting)) % {"n": len(waiting)}
        if not waiting:
            return words
        since = {"words": words, "day": formats.day_time(waiting[0].wanted_at, self.zone)}
        return _("%(words)s, oldest since %(day)s") % since

    def columns(self, _list: str) -> Sequence[Column]:
        """Say for whom, of which stay, how much, under which number."""
        return (
            Column(N_("No."), lambda i: i.shown, width=72, bold=True, sort=lambda i: i.number),
            Column(N_("Room"), lambda i: i.room, width=64, bold=True, sub=lambda i: i.guest),
            Column(N_("Buyer"), lambda i: i.buyer, sub=lambda i: i.tax_number),
            Column(N_("Amount"), lambda i: i.amount, "money", width=110),
            Column(N_("Invoice number"), lambda i: i.serial, width=190, sub=self._day),
            Column("", self._mark, "badge", width=112, tone=self._tone),
        )

    @staticmethod
    def _day(i: InvoiceRow) -> str:
        return formats.day(i.issued_on, year=True) if i.issued_on else ""

    @staticmethod
    def _mark(i: InvoiceRow) -> str:
        if i.red:
            return _("All red") if i.red == i.amount else _("Partly back")
        return _("Special") if i.special else ""

    @staticmethod
    def _tone(i: InvoiceRow) -> str:
        return "bad" if i.red else "accent"

    def facts(self, i: InvoiceRow) -> One:
        """Show an invoice with what became of it."""
        return One(
            i.shown,
            (
                (_("Stay"), f"{i.room} {i.guest}"),
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
        return [*red, Step(i.wanted_at, _(STATES[WANTED]), i.wanted_by)]

    def foot(self, name: str) -> QLayout:
        """Note the number or call off; take back what was issued."""
        if name == DROPPED:
            return col(None)
        return col(
            None, self.button("folio"), self.button("drop"), self.button("take_back"), self.button("issue")
        )

    @cached_property
    def wish_form(self) -> WishForm:
        """The form for a wish, made when it is first opened."""
        made = WishForm(self.office, self.digits, self._want, self.close_form)
        return self.panel.add_form(WISH, made)

    def open(self, number: int | None = None, stay_id: int = 0, **_what: Any) -> None:
        """Show an invoice, or take a wish for a stay."""
        self.notes.clear()
        if number is not None:
            found = self.office.ask(queries.invoice, number=number)
            if found is None:
                self.refuse(_("There is no invoice %(number)s.") % {"number": queries.shown(number)})
            else:
                self.take_in_hand(found.state, found)
        elif stay_id:
            self._open_wish(stay_id)

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
        """Read an invoice's file as the tax platform gives it out."""
        path = files.which(self, _("Invoice file"), "*.xml")
        content = files.read(self, path, told.MOST) if path else None
        if content is not None and (done := self.run(service.read_in.of(content=content))):
            self.open(number=done.value)
            self.notes.good(_("%(number)s: the file is read in.") % {"number": queries.shown(done.value)})

    @action(N_("Folio"), key=keys.FOLIO, icon="receipt")
    def folio(self) -> None:
        """Go to the stay's folio."""
        self.go("folios", stay_id=self.table.row().stay_id)

    def can_folio(self) -> str:
        """Say why not."""
        return self.in_hand(_(self.CHOOSE))

    def named(self, row: InvoiceRow) -> dict[str, str]:
        """Call an invoice by its number."""
        return {"number": row.shown}

    def _not(self, state: str, why: str) -> str:
        row = self.table.row()
        return self.in_hand(_(self.CHOOSE), row is not None and row.state == state, why)

    def _not_wanted(self) -> str:
        return self._not(WANTED, _("This invoice is issued or called off."))

    def _not_issued(self) -> str:
        row = self.table.row()
        gone = row is not None and not row.left
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
