"""The audit as it is worked at two in the morning: findings at the left, the one in hand in the middle, what
would be posted and the one button at the right. Everything it shows is in the database; it can be left at any
step.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLayout, QProgressBar, QSizePolicy, QStackedWidget, QWidget

from pms.core import clock
from pms.core.i18n import N_, _, ngettext
from pms.core.money import show
from pms.printing import pdf, spreadsheet
from pms.printing.slip import Slip
from pms.services.folios import queries as folio_queries
from pms.services.night_audit import checks, hours, printouts, queries, service
from pms.services.night_audit.checks import Finding
from pms.services.night_audit.checks.cards import RoomTonight
from pms.services.night_audit.printouts import REASONS
from pms.services.night_audit.queries import Group, RunRow
from pms.ui.kit import background, files, formats, keys, safety
from pms.ui.kit.actions import action
from pms.ui.kit.desk import Screen
from pms.ui.kit.forms import Text
from pms.ui.kit.parts import Badge, box, card, col, empty_out, heading, label, row, rule, side_panel

from . import signs, tables
from .stage import (
    BACKUP,
    BEGIN,
    CLEAR,
    CLOSE,
    DAY,
    EARLY,
    REPORT,
    STEP_OF,
    Item,
    Night,
    Proof,
    Seen,
    by_code,
    by_reason,
)
from .steps import StepRow

STILL_TONIGHT = timedelta(hours=4)
FINDING, LINES, PROOF, ROOMS = 0, 1, 2, 3
CALENDAR = 20_000
"""Milliseconds between two looks at the calendar."""


class NightAuditScreen(Screen):
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
        self.digits, self.zone, self.running = house.digits, house.zone, False
        self._coming, self.looking, self._again = False, False, False
        self._then: list[Callable[[], None]] = []
        self._told, self._left, self._countdown = "", 0, QTimer(self)
        self._countdown.timeout.connect(self.tick)
        self._calendar = QTimer(self)
        self._calendar.timeout.connect(self._midnight_passed)
        self._calendar.start(CALENDAR)
        self.checks = {check.kind: check for check in checks.listed(self.office.offers)}
        self.night: Night | None = None
        self.steps = StepRow()
        self.middle = QStackedWidget()
        self.views = (self._finding_page(), self._lines_page(), self._proof_page(), self._rooms_page())
        for view in self.views:
            self.middle.addWidget(view)
        head = row(label(_("Night audit"), "page"), self.steps, None, gap=12)
        work = row((self._list(), 1), (self.middle, 1), gap=12)
        self._shown_stage, self._asked = "", False
        main = box(col(head, (box(work), 1), gap=12, pad=(12, 12, 12, 12)))
        return row((main, 1), self._side(), gap=0)

    def _list(self) -> QWidget:
        self.kinds = tables.kinds(self.checks, self.digits)
        self.kinds.picked.connect(self._kind_picked)
        self.kinds.chosen.connect(self._kind_chosen)
        self.list = tables.findings(self.checks, self.digits)
        self.list.picked.connect(self._picked)
        self.list.chosen.connect(lambda _item: self.acts["clear"].press())
        self.found = label("", "meta", wrap=True)
        self.left = card(
            (self.kinds, 2),
            rule(),
            (self.list, 3),
            rule(),
            box(row((self.found, 1), pad=(12, 8, 12, 8))),
            gap=0,
            pad=(1, 1, 1, 1),
        )
        return self.left

    def _finding_page(self) -> QWidget:
        self.title, self.detail = label("", "page", wrap=True), label("", "muted", wrap=True)
        self.risk, self.told = label("", "page", "bad"), label("", wrap=True)
        self.remark = Text(_("Remark, is stored with the mark"), longest=120)
        self.remedy = self.button("clear", icon="")
        clearing = col(
            row(self.remedy, None),
            row(self.button("extend", icon=""), self.button("folio", icon=""), None, gap=8),
            gap=8,
        )
        marking = row((self.remark, 1), gap=8)
        buttons = row(self.button("approve"), self.button("query"), None, gap=8)
        self.clearing, self.signs = box(clearing), signs.Signs(self.button("compare"))
        self.work = box(col(rule(), self.signs, self.clearing, marking, buttons, gap=12))
        words = row(
            (col(self.title, self.detail, gap=4), 1),
            col(label(_("At risk"), "meta", align=Qt.AlignmentFlag.AlignRight), self.risk, None, gap=0),
        )
        return card(words, self.told, None, self.work, gap=12)

    def _lines_page(self) -> QWidget:
        self.lines = tables.lines(self.digits)
        self.why = tables.reasons(self.digits)
        self.why_card = box(col(label(_("Why it differs from last night"), "title"), (self.why, 1), gap=8))
        head = heading(
            _("Every line to be posted"),
            None,
            self.button("print_lines"),
            self.button("save_lines_sheet", icon=""),
            self.button("save_lines_pdf", icon=""),
            self.button("back_to_findings"),
        )
        return card(head, (self.lines, 3), (self.why_card, 2), gap=8)

    def _proof_page(self) -> QWidget:
        self.proof_title, self.proof_badge = label("", "page"), row()
        self.ledgers = tables.ledgers(self.digits)
        self.runs = tables.runs(self.zone, self.digits)
        self.runs.picked.connect(self._run_picked)
        head = row(self.proof_title, self.proof_badge, None, self.button("back_to_findings"), gap=12)
        return card(head, (self.ledgers, 3), label(_("Last audits"), "title"), (self.runs, 2), gap=8)

    def _rooms_page(self) -> QWidget:
        self.rooms = tables.rooms(self.zone, self.digits)
        self.rooms.chosen.connect(self._room_chosen)
        told = label(
            _(
                "Stays, housekeeping's sheet and the cards valid tonight. The fourth way, the "
                "police's acknowledgements, comes with the "
                "police link."
            ),
            "muted",
            wrap=True,
        )
        return card(
            heading(_("Three-way check"), None, self.button("back_to_findings")), told, (self.rooms, 1), gap=8
        )

    def _side(self) -> QWidget:
        self.codes = tables.codes(self.digits)
        self.codes.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.codes.setFixedHeight(132)
        self.total_words, self.total = label("", "strong"), label("", "figure")
        self.compared = col(gap=4)
        self.stop = self.button("call_off")
        self.progress, self.doing = QProgressBar(), label("", "strong", wrap=True)
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.busy = box(
            col(
                self.doing,
                self.progress,
                label(_("It may be interrupted: the day is open or closed, never half."), "muted", wrap=True),
                row(self.stop, None),
                gap=8,
            )
        )
        self.busy.hide()
        self.stop.hide()
        self.big, self.then = self.button("go_on"), label("", "muted", wrap=True)
        return side_panel(
            label(_("Rehearsal: tonight's postings"), "title"),
            card(self.codes, gap=0, pad=(1, 1, 1, 1)),
            row(self.total_words, None, self.total),
            box(self.compared),
            col(
                row(
                    self.button("every_line", kind="quiet"),
                    self.button("proof", kind="quiet", words=_("Proof")),
                    None,
                    gap=4,
                ),
                row(self.button("reports", kind="quiet", icon=""), None),
                row(self.button("three_ways", kind="quiet", icon=""), None),
                gap=0,
            ),
            None,
            self.busy,
            self.notes,
            col(self.big, self.then, gap=8),
            width=328,
        )

    def start(self) -> QWidget | None:
        """Begin at the findings, or where the signs are typed while these are in hand."""
        return self.list if self.can_compare() else self.signs.field.line

    # -------------------------------------------------------------- what is shown
    def showEvent(self, event: QShowEvent) -> None:
        """Look before anything is shown, so that what is read first is true."""
        self._coming = True
        super().showEvent(event)
        self._coming = False

    def refresh(self) -> None:
        """Look again: findings, rehearsal, marks and how far the audit is."""
        if self._coming:
            self._show(self._look(self.middle.currentIndex() == ROOMS))
        else:
            self.look()

    def look(self, then: Callable[[], None] | None = None) -> None:
        """Look again while the window goes on, for a thousand rooms take longer than a blink; then show what
        is found and do ``then``."""
        if then is not None:
            self._then.append(then)
        if self.looking:
            self._again = True  # what has changed since may not be in the look that is under way
            return
        self.looking = True
        background.run(
            self, partial(self._look, self.middle.currentIndex() == ROOMS), self._looked, self._not_looked
        )

    def _looked(self, seen: Seen) -> None:
        self.looking = False
        self._show(seen)
        self.update_actions()
        if self._again:
            self._again = False
            self.look()
            return
        then, self._then = self._then, []
        for go_on in then:
            go_on()

    def _not_looked(self, error: Exception) -> None:
        self.looking, self._again, self._then = False, False, []
        self._failed(error)

    def _look(self, rooms: bool) -> Seen:
        house, ask = self.office.house(), self.office.ask
        today = house.business_date
        counts = ask(queries.night_counts, start=today - DAY, end=today)
        opens, waiting = ask(hours.opening, business_date=today, now=self.office.now())
        night = Night(
            today,
            clock.local(self.office.now(), house.zone).date(),
            self._findings(today),
            tuple(ask(queries.rehearsal, business_date=today)),
            ask(queries.marks, business_date=today),
            ask(queries.run, business_date=today),
            ask(queries.run, business_date=today - DAY),
            counts[0].revenue if counts else 0,
            opens,
            waiting,
            tuple(ask(queries.changes, business_date=today)) if counts else (),
        )
        return Seen(
            night, self._proof(), tuple(ask(queries.three_ways, business_date=today)) if rooms else None
        )

    def _proof(self, day: date | None = None) -> Proof:
        runs: list[RunRow] = [r for r in self.office.ask(queries.last_runs) if r.closed_at]
        day = day or (runs[0].business_date if runs else None)
        if day is None:
            return Proof(None, (), (), True)
        return Proof(
            day,
            tuple(runs),
            tuple(self.office.ask(folio_queries.trial_balance, business_date=day)),
            self.office.ask(queries.proof, business_date=day),
        )

    def _show(self, seen: Seen) -> None:
        self.night = seen.night
        if self._countdown.isActive() and self.night.stage != CLOSE:
            self._end_countdown()  # somebody was faster, or something must be cleared first
        self._show_findings(self.night)
        self._show_rehearsal(self.night)
        self._show_proof(seen.proof)
        if seen.rooms is not None:
            self.rooms.show_rows(seen.rooms)
        self._show_stage(self.night)

    def _midnight_passed(self) -> bool:
        """Look again when the calendar has turned since the last look, or the day may be closed by now, for
        nothing in the books says so; says whether it had."""
        night, now = self.night, self.office.now()
        if night is None or self.running or self.looking:
            return False
        turned = night.clock != clock.local(now, self.zone).date()
        if not turned and (now >= night.opens) == bool(night.waiting):
            return False
        self.mark_stale()
        return True

    def open(self, signs: bool = False, **_what: Any) -> None:
        """Be about the night that it is now; ``signs``: ask for those of last night's paper."""
        self._midnight_passed()
        if signs:
            self._ask_signs()

    def _findings(self, today: date) -> tuple[Finding, ...]:
        return tuple(
            self.office.ask(
                queries.findings,
                business_date=today,
                checks=tuple(self.checks.values()),
                station=self.office.station,
            )
        )

    def _show_findings(self, night: Night) -> None:
        self.kinds.show_rows(night.groups())
        self.list.show_rows(night.items())
        if self.list.row() is None and night.findings:
            self.list.selectRow(0)
        must, rest = len(night.blocking()), len(night.unmarked())
        self.found.setText(
            _("%(must)s must be cleared, %(rest)s without a mark") % {"must": must, "rest": rest}
            if night.findings
            else ""
        )
        self._show_finding(self.list.row())

    def _picked(self, item: Item | None) -> None:
        self.remark.set_value("")
        self.signs.clear()
        self._show_finding(item)
        self.update_actions()

    def _kind_picked(self, group: Group | None) -> None:
        """Take the costliest finding of a kind in hand, unless one of its kind is already."""
        item: Item | None = self.list.row()
        if group is not None and (item is None or item.finding.kind != group.kind) and self.kinds.hasFocus():
            self.list.pick(group.findings[0].key)

    def _kind_chosen(self, _group: Group) -> None:
        self.list.setFocus()

    def _day(self) -> date:
        """Return the day that is audited, known before the first look has come back."""
        return self.night.business_date if self.night is not None else self.office.house().business_date

    def _show_rooms(self) -> None:
        self.rooms.show_rows(self.office.ask(queries.three_ways, business_date=self._day()))

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

    def _show_finding(self, item: Item | None) -> None:
        self.work.setVisible(item is not None)
        if item is None:
            self.title.setText(_("Nothing is wrong tonight."))
            self.detail.setText(_("Every check was made and none found anything."))
            self.risk.setText("")
            self.told.setText("")
            return
        finding = item.finding
        self.signs.setVisible(finding.kind == signs.KIND)
        self.clearing.setVisible(finding.kind != signs.KIND)
        self.title.setText(finding.title)
        self.detail.setText(finding.detail)
        self.risk.setText(show(finding.amount, self.digits) if finding.amount else "")
        self.told.setText(
            _("%(state)s by %(who)s: %(remark)s")
            % {"state": _(tables.MARKS[item.state]), "who": item.by, "remark": item.remark}
            if item.state
            else _(self.checks[finding.kind].advice)
        )
        self.remedy.say(finding.remedy.words)

    def _show_rehearsal(self, night: Night) -> None:
        self.codes.show_rows(by_code(night.charges))
        self.lines.show_rows(night.charges)
        self.total_words.setText(
            ngettext("Total, %(n)s line", "Total, %(n)s lines", len(night.charges))
            % {"n": len(night.charges)}
        )
        self.total.setText(show(night.total(), self.digits))
        empty_out(self.compared)
        self.why.show_rows(night.changes)
        self.why_card.setVisible(bool(night.last_revenue))
        if night.last_revenue:
            more = sum(c.now - c.before for c in night.changes)  # with the nights that are posted already
            reasons = [
                (f"{_(REASONS[reason])} ({count})", show(amount, self.digits))
                for reason, count, amount in by_reason(night.changes)
            ]
            for words, figure in (
                (_("Rooms last night"), show(night.last_revenue, self.digits)),
                *reasons,
                (_("More tonight") if more >= 0 else _("Less tonight"), show(abs(more), self.digits)),
            ):
                self.compared.addLayout(row(label(words, "muted"), None, label(figure)))

    def _show_proof(self, proof: Proof) -> None:
        self.runs.show_rows(proof.runs)
        empty_out(self.proof_badge)
        self.proof_title.setText(
            _("Proof of %(day)s") % {"day": formats.long_day(proof.day)} if proof.day else _("Proof")
        )
        self.ledgers.show_rows(proof.ledgers)
        if proof.day:
            self.proof_badge.addWidget(
                Badge(
                    _("Closes to 0") if proof.closes else _("Does not close"),
                    "good" if proof.closes else "bad",
                    "check" if proof.closes else "alert",
                )
            )

    def _run_picked(self, run: RunRow | None) -> None:
        if run is not None:
            self._show_proof(self._proof(run.business_date))

    def _just_closed(self, night: Night) -> bool:
        """Say whether last night's audit is still what the steps are about; in the afternoon they are about
        tonight's."""
        return (
            night.before is not None
            and night.before.closed_at is not None
            and self.office.now() - night.before.closed_at < STILL_TONIGHT
        )

    def _show_stage(self, night: Night) -> None:
        stage, day = night.stage, formats.day(night.business_date)
        if stage != self._shown_stage:
            self._turn(
                PROOF if stage in (REPORT, BACKUP) or (stage == EARLY and self._shown_stage) else FINDING
            )
            self._shown_stage = stage
            safety.opened()  # the button means something else now
        before = formats.day(night.business_date - DAY)
        self.steps.show_step(
            2 if self.running and self._asked else STEP_OF[stage],
            done=stage == EARLY and self._just_closed(night),
        )
        next_ = night.blocking()[0].title if night.blocking() else ""
        words, then = {
            EARLY: (_("To the room board"), _("The audit of %(day)s begins on %(opens)s.")),
            BEGIN: (
                _("Begin the audit of %(day)s"),
                _("Nothing is posted yet: first everything is looked at."),
            ),
            CLEAR: (_("Clear the next one"), _("%(next)s. Then this becomes: Post and close %(day)s")),
            CLOSE: (_("Post and close %(day)s"), self._close_words(night)),
            REPORT: (
                _("Write the reports"),
                _("%(before)s is closed. Its reports are written as files, then a backup."),
            ),
            BACKUP: (_("Back up"), _("The reports of %(before)s are written. The backup is the last step.")),
        }[stage]
        opens = formats.day_time(night.opens, self.zone)
        values = {"day": day, "before": before, "next": next_, "opens": opens}
        self.big.say(words % values)
        self.then.setText(then % values)

    def _close_words(self, night: Night) -> str:
        told = [
            ngettext("%(n)s line is posted,", "%(n)s lines are posted,", len(night.charges))
            % {"n": len(night.charges)}
        ]
        late = [f for f in night.findings if f.kind == "arrivals"]
        if late:
            told.append(
                ngettext("%(n)s booking becomes a no-show,", "%(n)s bookings become no-shows,", len(late))
                % {"n": len(late)}
            )
        told.append(_("the date becomes %(day)s.") % {"day": formats.day(night.business_date + DAY)})
        if night.unmarked():
            told.append(_("%(n)s findings have no mark.") % {"n": len(night.unmarked())})
        if night.waiting > 1:
            told.append(_("%(n)s days wait; they are closed one by one.") % {"n": night.waiting})
        return ("" if formats.chinese() else " ").join(told).replace("%", "%%")

    # -------------------------------------------------------------- the one thing to press
    @action(N_("Go on"), key=keys.PRIMARY, operation=service.begin, icon="moon", kind="primary")
    def go_on(self) -> None:
        """Do what comes next."""
        if self._midnight_passed():
            return  # the button says something else now
        assert self.night is not None
        if self.looking:
            self._then.append(partial(self._go_on_if, self.night.stage))
            return
        {
            EARLY: self._leave,
            BEGIN: self._begin,
            CLEAR: self._clear_next,
            CLOSE: self._close,
            REPORT: self._finish,
            BACKUP: self._finish,
        }[self.night.stage]()

    def _go_on_if(self, stage: str) -> None:
        """Do what was pressed while a look was under way, if the button still means it."""
        if self.night is not None and self.night.stage == stage:
            self.acts["go_on"].press()

    def can_go_on(self) -> str:
        """Say why not."""
        if self._countdown.isActive():
            return _("The other workstations are told; it closes in %(n)s s.") % {"n": self._left}
        return _("The audit is at work. One moment.") if self.running else ""

    def _leave(self) -> None:
        self.go("room_board")

    def _begin(self) -> None:
        assert self.night is not None
        if self.run(service.begin.of(business_date=self.night.business_date)):
            self.look(self._ask_signs)

    def _ask_signs(self) -> None:
        """Take the signs of last night's paper in hand, where the auditor is asked for them."""
        asked = [f.key for f in self.night.findings if f.kind == signs.KIND] if self.night else []
        if asked:
            self.list.pick(asked[0])
            self.signs.ask()

    def _clear_next(self) -> None:
        assert self.night is not None
        finding = self.night.blocking()[0]
        self.list.pick(finding.key)
        self.go(finding.remedy.page, **finding.remedy.what)

    def _close(self) -> None:
        night = self.night
        assert night is not None
        self._asked = True  # a refusal looks again: somebody may have been faster
        told = self.run(service.warn.of(business_date=night.business_date))
        self._asked = False
        if told and told.value:
            self._count_down(told.value)
        elif told:
            self._post()

    def _count_down(self, stations: Sequence[str]) -> None:
        """Give the other workstations, who are told, the time to finish what they have begun."""
        self._told, self._left = formats.commas(stations), queries.WARNING
        self.busy.show()
        self.stop.show()
        self._countdown.start(1000)
        self._show_left()
        self.notes.clear()
        self.update_actions()

    def _show_left(self) -> None:
        self.doing.setText(
            _("%(stations)s is told. The day closes in %(n)s s.") % {"stations": self._told, "n": self._left}
        )

    def tick(self) -> None:
        """Count a second of the warning; at its end the day is posted and closed."""
        self._left -= 1
        self._show_left()
        self.update_actions()
        if self._left <= 0:
            self._end_countdown()
            self._post()

    def _end_countdown(self) -> None:
        self._countdown.stop()
        self.busy.hide()
        self.stop.hide()
        self.update_actions()

    @action(N_("Call it off"), key="X", operation=service.call_off, icon="close")
    def call_off(self) -> None:
        """Take the warning back; the day stays open."""
        assert self.night is not None
        self._end_countdown()
        self.run(
            service.call_off.of(business_date=self.night.business_date),
            said=_("The close is called off; the others are told."),
        )

    def can_call_off(self) -> str:
        """Say why not."""
        return "" if self._countdown.isActive() else _("Nothing is announced.")

    def clerk_changed(self) -> None:
        """Nobody's audit goes on in another person's name."""
        super().clerk_changed()
        if self._countdown.isActive():
            self._end_countdown()
            self.refuse(_("Another person works here now; the close was not begun. Press again."))

    def _post(self) -> None:
        night = self.night
        assert night is not None
        day = formats.long_day(night.business_date)
        self.running = self._asked = True
        self.doing.setText(
            ngettext(
                "Posting %(n)s line and closing %(day)s",
                "Posting %(n)s lines and closing %(day)s",
                len(night.charges),
            )
            % {"n": len(night.charges), "day": day}
        )
        self.busy.show()
        self._show_stage(night)
        self.update_actions()
        self.run_slow(service.close.of(business_date=night.business_date), then=self._closed)

    def _closed(self, postings: int) -> None:
        """Show the proof, and go on to the reports and the backup."""
        self._asked = False

        def proven() -> None:
            assert self.night is not None
            self.big.setFocus()
            day = formats.long_day(self.night.business_date - DAY)
            self._finish(
                [
                    ngettext(
                        "%(day)s is closed, %(n)s line is posted.",
                        "%(day)s is closed, %(n)s lines are posted.",
                        postings,
                    )
                    % {"day": day, "n": postings}
                ]
            )

        self.look(proven)

    def _finish(self, told: Sequence[str] = ()) -> None:
        """Do the step after the close that is due, and the one after it; what fails is named and waits for
        the next press."""
        night, after = self.night, self.office.after_close
        if night is None or night.before is None or night.stage not in (REPORT, BACKUP) or after is None:
            return self._finished_all(told)
        day, step = night.before.business_date, {REPORT: after.report, BACKUP: after.backup}[night.stage]
        self._begin_work(
            night,
            _("Writing the reports of %(day)s")
            if night.stage == REPORT
            else _("Writing the backup of %(day)s"),
            day,
        )

        def done(said: str) -> None:
            self._end_work()
            self.look(partial(self._finish, [*told, said]))

        def failed(error: Exception) -> None:
            self._end_work()
            self._failed(error)
            self.look()

        background.run(self, partial(step, day), done, failed, super().show_busy)
        return None

    def _finished_all(self, told: Sequence[str]) -> None:
        if told:
            self.notes.good(("" if formats.chinese() else " ").join(told))

    def _begin_work(self, night: Night, words: str, day: date) -> None:
        self.running = True
        self.doing.setText(words % {"day": formats.long_day(day)})
        self.busy.show()
        self._show_stage(night)
        self.update_actions()

    def _end_work(self) -> None:
        self.running = False
        self.busy.hide()
        self.update_actions()

    def show_busy(self, busy: bool) -> None:
        """Take the progress away when the close has answered, whatever the answer."""
        super().show_busy(busy)
        if not busy and self._asked:
            self._end_work()

    def refuse(self, why: str | Exception, *remedies: Any) -> None:
        """Say why the day does not close, and look again: somebody may have been faster."""
        asked, self._asked = self._asked, False
        super().refuse(why, *remedies)
        if asked:
            self.look()

    # -------------------------------------------------------------- the finding in hand
    @action(N_("Clear the finding"), key="C", icon="chevron-right")
    def clear(self) -> None:
        """Go where the finding is cleared."""
        remedy = self.list.row().finding.remedy
        if remedy.page == "night_audit":
            self.open(**remedy.what)
        else:
            self.go(remedy.page, **remedy.what)

    def can_clear(self) -> str:
        """Say why not."""
        return "" if self.list.row() is not None else _("Choose a finding first.")

    @action(N_("Extend"), key=keys.EXTEND, icon="calendar")
    def extend(self) -> None:
        """Extend the stay that was to leave."""
        self.go("extend", stay_id=self.list.row().finding.stay_id)

    def can_extend(self) -> str:
        """Say why not."""
        return self._stay_missing()

    @action(N_("Folio"), key=keys.FOLIO, icon="receipt")
    def folio(self) -> None:
        """Look at the stay's folio."""
        self.go("folios", stay_id=self.list.row().finding.stay_id)

    def can_folio(self) -> str:
        """Say why not."""
        return self._stay_missing()

    def _stay_missing(self) -> str:
        item: Item | None = self.list.row()
        return (
            ""
            if item is not None and item.finding.stay_id is not None
            else _("Choose a finding of a guest in house first.")
        )

    @action(N_("Compare"), key="V", operation=service.compare_signs, icon="shield")
    def compare(self) -> None:
        """Hold the trail against the signs that are typed from last night's paper."""
        typed = self.signs.typed()
        if not typed or self.night is None:
            return
        done = self.run(service.compare_signs.of(business_date=self.night.business_date, signs=typed))
        if not done:
            self.signs.ask()
        elif done.value:
            self.notes.good(_("The audit trail is the one on the paper."))
            self._next_unmarked(self.list.row().finding.key)
        else:
            self.refuse(
                _(
                    "The trail has other signs. Read the paper again. If they are typed right: keep the "
                    "paper, call the owner, run “pms verify”. The audit goes on."
                )
            )
            self.look(self._ask_signs)

    def can_compare(self) -> str:
        """Say why not."""
        item: Item | None = self.list.row()
        asked = item is not None and item.finding.kind == signs.KIND
        return "" if asked else _("Nobody is asked for the signs of a paper tonight.")

    @action(N_("Approve it"), key="A", operation=service.mark, icon="check", each=True)
    def approve(self) -> None:
        """Approve the finding with the remark."""
        self._mark("approved")

    def can_approve(self) -> str:
        """Say why not."""
        item: Item | None = self.list.row()
        if item is not None and self.office.clerk.id in item.finding.by:
            return _("This is your own act: another auditor approves it, or the day audit gets it as it is.")
        return self._cannot_mark()

    @action(N_("Query"), key="Q", operation=service.mark, icon="help", each=True)
    def query(self) -> None:
        """Query the finding with the remark."""
        self._mark("queried")

    def can_query(self) -> str:
        """Say why not."""
        return self._cannot_mark()

    def _cannot_mark(self) -> str:
        item: Item | None = self.list.row()
        if item is None:
            return _("Choose a finding first.")
        if item.finding.blocking:
            return _("This must be cleared; it cannot be approved.")
        return "" if self.night is not None and self.night.run is not None else _("Begin the audit first.")

    def _mark(self, state: str) -> None:
        finding: Finding = self.list.row().finding
        assert self.night is not None
        if not self.remark.value():
            self.remark.set_error(_("A remark is missing."))
            self.remark.setFocus()
            return
        if self.run(
            service.mark.of(
                business_date=self.night.business_date,
                finding=finding.key,
                state=state,
                remark=str(self.remark.value()),
            )
        ):
            self.remark.set_value("")
            self._next_unmarked(finding.key)

    def _next_unmarked(self, marked: str) -> None:
        left = [f for f in self.night.unmarked() if f.key != marked] if self.night else []
        if left:
            self.list.pick(left[0].key)
        self.list.setFocus()

    # -------------------------------------------------------------- the middle
    @action(N_("Every line"), key=keys.MORE)
    def every_line(self) -> None:
        """Show every line that would be posted."""
        self._turn(LINES)
        self.lines.setFocus()

    def _rehearsed(self) -> Slip:
        paper: Slip = self.office.ask(printouts.rehearsal, business_date=self._day())
        return paper

    def where(self, kind: str) -> Path | None:
        """Ask where to save the rehearsal; None when it was called off."""
        return files.where(self, f"{_('Rehearsal of the night audit')} {self._day():%Y-%m-%d}", kind)

    @action(N_("Print the rehearsal"), key="R", operation=service.print_rehearsal, icon="printer")
    def print_lines(self) -> None:
        """Print every line, the sums and the reasons."""
        self.run(
            service.print_rehearsal.of(business_date=self._day()),
            said=_("The rehearsal is printed."),
        )

    @action(N_("Spreadsheet"), key="S", operation=service.take_out, icon="sheet")
    def save_lines_sheet(self) -> None:
        """Save every line, the sums and the reasons as a spreadsheet."""
        if path := self.where("xlsx"):
            self._take_out(path, "xlsx", lambda slip: spreadsheet.render([slip]))

    @action(N_("PDF"), key="D", operation=service.take_out, icon="sheet")
    def save_lines_pdf(self) -> None:
        """Save every line, the sums and the reasons as PDF."""
        if path := self.where("pdf"):
            self._take_out(path, "pdf", pdf.render)

    def _take_out(self, path: Path, form: str, render: Callable[[Slip], bytes]) -> None:
        slip = self._rehearsed()
        if self.run(service.take_out.of(business_date=self._day(), form=form)):
            files.save(self, path, render(slip))

    @action(N_("Proof and last audits"), key="P")
    def proof(self) -> None:
        """Show the trial balance of the last closed day and the audits before it."""
        self._turn(PROOF)
        self.runs.setFocus()

    @action(N_("Three-way check"), key="T", icon="key-card")
    def three_ways(self) -> None:
        """Show every room as desk, housekeeping and its cards have it tonight."""
        self._show_rooms()
        self._turn(ROOMS)
        self.rooms.setFocus()

    @action(N_("Reports of the closed day"), key=keys.PRINT, icon="printer")
    def reports(self) -> None:
        """Read and print the reports of the day that was closed last."""
        self.go("reports", day=self._closed_day())

    def can_reports(self) -> str:
        """Say why not."""
        return "" if self._closed_day() is not None else _("No day has been closed yet.")

    def _closed_day(self) -> date | None:
        runs: list[RunRow] = self.runs.rows.rows()
        return runs[0].business_date if runs else None

    @action(N_("Findings"), key="F")
    def back_to_findings(self) -> None:
        """Turn back to the finding in hand."""
        self._turn(FINDING)
        self.list.setFocus()

    def step_back(self) -> bool:
        """Turn back to the findings."""
        away = self.middle.currentIndex() != FINDING
        self._turn(FINDING)
        return away
