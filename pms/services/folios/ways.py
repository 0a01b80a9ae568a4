"""By which way a guest's money came and went back: what goes out otherwise needs authority."""

from collections.abc import Callable, Iterable

from sqlalchemy import ColumnElement, case, or_, select
from sqlalchemy.orm import Session, aliased

from pms.core.authority import Kind
from pms.core.i18n import _
from pms.core.money import show
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.types import summed
from pms.db.work import Work
from pms.services.authority import service as authority

from . import ledger
from .models import Account, Transfer

NAMES = {code: name for code, name, *_rest in ledger.CODES if code in ledger.METHODS}
TAKEN_OVER = "OPENING"
"""What was taken over from the books before may go back by any way."""


Leg = tuple[int | None, int | None, str, int]
"""A stay or a booked room, a way, and what came by it less what went back."""


@query(Permission.FOLIOS_READ)
def legs(session: Session, *, whose: Callable[[type[Account]], ColumnElement[bool]]) -> list[Leg]:
    """Return what came and went by each way on the accounts that ``whose`` chooses."""
    own, other, t = aliased(Account, name="own"), aliased(Account, name="other"), Transfer
    rows = session.execute(
        select(
            own.stay_id,
            own.line_id,
            other.code,
            summed(case((t.credit_id == own.id, t.amount), else_=-t.amount)),
        )
        .select_from(own)
        .join(t, or_(t.debit_id == own.id, t.credit_id == own.id))
        .join(other, other.id == case((t.debit_id == own.id, t.credit_id), else_=t.debit_id))
        .where(whose(own), or_(other.ledger == "payment", other.code == TAKEN_OVER))
        .group_by(own.stay_id, own.line_id, other.code)
    )
    return [(stay, line, str(code).partition(":")[0], int(amount)) for stay, line, code, amount in rows]


def added(found: Iterable[Leg]) -> dict[str, int]:
    """Return the legs' sum by way."""
    sums: dict[str, int] = {}
    for _stay, _line, way, amount in found:
        sums[way] = sums.get(way, 0) + amount
    return sums


def _of_stay(stay_id: int) -> Callable[[type[Account]], ColumnElement[bool]]:
    """Choose a stay's accounts, and the advance deposit that became its own."""
    a, fed, t = aliased(Account), aliased(Account), Transfer
    advance = (
        select(t.debit_id)
        .join(fed, fed.id == t.debit_id)
        .join(a, a.id == t.credit_id)
        .where(a.stay_id == stay_id, a.ledger == "deposit", fed.ledger == "advance")
    )
    return lambda own: or_(own.stay_id == stay_id, own.id.in_(advance))


@query(Permission.FOLIOS_READ)
def came_by(session: Session, *, stay_id: int) -> str:
    """Return the way by which most of a guest's money came, cash where none did: money goes back so."""
    came = added(legs(session, whose=_of_stay(stay_id)))
    return max(NAMES, key=lambda way: came.get(way, 0))


def otherwise(came: dict[str, int], method: str, amount: int) -> int:
    """Return how much of a sum goes out by another way than it came."""
    return max(amount - max(came.get(method, 0), 0) - max(came.get(TAKEN_OVER, 0), 0), 0)


def may_go_back(
    work: Work, method: str, amount: int, *, stay_id: int | None = None, line_id: int | None = None
) -> None:
    """Ask for authority where money goes back by another way than it came."""
    whose = _of_stay(stay_id) if stay_id is not None else (lambda own: own.line_id == line_id)
    other = otherwise(added(legs(work.session, whose=whose)), method, amount)
    if other:
        another(work, method, amount, other, stay_id=stay_id, line_id=line_id)


def another(
    work: Work,
    method: str,
    amount: int,
    other: int,
    *,
    stay_id: int | None = None,
    line_id: int | None = None,
) -> None:
    """Ask for authority to give ``amount`` back, ``other`` of which came another way."""
    digits = work.setting.digits
    what = _("%(sum)s back as %(way)s, of which %(other)s came another way") % {
        "sum": show(amount, digits),
        "way": _(NAMES[method]),
        "other": show(other, digits),
    }
    authority.authorise(work, Kind.REFUND, what, amount=other, stay_id=stay_id, line_id=line_id)
