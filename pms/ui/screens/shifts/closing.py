"""The form that closes a shift: what stays in the drawer, and why drawer and shop differ from the books."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money
from pms.services.shifts.service import Told
from pms.services.shop.shelf import ShelfLine
from pms.ui.kit import formats
from pms.ui.kit.amounts import Amount
from pms.ui.kit.flow import FormPage
from pms.ui.kit.forms import Text
from pms.ui.kit.parts import box, col, empty_out, label


class ClosingForm(FormPage):
    """The last step of a shift, after drawer and shop have been counted."""

    def __init__(
        self,
        digits: int,
        do: Callable[[], object],
        back: Callable[[], object],
        again: QWidget,
        shop_again: QWidget,
        go_on: QWidget,
    ) -> None:
        self.digits, self._counted = digits, Money(0)
        self.shop_again, self.hand_in, self.shop_lines = shop_again, label("", "muted", wrap=True), col(gap=8)
        self.shop_reasons: dict[int, Text] = {}
        left, reason = Amount(_("Stays in the drawer"), digits=digits, required=True), Text(_("Reason"))
        super().__init__(
            _("Close the shift"),
            _("Close shift"),
            do,
            back,
            left,
            reason,
            self.hand_in,
            box(self.shop_lines),
            left=left,
            reason=reason,
        )
        body = self.body.layout()
        assert body is not None
        for button in (again, shop_again, go_on):  # below the stretch, away from the fields
            body.addWidget(button)
        left.changed.connect(self.show_hand_in)

    def open(self, told: Told, shop: Sequence[ShelfLine]) -> None:
        """Tell what the counts brought; what was typed stays when it is only told again."""
        self._ask_reasons([x for x in shop if x.gap])
        self.shop_again.setVisible(bool(shop))
        self["reason"].required = bool(told.over_short)
        self.say(self._told_words(told))
        self._counted = told.counted

    def propose(self, left: Money) -> None:
        """Begin afresh with what usually stays in the drawer."""
        self.fill(left=left, reason="")
        self.show_hand_in()

    def _told_words(self, told: Told) -> str:
        if not told.over_short:
            return _("The drawer balances exactly.")
        words = (
            _("The drawer is over by %(sum)s. Say why.")
            if told.over_short > 0
            else _("The drawer is short by %(sum)s. Say why.")
        )
        return words % {"sum": formats.amount(abs(told.over_short), self.digits)}

    def show_hand_in(self) -> None:
        """Show what goes into the safe."""
        try:
            left = self["left"].value()
        except Refused:
            left = None
        handed = self._counted - left if left is not None else None
        self.hand_in.setText(
            _("%(sum)s goes into the safe.") % {"sum": formats.amount(handed, self.digits)} if handed else ""
        )

    def _ask_reasons(self, differ: list[ShelfLine]) -> None:
        """Ask for the reason of each good that differs; what was typed for the same difference stays."""
        kept = self.reasons()
        empty_out(self.shop_lines)
        self.shop_reasons = {
            x.good_id: Text(f"{x.name} {formats.signed(x.gap)}", required=True, longest=80) for x in differ
        }
        if differ:
            self.shop_lines.addWidget(label(_("Why does the shop differ?"), "strong", wrap=True))
        for good_id, field in self.shop_reasons.items():
            field.set_value(kept.get(good_id))
            field.line.returnPressed.connect(self.button.click)
            self.shop_lines.addWidget(field)

    def reasons(self) -> dict[int, str]:
        """Return why each good differs, by good."""
        return {good_id: field.value() for good_id, field in self.shop_reasons.items()}

    def unexplained(self) -> str:
        """Go to the first good whose difference has no reason yet, and return what to say; empty when all
        have one."""
        left = [field for field in self.shop_reasons.values() if not field.value()]
        if not left:
            return ""
        left[0].setFocus()
        return _("%(good)s: say why; it is printed on the handover sheet.") % {"good": left[0].title}
