"""What the house sold and took: the manager's figures and the daily revenue with its bridges."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from pms.core import figures
from pms.core.figures import Figures
from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.printing import slip
from pms.printing.slip import Block, Heading, Table, Text, Total
from pms.services.reservations.queries import SOURCE_NAMES

from . import bridges, queries
from .page import NONE, Page, or_empty, share

SEGMENT_NAMES = {
    "rack": N_("Rack"),
    "member": N_("Member"),
    "agreement": N_("Agreement"),
    "promotion": N_("Promotion"),
    "channel": N_("Channel"),
    "manual": N_("Manual rate"),
    "": N_("not recorded"),
}
TYPE, SEGMENT, SOURCE = N_("Room type"), N_("Segment"), N_("Source")
Span = tuple[str, date, date]
"""A period's name, its first and its last day."""
Question = Callable[..., list[queries.Share]]


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
        _("Total"),
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
    for n, one in enumerate(shares):
        if n < 3:
            cells.append(one.nights if one else "")
        cells.append(page.money(one.amount) if one else "")
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
    sums = slip.row(_("Total"), *(page.money(sum(one.values())) for one in found))
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
