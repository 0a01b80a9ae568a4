"""What moves or opens a shift's drawer: drop, payout, a corrected float, opened without a sale."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from pms.core.i18n import N_, _
from pms.services.shifts import service
from pms.services.shifts.queries import ShiftRow
from pms.ui.kit import formats
from pms.ui.kit.actions import action
from pms.ui.kit.amounts import Amount
from pms.ui.kit.desk import Screen
from pms.ui.kit.flow import FormPage, SidePages
from pms.ui.kit.forms import Text

from .stages import CORRECT, DROP, OPEN, PAY_OUT


class Moving(Screen):
    """The part of the shift's page that works while the shift runs; each form is made when it is first
    opened."""

    shift: ShiftRow | None
    stage: str
    intent: str
    digits: int
    pages: SidePages

    def to_stage(self, stage: str) -> None:
        """Turn to a stage."""
        raise NotImplementedError

    def moved_on(self) -> None:
        """Show what is due after something was done."""
        raise NotImplementedError

    def amount_field(self, title: str) -> Amount:
        """Return a field for a sum that must be given."""
        return Amount(title, digits=self.digits, required=True)

    def form(self, name: str, title: str, verb: str, do: Callable[[], object], **fields: Any) -> FormPage:
        """Add a form to the page's side."""
        return self.pages.add_form(name, FormPage(title, verb, do, self.step_back, **fields))

    def filled(self, page: FormPage) -> bool:
        """Say what is missing in a form, if anything."""
        if missing := page.form.missing():
            self.refuse(missing)
        return not missing

    @cached_property
    def dropping(self) -> FormPage:
        """The form of a drop; made, like the others, when it is first opened."""
        return self.form(
            DROP,
            _("Drop into the safe"),
            _("Drop"),
            self._drop,
            amount=self.amount_field(_("Amount")),
            text=Text(_("Bag or envelope")),
        )

    @cached_property
    def paying(self) -> FormPage:
        """The form of a payout."""
        return self.form(
            PAY_OUT,
            _("Pay out of the drawer"),
            _("Pay out"),
            self._pay_out,
            amount=self.amount_field(_("Amount")),
            reason=Text(_("Paid for"), required=True),
        )

    @cached_property
    def without_sale(self) -> FormPage:
        """The form that opens the drawer without a sale."""
        return self.form(
            OPEN,
            _("Open the drawer without a sale"),
            _("Open drawer"),
            self._open_drawer,
            reason=Text(_("Reason"), required=True, hint=_("change for a guest")),
        )

    @cached_property
    def correcting(self) -> FormPage:
        """The form that corrects the float."""
        return self.form(
            CORRECT,
            _("Correct the float"),
            _("Correct float"),
            self._correct,
            float_amount=self.amount_field(_("Float that was counted out")),
            reason=Text(_("Reason"), required=True),
        )

    @action(N_("Drop"), key="Ctrl+Shift+S", operation=service.drop, icon="lock")
    def drop(self) -> None:
        """Put cash into the safe."""
        self.dropping.fill(amount=None, text="")
        self.to_stage(DROP)

    @action(N_("Pay out"), key="Ctrl+O", operation=service.pay_out, icon="cash")
    def pay_out(self) -> None:
        """Pay something for the house out of the drawer."""
        self.paying.fill(amount=None, reason="")
        self.to_stage(PAY_OUT)

    @action(N_("Open the drawer"), operation=service.open_drawer, icon="cash")
    def open_drawer(self) -> None:
        """Open the drawer although no money comes in or goes out."""
        self.without_sale.say(_("It stands on the handover sheet, with the reason."))
        self.without_sale.fill(reason="")
        self.to_stage(OPEN)

    @action(N_("Correct the float"), operation=service.correct_float, icon="cash")
    def correct_float(self) -> None:
        """Correct a float that was typed wrong, before the drawer is counted."""
        assert self.shift is not None
        held = formats.amount(self.shift.float_amount, self.digits)
        self.correcting.say(
            _("%(sum)s is booked as float. It is moved back, and what was counted out is booked.")
            % {"sum": held}
        )
        self.correcting.fill(float_amount=None, reason="")
        self.to_stage(CORRECT)

    def not_open(self) -> str:
        """Say that no shift is open here."""
        if self.shift is not None and self.shift.state == "open":
            return ""
        return _("No shift is open at %(station)s.") % {"station": self.office.station}

    can_drop = can_pay_out = can_correct_float = can_open_drawer = can_count = not_open

    def _drop(self) -> None:
        if self.filled(self.dropping) and self.run(
            service.drop.of(**self.dropping.form.values()),
            intent=self.intent,
            said=_("The drop is booked; its slip is printing."),
        ):
            self.moved_on()

    def _pay_out(self) -> None:
        if self.filled(self.paying) and self.run(
            service.pay_out.of(**self.paying.form.values()),
            intent=self.intent,
            said=_("The payout is booked; its slip is printing."),
        ):
            self.moved_on()

    def _open_drawer(self) -> None:
        if self.filled(self.without_sale) and self.run(
            service.open_drawer.of(**self.without_sale.form.values()),
            intent=self.intent,
            said=_("The drawer opens; its slip is printing."),
        ):
            self.moved_on()

    def _correct(self) -> None:
        assert self.shift is not None
        if self.filled(self.correcting) and self.run(
            service.correct_float.of(shift_id=self.shift.id, **self.correcting.form.values()),
            intent=self.intent,
            said=_("The float is corrected."),
        ):
            self.moved_on()
