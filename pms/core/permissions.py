"""Every right a role may hold, as ``noun:verb``, and the roles a hotel starts with."""

from enum import StrEnum

from pms.core.i18n import N_


class Permission(StrEnum):
    """One right; an operation names the one it needs."""

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
    CARDS_ISSUE = "cards:issue"
    LUGGAGE_STORE = "luggage:store"
    LUGGAGE_CLAIM = "luggage:claim"
    LOST_REGISTER = "lost_found:register"
    LOST_GIVE_BACK = "lost_found:give_back"
    LOST_DISPOSE = "lost_found:dispose"
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


P = Permission
DESK = frozenset(
    {
        P.STAFF_OWN,
        P.WAKE_UPS,
        P.MESSAGES,
        P.ROOMS_STATUS,
        P.GUESTS_READ,
        P.GUESTS_EDIT,
        P.FOLIOS_READ,
        P.RESERVATIONS_BOOK,
        P.RESERVATIONS_CANCEL,
        P.STAYS_CHECK_IN,
        P.STAYS_CHANGE,
        P.STAYS_CHECK_OUT,
        P.FOLIOS_CHARGE,
        P.FOLIOS_PAY,
        P.FOLIOS_REFUND,
        P.FOLIOS_VOID,
        P.FOLIOS_TRANSFER,
        P.CARDS_ISSUE,
        P.SHIFTS_WORK,
        P.PRINT_AGAIN,
        P.LUGGAGE_STORE,
        P.LUGGAGE_CLAIM,
        P.LOST_REGISTER,
        P.LOST_GIVE_BACK,
        P.SHOP_SELL,
        P.SHOP_RECEIVE,
        P.SHOP_COUNT,
        P.APPROVE_BY_PHONE,
    }
)
LEADING = DESK | {
    P.ROOMS_BLOCK,
    P.ROOMS_INSPECT,
    P.RATES_MANUAL,
    P.GUESTS_REVEAL,
    P.STAYS_UNDO,
    P.FOLIOS_ADJUST,
    P.APPROVE,
    P.AUTHORITY_DELEGATE,
    P.AUDIT_RUN,
    P.REPORTS_READ,
    P.TAKE_OUT,
    P.RESERVATIONS_OVERBOOK,
    P.HOUSEKEEPING_SHEET,
    P.HOUSEKEEPING_SIGN,
    P.HOUSEKEEPING_CLEAR,
    P.SHIFTS_PAY_OUT,
    P.LOST_DISPOSE,
    P.SHOP_EDIT,
    P.REPORTS_SIGN,
    P.DAY_AUDIT_NOTE,
    P.DAY_AUDIT_WORK,
    P.ACCESS_READ,
    P.STAFF_READ,
    P.TYPE_LATER,
}
ALL = frozenset(Permission)
ROLES: dict[str, tuple[str, frozenset[Permission]]] = {
    "clerk": (N_("Clerk"), DESK),
    "supervisor": (N_("Duty manager"), LEADING),
    "auditor": (
        N_("Night auditor"),
        DESK
        | {
            P.AUDIT_RUN,
            P.REPORTS_READ,
            P.TAKE_OUT,
            P.FOLIOS_ADJUST,
            P.GUESTS_REVEAL,
            P.APPROVE,
            P.HOUSEKEEPING_CLEAR,
            P.DAY_AUDIT_NOTE,
            P.STAFF_READ,
            P.TYPE_LATER,
        },
    ),
    "housekeeping": (
        N_("Housekeeping lead"),
        frozenset(
            {
                P.STAFF_OWN,
                P.MESSAGES,
                P.ROOMS_STATUS,
                P.ROOMS_INSPECT,
                P.ROOMS_BLOCK,
                P.HOUSEKEEPING_SHEET,
                P.HOUSEKEEPING_SIGN,
                P.HOUSEKEEPING_CLEAR,
                P.LOST_REGISTER,
                P.APPROVE,
                P.AUTHORITY_DELEGATE,
            }
        ),
    ),
    "attendant": (N_("Attendant"), frozenset({P.STAFF_OWN, P.ROOMS_STATUS, P.LOST_REGISTER})),
    "manager": (N_("Manager"), ALL - {P.STAFF_EDIT, P.AUTHORITY_EDIT, P.GUESTS_ERASE}),
    "owner": (N_("Owner"), ALL),
    "administrator": (
        N_("Administrator"),
        frozenset(
            {P.STAFF_OWN, P.STAFF_READ, P.STAFF_EDIT, P.PROPERTY_EDIT, P.ROOMS_EDIT, P.RESERVATIONS_IMPORT}
        ),
    ),
}
"""Role code → name and the rights it starts with; a hotel edits its own copy in the database."""
