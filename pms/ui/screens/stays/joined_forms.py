"""The forms of joined rooms: join two, take one payment for all, hand the rest of one over."""

from collections.abc import Callable, Sequence
from typing import Any

from pms.core.i18n import _
from pms.core.money import Money
from pms.core.office import Office
from pms.services.folios import queries as folio_queries
from pms.services.folios.printouts import code_name
from pms.services.folios.queries import FolioRow
from pms.services.stays import queries
from pms.services.stays.joining import Due
from pms.services.stays.queries import StayRow
from pms.ui.kit import formats
from pms.ui.kit.amounts import Amount
from pms.ui.kit.flow import FormPage
from pms.ui.kit.forms import Choice, Text
from pms.ui.kit.method import Method
from pms.ui.kit.verbs import RowForm

from .settlement import plan

Do = Callable[[], object]
NOT_ROUTED = ("ADJUST", "NOSHOW", "TAX", "SERVICE")


def due_of(stay: StayRow, accounts: Sequence[FolioRow]) -> list[Due]:
    """Return what each folio of a stay owes once its deposit is used."""
    return [Due(stay.stay_id, Money(amount), window) for window, amount in plan(accounts, 0).due]


class JoinForm(FormPage):
    """Which room is joined with which."""

    def __init__(self, office: Office, do: Do, back: Do) -> None:
        self.office = office
        room, other = Choice(_("Room"), required=True), Choice(_("Joined with"), required=True)
        super().__init__(
            _("Join rooms"), _("Join rooms"), do, back, room, other, icon="party", room=room, other=other
        )
        self.say(_("Joined rooms are looked at and paid together; each keeps its own folios."))
        room.changed.connect(self._offer)

    def begin(self, stay_id: int | None) -> None:
        """Begin with a room; every other one in house may be joined with it."""
        self.intent = self.office.new_intent()
        today = self.office.house().business_date
        self.stays = self.office.ask(queries.in_house, business_date=today)
        self["room"].set_options([(s.stay_id, f"{s.room} {s.listed}") for s in self.stays])
        if stay_id is not None:
            self.fill(room=stay_id)
        self._offer()

    def _offer(self) -> None:
        own = self["room"].value()
        lead = next((s.joined_to for s in self.stays if s.stay_id == own), None)
        others = [s for s in self.stays if s.stay_id != own and (lead is None or s.joined_to != lead)]
        self["other"].set_options([(s.stay_id, f"{s.room} {s.listed}") for s in others])


class PayForm(FormPage):
    """One payment for several folios: what each owes, by which kind, how much in all."""

    def __init__(self, office: Office, digits: int, do: Do, back: Do) -> None:
        self.office, self.digits = office, digits
        self.due: Sequence[Due] = ()
        method = Method(office)
        amount = Amount(_("Taken"), digits=digits, required=True, check=self._at_most)
        super().__init__(
            _("Pay for all"),
            _("Take payment"),
            do,
            back,
            method,
            amount,
            icon="cash",
            method=method,
            amount=amount,
        )

    def begin(self, stays: Sequence[StayRow], due: Sequence[Due]) -> None:
        """Propose all that is owed, the room in hand first."""
        self.intent, self.due = self.office.new_intent(), due
        rooms = {s.stay_id: s.room for s in stays}
        self["method"].look()
        self.fill(method="CASH", amount=sum(one.amount for one in due))
        told = (f"{rooms[x.stay_id]} {x.window} {formats.amount(x.amount, self.digits)}" for x in due)
        self.say("\n".join(told))

    def _at_most(self, amount: int) -> str:
        owed = sum(one.amount for one in self.due)
        more = _("These rooms owe %(sum)s. Take more as a deposit of one of them.")
        return "" if amount <= owed else more % {"sum": formats.amount(owed, self.digits)}

    def parts(self) -> list[Due]:
        """Spread what is taken over the folios in their order."""
        left, found = int(self["amount"].value() or 0), list[Due]()
        for one in self.due:
            part = min(left, int(one.amount))
            if part > 0:
                found.append(Due(one.stay_id, Money(part), one.window))
            left -= part
        return found


class HandOverForm(RowForm):
    """To which room the rest goes, and why."""

    page: Any = None

    def begin(self, row: StayRow) -> None:
        """Offer the rooms that stay."""
        others = self.page.others_of(row)
        self["to_stay_id"].set_options([(s.stay_id, f"{s.room} {s.listed}") for s in others])
        self.fill(to_stay_id=others[0].stay_id if others else None, reason="")
        owed = formats.amount(row.balance - row.deposit, self.page.digits)
        self.say(
            _("%(sum)s goes over with its charges and their tax; the deposit pays the others first.")
            % {"sum": owed}
        )


def hand_over_form(page: Any, do: Do, back: Do) -> HandOverForm:
    """Make the form that hands the rest over."""
    to, reason = Choice(_("To which room"), required=True), Text(_("Reason"), longest=80)
    made = HandOverForm(
        _("Hand the rest over"),
        _("Hand the rest over"),
        do,
        back,
        to,
        reason,
        icon="room-change",
        to_stay_id=to,
        reason=reason,
    )
    made.page = page
    return made


class RouteForm(RowForm):
    """Which charges of all joined rooms go to one of them."""

    page: Any = None

    def begin(self, row: StayRow) -> None:
        """Begin with the nights."""
        self.fill(code="ROOM")
        rooms = formats.commas(s.room for s in self.page.others_of(row))
        told = _("Charged in %(rooms)s from now on, by the desk or the night audit, it goes to %(room)s.")
        self.say(told % {"rooms": rooms, "room": row.room})


def route_form(page: Any, do: Do, back: Do) -> RouteForm:
    """Make the form that lets one room pay for all."""
    offered = [c for c in page.office.ask(folio_queries.taxable) if c.code not in NOT_ROUTED]
    codes = [("", _("Every charge")), *((c.code, code_name(c.code)) for c in offered)]
    code = Choice(_("Transaction code"), codes)
    made = RouteForm(_("Pays for all"), _("Agree it"), do, back, code, icon="room-change", code=code)
    made.page = page
    return made
