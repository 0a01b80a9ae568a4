"""The papers that come out without the server; each says of which moment it is."""

from collections.abc import Sequence

from pms.core import dates
from pms.core.i18n import _, ngettext
from pms.core.money import show
from pms.printing import slip
from pms.printing.slip import Column, Row, Slip, Table, Text
from pms.services.folios.printouts import Letterhead
from pms.services.stays import evacuation as stays_evacuation
from pms.services.stays.evacuation import Lodged

from .lists import Head, Resident
from .sealing import Opened

Told = Sequence[tuple[str, str]]


def evacuation(lodged: Sequence[Lodged], told: Told, head: Head) -> Slip:
    """Return how many people are in which room."""
    return stays_evacuation.paper(lodged, told, _letterhead(head, ""))


def in_house(opened: Opened, told: Told, head: Head, age: str) -> Slip:
    """Return who is in which room, and what they owe where the person may read that."""
    people = opened.residents or []
    rooms = ngettext("%(n)s room", "%(n)s rooms", len(people)) % {"n": len(people)}
    heading = (
        slip.facts(*told),
        Text(f"{age} {_('What was done since is not in it.')}"),
        Text(rooms, "strong"),
    )
    return Slip(
        "in_house_list",
        _("In-house list"),
        (*heading, _sheet(people, opened, head.digits)),
        paper="A4",
        roll=(*heading, _roll(people, opened, head.digits)),
        **_letterhead(head, opened.name),
    )


def _sheet(people: Sequence[Resident], opened: Opened, digits: int) -> Table:
    columns = (
        slip.left(_("Room"), 2),
        slip.guests(_("Guest"), 5),
        slip.right(_("People"), 2),
        slip.left(_("Departure"), 2),
        slip.left(_("Who pays"), 3),
    )
    rows = [
        (
            who.room,
            who.listed,
            str(who.adults + who.children),
            dates.day(who.departure),
            who.payer_words,
        )
        for who in people
    ]
    return _with_balance(columns, rows, people, opened, digits)


def _roll(people: Sequence[Resident], opened: Opened, digits: int) -> Table:
    columns = slip.left(_("Room"), 2), slip.guests(_("Guest"), 4), slip.left(_("Departure"), 2)
    rows = [(who.room, who.listed, dates.day(who.departure)) for who in people]
    return _with_balance(columns, rows, people, opened, digits)


def _with_balance(
    columns: tuple[Column, ...],
    rows: Sequence[tuple[str, ...]],
    people: Sequence[Resident],
    opened: Opened,
    digits: int,
) -> Table:
    """Add what each owes, where it may be read."""
    if opened.standing is None:
        return Table(columns, tuple(Row(cells) for cells in rows))
    standing = opened.standing
    return Table(
        (*columns, slip.right(_("Balance"), 3)),
        tuple(
            Row((*cells, show(standing[who.number].balance, digits)))
            for cells, who in zip(rows, people, strict=True)
        ),
    )


def _letterhead(head: Head, who: str) -> Letterhead:
    foot = _("Printed without the server, business date %(day)s") % {"day": dates.day(head.day)}
    return {
        "house": head.house,
        "house_note": "  ".join(filter(None, (head.address, head.phone))),
        "foot": f"{foot}, {who}" if who else foot,
    }
