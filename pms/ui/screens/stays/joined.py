"""Joined rooms: every room of a party with what it owes and the sum of all, their charges in one list; one
pays for the others, one leaves before the others, its rest goes to one that stays."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from PySide6.QtWidgets import QLayout, QWidget

from pms.core.i18n import N_, _, ngettext
from pms.core.known import known
from pms.core.money import Money
from pms.core.permissions import Permission
from pms.services.folios import kinds
from pms.services.folios import queries as folio_queries
from pms.services.folios.printouts import code_text
from pms.services.stays import joined, joining, service
from pms.services.stays.joined import JoinedLine
from pms.services.stays.joining import Due
from pms.services.stays.queries import StayRow
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.chips import Chips
from pms.ui.kit.flow import sums
from pms.ui.kit.one import One
from pms.ui.kit.parts import col, row
from pms.ui.kit.register import Register, View
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table
from pms.ui.kit.verbs import Verb

from .joined_forms import JoinForm, PayForm, due_of, hand_over_form, route_form

ROOMS, LINES = "rooms", "lines"
ALL, JOIN, PAY = 0, "join", "pay"
ROOMS_TABLE = ""


class JoinedScreen(Register):
    """Opened with ``stay_id`` for the rooms that a stay is joined with; for one that is not, the form that
    joins it."""

    NAME = N_("Joined rooms")
    VIEWS = (
        View(ROOMS, N_("Joined rooms"), N_("No rooms are joined."), "party"),
        View(LINES, N_("All charges"), N_("Choose joined rooms above first."), "receipt", LINES),
    )
    CHOOSE = N_("Choose a room in the list.")
    NEW = "join"
    FIND_WIDTH, PANEL = 140, 312
    CHOSEN = "folio"
    TOPICS = frozenset({"stays", "folios", "rooms", "business_date"})

    # -------------------------------------------------------------- what is shown
    def above(self) -> QWidget:
        """Offer each party by its rooms."""
        self.chips = Chips([(ALL, _("All joined rooms"))], value=ALL)
        self.chips.chosen.connect(lambda _lead: self.refresh())
        return self.chips

    def lists(self) -> Mapping[str, Sequence[Any]]:
        """Ask for the rooms, and for the lines of the party that is chosen."""
        self.here = self.office.ask(joined.joined_here, business_date=self.today)
        parties: dict[int, list[StayRow]] = {}
        for one in self.here:
            parties.setdefault(known(one.joined_to), []).append(one)
        offered = [(lead, formats.commas(one.room for one in found)) for lead, found in parties.items()]
        self.chips.set_options([(ALL, _("All joined rooms")), *offered])
        lead = self.chips.value() or ALL
        if lead not in parties:
            self.chips.set_value(ALL)
            lead = ALL
        if len(parties) == 1:
            lead = next(iter(parties))
        self.lead = lead
        if lead == ALL:
            return {ROOMS: self.here, LINES: ()}
        of_party = self.office.ask(joined.party, stay_id=parties[lead][0].stay_id, business_date=self.today)
        numbers = [one.stay_id for one in of_party]
        self.called = self.office.ask(kinds.called) if self._may_read() else {}
        found = self.office.ask(joined.lines, stay_ids=numbers) if self._may_read() else []
        return {ROOMS: of_party, LINES: found}

    def _may_read(self) -> bool:
        return self.office.clerk.may(Permission.FOLIOS_READ)

    def answer(self) -> str:
        """Say how many rooms are joined, and what they owe together."""
        rows = self.rows[ROOMS]
        if not rows:
            return ""
        owed = sum(r.balance - r.deposit for r in rows if r.state == "in_house")
        words = ngettext("%(n)s joined room", "%(n)s joined rooms", len(rows)) % {"n": len(rows)}
        then = _("to pay %(sum)s") if owed > 0 else _("to refund %(sum)s") if owed else _("even")
        return formats.commas((words, then % {"sum": formats.amount(abs(owed), self.digits)}))

    def key(self, r: StayRow | JoinedLine) -> int:
        """Know a room by its stay, a line by its posting."""
        return r.id if isinstance(r, JoinedLine) else r.stay_id

    def named(self, row: StayRow) -> dict[str, str]:
        """Name a room in what is said."""
        return {"room": row.room}

    def make_table(self, name: str) -> Table:
        """Let what the panel shows give way in a narrow list."""
        table = super().make_table(name)
        table.give_way(*((2, 3, 4) if name == ROOMS_TABLE else (0, 2)), least=110)
        return table

    def columns(self, name: str) -> Sequence[Column]:
        """Say how each room stands, or what was posted on which."""
        return self._line_columns() if name == LINES else self._room_columns()

    def _room_columns(self) -> tuple[Column, ...]:
        return (
            Column(N_("Room"), lambda r: r.room, width=64, bold=True),
            Column(N_("Guest"), lambda r: r.listed, bold=True, sub=lambda r: r.plan_name),
            Column(N_("Departure"), lambda r: r.departure, "day", width=86),
            Column(N_("Balance"), lambda r: r.balance, "money", width=96),
            Column(N_("Deposit"), lambda r: r.deposit or None, "money", width=92),
            Column(
                N_("To pay"), lambda r: max(r.balance - r.deposit, 0) or None, "money", width=96, bold=True
            ),
            Column(N_("To refund"), lambda r: max(r.deposit - r.balance, 0) or None, "money", width=96),
            Column(
                "",
                lambda r: "" if r.state == "in_house" else _("Left"),
                "badge",
                width=72,
                tone=lambda _r: "block",
            ),
        )

    def _line_columns(self) -> tuple[Column, ...]:
        return (
            Column(N_("Day"), lambda x: x.line.business_date, "day", width=70, tone=lambda _x: "muted"),
            Column(N_("Room"), lambda x: x.room, width=64, bold=True),
            Column(N_("Folio"), lambda x: x.line.window, "badge", width=52, tone=lambda _x: "block"),
            Column(N_("Item and rule"), self._item, sub=lambda x: x.line.rule, strike=self._struck),
            Column(N_("Charges"), lambda x: x.line.charge or None, "money", width=96, strike=self._struck),
            Column(N_("Paid"), lambda x: x.line.paid or None, "money", width=96, strike=self._struck),
        )

    @staticmethod
    def _struck(x: JoinedLine) -> bool:
        return x.line.reversed or x.line.reverses is not None

    def _item(self, x: JoinedLine) -> str:
        return code_text(x.line, self.called)

    def facts(self, r: StayRow | JoinedLine) -> One:
        """Show a room with the sum of all it is joined with, or the room of a line."""
        if isinstance(r, JoinedLine):
            return One(
                self._item(r),
                (
                    (_("Room"), r.room),
                    (_("Folio"), r.line.window),
                    (_("Day"), formats.day(r.line.business_date)),
                    (_("Rule"), r.line.rule),
                    (_("Charges"), self._sum(r.line.charge)),
                    (_("Paid"), self._sum(r.line.paid)),
                ),
            )
        return One(
            f"{r.room} {r.listed}",
            (
                (_("Joined with"), formats.commas(x.room for x in self._others(r))),
                (_("Departure"), formats.day(r.departure)),
                (_("Who pays"), r.payer_words),
                (_("Company"), r.company),
            ),
            badges=[self._badge(r)],
            more=[self._together(r)],
        )

    def _sum(self, amount: int) -> str:
        return formats.amount(amount, self.digits) if amount else ""

    @staticmethod
    def _badge(r: StayRow) -> tuple[str, str, str]:
        inside = r.state == "in_house"
        return (_("In house"), "accent", "bed") if inside else (_("Checked out"), "block", "check-out")

    def _others(self, r: StayRow) -> list[StayRow]:
        return [x for x in self.here if x.joined_to == r.joined_to and x.stay_id != r.stay_id]

    def _together(self, r: StayRow) -> QWidget:
        """Show what each room of the party owes and the sum."""
        party = [x for x in self.here if x.joined_to == r.joined_to]
        each = [(x.room, formats.amount(x.balance - x.deposit, self.digits)) for x in party]
        total = sum(x.balance - x.deposit for x in party)
        word = _("Refund due") if total < 0 else _("To pay")
        return sums(_("Together"), each, (word, formats.amount(abs(total), self.digits), ""))

    def foot(self, name: str) -> QLayout | None:
        """Folio and check-out, part and hand over, join another; the payment for all last."""
        if name == LINES:
            return col(None, self.button("folio"))
        return col(
            None,
            row((self.button("folio"), 1), (self.button("check_out", kind=""), 1), gap=8),
            row((self.button("part", icon=""), 1), (self.button("join", icon=""), 1), gap=8),
            row((self.button("hand_over", icon=""), 1), (self.button("route", icon=""), 1), gap=8),
            self.button("payment"),
            gap=8,
        )

    def one(self, stay_id: int | None = None, **_what: Any) -> tuple[str, Any] | None:
        """Find the room that another page asks for; one that is joined with none gets the form."""
        if stay_id is None:
            return None
        found = next((r for r in self.here if r.stay_id == stay_id), None)
        if found is None:
            party = self.office.ask(joined.party, stay_id=stay_id, business_date=self.today)
            found = next((r for r in party if r.stay_id == stay_id), None)
        if found is None:
            self.join_form.begin(stay_id)
            self.open_form(self.join_form, JOIN)
            return None
        if found.joined_to in self.chips.chips:
            self.chips.set_value(found.joined_to)
            self.refresh()
        return ROOMS, found

    # -------------------------------------------------------------- what one can do
    def _room(self) -> StayRow | None:
        found = self.table.row()
        return found if isinstance(found, StayRow) else None

    def _inside(self) -> str:
        found = self._room()
        if found is None:
            return _("Choose a room in the list.")
        return "" if found.state == "in_house" else _("This guest has left already.")

    @action(N_("Folio"), key=keys.FOLIO, icon="receipt")
    def folio(self) -> None:
        """Go to the folio of the room in hand."""
        self.go("folios", stay_id=self.table.row().stay_id)

    def can_folio(self) -> str:
        """Only with a room in hand."""
        return "" if self.table.row() is not None else _("Choose a room in the list.")

    @action(N_("Check out"), key=keys.CHECK_OUT, operation=service.check_out, icon="check-out")
    def check_out(self) -> None:
        """Go on to the check-out of the room in hand; the others stay."""
        self.go("check_out", stay_id=known(self._room()).stay_id)

    def can_check_out(self) -> str:
        """Say why not."""
        return self._inside()

    @action(N_("Join a room"), key=keys.NEW, operation=joining.join, icon="party")
    def join(self) -> None:
        """Join another room with the one in hand."""
        found = self._room()
        self.join_form.begin(found.stay_id if found is not None and not self._inside() else None)
        self.open_form(self.join_form, JOIN)

    @cached_property
    def join_form(self) -> JoinForm:
        """The form that joins two rooms, made when it is first opened."""
        return self.panel.add_form(JOIN, JoinForm(self.office, self._join, self.close_form))

    def _join(self) -> None:
        form = self.join_form
        if missing := form.form.missing():
            self.refuse(missing)
        elif self.run(
            joining.join.of(stay_id=form["room"].value(), with_stay_id=form["other"].value()),
            intent=form.intent,
            said=_("The rooms are joined."),
        ):
            self.refresh()
            self.open(stay_id=form["room"].value())
            self.notes.good(_("The rooms are joined."))

    part = Verb(
        N_("Part this room"),
        operation=joining.part,
        of=lambda r: {"stay_id": r.stay_id},
        can=lambda s: "" if s._room() is not None else _("Choose a room in the list."),
        said=N_("%(room)s is joined with no other any more."),
        icon="close",
    )
    hand_over = Verb(
        N_("Hand the rest over"),
        operation=joining.hand_over,
        of=lambda r: {"stay_id": r.stay_id},
        can=lambda s: s._can_hand_over(),
        form=hand_over_form,
        said=N_("What %(room)s owed stands on the other room now, the slip is printing."),
        icon="room-change",
    )

    route = Verb(
        N_("Pays for all"),
        operation=joining.route_to,
        of=lambda r: {"to_stay_id": r.stay_id},
        can=lambda s: s._can_route(),
        form=route_form,
        said=N_("From now on it goes to %(room)s."),
        icon="room-change",
    )

    def _can_route(self) -> str:
        if why := self._inside():
            return why
        there = self._others(known(self._room()))
        return "" if there else _("No room that it is joined with is in house.")

    def _can_hand_over(self) -> str:
        if why := self._inside():
            return why
        found = known(self._room())
        if not self._others(found):
            return _("No room that it is joined with is in house.")
        return "" if found.balance > found.deposit else _("This guest owes nothing to hand over.")

    def others_of(self, r: StayRow) -> list[StayRow]:
        """Return the rooms in house that a room is joined with."""
        return self._others(r)

    @action(N_("Payment"), key=keys.PAYMENT, operation=joining.pay_joined, icon="cash", kind="primary")
    def payment(self) -> None:
        """Take one payment for the room in hand and those that it is joined with."""
        found = known(self._room())
        party = [x for x in self.here if x.joined_to == found.joined_to]
        first = sorted(party, key=lambda x: x.stay_id != found.stay_id)
        accounts = {x.stay_id: self.office.ask(folio_queries.folios, stay_id=x.stay_id) for x in first}
        self.pay_form.begin(first, [due for x in first for due in due_of(x, accounts[x.stay_id])])
        self.open_form(self.pay_form, PAY)

    def can_payment(self) -> str:
        """Say why not."""
        if (why := self._inside()) or not self._may_read():
            return why or _("You may not see folios.")
        found = known(self._room())
        party = [found, *self._others(found)]
        owing = any(x.balance > x.deposit for x in party)
        return "" if owing else _("These rooms owe nothing now.")

    @cached_property
    def pay_form(self) -> PayForm:
        """The form of a payment for all, made when it is first opened."""
        return self.panel.add_form(PAY, PayForm(self.office, self.digits, self._pay, self.close_form))

    def _pay(self) -> None:
        form = self.pay_form
        if missing := form.form.missing():
            self.refuse(missing)
            return
        parts: list[Due] = form.parts()
        total = Money(sum(due.amount for due in parts))
        said = _("%(sum)s is taken, the receipt is printing.") % {"sum": formats.amount(total, self.digits)}
        call = joining.pay_joined.of(
            parts=parts, method=form["method"].value(), reference=form["method"].reference()
        )
        if self.run(call, intent=form.intent, said=said):
            self.close_form()
