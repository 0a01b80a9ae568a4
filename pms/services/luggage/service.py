"""Store bags, hand them back once, move them on the shelves."""

import hmac
from collections.abc import Callable
from datetime import date

from sqlalchemy import select

from pms.core import dates
from pms.core.clock import local
from pms.core.errors import Conflict, Refused
from pms.core.i18n import N_, _
from pms.db import past
from pms.db.sealed import box_of
from pms.db.work import Work, operation
from pms.services.guests import proof
from pms.services.guests.models import Guest
from pms.services.guests.search import search_text
from pms.services.rooms.models import Room
from pms.services.staff import taking_out
from pms.services.staff.models import Staff
from pms.services.stays.models import Stay

from . import printouts, queries
from .duty import CLAIM, OUTSIDE, STORE
from .models import LuggageClaim, LuggageTag
from .queries import TagRow, shown

_KIND = "LUGGAGE"
MOST = 99
NEVER = {
    "valuables": N_(
        "Valuables are not stored with the luggage: if they are lost nobody can say what was inside. "
        "Offer the safe."
    ),
    "money": N_("Money is not stored with the luggage. Offer the safe, or a deposit against a slip."),
    "documents": N_(
        "Identity papers are not stored with the luggage: the guest must carry them. Ask the guest to "
        "take them out."
    ),
    "dangerous": N_("Inflammable, explosive and forbidden goods are not taken in. Tell the duty manager."),
    "food": N_("Food that spoils is not stored. Ask the guest to take it along."),
}
"""What the house never stores, with the reason that the clerk reads out."""
LISTS: dict[str, tuple[str, Callable[[TagRow], bool]]] = {
    "here": (N_("Luggage in store"), lambda _row: True),
    "overnight": (N_("Luggage overnight"), lambda row: row.overnight),
    "overdue": (N_("Luggage overdue"), lambda row: row.overdue),
}


@operation(STORE)
def store(
    work: Work,
    *,
    stay_id: int | None = None,
    guest_name: str = "",
    phone: str = "",
    pieces: int = 1,
    marks: str = "",
    place: str = "",
    word: str = "",
    until: date | None = None,
    contents: str = "",
    print_tag: bool = True,
) -> int:
    """Take bags in, print their tag and return its number; what the house never stores is refused with the
    reason."""
    if contents in NEVER:
        raise Refused(_(NEVER[contents]))
    if not 1 <= pieces <= MOST:
        raise Refused(_("One tag is for 1 to %(n)s pieces.") % {"n": MOST})
    if until is not None and until < work.business_date:
        raise Refused(_("The bags cannot be collected before today. Choose another day."))
    source, room, name, known_phone = _whose(work, stay_id)
    name = guest_name.strip() or name
    if not name:
        raise Refused(_("Say whose bags these are."))
    number = work.next_number("luggage")
    bags = LuggageTag(
        number=number,
        stay_id=stay_id,
        source=source,
        guest_name=name,
        search=search_text(work.session, name, phone.strip() or known_phone),
        phone=phone.strip() or known_phone,
        room=room,
        pieces=pieces,
        pieces_left=pieces,
        marks=marks.strip(),
        place=place.strip(),
        until=until,
        word=_mark(work, number, word),
        stored_at=work.now,
        stored_on=work.business_date,
        stored_by=work.clerk.id or None,
    )
    work.session.add(bags)
    work.session.flush()
    if print_tag:
        guest = queries.listed_guest(work.session, tag_id=bags.id)
        work.print(printouts.tag(work, bags, guest, work.clerk.name), record="luggage_tag", record_id=bags.id)
    work.touch("luggage")
    return number


def _whose(work: Work, stay_id: int | None) -> tuple[str, str, str, str]:
    """Return where the owner comes from, with room, name and phone; refuses somebody from outside unless the
    house takes their bags."""
    if stay_id is None:
        if not work.setting.options[OUTSIDE]:
            raise Refused(
                _(
                    "The house stores bags of its guests only. Choose the room or the guest, or "
                    "change the rule in Settings."
                )
            )
        return "outside", "", "", ""
    row = work.session.execute(
        select(Stay.state, Room.number, Stay.guest_name, Guest.phone)
        .join(Room, Room.id == Stay.room_id)
        .join(Guest, Guest.id == Stay.guest_id)
        .where(Stay.id == stay_id)
    ).first()
    if row is None or row.state not in ("in_house", "departed"):
        raise Refused(_("This stay is not there."))
    return row.state, row.number, row.guest_name, row.phone


def _mark(work: Work, number: int, word: str) -> str:
    """Return the keyed mark of a pass-word: it can be checked, not read."""
    told = _told(number, word)
    return box_of(work.session).whole_mark(_KIND, told) if told else ""


def _told(number: int, word: str) -> str:
    plain = " ".join(word.casefold().split())
    return f"{number} {plain}".upper() if plain else ""


def _fits(work: Work, bags: LuggageTag, word: str) -> bool:
    """Say whether a pass-word is the one of these bags; they may have come under an earlier key."""
    if hmac.compare_digest(bags.word, _mark(work, bags.number, word)):
        return True
    told = f"{_KIND} {_told(bags.number, word)}".encode()
    return any(
        hmac.compare_digest(bags.word, hmac.digest(key, told, "sha256").hex())
        for key in past.marks(work.session)
        if key
    )


@operation(CLAIM)
def claim(
    work: Work, *, number: int, pieces: int | None = None, seen: int | None = None, word: str = ""
) -> int:
    """Hand pieces back against the tag (all that are left unless told otherwise) and return how many stay
    here.

    ``seen`` is how many the clerk saw in store: when another desk was faster, nothing is handed back twice.
    """
    bags, count = _open_tag(work, number, pieces, seen)
    if bags.word and not _fits(work, bags, word):
        raise Refused(
            _(
                "The collection code does not match. Ask again, or release the bags against an identity "
                "document."
            )
        )
    return _hand_back(work, bags, count, "tag")


@operation(CLAIM)
def claim_without_tag(
    work: Work,
    *,
    number: int,
    name: str,
    document_type: str,
    document: str,
    reason: str,
    pieces: int | None = None,
    seen: int | None = None,
) -> int:
    """Hand pieces back to somebody without the tag, against a document and with the reason; the receipt is
    printed to be signed."""
    bags, count = _open_tag(work, number, pieces, seen)
    if not name.strip():
        raise Refused(_("Say who collects the bags."))
    if not reason.strip():
        raise Refused(_("Say why the bags are released without the tag."))
    mask = proof.masked(document_type, document, work.business_date)
    if name.strip().casefold() != bags.guest_name.casefold():
        work.confirm(
            f"name:{bags.id}",
            _("The bags were stored for %(guest)s, not for %(name)s. Release them all the same?")
            % {"guest": queries.listed_guest(work.session, tag_id=bags.id), "name": name.strip()},
        )
    work.print(
        printouts.claim(work, bags, pieces=count, name=name.strip(), document=mask, reason=reason.strip()),
        record="luggage_tag",
        record_id=bags.id,
    )
    return _hand_back(
        work,
        bags,
        count,
        "identity",
        name=name.strip(),
        document_type=document_type,
        document_shown=mask,
        reason=reason.strip(),
    )


def _open_tag(work: Work, number: int, pieces: int | None, seen: int | None) -> tuple[LuggageTag, int]:
    """Return a tag, locked against the other desk, and how many pieces are wanted of it."""
    bags = work.session.scalars(
        select(LuggageTag).where(LuggageTag.number == number).with_for_update()
    ).first()
    if bags is None:
        raise Refused(
            _("There is no tag %(tag)s. Look at the number on the guest copy.") % {"tag": shown(number)}
        )
    if not bags.pieces_left:
        raise Conflict(
            _("Tag %(tag)s was collected already, %(when)s.")
            % {"tag": shown(number), "when": _when(work, bags)}
        )
    if seen is not None and seen != bags.pieces_left:
        raise Conflict(
            _("Somebody released bags of %(tag)s meanwhile: %(n)s left. Look again.")
            % {"tag": shown(number), "n": bags.pieces_left}
        )
    wanted = bags.pieces_left if pieces is None else pieces
    if not 1 <= wanted <= bags.pieces_left:
        raise Refused(
            _("Of %(tag)s, %(n)s are here: hand out at most so many.")
            % {"tag": shown(number), "n": bags.pieces_left}
        )
    return bags, wanted


def _when(work: Work, bags: LuggageTag) -> str:
    c = LuggageClaim
    last = work.session.execute(
        select(c.at, Staff.name)
        .outerjoin(Staff, Staff.id == c.clerk_id)
        .where(c.tag_id == bags.id)
        .order_by(c.id.desc())
        .limit(1)
    ).one()
    return f"{dates.moment(local(last.at, work.setting.zone))} {last.name or ''}".strip()


def _hand_back(work: Work, bags: LuggageTag, pieces: int, against: str, **who: str) -> int:
    bags.pieces_left -= pieces
    work.session.add(
        LuggageClaim(
            tag_id=bags.id,
            pieces=pieces,
            proof=against,
            at=work.now,
            business_date=work.business_date,
            clerk_id=work.clerk.id or None,
            station=work.station,
            **who,
        )
    )
    work.touch("luggage")
    return bags.pieces_left


@operation(STORE)
def amend(work: Work, *, number: int, place: str, marks: str, phone: str, until: date | None) -> None:
    """Note that bags stand elsewhere now, or are fetched on another day."""
    bags, _count = _open_tag(work, number, None, None)
    bags.place, bags.marks, bags.phone, bags.until = place.strip(), marks.strip(), phone.strip(), until
    bags.search = search_text(work.session, bags.guest_name, bags.phone)
    work.touch("luggage")


@operation(STORE)
def print_list(work: Work, *, which: str = "overnight") -> int:
    """Print the bags in store, those here overnight, or those overdue, and return how many."""
    if which not in LISTS:
        raise Refused(_("There is no such list of bags. Choose one of those on the page."))
    title, fits = LISTS[which]
    rows = [row for row in queries.stored(work.session) if fits(row)]
    if not rows:
        raise Refused(_("There is nothing to print: no bags are on this list."))
    paper = printouts.storage_list(work, _(title), sorted(rows, key=lambda r: (r.place, r.number)))
    work.print(paper)
    taking_out.house_list(work, paper)
    return len(rows)
