"""What a person is used to, at whichever workstation: the columns left out of a list, the pages chosen by
their name."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.work import Work, operation

from .models import ListChoice, PageChoice

OFTEN = 64
"""Choices of one page after which all of the person's are halved, so that what one does now counts more."""


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


@query(Permission.STAFF_OWN)
def chosen(session: Session, *, staff_id: int) -> dict[str, int]:
    """Return how often a person has chosen each page by its name."""
    found = session.execute(select(PageChoice.word, PageChoice.times).where(PageChoice.staff_id == staff_id))
    return {word: times for word, times in found}


@operation(Permission.STAFF_OWN)
def choose(work: Work, *, word: str) -> None:
    """Count that the clerk has chosen a page by its name."""
    one = work.session.get(PageChoice, (work.clerk.id, word), with_for_update=True)
    if one is None:
        work.session.add(PageChoice(staff_id=work.clerk.id, word=word, times=1))
        return
    one.times += 1
    if one.times >= OFTEN:
        every = select(PageChoice).where(PageChoice.staff_id == work.clerk.id).with_for_update()
        for each in work.session.scalars(every):
            each.times //= 2
