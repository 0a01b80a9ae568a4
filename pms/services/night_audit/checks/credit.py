"""Folios that tonight's charge takes over what is deposited and allowed, from the first unpaid night on."""

from collections.abc import Iterator

from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.services.folios import routing

from . import Check, Finding, Tonight, folio, who


def _find(tonight: Tonight) -> Iterator[Finding]:
    near = [s for s in tonight.staying if not s.kind and s.short(tonight.options) > 0]
    nights = {s.stay_id: [(tonight.business_date, int(s.tonight))] for s in near}
    away = routing.away(tonight.session, nights=nights) if near else {}
    by = {s.stay_id: s.short(tonight.options, away.get(s.stay_id, 0)) for s in near}
    over = [(s, by[s.stay_id]) for s in near if by[s.stay_id] > 0]
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
                "owed": tonight.show(s.balance + s.tonight - away.get(s.stay_id, 0)),
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
