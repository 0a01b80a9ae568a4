"""Drafts that nobody has gone on with: they hold guests' data."""

from sqlalchemy import delete

from pms.db.work import Work

from .models import Draft
from .service import KEPT


def forget_old(work: Work) -> None:
    """Forget what was typed at any workstation and not gone on with."""
    work.session.execute(delete(Draft).where(Draft.kept_at < work.now - KEPT))
