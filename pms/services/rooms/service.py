"""Build the house, say how clean each room is, and take rooms out of sale."""

from datetime import date

from sqlalchemy import bindparam, func, select

from pms.core import dates, offers, typed
from pms.core.errors import Refused
from pms.core.i18n import _, translated
from pms.core.permissions import Permission
from pms.db.work import Work, operation
from pms.services.property.models import Property

from . import inventory
from .duty import ROOMS_BLOCK
from .models import BLOCKS, CLEAN, REMARKS, Block, Inventory, Room, RoomType

_THESE = (
    select(Room)
    .where(Room.id.in_(bindparam("rooms", expanding=True)))
    .order_by(Room.id)
    .with_for_update(key_share=True)
)


@operation(Permission.ROOMS_EDIT)
def add_type(work: Work, *, code: str, name: str, name_zh: str = "", beds: int = 1, overbook: int = 0) -> int:
    """Add a room type and return its number; its inventory starts with no rooms. A name that the program
    knows is Chinese in Chinese by itself."""
    code = code.strip().upper()
    if not code or not name.strip():
        raise Refused(_("Give the room type a code and a name."))
    if work.session.scalars(select(RoomType.id).where(RoomType.code == code)).first() is not None:
        raise Refused(_("The room type %(code)s is there already.") % {"code": code})
    house = work.hold(Property, 1)  # nobody opens further nights meanwhile
    name = name.strip()
    known = translated(name, "zh_CN") if translated(name, "zh_CN") != name else ""
    kind = RoomType(code=code, name=name, name_zh=name_zh.strip() or known, beds=beds, overbook=overbook)
    work.session.add(kind)
    work.session.flush()
    kind.position = kind.id
    _open_inventory(work, house, kind)
    work.touch("rooms")
    return kind.id


def _open_inventory(work: Work, house: Property, kind: RoomType) -> None:
    over = kind.overbook if work.setting.options.overbooking else 0
    work.insert_many(
        Inventory,
        [
            {"type_id": kind.id, "night": n, "total": 0, "overbook": over, "sold": 0}
            for n in inventory.nights(work.business_date, house.inventory_until)
        ],
    )


@operation(Permission.ROOMS_EDIT)
def edit_type(
    work: Work,
    *,
    type_id: int,
    name: str,
    beds: int,
    overbook: int,
    active: bool = True,
    name_zh: str | None = None,
) -> None:
    """Change a room type; a smaller overbooking allowance is refused while more is sold."""
    work.hold(Property, 1)
    kind = work.hold(RoomType, type_id)
    kind.name, kind.beds, kind.active = name.strip() or kind.name, beds, active
    if name_zh is not None:
        kind.name_zh = name_zh.strip()
    if overbook != kind.overbook:
        kind.overbook = overbook
        work.update_many(
            Inventory,
            [Inventory.type_id == type_id, Inventory.night >= work.business_date],
            {"overbook": overbook if work.setting.options.overbooking else 0},
        )
        inventory.keep_promises(work, type_id, work.business_date)
    work.touch("rooms")


@operation(Permission.ROOMS_EDIT)
def add_rooms(work: Work, *, type_id: int, numbers: list[str], floor: int, features: str = "") -> list[int]:
    """Add rooms of a type on a floor and return their numbers in the database; the inventory grows from
    tonight on."""
    wanted = [typed.code(n) for n in numbers]
    if not all(wanted) or len(set(wanted)) < len(wanted):
        raise Refused(_("A room number is empty or given twice."))
    taken = work.session.scalars(select(Room.number).where(func.upper(Room.number).in_(wanted))).all()
    if taken:
        raise Refused(_("Room %(numbers)s is there already.") % {"numbers": ", ".join(sorted(taken))})
    rooms = [Room(number=n, floor=floor, type_id=type_id, features=features, remarks=[]) for n in wanted]
    work.session.add_all(rooms)
    work.session.flush()
    inventory.add_rooms(work, type_id, work.business_date, len(rooms))
    work.touch("rooms")
    return [room.id for room in rooms]


def numbers_by_pattern(floor: int, first: int, last: int, skip: str = "") -> list[str]:
    """Return room numbers of a floor (3, 1–12 → 301 … 312), without those whose number has a digit in
    ``skip`` (4, say)."""
    return [number for n in range(first, last + 1) if not set(number := f"{floor}{n:02d}") & set(skip)]


@operation(Permission.ROOMS_EDIT)
def edit_room(
    work: Work,
    *,
    room_id: int,
    floor: int,
    features: str,
    lock_id: str,
    joined: str = "",
    house_use: bool = False,
) -> None:
    """Change where a room is, what it has, which lock it has, and whether the house keeps it for itself, so
    that it is not sold."""
    room = work.hold(Room, room_id)
    room.floor, room.features, room.lock_id, room.joined = floor, features, lock_id, joined
    if room.house_use != house_use:
        _keep_for_the_house(work, room, house_use)
    work.touch("rooms")


def _keep_for_the_house(work: Work, room: Room, own: bool) -> None:
    if own:
        _must_be_unused(work, room)
    room.house_use = own
    if room.active:
        inventory.add_rooms(work, room.type_id, work.business_date, -1 if own else 1)


@operation(Permission.ROOMS_EDIT)
def close_room(work: Work, *, room_id: int) -> None:
    """Take a room out of the house for good; refused while somebody holds it in a coming night."""
    room = work.hold(Room, room_id)
    _must_be_unused(work, room)
    room.active = False
    inventory.add_rooms(work, room.type_id, work.business_date, -1)
    work.touch("rooms")


def _must_be_unused(work: Work, room: Room) -> None:
    """Refuse a room that is closed, the house's own, blocked, or somebody's in a coming night."""
    inventory.must_be_open(work, room, [work.business_date])
    b = Block
    blocked = work.session.execute(
        select(b.reason, b.end)
        .where(b.room_id == room.id, b.lifted_at.is_(None), b.end > work.business_date)
        .order_by(b.start)
        .limit(1)
    ).first()
    if blocked is not None:
        raise Refused(
            _("Room %(room)s is blocked: %(reason)s, until %(end)s. Lift the block first.")
            % {"room": room.number, "reason": blocked.reason, "end": dates.day(blocked.end, year=True)}
        )
    _refuse_holders(work, room, work.business_date, date.max)


@operation(Permission.ROOMS_STATUS)
def set_clean(work: Work, *, room_ids: list[int], clean: str) -> None:
    """Say how clean rooms are: dirty, clean or inspected; inspected needs the right to inspect."""
    if clean not in CLEAN:
        raise Refused(_("A room is dirty, clean or inspected."))
    if clean == "inspected":
        work.require(
            Permission.ROOMS_INSPECT,
            lambda: (
                _("Passing as inspected: %(rooms)s")
                % {"rooms": ", ".join(r.number for r in work.session.scalars(_THESE, {"rooms": room_ids}))}
            ),
        )
    for room in work.session.scalars(_THESE, {"rooms": room_ids}):
        room.clean = clean
    work.touch("rooms")


@operation(Permission.ROOMS_STATUS)
def set_remarks(work: Work, *, room_id: int, remarks: list[str]) -> None:
    """Set the service remarks of a room (do not disturb, make up …)."""
    room = work.hold(Room, room_id)
    room.remarks = [r for r in REMARKS if r in remarks]
    work.touch("rooms")


@operation(Permission.ROOMS_STATUS)
def report_seen(work: Work, *, room_id: int, persons: int) -> None:
    """Note how many persons housekeeping saw in a room (0: vacant)."""
    room = work.hold(Room, room_id)
    room.seen_persons, room.seen_at, room.seen_by = max(persons, 0), work.now, work.clerk.id or None
    work.touch("rooms")


@operation(ROOMS_BLOCK)
def block(
    work: Work, *, room_id: int, kind: str, reason: str, start: date, end: date, returns_to: str = "dirty"
) -> int:
    """Take a room out of sale from ``start`` to ``end`` (not in): OOO leaves the inventory, OOS and HOLD stay
    in it."""
    room = work.hold(Room, room_id)
    if kind not in BLOCKS or returns_to not in CLEAN:
        raise Refused(_("A block is out of order, out of service or a hold."))
    if not reason.strip():
        raise Refused(_("Say why %(room)s is blocked.") % {"room": room.number})
    if start < work.business_date or end <= start:
        raise Refused(_("A block begins today or later and lasts at least one night."))
    if end > work.business_date + inventory.AHEAD:
        raise Refused(_("Nothing is sold more than five years ahead. Check the dates."))
    inventory.must_be_open(work, room, [start])
    _refuse_holders(work, room, start, end)
    made = Block(
        room_id=room_id,
        kind=kind,
        reason=reason.strip(),
        start=start,
        end=end,
        returns_to=returns_to,
        by=work.clerk.id or None,
    )
    work.session.add(made)
    work.session.flush()
    inventory.extend(work, end)
    inventory.hold(work, room_id, inventory.nights(start, end), block_id=made.id)
    if kind == "OOO":
        inventory.add_rooms(work, room.type_id, start, -1, end)
    else:
        inventory.keep_promises_blocked(work, room, kind, start, end)
    work.touch("rooms")
    return made.id


def _refuse_holders(work: Work, room: Room, start: date, end: date) -> None:
    for sentence in work.gather(offers.room_users, room_id=room.id, start=start, end=end):
        raise Refused(
            _("%(room)s is not free: %(who)s. Give that booking another room first.")
            % {"room": room.number, "who": sentence}
        )


@operation(ROOMS_BLOCK)
def unblock(work: Work, *, block_id: int) -> None:
    """Give a blocked room back to sale from tonight on, with the cleanliness that was agreed."""
    found = work.hold(Block, block_id)
    if found.lifted_at is not None or found.end <= work.business_date:
        raise Refused(_("This block is over already."))
    start = max(found.start, work.business_date)
    inventory.release(work, block_id=block_id, start=start)
    room = work.hold(Room, found.room_id)
    if found.kind == "OOO":
        inventory.add_rooms(work, room.type_id, start, 1, found.end)
    found.lifted_at, room.clean = work.now, found.returns_to
    work.touch("rooms")
