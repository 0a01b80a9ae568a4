"""Find guests and show them, document masked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import Session, aliased

from pms.core.i18n import _
from pms.core.names import LONGEST, may_be_same
from pms.core.offers import Hit
from pms.core.permissions import Permission
from pms.core.reading import query

from .models import Guest, GuestWord
from .search import asked

_AFTER = "\U0010ffff"
_NEAR = 200
"""So many people whose longest word fits are looked at for the other words that were typed."""
LEAST = 2
"""One letter finds too many to name any."""


@dataclass(frozen=True)
class GuestRow:
    """A guest as screens show one; the document is masked."""

    id: int
    name: str
    sex: str
    birth: date | None
    phone: str
    nationality: str
    ethnic: str
    address: str
    document_type: str
    document_state: str
    document_shown: str
    document_until: date | None
    identity: str
    vip: bool
    do_not_disclose: bool
    erased_on: date | None = None


_COLUMNS = (
    Guest.id,
    Guest.name,
    Guest.sex,
    Guest.birth,
    Guest.phone,
    Guest.nationality,
    Guest.ethnic,
    Guest.address,
    Guest.document_type,
    Guest.document_state,
    Guest.document_shown,
    Guest.document_until,
    Guest.identity,
    Guest.vip,
    Guest.do_not_disclose,
    Guest.erased_on,
)
_ROWS: Select[*tuple[Any, ...]] = select(*_COLUMNS).where(Guest.id.in_(bindparam("guests", expanding=True)))
_W = GuestWord
_SAME = (
    select(_W.guest_id)
    .where(_W.word == bindparam("word"))
    .order_by(_W.guest_id.desc())
    .limit(bindparam("most"))
)
_BEGINS = (
    select(_W.guest_id)
    .where(_W.word > bindparam("word"), _W.word < bindparam("end"))
    .order_by(_W.word, _W.guest_id)
    .limit(bindparam("most"))
)


@query(Permission.GUESTS_READ)
def find(session: Session, *, text: str, limit: int = 12) -> list[GuestRow]:
    """Return guests whose name begins with the text in any spelling, or whose phone it is, whole or its last
    four figures: whoever has exactly this name first, of those the latest.

    Each step reads one short stretch of the words' key: the cost does not grow with the guests of the past.
    """
    ids: dict[int, None] = {}
    for found in _steps(session, text, limit):
        ids.update(dict.fromkeys(found))
        if len(ids) >= limit:
            break
    return _rows(session, list(ids)[:limit])


@query(Permission.GUESTS_READ)
def known_by(session: Session, *, text: str, most: int) -> list[int]:
    """Return whom a text names, as ``find`` finds them."""
    ids: dict[int, None] = {}
    for found in _steps(session, text, most):
        ids.update(dict.fromkeys(found))
        if len(ids) >= most:
            break
    return list(ids)[:most]


def _steps(session: Session, text: str, limit: int) -> Iterator[Sequence[int]]:
    ways = asked(session, text)
    for question in (_SAME, _BEGINS):
        for way in ways:
            word = "".join(way)[:LONGEST]
            given = {"word": word, "end": word + _AFTER, "most": limit * 3}
            yield session.scalars(question, given).all()
    for way in ways:
        if len(way) > 1:
            yield _each_word(session, way, limit)


def _each_word(session: Session, way: tuple[str, ...], limit: int) -> Sequence[int]:
    """Return guests of whom each word begins some word: the order in which they were typed is no matter."""
    longest, *others = sorted(way, key=len, reverse=True)
    near = (
        select(_W.guest_id)
        .where(_W.word >= longest, _W.word < longest + _AFTER)
        .order_by(_W.word, _W.guest_id)
        .limit(_NEAR)
        .subquery()
    )
    question = select(near.c.guest_id).distinct().limit(limit)
    for word in others:
        w = aliased(_W)
        question = question.where(
            exists().where(w.guest_id == near.c.guest_id, w.word >= word, w.word < word + _AFTER)
        )
    return session.scalars(question).all()


def _rows(session: Session, ids: list[int]) -> list[GuestRow]:
    if not ids:
        return []
    found = {row.id: GuestRow(*row) for row in session.execute(_ROWS, {"guests": ids})}
    return [found[guest_id] for guest_id in ids if guest_id in found]


@query(Permission.GUESTS_READ)
def some(session: Session, *, guest_ids: Sequence[int]) -> list[GuestRow]:
    """Return these guests, those that are still there."""
    return _rows(session, list(guest_ids))


_HITS: Select[*tuple[Any, ...]] = (
    select(Guest.id, Guest.name, Guest.phone, Guest.document_shown, Guest.do_not_disclose)
    .join(_W, _W.guest_id == Guest.id)
    .where(_W.word >= bindparam("word"), _W.word < bindparam("end"))
    .order_by(_W.word, _W.guest_id)
    .limit(12)
)


@query(Permission.GUESTS_READ)
def search(session: Session, *, text: str) -> list[Hit]:
    """Find the records of guests by the beginning of a name, or by a phone; the nearest name first."""
    way = next(iter(asked(session, text)), ())
    word = "".join(way)[:LONGEST]
    if len(word) < LEAST:
        return []
    found = {row.id: row for row in session.execute(_HITS, {"word": word, "end": word + _AFTER})}
    return [
        Hit(
            row.name,
            _("guest record, do not disclose")
            if row.do_not_disclose
            else " ".join(filter(None, (_("guest record"), row.phone, row.document_shown))),
            "lock" if row.do_not_disclose else "user",
            "guests",
            {"guest_id": row.id},
        )
        for row in list(found.values())[:4]
    ]


_UNDISCLOSED = (
    select(Guest.name, Guest.phone)
    .join(_W, _W.guest_id == Guest.id)
    .where(_W.word.in_(bindparam("words", expanding=True)), Guest.do_not_disclose)
)


@query(Permission.GUESTS_READ)
def undisclosed(session: Session, *, name: str, phone: str) -> bool:
    """Say whether somebody known by this name is not to be disclosed; two different phones are two people."""
    words = sorted({"".join(way)[:LONGEST] for way in asked(session, name)})
    found = session.execute(_UNDISCLOSED, {"words": words}).all() if words else []
    return any(may_be_same(name, phone, guest.name, guest.phone) for guest in found)


@query(Permission.GUESTS_READ)
def one(session: Session, *, guest_id: int) -> GuestRow:
    """Return one guest."""
    return _rows(session, [guest_id])[0]
