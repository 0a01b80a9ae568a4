"""Rights, as ``noun:verb``, and the roles a hotel starts with. What a right is called and which roles start
with it stands in the row of its duty (``pms/services/<word>/duty.py``)."""

from enum import ReprEnum

from pms.core.i18n import N_


class Right(str):
    """One right, as ``noun:verb``. One that its own duty alone asks for is made in the duty's package."""

    __slots__ = ()


class Permission(Right, ReprEnum):
    """The rights that more than one duty asks for; an operation names the one it needs."""

    PROPERTY_EDIT = "property:edit"
    STAFF_EDIT = "staff:edit"
    STAFF_OWN = "staff:own"
    ROOMS_EDIT = "rooms:edit"
    ROOMS_STATUS = "rooms:status"
    ROOMS_INSPECT = "rooms:inspect"
    RATES_MANUAL = "rates:manual"
    GUESTS_READ = "guests:read"
    GUESTS_EDIT = "guests:edit"
    GUESTS_REVEAL = "guests:reveal"
    GUESTS_EXPORT = "guests:export"
    GUESTS_ERASE = "guests:erase"
    RESERVATIONS_BOOK = "reservations:book"
    STAYS_CHANGE = "stays:change"
    FOLIOS_READ = "folios:read"
    FOLIOS_PAY = "folios:pay"
    FOLIOS_REFUND = "folios:refund"
    FOLIOS_ADJUST = "folios:adjust"
    PREAUTH = "preauth:work"
    AUDIT_RUN = "night_audit:run"
    REPORTS_READ = "reports:read"
    TAKE_OUT = "reports:take_out"
    TAKE_OUT_BULK = "reports:take_out_bulk"
    MESSAGES = "messages:write"
    PRINT_AGAIN = "printing:reprint"
    TYPE_LATER = "downtime:type"
    APPROVE = "authority:approve"
    APPROVE_BY_PHONE = "authority:phone"


RANKS = {
    "clerk": N_("Clerk"),
    "supervisor": N_("Duty manager"),
    "auditor": N_("Night auditor"),
    "housekeeping": N_("Housekeeping lead"),
    "attendant": N_("Attendant"),
    "manager": N_("Manager"),
    "owner": N_("Owner"),
    "administrator": N_("Administrator"),
}
"""The roles a hotel starts with, the lowest rank first; a hotel edits its own copy in the database."""
OWNER = "owner"
"""The role that starts with every right."""
OWNERS: frozenset[str] = frozenset()
MANAGERS = frozenset({"manager"})
LEADERS = MANAGERS | {"supervisor"}
EVERY_DESK = LEADERS | {"clerk", "auditor"}
"""Roles that start with a right, beside the owner: nobody else, the manager, the duty manager too, everybody
at the desk."""
