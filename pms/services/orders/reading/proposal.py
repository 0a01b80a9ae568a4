"""What was understood of an order, where it stands in the text, and what stays open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from pms.core.i18n import N_, _

NEW, CHANGE, CANCEL, CANCEL_REQUEST = "new", "change", "cancel", "cancel_request"
ACTIONS = {
    NEW: N_("New order"),
    CHANGE: N_("Changed order"),
    CANCEL: N_("Cancelled order"),
    CANCEL_REQUEST: N_("Asked to cancel"),
}
PREPAID, AT_HOTEL, GUARANTEED, CREDIT = (
    "prepaid",
    "pay_at_hotel",
    "pay_at_hotel_guaranteed",
    "credit_by_channel",
)
PAYMENTS = {
    PREPAID: N_("Prepaid to the channel"),
    AT_HOTEL: N_("Paid at the hotel"),
    GUARANTEED: N_("Paid at the hotel, guaranteed"),
    CREDIT: N_("On the channel's credit"),
}
VIRTUAL, MASKED, ABROAD = "virtual", "masked", "abroad"
STATED, LESS_COMMISSION = "stated", "sell_minus_commission"
FIELDS = {
    "layout": N_("Channel"),
    "hotel": N_("Hotel"),
    "action": N_("Kind of order"),
    "reference": N_("Channel's order no."),
    "arrival": N_("Arrival"),
    "departure": N_("Departure"),
    "rooms": N_("Number of rooms"),
    "room": N_("Room type"),
    "guests": N_("Guest"),
    "payment": N_("How it is paid"),
    "sell": N_("Sell price"),
    "settle": N_("Settle price"),
    "commission": N_("Commission"),
    "price": N_("Price per night"),
    "hours": N_("Hours"),
    "currency": N_("Currency"),
    "ages": N_("Children's ages"),
    "phone": N_("Phone"),
    "extras": N_("Extras"),
}
"""The fields of an order that may stay open."""
WORDS = {
    "empty": N_("There is no text. Copy the order on the channel's page and paste it here."),
    "too_long": N_("This is longer than any order. Copy one order only."),
    "layout": N_(
        "No known channel writes like this. Nothing of it was understood: enter the booking by hand."
    ),
    "layouts": N_("This may be an order of %(what)s. Copy the whole order once more."),
    "several": N_("The text holds several orders: %(what)s. Paste one at a time."),
    "two": N_("The text says it twice and differently: %(what)s."),
    "other_hotel": N_("This order is for another hotel: %(what)s."),
    "missing": N_("Not in the text. Is it cut off?"),
    "notice": N_("This is a notice, not an order: fetch the order on the channel's page."),
    "cut": N_("The text ends in the midst of it: %(what)s."),
    "maybe_cancelled": N_("The text speaks of a cancellation: %(what)s. Say what the order is."),
    "length": N_("An order number of this channel has %(what)s characters."),
    "lost": N_("The spreadsheet has lost the last figures of this number: %(what)s."),
    "tail": N_("Only the end of the number is told: %(what)s."),
    "no_year": N_("No year is told; the next such day is taken: %(what)s."),
    "weekday": N_("Day and weekday do not agree: %(what)s."),
    "order_of_days": N_("The departure is not after the arrival."),
    "nights": N_("The text says %(what)s nights, the dates another number."),
    "past": N_("The arrival is over. This is history, not a booking."),
    "type": N_("“%(what)s” is no room type of the house: choose one, it is remembered."),
    "type_guess": N_("Taken for this type by “%(what)s”: confirm it once, it is remembered."),
    "assumed_one": N_("How many rooms is not told: one is taken."),
    "rooms_differ": N_("The prices are for another number of rooms: %(what)s."),
    "masked": N_("The name is masked: complete it at check-in."),
    "one_name": N_("The surname is not told."),
    "who_sleeps": N_("Who sleeps in which room is not told."),
    "phone_masked": N_("A masked phone is not kept."),
    "phone_virtual": N_("A number of the channel with an extension, not the guest's own."),
    "payment": N_("“%(what)s” is no payment that is known here."),
    "as_usual": N_("Not told how it is paid: taken as this channel's orders are."),
    "credit": N_("Nothing is taken at the desk: the channel settles after the departure."),
    "guaranteed": N_("Guaranteed by the channel, paid at the hotel all the same."),
    "no_price": N_("No price is told."),
    "nights_are_settle": N_(
        "The price per night is the settle price; the sell price is known as a total only."
    ),
    "nights_disagree": N_(
        "The nights come to %(what)s: neither the sell nor the settle total. They are not taken."
    ),
    "nights_missing": N_("There is not one price for every night. They are not taken."),
    "net": N_("The price per night is without tax: %(what)s. It is not taken."),
    "sums": N_("Sell price, commission and settle price do not agree: %(what)s."),
    "below": N_("The settle price is above the sell price."),
    "unproved": N_("Nothing else in the text proves the total."),
    "no_nights": N_("No price per night is told; the total by the nights is proposed."),
    "no_settle": N_("Neither settle price nor commission is told."),
    "rounded": N_("%(what)s is rounded to the cent."),
    "foreign": N_("In %(what)s, not in the hotel's currency: no amount is taken."),
    "hour_room": N_("An hour room: the channel's departure is no night."),
    "hours": N_("The hours are not told, only when they may be."),
    "late": N_("The guest comes after midnight: the night before is booked."),
    "promise": N_("Promised to the guest: %(what)s."),
    "ages": N_("A child's age is not told."),
    "split": N_("Rooms of several types in one line: book them by hand."),
}
"""Why something stays open."""
_STOPPING = """
    empty too_long layout layouts several two other_hotel missing notice cut maybe_cancelled length tail lost
    weekday order_of_days nights past type payment no_price nights_disagree nights_missing sums below
    rooms_differ foreign split hours
"""
STOPS = frozenset(_STOPPING.split())
"""What a person must decide before anything is booked; the others are read and confirmed by the booking."""
MONEY = frozenset({"sell", "settle", "commission", "price", "currency"})


@dataclass(frozen=True)
class Mark:
    """Where a field stands in the text, [start, end)."""

    field: str
    start: int
    end: int


@dataclass(frozen=True)
class Open:
    """What stays open: the reason's word, the field, and what is named in its sentence."""

    code: str
    field: str
    what: str = ""

    @property
    def stops(self) -> bool:
        """Say whether nothing may be booked before a person has decided."""
        return self.code in STOPS

    @property
    def sentence(self) -> str:
        """Return the reason as people read it."""
        return _(WORDS[self.code]) % {"what": self.what}


@dataclass(frozen=True)
class Name:
    """A guest as the text names one; parts that are not told are empty."""

    name: str
    surname: str = ""
    given: str = ""
    masked: bool = False


@dataclass(frozen=True)
class Night:
    """One night of one room in minor units; None: not told for the night."""

    night: date
    sell: int | None = None
    settle: int | None = None
    breakfasts: int | None = None


@dataclass(frozen=True)
class Hours:
    """An hour room: how many hours, and from when until when where that is told."""

    hours: int
    start: str = ""
    end: str = ""


@dataclass(frozen=True)
class Cancelling:
    """Until when cancelling is free (wall clock), and what is due after: ``stay``, ``night`` or not told;
    ``refundable`` False: never free."""

    free_until: datetime | None = None
    then: str = ""
    refundable: bool = True


@dataclass(frozen=True)
class Proposal:
    """An order as far as it was understood; amounts in minor units of the whole order, texts empty and the
    rest None where nothing is told; ``shares`` are what the nights have of a total where they are told
    without tax. Times of the day go beyond 24:00 for the night after the arrival."""

    channel: str = ""
    site: str = ""
    action: str = ""
    reference: str = ""
    original: str = ""
    confirmation: str = ""
    booked_at: datetime | None = None
    noticed_at: datetime | None = None
    arrival: date | None = None
    departure: date | None = None
    rooms: int | None = None
    hours: Hours | None = None
    arrives_from: str = ""
    arrives_until: str = ""
    room: str = ""
    type_id: int | None = None
    plan: str = ""
    nightly: tuple[Night, ...] = ()
    shares: tuple[int, ...] = ()
    guests: tuple[Name, ...] = ()
    adults: int | None = None
    children: int | None = None
    ages: tuple[int, ...] = ()
    phone: str = ""
    phone_use: str = ""
    email: str = ""
    payment: str = ""
    sell: int | None = None
    settle: int | None = None
    settle_basis: str = ""
    commission: int | None = None
    currency: str = ""
    foreign: Mapping[str, int] = field(default_factory=dict)
    cancelling: Cancelling | None = None
    requests: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    state: str = ""
    tail: str = ""
    marks: tuple[Mark, ...] = ()
    open: tuple[Open, ...] = ()
    by_hand: bool = False
    """Whether a person gave the nights other prices than the channel wrote."""

    @property
    def nights(self) -> int | None:
        """Return the number of nights, None where the dates are not told."""
        if self.arrival is None or self.departure is None:
            return None
        return (self.departure - self.arrival).days

    @property
    def stops(self) -> tuple[Open, ...]:
        """Return what a person must decide first."""
        return tuple(one for one in self.open if one.stops)

    def opened(self, code: str) -> bool:
        """Say whether something stays open for this reason."""
        return any(one.code == code for one in self.open)
