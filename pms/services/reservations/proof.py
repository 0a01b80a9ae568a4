"""On which ground a rate plan is sold: its condition read out, a channel's order, or somebody's authority."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from pms.core.authority import Kind, percent_off
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import show
from pms.core.offers import Customer
from pms.db.work import Work
from pms.services.authority import service as authority
from pms.services.rates import pricing
from pms.services.rates.models import RatePlan
from pms.services.rooms import inventory

from . import customer
from .customer import Whose
from .models import PAYERS, BookedRoom, NightRate, Reservation
from .wishes import Agreed, Wish

OPEN_TO_ALL = ("rack", "promotion")
"""Kinds of plans that ask for no proof; a promotion's condition is read out."""


GROUNDS = {"member": "member", "agreement": "company"}
"""Which record proves a plan of a kind: it has that plan, and counts on the nights."""


def proven(
    kind: str, channel: str, reference: str, plan_id: int | None = None, known: Sequence[Customer] = ()
) -> bool:
    """Say whether a plan of this kind has its ground: a channel's plan has the order's number, a member's or
    a company's the record of one who has this very plan and counts on the nights (``known``)."""
    if kind in OPEN_TO_ALL:
        return True
    if kind == "channel":
        return bool(channel.strip() and reference.strip())
    return any(
        one.kind == GROUNDS.get(kind) and one.plan_id == plan_id and not one.why_not
        for one in known
        if plan_id is not None
    )


def may_pay(payer: str, channel: str, company: str) -> str:
    """Return who pays, refused where whoever it is has no name."""
    if payer not in PAYERS:
        raise Refused(_("The guest, the channel or the company pays."))
    if payer == "channel" and not channel.strip():
        raise Refused(_("The channel pays: give its name."))
    if payer == "company" and not company.strip():
        raise Refused(_("The company pays: give its name."))
    return payer


def may_agree(wishes: Sequence[Wish], channel: int | None, reference: str) -> None:
    """Refuse the prices of a channel's order where no channel and no order stand behind them."""
    if any(isinstance(wish, Agreed) for wish in wishes) and not (channel and reference.strip()):
        raise Refused(_("Prices of an order need the channel and the order's number."))


@dataclass(frozen=True)
class Origin:
    """For whom a booking is and how it came in."""

    guest: str
    channel: str = ""
    reference: str = ""
    whose: Whose = Whose()


def origin_of(booking: Reservation) -> Origin:
    """Return for whom a booking is and how it came in, as it stands."""
    return Origin(booking.listed, booking.channel, booking.reference, customer.of(booking))


def asks_again(
    origin: Origin,
    line: BookedRoom,
    sold: tuple[int | None, date, date],
    whose: Mapping[str, int | None],
) -> bool:
    """Say whether a change asks for the ground of the plan again: another plan, another member or company, or
    other nights than those on which theirs was found to count."""
    if line.plan_id != sold[0] or whose:
        return True
    agreed = origin.whose.member is not None or origin.whose.company is not None
    return agreed and (line.arrival, line.departure) != sold[1:]


def may_sell(work: Work, origin: Origin, made: Sequence[BookedRoom]) -> None:
    """Let rooms be sold by their plans: each condition is read out once, and a plan without its ground needs
    authority for what it takes off the price list."""
    for plan_id in sorted({line.plan_id for line in made if line.plan_id is not None}):
        plan = work.session.get_one(RatePlan, plan_id)
        if plan.conditions:
            work.confirm(
                f"plan:{plan.id}",
                _("Read out to the guest: %(conditions)s") % {"conditions": plan.conditions},
            )
        sold = [line for line in made if line.plan_id == plan_id]
        known = nights_of(work, origin, sold) if plan.kind in GROUNDS else []
        if not proven(plan.kind, origin.channel, origin.reference, plan.id, known):
            _without(work, plan, origin.guest, sold)


def nights_of(work: Work, origin: Origin, lines: Sequence[BookedRoom]) -> list[Customer]:
    """Return whom a booking is with, as they count on the nights of these rooms."""
    first = min(line.arrival for line in lines)
    last = max(max(line.arrival, line.departure - inventory.DAY) for line in lines)
    return customer.on_nights(customer.asked_by(work), origin.whose, first, last)


def _without(work: Work, plan: RatePlan, guest: str, lines: Sequence[BookedRoom]) -> None:
    prices = {
        (line_id, night): int(price)
        for line_id, night, price in work.session.execute(
            select(NightRate.line_id, NightRate.night, NightRate.price).where(
                NightRate.line_id.in_([line.id for line in lines])
            )
        )
    }
    listed = [
        (line.id, n)
        for line in lines
        for n in pricing.rack(
            work.session, type_id=line.type_id, nights=inventory.nights(line.arrival, line.departure)
        )
    ]
    off = sum(max(n.price - prices.get((line, n.night), n.price), 0) for line, n in listed)
    what = _("%(plan)s for %(guest)s without proof, %(sum)s below list price") % {
        "plan": plan.name,
        "guest": guest,
        "sum": show(off, work.setting.digits),
    }
    authority.authorise(
        work,
        Kind.PLAN,
        what,
        percent=percent_off(off, sum(n.price for _line, n in listed)) if listed else None,
        amount=off,
        line_id=lines[0].id,
    )
