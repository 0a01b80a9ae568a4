"""Serial numbers: what the series gave, what is missing or doubled, and the books of blank forms."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from PySide6.QtWidgets import QLayout, QWidget

from pms.core.errors import Refused
from pms.core.i18n import N_, _, ngettext
from pms.services.vouchers import numbers, queries, service
from pms.services.vouchers.duty import LOOK
from pms.services.vouchers.numbers import HOW, VOIDED, Fault, Given
from pms.services.vouchers.queries import EVENTS, OUT, STATES, USED_UP, BookRow
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.one import One, Step
from pms.ui.kit.parts import col
from pms.ui.kit.period import Span
from pms.ui.kit.register import Register, View
from pms.ui.kit.rows import Column
from pms.ui.kit.verbs import Verb

from .forms import ExplainForm, HandOutForm, ReceiveForm, back_form, count_form

SERIES, FAULTS, BOOKS, USED = "series", "faults", "books", "used"
RECEIVE = "receive"


class VouchersScreen(Register):
    """The numbers of the house's papers, and its books of forms."""

    NAME, HEAD, NEW = N_("Serial numbers"), ("print_sheet", "receive"), "receive"
    VIEWS = (
        View(BOOKS, N_("Books of forms"), N_("No book of forms is here."), "sheet", BOOKS),
        View(SERIES, N_("Numbers given"), N_("No number was given on these days."), "receipt", SERIES),
        View(
            FAULTS,
            N_("Gaps, doubles"),
            N_("No number is missing, none stands twice."),
            "check",
            FAULTS,
        ),
        View(USED, N_("Used up"), N_("No book is used up."), "close", BOOKS),
    )
    CHOOSE = N_("Choose a book first.")
    TOPICS = frozenset({"vouchers", "print_jobs", "folios", "business_date"})

    def above(self) -> QWidget:
        """Put the days above the list."""
        self.span = Span(self.today, self.button("show_days", icon=""))
        self._days_of(self.today)
        return self.span

    def _days_of(self, today: date) -> None:
        self._until = today
        self.span.since.set_value(today - timedelta(days=6))
        self.span.until.set_value(today)

    def lists(self) -> Mapping[str, Sequence[Any]]:
        """Ask how the books stand, and for who may see it the numbers; days that nobody has typed move with
        the business date."""
        if self.today != self._until and self.span.days() == (self._until - timedelta(days=6), self._until):
            self._days_of(self.today)
        self.span.setVisible(self.view in (SERIES, FAULTS))  # they choose nothing among the books
        found = self._given()
        return {
            BOOKS: self.office.ask(queries.books),
            SERIES: found,
            FAULTS: numbers.faults(found),
            USED: self.office.ask(queries.used_up),
        }

    def _given(self) -> Sequence[Given]:
        if not self.office.clerk.may(LOOK):
            return ()
        first, last = self.span.days()
        try:
            return self.office.ask(numbers.given, first=first, last=last)
        except Refused as refusal:
            self.refuse(str(refusal))
            return ()

    def answer(self) -> str:
        """Say whether a number is missing and how many forms are."""
        wrong = sum(fault.how != VOIDED for fault in self.rows[FAULTS])
        gap = sum(book.gap for book in self.rows[BOOKS])
        told = [
            ngettext("%(n)s number missing or twice", "%(n)s numbers missing or twice", wrong) % {"n": wrong}
            if wrong
            else "",
            queries.gap_words(gap) if gap else "",
        ]
        return _(", ").join(filter(None, told)) or _("No number is missing.")

    # -------------------------------------------------------------- lists
    def columns(self, name: str) -> Sequence[Column]:
        """Say of a series its numbers, of a number what is wrong, of a book where it is."""
        if name == SERIES:
            return self._series_columns()
        if name == FAULTS:
            return (
                Column(N_("Number"), lambda f: f.number, width=140, bold=True),
                Column(N_("Paper"), lambda f: _(f.name)),
                Column("", lambda f: _(HOW[f.how]), "badge", width=120, tone=self._how_tone),
            )
        return (
            Column(N_("Book no."), lambda b: b.shown, width=72, bold=True, sort=lambda b: b.number),
            Column(N_("Form"), lambda b: b.form, sub=lambda b: f"{b.start} – {b.end}"),
            Column(N_("With"), lambda b: b.holder or _(STATES[b.state]), width=112),
            Column(N_("Next unused"), lambda b: b.following, width=112),
            Column(N_("Unused"), lambda b: str(b.left), "number", width=72, sort=lambda b: b.left),
            Column(N_("Last count"), self._counted, width=112, sort=lambda b: b.counted_at or b.moved_at),
            Column("", lambda b: queries.gap_words(b.gap) if b.gap else "", "badge", width=132, tone=_bad),
        )

    @staticmethod
    def _how_tone(fault: Fault) -> str:
        return "block" if fault.how == VOIDED else "bad"

    @staticmethod
    def _series_columns() -> Sequence[Column]:
        return (
            Column(N_("Paper"), lambda g: _(g.series.name), bold=True),
            Column(N_("From"), lambda g: g.shown(g.first), width=110, sort=lambda g: g.first),
            Column(N_("To"), lambda g: g.shown(g.last), width=110, sort=lambda g: g.last),
            Column(N_("Given"), lambda g: str(g.count), "number", width=72, sort=lambda g: g.count),
            Column(N_("Voided"), lambda g: _many(g.voided), "number", width=80),
            Column(N_("Not there"), lambda g: _many(g.missing), "number", width=88),
            Column(N_("Twice"), lambda g: _many(g.doubled), "number", width=72),
        )

    def _counted(self, book: BookRow) -> str:
        return formats.day_time(book.counted_at, self.zone) if book.counted_at else ""

    def key(self, row: Any) -> Any:
        """Name a row: a series by its word, a number by itself, a book by its number."""
        return row.series.word if isinstance(row, Given) else row.id

    # -------------------------------------------------------------- the row in hand
    def facts(self, row: Any) -> One:
        """Show a book with what happened to it, a series with its numbers, or what is wrong."""
        if isinstance(row, Given):
            return self._of_series(row)
        if isinstance(row, Fault):
            tone = self._how_tone(row)
            return One(row.number, ((_("Paper"), _(row.name)),), badges=((_(HOW[row.how]), tone, ""),))
        badges = [(_(STATES[row.state]), "good" if row.state != USED_UP else "block", "")]
        if row.gap:
            badges.append((queries.gap_words(row.gap), "bad", ""))
        facts = (
            (_("Form"), row.form),
            (_("Numbers"), f"{row.start} – {row.end}"),
            (_("Next unused"), row.following or _("all used")),
            (_("Unused"), str(row.left)),
            (_("With"), row.holder),
            (_("Stubs"), str(row.stubs)),
            (_("Spoilt"), str(row.spoilt or "")),
            (_("Not there"), str(row.missing or "")),
        )
        return One(row.shown, facts, figure=True, badges=tuple(badges), steps=self._steps(row))

    def _steps(self, book: BookRow) -> list[Step]:
        return [
            Step(e.at, _(EVENTS[e.what]), e.by, formats.commas(self._parts(book, e)))
            for e in self.office.ask(queries.events, book_id=book.id)
        ]

    @staticmethod
    def _parts(book: BookRow, e: queries.EventRow) -> tuple[str, ...]:
        following = queries.printed(book.prefix, e.next, book.width)
        return (
            e.holder,
            _("next %(number)s") % {"number": following} if e.next <= book.last else _("all used"),
            ngettext("%(n)s stub", "%(n)s stubs", e.stubs) % {"n": e.stubs} if e.stubs else "",
            _("%(n)s spoilt") % {"n": e.spoilt} if e.spoilt else "",
            queries.gap_words(e.missing) if e.missing else "",
            e.remark,
        )

    @staticmethod
    def _of_series(one: Given) -> One:
        def listed(found: Sequence[int]) -> str:
            return ", ".join(one.shown(n) for n in found[:20]) + (" …" if len(found) > 20 else "")

        facts = (
            (_("Numbers"), f"{one.shown(one.first)} – {one.shown(one.last)}"),
            (_("Given"), str(one.count)),
            (_("Not there"), listed(one.missing)),
            (_("Twice"), listed(one.doubled)),
            (_("Voided"), listed(one.voided)),
        )
        badge = (_("Whole"), "good", "") if not one.wrong else (_("Not whole"), "bad", "")
        return One(_(one.series.name), facts, badges=(badge,))

    def foot(self, name: str) -> QLayout | None:
        """Put what is done with a book below it."""
        if name in (SERIES, FAULTS):
            return None
        if name == USED:
            return col(None, self.button("explain"))
        return col(
            None,
            self.button("explain"),
            self.button("take_back"),
            self.button("count"),
            self.button("hand_out"),
        )

    @cached_property
    def receive_form(self) -> ReceiveForm:
        """The form for a new book, made when it is first opened."""
        return self.panel.add_form(RECEIVE, ReceiveForm(self._receive, self.close_form))

    def open(self, number: int | None = None, fault: str = "", **_what: Any) -> None:
        """Show a book, or a number that is missing or doubled."""
        self.notes.clear()
        if fault:
            self.show_view(FAULTS)
            self.table.pick(next((f.id for f in self.rows[FAULTS] if f.number == fault), ""))
        elif number is not None:
            found = self.office.ask(queries.book, number=number)
            if found is None:
                self.refuse(_("There is no book %(number)s.") % {"number": queries.shown(number)})
            else:
                self.take_in_hand(USED if found.state == USED_UP and not found.gap else BOOKS, found)

    # -------------------------------------------------------------- what one can do
    @action(N_("Show"), key="Ctrl+G")
    def show_days(self) -> None:
        """Show the days that were typed."""
        self.refresh()

    @action(N_("Print"), key=keys.PRINT, operation=service.print_numbers, icon="printer")
    def print_sheet(self) -> None:
        """Print how the numbers of these days and the books stand."""
        first, last = self.span.days()
        self.run(service.print_numbers.of(first=first, last=last), said=_("The sheet is printing."))

    @action(N_("A book came"), key=keys.NEW, operation=service.receive, icon="plus")
    def receive(self) -> None:
        """Open the form for a book that came from the printer's."""
        self.open_form(self.receive_form, RECEIVE)
        self.receive_form.intent = self.office.new_intent()
        self.receive_form.fill(form="", first="", last="")

    def _receive(self) -> None:
        form = self.receive_form
        if missing := form.form.missing():
            self.refuse(missing)
        elif made := self.run(service.receive.of(**form.form.values()), intent=form.intent):
            self.open(number=made.value)
            self.notes.good(_("%(number)s is in stock.") % {"number": queries.shown(made.value)})

    def named(self, row: Any) -> dict[str, str]:
        """Call a book by its number."""
        return {"number": row.shown}

    def _book(self, state: str, why: str) -> str:
        row = self.table.row()
        book = isinstance(row, BookRow)
        return self.in_hand(_(self.CHOOSE), book, _(self.CHOOSE)) or ("" if row.state == state else why)

    def _not_in_stock(self) -> str:
        return self._book(queries.IN_STOCK, _("This book is not in stock."))

    def _not_out(self) -> str:
        return self._book(OUT, _("Only a book that is handed out is counted and taken back."))

    def _no_gap(self) -> str:
        row = self.table.row()
        gap = isinstance(row, BookRow) and row.gap > 0
        return self.in_hand(_(self.CHOOSE), gap, _("No form of this book is missing."))

    hand_out = Verb(
        N_("Hand out"),
        key=keys.PRIMARY,
        operation=service.hand_out,
        of=lambda row: {"number": row.number},
        can=_not_in_stock,
        form=HandOutForm,
        said=N_("%(number)s is handed out."),
        icon="user",
        kind="primary",
    )
    count = Verb(
        N_("Count the book"),
        operation=service.count,
        of=lambda row: {"number": row.number},
        can=_not_out,
        form=count_form,
        said=N_("%(number)s is counted."),
        icon="check",
    )
    take_back = Verb(
        N_("Take back"),
        operation=service.take_back,
        of=lambda row: {"number": row.number},
        can=_not_out,
        form=back_form,
        said=N_("%(number)s is taken back."),
    )
    explain = Verb(
        N_("Explain the gap"),
        operation=service.explain,
        of=lambda row: {"number": row.number},
        can=_no_gap,
        form=ExplainForm,
        said=N_("%(number)s: the gap is explained."),
    )


def _many(found: Sequence[int]) -> str:
    return str(len(found) or "")


def _bad(_row: Any) -> str:
    return "bad"
