"""Papers of a stay: registration card and room-change slip."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from pms.core import countries, dates
from pms.core.clock import local
from pms.core.i18n import N_, _
from pms.core.money import Money, show, signed
from pms.core.options import Options
from pms.db.work import Work
from pms.printing import slip
from pms.printing.slip import Big, Block, Row, Signatures, Slip, Table, Text, Total
from pms.services.folios.printouts import METHOD_NAMES, headed, letterhead, stamp
from pms.services.guests import documents
from pms.services.guests.models import Guest
from pms.services.guests.overseas import VISAS, Overseas
from pms.services.guests.records import overseas_of
from pms.services.guests.seal import masked
from pms.services.rates.pricing import NightPrice

from .charges import leaves_by
from .models import Stay
from .tongues import Say, said_to

DOCUMENTS = documents.NAMES
SEXES = {"M": N_("Male"), "F": N_("Female")}
_MOST_ROWS = 10


@dataclass(frozen=True)
class Place:
    """A room and its type, for a slip that compares two."""

    room: str
    type_name: str


def _came(work: Work) -> str:
    return f"{local(work.done_at, work.setting.zone):%H:%M}"


def registration_card(
    work: Work,
    *,
    stay: Stay,
    guests: Sequence[Guest],
    phone: str,
    room: str,
    type_name: str,
    nights: Sequence[NightPrice],
    deposit: Money,
    method: str = "",
    company: str = "",
) -> Slip:
    """Return the card that the guests sign at check-in: who they are, their room, the price of each night,
    how they paid, for which company, the house rules."""
    s, say = work.setting, said_to(guests)
    return Slip(
        "registration_card",
        say(N_("Registration card")),
        (
            _stay_facts(work, stay, room, type_name, method, company, say),
            *(
                block
                for n, guest in enumerate(guests)
                for block in _person(guest, overseas_of(work, guest), phone, say, first=n == 0)
            ),
            _paid_by_channel(say) if stay.payer == "channel" else _prices(nights, s.currency, s.digits, say),
            *(
                (slip.amount_line(say(N_("Deposit taken")), deposit, s.currency, s.digits),)
                if deposit
                else ()
            ),
            Text(_house_times(s.options, say), "small"),
            *slip.paragraphs(s.options.house_rules, "small"),
            Signatures((say(N_("Guest's signature")), say(N_("Clerk's signature")))),
        ),
        number=f"S-{stay.number}",
        paper="A5",
        copies=(_("Desk copy"), _("Guest copy")),
        **headed(work),
    )


def _stay_facts(
    work: Work, stay: Stay, room: str, type_name: str, method: str, company: str, say: Say
) -> slip.Block:
    """Return where the guests stay, from when until when, how many they are, how they paid and for whom."""
    by = leaves_by(work.setting.options, stay.free_until)
    return slip.facts(
        (say(N_("Room")), room),
        (say(N_("Room type")), type_name),
        (say(N_("Arrival")), f"{day_and_weekday(stay.arrival)} {_came(work)}"),
        (say(N_("Departure")), f"{day_and_weekday(stay.departure)} {by}"),
        (say(N_("Adults")), str(stay.adults)),
        *(((say(N_("Children")), str(stay.children)),) if stay.children else ()),
        *(((say(N_("Paid by")), say(METHOD_NAMES[method])),) if method else ()),
        *(((say(N_("Company")), company),) if company else ()),
        columns=2,
    )


def _house_times(options: Options, say: Say) -> str:
    """Return what a guest asks on the first evening: from when, until when, and the Wi-Fi."""
    times = say(N_("Check-in from %(start)s, check-out by %(end)s.")) % {
        "start": options.check_in_time,
        "end": options.check_out_time,
    }
    return "  ".join(filter(None, (times, options.wifi and _("Wi-Fi: %(wifi)s") % {"wifi": options.wifi})))


def _person(
    guest: Guest, overseas: Overseas | None, phone: str, say: Say, *, first: bool
) -> tuple[Block, ...]:
    """Return a guest's lines; what the desk does not know yet is ruled, to be filled in by hand."""
    document = " ".join(
        filter(
            None,
            (
                _(DOCUMENTS.get(guest.document_type, guest.document_type)) if guest.document_type else "",
                guest.document_shown,
            ),
        )
    )
    pairs = [
        (say(N_("Guest")), guest.name),
        (say(N_("Sex")), say(SEXES[guest.sex]) if guest.sex in SEXES else ""),
        (say(N_("Document")), document),
    ]
    if first or guest.phone:
        pairs.append((say(N_("Phone")), guest.phone or phone))
    if guest.nationality and not guest.ethnic:
        pairs.append((say(N_("Nationality")), countries.name(guest.nationality)))
    if guest.ethnic:
        pairs.append((say(N_("Ethnic group")), guest.ethnic))
    pairs += _abroad(guest, overseas, say) if overseas else []
    address = (slip.facts((say(N_("Address")), guest.address), ruled=True),) if first or guest.address else ()
    return slip.facts(*pairs, columns=2, ruled=True), *address


def _abroad(guest: Guest, told: Overseas, say: Say) -> list[tuple[str, str]]:
    """Return what stands on the card of a guest from abroad; the visa's number is masked like the
    document's."""
    visa = " ".join(
        filter(
            None,
            (
                say(VISAS[told.visa_type]) if told.visa_type else "",
                masked(told.visa_number) if told.visa_number else "",
            ),
        )
    )
    entered = dates.day(told.entry_date, year=True) if told.entry_date else ""
    parted = [(say(N_("Surname")), told.surname), (say(N_("Given name")), told.given_name)]
    said = f"{told.surname} {told.given_name}".casefold().split() == guest.name.casefold().split()
    return [
        *([] if said else parted),
        (say(N_("Chinese name")), told.chinese_name),
        (say(N_("Date of birth")), dates.day(guest.birth, year=True) if guest.birth else ""),
        (say(N_("Visa")), visa),
        (say(N_("Stay allowed until")), dates.day(told.stay_until, year=True) if told.stay_until else ""),
        (say(N_("Entry date")), f"{entered} {told.entry_port}".strip()),
    ]


def day_and_weekday(day: date) -> str:
    """Return a day as a guest looks for it on a paper."""
    return dates.long_day(day, year=True)


def _paid_by_channel(say: Say) -> Block:
    """Say that the room is paid: what the channel settles it for is not the guest's to know."""
    return slip.facts((say(N_("Room charge")), say(N_("Prepaid to the channel"))))


def _prices(nights: Sequence[NightPrice], currency: str, digits: int, say: Say) -> Table:
    """Return the nights with neighbours of one price and rule on one line; the heads stay in one language,
    for a roll has no room for two."""
    groups = [list(same) for _key, same in groupby(nights, key=lambda n: (n.price, n.rule))]
    hidden = sum(n.price for same in groups[_MOST_ROWS:] for n in same)
    rest = (Total(say(N_("Further nights")), show(hidden, digits)),) if len(groups) > _MOST_ROWS else ()
    total = Total(say(N_("Room total")), slip.money(sum(n.price for n in nights), currency, digits), True)
    return Table(
        (
            slip.left(_("Dates"), 6),
            slip.right(_("Nights"), 1),
            slip.right(_("Price"), 2),
            slip.right(_("Amount"), 2),
        ),
        tuple(_price_row(same, digits) for same in groups[:_MOST_ROWS]),
        (*rest, total),
    )


def _price_row(same: Sequence[NightPrice], digits: int) -> Row:
    return slip.row(
        _span([n.night for n in same]),
        str(len(same)),
        show(same[0].price, digits),
        show(sum(n.price for n in same), digits),
        note=same[0].rule,
    )


def _short(day: date) -> str:
    return dates.long_day(day)


def room_change_slip(
    work: Work,
    *,
    number: str,
    guest: str,
    old: Place,
    new: Place,
    until: date,
    before: Sequence[NightPrice],
    after: Sequence[NightPrice],
    reason: str,
) -> Slip:
    """Return the slip of a move: from where to where, what each night to come cost and costs, from when until
    when, why, and who approved it."""
    digits = work.setting.digits
    change = sum(n.price for n in after) - sum(n.price for n in before)
    total = Total(_("Change in all"), signed(change, digits), True)
    prices = (_compared(before, after, digits, total),) if before else ()
    return Slip(
        "room_change_slip",
        _("Room change slip"),
        (
            Big(new.room, _("New room")),
            Table(
                (slip.left("", 2), slip.left(_("Before"), 4), slip.left(_("From now on"), 4)),
                (
                    slip.row(_("Room"), old.room, new.room),
                    slip.row(_("Room type"), _(old.type_name), _(new.type_name)),
                ),
            ),
            *prices,
            slip.facts(
                (_("Guest"), guest),
                (_("From when"), f"{day_and_weekday(work.business_date)}  {stamp(work)[-5:]}"),
                (_("Departure"), day_and_weekday(until)),
                (_("Reason"), reason),
                *_who(work),
            ),
            Signatures((_("Guest's signature"), _("Clerk's signature"))),
        ),
        number=number,
        copies=(_("Desk copy"), _("Housekeeping copy")),
        **letterhead(work),
    )


def price_change_slip(
    work: Work,
    *,
    number: str,
    guest: str,
    room: str,
    before: Sequence[NightPrice],
    after: Sequence[NightPrice],
    reason: str,
    for_guest: bool = True,
) -> Slip:
    """Return the slip of a changed price: each night to come before and from now on, why, and who approved
    it; without the guest's copy and signature where a channel pays."""
    digits = work.setting.digits
    change = sum(n.price for n in after) - sum(n.price for n in before)
    return Slip(
        "price_change_slip",
        _("Price change slip"),
        (
            Big(room, _("Room")),
            _compared(before, after, digits, Total(_("Change in all"), signed(change, digits), True)),
            slip.facts(
                (_("Guest"), guest),
                (_("From when"), f"{day_and_weekday(work.business_date)}  {stamp(work)[-5:]}"),
                (_("Reason"), reason),
                *_who(work),
            ),
            Signatures((*((_("Guest's signature"),) if for_guest else ()), _("Clerk's signature"))),
        ),
        number=number,
        copies=(_("Desk copy"), *((_("Guest copy"),) if for_guest else ())),
        **letterhead(work),
    )


def _compared(
    before: Sequence[NightPrice], after: Sequence[NightPrice], digits: int, *totals: Total
) -> Table:
    """Return the nights with their price before and from now on, neighbours alike on one line."""
    pairs = list(zip(before, after, strict=True))
    groups = [list(same) for _key, same in groupby(pairs, key=lambda two: (two[0].price, two[1].price))]
    return Table(
        (slip.left(_("Dates"), 6), slip.right(_("Before"), 3), slip.right(_("From now on"), 3)),
        tuple(
            slip.row(
                _span([was.night for was, _now in same]),
                show(same[0][0].price, digits),
                show(same[0][1].price, digits),
            )
            for same in groups
        ),
        totals,
    )


def _span(nights: Sequence[date]) -> str:
    first, last = _short(nights[0]), _short(nights[-1])
    return first if len(nights) == 1 else f"{first} \u2013 {last}"


def _who(work: Work) -> list[tuple[str, str]]:
    """Name who did it and, where a second person agreed, who approved it."""
    approved = [(_("Approved by"), work.approver)] if work.approver else []
    return [(_("By"), work.clerk.name), *approved]
