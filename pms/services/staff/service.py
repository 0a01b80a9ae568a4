"""Take people on, change their rights, open the door to them."""

from sqlalchemy import select

from pms.core.duty import starting_rights
from pms.core.errors import Reason, Refused
from pms.core.i18n import N_, _
from pms.core.office import Clerk, Inner
from pms.core.permissions import RANKS, Permission, Right
from pms.db.rows import rights as rights_of_all
from pms.db.rows import rows
from pms.db.work import Work, operation

from . import access, passwords, queries, tries
from .access import Kind
from .models import Role, Staff
from .queries import AtDoor

LONGEST_LOGIN = 64
WRONG = N_("Name or password is wrong. Check both and try again.")


@operation(None, secrets=("password",))
def open_register(work: Work, *, login: str, name: str, password: str) -> int:
    """Write the roles a hotel starts with and its first person, the owner; refuses once somebody is there."""
    if work.session.scalars(select(Staff.id).limit(1)).first() is not None:
        raise Refused(_("This hotel has its staff already. Sign in and use Settings."))
    for code, rights in starting_rights(rows()).items():
        work.session.add(Role(code=code, name=RANKS[code], rights=sorted(rights)))
    work.session.flush()
    for code, rights in starting_rights(rows()).items():
        work.note("role", {"code": code, "holds": sorted(rights)})
    return _take_on(work, login, name, password, "owner", "zh_CN")


@operation(Permission.STAFF_EDIT, secrets=("password",))
def take_on(work: Work, *, login: str, name: str, password: str, role: str, language: str = "zh_CN") -> int:
    """Add a person who may sign in, and return their number; they set a password of their own first."""
    made = _take_on(work, login, name, password, role, language, must_change=True)
    if _more_rights(work, role):
        _owner_agrees(work, _("Adding %(name)s as %(role)s") % {"name": name.strip(), "role": role})
    access.write(work, Kind.RIGHTS, f"{name.strip()}: {role}")
    return made


def _take_on(
    work: Work,
    login: str,
    name: str,
    password: str,
    role: str,
    language: str,
    *,
    must_change: bool = False,
) -> int:
    login = login.strip().casefold()
    if not login or not name.strip():
        raise Refused(_("Give the person a name and a sign-in name."))
    if len(login) > LONGEST_LOGIN:
        raise Refused(_("A sign-in name has at most %(n)s characters.") % {"n": LONGEST_LOGIN})
    if work.session.scalars(select(Staff.id).where(Staff.login == login)).first() is not None:
        raise Refused(_("The sign-in name %(login)s is taken. Choose another.") % {"login": login})
    if work.session.get(Role, role) is None:
        raise Refused(_("There is no role %(role)s.") % {"role": role})
    person = Staff(
        login=login,
        name=name.strip(),
        role_code=role,
        password=_new(password, login),
        must_change=must_change,
        language=language,
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
    return not held[role] <= held.get(before, starting_rights(rows())["clerk"])


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
        before = person.role_code if person.active else ""  # who is let in again had no rights
        if "owner" in (role, person.role_code) or _more_rights(work, role, before):
            _owner_agrees(work, what % {"name": person.name, "before": person.role_code, "role": role})
        told = role if active else f"{role} \u2192 \u2014"
        access.write(work, Kind.RIGHTS, f"{person.name}: {person.role_code} \u2192 {told}")
    person.name, person.role_code, person.active = name.strip() or person.name, role, active
    work.touch("staff")


def _owners(work: Work) -> int:
    """Return how many owners there are, all held: of two who dismiss each other the second finds one left."""
    owners = select(Staff.id).where(Staff.role_code == "owner", Staff.active).order_by(Staff.id)
    return len(work.session.scalars(owners.with_for_update(key_share=True)).all())


@operation(Permission.STAFF_EDIT, secrets=("password",))
def set_password(work: Work, *, staff_id: int, password: str) -> None:
    """Give a person a new password, which they change at their next sign-in; where they work now they are
    signed out. One's own is changed with the old one."""
    if staff_id == work.clerk.id:
        raise Refused(_("Change your own password under My password and PIN, with the old one."))
    person = work.hold(Staff, staff_id)
    _owner_agrees(work, _("A new password for %(name)s") % {"name": person.name})
    _renew(person, password)
    person.must_change, person.pin = True, None
    access.write(work, Kind.RIGHTS, _("A new password for %(name)s") % {"name": person.name})
    work.touch("staff")


def _renew(person: Staff, password: str) -> None:
    person.password = _new(password, person.login)
    person.password_no += 1


@operation(Permission.STAFF_OWN, secrets=("new",))
def change_own_password(work: Work, *, new: str) -> int:
    """Change one's own password, signed with the old one, and return its number: wherever else one is signed
    in, one is signed out."""
    person = _myself(work, _("A new password of one's own"))
    if passwords.matches(person.password, new):
        raise Refused(_("The new password is the old one. Choose another."))
    _renew(person, new)
    person.must_change = False
    access.write(work, Kind.OWN, _("Password"))
    work.touch("staff")
    return person.password_no


@operation(Permission.STAFF_OWN, secrets=("pin",))
def set_own_pin(work: Work, *, pin: str) -> None:
    """Set one's own PIN, signed with the password, or with an empty one have none; it opens the lock of one's
    own session, nothing else."""
    person = _myself(work, _("A PIN of one's own"))
    if person.must_change:
        raise Refused(_("First set a password of your own."))
    if pin and (weak := passwords.weak_pin(pin)):
        raise Refused(weak)
    person.pin = passwords.hashed(pin) if pin else None
    access.write(work, Kind.OWN, "PIN" if pin else _("No PIN any more"))


def _myself(work: Work, what: str) -> Staff:
    """Return the person at the screen, held, who has just proved with the password to be that person."""
    signer = work.signature(Permission.STAFF_OWN, what)
    if signer.staff_id != work.clerk.id:
        raise Refused(_("Only %(name)s can countersign this.") % {"name": work.clerk.name})
    return work.hold(Staff, work.clerk.id)


@operation(Permission.STAFF_EDIT)
def edit_role(work: Work, *, code: str, rights: list[str]) -> None:
    """Change what a role may do; it holds from the next action of each person who has it."""
    if code == "owner":
        raise Refused(_("The owner's rights cannot be cut."))
    held = work.hold(Role, code)
    wanted = set(map(Right, rights))
    if unknown := sorted(wanted - rights_of_all() - set(held.rights)):
        raise Refused(_("There is no right %(right)s.") % {"right": ", ".join(unknown)})
    if added := sorted(wanted - set(held.rights)):
        what = _("More rights for %(role)s: %(rights)s") % {"role": held.name, "rights": ", ".join(added)}
        _owner_agrees(work, what)
    removed = sorted(set(held.rights) - wanted)
    access.write(work, Kind.RIGHTS, " ".join([code, *(f"+{r}" for r in added), *(f"-{r}" for r in removed)]))
    held.rights = sorted(wanted)
    work.note("role", {"code": code, "holds": sorted(wanted)})
    work.touch("staff")


@operation(None, secrets=("password",))
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
    if wait := office.do(tries.begin_try.of(login=login)):
        raise Refused(
            _("Too many wrong passwords here. Wait %(n)s s, or use another workstation.") % {"n": wait}
        )
    found = office.look(queries.at_door, login=login)
    if not passwords.matches(found.password if found else None, password) or found is None:
        office.do(access.note.of(kind=failed, what=login))
        raise Refused(_(WRONG))
    if passwords.outdated(found.password):
        office.do(renew_hash.of(login=login, password=password))
    office.do(tries.end_try.of(login=login, staff_id=found.id, came=came))
    return found


def sign_in(office: Inner, login: str, password: str) -> Clerk:
    """Check a password and return the person; who has still to set an own one may do nothing else."""
    return _clerk(checked(office, login, password, Kind.PASSWORD, came=True))


def _clerk(found: AtDoor) -> Clerk:
    rights = queries.UNTIL_CHANGED if found.must_change else found.rights
    return Clerk(found.id, found.name, found.role, rights, found.password_no, found.must_change)


def names(office: Inner) -> list[tuple[str, str]]:
    """Return sign-in name and name of everybody who may sign in."""
    return office.ask(queries.names)
