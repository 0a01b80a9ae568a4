"""What can be done about a stay and its folio; each by a key."""

from typing import Any

from PySide6.QtWidgets import QLayout, QWidget

from pms.core.i18n import N_, _
from pms.core.known import known
from pms.services.cards import service as card_service
from pms.services.folios import rules as folio_rules
from pms.services.folios import service, splitting
from pms.services.preauth import service as preauth
from pms.services.print_jobs import queries as paper_queries
from pms.services.print_jobs import service as print_jobs
from pms.services.stays import joining, prices
from pms.services.stays import service as stays
from pms.ui.kit import keys
from pms.ui.kit.actions import action

from . import lines
from .cards import OUT
from .carry import Carry
from .lines import Line
from .view import ALL, CARDS, ROUTING, FolioView


class FolioScreen(FolioView):
    """Opened for one stay: ``go("folios", stay_id=7)``; ``charge="CARD"`` opens the charge form on that
    item."""

    def build(self) -> QLayout | QWidget:
        """Put the page together; a line is carried to a folio's chip by the mouse."""
        made = super().build()
        Carry(self.table, self.windows, self.carry)
        return made

    def open(
        self, stay_id: int | None = None, charge: str = "", show: str = "", said: str = "", **_what: Any
    ) -> None:
        """Show a stay, with ``show`` its room cards ("cards"), the undoing ("undo") or the form of a charge,
        payment or deposit at once; the forms of the one before are left. ``said`` is what was just done."""
        self.stay_id = stay_id if stay_id is not None else self.stay_id
        self.notes.clear()
        self.windows.set_value(ALL)
        self.close_form()
        self.mark_stale()
        if charge and self.stay is not None:
            self.acts["charge"].press()
            self.forms["charge"].fill(code=charge)
        if show in ("cards", "undo", "charge", "payment", "deposit", "hold") and self.stay is not None:
            self.acts[show].press()
        if said:
            self.notes.good(said)

    # -------------------------------------------------------------- actions
    @action(N_("Check out"), key=keys.CHECK_OUT, operation=stays.check_out, icon="check-out", kind="primary")
    def check_out(self) -> None:
        """Go on to the check-out."""
        self.go("check_out", stay_id=self.stay_id)

    def can_check_out(self) -> str:
        """Say why not."""
        return self._inside()

    @action(N_("Charge"), key=keys.CHARGE, operation=service.charge)
    def charge(self) -> None:
        """Post a charge."""
        self._open_form("charge")

    def can_charge(self) -> str:
        """Say why not."""
        return self._inside()

    @action(N_("Payment"), key=keys.PAYMENT, operation=service.pay)
    def payment(self) -> None:
        """Take a payment."""
        self._open_form("payment")

    def can_payment(self) -> str:
        """Say why not."""
        return self._inside()

    @action(N_("Deposit"), key="Ctrl+D", operation=service.take_deposit)
    def deposit(self) -> None:
        """Take a deposit."""
        self._open_form("deposit")

    def can_deposit(self) -> str:
        """Say why not."""
        return self._inside()

    @action(N_("Card hold"), key="Ctrl+Shift+C", operation=preauth.take, icon="lock")
    def hold(self) -> None:
        """Put an amount on hold on the guest's card."""
        self._open_form("hold")

    def can_hold(self) -> str:
        """Say why not."""
        return self._inside()

    @action(N_("Refund"), key="Ctrl+R", operation=service.refund_deposit)
    def refund(self) -> None:
        """Give deposit back."""
        self._open_form("refund")

    def can_refund(self) -> str:
        """Say why not."""
        return self._inside() or (
            "" if self.facts().held() > 0 else _("The house holds no deposit of this guest.")
        )

    @action(N_("Transfer"), key="Ctrl+Shift+T", operation=service.transfer_line)
    def transfer(self) -> None:
        """Move the line in hand to another folio."""
        self._open_form("transfer")

    def can_transfer(self) -> str:
        """Say why not."""
        if why := self._inside() or self._no_line():
            return why
        line = self.facts().line
        return (
            "" if line and line.charge > 0 else _("Only a charge can be transferred. Choose one in the list.")
        )

    @action(N_("Move to the next folio"), key="Ctrl+Shift+O", operation=service.transfer_line)
    def move_on(self) -> None:
        """Move the line in hand to the stay's next open folio, in a circle."""
        line = known(self.facts().line)
        others = [window for window in self._open_letters() if window != line.window]
        self.carry(next((window for window in others if window > line.window), others[0]))

    def can_move_on(self) -> str:
        """Say why not."""
        if why := self.can_transfer():
            return why
        return "" if len(self._open_letters()) > 1 else _("There is no other folio. Open one first.")

    def _open_letters(self) -> list[str]:
        return sorted(folio.window for folio in self.facts().folios() if not folio.closed)

    def carry(self, window: str) -> None:
        """Move the line in hand to a folio of this stay, as a whole; its slip prints."""
        if why := self.can_transfer():
            self.refuse(why)
            return
        line = known(self.facts().line)
        if window == line.window:
            return
        move = service.transfer_line.of(
            transfer_id=line.id,
            to_stay_id=known(self.stay_id),
            to_window=window,
            reason=_("Moved to folio %(window)s") % {"window": window},
        )
        item = {"item": lines.words(line.code, line.text, self.called), "window": window}
        if moved := self.run(move, said=_("%(item)s is on folio %(window)s now.") % item):
            self.mark_stale()
            self.table.pick(moved.value)

    @action(N_("Split"), key="Ctrl+Shift+Y", operation=splitting.split_line)
    def split(self) -> None:
        """Move parts of the line in hand to other folios."""
        self._open_form("split")

    def can_split(self) -> str:
        """Say why not."""
        return self.can_transfer()

    @action(N_("Rebate"), key="Ctrl+Shift+R", operation=service.rebate)
    def rebate(self) -> None:
        """Give a part of the charge in hand back."""
        self._open_form("rebate")

    def can_rebate(self) -> str:
        """Say why not."""
        if why := self._inside() or self._no_line():
            return why
        line = self.facts().line
        return "" if line and line.charge > 0 else _("Only a charge is rebated. Choose one in the list.")

    @action(N_("Void"), key=keys.VOID, operation=service.void, kind="danger")
    def void(self) -> None:
        """Reverse the line in hand."""
        self._open_form("void")

    def can_void(self) -> str:
        """Say why not."""
        return self._inside() or self._no_line()

    def _no_line(self) -> str:
        line: Line | None = self.table.row()
        if line is None:
            return _("Choose a line first.")
        if line.pending:
            return _("This line is not posted yet. It is waived at check-out.")
        if line.struck or line.posting is None or line.posting.reversed:
            return _("This line is reversed already.")
        return _("A reversal is not reversed again.") if line.posting.reverses is not None else ""

    @action(N_("Room change"), key=keys.ROOM_CHANGE, operation=stays.change_room, icon="room-change")
    def room_change(self) -> None:
        """Go on to the room change."""
        self.go("room_change", stay_id=self.stay_id)

    def can_room_change(self) -> str:
        """Say why not."""
        return self._inside()

    @action(N_("Price"), key="Ctrl+Y", operation=prices.change_price, icon="tape")
    def price(self) -> None:
        """Go on to another price for the nights to come."""
        self.go("price_change", stay_id=self.stay_id)

    def can_price(self) -> str:
        """Say why not."""
        return self._inside()

    @action(N_("Extend"), key=keys.EXTEND, operation=stays.extend, icon="calendar")
    def extend(self) -> None:
        """Go on to another day of departure."""
        self.go("extend", stay_id=self.stay_id)

    def can_extend(self) -> str:
        """Say why not."""
        return self._inside()

    @action(N_("Cards"), key=keys.CARDS, operation=card_service.copy, icon="key-card")
    def cards(self) -> None:
        """Show the stay's room cards."""
        self.notes.clear()
        self._begin_cards()
        self.panel.show_page(CARDS)
        self.card_page.table.setFocus()
        self.update_actions()

    def can_cards(self) -> str:
        """Say why not."""
        return "" if self.stay is not None else _("No guest is selected.")

    @action(N_("Print the bill"), key=keys.PRINT, operation=service.print_bill, icon="printer")
    def bill(self) -> None:
        """Show the bill and print it."""
        self._open_form("bill")

    def can_bill(self) -> str:
        """Say why not."""
        return "" if self.stay is not None else _("No guest is selected.")

    @action(N_("Print its slip"), operation=print_jobs.reprint, icon="printer", kind="quiet")
    def slip(self) -> None:
        """Print the paper of the line in hand once more: its slip or receipt, as a duplicate."""
        line = known(self.facts().line)
        papers = self.office.ask(paper_queries.of_record, record="transfer", record_id=line.id)
        if not papers:
            self.refuse(_("This line has no paper of its own. The bill tells it."))
            return
        first = min(papers, key=lambda paper: paper.id)
        self.run(
            print_jobs.reprint.of(job_id=first.id),
            said=_("%(number)s is printing.") % {"number": first.number},
        )

    def can_slip(self) -> str:
        """Say why not."""
        line: Line | None = self.table.row()
        return "" if line is not None and line.posting is not None else _("Choose a line first.")

    @action(N_("New folio for another payer"), key="Ctrl+T", operation=service.open_window, icon="plus")
    def another_folio(self) -> None:
        """Open a folio for another payer."""
        self._open_form("another_folio")

    def can_another_folio(self) -> str:
        """Say why not."""
        return self._inside()

    @action(N_("Joined rooms"), operation=joining.join, icon="party")
    def joined(self) -> None:
        """Go to the rooms that this one is joined with; one that is joined with none gets the form."""
        self.go("joined", stay_id=self.stay_id)

    def can_joined(self) -> str:
        """Say why not."""
        return self._inside()

    @action(N_("Routing"), operation=folio_rules.add_rule, icon="room-change")
    def routing(self) -> None:
        """Show the stay's routing rules."""
        self.notes.clear()
        self.panel.show_page(ROUTING)
        self.rules.table.setFocus()
        self.update_actions()

    def can_routing(self) -> str:
        """Say why not."""
        return "" if self.stay is not None else _("No guest is selected.")

    @action(N_("Add a rule"), key=keys.NEW, operation=folio_rules.add_rule, icon="plus")
    def add_route(self) -> None:
        """Agree a routing rule."""
        self._open_form("add_route")

    def can_add_route(self) -> str:
        """Say why not."""
        return self._inside()

    @action(N_("End the rule"), operation=folio_rules.end_rule)
    def end_route(self) -> None:
        """End the rule in hand: what is charged from now on stays with the guest."""
        rule = known(self.rules.rule())
        self.run(folio_rules.end_rule.of(rule_id=rule.id), said=_("The rule is ended."))

    def can_end_route(self) -> str:
        """Say why not."""
        rule = self.rules.rule()
        if self.panel.page != ROUTING or rule is None:
            return _("Open the routing rules and choose one first.")
        return _("This rule is ended already.") if rule.ended else ""

    @action(N_("Settle one folio"), key="Ctrl+Shift+W", operation=stays.settle_window, icon="cash")
    def settle_folio(self) -> None:
        """Pay one folio and close it while the others stay open."""
        self._open_form("settle_folio")

    def can_settle_folio(self) -> str:
        """Say why not."""
        return self._inside()

    @action(N_("Reopen a folio"), operation=stays.reopen_window)
    def reopen_folio(self) -> None:
        """Open a folio again that was settled alone today."""
        self._open_form("reopen_folio")

    def can_reopen_folio(self) -> str:
        """Say why not."""
        closed = any(account.closed for account in self.facts().folios()) if self.stay else False
        return self._inside() or ("" if closed else _("No folio of this guest was settled alone."))

    @action(N_("Undo"), key=keys.TAKE_BACK, operation=stays.undo_check_in, kind="danger")
    def undo(self) -> None:
        """Take a mistaken check-in, check-out or change back."""
        self._open_form("undo")

    @action(
        N_("New room card"), key=keys.PRIMARY, operation=card_service.copy, icon="key-card", kind="primary"
    )
    def card_new(self) -> None:
        """Cut one more card for this stay."""
        self.run(card_service.copy.of(stay_id=known(self.stay_id)), said=_("One more card is being cut."))

    def can_card_new(self) -> str:
        """Say why not."""
        return self._inside()

    @action(N_("Take the card back"), key="R", operation=card_service.take_back)
    def card_back(self) -> None:
        """Note the card in hand as returned."""
        self._take_back(lost=False, said=_("The card is back."))

    def can_card_back(self) -> str:
        """Say why not."""
        return self._no_card()

    @action(N_("Report lost"), key="L", operation=card_service.take_back, kind="danger")
    def card_lost(self) -> None:
        """Note the card in hand as lost, with what happened; a guest in house gets new ones, which end it in
        the lock."""
        page, card = self.card_page, self.card_page.card()
        if not page.reason.value():
            page.reason.setFocus()
        if card is None or card.state not in OUT or self._inside():
            self._take_back(lost=True, said=_("The card is noted as lost."))
            return
        if self.run(
            card_service.replace_lost.of(
                card_id=card.id,
                reason=page.reason.value(),
                count=page.count.value() or 0,
                charge=page.charge.value(),
            ),
            intent=self.card_intent,
            said=_("The card is lost, the room's cards are cut anew."),
        ):
            self._begin_cards()
            self.mark_stale()

    def _begin_cards(self) -> None:
        self.card_intent = self.office.new_intent()
        self.card_page.reason.set_value("")
        self.card_page.charge.set_value(True)

    def can_card_lost(self) -> str:
        """Say why not."""
        return self._no_card()

    def _no_card(self) -> str:
        card = self.card_page.card()
        if self.panel.page != CARDS or card is None:
            return _("Open the room cards and choose one first.")
        return "" if card.state in OUT or card.state == "ended" else _("This card is back already.")

    def _take_back(self, *, lost: bool, said: str) -> None:
        card = self.card_page.card()
        if card is not None and self.run(
            card_service.take_back.of(card_id=card.id, lost=lost, reason=self.card_page.reason.value()),
            said=said,
        ):
            self.card_page.reason.set_value("")
