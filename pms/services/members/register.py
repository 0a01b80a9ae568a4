"""What several acts for members share: the record held, its words, its history, its cards blocked."""

from sqlalchemy import delete, insert, select

from pms.core.errors import Conflict, Refused
from pms.core.i18n import _, language
from pms.core.money import Money
from pms.db.base import table_of
from pms.db.work import Work
from pms.services.guests.search import words

from . import queries
from .models import Member, MemberCard, MemberEvent, MemberLevel, MemberWord

NAME = 100
_W = table_of(MemberWord)


def held(work: Work, number: int) -> Member:
    """Return a member, held against the other desk; refuses one whose membership was ended."""
    found = select(Member).where(Member.number == number)
    member = work.session.scalars(
        found.with_for_update(key_share=True).execution_options(populate_existing=True)
    ).first()
    if member is None:
        raise Refused(_("There is no member %(number)s. Look again.") % {"number": queries.shown(number)})
    if member.ended_on is not None:
        raise Conflict(_("The membership of %(member)s was ended.") % {"member": queries.shown(number)})
    return member


def shown_level(level: MemberLevel) -> str:
    """Return a level's name in the language in use."""
    return level.name_zh if language() == "zh_CN" and level.name_zh else level.name


def note(work: Work, member_id: int, kind: str, detail: str = "", amount: int = 0) -> None:
    """Write down what happened to a membership."""
    work.insert_one(
        MemberEvent,
        member_id=member_id,
        kind=kind,
        detail=detail,
        amount=Money(amount),
        at=work.now,
        business_date=work.business_date,
        clerk_id=work.clerk.id or None,
        station=work.station,
    )


def keep_words(work: Work, member: Member) -> None:
    """Keep the words by which a member is found."""
    work.session.execute(delete(_W).where(_W.c.member_id == member.id))
    found = words(work.session, member.name, member.phone)
    if found:
        work.session.execute(insert(_W), [{"word": word, "member_id": member.id} for word in found])


def forget(work: Work, member: Member) -> None:
    """Erase how a member is reached and when born; the name stays, and is no longer searched by a phone."""
    member.phone, member.birth = "", None
    work.session.flush()
    keep_words(work, member)


def block_cards(work: Work, member: Member) -> None:
    """Let no card of a member be valid any more."""
    valid = MemberCard.member_id == member.id, MemberCard.state.in_((queries.VALID, queries.LOST))
    for card in work.session.scalars(select(MemberCard).where(*valid).with_for_update()).all():
        card.state, card.ended_on = "replaced", work.business_date
