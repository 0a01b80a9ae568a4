"""What the check-out comes to: the accounts with what the clock and missing cards add, and what is open
before the guest leaves."""

from datetime import date, timedelta
from functools import partial

from PySide6.QtWidgets import QLayout, QWidget

from pms.core import offers
from pms.core.errors import Refused
from pms.core.i18n import _, ngettext
from pms.core.money import Money, show
from pms.core.offers import Reminder
from pms.services.cards import queries as card_queries
from pms.services.folios.kinds import NAMES
from pms.services.stays.queries import Leaving, StayRow
from pms.ui.kit import formats
from pms.ui.kit.amounts import Amount
from pms.ui.kit.flow import sums
from pms.ui.kit.messages import note
from pms.ui.kit.parts import Badge, Button, empty_out, label, row, set_tone

from .check_out_form import CheckOutForm
from .settlement import Settled, plan

DAY = timedelta(days=1)


class CheckOutSums(CheckOutForm):
    """Reckons the settlement whenever something in it changes."""

    def build(self) -> QLayout | QWidget:
        """Have the sums follow what is typed."""
        made = super().build()
        self.amount.check = self._at_most
        for field in (self.received, self.amount, self.waive, self.cards_back, self.waive_cards, self.method):
            field.changed.connect(self._reckon)
        self.method.changed.connect(self._propose)
        self.unsettled.toggled.connect(lambda _on: self._reckon())
        self.to_account.toggled.connect(self._turned)
        return made

    # -------------------------------------------------------------- whose it is, and what is open
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
        """Show what the clerk must see to, worst first; a quiet line when there is nothing, and nothing at
        all when the guest has left."""
        self.before.setVisible(s.state == "in_house")
        empty_out(self.items)
        open_things = self.office.gather(offers.leaving, stay_id=s.stay_id)
        notes: list[QWidget] = [self._reminder(one) for one in open_things]
        if self.left is not None:
            notes += self._about_time(s, self.left)
        for made in notes or [label(_("Nothing is open."), "muted")]:
            self.items.addWidget(made)

    def _reminder(self, one: Reminder) -> QWidget:
        """Show what is open, with the way to it; Esc leads back."""
        if not one.page:
            return note("warn", one.words)
        door = Button(_("Open"), icon="chevron-right", kind="quiet")
        door.setAccessibleName(f"{_('Open')}: {one.words}")
        door.clicked.connect(partial(self.go, one.page, **one.what))
        return note("warn", one.words, door=door)

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

    # -------------------------------------------------------------- what is added
    def _late_at(self) -> dict[str, int]:
        """Return what the clock adds, by the folio that it goes to; nothing of it where another stay pays."""
        return {w: int(sum_) for w, sum_ in self.left.parts.items()} if self.left and self._late() else {}

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

    # -------------------------------------------------------------- what was done
    def _settling(self, taken: int, rest: int) -> Settled:
        """Return how the check-out is settled as the form stands."""
        cash = self._cash() and taken
        received = self._read(self.received) if cash else 0
        ways = ((self.method.value(), taken), (self.rest.value(), rest))
        return Settled(
            tuple((way, amount) for way, amount in ways if amount),
            received,
            max(received - taken, 0) if cash else 0,
            (self.back_method.value(), int(self.plan.back)) if self.plan.back else ("", 0),
            max(self.plan.to_pay - taken - rest, 0),
            self.print_bill.value(),
        )

    def _show_settled(self, settled: Settled | None) -> None:
        """Say what was received and given back: the clerk hands it over while the page says it."""
        empty_out(self.settled_at)
        done = [_("The room is dirty now, the cards are ended.")]
        if settled is not None:
            if settled.taken or settled.left or settled.back[1]:
                self.settled_at.addWidget(self._settled_box(settled))
            done += [_("The bill is in the print list.")] if settled.bill else []
        self.done_words.setText("".join(done) if formats.chinese() else " ".join(done))

    def _settled_box(self, settled: Settled) -> QWidget:
        ways = {code: _(words) for code, words in NAMES.items()}
        ways |= {code: way.words for code, way in self.method.ways.items()}
        ways |= self.holds.called
        lines = [
            (_("Taken, %(way)s") % {"way": ways[way]}, show(sum_, self.digits)) for way, sum_ in settled.taken
        ]
        if settled.received:
            lines.append((_("Cash received"), show(settled.received, self.digits)))
        if settled.left:
            lines.append((_("City ledger"), show(settled.left, self.digits)))
        way, back = settled.back
        given = (_("Given back, %(way)s") % {"way": ways.get(way, way)}, show(back, self.digits))
        if settled.received:
            lines += [given] if back else []
            return sums("", lines, (_("Change given"), show(settled.change, self.digits), ""))
        if back:
            return sums("", lines, (*given, ""))
        total = sum(sum_ for _way, sum_ in settled.taken)
        return sums("", lines, (_("Taken in all"), show(total, self.digits), ""))

    # -------------------------------------------------------------- what is to be paid
    def _propose(self) -> None:
        most = Money(self.holds.most(self.plan.to_pay))
        self.amount.set_value(None if self._on_company() else most or None)

    def _reckon(self, *_changed: object) -> None:
        """Work the settlement out again and say it in words."""
        if self.stay is None:
            return
        before = self.plan.to_pay
        late = {window: sum_ for window, sum_ in self._late_at().items() if window != "A"}
        own = self._late_at().get("A", 0) + self._cards()
        self.plan = plan(self.accounts, own, elsewhere=late, on_account=self._on_company())
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
        self.rest.setVisible(bool(open_) and not self._later())
        self.why_unsettled.setVisible(self._why_wanted())
        self.why_unsettled.setEnabled(self._why_wanted())
        self.rest_words.setVisible(bool(open_))
        self.rest_words.setText(self._rest_told() % {"sum": show(open_, self.digits)})
        self.card_row.setVisible(bool(self.cards_out))
        self.of_cards.setText(_("of %(n)s cut") % {"n": self.cards_out})
        self._show_cards()
        self._show_answer()
        self._name_button(taken)

    def _why_wanted(self) -> bool:
        """Say whether something stays unsettled: a reason is asked for where it is seen only."""
        left = self.plan.to_pay > self._taken()
        return left and self.unsettled.value() and not self._on_company()

    def _show_paying(self, inside: bool) -> None:
        """Show the field of the way to pay, and the change: cash is typed as it is counted, never assumed."""
        wanted, cash = inside and self.plan.to_pay > 0, self._cash()
        self.paying.setVisible(wanted)
        self.cash_box.setVisible(cash)
        self.amount.setVisible(not cash)
        self.received.setEnabled(wanted and cash)
        self.amount.setEnabled(wanted and not cash)
        self.received.required = not self._later()
        over = self._read(self.received) - self.plan.to_pay
        self.change.setText(_("Change %(sum)s") % {"sum": show(over, self.digits)} if over >= 0 else "")

    def _turned(self, _on: bool) -> None:
        """Take no money where the company pays, all of it where it does not."""
        self.signer.setVisible(self._on_company())
        self._show_specimen()
        self._propose()
        self._reckon()

    def _owed_words(self) -> str:
        return _("On account") if self._on_company() else _("To pay")

    def _rest_told(self) -> str:
        """Say where the rest goes that is not paid now."""
        if self._on_company():
            return _("%(sum)s goes to the company's account.")
        return _("%(sum)s goes to the city ledger.") if self.unsettled.value() else _("%(sum)s is left.")

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
            (self._owed_words(), to_pay, "")
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
        take = taken if self._later() else self.plan.to_pay
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
            late, cards = self._late_at().get(folio.window, 0), self._cards() if folio.window == "A" else 0
            shown = [(_("Balance"), show(folio.own, self.digits))]
            shown += [(self._charge_words(), show(late, self.digits))] if late else []
            shown += [(_("Room cards not back"), show(cards, self.digits))] if cards else []
            owed = folio.own + late + cards
            used = 0 if self._on_company() else min(held, max(owed, 0))
            held -= used
            shown += [(_("Deposit used"), show(-used, self.digits))] if used else []
            net = owed - used
            words = self._owed_words() if net > 0 else _("Refund due") if net < 0 else _("Settled")
            answer = (words, show(abs(net), self.digits), "" if net else "good")
            self.boxes.addWidget(sums(f"{folio.window} {folio.name}", shown, answer))
        if held:
            shown = [(_("Deposit held"), show(paid_in, self.digits))]
            shown += [(_("Deposit used"), show(held - paid_in, self.digits))] if held < paid_in else []
            self.boxes.addWidget(sums(_("Deposit"), shown, (_("Refund due"), show(held, self.digits), "")))

    def _taken(self) -> int:
        read = self._read(self.received if self._cash() else self.amount)
        return min(read, self.holds.most(self.plan.to_pay))

    @staticmethod
    def _read(field: Amount) -> int:
        try:
            return int(field.value() or 0)
        except Refused:
            return 0

    def _at_most(self, amount: int) -> str:
        if amount > self.plan.to_pay:
            return _("Only %(sum)s is owed.") % {"sum": show(self.plan.to_pay, self.digits)}
        most = self.holds.most(self.plan.to_pay)
        return "" if amount <= most else _("Only %(sum)s is held.") % {"sum": show(most, self.digits)}
