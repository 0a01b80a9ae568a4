"""Register what was found and what is missed, bring the two together, and let an item leave once."""

from calendar import monthrange
from datetime import date, datetime

from sqlalchemy import func, select

from pms.core import dates, typed
from pms.core.clock import at
from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.db.work import Work, operation
from pms.services.guests import proof
from pms.services.guests.models import Guest
from pms.services.guests.search import search_text
from pms.services.rooms.models import Room
from pms.services.stays.models import Stay

from . import printouts, queries
from .duty import DISPOSE, GIVE_BACK, MONTHS, REGISTER
from .models import FoundContact, FoundItem, FoundOutcome, LossReport
from .queries import KINDS, OUTCOMES, WAYS, number_shown


@operation(REGISTER)
def register(
    work: Work,
    *,
    what: str,
    finder: str,
    kept_in: str,
    kind: str = "other",
    marks: str = "",
    room: str = "",
    place: str = "",
    stay_id: int | None = None,
    found_on: date | None = None,
    print_slip: bool = True,
) -> int:
    """Register a found item, print its slip and return its number; identity papers are to be dealt with at
    once."""
    _must(what, _("Say what was found."))
    _must(finder, _("Say who found it."))
    _must(kept_in, _("Say where it is kept."))
    room_id = _room(work, room)
    if room_id is None and not place.strip():
        raise Refused(_("Say where it was found: a room or a place."))
    day, moment = _when(work, found_on)
    guest, phone = _guest(work, stay_id)
    item = FoundItem(
        number=work.next_number("found_item"),
        what=what.strip(),
        kind=_kind(kind),
        marks=marks.strip(),
        room_id=room_id,
        place=place.strip(),
        stay_id=stay_id,
        guest_name=guest,
        phone=phone,
        found_at=moment,
        found_on=day,
        finder=finder.strip(),
        keeper=work.clerk.name,
        kept_in=kept_in.strip(),
        keep_until=_keep_until(work, kind),
        registered_at=work.now,
        registered_by=work.clerk.id or None,
        search=search_text(work.session, f"{what} {marks} {place} {guest}", phone),
    )
    work.session.add(item)
    work.session.flush()
    if print_slip:
        guest = queries.listed_guest(work.session, item_id=item.id)
        work.print(
            printouts.item_slip(work, item, room.strip(), guest), record="found_item", record_id=item.id
        )
    work.touch("lost_found")
    return item.number


def _must(text: str, sentence: str) -> None:
    if not text.strip():
        raise Refused(sentence)


def _kind(kind: str) -> str:
    if kind not in KINDS:
        raise Refused(_("Choose what kind of thing it is."))
    return kind


def _room(work: Work, number: str) -> int | None:
    if not number.strip():
        return None
    found = work.session.scalars(select(Room.id).where(func.upper(Room.number) == typed.code(number))).first()
    if found is None:
        raise Refused(_("There is no room %(room)s.") % {"room": number.strip()})
    return found


def _when(work: Work, day: date | None) -> tuple[date, datetime]:
    if day is None or day == work.business_date:
        return work.business_date, work.now
    if day > work.business_date:
        raise Refused(_("%(day)s is still to come.") % {"day": dates.day(day, year=True)})
    return day, at(day, "12:00", work.setting.zone)


def _guest(work: Work, stay_id: int | None) -> tuple[str, str]:
    if stay_id is None:
        return "", ""
    row = work.session.execute(
        select(Stay.guest_name, Guest.phone).join(Stay, Stay.guest_id == Guest.id).where(Stay.id == stay_id)
    ).first()
    if row is None:
        raise Refused(_("This stay is not there."))
    return row.guest_name, row.phone


def _keep_until(work: Work, kind: str) -> date:
    today = work.business_date
    if kind == "document":
        return today
    months = today.month - 1 + work.setting.options[MONTHS]
    year, month = today.year + months // 12, months % 12 + 1
    return date(year, month, min(today.day, monthrange(year, month)[1]))


@operation(REGISTER)
def move(work: Work, *, number: int, kept_in: str) -> None:
    """Note that an item is kept elsewhere now, and by whom."""
    _must(kept_in, _("Say where it is kept."))
    item = _kept(work, number)
    item.kept_in, item.keeper = kept_in.strip(), work.clerk.name
    work.touch("lost_found")


@operation(REGISTER)
def report(
    work: Work,
    *,
    what: str,
    name: str,
    phone: str = "",
    kind: str = "other",
    marks: str = "",
    room: str = "",
    place: str = "",
    stay_id: int | None = None,
    lost_on: date | None = None,
) -> int:
    """Write down what a guest misses and return the report's number."""
    _must(what, _("Say what was lost."))
    known, known_phone = _guest(work, stay_id)
    _must(name or known, _("Say who reports it lost."))
    day, _moment = _when(work, lost_on)
    made = LossReport(
        number=work.next_number("loss_report"),
        what=what.strip(),
        kind=_kind(kind),
        marks=marks.strip(),
        room_id=_room(work, room),
        place=place.strip(),
        stay_id=stay_id,
        name=name.strip() or known,
        phone=phone.strip() or known_phone,
        lost_on=day,
        reported_at=work.now,
        reported_by=work.clerk.id or None,
        search=search_text(
            work.session, f"{what} {marks} {place} {name or known}", phone.strip() or known_phone
        ),
    )
    work.session.add(made)
    work.touch("lost_found")
    work.session.flush()
    return made.number


def _open_report(work: Work, number: int) -> LossReport:
    found = work.session.scalars(
        select(LossReport).where(LossReport.number == number).with_for_update()
    ).first()
    if found is None:
        raise Refused(_("There is no report %(number)s.") % {"number": number_shown(number, report=True)})
    if found.state == "closed":
        raise Conflict(
            _("Report %(number)s is closed already.") % {"number": number_shown(number, report=True)}
        )
    return found


def _kept(work: Work, number: int) -> FoundItem:
    """Return an item that is here, locked against the other desk."""
    item = work.session.scalars(select(FoundItem).where(FoundItem.number == number).with_for_update()).first()
    if item is None:
        raise Refused(_("There is no item %(number)s.") % {"number": number_shown(number)})
    if item.state != "kept":
        raise Conflict(
            _("Item %(number)s has left the house already: %(how)s.")
            % {"number": number_shown(number), "how": _(OUTCOMES[item.state])}
        )
    return item


def _set_aside(work: Work, item: FoundItem) -> LossReport | None:
    """Return the report that an item is set aside for."""
    return work.session.scalars(
        select(LossReport).where(LossReport.item_id == item.id).with_for_update()
    ).first()


@operation(GIVE_BACK)
def match(work: Work, *, report_number: int, item_number: int) -> None:
    """Set an item aside for the guest who misses it; whose it was thought to be is kept for the case that it
    is the wrong one."""
    missed, item = _open_report(work, report_number), _kept(work, item_number)
    held = _set_aside(work, item)
    if held is not None and held.id != missed.id:
        raise Conflict(
            _("The item is set aside for %(number)s already.")
            % {"number": number_shown(held.number, report=True)}
        )
    missed.item_id, missed.state = item.id, "matched"
    work.touch("lost_found")


@operation(GIVE_BACK)
def part(work: Work, *, report_number: int, reason: str) -> None:
    """Take an item back from a report: it was another guest's."""
    missed = _open_report(work, report_number)
    if missed.item_id is None:
        raise Refused(_("Nothing is set aside for this report."))
    _must(reason, _("Say why the item is not the one."))
    work.note("loss_report", {"parted": missed.item_id, "reason": reason.strip()}, missed.id)
    missed.item_id, missed.state = None, "open"
    work.touch("lost_found")


@operation(REGISTER)
def contact(work: Work, *, number: int, of_report: bool, way: str, reached: bool, told: str) -> None:
    """Write down a try to reach the guest about an item or a report."""
    if way not in WAYS:
        raise Refused(_("Choose how the guest was called."))
    _must(told, _("Say what was said, or why nobody was reached."))
    about = {"report_id": _open_report(work, number).id} if of_report else {"item_id": _kept(work, number).id}
    work.session.add(
        FoundContact(
            way=way, reached=reached, said=told.strip(), at=work.now, clerk_id=work.clerk.id or None, **about
        )
    )
    work.touch("lost_found")


@operation(GIVE_BACK)
def close_report(work: Work, *, number: int, result: str) -> None:
    """End the search for something that was not found, with what the guest was told."""
    missed = _open_report(work, number)
    if missed.item_id is not None:
        raise Refused(
            _("An item is set aside for this report. Give it back, or take it back from the report first.")
        )
    _must(result, _("Say how the search ended."))
    missed.state, missed.result, missed.closed_at = "closed", result.strip(), work.now
    work.touch("lost_found")


# ------------------------------------------------------------------ an item leaves, once
@operation(GIVE_BACK)
def give_back(
    work: Work, *, number: int, name: str, document_type: str, document: str, remark: str = ""
) -> None:
    """Give an item to its owner against a document, of which the mask is kept; the slip is printed to be
    signed."""
    item = _kept(work, number)
    _must(name, _("Say who collects the item."))
    mask = proof.masked(document_type, document, work.business_date)
    held = _set_aside(work, item)
    guest = held.name if held is not None else item.guest_name
    if guest and name.strip().casefold() != guest.casefold():
        work.confirm(
            f"name:{item.id}",
            _("The item was kept for %(guest)s, not for %(name)s. Give it back all the same?")
            % {"guest": queries.listed_guest(work.session, item_id=item.id), "name": name.strip()},
        )
    _leave(
        work,
        item,
        "claimed",
        name=name.strip(),
        document_type=document_type,
        document_shown=mask,
        detail=remark.strip(),
    )


@operation(GIVE_BACK)
def send_on(work: Work, *, number: int, name: str, address: str, carrier: str, tracking: str = "") -> None:
    """Send an item to its owner; the carrier's number is kept."""
    item = _kept(work, number)
    for text, sentence in (
        (name, _("Say who collects the item.")),
        (address, _("Give the address it is forwarded to.")),
        (carrier, _("Say who carries it.")),
    ):
        _must(text, sentence)
    item.sent_to = address.strip()
    _leave(
        work,
        item,
        "sent",
        name=name.strip(),
        detail=carrier.strip(),
        reference=tracking.strip(),
    )


@operation(GIVE_BACK)
def hand_to_police(work: Work, *, number: int, station: str, officer: str, receipt: str = "") -> None:
    """Hand an item to the police: papers at once, other things when nobody has come for them."""
    item = _kept(work, number)
    _must(station, _("Say which police station takes it."))
    _must(officer, _("Give the officer's name or number."))
    if item.keep_until > work.business_date:
        work.confirm(
            f"police:{item.id}",
            _("The item may be kept until %(day)s. Hand it to the police now?")
            % {"day": dates.day(item.keep_until, year=True)},
        )
    _leave(work, item, "police", name=officer.strip(), detail=station.strip(), reference=receipt.strip())


@operation(DISPOSE)
def dispose(work: Work, *, number: int, how: str, witness: str) -> None:
    """Dispose of an item whose keeping time is over, before a witness; never of papers, money or
    valuables."""
    item = _kept(work, number)
    if item.kind in ("document", "money", "valuables"):
        raise Refused(_("Papers, money and valuables are handed to the police, never disposed of."))
    if item.keep_until >= work.business_date:
        raise Refused(
            _("The item must be kept until %(day)s.") % {"day": dates.day(item.keep_until, year=True)}
        )
    _must(how, _("Say how it is disposed of."))
    _must(witness, _("Name a witness."))
    _leave(work, item, "disposed", name=witness.strip(), detail=how.strip())


def _leave(work: Work, item: FoundItem, kind: str, **how: str) -> None:
    out = FoundOutcome(
        item_id=item.id,
        kind=kind,
        at=work.now,
        business_date=work.business_date,
        clerk_id=work.clerk.id or None,
        **{"name": "", "document_type": "", "document_shown": "", "detail": "", "reference": ""} | how,
    )
    work.session.add(out)
    item.state = kind
    if (missed := _set_aside(work, item)) is not None:
        missed.state, missed.closed_at, missed.result = "closed", work.now, kind
        item.guest_name, item.phone, item.stay_id = missed.name, missed.phone, missed.stay_id or item.stay_id
        item.search = search_text(
            work.session, f"{item.what} {item.marks} {item.place} {item.guest_name}", item.phone
        )
    work.print(printouts.leaving_slip(work, item, out), record="found_item", record_id=item.id)
    work.touch("lost_found")
