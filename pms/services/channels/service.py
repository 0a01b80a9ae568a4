"""Enter and change channels."""

from sqlalchemy import select

from pms.core import typed
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.db.work import Work, operation
from pms.services.guests.search import search_text
from pms.services.rates.models import RatePlan

from .duty import EDIT
from .known import told
from .models import AT_HOTEL, PERIODS, SETTLES, Channel

WHOLE = 10000


@operation(EDIT)
def add(
    work: Work,
    *,
    code: str,
    name: str,
    name_en: str = "",
    settles: str = AT_HOTEL,
    commission: int = 0,
    period: str = "month",
    contact: str = "",
    phone: str = "",
    plan_id: int | None = None,
) -> int:
    """Enter a channel and return its number; ``commission`` is in basis points."""
    made = Channel(number=work.next_number("channel"))
    work.session.add(made)
    _tell(work, made, code, name, name_en, contact, phone)
    _settle(work, made, settles, commission, period, plan_id)
    work.session.flush()
    work.touch("channels")
    return made.number


@operation(EDIT)
def edit(
    work: Work,
    *,
    number: int,
    code: str,
    name: str,
    name_en: str = "",
    settles: str = AT_HOTEL,
    commission: int = 0,
    period: str = "month",
    contact: str = "",
    phone: str = "",
    plan_id: int | None = None,
    active: bool = True,
) -> None:
    """Change a channel; orders that stand keep what was agreed. ``active``: rooms are sold through it."""
    found = work.session.scalars(
        select(Channel)
        .where(Channel.number == number)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise Refused(_("There is no channel %(number)s.") % {"number": number})
    _tell(work, found, code, name, name_en, contact, phone)
    _settle(work, found, settles, commission, period, plan_id)
    found.ended_on = None if active else found.ended_on or work.business_date
    work.session.flush()
    work.touch("channels")


def _tell(work: Work, channel: Channel, code: str, name: str, name_en: str, contact: str, phone: str) -> None:
    if not name.strip():
        raise Refused(_("Give the channel's name."))
    if not typed.code(code):
        raise Refused(_("Give the channel a code; its orders are found by it."))
    channel.code, channel.name = typed.code(code), " ".join(name.split())
    channel.name_en, channel.contact = " ".join(name_en.split()), contact.strip()
    channel.phone = phone.strip()
    channel.search = search_text(work.session, told(channel), channel.phone)


def _settle(
    work: Work, channel: Channel, settles: str, commission: int, period: str, plan_id: int | None
) -> None:
    if settles not in SETTLES or period not in PERIODS:
        raise Refused(_("Choose how the channel settles, and for which period."))
    if not 0 <= commission <= WHOLE:
        raise Refused(_("A commission is from 0 to 100 %."))
    if plan_id is not None:
        work.session.get_one(RatePlan, plan_id)
    channel.settles, channel.commission, channel.period = settles, commission, period
    channel.plan_id = plan_id
