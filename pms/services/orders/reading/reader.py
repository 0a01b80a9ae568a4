"""Read the text of one order: which channel wrote it, what is understood where, and what stays open."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from . import proposal as p
from . import sums, types, values
from .layouts import Layout
from .proposal import Cancelling, Hours, Mark, Name, Night, Open, Proposal
from .sums import Told
from .types import TypeNames

SHOWN = 80
"""As much of the text stands in the reason why something is open."""
LONGEST = 8000
"""No order is longer."""
MANY = frozenset({"night", "price", "breakfast", "net", "night_rooms", "age"})
"""Fields that stand more than once in an order."""
ONCE = frozenset({"reference", "sell", "settle", "arrival", "departure", "commission"})
"""Fields that are looked at whether they are told twice and differently."""
_CANCELLED = re.compile(r"已取消|取消订单|订单取消|取消通知|申请取消|\bcancell?ed\b", re.IGNORECASE)
_HOUR_ROOM = "钟点房"
_MONEY = frozenset({"sell", "settle", "commission", "price", "net", "each", "tax"})


@dataclass(frozen=True)
class House:
    """What the reader knows of the hotel: its names, its types, what a channel's words for them mean, its
    currency, how each channel's orders are paid where one does not say so, and how channels are called."""

    names: Sequence[str]
    types: Sequence[TypeNames] = ()
    known: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    currency: str = "CNY"
    settles: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Found:
    """The texts of fields with their places, and the rows of nights."""

    one: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    rows: list[dict[str, str]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    open: list[Open] = field(default_factory=list)

    def get(self, name: str) -> str:
        """Return the text of a field, empty where it is not told."""
        return self.one[name][0] if name in self.one else ""


def read(text: str, *, layouts: Sequence[Layout], house: House, received: date) -> Proposal:
    """Return what a pasted text says, with ``open`` for what a person must decide; never raises."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n")
    if not whole.strip():
        return Proposal(open=(Open("empty", "layout"),))
    if len(whole) > LONGEST:
        return Proposal(open=(Open("too_long", "layout"),))
    plain = values.same_length(whole)
    fitting = [one for one in layouts if any(known.search(plain) for known in one.known)]
    if not fitting:
        return Proposal(open=(Open("layout", "layout"),))
    gathered = [(layout, _gathered(whole, plain, layout)) for layout in fitting]
    best = max(len(found.one) for _layout, found in gathered)
    best_ones = [(layout, found) for layout, found in gathered if len(found.one) == best]
    if len(best_ones) > 1:
        names = ", ".join(layout.channel for layout, _found in best_ones)
        return Proposal(open=(Open("layouts", "layout", names),))
    layout, found = best_ones[0]
    if best < 2:
        return Proposal(channel=layout.channel, open=(Open("layout", "layout"),))
    return _made(plain, layout, found, house, received)


# ------------------------------------------------------------------ what stands where
def _gathered(whole: str, plain: str, layout: Layout) -> Found:
    found = Found()
    for line in layout.lines:
        matches = list(line.finds.finditer(plain))
        if "night" in line.fields:
            _add_rows(found, whole, line.fields, matches, plain)
        elif matches:
            _add(found, whole, line.fields, matches, plain)
    return found


def _add(
    found: Found, whole: str, fields: Sequence[str], matches: Sequence[re.Match[str]], plain: str
) -> None:
    first = matches[0]
    for n, name in enumerate(fields, 1):
        texts = [whole[m.start(n) : m.end(n)].strip() for m in matches]
        if name.startswith("_") or not texts[0]:
            continue
        if name == "age":
            found.rows += [{"age": text} for text in texts]
            found.marks += [Mark("age", m.start(n), m.end(n)) for m in matches]
            continue
        if name in ONCE:
            _look_for_another(found, name, texts)
        if name in found.one:
            continue
        found.one[name] = (texts[0], first.start(n), first.end(n))
        found.marks.append(Mark(name, first.start(n), first.end(n)))
        if first.end(n) == len(plain) and _is_cut(name, texts[0]):
            found.open.append(Open("cut", name, texts[0]))
            del found.one[name]


def _look_for_another(found: Found, name: str, texts: Sequence[str]) -> None:
    told = {re.sub(r"\s+", " ", text) for text in texts}
    if len(told) == 1:
        return
    code = "several" if name == "reference" else "two"
    found.open.append(Open(code, name, ", ".join(sorted(told))))


def _is_cut(name: str, text: str) -> bool:
    """Say whether a value at the very end of the text may go on: whole amounts, one figure of a day."""
    if name in _MONEY:
        return not re.search(r"\.\d\d$", text)
    if name in ("arrival", "departure", "night"):
        return not re.search(r"(\d{4}|日|\)|[-/.]\d\d)$", text)
    return text[-1:].isdigit() and name in ("rooms", "nights", "adults", "children", "infants", "room_nights")


def _add_rows(
    found: Found, whole: str, fields: Sequence[str], matches: Sequence[re.Match[str]], plain: str
) -> None:
    taken = {(m.start, m.end) for m in found.marks}
    for match in matches:
        spans = [(name, *match.span(n)) for n, name in enumerate(fields, 1) if not name.startswith("_")]
        if any(_overlaps(span[1:], other) for span in spans for other in taken):
            continue
        found.rows.append({name: whole[start:end] for name, start, end in spans})
        found.marks += [Mark(name, start, end) for name, start, end in spans]
        last, start, end = max(spans, key=lambda span: span[2])
        if end == len(plain) and _is_cut(last, whole[start:end]):
            found.open.append(Open("cut", "price", whole[start:end]))


def _overlaps(one: Sequence[int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


# ------------------------------------------------------------------ what it means
def _made(plain: str, layout: Layout, found: Found, house: House, received: date) -> Proposal:
    made = Proposal(channel=layout.channel, marks=tuple(found.marks), open=tuple(found.open))
    made = _order(made, plain, layout, found)
    made = of_house(made, found.get("hotel"), house)
    made = _days(made, found, received)
    made = _rooms(made, layout, found, house)
    made = _people(made, layout, found)
    made = _payment(made, plain, layout, found)
    made = _asked_for(made, layout, found, received)
    made = _amounts(made, layout, found, house)
    return lacking(made)


def _opened(made: Proposal, code: str, name: str, what: str = "") -> Proposal:
    return replace(made, open=(*made.open, Open(code, name, what[:SHOWN])))


def _order(made: Proposal, plain: str, layout: Layout, found: Found) -> Proposal:
    told = found.get("action")
    action = meaning(told, layout.actions)
    reference = found.get("reference")
    if reference and layout.lengths and len(reference) not in layout.lengths:
        made = _opened(made, "length", "reference", " / ".join(map(str, layout.lengths)))
        reference = ""
    if action in ("", p.NEW, p.CHANGE) and (word := _CANCELLED.search(plain)) is not None:
        made, action = _opened(made, "maybe_cancelled", "action", word[0]), ""
    elif not action:
        action = p.NEW
    if found.get("tail") and not reference:
        made = _opened(made, "tail", "reference", found.get("tail"))
    confirmation = found.get("confirmation")
    return replace(
        made,
        action=action,
        reference=reference,
        original=found.get("original"),
        confirmation="" if confirmation in layout.empty else confirmation,
        site=meaning(found.get("site"), layout.sites),
        tail=found.get("tail"),
        state=told,
    )


def meaning(told: str, words: Mapping[str, str]) -> str:
    """Return what the first of a layout's words that stands in a text means."""
    plain = values.same_length(told).casefold()
    return next((meaning for word, meaning in words.items() if word.casefold() in plain), "")


def of_house(made: Proposal, hotel: str, house: House) -> Proposal:
    """Return a proposal that says so where it is for another hotel."""
    told = "".join(hotel.split()).casefold()
    names = ["".join(name.split()).casefold() for name in house.names if name.strip()]
    if told and names and not any(name in told or told in name for name in names):
        return _opened(made, "other_hotel", "hotel", hotel)
    return made


def _days(made: Proposal, found: Found, received: date) -> Proposal:
    days: dict[str, date] = {}
    for name in ("arrival", "departure"):
        since = days.get("arrival", received)
        read_day = values.day(found.get(name), since) if found.get(name) else None
        if read_day is None:
            continue
        days[name] = read_day[0]
        if read_day[1]:
            made = _opened(made, read_day[1], name, read_day[0].isoformat())
    made = replace(made, arrival=days.get("arrival"), departure=days.get("departure"))
    made = _by_the_hour(made, found)
    told = found.get("nights")
    if made.nights is not None and made.hours is None and made.nights <= 0:
        made = _opened(made, "order_of_days", "departure")
    elif told and made.nights is not None and int(told) != made.nights:
        made = _opened(made, "nights", "departure", told)
    if made.arrival is not None and made.arrival < received:
        made = _opened(made, "past", "arrival")
    return _times(made, found)


def _by_the_hour(made: Proposal, found: Found) -> Proposal:
    if _HOUR_ROOM not in found.get("room") and not found.get("start"):
        return made
    start, end = (values.arrival_time(found.get(name), None) for name in ("start", "end"))
    hours = Hours(int(found.get("hours") or 0), start, end)
    if not (hours.hours and hours.start):
        made = _opened(made, "hours", "hours")
    return _opened(replace(made, hours=hours, departure=made.arrival), "hour_room", "hours")


def _times(made: Proposal, found: Found) -> Proposal:
    first, last = (
        values.arrival_time(found.get(name), made.arrival) for name in ("arrives_from", "arrives_until")
    )
    if made.hours is not None:
        first = first or made.hours.start
    if max(first, last) >= "24:00":
        made = _opened(made, "late", "arrival")
    return replace(made, arrives_from=first, arrives_until=last)


def _rooms(made: Proposal, layout: Layout, found: Found, house: House) -> Proposal:
    told = found.get("rooms")
    rooms = int(told) if told else None
    if rooms is None and layout.one_room:
        rooms, made = 1, _opened(made, "assumed_one", "rooms")
    words = found.get("room")
    made = replace(made, rooms=rooms, room=words, plan=found.get("plan"))
    return typed(made, house) if words else made


def typed(made: Proposal, house: House) -> Proposal:
    """Return a proposal with the room type that the channel's words mean."""
    type_id, sure = types.meant(made.room, house.types, house.known.get(made.channel, {}))
    if type_id is None:
        code = "split" if types.several(made.room, house.types) else "type"
        return _opened(made, code, "room", made.room)
    made = replace(made, type_id=type_id)
    return made if sure else _opened(made, "type_guess", "room", made.room)


def _people(made: Proposal, layout: Layout, found: Found) -> Proposal:
    if found.get("surname") or found.get("given"):
        given, surname = found.get("given"), found.get("surname")
        guests: tuple[Name, ...] = (Name(f"{given} {surname}".strip(), surname, given),)
    else:
        guests = parted(found.get("guests"), layout.part_guests, layout.names)
    made = named(replace(made, guests=guests))
    adults, children, infants = (_count(found.get(name)) for name in ("adults", "children", "infants"))
    if infants is not None:
        children = infants + (children or 0)
    ages = tuple(int(row["age"]) for row in found.rows if "age" in row)
    if (children or 0) > len(ages):
        made = _opened(made, "ages", "ages")
    phone = found.get("phone")
    use = _phone_use(phone, layout)
    if use in (p.MASKED, p.VIRTUAL):
        made = _opened(made, f"phone_{use}", "phone")
    return replace(
        made,
        adults=adults,
        children=children,
        ages=ages,
        phone=phone,
        phone_use=use,
        email=found.get("email"),
    )


def parted(told: str, signs: str, order: str) -> tuple[Name, ...]:
    """Return the guests of a line of names that are parted by any of these signs."""
    pattern = "[" + re.escape(signs) + "]"
    names = re.split(pattern, values.same_length(told)) if told else []
    return tuple(values.name(one, order) for one in names if one.strip())


def named(made: Proposal) -> Proposal:
    """Return a proposal with what its names leave open."""
    if any(one.masked for one in made.guests):
        made = _opened(made, "masked", "guests")
    if any(not one.masked and not one.surname for one in made.guests):
        made = _opened(made, "one_name", "guests")
    if made.rooms is not None and 1 < made.rooms < len(made.guests):
        made = _opened(made, "who_sleeps", "guests")
    return made


def _phone_use(phone: str, layout: Layout) -> str:
    if "*" in phone:
        return p.MASKED
    if "转" in phone or "ext" in phone.lower():
        return p.VIRTUAL
    return p.ABROAD if layout.abroad and phone and not phone.startswith("+") else ""


def _count(told: str) -> int | None:
    return int(told) if told else None


def _payment(made: Proposal, plain: str, layout: Layout, found: Found) -> Proposal:
    told = found.get("payment")
    payment = meaning(told, layout.payments)
    if not told:
        payment = next((how for word, how in layout.said.items() if word in plain), "")
    if told and not payment:
        made = _opened(made, "payment", "payment", told)
    if payment in (p.CREDIT, p.GUARANTEED):
        made = _opened(made, "credit" if payment == p.CREDIT else "guaranteed", "payment")
    return replace(made, payment=payment)


def _asked_for(made: Proposal, layout: Layout, found: Found, received: date) -> Proposal:
    requests = [
        re.sub(r"^[\w ]+: *", "", part.strip(), flags=re.ASCII)
        for part in re.split(f"[{layout.part_requests}；]", found.get("requests"))
    ]
    extras = re.findall(r"【([^】]+)】", found.get("extras"))
    if layout.extras_in_room:
        extras += found.get("room").split(layout.extras_in_room)[1:]
    for extra in extras:
        made = _opened(made, "promise", "extras", extra.strip())
    booked, noticed = (
        values.moment(found.get(name), received) if found.get(name) else None
        for name in ("booked_at", "noticed_at")
    )
    return replace(
        made,
        requests=tuple(one for one in requests if one),
        extras=tuple(extra.strip() for extra in extras),
        booked_at=booked,
        noticed_at=noticed,
        cancelling=_cancelling(found, received),
    )


def _cancelling(found: Found, received: date) -> Cancelling | None:
    if until := found.get("free_until"):
        return Cancelling(values.moment(until, received))
    told = found.get("cancelling")
    if not told:
        return None
    if "不可取消" in told or "不可退" in told:
        return Cancelling(refundable=False)
    at = re.search(values.MOMENT, values.same_length(told), re.IGNORECASE)
    until_moment = values.moment(at[0], received) if at else None
    then = "stay" if "全额" in told else "night" if "首晚" in told else ""
    return Cancelling(until_moment, then)


# ------------------------------------------------------------------ what it costs
def _amounts(made: Proposal, layout: Layout, found: Found, house: House) -> Proposal:
    read_sums = {name: values.money(found.get(name)) for name in ("sell", "settle", "commission", "tax")}
    rows = [row for row in found.rows if "night" in row]
    told = [one[1] for one in read_sums.values() if one is not None and one[1]]
    told += [one[1] for row in rows if (one := values.money(row.get("price", ""))) and one[1]]
    told += [currency_of(found.get("currency"))] if found.get("currency") else []
    currencies = sorted(set(told))
    currency = currencies[0] if len(currencies) == 1 else ""
    if len(currencies) > 1 or (currency and currency != house.currency):
        return _opened(replace(made, currency=currency), "foreign", "currency", " / ".join(currencies))
    made = replace(
        made,
        currency=currency,
        sell=_sum(read_sums["sell"]),
        settle=_sum(read_sums["settle"]),
        commission=_sum(read_sums["commission"]),
    )
    return sums.weighed(made, _told(made, layout, found, rows, read_sums["tax"]))


def currency_of(sign: str) -> str:
    """Return the code of a currency by its sign or its code."""
    return values.SIGNS.get(sign.upper(), sign.upper())


def _sum(told: tuple[int, str] | None) -> int | None:
    return told[0] if told else None


def _told(
    made: Proposal, layout: Layout, found: Found, rows: Sequence[dict[str, str]], tax: tuple[int, str] | None
) -> Told:
    nights, broken = _nights(made, found, rows)
    net = [one[0] for row in rows if (one := values.money(row.get("net", ""))) is not None]
    counts = {int(row["night_rooms"]) for row in rows if "night_rooms" in row}
    return Told(
        nights=nights,
        net=net,
        tax=tax[0] if tax else None,
        rooms=counts.pop() if len(counts) == 1 else None,
        room_nights=_count(found.get("room_nights")),
        sell_by_nights=layout.sell_by_nights,
        broken=broken,
    )


def _nights(made: Proposal, found: Found, rows: Sequence[dict[str, str]]) -> tuple[list[Night], bool]:
    """Return the priced nights, and whether one of them is not of this stay."""
    if made.arrival is None or made.departure is None:
        return [], bool(rows)
    meals = _meals(made, found)
    if (each := values.money(found.get("each"))) is not None:
        days = [made.arrival + timedelta(days=n) for n in range(made.nights or 0)]
        return [Night(one, each[0], None, meals) for one in days], False
    nights = []
    for row in rows:
        one, price = (
            values.night_of(row["night"], made.arrival, made.departure),
            values.money(row.get("price", "")),
        )
        if price is None:
            continue
        if one is None:
            return [], True
        nights.append(
            Night(
                one,
                price[0],
                None,
                values.breakfasts(row.get("breakfast", "")) if "breakfast" in row else meals,
            )
        )
    return nights, False


def _meals(made: Proposal, found: Found) -> int | None:
    if found.get("breakfast"):
        return values.breakfasts(found.get("breakfast"))
    guests = _count(found.get("breakfast_guests"))
    return guests // made.rooms if guests and made.rooms and guests % made.rooms == 0 else None


def lacking(made: Proposal) -> Proposal:
    """Open what an order must say; what a changed one does not mention stays as it was."""
    there: dict[str, object] = {
        "reference": made.reference or made.tail,
        "arrival": made.arrival,
        "departure": made.departure,
        "rooms": made.rooms,
        "room": made.room,
        "guests": made.guests,
        "payment": made.payment or made.opened("payment"),
    }
    needed = tuple(there)
    if made.action in (p.CANCEL, p.CANCEL_REQUEST):
        needed = ("reference",)
    elif made.action == p.CHANGE:
        needed = ("reference", "arrival", "departure", "rooms")
    gone = [name for name in needed if not there[name]]
    if {"departure", "room", "guests"} <= set(gone):
        made = _opened(made, "notice", "layout")
    for name in gone:
        if not any(one.field == name for one in made.open):
            made = _opened(made, "missing", name)
    return made
