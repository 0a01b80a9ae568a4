"""Nights in a dearer room than is paid for: below the rack price of the room, though the plan is right for
another type."""

from collections.abc import Iterator

from pms.core.i18n import N_, _
from pms.core.money import Money

from . import Check, Finding, Tonight, folio


def _find(tonight: Tonight) -> Iterator[Finding]:
    for s in tonight.staying:
        row = tonight.sold.get(s.line_id)
        if row is None or s.kind or row.plan_id is None:
            continue
        due = tonight.price(row.plan_id, s.type_id)
        if due is not None and s.rate < due and s.rate == tonight.price(row.plan_id, row.type_id):
            yield Finding(
                str(s.stay_id),
                _("%(room)s is a %(type)s below its price") % {"room": s.room, "type": s.type_name},
                _("%(price)s is paid, its price is %(listed)s")
                % {"price": tonight.show(s.rate), "listed": tonight.show(due)},
                Money(due - s.rate),
                folio(s.stay_id),
                s.stay_id,
                by=tonight.gave(s),
                about=s.room,
            )


CHECK = Check(
    "upgrades",
    N_("Below the room's price"),
    N_("A free upgrade needs a reason. Approve it with the remark, or charge the difference."),
    "star",
    _find,
    register="prices",
    acts="given",
)
