"""By which way a guest's money came and went back: what goes out otherwise needs authority."""

from collections.abc import Callable, Iterable

from sqlalchemy import ColumnElement, case, or_, select
from sqlalchemy.orm import Session, aliased

from pms.core.authority import Kind
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import show
from pms.core.payments import NOT_BACK
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.types import summed
from pms.db.work import Work
from pms.services.authority import service as authority

from . import kinds, numbers
from .models import Account, Transfer

NAMES = kinds.NAMES
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
    work: Work,
    method: str,
    amount: int,
    *,
    reference: str = "",
    stay_id: int | None = None,
    line_id: int | None = None,
) -> str:
    """Ask for authority where money goes back by another way than it came, and return the number under which
    it goes; refuses what came by a kind that is not given back."""
    number = kinds.given(work, method, reference)
    came = added(legs(work.session, whose=_whose(stay_id, line_id)))
    _may_be_given(work, came, amount)
    other = otherwise(came, method, amount)
    if other:
        another(work, method, amount, other, stay_id=stay_id, line_id=line_id)
    return number


def _may_be_given(work: Work, came: dict[str, int], amount: int) -> None:
    """Refuse to give back what came by a voucher and its like, unless so much came otherwise."""
    kept = sum(
        sum_
        for way, sum_ in came.items()
        if sum_ > 0 and way in NAMES and way != "CASH" and _stays(work, way)
    )
    free = sum(came.values()) - kept
    if kept and amount > free:
        digits = work.setting.digits
        raise Refused(
            _("%(kept)s came by a way that is not given back. At most %(free)s goes out.")
            % {"kept": show(kept, digits), "free": show(max(free, 0), digits)}
        )


def _stays(work: Work, way: str) -> bool:
    kind = kinds.of(work, way)
    return kind is not None and kind.back == NOT_BACK


def went_back(
    work: Work,
    transfer: int,
    method: str,
    amount: int,
    number: str,
    *,
    stay_id: int | None = None,
    line_id: int | None = None,
) -> None:
    """Note on which of the payer's numbers a posting's money went back."""
    numbers.went_back(work, transfer, method, amount, number, _whose(stay_id, line_id))


def _whose(stay_id: int | None, line_id: int | None) -> Callable[[type[Account]], ColumnElement[bool]]:
    return _of_stay(stay_id) if stay_id is not None else (lambda own: own.line_id == line_id)


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
        "way": kinds.words(work, method),
        "other": show(other, digits),
    }
    authority.authorise(work, Kind.REFUND, what, amount=other, stay_id=stay_id, line_id=line_id)
