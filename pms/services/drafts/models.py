"""The table of the drafts."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from pms.db.base import Base


class Draft(Base):
    """What a workstation has typed on one page and not done yet, sealed."""

    __tablename__ = "draft"
    audited = False
    station: Mapped[str] = mapped_column(primary_key=True)
    page: Mapped[str] = mapped_column(primary_key=True)
    """The page's word and what it was opened for."""
    sealed: Mapped[str]
    kept_at: Mapped[datetime]
    clerk_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
