"""What an early arrival or a late departure costs: bands in data, the arithmetic in words."""
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pms.core.clock import local
from pms.core.i18n import N_, _
from pms.core.money import Money, scaled, show
from pms.core.options import Band, Options, band

LABELS = (N_("free"), N_("half day"), N_("full day"), N_("early arrival"))


@dataclass(frozen=True)
class Extra:
    """A charge that the clock asks for."""

    code: str
    amount: Money
    rule: str


def leaving(options: Options, zone: str, now: datetime, business_date: date, departure: date, price: int) -> Extra | None:
    """Return the late-departure charge for a guest who leaves now; None before the day of departure or within the free time."""
    if business_date < departure:
        return None
    clock = local(now, zone)
    if clock.date() < business_date:
        return None
    hhmm = "23:59" if clock.date() > business_date else f"{clock:%H:%M}"
    return _extra(band(options.late_bands, hhmm), options, price, hhmm, {"0.5": "HALF"}.get(band(options.late_bands, hhmm).ratio, "FULL"))


def arriving(options: Options, zone: str, now: datetime, business_date: date, price: int) -> Extra | None:
    """Return the early-arrival charge for a guest who comes now; a check-in after midnight before the audit belongs to the night before."""
    clock = local(now, zone)
    if clock.date() != business_date:
        return None
    return _extra(band(options.early_bands, f"{clock:%H:%M}"), options, price, f"{clock:%H:%M}", "EARLY")


def _extra(found: Band, options: Options, price: int, hhmm: str, code: str) -> Extra | None:
    amount = scaled(price, found.part, options.charge_unit)
    if amount <= 0:
        return None
    rule = _("%(clock)s, from %(start)s %(label)s: %(ratio)s × %(price)s") % {
        "clock": hhmm, "start": found.start, "label": _(found.label), "ratio": found.ratio, "price": show(price)}
    return Extra(code, amount, rule)


def deposit_wanted(options: Options, room_total: int, nights: int) -> Money:
    """Return the deposit to ask for: the room's price and a sum per night, rounded to the hotel's unit."""
    exact = room_total + options.deposit_per_night * max(nights, 1)
    return Money(exact // options.deposit_unit * options.deposit_unit)


def tomorrow(day: date) -> date:
    """Return the day after."""
    return day + timedelta(days=1)
