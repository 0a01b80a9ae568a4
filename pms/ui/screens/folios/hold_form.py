"""The form that puts an amount on hold on the guest's card."""

from pms.core.i18n import _
from pms.core.money import show
from pms.core.payments import SLIP
from pms.services.folios import kinds
from pms.services.preauth import service as preauth
from pms.ui.kit.amounts import Amount
from pms.ui.kit.flow import Pick
from pms.ui.kit.forms import Code, Text
from pms.ui.kit.parts import row

from .forms import Facts, FolioDesk, FolioForm

CODE = 64


class HoldForm(FolioForm):
    """Of which card how much, and what the terminal's slip says; its slip prints for the guest to sign."""

    def __init__(self, desk: FolioDesk, digits: int) -> None:
        self.digits = digits
        self.ways: dict[str, kinds.Way] = {}
        method, amount = Pick(_("Card"), []), Amount(_("Amount held"), digits=digits, required=True)
        last_four = Code(_("Last four figures"), width=110, longest=4)
        code = Code(_("Authorisation code"), width=160, required=True, longest=CODE)
        trace = Text(_("Terminal, batch, trace"), longest=60)
        super().__init__(
            desk,
            _("Hold an amount"),
            _("Hold, print slip"),
            method,
            row(amount, last_four, None),
            code,
            trace,
            icon="lock",
            method=method,
            amount=amount,
            last_four=last_four,
            code=code,
            trace=trace,
        )
        method.changed.connect(self._turn)

    def prepare(self, facts: Facts) -> None:
        """Begin with the first kind that is held here."""
        self.ways = {way.code: way for way in self.desk.office.ask(kinds.offered) if way.holds}
        self["method"].set_options([(way.code, way.words) for way in self.ways.values()])
        self["method"].setVisible(len(self.ways) > 1)
        self.fill(amount=None, last_four="", code="", trace="")
        held = _("Held on cards now: %(sum)s. It is no money: complete it at the check-out.")
        self.say(held % {"sum": show(facts.stay.guarantee, self.digits)})
        self._turn()

    def _turn(self) -> None:
        """Ask for a card's figures, or for a wallet's order."""
        way = self.ways.get(self["method"].value())
        card = way is None or way.shape == SLIP
        self["last_four"].setVisible(card)
        self["last_four"].required = card
        self["code"].set_title(_("Authorisation code") if card else _("Order number"))

    def submit(self) -> None:
        """Hold it."""
        if not self.ways:
            self.desk.refuse(_("No kind of payment is held here. See the settings."))
        elif self.complete():
            given = self.form.values()
            self.send(
                preauth.take.of(stay_id=self.desk.facts().stay.stay_id, **given),
                _("%(sum)s is held, the slip is printing.") % {"sum": show(given["amount"], self.digits)},
            )
