"""The field that knows members, companies and channels: what is typed is found by phone, card, name, code or
pinyin, and what was chosen stands as a line under it with its plan and why it may not count."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pms.core import offers
from pms.core.i18n import N_, _
from pms.core.offers import Customer
from pms.core.office import Office
from pms.ui.kit import formats
from pms.ui.kit.finder import Finder
from pms.ui.kit.parts import Button, box, col, empty_out, label, row
from pms.ui.kit.rows import Column

KINDS = {"member": N_("Member"), "company": N_("Company"), "channel": N_("Channel")}
ICONS = {"member": "star", "company": "users", "channel": "language"}
COLUMNS = (
    Column(
        "",
        lambda c: c.name,
        sub=lambda c: formats.commas((_(KINDS[c.kind]), c.told, c.why_not)),
        icon=lambda c: ICONS[c.kind],
        bold=True,
    ),
)


class CustomerField(QWidget):
    """One member, one company and one channel at most; ``chosen`` tells which was taken, ``dropped`` the kind
    of one that was taken away. ``below``: what was chosen stands under the field, not beside it."""

    chosen = Signal(object)
    dropped = Signal(str)

    def __init__(self, office: Office, *, width: int = 260, below: bool = False) -> None:
        super().__init__()
        self.office, self.day = office, date.min
        self.plans: Mapping[int, str] = {}
        self.held: dict[str, Customer] = {}
        self.finder = Finder(
            _("Member, company or channel"), self._find, COLUMNS, width=width, longest=40, plain=False
        )
        self.finder.found.connect(self._take)
        self.lines = col(gap=2)
        self.setLayout(
            col(row(self.finder, None), self.lines, gap=4)
            if below
            else row(self.finder, (col(None, self.lines, None, gap=0), 1), gap=12)
        )
        self.setFocusProxy(self.finder)

    def _find(self, text: str) -> Sequence[Customer]:
        return self.office.gather(offers.customers, text=text, on=self.day)

    def begin(self, day: date, plans: Mapping[int, str], numbers: Mapping[str, int | None]) -> None:
        """Show whose it is as it stands; ``plans`` are the names of the rate plans."""
        self.plans, self.held = plans, {}
        self.finder.set_value("")
        self.set_day(day, numbers)

    def set_day(self, day: date, numbers: Mapping[str, int | None] | None = None) -> None:
        """Ask anew whether whoever was chosen counts on another day."""
        wanted = numbers if numbers is not None else self.numbers()
        if day == self.day and numbers is None:
            return
        self.day, self.held = day, {}
        for kind, number in wanted.items():
            if number:
                for found in self.office.gather(offers.customer_of, kind=kind, number=number, on=day):
                    self.held[kind] = found
        self._show()

    def numbers(self) -> dict[str, int]:
        """Return the number of each kind, 0 for none."""
        return {kind: self.held[kind].number if kind in self.held else 0 for kind in KINDS}

    def fields(self) -> dict[str, Any]:
        """Return the numbers as a new booking takes them."""
        return {f"{kind}_number": number or None for kind, number in self.numbers().items()}

    def changed_fields(self) -> dict[str, Any]:
        """Return the numbers as a change of a booking takes them: 0 takes one away."""
        return {f"{kind}_number": number for kind, number in self.numbers().items()}

    def drop(self, kind: str) -> None:
        """Take a customer away whose name was written over."""
        if self.held.pop(kind, None) is not None:
            self._show()

    def typed_over(self) -> bool:
        """Say whether something stands in the field that nobody was taken for."""
        return bool(self.finder.value())

    def _take(self, found: Customer) -> None:
        self.held[found.kind] = found
        self.finder.set_value("")
        self._show()
        self.chosen.emit(found)

    def _remove(self, kind: str) -> None:
        self.drop(kind)
        self.finder.setFocus()
        self.dropped.emit(kind)

    def told(self, found: Customer) -> str:
        """Say what is known of one who was chosen."""
        plan = self.plans.get(found.plan_id or 0, "")
        free = _("free departure until %(time)s") % {"time": found.free_until} if found.free_until else ""
        return formats.commas((found.told, plan, free))

    def _show(self) -> None:
        empty_out(self.lines)
        for kind in KINDS:
            if (found := self.held.get(kind)) is not None:
                self.lines.addWidget(self._line(found))

    def _line(self, found: Customer) -> QWidget:
        words = _("Take %(name)s away") % {"name": found.name}
        away = Button("", icon="close", kind="quiet")
        away.setAccessibleName(words)
        away.clicked.connect(lambda _on=False, kind=found.kind: self._remove(kind))
        name = label(f"{_(KINDS[found.kind])}: {found.name}", "strong")
        parts: list[Any] = [row(name, (label(self.told(found), "muted", wrap=True), 1), away, gap=8)]
        if found.why_not:
            parts.append(label(found.why_not, "meta", "warn", wrap=True))
        return box(col(*parts, gap=0))
