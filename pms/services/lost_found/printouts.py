"""Papers of lost and found: the three-part slip of an item, and the paper signed when it leaves."""

from pms.core import dates
from pms.core.clock import local
from pms.core.i18n import _
from pms.db.work import Work
from pms.printing import slip
from pms.printing.slip import Barcode, Big, Heading, Signatures, Slip, Text
from pms.services.folios.printouts import letterhead, stamp

from .models import FoundItem, FoundOutcome
from .queries import KINDS, OUTCOMES, number_shown


def item_slip(work: Work, item: FoundItem, room: str, guest: str) -> Slip:
    """Return the slip of a found item: one part on the item, one in the book, one for housekeeping; with the
    block for its claim."""
    number = number_shown(item.number)
    return Slip(
        "lost_found_slip",
        _("Lost-and-found slip"),
        (
            Big(number, item.what),
            Barcode(number),
            slip.facts(
                *_known(
                    (_("Kind"), _(KINDS[item.kind])),
                    (_("Marks"), item.marks),
                    (_("Room"), room),
                    (_("Where"), item.place),
                    (_("Found at"), dates.moment(local(item.found_at, work.setting.zone), year=True)),
                    (_("Found by"), item.finder),
                    (_("Kept by"), item.keeper),
                    (_("Kept in"), item.kept_in),
                    (_("Keep until"), dates.day(item.keep_until, year=True)),
                    (_("Guest"), guest),
                )
            ),
            Heading(_("Claim")),
            slip.facts((_("Name"), ""), (_("Document"), ""), (_("Date"), ""), ruled=True),
            Signatures((_("Guest's signature"), _("Clerk's signature"))),
        ),
        number=number,
        copies=(_("Item copy"), _("Desk copy"), _("Housekeeping copy")),
        **letterhead(work),
    )


def _known(*facts: tuple[str, str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in facts if value]


def leaving_slip(work: Work, item: FoundItem, out: FoundOutcome) -> Slip:
    """Return the paper that proves how an item left: given back, sent on, handed to the police, disposed
    of."""
    number = number_shown(item.number)
    said = {
        "claimed": _("I have received the item above; it is mine or I am allowed to fetch it."),
        "sent": _("The item above was packed and handed to the carrier."),
        "police": _("I have received the item above on behalf of the police."),
        "disposed": _("The keeping time is over; nobody claimed the item above."),
    }[out.kind]
    signers = {
        "claimed": (_("Guest's signature"), _("Clerk's signature")),
        "police": (_("Officer's signature"), _("Clerk's signature")),
    }
    return Slip(
        "lost_found_out",
        _(OUTCOMES[out.kind]),
        (
            Big(number, item.what),
            slip.facts(
                *_known(
                    (_("Marks"), item.marks),
                    (_("Found at"), dates.day(item.found_on, year=True)),
                    (_("Name"), out.name),
                    (_("Document"), out.document_shown),
                    (_("Details"), ", ".join(filter(None, (out.detail, item.sent_to)))),
                    (_("Number or receipt"), out.reference),
                    (_("Date"), stamp(work)),
                )
            ),
            Text(said, "small"),
            Signatures(signers.get(out.kind, (_("Clerk's signature"), _("Witness's signature")))),
        ),
        number=number,
        copies=(_("Desk copy"), _("Second copy")),
        **letterhead(work),
    )
