"""Every right in the words of Settings, in groups; a right that has no words yet is offered under its own
name."""

from pms.core.i18n import N_
from pms.core.permissions import Permission

Group = tuple[str, tuple[tuple[str, str], ...]]

WORDS: tuple[Group, ...] = (
    (
        N_("Bookings and stays"),
        (
            ("reservations:book", N_("Book and change bookings")),
            ("reservations:cancel", N_("Cancel bookings")),
            ("reservations:overbook", N_("Sell beyond the rooms there are")),
            ("reservations:import", N_("Import bookings")),
            ("stays:check_in", N_("Check guests in")),
            ("stays:change", N_("Extend stays and change rooms")),
            ("stays:check_out", N_("Check guests out")),
            ("stays:undo", N_("Undo a check-in or check-out")),
        ),
    ),
    (
        N_("Money"),
        (
            ("folios:charge", N_("Post charges")),
            ("folios:pay", N_("Take payments and deposits")),
            ("folios:refund", N_("Give deposits back")),
            ("folios:void", N_("Void one's own postings of today")),
            ("folios:adjust", N_("Reverse other people's and closed days' lines")),
            ("folios:transfer", N_("Transfer between folios")),
            ("downtime:type", N_("Type afterwards what was done on paper")),
            ("rates:manual", N_("Give a price where none is listed")),
            ("shifts:work", N_("Work a shift with a drawer")),
            ("shifts:pay_out", N_("Pay out of the drawer")),
            ("shifts:see", N_("See all shifts")),
            ("night_audit:run", N_("Run the night audit")),
            ("day_audit:note", N_("Add day audit findings")),
            ("day_audit:work", N_("Look into and close day audit findings")),
        ),
    ),
    (
        N_("Rooms and cards"),
        (
            ("rooms:status", N_("Set rooms clean and dirty")),
            ("rooms:inspect", N_("Pass rooms as inspected")),
            ("rooms:block", N_("Take rooms out of sale")),
            ("housekeeping:sheet", N_("Enter the status sheet")),
            ("housekeeping:sign", N_("Sign the status sheet")),
            ("housekeeping:clear", N_("Clear discrepancies")),
            ("cards:issue", N_("Cut and take back room cards")),
        ),
    ),
    (
        N_("Services"),
        (
            ("luggage:store", N_("Store luggage")),
            ("luggage:claim", N_("Hand luggage back")),
            ("wake_ups:work", N_("Make wake-up calls")),
            ("lost_found:register", N_("Register lost property")),
            ("lost_found:give_back", N_("Give lost property back")),
            ("lost_found:dispose", N_("Dispose of lost property")),
            ("shop:sell", N_("Sell in the shop")),
            ("shop:receive", N_("Take goods in")),
            ("shop:count", N_("Count goods")),
            ("shop:edit", N_("Change goods and their prices")),
        ),
    ),
    (
        N_("Guests and papers"),
        (
            ("guests:edit", N_("Enter and change guests")),
            ("guests:reveal", N_("See whole document numbers")),
            ("guests:export", N_("Save what is kept of a guest as a file")),
            ("guests:erase", N_("Erase guests' data")),
            ("printing:reprint", N_("Print papers again")),
            ("reports:read", N_("Read reports and figures")),
            ("reports:take_out", N_("Save reports of a day as files")),
            ("reports:take_out_bulk", N_("Save reports of more days or guests as files")),
            ("period_reports:sign", N_("Sign weekly and monthly reports")),
        ),
    ),
    (
        N_("Settings and authority"),
        (
            ("staff:own", N_("Change one's own password")),
            ("authority:approve", N_("Approve what others may not do alone")),
            ("authority:edit", N_("Change how far each role may go")),
            ("authority:phone", N_("Take an approval by phone")),
            ("authority:delegate", N_("Hand one's own authority over for a period")),
            ("access:read", N_("Read what was refused and looked at")),
            ("rooms:edit", N_("Change rooms and types")),
            ("rates:edit", N_("Change prices")),
            ("staff:edit", N_("Change staff and rights")),
            ("property:edit", N_("Change the hotel's rules")),
        ),
    ),
)
OTHER = N_("Other rights")


def rights() -> list[Group]:
    """Return the rights of this release by group, those without words last."""
    known = {str(right) for right in Permission}
    found = [(group, tuple(pair for pair in pairs if pair[0] in known)) for group, pairs in WORDS]
    named = {right for _group, pairs in found for right, _words in pairs}
    rest = tuple((right, right) for right in sorted(known - named))
    return [*found, *([(OTHER, rest)] if rest else [])]
