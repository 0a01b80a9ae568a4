"""What is held on cards for the guest who leaves: offered as ways to pay, and what is not taken is
released."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pms.core.i18n import _
from pms.core.money import show
from pms.core.office import Office
from pms.core.permissions import Permission
from pms.services.folios import holds
from pms.services.folios.holds import Held
from pms.services.stays.service import Paid
from pms.ui.kit.forms import Flag
from pms.ui.kit.method import Method

MARK = "HOLD:"


class Holds:
    """The pre-authorisations of a stay beside the house's ways to pay."""

    def __init__(self, office: Office, method: Method, digits: int) -> None:
        self.office, self.method, self.digits = office, method, digits
        self.found: dict[str, Held] = {}
        self.called: dict[str, str] = {}
        """What each of these ways is called, those too that were taken meanwhile."""
        self.release = Flag(_("Release what is held and not taken"), value=True)

    def look(self, stay_id: int, today: date) -> None:
        """Ask what is held now, and offer it as ways to pay."""
        known = (
            self.office.ask(holds.open_of, stay_id=stay_id, business_date=today)
            if self.office.clerk.may(Permission.PREAUTH)
            else []
        )
        self.found = {f"{MARK}{one.number}": one for one in known}
        self.called |= {key: one.card for key, one in self.found.items()}
        self.method.offer_more([(key, self._words(one), one.kind) for key, one in self.found.items()])
        self.release.setVisible(bool(known))

    def _words(self, one: Held) -> str:
        held = {"card": one.card, "sum": show(one.open, self.digits)}
        return _("Held: %(card)s, %(sum)s") % held

    def first(self) -> str:
        """Return the way to begin with: what is held, else cash."""
        return next(iter(self.found), "CASH")

    def most(self, to_pay: int) -> int:
        """Return how much the chosen way may take."""
        one = self.found.get(self.method.value())
        return to_pay if one is None else min(to_pay, int(one.open))

    def paid(self, payments: Sequence[Paid]) -> list[Paid]:
        """Return the payments with those that are taken of what is held named so."""
        return [
            replace(one, method=self.found[one.method].kind, hold=self.found[one.method].number)
            if one.method in self.found
            else one
            for one in payments
        ]
