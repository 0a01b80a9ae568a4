"""Every right a role may hold, as ``noun:verb``, and the roles a hotel starts with."""
from enum import StrEnum

from pms.core.i18n import N_


class Permission(StrEnum):
    """One right; an operation names the one it needs."""

    PROPERTY_EDIT = "property:edit"
    STAFF_EDIT = "staff:edit"
    STAFF_OWN = "staff:own"
    ROOMS_EDIT = "rooms:edit"
    ROOMS_BLOCK = "rooms:block"
    ROOMS_STATUS = "rooms:status"
    ROOMS_INSPECT = "rooms:inspect"
    RATES_EDIT = "rates:edit"
    RATES_MANUAL = "rates:manual"
    GUESTS_EDIT = "guests:edit"
    GUESTS_REVEAL = "guests:reveal"
    RESERVATIONS_BOOK = "reservations:book"
    RESERVATIONS_CANCEL = "reservations:cancel"
    RESERVATIONS_OVERBOOK = "reservations:overbook"
    RESERVATIONS_IMPORT = "reservations:import"
    STAYS_CHECK_IN = "stays:check_in"
    STAYS_CHANGE = "stays:change"
    STAYS_CHECK_OUT = "stays:check_out"
    STAYS_UNDO = "stays:undo"
    FOLIOS_CHARGE = "folios:charge"
    FOLIOS_PAY = "folios:pay"
    FOLIOS_REFUND = "folios:refund"
    FOLIOS_VOID = "folios:void"
    FOLIOS_ADJUST = "folios:adjust"
    FOLIOS_TRANSFER = "folios:transfer"
    CARDS_ISSUE = "cards:issue"
    CARDS_STAFF = "cards:staff"
    AUDIT_RUN = "night_audit:run"
    PRINT_AGAIN = "printing:reprint"
    APPROVE = "authority:approve"


P = Permission
DESK = frozenset({P.STAFF_OWN, P.ROOMS_STATUS, P.GUESTS_EDIT, P.RESERVATIONS_BOOK, P.RESERVATIONS_CANCEL, P.STAYS_CHECK_IN, P.STAYS_CHANGE,
                  P.STAYS_CHECK_OUT, P.FOLIOS_CHARGE, P.FOLIOS_PAY, P.FOLIOS_REFUND, P.FOLIOS_VOID, P.FOLIOS_TRANSFER, P.CARDS_ISSUE,
                  P.PRINT_AGAIN})
LEADING = DESK | {P.ROOMS_BLOCK, P.ROOMS_INSPECT, P.RATES_MANUAL, P.GUESTS_REVEAL, P.STAYS_UNDO, P.FOLIOS_ADJUST, P.CARDS_STAFF, P.APPROVE,
                  P.AUDIT_RUN, P.RESERVATIONS_OVERBOOK}
ALL = frozenset(Permission)
ROLES: dict[str, tuple[str, frozenset[Permission]]] = {
    "clerk": (N_("Clerk"), DESK),
    "supervisor": (N_("Duty manager"), LEADING),
    "auditor": (N_("Night auditor"), DESK | {P.AUDIT_RUN, P.FOLIOS_ADJUST, P.GUESTS_REVEAL, P.APPROVE}),
    "housekeeping": (N_("Housekeeping lead"), frozenset({P.STAFF_OWN, P.ROOMS_STATUS, P.ROOMS_INSPECT, P.ROOMS_BLOCK})),
    "attendant": (N_("Attendant"), frozenset({P.STAFF_OWN, P.ROOMS_STATUS})),
    "manager": (N_("Manager"), ALL - {P.STAFF_EDIT}),
    "owner": (N_("Owner"), ALL),
    "administrator": (N_("Administrator"), frozenset({P.STAFF_OWN, P.STAFF_EDIT, P.PROPERTY_EDIT, P.ROOMS_EDIT, P.RESERVATIONS_IMPORT})),
}
"""Role code → name and the rights it starts with; a hotel edits its own copy in the database."""
