"""The forms that settle one folio alone and open it again."""

from pms.core.i18n import _
from pms.core.money import Money, show
from pms.services.companies import queries as company_queries
from pms.services.debts.billing import OnAccount
from pms.services.debts.duty import BILL
from pms.services.stays import service as stays
from pms.ui.kit.forms import Choice, Flag, Remark
from pms.ui.kit.method import Method

from .forms import Facts, FolioDesk, FolioForm, open_windows


class SettleForm(FolioForm):
    """Pay one folio, close it and print its bill while the others stay open."""

    def __init__(self, desk: FolioDesk, digits: int) -> None:
        self.digits = digits
        window, method = Choice(_("Folio"), required=True), Method(desk.office)
        to_account, signer = Flag(""), Choice(_("Signed by"))
        super().__init__(
            desk,
            _("Settle one folio"),
            _("Settle"),
            window,
            method,
            to_account,
            signer,
            icon="cash",
            window=window,
            method=method,
            to_account=to_account,
            signer=signer,
        )
        window.changed.connect(self._tell)
        to_account.toggled.connect(self._tell)

    def prepare(self, facts: Facts) -> None:
        """Start with the folio in hand, else the first beside the guest's own that owes something."""
        offered = open_windows(facts)
        self["window"].set_options(offered)
        owing = [f.window for f in facts.folios() if f.own and not f.closed and f.window != "A"]
        chosen = facts.window if facts.window != "A" else next(iter(owing), "A")
        self["method"].look()
        s = facts.stay
        number = s.company_number if self.desk.office.clerk.may(BILL) else None
        known = self.desk.office.ask(company_queries.signers, number=number) if number is not None else []
        today = self.desk.office.house().business_date
        signing = [(one.id, one.name) for one in known if one.may_sign(today)]
        self["signer"].set_options(signing)
        self["to_account"].setText(_("To the account of %(company)s") % {"company": s.company})
        self["to_account"].setVisible(bool(signing))
        self.fill(window=chosen, method="CASH", to_account=False)
        self._tell()

    def _owed(self) -> Money:
        return Money(self.desk.facts().owed(self["window"].value()))

    def _tell(self, *_changed: object) -> None:
        """Say what is taken or given back and what becomes of the folio."""
        owed, company = self._owed(), self["to_account"].value()
        self["method"].setVisible(bool(owed) and not company)
        self["signer"].setVisible(company)
        sums = {"sum": show(abs(owed), self.digits)}
        if company:
            told = _("%(sum)s goes to the company's account.")
        elif owed < 0:
            told = _("%(sum)s is given back.")
        else:
            told = _("%(sum)s is taken.") if owed else _("Nothing is owed here.")
        then = (
            _("Its bill prints. Folio A stays open: the nights are posted on it.")
            if self["window"].value() == "A"
            else _("The folio is closed and its bill prints; the others stay open.")
        )
        self.say(f"{told % sums}\n{then}")

    def submit(self) -> None:
        """Settle it."""
        if not self.complete():
            return
        facts, window, way = self.desk.facts(), self["window"].value(), self["method"]
        number = facts.stay.company_number
        company = self["to_account"].value() and number is not None
        self.send(
            stays.settle_window.of(
                stay_id=facts.stay.stay_id,
                window=window,
                amount=self._owed(),
                method=way.value(),
                reference=way.reference() if self._owed() and not company else "",
                on_account=OnAccount(number or 0, self["signer"].value()) if company else None,
            ),
            _("Folio %(window)s is settled, its bill is printing.") % {"window": window},
        )


class ReopenForm(FolioForm):
    """Open a folio again that was settled alone today."""

    def __init__(self, desk: FolioDesk) -> None:
        window, reason = Choice(_("Folio"), required=True), Remark(_("Reason"), required=True, lines=2)
        super().__init__(desk, _("Reopen a folio"), _("Reopen"), window, reason, window=window, reason=reason)
        self.say(_("What went to a company comes back; money that was taken stays until it is voided."))

    def prepare(self, facts: Facts) -> None:
        """Offer the folios that are settled."""
        settled = [f for f in facts.folios() if f.closed]
        self["window"].set_options([(f.window, f"{f.window} {f.name}") for f in settled])
        self.fill(window=settled[0].window if settled else None, reason="")

    def submit(self) -> None:
        """Open it."""
        if self.complete():
            window, reason = self["window"].value(), self["reason"].value()
            stay_id = self.desk.facts().stay.stay_id
            self.send(
                stays.reopen_window.of(stay_id=stay_id, window=window, reason=reason),
                _("Folio %(window)s is open again.") % {"window": window},
            )
