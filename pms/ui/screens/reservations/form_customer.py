"""What follows in the booking form when a member, a company or a channel is chosen: source, names, plan and
who pays."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.offers import Customer
from pms.core.permissions import Permission
from pms.services.channels import queries as channel_queries
from pms.services.companies import queries as company_queries
from pms.services.members import queries as member_queries
from pms.services.rates import queries as rate_queries
from pms.ui.kit import formats
from pms.ui.kit.parts import set_tone
from pms.ui.screens.reservations.form_fields import BookingFields
from pms.ui.screens.reservations.room_line import RoomLine, later

SOURCE = "phone"
FIGURES = 7
"""A phone with fewer figures is still being typed."""


class BookingCustomer(BookingFields):
    """Fills the form by whom the price is agreed with; whatever it fills can be typed over."""

    def follow_customer(self) -> None:
        """Have source, names, plan and payer follow who is chosen."""
        self.customer.chosen.connect(self._customer_chosen)
        self.customer.dropped.connect(self._customer_dropped)
        self.phone.changed.connect(self._greet)
        for kind, field in (("company", self.company), ("channel", self.channel)):
            field.line.textEdited.connect(lambda _text, kind=kind: self.customer.drop(kind))

    def _begin_customer(self, numbers: Mapping[str, int | None]) -> None:
        day: date = self.arrival.today
        with suppress(Refused):
            day = self.arrival.value() or day
        self.customer.begin(day, {p.id: p.name for p in self.offer.plans}, numbers)
        self._greet()

    def _greet(self) -> None:
        """Welcome the member whose phone was typed, by name and level."""
        phone = self.phone.value()
        whole = sum(sign.isdigit() for sign in phone) >= FIGURES and self.office.clerk.may(
            Permission.GUESTS_READ
        )
        known = self.office.ask(member_queries.find, text=phone, most=2) if whole else []
        m = next((one for one in known if one.ended_on is None), None)
        self.greeting.setVisible(m is not None)
        if m is None:
            return
        why = m.why_not(self.arrival.today)
        words = _("%(level)s %(name)s, %(member)s") % {"level": m.level, "name": m.name, "member": m.shown}
        self.greeting.setText(why or formats.commas((words, m.gives)))
        set_tone(self.greeting, "warn" if why else "good")

    def customer_missing(self) -> str:
        """Say that somebody was typed and not taken from the list."""
        if not self.customer.typed_over():
            return ""
        self.customer.finder.setFocus()
        return _("Take the member, company or channel from the list, or clear the field.")

    def _customer_chosen(self, found: Customer) -> None:
        self.source.set_value(found.kind)
        if found.kind == "company":
            self.company.set_value(found.name)
        elif found.kind == "channel":
            self.channel.set_value(found.name)
        elif not self.name.value():
            self.name.set_value(found.name)
        self.payer.set_value(self._who_pays(found))
        for line in self.lines:
            if self._priced(line, found.plan_id):
                line.plan.set_value(found.plan_id)
        self._later()
        self.customer.finder.setFocus()

    def _who_pays(self, found: Customer) -> str:
        """Return who usually pays: a company that may owe, a channel that is paid first, else the guest."""
        if found.kind == "company":
            company = self.office.ask(company_queries.company, number=found.number)
            return "company" if company is not None and company.credit_limit else "guest"
        if found.kind == "channel":
            channel = self.office.ask(channel_queries.channel, number=found.number)
            return "channel" if channel is not None and channel.settles != "hotel" else "guest"
        held: str = self.payer.value()
        return held

    def _priced(self, line: RoomLine, plan_id: int | None) -> bool:
        """Say whether a plan has a price for the type of a line on the first night."""
        if plan_id is None:
            return False
        with suppress(Refused):
            first = self.arrival.value() or self.arrival.today
            type_id = line.type.value()
            nights = self.office.ask(
                rate_queries.quote, plan_id=plan_id, type_id=type_id, start=first, end=later(first, 1)
            )
            return bool(nights)
        return False

    def _customer_dropped(self, kind: str) -> None:
        if kind in ("company", "channel"):
            (self.company if kind == "company" else self.channel).set_value("")
        if self.source.value() == kind:
            self.source.set_value(SOURCE)
        if self.payer.value() == kind:
            self.payer.set_value("guest")
        agreed = {one.plan_id for one in self.customer.held.values()}
        usual = next((p.id for p in self.offer.plans if p.active), None)
        for line in self.lines:
            plan = next((p for p in self.offer.plans if p.id == line.plan.value()), None)
            if plan is not None and plan.kind in ("member", "agreement") and plan.id not in agreed:
                line.plan.set_value(usual)
        self._later()
