"""What is done with the member in hand: cards, level, money, points, and why it cannot be done."""

from functools import partial
from typing import Any

from pms.core.i18n import N_, _
from pms.services.members import service
from pms.services.members.queries import MemberRow
from pms.ui.kit import keys
from pms.ui.kit.register import Register
from pms.ui.kit.verbs import Verb

from .forms import GivenVerb, card_form, change_form, level_of_form, stay_form, why_form
from .money import back_form, charge_form, pay_form, points_back_form, points_form, refund_form

LEVEL = "level"


class MemberInHand(Register):
    """The members' page as far as it is about the member that is chosen in the list.

    ``stores`` and ``scores`` say whether the house keeps stored value and points.
    """

    CHOOSE = N_("Choose a member first.")
    stores, scores = False, False

    def _member(self, fits: Any, otherwise: str) -> str:
        m = self.table.row() if self.listed != LEVEL else None
        if not isinstance(m, MemberRow):
            return _(self.CHOOSE)
        if m.ended_on is not None:
            return _("The membership was ended.")
        return "" if fits(m) else otherwise

    def _any(self) -> str:
        return self._member(lambda _m: True, "")

    def _no_card(self) -> str:
        has = _("The member has a card.")
        return self._member(lambda m: not m.card and not m.lost_card, has)

    def _has_card(self) -> str:
        return self._member(lambda m: bool(m.card), _("The member has no valid card."))

    def _card_missing(self) -> str:
        return self._member(lambda m: m.lost_card and not m.card, _("No card is reported lost."))

    def _counts(self) -> str:
        return self._member(lambda m: not m.suspended, _("The member is suspended."))

    def _stores(self) -> str:
        off = _("Stored value is switched off. Settings, Members switch it on.")
        return self._counts() if self.stores else off

    def _scores(self) -> str:
        off = _("Points are switched off. Settings, Members switch them on.")
        return self._counts() if self.scores else off

    def _held(self) -> str:
        return self._member(lambda m: bool(m.suspended), _("The member is not suspended."))

    def _runs_out(self) -> str:
        return self._member(lambda m: m.valid_until is not None, _("This membership has no end."))

    @staticmethod
    def _by_number(m: MemberRow) -> dict[str, Any]:
        return {"number": m.number}

    sell_card = GivenVerb(
        N_("Sell a card"),
        key=keys.PRIMARY,
        operation=service.sell_card,
        of=_by_number,
        can=_no_card,
        form=partial(card_form, title=N_("Sell a card")),
        said=N_("The card of %(member)s is sold, the receipt is printing."),
        icon="key-card",
    )
    replace_card = GivenVerb(
        N_("Replace the card"),
        operation=service.replace_card,
        of=_by_number,
        can=_card_missing,
        form=partial(card_form, title=N_("Replace the card")),
        said=N_("%(member)s has a new card, the receipt is printing."),
        icon="key-card",
    )
    lose_card = Verb(
        N_("Report lost"),
        key="L",
        operation=service.lose_card,
        of=_by_number,
        can=_has_card,
        said=N_("The card of %(member)s is blocked."),
    )
    found_again = Verb(
        N_("Card found"),
        operation=service.found_again,
        of=_by_number,
        can=_card_missing,
        said=N_("The card of %(member)s is valid again."),
    )
    change = Verb(
        N_("Change"),
        key=keys.CHANGE,
        operation=service.change,
        of=_by_number,
        can=_any,
        form=change_form,
        said=N_("%(member)s is changed."),
    )
    set_level = Verb(
        N_("Change the level"),
        operation=service.set_level,
        of=_by_number,
        can=_any,
        form=level_of_form,
        said=N_("%(member)s has another level."),
    )
    renew = Verb(
        N_("Renew"),
        operation=service.renew,
        of=_by_number,
        can=_runs_out,
        said=N_("The membership of %(member)s is renewed."),
    )
    count_stay = GivenVerb(
        N_("Count a stay"),
        operation=service.count_stay,
        of=_by_number,
        can=_counts,
        form=stay_form,
        said=N_("The stay counts for %(member)s."),
    )
    suspend = Verb(
        N_("Suspend member"),
        operation=service.suspend,
        of=_by_number,
        can=_counts,
        form=why_form,
        said=N_("%(member)s is suspended."),
    )
    lift = Verb(
        N_("Lift the suspension"),
        operation=service.lift,
        of=_by_number,
        can=_held,
        said=N_("%(member)s counts again."),
    )
    charge_up = Verb(
        N_("Charge up"),
        operation=service.charge_up,
        of=_by_number,
        can=_stores,
        form=charge_form,
        said=N_("The stored value of %(member)s is charged up, the receipt is printing."),
    )
    pay = GivenVerb(
        N_("Payment"),
        key=keys.PAYMENT,
        operation=service.pay,
        of=_by_number,
        can=_stores,
        form=pay_form,
        said=N_("The folio is paid, the slip for %(member)s is printing."),
    )
    refund = Verb(
        N_("Refund"),
        key="Ctrl+R",
        operation=service.refund,
        of=_by_number,
        can=_any,
        form=refund_form,
        said=N_("The money is given back to %(member)s, the receipt is printing."),
    )
    take_back = Verb(
        N_("Take a payment back"),
        operation=service.take_back,
        of=lambda _m: {},
        can=_any,
        form=back_form,
        said=N_("The payment of %(member)s is taken back."),
    )
    spend_points = GivenVerb(
        N_("Spend points"),
        operation=service.spend_points,
        of=_by_number,
        can=_scores,
        form=points_form,
        said=N_("The points of %(member)s are spent."),
    )
    give_points_back = Verb(
        N_("Give points back"),
        operation=service.give_points_back,
        of=lambda _m: {},
        can=_any,
        form=points_back_form,
        said=N_("The points are given back to %(member)s."),
    )
    print_statement = Verb(
        N_("Print the statement"),
        key=keys.PRINT,
        operation=service.print_statement,
        of=_by_number,
        can=_any,
        said=N_("The statement of %(member)s is printing."),
    )
    print_sheet = Verb(
        N_("Print the statement on a sheet"),
        operation=service.print_statement,
        of=lambda m: {"number": m.number, "sheet": True},
        can=_any,
        said=N_("The statement of %(member)s is printing."),
    )
    end = Verb(
        N_("End the membership"),
        operation=service.end,
        of=_by_number,
        can=_any,
        said=N_("The membership of %(member)s is ended."),
    )
