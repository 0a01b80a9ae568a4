"""What of the register may not wait any longer."""

from datetime import datetime

from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.offers import MOST_DUE, Due
from pms.core.reading import query

from .duty import REGISTER
from .queries import due, state_name


@query(REGISTER)
def waiting(session: Session, *, now: datetime) -> list[Due]:
    """Return the things kept that may not wait any longer, the oldest first."""
    late = [e for e in due(session) if e.at <= now]
    return [
        Due(
            _(", ").join((e.shown, e.what, state_name(e))),
            "lost_found",
            e.at,
            2,
            {"number": e.number},
        )
        for e in sorted(late, key=lambda e: e.at)
    ][:MOST_DUE]
