"""Money that waits: who left owing what and since when, whose advance is held; the form ends it."""

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from pms.core.i18n import N_, _, ngettext
from pms.core.money import Money, show
from pms.core.operation import Call
from pms.services.receivables import queries, service
from pms.services.receivables.queries import ADVANCE, KINDS, UNSETTLED, OpenMoney
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.amounts import Amount
from pms.ui.kit.desk import Screen
from pms.ui.kit.empty import Empty
from pms.ui.kit.forms import Form, Text
from pms.ui.kit.method import Method
from pms.ui.kit.parts import box, card, col, heading, label, row, side_panel
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table


class ReceivablesScreen(Screen):
    """The list at the left, what is done about the line in hand at the right."""

    TOPICS = frozenset({"receivables", "folios", "stays", "reservations", "business_date"})

    def build(self) -> QHBoxLayout:
        """Put list and form together."""
        self.digits, self.intent = self.office.house().digits, self.office.new_intent()
        self.held: str | None = None
        self.table = Table(COLUMNS, digits=self.digits)
        self.table.set_empty(Empty("cash", _("Nothing is owed, and no advance waits.")))
        self.table.picked.connect(self._take_in_hand)
        self.count, self.sum = label("", "meta"), label("", "title")
        foot = row(self.count, None, self.sum, gap=16)
        left = col(
            heading(_("Outstanding balances")),
            (card((self.table, 1), pad=(0, 0, 0, 0)), 1),
            foot,
            gap=12,
            pad=(16, 12, 16, 12),
        )
        return row((box(left), 1), self._side(), gap=0)

    def _side(self) -> QWidget:
        self.about = label("", "muted", wrap=True)
        self.method = Method(self.office)
        self.amount = Amount(_("Amount"), digits=self.digits, required=True)
        self.reason = Text(_("Reason, if forfeited"), longest=120)
        self.form = Form(method=self.method, amount=self.amount, reason=self.reason)
        return side_panel(
            label(_("Action taken"), "title"),
            self.about,
            self.method,
            self.amount,
            self.reason,
            None,
            self.notes,
            self.button("keep"),
            self.button("give_back"),
            self.button("receive"),
        )

    def start(self) -> QWidget:
        """Give the keys to the list."""
        return self.table

    def open(self, stay_id: int | None = None, line_id: int | None = None, **_what: Any) -> None:
        """Take a stay's or a booking's sum in hand."""
        self.refresh()
        if stay_id is not None:
            self.table.pick(f"s{stay_id}")
        if line_id is not None:
            self.table.pick(f"l{line_id}")

    def refresh(self) -> None:
        """Ask what waits."""
        found = self.office.ask(queries.waiting)
        self.table.show_rows(found)
        owed = sum(x.amount for x in found if x.kind == UNSETTLED)
        held = sum(x.amount for x in found if x.kind == ADVANCE)
        self.count.setText(ngettext("%(n)s line", "%(n)s lines", len(found)) % {"n": len(found)})
        self.sum.setText(
            _("Owed %(owed)s, held %(held)s")
            % {"owed": show(owed, self.digits), "held": show(held, self.digits)}
        )
        self._take_in_hand()

    def _take_in_hand(self) -> None:
        line: OpenMoney | None = self.table.row()
        if (line.id if line else None) != self.held:
            self.held, self.intent = (line.id if line else None), self.office.new_intent()
            self.amount.set_value(line.amount if line else None)
            self.method.typed.set_value("")
            self.reason.set_value("")
        self.about.setText(_told(line, self.digits) if line else _("Choose a line first."))
        self.reason.setVisible(line is not None and line.kind == ADVANCE)
        self.update_actions()

    def _send(self, call: Call[int], said: str) -> None:
        if self.run(call, intent=self.intent, said=said % {"sum": show(self._sum(), self.digits)}):
            self.held, self.intent = None, self.office.new_intent()
            self.refresh()

    def _sum(self) -> Money:
        return self.amount.value() or Money(0)

    def _complete(self) -> bool:
        missing = self.form.missing()
        if missing:
            self.refuse(missing)
        return not missing

    @action(N_("Take the payment"), key=keys.PRIMARY, operation=service.receive, icon="cash", kind="primary")
    def receive(self) -> None:
        """Take a payment on what is owed; the receipt prints."""
        if self._complete():
            self._send(
                service.receive.of(
                    stay_id=self.table.row().stay_id,
                    method=self.method.value(),
                    amount=self._sum(),
                    reference=self.method.reference(),
                ),
                _("%(sum)s is taken, the receipt is printing."),
            )

    def can_receive(self) -> str:
        """Say why not."""
        return self._of(UNSETTLED, _("An advance is refunded or forfeited."))

    @action(N_("Pay back"), key="Ctrl+R", operation=service.give_back)
    def give_back(self) -> None:
        """Give an advance back; the paper prints."""
        if self._complete():
            self._send(
                service.give_back.of(
                    line_id=self.table.row().line_id,
                    method=self.method.value(),
                    amount=self._sum(),
                    reference=self.method.reference(),
                ),
                _("%(sum)s is refunded, the paper is printing."),
            )

    @action(N_("Forfeit to income"), operation=service.keep, kind="danger")
    def keep(self) -> None:
        """Keep an advance, with reason; the paper prints."""
        if not self.reason.value():
            self.reason.setFocus()
        if self._complete():
            self._send(
                service.keep.of(
                    line_id=self.table.row().line_id, amount=self._sum(), reason=self.reason.value()
                ),
                _("%(sum)s is forfeited, the paper is printing."),
            )

    def can_give_back(self) -> str:
        """Say why not."""
        return self._of(ADVANCE, _("What is owed is paid, not refunded."))

    can_keep = can_give_back

    def _of(self, kind: str, why: str) -> str:
        line = self.table.row()
        if line is None:
            return _("Choose a line first.")
        return "" if line.kind == kind else why


def _told(line: OpenMoney, digits: int) -> str:
    if line.kind == UNSETTLED:
        return _("%(guest)s, room %(room)s, left %(day)s and owes %(sum)s.") % {
            "guest": line.guest,
            "room": line.room,
            "day": formats.long_day(line.since),
            "sum": show(line.amount, digits),
        }
    return _("%(guest)s, booking %(number)s, %(why)s: %(sum)s is held.") % {
        "guest": line.guest,
        "number": line.number,
        "why": line.why,
        "sum": show(line.amount, digits),
    }


TONES = {UNSETTLED: "warn", ADVANCE: "block"}
COLUMNS: tuple[Column, ...] = (
    Column(N_("Guest"), lambda x: x.guest, bold=True, sub=lambda x: x.why),
    Column(N_("Room"), lambda x: x.room, width=72),
    Column(N_("Number"), lambda x: str(x.number), width=88),
    Column(N_("Kind"), lambda x: _(KINDS[x.kind]), "badge", width=120, tone=lambda x: TONES[x.kind]),
    Column(N_("Since"), lambda x: formats.long_day(x.since), width=112),
    Column(N_("Days"), lambda x: str(x.days), width=64),
    Column(N_("Amount"), lambda x: x.amount, "money", width=112, bold=True),
)
