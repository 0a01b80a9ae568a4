"""What a member has in stored value, and how it came and went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, aliased

from pms.core.i18n import N_, _
from pms.core.money import Money, show
from pms.core.offers import Reminder
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.types import summed
from pms.services.folios import queries as folio_queries
from pms.services.folios.models import Account, Transfer
from pms.services.property.queries import setting
from pms.services.staff.models import Staff

from .duty import STORED, WORK
from .models import Member, MemberLevel, MemberPurse, MemberPurseRow, MemberStay, level_name
from .queries import shown

CHARGE, USE, REFUND, BACK = "charge", "use", "refund", "back"
KINDS = {
    CHARGE: N_("Stored value charged up"),
    USE: N_("Paid with stored value"),
    REFUND: N_("Stored value given back"),
    BACK: N_("Payment taken back"),
}
PAID_CODE = "STORED"


@dataclass(frozen=True)
class Purse:
    """What a member has: paid, and given on top."""

    paid: Money = Money(0)
    gift: Money = Money(0)

    @property
    def total(self) -> Money:
        """Return what can be paid with it."""
        return Money(self.paid + self.gift)


@dataclass(frozen=True)
class PurseRow:
    """One move of stored value; ``undone`` where it was taken back."""

    id: int
    kind: str
    paid: Money
    gift: Money
    method: str
    stay_id: int | None
    reason: str
    at: datetime
    business_date: date
    by: str
    undone: bool

    @property
    def words(self) -> str:
        """Return what happened, in words."""
        return _(KINDS[self.kind])


@query(WORK)
def purse(session: Session, *, member_id: int) -> Purse:
    """Return what a member has."""
    p = MemberPurse
    found = session.execute(select(p.paid, p.gift).where(p.member_id == member_id)).first()
    return Purse(*found) if found is not None else Purse()


@query(WORK)
def rows(session: Session, *, member_id: int) -> list[PurseRow]:
    """Return how a member's stored value came and went, oldest first."""
    r, undone = MemberPurseRow, aliased(MemberPurseRow)
    found = session.execute(
        select(
            r.id,
            r.kind,
            r.paid,
            r.gift,
            r.method,
            r.stay_id,
            r.reason,
            r.at,
            r.business_date,
            func.coalesce(Staff.name, "").label("by"),
            undone.id.is_not(None).label("undone"),
        )
        .outerjoin(Staff, Staff.id == r.clerk_id)
        .outerjoin(undone, undone.reverses == r.id)
        .where(r.member_id == member_id)
        .order_by(r.id)
    )
    return [PurseRow(**row) for row in found.mappings()]


def came_by(session: Session, member_id: int) -> dict[str, int]:
    """Return what a member paid by each way, less what went back by it."""
    r = MemberPurseRow
    mine = r.member_id == member_id, r.kind.in_((CHARGE, REFUND)), r.method != ""
    return {
        method: int(amount)
        for method, amount in session.execute(
            select(r.method, summed(r.paid)).where(*mine).group_by(r.method)
        )
    }


@query(WORK)
def usual_way(session: Session, *, member_id: int) -> str:
    """Return the way by which most of a member's stored value came, cash where none did."""
    came = came_by(session, member_id)
    return max(came, key=lambda way: came[way], default="CASH")


_OWN: Any = (
    select(Member.number, Member.name, level_name(), MemberPurse.paid + MemberPurse.gift)
    .select_from(MemberStay)
    .join(Member, Member.id == MemberStay.member_id)
    .join(MemberLevel, MemberLevel.id == Member.level_id)
    .join(MemberPurse, MemberPurse.member_id == Member.id)
    .where(
        MemberStay.stay_id == bindparam("stay"),
        Member.suspended == "",
        Member.ended_on.is_(None),
        MemberPurse.paid + MemberPurse.gift > 0,
    )
)


@query(WORK)
def leaving(session: Session, *, stay_id: int) -> list[Reminder]:
    """Say what a member who leaves with a balance could pay with: the purse may settle it, in whole or in
    part."""
    found = session.execute(_OWN, {"stay": stay_id}).first()
    if found is None:
        return []
    house = setting(session)
    accounts = folio_queries.folios(session, stay_id=stay_id)
    owed = sum(folio.own for folio in accounts if folio.ledger == "guest")
    if owed <= 0 or not house.options[STORED]:
        return []
    number, name, level, has = found
    told = {
        "level": level,
        "name": name,
        "member": shown(number),
        "has": show(int(has), house.digits),
        "pays": show(min(int(has), owed), house.digits),
    }
    words = _("%(level)s %(name)s, %(member)s, has %(has)s of stored value: %(pays)s can be paid by it.")
    return [Reminder(words % told, "members", {"number": number, "pays_for": stay_id})]


# ------------------------------------------------------------------ proof
@dataclass(frozen=True)
class Standing:
    """One liability: its code, what the ledger owes by it, and what all members have."""

    code: str
    owed: Money
    held: Money


@query(Permission.AUDIT_RUN)
def standing(session: Session, *, business_date: date) -> Sequence[Standing]:
    """Return both liabilities against what members have, as of now."""
    paid, gift = session.execute(select(summed(MemberPurse.paid), summed(MemberPurse.gift))).one()
    a, t = Account, Transfer
    found = []
    for code, has in ((PAID_CODE, paid), ("STOREDGIFT", gift)):
        account = session.execute(select(a.id, a.balance).where(a.code == code)).first()
        if account is None:
            continue
        today = t.business_date >= business_date
        debit, credit = (
            session.scalar(select(summed(t.amount)).where(side == account.id, today)) or 0
            for side in (t.debit_id, t.credit_id)
        )
        found.append(Standing(code, Money(int(credit) - int(debit) - account.balance), Money(int(has))))
    return found


@query(Permission.AUDIT_RUN)
def beside_rows(session: Session) -> Sequence[tuple[int, str, Money, Money]]:
    """Return the members whose stored value is not the sum of its moves: number, name, what they have, what
    the moves make."""
    p, r, m = MemberPurse, MemberPurseRow, Member
    moves = (
        select(r.member_id, summed(r.paid).label("paid"), summed(r.gift).label("gift"))
        .group_by(r.member_id)
        .subquery()
    )
    paid, gift = func.coalesce(moves.c.paid, 0), func.coalesce(moves.c.gift, 0)
    wrong = session.execute(
        select(m.number, m.name, p.paid + p.gift, paid + gift)
        .select_from(p)
        .join(m, m.id == p.member_id)
        .outerjoin(moves, moves.c.member_id == p.member_id)
        .where((p.paid != paid) | (p.gift != gift))
        .order_by(m.number)
    )
    return [(number, name, Money(int(has)), Money(int(made))) for number, name, has, made in wrong]


@query(Permission.AUDIT_RUN)
def beyond_rule(
    session: Session, *, business_date: date
) -> Sequence[tuple[int, int, str, Money, int | None]]:
    """Return the gifts beyond the rule of a day: row, member's number and name, how much, by whom."""
    r, m = MemberPurseRow, Member
    found = session.execute(
        select(r.id, m.number, m.name, r.over, r.clerk_id)
        .join(m, m.id == r.member_id)
        .where(r.business_date == business_date, r.over > 0)
        .order_by(r.id)
    )
    return [(row, number, name, over, by) for row, number, name, over, by in found]
