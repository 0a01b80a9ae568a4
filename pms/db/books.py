"""A session on the hotel's books that says in words where a record that somebody names is not there."""

from typing import Any

from sqlalchemy.orm import Session

from pms.core.errors import Conflict
from pms.core.i18n import _
from pms.db.clashes import GONE

ONE_SNAPSHOT = "setting"
"""Under this name a session that only reads keeps the hotel's setting; what writes reads it anew."""


class Books(Session):
    """What operations and queries work with."""

    def get_one(self, entity: Any, ident: Any, **how: Any) -> Any:
        """Return a record by its key; refuses one that is not there: a list on a screen may be older than
        the books."""
        if (found := self.get(entity, ident, **how)) is None:
            raise Conflict(_(GONE))
        return found
