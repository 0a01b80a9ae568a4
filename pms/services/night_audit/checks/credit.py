"""Folios that tonight's charge takes over what is deposited and allowed, from the first unpaid night on."""

from collections.abc import Iterator

from pms.core.i18n import N_, _
from pms.core.money import Money

from . import Check, Finding, Tonight, folio, who


def _find(tonight: Tonight) -> Iterator[Finding]:
    over = [(s, short) for s in tonight.staying if not s.kind and (short := s.short(tonight.options)) > 0]
    who_did = who.did(tonight, "stay", [s.stay_id for s, _short in over], who.STAYS_ON)
    for s, short in over:
        yield Finding(
            str(s.stay_id),
            _("%(room)s is over its credit limit") % {"room": s.room},
            (
                _("%(guest)s, deposit %(deposit)s does not cover %(owed)s")
                if s.deposit > 0
                else _("%(guest)s, no deposit for %(owed)s")
            )
            % {
                "guest": s.listed,
                "deposit": tonight.show(s.deposit),
                "owed": tonight.show(s.balance + s.tonight),
            },
            Money(short),
            folio(s.stay_id),
            s.stay_id,
            by=who.of(who_did, s.stay_id),
            about=s.room,
        )


CHECK = Check(
    "credit",
    N_("Over credit limit"),
    N_("Take a payment or a deposit, or approve the credit with a remark."),
    "cash",
    _find,
    register="money",
    acts="trail",
)
