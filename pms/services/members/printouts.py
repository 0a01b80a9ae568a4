"""Papers of members: the receipt of a card."""

from pms.core import dates
from pms.core.i18n import _
from pms.core.money import Money
from pms.db.work import Work
from pms.printing import slip
from pms.printing.slip import Barcode, Big, Signatures, Slip, Text
from pms.services.folios.printouts import METHOD_NAMES, done, letterhead

from .queries import MemberRow


def card_receipt(
    work: Work, row: MemberRow, *, price: Money, method: str, room: str, guest: str, event: str
) -> Slip:
    """Return the receipt of a card that was sold or replaced, with what the level gives."""
    s = work.setting
    paid = f"{room} {guest}".strip() if room else _(METHOD_NAMES[method]) if method and price else ""
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
