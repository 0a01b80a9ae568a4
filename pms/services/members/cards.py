"""A member's card: sold at the counter or on the folio, reported lost, replaced at its price."""

from dataclasses import dataclass

from sqlalchemy import select

from pms.core import offers
from pms.core.authority import Kind, percent_off
from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.db.work import Work, operation
from pms.services.authority import service as authority
from pms.services.folios import kinds, ledger, numbers, routing, tax

from . import printouts, queries
from .duty import WORK
from .models import Member, MemberCard, MemberLevel
from .queries import LOST, VALID
from .register import held, note

CODE = "MEMBERCARD"
SHORTEST, LONGEST = 4, queries.CARD
"""Signs of a card's number: so short that it is never a bank card's."""


@dataclass(frozen=True)
class Paid:
    """How a card is paid: at once by a kind of payment with its number, or on the folio of a stay."""

    method: str = ""
    reference: str = ""
    stay_id: int | None = None


@operation(WORK, money=True)
def sell_card(
    work: Work,
    *,
    number: int,
    card: str,
    method: str = "",
    stay_id: int | None = None,
    charge: Money | None = None,
    reason: str = "",
    reference: str = "",
) -> str:
    """Sell a card to a member who has none, print the receipt and return the card's number.

    Paid at once by ``method`` (``reference`` is its number), or on the folio of ``stay_id``; to charge less
    than the level's price needs authority and a reason.
    """
    member = held(work, number)
    level = work.hold(MemberLevel, member.level_id)
    paid = Paid(method, reference, stay_id)
    made = sell(work, member, level, card, paid=paid, charge=charge, reason=reason)
    work.touch("members")
    return made


def sell(
    work: Work,
    member: Member,
    level: MemberLevel,
    card: str,
    *,
    paid: Paid,
    charge: Money | None,
    reason: str,
    event: str = "card",
) -> str:
    """Give a card out and post its price, within an operation."""
    made = _may_have(work, member, card)
    price = _price(work, member, level, charge, reason, paid.stay_id)
    who, room = _post(work, member, made, price, paid)
    work.session.add(
        MemberCard(card=made, member_id=member.id, state=VALID, price=price, sold_on=work.business_date)
    )
    work.session.flush()
    note(work, member.id, event, _(", ").join(filter(None, (made, reason.strip()))), price)
    row = queries.listed(work.session, number=member.number)
    work.print(
        printouts.card_receipt(work, row, price=price, method=paid.method, room=room, guest=who, event=event),
        record="member",
        record_id=member.id,
    )
    return made


def _may_have(work: Work, member: Member, card: str) -> str:
    """Return the number under which a card is kept; refuses one that cannot be, or a second one."""
    made = queries.card_of(card)
    if not (SHORTEST <= len(made) <= LONGEST and made.isalnum() and made.isascii()):
        raise Refused(
            _("A card's number has %(least)s to %(most)s letters or figures.")
            % {"least": SHORTEST, "most": LONGEST}
        )
    other = work.session.execute(
        select(Member.number)
        .join(MemberCard, MemberCard.member_id == Member.id)
        .where(MemberCard.card == made)
    ).scalar()
    if other is not None:
        raise Refused(
            _("Card %(card)s was given to %(member)s. Take another one.")
            % {"card": made, "member": queries.shown(other)}
        )
    mine = select(MemberCard.card).where(MemberCard.member_id == member.id, MemberCard.state == VALID)
    if (has := work.session.execute(mine).scalar()) is not None:
        raise Conflict(
            _("%(member)s has card %(card)s. Report it lost first.")
            % {"member": queries.shown(member.number), "card": has}
        )
    return made


def _price(
    work: Work, member: Member, level: MemberLevel, charge: Money | None, reason: str, stay_id: int | None
) -> Money:
    """Return what a card costs; less than its price needs authority and a reason."""
    whole, digits = level.card_price, work.setting.digits
    wanted = whole if charge is None else charge
    if not 0 <= wanted <= whole:
        raise Refused(_("At most the price is charged, %(price)s.") % {"price": show(whole, digits)})
    if wanted < whole:
        if not reason.strip():
            raise Refused(_("Say why less than the price is charged."))
        less = Money(whole - wanted)
        what = _("Member card of %(member)s: %(sum)s not charged")
        authority.authorise(
            work,
            Kind.WAIVER,
            what % {"member": f"{queries.shown(member.number)} {member.name}", "sum": show(less, digits)},
            percent=percent_off(less, whole),
            amount=less,
            stay_id=stay_id,
        )
    return wanted


def _post(work: Work, member: Member, card: str, price: Money, paid: Paid) -> tuple[str, str]:
    """Charge a card to the folio, or to the counter, which is paid at once; return guest and room."""
    stay_id = paid.stay_id
    whose = work.ask_up(offers.stay_name, stay_id=stay_id) if stay_id is not None else None
    where = (whose.guest, whose.room) if whose else ("", "")
    if not price:
        return where
    if stay_id is None and paid.method not in ledger.METHODS:
        raise Refused(_("Say how the card is paid."))
    if work.setting.options.shifts:
        ledger.must_be_open(work, work.station)
    counter = routing.Payer(work, ledger.account(work, ledger.COUNTER)) if stay_id is None else None
    payer = counter or routing.payer(work, stay_id or 0)
    text = f"{queries.shown(member.number)} {card}"
    payer.charge(code=CODE, credit=ledger.account(work, CODE), amount=price, text=text, stay_id=stay_id)
    if counter is not None:
        on_top = tax.on_top(work.setting.options, CODE, price)
        _take(work, counter.folio, Money(price + on_top), paid, text)
    return where


def _take(work: Work, payer: int, amount: Money, paid: Paid, text: str) -> None:
    number = kinds.taken(work, paid.method, paid.reference)
    made = ledger.post(
        work,
        debit=ledger.account(work, paid.method),
        credit=payer,
        amount=amount,
        code=paid.method,
        text=text,
    )
    numbers.came(work, made, paid.method, amount, number)


@operation(WORK)
def lose_card(work: Work, *, number: int) -> str:
    """Block a card that is reported lost at once and return its number; the membership goes on."""
    member = held(work, number)
    valid = select(MemberCard).where(MemberCard.member_id == member.id, MemberCard.state == VALID)
    card = work.session.scalars(valid.with_for_update()).first()
    if card is None:
        raise Conflict(_("%(member)s has no valid card.") % {"member": queries.shown(number)})
    card.state, card.ended_on = LOST, work.business_date
    note(work, member.id, "lost", card.card)
    work.touch("members")
    return card.card


@operation(WORK)
def found_again(work: Work, *, number: int) -> str:
    """Let a card that was reported lost be valid again, when it was found and not replaced."""
    member = held(work, number)
    card = _lost(work, member)
    valid = select(MemberCard.id).where(MemberCard.member_id == member.id, MemberCard.state == VALID)
    if card is None or work.session.execute(valid).first() is not None:
        raise Conflict(_("No card of %(member)s is missing.") % {"member": queries.shown(number)})
    card.state, card.ended_on = VALID, None
    note(work, member.id, "found", card.card)
    work.touch("members")
    return card.card


@operation(WORK, money=True)
def replace_card(
    work: Work,
    *,
    number: int,
    card: str,
    method: str = "",
    stay_id: int | None = None,
    charge: Money | None = None,
    reason: str = "",
    reference: str = "",
) -> str:
    """Give a new card for one that was reported lost, at the card's price, and return its number; the lost
    one stays blocked for good. To charge less needs authority and a reason."""
    member = held(work, number)
    lost = _lost(work, member)
    if lost is None:
        raise Refused(_("Report the card lost first; it is blocked then."))
    lost.state = "replaced"
    work.session.flush()
    level = work.hold(MemberLevel, member.level_id)
    made = sell(
        work,
        member,
        level,
        card,
        paid=Paid(method, reference, stay_id),
        charge=charge,
        reason=reason,
        event="replaced",
    )
    work.touch("members")
    return made


def _lost(work: Work, member: Member) -> MemberCard | None:
    lost = select(MemberCard).where(MemberCard.member_id == member.id, MemberCard.state == LOST)
    return work.session.scalars(lost.order_by(MemberCard.id.desc()).with_for_update()).first()
