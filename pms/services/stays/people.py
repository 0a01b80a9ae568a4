"""Who stays in a room: registered at check-in or later, leaving alone; and what is put right in a guest's
record, together with the stays that hang on it."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import aliased

from pms.core import dates
from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.permissions import Permission
from pms.db.work import Work, operation
from pms.services.guests import records
from pms.services.guests.models import Guest
from pms.services.guests.person import Person, checked
from pms.services.members import arrivals
from pms.services.reservations import secrecy
from pms.services.rooms.models import Room, RoomType

from .models import IN_HOUSE, REGISTERED, Sharer, Stay

_OPEN = select(Stay).where(Stay.id == bindparam("stay")).with_for_update()
_PARTY = select(Sharer).where(Sharer.stay_id == bindparam("stay")).order_by(Sharer.first.desc(), Sharer.id)
_ELSEWHERE = (
    select(Sharer.guest_id, Sharer.name, Room.number)
    .join(Stay, Stay.id == Sharer.stay_id)
    .join(Room, Room.id == Stay.room_id)
    .where(
        Sharer.guest_id.in_(bindparam("guests", expanding=True)),
        Sharer.left_on.is_(None),
        IN_HOUSE,
        Stay.id != bindparam("stay"),
    )
    .order_by(Room.number)
)
_OPEN_OF = (
    select(Sharer, Stay)
    .join(Stay, Stay.id == Sharer.stay_id)
    .where(Sharer.guest_id == bindparam("guest"), IN_HOUSE)
    .order_by(Stay.id)
    .with_for_update(of=Stay)
)
_OTHER = aliased(Sharer)
_TOGETHER = (
    select(Sharer.stay_id)
    .join(_OTHER, _OTHER.stay_id == Sharer.stay_id)
    .where(Sharer.guest_id == bindparam("guest"), _OTHER.guest_id == bindparam("other"))
    .limit(1)
)


def admit(
    work: Work, people: Sequence[Person], *, stay_id: int = 0, party: Sequence[int] = ()
) -> list[Guest]:
    """Return the records of everybody who moves in; ``party`` are those in the room already.

    The same document twice in one party is refused; somebody who is in another room is asked about.
    """
    _each_a_paper(work, people, party)
    entered = [records.enter(work, person) for person in people]
    seen = set(party)
    for guest, _known in entered:
        if guest.id in seen:
            raise Refused(_twice(records.paper(guest), guest.name))
        seen.add(guest.id)
    if known := [guest for guest, was_known in entered if was_known]:
        _ask_about_another_room(work, known, stay_id)
    return [guest for guest, _known in entered]


def _each_a_paper(work: Work, people: Sequence[Person], party: Sequence[int]) -> None:
    """Refuse one document shown for two people, before a second name is asked about."""
    seen: dict[tuple[str, str, str], str] = {}
    for person in people:
        if not person.document.strip():
            continue
        told = checked(replace(person, name=person.name or "-"), work.business_date)
        if told.paper in seen:
            raise Refused(_twice(records.named(told), seen[told.paper]))
        seen[told.paper] = person.name
        for guest in records.holders(work, told) if party else ():
            if guest.id in party:
                raise Refused(_twice(records.paper(guest), guest.name))


def _twice(paper: str, name: str) -> str:
    return _(
        "%(document)s is %(name)s's, who is in this party already. Each guest shows a document of their own."
    ) % {
        "document": paper or _("This entry"),
        "name": name,
    }


def _ask_about_another_room(work: Work, guests: Sequence[Guest], stay_id: int) -> None:
    found = work.session.execute(_ELSEWHERE, {"guests": [g.id for g in guests], "stay": stay_id}).all()
    for guest_id, name, room in found:
        work.confirm(
            f"elsewhere:{guest_id}:{room}",
            _("%(name)s is registered in %(room)s already. Register in a second room all the same?")
            % {"name": name, "room": room},
        )


def registered(work: Work, stay: Stay, guests: Sequence[Guest], *, first: bool) -> list[Sharer]:
    """Write down with a stay who moves in, as known now; ``first``: the first of them is the stay's guest."""
    made = [
        Sharer(
            stay_id=stay.id,
            guest_id=guest.id,
            first=first and n == 0,
            came_at=work.done_at,
            **{field: getattr(guest, field) for field in REGISTERED},
        )
        for n, guest in enumerate(guests)
    ]
    work.session.add_all(made)
    return made


def _open(work: Work, stay_id: int) -> Stay:
    stay = work.session.scalars(_OPEN, {"stay": stay_id}).first()
    if stay is None:
        raise Refused(_("This stay is not there."))
    if stay.state != "in_house":
        raise Conflict(_("This guest has left already."))
    return stay


def _party(work: Work, stay_id: int) -> list[Sharer]:
    return list(work.session.scalars(_PARTY, {"stay": stay_id}))


def _count(stay: Stay, party: Sequence[Sharer]) -> None:
    """Count the heads anew: nobody registered is missing from them, and who is awaited still counts."""
    here = [s for s in party if s.left_on is None]
    stay.adults = max(stay.adults, len(here) - stay.children)
    stay.pending = sum(s.identity == "pending" for s in here)


@operation(Permission.STAYS_CHANGE)
def add_sharer(work: Work, *, stay_id: int, person: Person) -> int:
    """Register another guest in the room and return the guest's number."""
    stay = _open(work, stay_id)
    party = _party(work, stay_id)
    here = [s.guest_id for s in party if s.left_on is None]
    if len(here) + 1 > stay.adults:  # so many are not counted yet
        room = work.session.get_one(Room, stay.room_id)
        must_sleep(work, room.number, work.session.get_one(RoomType, room.type_id).beds, len(here) + 1)
    (guest,) = admit(work, [person], stay_id=stay_id, party=here)
    back = next((s for s in party if s.guest_id == guest.id), None)
    if back is not None:  # left alone before and comes back
        back.left_on = back.left_at = None
        _take(back, guest)
    else:
        party += registered(work, stay, [guest], first=False)
    secrecy.carry_to(work, stay.line_id, guest)
    _count(stay, party)
    work.touch("stays")
    return guest.id


PER_BED = 2
"""How many adults one bed sleeps at most."""


def must_sleep(work: Work, room: str, beds: int, adults: int) -> None:
    """Ask before more adults share a room than its beds sleep."""
    if adults > beds * PER_BED:
        work.confirm(
            f"beds:{room}:{adults}",
            _("Room %(room)s sleeps %(most)s adults, %(n)s are to stay. Register all of them?")
            % {"room": room, "most": beds * PER_BED, "n": adults},
        )


@operation(Permission.STAYS_CHANGE)
def leave_alone(work: Work, *, stay_id: int, guest_id: int) -> None:
    """Let one guest of a shared room leave, the others stay; where it is the first, the next one takes the
    place. The folio stays as it is."""
    stay, party = _open(work, stay_id), _party(work, stay_id)
    here = [s for s in party if s.left_on is None]
    leaving = next((s for s in here if s.guest_id == guest_id), None)
    if leaving is None:
        raise Refused(_("This guest is not in the room any more."))
    if len(here) == 1:
        raise Refused(
            _("%(name)s is the only guest registered in this room. Check the stay out instead.")
            % {"name": leaving.name}
        )
    leaving.left_on, leaving.left_at = work.business_date, work.now
    here.remove(leaving)
    if leaving.first:
        leaving.first = False
        _make_first(stay, here[0])
    stay.adults = max(stay.adults - 1, 0 if stay.children else 1)
    _count(stay, party)
    work.touch("stays")


def _make_first(stay: Stay, sharer: Sharer) -> None:
    sharer.first = True
    stay.guest_id, stay.guest_name = sharer.guest_id, sharer.name


@operation(Permission.STAYS_CHANGE)
def take_back(work: Work, *, stay_id: int, guest_id: int) -> None:
    """Take back that a guest left alone, on the same business date."""
    stay, party = _open(work, stay_id), _party(work, stay_id)
    gone = next((s for s in party if s.guest_id == guest_id and s.left_on is not None), None)
    if gone is None:
        raise Refused(_("This guest has not left."))
    if gone.left_on != work.business_date:
        raise Refused(
            _("%(name)s left on %(day)s. Register them anew.")
            % {"name": gone.name, "day": dates.day(gone.left_on, year=True)}
        )
    guest = work.hold(Guest, guest_id)
    _ask_about_another_room(work, [guest], stay_id)
    secrecy.carry_to(work, stay.line_id, guest)
    gone.left_on = gone.left_at = None
    stay.adults += 1
    _count(stay, party)
    work.touch("stays")


def _take(sharer: Sharer, guest: Guest) -> None:
    for field in REGISTERED:
        setattr(sharer, field, getattr(guest, field))


@operation(Permission.GUESTS_EDIT)
def identify(work: Work, *, stay_id: int, guest_id: int, person: Person) -> int:
    """Enter the document of a guest in house and return the guest's number; one known by that document
    already takes the place of the new entry in the stay."""
    stay, party = _open(work, stay_id), _party(work, stay_id)
    if not person.document.strip():
        raise Refused(_("Give the number of the document."))
    entry = next((s for s in party if s.guest_id == guest_id), None)
    if entry is None:
        raise Refused(_("This guest is not in the room any more."))
    told = replace(
        person, name=person.name or entry.name, guest_id=guest_id, phone=person.phone or entry.phone
    )
    others = [s.guest_id for s in party if s.left_on is None and s is not entry]
    (guest,) = admit(work, [told], stay_id=stay_id, party=others)
    entry.guest_id = guest.id
    _take(entry, guest)
    secrecy.carry_to(work, stay.line_id, guest)
    if entry.first:
        stay.guest_id, stay.guest_name = guest.id, entry.name
    _count(stay, party)
    work.session.flush()
    if guest.id != guest_id:
        _drop_unused(work, guest_id)
    work.touch("stays")
    return guest.id


def _drop_unused(work: Work, guest_id: int) -> None:
    """Forget an entry that turned out to be somebody known, unless a stay still needs it."""
    used = select(Sharer.id).where(Sharer.guest_id == guest_id).limit(1)
    first = select(Stay.id).where(Stay.guest_id == guest_id).limit(1)
    guest = work.session.get_one(Guest, guest_id)
    if not guest.document and work.session.scalar(used) is None and work.session.scalar(first) is None:
        records.forget(work, guest)


@operation(Permission.GUESTS_EDIT)
def correct(work: Work, *, guest_id: int, person: Person) -> None:
    """Put right what a guest's record says: each field as given now. An open stay says the same then; a stay
    that is over keeps what was registered."""
    guest = work.session.get_one(Guest, guest_id, with_for_update=True)
    records.correct(work, guest, person)
    if guest.do_not_disclose:
        secrecy.follow(work, guest)
    for sharer, stay in work.session.execute(_OPEN_OF, {"guest": guest_id}).all():
        _take(sharer, guest)
        if sharer.first:
            stay.guest_name = guest.name
        _count(stay, _party(work, stay.id))
    work.touch("guests", "stays")


@operation(Permission.GUESTS_EDIT)
def mark(work: Work, *, guest_id: int, vip: bool | None = None, do_not_disclose: bool | None = None) -> None:
    """Set or take away that a guest is a VIP, or is not to be confirmed to anybody who asks."""
    guest = work.session.get_one(Guest, guest_id, with_for_update=True)
    guest.vip = guest.vip if vip is None else vip
    if do_not_disclose is not None:
        guest.do_not_disclose = do_not_disclose
        secrecy.follow(work, guest)
    work.touch("guests", "stays")


@operation(Permission.GUESTS_EDIT)
def merge(work: Work, *, guest_id: int, other_id: int) -> None:
    """Make one record of two that are the same person: the stays of the other come to this one, which keeps
    its own facts and takes what it lacks; the other record goes."""
    if guest_id == other_id:
        raise Refused(_("Choose two records; this is one."))
    first, second = sorted((guest_id, other_id))  # always in one order: two desks never wait for each other
    both = {i: work.session.get(Guest, i, with_for_update=True) for i in (first, second)}
    guest, other = both[guest_id], both[other_id]
    if guest is None or other is None:
        raise Refused(_("One of the two records is not there any more."))
    if work.session.scalar(_TOGETHER, {"guest": guest_id, "other": other_id}) is not None:
        raise Refused(
            _("%(one)s and %(other)s are registered in one party: they are two people.")
            % {"one": guest.name, "other": other.name}
        )
    work.confirm(
        f"merge:{guest_id}:{other_id}",
        _(
            "Make one record of %(one)s and %(other)s (%(document)s)? The stays come together under %(one)s; "
            "this cannot be taken back."
        )
        % {
            "one": guest.name,
            "other": other.name,
            "document": records.paper(other) or _("no document"),
        },
    )
    party = select(Sharer.stay_id).where(Sharer.guest_id == other_id)
    theirs = select(Stay).where(or_(Stay.guest_id == other_id, Stay.id.in_(party))).order_by(Stay.id)
    held = work.session.scalars(theirs.with_for_update(key_share=True)).all()
    for sharer in work.session.scalars(select(Sharer).where(Sharer.guest_id == other_id)).all():
        sharer.guest_id = guest_id
        sharer.document = records.reseal(work, sharer.document, "document", other, guest)
        sharer.overseas = records.reseal(work, sharer.overseas or "", "overseas", other, guest) or None
    for stay in held:
        stay.guest_id = guest_id if stay.guest_id == other_id else stay.guest_id
    arrivals.moved(work, guest_id, other_id)
    records.absorb(work, guest, other)
    if guest.do_not_disclose:
        secrecy.follow(work, guest)
    work.touch("guests", "stays")
