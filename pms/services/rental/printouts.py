"""Papers of item rental: the slip of what was lent, and what was damaged or lost, to be signed."""

from pms.core import dates
from pms.core.clock import local
from pms.core.i18n import _, ngettext
from pms.core.money import Money, show
from pms.db.work import Work
from pms.printing import slip
from pms.printing.slip import Barcode, Big, Signatures, Slip, Text
from pms.services.folios.printouts import letterhead, stamp

from .queries import HOW, RentalRow


def _pieces(n: int) -> str:
    return ngettext("%(n)s piece", "%(n)s pieces", n) % {"n": n}


def slip_of(work: Work, row: RentalRow, price: Money) -> Slip:
    """Return the slip of a rental: one for the guest, one that the desk keeps with the signature."""
    zone, digits = work.setting.zone, work.setting.digits
    facts = [
        (_("Item on loan"), row.item),
        (_("Guest"), row.guest),
        (_("Room"), row.room),
        (_("Lent"), dates.moment(local(row.out_at, zone), year=True)),
        (_("Due back"), dates.moment(local(row.due_at, zone), year=True)),
        (_("Deposit"), f"{show(row.deposit, digits)}  {row.slip}".strip() if row.deposit else _("none")),
        (_("Lent by"), row.by),
    ]
    lost = _("What is damaged is paid for; a piece that is lost costs %(price)s.")
    return Slip(
        "rental_slip",
        _("Rental slip"),
        (
            Big(row.shown, _pieces(row.pieces)),
            Barcode(row.shown),
            slip.facts(*facts),
            Text(lost % {"price": show(price, digits)}, "small"),
            Signatures((_("Guest's signature"),)),
        ),
        number=row.shown,
        copies=(_("Guest copy"), _("Desk copy")),
        **letterhead(work),
    )


def charge_of(work: Work, row: RentalRow, *, pieces: int, how: str, amount: Money, remark: str) -> Slip:
    """Return the paper on which a guest signs what is charged for a damaged or lost item."""
    facts = [
        (_("Item on loan"), row.item),
        (_("Guest"), row.guest),
        (_("Room"), row.room),
        (_("State"), _(HOW[how])),
        *([(_("Reason"), remark)] if remark else []),
        (_("Charged to the room"), show(amount, work.setting.digits)),
        (_("Date"), stamp(work)),
        (_("Taken back by"), work.clerk.name),
    ]
    return Slip(
        "rental_charge",
        _("Rental compensation"),
        (
            Big(row.shown, _pieces(pieces)),
            slip.facts(*facts),
            Signatures((_("Guest's signature"), _("Clerk's signature"))),
        ),
        number=row.shown,
        copies=(_("Desk copy"), _("Guest copy")),
        **letterhead(work),
    )
