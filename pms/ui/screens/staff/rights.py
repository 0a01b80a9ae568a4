"""Every right in the words of Settings, in groups."""
from pms.core.i18n import N_
from pms.core.permissions import Permission as P

RIGHTS: tuple[tuple[str, tuple[tuple[P, str], ...]], ...] = (
    (N_("Bookings and stays"), (
        (P.RESERVATIONS_BOOK, N_("Book and change bookings")), (P.RESERVATIONS_CANCEL, N_("Cancel bookings")),
        (P.RESERVATIONS_OVERBOOK, N_("Sell beyond the rooms there are")), (P.RESERVATIONS_IMPORT, N_("Import bookings")),
        (P.STAYS_CHECK_IN, N_("Check guests in")), (P.STAYS_CHANGE, N_("Extend stays and change rooms")),
        (P.STAYS_CHECK_OUT, N_("Check guests out")), (P.STAYS_UNDO, N_("Undo a check-in or check-out")))),
    (N_("Money"), (
        (P.FOLIOS_CHARGE, N_("Post charges")), (P.FOLIOS_PAY, N_("Take payments and deposits")), (P.FOLIOS_REFUND, N_("Give deposits back")),
        (P.FOLIOS_VOID, N_("Void one's own postings of today")), (P.FOLIOS_ADJUST, N_("Reverse postings of others and of closed days")),
        (P.FOLIOS_TRANSFER, N_("Transfer between folios")), (P.RATES_MANUAL, N_("Give prices by hand and waive charges")),
        (P.AUDIT_RUN, N_("Run the night audit")))),
    (N_("Rooms and cards"), (
        (P.ROOMS_STATUS, N_("Set rooms clean and dirty")), (P.ROOMS_INSPECT, N_("Pass rooms as inspected")),
        (P.ROOMS_BLOCK, N_("Take rooms out of sale")), (P.CARDS_ISSUE, N_("Cut and take back room cards")),
        (P.CARDS_STAFF, N_("Cut staff and emergency cards")))),
    (N_("Guests and papers"), (
        (P.GUESTS_EDIT, N_("Enter and change guests")), (P.GUESTS_REVEAL, N_("See whole document numbers")),
        (P.PRINT_AGAIN, N_("Print papers again")))),
    (N_("Settings and authority"), (
        (P.STAFF_OWN, N_("Change one's own password")), (P.APPROVE, N_("Approve what others may not do alone")),
        (P.ROOMS_EDIT, N_("Change rooms and types")), (P.RATES_EDIT, N_("Change prices")), (P.STAFF_EDIT, N_("Change staff and rights")),
        (P.PROPERTY_EDIT, N_("Change the hotel's rules")))),
)
