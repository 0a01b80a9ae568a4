"""Find guests and show them, document masked."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from .models import Guest


@dataclass(frozen=True)
class GuestRow:
    """A guest as screens show one; the document is masked."""

    id: int
    name: str
    sex: str
    birth: date | None
    phone: str
    nationality: str
    document_type: str
    document_shown: str
    identity: str
    vip: bool
    do_not_disclose: bool


def _columns() -> tuple[object, ...]:
    g = Guest
    return (
        g.id,
        g.name,
        g.sex,
        g.birth,
        g.phone,
        g.nationality,
        g.document_type,
        g.document_shown,
        g.identity,
        g.vip,
        g.do_not_disclose,
    )


def find(session: Session, *, text: str, limit: int = 12) -> list[GuestRow]:
    """Return guests whose name, pinyin or phone begins with the text, the latest first; pinyin is looked for
    when the rest finds too few."""
    g, start = Guest, " ".join(text.casefold().split())
    found = _where(
        session,
        or_(g.search.startswith(start, autoescape=True), g.phone.startswith(start, autoescape=True)),
        limit,
    )
    if len(found) < limit and not start.isdigit():
        known = [row.id for row in found]
        found += _where(
            session,
            and_(g.search.contains(f" {start}", autoescape=True), g.id.not_in(known)),
            limit - len(found),
        )
    return found


def _where(session: Session, fits: ColumnElement[bool], limit: int) -> list[GuestRow]:
    rows = session.execute(select(*_columns()).where(fits).order_by(Guest.id.desc()).limit(limit))  # type: ignore[call-overload]
    return [GuestRow(*row) for row in rows]


def one(session: Session, *, guest_id: int) -> GuestRow:
    """Return one guest."""
    return GuestRow(*session.execute(select(*_columns()).where(Guest.id == guest_id)).one())  # type: ignore[call-overload]
