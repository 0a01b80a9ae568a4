"""Check-out: what the guest owes or gets back, what must be seen to first, and one button that settles,
prints and ends the cards."""

from datetime import date, timedelta
from typing import Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLayout, QWidget

from pms.core import offers
from pms.core.errors import Refused
from pms.core.i18n import N_, _, ngettext
from pms.core.money import Money, show
from pms.services.cards import queries as card_queries
from pms.services.folios import queries as folio_queries
from pms.services.folios import service as folios
from pms.services.folios import ways
from pms.services.property import queries as property_queries
from pms.services.stays import queries, service
from pms.services.stays.queries import Leaving, StayRow
from pms.services.stays.service import Paid
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.desk import Screen
from pms.ui.kit.flow import FormPage, Method, SidePages, SlipNumber, sums
from pms.ui.kit.forms import Amount, Flag, Form, Number, Remark, Text
from pms.ui.kit.messages import note
from pms.ui.kit.parts import Badge, box, card, col, empty_out, label, row, scrolling, set_tone

from .settlement import Plan, payments, plan

SETTLE, LEFT, UNDO = "settle", "left", "undo"
DAY = timedelta(days=1)


class CheckOutScreen(Screen):
    """Opened for one stay: ``go("check_out", stay_id=7)``."""

    TOPICS = frozenset({"stays", "folios", "cards", "business_date", "luggage"})

    def build(self) -> QLayout | QWidget:
        """Put the page together."""
        house = self.office.house()
        self.digits, self.zone, self.stay_id, self.intent = house.digits, house.zone, 0, ""
        self.stay: StayRow | None = None
        self.left: Leaving | None = None
        self._opened = False
        self.plan = Plan((), Money(0), Money(0))
        self.room, self.guest, self.about = (
            label("", "figure"),
            label("", "title", wrap=True),
            label("", "muted", wrap=True),
        )
        self.badges, self.boxes, self.items = row(gap=8), col(gap=12), col(gap=8)
        head = row(
            self.room,
            (col(self.guest, row(self.badges, None), self.about, gap=4), 1),
            self.button("folio"),
            self.button("charge"),
            gap=12,
        )
        cards = col(
            card(box(self.boxes), title=_("Folios")),
            card(box(self.items), title=_("Before the guest leaves")),
            None,
            gap=12,
        )
        main = col(head, (scrolling(box(cards)), 1), gap=12, pad=(16, 12, 16, 12))
        self.panel = SidePages(self.notes, width=400)
        self._make_settling()
        self._make_left()
        return row((box(main), 1), self.panel, gap=0)

    def _make_settling(self) -> None:
        self.words, self.figure, self.sum_words = (
            label("", "title"),
            label("", "figure"),
            label("", "muted", wrap=True),
        )
        self.method, self.amount = (
            Method(_("Paid by")),
            Amount(_("Taken"), digits=self.digits, check=self._at_most),
        )
        self.received, self.change = Amount(_("Cash received"), digits=self.digits), label("", "strong")
        self.cash_box = box(row(self.received, col(None, self.change, 8), None, gap=12))
        self.rest, self.rest_words = Method(_("Balance by")), label("", "strong", "warn", wrap=True)
        self.unsettled = Flag(_("Leave the balance unsettled (city ledger)"))
        self.paying = box(
            col(self.method, self.cash_box, self.amount, self.unsettled, self.rest_words, self.rest, gap=12)
        )
        self.back_method = Method(_("Refund by"))
        self.slip = SlipNumber()
        self.lost = Flag(_("The slip is lost: print a loss declaration"))
        self.slip_box = box(col(self.slip, self.lost, gap=4))
        self.giving = box(col(self.back_method, self.slip_box, gap=12))
        self.waive = Text(_("Waive this charge: reason"), longest=80)
        self.cards_back, self.print_bill = (
            Number(_("Cards back"), value=0, least=0, most=99),
            Flag(_("Print the bill"), value=True),
        )
        self.waive_cards = Text(_("Do not charge the cards: reason"), longest=80)
        self.form = Form(
            received=self.received, amount=self.amount, slip=self.slip, cards_back=self.cards_back
        )
        for field in (self.received, self.amount, self.waive, self.cards_back, self.waive_cards):
            field.changed.connect(self._reckon)
        self.method.changed.connect(self._reckon)
        self.unsettled.toggled.connect(lambda _on: self._reckon())
        self.lost.toggled.connect(lambda on: self.slip.setEnabled(not on))
        for line in (self.received.line, self.amount.line, self.slip.line):
            line.returnPressed.connect(self.press_primary)
        self.of_cards, self.card_words = label("", "muted"), label("", "strong", "warn", wrap=True)
        self.card_row = box(row(self.cards_back, col(None, self.of_cards, 8), None, gap=8))
        body = col(
            row(self.words, None, self.figure),
            self.sum_words,
            self.paying,
            self.giving,
            self.waive,
            self.card_row,
            self.card_words,
            self.waive_cards,
            self.print_bill,
            None,
            gap=12,
        )
        self.big = self.button("check_out")
        self.panel.add(SETTLE, box(body), box(col(self.big)))

    def _make_left(self) -> None:
        self.gone = label("", "title", wrap=True)
        told = label(
            _("The room is dirty now, the cards are ended, the bill is in the print list."),
            "muted",
            wrap=True,
        )
        body = col(self.gone, told, None, gap=12)
        foot = col(
            None, row((self.button("bill"), 1), (self.button("undo"), 1), gap=8), self.button("board"), gap=8
        )
        self.panel.add(LEFT, box(body), box(foot))
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

    def start(self) -> QWidget | None:
        """Begin at the money: what is taken, or the slip that it goes back against."""
        if self.stay is None or self.stay.state != "in_house":
            return self.panel
        if not self.paying.isHidden():
            return self.received if self._cash() else self.amount
        return self.cards_back if self.giving.isHidden() or self.slip_box.isHidden() else self.slip

    # -------------------------------------------------------------- what is shown
    def open(self, stay_id: int = 0, **_what: Any) -> None:
        """Show a stay's settlement with a fresh intent."""
        self.stay_id, self.intent = stay_id or self.stay_id, self.office.new_intent()
        self._opened = True
        self.notes.clear()
        for flag in (self.unsettled, self.lost):
            flag.set_value(False)
        self.print_bill.set_value(True)
        for field in (self.received, self.waive, self.waive_cards, self.slip):
            field.set_value(None)
        self.method.set_value("CASH")
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
        self.left = None
        if s.state == "in_house":
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
        self.gone.setText(
            _("%(guest)s left %(room)s at %(time)s.")
            % {"guest": s.guest, "room": s.room, "time": formats.time(s.departed_at, self.zone)}
        )

    def _show_head(self, s: StayRow) -> None:
        self.room.setText(s.room)
        self.guest.setText(s.guest)
        nights = ngettext("%(n)s night", "%(n)s nights", s.nights) % {"n": s.nights}
        facts = (
            f"{_(s.type_name)} {s.type_code}",
            f"{formats.day(s.arrival)} \u2013 {formats.day(s.departure)}",
            nights,
            s.company,
        )
        self.about.setText(_(", ").join(filter(None, facts)))
        empty_out(self.badges)
        if s.state != "in_house":
            self.badges.addWidget(Badge(_("Checked out"), "block", "check-out"))
        elif s.departure > self._leaves_on():
            self.badges.addWidget(Badge(_("Leaves early"), "expect", "check-out"))
        else:
            self.badges.addWidget(Badge(_("Due out"), "warn", "check-out"))

    def _show_items(self, s: StayRow) -> None:
        """Show what the clerk must see to, worst first; a quiet line when there is nothing."""
        empty_out(self.items)
        open_things = self.office.gather(offers.leaving, stay_id=s.stay_id)
        notes: list[QWidget] = [note("warn", text) for text in open_things]
        if self.left is not None:
            notes += self._about_time(s, self.left)
        for made in notes or [label(_("Nothing is open."), "muted")]:
            self.items.addWidget(made)

    def _about_time(self, s: StayRow, left: Leaving) -> list[QWidget]:
        notes: list[QWidget] = []
        today = s.arrival == self.today
        if left.charge:
            what = {"what": self._charge_words(), "sum": show(left.charge, self.digits)}
            words = _("%(what)s: %(sum)s") % what
            notes.append(note("warn", words, left.rule, icon="clock"))
        if s.departure > self._leaves_on():
            early = (s.departure - max(self._leaves_on(), s.arrival)).days
            nights = ngettext("%(n)s night goes back on sale.", "%(n)s nights go back on sale.", early) % {
                "n": early
            }
            notes.append(
                note(
                    "info",
                    _("Leaves early, planned for %(day)s.") % {"day": formats.long_day(s.departure)},
                    nights,
                    icon="calendar",
                )
            )
        if today and not left.charge and not s.kind and not left.had_night:
            notes.append(
                note(
                    "info",
                    _("Nothing is charged for the use of the room by day."),
                    _("Post the use of the room with F5 if it is to be paid."),
                    icon="cash",
                )
            )
        if today:
            notes.append(
                note(
                    "info",
                    _("Was the check-in a mistake?"),
                    _("Then take it back instead: nothing is charged, the booking stands as before."),
                    row(self.button("undo_check_in"), None, pad=(0, 4, 0, 0)),
                    icon="check-in",
                )
            )
        return notes

    def _late(self) -> int:
        return int(self.left.charge) if self.left is not None and not self.waive.value() else 0

    def _cards_missing(self) -> int:
        """Return how many cards are not on the desk; none while the number cannot be read."""
        try:
            return int(max(self.cards_out - (self.cards_back.value() or 0), 0))
        except Refused:
            return 0

    def _cards(self) -> int:
        """Return what the missing cards cost, with the tax on them."""
        if self.waive_cards.value():
            return 0
        missing = self._cards_missing()
        return int(self.office.ask(card_queries.price, missing=missing)) if missing else 0

    def _leaves_on(self) -> date:
        """Return the day that the guest leaves on by the clock: after midnight the night before was used."""
        return self.today + DAY if self.left is not None and self.left.had_night else self.today

    def _charge_words(self) -> str:
        """Name what the clock charges."""
        if self.left is not None and self.left.pays_night:
            return _("Night of %(day)s") % {"day": formats.day(self.today)}
        return _("Use by day") if self._by_day() else _("Late departure")

    def _by_day(self) -> bool:
        return self.stay is not None and self.stay.arrival == self.today

    def _propose(self) -> None:
        self.amount.set_value(self.plan.to_pay or None)

    def _reckon(self, *_changed: object) -> None:
        """Work the settlement out again and say it in words."""
        if self.stay is None:
            return
        before = self.plan.to_pay
        self.plan = plan(self.accounts, self._late() + self._cards())
        if self.plan.to_pay != before:
            self._propose()
        self._show_accounts()
        inside, taken = self.stay.state == "in_house", self._taken()
        open_ = max(self.plan.to_pay - taken, 0)
        self._show_paying(inside)
        self.giving.setVisible(inside and self.plan.back > 0)
        self.slip_box.setVisible(self.plan.of_deposit > 0)
        self.slip.setEnabled(self.plan.of_deposit > 0 and not self.lost.value())
        self.waive.setVisible(bool(self.left and self.left.charge))
        self.rest.setVisible(bool(open_) and not self.unsettled.value())
        self.rest_words.setVisible(bool(open_))
        self.rest_words.setText(
            (_("%(sum)s goes to the city ledger.") if self.unsettled.value() else _("%(sum)s is left."))
            % {"sum": show(open_, self.digits)}
        )
        self.card_row.setVisible(bool(self.cards_out))
        self.of_cards.setText(_("of %(n)s cut") % {"n": self.cards_out})
        self._show_cards()
        self._show_answer()
        self._name_button(taken)

    def _show_paying(self, inside: bool) -> None:
        """Show the field of the way to pay, and the change: cash is typed as it is counted, never assumed."""
        wanted, cash = inside and self.plan.to_pay > 0, self._cash()
        self.paying.setVisible(wanted)
        self.cash_box.setVisible(cash)
        self.amount.setVisible(not cash)
        self.received.setEnabled(wanted and cash)
        self.amount.setEnabled(wanted and not cash)
        self.received.required = not self.unsettled.value()
        over = self._read(self.received) - self.plan.to_pay
        self.change.setText(_("Change %(sum)s") % {"sum": show(over, self.digits)} if over >= 0 else "")

    def _show_cards(self) -> None:
        """Say what the cards cost that are not on the desk."""
        missing = self._cards_missing()
        charged = bool(missing and self.card_price)
        self.card_words.setVisible(charged)
        self.waive_cards.setVisible(charged)
        price = {"n": missing, "sum": show(self._cards(), self.digits)}
        if self.waive_cards.value():
            words = ngettext(
                "%(n)s card is not back and not charged.",
                "%(n)s cards are not back and not charged.",
                missing,
            )
        else:
            words = ngettext(
                "%(n)s card is not back: %(sum)s.", "%(n)s cards are not back: %(sum)s.", missing
            )
        self.card_words.setText(words % price)

    def _show_answer(self) -> None:
        to_pay, back = self.plan.to_pay, self.plan.back
        words, figure, tone = (
            (_("To pay"), to_pay, "")
            if to_pay
            else (_("Refund due"), back, "")
            if back
            else (_("Zero balance"), Money(0), "good")
        )
        self.words.setText(words)
        self.figure.setText(show(figure, self.digits))
        set_tone(self.figure, tone)
        both = _("%(sum)s goes back as well.") % {"sum": show(back, self.digits)} if to_pay and back else ""
        self.sum_words.setText(both)
        self.sum_words.setVisible(bool(both))

    def _name_button(self, taken: int) -> None:
        s = self.stay
        assert s is not None
        take = taken if self.unsettled.value() else self.plan.to_pay
        if take:
            words = _("Take %(sum)s, check out %(room)s")
        elif self.plan.back:
            words = _("Give %(sum)s back, check out %(room)s")
        else:
            words = _("Check out %(room)s")
        self.big.say(
            words
            % {
                "sum": show(take or self.plan.back, self.digits),
                "room": s.room,
            }
        )

    def _show_accounts(self) -> None:
        empty_out(self.boxes)
        paid_in = held = -sum(a.balance for a in self.accounts if a.ledger == "deposit")
        for folio in (a for a in self.accounts if a.ledger == "guest"):
            late, cards = (self._late(), self._cards()) if folio.window == "A" else (0, 0)
            shown = [(_("Balance"), show(folio.balance, self.digits))]
            shown += [(self._charge_words(), show(late, self.digits))] if late else []
            shown += [(_("Room cards not back"), show(cards, self.digits))] if cards else []
            owed = folio.balance + late + cards
            used = min(held, max(owed, 0))
            held -= used
            shown += [(_("Deposit used"), show(-used, self.digits))] if used else []
            net = owed - used
            words = _("To pay") if net > 0 else _("Refund due") if net < 0 else _("Settled")
            answer = (words, show(abs(net), self.digits), "" if net else "good")
            self.boxes.addWidget(sums(f"{folio.window} {folio.name}", shown, answer))
        if held:
            shown = [(_("Deposit held"), show(paid_in, self.digits))]
            shown += [(_("Deposit used"), show(held - paid_in, self.digits))] if held < paid_in else []
            self.boxes.addWidget(sums(_("Deposit"), shown, (_("Refund due"), show(held, self.digits), "")))

    # -------------------------------------------------------------- what was typed
    def _cash(self) -> bool:
        return bool(self.method.value() == "CASH")

    def _taken(self) -> int:
        return min(self._read(self.received if self._cash() else self.amount), self.plan.to_pay)

    @staticmethod
    def _read(field: Amount) -> int:
        try:
            return int(field.value() or 0)
        except Refused:
            return 0

    def _at_most(self, amount: int) -> str:
        return (
            ""
            if amount <= self.plan.to_pay
            else _("Only %(sum)s is owed.") % {"sum": show(self.plan.to_pay, self.digits)}
        )

    # -------------------------------------------------------------- actions
    @action(N_("Check out"), key=keys.PRIMARY, operation=service.check_out, icon="check-out", kind="primary")
    def check_out(self) -> None:
        """Settle and let the guest go."""
        if missing := self.form.missing():
            self.refuse(missing)
            return
        taken = self._taken()
        rest = 0 if self.unsettled.value() else self.plan.to_pay - taken
        paid = payments(
            self.plan, [(m, a) for m, a in ((self.method.value(), taken), (self.rest.value(), rest)) if a]
        )
        refund = Paid(self.back_method.value(), self.plan.back) if self.plan.back else None
        room = self.stay.room if self.stay else ""
        self.run(
            service.check_out.of(
                stay_id=self.stay_id,
                payments=paid,
                refund=refund,
                slip_back=not self.lost.value(),
                unsettled=self.unsettled.value(),
                waive_late=self.waive.value(),
                cards_back=self.cards_back.value() or 0,
                waive_cards=self.waive_cards.value(),
                print_bill=self.print_bill.value(),
            ),
            intent=self.intent,
            said=_("%(room)s is checked out.") % {"room": room},
        )

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

    @action(N_("Undo check-in"), key="Ctrl+U", operation=service.undo_check_in)
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
