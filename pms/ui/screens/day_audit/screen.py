"""The day audit: findings at the left, open or of a period, and whom they fall on; the one in hand at the
right, with its forms."""

from datetime import date, timedelta
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.services.day_audit import queries, service
from pms.services.day_audit.queries import CAUSES, KINDS, Count, FindingRow, counted, shown
from pms.services.staff import queries as staff
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.empty import Empty
from pms.ui.kit.flow import FormPage, SidePages, SideScreen
from pms.ui.kit.forms import Amount, Choice, Day, Remark, Text
from pms.ui.kit.parts import box, card, chip, col, empty_out, heading, label, pairs, row
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

OPEN, PERIOD, COUNTS = "open", "period", "counts"
ADD, LOOK = "add", "look"
DAY = timedelta(days=1)


def _kind(found: FindingRow) -> str:
    return _(KINDS.get(found.kind, found.kind))


class DayAuditScreen(SideScreen):
    """Add findings, name person, cause and training, close them; count them by person and by kind."""

    TOPICS = frozenset({"day_audit", "business_date", "staff"})

    # -------------------------------------------------------------- arrangement
    def build(self) -> QHBoxLayout:
        """Put register, counts and side panel together."""
        house = self.office.house()
        self.digits, self.today, self.view = house.digits, house.business_date, OPEN
        self.chips = {
            word: chip(_(title), "", icon, on=word == OPEN)
            for word, title, icon in (
                (OPEN, N_("Open findings"), "alert"),
                (PERIOD, N_("Of a period"), "calendar"),
                (COUNTS, N_("Statistics"), "chart"),
            )
        }
        for word, made in self.chips.items():
            made.clicked.connect(lambda _on=False, word=word: self.show_view(word))
        first = self.today.replace(day=1)
        self.since = Day(_("From"), today=self.today, value=first, width=136)
        self.until = Day(_("To"), today=self.today, value=self.today, width=136)
        self.period = box(row(self.since, self.until, self.button("show_period", icon=""), None, gap=8))
        self.pages = QStackedWidget()
        self.pages.addWidget(card(self._register(), gap=0, pad=(1, 1, 1, 1)))
        self.pages.addWidget(self._counts())
        below = row(self.button("print_register"), None, self.button("add"), gap=8)
        left = col(
            heading(_("Day audit"), *self.chips.values(), None),
            self.period,
            (self.pages, 1),
            below,
            gap=12,
            pad=(16, 12, 16, 12),
        )
        return row((box(left), 1), self._side(), gap=0)

    def _register(self) -> Table:
        self.table = Table(
            (
                Column(N_("No."), lambda f: shown(f.number), width=72, bold=True),
                Column(N_("Day"), lambda f: formats.day(f.business_date), width=72),
                Column(N_("Finding"), lambda f: f.title, sub=lambda f: formats.commas((_kind(f), f.remark))),
                Column(
                    N_("Person"),
                    lambda f: f.person or "\u2014",
                    width=132,
                    sub=lambda f: _(CAUSES[f.cause]) if f.cause else "",
                ),
                Column(N_("At risk"), lambda f: f.amount or None, "money", width=96),
                Column(
                    N_("State"),
                    lambda f: _("open") if f.state == "open" else _("closed"),
                    "badge",
                    width=84,
                    tone=lambda f: "warn" if f.state == "open" else "good",
                ),
            ),
            digits=self.digits,
        )
        self.table.setAccessibleName(_("Findings"))
        self.table.picked.connect(self._picked)
        self.table.chosen.connect(lambda _row: self.acts["look_into"].press())
        return self.table

    def _counts(self) -> QWidget:
        self.people, self.kinds, self.causes = (
            self._count_table(title) for title in (N_("Person"), N_("Kind"), N_("Cause"))
        )
        people, kinds, causes = (
            card((table, 1), gap=0, pad=(1, 1, 1, 1)) for table in (self.people, self.kinds, self.causes)
        )
        return box(col((people, 1), (box(row(kinds, causes, gap=12)), 1), gap=12))

    def _count_table(self, title: str) -> Table:
        still_open = (
            [Column(N_("Still open"), lambda c: c.open or None, "number", width=84)]
            if title == "Person"
            else []
        )
        made = Table(
            (
                Column(title, lambda c: c.word or _("not named yet"), bold=True),
                Column(N_("Findings"), lambda c: c.number, "number", width=76),
                *still_open,
                Column(N_("At risk"), lambda c: c.amount or None, "money", width=88),
            ),
            key=lambda c: c.word,
            digits=self.digits,
        )
        made.set_empty(Empty("check", _("Nothing was found in this period.")))
        made.setAccessibleName(_("Findings by %(what)s") % {"what": _(title)})
        return made

    def _side(self) -> SidePages:
        self.title, self.facts = label("", "page", wrap=True), col(gap=8)
        body = box(col(self.title, box(self.facts), None, gap=12))
        self.panel = SidePages(self.notes, width=328)
        self.panel.add(
            self.HOME,
            body,
            box(col(row(self.button("close_finding"), None), self.button("look_into"), gap=8)),
        )
        kinds = [(word, _(title)) for word, title in KINDS.items()]
        causes = [("", _("not known yet")), *((word, _(title)) for word, title in CAUSES.items())]
        self.adding = self.panel.add_form(
            ADD,
            FormPage(
                _("Add a finding"),
                _("Add"),
                self._add,
                self.close_form,
                icon="plus",
                what=Text(_("What is wrong"), required=True, longest=120),
                kind=Choice(_("Kind"), kinds),
                business_date=Day(_("Business date"), today=self.today, value=self.today, required=True),
                amount=Amount(_("At risk"), digits=self.digits),
                remark=Remark(_("Remark"), lines=3),
            ),
        )
        self.looking = self.panel.add_form(
            LOOK,
            FormPage(
                _("Cause, person and training"),
                _("Keep it"),
                self._look,
                self.close_form,
                icon="check",
                staff_id=Choice(_("Person")),
                cause=Choice(_("Cause"), causes),
                kind=Choice(_("Kind"), kinds),
                training=Remark(_("What is taught or done because of it"), lines=3),
                remark=Remark(_("Remark"), lines=3),
            ),
        )
        return self.panel

    def start(self) -> QWidget:
        """Give the keys to the register."""
        return self.table

    def open(self, finding_id: int | None = None, **_what: Any) -> None:
        """Take a finding in hand that the search found, closed ones too."""
        if finding_id is None:
            return
        self.show_view(OPEN)
        if not self.table.pick(finding_id):
            self.since.set_value(date(self.today.year - 1, 1, 1))
            self.show_view(PERIOD)
            self.table.pick(finding_id)

    # -------------------------------------------------------------- what is shown
    def refresh(self) -> None:
        """Ask for what is open, or for the period."""
        house = self.office.house()
        self.today = house.business_date
        waiting: list[FindingRow] = self.office.ask(queries.still_open)
        self.chips[OPEN].say(count=str(len(waiting)))
        self.looking["staff_id"].set_options(
            [(None, _("nobody")), *((s.id, s.name) for s in self.office.ask(staff.colleagues) if s.active)]
        )
        self.period.setVisible(self.view != OPEN)
        self.pages.setCurrentIndex(1 if self.view == COUNTS else 0)
        found = waiting if self.view == OPEN else self._of_period()
        self.table.set_empty(
            Empty(
                "check",
                _("No finding is open.") if self.view == OPEN else _("Nothing was found in this period."),
            )
        )
        self.table.show_rows(found)
        if found and self.table.row() is None:
            self.table.selectRow(0)
        self._show_counts(found)
        self._picked(self.table.row())

    def _of_period(self) -> list[FindingRow]:
        start, end = self._span()
        return list(self.office.ask(queries.findings, start=start, end=end))

    def _span(self) -> tuple[date, date]:
        if not (self.since.validate() and self.until.validate()):
            return self.today.replace(day=1), self.today
        start, end = self.since.value() or self.today.replace(day=1), self.until.value() or self.today
        return min(start, end), max(start, end)

    def _show_counts(self, found: list[FindingRow]) -> None:
        for table, by, names in (
            (self.people, lambda f: f.person, {}),
            (self.kinds, lambda f: f.kind, KINDS),
            (self.causes, lambda f: f.cause, CAUSES),
        ):
            table.show_rows(
                [Count(_(names.get(c.word, c.word)), c.number, c.open, c.amount) for c in counted(found, by)]
            )

    def show_view(self, view: str) -> None:
        """Show what is open, a period's findings, or its counts."""
        self.view = view
        for word, made in self.chips.items():
            made.setChecked(word == view)
        self.refresh()

    def _picked(self, found: FindingRow | None) -> None:
        empty_out(self.facts)
        self.title.setText(found.title if found else _("Choose a finding, or add one."))
        if found is not None:
            zone = self.office.house().zone
            told = [
                (_("No."), shown(found.number)),
                (_("Business date"), formats.long_day(found.business_date)),
                (_("Kind"), _kind(found)),
                (_("At risk"), formats.amount(found.amount, self.digits) if found.amount else ""),
                (_("Person"), found.person),
                (_("Cause"), _(CAUSES[found.cause]) if found.cause else ""),
                (_("Training"), found.training),
                (_("Remark"), found.remark),
                (
                    _("Found"),
                    f"{formats.day_time(found.found_at, zone)} {found.finder}"
                    + (f" ({_('night audit')})" if found.by_night else ""),
                ),
                (
                    _("Case closed"),
                    f"{formats.day_time(found.closed_at, zone)} {found.closer}" if found.closed_at else "",
                ),
            ]
            self.facts.addWidget(box(pairs(*((name, value) for name, value in told if value))))
        self.update_actions()

    # -------------------------------------------------------------- what one can do
    @action(N_("Add a finding"), key="N", operation=service.note, icon="plus")
    def add(self) -> None:
        """Open the form of a new finding."""
        self.adding.fill(what="", kind="service", business_date=self.today, amount=None, remark="")
        self.open_form(self.adding, ADD)

    def _add(self) -> None:
        values = self.adding.form.values()
        values["amount"] = values["amount"] or Money(0)
        if (
            self.save(self.adding, service.note.of(**values), _("The finding is in the register."))
            and self.view == OPEN
        ):
            self.table.selectRow(self.table.model().rowCount() - 1)

    @action(
        N_("Cause, person and training"),
        key=keys.PRIMARY,
        operation=service.look_into,
        icon="shield",
        kind="primary",
    )
    def look_into(self) -> None:
        """Open the form of the finding in hand."""
        found: FindingRow = self.table.row()
        self.looking.say(f"{shown(found.number)} {found.title}")
        self.looking.fill(
            staff_id=found.staff_id,
            cause=found.cause,
            kind=found.kind,
            training=found.training,
            remark=found.remark,
        )
        self.open_form(self.looking, LOOK)

    def _look(self) -> None:
        found: FindingRow = self.table.row()
        self.save(
            self.looking,
            service.look_into.of(finding_id=found.id, **self.looking.form.values()),
            _("It is kept."),
        )

    @action(N_("Close the finding"), key="Ctrl+D", operation=service.close, icon="check")
    def close_finding(self) -> None:
        """Close the finding in hand."""
        found: FindingRow = self.table.row()
        self.run(
            service.close.of(finding_id=found.id),
            said=_("Finding %(number)s is closed.") % {"number": shown(found.number)},
        )

    def _not_open(self) -> str:
        found: FindingRow | None = self.table.row()
        if found is None or self.view == COUNTS:
            return _("Choose a finding first.")
        return _("A closed finding does not change any more.") if found.state == "closed" else ""

    can_look_into = can_close_finding = _not_open

    @action(N_("Show"), key="S")
    def show_period(self) -> None:
        """Show the period that was typed."""
        self.refresh()

    @action(N_("Print the register"), key=keys.PRINT, operation=service.print_register, icon="printer")
    def print_register(self) -> None:
        """Print the findings of the period and their counts."""
        start, end = self._span()
        self.run(service.print_register.of(start=start, end=end), said=_("The register is printed."))
