"""How bookings are named and coloured on their screens."""

from pms.services.reservations import queries

TONES = {
    "tentative": "block",
    "waiting": "warn",
    "confirmed": "expect",
    "guaranteed": "good",
    "in_house": "accent",
    "departed": "block",
    "cancelled": "block",
    "no_show": "bad",
}
ICONS = {
    "tentative": "clock",
    "waiting": "clock",
    "confirmed": "check",
    "guaranteed": "check-double",
    "in_house": "bed",
    "departed": "check-out",
    "cancelled": "close",
    "no_show": "alert",
}
SOURCES = queries.SOURCE_NAMES
"""Where a booking comes from; imported ones may name others, which are shown as they are."""
PAYERS = queries.PAYER_NAMES
"""Who pays for the room."""
