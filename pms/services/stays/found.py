"""What the search finds of stays: in house and lately left, older ones, and any by the number of a paper."""

import re
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, false, func, or_, select, union_all
from sqlalchemy.orm import Session

from pms.core import dates, typed
from pms.core.i18n import N_, _
from pms.core.offers import LATELY, MOST_OLDER, Hit
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.base import PrintJob
from pms.db.types import days_before
from pms.services.folios.models import Transfer, on_slips
from pms.services.guests import queries as guests
from pms.services.guests.models import Guest
from pms.services.guests.search import fits
from pms.services.property.models import Property
from pms.services.property.queries import setting
from pms.services.rooms.models import Room

from .models import IN_HOUSE, Sharer, Stay, listed_name

MOST_KNOWN = 200
"""So many people of one name are looked at for older stays."""
_LISTED = (
    select(Room.number, listed_name().label("name"))
    .select_from(Stay)
    .join(Guest, Guest.id == Stay.guest_id)
    .join(Room, Room.id == Stay.room_id)
    .where(Stay.id == bindparam("stay"))
)
_IN_ROOM = (
    select(Stay.id, Room.number, listed_name())
    .join(Room, Room.id == Stay.room_id)
    .join(Guest, Guest.id == Stay.guest_id)
    .where(IN_HOUSE, func.upper(Room.number) == bindparam("number"))
)
_SLIP = re.compile(r"(PC|[BCDL])-(\d{1,9})")
"""Bill, room or price change, deposit and loss declaration: the numbers of the papers that a guest brings to
the desk."""
_SLIP_NAMES = {
    "B": N_("bill"),
    "C": N_("room or price change slip"),
    "PC": N_("price change slip"),
    "D": N_("deposit receipt"),
    "L": N_("loss declaration"),
}


def _of_paper(session: Session, number: str) -> int | None:
    """Return the stay that a paper is about."""
    t, j = Transfer, PrintJob
    if number[0] == "D":
        return session.execute(select(t.stay_id).where(on_slips([number])).order_by(t.id).limit(1)).scalar()
    job = session.execute(
        select(j.record, j.record_id).where(j.number == number, j.number != "").order_by(j.id).limit(1)
    ).first()
    if job is None or job.record == "stay":
        return job.record_id if job else None
    return session.execute(select(t.stay_id).where(t.id == job.record_id)).scalar()


def _slips(session: Session, text: str) -> list[Hit]:
    """Find the stay that a paper's number belongs to, however long ago."""
    number = typed.code(text)
    named = _SLIP.fullmatch(number)
    stay_id = _of_paper(session, number) if named else None
    found = session.execute(_LISTED, {"stay": stay_id}).first() if stay_id is not None else None
    if found is None:
        return []
    title = f"{number} {found.number} {found.name}"
    return [Hit(title, _(_SLIP_NAMES[number.partition("-")[0]]), "receipt", "folios", {"stay_id": stay_id})]


_ONE: Select[*tuple[Any, ...]] = (
    select(
        Stay.id, Sharer.name, Room.number, Stay.departure, Stay.departed_on, Guest.do_not_disclose, Stay.state
    )
    .join(Sharer, Sharer.stay_id == Stay.id)
    .join(Guest, Guest.id == Sharer.guest_id)
    .join(Room, Room.id == Stay.room_id)
)


@query(Permission.GUESTS_READ)
def search(session: Session, *, text: str) -> list[Hit]:
    """Find who is in house or left lately by name, pinyin or phone, who is in house or left today by the
    number of the room, and any stay by its own number or that of a paper of it."""
    if found := _slips(session, text):
        return found
    wanted = " ".join(typed.half_width(text).casefold().split())
    number = Stay.number == int(wanted) if wanted.isdecimal() and len(wanted) < 10 else false()
    place = func.upper(Room.number) == wanted.upper()
    by_place, named = and_(or_(place, number), Sharer.first), fits(session, Guest.search, text)
    today = select(Property.business_date).scalar_subquery()
    one = _ONE.add_columns(or_(place, number).label("placed"), today.label("today"))
    inside = one.where(IN_HOUSE, Sharer.left_on.is_(None), or_(by_place, named)).order_by(
        Room.number, Sharer.first.desc(), Sharer.id
    )
    gone = one.where(Stay.state == "departed", Stay.departed_on == today, or_(by_place, named))
    since = days_before(today, LATELY.days)
    before = one.where(Stay.state == "departed", Stay.departed_on < today, Stay.departed_on >= since, named)
    latest = (Stay.departed_on.desc(), Stay.id.desc(), Sharer.first.desc(), Sharer.id)
    parts = (inside, gone.order_by(*latest), before.order_by(*latest))
    rows = session.execute(union_all(*(select(part.limit(8).subquery()) for part in parts))).all()
    return [_hit(*row) for row in rows[:12]]


@query(Permission.GUESTS_READ)
def older(session: Session, *, text: str) -> list[Hit]:
    """Find stays that are longer over by the name or the phone of one of their guests, or by their number."""
    day, wanted = setting(session).business_date, text.strip()
    known = guests.known_by(session, text=text, most=MOST_KNOWN)
    rows = list(session.execute(_ONE.where(Sharer.guest_id.in_(known)))) if known else []
    if wanted.isdecimal() and len(wanted) < 10:
        rows += session.execute(_ONE.where(Stay.number == int(wanted), Sharer.first))
    # sorted here: asked for in order, the database may read all stays from the end
    gone = sorted({r for r in rows if r.state == "departed" and r.departed_on < day - LATELY}, key=_latest)
    return [_hit(*(*row, False, day)) for row in gone[:MOST_OLDER]]


def _latest(row: Any) -> tuple[int, int]:
    return -row.departed_on.toordinal(), -row.id


def _hit(
    stay_id: int,
    name: str,
    room: str,
    departure: date,
    left: date | None,
    private: bool,
    state: str,
    placed: bool,
    today: date,
) -> Hit:
    """A guest who is not to be disclosed is shown by name or by room, as asked for, and never by both."""
    what = {"stay_id": stay_id}
    if private:
        told = _("Do not disclose: tell nobody that this guest is here")
        return Hit(f"{room} {_('Do not disclose')}" if placed else name, told, "lock", "folios", what)
    if state == "in_house":
        until = _("in house until %(day)s") % {"day": dates.day(departure)}
    elif left == today:
        until = _("left today")
    else:
        until = _("left on %(day)s") % {"day": dates.day(left, year=True)}
    return Hit(f"{room} {name}", until, "user", "folios", what)


class Lodged(NamedTuple):
    """The stay in a room now."""

    stay_id: int
    room: str
    guest: str


@query(Permission.GUESTS_READ)
def in_room(session: Session, *, number: str) -> Lodged | None:
    """Return who is in a room now, None when nobody is."""
    row = session.execute(_IN_ROOM, {"number": typed.code(number)}).first()
    return Lodged(*row) if row else None
