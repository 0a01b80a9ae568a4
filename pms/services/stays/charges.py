"""What an early arrival, a late departure or the use of a room by day costs: bands in data, the arithmetic in
words."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from pms.core import dates
from pms.core.clock import local
from pms.core.i18n import N_, _
from pms.core.money import Money, scaled, show
from pms.core.options import Band, Options, band

DAY = timedelta(days=1)
LABELS = (N_("free"), N_("half day"), N_("full day"), N_("early arrival"))


@dataclass(frozen=True)
class Extra:
    """A charge that the clock asks for; ``quantity`` is 0 where the day itself is charged already and only
    money is missing."""

    code: str
    amount: Money
    rule: str
    quantity: int = 1


def had_night(zone: str, now: datetime, business_date: date) -> bool:
    """Say whether who leaves now has had the night of the business date: it is past midnight, and the day is
    not closed."""
    return local(now, zone).date() > business_date


def night(zone: str, now: datetime, business_date: date, price: int, rule: str) -> Extra | None:
    """Return the room charge of one who leaves after midnight and before the close; None where the night
    costs nothing."""
    if not price:
        return None
    words = _("left %(clock)s on %(day)s, the night of %(night)s is used: %(rule)s") % {
        "clock": f"{local(now, zone):%H:%M}",
        "day": dates.day(local(now, zone), year=True),
        "night": dates.day(business_date, year=True),
        "rule": rule,
    }
    return Extra("ROOM", Money(price), words)


def leaving(
    options: Options, zone: str, now: datetime, business_date: date, price: int, digits: int
) -> Extra | None:
    """Return the late-departure charge for a guest who leaves now, whatever departure was booked; None within
    the free time."""
    hhmm = _clock(zone, now, business_date)
    return _extra(band(options.late_bands, hhmm), options, price, hhmm, digits) if hhmm else None


def day_use(
    options: Options, zone: str, now: datetime, business_date: date, price: int, digits: int
) -> Extra | None:
    """Return what a guest pays who leaves now, on the day of arrival: no night, but a room to clean; None
    without a price of a night."""
    hhmm = _clock(zone, now, business_date) or "00:00"
    found = _extra(band(options.day_use_bands, hhmm), options, price, hhmm, digits)
    return (
        replace(found, rule=_("left on the day of arrival, %(rule)s") % {"rule": found.rule})
        if found
        else None
    )


def at_check_out(
    options: Options,
    zone: str,
    now: datetime,
    business_date: date,
    arrival: date,
    price: int,
    digits: int,
) -> Extra | None:
    """Return what today's clock asks of a guest who checks out now: the use by day on the day of arrival, a
    late departure from then on; nothing for one who has had the night, whose room charge is due instead."""
    if had_night(zone, now, business_date):
        return None
    if business_date == arrival:
        return day_use(options, zone, now, business_date, price, digits)
    return leaving(options, zone, now, business_date, price, digits)


def asks(
    options: Options, zone: str, now: datetime, business_date: date, arrival: date, free_until: str = ""
) -> bool:
    """Say whether today's clock asks anything at all of a guest who checks out now; ``free_until``: a
    departure is free until this hour by an agreement."""
    hhmm = _clock(zone, now, business_date)
    if business_date == arrival:
        return band(options.day_use_bands, hhmm or "00:00").part > 0
    return hhmm > free_until and band(options.late_bands, hhmm).part > 0


def leaves_by(options: Options, free_until: str) -> str:
    """Return the hour (HH:MM) until which a departure is free: the house's, or a later one agreed."""
    return max(options.check_out_time, free_until)


def less_charged(extra: Extra, halves: int, amount: int) -> Extra | None:
    """Return what is left of a charge when ``halves`` half days for ``amount`` were charged by hand today;
    None when nothing is."""
    left = extra.amount - amount
    if left <= 0:
        return None
    days = {"HALF": 1, "FULL": 2}[extra.code] - halves
    code = "HALF" if days == 1 else extra.code
    rule = _("%(rule)s, less what is charged already") % {"rule": extra.rule} if amount else extra.rule
    return Extra(code, Money(left), rule, quantity=1 if days > 0 else 0)


def arriving(
    options: Options, zone: str, now: datetime, business_date: date, price: int, digits: int
) -> Extra | None:
    """Return the early-arrival charge for a guest who comes now; a check-in after midnight before the audit
    belongs to the night before."""
    clock = local(now, zone)
    if clock.date() != business_date:
        return None
    return _extra(
        band(options.early_bands, f"{clock:%H:%M}"), options, price, f"{clock:%H:%M}", digits, "EARLY"
    )


def free_until(options: Options, hour: str) -> Options:
    """Return the rules for a guest whose departure is free until an hour: what the house asks then is asked
    from then on, and nothing before."""
    bands = options.late_bands
    then = replace(band(bands, hour), start=hour)
    free = Band("00:00", "0", LABELS[0])
    later = tuple(one for one in bands if one.start > hour)
    return replace(options, late_bands=(free, then, *later)) if hour > "00:00" else options


def _clock(zone: str, now: datetime, business_date: date) -> str:
    """Return the time of the business date, nothing when the clock is behind it."""
    clock = local(now, zone)
    return "" if clock.date() < business_date else f"{clock:%H:%M}"


def _extra(found: Band, options: Options, price: int, hhmm: str, digits: int, code: str = "") -> Extra | None:
    amount = scaled(price, found.part, options.charge_unit)
    if amount <= 0:
        return None
    rule = _("%(clock)s, from %(start)s %(label)s: %(ratio)s × %(price)s") % {
        "clock": hhmm,
        "start": found.start,
        "label": _(found.label),
        "ratio": found.ratio,
        "price": show(price, digits),
    }
    return Extra(code or ("HALF" if found.part <= Decimal("0.5") else "FULL"), amount, rule)


def deposit_wanted(options: Options, room_total: int, nights: int) -> Money:
    """Return the deposit to ask for: the room's price and a sum per night, rounded up to the hotel's unit, so
    that it covers both."""
    return deposit_missing(options, room_total, nights, 0)


def deposit_missing(options: Options, owed: int, nights: int, held: int) -> Money:
    """Return what is to be asked on top of the deposit held: what is owed and to come, and a sum per night,
    rounded up to the hotel's unit; nothing when it is covered."""
    short = owed + options.deposit_per_night * max(nights, 1) - held
    unit = max(options.deposit_unit, 1)
    return Money(-(-short // unit) * unit) if short > 0 else Money(0)
