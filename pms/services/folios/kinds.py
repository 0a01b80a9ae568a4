"""Kinds of payment as data: what is offered at the desk, what bears a number, what goes back how."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from pms.core import i18n
from pms.core.errors import Refused
from pms.core.i18n import N_, _
from pms.core.payments import AS_CASH, ASKED, FREE, NEEDED, NONE, NOT_BACK, SAME_WAY, SLIP, TRADE
from pms.core.payments import number as as_number
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.work import Work

from .models import Account, PaymentKind

ASKED_FOR = "payment_kinds"
"""Under this name a session keeps the kinds of payment that its act has asked for."""
_KIND = (
    select(PaymentKind, Account.id)
    .outerjoin(Account, Account.code == PaymentKind.code)
    .where(PaymentKind.code == bindparam("code"))
)

NOTES, SLIPS, NOTHING = "notes", "slips", "nothing"
START: tuple[tuple[str, str, str, bool, str, str, bool], ...] = (
    # code, bears a number, of which shape, opens the drawer, goes back, counted, offered
    ("CASH", NONE, FREE, True, SAME_WAY, NOTES, True),
    ("WECHAT", NEEDED, TRADE, False, SAME_WAY, SLIPS, True),
    ("ALIPAY", NEEDED, TRADE, False, SAME_WAY, SLIPS, True),
    ("UNIONPAY", NEEDED, TRADE, False, SAME_WAY, SLIPS, True),
    ("BANK", ASKED, SLIP, False, SAME_WAY, SLIPS, True),
    ("WIRE", ASKED, FREE, False, SAME_WAY, NOTHING, True),
    ("VOUCHER", NEEDED, FREE, False, NOT_BACK, SLIPS, False),
    ("MOBILE", NONE, TRADE, False, SAME_WAY, SLIPS, False),
)
OF_BEFORE = "MOBILE"
"""Mobile payments before they were told apart: posted by what is taken over or was written on paper, never
offered."""
HELD = ("BANK",)
"""Kinds of which an amount may be held for a stay from the start; the house chooses others in the
settings."""
NEVER_HELD = ("CASH", "WIRE", "VOUCHER", "MOBILE")
NAMES = {
    "CASH": N_("Cash"),
    "WECHAT": N_("WeChat Pay"),
    "ALIPAY": N_("Alipay"),
    "UNIONPAY": N_("UnionPay code"),
    "BANK": N_("Bank card"),
    "WIRE": N_("Bank transfer"),
    "VOUCHER": N_("Voucher"),
    "MOBILE": N_("Mobile payment"),
}
BACK_WORDS = {
    SAME_WAY: N_("The way it came"),
    AS_CASH: N_("In cash, with authority"),
    NOT_BACK: N_("Not given back"),
}
NUMBER_WORDS = {NONE: N_("No number"), ASKED: N_("Number if there is one"), NEEDED: N_("Number is needed")}
COUNTED_WORDS = {NOTES: N_("Counted blind"), SLIPS: N_("Slips are counted"), NOTHING: N_("Not counted")}


@dataclass(frozen=True)
class Way:
    """A kind of payment as forms and lists show it; ``words`` as this reader calls it."""

    code: str
    words: str
    name: str
    name_zh: str
    offered: bool
    position: int
    number: str
    shape: str
    drawer: bool
    back: str
    counted: str
    holds: bool = False

    @property
    def bears(self) -> bool:
        """Say whether a number may be typed."""
        return self.number != NONE


def _way(kind: PaymentKind) -> Way:
    own = (kind.name_zh or kind.name) if i18n.language() == "zh_CN" else (kind.name or kind.name_zh)
    return Way(
        kind.code,
        own or _(NAMES.get(kind.code, kind.code)),
        kind.name,
        kind.name_zh,
        kind.offered,
        kind.position,
        kind.number,
        kind.shape,
        kind.drawer,
        kind.back,
        kind.counted,
        kind.holds,
    )


@query(Permission.FOLIOS_READ, Permission.PROPERTY_EDIT)
def ways(session: Session) -> list[Way]:
    """Return every kind of payment, those that are offered first, in the house's order."""
    k = PaymentKind
    found = session.scalars(select(k).order_by(k.offered.desc(), k.position, k.code))
    return [_way(kind) for kind in found]


@query(Permission.FOLIOS_READ, Permission.PROPERTY_EDIT)
def offered(session: Session) -> list[Way]:
    """Return the kinds of payment that the desk may choose, in the house's order."""
    return [way for way in ways(session) if way.offered]


@query(Permission.FOLIOS_READ, Permission.PROPERTY_EDIT, Permission.REPORTS_READ)
def called(session: Session) -> dict[str, str]:
    """Return how the house calls each kind of payment, by its code."""
    return {way.code: way.words for way in ways(session)}


def open_kinds(work: Work) -> None:
    """Write the kinds of payment that a hotel starts with."""
    for position, (code, number, shape, drawer, back, counted, on) in enumerate(START, 1):
        work.session.add(
            PaymentKind(
                code=code,
                number=number,
                shape=shape,
                drawer=drawer,
                back=back,
                counted=counted,
                offered=on,
                position=position,
                holds=code in HELD,
            )
        )


def of(work: Work, method: str) -> PaymentKind | None:
    """Return a kind of payment, None where there is none of this code; asked for once in an act, with the
    number of its account."""
    asked: dict[str, tuple[PaymentKind | None, int | None]] = work.session.info.setdefault(ASKED_FOR, {})
    if method not in asked:
        row = work.session.execute(_KIND, {"code": method}).first()
        asked[method] = (row[0], row[1]) if row is not None else (None, None)
    return asked[method][0]


def account_of(work: Work, method: str) -> int | None:
    """Return the number of a kind's account where the act has asked for the kind already."""
    found: int | None = work.session.info.get(ASKED_FOR, {}).get(method, (None, None))[1]
    return found


def known(work: Work, method: str) -> PaymentKind:
    """Return a kind of payment; refuses a word that is none."""
    found = of(work, method)
    if found is None:
        raise Refused(_("“%(method)s” is no payment method here.") % {"method": method})
    return found


def taken(work: Work, method: str, reference: str) -> str:
    """Return the number under which money of this kind is taken; refuses a kind that is not offered any more,
    and a number that is missing or is none. Cash asks nothing."""
    if method == "CASH":
        return ""
    kind = known(work, method)
    if not kind.offered and method != OF_BEFORE:
        raise Refused(
            _("%(kind)s is not taken here now. Choose another way to pay.") % {"kind": _way(kind).words}
        )
    return numbered(work, method, reference)


def numbered(work: Work, method: str, reference: str) -> str:
    """Return the number under which money of a kind comes, whether it is offered now or not; refuses one that
    is missing or is none."""
    kind = known(work, method)
    found = as_number(reference, kind.shape) if kind.number != NONE else ""
    if kind.number == NEEDED and not found:
        raise Refused(
            _("%(kind)s: the transaction number is missing. Scan or type it.") % {"kind": _way(kind).words}
        )
    return found


def given(work: Work, method: str, reference: str = "") -> str:
    """Return the number under which money goes out by this kind; refuses a kind by which none goes back."""
    if method == "CASH":
        return ""
    kind = known(work, method)
    if kind.back != SAME_WAY:
        raise Refused(_("Nothing goes back by %(kind)s. Choose another way.") % {"kind": _way(kind).words})
    return as_number(reference, kind.shape) if kind.number != NONE else ""


def opens_drawer(work: Work, method: str) -> bool:
    """Say whether the drawer opens for this kind: for cash always."""
    if method == "CASH":
        return True
    kind = of(work, method)
    return kind is not None and kind.drawer


def words(work: Work, method: str) -> str:
    """Return how the house calls a kind of payment on its papers."""
    kind = None if method == "CASH" else of(work, method)
    return _way(kind).words if kind is not None else _(NAMES.get(method, method))
