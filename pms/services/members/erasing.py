"""What goes from members when a guest's data are erased: phone and date of birth of a membership that is
over.

One that goes on was agreed with the member and keeps them until it is ended, which erases them at once; the
guest's document, address and stays are not needed for it.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select

from pms.db.work import Work

from . import register
from .models import Member, MemberStay

AT_ONCE = 200
_TOLD = or_(Member.phone != "", Member.birth.is_not(None))


def _over(before: date) -> ColumnElement[bool]:
    return or_(Member.ended_on < before, Member.valid_until < before)


def erase_with(work: Work, *, stay_ids: Sequence[int]) -> list[int]:
    """Erase phone and date of birth of memberships that are over and that these stays counted for."""
    of_stays = select(MemberStay.member_id).where(MemberStay.stay_id.in_(stay_ids))
    return _erase(work, select(Member).where(Member.id.in_(of_stays), _over(work.business_date)))


def erase_old(work: Work, *, before: date) -> list[int]:
    """Erase phone and date of birth of memberships that were over before a day."""
    return _erase(work, select(Member).where(_TOLD, _over(before)).order_by(Member.id).limit(AT_ONCE))


def _erase(work: Work, wanted: Select[Member]) -> list[int]:
    found = []
    for member in work.session.scalars(wanted.with_for_update(key_share=True)).all():
        register.forget(work, member)
        found.append(member.id)
    return found
