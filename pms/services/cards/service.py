"""Cut, copy, extend, take back and lose room cards. The record is made first; the encoder is asked after the
commit."""

from datetime import datetime

from sqlalchemy import bindparam, select

from pms.core import offers
from pms.core.authority import Kind
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.db.work import Work, operation
from pms.services.authority import service as authority
from pms.services.folios import service as folios

from .duty import CARDS_ISSUE
from .models import LIVE, Card

MOST_CARDS = 9
_LIVE = select(Card).where(LIVE).order_by(Card.id).with_for_update()
_OF_STAY = _LIVE.where(Card.stay_id == bindparam("stay"))
_OF_ROOM = _LIVE.where(Card.room_id == bindparam("room"))


def issue(
    work: Work,
    *,
    stay_id: int,
    room_id: int,
    count: int,
    valid_from: datetime,
    valid_to: datetime,
    kind: str = "new",
) -> None:
    """Record cards to be cut within an operation; the first of a set is new (ends earlier cards in the lock),
    the others are copies."""
    work.must_hold(CARDS_ISSUE)
    if not 0 <= count <= MOST_CARDS:
        raise Refused(_("Cut at most %(n)s cards at once.") % {"n": MOST_CARDS})
    for n in range(count):
        work.session.add(
            Card(
                stay_id=stay_id,
                room_id=room_id,
                station=work.station,
                kind=kind if n == 0 else "duplicate",
                state="pending",
                valid_from=valid_from,
                valid_to=valid_to,
                issued_at=work.now,
                issued_by=work.clerk.id or None,
            )
        )
    if count:
        work.touch("cards")


@operation(CARDS_ISSUE)
def copy(work: Work, *, stay_id: int, count: int = 1, reason: str = "") -> None:
    """Record further cards for an open stay, good as long as the stay."""
    found = work.ask_up(offers.open_stay, stay_id=stay_id)
    if found is None:
        raise Refused(_("A card is cut only for a guest in house."))
    issue(
        work,
        stay_id=stay_id,
        room_id=found.room_id,
        count=count,
        valid_from=work.now,
        valid_to=found.valid_to,
        kind="duplicate",
    )


@operation(None)
def encoded(work: Work, *, card_id: int, uid: str, seen: datetime | None = None) -> None:
    """Note for the card desk that the encoder has cut the card; a new one ends the cards before it.

    ``seen`` is the end that was cut: where the departure has changed in the meantime, the card still waits.
    """
    card = work.hold(Card, card_id)
    if card.state not in ("pending", "failed") or seen not in (None, card.valid_to):
        return
    card.state, card.uid, card.trouble = "valid", uid, ""
    if card.kind == "new":
        for earlier in work.session.scalars(_OF_ROOM, {"room": card.room_id}):
            if earlier.id < card.id and earlier.stay_id != card.stay_id:
                earlier.state, earlier.ended_at = "ended", work.now
    work.touch("cards")


@operation(None)
def failed(work: Work, *, card_id: int, trouble: str, seen: datetime | None = None) -> None:
    """Note for the card desk that the encoder did not cut the card; the guest stays checked in and the card
    waits for a retry."""
    card = work.hold(Card, card_id)
    if card.state not in ("pending", "failed") or seen not in (None, card.valid_to):
        return
    card.state, card.trouble = "failed", trouble
    work.touch("cards")


@operation(CARDS_ISSUE)
def again(work: Work, *, stay_id: int) -> None:
    """Hand the cards that the encoder did not cut back to it; the stay they belong to is not touched."""
    cards = [card for card in work.session.scalars(_OF_STAY, {"stay": stay_id}) if card.state == "failed"]
    if not cards:
        raise Refused(_("No card of this stay has failed."))
    for card in cards:
        card.state, card.trouble, card.station = "pending", "", work.station
    work.touch("cards")


@operation(CARDS_ISSUE)
def take_back(work: Work, *, card_id: int, lost: bool = False, reason: str = "") -> None:
    """Note a card as returned, or as lost with what happened."""
    card = work.hold(Card, card_id)
    if card.state not in ("valid", "failed", "pending", "ended"):
        raise Refused(_("This card is back already."))
    if lost and not reason.strip():
        raise Refused(_("Say how the card was lost."))
    card.state, card.ended_at, card.reason = "lost" if lost else "returned", work.now, reason.strip()
    work.touch("cards")


@operation(CARDS_ISSUE, money=True)
def replace_lost(work: Work, *, card_id: int, reason: str, count: int = 1, charge: bool = True) -> None:
    """Note a card as lost, end every other card of its stay and have ``count`` new ones cut: the lock takes
    the old ones no more.

    The guest's folio is charged the hotel's price of a card; not charging it needs authority.
    """
    stay_id = work.session.execute(select(Card.stay_id).where(Card.id == card_id)).scalar()
    found = work.ask_up(offers.open_stay, stay_id=stay_id) if stay_id is not None else None
    card = work.hold(Card, card_id)  # after its stay, as whoever checks out does
    if card.state not in ("valid", "failed", "pending"):
        raise Refused(_("This card is back already."))
    if not reason.strip():
        raise Refused(_("Say how the card was lost."))
    if count < 1:
        raise Refused(_("Cut at least one new card: it is what ends the lost one in the lock."))
    if card.stay_id is None or found is None:
        raise Refused(_("A card is cut only for a guest in house."))
    for other in work.session.scalars(_OF_STAY, {"stay": card.stay_id}):
        other.state, other.ended_at = "ended", work.now
    card.state, card.reason = "lost", reason.strip()
    work.session.flush()
    issue(
        work,
        stay_id=card.stay_id,
        room_id=found.room_id,
        count=count,
        valid_from=work.now,
        valid_to=max(found.valid_to, work.now),
    )
    price = Money(work.setting.options.card_price)
    if price and charge:
        folios.charge(work, stay_id=card.stay_id, code="CARD", amount=price, text=reason)
    elif price:
        what = _("A lost card of %(sum)s is not charged: %(reason)s")
        authority.authorise(
            work,
            Kind.WAIVER,
            what % {"sum": show(price, work.setting.digits), "reason": reason.strip()},
            amount=price,
            stay_id=card.stay_id,
        )
        work.note("waived", {"code": "CARD", "amount": price, "reason": reason.strip()}, card.stay_id)
    work.touch("cards")


def charge_missing(work: Work, stay_id: int, back: int | None, waived: str) -> None:
    """Charge a departing stay for the cards that are not among the ``back`` on the desk, within an operation;
    not charging them needs a reason and authority. ``None``: nobody has counted."""
    if back is None:
        return
    out = len(work.session.scalars(_OF_STAY, {"stay": stay_id}).all())
    if back > out or back < 0:
        raise Refused(
            _("%(out)s cards are out, and %(back)s are said to be back.") % {"out": out, "back": back}
        )
    price, missing = Money(work.setting.options.card_price), out - back
    if not price or not missing:
        return
    if waived.strip():
        what = _("%(sum)s for cards that are not back is not charged: %(reason)s")
        authority.authorise(
            work,
            Kind.WAIVER,
            what % {"sum": show(price * missing, work.setting.digits), "reason": waived.strip()},
            amount=price * missing,
            stay_id=stay_id,
        )
        noted = {"code": "CARD", "amount": price * missing, "reason": waived.strip()}
        work.note("waived", noted, stay_id)
        return
    folios.charge(
        work,
        stay_id=stay_id,
        code="CARD",
        amount=price,
        quantity=missing,
        text=_("Not back at check-out"),
        routed=False,  # the guest stands at the desk and pays for them
    )


def end_all(work: Work, stay_id: int, back: int = 0) -> None:
    """End a departing stay's cards, ``back`` of which lie on the desk; their time is over in the lock too."""
    for n, card in enumerate(work.session.scalars(_OF_STAY, {"stay": stay_id})):
        card.state, card.ended_at = "returned" if n < back else "ended", work.now
        work.touch("cards")


def prolong(work: Work, stay_id: int, valid_to: datetime) -> None:
    """Follow a changed departure: cards that would end at another moment are to be cut again."""
    for card in work.session.scalars(_OF_STAY, {"stay": stay_id}):
        card.kind = (
            "extend" if card.state == "valid" else card.kind
        )  # one that was never cut still has to end the cards before it
        card.valid_to, card.state, card.station = valid_to, "pending", work.station
        work.touch("cards")
