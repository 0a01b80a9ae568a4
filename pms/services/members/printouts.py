"""Papers of members: the receipt of a card, the receipt and the statement of stored value."""

from collections.abc import Sequence

from pms.core import dates
from pms.core.clock import local
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.db.work import Work
from pms.printing import slip
from pms.printing.slip import Barcode, Big, Signatures, Slip, Table, Text
from pms.services.folios import kinds
from pms.services.folios.printouts import done, letterhead

from .queries import MemberRow
from .stored import BACK, KINDS, REFUND, USE, Purse, PurseRow


def card_receipt(
    work: Work, row: MemberRow, *, price: Money, method: str, room: str, guest: str, event: str
) -> Slip:
    """Return the receipt of a card that was sold or replaced, with what the level gives."""
    s = work.setting
    paid = f"{room} {guest}".strip() if room else kinds.words(work, method) if method and price else ""
    gives = [
        *([_("Rate plan: %(plan)s.") % {"plan": row.plan}] if row.plan else []),
        *([_("Departure free until %(hour)s.") % {"hour": row.free_until}] if row.free_until else []),
    ]
    until = dates.day(row.valid_until, year=True) if row.valid_until else _("without end")
    facts = [
        (_("Member"), row.name),
        (_("Number"), row.shown),
        (_("Level"), row.level),
        (_("Valid until"), until),
        (_("Date"), done(work)),
        *([((_("Charged to") if room else _("Paid by")), paid)] if paid else []),
        (_("Received by"), work.clerk.name),
    ]
    return Slip(
        "member_card",
        _("Member card replaced") if event == "replaced" else _("Member card"),
        (
            Big(row.card, row.level),
            Barcode(row.card),
            slip.facts(*facts),
            slip.amount_line(_("Price"), price, s.currency, s.digits),
            *(Text(line, "small") for line in gives),
            Text(_("A lost card is blocked as soon as it is reported; a new one costs its price."), "small"),
            Signatures((_("Member's signature"), _("Clerk's signature"))),
        ),
        number=row.card,
        copies=(_("Desk copy"), _("Guest copy")),
        drawer=method == "CASH" and bool(price) and not room,
        **letterhead(work),
    )


def stored_receipt(
    work: Work,
    row: MemberRow,
    *,
    kind: str,
    paid: Money,
    gift: Money,
    left: tuple[Money, Money],
    method: str,
    room: str,
) -> Slip:
    """Return the receipt of a move of stored value: what came or went, and what is left of both parts."""
    s, digits = work.setting, work.setting.digits
    way = kinds.words(work, method) if method else ""
    facts = [
        (_("Member"), f"{row.shown} {row.name}"),
        (_("Level"), row.level),
        *([(_("Card"), row.card)] if row.card else []),
        (_("Date"), done(work)),
        *([((_("Refund by") if kind == REFUND else _("Paid by")), way)] if way else []),
        *([(_("Room"), room)] if room else []),
        (_("Clerk"), work.clerk.name),
    ]
    told = abs(paid) + (abs(gift) if kind in (USE, BACK) else 0)  # what was handed over, not the gift
    parts = [(_("Paid part"), show(abs(paid), digits)), (_("Gift part"), show(abs(gift), digits))]
    rest = [(_("Left, paid part"), show(left[0], digits)), (_("Left, gift part"), show(left[1], digits))]
    signs = (_("Member's signature"), _("Clerk's signature"))
    return Slip(
        "stored_receipt",
        _(KINDS[kind]),
        (
            slip.facts(*facts),
            slip.amount_line(_("Sum"), told, s.currency, digits),
            slip.facts(*parts),
            slip.facts(*rest),
            *([Text(_("Paid from my stored value; I agree to the sum."), "small")] if kind == USE else []),
            Signatures(signs),
        ),
        number=f"K-{work.next_number('stored_value')}",
        copies=(_("Desk copy"), _("Guest copy")),
        drawer=method == "CASH",
        **letterhead(work),
    )


def statement(work: Work, row: MemberRow, rows: Sequence[PurseRow], has: Purse, *, sheet: bool) -> Slip:
    """Return the statement of a member's stored value: every move with both parts, and what is left."""
    s, digits = work.setting, work.setting.digits
    columns = (
        slip.left(_("When"), 3),
        slip.left(_("What happened"), 4),
        slip.right(_("Paid part"), 2),
        slip.right(_("Gift part"), 2),
    )
    lines = tuple(
        slip.row(
            dates.moment(local(r.at, s.zone), year=sheet),
            r.words,
            show(r.paid, digits),
            show(r.gift, digits),
            note=r.reason if sheet else "",
            struck=r.undone,
        )
        for r in rows
    )
    told = _("Payments take the paid part first. The paid part is given back the way it came; a gift is not.")
    blocks = (
        slip.facts((_("Member"), f"{row.shown} {row.name}"), (_("Level"), row.level)),
        Table(columns, lines),
        slip.facts(
            (_("Left, paid part"), show(has.paid, digits)), (_("Left, gift part"), show(has.gift, digits))
        ),
        slip.amount_line(_("Stored value"), has.total, s.currency, digits),
        Text(told, "small"),
    )
    title, head = _("Stored value statement"), letterhead(work)
    if sheet:
        return Slip("stored_sheet", title, blocks, number=row.shown, paper="A4", **head)
    return Slip("stored_slip", title, blocks, number=row.shown, **head)
