"""The notice that asks a guest to pay: a slip for the envelope, or a sheet."""

from datetime import datetime

from pms.core import dates
from pms.core.clock import local
from pms.core.i18n import N_, _
from pms.core.money import Money, show
from pms.db.work import Work
from pms.printing import slip
from pms.printing.slip import Block, Signatures, Slip, Text
from pms.services.folios import queries as folios
from pms.services.folios.printouts import headed
from pms.services.guests.models import Guest
from pms.services.stays.tongues import Say, said_to

from .queries import Chased

LEAVING = N_(
    "Your deposit no longer covers your stay. Pay at the front desk by the time named here, or check out "
    "before; your room card opens until your time of departure."
)
STAYING = N_(
    "Your deposit no longer covers your stay. To stay on, pay at the front desk by the time named here; any "
    "way to pay is welcome."
)


def sheet(work: Work, one: Chased, *, guest: Guest, until: datetime) -> Slip:
    """Return the notice of one guest on a sheet: deposit, spent, owed, what to pay and until when, in the
    guest's own language too."""
    say = said_to((guest,))
    return Slip(
        "debt_notice",
        say(N_("Debt notice")),
        (*_told(work, one, say, until), Signatures((say(N_("Front desk")),))),
        number=_number(work),
        paper="A5",
        **headed(work),
    )


def small(work: Work, one: Chased, *, guest: Guest, until: datetime) -> Slip:
    """Return the same on a slip."""
    say = said_to((guest,))
    return Slip(
        "debt_slip",
        say(N_("Debt notice")),
        _told(work, one, say, until),
        number=_number(work),
        **headed(work),
    )


def _number(work: Work) -> str:
    return f"N-{work.next_number('debt_notice')}"


def _told(work: Work, one: Chased, say: Say, until: datetime) -> tuple[Block, ...]:
    s = work.setting
    spent = sum(line.charge for line in folios.folio_lines(work.session, stay_id=one.id))
    coming = say(N_("Late departure")) if one.leaves else say(N_("Room tonight"))
    facts = [
        (say(N_("Guest")), one.stay.guest),
        (say(N_("Room")), one.stay.room),
        (say(N_("Departure")), dates.long_day(one.stay.departure, year=True)),
        (say(N_("Deposit held")), show(one.stay.deposit, s.digits)),
        *([(say(N_("Held on cards")), show(one.stay.guarantee, s.digits))] if one.stay.guarantee else []),
        (say(N_("Spent so far")), show(Money(spent), s.digits)),
        (say(N_("Owed now")), show(one.stay.balance, s.digits)),
        *([(coming, show(one.to_come, s.digits))] if one.to_come else []),
        (say(N_("Pay until")), dates.moment(local(until, s.zone), year=True)),
    ]
    return (
        slip.facts(*facts),
        slip.amount_line(say(N_("Amount to pay")), one.missing, s.currency, s.digits),
        *_asked(LEAVING if one.leaves else STAYING, say),
    )


def _asked(words: str, say: Say) -> tuple[Text, ...]:
    """Return the sentence, and below it the one in the guest's own language."""
    here = _(words)
    other = say(words).removeprefix(here).strip()
    return (Text(here), Text(other)) if other else (Text(here),)
