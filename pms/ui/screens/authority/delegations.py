"""Delegations: what was handed over to whom and until when, at the left; the one in hand, and the form for a
new one, at the right."""

from datetime import datetime, timedelta
from typing import Any

from PySide6.QtWidgets import QLayout, QWidget

from pms.core.authority import NAMES, Kind
from pms.core.clock import at, local
from pms.core.i18n import N_, _, ngettext
from pms.services.authority import delegation
from pms.services.authority.delegation import DelegationRow
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.amounts import Day
from pms.ui.kit.empty import Empty
from pms.ui.kit.flow import FormPage, SidePages, SideScreen
from pms.ui.kit.forms import Choice, Flag, Text
from pms.ui.kit.parts import Item, box, card, col, empty_out, heading, label, pairs, row
from pms.ui.kit.rights import rights
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table
from pms.ui.kit.times import Time

STATES = {
    "holds": (N_("in force"), "good", "check"),
    "comes": (N_("to come"), "expect", "clock"),
    "over": (N_("over"), "block", ""),
    "withdrawn": (N_("withdrawn"), "block", "close"),
}
USUAL = timedelta(hours=12)


class DelegationsScreen(SideScreen):
    """Hand one's own authority over for a period, and take it back."""

    TOPICS = frozenset({"authority", "staff", "business_date"})

    # -------------------------------------------------------------- arrangement
    def build(self) -> QLayout | QWidget:
        """Put list and side panel together."""
        self.zone = self.office.house().zone
        self.table = Table(
            (
                Column(N_("Given by"), lambda d: d.giver, bold=True, width=132),
                Column(N_("Given to"), lambda d: d.taker, bold=True, sub=lambda d: d.reason),
                Column(N_("From when"), lambda d: formats.day_time(d.start, self.zone), width=116),
                Column(N_("Valid to"), lambda d: formats.day_time(d.until, self.zone), width=116),
                Column(N_("Used"), lambda d: d.uses or None, "number", width=64),
                Column(
                    N_("State"),
                    lambda d: _(STATES[d.state][0]),
                    "badge",
                    width=112,
                    tone=lambda d: STATES[d.state][1],
                    icon=lambda d: STATES[d.state][2],
                ),
            ),
            key=lambda d: d.id,
        )
        self.table.setAccessibleName(_("Delegations"))
        self.table.set_empty(Empty("shield", _("No authority is delegated.")))
        self.table.picked.connect(self._picked)
        self.panel = SidePages(self.notes, width=376)
        self.title, self.facts = label("", "page", wrap=True), col(gap=8)
        foot = col(None, self.button("withdraw"), self.button("hand_over"), gap=8)
        self.panel.add(self.HOME, box(col(self.title, box(self.facts), None, gap=12)), box(foot))
        self._make_form()
        main = col(
            heading(_("Delegations"), None),
            (card((self.table, 1), gap=0, pad=(1, 1, 1, 1)), 1),
            gap=12,
            pad=(16, 12, 16, 12),
        )
        return row((box(main), 1), self.panel, gap=0)

    def _make_form(self) -> None:
        today = self.office.house().business_date
        fields = {
            "taker": Choice(_("Given to"), required=True),
            "since": Day(_("From when"), today=today, required=True, width=152),
            "since_time": Time(_("Time")),
            "until": Day(_("Valid to"), today=today, required=True, width=152),
            "until_time": Time(_("Time")),
            "reason": Text(_("Reason"), required=True, longest=120),
        }
        self.kinds = {kind.value: Flag(_(NAMES[kind])) for kind in Kind}
        self.rights: dict[str, Flag] = {}
        self.groups: list[tuple[QWidget, list[Flag]]] = []
        items: list[Item] = [
            fields["taker"],
            row(fields["since"], fields["since_time"], None, gap=8),
            row(fields["until"], fields["until_time"], None, gap=8),
            fields["reason"],
            *self._group(_("Up to my own limits"), list(self.kinds.values())),
        ]
        for words, members in rights():
            flags = [self.rights.setdefault(right, Flag(_(told))) for right, told in members]
            items += self._group(_(words), flags)
        self.giving = self.panel.add_form(
            "give",
            FormPage(
                _("Delegate"),
                _("Delegate"),
                self._hand_over,
                self.close_form,
                *items,
                icon="shield",
                **fields,
            ),
        )

    def _group(self, words: str, flags: list[Flag]) -> list[Item]:
        head = label(words, "strong")
        self.groups.append((head, flags))
        return [head, col(*flags, gap=0)]

    def start(self) -> QWidget | None:
        """Begin at the list."""
        return self.table

    # -------------------------------------------------------------- what is shown
    def refresh(self) -> None:
        """Read the delegations anew."""
        self.table.show_rows(self.office.ask(delegation.delegations, now=self.office.now()))
        if self.table.row() is None and self.table.model().rowCount():
            self.table.selectRow(0)
        self._picked(self.table.row())

    def _picked(self, held: DelegationRow | None) -> None:
        empty_out(self.facts)
        self.title.setText(f"{held.giver} \u2192 {held.taker}" if held else _("Delegations"))
        if held is None:
            self.facts.addWidget(
                label(_("Delegate what you may do yourself, for a shift or some days."), "muted", wrap=True)
            )
        else:
            words = {right: told for _group, members in rights() for right, told in members}
            kinds = [_(NAMES[Kind(kind)]) for kind in held.kinds]
            told = [
                (_("State"), _(STATES[held.state][0])),
                (_("From when"), formats.day_time(held.start, self.zone)),
                (_("Valid to"), formats.day_time(held.until, self.zone)),
                (_("Reason"), held.reason),
                (_("Used"), ngettext("%(n)s time", "%(n)s times", held.uses) % {"n": held.uses}),
                (_("Limits"), formats.commas(kinds)),
                (_("Rights"), formats.commas(_(words.get(right, right)) for right in held.rights)),
            ]
            self.facts.addWidget(box(pairs(*((name, value) for name, value in told if value))))
        self.update_actions()

    # -------------------------------------------------------------- what one can do
    @action(
        N_("Delegate"),
        key=keys.PRIMARY,
        operation=delegation.give,
        icon="shield",
        kind="primary",
    )
    def hand_over(self) -> None:
        """Open the form with what one may hand over."""
        own = self.office.ask(delegation.mine, staff_id=self.office.clerk.id)
        now = local(self.office.now(), self.zone).replace(second=0, microsecond=0)
        end = now + USUAL
        self.giving["taker"].set_options([(str(number), name) for number, name in own.people])
        self.giving.fill(
            since=now.date(),
            since_time=f"{now:%H:%M}",
            until=end.date(),
            until_time=f"{end:%H:%M}",
            reason="",
        )
        for offered, flags in ((set(own.kinds), self.kinds), (own.rights, self.rights)):
            for word, flag in flags.items():
                flag.set_value(False)
                flag.setVisible(word in offered)
        for head, members in self.groups:
            head.setVisible(any(not flag.isHidden() for flag in members))
        self.open_form(self.giving, "give")

    def _hand_over(self) -> None:
        form = self.giving
        if missing := form.form.missing():
            self.refuse(missing)
            return
        taker = form["taker"]
        self.save(
            form,
            delegation.give.of(
                taker_id=int(taker.value()),
                start=self._moment("since"),
                until=self._moment("until"),
                rights=[right for right, flag in self.rights.items() if flag.value()],
                kinds=[kind for kind, flag in self.kinds.items() if flag.value()],
                reason=str(form["reason"].value()),
            ),
            _("It holds until %(time)s.") % {"time": formats.day_time(self._moment("until"), self.zone)},
        )

    def _moment(self, name: str) -> datetime:
        day: Any = self.giving[name].value()
        return at(day, str(self.giving[f"{name}_time"].value()), self.zone)

    @action(N_("Withdraw"), key=keys.VOID, operation=delegation.withdraw, kind="danger")
    def withdraw(self) -> None:
        """End the delegation in hand at once."""
        held: DelegationRow = self.table.row()
        self.run(
            delegation.withdraw.of(delegation_id=held.id),
            said=_("%(name)s may no longer act on it.") % {"name": held.taker},
        )

    def can_withdraw(self) -> str:
        """Say why not."""
        held: DelegationRow | None = self.table.row()
        if held is None:
            return _("Choose a delegation first.")
        return "" if held.state in ("holds", "comes") else _("This delegation is over already.")
