"""The index of duties, in the order of the navigation: the row of each stands in its own package."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from pms.core.duty import Duty as Duty
from pms.core.duty import every_right, starting_rights
from pms.core.offers import Kind, Offers
from pms.core.permissions import RANKS
from pms.services.approvals import duty as approvals
from pms.services.attempts import duty as attempts
from pms.services.authority import duty as authority
from pms.services.business_day import duty as business_day
from pms.services.cards import duty as cards
from pms.services.channels import duty as channels
from pms.services.chasing import duty as chasing
from pms.services.companies import duty as companies
from pms.services.damages import duty as damages
from pms.services.day_audit import duty as day_audit
from pms.services.debts import duty as debts
from pms.services.downtime import duty as downtime
from pms.services.drafts import duty as drafts
from pms.services.figures import duty as figures
from pms.services.folios import duty as folios
from pms.services.guests import duty as guests
from pms.services.house_accounts import duty as house_accounts
from pms.services.housekeeping import duty as housekeeping
from pms.services.invoices import duty as invoices
from pms.services.lost_found import duty as lost_found
from pms.services.luggage import duty as luggage
from pms.services.margin import duty as margin
from pms.services.members import duty as members
from pms.services.messages import duty as messages
from pms.services.night_audit import duty as night_audit
from pms.services.opening import duty as opening
from pms.services.orders import duty as orders
from pms.services.payments import duty as payments
from pms.services.period_reports import duty as period_reports
from pms.services.preauth import duty as preauth
from pms.services.print_jobs import duty as print_jobs
from pms.services.property import duty as property
from pms.services.rates import duty as rates
from pms.services.receivables import duty as receivables
from pms.services.rental import duty as rental
from pms.services.reports import duty as reports
from pms.services.reservations import duty as reservations
from pms.services.room_board import duty as room_board
from pms.services.rooms import duty as rooms
from pms.services.settlements import duty as settlements
from pms.services.shifts import duty as shifts
from pms.services.shop import duty as shop
from pms.services.staff import duty as staff
from pms.services.statements import duty as statements
from pms.services.stays import duty as stays
from pms.services.vouchers import duty as vouchers
from pms.services.wake_ups import duty as wake_ups

DUTIES: tuple[Duty, ...] = (
    room_board.DUTY,
    reservations.DUTY,
    stays.DUTY,
    folios.DUTY,
    receivables.DUTY,
    debts.DUTY,
    settlements.DUTY,
    house_accounts.DUTY,
    shifts.DUTY,
    statements.DUTY,
    night_audit.DUTY,
    housekeeping.DUTY,
    messages.DUTY,
    wake_ups.DUTY,
    luggage.DUTY,
    lost_found.DUTY,
    rental.DUTY,
    damages.DUTY,
    invoices.DUTY,
    chasing.DUTY,
    orders.DUTY,
    preauth.DUTY,
    attempts.DUTY,
    vouchers.DUTY,
    shop.DUTY,
    margin.DUTY,
    day_audit.DUTY,
    reports.DUTY,
    payments.DUTY,
    period_reports.DUTY,
    figures.DUTY,
    rooms.DUTY,
    rates.DUTY,
    guests.DUTY,
    members.DUTY,
    companies.DUTY,
    channels.DUTY,
    drafts.DUTY,
    cards.DUTY,
    staff.DUTY,
    authority.DUTY,
    approvals.DUTY,
    property.DUTY,
    business_day.DUTY,
    opening.DUTY,
    downtime.DUTY,
    print_jobs.DUTY,
)
ALL = every_right(DUTIES)
"""Every right of this release."""
ROLES = {role: (RANKS[role], rights) for role, rights in starting_rights(DUTIES).items()}
"""Role code → name and the rights it starts with."""


def resolve(dotted: str) -> Any:
    """Return what ``package.module:name`` names, importing it now."""
    module, name = dotted.split(":")
    return getattr(import_module(module), name)


def screens(index: Sequence[Duty] = DUTIES) -> dict[str, str]:
    """Return the dotted name of every screen by the word it is reached by."""
    found = {duty.word: duty.screen for duty in index if duty.screen}
    return found | {word: dotted for duty in index for word, dotted in duty.pages}


def offered(index: Sequence[Duty] = DUTIES) -> Offers:
    """Return what duties offer to each other, by kind and in the index's order."""
    found: dict[Kind, list[Callable[..., Any]]] = {}
    for duty in index:
        for offer in duty.offers:
            found.setdefault(offer.kind, []).append(resolve(offer.dotted))
    return Offers(found)
