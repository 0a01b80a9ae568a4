"""Papers of luggage storage: the three-part tag, the receipt of a claim without the tag, the list of what is
here."""

from collections.abc import Sequence
from datetime import date

from pms.core import dates
from pms.core.clock import local
from pms.core.i18n import _, ngettext
from pms.db.work import Work
from pms.printing import slip
from pms.printing.slip import Barcode, Big, Signatures, Slip, Table, Text
from pms.services.folios.printouts import letterhead, stamp

from .models import LuggageTag
from .queries import TagRow, shown


def tag(work: Work, bags: LuggageTag, guest: str, stored_by: str) -> Slip:
    """Return the three-part tag: one for the guest, one for the bags, one for the desk with the signature at
    the claim."""
    zone = work.setting.zone
    return Slip(
        "luggage_tag",
        _("Luggage tag"),
        (
            Big(shown(bags.number), _pieces(bags.pieces), far=True),
            Barcode(shown(bags.number)),
            slip.facts(
                *_known(
                    (_("Guest"), guest),
                    (_("Room"), bags.room),
                    (_("Place"), bags.place),
                    (_("Marks"), bags.marks),
                    (_("Stored"), dates.moment(local(bags.stored_at, zone), year=True)),
                    (_("Until"), _day(bags.until)),
                    (_("Stored by"), stored_by),
                )
            ),
            Text(
                _(
                    "The guest declares that no money, valuables, documents, food or dangerous goods are "
                    "inside. The bags are handed back against this tag."
                ),
                "small",
            ),
            *((Text(_("A collection code is asked for on collection."), "small"),) if bags.word else ()),
            Signatures((_("Signature on collection"),)),
        ),
        number=shown(bags.number),
        copies=(_("Guest copy"), _("Bag copy"), _("Desk copy")),
        **letterhead(work),
    )


def _pieces(n: int) -> str:
    return ngettext("%(n)s piece", "%(n)s pieces", n) % {"n": n}


def _day(day: date | None) -> str:
    return dates.day(day, year=True) if day else ""


def _known(*facts: tuple[str, str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in facts if value]


def claim(work: Work, bags: LuggageTag, *, pieces: int, name: str, document: str, reason: str) -> Slip:
    """Return the paper signed by somebody who gets bags without the tag."""
    return Slip(
        "luggage_claim",
        _("Luggage released without tag"),
        (
            Big(shown(bags.number), _pieces(pieces)),
            slip.facts(
                (_("Stored for"), bags.guest_name),
                (_("Collected by"), name),
                (_("Document"), document),
                (_("Reason"), reason),
                (_("Date"), stamp(work)),
                (_("Released by"), work.clerk.name),
            ),
            Text(
                _("I have received the bags above. The tag is void; I return it should I find it."), "small"
            ),
            Signatures((_("Signature on collection"), _("Clerk's signature"))),
        ),
        number=shown(bags.number),
        copies=(_("Desk copy"), _("Guest copy")),
        **letterhead(work),
    )


def storage_list(work: Work, title: str, rows: Sequence[TagRow]) -> Slip:
    """Return the bags that are here as a sheet to walk along the shelves with."""
    zone = work.setting.zone
    columns = (
        slip.left(_("Tag"), 2),
        slip.left(_("Place"), 2),
        slip.guests(_("Guest"), 3),
        slip.left(_("Room"), 2),
        slip.right(_("Pieces")),
        slip.left(_("Marks"), 5),
        slip.left(_("Stored"), 3),
        slip.left(_("Until"), 2),
        slip.center(_("Seen")),
    )
    return Slip(
        "luggage_list",
        title,
        (
            Table(
                columns,
                tuple(
                    slip.row(
                        r.tag,
                        r.place,
                        r.guest,
                        r.room,
                        str(r.left),
                        r.marks,
                        dates.moment(local(r.stored_at, zone)),
                        dates.day(r.until) if r.until else "",
                        "",
                    )
                    for r in rows
                ),
                grid=True,
            ),
            Signatures((_("Checked by"),)),
        ),
        paper="A4",
        **letterhead(work),
    )
