"""The evacuation list: how many people are in which room, and nothing else of them, so that it may be printed
from a locked screen."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.i18n import _, ngettext
from pms.core.reading import query
from pms.db.work import Work, operation
from pms.printing import slip
from pms.printing.slip import Signatures, Slip, Table
from pms.services.folios.printouts import Letterhead, letterhead, stamp
from pms.services.rooms.models import Room
from pms.services.staff import access

from .models import IN_HOUSE, Stay


@dataclass(frozen=True)
class Lodged:
    """A room with people in it."""

    floor: int
    room: str
    adults: int
    children: int

    @property
    def people(self) -> int:
        """Return how many there are in all."""
        return self.adults + self.children


@query()
def lodged(session: Session) -> list[Lodged]:
    """Return the rooms that somebody lives in, by floor and number."""
    rows = session.execute(
        select(Room.floor, Room.number, Stay.adults, Stay.children)
        .join(Stay, Stay.room_id == Room.id)
        .where(IN_HOUSE)
        .order_by(Room.floor, Room.number)
    )
    return [Lodged(*row) for row in rows]


@operation(None)
def print_list(work: Work) -> int:
    """Print the evacuation list and return how many people are in house; whoever is at the screen may, and it
    is written down."""
    rows = lodged(work.session)
    people = sum(row.people for row in rows)
    told = _("People: %(people)s, rooms: %(rooms)s") % {"people": people, "rooms": len(rows)}
    work.print(paper(rows, [(_("Time"), stamp(work))], letterhead(work)))
    access.write(work, access.Kind.EVACUATION, told)
    return people


def paper(rows: Sequence[Lodged], told: Sequence[tuple[str, str]], head: Letterhead) -> Slip:
    """Return the list as a paper; ``told`` says of which moment it is."""
    people = sum(row.people for row in rows)
    lines = tuple(
        slip.row(row.room, str(row.people), str(row.children) if row.children else "", "____") for row in rows
    )
    floors = tuple(
        slip.Total(
            _("Floor %(floor)s") % {"floor": floor},
            str(sum(row.people for row in rows if row.floor == floor)),
        )
        for floor in sorted({row.floor for row in rows})
    )
    rooms = ngettext("%(n)s room", "%(n)s rooms", len(rows)) % {"n": len(rows)}
    return Slip(
        "evacuation",
        _("Evacuation list"),
        (
            slip.facts(*told),
            slip.Big(str(people), _("people in house, %(rooms)s") % {"rooms": rooms}),
            Table(
                (
                    slip.left(_("Room"), 2),
                    slip.right(_("People"), 2),
                    slip.right(_("Of them children"), 3),
                    slip.center(_("Accounted for"), 3),
                ),
                lines,
                floors,
            ),
            Signatures((_("Head count by"),)),
        ),
        paper="A4",
        **head,
    )
