"""What was given away beyond the limit of whoever it rests on, and rooms given away on nobody's authority."""

from collections.abc import Iterator

from sqlalchemy import select

from pms.core.authority import NAMES, Kind
from pms.core.i18n import N_, _
from pms.services.authority import queries
from pms.services.authority.models import AuthorityUse
from pms.services.staff.models import Staff

from . import Check, Finding, Remedy, Tonight, folio, people, who


def _find(tonight: Tonight) -> Iterator[Finding]:
    yield from _beyond(tonight)
    yield from _nobodys(tonight)


def _beyond(tonight: Tonight) -> Iterator[Finding]:
    """Judge each use of today by the table as it stands now: an act that got around it, or a limit that was
    lowered since."""
    uses = queries.uses(tonight.session, business_date=tonight.business_date)
    if not uses:
        return
    named = {
        number: (name, role)
        for number, name, role in tonight.session.execute(
            select(Staff.id, Staff.name, Staff.role_code).where(Staff.id.in_({u.by_id for u in uses}))
        )
    }
    limits = {row.code: row.limits for row in queries.table(tonight.session)}
    for use in uses:
        name, role = named.get(use.by_id or 0, ("", ""))
        limit = limits.get(role, {}).get(use.kind)
        if limit is not None and limit.covers(use.percent, use.amount):
            continue
        yield Finding(
            f"use{use.id}",
            _("%(kind)s beyond the limit: %(what)s") % {"kind": _(NAMES[use.kind]), "what": use.what},
            _("on the authority of %(name)s") % {"name": name or _("nobody")},
            use.amount,
            Remedy(_("Open the limits"), "authority", {"kind": use.kind.value})
            if use.stay_id is None
            else folio(use.stay_id),
            use.stay_id,
            by=people(use.clerk_id, use.by_id),
        )


def _nobodys(tonight: Tonight) -> Iterator[Finding]:
    """Rooms that are free tonight or were today, without a use that says on whose authority."""
    free = {s.stay_id: s for s in (*tonight.staying, *tonight.left) if s.kind}
    signed = (
        set(
            tonight.session.scalars(
                select(AuthorityUse.stay_id).where(
                    AuthorityUse.stay_id.in_(free), AuthorityUse.kind == Kind.FREE.value
                )
            )
        )
        if free
        else set()
    )
    who_did = who.did(tonight, "stay", free.keys() - signed, who.LET_IN)
    for stay_id in free.keys() - signed:
        s = free[stay_id]
        yield Finding(
            f"free{stay_id}",
            _("%(room)s is free on nobody's authority") % {"room": s.room},
            s.listed,
            tonight.rack(s.type_id),
            Remedy(_("Open the stay"), "stays", {"stay_id": stay_id}),
            stay_id,
            by=who.of(who_did, stay_id),
            about=s.room,
        )


CHECK = Check(
    "authority",
    N_("Beyond the limit"),
    N_("A concession exceeds the table of authority. Have the next rank sign, or query it."),
    "shield",
    _find,
    register="prices",
    acts="trail",
)
