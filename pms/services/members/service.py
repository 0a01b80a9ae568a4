"""Levels, and who belongs to the club: joined, changed, suspended, ended; with ``cards`` all that the desk
does for members."""

import re
from datetime import date

from sqlalchemy import select

from pms.core import dates, offers, typed
from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.money import Money
from pms.core.names import same_name
from pms.core.offers import StayName
from pms.db.work import Work, operation
from pms.services.rates.models import RatePlan

from . import queries, register, terms
from .cards import Paid, found_again, lose_card, replace_card, sell, sell_card
from .duty import EDIT, WORK
from .models import Member, MemberLevel, MemberStay
from .phones import marked
from .points import give_points_back, spend_points
from .purse import charge_up, forfeit, pay, print_statement, refund, take_back
from .register import NAME, held, note, shown_level

__all__ = [
    "add_level",
    "change",
    "charge_up",
    "count_stay",
    "edit_level",
    "end",
    "found_again",
    "give_points_back",
    "join",
    "lift",
    "lose_card",
    "pay",
    "print_statement",
    "refund",
    "renew",
    "replace_card",
    "sell_card",
    "set_level",
    "spend_points",
    "suspend",
    "take_back",
]
_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
MOST_MULTIPLE, MOST_MONTHS, MOST_NEEDED = 1000, 120, 1_000_000


# ------------------------------------------------------------------ levels
@operation(EDIT)
def add_level(
    work: Work,
    *,
    name: str,
    name_zh: str = "",
    position: int = 0,
    plan_id: int | None = None,
    free_until: str = "",
    multiple: int = 100,
    card_price: Money = Money(0),
    nights_needed: int = 0,
    points_needed: int = 0,
    months_valid: int = 0,
) -> int:
    """Add a level and return its number in the database."""
    made = MemberLevel(active=True)
    _set_level(
        work,
        made,
        name=name,
        name_zh=name_zh,
        position=position,
        plan_id=plan_id,
        free_until=free_until,
        multiple=multiple,
        card_price=card_price,
        nights_needed=nights_needed,
        points_needed=points_needed,
        months_valid=months_valid,
    )
    work.session.add(made)
    work.session.flush()
    work.touch("members")
    return made.id


@operation(EDIT)
def edit_level(
    work: Work,
    *,
    level_id: int,
    name: str,
    name_zh: str = "",
    position: int = 0,
    plan_id: int | None = None,
    free_until: str = "",
    multiple: int = 100,
    card_price: Money = Money(0),
    nights_needed: int = 0,
    points_needed: int = 0,
    months_valid: int = 0,
    active: bool = True,
) -> None:
    """Change a level; its members have what it gives from now on. One that is no longer given keeps its
    members."""
    level = work.hold(MemberLevel, level_id)
    _set_level(
        work,
        level,
        name=name,
        name_zh=name_zh,
        position=position,
        plan_id=plan_id,
        free_until=free_until,
        multiple=multiple,
        card_price=card_price,
        nights_needed=nights_needed,
        points_needed=points_needed,
        months_valid=months_valid,
    )
    level.active = active
    work.touch("members")


def _set_level(
    work: Work, level: MemberLevel, *, name: str, name_zh: str, free_until: str, **rest: object
) -> None:
    if not name.strip():
        raise Refused(_("Give the level a name; it stands on papers."))
    hour = typed.half_width(free_until).replace(".", ":")
    if hour and not _HOUR.fullmatch(hour):
        raise Refused(_("An hour is written 14:00."))
    for field, most in (
        ("multiple", MOST_MULTIPLE),
        ("card_price", 10**9),
        ("nights_needed", 366),
        ("points_needed", MOST_NEEDED),
        ("months_valid", MOST_MONTHS),
        ("position", 99),
    ):
        value = rest[field]
        if not isinstance(value, int) or not 0 <= value <= most:
            raise Refused(_("A level's figures are 0 or more, and not larger than anybody means."))
    if rest["plan_id"] is not None:
        work.session.get_one(RatePlan, rest["plan_id"])
    level.name, level.name_zh, level.free_until = name.strip(), name_zh.strip(), hour
    for field, value in rest.items():
        setattr(level, field, value)


# ------------------------------------------------------------------ joining
@operation(WORK, money=True)
def join(
    work: Work,
    *,
    name: str,
    phone: str,
    level_id: int,
    birth: date | None = None,
    card: str = "",
    method: str = "",
    stay_id: int | None = None,
    charge: Money | None = None,
    reason: str = "",
    guest_id: int | None = None,
    reference: str = "",
) -> int:
    """Register a member, sell the card if one is given out, and return the member's number.

    Paid at once by ``method``, or on the folio of ``stay_id``; to charge less than the level's price needs
    authority and a reason. The stay counts for the member from now on.
    """
    _check(work, name, phone, birth)
    level = work.hold(MemberLevel, level_id)
    if not level.active:
        raise Refused(_("The level %(level)s is no longer given.") % {"level": shown_level(level)})
    for other in queries.find(work.session, text=phone, most=1):
        _ask_about_phone(work, other, name)
    member = Member(
        number=work.next_number("member"),
        name=name.strip(),
        phone=phone.strip(),
        birth=birth,
        level_id=level.id,
        since=work.business_date,
        valid_until=valid_until(work.business_date, level.months_valid),
        guest_id=guest_id,
        suspended="",
    )
    work.session.add(member)
    work.session.flush()
    register.keep_words(work, member)
    note(work, member.id, "joined", shown_level(level))
    if card.strip():
        sell(work, member, level, card, paid=Paid(method, reference, stay_id), charge=charge, reason=reason)
    if stay_id is not None:
        _count_stay(work, member, stay_id)
        work.touch("stays")
    work.touch("members")
    return member.number


def _check(work: Work, name: str, phone: str, birth: date | None) -> None:
    if not name.strip() or len(name.strip()) > NAME:
        raise Refused(_("Give the member's name, at most %(n)s characters.") % {"n": NAME})
    if not marked(work.session, [phone]) or len(phone) > 40:
        raise Refused(_("Give the member's phone: the membership is found by it."))
    if birth is not None and not date(1900, 1, 1) < birth < work.business_date:
        raise Refused(_("The date of birth lies before today."))


def _ask_about_phone(work: Work, other: queries.MemberRow, name: str) -> None:
    if other.ended_on is not None:
        return
    if same_name(other.name, name):
        raise Conflict(
            _("%(name)s is a member already: %(member)s, %(level)s.")
            % {"name": other.name, "member": other.shown, "level": other.level}
        )
    work.confirm(
        f"phone:{other.number}",
        _("This phone is %(name)s's, %(member)s. Register a second member with it?")
        % {"name": other.name, "member": other.shown},
    )


def valid_until(start: date, months: int) -> date | None:
    """Return the last day of a membership of so many months, None for one without end."""
    if not months:
        return None
    return terms.later(start, months)


@operation(WORK)
def change(work: Work, *, number: int, name: str, phone: str, birth: date | None = None) -> None:
    """Put a member's name, phone and date of birth right."""
    member = held(work, number)
    _check(work, name, phone, birth)
    for other in queries.find(work.session, text=phone, most=2):
        if other.number != number:
            _ask_about_phone(work, other, name)
    if name.strip() != member.name:
        note(work, member.id, "changed", f"{member.name} → {name.strip()}")
    elif phone.strip() != member.phone or birth != member.birth:
        note(work, member.id, "changed", _("phone or date of birth"))
    member.name, member.phone, member.birth = name.strip(), phone.strip(), birth
    work.session.flush()
    register.keep_words(work, member)
    work.touch("members")


@operation(EDIT)
def set_level(work: Work, *, number: int, level_id: int, reason: str) -> None:
    """Give a member another level by hand, with a reason."""
    member, level = held(work, number), work.hold(MemberLevel, level_id)
    if not reason.strip():
        raise Refused(_("Say why the level is changed."))
    if level.id == member.level_id:
        raise Refused(_("%(member)s has this level already.") % {"member": queries.shown(number)})
    if not level.active:
        raise Refused(_("The level %(level)s is no longer given.") % {"level": shown_level(level)})
    before = work.session.get_one(MemberLevel, member.level_id)
    told = f"{shown_level(before)} → {shown_level(level)}"
    note(work, member.id, "level", _(", ").join((told, reason.strip())))
    member.level_id = level.id
    member.valid_until = valid_until(work.business_date, level.months_valid)
    work.touch("members")


@operation(WORK)
def renew(work: Work, *, number: int) -> None:
    """Let a membership last as long again as its level says, from today or from its end if that is later."""
    member = held(work, number)
    level = work.hold(MemberLevel, member.level_id)
    if member.valid_until is None or not level.months_valid:
        raise Refused(_("This membership has no end."))
    start = max(work.business_date, member.valid_until)
    member.valid_until = valid_until(start, level.months_valid)
    assert member.valid_until is not None
    note(work, member.id, "renewed", dates.day(member.valid_until, year=True))
    work.touch("members")


@operation(EDIT)
def suspend(work: Work, *, number: int, reason: str) -> None:
    """Let a membership not count for now, with a reason that the desk reads."""
    member = held(work, number)
    if not reason.strip():
        raise Refused(_("Say why the member is suspended."))
    if member.suspended:
        raise Conflict(_("%(member)s is suspended already.") % {"member": queries.shown(number)})
    member.suspended = reason.strip()
    note(work, member.id, "suspended", reason.strip())
    work.touch("members")


@operation(EDIT)
def lift(work: Work, *, number: int) -> None:
    """Let a suspended membership count again."""
    member = held(work, number)
    if not member.suspended:
        raise Conflict(_("%(member)s is not suspended.") % {"member": queries.shown(number)})
    member.suspended = ""
    note(work, member.id, "lifted")
    work.touch("members")


@operation(WORK)
def end(work: Work, *, number: int, reason: str = "") -> None:
    """End a membership for good, as the member wishes: the card is blocked, phone and date of birth are
    erased at once; name, level and what happened stay."""
    member = held(work, number)
    work.confirm(
        f"end:{number}",
        _("End the membership of %(name)s for good? Phone and date of birth are erased at once.")
        % {"name": member.name},
    )
    forfeit(work, member)
    register.block_cards(work, member)
    register.forget(work, member)
    member.ended_on = work.business_date
    note(work, member.id, "ended", reason.strip())
    work.touch("members")


# ------------------------------------------------------------------ stays
@operation(WORK)
def count_stay(work: Work, *, number: int, stay_id: int) -> None:
    """Let a stay in house count for a member who is known only now."""
    _must_be_in_house(work, stay_id)  # held before the member, as whoever erases or merges guests holds them
    member = held(work, number)
    if why := queries.listed(work.session, number=number).why_not(work.business_date):
        raise Refused(why)
    _count_stay(work, member, stay_id)
    work.touch("members", "stays")


def _count_stay(work: Work, member: Member, stay_id: int) -> None:
    whose = _must_be_in_house(work, stay_id)
    known = select(Member.number).join(MemberStay, MemberStay.member_id == Member.id)
    other = work.session.execute(known.where(MemberStay.stay_id == stay_id)).scalar()
    if other is not None:
        raise Conflict(
            _("Room %(room)s counts for %(member)s already.")
            % {"room": whose.room, "member": queries.shown(other)}
        )
    work.session.add(MemberStay(stay_id=stay_id, member_id=member.id, level_id=member.level_id))
    work.session.flush()
    note(work, member.id, "stay", f"{whose.room} {whose.guest}")


def _must_be_in_house(work: Work, stay_id: int) -> StayName:
    """Return whose stay it is, held; refuses one whose guest is not in house."""
    whose = work.ask_up(offers.stay_name, stay_id=stay_id)
    if whose is None or work.ask_up(offers.open_stay, stay_id=stay_id) is None:
        raise Refused(_("A stay counts for a member while the guest is in house. Choose the room again."))
    return whose
