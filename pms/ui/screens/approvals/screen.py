"""Approvals: what was agreed to by phone and waits to be signed for, what was agreed to in a period, and how
much each person gave away; the one in hand at the right."""

from datetime import date
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from pms.core.i18n import N_, _
from pms.services.approvals import queries, service
from pms.services.approvals.printouts import KINDS
from pms.services.approvals.queries import ApprovalRow
from pms.services.authority import delegation
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.empty import Empty
from pms.ui.kit.flow import SidePages, SideScreen
from pms.ui.kit.parts import box, card, chip, col, empty_out, heading, label, pairs, row
from pms.ui.kit.period import Span
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

OPEN, PERIOD, COUNTS = "open", "period", "counts"
HOW = {"password": N_("at the desk"), "phone": N_("by phone"), "signature": N_("signature")}


def _state(given: ApprovalRow) -> str:
    return _("not signed") if given.open else _(HOW[given.how])


class ApprovalsScreen(SideScreen):
    """See who agreed to what, and sign for what one agreed to by phone."""

    TOPICS = frozenset({"approvals", "authority", "business_date"})

    # -------------------------------------------------------------- arrangement
    def build(self) -> QHBoxLayout:
        """Put list, counts and side panel together."""
        house = self.office.house()
        self.digits, self.zone, self.view = house.digits, house.zone, OPEN
        self.chips = {
            word: chip(_(title), "", icon, on=word == OPEN)
            for word, title, icon in (
                (OPEN, N_("By phone, not signed"), "alert"),
                (PERIOD, N_("By period"), "calendar"),
                (COUNTS, N_("By person"), "chart"),
            )
        }
        for word, made in self.chips.items():
            made.clicked.connect(lambda _on=False, word=word: self.show_view(word))
        self.span = Span(house.business_date, self.button("show_period", icon=""))
        self.pages = QStackedWidget()
        self.pages.addWidget(card(self._list(), gap=0, pad=(1, 1, 1, 1)))
        self.pages.addWidget(card(self._counts(), gap=0, pad=(1, 1, 1, 1)))
        left = col(
            heading(_("Approvals"), *self.chips.values(), None),
            self.span,
            (self.pages, 1),
            gap=12,
            pad=(16, 12, 16, 12),
        )
        return row((box(left), 1), self._side(), gap=0)

    def _list(self) -> Table:
        self.table = Table(
            (
                Column(N_("Time"), lambda a: formats.day_time(a.at, self.zone), width=112),
                Column(N_("What"), lambda a: "; ".join(a.whats), sub=lambda a: a.note),
                Column(N_("Asked by"), lambda a: a.clerk or "\u2014", width=108),
                Column(N_("Agreed by"), lambda a: a.by, width=108, bold=True),
                Column(N_("Amount"), lambda a: a.amount or None, "money", width=96),
                Column(
                    N_("How"),
                    _state,
                    "badge",
                    width=104,
                    tone=lambda a: "warn" if a.open else "good",
                ),
            ),
            digits=self.digits,
        )
        self.table.setAccessibleName(_("Approvals"))
        self.table.picked.connect(self._picked)
        self.table.chosen.connect(lambda _row: self.acts["sign"].press())
        return self.table

    def _counts(self) -> Table:
        self.counts = Table(
            (
                Column(N_("On whose authority"), lambda c: c.by or _("nobody"), bold=True),
                Column(
                    N_("Done by"),
                    lambda c: c.done_by or _("nobody"),
                    sub=lambda c: _("delegated by %(name)s") % {"name": c.by} if c.delegated else "",
                ),
                Column(N_("Kind of act"), lambda c: _(KINDS[c.kind])),
                Column(N_("Uses"), lambda c: c.number, "number", width=76),
                Column(N_("Concession"), lambda c: c.amount or None, "money", width=108),
            ),
            key=lambda c: (c.by, c.done_by, c.kind, c.delegated),
            digits=self.digits,
        )
        self.counts.setAccessibleName(_("By person"))
        self.counts.set_empty(Empty("check", _("No concessions in this period.")))
        return self.counts

    def _side(self) -> SidePages:
        self.title, self.facts = label("", "page", wrap=True), col(gap=8)
        self.panel = SidePages(self.notes, width=328)
        self.panel.add(
            self.HOME,
            box(col(self.title, box(self.facts), None, gap=12)),
            box(
                col(
                    None,
                    self.button("print_uses"),
                    self.button("see_delegations"),
                    self.button("sign"),
                    gap=8,
                )
            ),
        )
        return self.panel

    def start(self) -> QWidget:
        """Give the keys to the list."""
        return self.table

    def open(self, approval_id: int | None = None, **_what: Any) -> None:
        """Take an approval in hand that the audit leads to."""
        if approval_id is not None:
            self.show_view(OPEN)
            self.table.pick(approval_id)

    # -------------------------------------------------------------- what is shown
    def refresh(self) -> None:
        """Ask for what is open, or for the period."""
        waiting = self.office.ask(queries.unsigned)
        self.chips[OPEN].say(count=str(len(waiting)))
        self.span.setVisible(self.view != OPEN)
        self.pages.setCurrentIndex(1 if self.view == COUNTS else 0)
        start, end = self.span.days()
        if self.view == COUNTS:
            self.counts.show_rows(self.office.ask(delegation.use_counts, start=start, end=end))
            self._picked(None)
            return
        self.table.set_empty(
            Empty("check", _("Nothing is waiting for a signature."))
            if self.view == OPEN
            else Empty("check", _("Nobody had to agree to anything in this period."))
        )
        self.table.show_rows(waiting if self.view == OPEN else self._used(start, end))
        if self.table.row() is None and self.table.model().rowCount():
            self.table.selectRow(0)
        self._picked(self.table.row())

    def _used(self, start: date, end: date) -> list[ApprovalRow]:
        return self.office.ask(queries.used, start=start, end=end)

    def show_view(self, view: str) -> None:
        """Show what is open, a period's approvals, or the counts."""
        self.view = view
        for word, made in self.chips.items():
            made.setChecked(word == view)
        self.refresh()

    def _picked(self, given: ApprovalRow | None) -> None:
        empty_out(self.facts)
        nothing = _("Use of authority") if self.view == COUNTS else _("Choose an approval.")
        self.title.setText(nothing if given is None else "; ".join(given.whats))
        if given is not None:
            told = [
                (_("Amount"), formats.amount(given.amount, self.digits) if given.amount else ""),
                (_("Asked by"), f"{given.clerk} \u00b7 {given.station}"),
                (_("Agreed by"), f"{given.by} \u00b7 {_(HOW[given.how])}"),
                (_("On whose authority"), given.lender),
                (_("Time"), formats.day_time(given.at, self.zone)),
                (_("What was said"), given.note),
                (_("Countersigned"), formats.day_time(given.seen_at, self.zone) if given.seen_at else ""),
            ]
            self.facts.addWidget(box(pairs(*((name, value) for name, value in told if value))))
        self.update_actions()

    # -------------------------------------------------------------- what one can do
    @action(N_("Countersign"), key=keys.PRIMARY, operation=service.countersign, icon="shield", kind="primary")
    def sign(self) -> None:
        """Have the person who agreed by phone sign for it."""
        given: ApprovalRow = self.table.row()
        if self.run(service.countersign.of(approval_id=given.id)):
            self.notes.good(_("%(name)s has countersigned.") % {"name": given.by})

    def can_sign(self) -> str:
        """Say why there is nothing to sign for."""
        given: ApprovalRow | None = self.table.row() if self.view != COUNTS else None
        if given is None:
            return _("Choose an approval first.")
        return "" if given.open else _("This needs no signature any more.")

    @action(N_("Delegations"), icon="users")
    def see_delegations(self) -> None:
        """See what authority was handed over, and hand some over."""
        self.go("delegations")

    @action(N_("Print the use"), key=keys.PRINT, operation=service.print_uses, icon="printer")
    def print_uses(self) -> None:
        """Print the period by person and kind."""
        start, end = self.span.days()
        self.run(service.print_uses.of(start=start, end=end), said=_("The use of authority prints."))

    def can_print_uses(self) -> str:
        """Say why not."""
        return "" if self.view == COUNTS else _("Turn to By person first.")

    @action(N_("Show"), key="Ctrl+G")
    def show_period(self) -> None:
        """Show the period that was typed."""
        self.refresh()
