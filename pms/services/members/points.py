"""A member's points: earned by the close from what a stay paid for its room, spent as a rebate on a folio,
gone when their time is over; and the level that nights and points of a year bring.

What the close does for members is done in its transaction, once: each row has a key of its own.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from pms.core.errors import Conflict, Refused
from pms.core.i18n import _, ngettext
from pms.core.money import Money, show
from pms.core.options import Options
from pms.core.permissions import Permission
from pms.db.types import summed
from pms.db.work import Work, operation
from pms.services.folios import corrections, ledger
from pms.services.folios.ledger import ROOM_CODES
from pms.services.folios.models import Account, Transfer

from . import queries, scores, terms
from .duty import EARNED, LAST, POINTS, WORK, WORTH
from .models import Member, MemberLevel, MemberPoints, MemberPointsRow, MemberPurseRow, MemberStay
from .register import held

CODE = "POINTS"
EARN, SPEND, EXPIRE, BACK = scores.EARN, scores.SPEND, scores.EXPIRE, scores.BACK


def worth(options: Options, points: int, digits: int) -> Money:
    """Return what points are worth on a folio, rounded down."""
    return Money(points * 10**digits // options[WORTH])


def _move(
    work: Work,
    member_id: int,
    kind: str,
    points: int,
    key: str,
    *,
    amount: int = 0,
    stay_id: int | None = None,
    transfer_id: int | None = None,
    expires_on: date | None = None,
    reason: str = "",
) -> int:
    """Change what a member has and write the row; return its number."""
    mine = select(MemberPoints).where(MemberPoints.member_id == member_id)
    has = work.session.scalars(mine.with_for_update().execution_options(populate_existing=True)).first()
    if has is None:
        has = MemberPoints(member_id=member_id, points=0)
        work.session.add(has)
    has.points += points
    work.session.flush()
    work.touch("members")
    return work.insert_one(
        MemberPointsRow,
        member_id=member_id,
        kind=kind,
        points=points,
        amount=Money(amount),
        key=key,
        stay_id=stay_id,
        transfer_id=transfer_id,
        expires_on=expires_on,
        reason=reason.strip(),
        at=work.now,
        business_date=work.business_date,
        clerk_id=work.clerk.id or None,
        station=work.station,
    )


# ------------------------------------------------------------------ spent
@operation(WORK, money=True)
def spend_points(work: Work, *, number: int, stay_id: int, points: int, window: str = "A") -> int:
    """Spend points as a rebate on a folio, at most what it owes, and return the row's number."""
    work.must_hold(Permission.FOLIOS_PAY)
    if not work.setting.options[POINTS]:
        raise Refused(_("Points are switched off. Settings, Members switch them on."))
    member, digits = held(work, number), work.setting.digits
    if why := queries.listed(work.session, number=number).why_not(work.business_date):
        raise Refused(why)
    has = scores.points(work.session, member_id=member.id)
    if not 0 < points <= has:
        raise Refused(_("%(member)s has %(n)s points.") % {"member": queries.shown(number), "n": has})
    value = worth(work.setting.options, points, digits)
    folio = ledger.folio(work, stay_id, window)
    owed = ledger.balance(work, folio)
    if not value:
        raise Refused(_("So few points are worth nothing yet."))
    if value > owed:
        raise Refused(
            _("The folio owes %(owed)s; these points are worth %(sum)s.")
            % {"owed": show(max(owed, 0), digits), "sum": show(value, digits)}
        )
    made = ledger.post(
        work,
        debit=ledger.account(work, CODE),
        credit=folio,
        amount=value,
        code=CODE,
        text=f"{queries.shown(number)} {member.name}",
        rule=ngettext("%(n)s point", "%(n)s points", points) % {"n": points},
        stay_id=stay_id,
    )
    return _move(
        work, member.id, SPEND, -points, f"spent:{made}", amount=value, stay_id=stay_id, transfer_id=made
    )


@operation(WORK, money=True)
def give_points_back(work: Work, *, row_id: int, reason: str) -> int:
    """Take points that were spent back from the folio, while that is open; on the same day by whoever did it,
    else by somebody who may adjust. Returns the new row's number."""
    spent = work.session.get_one(MemberPointsRow, row_id)
    member = held(work, work.session.get_one(Member, spent.member_id).number)
    if spent.kind != SPEND or spent.transfer_id is None:
        raise Refused(_("Only points that were spent are given back."))
    again = select(MemberPointsRow.id).where(MemberPointsRow.key == f"back:{row_id}")
    if work.session.scalar(again) is not None:
        raise Conflict(_("This was taken back already. Look at the member again."))
    line = corrections.reversible(work, spent.transfer_id, reason)
    if spent.business_date != work.business_date or spent.clerk_id != (work.clerk.id or None):
        what = _("Giving %(n)s points back to %(member)s")
        told = {"n": -spent.points, "member": f"{queries.shown(member.number)} {member.name}"}
        work.require(Permission.FOLIOS_ADJUST, what % told, spent.amount)
    made = ledger.reverse(work, line, reason)
    return _move(
        work,
        member.id,
        BACK,
        -spent.points,
        f"back:{row_id}",
        amount=spent.amount,
        stay_id=spent.stay_id,
        transfer_id=made,
        reason=reason,
    )


# ------------------------------------------------------------------ the close
def close(work: Work, business_date: date, stay_ids: Sequence[int], running_out: Sequence[int]) -> None:
    """Do what the close of a day does for members: points of the stays that ended and are paid, levels that
    they bring, points and terms that run out."""
    if stay_ids:
        wanted = select(MemberStay.stay_id, MemberStay.member_id).where(MemberStay.stay_id.in_(stay_ids))
        ended = work.session.execute(wanted.order_by(MemberStay.stay_id)).all()
    else:
        ended = []
    if work.setting.options[POINTS]:
        _expire(work, business_date)
        if ended:
            _earn(work, business_date, {row.stay_id: row.member_id for row in ended})
    terms.settle(work, business_date, {row.member_id for row in ended}, set(running_out))


def _earn(work: Work, business_date: date, of: dict[int, int]) -> None:
    paid = _room_revenue(work, list(of))
    gifts = _gift_used(work, list(of))
    known = select(MemberPointsRow.stay_id).where(
        MemberPointsRow.kind == EARN, MemberPointsRow.stay_id.in_(list(of))
    )
    done = set(work.session.scalars(known))
    levels = select(Member.id, MemberLevel.multiple).join(MemberLevel, MemberLevel.id == Member.level_id)
    counting = Member.id.in_(set(of.values())), Member.suspended == "", Member.ended_on.is_(None)
    multiple = {row.id: row.multiple for row in work.session.execute(levels.where(*counting))}
    options = work.setting.options
    until = terms.later(business_date, options[LAST]) if options[LAST] else None
    for stay_id, member_id in of.items():
        base = max(paid.get(stay_id, 0) - gifts.get(stay_id, 0), 0)
        unit = 10**work.setting.digits * 100
        points = base * options[EARNED] * multiple.get(member_id, 0) // unit
        if points and stay_id not in done:
            key = f"earned:{stay_id}"
            _move(work, member_id, EARN, points, key, amount=base, stay_id=stay_id, expires_on=until)


def _room_revenue(work: Work, stay_ids: Sequence[int]) -> dict[int, int]:
    """Return what stays brought for their rooms, less what was given back."""
    t = Transfer
    rooms = select(Account.id).where(Account.code.in_(ROOM_CODES))
    ours = list(work.session.scalars(rooms))
    found: dict[int, int] = {}
    for side, sign in ((t.credit_id, 1), (t.debit_id, -1)):
        rows = work.session.execute(
            select(t.stay_id, summed(t.amount))
            .where(t.stay_id.in_(stay_ids), side.in_(ours))
            .group_by(t.stay_id)
        )
        for stay_id, amount in rows:
            found[int(stay_id or 0)] = found.get(int(stay_id or 0), 0) + sign * int(amount)
    return found


def _gift_used(work: Work, stay_ids: Sequence[int]) -> dict[int, int]:
    """Return how much of each stay was paid with what the house gave itself."""
    r = MemberPurseRow
    rows = work.session.execute(
        select(r.stay_id, summed(r.gift)).where(r.stay_id.in_(stay_ids)).group_by(r.stay_id)
    )
    return {stay_id: -int(gift) for stay_id, gift in rows if stay_id is not None}


def _expire(work: Work, business_date: date) -> None:
    """Take away what nobody spent in time: the oldest points are spent first."""
    r = MemberPointsRow
    ripe = select(r.member_id).where(r.expires_on == business_date).distinct()
    for member_id in work.session.scalars(ripe.order_by(r.member_id)).all():
        old = work.session.scalar(
            select(summed(r.points)).where(r.member_id == member_id, r.expires_on <= business_date)
        )
        gone = work.session.scalar(
            select(summed(r.points)).where(r.member_id == member_id, r.kind.in_((SPEND, EXPIRE, BACK)))
        )
        left = int(old or 0) + int(gone or 0)
        if left > 0:
            _move(work, member_id, EXPIRE, -left, f"expired:{business_date}:{member_id}")
