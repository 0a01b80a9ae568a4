"""The audit as it is worked at two in the morning: findings at the left, the one in hand in the middle, what
would be posted and the one button at the right. Everything it shows is in the database; it can be left at any
step.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLayout, QSizePolicy, QStackedWidget, QWidget

from pms.core.i18n import N_, _
from pms.printing import pdf, spreadsheet
from pms.printing.slip import Slip
from pms.services.night_audit import checks, printouts, service
from pms.services.night_audit.checks import Finding
from pms.services.night_audit.checks.cards import RoomTonight
from pms.services.night_audit.queries import RunRow
from pms.ui.kit import files, formats, keys, safety
from pms.ui.kit.actions import action
from pms.ui.kit.parts import box, card, col, label, row, rule

from . import next_step
from .close import Close, State
from .grouped import Findings
from .in_hand import InHand
from .lookout import Lookout
from .next_step import Step
from .panes import FindingPane, LinesPane, ProofPane, RoomsPane, Side
from .stage import BACKUP, BEGIN, CLEAR, CLOSE, EARLY, REPORT, STEP_OF, Night, Seen
from .steps import StepRow

STILL_TONIGHT = timedelta(hours=4)
FINDING, LINES, PROOF, ROOMS = 0, 1, 2, 3
LIST = 344
"""The least pixels that the list has: its titles in one line."""
CALENDAR = 20_000
"""Milliseconds between two looks at the calendar."""


class NightAuditScreen(InHand):
    """Look, rehearse, post and close; then the reports and the backup are written."""

    TOPICS = frozenset(
        {
            "night_audit",
            "business_date",
            "stays",
            "reservations",
            "folios",
            "property",
            "rooms",
            "cards",
            "shifts",
            "housekeeping",
        }
    )

    # -------------------------------------------------------------- arrangement
    def build(self) -> QLayout | QWidget:
        """Put the page together."""
        house = self.office.house()
        self.digits, self.zone = house.digits, house.zone
        self._coming, self._shown_stage = False, ""
        self.checks = {check.kind: check for check in checks.listed(self.office.offers)}
        self.middle = QStackedWidget()
        self.lookout = Lookout(
            self,
            self.checks,
            rooms=lambda: self.middle.currentIndex() == ROOMS,
            shown=self._show,
            failed=self._failed,
        )
        self.closing = Close(self, self.lookout, self._show_close, proven=lambda: self.side.big.setFocus())
        self._calendar = QTimer(self)
        self._calendar.timeout.connect(self._midnight_passed)
        self._calendar.start(CALENDAR)
        self.steps = StepRow()
        self.finding = FindingPane(self, self.checks, self.zone, self.digits)
        self.every = LinesPane(self, self.digits)
        self.proven = ProofPane(self, self.zone, self.digits)
        self.three = RoomsPane(self, self.zone, self.digits)
        self.side = Side(self, self.digits)
        self.finding.remark.line.returnPressed.connect(self.decide)
        self.proven.runs.picked.connect(self._run_picked)
        self.three.rooms.chosen.connect(self._room_chosen)
        self.views = tuple(pane.card for pane in (self.finding, self.every, self.proven, self.three))
        for view in self.views:
            self.middle.addWidget(view)
        head = row(label(_("Night audit"), "page"), self.steps, None, gap=12)
        work = row((self._list(), 3), (self.middle, 4), gap=12)
        main = box(col(head, (box(work), 1), gap=12, pad=(12, 12, 12, 12)))
        return row((main, 1), self.side.panel, gap=0)

    def _list(self) -> QWidget:
        self.list = Findings(self.checks, self.digits)
        self.list.picked.connect(self._show_chosen)
        self.list.selectionModel().selectionChanged.connect(self._show_chosen)
        self.list.chosen.connect(lambda _item: self.acts["clear"].press())
        self.list.headed.connect(self.take_kind)
        self.found = label("", "meta", wrap=True)
        foot = col(self.found, row(self.button("choose_kind", kind="quiet"), None), gap=0, pad=(12, 4, 8, 4))
        self.left = card((self.list, 1), rule(), box(foot), gap=0, pad=(1, 1, 1, 1))
        self.left.setMinimumWidth(LIST)
        return self.left

    def start(self) -> QWidget | None:
        """Begin at the findings, or where the signs are typed while these are in hand."""
        return self.list if self.can_compare() else self.finding.signs.field.line

    # -------------------------------------------------------------- what is shown
    @property
    def night(self) -> Night | None:
        """Return the newest look at the night."""
        return self.lookout.night

    @property
    def looking(self) -> bool:
        """Say whether a look is under way."""
        return self.lookout.looking

    @property
    def running(self) -> bool:
        """Say whether something is posted or written at this moment."""
        return self.closing.running

    def showEvent(self, event: QShowEvent) -> None:
        """Look before anything is shown, so that what is read first is true."""
        self._coming = True
        super().showEvent(event)
        self._coming = False

    def refresh(self) -> None:
        """Look again: findings, rehearsal, marks and how far the audit is."""
        if self._coming:
            self.lookout.at_once()
        else:
            self.lookout.look()

    def _show(self, seen: Seen) -> None:
        self.closing.seen(seen.night)
        self._show_findings(seen.night)
        self.every.show(seen.night)
        self.side.show(seen.night)
        self.proven.show(seen.proof)
        if seen.rooms is not None:
            self.three.rooms.show_rows(seen.rooms)
        self._show_stage(seen.night)
        self.update_actions()

    def _show_close(self) -> None:
        self.side.show_work(self.closing)
        if self.closing.running and self.night is not None:
            self._show_stage(self.night)
        self.update_actions()

    def _midnight_passed(self) -> bool:
        """Look again when the calendar has turned since the last look, or the day may be closed by now; says
        whether it had."""
        overtaken = not self.closing.running and self.lookout.overtaken(self.zone)
        if overtaken:
            self.mark_stale()
        return overtaken

    def open(self, signs: bool = False, **_what: Any) -> None:
        """Be about the night that it is now; ``signs``: ask for those of last night's paper."""
        self._midnight_passed()
        if signs:
            self.ask_signs()

    def _show_findings(self, night: Night) -> None:
        self.list.show_night(night)
        must, rest = len(night.blocking()), len(night.unmarked())
        self.found.setText(
            formats.commas(
                [
                    _("%(n)s to clear") % {"n": must} if must else "",
                    _("%(n)s unmarked") % {"n": rest} if rest else "",
                ]
            )
        )
        self._show_chosen()

    def _room_chosen(self, room: RoomTonight) -> None:
        page, what = (
            ("folios", {"stay_id": room.stay_id})
            if room.stay_id is not None
            else ("housekeeping", {"room_id": room.room_id})
        )
        self.go(page, **what)

    def _turn(self, page: int) -> None:
        """Show a page of the middle; the lines and the proof take the list's room too."""
        self.left.setVisible(page == FINDING)
        for n, view in enumerate(self.views):  # a page that is not seen takes no room from the list
            policy = QSizePolicy.Policy.Preferred if n == page else QSizePolicy.Policy.Ignored
            view.setSizePolicy(policy, policy)
        self.middle.setCurrentIndex(page)

    def _run_picked(self, run: RunRow | None) -> None:
        if run is not None:
            self.proven.show(self.lookout.proof(run.business_date))

    def _just_closed(self, night: Night) -> bool:
        """Say whether last night's audit is still what the steps are about; in the afternoon they are about
        tonight's."""
        return (
            night.before is not None
            and night.before.closed_at is not None
            and self.office.now() - night.before.closed_at < STILL_TONIGHT
        )

    def _show_stage(self, night: Night) -> None:
        stage = night.stage
        if stage != self._shown_stage:
            self._turn(
                PROOF if stage in (REPORT, BACKUP) or (stage == EARLY and self._shown_stage) else FINDING
            )
            self._shown_stage = stage
            safety.opened()  # the button means something else now
        self.steps.show_step(
            2 if self.closing.state is State.POSTING else STEP_OF[stage],
            done=stage == EARLY and self._just_closed(night),
        )
        self._say_step(night)

    def _show_chosen(self) -> None:
        super()._show_chosen()
        self.lookout.seen |= set(self.finding.about)
        if self.night is not None:
            self._say_step(self.night)

    def _say_step(self, night: Night) -> None:
        step = self._step(night)
        self.side.big.say(step.words)
        self.side.then.setText(step.then)

    def _step(self, night: Night) -> Step:
        """Return what the filled button does now."""
        return next_step.of(
            night,
            self.zone,
            self.checks,
            seen=self.lookout.seen,
            chosen=self.finding.about,
            just_closed=self._just_closed(night),
        )

    # -------------------------------------------------------------- the one thing to press
    @action(N_("Continue"), key=keys.PRIMARY, operation=service.begin, icon="moon", kind="primary")
    def go_on(self) -> None:
        """Do what comes next."""
        if self._midnight_passed():
            return  # the button says something else now
        assert self.night is not None
        step = self._step(self.night)
        if self.lookout.looking:
            self.lookout.after(partial(self._go_on_if, step.act, step.finding))
            return
        steps: dict[str, Callable[[], None]] = {
            EARLY: partial(self.go, "room_board"),
            next_step.REPORTS: partial(self.acts["reports"].press),
            BEGIN: partial(self._begin, self.night),
            next_step.NEXT: partial(self._take_in_hand, step.finding),
            CLEAR: partial(self._go_and_clear, step.finding),
            CLOSE: partial(self._ask_and_close, self.night),
            REPORT: self.closing.finish,
            BACKUP: self.closing.finish,
        }
        steps[step.act]()

    def _go_on_if(self, act: str, finding: Finding | None) -> None:
        """Do what was pressed while a look was under way, if the button still means it."""
        if self.night is None:
            return
        step = self._step(self.night)
        if (step.act, step.finding and step.finding.key) == (act, finding and finding.key):
            self.acts["go_on"].press()

    def can_go_on(self) -> str:
        """Say why not."""
        return self.closing.why_not()

    def _begin(self, night: Night) -> None:
        if self.run(service.begin.of(business_date=night.business_date)):
            self.lookout.look(self.ask_signs)

    def _take_in_hand(self, finding: Finding | None) -> None:
        assert finding is not None
        self._turn(FINDING)
        self.list.pick(finding.key)
        self.list.setFocus()

    def _go_and_clear(self, finding: Finding | None) -> None:
        assert finding is not None
        self.go(finding.remedy.page, **finding.remedy.what)

    def _ask_and_close(self, night: Night) -> None:
        """Ask once, for a closed day is not opened again."""
        if self.asker.confirm(self, next_step.question(night)):
            self.closing.announce()

    @action(N_("Cancel the close"), key="Ctrl+Del", operation=service.call_off, icon="close")
    def call_off(self) -> None:
        """Take the warning back; the day stays open."""
        self.closing.call_off()

    def can_call_off(self) -> str:
        """Say why not."""
        return "" if self.closing.state is State.WARNED else _("Nothing is announced.")

    def clerk_changed(self) -> None:
        """Nobody's audit goes on in another person's name, and what one has looked at another has not."""
        self.lookout.seen.clear()
        super().clerk_changed()
        if self.closing.drop_warning():
            self.refuse(_("Another person works here now; the close was not begun. Press again."))

    def show_busy(self, busy: bool) -> None:
        """Take the progress away when the close has answered, whatever the answer."""
        super().show_busy(busy)
        if not busy:
            self.closing.answered()

    def refuse(self, why: str | Exception, *remedies: Any) -> None:
        """Say why the day does not close, and look again: somebody may have been faster."""
        super().refuse(why, *remedies)
        self.closing.refused()

    # -------------------------------------------------------------- the middle
    @action(N_("Every line"), key=keys.MORE)
    def every_line(self) -> None:
        """Show every line that would be posted."""
        self._turn(LINES)
        self.every.lines.setFocus()

    def _rehearsed(self) -> Slip:
        paper: Slip = self.office.ask(printouts.rehearsal, business_date=self.lookout.day())
        return paper

    def where(self, kind: str) -> Path | None:
        """Ask where to save the rehearsal; None when it was called off."""
        return files.where(self, f"{_('Rehearsal of the night audit')} {self.lookout.day():%Y-%m-%d}", kind)

    @action(N_("Print the rehearsal"), key=keys.PRINT, operation=service.print_rehearsal, icon="printer")
    def print_lines(self) -> None:
        """Print every line, the sums and the reasons."""
        self.run(
            service.print_rehearsal.of(business_date=self.lookout.day()),
            said=_("The rehearsal is printed."),
        )

    @action(N_("Spreadsheet"), key=keys.EXPORT, operation=service.take_out, icon="sheet")
    def save_lines_sheet(self) -> None:
        """Save every line, the sums and the reasons as a spreadsheet."""
        if path := self.where("xlsx"):
            self._take_out(path, "xlsx", lambda slip: spreadsheet.render([slip]))

    @action(N_("PDF"), key=keys.PDF, operation=service.take_out, icon="sheet")
    def save_lines_pdf(self) -> None:
        """Save every line, the sums and the reasons as PDF."""
        if path := self.where("pdf"):
            self._take_out(path, "pdf", pdf.render)

    def _take_out(self, path: Path, form: str, render: Callable[[Slip], bytes]) -> None:
        slip = self._rehearsed()
        if self.run(service.take_out.of(business_date=self.lookout.day(), form=form)):
            files.save(self, path, render(slip))

    @action(N_("Proof and last audits"), key="Ctrl+Shift+Q")
    def proof(self) -> None:
        """Show the trial balance of the last closed day and the audits before it."""
        self._turn(PROOF)
        self.proven.runs.setFocus()

    @action(N_("Three-way check"), key="Ctrl+Shift+X", icon="key-card")
    def three_ways(self) -> None:
        """Show every room as desk, housekeeping and its cards have it tonight."""
        self.three.rooms.show_rows(self.lookout.rooms())
        self._turn(ROOMS)
        self.three.rooms.setFocus()

    @action(N_("Reports of the closed day"), key="Ctrl+Shift+U", icon="printer")
    def reports(self) -> None:
        """Read and print the reports of the day that was closed last."""
        self.go("reports", day=self._closed_day())

    def can_reports(self) -> str:
        """Say why not."""
        return "" if self._closed_day() is not None else _("No day has been closed yet.")

    def _closed_day(self) -> date | None:
        runs: list[RunRow] = self.proven.runs.rows.rows()
        return runs[0].business_date if runs else None

    @action(N_("Findings"), key="Ctrl+B")
    def back_to_findings(self) -> None:
        """Turn back to the finding in hand."""
        self._turn(FINDING)
        self.list.setFocus()

    def step_back(self) -> bool:
        """Turn back to the findings."""
        away = self.middle.currentIndex() != FINDING
        self._turn(FINDING)
        return away
