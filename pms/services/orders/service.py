"""Take orders in: book, change, cancel, or refuse them with a reason; one number is one order."""

from dataclasses import replace

from sqlalchemy import select

from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.money import Money
from pms.core.permissions import Permission
from pms.db.work import Work, operation
from pms.services.channels.models import CREDIT, PREPAID, Channel
from pms.services.reservations import service as reservations
from pms.services.reservations.duty import RESERVATIONS_CANCEL
from pms.services.reservations.models import HOLDING, BookedRoom, Reservation
from pms.services.reservations.service import Agreed, Wish
from pms.services.rooms.models import RoomType

from .duty import WORK
from .models import CANCEL_REQUEST, CANCELLED, CHANGED, NEW, REFUSED, STATES, ChannelOrder, ChannelRoom
from .reading import booking, types
from .reading import proposal as p
from .reading.proposal import Proposal

DIGITS = 2
_COMING = (*HOLDING, "waiting")


@operation(WORK)
def take_in(work: Work, *, order: Proposal, pasted: str = "") -> int:
    """Do what an order says: book it, change its booking, cancel it, or note that the channel asks to cancel;
    return the order's number here. ``pasted`` is its text. Refuses what still holds an open point, and a
    number that was taken in already."""
    channel = _channel(work, order)
    if order.stops:
        raise Refused("\n".join(dict.fromkeys(one.sentence for one in order.stops)))
    if not order.reference:
        raise Refused(_("Give the order's number: by it the channel settles."))
    kept = _kept(work, channel, order.reference)
    if order.action == p.NEW:
        return _take_new(work, channel, order, kept, pasted)
    if order.action == p.CHANGE:
        return _change(work, channel, order, kept, pasted)
    if order.action == p.CANCEL:
        return _cancel(work, channel, order, kept, pasted)
    if kept is None or kept.reservation_id is None:
        raise Refused(
            _("Order %(order)s is not booked here: there is nothing to cancel.") % {"order": order.reference}
        )
    return _keep(work, channel, order, kept, CANCEL_REQUEST, pasted).number


@operation(WORK)
def refuse(work: Work, *, order: Proposal, reason: str, pasted: str = "") -> int:
    """Keep an order that the house does not take, with the reason, and return its number here."""
    if not reason.strip():
        raise Refused(_("Say why the order is refused."))
    if not pasted.strip() and not order.reference:
        raise Refused(_("There is no order to refuse."))
    channel = _channel(work, order) if order.channel else None
    kept = _kept(work, channel, order.reference) if channel and order.reference else None
    if kept is not None and kept.reservation_id is not None:
        raise Refused(_known(work, kept))
    return _keep(work, channel, order, kept, REFUSED, pasted, reason=reason.strip()).number


@operation(WORK)
def mean(work: Work, *, channel: str, words: str, type_id: int | None) -> None:
    """Say which room type a channel's words mean; None forgets it."""
    found = work.session.scalars(select(Channel).where(Channel.code == channel)).first()
    if found is None or not types.plain(words):
        raise Refused(_("Give the channel and its words for the room."))
    _remember(work, found, words, type_id)
    work.touch("orders")


def _channel(work: Work, order: Proposal) -> Channel:
    if work.setting.digits != DIGITS:
        raise Refused(
            _("Channels' orders are read in yuan and fen; this hotel's books are in another currency.")
        )
    found = work.session.scalars(select(Channel).where(Channel.code == order.channel)).first()
    if found is None:
        raise Refused(
            _("There is no channel %(code)s. Enter it on the page Channels first.") % {"code": order.channel}
        )
    if found.ended_on is not None:
        raise Refused(_("Nothing is sold through this channel any more."))
    return found


def _kept(work: Work, channel: Channel, reference: str) -> ChannelOrder | None:
    o = ChannelOrder
    return work.session.scalars(
        select(o)
        .where(o.channel_number == channel.number, o.reference == reference)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def _known(work: Work, kept: ChannelOrder) -> str:
    number = work.session.scalars(
        select(Reservation.number).where(Reservation.id == kept.reservation_id)
    ).first()
    return _("Order %(order)s is here already: R-%(number)s, “%(state)s”. It is the same order.") % {
        "order": kept.reference,
        "number": number,
        "state": _(STATES[kept.state]),
    }


# ------------------------------------------------------------------ new
def _take_new(work: Work, channel: Channel, order: Proposal, kept: ChannelOrder | None, pasted: str) -> int:
    if kept is not None and kept.reservation_id is not None:
        raise Conflict(_known(work, kept))
    if kept is not None and kept.state == CANCELLED:
        raise Refused(
            _("Order %(order)s was cancelled by the channel. Ask there before you book it.")
            % {"order": order.reference}
        )
    work.must_hold(Permission.RESERVATIONS_BOOK)
    wishes = _wishes(work, channel, order)
    number = reservations.book(
        work,
        guest_name=order.guests[0].name,
        rooms=wishes,
        state="guaranteed" if order.payment != p.AT_HOTEL else "confirmed",
        phone=order.phone if order.phone_use not in (p.MASKED, p.VIRTUAL) else "",
        source="channel",
        reference=order.reference,
        payer=_payer(order),
        hold_until=_hold(order),
        remarks=booking.beside(order),
        channel_number=channel.number,
    )
    made = _keep(work, channel, order, kept, NEW, pasted)
    made.reservation_id = work.session.scalars(
        select(Reservation.id).where(Reservation.number == number)
    ).one()
    _settles(work, made.reservation_id, order)
    _remember(work, channel, order.room, order.type_id)
    return made.number


def _settles(work: Work, reservation_id: int, order: Proposal) -> None:
    """Note at the booking how the channel pays this order: before the guest comes, or after."""
    told = {p.PREPAID: PREPAID, p.CREDIT: CREDIT}.get(order.payment, "")
    work.hold(Reservation, reservation_id).settles = told


def _payer(order: Proposal) -> str:
    return "channel" if order.payment in booking.BY_CHANNEL else "guest"


def _hold(order: Proposal) -> str | None:
    """Return until when the room is held: to the end of the day for who comes after midnight."""
    latest = order.arrives_until or order.arrives_from
    return "23:59" if latest >= "24:00" else order.arrives_until or None


def _wishes(work: Work, channel: Channel, order: Proposal) -> list[Wish]:
    """Return the rooms of an order at the channel's prices; those that a person gave need authority, like any
    price by hand."""
    prices = booking.per_night(order)
    if order.arrival is None or order.departure is None or not order.rooms or not order.guests:
        raise Refused(_("The order does not say days, rooms and guest. Complete them first."))
    if order.type_id is None:
        raise Refused(_("Choose the room type first."))
    if not order.payment:
        raise Refused(_("Choose how the order is paid first."))
    if prices is None or not booking.agree(order):
        raise Refused(_("The prices of the nights do not come to the order's total. Correct them first."))
    work.session.get_one(RoomType, order.type_id)
    rule = _("%(channel)s order %(order)s") % {"channel": channel.name, "order": order.reference}
    sold = Wish if order.by_hand else Agreed
    return [
        sold(
            type_id=order.type_id,
            arrival=order.arrival,
            departure=order.departure,
            adults=adults,
            children=children,
            plan_id=channel.plan_id,
            prices=prices,
            price_reason=rule,
            breakfast=booking.breakfasts(order),
        )
        for adults, children in booking.party(order)
    ]


def _remember(work: Work, channel: Channel, words: str, type_id: int | None) -> None:
    """Keep what a channel's words mean, so that it is asked once."""
    r, plain = ChannelRoom, types.plain(words)[:200]
    if not plain:
        return
    known = work.session.scalars(
        select(r).where(r.channel_number == channel.number, r.words == plain).with_for_update()
    ).first()
    if known is None and type_id is not None:
        work.session.add(r(channel_number=channel.number, words=plain, type_id=type_id))
    elif known is not None and type_id is None:
        work.session.delete(known)
    elif known is not None and type_id is not None and known.type_id != type_id:
        known.type_id = type_id


# ------------------------------------------------------------------ changed and cancelled
def _change(work: Work, channel: Channel, order: Proposal, kept: ChannelOrder | None, pasted: str) -> int:
    """Change the booking of an order; one that was never taken in is booked as it stands now."""
    if kept is None or kept.reservation_id is None:
        return _take_new(work, channel, order, kept, pasted)
    lines = _coming(work, kept)
    if not lines:
        raise Refused(
            _("No room of this order is still to come: change the stay itself.\n%(known)s")
            % {"known": _known(work, kept)}
        )
    work.must_hold(Permission.RESERVATIONS_BOOK)
    found = work.session.get_one(Reservation, kept.reservation_id)
    whole = _filled(order, kept, found, lines)
    wishes = _wishes(work, channel, whole)
    if len(wishes) < len(lines):
        work.must_hold(RESERVATIONS_CANCEL)
        work.confirm(
            f"order:{kept.id}:fewer",
            _("The order is for %(n)s rooms now, %(more)s more are booked. Cancel these?")
            % {"n": len(wishes), "more": len(lines) - len(wishes)},
        )
    for line, wish in zip(lines, wishes, strict=False):
        reservations.amend(
            work,
            line_id=line.id,
            wish=wish,
            guest_name=whole.guests[0].name,
            phone=found.phone,
            remarks=found.remarks,
            payer=_payer(whole),
            more=wishes[len(lines) :] if line is lines[0] else (),
        )
    for line in lines[len(wishes) :]:
        reservations.give_up(work, line, "cancelled", _("The channel changed the order"))
    _settles(work, kept.reservation_id, whole)
    _remember(work, channel, whole.room, whole.type_id)
    return _keep(work, channel, whole, kept, CHANGED, pasted).number


def _filled(order: Proposal, kept: ChannelOrder, found: Reservation, lines: list[BookedRoom]) -> Proposal:
    """Return a changed order with what it does not mention as it is booked."""
    return replace(
        order,
        guests=order.guests or (p.Name(found.guest_name),),
        type_id=order.type_id or lines[0].type_id,
        rooms=order.rooms or len(lines),
        payment=order.payment or kept.payment,
        adults=order.adults or sum(line.adults for line in lines),
    )


def _cancel(work: Work, channel: Channel, order: Proposal, kept: ChannelOrder | None, pasted: str) -> int:
    """Cancel the rooms of an order that are still to come; the desk confirms it."""
    if kept is not None and kept.state == CANCELLED:
        raise Conflict(_("Order %(order)s is cancelled already.") % {"order": order.reference})
    lines = _coming(work, kept) if kept is not None else []
    if kept is not None and kept.reservation_id is not None:
        if not lines:
            raise Refused(
                _("No room of this order is still to come: change the stay itself.\n%(known)s")
                % {"known": _known(work, kept)}
            )
        work.must_hold(RESERVATIONS_CANCEL)
        work.confirm(
            f"order:{kept.id}:cancel",
            _("Cancel the booking? %(known)s") % {"known": _known(work, kept)},
        )
    for line in lines:
        reservations.give_up(work, line, "cancelled", _("Cancelled by the channel"))
    return _keep(work, channel, order, kept, CANCELLED, pasted, reason=order.state).number


def _coming(work: Work, kept: ChannelOrder) -> list[BookedRoom]:
    b = BookedRoom
    if kept.reservation_id is None:
        return []
    work.hold(Reservation, kept.reservation_id)
    return list(
        work.session.scalars(
            select(b)
            .where(b.reservation_id == kept.reservation_id, b.state.in_(_COMING))
            .order_by(b.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def _keep(
    work: Work,
    channel: Channel | None,
    order: Proposal,
    kept: ChannelOrder | None,
    state: str,
    pasted: str,
    reason: str = "",
) -> ChannelOrder:
    """Write down what an order says now; what it does not say stays as it was."""
    made = kept
    if made is None:
        made = ChannelOrder(number=work.next_number("channel_order"))
        made.channel_number = channel.number if channel else None
        made.reference, made.site, made.text = order.reference or None, order.site[:20], ""
        work.session.add(made)
    made.state, made.reason = state, reason
    sums = {"sell": order.sell, "settle": order.settle, "commission": order.commission}
    facts = {"arrival": order.arrival, "departure": order.departure, "rooms": order.rooms}
    for name, told in {**sums, **facts}.items():
        if told is not None:
            setattr(made, name, Money(told) if name in sums else told)  # type: ignore[arg-type]
    made.payment = order.payment or made.payment or ""
    made.text = pasted.strip() or made.text
    made.taken_at, made.taken_on, made.taken_by = work.now, work.business_date, work.clerk.id or None
    work.session.flush()
    work.touch("orders")
    return made
