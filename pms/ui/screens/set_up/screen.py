"""The first start. Nothing is written before the last page but one, and what fails there leaves nothing
behind."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from secrets import randbelow
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QImage, QPainter
from PySide6.QtWidgets import QFileDialog, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from pms.core import private
from pms.core.clock import system_clock
from pms.core.errors import Refused
from pms.core.i18n import LANGUAGES, N_, _
from pms.ui.kit import background, keys, safety
from pms.ui.kit import theme as th
from pms.ui.kit.actions import shortcut
from pms.ui.kit.messages import Notes
from pms.ui.kit.parts import Button, Pic, box, chip, col, empty_out, frame, label, row
from pms.ui.kit.theme import Look
from pms.ui.screens.set_up.draft import Draft
from pms.ui.screens.set_up.page import Page
from pms.ui.screens.set_up.pages import (
    JoinPage,
    PrinterPage,
    PropertyPage,
    RoomsPage,
    SheetPage,
    StaffPage,
    TypesPage,
)
from pms.ui.screens.set_up.server import DatabasePage
from pms.ui.screens.set_up.take_over import TakeOverPage

ZONE = "Asia/Shanghai"


class Choices(QWidget):
    """The first page: what this computer is to be."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.buttons: dict[str, Button] = {}
        wanted = (
            (
                "demo",
                "board",
                _("Demonstration hotel"),
                _("Open it"),
                _("120 rooms, guests in house, bookings for three months: to try everything out."),
            ),
            (
                "own",
                "house",
                _("My hotel"),
                _("Set up my hotel"),
                _("Rooms, prices, staff and printers; a running hotel takes its guests over."),
            ),
            (
                "join",
                "users",
                _("An existing hotel"),
                _("Join it"),
                _("This is another desk of a hotel on a PostgreSQL server."),
            ),
        )
        cards = [self._card(*w) for w in wanted]
        self.setLayout(
            col(
                None,
                label(_("Welcome"), "figure"),
                label(_("What is this computer to work with?"), "muted"),
                8,
                row(*[(c, 1) for c in cards], gap=16),
                (None, 2),
                gap=8,
            )
        )

    def _card(self, word: str, icon: str, title: str, verb: str, text: str) -> QWidget:
        made = Button(verb, kind="primary" if word == "own" else "")
        made.clicked.connect(lambda: self.chosen.emit(word))
        self.buttons[word] = made
        body = col(
            Pic(icon, "accent", 32),
            label(title, "title"),
            label(text, "muted", wrap=True),
            None,
            made,
            gap=12,
            pad=(16, 16, 16, 16),
        )
        holder = frame("card", body)
        holder.setMinimumHeight(th.px(220))
        return holder


class Progress(QWidget):
    """Something takes a while: what it is, and how far."""

    def __init__(self) -> None:
        super().__init__()
        self.title, self.bar, self.note = label("", "page"), QProgressBar(), label("", "muted", wrap=True)
        self.bar.setTextVisible(False)
        self.setLayout(col(None, self.title, self.bar, self.note, None, gap=12))

    def begin(self, title: str, note: str) -> None:
        """Show what is going on."""
        self.title.setText(title)
        self.note.setText(note)
        self.bar.setRange(0, 0)

    def show_days(self, done: int, whole: int) -> None:
        """Show how far it is."""
        self.bar.setRange(0, whole)
        self.bar.setValue(done)
        self.note.setText(_("Day %(done)s of %(whole)s") % {"done": done, "whole": whole})


class SetUp(QWidget):
    """``finished``: a hotel stands or was joined; ``demo_made``: the demonstration hotel is there;
    ``look_wanted``: another language."""

    finished = Signal()
    demo_made = Signal()
    look_wanted = Signal(object)
    _days = Signal(int, int)
    OWN: tuple[type[Page], ...] = (
        PropertyPage,
        TypesPage,
        RoomsPage,
        StaffPage,
        PrinterPage,
        DatabasePage,
        SheetPage,
        TakeOverPage,
    )

    def __init__(
        self, look: Look, founder: Callable[[], Any], station: str, *, today: date | None = None
    ) -> None:
        super().__init__()
        th.wear(self)
        self.setObjectName("desk")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.look, self._founder, self.station = look, founder, station
        self.today = today or system_clock().date()
        self.draft, self.at = Draft(), -1
        self.pages: list[Page] = []
        self.office: Any = None
        self.notes, self.choices, self.progress = Notes(), Choices(), Progress()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.choices)
        self.stack.addWidget(self.progress)
        self.steps = QVBoxLayout()
        self.back, self.next = Button(_("Back"), keys.BACK), Button(_("Next"), keys.PRIMARY, kind="primary")
        self._arrange()
        self.choices.chosen.connect(self.choose)
        self.back.clicked.connect(self.go_back)
        self.next.clicked.connect(self.go_on)
        self._days.connect(self.progress.show_days)
        for key, do in ((keys.BACK, self.go_back), (keys.PRIMARY, self.go_on), ("Ctrl+Return", self.go_on)):
            shortcut(key, self, do)
        safety.guard().serve(self)
        self._show_choices()

    def _arrange(self) -> None:
        self.setWindowTitle(_("Set-up"))
        self.resize(1366, 768)
        self.setMinimumSize(QSize(1180, 660))
        self._rail = box(col(*self._brand(), 8, self.steps, None, gap=8, pad=(16, 16, 16, 16)))
        self._rail.setObjectName("panel")
        self._rail.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._rail.setFixedWidth(th.px(240))
        self._foot = frame("footer", row(self.back, None, self.next, gap=8, pad=(24, 8, 24, 8)))
        top = row(None, *self._languages(), gap=8, pad=(24, 12, 24, 0))
        body = col(top, (self.stack, 1), self.notes, gap=12, pad=(32, 0, 32, 12))
        self.setLayout(row(self._rail, (box(col((box(body), 1), self._foot, gap=0)), 1), gap=0))

    def _brand(self) -> Sequence[QWidget]:
        return label(_("Front desk"), "page"), label(_("First start"), "muted")

    def _languages(self) -> list[Any]:
        self._chips = [chip(words, on=code == self.look.language) for code, words in LANGUAGES.items()]
        for made, code in zip(self._chips, LANGUAGES, strict=True):
            made.clicked.connect(
                lambda _on=False, code=code: self.look_wanted.emit(replace(self.look, language=code))
            )
        return [Pic("language"), *self._chips]

    # -------------------------------------------------------------- choosing
    def prepare(self) -> None:
        """Load what the pages need, behind the first page."""
        background.run(self, self._founder, lambda _founder: None, self._failed)

    def choose(self, word: str) -> None:
        """Begin with one of the three ways."""
        self.notes.clear()
        if word == "demo":
            self.make_demo()
            return
        kinds: Sequence[type[Page]] = self.OWN if word == "own" else (JoinPage,)
        self._make_pages(kinds)
        self._show_page(0)

    def _make_pages(self, kinds: Sequence[type[Page]]) -> None:
        for page in self.pages:
            self.stack.removeWidget(page)
            page.deleteLater()
        self.pages = [
            kind(self.draft, self.today) if kind is PropertyPage else kind(self.draft) for kind in kinds
        ]
        for page in self.pages:
            self.stack.addWidget(page)
            if isinstance(page, SheetPage):
                page.wanted.connect(self._put_out)

    def make_demo(self) -> None:
        """Make the demonstration hotel, and open it."""
        self._busy(
            _("The demonstration hotel is being made"),
            _("A week of a busy hotel, made by the desk's own operations."),
        )
        background.run(
            self,
            lambda: self._founder().demo(self._days.emit),
            lambda _done: self.demo_made.emit(),
            self._failed,
        )

    # -------------------------------------------------------------- going about
    def _show_choices(self) -> None:
        self.at = -1
        self._foot.hide()
        self._rail.hide()
        self.stack.setCurrentWidget(self.choices)
        safety.opened()
        self.choices.buttons["own"].setFocus()

    def _show_page(self, at: int) -> None:
        self.at = at
        page = self.pages[at]
        page.enter()
        for made in self._chips:
            made.setEnabled(False)  # the pages would lose what was typed
        self._foot.show()
        self._rail.show()
        self._show_steps()
        self.next.say(_(self._verb(page)))
        self.back.setVisible(self.office is None)
        self.stack.setCurrentWidget(page)
        safety.opened()
        page.first().setFocus()

    def _verb(self, page: Page) -> str:
        if isinstance(page, TakeOverPage):
            return N_("Open the front desk")
        return {SheetPage: N_("Set up the hotel"), JoinPage: N_("Join")}.get(type(page), N_("Next"))

    def _show_steps(self) -> None:
        empty_out(self.steps)
        for n, page in enumerate(self.pages):
            tone, role = (
                ("accent", "strong") if n == self.at else ("", "body") if n < self.at else ("muted", "body")
            )
            pic: QWidget = Pic(
                "check" if n < self.at else "chevron-right",
                "good" if n < self.at else "accent" if n == self.at else "muted",
                16,
            )
            self.steps.addLayout(row(pic, (label(_(page.title), role, tone), 1), gap=8))

    def _busy(self, title: str, note: str = "") -> None:
        self._foot.hide()
        self.progress.begin(title, note)
        self.stack.setCurrentWidget(self.progress)

    def go_back(self) -> None:
        """Return to the page before."""
        if self.office is not None or self.stack.currentWidget() is self.progress:
            return
        self.notes.clear()
        if self.at > 0:
            self._show_page(self.at - 1)
        else:
            for made in self._chips:
                made.setEnabled(True)
            self._show_choices()

    def go_on(self) -> None:
        """Check the page and go to the next, or do what the page is for."""
        if self.stack.currentWidget() is self.progress:
            return
        if self.at < 0:
            self.choices.buttons["own"].click()
            return
        page = self.pages[self.at]
        if wrong := page.leave():
            self.notes.refuse(wrong)
            return
        self.notes.clear()
        if isinstance(page, SheetPage):
            self._found()
        elif isinstance(page, JoinPage):
            self._join()
        elif isinstance(page, TakeOverPage):
            self._take_over(page)
        else:
            if isinstance(page, DatabasePage):
                self._draw_sheet()
            self._show_page(self.at + 1)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, Refused):
            raise error
        if self.at >= 0:
            self._show_page(self.at)
        else:
            self._show_choices()
        self.notes.refuse(error)

    # -------------------------------------------------------------- the sheet
    def _draw_sheet(self) -> None:
        """A key is made once for a set-up, however often one goes back and forth."""
        page = next(p for p in self.pages if isinstance(p, SheetPage))
        founder, p = self._founder(), self.draft.property
        if not self.draft.key:
            self.draft.key = founder.new_key()
        from pms.printing import pdf, preview

        page.offer_keyring(founder.keyring())
        slip = founder.sheet(self.draft.key, p["name"], p["zone"], self.draft.where())
        self._pdf, groups = pdf.render(slip), founder.groups(self.draft.key)
        self._pages = [picture.png() for picture in preview.pages(self._pdf, 110)]
        page.show_sheet(
            self._pages, _("Recovery sheet"), _("Printer of this computer"), groups, randbelow(len(groups))
        )

    def _put_out(self, how: str) -> None:
        page = self.pages[self.at]
        assert isinstance(page, SheetPage)
        done = self.print_sheet() if how == "print" else self.save_sheet()
        if done:
            page.put_out()
            self.notes.good(done)
            page.group.setFocus()

    def print_sheet(self) -> str:
        """Print the sheet on a printer of this computer; return what was done."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if QPrintDialog(printer, self).exec() != QPrintDialog.DialogCode.Accepted:
            return ""
        painter = QPainter(printer)
        for n, page in enumerate(self._pages):
            if n:
                printer.newPage()
            painter.drawImage(painter.viewport(), QImage.fromData(page))
        painter.end()
        return _("The sheet goes to %(printer)s.") % {"printer": printer.printerName()}

    def save_sheet(self) -> str:
        """Save the sheet as a PDF; return what was done."""
        name, _filter = QFileDialog.getSaveFileName(
            self, _("Save the recovery sheet"), "recovery-sheet.pdf", "PDF (*.pdf)"
        )
        if not name:
            return ""
        try:
            private.write(Path(name), self._pdf)
        except OSError as error:
            self.notes.refuse(
                _("%(file)s cannot be written: %(why)s.") % {"file": name, "why": error.strerror or error}
            )
            return ""
        return _("Saved as %(file)s. Print it, then delete the file.") % {"file": name}

    # -------------------------------------------------------------- doing it
    def _found(self) -> None:
        draft, founder = self.draft, self._founder()
        self._busy(_("The hotel is being set up"))

        def work() -> Any:
            founder.keep_key_in(draft.keep_in)
            office = founder.found(draft.hotel(), draft.staff(), draft.key, draft.where())
            if draft.printer:
                self._add_printer(office)
            return office

        background.run(self, work, self._founded, self._failed)

    def _add_printer(self, office: Any) -> None:
        from pms.printing.printers import Printer
        from pms.services.print_jobs import service as print_jobs

        number = office.do(print_jobs.set_printer.of(printer=Printer(0, **self.draft.printer)))
        office.do(print_jobs.assign.of(printer_id=number))

    def _founded(self, office: Any) -> None:
        self.office = office
        page = next(p for p in self.pages if isinstance(p, TakeOverPage))
        page.begin(office)
        self._show_page(self.pages.index(page))
        page.edited.connect(lambda: self._say_take_over(page))
        self.notes.good(_("%(hotel)s is set up.") % {"hotel": self.draft.property["name"]})

    def _say_take_over(self, page: TakeOverPage) -> None:
        self.next.say(
            _("Take over the guests")
            if page.lines.filled() and page.lines.isEnabled()
            else _("Open the front desk")
        )

    def _take_over(self, page: TakeOverPage) -> None:
        from pms.services.opening import service

        if page.lines.isEnabled() and (guests := page.guests()):
            try:
                count = self.office.do(service.take_over.of(guests=guests), intent=page.intent)
            except Refused as refusal:
                self.notes.refuse(refusal)
                return
            page.show_balance(self.office.ask)
            self.next.say(_("Open the front desk"))
            self.notes.good(_("%(n)s guests are taken over.") % {"n": count})
            self.next.setFocus()
            return
        self.finish()

    def _join(self) -> None:
        draft, founder = self.draft, self._founder()
        self._busy(_("The hotel is being opened"))
        background.run(
            self,
            lambda: founder.join(draft.where(), founder.key_from(draft.typed_key)),
            self._joined,
            self._failed,
        )

    def _joined(self, office: Any) -> None:
        self.office = office
        self.finish()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hold no more keys back."""
        safety.guard().leave(self)
        super().closeEvent(event)

    def finish(self) -> None:
        """Hand over to the front desk, which opens the hotel afresh."""
        self.office.engine.dispose()
        self.finished.emit()
