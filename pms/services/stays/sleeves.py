"""The sleeve in which a guest takes the room's cards along."""

from pms.core.i18n import N_, _
from pms.db.work import Work
from pms.printing import slip
from pms.printing.slip import Big, Slip, Text
from pms.services.folios.printouts import letterhead
from pms.services.guests.models import Guest

from .charges import leaves_by
from .duty import BREAKFAST, SLEEVE
from .models import Stay
from .printouts import day_and_weekday
from .tongues import said_to


def print_sleeve(work: Work, stay: Stay, room: str, cards: int) -> None:
    """Print a sleeve with new cards, where the hotel wants one."""
    if cards and work.setting.options[SLEEVE]:
        guest = work.session.get_one(Guest, stay.guest_id)
        work.print(sleeve(work, stay, guest, room), record="stay", record_id=stay.id)


def sleeve(work: Work, stay: Stay, guest: Guest, room: str) -> Slip:
    """Return the sleeve: whose room, from when until when, the Wi-Fi, and where breakfast is."""
    options, say = work.setting.options, said_to((guest,))
    by = leaves_by(options, stay.free_until)
    told = ((say(N_("Wi-Fi")), options.wifi), (say(N_("Breakfast")), options[BREAKFAST]))
    return Slip(
        "card_sleeve",
        _("Card sleeve"),
        (
            Big(room, say(N_("Room")), far=True),
            slip.facts(
                (say(N_("Guest")), guest.name),
                (say(N_("Arrival")), day_and_weekday(stay.arrival)),
                (
                    say(N_("Departure")),
                    f"{day_and_weekday(stay.departure)} {by}",
                ),
                *((label, text) for label, text in told if text),
            ),
            *((Text(options.phone, "strong", "center"),) if options.phone else ()),
        ),
        **letterhead(work),
    )
