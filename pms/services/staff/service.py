"""Take people on, change their rights, open the door to them."""

from datetime import timedelta

from sqlalchemy import select

from pms.core.errors import Refused
from pms.core.i18n import N_, _
from pms.core.office import Approval, Clerk, Office
from pms.core.permissions import ROLES, Permission
from pms.db.work import Work, operation

from . import passwords
from .models import Role, SignInTry, Staff

FREE_TRIES = 3
LONGEST_WAIT = 60
WRONG = N_("Name or password is wrong. Check both and try again.")


@operation(None)
def open_register(work: Work, *, login: str, name: str, password: str) -> int:
    """Write the roles a hotel starts with and its first person, the owner; refuses once somebody is there."""
    if work.session.scalars(select(Staff.id).limit(1)).first() is not None:
        raise Refused(_("This hotel has its staff already. Sign in and use Settings."))
    for code, (title, rights) in ROLES.items():
        work.session.add(Role(code=code, name=title, rights=sorted(rights)))
    work.session.flush()
    return _take_on(work, login, name, password, "owner", "zh_CN")


@operation(Permission.STAFF_EDIT)
def take_on(work: Work, *, login: str, name: str, password: str, role: str, language: str = "zh_CN") -> int:
    """Add a person who may sign in, and return their number."""
    return _take_on(work, login, name, password, role, language)


def _take_on(work: Work, login: str, name: str, password: str, role: str, language: str) -> int:
    login = login.strip().casefold()
    if not login or not name.strip():
        raise Refused(_("Give the person a name and a sign-in name."))
    if work.session.scalars(select(Staff.id).where(Staff.login == login)).first() is not None:
        raise Refused(_("The sign-in name %(login)s is taken. Choose another.") % {"login": login})
    if work.session.get(Role, role) is None:
        raise Refused(_("There is no role %(role)s.") % {"role": role})
    person = Staff(login=login, name=name.strip(), role_code=role, password=_new(password), language=language)
    work.session.add(person)
    work.session.flush()
    work.touch("staff")
    return person.id


def _new(password: str) -> str:
    if len(password) < passwords.SHORTEST:
        raise Refused(_("A password needs at least %(n)s characters.") % {"n": passwords.SHORTEST})
    return passwords.hashed(password)


@operation(Permission.STAFF_EDIT)
def edit(work: Work, *, staff_id: int, name: str, role: str, active: bool) -> None:
    """Change a person's name, role or leaving; their rights change with their next action."""
    owners = _owners(work)
    person = work.hold(Staff, staff_id)
    if work.session.get(Role, role) is None:
        raise Refused(_("There is no role %(role)s.") % {"role": role})
    if person.role_code == "owner" and (role != "owner" or not active) and owners == 1:
        raise Refused(
            _("%(name)s is the last owner. Make somebody else owner first.") % {"name": person.name}
        )
    person.name, person.role_code, person.active = name.strip() or person.name, role, active
    work.touch("staff")


def _owners(work: Work) -> int:
    """Return how many owners there are, all held: of two who dismiss each other the second finds one left."""
    owners = select(Staff.id).where(Staff.role_code == "owner", Staff.active).order_by(Staff.id)
    return len(work.session.scalars(owners.with_for_update(key_share=True)).all())


@operation(Permission.STAFF_EDIT)
def set_password(work: Work, *, staff_id: int, password: str) -> None:
    """Give a person a new password."""
    work.hold(Staff, staff_id).password = _new(password)
    work.touch("staff")


@operation(Permission.STAFF_OWN)
def change_own_password(work: Work, *, old: str, new: str) -> None:
    """Change one's own password; asks for the old one."""
    person = work.hold(Staff, work.clerk.id)
    if not passwords.matches(person.password, old):
        raise Refused(_("The old password is wrong."))
    person.password = _new(new)


@operation(Permission.STAFF_EDIT)
def edit_role(work: Work, *, code: str, rights: list[str]) -> None:
    """Change what a role may do; it holds from the next action of each person who has it."""
    if code == "owner":
        raise Refused(_("The owner's rights cannot be cut."))
    work.hold(Role, code).rights = sorted({Permission(r) for r in rights})
    work.touch("staff")


@operation(None)
def begin_try(work: Work, *, login: str) -> None:
    """Count a try at the door before the password is looked at; refuses while the wait after wrong ones
    lasts."""
    known = work.session.get(SignInTry, (login, work.station), with_for_update=True)
    if known is None:
        work.session.add(SignInTry(login=login, station=work.station, wrong=1, last_at=work.now))
        return
    left = known.last_at + timedelta(seconds=wait_after(known.wrong)) - work.now
    if known.last_at <= work.now and left > timedelta(0):  # a clock that was put back keeps nobody out
        raise Refused(
            _("Too many wrong passwords here. Wait %(n)s s, or use another workstation.")
            % {"n": int(left.total_seconds()) + 1}
        )
    known.wrong, known.last_at = known.wrong + 1, work.now


def wait_after(wrong: int) -> int:
    """Return the seconds to wait after so many wrong passwords in a row: none, then 2, 4, 8 … 60."""
    return 0 if wrong < FREE_TRIES else min(2 ** (wrong - FREE_TRIES + 1), LONGEST_WAIT)


@operation(None)
def end_try(work: Work, *, login: str, staff_id: int, rehash: str = "") -> None:
    """Note a right password: the count starts afresh, an outdated hash is replaced, the trail says who
    came."""
    if (known := work.session.get(SignInTry, (login, work.station), with_for_update=True)) is not None:
        work.session.delete(known)
    if rehash:
        work.hold(Staff, staff_id).password = rehash
    work.note("staff", {"signed_in": True}, staff_id)


def sign_in(office: Office, login: str, password: str) -> Clerk:
    """Check a password and return the person; the hash is worked out outside any transaction, so no lock is
    held meanwhile."""
    from . import queries

    login = login.strip().casefold()
    office.do(begin_try.of(login=login))
    found = office.ask(queries.at_door, login=login)
    if not passwords.matches(found.password if found else None, password) or found is None:
        raise Refused(_(WRONG))
    rehash = passwords.hashed(password) if passwords.outdated(found.password) else ""
    office.do(end_try.of(login=login, staff_id=found.id, rehash=rehash))
    return Clerk(found.id, found.name, found.role, found.rights)


def approve(
    office: Office, login: str, password: str, permission: Permission, *, own: bool = False
) -> Approval:
    """Check a second person's password and right for one act; returns their agreement, good for 60 seconds.

    ``own``: what is signed is the person's own act, for which the right to approve what others do is not
    asked.
    """
    person = sign_in(office, login, password)
    if not (person.may(permission) and (own or person.may(Permission.APPROVE))):
        raise Refused(
            _("%(name)s may not approve this. Ask a person with more rights.") % {"name": person.name}
        )
    return Approval(person.id, person.name, person.permissions, office.now())


def names(office: Office) -> list[tuple[str, str]]:
    """Return sign-in name and name of everybody who may sign in."""
    from . import queries

    return office.ask(queries.names)
