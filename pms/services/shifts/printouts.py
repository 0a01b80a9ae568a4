"""Papers of the drawer: the slip of what leaves it, and the handover sheet."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pms.core import dates
from pms.core.clock import local
from pms.core.i18n import N_, _, ngettext
from pms.core.money import Money, show
from pms.db.work import Work
from pms.printing import slip
from pms.printing.slip import Heading, Signatures, Slip, Table, Text, Total
from pms.services.folios import kinds
from pms.services.folios.printouts import letterhead, stamp

from .queries import Figures

TITLES = {"DROP": N_("Drop into the safe"), "PAYOUT": N_("Paid out")}


def cash_slip(work: Work, *, number: str, code: str, amount: Money, text: str) -> Slip:
    """Return the slip of cash that leaves the drawer: how much, what for, who approved it."""
    approver = work.approver or work.clerk.name
    return Slip(
        "cash_slip",
        _(TITLES[code]),
        (
            slip.facts(
                (_("Workstation"), work.station),
                (_("Date"), stamp(work)),
                (_("Reason"), text),
                (_("Approved by"), approver),
            ),
            slip.amount_line(_("Out of the drawer"), amount, work.setting.currency, work.setting.digits),
            Signatures((_("Receiver's signature"), _("Clerk's signature"))),
        ),
        number=number,
        copies=(_("Stub"), _("Finance copy")),
        drawer=True,
        **letterhead(work),
    )


def drawer_opened(work: Work, *, reason: str) -> Slip:
    """Return the slip that lies in a drawer which was opened without a sale."""
    return Slip(
        "drawer_opened",
        _("Drawer opened without a sale"),
        (
            slip.facts(
                (_("Workstation"), work.station),
                (_("Date"), stamp(work)),
                (_("By"), work.clerk.name),
                (_("Reason"), reason),
            ),
        ),
        drawer=True,
        **letterhead(work),
    )


def handover_sheet(
    work: Work,
    *,
    number: int,
    station: str,
    opened_at: datetime,
    given_by: str,
    taken_by: str,
    figures: Figures,
    items: Sequence[Mapping[str, str]],
    trail: str = "",
) -> Slip:
    """Return the sheet of a handover: float, receipts by method, drops, count, over or short, every open item
    that was accepted, and how far the audit trail went."""
    zone, digits = work.setting.zone, work.setting.digits
    return Slip(
        "handover_sheet",
        _("Shift handover"),
        (
            slip.facts(
                (_("Workstation"), station),
                (_("Shift"), f"{dates.moment(local(opened_at, zone), year=True)} - {stamp(work)[-5:]}"),
                (_("Handed over by"), given_by),
                (_("Taken over by"), taken_by),
                *(((_("Audit trail"), trail),) if trail else ()),
                columns=2,
            ),
            Heading(_("Receipts")),
            Table(
                (
                    slip.left(_("Method"), 4),
                    slip.right(_("Received"), 2),
                    slip.right(_("Given back"), 2),
                    slip.right(_("Net"), 2),
                ),
                tuple(
                    slip.row(
                        kinds.words(work, m.method),
                        show(m.received, digits),
                        show(m.given, digits),
                        show(m.received - m.given, digits),
                    )
                    for m in figures.methods
                ),
            ),
            Heading(_("Drawer")),
            _drawer(figures, digits),
            *((Text(_("Reason: %(reason)s") % {"reason": figures.reason}),) if figures.reason else ()),
            *((_openings(figures.openings, zone),) if figures.openings else ()),
            *_signed(len(items)),
            Heading(_("Count")),
            _count(figures, digits),
            *_shop(figures, digits),
            *_numbers(
                figures, zone, digits, {m.method: kinds.words(work, m.method) for m in figures.methods}
            ),
            Heading(_("Open items accepted")),
            _items(items),
        ),
        number=f"H-{number}",
        paper="A4",
        **letterhead(work),
    )


def _signed(items: int) -> tuple[Text | Signatures, ...]:
    """Return the signatures with what they stand for: on the first page, however long the lists behind it."""
    told = ngettext(
        "%(n)s open item is accepted; it is listed below.",
        "%(n)s open items are accepted; they are listed below.",
        items,
    )
    return (
        *((Text(told % {"n": items}),) if items else ()),
        Signatures((_("Handed over by"), _("Taken over by"))),
    )


def _drawer(f: Figures, digits: int) -> Table:
    cash = next((m for m in f.methods if m.method == "CASH"), None)
    lines = (
        (_("Float"), f.float_amount),
        (_("Cash received"), cash.received if cash else 0),
        (_("Cash given back"), -(cash.given if cash else 0)),
        (_("Drops"), -f.drops),
        (_("Paid out"), -f.payouts),
    )
    return Table(
        (slip.left(_("What"), 4), slip.right(_("Amount"), 2)),
        tuple(slip.row(what, show(amount, digits)) for what, amount in lines),
        (
            Total(_("Expected"), show(f.expected, digits)),
            Total(_("Counted"), show(f.counted or 0, digits)),
            Total(_("Over or short"), show(f.over_short, digits), True),
            Total(_("Handed in"), show(f.handed_in, digits)),
            Total(_("Left in the drawer"), show(f.left, digits), True),
        ),
    )


def _openings(openings: Sequence[Mapping[str, str]], zone: str) -> Table:
    """Return when the drawer was opened without a sale, by whom and why."""
    return Table(
        (slip.left(_("Drawer opened without a sale"), 3), slip.left(_("By"), 2), slip.left(_("Reason"), 5)),
        tuple(
            slip.row(dates.moment(local(datetime.fromisoformat(one["at"]), zone)), one["by"], one["reason"])
            for one in openings
        ),
    )


def _count(f: Figures, digits: int) -> Table:
    found = sorted(((int(d), n) for d, n in f.pieces.items()), reverse=True)
    return Table(
        (slip.right(_("Note or coin"), 2), slip.right(_("Number of each"), 2), slip.right(_("Amount"), 2)),
        tuple(slip.row(show(d, digits), str(n), show(d * n, digits)) for d, n in found),
        (Total(_("Times counted"), str(f.counts)), Total(_("Counted"), show(f.counted or 0, digits), True)),
    )


def _numbers(f: Figures, zone: str, digits: int, called: Mapping[str, str]) -> tuple[Heading | Table, ...]:
    """Return the electronic payments one by one, under the numbers by which a statement shows them."""
    if not f.numbers:
        return ()
    rows = tuple(
        slip.row(
            dates.moment(local(datetime.fromisoformat(one["at"]), zone))[-5:],
            called.get(one["method"], one["method"]),
            one["number"],
            show(int(one["amount"]), digits),
        )
        for one in f.numbers
    )
    return Heading(_("Electronic payments")), Table(
        (
            slip.left(_("Time"), 1),
            slip.left(_("Method"), 2),
            slip.left(_("Transaction number"), 4),
            slip.right(_("Amount"), 2),
        ),
        rows,
    )


def _shop(f: Figures, digits: int) -> tuple[Heading | Table, ...]:
    """Return the count of the shop: each good that differs with its reason, and how many were counted."""
    if not f.shop:
        return ()
    differ = [x for x in f.shop if x.gap]
    lost = sum(x.loss for x in differ)
    rows = tuple(
        slip.row(
            x.name,
            str(x.expected),
            str(x.counted),
            signed(x.gap),
            show(x.gap * x.price, digits),
            note=x.reason,
        )
        for x in differ
    )
    return Heading(_("Shop count")), Table(
        (
            slip.left(_("Article"), 4),
            slip.right(_("Expected"), 2),
            slip.right(_("Counted"), 2),
            slip.right(_("Difference"), 2),
            slip.right(_("Amount"), 2),
        ),
        rows,
        (
            Total(_("Goods counted"), str(len(f.shop))),
            Total(_("Times counted"), str(f.shop_counts)),
            Total(_("Goods that differ"), str(len(differ)), True),
            *((Total(_("Loss at cost"), show(lost, digits)),) if lost else ()),
        ),
    )


def signed(number: int) -> str:
    """Return a difference with its sign, the minus a true one."""
    return f"{number:+d}".replace("-", "\u2212")


def _items(items: Sequence[Mapping[str, str]]) -> Table:
    return Table(
        (slip.left(_("Number"), 2), slip.left(_("What"), 6), slip.left(_("Since"), 2)),
        tuple(slip.row(i["number"], i["text"], i["since"]) for i in items),
        (Total(_("Open items"), str(len(items))),),
    )
