"""Put an amount on hold for a stay, within whatever operation: on its own, or as the guest checks in."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from pms.core import offers
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money
from pms.core.options import PREAUTH_DAYS
from pms.core.payments import SLIP
from pms.core.payments import number as as_number
from pms.core.permissions import Permission
from pms.db.work import Work

from . import hold_papers, holds, kinds
from .models import PaymentKind, Preauth

LONGEST = 180
"""Days that an amount is held at most."""
_CODE, _FIGURES = re.compile(r"[0-9A-Z]{4,12}"), re.compile(r"\d{4}")


@dataclass(frozen=True)
class Hold:
    """What the terminal's slip says: of which kind how much is held, under which authorisation code (a
    wallet: the number of its order), the card's last figures, and until when where it is said."""

    method: str
    amount: Money
    code: str
    last_four: str = ""
    trace: str = ""
    valid_until: date | None = None


def take(work: Work, stay_id: int, hold: Hold) -> int:
    """Write down what is held for a stay, print the slip that the guest signs, and return its number; valid
    by the house's rule unless a day is given."""
    work.must_hold(Permission.PREAUTH)
    kind = _kind(work, hold.method)
    if hold.amount <= 0:
        raise Refused(_("The amount held is more than 0."))
    one = Preauth(
        number=work.next_number("preauth"),
        stay_id=stay_id,
        kind=hold.method,
        code=code_of(kind, hold.code),
        last_four=_last_four(kind, hold.last_four),
        trace=hold.trace.strip(),
        held=hold.amount,
        open=hold.amount,
        valid_until=until(work, hold.valid_until),
        taken_on=work.business_date,
    )
    work.session.add(one)
    holds.step(work, one, holds.TAKEN, hold.amount, code=one.code)
    print_slip(work, one)
    return one.number


def _kind(work: Work, method: str) -> PaymentKind:
    kind = kinds.known(work, method)
    if not (kind.holds and kind.offered):
        raise Refused(
            _("No amount is held by %(kind)s here. The kinds of payment in the settings say which are.")
            % {"kind": kinds.words(work, method)}
        )
    return kind


def code_of(kind: PaymentKind, code: str) -> str:
    """Return an authorisation code as it is kept; refuses what is none."""
    if kind.shape != SLIP:
        found = as_number(code, kind.shape)
    else:
        found = "".join(code.upper().split())
        if found and not _CODE.fullmatch(found):
            raise Refused(
                _("“%(code)s” is no authorisation code: the slip shows 4 to 12 figures or letters.")
                % {"code": found[:20]}
            )
    if not found:
        raise Refused(_("The authorisation code is missing: it stands on the terminal's slip."))
    return found


def _last_four(kind: PaymentKind, last_four: str) -> str:
    found = last_four.strip()
    if not found and kind.shape != SLIP:
        return ""
    if not _FIGURES.fullmatch(found):
        raise Refused(_("Type the last four figures of the card, never the whole number."))
    return found


def until(work: Work, day: date | None) -> date:
    """Return the day until which something is held: by the house's rule, or as it is given."""
    if day is None:
        return work.business_date + timedelta(days=work.setting.options[PREAUTH_DAYS])
    if not work.business_date <= day <= work.business_date + timedelta(days=LONGEST):
        raise Refused(
            _("A pre-authorisation is valid from today on, for %(n)s days at most.") % {"n": LONGEST}
        )
    return day


def print_slip(work: Work, one: Preauth, more: int = 0) -> None:
    """Print what the guest signs; ``more`` is what was added to a hold that stands."""
    who = work.ask_up(offers.stay_name, stay_id=one.stay_id)
    guest, room = (who.guest, who.room) if who else ("", "")
    paper = hold_papers.taken(work, one, guest=guest, room=room, more=more)
    work.print(paper, record="preauth", record_id=one.id)
