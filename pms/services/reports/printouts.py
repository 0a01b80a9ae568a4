"""The papers of a closed day. Each is built from the numbers of ``queries`` and says under itself how it was
worked out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from pms.core import clock, dates, figures
from pms.core.errors import Refused
from pms.core.figures import Figures
from pms.core.i18n import N_, _
from pms.core.money import Money, show
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db import anchor
from pms.printing import slip
from pms.printing.slip import Block, Heading, Row, Slip, Table, Text, Total
from pms.services.property.queries import setting
from pms.services.reservations.queries import SOURCE_NAMES

from . import bridges, queries

LEDGER_NAMES = {
    "guest": N_("Guest ledger"),
    "deposit": N_("Deposits held"),
    "advance": N_("Advance deposits"),
    "city": N_("City ledger"),
    "payment": N_("Payments"),
    "expense": N_("Expenses"),
    "revenue": N_("Revenue"),
    "tax": N_("Tax"),
    "equity": N_("Opening balances"),
}
KINDS = {"comp": N_("complimentary"), "house": N_("house use"), "": ""}
ODD = {"sleep": N_("Sleep"), "skip": N_("Skip"), "person": N_("Heads")}
NONE = "\u2014"
SEGMENT_NAMES = {
    "rack": N_("Rack"),
    "member": N_("Member"),
    "agreement": N_("Agreement"),
    "promotion": N_("Promotion"),
    "channel": N_("Channel"),
    "manual": N_("Price by hand"),
    "": N_("not recorded"),
}
TYPE, SEGMENT, SOURCE = N_("Room type"), N_("Segment"), N_("Source")
Span = tuple[str, date, date]
"""A period's name, its first and its last day."""
Question = Callable[..., list[queries.Share]]


@dataclass(frozen=True)
class Page:
    """What a report is written with: the database, the day, how many digits the currency has, the hotel's
    time zone."""

    session: Session
    day: date
    digits: int
    zone: str

    def money(self, amount: int | None) -> str:
        """Write an amount, or a dash where there is none."""
        return NONE if amount is None else show(amount, self.digits)


def share(points: int | None) -> str:
    """Write a part of all in per cent."""
    return NONE if points is None else f"{points / 100:.2f}%"


def or_empty(rows: Sequence[Row], table: Callable[[tuple[Row, ...]], Table], why: str) -> Block:
    """Return the table, or one line that says why there is nothing in it: an empty report is printed as
    empty."""
    return table(tuple(rows)) if rows else Text(why, "small")


# ------------------------------------------------------------------ revenue and figures
def periods(day: date) -> tuple[Span, ...]:
    """Return the day, its month and year so far, and the same day and month of last year."""
    try:
        last_year = day.replace(year=day.year - 1)
    except ValueError:  # 29 February has no twin
        last_year = day - timedelta(days=366)
    return (
        (_("Today"), day, day),
        (_("Month"), day.replace(day=1), day),
        (_("Year"), day.replace(month=1, day=1), day),
        (_("Last year's day"), last_year, last_year),
        (_("Last year's month"), last_year.replace(day=1), last_year),
    )


def lines(page: Page) -> tuple[tuple[str, Callable[[Figures], str]], ...]:
    """Return the manager's figures in their order: the name, and how it is written."""
    return (
        (_("All rooms"), lambda f: str(f.rooms)),
        (_("House use"), lambda f: str(f.house_use)),
        (_("Out of order"), lambda f: str(f.out_of_order)),
        (_("Available"), lambda f: str(f.available)),
        (_("Sold"), lambda f: f.nights),
        (_("Complimentary"), lambda f: str(f.complimentary)),
        (_("Occupancy"), lambda f: share(f.occupancy)),
        (_("Room revenue"), lambda f: page.money(f.revenue)),
        (_("Average daily rate"), lambda f: page.money(f.adr)),
        (_("RevPAR"), lambda f: page.money(f.revpar)),
        (_("Rooms arrived"), lambda f: str(f.arrivals)),
        (_("Rooms departed"), lambda f: str(f.departures)),
        (_("No-shows"), lambda f: str(f.no_shows)),
    )


def formulas(local: bool) -> tuple[Text, ...]:
    """Return how each ratio is worked out, by the definition the hotel has chosen."""
    words = figures.FORMULAS | (figures.LOCAL if local else {})
    titles = {
        "occupancy": _("Occupancy"),
        "adr": _("Average daily rate"),
        "revpar": _("RevPAR"),
        "available": _("Available"),
    }
    return tuple(Text(f"{titles[key]} = {_(how)}", "small") for key, how in words.items())


def manager(page: Page) -> tuple[Block, ...]:
    """The manager's figures: today, month, year and the same day last year, with their formulas."""
    spans = periods(page.day)
    found = [queries.figures(page.session, start=start, end=end) for _name, start, end in spans]
    rows = tuple(
        slip.row(name, *(write(f) if f.rooms else NONE for f in found)) for name, write in lines(page)
    )
    return (
        Table((slip.left("", 3), *(slip.right(name, 2) for name, _start, _end in spans)), rows),
        *formulas(found[0].local),
    )


def revenue(page: Page) -> tuple[Block, ...]:
    """The daily revenue: against the budget, by type, segment, source, transaction code and method, with the
    bridge to what is owed."""
    spans = periods(page.day)
    return (
        Heading(_("Rooms, budget and last year")),
        _against_budget(page, spans),
        Text(_budget_words(page), "small"),
        Heading(_("By room type, today")),
        _by_type(page),
        Heading(_("By room type")),
        _broken_down(page, spans, _(TYPE), _types),
        Heading(_("By segment")),
        _broken_down(page, spans, _(SEGMENT), queries.by_segment, SEGMENT_NAMES),
        Heading(_("By source")),
        _broken_down(page, spans, _(SOURCE), queries.by_source, SOURCE_NAMES),
        Heading(_("By transaction code")),
        _shares(page, spans, queries.by_code),
        Heading(_("By method of payment")),
        _shares(page, spans, queries.by_method),
        Heading(_("Room revenue in the books")),
        room_bridge(page, spans[:3]),
        Heading(_("Bridge")),
        bridge(page, spans[:3]),
    )


def _against_budget(page: Page, spans: Sequence[Span]) -> Block:
    found = [queries.figures(page.session, start=start, end=end) for _name, start, end in spans]
    aim = queries.budget(page.session, day=page.day)
    meant: tuple[Figures, ...] = (
        tuple(Figures(sold=a.sold, revenue=a.revenue) for a in (aim.month, aim.year)) if aim else ()
    )
    today, month, year, *before = found
    columns = (
        today,
        month,
        meant[0] if meant else None,
        year,
        meant[1] if meant else None,
        *(f if f.rooms else None for f in before),
    )
    names = (spans[0][0], spans[1][0], _("Budget"), spans[2][0], _("Budget"), spans[3][0], spans[4][0])
    lines: tuple[tuple[str, Callable[[Figures], str]], ...] = (
        (_("Room nights"), lambda f: f.nights),
        (_("Room revenue"), lambda f: page.money(f.revenue)),
        (_("Average daily rate"), lambda f: page.money(f.adr)),
    )
    rows = tuple(
        slip.row(words, *(NONE if f is None else write(f) for f in columns)) for words, write in lines
    )
    return Table((slip.left("", 2), *(slip.right(name, 2) for name in names)), rows)


def _budget_words(page: Page) -> str:
    aim = queries.budget(page.session, day=page.day)
    if aim is None:
        return _("No budget was entered for this month when the day was closed.")
    return _(
        "Budget: the month's %(nights)s nights and %(revenue)s, by its days so far; the year's the "
        "same, month by month."
    ) % {"nights": aim.whole.sold, "revenue": page.money(aim.whole.revenue)}


def _by_type(page: Page) -> Block:
    rows = [
        slip.row(
            code,
            str(f.available),
            f.nights,
            share(f.occupancy),
            page.money(f.revenue),
            page.money(f.adr),
            page.money(f.revpar),
        )
        for code, f in queries.by_type(page.session, start=page.day, end=page.day)
    ]
    house = queries.figures(page.session, start=page.day, end=page.day)
    columns = (
        slip.left(_(TYPE), 2),
        slip.right(_("Available")),
        slip.right(_("Sold")),
        slip.right(_("Occupancy")),
        slip.right(_("Revenue"), 2),
        slip.right(_("ADR")),
        slip.right(_("RevPAR")),
    )
    total = (Total(_("Room revenue"), page.money(house.revenue), True),)
    return or_empty(rows, lambda r: Table(columns, r, total), _("No rooms."))


def _types(session: Session, *, start: date, end: date) -> list[queries.Share]:
    return [
        queries.Share(code, f.sold, f.revenue, f.halves)
        for code, f in queries.by_type(session, start=start, end=end)
    ]


def _broken_down(
    page: Page, spans: Sequence[Span], title: str, question: Question, names: Mapping[str, str] | None = None
) -> Block:
    """Return rooms and revenue by something, today, this month, this year, and the revenue of last year's
    month."""
    spans = (*spans[:3], spans[4])
    found = [{s.name: s for s in question(page.session, start=start, end=end)} for _name, start, end in spans]
    words = list(dict.fromkeys(name for one in (found[2], *found[3:]) for name in one))
    rows = [
        slip.row(_((names or {}).get(word, word)), *_cells(page, [one.get(word) for one in found]))
        for word in words
    ]
    sums = slip.row(
        _("Together"),
        *_cells(
            page,
            [
                queries.Share(
                    "",
                    sum(s.number for s in one.values()),
                    Money(sum(s.amount for s in one.values())),
                    sum(s.halves for s in one.values()),
                )
                for one in found
            ],
        ),
    )
    heads = [c for name, _start, _end in spans[:3] for c in (slip.right(_("Rooms")), slip.right(name, 2))]
    columns = (slip.left(title, 3), *heads, *(slip.right(name, 2) for name, _start, _end in spans[3:]))
    return or_empty(rows, lambda r: Table(columns, (*r, sums)), _("No room was sold."))


def _cells(page: Page, shares: Sequence[queries.Share | None]) -> list[str]:
    cells = []
    for n, share in enumerate(shares):
        if n < 3:
            cells.append(share.nights if share else "")
        cells.append(page.money(share.amount) if share else "")
    return cells


def _shares(page: Page, spans: Sequence[Span], question: Question) -> Block:
    names = queries.names(page.session)
    found = [
        {s.name: s.amount for s in question(page.session, start=start, end=end)}
        for _name, start, end in spans
    ]
    codes = list(dict.fromkeys(code for one in (found[2], *found[3:]) for code in one))
    rows = [
        slip.row(names.get(code, code), *(page.money(one.get(code, 0)) for one in found)) for code in codes
    ]
    sums = slip.row(_("Together"), *(page.money(sum(one.values())) for one in found))
    return or_empty(
        rows,
        lambda r: Table(
            (slip.left(_("Code"), 3), *(slip.right(name, 2) for name, _s, _e in spans)), (*r, sums)
        ),
        _("Nothing was posted."),
    )


def bridge(page: Page, spans: Sequence[Span]) -> Block:
    """Return what was owed before, what came on, what was paid, and what is owed now."""
    closed = set(queries.closed_days(page.session, limit=400))
    found = []
    for name, start, end in spans:
        first = min((d for d in closed if d >= start), default=end)
        found.append((name, queries.bridge(page.session, start=first, end=end)))
    lines = (
        (_("Owed before"), "opening"),
        (_("+ consumption"), "consumption"),
        (_("\u2212 paid"), "paid"),
        (_("= owed now"), "closing"),
    )
    rows = tuple(
        slip.row(words, *(page.money(getattr(b, name)) for _name, b in found)) for words, name in lines
    )
    return Table((slip.left("", 3), *(slip.right(name, 2) for name, _b in found)), rows)


def room_bridge(page: Page, spans: Sequence[Span]) -> Block:
    """Return what ties the room revenue of the figures to the books: what was given back or voided after its
    day was closed."""
    found = [bridges.room_bridge(page.session, start=start, end=end) for _name, start, end in spans]
    lines = [
        (_("Nights and parts of days sold"), "sold"),
        (_("+ corrections, rebates and voids of closed days"), "corrections"),
        *([(_("+ not explained"), "rest")] if any(b.rest for b in found) else []),
        (_("= room revenue in the books"), "books"),
    ]
    rows = tuple(slip.row(words, *(page.money(getattr(b, name)) for b in found)) for words, name in lines)
    return Table((slip.left("", 3), *(slip.right(name, 2) for name, _start, _end in spans)), rows)


# ------------------------------------------------------------------ the books
def trial_balance(page: Page) -> tuple[Block, ...]:
    """The trial balance by ledger; debits and credits of the day are equal and all closings sum to
    nothing."""
    lines = queries.trial_balance(page.session, day=page.day)
    facts = {"opening": _("Opening"), "debit": _("Debit"), "credit": _("Credit"), "closing": _("Closing")}
    rows = [
        slip.row(_(LEDGER_NAMES[x.ledger]), *(page.money(getattr(x, name)) for name in facts)) for x in lines
    ]
    sums = slip.row(_("Together"), *(page.money(sum(getattr(x, name) for x in lines)) for name in facts))
    columns = (slip.left(_("Ledger"), 3), *(slip.right(words, 2) for words in facts.values()))
    return (
        or_empty(rows, lambda r: Table(columns, (*r, sums)), _("Nothing has been posted yet.")),
        Text(
            _(
                "Opening + debit \u2212 credit = closing, ledger by ledger; all closings together are "
                "nothing."
            ),
            "small",
        ),
    )


def balances(page: Page) -> tuple[Block, ...]:
    """What everybody in house owed at the close, and the deposits held."""
    found = queries.in_house(page.session, day=page.day)
    rows = [
        slip.row(
            x.room,
            x.guest,
            dates.day(x.arrival),
            dates.day(x.departure),
            page.money(x.price),
            page.money(x.owed),
            page.money(x.deposit),
        )
        for x in found
    ]
    totals = (
        Total(_("Owed"), page.money(sum(x.owed for x in found))),
        Total(_("Deposits held"), page.money(sum(x.deposit for x in found))),
    )
    columns = (
        slip.left(_("Room"), 1),
        slip.guests(_("Guest"), 3),
        slip.left(_("Arrival")),
        slip.left(_("Departure")),
        slip.right(_("Price"), 2),
        slip.right(_("Owes"), 2),
        slip.right(_("Deposit"), 2),
    )
    return (or_empty(rows, lambda r: Table(columns, r, totals), _("Nobody was in house.")),)


def variances(page: Page) -> tuple[Block, ...]:
    """The nights sold at another price than the rack rate."""
    found = [x for x in queries.variances(page.session, day=page.day) if not x.kind]
    rows = [
        slip.row(
            x.room,
            x.guest,
            x.type_code,
            page.money(x.rack),
            page.money(x.price),
            page.money(None if x.rack is None else x.price - x.rack),
        )
        for x in found
    ]
    columns = (
        slip.left(_("Room")),
        slip.guests(_("Guest"), 3),
        slip.left(_("Type")),
        slip.right(_("Rack rate"), 2),
        slip.right(_("Price"), 2),
        slip.right(_("Difference"), 2),
    )
    return (or_empty(rows, lambda r: Table(columns, r), _("Every room was sold at its rack rate.")),)


def given_away(page: Page) -> tuple[Block, ...]:
    """Complimentary rooms and house use."""
    found = [x for x in queries.variances(page.session, day=page.day) if x.kind]
    rows = [slip.row(x.room, x.guest, x.type_code, _(KINDS[x.kind]), page.money(x.rack)) for x in found]
    columns = (
        slip.left(_("Room")),
        slip.guests(_("Guest"), 3),
        slip.left(_("Type")),
        slip.left(_("Kind"), 2),
        slip.right(_("Rack rate"), 2),
    )
    return (or_empty(rows, lambda r: Table(columns, r), _("No room was given away.")),)


def corrections(page: Page) -> tuple[Block, ...]:
    """Voids and adjustments, with who and why."""
    names = queries.names(page.session)
    rows = [
        slip.row(
            f"{clock.local(x.at, page.zone):%H:%M}",
            x.room,
            names.get(x.code, x.code),
            x.clerk,
            page.money(x.amount),
            note=x.reason or x.text,
        )
        for x in queries.corrections(page.session, day=page.day)
    ]
    columns = (
        slip.left(_("Time")),
        slip.left(_("Room")),
        slip.left(_("Code"), 3),
        slip.left(_("By"), 2),
        slip.right(_("Amount"), 2),
    )
    return (or_empty(rows, lambda r: Table(columns, r), _("Nothing was taken back.")),)


def losses(page: Page) -> tuple[Block, ...]:
    """No-shows and cancellations of the day's arrivals."""
    words = {"cancelled": _("Cancelled"), "no_show": _("No-show")}
    rows = [
        slip.row(
            f"R-{x.number}",
            x.guest,
            x.type_code,
            f"{dates.day(x.arrival)} \u2013 {dates.day(x.departure)}",
            words[x.state],
            note=x.reason,
        )
        for x in queries.lost(page.session, day=page.day)
    ]
    columns = (
        slip.left(_("Booking"), 2),
        slip.guests(_("Guest"), 3),
        slip.left(_("Type")),
        slip.left(_("Nights"), 2),
        slip.left(_("State"), 2),
    )
    return (or_empty(rows, lambda r: Table(columns, r), _("Everybody who was expected came.")),)


def discrepancies(page: Page) -> tuple[Block, ...]:
    """Rooms that housekeeping saw otherwise than the desk had them, and what explained them."""
    found = queries.discrepancies(page.session, day=page.day)
    seen = [
        slip.row(x.part, x.room, _(ODD[x.kind]), _persons(x.desk), _persons(x.seen), x.clerk)
        for x in found
        if x.part
    ]
    cleared = [
        slip.row(x.room, _(ODD[x.kind]), _persons(x.desk), _persons(x.seen), x.clerk, note=x.reason)
        for x in found
        if not x.part
    ]
    told = (
        slip.left(_("Room")),
        slip.left(_("Difference"), 2),
        slip.left(_("Desk")),
        slip.left(_("Housekeeping")),
        slip.left(_("By"), 2),
    )
    return (
        or_empty(
            seen,
            lambda r: Table((slip.left(_("Sheet")), *told), r),
            _("Desk and housekeeping agreed on every room that was recorded."),
        ),
        Heading(_("Cleared")),
        or_empty(cleared, lambda r: Table(told, r), _("Nothing had to be cleared.")),
    )


def _persons(number: int | None) -> str:
    return _("vacant") if not number else str(number)


def cashier(page: Page) -> tuple[Block, ...]:
    """What each person took and gave back by each method."""
    found, names = queries.takings(page.session, day=page.day), queries.names(page.session)
    rows = [
        slip.row(
            x.clerk,
            method(names, x.method),
            str(x.number),
            page.money(x.taken),
            page.money(x.given),
            page.money(x.taken - x.given),
        )
        for x in found
    ]
    totals = (Total(_("Together"), page.money(sum(x.taken - x.given for x in found)), True),)
    columns = (
        slip.left(_("By"), 2),
        slip.left(_("Method"), 2),
        slip.right(_("Lines")),
        slip.right(_("Taken"), 2),
        slip.right(_("Given"), 2),
        slip.right(_("Net"), 2),
    )
    return (or_empty(rows, lambda r: Table(columns, r, totals), _("No money was taken or given.")),)


def method(names: dict[str, str], code: str) -> str:
    """Return how money came or went, in words."""
    method, _sep, station = code.partition(":")
    return f"{names.get(method, method)} {station}".strip()


def audit_record(page: Page) -> tuple[Block, ...]:
    """Who closed the day and when, what was posted, and the auditor's marks."""
    run = queries.run(page.session, day=page.day)
    if run is None:
        return (Text(_("This day has not been closed."), "small"),)
    words = {"approved": _("approved"), "queried": _("queried")}
    rows = [
        slip.row(
            mark.get("title") or key,
            words.get(mark["state"], mark["state"]),
            mark.get("by", ""),
            note=mark.get("remark", ""),
        )
        for key, mark in run.marks.items()
    ]
    when = "%Y-%m-%d %H:%M"
    return (
        slip.facts(
            (_("Begun"), f"{clock.local(run.started_at, page.zone):{when}} {run.started_by}"),
            (_("Closed"), f"{clock.local(run.closed_at, page.zone):{when}} {run.closed_by}"),
            (_("Postings"), str(run.postings)),
            (_("Sum of all debits"), page.money(run.total)),
            (_("No-shows"), str(run.no_shows)),
            *_trail(page),
            *_paper(page, run),
        ),
        or_empty(
            rows,
            lambda r: Table((slip.left(_("Finding"), 3), slip.left(_("Mark"), 2), slip.left(_("By"), 2)), r),
            _("No finding was marked."),
        ),
        slip.Signatures((_("Night auditor"), _("Day audit"))),
    )


def _trail(page: Page) -> tuple[tuple[str, str], ...]:
    """The seal of the day in the audit trail, on paper where nobody at a computer can change it."""
    found = queries.seal_of(page.session, day=page.day)
    return () if found is None else ((_("Audit trail"), anchor.words(*found)),)


def _paper(page: Page, run: queries.Run) -> tuple[tuple[str, str], ...]:
    """What the signs of the paper before were held to be, where the auditor was asked for them."""
    if run.paper_entry is None:
        return ()
    told = _("not typed")
    if run.paper_at is not None:
        words = {
            "signs": run.paper_signs,
            "n": run.paper_entry,
            "who": run.paper_by,
            "at": f"{clock.local(run.paper_at, page.zone):%H:%M}",
        }
        told = (
            _("%(signs)s is entry %(n)s, %(who)s %(at)s") % words
            if run.paper_right
            else _("%(signs)s is NOT entry %(n)s, %(who)s %(at)s") % words
        )
        if run.paper_tries > 1:
            told = _("%(told)s, at try %(n)s") % {"told": told, "n": run.paper_tries}
    return ((_("Signs of the paper before"), told),)


Builder = Callable[[Page], tuple[Block, ...]]
REPORTS: dict[str, tuple[str, Builder]] = {
    "audit_record": (N_("Audit record"), audit_record),
    "revenue": (N_("Daily revenue"), revenue),
    "manager": (N_("Manager's figures"), manager),
    "trial_balance": (N_("Trial balance"), trial_balance),
    "balances": (N_("In-house balances"), balances),
    "variances": (N_("Room-rate variance"), variances),
    "corrections": (N_("Voids and adjustments"), corrections),
    "given_away": (N_("Complimentary and house use"), given_away),
    "losses": (N_("No-shows and cancellations"), losses),
    "cashier": (N_("Cashier summary"), cashier),
    "discrepancies": (N_("Discrepancies"), discrepancies),
}
"""The night's set, in the order it is filed."""


@query(Permission.REPORTS_READ)
def report(session: Session, *, word: str, day: date, roll: Builder | None = None) -> Slip:
    """Return one report of a closed day, on A4, and its layout for a receipt roll where it has one."""
    if word not in REPORTS:
        raise Refused(_("There is no such report. Choose one of the list."))
    title, build = REPORTS[word]
    s = setting(session)
    run = queries.run(session, day=day)
    when = f"{clock.local(run.closed_at, s.zone):%Y-%m-%d %H:%M}" if run else ""
    closed = _("Closed %(time)s by %(clerk)s.") % {"time": when, "clerk": run.closed_by} if run else ""
    page = Page(session, day, s.digits, s.zone)
    dated = slip.facts((_("Business date"), f"{day:%Y-%m-%d}"))
    return Slip(
        f"report_{word}",
        _(title),
        (dated, *build(page)),
        number=f"{day:%Y%m%d}",
        paper="A4",
        house=s.name,
        house_note="  ".join(filter(None, (s.options.address, s.options.phone))),
        foot=closed,
        roll=(dated, *roll(page)) if roll else (),
    )
