"""A session on the hotel's books that says in words where a record that somebody names is not there."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Result, Select
from sqlalchemy.orm import Session

from pms.core.errors import Conflict
from pms.core.i18n import _
from pms.db.clashes import GONE

ONE_SNAPSHOT = "one snapshot"
"""The mark of a session that only reads, on one snapshot: what several duties ask for is asked once in it."""
R = TypeVar("R")


def once(session: Session, what: str, ask: Callable[[], R]) -> R:
    """Return what ``ask`` answers, kept under ``what`` for as long as a snapshot is read; what writes asks
    anew each time."""
    if ONE_SNAPSHOT not in session.info:
        return ask()
    if what not in session.info:
        session.info[what] = ask()
    kept: R = session.info[what]
    return kept


class Books(Session):
    """What operations and queries work with."""

    def get_one(self, entity: Any, ident: Any, **how: Any) -> Any:
        """Return a record by its key; refuses one that is not there: a list on a screen may be older than
        the books."""
        if (found := self.get(entity, ident, **how)) is None:
            raise Conflict(_(GONE))
        return found


def ask(session: Session, question: Select[*tuple[Any, ...]], **values: Any) -> Result[*tuple[Any, ...]]:
    """Ask a question for columns, never for records, with its values.

    On a snapshot it goes past the session: looking for records in the answer costs more than a small question
    itself, and what waits asks thirty of them a round. Among questions sent together it is one like any.
    """
    if isinstance(session, Books) and ONE_SNAPSHOT in session.info:
        return session.connection().execute(question, values)
    return session.execute(question, values)
