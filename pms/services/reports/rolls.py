"""The reports that are also printed on a receipt printer, laid out for its 48 cells: fewer periods, fewer
columns, the same numbers."""

from collections.abc import Callable, Sequence

from pms.core.figures import Figures
from pms.core.i18n import _
from pms.core.money import Money
from pms.printing import slip
from pms.printing.slip import Block, Heading, Row, Signatures, Table, Text, Total
from pms.services.reservations.queries import SOURCE_NAMES

from . import behind, books, queries, turnover
from .page import Page, or_empty, share
from .queries import Share
from .turnover import SEGMENT_NAMES, Question, Span


def revenue(page: Page) -> tuple[Block, ...]:
    """The daily revenue of today and this month; the year and last year stand on the sheet."""
    spans = turnover.periods(page.day)[:2]
    return (
        _rooms(page, spans),
        Heading(_("By room type, today")),
        _by_type(page),
        Heading(_("By segment")),
        _sold(page, spans, queries.by_segment, SEGMENT_NAMES),
        Heading(_("By source")),
        _sold(page, spans, queries.by_source, SOURCE_NAMES),
        Heading(_("By transaction code")),
        _posted(page, spans, queries.by_code),
        Heading(_("By method of payment")),
        _posted(page, spans, queries.by_method),
        Heading(_("Room revenue in the books")),
        turnover.room_bridge(page, spans),
        Heading(_("Bridge")),
        turnover.bridge(page, spans),
        Text(_("The year, last year and the budget of the year: on the sheet of paper."), "small"),
    )


def _heads(first: str, spans: Sequence[Span], *, rooms: bool = False) -> tuple[slip.Column, ...]:
    between = (slip.right(_("Rooms")),) if rooms else ()
    return (slip.left(first, 3), *between, *(slip.right(name, 2) for name, _start, _end in spans))


def _rooms(page: Page, spans: Sequence[Span]) -> Block:
    today, month = (queries.figures(page.session, start=start, end=end) for _name, start, end in spans)
    facts: tuple[tuple[str, Callable[[Figures], str]], ...] = (
        (_("Available"), lambda f: str(f.available)),
        (_("Sold"), lambda f: f.nights),
        (_("Occupancy"), lambda f: share(f.occupancy)),
        (_("Room revenue"), lambda f: page.money(f.revenue)),
        (_("Average daily rate"), lambda f: page.money(f.adr)),
        (_("RevPAR"), lambda f: page.money(f.revpar)),
    )
    rows = [slip.row(words, write(today), write(month)) for words, write in facts]
    if aim := queries.budget(page.session, day=page.day):
        rows.append(slip.row(_("Budget so far"), "", page.money(aim.month.revenue)))
    return Table(_heads("", spans), tuple(rows))


def _by_type(page: Page) -> Block:
    found = queries.by_type(page.session, start=page.day, end=page.day)
    rows = [
        slip.row(code, f"{f.nights}/{f.available}", share(f.occupancy), page.money(f.revenue))
        for code, f in found
    ]
    columns = (
        slip.left(_(turnover.TYPE), 2),
        slip.right(_("Sold")),
        slip.right(_("Occupancy")),
        slip.right(_("Revenue"), 2),
    )
    total = (Total(_("Room revenue"), page.money(sum(f.revenue for _code, f in found)), True),)
    return or_empty(rows, lambda r: Table(columns, r, total), _("No rooms."))


def _sold(page: Page, spans: Sequence[Span], question: Question, names: dict[str, str]) -> Block:
    """Return today's rooms and the revenue of today and of the month by something."""
    found = [{s.name: s for s in question(page.session, start=start, end=end)} for _n, start, end in spans]
    today, month = found
    rows = [_sold_row(page, _(names.get(word, word)), today.get(word), month[word]) for word in month]
    sums = [
        Share(
            "",
            sum(s.number for s in one.values()),
            Money(sum(s.amount for s in one.values())),
            sum(s.halves for s in one.values()),
        )
        for one in found
    ]
    together = _sold_row(page, _("Total"), *sums)
    heads = _heads("", spans, rooms=True)
    return or_empty(rows, lambda r: Table(heads, (*r, together)), _("No room was sold."))


def _sold_row(page: Page, words: str, today: Share | None, month: Share) -> Row:
    number, amount = (today.nights, page.money(today.amount)) if today else ("", "")
    return slip.row(words, number, amount, page.money(month.amount))


def _posted(page: Page, spans: Sequence[Span], question: Question) -> Block:
    names = queries.names(page.session)
    today, month = (
        {s.name: s.amount for s in question(page.session, start=start, end=end)} for _n, start, end in spans
    )
    rows = [
        slip.row(names.get(code, code), page.money(today.get(code, 0)), page.money(month[code]))
        for code in month
    ]
    sums = slip.row(_("Total"), page.money(sum(today.values())), page.money(sum(month.values())))
    return or_empty(rows, lambda r: Table(_heads("", spans), (*r, sums)), _("Nothing was posted."))


def cashier(page: Page) -> tuple[Block, ...]:
    """What each person took and gave back, person by person."""
    found, names = behind.takings(page.session, day=page.day), queries.names(page.session)
    if not found:
        return (Text(_("No money was taken or paid out."), "small"),)
    columns = (
        slip.left(_("Method"), 2),
        slip.right(_("Taken"), 2),
        slip.right(_("Paid out"), 2),
        slip.right(_("Net"), 2),
    )
    blocks: list[Block] = []
    for clerk in dict.fromkeys(x.clerk for x in found):
        own = [x for x in found if x.clerk == clerk]
        rows = tuple(
            slip.row(
                books.method(names, x.method),
                page.money(x.taken),
                page.money(x.given),
                page.money(x.taken - x.given),
            )
            for x in own
        )
        net = Total(_("Net"), page.money(sum(x.taken - x.given for x in own)))
        count = Total(_("Lines"), str(sum(x.number for x in own)))
        blocks += [Heading(clerk), Table(columns, rows, (count, net))]
    total = Total(_("Total"), page.money(sum(x.taken - x.given for x in found)), True)
    return (*blocks, Table((slip.left(""),), (), (total,)))


def audit_record(page: Page) -> tuple[Block, ...]:
    """Who closed the day and when, and each finding that was marked, with the auditor's word below it."""
    facts, findings, *_signed = books.audit_record(page)
    if isinstance(findings, Table):
        columns = (slip.left(_("Finding"), 3), slip.left(_("Mark")))
        rows = tuple(
            slip.row(*row.cells[:2], note="  ".join(filter(None, (row.cells[2], row.note))))
            for row in findings.rows
        )
        findings = Table(columns, rows)
    return facts, findings, Signatures((_("Night auditor"), _("Day audit")))


ROLLS: dict[str, Callable[[Page], tuple[Block, ...]]] = {
    "revenue": revenue,
    "cashier": cashier,
    "audit_record": audit_record,
}
"""The layouts of their own; any other report is set on a roll as its sheet is."""
