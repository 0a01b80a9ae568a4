"""Nights sold for another price than their rate plan says, or without a plan."""

from collections.abc import Iterator

from pms.core.i18n import N_, _
from pms.core.money import Money

from . import Check, Finding, Tonight, folio


def _find(tonight: Tonight) -> Iterator[Finding]:
    for s in tonight.staying:
        row = tonight.sold.get(s.line_id)
        if row is None or s.kind:
            continue
        listed = [
            tonight.price(row.plan_id, type_id) for type_id in (row.type_id, row.counted_type_id, s.type_id)
        ]
        if row.price not in listed:
            asked = next((p for p in listed if p is not None), None) or tonight.rack(s.type_id)
            yield Finding(
                str(s.stay_id),
                _("%(room)s has a manual rate") % {"room": s.room},
                _("%(price)s instead of %(listed)s: %(rule)s")
                % {"price": tonight.show(row.price), "listed": tonight.show(asked), "rule": row.rule},
                Money(max(asked - row.price, 0)),
                folio(s.stay_id),
                s.stay_id,
                by=tonight.gave(s),
                about=s.room,
            )


CHECK = Check(
    "rates",
    N_("Manual rates"),
    N_("Compare with the approval on paper. Approve what is signed; query the rest."),
    "tape",
    _find,
    register="prices",
    acts="given",
)
