"""The door of the office: who comes in, who agrees to what, and what is refused."""

from datetime import timedelta
from typing import TypeVar

from sqlalchemy import select

from pms.core.errors import NeedsApproval, Refused
from pms.core.i18n import _
from pms.core.office import Approval, Clerk, Inner
from pms.core.operation import Call
from pms.core.permissions import Permission, Right
from pms.db.work import Work
from pms.services.authority import delegation
from pms.services.authority.delegation import record as lent
from pms.services.staff import access, passwords
from pms.services.staff import queries as staff_queries
from pms.services.staff.access import Kind, refused
from pms.services.staff.models import Role, Staff
from pms.services.staff.queries import known
from pms.services.staff.service import change_own_password, checked, names, set_own_pin, sign_in

from . import service
from .later import on_paper
from .models import Agreement

__all__ = [
    "approve",
    "by_phone",
    "change_password",
    "ended",
    "has_pin",
    "lent",
    "names",
    "on_paper",
    "redeem",
    "refused",
    "set_pin",
    "sign_in",
    "unlock",
]
R = TypeVar("R")
GOOD_FOR = timedelta(seconds=60)
"""How long a person's word waits for the act it was given for."""


def approve(office: Inner, login: str, password: str, wish: NeedsApproval) -> Approval:
    """Check a second person's password and rights, and keep their word for the act that ``wish`` was raised
    by; it is good for 60 seconds at this workstation, once.

    A signature (``wish.own``) is the person's own act, for which the right to approve what others do is not
    asked.
    """
    found = checked(office, login, password, Kind.PASSWORD if wish.own else Kind.APPROVAL)
    own_words = found.id == office.clerk.id and wish.own
    if found.must_change and not own_words:
        raise Refused(
            _(
                "Somebody else has set the password of %(name)s. First %(name)s must sign in and choose a "
                "new one."
            )
            % {"name": found.name}
        )
    wanted = {Right(reason.permission) for reason in wish.reasons}
    wanted |= set() if wish.own else {Permission.APPROVE}
    lent = office.look(
        delegation.lent_to,
        staff_id=found.id,
        own=found.rights,
        now=office.now(),
        but_by=0 if own_words else office.clerk.id,
    )
    if not wanted <= found.rights.union(*(one.rights for one in lent)):
        office.do(access.note.of(kind=Kind.APPROVAL, what=_told(found.name, wish)))
        raise Refused(
            _("%(name)s may not approve this. Ask a person with more rights.") % {"name": found.name}
        )
    if found.id == office.clerk.id and not wish.own:
        raise Refused(_("Another person has to agree, not the one who asks."))
    how = "signature" if wish.own else "password"
    kept = service.keep.of(
        staff_id=found.id,
        action=wish.action,
        act=wish.act,
        reasons=wish.reasons,
        how=how,
        delegation_id=delegation.by_which(lent, wanted - found.rights),
    )
    return Approval(office.do(kept), found.id, found.name)


def by_phone(office: Inner, login: str, note: str, wish: NeedsApproval) -> Approval:
    """Keep that a person agreed by phone to the act that ``wish`` was raised by; a signature cannot be given
    so."""
    if wish.own:
        raise Refused(_("A signature is given at the desk, with name and password."))
    call = service.keep_call.of(
        login=login, action=wish.action, act=wish.act, reasons=wish.reasons, note=note
    )
    return office.do(call)


def change_password(office: Inner, old: str, new: str) -> Clerk:
    """Change the password of the person at the screen and return them as signed in with the new one; a wrong
    old one counts and is written down as at the sign-in."""
    change = change_own_password.of(new=new)
    number = signed(office, change, old)
    found = office.look(staff_queries.at_door, login=login_of(office))
    assert found is not None
    return Clerk(found.id, found.name, found.role, found.rights, number)


def set_pin(office: Inner, password: str, pin: str) -> None:
    """Give the person at the screen a PIN, or with an empty one none; asks for their password."""
    signed(office, set_own_pin.of(pin=pin), password)


def has_pin(office: Inner) -> bool:
    """Say whether a PIN opens the lock of the person at the screen."""
    return office.look(staff_queries.pin, clerk=office.clerk) is not None


def unlock(office: Inner, pin: str) -> None:
    """Refuse a PIN that is not that of the person at the screen, and write it down."""
    if not passwords.matches(office.look(staff_queries.pin, clerk=office.clerk), pin):
        office.do(access.note.of(kind=Kind.PASSWORD, what=f"PIN: {office.clerk.name}"))
        raise Refused(_("The PIN is wrong. Try again, or sign in with the password."))


def signed(office: Inner, call: Call[R], password: str) -> R:
    """Do what the person at the screen signs for with the own password, typed already."""
    try:
        return office.do(call)
    except NeedsApproval as wish:
        return office.do(call, approval=approve(office, login_of(office), password, wish))


def login_of(office: Inner) -> str:
    """Return the sign-in name of the person at the screen."""
    return office.look(staff_queries.login, staff_id=office.clerk.id)


def ended(office: Inner, clerk: Clerk) -> str:
    """Say why a person's session is over; nothing while it goes on."""
    return office.look(staff_queries.ended, clerk=clerk)


def redeem(work: Work, approval: Approval, act: str) -> Approval | None:
    """Use a person's word up for the act it was given for; None where it was given for another act, is used,
    too old, another workstation's or another clerk's, or the person may not approve any more."""
    a = Agreement
    row = work.session.execute(
        select(a, Staff.name, Role.rights)
        .join(Staff, Staff.id == a.staff_id)
        .join(Role, Role.code == Staff.role_code)
        .where(a.id == approval.id, a.act == act, a.station == work.station, Staff.active)
        .with_for_update(of=a)
    ).first()
    if row is None or row.Agreement.used_at is not None or row.Agreement.clerk_id != (work.clerk.id or None):
        return None
    given: Agreement = row.Agreement
    if not timedelta(0) <= work.now - given.at <= GOOD_FOR:
        return None
    given.used_at = work.now
    own, asker = known(row.rights), 0 if given.staff_id == work.clerk.id else work.clerk.id
    lent = delegation.lent_to(work.session, given.staff_id, own, work.now, but_by=asker)
    return Approval(
        given.id,
        given.staff_id,
        row.name,
        own.union(*(one.rights for one in lent)),
        frozenset((p, w, m) for p, w, m in given.reasons),
        lent,
    )


def _told(name: str, wish: NeedsApproval) -> str:
    return f"{name}: " + "; ".join(reason.what for reason in wish.reasons)
