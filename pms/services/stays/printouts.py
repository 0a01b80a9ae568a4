"""Papers of a stay: registration card and room-change slip."""
from collections.abc import Sequence

from pms.core.i18n import _
from pms.core.money import Money, show
from pms.db.work import Work
from pms.printing import slip
from pms.printing.slip import Big, Signatures, Slip, Table, Total
from pms.services.folios.printouts import house, stamp
from pms.services.rates.pricing import WEEKDAYS, NightPrice

from .models import Stay


def registration_card(work: Work, *, stay: Stay, names: Sequence[str], phone: str, room: str, type_name: str, nights: Sequence[NightPrice],
                      deposit: Money) -> Slip:
    """Return the card a guest signs at check-in, with the price of each night."""
    s = work.setting
    rows = tuple(slip.row(f"{n.night:%m-%d} {_(WEEKDAYS[n.night.weekday()])}", show(n.price, s.digits), note=n.rule) for n in nights[:14])
    rest = len(nights) - len(rows)
    total = Money(sum(n.price for n in nights))
    return Slip("registration_card", _("Registration card"), (
        Big(room, type_name),
        slip.facts((_("Guest"), ", ".join(names)), (_("Phone"), phone), (_("Arrival"), f"{stay.arrival:%Y-%m-%d}"),
                   (_("Departure"), f"{stay.departure:%Y-%m-%d} {s.options.check_out_time}"), (_("Adults"), str(stay.adults)),
                   (_("Children"), str(stay.children)), (_("Deposit"), slip.money(deposit, s.currency, s.digits)),
                   (_("Checked in"), f"{stamp(work)}  {work.clerk.name}"), columns=2),
        Table((slip.left(_("Night"), 4), slip.right(_("Price"), 3)), rows,
              (*((Total(_("%(n)s more nights") % {"n": rest}, show(sum(n.price for n in nights[14:]), s.digits)),) if rest > 0 else ()),
               Total(_("Room total"), slip.money(total, s.currency, s.digits), True))),
        *slip.paragraphs(s.options.house_rules, "small"),
        Signatures((_("Guest's signature"), _("Clerk")))), number=f"S-{stay.number}", paper="A5", copies=(_("Desk"), _("Guest")), **house(s))


def room_change_slip(work: Work, *, number: str, guest: str, old: str, new: str, old_price: Money, new_price: Money, reason: str) -> Slip:
    """Return the slip of a move: from where to where, at which price, why."""
    s = work.setting
    return Slip("room_change_slip", _("Room change"), (
        Big(f"{old} → {new}"),
        slip.facts((_("Guest"), guest), (_("Old price"), show(old_price, s.digits)), (_("New price"), show(new_price, s.digits)),
                   (_("From"), f"{work.business_date:%Y-%m-%d}"), (_("Reason"), reason), (_("Time"), stamp(work)), (_("Clerk"), work.clerk.name)),
        Signatures((_("Guest's signature"),))), number=number, copies=(_("Desk"), _("Housekeeping")), **house(s))
