"""What a check-in tells the account of the channel that sold the room."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.money import Money
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.types import summed
from pms.db.work import Work, operation
from pms.services.folios import channel_pays, ledger, tax
from pms.services.folios.duty import FOLIOS_CHARGE
from pms.services.folios.models import ChannelBill
from pms.services.guests.models import Guest
from pms.services.reservations.models import BookedRoom, NightRate, Reservation
from pms.services.rooms.models import Room
from pms.services.settlements import billing
from pms.services.settlements.billing import Sold

from .held import open_stay
from .models import IN_HOUSE, Stay, listed_name


def arrived(work: Work, stay: Stay, line: BookedRoom, booking: Reservation, room: str, folio: int) -> None:
    """Credit what a channel has paid for the room, all nights of this one of its rooms; where the guest pays,
    note that the channel takes its commission."""
    if booking.channel_number is None or stay.kind:
        return
    sold = Sold(
        booking.channel_number,
        stay.id,
        stay.number,
        booking.number,
        booking.reference,
        stay.guest_name,
        room,
        stay.arrival,
        line.departure,
    )
    if stay.payer == "channel":
        billing.credit(work, sold, booking.settles, _price(work, stay, line), folio)
    elif stay.payer == "guest":
        billing.note_commission(work, sold)


def _price(work: Work, stay: Stay, line: BookedRoom) -> int:
    """Return the price of a room's nights, or of its use by day, with the tax that comes on top of it."""
    n = NightRate
    asked = select(n.price).where(n.line_id == line.id)
    if stay.arrival < line.departure:
        asked = asked.where(n.night >= stay.arrival, n.night < line.departure)
    options = work.setting.options
    prices = work.session.scalars(asked).all()
    return sum(price + tax.on_top(options, "ROOM", price) for price in prices)


@dataclass(frozen=True)
class Waiting:
    """A guest in house for whom a channel pays, whose order stands on no account; ``channel`` is its number,
    None where the booking names it by words alone."""

    id: int
    number: int
    room: str
    guest: str
    channel: int | None
    channel_name: str
    reference: str
    arrival: date
    departure: date
    price: Money


@query(Permission.FOLIOS_READ)
def not_credited(session: Session) -> list[Waiting]:
    """Return the guests in house whose channel has credited nothing, by room."""
    n, b, r = NightRate, BookedRoom, Reservation
    price = (
        select(summed(n.price))
        .where(n.line_id == Stay.line_id, n.night >= Stay.arrival, n.night < Stay.departure)
        .correlate(Stay)
        .scalar_subquery()
    )
    bill = ChannelBill
    billed = exists().where(bill.stay_id == Stay.id, bill.what == channel_pays.ROOM, bill.voided_on.is_(None))
    asked: Select[*tuple[Any, ...]] = (
        select(
            Stay.id,
            Stay.number,
            Room.number,
            listed_name(),
            r.channel_number,
            r.channel,
            r.reference,
            Stay.arrival,
            Stay.departure,
            price,
        )
        .select_from(Stay)
        .join(b, b.id == Stay.line_id)
        .join(r, r.id == b.reservation_id)
        .join(Room, Room.id == Stay.room_id)
        .join(Guest, Guest.id == Stay.guest_id)
        .where(IN_HOUSE, Stay.payer == "channel", Stay.kind == "", ~billed)
        .order_by(Room.number)
    )
    return [Waiting(*row) for row in session.execute(asked)]


@operation(FOLIOS_CHARGE, money=True)
def credit_order(work: Work, *, stay_id: int) -> None:
    """Credit the order of a guest in house that was not credited at the check-in: of one who came before the
    channel had an account here."""
    stay, line, room = open_stay(work, stay_id)
    booking = work.session.get_one(Reservation, line.reservation_id)
    if stay.payer != "channel" or stay.kind:
        raise Refused(_("No channel pays for %(guest)s.") % {"guest": stay.guest_name})
    if booking.channel_number is None:
        raise Refused(
            _("The booking names no channel of the list. Choose “%(channel)s” in it first.")
            % {"channel": booking.channel}
        )
    found = channel_pays.of_stay(work.session, stay_id=stay_id)
    if any(one.what == channel_pays.ROOM for one in found):
        raise Conflict(_("The channel's order is credited already. Look at the folio again."))
    arrived(work, stay, line, booking, room.number, ledger.folio(work, stay_id))
    work.touch("stays", "folios")
