"""Whom a booking's price is agreed with: a member, a company, a channel, each by the number of its record."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pms.core import offers
from pms.core.errors import Refused
from pms.core.i18n import N_, _
from pms.core.offers import Customer
from pms.db.work import Work

from .models import Reservation

KINDS = ("member", "company", "channel")
WORDS = ("company", "channel")
"""Kinds whose name a booking keeps as words as well."""
GONE = {
    "member": N_("There is no member %(number)s. Look for the member again."),
    "company": N_("There is no company %(number)s. Look for the company again."),
    "channel": N_("There is no channel %(number)s. Look for the channel again."),
}
Ask = Callable[[str, int, date], Sequence[Customer]]
"""Returns a customer by kind and number as it counts on a day; nothing where there is none."""


@dataclass(frozen=True)
class Whose:
    """The numbers of the member, the company and the channel of a booking, as far as it has any."""

    member: int | None = None
    company: int | None = None
    channel: int | None = None

    def given(self) -> Iterator[tuple[str, int]]:
        """Yield each kind with its number."""
        for kind in KINDS:
            if (number := getattr(self, kind)) is not None:
                yield kind, number


def of(booking: Reservation) -> Whose:
    """Return whose a booking is."""
    return Whose(booking.member_number, booking.company_number, booking.channel_number)


def asked_by(work: Work) -> Ask:
    """Return how an operation asks for a customer."""
    return lambda kind, number, on: work.gather(offers.customer_of, kind=kind, number=number, on=on)


def named(work: Work, kind: str, number: int, on: date) -> Customer:
    """Return a customer; refuses a number that nobody has."""
    for found in asked_by(work)(kind, number, on):
        return found
    raise Refused(_(GONE[kind]) % {"number": number})


def on_nights(ask: Ask, whose: Whose, first: date, last: date) -> list[Customer]:
    """Return the customers of a booking; one that does not count on its first or its last night says why."""
    found = []
    for kind, number in whose.given():
        seen = [one for on in sorted({first, last}) for one in ask(kind, number, on)]
        if seen:
            found.append(next((one for one in seen if one.why_not), seen[0]))
    return found


def changed(
    booking: Reservation, wanted: Mapping[str, int | None], words: Mapping[str, str | None]
) -> dict[str, int | None]:
    """Return which numbers of a booking change: 0 takes one away, and another name than it has does too."""
    found: dict[str, int | None] = {}
    for kind in KINDS:
        number, word = wanted.get(kind), words.get(kind)
        if number is None and word is not None and word.strip() != getattr(booking, kind):
            number = 0
        if number is not None and (number or None) != getattr(booking, f"{kind}_number"):
            found[kind] = number or None
    return found


def attach(work: Work, booking: Reservation, numbers: Mapping[str, int | None], on: date) -> None:
    """Write down whose a booking is, with the names that it keeps as words."""
    for kind, number in numbers.items():
        setattr(booking, f"{kind}_number", number)
        if number is not None:
            name = named(work, kind, number, on).name
            if kind in WORDS:
                setattr(booking, kind, name)


def free_until(work: Work, booking: Reservation, on: date) -> str:
    """Return the hour (HH:MM) until which whoever arrives on a day leaves free of charge, as was agreed with
    the member or company; nothing where nothing was."""
    known = [one for kind, number in of(booking).given() for one in asked_by(work)(kind, number, on)]
    return max((one.free_until for one in known if not one.why_not), default="")
