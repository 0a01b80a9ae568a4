"""A week or a month on paper: its figures beside the period before and last year, its registers, and what
somebody writes about it."""

from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from pms.core import dates
from pms.core.figures import written
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.offers import Tally
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.printing import slip
from pms.printing.slip import Block, Heading, Signatures, Slip, Table, Text
from pms.services.property.queries import setting
from pms.services.reports import queries as days
from pms.services.reports import turnover as daily
from pms.services.reports.page import NONE, Page
from pms.services.reservations.queries import SOURCE_NAMES

from . import queries
from .queries import MONTH, NAMES


@query(Permission.REPORTS_READ)
def paper(
    session: Session,
    *,
    kind: str,
    start: date,
    text: str,
    plan: str,
    tallies: Sequence[Tally],
    signed: str = "",
) -> Slip:
    """Return the report of a period; a signed one says by whom and when, a draft that it is one."""
    s, end = setting(session), queries.span(kind, start)[1]
    page = Page(session, end, s.digits, s.zone)
    period = dates.span(start, end, year=True)
    return Slip(
        f"period_report_{kind}",
        _(NAMES[kind]),
        (
            slip.facts((_("Period"), f"{period}{_so_far(session, kind, start, end)}")),
            *_words(_("What went well, what did not"), text),
            *_words(_("Plan for the next period"), plan),
            Heading(_("Figures")),
            *_figures(page, kind, start, end),
            Heading(_("By source")),
            _shares(page, start, end, days.by_source, SOURCE_NAMES),
            Heading(_("By segment")),
            _shares(page, start, end, days.by_segment, daily.SEGMENT_NAMES),
            Heading(_("Room revenue in the books")),
            daily.room_bridge(page, ((_("This period"), start, end),)),
            Heading(_("Revenue and taxes")),
            _codes(page, start, end, days.by_code),
            Heading(_("By method of payment")),
            _codes(page, start, end, days.by_method),
            Heading(_("Registers")),
            _tallies(page, tallies),
            Signatures((_("Written by"), _("Manager"))),
        ),
        number=f"{kind[0].upper()}-{start:%Y%m%d}",
        paper="A4",
        house=s.name,
        house_note="  ".join(filter(None, (s.options.address, s.options.phone))),
        foot=signed or _("Draft: not signed yet."),
    )


def _so_far(session: Session, kind: str, start: date, end: date) -> str:
    """Say in brackets that a week or month is not complete."""
    days_there = days.days_closed(session, start=start, end=end)
    words = queries.part_of(kind, start, end, days_there)
    return f" ({words})" if words else ""


def _words(title: str, typed: str) -> tuple[Block, ...]:
    return (Heading(title), *(slip.paragraphs(typed) or (Text(_("Nothing was written."), "small"),)))


def _figures(page: Page, kind: str, start: date, end: date) -> tuple[Block, ...]:
    spans = ((start, end), queries.before(kind, start), queries.last_year(kind, start))
    found = [days.figures(page.session, start=a, end=b) for a, b in spans]
    aim = days.budget(page.session, day=end) if kind == MONTH else None
    meant = {_("Sold"): str(aim.whole.sold), _("Room revenue"): page.money(aim.whole.revenue)} if aim else {}
    rows = [
        slip.row(
            name,
            write(found[0]),
            *([meant.get(name, "")] if aim else []),
            *(write(f) if f.rooms else NONE for f in found[1:]),
        )
        for name, write in daily.lines(page)
    ]
    this, *others = (
        _head(page.session, name, a, b)
        for name, (a, b) in zip((_("This period"), _("Period before"), _("Last year")), spans, strict=True)
    )
    heads = (this, *([_("Budget")] if aim else []), *others)
    return (
        Table((slip.left("", 3), *(slip.right(name, 2) for name in heads)), tuple(rows)),
        *daily.formulas(found[0].local),
    )


def _head(session: Session, name: str, start: date, end: date) -> str:
    """Return a column's title, with the number of its days where a period is not complete."""
    there, whole = days.days_closed(session, start=start, end=end), (end - start).days + 1
    if there in (0, whole):
        return name
    return _("%(period)s, %(n)s of %(whole)s days") % {"period": name, "n": there, "whole": whole}


def _shares(
    page: Page, start: date, end: date, question: Callable[..., list[days.Share]], names: dict[str, str]
) -> Block:
    found = question(page.session, start=start, end=end)
    if not found:
        return Text(_("No room was sold."), "small")
    rows = [slip.row(_(names.get(s.name, s.name)), s.nights, page.money(s.amount)) for s in found]
    sums = slip.row(
        _("Total"),
        written(sum(2 * s.number + s.halves for s in found)),
        page.money(sum(s.amount for s in found)),
    )
    return Table((slip.left("", 3), slip.right(_("Rooms")), slip.right(_("Revenue"), 2)), (*rows, sums))


def _codes(page: Page, start: date, end: date, question: Callable[..., list[days.Share]]) -> Block:
    names, found = days.names(page.session), question(page.session, start=start, end=end)
    if not found:
        return Text(_("Nothing was posted."), "small")
    rows = [slip.row(names.get(s.name, s.name), page.money(s.amount)) for s in found]
    return Table(
        (slip.left("", 3), slip.right(_("Amount"), 2)),
        (*rows, slip.row(_("Total"), page.money(sum(s.amount for s in found)))),
    )


def _tallies(page: Page, tallies: Sequence[Tally]) -> Block:
    rows = tuple(
        slip.row(_(t.words), str(t.number), "" if t.amount is None else show(Money(t.amount), page.digits))
        for t in tallies
    )
    return Table((slip.left("", 3), slip.right(_("Number")), slip.right(_("Amount"), 2)), rows)
