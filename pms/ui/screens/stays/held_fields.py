"""Pre-authorisation in place of a deposit, in the check-in's own section: offered as one more way, with what
the terminal's slip says."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pms.core.i18n import _
from pms.core.money import Money
from pms.core.office import Office
from pms.core.payments import SLIP
from pms.core.permissions import Permission
from pms.services.folios import kinds
from pms.services.folios.holding import Hold
from pms.services.folios.kinds import Way
from pms.ui.kit.forms import Code, Text
from pms.ui.kit.method import Method
from pms.ui.kit.parts import label, row

MARK = "HOLD:"
CODE = 64


class HeldFields(QWidget):
    """The card's last figures and the authorisation code, seen while an amount is held and none is taken."""

    changed = Signal()

    def __init__(self, office: Office, method: Method) -> None:
        super().__init__()
        self.office, self.method = office, method
        self.ways: dict[str, Way] = {}
        self.taken = label(_("Taken"), "meta")
        self.last_four = Code(_("Last four figures"), width=110, longest=4)
        self.code = Code(_("Authorisation code"), width=160, longest=CODE)
        self.setLayout(row(self.last_four, self.code, None, gap=8))
        method.changed.connect(self._turn)
        self.hide()

    def look(self) -> None:
        """Offer the kinds of which an amount may be held, to whoever may hold one."""
        may = self.office.clerk.may(Permission.PREAUTH)
        offered = [way for way in self.office.ask(kinds.offered) if way.holds] if may else []
        self.ways = {f"{MARK}{way.code}": way for way in offered}
        words = _("Pre-authorisation: %(kind)s") if len(self.ways) > 1 else _("Pre-authorisation")
        self.method.offer_more([(key, words % {"kind": way.words}, "") for key, way in self.ways.items()])
        for field in self.fields():
            field.set_value("")
        self._turn()

    def fields(self) -> tuple[Text, ...]:
        """Return what is typed of the terminal's slip."""
        return self.last_four, self.code

    def on(self) -> bool:
        """Say whether an amount is held, not taken."""
        return self.method.value() in self.ways

    def _turn(self) -> None:
        way = self.ways.get(self.method.value())
        card = way is not None and way.shape == SLIP
        self.setVisible(way is not None)
        self.last_four.setVisible(card)
        self.last_four.required = card
        self.code.required = way is not None
        self.code.set_title(_("Authorisation code") if card or way is None else _("Order number"))
        self.taken.setText(_("Taken") if way is None else _("On hold"))
        self.changed.emit()

    def hold(self, amount: Money) -> Hold:
        """Return what is held."""
        way = self.ways[self.method.value()]
        return Hold(way.code, amount, self.code.value(), self.last_four.value())
