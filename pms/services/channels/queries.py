"""Which channels there are, and how they settle."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from pms.core import typed
from pms.core.i18n import N_, _, language
from pms.core.names import folded
from pms.core.offers import Customer, Hit
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.services.guests.search import fits
from pms.services.rates.models import RatePlan
from pms.services.staff import told as trail
from pms.services.staff.told import Told

from .models import PERIODS, SETTLES, Channel

__all__ = ["PERIODS", "SETTLES"]
KIND = "channel"
MOST = 8
CODE = 20
"""A code has no more signs."""


@dataclass(frozen=True)
class ChannelRow:
    """A channel as lists show it; ``commission`` is in basis points."""

    id: int
    number: int
    code: str
    name: str
    name_en: str
    settles: str
    commission: int
    period: str
    contact: str
    phone: str
    plan_id: int | None
    plan_name: str
    ended_on: date | None

    @property
    def active(self) -> bool:
        """Say whether rooms are sold through it."""
        return self.ended_on is None

    @property
    def shown(self) -> str:
        """Return its name in the language of the screen."""
        return in_words(self.name, self.name_en)

    def as_customer(self) -> Customer:
        """Return the channel as a booking knows it."""
        return Customer(
            KIND,
            self.number,
            self.shown,
            " ".join((self.code, _(SETTLES[self.settles]))),
            self.plan_id,
            why_not="" if self.active else _("Nothing is sold through this channel any more."),
        )


def in_words(name: str, name_en: str) -> str:
    """Return a channel's name in the language of the screen."""
    return (name if language() == "zh_CN" else name_en) or name


FIELDS = {
    "code": N_("Short code"),
    "name": N_("Channel name"),
    "name_en": N_("English name"),
    "settles": N_("Settles"),
    "commission": N_("Commission"),
    "period": N_("Statement every"),
    "contact": N_("Contact"),
    "phone": N_("Phone"),
    "plan_id": N_("Rate plan"),
    "ended_on": N_("Ended on"),
}
"""What is told of a channel's changes, and how it is called."""


def _channels() -> Select[*tuple[Any, ...]]:
    c = Channel
    return select(
        c.id,
        c.number,
        c.code,
        c.name,
        c.name_en,
        c.settles,
        c.commission,
        c.period,
        c.contact,
        c.phone,
        c.plan_id,
        func.coalesce(RatePlan.name, ""),
        c.ended_on,
    ).outerjoin(RatePlan, RatePlan.id == c.plan_id)


@query(Permission.GUESTS_READ)
def channels(session: Session) -> list[ChannelRow]:
    """Return every channel in the order it was entered."""
    return [ChannelRow(*row) for row in session.execute(_channels().order_by(Channel.number))]


@query(Permission.GUESTS_READ)
def channel(session: Session, *, number: int) -> ChannelRow | None:
    """Return a channel by its number, None when there is none."""
    row = session.execute(_channels().where(Channel.number == number)).first()
    return ChannelRow(*row) if row else None


@query(Permission.GUESTS_READ)
def history(session: Session, *, number: int) -> list[Told]:
    """Return what was changed of a channel, the latest first."""
    found = session.scalars(select(Channel.id).where(Channel.number == number)).all()
    return trail.told(session, records={"channel": found})


def _found(session: Session, text: str, most: int) -> list[ChannelRow]:
    if not text.strip():
        return []
    c, code, name = Channel, typed.code(text), folded(text)
    fitting = or_(fits(session, c.search, text), c.code == code[:CODE])
    rows = [ChannelRow(*row) for row in session.execute(_channels().where(fitting).order_by(c.number))]
    best = sorted(
        rows, key=lambda r: (not r.active, r.code != code, not folded(r.shown).startswith(name), r.number)
    )
    return best[:most]


@query(Permission.GUESTS_READ)
def customers(session: Session, *, text: str, on: date) -> list[Customer]:
    """Find channels by name, pinyin, code or a contact's phone."""
    return [row.as_customer() for row in _found(session, text, MOST)]


@query(Permission.GUESTS_READ)
def customer_of(session: Session, *, kind: str, number: int, on: date) -> Sequence[Customer]:
    """Return a channel as a booking knows it."""
    found = channel(session, number=number) if kind == KIND else None
    return [found.as_customer()] if found else []


@query(Permission.GUESTS_READ)
def search(session: Session, *, text: str) -> list[Hit]:
    """Find channels likewise, for Ctrl+K."""
    return [
        Hit(
            " ".join((row.shown, row.code)),
            " ".join((_("Channel"), _(SETTLES[row.settles]))),
            "language",
            "channels",
            {"number": row.number},
        )
        for row in _found(session, text, 4)
    ]
