"""A member's stored value: charged up with a gift by rule, used on folios, given back.

Two liabilities of the house: what was paid, and what was given on top. What is used takes the paid part
first, so that a gift is never turned into money; what is given back takes the gift along that it brought, in
proportion. The member is held first by every act, so that two desks cannot both spend the last of it.
"""

from sqlalchemy import select

from pms.core import offers
from pms.core.authority import Kind, percent_off
from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.options import Options
from pms.core.permissions import Permission
from pms.db.work import Work, operation
from pms.services.authority import service as authority
from pms.services.folios import corrections, kinds, ledger, numbers, ways
from pms.services.folios.odd import ask_if_odd

from . import printouts, queries, stored
from .duty import GIFT_FROM, GIFT_PERCENT, STORED, WORK
from .models import Member, MemberPurse, MemberPurseRow
from .register import held
from .stored import BACK, CHARGE, PAID_CODE, REFUND, USE

GIFT_CODE, EXPENSE = "STOREDGIFT", "GIFT"


def gift_by_rule(options: Options, amount: int) -> Money:
    """Return what the house gives on top of a charge, rounded down."""
    return Money(amount * options[GIFT_PERCENT] // 100 if amount >= options[GIFT_FROM] else 0)


@operation(WORK, money=True)
def charge_up(
    work: Work,
    *,
    number: int,
    amount: Money,
    method: str,
    gift: Money | None = None,
    reason: str = "",
    reference: str = "",
) -> int:
    """Take money into a member's stored value, with the gift of the rule or another one, print the receipt
    and return the row's number. A gift beyond the rule needs authority and a reason."""
    work.must_hold(Permission.FOLIOS_PAY)
    _must_be_on(work)
    member = _counting(work, number)
    if method not in ledger.METHODS:
        raise Refused(_("“%(method)s” is no payment method here.") % {"method": method})
    if amount <= 0:
        raise Refused(_("A charge is more than 0."))
    ask_if_odd(work, amount)
    by_rule = gift_by_rule(work.setting.options, amount)
    given = by_rule if gift is None else gift
    if not 0 <= given <= amount:
        raise Refused(_("A gift is 0 or more, and never more than what is paid."))
    over = Money(max(given - by_rule, 0))
    if over:
        _may_give(work, member, over, amount, reason)
    came_by = kinds.taken(work, method, reference)
    paid = _post(work, ledger.account(work, method), PAID_CODE, amount, PAID_CODE, member)
    numbers.came(work, paid or 0, method, amount, came_by)
    free = _post(work, ledger.account(work, EXPENSE), GIFT_CODE, given, GIFT_CODE, member)
    return _moved(
        work,
        member,
        CHARGE,
        amount,
        given,
        over=over,
        method=method,
        paid_transfer=paid,
        gift_transfer=free,
        reason=reason,
    )


def _must_be_on(work: Work) -> None:
    if not work.setting.options[STORED]:
        raise Refused(_("Stored value is switched off. Settings, Members switch it on."))


def _counting(work: Work, number: int) -> Member:
    """Return a member whose membership counts, held."""
    member = held(work, number)
    if why := queries.listed(work.session, number=number).why_not(work.business_date):
        raise Refused(why)
    return member


def _may_give(work: Work, member: Member, over: Money, amount: Money, reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Say why more is given than the rule says."))
    what = _("Gift to %(member)s: %(sum)s beyond the rule on %(paid)s")
    authority.authorise(
        work,
        Kind.REBATE,
        what
        % {
            "member": f"{queries.shown(member.number)} {member.name}",
            "sum": show(over, work.setting.digits),
            "paid": show(amount, work.setting.digits),
        },
        percent=percent_off(over, amount),
        amount=over,
    )


def _post(
    work: Work, debit: int, into: str, amount: int, code: str, member: Member, *, stay_id: int | None = None
) -> int | None:
    """Post a part between an account and a liability; below zero it goes the other way, 0 is no posting."""
    if not amount:
        return None
    return ledger.post(
        work,
        debit=debit,
        credit=ledger.account(work, into),
        amount=amount,
        code=code,
        text=f"{queries.shown(member.number)} {member.name}",
        stay_id=stay_id,
    )


def _moved(
    work: Work,
    member: Member,
    kind: str,
    paid: int,
    gift: int,
    *,
    over: Money = Money(0),
    method: str = "",
    stay_id: int | None = None,
    paid_transfer: int | None = None,
    gift_transfer: int | None = None,
    reverses: int | None = None,
    reason: str = "",
    room: str = "",
) -> int:
    """Change what a member has, write the row and print the receipt; return the row's number."""
    purse = _purse(work, member)
    purse.paid, purse.gift = Money(purse.paid + paid), Money(purse.gift + gift)
    work.session.flush()
    made = work.insert_one(
        MemberPurseRow,
        member_id=member.id,
        kind=kind,
        paid=Money(paid),
        gift=Money(gift),
        over=over,
        method=method,
        stay_id=stay_id,
        paid_transfer=paid_transfer,
        gift_transfer=gift_transfer,
        reverses=reverses,
        reason=reason.strip(),
        at=work.now,
        business_date=work.business_date,
        clerk_id=work.clerk.id or None,
        station=work.station,
    )
    row = queries.listed(work.session, number=member.number)
    work.print(
        printouts.stored_receipt(
            work,
            row,
            kind=kind,
            paid=Money(paid),
            gift=Money(gift),
            left=(purse.paid, purse.gift),
            method=method,
            room=room,
        ),
        record="member",
        record_id=member.id,
    )
    work.touch("members")
    return made


def _purse(work: Work, member: Member) -> MemberPurse:
    """Return what a member has, held; made at the first charge."""
    mine = select(MemberPurse).where(MemberPurse.member_id == member.id)
    found = work.session.scalars(mine.with_for_update().execution_options(populate_existing=True)).first()
    if found is None:
        found = MemberPurse(member_id=member.id, paid=Money(0), gift=Money(0))
        work.session.add(found)
        work.session.flush()
    return found


@operation(WORK, money=True)
def pay(work: Work, *, number: int, stay_id: int, amount: Money, window: str = "A") -> int:
    """Pay a folio with stored value, the paid part first, at most what the folio owes; print the slip that
    the member signs and return the row's number."""
    work.must_hold(Permission.FOLIOS_PAY)
    _must_be_on(work)
    member, digits = _counting(work, number), work.setting.digits
    purse, folio = _purse(work, member), ledger.folio(work, stay_id, window)
    owed = ledger.balance(work, folio)
    if amount <= 0:
        raise Refused(_("A payment is more than 0."))
    if amount > owed:
        raise Refused(
            _("The folio owes %(owed)s; no more is paid with stored value.")
            % {"owed": show(max(owed, 0), digits)}
        )
    if amount > purse.paid + purse.gift:
        raise Refused(
            _("%(member)s has %(sum)s of stored value.")
            % {"member": queries.shown(number), "sum": show(purse.paid + purse.gift, digits)}
        )
    of_paid = min(purse.paid, amount)
    of_gift = amount - of_paid
    whose = work.ask_up(offers.stay_name, stay_id=stay_id)
    parts = [
        _post(work, folio, code, -part, code, member, stay_id=stay_id)
        for code, part in ((PAID_CODE, of_paid), (GIFT_CODE, of_gift))
    ]
    return _moved(
        work,
        member,
        USE,
        -of_paid,
        -of_gift,
        stay_id=stay_id,
        paid_transfer=parts[0],
        gift_transfer=parts[1],
        room=f"{whose.room} {whose.guest}" if whose else "",
    )


@operation(WORK, money=True)
def refund(work: Work, *, number: int, amount: Money, method: str, reason: str, reference: str = "") -> int:
    """Give stored value back, of the paid part only and the way it came; the gift that it brought goes along
    in proportion. Another way needs authority. Returns the row's number."""
    work.must_hold(Permission.FOLIOS_REFUND)
    member, digits = held(work, number), work.setting.digits
    if method not in ledger.METHODS:
        raise Refused(_("“%(method)s” is no payment method here.") % {"method": method})
    if not reason.strip():
        raise Refused(_("Say why the money is given back."))
    purse = _purse(work, member)
    if not 0 < amount <= purse.paid:
        raise Refused(
            _("Of the stored value, %(sum)s was paid and can be given back; a gift cannot.")
            % {"sum": show(purse.paid, digits)}
        )
    other = ways.otherwise(stored.came_by(work.session, member.id), method, amount)
    if other:
        ways.another(work, method, amount, other)
    own = kinds.given(work, method, reference)
    gone = purse.gift * amount // purse.paid
    paid = _post(work, ledger.account(work, method), PAID_CODE, -amount, PAID_CODE, member)
    numbers.went_back(work, paid or 0, method, amount, own, slip=queries.shown(number))
    free = _post(work, ledger.account(work, EXPENSE), GIFT_CODE, -gone, GIFT_CODE, member)
    return _moved(
        work,
        member,
        REFUND,
        -amount,
        -gone,
        method=method,
        paid_transfer=paid,
        gift_transfer=free,
        reason=reason,
    )


@operation(WORK, money=True)
def take_back(work: Work, *, row_id: int, reason: str) -> int:
    """Take a payment with stored value back from its folio, while that is open; on the same day by whoever
    made it, else by somebody who may adjust. Returns the new row's number."""
    use = work.session.get_one(MemberPurseRow, row_id)
    member = held(work, work.session.get_one(Member, use.member_id).number)
    if use.kind != USE:
        raise Refused(_("Only a payment with stored value is taken back here."))
    if work.session.scalar(select(MemberPurseRow.id).where(MemberPurseRow.reverses == row_id)) is not None:
        raise Conflict(_("This was taken back already. Look at the member again."))
    lines = [
        corrections.reversible(work, made, reason)
        for made in (use.paid_transfer, use.gift_transfer)
        if made is not None
    ]
    whose = work.ask_up(offers.stay_name, stay_id=use.stay_id) if use.stay_id is not None else None
    room = f"{whose.room} {whose.guest}" if whose else ""
    if use.business_date != work.business_date or use.clerk_id != (work.clerk.id or None):
        what = _("Taking back a payment with stored value of %(member)s, %(room)s")
        told = {"member": f"{queries.shown(member.number)} {member.name}", "room": room}
        work.require(Permission.FOLIOS_ADJUST, what % told, -(use.paid + use.gift))
    made = {line.code: ledger.reverse(work, line, reason) for line in lines}
    return _moved(
        work,
        member,
        BACK,
        -use.paid,
        -use.gift,
        stay_id=use.stay_id,
        paid_transfer=made.get(PAID_CODE),
        gift_transfer=made.get(GIFT_CODE),
        reverses=use.id,
        reason=reason,
        room=room,
    )


@operation(WORK)
def print_statement(work: Work, *, number: int, sheet: bool = False) -> None:
    """Print every move of a member's stored value, on a roll or a sheet."""
    found = queries.member(work.session, number=number)
    if found is None:
        raise Refused(_("There is no member %(number)s. Look again.") % {"number": queries.shown(number)})
    rows = stored.rows(work.session, member_id=found.id)
    has = stored.purse(work.session, member_id=found.id)
    work.print(printouts.statement(work, found, rows, has, sheet=sheet), record="member", record_id=found.id)


def forfeit(work: Work, member: Member) -> None:
    """Let what was given to a member go with the membership; refuses while the house holds the member's own
    money."""
    mine = select(MemberPurse.id).where(MemberPurse.member_id == member.id)
    if work.session.scalar(mine) is None:
        return
    purse = _purse(work, member)
    if purse.paid:
        raise Refused(
            _("%(member)s has %(sum)s of stored value. Give it back first.")
            % {"member": queries.shown(member.number), "sum": show(purse.paid, work.setting.digits)}
        )
    if gift := purse.gift:
        free = _post(work, ledger.account(work, EXPENSE), GIFT_CODE, -gift, GIFT_CODE, member)
        _moved(work, member, REFUND, 0, -gift, gift_transfer=free, reason=_("Membership ended"))
