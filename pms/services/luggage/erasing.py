"""What goes from luggage when a guest's data are erased: the phone; the tag and its name stay."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.offers import StillNeeded
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.work import Work
from pms.services.guests.search import search_text

from .models import LuggageTag
from .queries import HERE, shown

AT_ONCE = 200


@query(Permission.GUESTS_REVEAL)
def still_needed(session: Session, *, stay_ids: Sequence[int]) -> list[StillNeeded]:
    """Say whose bags are still here."""
    t = LuggageTag
    rows = session.execute(
        select(t.stay_id, t.number).where(HERE, t.stay_id.in_(stay_ids)).order_by(t.number)
    )
    return [
        StillNeeded(stay, _("Bags %(tag)s are still in store. Release them first.") % {"tag": shown(number)})
        for stay, number in rows
    ]


def erase_with(work: Work, *, stay_ids: Sequence[int]) -> list[int]:
    """Erase the phones that tags of these stays say."""
    return _erase(work, select(LuggageTag).where(LuggageTag.stay_id.in_(stay_ids)))


def erase_old(work: Work, *, before: date) -> list[int]:
    """Erase the phones of bags that were stored before a day and have been handed back."""
    t = LuggageTag
    gone = t.pieces_left == 0, t.stored_on < before, t.phone != ""
    return _erase(work, select(t).where(*gone).order_by(t.id).limit(AT_ONCE))


def _erase(work: Work, wanted: Select[LuggageTag]) -> list[int]:
    tags: Iterable[LuggageTag] = work.session.scalars(wanted.with_for_update()).all()
    found = []
    for bags in tags:
        bags.phone, bags.search = "", search_text(work.session, bags.guest_name)
        found.append(bags.id)
    return found
