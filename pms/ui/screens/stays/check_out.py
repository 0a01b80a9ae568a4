"""Check-out: what the guest owes or gets back, what must be seen to first, and one button that settles,
prints and ends the cards."""

from typing import Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLayout, QWidget

from pms.core.i18n import N_, _
from pms.services.cards import queries as card_queries
from pms.services.companies import queries as company_queries
from pms.services.debts.billing import OnAccount
from pms.services.debts.duty import BILL
from pms.services.folios import queries as folio_queries
from pms.services.folios import service as folios
from pms.services.folios import ways
from pms.services.property import queries as property_queries
from pms.services.stays import queries, service
from pms.services.stays.service import Paid
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.flow import FormPage
from pms.ui.kit.forms import Remark

from .check_out_form import LEFT, SETTLE, UNDO
from .check_out_sums import CheckOutSums
from .settlement import Settled, payments


class CheckOutScreen(CheckOutSums):
    """Opened for one stay: ``go("check_out", stay_id=7)``."""

    TOPICS = frozenset({"stays", "folios", "cards", "business_date", "luggage", "preauth"})

    def build(self) -> QLayout | QWidget:
        """Add the form that takes a check-out back."""
        made = super().build()
        self._settled: dict[int, Settled] = {}
        reason = Remark(_("Reason"), required=True, lines=2)
        self.undoing = FormPage(
            _("Undo check-out"), _("Undo"), self._undo, self.step_back, reason, reason=reason
        )
        self.undoing.say(
            _(
                "The settlement is reversed: money taken and given back stands open again. The guest "
                "is in house again."
            )
        )
        self.panel.add_form(UNDO, self.undoing)
        return made

    # -------------------------------------------------------------- what is shown
    def open(self, stay_id: int = 0, **_what: Any) -> None:
        """Show a stay's settlement with a fresh intent."""
        self.stay_id, self.intent = stay_id or self.stay_id, self.office.new_intent()
        self._opened = True
        self.notes.clear()
        for flag in (self.unsettled, self.lost):
            flag.set_value(False)
        self.print_bill.set_value(True)
        for field in (self.received, self.waive, self.waive_cards, self.slip, self.why_unsettled):
            field.set_value(None)
        for way in (self.method, self.rest, self.back_method):
            way.look()
        self.holds.look(self.stay_id, self.office.house().business_date)
        self.method.set_value(self.holds.first())
        self.holds.release.set_value(True)
        self.rest.set_value("BANK")
        self.back_method.set_value(self.office.ask(ways.came_by, stay_id=self.stay_id))
        self.form.clear_errors()
        self.mark_stale()
        if self.stay is not None:
            self._propose()

    def refresh(self) -> None:
        """Read the stay, its accounts and what is open anew."""
        if not self.stay_id:
            return
        house = self.office.house()
        self.today = house.business_date
        self.stay = s = self.office.ask(queries.stay, stay_id=self.stay_id, business_date=self.today)
        self.accounts = self.office.ask(folio_queries.folios, stay_id=self.stay_id)
        self.slip.expect(
            folio_queries.slips_out(self.office.ask(folio_queries.folio_lines, stay_id=self.stay_id))
        )
        self.cards_out = self.office.ask(card_queries.still_out, stay_id=self.stay_id)
        self.card_price = self.office.ask(property_queries.setting).options.card_price
        if self._opened:
            self._opened = False
            self.cards_back.set_value(str(self.cards_out))
            self._offer_account()
        self.left = None
        self.holds.look(self.stay_id, self.today)
        if s.state == "in_house":
            self._settled.pop(self.stay_id, None)
            self.left = self.office.ask(
                queries.leaving,
                stay_id=self.stay_id,
                business_date=self.today,
                now=self.done_at(),
                zone=self.zone,
                options=self.office.ask(property_queries.setting).options,
            )
        self._show_head(s)
        self._show_items(s)
        self._reckon()
        if self.panel.page != UNDO or s.state == "in_house":
            self.panel.show_page(SETTLE if s.state == "in_house" else LEFT)
        self._show_settled(self._settled.get(self.stay_id))
        self.gone.setText(
            _("%(guest)s left %(room)s at %(time)s.")
            % {"guest": s.guest, "room": s.room, "time": formats.time(s.departed_at, self.zone)}
        )

    # -------------------------------------------------------------- the company's account
    def _offer_account(self) -> None:
        """Offer the account of the guest's company to who may sign for it; it is taken where the company
        pays."""
        s = self.stay
        number = s.company_number if s is not None and self.office.clerk.may(BILL) else None
        known = self.office.ask(company_queries.signers, number=number) if number is not None else []
        signing = [(one.id, one.name) for one in known if one.may_sign(self.today)]
        self.account_box.setVisible(bool(signing))
        signers = [signer for signer, _name in signing]
        self.drawn = self.office.ask(company_queries.specimens, signer_ids=signers) if signers else {}
        self.signer.set_options(signing)
        if s is not None and signing:
            self.to_account.setText(_("To the account of %(company)s") % {"company": s.company})
        self.to_account.set_value(bool(signing) and s is not None and s.payer == "company")
        self.signer.setVisible(self.to_account.value())
        self._show_specimen()

    def _on_account(self) -> OnAccount | None:
        s = self.stay
        if s is None or s.company_number is None or not self._on_company():
            return None
        return OnAccount(s.company_number, self.signer.value())

    # -------------------------------------------------------------- actions
    @action(N_("Check out"), key=keys.PRIMARY, operation=service.check_out, icon="check-out", kind="primary")
    def check_out(self) -> None:
        """Settle and let the guest go."""
        if missing := self.form.missing():
            self.refuse(missing)
            return
        taken = self._taken()
        rest = 0 if self._later() else self.plan.to_pay - taken
        paid = self.holds.paid(
            payments(
                self.plan,
                [
                    (way.value(), sum_, way.reference())
                    for way, sum_ in ((self.method, taken), (self.rest, rest))
                    if sum_
                ],
            )
        )
        back = self.back_method
        refund = Paid(back.value(), self.plan.back, reference=back.reference()) if self.plan.back else None
        settled = self._settling(taken, rest)
        done = self.run(
            service.check_out.of(
                stay_id=self.stay_id,
                payments=paid,
                refund=refund,
                slip_back=not self.lost.value(),
                unsettled=self.why_unsettled.value() if self._why_wanted() else "",
                waive_late=self.waive.value(),
                cards_back=self.cards_back.value() or 0,
                waive_cards=self.waive_cards.value(),
                print_bill=self.print_bill.value(),
                on_account=self._on_account(),
                release_held=self.holds.release.value(),
            ),
            intent=self.intent,
        )
        if done:
            self._settled[self.stay_id] = settled
            self._show_settled(settled)

    def can_check_out(self) -> str:
        """Say why not."""
        if self.stay is None:
            return _("No guest is selected.")
        return (
            ""
            if self.stay.state == "in_house"
            else _("%(guest)s has left already.") % {"guest": self.stay.guest}
        )

    @action(N_("Folio"), key=keys.FOLIO, icon="receipt")
    def folio(self) -> None:
        """Look at every line."""
        self.go("folios", stay_id=self.stay_id)

    @action(N_("Charge"), key=keys.CHARGE, operation=folios.charge, icon="plus")
    def charge(self) -> None:
        """Post something that is still missing."""
        self.go("folios", stay_id=self.stay_id, charge="MINIBAR")

    def can_charge(self) -> str:
        """Say why not."""
        return self.can_check_out()

    @action(N_("Undo check-in"), key="Ctrl+Shift+Z", operation=service.undo_check_in)
    def undo_check_in(self) -> None:
        """Go to the form that takes a mistaken check-in back."""
        self.go("folios", stay_id=self.stay_id, show="undo")

    def can_undo_check_in(self) -> str:
        """Say why not: only on the day of arrival."""
        return self.can_check_out() or ("" if self._by_day() else _("This check-in belongs to a closed day."))

    @action(N_("Undo"), key=keys.TAKE_BACK, operation=service.undo_check_out, kind="danger")
    def undo(self) -> None:
        """Ask why the check-out is taken back."""
        self.notes.clear()
        self.undoing.intent = self.office.new_intent()
        self.undoing.fill(reason="")
        self.panel.show_page(UNDO)

    def can_undo(self) -> str:
        """Say why not: only on the same business date."""
        s = self.stay
        if s is None or s.state != "departed":
            return _("Nobody has checked out here.")
        return "" if s.departed_on == self.today else _("This check-out belongs to a closed day.")

    def _undo(self) -> None:
        if missing := self.undoing.form.missing():
            self.refuse(missing)
            return
        undone = self.run(
            service.undo_check_out.of(stay_id=self.stay_id, reason=self.undoing["reason"].value()),
            intent=self.undoing.intent,
        )
        if undone:
            self._settled.pop(self.stay_id, None)
            self.open(stay_id=self.stay_id)
            self._say_undone(whole=bool(undone.value))

    def _say_undone(self, *, whole: bool) -> None:
        if whole:
            self.notes.good(_("The check-out is undone."))
        else:
            self.notes.warn(
                _(
                    "The check-out is undone. The nights given up have been sold meanwhile: the guest "
                    "leaves today, or changes room."
                )
            )

    def step_back(self) -> bool:
        """Leave the form of the undoing."""
        if self.panel.page != UNDO:
            return False
        self.panel.show_page(LEFT)
        return True

    @action(N_("Print the bill"), key=keys.PRINT, operation=folios.print_bill, icon="printer")
    def bill(self) -> None:
        """Print the bill again."""
        self.run(folios.print_bill.of(stay_id=self.stay_id), said=_("The bill is printing."))

    def can_bill(self) -> str:
        """Say why not."""
        return "" if self.stay is not None else _("No guest is selected.")

    @action(N_("Back to the room board"), icon="board", kind="primary")
    def board(self) -> None:
        """Go on with the next guest."""
        self.leave_for("room_board")

    def finished(self) -> bool:
        """Say whether the guest has left."""
        return self.work_done or self.panel.page in (LEFT, UNDO)

    def showEvent(self, event: QShowEvent) -> None:
        """Reckon anew: the clock has gone on while the page was away."""
        self._stale = True
        super().showEvent(event)
