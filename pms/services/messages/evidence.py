"""What the handover book says of a guest that the night audit looks at."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.i18n import N_
from pms.core.offers import About, Evidence
from pms.core.permissions import Permission
from pms.core.reading import query

from .models import Message

BOOK = N_("Handover book")


@query(Permission.MESSAGES)
def evidence(session: Session, *, about: About) -> list[Evidence]:
    """Return what is open about the guest."""
    m = Message
    if about.stay_id is None:
        return []
    rows = session.execute(
        select(m.text, m.written_at, m.written_by)
        .where(m.stay_id == about.stay_id, m.closed_at.is_(None))
        .order_by(m.id)
    )
    return [Evidence(BOOK, words, at, by, place=80) for words, at, by in rows]
