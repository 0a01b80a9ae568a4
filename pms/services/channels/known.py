"""The channels that a hotel in China starts with."""

from typing import NamedTuple

from pms.db.work import Work
from pms.services.guests.search import search_text

from .models import AT_HOTEL, PREPAID, Channel


class Known(NamedTuple):
    """A channel as it is known before anything is agreed with it; no commission is guessed."""

    code: str
    name: str
    name_en: str
    settles: str


KNOWN = (
    Known("CTRIP", "携程", "Ctrip", PREPAID),
    Known("MEITUAN", "美团", "Meituan", PREPAID),
    Known("FLIGGY", "飞猪", "Fliggy", PREPAID),
    Known("QUNAR", "去哪儿", "Qunar", PREPAID),
    Known("BOOKING", "Booking.com", "Booking.com", AT_HOTEL),
    Known("AGODA", "Agoda", "Agoda", PREPAID),
    Known("EXPEDIA", "Expedia", "Expedia", PREPAID),
    Known("AIRBNB", "Airbnb", "Airbnb", PREPAID),
)


def told(channel: Channel) -> str:
    """Return what a channel is found by."""
    return f"{channel.name} {channel.name_en} {channel.code} {channel.contact}"


def open_register(work: Work) -> None:
    """Enter the channels that a new hotel starts with."""
    for known in KNOWN:
        made = Channel(number=work.next_number("channel"), contact="", phone="", **known._asdict())
        made.search = search_text(work.session, told(made))
        work.session.add(made)
    work.touch("channels")
