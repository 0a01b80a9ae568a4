"""Statements: files are read in by a key or by dropping them here, and every line stands in the tab of how it
stands against the books."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QLayout, QWidget

from pms.core.i18n import N_, _, ngettext
from pms.core.money import show
from pms.services.statements import queries, service
from pms.services.statements.formats.parts import KINDS, SORTS, SOURCES
from pms.services.statements.matching import CLEARED, DIFFERS, HERE, MATCHED, NOTES, OPEN, STATES, THERE, Pair
from pms.services.statements.queries import FileRow, TotalRow
from pms.ui.kit import background, formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.forms import Remark
from pms.ui.kit.method import called
from pms.ui.kit.one import One, Step
from pms.ui.kit.parts import box, col, row
from pms.ui.kit.period import Span
from pms.ui.kit.progress import ProgressBar
from pms.ui.kit.register import Register, View
from pms.ui.kit.rows import Column
from pms.ui.kit.verbs import Do, RowForm, Verb

R = TypeVar("R")
TOTALS, FILES = "totals", "files"
TONES = {HERE: "warn", THERE: "bad", DIFFERS: "bad", MATCHED: "good", CLEARED: "block"}
DAY = timedelta(days=1)


def clear_form(_screen: Any, do: Do, back: Do) -> RowForm:
    """Make the form of the reason."""
    made = RowForm(
        _("Clear the line"),
        _("Clear"),
        do,
        back,
        icon="check",
        reason=Remark(_("Reason"), required=True, lines=3),
    )
    made.say(_("The line and the books stay as they are; the line is open no more."))
    return made


def _of(pair: Pair) -> dict[str, int | None]:
    """Name the line, or the posting that has none."""
    if pair.line is not None:
        return {"line_id": pair.line.id}
    return {"transfer_id": pair.posting.transfer_id if pair.posting is not None else None}


class StatementsScreen(Register):
    """What the providers, the acquirer and the bank say, and what the books say."""

    NAME, HEAD = N_("Statements"), ("print_days", "read_in")
    VIEWS = (
        View(HERE, N_("Missing here"), N_("Nothing is missing here."), "check"),
        View(THERE, N_("Missing there"), N_("Nothing is missing there."), "check"),
        View(DIFFERS, N_("Differing"), N_("Nothing differs."), "check"),
        View(MATCHED, N_("Matched"), N_("Nothing is matched yet. Read in a statement."), "check-double"),
        View(CLEARED, N_("Cleared"), N_("Nothing was cleared."), "check"),
        View(TOTALS, N_("Totals"), N_("No payment by a number on these days."), "chart", TOTALS),
        View(FILES, N_("Files"), N_("No statement of these days is read in."), "sheet", FILES),
    )
    CHOOSE = N_("Choose a line first.")
    TOPICS = frozenset({"statements", "folios", "payments", "business_date"})

    def above(self) -> QWidget:
        """Put the days above the list."""
        self.setAcceptDrops(True)
        self.span, self.bar = Span(self.today, self.button("show_days", icon="")), ProgressBar()
        self._days_of(self.today)
        return box(row(self.span, None, self.bar, gap=8))

    def watched(self, work: Callable[[], R]) -> Callable[[], R]:
        """Let the bar hear how far it is."""
        return self.bar.watching(work)

    def show_busy(self, busy: bool) -> None:
        """Show how far it is."""
        super().show_busy(busy)
        self.bar.show_busy(busy)

    def _days_of(self, today: date) -> None:
        self._until = today
        self.span.since.set_value(today - 6 * DAY)
        self.span.until.set_value(today)

    def lists(self) -> Mapping[str, Sequence[Any]]:
        """Ask how the days stand; those that nobody has typed move with the business date."""
        if self.today != self._until and self.span.days() == (self._until - 6 * DAY, self._until):
            self._days_of(self.today)
        first, last = self.span.days()
        ask = partial(self.office.ask, queries.compared, first=first, last=last)
        found = background.waiter.result(self.watched(ask), self.show_busy)
        self.reasons = found.reasons
        pairs: dict[str, Sequence[Any]] = {state: found.of(state) for state in (*OPEN, MATCHED, CLEARED)}
        return {**pairs, TOTALS: found.totals, FILES: self.office.ask(queries.files, first=first, last=last)}

    def answer(self) -> str:
        """Say how many lines are open, and what they come to."""
        left = [pair for state in OPEN for pair in self.rows[state]]
        if not left:
            return _("Nothing is open.")
        sum_ = show(sum(abs(pair.difference) for pair in left), self.digits)
        words = ngettext("%(n)s line open, %(sum)s", "%(n)s lines open, %(sum)s", len(left))
        return words % {"n": len(left), "sum": sum_}

    # -------------------------------------------------------------- lists
    def columns(self, name: str) -> Sequence[Column]:
        """Say the number, both amounts and what they differ by; of a day its sums, of a file what it
        holds."""
        if name == TOTALS:
            return self._total_columns()
        if name == FILES:
            return self._file_columns()
        return (
            Column(N_("Day"), lambda p: formats.day(p.day), width=88, sort=lambda p: p.day),
            Column(N_("Time"), self._time, width=64),
            Column(N_("Kind"), lambda p: _(SOURCES[p.source]), width=120),
            Column(N_("Number"), lambda p: p.number, bold=True, sub=self._words),
            Column(N_("Statement"), self._there, "money", width=104),
            Column(N_("Books"), lambda p: p.posting.amount if p.posting else None, "money", width=104),
            Column(N_("Difference"), lambda p: p.difference or None, "money", width=104),
        )

    def _time(self, pair: Pair) -> str:
        if pair.line is not None:
            return f"{pair.line.at:%H:%M}"
        return formats.time(pair.posting.at, self.zone) if pair.posting is not None else ""

    def _there(self, pair: Pair) -> int | None:
        return (pair.line.gross or pair.line.amount) if pair.line is not None else None

    def _words(self, pair: Pair) -> str:
        told = [_(NOTES[note]) for note in pair.notes]
        if pair.state == CLEARED:
            told.append(self.reasons.get(pair.id, ""))
        elif pair.line is not None and (pair.posting is None or not pair.number):
            told.append(" ".join(filter(None, (_(KINDS[pair.line.kind]), pair.line.party, pair.line.text))))
        return _(", ").join(filter(None, told))

    def _total_columns(self) -> Sequence[Column]:
        return (
            Column(N_("Day"), lambda t: formats.day(t.day), width=96, sort=lambda t: t.day, bold=True),
            Column(N_("Kind"), lambda t: _(SOURCES[t.source])),
            Column(N_("Statement"), lambda t: t.there, "money", width=120),
            Column(N_("Books"), lambda t: t.here, "money", width=120),
            Column(N_("Difference"), lambda t: t.difference or None, "money", width=110),
            Column(N_("Fee"), lambda t: t.fee or None, "money", width=96),
            Column(N_("Open"), lambda t: str(t.open or ""), "number", width=72, sort=lambda t: t.open),
        )

    def _file_columns(self) -> Sequence[Column]:
        return (
            Column(N_("From"), lambda f: formats.day(f.first), width=88, sort=lambda f: f.first, bold=True),
            Column(N_("To"), lambda f: formats.day(f.last), width=88, sort=lambda f: f.last),
            Column(N_("Kind"), lambda f: _(SOURCES[f.source]), width=120, sub=lambda f: _(SORTS[f.sort])),
            Column(N_("File"), lambda f: f.file),
            Column(N_("Lines"), lambda f: str(f.lines), "number", width=72, sort=lambda f: f.lines),
            Column(
                N_("Read in"), lambda f: formats.day_time(f.at, self.zone), width=128, sort=lambda f: f.at
            ),
        )

    def named(self, row: Any) -> dict[str, str]:
        """Call a pair by its number."""
        return {"number": row.number or _("The line") if isinstance(row, Pair) else ""}

    # -------------------------------------------------------------- the row in hand
    def facts(self, row: Any) -> One:
        """Say everything of a pair, a day or a file."""
        if isinstance(row, TotalRow):
            return self._of_day(row)
        if isinstance(row, FileRow):
            return self._of_file(row)
        pair: Pair = row
        badge = (_(STATES[pair.state]), TONES.get(pair.state, ""), "")
        head = show(pair.difference, self.digits) if pair.state in OPEN else pair.number
        about = _(", ").join(_(NOTES[note]) for note in pair.notes)
        facts = (*self._line_facts(pair), *self._posting_facts(pair))
        reason = self.reasons.get(pair.id, "")
        more = ((_("Reason"), reason),) if reason else ()
        return One(head or pair.number, (*facts, *more), about=about, badges=(badge,))

    def _line_facts(self, pair: Pair) -> list[tuple[str, str]]:
        line = pair.line
        if line is None:
            return [(_("Statement"), _("no line"))]
        money = partial(show, digits=self.digits)
        told = (
            (_("Statement"), f"{_(SOURCES[line.source])} {_(KINDS[line.kind])}"),
            (_("Time"), f"{formats.day(line.day)} {line.at:%H:%M:%S}"),
            (_("Amount"), money(line.gross or line.amount)),
            (_("Settled"), money(line.amount) if line.amount != (line.gross or line.amount) else ""),
            (_("Fee"), money(line.fee) if line.fee else ""),
            (_("Order number"), line.order),
            (_("Transaction number"), line.trade),
            (_("Refund number"), line.refund),
            (_("From"), line.party),
            (_("Text"), line.text),
        )
        return [(words, value) for words, value in told if value]

    def _posting_facts(self, pair: Pair) -> list[tuple[str, str]]:
        posting = pair.posting
        if posting is None:
            return [(_("Books"), _("no posting"))]
        who = self.office.ask(queries.posted, transfer_id=posting.transfer_id)
        told = (
            (_("Books"), called(self.office).get(posting.kind, posting.kind)),
            (_("Posted"), formats.day_time(posting.at, self.zone)),
            (_("Amount"), show(posting.amount, self.digits)),
            (_("Guest"), f"{who.room} {who.guest}".strip()),
            (_("By"), who.by),
            (_("Shift"), str(who.shift or "")),
        )
        return [(words, value) for words, value in told if value]

    def _of_day(self, day: TotalRow) -> One:
        shifts = [
            (_("Shift %(n)s") % {"n": n} if n else _("Without a shift"), show(sum_, self.digits))
            for n, sum_ in day.shifts
        ]
        facts = (
            (_("Statement"), show(day.there, self.digits)),
            (_("Fee"), show(day.fee, self.digits)),
            (_("Books"), show(day.here, self.digits)),
            *shifts,
            (_("Open"), str(day.open)),
            (_("No statement yet"), str(day.waiting)),
        )
        return One(f"{_(SOURCES[day.source])} {formats.day(day.day)}", facts)

    def _of_file(self, file: FileRow) -> One:
        facts = (
            (_("Kind"), f"{_(SOURCES[file.source])} {_(SORTS[file.sort])}"),
            (_("Merchant"), file.merchant),
            (_("Days"), f"{formats.day(file.first)} – {formats.day(file.last)}"),
            (_("Lines"), str(file.lines)),
            (_("Known before"), str(file.known) if file.known else ""),
            (_("Twice in the file"), ", ".join(file.doubled)),
            (_("Closing balance"), show(file.closing, self.digits) if file.closing is not None else ""),
        )
        steps = (Step(file.at, _("Read in"), file.by),)
        return One(file.file, [(words, value) for words, value in facts if value], steps=steps)

    def foot(self, name: str) -> QLayout | None:
        """Put what clears a line below it."""
        if name in (TOTALS, FILES):
            return None
        return col(None, self.button("folio"), self.button("clear"), gap=8)

    # -------------------------------------------------------------- what one can do
    @action(N_("Show"), key="Ctrl+G")
    def show_days(self) -> None:
        """Show the days that were typed."""
        self.refresh()

    @action(N_("Read in"), key="Ctrl+O", operation=service.read_in, icon="sheet")
    def read_in(self) -> None:
        """Choose the files of statements."""
        chosen, _kind = QFileDialog.getOpenFileNames(
            self, _("Read in"), "", _("Statements (*.csv *.xlsx *.xls *.zip *.gz INN*);;All files (*)")
        )
        self.take([Path(name) for name in chosen])

    def take(self, files: Sequence[Path]) -> None:
        """Read files in, one after the other; what one lacks is said, and the others wait."""
        if not files:
            return
        file, *rest = files
        try:
            data = file.read_bytes()
        except OSError as trouble:
            told = _("%(file)s cannot be read: %(why)s.")
            self.refuse(told % {"file": file.name, "why": trouble.strerror or trouble})
            return
        first, last = self.span.days()
        self.run_slow(
            service.read_in.of(file=file.name, data=data, first=first, last=last),
            then=partial(self._taken, file.name, rest),
        )

    def _taken(self, name: str, rest: Sequence[Path], _made: int) -> None:
        self.refresh()
        self.notes.good(_("%(file)s is read in.") % {"file": name})
        self.take(rest)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files only."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read in what is dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.take(paths)

    @action(N_("Print"), key=keys.PRINT, operation=service.print_matched, icon="printer")
    def print_days(self) -> None:
        """Print how the days stand."""
        first, last = self.span.days()
        self.run(service.print_matched.of(first=first, last=last), said=_("The sheet is printing."))

    @action(N_("Open the folio"), icon="receipt")
    def folio(self) -> None:
        """Go to the folio on which a posting stands."""
        self.go("folios", stay_id=self.table.row().posting.stay_id)

    def can_folio(self) -> str:
        """Say why not."""
        pair = self.table.row() if self.listed not in (TOTALS, FILES) else None
        there = isinstance(pair, Pair) and pair.posting is not None and pair.posting.stay_id is not None
        return self.in_hand(_(self.CHOOSE), there, _("This line stands on no guest's folio."))

    def _open(self) -> str:
        pair = self.table.row() if self.listed not in (TOTALS, FILES) else None
        is_open = isinstance(pair, Pair) and pair.state in OPEN
        return self.in_hand(_(self.CHOOSE), is_open, _("Only a line that is open is cleared."))

    clear = Verb(
        N_("Clear the line"),
        key="Ctrl+J",
        operation=service.clear,
        of=_of,
        can=_open,
        form=clear_form,
        said=N_("%(number)s is cleared."),
        icon="check",
        kind="primary",
    )

    def open(self, pair: str = "", day: str = "", **_what: Any) -> None:
        """Show a line that another page names, on its day."""
        self.notes.clear()
        if day:
            wanted = date.fromisoformat(day)
            first, last = self.span.days()
            self.span.since.set_value(min(first, wanted))
            self.span.until.set_value(max(last, wanted))
            self.refresh()
        for state, rows in self.rows.items():
            found = next((x for x in rows if isinstance(x, Pair) and x.id == pair), None)
            if found is not None:
                self.take_in_hand(state, found)
                return
