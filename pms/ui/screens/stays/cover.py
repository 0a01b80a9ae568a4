"""What a deposit lacks when a stay costs more, and what is taken for it."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from pms.core.i18n import _
from pms.core.known import known
from pms.core.money import Money, show
from pms.core.office import Office
from pms.core.options import Options
from pms.services.stays.queries import Cover
from pms.services.stays.service import Paid
from pms.ui.kit.amounts import Amount
from pms.ui.kit.flow import sums
from pms.ui.kit.method import Method
from pms.ui.kit.parts import box, col, empty_out


class DepositBox(QWidget):
    """Says what the deposit lacks and takes it; what is taken is typed as it is counted, never assumed."""

    def __init__(self, office: Office, digits: int) -> None:
        super().__init__()
        self.digits = digits
        self.missing = Money(0)
        self.method = Method(office, _("Deposit by"))
        self.amount = Amount(_("Deposit taken"), digits=digits)
        self.method.asked = lambda: not self.amount.blank_quietly()
        self.told = col(gap=12)
        self.taking = box(col(self.method, self.amount, gap=8))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(box(self.told))
        layout.addWidget(self.taking)

    def clear(self) -> None:
        """Begin afresh: nothing is taken."""
        self.method.set_value("CASH")
        self.amount.set_value(None)

    def show_missing(self, cover: Cover, options: Options, more: int, nights: int) -> None:
        """Say what is missing when ``nights`` are added or prices change by ``more``; hidden where the stay
        costs no more than before."""
        grows = (more > 0 or nights > 0) and not cover.free
        self.missing = cover.missing(options, more, nights) if grows else Money(0)
        empty_out(self.told)
        self.setVisible(grows)
        self.taking.setVisible(bool(self.missing))
        if not grows:
            return
        coming = cover.owed + cover.to_come + more
        facts = [
            (_("Owed now and nights to come"), show(coming, self.digits)),
            (_("Deposit held"), show(cover.held, self.digits)),
        ]
        if self.missing:
            answer = (_("Deposit missing"), show(self.missing, self.digits), "warn")
        else:
            answer = (_("The deposit covers it"), "", "good")
        self.told.addWidget(sums("", facts, answer))

    def paid(self) -> Paid | None:
        """Return what is taken, None where nothing is asked or typed."""
        amount = self.amount.value() if self.missing else None
        if not amount:
            return None
        return Paid(known(self.method.value()), Money(amount), reference=self.method.reference())

    def said(self, done: str, paid: Paid | None) -> str:
        """Return what was done, and the deposit that was taken with it."""
        if paid is None:
            return done
        words = _("Deposit taken: %(sum)s.") % {"sum": show(paid.amount, self.digits)}
        return _("%(done)s %(deposit)s") % {"done": done, "deposit": words}
