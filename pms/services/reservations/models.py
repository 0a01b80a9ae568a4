"""Bookings, their rooms and the price of each night."""

import functools
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    case,
    exists,
    false,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column

from pms.core.errors import Refused
from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.db.base import PRIVATE, Base, Table, table_of
from pms.db.clashes import clash
from pms.db.sealed import Sealed
from pms.services.guests.models import HIDDEN, IN_ORDER

HOLDING = ("tentative", "confirmed", "guaranteed")
"""States of a booked room that is still to come and holds inventory."""
PHONED = text("phone <> ''")
"""Bookings that still say a phone: few, once those of long ago are erased."""
_OPEN = text("state IN ('tentative', 'confirmed', 'guaranteed', 'waiting')")
STEPS: dict[str, tuple[str, ...]] = {
    "waiting": ("tentative", "confirmed", "guaranteed", "cancelled"),
    "tentative": ("confirmed", "guaranteed", "cancelled", "no_show", "in_house"),
    "confirmed": ("guaranteed", "cancelled", "no_show", "in_house", "tentative"),
    "guaranteed": ("confirmed", "cancelled", "no_show", "in_house"),
    "in_house": ("departed", *HOLDING),
    "departed": ("in_house",),
    "cancelled": HOLDING,
    "no_show": ("in_house", *HOLDING),
}
STATE_NAMES = {
    "tentative": N_("Tentative"),
    "waiting": N_("Wait-listed"),
    "confirmed": N_("Confirmed"),
    "guaranteed": N_("Guaranteed"),
    "in_house": N_("Checked in"),
    "departed": N_("Checked out"),
    "cancelled": N_("Cancelled"),
    "no_show": N_("No-show"),
}

PAYERS = {"guest": N_("Guest"), "channel": N_("Channel"), "company": N_("Company")}
"""Who pays for the room."""


def payer_words(payer: str, channel: str, company: str) -> str:
    """Say who pays, with the name of a channel or a company."""
    name = {"channel": channel, "company": company}.get(payer, "")
    told = {"payer": _(PAYERS[payer]), "name": name}
    return _("%(payer)s: %(name)s") % told if name else told["payer"]


def hidden_name() -> str:
    """Return what stands in the place of a name that is not to be disclosed."""
    return _("Do not disclose")


class Reservation(Table):
    """A booking: who made it, how it came in, until when it is held.

    ``company`` and ``channel`` are words; where their record is known, its number stands beside them.
    ``settles`` is how the channel pays this order (``prepaid``, ``credit``), empty for its usual way.
    ``do_not_disclose``: nobody is told that this guest comes; the check-in carries it to the guest's record.
    """

    __tablename__ = "reservation"
    number: Mapped[int] = mapped_column(unique=True)
    guest_name: Mapped[str]
    search: Mapped[str] = mapped_column(default="", index=True, info=PRIVATE)
    phone: Mapped[str] = mapped_column(Sealed("number"), default="", info=PRIVATE)
    do_not_disclose: Mapped[bool] = mapped_column(default=False, server_default=false())
    source: Mapped[str] = mapped_column(String(32), default="phone")
    channel: Mapped[str] = mapped_column(default="")
    reference: Mapped[str] = mapped_column(default="")
    company: Mapped[str] = mapped_column(default="")
    payer: Mapped[str] = mapped_column(String(8), default="guest", server_default="guest")
    member_number: Mapped[int | None]
    company_number: Mapped[int | None]
    channel_number: Mapped[int | None]
    settles: Mapped[str] = mapped_column(String(8), default="", server_default="")
    hold_until: Mapped[str] = mapped_column(String(5), default="18:00")
    remarks: Mapped[str] = mapped_column(default="")
    made_on: Mapped[date]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None]
    import_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    __table_args__ = (Index("ix_reservation_phoned", "id", sqlite_where=PHONED, postgresql_where=PHONED),)

    @property
    def listed(self) -> str:
        """Return the name as others than the guest read it: not of one who is not to be disclosed."""
        return hidden_name() if self.do_not_disclose else self.guest_name


class BookedRoom(Table):
    """One room of a booking; ``counted_type_id`` is the type whose inventory it uses, which check-in may
    change.

    ``kept_until``: a guaranteed guest did not come by the close, may still be let in, and the nights to come
    are held.
    """

    __tablename__ = "booked_room"
    reservation_id: Mapped[int] = mapped_column(ForeignKey("reservation.id"), index=True)
    type_id: Mapped[int] = mapped_column(ForeignKey("room_type.id"))
    counted_type_id: Mapped[int] = mapped_column(ForeignKey("room_type.id"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("rate_plan.id"))
    arrival: Mapped[date]
    departure: Mapped[date]
    adults: Mapped[int] = mapped_column(default=1)
    children: Mapped[int] = mapped_column(default=0)
    breakfast: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10))
    before: Mapped[str] = mapped_column(String(10), default="")
    state_at: Mapped[datetime]
    state_by: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")
    kept_until: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("arrival <= departure", name="dates"),
        Index(
            "ix_booked_room_kept",
            "kept_until",
            sqlite_where=text("kept_until IS NOT NULL"),
            postgresql_where=text("kept_until IS NOT NULL"),
        ),
        Index(
            "ix_booked_room_coming",
            "arrival",
            "state",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_booked_room_arrival", "arrival", "state"),
    )

    def can(self, state: str) -> bool:
        """Say whether the room may go to this state; the button's twin of ``go``."""
        return state in STEPS[self.state]

    def go(self, state: str, at: datetime, by: int | None, reason: str = "") -> None:
        """Go to another state; refuses an illegal step by name."""
        if state == self.state:
            raise Refused(_("This booking is “%(now)s” already.") % {"now": _(STATE_NAMES[state])})
        if not self.can(state):
            raise Refused(
                _("A booking that is “%(now)s” cannot become “%(then)s”.")
                % {"now": _(STATE_NAMES[self.state]), "then": _(STATE_NAMES[state])}
            )
        self._set(state, at, by, reason)

    def put_back(self, state: str, at: datetime, by: int | None, reason: str) -> None:
        """Stand as a check-in found it that is taken back: also cancelled or a no-show again."""
        self._set(state, at, by, reason)

    def _set(self, state: str, at: datetime, by: int | None, reason: str) -> None:
        self.before, self.state, self.state_at, self.state_by, self.reason = self.state, state, at, by, reason


OPEN = table_of(BookedRoom).c.state.in_([literal_column(f"'{state}'") for state in (*HOLDING, "waiting")])
"""Still to come, or on the wait-list. The values are written out: with bound ones the planner cannot use the
index that holds open bookings only."""
COMING = OPEN & (table_of(BookedRoom).c.state != literal_column("'waiting'"))
"""Still to come and holding inventory."""


def listed_name(booking: Any = Reservation) -> ColumnElement[str]:
    """Return the name of a booking as lists, findings and papers that others see show it: not of a guest who
    is not to be disclosed. ``booking`` is the model or its table's columns."""
    return case((booking.do_not_disclose, HIDDEN), else_=booking.guest_name)


def kept_name(name: Any, line_id: Any) -> ColumnElement[str]:
    """Return likewise a name that another record keeps of a booked room."""
    b, r = _its_booking()
    secret = exists().where(b.id == line_id, r.id == b.reservation_id, r.do_not_disclose)
    return case((secret, HIDDEN), else_=name)


@functools.cache
def _its_booking() -> tuple[type[BookedRoom], type[Reservation]]:
    """An alias is dear to make and asked for with every search."""
    return aliased(BookedRoom), aliased(Reservation)


class BookingWord(Base):
    """A word that begins a spelling of the name, or a mark of the phone number, of a booking that came to
    nothing or whose guests bear other names: it is found in a stretch of the key, however many there were."""

    __tablename__ = "booking_word"
    audited = False
    word: Mapped[str] = mapped_column(IN_ORDER, primary_key=True, info=PRIVATE)
    reservation_id: Mapped[int] = mapped_column(ForeignKey("reservation.id"), primary_key=True, index=True)
    __table_args__ = {"sqlite_with_rowid": False}


class NightRate(Base):
    """The price of one night of a booked room, with its arithmetic in words."""

    __tablename__ = "night_rate"
    audited = False
    line_id: Mapped[int] = mapped_column(ForeignKey("booked_room.id"), primary_key=True)
    night: Mapped[date] = mapped_column(primary_key=True)
    price: Mapped[Money]
    rule: Mapped[str] = mapped_column(default="")
    __table_args__ = ({"sqlite_with_rowid": False},)


for _mark in ("uq_reservation_import_key", "reservation.import_key"):
    clash(
        _mark,
        N_("These bookings are being imported at another workstation. Look at the list before you go on."),
    )
