"""The rehearsal on paper: every line that would be posted, sums by code, and why it differs from last
night."""

from datetime import date

from sqlalchemy.orm import Session

from pms.core import dates
from pms.core.i18n import N_, _
from pms.core.money import show
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.printing import slip
from pms.printing.slip import Block, Heading, Slip, Table, Text, Total
from pms.services.property.queries import setting

from . import queries
from .queries import Change

REASONS = {
    "arrival": N_("New tonight"),
    "departure": N_("Departed"),
    "price": N_("Rate changed"),
    "free": N_("Now free of charge"),
}


@query(Permission.AUDIT_RUN)
def rehearsal(session: Session, *, business_date: date) -> Slip:
    """Return what the close of an open day would post as of now; nothing is posted by it."""
    s = setting(session)
    charges = queries.rehearsal(session, business_date=business_date)
    rows = tuple(slip.row(c.room, c.guest, c.text, show(c.amount, s.digits), note=c.rule) for c in charges)
    columns = (
        slip.left(_("Room")),
        slip.guests(_("Guest"), 3),
        slip.left(_("Item"), 2),
        slip.right(_("Amount"), 2),
    )
    lines: Block = (
        Table(columns, rows, (Total(_("Total"), show(sum(c.owed for c in charges), s.digits), True),))
        if rows
        else Text(_("Nothing would be posted tonight."), "small")
    )
    codes = dict.fromkeys(c.text for c in charges)
    sums = tuple(
        slip.row(
            text,
            str(sum(c.text == text for c in charges)),
            show(sum(c.amount for c in charges if c.text == text), s.digits),
        )
        for text in codes
    )
    totals = (
        (
            Heading(_("By item")),
            Table((slip.left(_("Item"), 3), slip.right(_("Lines")), slip.right(_("Amount"), 2)), sums),
        )
        if sums
        else ()
    )
    return Slip(
        "audit_rehearsal",
        _("Rehearsal of the night audit"),
        (
            slip.facts((_("Business date"), dates.day(business_date, year=True))),
            *totals,
            Heading(_("Why it differs from last night")),
            *_why(queries.changes(session, business_date=business_date), s.digits),
            Heading(_("Every line to be posted")),
            lines,
        ),
        number=f"{business_date:%Y%m%d}",
        paper="A4",
        house=s.name,
        foot=_("A rehearsal: nothing was posted. Stays may change until the close."),
    )


def _why(changes: list[Change], digits: int) -> tuple[Block, ...]:
    if not changes:
        return (Text(_("Every room pays what it paid last night."), "small"),)
    rows = tuple(
        slip.row(
            _(REASONS[c.reason]),
            c.room,
            c.guest,
            show(c.before, digits),
            show(c.now, digits),
            show(c.now - c.before, digits),
        )
        for c in changes
    )
    columns = (
        slip.left(_("Reason"), 2),
        slip.left(_("Room")),
        slip.guests(_("Guest"), 3),
        slip.right(_("Last night"), 2),
        slip.right(_("Tonight"), 2),
        slip.right(_("Difference"), 2),
    )
    return (
        Table(
            columns, rows, (Total(_("Total"), show(sum(c.now - c.before for c in changes), digits), True),)
        ),
    )
