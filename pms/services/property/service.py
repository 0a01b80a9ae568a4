"""Set the hotel up and change its rules."""

from base64 import b64encode
from dataclasses import replace
from datetime import date
from zoneinfo import available_timezones

from sqlalchemy import select

from pms.core import currencies
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.options import Options
from pms.core.permissions import Permission
from pms.db.work import Work, operation
from pms.printing import logos

from .models import Logo, Property


@operation(None)
def create(
    work: Work,
    *,
    name: str,
    zone: str,
    currency: str = "CNY",
    business_date: date,
    options: Options = Options(),
) -> None:
    """Write the hotel's one row; refuses when there is one already."""
    if work.session.get(Property, 1) is not None:
        raise Refused(_("This database holds a hotel already. Choose another file to set up a second one."))
    if not name.strip():
        raise Refused(_("Give the hotel a name; it is printed on every document."))
    money = currencies.of(currency)
    if zone not in available_timezones():
        raise Refused(_("“%(zone)s” is no time zone. Choose one such as Asia/Shanghai.") % {"zone": zone})
    work.session.add(
        Property(
            id=1,
            name=name.strip(),
            zone=zone,
            currency=money.code,
            digits=money.digits,
            business_date=business_date,
            inventory_until=business_date,
            options=options.changed(),
        )
    )
    work.touch("property")


@operation(Permission.PROPERTY_EDIT)
def edit(work: Work, *, name: str, options: Options) -> None:
    """Change the hotel's name and rules; they hold from the next action on, on every workstation."""
    house = work.hold(Property, 1)
    before, after = work.setting.options.identity_days, options.identity_days
    if after and (not before or after < before):
        what = _("Erasing documents %(n)s days after a departure") % {"n": after}
        work.owner_or_two(Permission.PROPERTY_EDIT, what)
    kept = Options.read(house.options)  # these are set by acts of their own
    now = replace(options, logo=kept.logo, first_day=kept.first_day)
    house.name, house.options = name.strip() or house.name, now.changed()
    work.touch("property")


@operation(Permission.PROPERTY_EDIT)
def set_logo(work: Work, *, picture: bytes) -> None:
    """Print a picture at the head of papers from now on: a PNG or JPEG file, made small once; refuses what is
    none, is too large or would be blank on paper."""
    made = logos.made(picture)
    house = work.hold(Property, 1)
    if work.session.execute(select(Logo.id).where(Logo.sign == made.sign).limit(1)).first() is None:
        work.session.add(Logo(sign=made.sign, png=b64encode(made.png).decode()))
    _carry(work, house, made.sign)


@operation(Permission.PROPERTY_EDIT)
def take_logo_away(work: Work) -> None:
    """Print papers without a picture from now on; what was printed before keeps its own."""
    house = work.hold(Property, 1)
    if not Options.read(house.options).logo:
        raise Refused(_("Papers carry no picture."))
    _carry(work, house, "")


def _carry(work: Work, house: Property, sign: str) -> None:
    house.options = replace(Options.read(house.options), logo=sign).changed()
    work.touch("property")


@operation(Permission.PROPERTY_EDIT)
def end_first_day(work: Work) -> None:
    """Put the list of the first day away; what is still open on it is open all the same."""
    house = work.hold(Property, 1)
    options = Options.read(house.options)
    if options.first_day:
        house.options = replace(options, first_day=False).changed()
        work.touch("property")
