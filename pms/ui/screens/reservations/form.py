"""The booking form: a whole booking without the mouse, with what is left and what it costs always in
sight."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from PySide6.QtWidgets import QLayout

from pms.core.errors import Refused
from pms.core.i18n import N_, _, ngettext
from pms.core.known import known
from pms.services.guests.queries import GuestRow
from pms.services.rates import queries as rate_queries
from pms.services.reservations import left, queries, service
from pms.services.reservations.left import Left
from pms.services.reservations.queries import LineRow
from pms.services.reservations.service import MOST_NIGHTS
from pms.services.rooms import queries as room_queries
from pms.services.rooms.queries import TypeRow
from pms.ui.kit import drafts, formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.amounts import Day
from pms.ui.kit.forms import Field, Text
from pms.ui.kit.parts import empty_out, set_tone
from pms.ui.screens.reservations.form_customer import BookingCustomer
from pms.ui.screens.reservations.room_line import Offer, RoomLine, later, nights_between
from pms.ui.screens.reservations.words import SOURCES


class BookingForm(BookingCustomer):
    """A new booking of one or more rooms, a change of one booked room, or further rooms for a booking."""

    TOPICS = frozenset({"rooms", "rates", "reservations", "business_date", "property"})

    def build(self) -> QLayout:
        """Have the fields that depend on each other follow."""
        made = super().build()
        self._soon.timeout.connect(self.look)
        self.arrival.check, self.departure.check = self._arrival_fault, self._departure_fault
        for finder in (self.name, self.phone):
            finder.found.connect(self._known)
        self.arrival.changed.connect(self._arrival_changed)
        self.nights.changed.connect(self._nights_changed)
        self.departure.changed.connect(self._departure_changed)
        self.types.chosen.connect(self._take_type)
        self.follow_customer()
        return made

    # -------------------------------------------------------------- opening
    def open(
        self,
        line_id: int | None = None,
        booking_id: int | None = None,
        arrival: date | None = None,
        departure: date | None = None,
        type_id: int | None = None,
        room_id: int | None = None,
        guest: str = "",
        phone: str = "",
        another: bool = False,
        **_more: Any,
    ) -> None:
        """Show an empty form, with what is known of the wish, or one booked room to change (``booking_id`` is
        a booking's number).

        ``another`` opens a line for a further room of that booking; where the room is not to come any more,
        only that.
        """
        if booking_id is not None and line_id is None:
            line_id = next(iter(self.office.ask(queries.lines_of, number=booking_id)), None)
        self.notes.clear()
        self._stale = False
        self._load()
        self.line = self.office.ask(queries.line, line_id=line_id) if line_id is not None else None
        self.adding = another and self.line is not None and not self.line.open
        self.intent, self.advance_intent = self.office.new_intent(), self.office.new_intent()
        self._set_dates(arrival or self.arrival.today, departure)
        self.form.clear_errors()
        self.advance.set_value(None)
        self._clear_lines()
        if self.line is not None:
            self._show_booking(self.line)
        else:
            self._show_empty(guest, phone, type_id, room_id)
        self._show_mode()
        self._begin_customer(_numbers(self.line))
        if another and not self.adding and self.line is not None:
            self.add_line()
        self.look()
        self._untouched = self._written()

    # -------------------------------------------------------------- what is typed and not done
    def typed(self) -> dict[str, Any] | None:
        """Return the form once something has been typed."""
        if self.finished() or not self.lines or (now := self._written()) == self._untouched:
            return None
        return now

    def retype(self, typed: dict[str, Any]) -> None:
        """Type the form and its lines again."""
        fields = [*self.form.fields.values(), self.state, self.remarks, self.method.typed]
        drafts.write((f for f in fields if isinstance(f, Field)), typed["form"])
        while len(self.lines) < len(typed["lines"]):
            self._add()
        for line, facts in zip(self.lines, typed["lines"], strict=False):
            drafts.write(drafts.fields_of(line), facts)
        self.secret.set_value(typed.get("secret", False))
        self._begin_customer(typed.get("customer", {}))
        self.look()

    def about_typed(self) -> str:
        """Name the guest."""
        return f"{_('Booking')}: {self.name.value()}"

    def _load(self) -> None:
        house = self.office.house()
        self.arrival.today = self.departure.today = house.business_date
        ask = self.office.ask
        self.offer = Offer(
            ask(room_queries.types), ask(rate_queries.plans), ask(room_queries.rooms), house.digits
        )
        self.advance.digits = self.types.rows.digits = house.digits
        self.method.look()

    def _set_dates(self, arrival: date, departure: date | None) -> None:
        leaving = departure if departure is not None and departure >= arrival else later(arrival, 1)
        self.arrival.set_value(arrival)
        self.departure.set_value(leaving)
        self.nights.set_value((leaving - arrival).days)

    def _show_empty(self, guest: str, phone: str, type_id: int | None, room_id: int | None) -> None:
        self.name.set_value(guest)
        for field in (self.company, self.channel, self.reference, self.hold, self.remarks):
            field.set_value("")
        self.phone.set_value(phone)
        self.secret.set_value(False)
        self.source.set_value("phone")
        self.payer.set_value("guest")
        self.state.set_value("confirmed")
        line = self._add()
        room = next((r for r in self.offer.rooms if r.id == room_id), None)
        line.type.set_value(room.type_id if room else type_id)
        line.room.set_value(room.number if room else "")

    def _show_booking(self, r: LineRow) -> None:
        self._set_dates(max(r.arrival, self.arrival.today) if self.adding else r.arrival, r.departure)
        shown: dict[Field, Any] = {
            self.name: r.guest_name,
            self.phone: r.phone,
            self.company: r.company,
            self.channel: r.channel,
            self.reference: r.reference,
            self.hold: r.hold_until,
            self.remarks: r.remarks,
        }
        for editor, text in shown.items():
            editor.set_value(text)
        self.secret.set_value(r.private)
        if r.source not in SOURCES:
            self.source.set_options(
                [*((code, _(words)) for code, words in SOURCES.items()), (r.source, r.source)]
            )
        self.source.set_value(r.source)
        self.payer.set_value(r.payer)
        if self.adding:
            self._add().type.set_value(r.type_id)
            return
        line = self._add(single=True)
        of_line: dict[Field, Any] = {
            line.type: r.type_id,
            line.adults: r.adults,
            line.minors: r.children,
            line.plan: r.plan_id,
            line.room: r.room,
        }
        for field, value in of_line.items():
            field.set_value(value)
        if (price := self._own_price(r)) is not None:
            line.price.set_value(price)

    def _own_price(self, r: LineRow) -> int | None:
        """Return the price a booking was made with where the plan asks for another now, so that a change does
        not reprice it unseen."""
        made = [n.price for n in self.office.ask(queries.nights, line_id=r.line_id)]
        with suppress(Refused):
            listed = (
                self.office.ask(
                    rate_queries.quote, plan_id=r.plan_id, type_id=r.type_id, start=r.arrival, end=r.departure
                )
                if r.plan_id
                else []
            )
            if [n.price for n in listed] == made:
                return None
        return made[0] if len(set(made)) == 1 else None

    def _show_mode(self) -> None:
        r = self.line
        words = _("Add a room to R-%(number)s") if self.adding else _("Change R-%(number)s")
        self.title.setText(words % {"number": r.number} if r else _("New booking"))
        others = len(self.office.ask(queries.lines_of, number=r.number)) if r else 1
        self.about.setText(
            _("One of the %(n)s rooms of this booking; name, phone and remarks hold for all.") % {"n": others}
            if others > 1
            else ""
        )
        self.state.setVisible(r is None)
        self.more.say(_("Another room") if r else _("Another type"))
        for field in (self.name, self.phone, self.company):
            field.set_read_only(self.adding)
        for widget in (self.secret, self.customer):
            widget.setEnabled(not self.adding)
        for part in (self.origin_card, self.advance_card):
            part.setVisible(not self.adding)
        self.out.setVisible(r is not None and not self.adding)
        self.book.say(_("Add the room") if self.adding else _("Save the change") if r else _("Book"))

    # -------------------------------------------------------------- lines
    @action(N_("Another type"), key="Ctrl+T")
    def add_line(self) -> None:
        """Add a line for rooms of another type."""
        if self.line is not None and not self.adding:
            self.lines[0].show_as_one()
        line = self._add()
        used = {x.type.value() for x in self.lines[:-1]}
        line.type.set_value(next((t.id for t in self.offer.types if t.active and t.id not in used), None))
        line.type.setFocus()
        self.look()

    @action(N_("Cancel this room"), key="Ctrl+Del", operation=service.cancel, kind="danger")
    def cancel_room(self) -> None:
        """Go to the form that asks why this room is given up; the other rooms of the booking stay."""
        if self.line is not None:
            self.go("reservations", line_id=self.line.line_id, cancel=True)

    def can_cancel_room(self) -> str:
        """Only a booked room that is still to come."""
        return (
            ""
            if self.line is not None and self.line.open
            else _("Only a booking that is still to come can be cancelled.")
        )

    def _add(self, *, single: bool = False) -> RoomLine:
        line = RoomLine(self.offer, first=not self.lines, single=single)
        line.changed.connect(self._later)
        line.unwanted.connect(lambda: self._remove(line))
        for field in line.fields():
            if isinstance(field, Text):
                field.line.returnPressed.connect(self._next)
        self.lines.append(line)
        self.rows.addWidget(line)
        return line

    def _remove(self, line: RoomLine) -> None:
        self.lines.remove(line)
        self.rows.removeWidget(line)
        line.hide()
        line.deleteLater()
        self.lines[-1].type.setFocus()
        self.look()

    def _clear_lines(self) -> None:
        self.lines.clear()
        empty_out(self.rows)

    def _take_type(self, shown: tuple[object, ...]) -> None:
        self.lines[-1].type.set_value(shown[0].id)  # type: ignore[attr-defined]
        self.look()

    # -------------------------------------------------------------- fields that depend on each other
    def _known(self, guest: GuestRow) -> None:
        self.name.set_value(guest.name)
        self.phone.set_value(guest.phone or self.phone.value())
        self.secret.set_value(guest.do_not_disclose)
        self.arrival.setFocus()

    def _day(self, field: Day) -> date | None:
        with suppress(Refused):
            found: date | None = field.value()
            return found
        return None

    def _arrival_changed(self) -> None:
        with suppress(Refused, OverflowError):
            if (start := self._day(self.arrival)) is not None and (nights := self.nights.value()) is not None:
                self.departure.set_value(start + timedelta(days=nights))
        if (day := self._day(self.arrival)) is not None:
            self.customer.set_day(day)
        self._later()

    def _nights_changed(self) -> None:
        self._arrival_changed()

    def _departure_changed(self) -> None:
        nights = nights_between(self._day(self.arrival), self._day(self.departure))
        if nights is not None:
            self.nights.set_value(nights)
        self._later()

    def _arrival_fault(self, day: date) -> str:
        if self.line is not None and day == self.line.arrival:
            return ""
        return (
            _("Not before %(today)s.") % {"today": formats.day(self.arrival.today)}
            if day < self.arrival.today
            else ""
        )

    def _departure_fault(self, day: date) -> str:
        start = self._day(self.arrival)
        return _("Not before the arrival.") if start is not None and day < start else ""

    # -------------------------------------------------------------- what is left, what it costs
    def refresh(self) -> None:
        """Look again at what is left; what is typed stays."""
        today, arrival = self.office.house().business_date, self._day(self.arrival)
        passed = self.line is None and arrival is not None and arrival < today
        if not self.lines or (passed and self.typed() is None):
            self.open()
        else:
            self.look()

    def look(self) -> None:
        """Show availability and prices for the dates as they stand."""
        start, end = self._day(self.arrival), self._day(self.departure)
        nights = nights_between(start, end)
        if start is None or end is None or nights is None or nights > MOST_NIGHTS:
            return
        types = [t for t in self.offer.types if t.active]
        free = self._left(types, start, end)
        for at, line in enumerate(self.lines):
            line.look(
                self.office,
                start,
                end,
                sum(x.count() for x in self.lines[:at] if x.type.value() == line.type.value()),
                free.get(line.type.value()),
            )
        self.types.show_rows([(t, free[t.id], self._price(t.id, start)) for t in types])
        self.free_head.setText(
            _("Free %(start)s to %(end)s") % {"start": formats.day(start), "end": formats.day(end)}
        )
        set_tone(self.free_head, "")
        total, rooms = sum(line.total for line in self.lines), sum(line.count() for line in self.lines)
        self.total.setText(formats.amount(total, self.offer.digits))
        self.words.setText(
            formats.commas(
                (
                    ngettext("%(n)s room", "%(n)s rooms", rooms) % {"n": rooms},
                    ngettext("%(n)s night", "%(n)s nights", nights) % {"n": nights},
                )
            )
        )

    def _left(self, types: Sequence[TypeRow], start: date, end: date) -> dict[int, Left]:
        """Return what is left of each type; the nights of the booking on the form are nobody else's."""
        own = self.line.line_id if self.line and not self.adding else 0
        ids = [t.id for t in types]
        found = self.office.ask(left.left, type_ids=ids, arrival=start, departure=end, line_id=own)
        return {one.type_id: one for one in found}

    def _price(self, type_id: int, night: date) -> int | None:
        plan = self.lines[0].plan.value() if self.lines else None
        with suppress(Refused):
            if plan is not None:
                return int(
                    self.office.ask(
                        rate_queries.quote, plan_id=plan, type_id=type_id, start=night, end=later(night, 1)
                    )[0].price
                )
        return None

    # -------------------------------------------------------------- saving
    @action(N_("Book"), key=keys.PRIMARY, operation=service.book, icon="check", kind="primary")
    def save(self) -> None:
        """Book, or save the change; then take the advance deposit."""
        if missing := self._missing():
            self.refuse(missing)
            return
        number = self._change(self.line) if self.line else self._book()
        if number is None:
            return
        line_id = self.line.line_id if self.line else self.office.ask(queries.lines_of, number=number)[0]
        if self.advance.value() and not self._take_advance(line_id):
            return
        said = (
            _("R-%(number)s has a room more.")
            if self.adding
            else _("R-%(number)s is changed.")
            if self.line
            else _("R-%(number)s is booked.")
        )
        self.leave_for("reservations", line_id=line_id, said=said % {"number": number})
        self._clear_lines()

    def _missing(self) -> str:
        return (
            self.form.missing()
            or self.customer_missing()
            or next(filter(None, (line.missing() for line in self.lines)), "")
        )

    def _dates(self) -> tuple[date, date]:
        return self.form["arrival"].value(), self.form["departure"].value()

    def _origin(self) -> dict[str, Any]:
        return {
            "phone": self.phone.value(),
            "source": self.source.value(),
            "channel": self.channel.value(),
            "reference": self.reference.value(),
            "company": self.company.value(),
            "payer": self.payer.value(),
            "remarks": self.remarks.value(),
            "do_not_disclose": self.secret.value(),
        }

    def _book(self) -> int | None:
        wishes = [wish for line in self.lines for wish in line.wishes(*self._dates())]
        made = self.run(
            service.book.of(
                guest_name=self.name.value(),
                rooms=wishes,
                state=self.state.value(),
                hold_until=self.hold.value() or None,
                **self.customer.fields(),
                **self._origin(),
            ),
            intent=self.intent,
        )
        return made.value if made else None

    def _change(self, r: LineRow) -> int | None:
        rooms = [wish for line in self.lines for wish in line.wishes(*self._dates())]
        if self.adding:
            made = bool(self.run(service.add_rooms.of(number=r.number, rooms=rooms), intent=self.intent))
        else:
            made = bool(
                self.run(
                    service.amend.of(
                        line_id=r.line_id,
                        wish=rooms[0],
                        more=rooms[1:],
                        guest_name=self.name.value(),
                        hold_until=self.hold.value() or None,
                        **self.customer.changed_fields(),
                        **self._origin(),
                    ),
                    intent=self.intent,
                )
            )
        return r.number if made else None

    def _take_advance(self, line_id: int) -> bool:
        """Take the money; what is booked stays booked when that is refused, and the form goes on with it."""
        if self.run(
            service.take_advance.of(
                line_id=line_id,
                method=self.method.value(),
                amount=known(self.advance.value()),
                reference=self.method.reference(),
            ),
            intent=self.advance_intent,
        ):
            return True
        if self.line is None:
            why = self.notes.text
            self.line = self.office.ask(queries.line, line_id=line_id)
            self._show_mode()
            self.refuse(
                _("R-%(number)s is booked, its advance deposit is not taken.") % {"number": self.line.number}
                + " "
                + why
            )
        return False


def _numbers(r: LineRow | None) -> dict[str, int | None]:
    """Return whose a booking is, by kind."""
    if r is None:
        return {}
    return {"member": r.member_number, "company": r.company_number, "channel": r.channel_number}
