"""Take people on, change their rights, open the door to them."""

from datetime import timedelta

from sqlalchemy import select

from pms.core.errors import Reason, Refused
from pms.core.i18n import N_, _
from pms.core.office import Clerk, Inner
from pms.core.permissions import DESK, ROLES, Permission
from pms.db.work import Work, operation

from . import access, passwords, queries
from .access import Kind
from .models import Role, SignInTry, Staff
from .queries import AtDoor

FREE_TRIES = 3
LONGEST_WAIT = 60
LONGEST_LOGIN = 64
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
    made = _take_on(work, login, name, password, role, language)
    if _more_rights(work, role):
        _owner_agrees(work, _("Taking %(name)s on as %(role)s") % {"name": name.strip(), "role": role})
    access.write(work, Kind.RIGHTS, f"{name.strip()}: {role}")
    return made


def _take_on(work: Work, login: str, name: str, password: str, role: str, language: str) -> int:
    login = login.strip().casefold()
    if not login or not name.strip():
        raise Refused(_("Give the person a name and a sign-in name."))
    if len(login) > LONGEST_LOGIN:
        raise Refused(_("A sign-in name has at most %(n)s signs.") % {"n": LONGEST_LOGIN})
    if work.session.scalars(select(Staff.id).where(Staff.login == login)).first() is not None:
        raise Refused(_("The sign-in name %(login)s is taken. Choose another.") % {"login": login})
    if work.session.get(Role, role) is None:
        raise Refused(_("There is no role %(role)s.") % {"role": role})
    person = Staff(
        login=login, name=name.strip(), role_code=role, password=_new(password, login), language=language
    )
    work.session.add(person)
    work.session.flush()
    work.touch("staff")
    return person.id


def _new(password: str, login: str) -> str:
    if weak := passwords.weak(password, login):
        raise Refused(weak)
    return passwords.hashed(password)


def _owner_agrees(work: Work, what: str) -> None:
    """Ask for an owner's word where somebody else is about to give more rights than a clerk has a say in."""
    if _role_of(work, work.clerk.id) == "owner" or work.open_door:
        return
    reason, given = Reason(Permission.STAFF_EDIT, what), work.approval
    if given is None or not work.agreed(reason) or _role_of(work, given.staff_id) != "owner":
        work.lack(reason)


def _role_of(work: Work, staff_id: int) -> str:
    return work.session.scalar(select(Staff.role_code).where(Staff.id == staff_id)) or ""


def _more_rights(work: Work, role: str, before: str = "") -> bool:
    """Say whether a role may more than the one before, or than a clerk starts with."""
    held = {r.code: set(r.rights) for r in work.session.scalars(select(Role))}
    return not held[role] <= held.get(before, set(DESK))


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
    if role != person.role_code or active != person.active:
        what = _("%(name)s, %(before)s, becomes %(role)s")
        if "owner" in (role, person.role_code) or _more_rights(work, role, person.role_code):
            _owner_agrees(work, what % {"name": person.name, "before": person.role_code, "role": role})
        told = role if active else f"{role} \u2192 \u2014"
        access.write(work, Kind.RIGHTS, f"{person.name}: {person.role_code} \u2192 {told}")
    person.name, person.role_code, person.active = name.strip() or person.name, role, active
    work.touch("staff")


def _owners(work: Work) -> int:
    """Return how many owners there are, all held: of two who dismiss each other the second finds one left."""
    owners = select(Staff.id).where(Staff.role_code == "owner", Staff.active).order_by(Staff.id)
    return len(work.session.scalars(owners.with_for_update(key_share=True)).all())


@operation(Permission.STAFF_EDIT)
def set_password(work: Work, *, staff_id: int, password: str) -> None:
    """Give a person a new password."""
    person = work.hold(Staff, staff_id)
    if staff_id != work.clerk.id:
        _owner_agrees(work, _("A new password for %(name)s") % {"name": person.name})
    person.password = _new(password, person.login)
    access.write(work, Kind.RIGHTS, _("A new password for %(name)s") % {"name": person.name})
    work.touch("staff")


@operation(Permission.STAFF_OWN)
def change_own_password(work: Work, *, old: str, new: str) -> None:
    """Change one's own password; asks for the old one."""
    person = work.hold(Staff, work.clerk.id)
    if not passwords.matches(person.password, old):
        raise Refused(_("The old password is wrong."))
    if new == old:
        raise Refused(_("The new password is the old one. Choose another."))
    person.password = _new(new, person.login)


@operation(Permission.STAFF_EDIT)
def edit_role(work: Work, *, code: str, rights: list[str]) -> None:
    """Change what a role may do; it holds from the next action of each person who has it."""
    if code == "owner":
        raise Refused(_("The owner's rights cannot be cut."))
    held = work.hold(Role, code)
    wanted = {Permission(r) for r in rights}
    if added := sorted(wanted - set(held.rights)):
        what = _("More rights for %(role)s: %(rights)s") % {"role": held.name, "rights": ", ".join(added)}
        _owner_agrees(work, what)
    removed = sorted(set(held.rights) - wanted)
    access.write(work, Kind.RIGHTS, " ".join([code, *(f"+{r}" for r in added), *(f"-{r}" for r in removed)]))
    held.rights = sorted(wanted)
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
def end_try(work: Work, *, login: str, staff_id: int, came: bool) -> None:
    """Note a right password: the count starts afresh; ``came``: the person signs in, and the trail says
    so."""
    known = work.session.get(SignInTry, (login, work.station), with_for_update=True)
    if known is not None:
        work.session.delete(known)
    if came:
        access.write(work, Kind.SIGNED_IN, "", staff_id)


@operation(None)
def renew_hash(work: Work, *, login: str, password: str) -> None:
    """Store a password anew that was stored with weaker settings; checks it itself, so that nobody else's can
    be put in its place."""
    person = work.session.scalars(
        select(Staff).where(Staff.login == login, Staff.active).with_for_update()
    ).one_or_none()
    if person is not None and passwords.matches(person.password, password):
        person.password = passwords.hashed(password)


def checked(office: Inner, login: str, password: str, failed: Kind, *, came: bool = False) -> AtDoor:
    """Check a password and return the person; the hash is worked out outside any transaction, so no lock is
    held meanwhile. A wrong one is written down as ``failed``."""
    login = login.strip().casefold()[:LONGEST_LOGIN]
    office.do(begin_try.of(login=login))
    found = office.look(queries.at_door, login=login)
    if not passwords.matches(found.password if found else None, password) or found is None:
        office.do(access.note.of(kind=failed, what=login))
        raise Refused(_(WRONG))
    if passwords.outdated(found.password):
        office.do(renew_hash.of(login=login, password=password))
    office.do(end_try.of(login=login, staff_id=found.id, came=came))
    return found


def sign_in(office: Inner, login: str, password: str) -> Clerk:
    """Check a password and return the person."""
    found = checked(office, login, password, Kind.PASSWORD, came=True)
    return Clerk(found.id, found.name, found.role, found.rights)


def names(office: Inner) -> list[tuple[str, str]]:
    """Return sign-in name and name of everybody who may sign in."""
    return office.ask(queries.names)
