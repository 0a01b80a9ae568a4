"""How bookings are named and coloured on their screens."""
from pms.core.i18n import N_

TONES = {"tentative": "block", "waiting": "warn", "confirmed": "expect", "guaranteed": "good", "in_house": "accent", "departed": "block",
         "cancelled": "block", "no_show": "bad"}
ICONS = {"tentative": "clock", "waiting": "clock", "confirmed": "check", "guaranteed": "check-double", "in_house": "bed", "departed": "check-out",
         "cancelled": "close", "no_show": "alert"}
SOURCES = {"phone": N_("Phone"), "walk_in": N_("Walk-in"), "web": N_("Web"), "ota": N_("Travel site"), "company": N_("Agreement company"),
           "member": N_("Member"), "group": N_("Group"), "mail": N_("Fax or e-mail")}
"""Where a booking comes from; imported ones may name others, which are shown as they are."""
