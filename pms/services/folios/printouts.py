"""Papers of the money: deposit receipt, bill, loss declaration. They print from the ledger."""
from collections.abc import Sequence

from pms.core.clock import local
from pms.core.i18n import N_, _
from pms.core.money import Money, show
from pms.db.work import Setting, Work
from pms.printing import slip
from pms.printing.slip import Row, Signatures, Slip, Table, Text, Total

from .queries import FolioLine

METHOD_NAMES = {"CASH": N_("Cash"), "BANK": N_("Bank card"), "MOBILE": N_("Mobile payment"), "WIRE": N_("Bank transfer")}


def house(setting: Setting) -> dict[str, str]:
    """Return what stands at the head of every paper."""
    where = [part for part in (setting.options.address, setting.options.phone) if part]
    return {"house": setting.name, "house_note": "  ".join(where)}


def stamp(work: Work) -> str:
    """Return the moment on the property's wall clock, for a paper."""
    return f"{local(work.now, work.setting.zone):%Y-%m-%d %H:%M}"


def deposit_receipt(work: Work, *, number: str, guest: str, room: str, amount: Money, method: str) -> Slip:
    """Return the slip that a deposit is given back against."""
    s = work.setting
    return Slip("deposit_receipt", _("Deposit receipt"), (
        slip.facts((_("Guest"), guest), (_("Room"), room), (_("Date"), stamp(work)), (_("Paid by"), _(METHOD_NAMES[method]))),
        slip.amount_line(_("Received"), amount, s.currency, s.digits),
        Text(_("Bring this slip to check-out: the deposit is given back against it."), "small"),
        slip.facts((_("Clerk"), work.clerk.name)), Signatures((_("Guest's signature"),))),
        number=number, copies=(_("Stub"), _("Finance"), _("Guest")), **house(s))


def loss_declaration(work: Work, *, guest: str, room: str, amount: Money) -> Slip:
    """Return the paper a guest signs who has lost the deposit slip."""
    s = work.setting
    return Slip("loss_declaration", _("Loss declaration"), (
        slip.facts((_("Guest"), guest), (_("Room"), room), (_("Date"), stamp(work))),
        Text(_("I have lost the slip of my deposit and have received the sum below. I will not claim it again, and I return the slip "
               "should I find it.")),
        slip.amount_line(_("Received back"), amount, s.currency, s.digits),
        Signatures((_("Guest's signature"), _("Clerk")))), number=f"L-{work.next_number('loss')}", paper="A5", **house(s))


def bill(work: Work, *, number: str, guest: str, room: str, lines: Sequence[FolioLine]) -> Slip:
    """Return a folio as a bill: each charge with its rule, the payments, the balance."""
    s, shown = work.setting, [x for x in lines if not x.reversed and x.reverses is None]
    charges = Money(sum(x.charge for x in shown))
    paid = Money(sum(x.paid for x in shown))
    return Slip("bill", _("Bill"), (
        slip.facts((_("Guest"), guest), (_("Room"), room), (_("Date"), stamp(work)), (_("Clerk"), work.clerk.name), columns=2),
        Table((slip.left(_("Date"), 2), slip.left(_("Item"), 5), slip.right(_("Charge"), 3), slip.right(_("Paid"), 3)),
              tuple(_bill_row(x, s.digits) for x in shown),
              (Total(_("Charges"), show(charges, s.digits)), Total(_("Paid"), show(paid, s.digits)),
               Total(_("Balance"), slip.money(charges - paid, s.currency, s.digits), True))),
        Signatures((_("Guest's signature"),))), number=number, paper="A5", **house(s))


def _bill_row(line: FolioLine, digits: int) -> Row:
    name = code_text(line)
    return slip.row(f"{line.business_date:%m-%d}", f"{name} × {line.quantity}" if line.quantity > 1 else name,
                    show(line.charge, digits) if line.charge else "", show(line.paid, digits) if line.paid else "", note=line.rule)


CODE_NAMES = {
    "ROOM": N_("Room"), "HALF": N_("Half day"), "FULL": N_("Full day"), "EARLY": N_("Early arrival"), "NOSHOW": N_("No-show"),
    "BREAKFAST": N_("Breakfast"), "MINIBAR": N_("Minibar"), "LAUNDRY": N_("Laundry"), "PHONE": N_("Telephone"),
    "BUSINESS": N_("Business services"), "DAMAGE": N_("Damage compensation"), "CARD": N_("Room card not returned"), "MISC": N_("Miscellaneous"),
    "TAX": N_("Tax"), "DEPOSIT": N_("Deposit"), "TRANSFER": N_("Transfer"), "ADJUST": N_("Adjustment"), "OPENING": N_("Opening balance"),
    "CITY": N_("Left unsettled"), **METHOD_NAMES}


def code_text(line: FolioLine) -> str:
    """Return what a posting is called: its code's name, and what the clerk or the audit wrote."""
    name = _(CODE_NAMES.get(line.code, line.code))
    return name if not line.text or line.text in METHOD_NAMES else f"{name} {line.text}"
