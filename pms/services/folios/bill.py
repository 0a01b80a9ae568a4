"""The bill: each charge with its rule, or one line a kind; the tax by its rate; the payments; the balance."""

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import Enum
from itertools import groupby

from pms.core import dates, words
from pms.core.i18n import _, ngettext
from pms.core.money import Money, show
from pms.core.offers import StayName
from pms.core.options import Options
from pms.db.work import Work
from pms.printing import slip
from pms.printing.slip import Heading, Row, Signatures, Slip, Table, Total

from . import rates
from .duty import BILL_BY_KIND
from .printouts import code_name, code_text, headed
from .queries import CORRECTIONS, FolioLine

TAKEN_OVER = ("CITY", "COMPANY", "CHANNEL")
"""Codes by which somebody else owes what the guest does not: they stand among the payments."""


class Layout(Enum):
    """How a bill tells its charges: every line, or one line a kind."""

    DETAIL = "detail"
    SUMMARY = "summary"


def layout_of(word: str, options: Options) -> Layout:
    """Return the layout that a word names, or the hotel's where none was asked for."""
    if word:
        return words.each(Layout, [word])[0]
    return Layout.SUMMARY if options[BILL_BY_KIND] else Layout.DETAIL


def bill(
    work: Work,
    *,
    number: str,
    whose: StayName | None,
    payer: str,
    lines: Sequence[FolioLine],
    within: Mapping[str, Money],
    layout: Layout,
    called: Mapping[str, str],
    by_channel: Sequence[FolioLine] = (),
) -> Slip:
    """Return a folio as a bill; ``within`` is the tax that the charges include, by its rate, ``called`` how
    the house calls its kinds of payment. Of the lines ``by_channel`` no amount is told: the channel pays
    them."""
    s, shown = work.setting, [x for x in lines if not x.reversed and x.reverses is None]
    charges, paid = [x for x in shown if not _settles(x)], [x for x in shown if _settles(x)]
    owed, received = sum(x.charge for x in charges), sum(x.paid - x.charge for x in paid)
    write = _by_kind if layout is Layout.SUMMARY else _one_by_one
    charged, settled = write(charges, s.digits), tuple(_payment(x, s.digits, called) for x in paid)
    charged = (*_prepaid(by_channel, layout), *charged)
    heads = _heads()
    return Slip(
        "bill",
        _("Bill"),
        (
            slip.facts(*_whose(whose, payer), columns=2),
            Heading(_("Charges")),
            Table(
                heads,
                charged,
                (*_tax(charges, s.digits), Total(_("Total charges"), show(owed, s.digits)))
                + _within(within, s.digits),
                beside=settled,
            ),
            Heading(_("Payments")),
            Table(
                (*heads[:2], slip.right(""), slip.right("", 2), heads[-1]),
                settled,
                (
                    Total(_("Paid"), show(received, s.digits)),
                    Total(_("Balance"), slip.money(owed - received, s.currency, s.digits), True),
                ),
                beside=(*charged, slip.row(*(head.title for head in heads))),
            ),
            Signatures((_("Guest's signature"), _("Clerk's signature"))),
        ),
        number=number,
        paper="A5",
        copies=(_("Guest copy"), _("Finance copy")),
        drawer=any(_in_cash_now(x, work) for x in paid),
        **headed(work),
    )


def without_room(lines: Sequence[FolioLine]) -> list[FolioLine]:
    """Return what a guest sees of a folio whose room a channel pays: neither what the room is settled for nor
    that it was handed to the channel's account."""
    return [x for x in lines if x.code not in ("ROOM", "CITY")]


def _heads() -> tuple[slip.Column, ...]:
    return (
        slip.left(_("Date"), 2),
        slip.left(_("Item"), 7),
        slip.right(_("Qty")),
        slip.right(_("Each"), 2),
        slip.right(_("Amount"), 2),
    )


def _whose(whose: StayName | None, payer: str) -> list[tuple[str, str]]:
    """Return whose stay it is, its nights, and who pays where that is somebody else."""
    if whose is None:
        return [(_("Payer"), payer)]
    pairs = [
        (_("Guest"), whose.guest),
        (_("Room"), whose.room),
        (_("Arrival"), dates.day(whose.arrival, year=True)),
        (_("Departure"), f"{dates.day(whose.departure, year=True)}  {_nights(whose)}"),
        (_("Stay no."), f"S-{whose.number}"),
        (_("Payer"), payer),
    ]
    if whose.channel_pays:
        pairs.append((_("Room charge"), _("Prepaid to the channel")))
    if whose.member:
        pairs.append((_("Member"), whose.member))
    if whose.company and whose.company != payer:
        pairs.append((_("Company"), whose.company))
    return pairs


def _nights(whose: StayName) -> str:
    n = (whose.departure - whose.arrival).days
    return ngettext("%(n)s night", "%(n)s nights", n) % {"n": n} if n else _("Day use")


def _one_by_one(charges: Sequence[FolioLine], digits: int) -> tuple[Row, ...]:
    return tuple(
        slip.row(
            dates.day(x.business_date),
            code_text(x),
            str(x.quantity),
            _each(x.charge, x.quantity, digits),
            show(x.charge, digits),
            note=x.rule,
        )
        for x in charges
    )


def _prepaid(lines: Sequence[FolioLine], layout: Layout) -> tuple[Row, ...]:
    """Return the lines that a channel pays: day and item, and no amount."""
    shown = [x for x in lines if not x.reversed and x.reverses is None]
    if layout is Layout.DETAIL or not shown:
        return tuple(
            slip.row(dates.day(x.business_date), code_text(x), str(x.quantity), "", "", note=_paid_there())
            for x in shown
        )
    first, last = dates.day(shown[0].business_date), dates.day(shown[-1].business_date)
    when = first if first == last else f"{first} \u2013 {last}"
    count = str(sum(x.quantity for x in shown))
    return (slip.row(when, code_name("ROOM"), count, "", "", note=_paid_there()),)


def _paid_there() -> str:
    return _("Prepaid to the channel")


def _by_kind(charges: Sequence[FolioLine], digits: int) -> tuple[Row, ...]:
    """Return one line a kind of charge, in the order in which the first of each was posted."""
    order = list(dict.fromkeys(x.code for x in charges))
    found = []
    for code, same in groupby(sorted(charges, key=lambda x: order.index(x.code)), key=lambda x: x.code):
        lines = list(same)
        prices = {_each(x.charge, x.quantity, digits) for x in lines}
        first, last = dates.day(lines[0].business_date), dates.day(lines[-1].business_date)
        found.append(
            slip.row(
                first if first == last else f"{first} \u2013 {last}",
                code_name(code),
                str(sum(x.quantity for x in lines)),
                prices.pop() if len(prices) == 1 else "",
                show(sum(x.charge for x in lines), digits),
            )
        )
    return tuple(found)


def _each(amount: int, quantity: int, digits: int) -> str:
    """Return the price of one; nothing where the sum was rounded."""
    return show(amount // quantity, digits) if quantity and amount % quantity == 0 else ""


def _payment(line: FolioLine, digits: int, called: Mapping[str, str]) -> Row:
    return slip.row(
        dates.day(line.business_date),
        code_text(line, called),
        "",
        "",
        show(line.paid - line.charge, digits),
        note=line.rule,
    )


def _settles(line: FolioLine) -> bool:
    """Say whether a line stands among the payments: money, deposit, or what went to the city ledger."""
    return line.code in TAKEN_OVER or not line.charge


def _in_cash_now(line: FolioLine, work: Work) -> bool:
    return line.at == work.now and "CASH" in (line.code, line.text)


def _tax(charges: Sequence[FolioLine], digits: int) -> tuple[Total, ...]:
    """Return the net sum and the tax by its rate where the house adds tax to its charges."""
    corrected = {x.id for x in charges if x.code in CORRECTIONS}
    found = Counter[str]()
    for x in charges:
        if x.code == "TAX":
            found[rates.of_line(x.rule, x.slip, corrected)] += x.charge
    taxes = rates.by_rate(found)
    if not any(taxes.values()):
        return ()
    net = sum(x.charge for x in charges) - sum(taxes.values())
    added = (Total(_tax_at(rate), show(taxes[rate], digits)) for rate in sorted(taxes) if taxes[rate])
    return (Total(_("Before tax"), show(net, digits)), *added)


def _tax_at(rate: str) -> str:
    return _("Tax %(rate)s") % {"rate": rate} if rate else _("Tax")


def _within(within: Mapping[str, Money], digits: int) -> tuple[Total, ...]:
    """Return the tax that the charges include, by its rate."""
    return tuple(
        Total(
            _("of which tax %(rate)s") % {"rate": rate} if rate else _("of which tax"),
            show(within[rate], digits),
        )
        for rate in sorted(within)
        if within[rate]
    )
