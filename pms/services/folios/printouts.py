"""Papers of the money: deposit receipt, receipt, loss declaration. They print from the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from pms.core import dates
from pms.core.clock import local
from pms.core.i18n import N_, _
from pms.core.money import Money, show
from pms.db.work import Work
from pms.printing import logos, slip
from pms.printing.slip import Signatures, Slip, Table, Text
from pms.services.property import queries as property_queries

from . import kinds
from .queries import FolioLine

METHOD_NAMES = kinds.NAMES


class Letterhead(TypedDict):
    """What stands at the head and the foot of every paper."""

    house: str
    house_note: str
    foot: str


def letterhead(work: Work) -> Letterhead:
    """Return the hotel for the head, and for the foot who printed it, when, and on which business date."""
    s = work.setting
    foot = _("Printed by %(clerk)s, %(time)s, business date %(day)s") % {
        "clerk": work.clerk.name or work.station,
        "time": stamp(work),
        "day": dates.day(work.business_date),
    }
    return {
        "house": s.name,
        "house_note": "  ".join(filter(None, (s.options.address, s.options.phone))),
        "foot": foot,
    }


class Headed(Letterhead):
    """A letterhead with the hotel's picture."""

    logo: str


def headed(work: Work) -> Headed:
    """Return the letterhead of a paper that the guest keeps or signs: with the hotel's picture, where it has
    one."""
    sign = work.setting.options.logo
    if logos.missing(sign):
        logos.keep(sign, property_queries.logo(work.session, sign=sign))
    return {**letterhead(work), "logo": sign}


def stamp(work: Work) -> str:
    """Return the moment on the property's wall clock, for a paper."""
    return dates.moment(local(work.now, work.setting.zone), year=True)


def done(work: Work) -> str:
    """Return the moment at which what a paper tells was done; what was done on paper before says so."""
    when = dates.moment(local(work.done_at, work.setting.zone), year=True)
    return _("%(time)s, on paper") % {"time": when} if work.on_paper is not None else when


def by(work: Work, method: str, number: str = "") -> str:
    """Return by which kind of payment money came or went, with its transaction number."""
    return " ".join(filter(None, (kinds.words(work, method), number)))


def deposit_receipt(
    work: Work, *, number: str, guest: str, room: str, amount: Money, method: str, reference: str = ""
) -> Slip:
    """Return the slip that a deposit is given back against."""
    s = work.setting
    return Slip(
        "deposit_receipt",
        _("Deposit receipt"),
        (
            slip.facts(
                (_("Guest"), guest),
                (_("Room"), room),
                (_("Date"), done(work)),
                (_("Paid by"), by(work, method, reference)),
                (_("Received by"), work.clerk.name),
            ),
            slip.amount_line(_("Deposit taken"), amount, s.currency, s.digits),
            Text(_("Bring this slip to check-out: the deposit is given back against it."), "small"),
            Signatures((_("Guest's signature"), _("Clerk's signature"))),
        ),
        number=number,
        copies=(_("Stub"), _("Finance copy"), _("Guest copy")),
        drawer=kinds.opens_drawer(work, method),
        **headed(work),
    )


def loss_declaration(
    work: Work, *, guest: str, room: str, amount: Money, method: str, slips: Sequence[str]
) -> Slip:
    """Return the paper a guest signs who has lost the deposit slip: which one, and how the money went
    back."""
    s = work.setting
    return Slip(
        "loss_declaration",
        _("Loss declaration"),
        (
            slip.facts(
                (_("Guest"), guest),
                (_("Room"), room),
                (_("Lost slip"), ", ".join(slips)),
                (_("Date"), done(work)),
                (_("Refund by"), kinds.words(work, method)),
            ),
            Text(
                _(
                    "I have lost the slip of my deposit and have received the sum below. I will not "
                    "claim it again, and I return the slip "
                    "should I find it."
                )
            ),
            slip.amount_line(_("Deposit refunded"), amount, s.currency, s.digits),
            slip.facts((_("Identity document"), ""), ruled=True),
            Signatures((_("Guest's signature"), _("Clerk's signature"))),
        ),
        number=f"L-{work.next_number('loss')}",
        paper="A5",
        **letterhead(work),
    )


def receipt(
    work: Work,
    *,
    payer: str,
    what: str,
    amount: int,
    method: str,
    room: str = "",
    rest: int = 0,
    number: str = "",
) -> Slip:
    """Return the receipt of money taken: who paid, what for, how much, how; and what is still owed."""
    s = work.setting
    owed = (slip.facts((_("Still owed"), show(rest, s.digits))),) if rest > 0 else ()
    return Slip(
        "receipt",
        _("Receipt"),
        (
            slip.facts(
                (_("Received from"), payer),
                *(((_("Room"), room),) if room else ()),
                (_("For"), what),
                (_("Date"), done(work)),
                (_("Paid by"), by(work, method, number)),
                (_("Received by"), work.clerk.name),
            ),
            slip.amount_line(_("Amount received"), Money(amount), s.currency, s.digits),
            *owed,
        ),
        number=f"P-{work.next_number('receipt')}",
        copies=(_("Finance copy"), _("Guest copy")),
        drawer=kinds.opens_drawer(work, method),
        **headed(work),
    )


def advance_returned(work: Work, *, booking: int, guest: str, amount: int, method: str, rest: int) -> Slip:
    """Return the paper of an advance that goes back; who takes it signs."""
    s = work.setting
    return Slip(
        "advance_returned",
        _("Advance refunded"),
        _advance_ends(
            work,
            booking,
            guest,
            ((_("Refund by"), kinds.words(work, method)), (_("Still held"), show(rest, s.digits))),
            slip.amount_line(_("Given back"), Money(amount), s.currency, s.digits),
        ),
        number=f"V-{work.next_number('advance_end')}",
        copies=(_("Finance copy"), _("Guest copy")),
        drawer=kinds.opens_drawer(work, method),
        **letterhead(work),
    )


def advance_kept(work: Work, *, booking: int, guest: str, amount: int, rest: int, reason: str) -> Slip:
    """Return the paper of an advance that the house keeps: how much, and why."""
    s = work.setting
    return Slip(
        "advance_kept",
        _("Advance forfeited"),
        _advance_ends(
            work,
            booking,
            guest,
            ((_("Reason"), reason), (_("Still held"), show(rest, s.digits))),
            slip.amount_line(_("Forfeited to income"), Money(amount), s.currency, s.digits),
        ),
        number=f"V-{work.next_number('advance_end')}",
        copies=(_("Finance copy"), _("Guest copy")),
        **letterhead(work),
    )


def _advance_ends(
    work: Work, booking: int, guest: str, told: Sequence[tuple[str, str]], amount: slip.Amount
) -> tuple[slip.Block, ...]:
    """Return what both papers say."""
    return (
        slip.facts((_("Guest"), guest), (_("Booking"), str(booking)), (_("Date"), done(work)), *told),
        amount,
        Signatures((_("Guest's signature"), _("Clerk's signature"))),
    )


def rebate_slip(
    work: Work,
    *,
    number: str,
    guest: str,
    room: str,
    item: str,
    day: date,
    charged: int,
    amount: int,
    reason: str,
) -> Slip:
    """Return the slip of a part that was given back: what was charged, how much goes back, why."""
    s = work.setting
    return Slip(
        "rebate_slip",
        _("Rebate"),
        (
            slip.facts(
                (_("Guest"), guest),
                (_("Room"), room),
                (_("Date"), done(work)),
                (_("Item"), f"{dates.day(day)} {item}"),
                (_("Charged"), show(charged, s.digits)),
                (_("Reason"), reason),
            ),
            slip.amount_line(_("Given back"), Money(amount), s.currency, s.digits),
            Signatures((_("Guest's signature"), _("Clerk's signature"))),
        ),
        number=number,
        copies=(_("Finance copy"), _("Guest copy")),
        **letterhead(work),
    )


@dataclass(frozen=True)
class Moved:
    """What a transfer slip tells: the folios it went from and to (room, window, payer), the charge with its
    day, and every line that went along with its amount."""

    source: str
    target: str
    item: str
    day: date
    lines: tuple[tuple[str, int], ...]
    reason: str


def transfer_slip(work: Work, moved: Moved) -> Slip:
    """Return the slip of what was moved to another folio; who pays it now signs."""
    s = work.setting
    rows = tuple(slip.row(item, show(amount, s.digits)) for item, amount in moved.lines)
    total = sum(amount for _item, amount in moved.lines)
    return Slip(
        "transfer_slip",
        _("Transfer slip"),
        (
            slip.facts(
                (_("From folio"), moved.source),
                (_("To folio"), moved.target),
                (_("Charged on"), dates.day(moved.day, year=True)),
                (_("Reason"), moved.reason),
                (_("Date"), done(work)),
                (_("Done by"), work.clerk.name),
            ),
            Table((slip.left(_("Item"), 5), slip.right(_("Amount"), 2)), rows),
            slip.amount_line(_("Transferred"), Money(total), s.currency, s.digits),
            Signatures((_("Payer's signature"), _("Clerk's signature"))),
        ),
        number=f"TS-{work.next_number('transfer_slip')}",
        copies=(_("Stub"), _("Finance copy"), _("Guest copy")),
        **headed(work),
    )


CODE_NAMES = {
    "ROOM": N_("Room charge"),
    "HALF": N_("Half day"),
    "FULL": N_("Full day"),
    "EARLY": N_("Early arrival"),
    "MEMBERCARD": N_("Member card"),
    "STORED": N_("Stored value"),
    "STOREDGIFT": N_("Stored value, gift part"),
    "POINTS": N_("Points spent"),
    "NOSHOW": N_("No-show"),
    "BREAKFAST": N_("Breakfast"),
    "MINIBAR": N_("Minibar"),
    "LAUNDRY": N_("Laundry"),
    "PHONE": N_("Telephone"),
    "BUSINESS": N_("Business services"),
    "DAMAGE": N_("Damage compensation"),
    "CARD": N_("Room card not returned"),
    "MISC": N_("Miscellaneous"),
    "SHOP": N_("Shop"),
    "TAX": N_("Tax"),
    "SERVICE": N_("Service charge"),
    "DEPOSIT": N_("Deposit"),
    "TRANSFER": N_("Transfer"),
    "ADJUST": N_("Rebate"),
    "OPENING": N_("Opening balance"),
    "CITY": N_("Left unsettled"),
    "COMPANY": N_("On account"),
    "CHANNEL": N_("Paid by the channel"),
    "COMMISSION": N_("Commission"),
    "BADDEBT": N_("Debt written off"),
    **METHOD_NAMES,
}


def code_name(code: str) -> str:
    """Return what a transaction code is called."""
    return _(CODE_NAMES.get(code, code))


def named(code: str, called: Mapping[str, str] | None = None) -> str:
    """Return the same, a kind of payment by the house's own name for it."""
    return (called or {}).get(code) or code_name(code)


def code_text(line: FolioLine, called: Mapping[str, str] | None = None) -> str:
    """Return what a posting is called: its code's name, what the clerk or the audit wrote, and the number of
    its slip; ``called`` is how the house calls its kinds of payment."""
    name, known = named(line.code, called), line.text in CODE_NAMES
    detail = " ".join(
        filter(
            None,
            (named(line.text, called) if known else line.text, line.slip if line.code == "DEPOSIT" else ""),
        )
    )
    return _("%(item)s, %(detail)s") % {"item": name, "detail": detail} if detail else name
