"""The forms by which money comes to a folio and goes back: payment, deposit, refund."""

from pms.core.i18n import _
from pms.core.money import show
from pms.services.attempts import service as attempts
from pms.services.folios import service
from pms.ui.kit.amounts import Amount
from pms.ui.kit.flow import SlipNumber
from pms.ui.kit.forms import Choice, Flag, Text
from pms.ui.kit.method import Method

from .forms import Facts, FolioDesk, FolioForm, open_windows


class PaymentForm(FolioForm):
    """Take a payment on one folio."""

    def __init__(self, desk: FolioDesk, digits: int) -> None:
        self.digits = digits
        method, amount, window = (
            Method(desk.office),
            Amount(_("Taken"), digits=digits, required=True),
            Choice(_("Folio")),
        )
        text = Text(_("Remark"), longest=80)
        self.unseen, self.told = (
            Flag(_("The payer calls it paid, nothing has arrived")),
            Text(_("What the payer says"), longest=120),
        )
        super().__init__(
            desk,
            _("Take payment"),
            _("Take payment"),
            window,
            method,
            amount,
            text,
            self.unseen,
            self.told,
            icon="cash",
            window=window,
            method=method,
            amount=amount,
            text=text,
        )
        window.changed.connect(self._owed)
        method.changed.connect(self._turn)
        self.unseen.toggled.connect(lambda _on: self._turn())
        method.asked = lambda: not self.unseen.value()
        self.told.line.returnPressed.connect(self.button.click)

    def _turn(self) -> None:
        """Offer to note a payment that has not been seen, but for cash; then nothing is taken."""
        cash = self["method"].value() == "CASH"
        self.unseen.setVisible(not cash)
        on = self.unseen.value() and not cash
        self.told.setVisible(on)
        self["text"].setVisible(not on)
        self.button.say(_("Note it, take nothing") if on else _("Take payment"))

    def prepare(self, facts: Facts) -> None:
        """Offer what the folio owes."""
        self["window"].set_options(open_windows(facts))
        self["method"].look()
        self.fill(window=facts.window or "A", method="CASH", text="")
        self.unseen.set_value(False)
        self.told.set_value("")
        self._turn()
        self["window"].setVisible(len(open_windows(facts)) > 1)
        self._owed()

    def _owed(self) -> None:
        owed = self.desk.facts().owed(self["window"].value())
        self["amount"].set_value(owed if owed > 0 else None)
        self.say(
            _("Folio %(window)s owes %(sum)s.")
            % {"window": self["window"].value(), "sum": show(owed, self.digits)}
            if owed > 0
            else _("Folio %(window)s owes nothing now.") % {"window": self["window"].value()}
        )

    def submit(self) -> None:
        """Take it, or note that it has not been seen."""
        if self.complete() and self.unseen.value() and self["method"].value() != "CASH":
            self._note()
        elif self.complete():
            v = self.form.values()
            self.send(
                service.pay.of(
                    stay_id=self.desk.facts().stay.stay_id, reference=self["method"].reference(), **v
                ),
                _("%(sum)s is taken.") % {"sum": show(v["amount"], self.digits)},
            )

    def _note(self) -> None:
        v = self.form.values()
        v.pop("text")
        self.send(
            attempts.note.of(
                stay_id=self.desk.facts().stay.stay_id,
                reference=self["method"].reference(),
                told=self.told.value(),
                **v,
            ),
            _("%(sum)s is noted as in question; it is asked again.")
            % {"sum": show(v["amount"], self.digits)},
        )


class DepositForm(FolioForm):
    """Take a deposit; its slip prints."""

    def __init__(self, desk: FolioDesk, digits: int) -> None:
        self.digits = digits
        method, amount = Method(desk.office), Amount(_("Taken"), digits=digits, required=True)
        super().__init__(
            desk,
            _("Take deposit"),
            _("Take deposit"),
            method,
            amount,
            icon="cash",
            method=method,
            amount=amount,
        )

    def prepare(self, facts: Facts) -> None:
        """Say what is held already."""
        self["method"].look()
        self.fill(method="CASH", amount=None)
        self.say(_("Held now: %(sum)s. The deposit slip prints.") % {"sum": show(facts.held(), self.digits)})

    def submit(self) -> None:
        """Take it."""
        if self.complete():
            v = self.form.values()
            self.send(
                service.take_deposit.of(
                    stay_id=self.desk.facts().stay.stay_id, reference=self["method"].reference(), **v
                ),
                _("Deposit %(sum)s is taken, its slip is printing.")
                % {"sum": show(v["amount"], self.digits)},
            )


class RefundForm(FolioForm):
    """Give deposit back against its slip or a loss declaration."""

    def __init__(self, desk: FolioDesk, digits: int) -> None:
        self.digits = digits
        method, amount = (
            Method(desk.office, out=True),
            Amount(_("Amount refunded"), digits=digits, required=True, check=self._at_most),
        )
        slip = SlipNumber()
        lost, reason = Flag(_("The slip is lost: print a loss declaration")), Text(_("Reason"), longest=80)
        super().__init__(
            desk,
            _("Refund deposit"),
            _("Pay back"),
            method,
            amount,
            slip,
            lost,
            reason,
            icon="cash",
            method=method,
            amount=amount,
            slip=slip,
            lost=lost,
            reason=reason,
        )
        lost.toggled.connect(lambda on: slip.setEnabled(not on))

    def prepare(self, facts: Facts) -> None:
        """Offer all that is held."""
        self["slip"].expect(facts.slips)
        self["method"].look()
        self.fill(method=facts.way, amount=facts.held() or None, slip="", lost=False, reason="")
        held = show(facts.held(), self.digits)
        self.say(
            _("Held: %(sum)s, slips %(slips)s.") % {"sum": held, "slips": ", ".join(facts.slips)}
            if facts.slips
            else _("Held: %(sum)s, without a slip.") % {"sum": held}
        )

    def _at_most(self, amount: int) -> str:
        held = self.desk.facts().held()
        return "" if amount <= held else _("The house holds %(sum)s.") % {"sum": show(held, self.digits)}

    def submit(self) -> None:
        """Give it back."""
        if self.complete():
            v = self.form.values()
            self.send(
                service.refund_deposit.of(
                    stay_id=self.desk.facts().stay.stay_id,
                    method=v["method"],
                    amount=v["amount"],
                    slip_back=not v["lost"],
                    reason=v["reason"],
                    reference=self["method"].reference(),
                ),
                _("%(sum)s of the deposit is refunded.") % {"sum": show(v["amount"], self.digits)},
            )
