"""Open a shift, move cash between drawer and safe, count blind, close, and hand over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, case, or_, select

from pms.core import dates, offers
from pms.core.authority import Kind
from pms.core.clock import local
from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.offers import OpenItem
from pms.core.office import Approval
from pms.db import anchor
from pms.db.types import summed
from pms.db.work import Work, operation
from pms.services.authority import service as authority
from pms.services.folios import ledger
from pms.services.folios.models import Account, Transfer
from pms.services.folios.odd import ask_if_odd
from pms.services.shop import shelf
from pms.services.shop.shelf import ShelfLine

from . import printouts, queries
from .duty import SHIFTS_CORRECT_FLOAT, SHIFTS_PAY_OUT, SHIFTS_WORK
from .models import DrawerOpening, Handover, ShelfCount, Shift, ShiftCount

MOST_PIECES = 9999
NAMED = 6
"""So many open items are named in a sentence; of more it tells the number."""
_CASH = select(Account.id).where(Account.code == bindparam("code"))
_STANDING = select(
    Account.balance
    + select(
        summed(case((Transfer.debit_id == bindparam("account"), Transfer.amount), else_=-Transfer.amount))
    )
    .where(
        or_(Transfer.debit_id == bindparam("account"), Transfer.credit_id == bindparam("account")),
        Transfer.business_date >= bindparam("today"),
    )
    .scalar_subquery()
).where(Account.id == bindparam("account"))


@dataclass(frozen=True)
class Told:
    """What the program tells once the drawer is counted."""

    counted: Money
    expected: Money

    @property
    def over_short(self) -> Money:
        """Return what is over (above 0) or short (below 0)."""
        return Money(self.counted - self.expected)


@operation(SHIFTS_WORK, money=True)
def open_shift(work: Work, *, float_amount: Money) -> int:
    """Open a shift at this workstation with its float out of the safe and return its number in the
    database."""
    if float_amount < 0:
        raise Refused(_("A float is 0 or more."))
    if float_amount > work.setting.options.float_amount:
        ask_if_odd(work, float_amount)
    live = ledger.shift_at(work, work.station)
    if live is not None:
        raise Conflict(
            _("The shift of %(name)s is open at %(station)s. Close it before the next one begins.")
            % {"name": live.clerk, "station": work.station}
        )
    return _begin(work, work.clerk.id, float_amount).id


def _begin(work: Work, clerk_id: int, float_amount: int) -> Shift:
    """Write a shift whose drawer holds exactly its float; what is more or less goes to or comes from the
    safe."""
    drawer = ledger.drawer(work)
    made = Shift(
        number=work.next_number("shift"),
        station=work.station,
        account_id=drawer,
        clerk_id=clerk_id,
        business_date=work.business_date,
        opened_at=work.now,
        float_amount=Money(float_amount),
    )
    work.session.add(made)
    work.session.flush()
    held = work.session.execute(_STANDING, {"account": drawer, "today": work.business_date}).scalar_one()
    if float_amount != held:
        ledger.post(
            work,
            debit=drawer,
            credit=ledger.account(work, "SAFE"),
            amount=float_amount - held,
            code="FLOAT",
            text=_("Float"),
            shift_id=made.id,
        )
    work.session.info.pop("shifts", None)
    work.touch("shifts")
    return made


@operation(SHIFTS_WORK, money=True)
def correct_float(work: Work, *, shift_id: int, float_amount: Money, reason: str) -> None:
    """Correct the float that an open shift was begun with, with who approves it: its posting is moved back
    and made anew with the right sum.

    Only before the count: who knows what is missing does not move the float.
    """
    shift = _locked(work, shift_id, ("open",))
    old, digits = shift.float_amount, work.setting.digits
    if float_amount < 0:
        raise Refused(_("A float is 0 or more."))
    if float_amount == old:
        raise Refused(_("The float is %(sum)s already.") % {"sum": show(old, digits)})
    if not reason.strip():
        raise Refused(_("Say why the float is corrected."))
    taken = work.session.scalars(select(Handover.number).where(Handover.next_shift_id == shift.id)).first()
    if taken is not None:
        raise Refused(
            _(
                "This float was counted and accepted with H-%(number)s. Count the drawer; what is over "
                "or short is booked at the close."
            )
            % {"number": taken}
        )
    if float_amount > work.setting.options.float_amount:
        ask_if_odd(work, float_amount)
    what = _("Correcting the float of shift %(number)s from %(old)s to %(new)s: %(reason)s") % {
        "number": shift.number,
        "old": show(old, digits),
        "new": show(float_amount, digits),
        "reason": reason.strip(),
    }
    work.require(SHIFTS_CORRECT_FLOAT, what, abs(float_amount - old))
    _post_float(work, shift, float_amount, reason.strip())
    shift.float_amount = float_amount
    work.note("shift", {"float_corrected": reason.strip()}, shift.id)
    work.touch("shifts")


def _post_float(work: Work, shift: Shift, float_amount: int, reason: str) -> None:
    """Move back what the shift's float took out of the safe, and take out what is right."""
    t = Transfer
    moved_back = select(t.reverses).where(t.shift_id == shift.id, t.reverses.is_not(None))
    made = work.session.scalars(
        select(t).where(
            t.shift_id == shift.id, t.code == "FLOAT", t.reverses.is_(None), t.id.not_in(moved_back)
        )
    ).first()
    held = int(shift.float_amount)
    if made is not None:
        held -= made.amount if made.debit_id == shift.account_id else -made.amount
        ledger.reverse(work, made, reason)
    if float_amount != held:
        ledger.post(
            work,
            debit=shift.account_id,
            credit=ledger.account(work, "SAFE"),
            amount=float_amount - held,
            code="FLOAT",
            text=_("Float"),
            rule=reason,
            shift_id=shift.id,
        )


@operation(SHIFTS_WORK, money=True)
def drop(work: Work, *, amount: Money, text: str = "") -> int:
    """Put cash from the drawer into the safe, print its slip and return the posting's number."""
    return _out(work, "SAFE", "DROP", amount, text.strip())


@operation(SHIFTS_WORK, money=True)
def pay_out(work: Work, *, amount: Money, reason: str) -> int:
    """Pay something for the house out of the drawer, with who approves it; prints the slip and returns the
    posting's number."""
    if not reason.strip():
        raise Refused(_("Say what is paid for."))
    work.require(
        SHIFTS_PAY_OUT,
        _("Paying %(sum)s out of the drawer: %(reason)s.")
        % {"sum": show(amount, work.setting.digits), "reason": reason.strip()},
        amount,
    )
    return _out(work, "PAYOUT", "PAYOUT", amount, reason.strip())


def _out(work: Work, to: str, code: str, amount: int, text: str) -> int:
    if amount <= 0:
        raise Refused(_("An amount that leaves the drawer is more than 0."))
    drawer, live = ledger.account(work, "CASH"), ledger.must_be_open(work, work.station)
    slip = f"X-{work.next_number('cash_slip')}"
    made = ledger.post(
        work,
        debit=ledger.account(work, to),
        credit=drawer,
        amount=amount,
        code=code,
        text=text,
        slip=slip,
        shift_id=live.id,
    )
    work.print(
        printouts.cash_slip(work, number=slip, code=code, amount=Money(amount), text=text),
        record="transfer",
        record_id=made,
    )
    work.touch("shifts")
    return made


@operation(SHIFTS_WORK, money=True)
def open_drawer(work: Work, *, reason: str) -> int:
    """Open the drawer of this workstation although no money comes in or goes out, print the slip that tells
    why, and return the opening's number in the database."""
    if not reason.strip():
        raise Refused(_("Say why the drawer is opened; it stands on the handover sheet."))
    live = ledger.must_be_open(work, work.station)
    made = work.insert_one(
        DrawerOpening, shift_id=live.id, reason=reason.strip(), at=work.now, by=work.clerk.id or None
    )
    work.print(printouts.drawer_opened(work, reason=reason.strip()), record="drawer_opening", record_id=made)
    work.touch("shifts")
    return made


@operation(SHIFTS_WORK)
def count(work: Work, *, shift_id: int, pieces: Mapping[str, int]) -> Told:
    """Count the drawer by denomination (``{"10000": 3}``, minor units), then be told what it should hold.
    Every count is kept."""
    shift = _locked(work, shift_id, ("open", "counted"))
    wrong = [
        d
        for d, n in pieces.items()
        if not d.isdecimal() or int(d) not in work.setting.options.denominations or not 0 <= n <= MOST_PIECES
    ]
    if wrong:
        raise Refused(
            _("%(what)s cannot be counted. Give the number of notes and coins of each kind.")
            % {"what": ", ".join(show(int(d), work.setting.digits) if d.isdecimal() else d for d in wrong)}
        )
    total = Money(sum(int(d) * n for d, n in pieces.items()))
    told = Told(total, queries.expected(work.session, shift_id=shift.id))
    work.session.add(
        ShiftCount(
            shift_id=shift.id,
            pieces={d: n for d, n in pieces.items() if n},
            total=total,
            expected=told.expected,
            at=work.now,
            by=work.clerk.id or None,
        )
    )
    shift.state = "counted"
    work.touch("shifts")
    return told


@operation(SHIFTS_WORK)
def count_shop(work: Work, *, shift_id: int, counted: Mapping[int, int]) -> list[ShelfLine]:
    """Count every good of the shop (number of the good → how many), then be told what the books held. Every
    count is kept."""
    shift = _locked(work, shift_id, ("counted",))
    lines = shelf.compare(work, counted)
    work.session.add(
        ShelfCount(
            shift_id=shift.id,
            lines=[x.plain() for x in lines],
            last_move=shelf.last_move(work.session),
            at=work.now,
            by=work.clerk.id or None,
        )
    )
    work.touch("shifts")
    return lines


def _locked(work: Work, shift_id: int, states: Sequence[str]) -> Shift:
    """Return a shift in one of these states, held until the end: nothing is posted into it meanwhile."""
    shift = work.session.scalars(
        select(Shift).where(Shift.id == shift_id).with_for_update().execution_options(populate_existing=True)
    ).first()
    if shift is None:
        raise Refused(_("This shift is not there."))
    if shift.state not in states:
        sentences = {
            "open": _("This shift has not been counted yet. Count the drawer first."),
            "counted": _("This shift is counted already. Close it, or resume it."),
            "closed": _("This shift is closed. It no longer changes."),
        }
        raise Conflict(sentences[shift.state])
    return shift


@operation(SHIFTS_WORK)
def go_on(work: Work, *, shift_id: int, reason: str) -> None:
    """Go on with a counted shift: the count stays on its paper, money moves again."""
    shift = _locked(work, shift_id, ("counted",))
    if not reason.strip():
        raise Refused(_("Say why the shift is resumed."))
    shift.state = "open"
    work.note("shift", {"goes_on": reason.strip()}, shift.id)
    work.touch("shifts")


@operation(SHIFTS_WORK, money=True)
def close(
    work: Work, *, shift_id: int, left: Money, reason: str = "", shop_reasons: Mapping[int, str] | None = None
) -> None:
    """Close a counted shift: over or short to its own account with a reason, ``left`` stays in the drawer,
    the rest goes to the safe.

    The shop is counted before; ``shop_reasons`` explains each good that differs by its number, and the
    differences are booked.
    """
    shift = _locked(work, shift_id, ("counted",))
    last = work.session.scalars(
        select(ShiftCount).where(ShiftCount.shift_id == shift.id).order_by(ShiftCount.id.desc()).limit(1)
    ).one()
    over_short = last.total - last.expected
    if over_short and not reason.strip():
        raise Refused(_("The drawer is over or short. Say why; it is printed on the handover sheet."))
    if not 0 <= left <= last.total:
        raise Refused(
            _("From 0 to %(most)s can stay in the drawer: so much was counted.")
            % {"most": show(last.total, work.setting.digits)}
        )
    if over_short:
        words = _("The drawer is over by %(sum)s") if over_short > 0 else _("The drawer is short by %(sum)s")
        authority.authorise(
            work,
            Kind.OVER_SHORT,
            words % {"sum": show(abs(over_short), work.setting.digits)},
            amount=abs(over_short),
        )
    shift.shop = _shop(work, shift.id, shop_reasons or {})
    if over_short:
        ledger.post(
            work,
            debit=shift.account_id,
            credit=ledger.account(work, "OVERSHORT"),
            amount=over_short,
            code="OVERSHORT",
            text=_("Cash over and short"),
            rule=reason.strip(),
            shift_id=shift.id,
        )
    if last.total > left:
        ledger.post(
            work,
            debit=ledger.account(work, "SAFE"),
            credit=shift.account_id,
            amount=last.total - left,
            code="DROP",
            text=_("Handed in at the close"),
            shift_id=shift.id,
        )
    shift.expected, shift.counted, shift.over_short, shift.left = (
        last.expected,
        last.total,
        Money(over_short),
        left,
    )
    shift.reason, shift.state, shift.closed_at, shift.closed_by = (
        reason.strip(),
        "closed",
        work.now,
        work.clerk.id or None,
    )
    work.session.info.pop("shifts", None)
    work.touch("shifts")


def _shop(work: Work, shift_id: int, reasons: Mapping[int, str]) -> list[dict[str, object]] | None:
    """Book the shift's count of the shop, explained; None where the house asks for none."""
    if not work.setting.options.shop_count or not shelf.on_sale(work.session):
        return None
    last = work.session.scalars(
        select(ShelfCount).where(ShelfCount.shift_id == shift_id).order_by(ShelfCount.id.desc()).limit(1)
    ).first()
    if last is None:
        raise Refused(_("The shop has not been counted in this shift. Count it before the shift is closed."))
    lines = shelf.explained([ShelfLine(**x) for x in last.lines], reasons)
    shelf.book(work, lines, since=last.last_move)
    return [x.plain() for x in lines]


@operation(SHIFTS_WORK, money=True)
def take_over(work: Work, *, shift_id: int, accepted: Sequence[str]) -> int:
    """Take a closed shift over by password, every open item accepted (``item_key``), and return the
    handover's number.

    The taker's own shift begins with what was left in the drawer; the sheet is printed and never changes.
    """
    taker = work.signature(
        SHIFTS_WORK,
        _("Take the shift over. From now on you answer for this drawer and for every item accepted."),
        verb=_("Take over"),
    )
    shift = _to_take(work, shift_id, taker)
    items = work.gather(offers.handover)
    if refused := [i for i in items if item_key(i) not in accepted]:
        raise Refused(
            _("Not accepted yet: %(items)s. Accept each open item, or settle it first.")
            % {"items": _named(refused)}
        )
    figures = queries.figures(work.session, shift_id=shift.id)
    given = queries.shift(work.session, shift_id=shift.id).clerk
    begun = _begin(work, taker.staff_id, shift.left)
    zone = work.setting.zone
    made = Handover(
        number=work.next_number("handover"),
        shift_id=shift.id,
        next_shift_id=begun.id,
        business_date=work.business_date,
        at=work.now,
        given_by=given,
        taken_by=taker.name,
        figures=figures.plain(),
        items=[
            {
                "word": i.word,
                "number": i.number,
                "text": i.text,
                "since": dates.moment(local(i.since, zone)) if i.since else "",
            }
            for i in items
        ],
    )
    work.session.add(made)
    work.session.flush()
    work.print(
        printouts.handover_sheet(
            work,
            number=made.number,
            station=work.station,
            opened_at=shift.opened_at,
            given_by=given,
            taken_by=taker.name,
            figures=figures,
            items=made.items,
            trail=_trail(work),
        ),
        record="handover",
        record_id=made.id,
    )
    return made.number


def _trail(work: Work) -> str:
    mark = anchor.last(work.session, work.now)
    return anchor.words(mark.count, mark.head) if mark is not None else ""


def _to_take(work: Work, shift_id: int, taker: Approval) -> Shift:
    shift = _locked(work, shift_id, ("closed",))
    latest = queries.current(work.session, station=work.station)
    if latest is None or latest.id != shift.id or latest.handed_over:
        raise Conflict(_("This shift was taken over already, or is not this workstation's latest one."))
    if taker.staff_id == shift.clerk_id:
        raise Refused(
            _("%(name)s hands this shift over; another person takes it. To go on alone, open a new shift.")
            % {"name": taker.name}
        )
    return shift


def item_key(item: OpenItem) -> str:
    """Return the key by which an open item is accepted."""
    return f"{item.word}:{item.number}:{item.text}"


def _named(items: Sequence[OpenItem]) -> str:
    more = len(items) - NAMED
    return "; ".join(f"{i.number} {i.text.rstrip('.')}" for i in items[:NAMED]) + (
        _(" and %(n)s more") % {"n": more} if more > 0 else ""
    )
