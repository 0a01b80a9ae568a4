"""The day audit: findings at the left, open or of a period, and whom they fall on; the one in hand at the
right, with its forms."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from PySide6.QtWidgets import QLayout, QWidget

from pms.core.i18n import N_, _, ngettext
from pms.core.money import Money
from pms.services.day_audit import queries, service
from pms.services.day_audit.queries import CAUSES, KINDS, Count, FindingRow, counted, shown
from pms.services.staff import queries as staff
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.amounts import Amount, Day
from pms.ui.kit.empty import Empty
from pms.ui.kit.flow import FormPage
from pms.ui.kit.forms import Choice, Remark, Text
from pms.ui.kit.one import One, Step
from pms.ui.kit.parts import box, card, col, row
from pms.ui.kit.register import Register, View
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

OPEN, PERIOD, COUNTS = "open", "period", "counts"
ADD, LOOK = "add", "look"
DAY = timedelta(days=1)


def _kind(found: FindingRow) -> str:
    return _(KINDS.get(found.kind, found.kind))


class DayAuditScreen(Register):
    """Add findings, name person, cause and training, close them; count them by person and by kind."""

    NAME, CHOSEN, HEAD, NEW = N_("Day audit"), "look_into", ("add", "print_register"), "add"
    VIEWS = (
        View(OPEN, N_("Open findings"), N_("No finding is open."), "alert"),
        View(PERIOD, N_("By period"), N_("Nothing was found in this period."), "calendar"),
        View(COUNTS, N_("Statistics"), N_("Nothing was found in this period."), "chart", COUNTS),
    )
    CHOOSE = N_("Choose a finding, or add one.")
    TOPICS = frozenset({"day_audit", "business_date", "staff"})

    # -------------------------------------------------------------- arrangement
    def above(self) -> QWidget:
        """Ask for the days of the period."""
        first = self.today.replace(day=1)
        self.since = Day(_("From"), today=self.today, value=first, width=136)
        self.until = Day(_("To"), today=self.today, value=self.today, width=136)
        self.period = box(row(self.since, self.until, self.button("show_period", icon=""), None, gap=8))
        return self.period

    def list_page(self, name: str) -> QWidget:
        """Show findings, or their counts."""
        return self._counts() if name == COUNTS else super().list_page(name)

    def columns(self, _list: str) -> Sequence[Column]:
        """Say what was found, whom it falls on, and what hangs on it."""
        return (
            Column(N_("No."), lambda f: shown(f.number), width=72, bold=True),
            Column(
                N_("Day"), lambda f: formats.day(f.business_date), width=72, sort=lambda f: f.business_date
            ),
            Column(N_("Finding"), lambda f: f.title, sub=lambda f: formats.commas((_kind(f), f.remark))),
            Column(
                N_("Person"),
                lambda f: f.person or "\u2014",
                width=132,
                sub=lambda f: _(CAUSES[f.cause]) if f.cause else "",
                sort=lambda f: f.person,
            ),
            Column(N_("At risk"), lambda f: f.amount or None, "money", width=96),
            Column(
                N_("State"),
                lambda f: _("open") if f.state == "open" else _("closed"),
                "badge",
                width=84,
                tone=lambda f: "warn" if f.state == "open" else "good",
                usual=lambda f: f.state == ("open" if self.view == OPEN else "closed"),
            ),
        )

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

    def foot(self, name: str) -> QLayout | None:
        """Close the finding in hand, or look into it."""
        if name == COUNTS:
            return None
        return col(None, self.button("close_finding"), self.button("look_into"), gap=8)

    def make_forms(self) -> None:
        """Add the forms of a new finding and of the one in hand."""
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
                _("Save"),
                self._look,
                self.close_form,
                icon="check",
                staff_id=Choice(_("Person")),
                cause=Choice(_("Cause"), causes),
                kind=Choice(_("Kind"), kinds),
                training=Remark(_("Training or action taken"), lines=3),
                remark=Remark(_("Remark"), lines=3),
            ),
        )

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
    def lists(self) -> Mapping[str, Sequence[FindingRow]]:
        """Ask for what is open, and where a period is looked at for all of it."""
        people = [(s.id, s.name) for s in self.office.ask(staff.colleagues) if s.active]
        self.looking["staff_id"].set_options([(None, _("nobody")), *people])
        self.period.setVisible(self.view != OPEN)
        waiting = self.office.ask(queries.still_open)
        if self.view == OPEN:
            return {OPEN: waiting}
        found = self._of_period()
        self._show_counts(found)
        return {OPEN: waiting, PERIOD: found}

    def answer(self) -> str:
        """Say how many findings are open, and since when."""
        waiting = self.rows[OPEN]
        if not waiting:
            return _("No finding is open.")
        words = ngettext(
            "%(n)s finding open, of %(day)s", "%(n)s findings open, the oldest of %(day)s", len(waiting)
        )
        return words % {"n": len(waiting), "day": formats.day(min(f.business_date for f in waiting))}

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

    def facts(self, found: FindingRow) -> One:
        """Show a finding with who found it and who closed it."""
        by_night = f" ({_('night audit')})" if found.by_night else ""
        steps = [Step(found.found_at, _("Found"), f"{found.finder}{by_night}")]
        if found.closed_at:
            steps.insert(0, Step(found.closed_at, _("Case closed"), found.closer))
        return One(
            found.title,
            (
                (_("No."), shown(found.number)),
                (_("Business date"), formats.long_day(found.business_date)),
                (_("Kind"), _kind(found)),
                (_("At risk"), formats.amount(found.amount, self.digits) if found.amount else ""),
                (_("Person"), found.person),
                (_("Cause"), _(CAUSES[found.cause]) if found.cause else ""),
                (_("Training"), found.training),
                (_("Remark"), found.remark),
            ),
            steps=steps,
        )

    # -------------------------------------------------------------- what one can do
    @action(N_("Add a finding"), key=keys.NEW, operation=service.note, icon="plus")
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
            _("Saved."),
        )

    @action(N_("Close the finding"), key="Ctrl+J", operation=service.close, icon="check")
    def close_finding(self) -> None:
        """Close the finding in hand."""
        found: FindingRow = self.table.row()
        self.run(
            service.close.of(finding_id=found.id),
            said=_("Finding %(number)s is closed.") % {"number": shown(found.number)},
        )

    def _not_open(self) -> str:
        found: FindingRow | None = self.table.row()
        gone = _("A closed finding no longer changes.")
        return self.in_hand(_("Choose a finding first."), bool(found and found.state == "open"), gone)

    can_look_into = can_close_finding = _not_open

    @action(N_("Show"), key="Ctrl+G")
    def show_period(self) -> None:
        """Show the period that was typed."""
        self.refresh()

    @action(N_("Print the register"), key=keys.PRINT, operation=service.print_register, icon="printer")
    def print_register(self) -> None:
        """Print the findings of the period and their counts."""
        start, end = self._span()
        self.run(service.print_register.of(start=start, end=end), said=_("The register is printed."))
