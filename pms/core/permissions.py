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
    STAFF_READ = "staff:read"
    ROOMS_EDIT = "rooms:edit"
    ROOMS_BLOCK = "rooms:block"
    ROOMS_STATUS = "rooms:status"
    ROOMS_INSPECT = "rooms:inspect"
    RATES_EDIT = "rates:edit"
    RATES_MANUAL = "rates:manual"
    GUESTS_READ = "guests:read"
    GUESTS_EDIT = "guests:edit"
    GUESTS_REVEAL = "guests:reveal"
    GUESTS_EXPORT = "guests:export"
    GUESTS_ERASE = "guests:erase"
    RESERVATIONS_BOOK = "reservations:book"
    RESERVATIONS_CANCEL = "reservations:cancel"
    RESERVATIONS_OVERBOOK = "reservations:overbook"
    RESERVATIONS_IMPORT = "reservations:import"
    STAYS_CHECK_IN = "stays:check_in"
    STAYS_CHANGE = "stays:change"
    STAYS_CHECK_OUT = "stays:check_out"
    STAYS_UNDO = "stays:undo"
    FOLIOS_READ = "folios:read"
    FOLIOS_CHARGE = "folios:charge"
    FOLIOS_PAY = "folios:pay"
    FOLIOS_REFUND = "folios:refund"
    FOLIOS_VOID = "folios:void"
    FOLIOS_ADJUST = "folios:adjust"
    FOLIOS_TRANSFER = "folios:transfer"
    HOUSEKEEPING_SHEET = "housekeeping:sheet"
    HOUSEKEEPING_SIGN = "housekeeping:sign"
    HOUSEKEEPING_CLEAR = "housekeeping:clear"
    SHIFTS_WORK = "shifts:work"
    SHIFTS_PAY_OUT = "shifts:pay_out"
    SHIFTS_CORRECT_FLOAT = "shifts:correct_float"
    CARDS_ISSUE = "cards:issue"
    SHOP_SELL = "shop:sell"
    SHOP_RECEIVE = "shop:receive"
    SHOP_COUNT = "shop:count"
    SHOP_EDIT = "shop:edit"
    AUDIT_RUN = "night_audit:run"
    REPORTS_READ = "reports:read"
    TAKE_OUT = "reports:take_out"
    TAKE_OUT_BULK = "reports:take_out_bulk"
    REPORTS_SIGN = "period_reports:sign"
    DAY_AUDIT_NOTE = "day_audit:note"
    DAY_AUDIT_WORK = "day_audit:work"
    WAKE_UPS = "wake_ups:work"
    MESSAGES = "messages:write"
    PRINT_AGAIN = "printing:reprint"
    TYPE_LATER = "downtime:type"
    APPROVE = "authority:approve"
    APPROVE_BY_PHONE = "authority:phone"
    ACCESS_READ = "access:read"
    AUTHORITY_EDIT = "authority:edit"
    AUTHORITY_DELEGATE = "authority:delegate"


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
