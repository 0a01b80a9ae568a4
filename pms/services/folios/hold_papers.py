"""Papers of a pre-authorisation: the slip that the guest signs, and what was taken and released of it."""

from pms.core import dates
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.db.work import Work
from pms.printing import slip
from pms.printing.slip import Signatures, Slip, Text

from . import kinds
from .models import Preauth
from .printouts import headed, stamp


def _card(work: Work, one: Preauth) -> str:
    words = kinds.words(work, one.kind)
    return f"{words} *{one.last_four}" if one.last_four else words


def taken(work: Work, one: Preauth, *, guest: str, room: str, more: int = 0) -> Slip:
    """Return the slip by which a guest agrees to an amount being held, or to ``more`` of it."""
    s = work.setting
    before = ((_("Held before"), show(one.held - more, s.digits)),) if more else ()
    return Slip(
        "preauth_slip",
        _("Pre-authorisation"),
        (
            slip.facts(
                (_("Guest"), guest),
                (_("Room"), room),
                (_("Card"), _card(work, one)),
                (_("Authorisation code"), one.code),
                *(((_("Terminal"), one.trace),) if one.trace else ()),
                (_("Valid until"), dates.day(one.valid_until, year=True)),
                (_("Date"), stamp(work)),
                (_("Clerk"), work.clerk.name),
                *before,
            ),
            slip.amount_line(
                _("Amount held") if not more else _("Amount held in all"), one.held, s.currency, s.digits
            ),
            Text(
                _(
                    "The amount is held on the card and not charged. At check-out what is owed is taken of "
                    "it, and the rest is released."
                ),
                "small",
            ),
            Signatures((_("Cardholder's signature"), _("Clerk's signature"))),
        ),
        number=f"PA-{one.number}",
        copies=(_("Finance copy"), _("Guest copy")),
        **headed(work),
    )


def ended(work: Work, one: Preauth, *, captured: int, released: int, reference: str = "") -> Slip:
    """Return the slip of what was taken of a pre-authorisation and what went free."""
    s = work.setting
    return Slip(
        "preauth_end",
        _("Pre-authorisation completed") if captured else _("Pre-authorisation released"),
        (
            slip.facts(
                (_("Card"), _card(work, one)),
                (_("Authorisation code"), one.code),
                *(((_("Transaction number"), reference),) if reference else ()),
                (_("Amount held"), show(captured + released, s.digits)),
                *(((_("Amount released"), show(released, s.digits)),) if captured else ()),
                (_("Date"), stamp(work)),
                (_("Clerk"), work.clerk.name),
            ),
            slip.amount_line(
                _("Amount charged") if captured else _("Amount released"),
                Money(captured or released),
                s.currency,
                s.digits,
            ),
        ),
        number=f"PA-{one.number}",
        copies=(_("Finance copy"), _("Guest copy")),
        **headed(work),
    )
