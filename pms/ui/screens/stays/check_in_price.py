"""What the check-in comes to as its form stands: the room and its dates, price by night, deposit, and what is
still missing."""

from contextlib import suppress
from datetime import date, timedelta

from PySide6.QtWidgets import QLayout

from pms.core.errors import Refused
from pms.core.i18n import N_, _, ngettext
from pms.services.cards.service import MOST_CARDS
from pms.services.rates import queries as rate_queries
from pms.services.reservations import queries as reservation_queries
from pms.services.reservations.service import MOST_NIGHTS
from pms.services.rooms import queries as room_queries
from pms.services.stays import charges, vacancy
from pms.services.stays.duty import SLEEVE
from pms.services.stays.vacancy import FreeRoom, Obstacle
from pms.ui.kit import formats
from pms.ui.kit import theme as th
from pms.ui.kit.amounts import Amount, Number
from pms.ui.kit.parts import empty_out, label, row, set_tone

from .check_in_form import END, CheckInForm
from .spare import none_left

OBSTACLES = {
    "occupied": N_("%(room)s: %(who)s is in it until %(day)s."),
    "blocked": N_("%(room)s is out of sale until %(day)s: %(who)s."),
    "held": N_("%(room)s is held for %(who)s until %(day)s."),
}
NIGHTS_SHOWN = 7


class CheckInPrice(CheckInForm):
    """Reckons the form whenever something in it changes."""

    def build(self) -> QLayout:
        """Have the fields that depend on each other follow."""
        made = super().build()
        self.room.check, self.leaving.check = self._room_fault, self._leave_fault
        self.chooser.picked.connect(self._picked)
        self.room.told.connect(self._tell_room)
        self.room.line.textEdited.connect(self._room_typed)
        self.leaving.changed.connect(self._leave_changed)
        self.count.changed.connect(self._count_changed)
        self.deposit.line.textEdited.connect(self._typed_deposit)
        self.cards.changed.connect(self._typed_cards)
        return made

    # -------------------------------------------------------------- the room and its dates
    def _dates(self) -> tuple[date, date] | None:
        """Return the first night and the day of departure, None while the departure cannot be read."""
        if self.line is not None:
            return max(self.line.arrival, self.today), self.line.departure
        with suppress(Refused):
            leaving = self.leaving.value()
            if leaving is not None and 0 <= (leaving - self.today).days <= MOST_NIGHTS:
                return self.today, leaving
        return None

    def _line_id(self) -> int | None:
        return self.line.line_id if self.line else None

    def _ask_rooms(self) -> None:
        if (dates := self._dates()) is not None:
            self.chooser.show_rooms(
                self.office.ask(vacancy.free_rooms, start=dates[0], end=dates[1], line_id=self._line_id())
            )

    def _room(self) -> FreeRoom | None:
        """Return the free room whose number stands in the field."""
        return self.chooser.of_number(self.room.value())

    def _set_room(self, number: str) -> None:
        self.room.set_value(number)
        if number:
            self.room.validate()
        self.chooser.hold(self._room())

    def _picked(self, room: FreeRoom) -> None:
        self.room.set_value(room.number)
        self.look()

    def _room_typed(self, _text: str) -> None:
        self.chooser.hold(self._room())
        self._later()

    def _tell_room(self, message: str) -> None:
        self.room_trouble.setText(message)
        self.room_trouble.setVisible(bool(message))

    def _room_fault(self, number: str) -> str:
        """Say why a room cannot be taken."""
        if (dates := self._dates()) is None or self._room() is not None:
            return ""
        known = next((r for r in self.office.ask(room_queries.rooms) if r.number == number), None)
        if known is None:
            return _("There is no room %(room)s.") % {"room": number}
        if not known.active:
            return _("Room %(room)s is retired.") % {"room": number}
        why: Obstacle | None = self.office.ask(
            vacancy.obstacle, room_id=known.id, start=dates[0], end=dates[1], line_id=self._line_id()
        )
        return (
            _(OBSTACLES[why.kind]) % {"room": number, "who": why.who, "day": formats.day(why.until)}
            if why
            else ""
        )

    def _leave_fault(self, day: date) -> str:
        return _("Not before %(today)s.") % {"today": formats.day(self.today)} if day < self.today else ""

    def _leave_changed(self) -> None:
        with suppress(Refused):
            leaving = self.leaving.value()
            if leaving is not None and leaving >= self.today:
                self.count.set_value((leaving - self.today).days)
        self._dates_changed()

    def _count_changed(self) -> None:
        nights = read(self.count)
        if nights is not None and 0 <= nights <= MOST_NIGHTS:
            self.leaving.set_value(self.today + timedelta(days=nights))
        self._dates_changed()

    def _dates_changed(self) -> None:
        self._ask_rooms()
        if self.room.value():
            self.room.validate()
        self._later()

    def _typed_deposit(self, _text: str) -> None:
        self._deposit_typed = True
        self._later()

    def _typed_cards(self) -> None:
        self._cards_typed = True

    # -------------------------------------------------------------- what is shown
    def look(self) -> None:
        """Show prices, deposit and what is still missing, as the form stands."""
        if self.pages.currentIndex() == END or not self._begun:
            return
        dates = self._dates()
        self.guests.leave_on(dates[1] if dates else None)
        self.welcome.greet(self.guests.lines, self.today)
        self._price_nights()
        self._show_nights()
        self._show_deposit()
        self._propose_cards()
        self._show_states()
        self.update_actions()

    def _price_nights(self) -> None:
        dates, room = self._dates(), self._room()
        self.nights, self._no_price = [], ""
        if dates is None:
            return
        if self.line is not None:
            booked = self.office.ask(reservation_queries.nights, line_id=self.line.line_id)
            first = self.line.arrival if self.line.awaited else dates[0]
            self.nights = [(n.night, n.price, n.rule) for n in booked if n.night >= first]
        elif (price := read(self.price)) is not None:
            rule = _("manual rate by %(who)s") % {"who": self.office.clerk.name}
            self.nights = [
                (dates[0] + timedelta(days=n), price, rule) for n in range((dates[1] - dates[0]).days)
            ]
        elif room is not None and self.plan.value() is not None:
            try:
                listed = self.office.ask(
                    rate_queries.quote,
                    plan_id=self.plan.value(),
                    type_id=room.type_id,
                    start=dates[0],
                    end=dates[1],
                )
                self.nights = [(n.night, n.price, n.rule) for n in listed]
            except Refused as refusal:
                self._no_price = str(refusal)

    def _show_nights(self) -> None:
        """Show the nights as one line, or each with its price and rule."""
        empty_out(self.night_rows)
        total, rules = sum(n[1] for n in self.nights), {n[2] for n in self.nights}
        count = ngettext("%(n)s night", "%(n)s nights", len(self.nights)) % {"n": len(self.nights)}
        rule = rules.pop() if len(rules) == 1 else ""
        self.folded.setText(formats.commas((count, rule)) if self.nights else "")
        self.all_nights.setText(self._show(total) if self.nights else "")
        self.by_night.setVisible(len(self.nights) > 1)
        for night, price, rule in self.nights[:NIGHTS_SHOWN] if self.unfolded else ():
            when = label(formats.long_day(night))
            when.setFixedWidth(th.px(92))
            self.night_rows.addLayout(
                row(when, (label(rule, "muted", wrap=True), 1), label(self._show(price)), gap=8)
            )
        if self.unfolded and (rest := self.nights[NIGHTS_SHOWN:]):
            words = ngettext("%(n)s more night", "%(n)s more nights", len(rest)) % {"n": len(rest)}
            self.night_rows.addLayout(
                row(label(words, "muted"), None, label(self._show(sum(n[1] for n in rest))))
            )
        extra = self._early()
        self.early.setText(self._about_clock(extra))
        self.early.setVisible(bool(self.early.text()))
        self._show_left()

    def _show_left(self) -> None:
        """Say where a room stands empty that is not left to sell."""
        dates, room, line = self._dates(), self._room(), self.line
        words = tone = ""
        if dates is not None and room is not None and (line is None or line.type_id != room.type_id):
            words, tone = none_left(
                self.office,
                room.type_id,
                room.type_name,
                arrival=line.arrival if line is not None else dates[0],
                departure=dates[1],
                first=dates[0],
                line_id=self._line_id() or 0,
            )
        self.spare.setText(words)
        set_tone(self.spare, tone)
        self.spare.setVisible(bool(words))

    def _about_clock(self, extra: charges.Extra | None) -> str:
        if extra:
            words = {"rule": extra.rule, "sum": self._show(extra.amount)}
            return _("Early arrival %(rule)s = %(sum)s, charged now.") % words
        if self.line is not None and self.line.awaited and self.nights:
            night = {"night": formats.long_day(self.nights[0][0]), "sum": self._show(self.nights[0][1])}
            return _("The night of %(night)s, %(sum)s, is charged now in place of the no-show.") % night
        return self._no_price

    def _show(self, sum_: int) -> str:
        return formats.amount(sum_, self.digits)

    def _early(self) -> charges.Extra | None:
        awaited = self.line is not None and self.line.awaited
        if self.kind.value() or not self.nights or awaited:
            return None
        return charges.arriving(
            self.options, self.zone, self.done_at(), self.today, self.nights[0][1], self.digits
        )

    def _show_deposit(self) -> None:
        paid = self.line is not None and self.line.payer == "channel"  # its room is no guest's to secure
        total, nights = 0 if paid else sum(n[1] for n in self.nights), max(len(self.nights), 1)
        held = (
            self.office.ask(reservation_queries.advance_held, line_id=self.line.line_id) if self.line else 0
        )
        free = bool(self.kind.value())
        asked = 0 if free or not self.nights else charges.deposit_wanted(self.options, total, nights)
        self.asked = max(asked - held, 0)
        if not self._deposit_typed:
            self.deposit.set_value(self.asked or None)
        if free:
            self.sum_words.setText(_("No deposit is asked for this kind of stay."))
        elif not self.nights:
            self.sum_words.setText(_("The deposit follows from the price of the room."))
        else:
            each = self.options.deposit_per_night
            words = _("Room %(room)s + %(each)s × %(n)s = %(sum)s, rounded up to %(asked)s") % {
                "room": self._show(total),
                "each": self._show(each),
                "n": nights,
                "sum": self._show(total + each * nights),
                "asked": self._show(asked),
            }
            self.sum_words.setText(
                words + (_("; less %(held)s held in advance") % {"held": self._show(held)} if held else "")
            )

    def _taken(self) -> int:
        return read(self.deposit) or 0

    def _propose_cards(self) -> None:
        """Propose a card for each adult until a number is typed."""
        if not self._cards_typed:
            adults = max(read(self.adults) or 1, len(self.guests.lines))
            self.cards.set_value(min(adults, MOST_CARDS))

    def _show_states(self) -> None:
        guests, stay, deposit, papers = self.sections
        guests.say(*self.guests.state())
        room, taken, count = self._room(), self._taken(), read(self.cards) or 0
        if room is None:
            stay.say(_("Choose a room"), "bad")
        elif room.clean == "dirty":
            stay.say(_("Room %(room)s is dirty") % {"room": room.number}, "warn")
        else:
            stay.say(f"{room.number} {room.type_name}", "good")
        if taken < self.asked:
            deposit.say(_("%(sum)s short") % {"sum": self._show(self.asked - taken)}, "warn")
        elif not (self.nights or taken or self.kind.value()):
            deposit.say(_("The room first"), "warn")
        else:
            to_do = _("%(sum)s to hold") if self.held.on() else _("%(sum)s to take")
            deposit.say(
                to_do % {"sum": self._show(taken)} if taken else _("Nothing to take"),
                "warn" if taken else "",
            )
        papers.say(ngettext("%(n)s card to cut", "%(n)s cards to cut", count) % {"n": count}, "")
        slip = _("and pre-authorisation slip") if self.held.on() else _("and deposit receipt")
        self.receipt.setText(slip if taken else "")
        self._show_foot(room, taken, count)

    def _show_foot(self, room: FreeRoom | None, taken: int, count: int) -> None:
        dates = self._dates()
        nights = (dates[1] - dates[0]).days if dates else 0
        words = ngettext("%(n)s night", "%(n)s nights", nights) % {"n": nights}
        self.title.setText(_("Check-in") if self.line else _("Walk-in check-in"))
        self.about.setText(
            formats.commas((self.guests.lines[0].name.value(), room.number if room else "", words))
        )
        papers = int(self.paper.value()) + bool(taken) + (self.options[SLEEVE] and count > 0)
        act = _("hold %(sum)s") if self.held.on() else _("take %(sum)s")
        doing = [act % {"sum": self._show(taken)}] if taken else []
        doing += [ngettext("cut %(n)s card", "cut %(n)s cards", count) % {"n": count}] if count else []
        doing += (
            [ngettext("print %(n)s paper", "print %(n)s papers", papers) % {"n": papers}] if papers else []
        )
        self.summary.setText(_sentence(doing))
        needed, later = self._needed(room), self._later_on(room, taken)
        self.lack.setText(_sentence(needed + later))
        self.lack.setVisible(bool(needed or later))
        set_tone(self.lack, "bad" if needed else "warn")

    def _needed(self, room: FreeRoom | None) -> list[str]:
        """Name what the check-in cannot do without."""
        lacking = [] if self.guests.lines[0].name.value() else [_("guest's name missing")]
        if self.guests.state()[1] == "bad" and not lacking:
            lacking.append(_("guest's data to correct"))
        return lacking + ([_("room missing")] if room is None else [])

    def _later_on(self, room: FreeRoom | None, taken: int) -> list[str]:
        """Name what stays open when the guest is checked in as the form stands."""
        open_ = self.guests.open_things()
        if room is not None and room.clean == "dirty":
            open_.append(_("room %(room)s dirty") % {"room": room.number})
        if taken < self.asked:
            open_.append(_("deposit %(sum)s short") % {"sum": self._show(self.asked - taken)})
        return open_


def _sentence(parts: list[str]) -> str:
    """Return the parts as one line that begins large."""
    words = formats.commas(parts)
    return words[:1].upper() + words[1:]


def read(field: Number | Amount) -> int | None:
    """Return what stands in a field, None while it cannot be read."""
    with suppress(Refused):
        value: int | None = field.value()
        return value
    return None
