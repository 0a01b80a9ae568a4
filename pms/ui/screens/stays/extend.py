"""Another day of departure: what each new night costs, whether the room is free, what an earlier day gives
up."""

from datetime import date, timedelta
from typing import Any

from PySide6.QtWidgets import QLayout, QWidget

from pms.core.errors import Refused
from pms.core.i18n import N_, _, ngettext
from pms.core.known import known
from pms.core.money import Money, show
from pms.services.property import queries as property_queries
from pms.services.rates.pricing import NightPrice
from pms.services.reservations import queries as booking_queries
from pms.services.stays import queries, service, vacancy
from pms.services.stays.queries import StayRow
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.amounts import Amount, Day, Number
from pms.ui.kit.desk import Screen
from pms.ui.kit.empty import Empty
from pms.ui.kit.flow import sums
from pms.ui.kit.forms import Form, Text
from pms.ui.kit.messages import note
from pms.ui.kit.parts import Badge, box, col, empty_out, label, row
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table
from pms.ui.screens.stays.stay_head import StayHead, change_panel, sheet

from .cover import DepositBox
from .spare import none_left

POSTED, KEPT, NEW, GONE = "posted", "kept", "new", "gone"
SIGNS = {
    POSTED: (N_("posted"), "block"),
    KEPT: (N_("booked"), "block"),
    NEW: (N_("new"), "expect"),
    GONE: (N_("released"), "warn"),
}
DAY = timedelta(days=1)
COLUMNS = (
    Column(N_("Night"), lambda n: formats.long_day(n[0].night), width=160, bold=True),
    Column(N_("Rule"), lambda n: n[0].rule, tone=lambda n: "muted"),
    Column("", lambda n: _(SIGNS[n[1]][0]), "badge", width=104, tone=lambda n: SIGNS[n[1]][1]),
    Column(
        N_("Price"),
        lambda n: n[0].price,
        "money",
        width=104,
        bold=True,
        strike=lambda n: n[1] == GONE,
    ),
)
"""A night and what becomes of it."""


class ExtendScreen(Screen):
    """Opened for one stay: ``go("extend", stay_id=7)``."""

    TOPICS = frozenset({"stays", "rooms", "rates", "reservations", "business_date"})

    def build(self) -> QLayout | QWidget:
        """Put the page together."""
        house = self.office.house()
        self.digits, self.stay_id, self.intent = house.digits, 0, ""
        self.stay: StayRow | None = None
        self.added: list[NightPrice] = []
        self.table = Table(
            COLUMNS,
            key=lambda n: n[0].night,
            digits=self.digits,
        )
        self.table.set_empty(Empty("calendar", _("This stay has no night with a price.")))
        self.head = StayHead()
        self.departure = Day(_("New departure"), today=house.business_date, required=True, check=self._check)
        self.nights = Number(_("More nights"), least=-99, most=365)
        self.price = Amount(_("Price per new night, if another"), digits=self.digits)
        self.reason = Text(_("Reason for the price"), longest=80)
        self.deposit = DepositBox(self.office, self.digits)
        self.form = Form(
            departure=self.departure,
            price=self.price,
            reason=self.reason,
            deposit=self.deposit.amount,
            method=self.deposit.method,
        )
        self.departure.changed.connect(self._day_changed)
        self.nights.changed.connect(self._count_changed)
        self.price.changed.connect(self._show)
        self.box, self.big = col(gap=12), self.button("extend")
        main = col(
            self.head.layout,
            (sheet(self.table), 1),
            gap=12,
            pad=(16, 12, 16, 12),
        )
        panel = change_panel(
            self,
            self.big,
            label(_("Extend or shorten"), "title"),
            row(self.departure, self.nights, None, gap=8),
            self.price,
            self.reason,
            box(self.box),
            self.deposit,
            width=384,
        )
        return row((box(main), 1), panel, gap=0)

    def start(self) -> QWidget | None:
        """Begin at the day."""
        return self.departure

    def open(self, stay_id: int = 0, **_what: Any) -> None:
        """Show a stay with one more night proposed."""
        self.stay_id, self.intent = stay_id or self.stay_id, self.office.new_intent()
        self.notes.clear()
        self.deposit.clear()
        self.mark_stale()
        if self.stay is not None:
            self.price.set_value(None)
            self.reason.set_value("")
            self.departure.set_value(max(self.stay.departure, self.today) + DAY)
            self._day_changed()
            self.departure.line.selectAll()

    def refresh(self) -> None:
        """Read the stay anew."""
        if not self.stay_id:
            return
        self.today = self.office.house().business_date
        self.departure.today = self.today
        self.stay = s = self.office.ask(queries.stay, stay_id=self.stay_id, business_date=self.today)
        self.cover = self.office.ask(queries.cover, stay_id=self.stay_id, business_date=self.today)
        self.options = self.office.ask(property_queries.setting).options
        self.booked = [
            NightPrice(n.night, n.price, n.rule)
            for n in self.office.ask(booking_queries.nights, line_id=s.line_id)
        ]
        self.head.show_stay(s)
        self._show()

    def _check(self, day: date) -> str:
        if self.stay is None:
            return ""
        if day < self.today:
            return _("Not before today, %(day)s.") % {"day": formats.day(self.today)}
        return _("That is the departure already.") if day == self.stay.departure else ""

    def _wanted(self) -> date | None:
        try:
            return self.departure.value()
        except Refused:
            return None

    def _day_changed(self) -> None:
        day = self._wanted()
        if day is not None and self.stay is not None:
            self.nights.set_value(str((day - self.stay.departure).days))
        self._show()

    def _count_changed(self) -> None:
        try:
            count = self.nights.value()
        except Refused:
            return
        if count is not None and self.stay is not None:
            self.departure.set_value(self.stay.departure + DAY * count)
            self._show()

    def _show(self) -> None:
        """Show every night with its price, and what the change adds up to."""
        if self.stay is None:
            return
        day = self._wanted() or self.stay.departure
        self.added, trouble = self._priced(day)
        gone = max(day, self.today) if day < self.stay.departure else date.max
        rows = [(n, self._state(n.night, gone)) for n in self.booked] + [(n, NEW) for n in self.added]
        self.table.show_rows(rows)
        empty_out(self.box)
        self._say(day, [n for n, state in rows if state == GONE], trouble)
        self.deposit.show_missing(
            self.cover,
            self.options,
            sum(n.price for n in self.added),
            max((day - self.stay.departure).days, 0),
        )
        words = _("Extend to %(day)s") if day >= self.stay.departure else _("Shorten to %(day)s")
        self.big.say(words % {"day": formats.long_day(day)})
        self.update_actions()

    def _state(self, night: date, gone: date) -> str:
        """Say what becomes of a night that was agreed: posted by an audit, booked, or given up."""
        if night < self.today:
            return POSTED
        return GONE if night >= gone else KEPT

    def _priced(self, day: date) -> tuple[list[NightPrice], str]:
        try:
            added = self.office.ask(vacancy.more_nights, stay_id=self.stay_id, departure=day)
        except Refused as refusal:
            return [], str(refusal)
        given = self._given()
        return [
            NightPrice(n.night, given, self.reason.value()) if given is not None else n for n in added
        ], ""

    def _given(self) -> Money | None:
        try:
            return self.price.value()
        except Refused:
            return None

    def _say(self, day: date, gone: list[NightPrice], trouble: str) -> None:
        assert self.stay is not None
        nights = gone or self.added
        if nights:
            count = ngettext("%(n)s night", "%(n)s nights", len(nights)) % {"n": len(nights)}
            total = show(sum(n.price for n in nights), self.digits)
            answer = (_("Released"), "\u2212" + total, "") if gone else (_("New nights"), total, "")
            self.box.addWidget(sums(count, [], answer))
        if trouble:
            self.box.addWidget(note("warn", trouble))
        for night, who in self.office.ask(vacancy.in_the_way, stay_id=self.stay_id, departure=day)[:1]:
            self.box.addWidget(
                note(
                    "bad",
                    _("%(room)s is not available on %(night)s: %(who)s.")
                    % {"room": self.stay.room, "night": formats.long_day(night), "who": who},
                    _("Move the guest or that booking to another room."),
                    row(self.button("room_change"), None, pad=(0, 4, 0, 0)),
                )
            )
        words, tone = self._none_left(day)
        if words:
            self.box.addWidget(note(tone, words, _("Somebody who is booked needs this room then.")))
        if self.stay.departure <= self.today and day > self.stay.departure:
            self.box.addWidget(row_badge(_("The room cards are cut again with the new time.")))

    def _none_left(self, day: date) -> tuple[str, str]:
        s = self.stay
        if s is None or day <= s.departure:
            return "", ""
        return none_left(
            self.office,
            s.type_id,
            s.type_name,
            arrival=s.arrival,
            departure=day,
            first=s.departure,
            line_id=s.line_id,
        )

    @action(N_("Extend"), key=keys.PRIMARY, operation=service.extend, icon="calendar", kind="primary")
    def extend(self) -> None:
        """Change the day of departure."""
        if missing := self.form.missing():
            self.refuse(missing)
            return
        day, given = known(self.departure.value()), self.price.value()
        prices = tuple(given for _n in self.added) if given is not None and self.added else None
        reason, paid = self.reason.value(), self.deposit.paid()
        said = self.deposit.said(self._said(day), paid)
        if paid is not None:
            longer = service.extend_and_take.of(
                stay_id=self.stay_id, departure=day, deposit=paid, prices=prices, price_reason=reason
            )
            done = self.run(longer, intent=self.intent)
        else:
            done = self.run(
                service.extend.of(stay_id=self.stay_id, departure=day, prices=prices, price_reason=reason)
            )
        if done:
            self.leave_for("folios", stay_id=self.stay_id, said=said)

    def _said(self, day: date) -> str:
        """Return what is done, to be said on the folio."""
        assert self.stay is not None
        facts = {"room": self.stay.room, "day": formats.long_day(day)}
        if day < self.stay.departure:
            return _("%(room)s is shortened to %(day)s.") % facts
        total = show(sum(n.price for n in self.added), self.digits)
        count = ngettext("%(n)s night", "%(n)s nights", len(self.added)) % {"n": len(self.added)}
        return _("%(room)s is extended to %(day)s: %(nights)s, %(sum)s.") % {
            **facts,
            "nights": count,
            "sum": total,
        }

    def can_extend(self) -> str:
        """Say why not."""
        if self.stay is None:
            return _("No guest is selected.")
        return (
            ""
            if self.stay.state == "in_house"
            else _("%(guest)s has left already.") % {"guest": self.stay.guest}
        )

    @action(N_("Room change"), key=keys.ROOM_CHANGE, operation=service.change_room, icon="room-change")
    def room_change(self) -> None:
        """Go on to the room change."""
        self.go("room_change", stay_id=self.stay_id)

    @action(N_("Folio"), key=keys.FOLIO)
    def folio(self) -> None:
        """Go to the stay's folio."""
        self.go("folios", stay_id=self.stay_id)


def row_badge(words: str) -> QWidget:
    """Make a quiet line with a card beside it."""
    return box(row(Badge(_("Cards"), "expect", "key-card"), (label(words, "meta", wrap=True), 1), gap=8))
