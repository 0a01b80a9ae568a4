"""Keep what somebody agreed to, and have those who agreed by phone sign for it."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from pms.core import dates
from pms.core.errors import Reason, Refused
from pms.core.i18n import _
from pms.core.office import Approval
from pms.core.permissions import Permission, Right
from pms.db.work import Work, operation
from pms.services.authority import delegation
from pms.services.authority.delegation import by_which, lent_to
from pms.services.staff import access
from pms.services.staff.models import Staff
from pms.services.staff.queries import at_door

from . import printouts
from .models import Agreement

SHORTEST_NOTE = 4


@operation(None)
def keep(
    work: Work,
    *,
    staff_id: int,
    action: str,
    act: str,
    reasons: Sequence[Reason],
    how: str,
    note: str = "",
    delegation_id: int | None = None,
) -> int:
    """Keep a person's word and return its number; called once their password has been checked."""
    return _keep(work, staff_id, action, act, reasons, how, note, delegation_id)


def _keep(
    work: Work,
    staff_id: int,
    action: str,
    act: str,
    reasons: Sequence[Reason],
    how: str,
    note: str,
    delegation_id: int | None,
) -> int:
    work.touch("approvals")
    return work.insert_one(
        Agreement,
        business_date=work.business_date,
        at=work.now,
        staff_id=staff_id,
        clerk_id=work.clerk.id or None,
        station=work.station,
        action=action,
        act=act,
        reasons=[[r.permission, r.what, r.amount] for r in reasons],
        how=how,
        note=note,
        delegation_id=delegation_id,
    )


@operation(Permission.APPROVE_BY_PHONE)
def keep_call(
    work: Work, *, login: str, action: str, act: str, reasons: Sequence[Reason], note: str
) -> Approval:
    """Keep that a person agreed by phone; it stays open until they have signed.

    Refuses who may not agree to it, and the clerk at the screen.
    """
    if len(note.strip()) < SHORTEST_NOTE:
        raise Refused(_("Write down what was said and under which number."))
    person = at_door(work.session, login=login)
    wanted = {Right(reason.permission) for reason in reasons} | {Permission.APPROVE}
    lent = lent_to(work.session, person.id, person.rights, work.now, but_by=work.clerk.id) if person else ()
    rights = person.rights.union(*(one.rights for one in lent)) if person else frozenset()
    if person is None or person.id == work.clerk.id or not wanted <= rights:
        raise Refused(
            _("%(name)s may not approve this. Ask a person with more rights.")
            % {"name": person.name if person else login}
        )
    used = by_which(lent, wanted - person.rights)
    kept = _keep(work, person.id, action, act, reasons, "phone", note.strip(), used)
    return Approval(kept, person.id, person.name)


@operation(Permission.STAFF_OWN)
def countersign(work: Work, *, approval_id: int) -> None:
    """Sign for what one agreed to by phone; only that person can."""
    given = work.session.scalars(
        select(Agreement).where(Agreement.id == approval_id).with_for_update()
    ).one_or_none()
    if given is None or given.how != "phone":
        raise Refused(_("This was not agreed to by phone."))
    if given.seen_at is not None:
        raise Refused(_("This is signed already."))
    name = work.session.get_one(Staff, given.staff_id).name
    what = _("%(name)s agreed by phone: %(what)s") % {
        "name": name,
        "what": "; ".join(what for _right, what, _amount in given.reasons),
    }
    signer = work.signature(Permission.STAFF_OWN, what)
    if signer.staff_id != given.staff_id:
        raise Refused(_("Only %(name)s can countersign this.") % {"name": name})
    given.seen_at = work.now
    work.touch("approvals")


@operation(Permission.APPROVE)
def print_uses(work: Work, *, start: date, end: date) -> None:
    """Print on whose authority what was done in a period, by person and kind."""
    rows = delegation.use_counts(work.session, start=start, end=end)
    work.print(printouts.use_report(work, rows=rows, start=start, end=end))
    access.write(
        work,
        access.Kind.EXPORTED,
        f"{_('Use of authority')} {dates.span(start, end, year=True)}",
    )
