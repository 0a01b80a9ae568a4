"""Give nights to come another price while the guest stays in the room."""

from collections.abc import Iterable
from datetime import date

from pms.core import dates
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.permissions import Permission
from pms.db.work import Work, operation
from pms.services.folios import service as folios
from pms.services.rates import pricing
from pms.services.rates.pricing import NightPrice
from pms.services.reservations import service as reservations
from pms.services.reservations.models import BookedRoom, NightRate
from pms.services.reservations.service import Wish
from pms.services.rooms.models import Room

from . import changes, printouts, queries
from .models import Stay
from .service import Paid, open_stay


@operation(Permission.STAYS_CHANGE, money=True)
def change_price(
    work: Work,
    *,
    stay_id: int,
    prices: tuple[tuple[date, int], ...],
    reason: str,
    deposit: Paid | None = None,
) -> None:
    """Give nights from tonight on, each named with it, another price; the slip prints.

    A night that goes below the list needs authority. What is posted already stays as it is: that is a rebate.
    ``deposit`` is taken in the same step.
    """
    if deposit is not None and Permission.FOLIOS_PAY not in work.clerk.permissions:
        raise Refused(_("Your role may not take money."))
    stay, line, room = open_stay(work, stay_id)
    if not reason.strip():
        raise Refused(_("Say why the rate changes; it is printed on folio and slip."))
    if stay.kind:
        raise Refused(
            _("%(room)s is complimentary or house use: no night of it is charged.") % {"room": room.number}
        )
    held = queries.nights_to_come(work.session, stay_id=stay.id, business_date=work.business_date)
    wanted = {night: Money(price) for night, price in prices}
    _must_be_to_come(work, stay, held, wanted)
    changed = [n for n in held if n.night in wanted and wanted[n.night] != n.price]
    if not changed:
        raise Refused(_("Give at least one night another price."))
    _may_be_lower(work, stay, line, room, [n for n in changed if wanted[n.night] < n.price], wanted)
    changes.remember(work, stay, line, room, changes.PRICE, reason=reason)
    made = [_priced(work, n, wanted[n.night], reason.strip()) for n in changed]
    write_prices(work, line.id, made)
    if deposit is not None:
        folios.deposit(work, stay_id, deposit.method, deposit.amount, deposit.reference)
    after = {n.night: n for n in made}
    print_slip(work, stay, room, held, [after.get(n.night, n) for n in held], reason)
    work.note(
        "price",
        {"room": room.number, "reason": reason.strip(), "nights": _told(work, changed, made)},
        stay.id,
    )
    work.touch("stays", "folios", "reservations")


def _must_be_to_come(work: Work, stay: Stay, held: list[NightPrice], wanted: dict[date, Money]) -> None:
    """Refuse a negative price, a night that is closed, and one that is not booked."""
    if any(price < 0 for price in wanted.values()):
        raise Refused(_("A price is 0 or more."))
    known = {n.night for n in held}
    for night in sorted(set(wanted) - known):
        day = {"night": dates.day(night, year=True), "today": dates.day(work.business_date, year=True)}
        if night < work.business_date:
            raise Refused(
                _(
                    "The night of %(night)s is posted. Choose its line on the folio and give a part back by "
                    "Rebate; prices change from %(today)s on."
                )
                % day
            )
        raise Refused(
            _("The stay ends on %(day)s: extend it before the night of %(night)s gets a price.")
            % {**day, "day": dates.day(stay.departure, year=True)}
        )


def _may_be_lower(
    work: Work,
    stay: Stay,
    line: BookedRoom,
    room: Room,
    lower: Iterable[NightPrice],
    wanted: dict[date, Money],
) -> None:
    """Ask for authority where a night goes down and below the list; one that goes up needs none."""
    nights = [n.night for n in lower]
    if not nights:
        return
    plan_id = line.plan_id
    try:
        if plan_id is not None:
            pricing.quote(work.session, plan_id=plan_id, type_id=room.type_id, nights=nights)
    except Refused:  # the plan does not price this room's type: the price list is what one goes below
        plan_id = None
    given = tuple(wanted[night] for night in nights)
    wish = Wish(room.type_id, stay.arrival, stay.departure, plan_id=plan_id, prices=given)
    reservations.prices(work, wish, nights, line.id)


def _priced(work: Work, was: NightPrice, price: Money, reason: str) -> NightPrice:
    rule = _("%(reason)s, before %(price)s") % {
        "reason": reason,
        "price": show(was.price, work.setting.digits),
    }
    return NightPrice(was.night, price, rule)


def write_prices(work: Work, line_id: int, made: Iterable[NightPrice]) -> None:
    """Put these prices in the place of those that their nights had."""
    rows = [{"line_id": line_id, "night": n.night, "price": n.price, "rule": n.rule} for n in made]
    work.delete_many(
        NightRate, [NightRate.line_id == line_id, NightRate.night.in_([row["night"] for row in rows])]
    )
    work.insert_many(NightRate, rows)


def _told(work: Work, before: list[NightPrice], after: list[NightPrice]) -> dict[str, list[str]]:
    """Return each night with its price before and after, as the audit trail keeps it."""
    digits = work.setting.digits
    return {
        f"{was.night:%Y-%m-%d}": [show(was.price, digits), show(now.price, digits)]
        for was, now in zip(before, after, strict=True)
    }


def print_slip(
    work: Work, stay: Stay, room: Room, before: list[NightPrice], after: list[NightPrice], reason: str
) -> None:
    """Print the slip that the guest signs: each night before and from now on."""
    work.print(
        printouts.price_change_slip(
            work,
            number=f"PC-{work.next_number('price_change')}",
            guest=stay.guest_name,
            room=room.number,
            before=before,
            after=after,
            reason=reason.strip(),
            for_guest=stay.payer != "channel",
        ),
        record="stay",
        record_id=stay.id,
    )
