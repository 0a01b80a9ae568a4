"""Which columns a person leaves out of a list: kept for the person, at whichever workstation."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.work import Work, operation

from .models import ListChoice


@query(Permission.STAFF_OWN)
def left_out(session: Session, *, staff_id: int, name: str) -> tuple[str, ...]:
    """Return the heads of the columns that a person leaves out of a list."""
    choice = ListChoice
    away = session.scalar(select(choice.away).where(choice.staff_id == staff_id, choice.name == name))
    return tuple(away or ())


@operation(Permission.STAFF_OWN)
def leave_out(work: Work, *, name: str, heads: Sequence[str]) -> None:
    """Keep which columns the clerk leaves out of a list; what was kept before is replaced."""
    key = (work.clerk.id, name)
    found = work.session.get(ListChoice, key, with_for_update=True)
    if found is None:
        work.session.add(ListChoice(staff_id=work.clerk.id, name=name, away=list(heads)))
    else:
        found.away = list(heads)
