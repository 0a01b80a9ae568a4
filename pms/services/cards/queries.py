"""Which cards are out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from pms.core.i18n import _, ngettext
from pms.core.money import Money
from pms.core.offers import OpenItem
from pms.core.reading import query
from pms.services.folios import tax
from pms.services.property.queries import setting
from pms.services.rooms.models import Room

from .duty import CARDS_ISSUE
from .models import LIVE, LIVE_STATES, Card


@dataclass(frozen=True)
class CardRow:
    """A room card."""

    id: int
    stay_id: int | None
    room: str
    lock_id: str
    kind: str
    state: str
    valid_from: datetime
    valid_to: datetime
    trouble: str
    issued_at: datetime


def _cards() -> Select[*tuple[Any, ...]]:
    c = Card
    return (
        select(
            c.id,
            c.stay_id,
            Room.number,
            Room.lock_id,
            c.kind,
            c.state,
            c.valid_from,
            c.valid_to,
            c.trouble,
            c.issued_at,
        )
        .join(Room, Room.id == c.room_id)
        .order_by(c.id)
    )


@query(CARDS_ISSUE)
def live(session: Session, *, stay_id: int) -> int:
    """Return how many cards of a stay are out."""
    counted = select(func.count()).select_from(Card).where(Card.stay_id == stay_id, LIVE)
    return int(session.execute(counted).scalar_one())


@query(CARDS_ISSUE)
def of_stay(session: Session, *, stay_id: int) -> list[CardRow]:
    """Return a stay's cards, oldest first."""
    return [CardRow(*row) for row in session.execute(_cards().where(Card.stay_id == stay_id))]


@query(CARDS_ISSUE)
def still_out(session: Session, *, stay_id: int) -> int:
    """Return how many of a stay's cards have not come back."""
    return sum(card.state in LIVE_STATES for card in of_stay(session, stay_id=stay_id))


@query(CARDS_ISSUE)
def price(session: Session, *, missing: int) -> Money:
    """Return what cards that are not back cost at a check-out, with the tax on them."""
    options = setting(session).options
    amount = options.card_price * missing
    return Money(amount + tax.on_top(options, "CARD", amount))


@query()
def to_cut(session: Session, *, station: str) -> list[CardRow]:
    """Return the cards that wait for a workstation's encoder, oldest first."""
    waiting = _cards().where(LIVE, Card.state == "pending", Card.station == station).order_by(None)
    found = [CardRow(*row) for row in session.execute(waiting)]
    return sorted(found, key=lambda c: c.id)  # here: asked for in order, all cards would be walked through


@query(CARDS_ISSUE)
def open_items(session: Session) -> list[OpenItem]:
    """Return for the handover how many cards are with guests in each room, and what the encoder failed at."""
    c = Card
    out = session.execute(
        select(Room.number, func.count(), func.min(c.issued_at))
        .join(Room, Room.id == c.room_id)
        .where(LIVE, c.state == "valid")
        .group_by(Room.number)
        .order_by(Room.number)
    ).all()
    failed = session.execute(
        select(Room.number, func.count(), func.min(c.issued_at))
        .join(Room, Room.id == c.room_id)
        .where(LIVE, c.state == "failed")
        .group_by(Room.number)
        .order_by(Room.number)
    )
    number = sum(n for _room, n, _since in out)
    rooms = ", ".join(f"{room} × {n}" if n > 1 else room for room, n, _since in out)
    told = ngettext("%(n)s card is out: %(rooms)s.", "%(n)s cards are out: %(rooms)s.", number) % {
        "n": number,
        "rooms": rooms,
    }
    items = [OpenItem("cards", str(number), told, min(since for _r, _n, since in out))] if out else []
    return items + [
        OpenItem("cards", room, _("Cards that could not be cut: %(n)s.") % {"n": n}, since)
        for room, n, since in failed
    ]
