"""What is kept of a guest as a member."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.offers import Kept
from pms.core.permissions import Permission
from pms.core.reading import query

from . import queries
from .models import Member, MemberStay, MemberWord
from .phones import marked


@query(Permission.GUESTS_EXPORT)
def kept_of(session: Session, *, stay_ids: Sequence[int], line_ids: Sequence[int], phone: str) -> list[Kept]:
    """Return the memberships that these stays count for, and those with this phone."""
    of_stays = select(MemberStay.member_id).where(MemberStay.stay_id.in_(stay_ids))
    marks = marked(session, [phone])
    phoned = select(MemberWord.member_id).where(MemberWord.word.in_(marks))
    wanted = select(Member.number).where(or_(Member.id.in_(of_stays), Member.id.in_(phoned)))
    found = [
        queries.listed(session, number=number) for number in session.scalars(wanted.order_by(Member.number))
    ]
    rows = [
        {
            _("Number"): r.shown,
            _("Name"): r.name,
            _("Phone"): r.phone,
            _("Date of birth"): r.birth,
            _("Level"): r.level,
            _("Card"): r.card,
            _("Member since"): r.since,
        }
        for r in found
    ]
    return [Kept(_("Membership"), rows)]
