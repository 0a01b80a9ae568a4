"""Check-in: room, guests, price, deposit, cards and papers in one flow that ends with one key."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout

from pms.core.errors import Refused
from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.core.offers import Customer
from pms.devices.identity import Identity
from pms.services.cards import service as cards
from pms.services.guests import queries as guest_queries
from pms.services.property import queries as property_queries
from pms.services.rates import queries as rate_queries
from pms.services.reservations import queries as reservation_queries
from pms.services.reservations import service as reservations
from pms.services.rooms import queries as room_queries
from pms.services.stays import service
from pms.services.stays.service import Paid
from pms.ui.kit import background, drafts, keys
from pms.ui.kit.actions import action

from .check_in_form import END, FLOW
from .check_in_price import CheckInPrice, read
from .guest_line import GuestLine
from .room_picker import ALL


class CheckInScreen(CheckInPrice):
    """Opened for a booked room (``line_id``), a free room (``room_id``) or, with nothing, for a walk-in."""

    TOPICS = frozenset(
        {"rooms", "stays", "reservations", "rates", "cards", "print_jobs", "business_date", "property"}
    )

    def build(self) -> QLayout:
        """Put the form together and have it reckoned as it is typed."""
        made = super().build()
        self._soon.timeout.connect(self.look)
        self.customer.chosen.connect(self._customer_chosen)
        self.customer.dropped.connect(self._customer_dropped)
        return made

    # -------------------------------------------------------------- opening
    def open(
        self,
        line_id: int | None = None,
        room_id: int | None = None,
        guest: str = "",
        phone: str = "",
        guest_id: int | None = None,
        **_more: Any,
    ) -> None:
        """Begin with a booked room, a free room, a guest who is known, or none of them."""
        self._stale, self._begun, self.unfolded = False, True, False
        self._deposit_typed = self._cards_typed = False
        self._turn(FLOW)
        self.notes.clear()
        self.intent = self.office.new_intent()
        self.line = (
            self.office.ask(reservation_queries.line, line_id=line_id) if line_id is not None else None
        )
        self._load()
        self.guests.today = self.today
        self.guests.begin(
            self.line.guest_name if self.line else guest, self.line.phone if self.line else phone
        )
        if guest_id is not None:
            self.guests.lines[0].take(self.office.ask(guest_queries.one, guest_id=guest_id))
        self._show_stay(self.line)
        self._ask_rooms()
        self._first_room(room_id)
        self.look()
        self._untouched = self._guests_typed()
        if (
            self.line is not None
            and not self.line.awaited
            and (not self.line.open or self.line.state == "waiting")
        ):
            self.refuse(_("%(state)s: this booking cannot be checked in.") % {"state": self.line.state_name})

    def _load(self) -> None:
        setting = self.office.ask(property_queries.setting)
        self.options, self.digits, self.today, self.zone = (
            setting.options,
            setting.digits,
            setting.business_date,
            setting.zone,
        )
        self.price.digits = self.deposit.digits = self.digits
        self.leaving.today = self.today
        self.plans = [p for p in self.office.ask(rate_queries.plans) if p.active]
        self.plan.set_options([(p.id, p.name) for p in self.plans])
        self._begin_customer({})
        self.held.look()
        types = [(t.id, t.name) for t in self.office.ask(room_queries.types) if t.active]
        r = self.line
        self.chooser.begin(
            types, r.type_id if r else ALL, r.plan_id if r else self.plan.value(), self.today, self.digits
        )

    def _first_room(self, room_id: int | None) -> None:
        """Take the room that was asked for or is booked, else the first clean one of the booked type."""
        wanted = room_id or (self.line.room_id if self.line else None)
        if wanted is not None:
            found = next((r for r in self.office.ask(room_queries.rooms) if r.id == wanted), None)
            self._set_room(found.number if found else "")
        elif self.line is not None:
            clean = self.chooser.first_clean(self.line.type_id)
            self._set_room(clean.number if clean else "")
        else:
            self._set_room("")

    def refresh(self) -> None:
        """Look again at the rooms, or at what has become of cards and papers; what is typed stays."""
        if self.pages.currentIndex() == END:
            self.ended.look(self.office)
        elif not self._begun:
            self.open()
        elif self.today != self.office.house().business_date and self.typed() is None:
            room = self._room()  # the day has been closed meanwhile
            self.open(
                line_id=self._line_id(),
                room_id=room.room_id if room is not None and self.line is None else None,
            )
        else:
            self._dates_changed()

    def retype(self, typed: dict[str, Any]) -> None:
        """Type the guests and the form again."""
        while len(self.guests.lines) < len(typed["guests"]):
            self.guests.add()
        for line, facts in zip(self.guests.lines, typed["guests"], strict=False):
            drafts.write(drafts.fields_of(line), facts)
            line.abroad.setVisible(line.foreign())
            line.say()
        drafts.write(self._told_fields(), typed["form"])
        self.paper.set_value(typed["paper"])
        self._begin_customer(typed.get("customer", {}))
        self._deposit_typed, self._cards_typed = typed["deposit_typed"], typed.get("cards_typed", False)
        self._ask_rooms()
        self._set_room(self.room.value())
        self.look()

    # -------------------------------------------------------------- actions of the flow
    @action(N_("Check in"), key=keys.PRIMARY, operation=service.check_in, icon="check-in", kind="primary")
    def check_in_now(self) -> None:
        """Check in, with deposit, cards and registration card in the same step."""
        missing, room = self._missing(), self._room()
        if missing or room is None:
            self.refuse(missing)
            return
        taken = self._taken()
        given = {
            "room_id": room.room_id,
            "guests": [line.person() for line in self.guests.lines],
            "cards_wanted": self.cards.value(),
            "kind": self.kind.value(),
            "deposit": self._paid(Money(taken)) if taken and not self.held.on() else None,
            "print_registration": self.paper.value(),
        }
        if taken and self.held.on():
            given["hold"] = self.held.hold(Money(taken))
        if self.line is not None:
            made = self.run(service.check_in.of(line_id=self.line.line_id, **given), intent=self.intent)
        else:
            made = self.run(service.walk_in.of(**given, **self._walk_in()), intent=self.intent)
        if made:
            self._turn(END)
            self.ended.show_stay(self.office, int(made.value))
            self.update_actions()
            self.next.setFocus()

    def can_check_in_now(self) -> str:
        """Not after the end."""
        return self._only_in_flow()

    def _walk_in(self) -> dict[str, Any]:
        price, dates = self.price.value(), self._dates()
        nights = (dates[1] - dates[0]).days if dates else 0
        return {
            "departure": self.leaving.value(),
            "adults": self.adults.value() or 0,
            "children": self.minors.value() or 0,
            "plan_id": self.plan.value(),
            **self.customer.fields(),
            "prices": None if price is None else (int(price),) * max(nights, 1),
        }

    def _paid(self, taken: Money) -> Paid:
        return Paid(self.method.value(), taken, reference=self.method.reference())

    def _missing(self) -> str:
        """Check everything, go to the first that is wrong and return what is wrong with it."""
        if missing := self.guests.missing():
            return missing
        for field in (
            self.room,
            *(self.walk_in_fields if self.line is None else ()),
            self.deposit,
            self.method,
            *(self.held.fields() if self.held.on() and self._taken() else ()),
            self.cards,
        ):
            if not field.validate():
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                return field.shown_error()
        if self.line is None and self.customer.typed_over():
            self.customer.finder.setFocus()
            return _("Take the member, company or channel from the list, or clear the field.")
        return ""

    # -------------------------------------------------------------- whom the price is agreed with
    def _begin_customer(self, numbers: Mapping[str, int | None]) -> None:
        self.customer.begin(self.today, {p.id: p.name for p in self.plans}, numbers)

    def _customer_chosen(self, found: Customer) -> None:
        if any(p.id == found.plan_id for p in self.plans):
            self.plan.set_value(found.plan_id)
        if found.kind == "member" and not self.guests.lines[0].name.value():
            self.guests.lines[0].name.set_value(found.name)
        self.customer.finder.setFocus()
        self.look()

    def _customer_dropped(self, _kind: str) -> None:
        agreed = {one.plan_id for one in self.customer.held.values()}
        plan = next((p for p in self.plans if p.id == self.plan.value()), None)
        if plan is not None and plan.kind in ("member", "agreement") and plan.id not in agreed:
            self.plan.set_value(self.plans[0].id)
        self.look()

    @action(N_("Read document"), key="Ctrl+U", icon="user")
    def read_document(self) -> None:
        """Fill the guest from the identity reader; typing goes on meanwhile, and a reader that fails only
        says so."""
        reader = self.office.devices["identity"]
        line = next((x for x in self.guests.lines if x.pending()), self.guests.lines[0])
        self.notes.inform(_("Lay the document on the reader."), icon="user")
        background.run(self, reader.read, lambda found: self._document(line, found), self._failed)

    def _document(self, line: GuestLine, found: Identity) -> None:
        if line not in self.guests.lines:
            return
        try:
            differs = line.read(found)
        except Refused as misread:
            self.refuse(misread)
            return
        if differs:
            self.notes.warn(differs)
        else:
            self.notes.good(_("%(name)s is read from the document.") % {"name": line.name.value()})

    def can_read_document(self) -> str:
        """Only in the flow and with a reader."""
        return self._only_in_flow() or (
            ""
            if "identity" in self.office.devices
            else _("No identity reader is set up here. One that types like a keyboard needs no key.")
        )

    @action(N_("Another guest"), key="Ctrl+T")
    def add_guest(self) -> None:
        """Add a sharer."""
        self.guests.add().name.setFocus()
        if self.line is None and (read(self.adults) or 0) < len(self.guests.lines):
            self.adults.set_value(len(self.guests.lines))
        self.look()

    def can_add_guest(self) -> str:
        """Not after the end."""
        return self._only_in_flow()

    @action(N_("Price by night"), key=keys.MORE)
    def unfold(self) -> None:
        """Show each night with its price and rule, or fold them to one line again."""
        self.unfolded = not self.unfolded
        self.look()

    def can_unfold(self) -> str:
        """Only where there are several nights."""
        return self._only_in_flow() or ("" if len(self.nights) > 1 else _("There is no more than one night."))

    @action(N_("Change the booking"), key=keys.CHANGE, operation=reservations.amend)
    def change_booking(self) -> None:
        """Go to the booking's form."""
        if self.line is not None:
            self.go("booking", line_id=self.line.line_id)

    def can_change_booking(self) -> str:
        """Only where there is one."""
        return self._only_in_flow() or ("" if self.line else _("This check-in is without a booking."))

    def _only_in_flow(self) -> str:
        return (
            _("This guest is checked in. Go to the next arrival.") if self.pages.currentIndex() == END else ""
        )

    # -------------------------------------------------------------- actions of the end
    @action(N_("Cut again"), key="Ctrl+Shift+K", operation=cards.again, icon="key-card")
    def again(self) -> None:
        """Have the cards that failed cut once more; the check-in stands whatever the encoder does."""
        self.run(cards.again.of(stay_id=self.ended.stay_id), said=_("The cards wait for the encoder again."))

    def can_again(self) -> str:
        """Only after the end, and where a card has failed."""
        return self._only_at_end() or ("" if self.ended.failed() else _("No card has failed."))

    @action(N_("Folio"), key=keys.FOLIO, icon="receipt")
    def folio(self) -> None:
        """Go to the folio of the stay just opened."""
        self.go("folios", stay_id=self.ended.stay_id)

    def can_folio(self) -> str:
        """Only after the end."""
        return self._only_at_end()

    @action(N_("Back to arrivals"), icon="check-in", kind="primary")
    def finish(self) -> None:
        """Go to who is still to come."""
        self._begun = False
        self._turn(FLOW)
        self.mark_stale()
        self.leave_for("stays", which="arrivals")

    def finished(self) -> bool:
        """Say whether the guest is in."""
        return self.work_done or self.pages.currentIndex() == END

    def can_finish(self) -> str:
        """Only after the end."""
        return self._only_at_end()

    def _only_at_end(self) -> str:
        return "" if self.pages.currentIndex() == END else _("The guest is not checked in yet.")
