"""The lists of the audit's page: what their columns say."""

from pms.core.i18n import N_, _, ngettext
from pms.services.night_audit.checks.cards import RoomTonight
from pms.services.night_audit.printouts import REASONS
from pms.ui.kit import formats
from pms.ui.kit.empty import Empty
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

LEDGERS = {
    "guest": N_("Guest ledger"),
    "deposit": N_("Deposits held"),
    "advance": N_("Advance deposits"),
    "stored": N_("Stored value"),
    "city": N_("City ledger"),
    "payment": N_("Payments"),
    "revenue": N_("Revenue"),
    "tax": N_("Taxes"),
    "equity": N_("Opening balance"),
    "expense": N_("Expenses"),
}
STATES = {
    "look": (N_("Begun"), "warn"),
    "rehearse": (N_("Begun"), "warn"),
    "close": (N_("Begun"), "warn"),
    "report": (N_("Report"), "warn"),
    "backup": (N_("Back up"), "warn"),
    "done": (N_("Done"), "good"),
}


def _seen(room: RoomTonight) -> str:
    if room.seen_persons is None:
        return _("not seen")
    return (
        ngettext("%(n)s person", "%(n)s persons", room.seen_persons) % {"n": room.seen_persons}
        if room.seen_persons
        else _("empty")
    )


def _result(room: RoomTonight) -> tuple[str, str]:
    """Say what the three ways come to, and its tone: a room nobody has seen is not confirmed by three."""
    if not room.agrees:
        return N_("differs"), "bad"
    return (N_("two agree"), "warn") if room.seen_persons is None else (N_("agrees"), "good")


def lines(digits: int) -> Table:
    """List every line to be posted."""
    made = Table(
        (
            Column(N_("Room"), lambda c: c.room, width=72, bold=True),
            Column(N_("Guest"), lambda c: c.guest, sub=lambda c: c.rule),
            Column(N_("Item"), lambda c: c.text, width=104),
            Column(N_("Amount"), lambda c: c.amount, "money", width=104),
        ),
        key=lambda c: (c.room, c.code),
        digits=digits,
    )
    made.set_empty(Empty("moon", _("Nothing would be posted tonight.")))
    return made


def codes(digits: int) -> Table:
    """List the sums of the lines to be posted; to be read, not walked."""
    made = Table(
        (
            Column(N_("Item"), lambda c: c[0]),
            Column(N_("Lines"), lambda c: c[1], "number", width=56),
            Column(N_("Amount"), lambda c: c[2], "money", width=88),
        ),
        key=lambda c: c[0],
        digits=digits,
    )
    made.set_empty(Empty("moon", _("Nothing would be posted tonight.")))
    return made


def reasons(digits: int) -> Table:
    """List the rooms that pay another price than last night, and why."""
    made = Table(
        (
            Column(N_("Reason"), lambda c: _(REASONS[c.reason]), width=120),
            Column(N_("Room"), lambda c: c.room, width=72, bold=True),
            Column(N_("Guest"), lambda c: c.guest),
            Column(N_("Last night"), lambda c: c.before or None, "money", width=104),
            Column(N_("Tonight"), lambda c: c.now or None, "money", width=104),
            Column(N_("Difference"), lambda c: c.now - c.before, "money", width=104),
        ),
        key=lambda c: (c.reason, c.room),
        digits=digits,
    )
    made.set_empty(Empty("check", _("Every room pays what it paid last night.")))
    made.setAccessibleName(_("Why it differs from last night"))
    return made


def ledgers(digits: int) -> Table:
    """List a closed day's trial balance."""
    made = Table(
        (
            Column(N_("Ledger"), lambda r: _(LEDGERS.get(r.ledger, r.ledger)), bold=True),
            *(
                Column(title, fact, "money", width=100)
                for title, fact in (
                    (N_("Opening"), lambda r: r.opening),
                    (N_("Debit"), lambda r: r.debit),
                    (N_("Credit"), lambda r: r.credit),
                    (N_("Closing"), lambda r: r.closing),
                )
            ),
        ),
        key=lambda r: r.ledger,
        digits=digits,
    )
    made.set_empty(Empty("receipt", _("No day has been closed yet.")))
    return made


def runs(zone: str, digits: int) -> Table:
    """List the audits before this one."""
    made = Table(
        (
            Column(N_("Day"), lambda r: formats.long_day(r.business_date), bold=True),
            Column(N_("Closed"), lambda r: formats.day_time(r.closed_at, zone), width=112),
            Column(N_("Lines"), lambda r: r.postings, "number", width=60),
            Column(N_("Debits"), lambda r: r.total, "money", width=112),
            Column(
                N_("Step"),
                lambda r: _(STATES[r.step][0]),
                "badge",
                width=100,
                tone=lambda r: STATES[r.step][1],
            ),
        ),
        key=lambda r: r.business_date,
        digits=digits,
    )
    made.setAccessibleName(_("Last audits"))
    return made


def rooms(zone: str, digits: int) -> Table:
    """List every room as desk, housekeeping and its cards have it."""
    made = Table(
        (
            Column(
                N_("Room"), lambda r: r.room, width=72, bold=True, tone=lambda r: "" if r.agrees else "bad"
            ),
            Column(
                N_("Desk"),
                lambda r: r.guest or _("vacant"),
                tone=lambda r: "" if r.stay_id else "muted",
                sub=lambda r: (
                    ngettext("%(n)s person", "%(n)s persons", r.persons) % {"n": r.persons}
                    if r.stay_id
                    else ""
                ),
            ),
            Column(
                N_("Housekeeping saw"),
                _seen,
                width=132,
                sub=lambda r: formats.day_time(r.seen_at, zone) if r.seen_at else "",
            ),
            Column(N_("Cards"), lambda r: r.cards, "number", width=64),
            Column(N_("Result"), lambda r: _(_result(r)[0]), "badge", width=92, tone=lambda r: _result(r)[1]),
        ),
        key=lambda r: r.room_id,
        digits=digits,
    )
    made.set_empty(Empty("key-card", _("Nobody is in house, and no card opens a room tonight.")))
    made.setAccessibleName(_("Three-way check"))
    return made
