"""One room as it is wished for: whether it can be booked at all, and what its nights cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pms.core import dates
from pms.core.authority import Kind, percent_off
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.permissions import Permission
from pms.db.work import Work
from pms.services.authority import service as authority
from pms.services.rates import pricing
from pms.services.rooms import inventory

MOST_NIGHTS = 366


@dataclass(frozen=True)
class Wish:
    """One room to book. Give a rate plan, or a price per night by hand (``prices``, which needs authority),
    or both."""

    type_id: int
    arrival: date
    departure: date
    adults: int = 1
    children: int = 0
    plan_id: int | None = None
    prices: tuple[int, ...] | None = None
    price_reason: str = ""
    room_id: int | None = None
    breakfast: int = 0


@dataclass(frozen=True)
class Agreed(Wish):
    """One room whose prices a channel's order says: they are the channel's word, not the desk's, so no
    authority of the desk is asked. Only a booking with the channel and its order's number may have one."""


def must_follow(arrival: date, departure: date) -> None:
    """Refuse a departure before the arrival, or a stay of more than a year, by its dates."""
    days = {"arrival": dates.day(arrival, year=True), "departure": dates.day(departure, year=True)}
    if departure < arrival:
        raise Refused(
            _("The departure %(departure)s is before the arrival %(arrival)s. Change one of them.") % days
        )
    if (departure - arrival).days > MOST_NIGHTS:
        raise Refused(
            _(
                "From %(arrival)s to %(departure)s are %(n)s nights. A stay lasts at most %(most)s: book the "
                "rest separately."
            )
            % {**days, "n": (departure - arrival).days, "most": MOST_NIGHTS}
        )


def check(work: Work, wish: Wish) -> None:
    """Refuse what cannot be booked: days that are over or too far ahead, fewer than no guests."""
    must_follow(wish.arrival, wish.departure)
    if wish.arrival < work.business_date:
        raise Refused(
            _("%(day)s is over. A booking arrives on %(today)s or later.")
            % {"day": dates.day(wish.arrival, year=True), "today": dates.day(work.business_date, year=True)}
        )
    if wish.arrival > work.business_date + inventory.AHEAD:
        raise Refused(_("Nothing is sold more than five years ahead. Check the dates."))
    if wish.adults < 0 or wish.children < 0:
        raise Refused(_("The number of guests is not negative."))


def priced_nights(wish: Wish) -> list[date]:
    """Return the nights that a booked room has a price for; one for use by day has its day's, of which the
    use is a part, unless neither a plan nor a price was agreed."""
    if wish.arrival == wish.departure and (wish.prices or (wish.prices is None and wish.plan_id is not None)):
        return [wish.arrival]
    return inventory.nights(wish.arrival, wish.departure)


def prices(
    work: Work, wish: Wish, wanted: list[date], line_id: int | None = None
) -> list[pricing.NightPrice]:
    """Return the price of each night: the plan's, or the one given by hand within the clerk's authority."""
    listed = (
        pricing.quote(work.session, plan_id=wish.plan_id, type_id=wish.type_id, nights=wanted)
        if wish.plan_id is not None and wanted
        else []
    )
    if wish.prices is None:
        if wish.plan_id is None and wanted:
            raise Refused(_("Choose a rate plan or give a manual rate."))
        return listed
    if len(wish.prices) != len(wanted):
        raise Refused(_("Give one price for each night."))
    if not isinstance(wish, Agreed):
        _authorise(work, wish.type_id, listed, wish.prices, wanted, line_id)
    rule = wish.price_reason or _("manual rate by %(who)s") % {"who": work.clerk.name}
    return [pricing.NightPrice(n, Money(p), rule) for n, p in zip(wanted, wish.prices, strict=True)]


def _authorise(
    work: Work,
    type_id: int,
    listed: list[pricing.NightPrice],
    given: Sequence[int],
    wanted: list[date],
    line_id: int | None,
) -> None:
    """Ask for authority where a night goes below its list: the night that gives most away is judged by its
    per cent, all nights by what they give away together."""
    listed = listed or pricing.rack(work.session, type_id=type_id, nights=wanted)
    if not listed:
        asked = _("A price of %(sum)s where none is listed")
        work.require(
            Permission.RATES_MANUAL, asked % {"sum": show(sum(given), work.setting.digits)}, sum(given)
        )
        return
    cut = [
        (percent_off(n.price - p, n.price), n, p) for n, p in zip(listed, given, strict=True) if p < n.price
    ]
    if not cut:
        return
    percent, night, price = max(cut, key=lambda c: c[0])
    off = sum(n.price - p for _percent, n, p in cut)
    digits = work.setting.digits
    what = _("%(night)s at %(price)s instead of %(listed)s, %(sum)s below list price in all") % {
        "night": dates.day(night.night, year=True),
        "price": show(price, digits),
        "listed": show(night.price, digits),
        "sum": show(off, digits),
    }
    authority.authorise(work, Kind.PRICE, what, percent=percent, amount=off, line_id=line_id)
