"""The access log: what was refused, looked at, taken out or locked, by day."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from pms.core.i18n import N_, _
from pms.services.staff import log
from pms.services.staff.access import NAMES, REFUSALS, Kind
from pms.services.staff.duty import ACCESS_READ
from pms.services.staff.log import AccessRow
from pms.ui.kit import formats
from pms.ui.kit.actions import action
from pms.ui.kit.desk import Screen
from pms.ui.kit.empty import Empty
from pms.ui.kit.parts import card, chip, col, heading
from pms.ui.kit.period import Span
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

REFUSED, ALL = "refused", "all"
TONES = dict.fromkeys(REFUSALS, "bad") | {
    Kind.REVEALED: "warn",
    Kind.EXPORTED: "warn",
    Kind.PRINTED: "warn",
    Kind.RIGHTS: "warn",
}


class AccessScreen(Screen):
    """See who was refused what, who looked at confidential data, and where."""

    TOPICS = frozenset({"access", "business_date"})

    def build(self) -> QVBoxLayout:
        """Put the list under its choice of days."""
        house = self.office.house()
        self.zone, self.view = house.zone, REFUSED
        self.chips = {
            word: chip(_(title), "", icon, on=word == REFUSED)
            for word, title, icon in ((REFUSED, N_("Refused"), "alert"), (ALL, N_("Everything"), "calendar"))
        }
        for word, made in self.chips.items():
            made.clicked.connect(lambda _on=False, word=word: self.show_view(word))
        self.span = Span(house.business_date, self.button("show_period", icon=""))
        self.table = Table(
            (
                Column(N_("Time"), lambda a: formats.day_time(a.at, self.zone), width=120),
                Column(
                    N_("What happened"),
                    lambda a: _(NAMES[Kind(a.kind)]),
                    "badge",
                    width=136,
                    tone=lambda a: TONES.get(Kind(a.kind), "plain"),
                ),
                Column(N_("Person"), lambda a: a.who or _("nobody"), width=144, bold=True),
                Column(N_("Workstation"), lambda a: a.station, width=112),
                Column(N_("What"), lambda a: a.what),
            ),
        )
        self.table.setAccessibleName(_("Access log"))
        return col(
            heading(_("Access log"), *self.chips.values(), None),
            self.span,
            self.notes,
            (card((self.table, 1), gap=0, pad=(1, 1, 1, 1)), 1),
            gap=12,
            pad=(16, 12, 16, 12),
        )

    def start(self) -> QWidget:
        """Give the keys to the list."""
        return self.table

    def refresh(self) -> None:
        """Ask for the days that were typed."""
        if not self.office.clerk.may(ACCESS_READ):
            self.table.show_rows([])
            return
        start, end = self.span.days()
        found: list[AccessRow] = self.office.ask(
            log.entries, start=start, end=end, refusals=self.view == REFUSED
        )
        self.table.set_empty(
            Empty("check", _("Nothing was refused."))
            if self.view == REFUSED
            else Empty("check", _("Nothing is recorded."))
        )
        self.table.show_rows(found)

    def show_view(self, view: str) -> None:
        """Show what was refused, or everything."""
        self.view = view
        for word, made in self.chips.items():
            made.setChecked(word == view)
        self.refresh()

    @action(N_("Show"), key="Ctrl+G")
    def show_period(self) -> None:
        """Show the days that were typed."""
        self.refresh()
