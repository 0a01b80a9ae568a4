"""The books and the lists of a closed day: balances, prices, corrections, losses, takings, and who closed
it."""

from datetime import datetime

from pms.core import clock, dates
from pms.core.i18n import N_, _
from pms.db import anchor
from pms.printing import slip
from pms.printing.slip import Block, Heading, Table, Text, Total

from . import behind, queries
from .page import Page, or_empty

LEDGER_NAMES = {
    "guest": N_("Guest ledger"),
    "deposit": N_("Deposits held"),
    "advance": N_("Advance deposits"),
    "stored": N_("Stored value"),
    "city": N_("City ledger"),
    "payment": N_("Payments"),
    "expense": N_("Expenses"),
    "revenue": N_("Revenue"),
    "tax": N_("Tax"),
    "equity": N_("Opening balances"),
}
KINDS = {"comp": N_("complimentary"), "house": N_("house use"), "": ""}
ODD = {"sleep": N_("Sleep"), "skip": N_("Skip"), "person": N_("Heads")}


def trial_balance(page: Page) -> tuple[Block, ...]:
    """The trial balance by ledger; debits and credits of the day are equal and all closings sum to
    nothing."""
    lines = queries.trial_balance(page.session, day=page.day)
    facts = {"opening": _("Opening"), "debit": _("Debit"), "credit": _("Credit"), "closing": _("Closing")}
    rows = [
        slip.row(_(LEDGER_NAMES[x.ledger]), *(page.money(getattr(x, name)) for name in facts)) for x in lines
    ]
    sums = slip.row(_("Total"), *(page.money(sum(getattr(x, name) for x in lines)) for name in facts))
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
    found = behind.in_house(page.session, day=page.day)
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
    found = [x for x in behind.variances(page.session, day=page.day) if not x.kind]
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
    found = [x for x in behind.variances(page.session, day=page.day) if x.kind]
    rows = [slip.row(x.room, x.guest, x.type_code, _(KINDS[x.kind]), page.money(x.rack)) for x in found]
    columns = (
        slip.left(_("Room")),
        slip.guests(_("Guest"), 3),
        slip.left(_("Type")),
        slip.left(_("Kind"), 2),
        slip.right(_("Rack rate"), 2),
    )
    return (or_empty(rows, lambda r: Table(columns, r), _("No complimentary or house-use rooms.")),)


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
        for x in behind.corrections(page.session, day=page.day)
    ]
    columns = (
        slip.left(_("Time")),
        slip.left(_("Room")),
        slip.left(_("Code"), 3),
        slip.left(_("By"), 2),
        slip.right(_("Amount"), 2),
    )
    return (or_empty(rows, lambda r: Table(columns, r), _("No voids or adjustments.")),)


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
        for x in behind.lost(page.session, day=page.day)
    ]
    columns = (
        slip.left(_("Booking"), 2),
        slip.guests(_("Guest"), 3),
        slip.left(_("Type")),
        slip.left(_("Nights"), 2),
        slip.left(_("State"), 2),
    )
    return (or_empty(rows, lambda r: Table(columns, r), _("All expected guests arrived.")),)


def discrepancies(page: Page) -> tuple[Block, ...]:
    """Rooms that housekeeping saw otherwise than the desk had them, and what explained them."""
    found = behind.discrepancies(page.session, day=page.day)
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
    found, names = behind.takings(page.session, day=page.day), queries.names(page.session)
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
    totals = (Total(_("Total"), page.money(sum(x.taken - x.given for x in found)), True),)
    columns = (
        slip.left(_("By"), 2),
        slip.left(_("Method"), 2),
        slip.right(_("Lines")),
        slip.right(_("Taken"), 2),
        slip.right(_("Paid out"), 2),
        slip.right(_("Net"), 2),
    )
    return (or_empty(rows, lambda r: Table(columns, r, totals), _("No money was taken or paid out.")),)


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
    return (
        slip.facts(
            (_("Begun"), f"{_at(run.started_at, page)} {run.started_by}"),
            (_("Closed"), f"{_at(run.closed_at, page)} {run.closed_by}"),
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
    return ((_("Check code of the last paper"), told),)


def _at(moment: datetime, page: Page) -> str:
    return dates.moment(clock.local(moment, page.zone), year=True)
