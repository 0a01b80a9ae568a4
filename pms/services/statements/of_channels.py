"""Statements of channels: read in once, and held against the bills of the channel's account booking by
booking."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from pms.core import dates
from pms.core.clock import local
from pms.core.errors import Conflict, Refused
from pms.core.i18n import N_, _
from pms.core.limits import bounded
from pms.core.money import Money
from pms.core.reading import query
from pms.core.typed import half_width
from pms.db.work import Work, operation
from pms.services.channels.models import Channel
from pms.services.folios.channel_pays import COMMISSION, ROOM
from pms.services.folios.models import ChannelBill
from pms.services.orders import queries as orders
from pms.services.reservations.models import Reservation
from pms.services.settlements import queries as settlements

from .duty import MATCH
from .formats import channels as files
from .formats.channels import PAYS, PENALTY, REFUND, SETTLES, TAKES, ChannelStatement, OrderLine
from .matching import CLEARED, DIFFERS, HERE, MATCHED, STATES, THERE
from .models import ChannelClearing, ChannelFile, ChannelFileLine

__all__ = ["STATES"]
LONGEST, DIGITS = 200, 2
FEE, NO_ORDER, DAMAGED, SETTLED = "fee", "no_order", "damaged", "settled"
NOTES = {
    FEE: N_("payment fee kept"),
    NO_ORDER: N_("without an order"),
    DAMAGED: N_("the order's number has lost its last figures"),
    SETTLED: N_("settled before"),
}


# ------------------------------------------------------------------ read in
@operation(MATCH)
def read_in_channel(work: Work, *, number: int, file: str, data: bytes) -> int:
    """Keep the lines of a channel's statement and return the file's number. Refuses what is cut off, of
    another hotel, and a file that is known."""
    work.take_time()
    if work.setting.digits != DIGITS:
        raise Refused(_("Statements are in yuan and fen; this hotel's books are in another currency."))
    channel = work.session.scalars(select(Channel.number).where(Channel.number == number)).first()
    if channel is None:
        raise Refused(_("There is no channel %(number)s.") % {"number": number})
    digest = hashlib.sha256(data).hexdigest()
    _is_new(work, digest)
    found = files.read(data)
    _is_ours(work, found)
    k = ChannelFileLine
    keys = {bounded(line.key, 4 * LONGEST): line for line in found.lines}
    known = set(work.session.scalars(select(k.key).where(k.channel_number == number, k.key.in_(keys))))
    made = work.insert_one(
        ChannelFile,
        channel_number=number,
        sort=found.sort,
        file=bounded(half_width(file.replace("\\", "/").rsplit("/", 1)[-1]))[-LONGEST:],
        digest=digest,
        first=found.first,
        last=found.last,
        lines=len(found.lines),
        known=len(found.lines) - len(keys.keys() - known),
        total=Money(found.total),
        paid=[[bounded(paper), amount] for paper, amount in found.paid],
        doubled=[bounded(told) for told in found.doubled],
        at=work.now,
        business_date=work.business_date,
        clerk_id=work.clerk.id or None,
        station=work.station,
    )
    new = [(key, line) for key, line in keys.items() if key not in known]
    work.insert_many(k, [_kept(made, number, key, line) for key, line in new])
    work.touch("statements", "settlements")
    return made


def _kept(made: int, number: int, key: str, line: OrderLine) -> dict[str, object]:
    return {
        "file_id": made,
        "channel_number": number,
        "key": key,
        "row": line.row,
        "kind": line.kind,
        "reference": bounded(line.reference),
        "amount": Money(line.amount),
        "fee": Money(line.fee),
        "arrival": line.arrival,
        "departure": line.departure,
        "room_nights": line.room_nights,
        "guest": bounded(line.guest),
        "text": bounded(line.text),
        "damaged": line.damaged,
    }


def _is_new(work: Work, digest: str) -> None:
    f = ChannelFile
    found = work.session.execute(select(f.at, f.file).where(f.digest == digest)).first()
    if found is not None:
        when = dates.moment(local(found.at, work.setting.zone), year=True)
        raise Conflict(
            _("This file was read in already: %(file)s, %(time)s.") % {"file": found.file, "time": when}
        )


def _is_ours(work: Work, found: ChannelStatement) -> None:
    """Refuse a statement that names another hotel."""
    names = orders.names_of(work.session)
    if found.hotel and names and not any(_same(found.hotel, name) for name in names):
        raise Refused(
            _("This statement is of “%(other)s”, this hotel is “%(own)s”. Choose the hotel's own file.")
            % {"other": found.hotel[:60], "own": names[0]}
        )


def _same(one: str, other: str) -> bool:
    a, b = ("".join(half_width(name).split()).casefold() for name in (one, other))
    return a in b or b in a


# ------------------------------------------------------------------ compared
@dataclass(frozen=True)
class FileRow:
    """A statement that was read in."""

    id: int
    channel: int
    name: str
    sort: str
    file: str
    first: date
    last: date
    lines: int
    known: int
    total: Money
    paid: tuple[tuple[str, Money], ...]
    doubled: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class LineRow:
    """A line of a statement as it was kept."""

    id: int
    row: int
    kind: str
    reference: str
    amount: Money
    fee: Money
    arrival: date | None
    departure: date | None
    room_nights: int
    guest: str
    text: str
    damaged: bool


@dataclass(frozen=True)
class OrderPair:
    """A line and the bills it stands against, or one of both alone; ``here`` is what the hotel expects."""

    state: str
    line: LineRow | None
    bills: tuple[settlements.BillRow, ...]
    here: Money
    notes: tuple[str, ...] = ()
    reason: str = ""

    @property
    def id(self) -> str:
        """Return what a pair is known by."""
        return f"L{self.line.id}" if self.line is not None else f"B{self.bills[0].id}"

    @property
    def reference(self) -> str:
        """Return the order's number."""
        return self.line.reference if self.line is not None else self.bills[0].reference

    @property
    def guest(self) -> str:
        """Return the guest by the hotel's books, else by the statement."""
        return self.bills[0].guest if self.bills else self.line.guest if self.line is not None else ""

    @property
    def there(self) -> Money:
        """Return what the statement says."""
        return self.line.amount if self.line is not None else Money(0)

    @property
    def difference(self) -> Money:
        """Return what the statement has more than the books."""
        return Money(self.there - self.here)


@query(MATCH)
def channel_files(session: Session) -> list[FileRow]:
    """Return the channels' statements that were read in, the latest first."""
    f = ChannelFile
    rows = session.execute(
        select(
            f.id,
            f.channel_number,
            Channel.name,
            Channel.name_en,
            f.sort,
            f.file,
            f.first,
            f.last,
            f.lines,
            f.known,
            f.total,
            f.paid,
            f.doubled,
            f.at,
        )
        .join(Channel, Channel.number == f.channel_number)
        .order_by(f.id.desc())
        .limit(LONGEST)
    )
    return [
        FileRow(
            row.id,
            row.channel_number,
            settlements.in_words(row.name, row.name_en),
            row.sort,
            row.file,
            row.first,
            row.last,
            row.lines,
            row.known,
            row.total,
            tuple((paper, Money(amount)) for paper, amount in row.paid),
            tuple(row.doubled),
            row.at,
        )
        for row in rows
    ]


@query(MATCH)
def channel_compared(session: Session, *, file_id: int) -> list[OrderPair]:
    """Return every line of a channel's statement with what stands against it, and what is missing there, the
    open ones first."""
    f = session.get_one(ChannelFile, file_id)
    lines = _lines(session, file_id)
    references = {line.reference for line in lines if line.reference}
    bills = settlements.bills_of(session, number=f.channel_number, references=references)
    booked = _booked(session, f.channel_number, references - bills.keys())
    cleared = _cleared(session, [line.id for line in lines])
    pairs = [_pair(f.sort, line, bills, booked, cleared) for line in lines]
    pairs += _missing(session, f, references)
    order = list(STATES)
    return sorted(pairs, key=lambda pair: (order.index(pair.state), pair.reference, pair.id))


def _lines(session: Session, file_id: int) -> list[LineRow]:
    k = ChannelFileLine
    asked: Select[*tuple[Any, ...]] = select(
        k.id,
        k.row,
        k.kind,
        k.reference,
        k.amount,
        k.fee,
        k.arrival,
        k.departure,
        k.room_nights,
        k.guest,
        k.text,
        k.damaged,
    )
    rows = session.execute(asked.where(k.file_id == file_id).order_by(k.row))
    return [LineRow(*row) for row in rows]


def _booked(session: Session, number: int, references: set[str]) -> set[str]:
    """Return which of these orders are booked here though nothing was billed: cancelled, not arrived."""
    r = Reservation
    asked = select(r.reference).where(r.channel_number == number, r.reference.in_(references))
    return set(session.scalars(asked)) if references else set()


def _cleared(session: Session, lines: Sequence[int]) -> dict[int, str]:
    c = ChannelClearing
    rows = session.execute(select(c.line_id, c.reason).where(c.line_id.in_(lines)))
    return {line: reason for line, reason in rows if line is not None}


def _pair(
    sort: str,
    line: LineRow,
    bills: Mapping[str, Sequence[settlements.BillRow]],
    booked: set[str],
    cleared: Mapping[int, str],
) -> OrderPair:
    own = tuple(b for b in bills.get(line.reference, ()) if sort != TAKES or b.what == COMMISSION)
    here = _expected(sort, line, own)
    notes = [FEE] if line.fee else []
    if line.damaged:
        state, notes = HERE, [DAMAGED]
    elif line.kind == PENALTY or not line.reference:
        state, notes = HERE, [NO_ORDER]
    elif line.kind == REFUND and own:
        state, notes = (MATCHED if line.amount == here else DIFFERS), [SETTLED]
    elif bills.get(line.reference) or line.reference in booked:
        state = MATCHED if line.amount == here else DIFFERS
    else:
        state = HERE
    if state != MATCHED and line.id in cleared:
        return OrderPair(CLEARED, line, own, here, tuple(notes), cleared[line.id])
    return OrderPair(state, line, own, here, tuple(notes))


def _expected(sort: str, line: LineRow, bills: Sequence[settlements.BillRow]) -> Money:
    """Return what the hotel's books expect of a line: its commission, what it settles, or what a refund takes
    back of what had been settled."""
    if sort == TAKES:
        return Money(-sum(b.amount for b in bills))
    if line.kind == REFUND:
        return Money(-sum(b.amount - b.left for b in bills))
    return Money(sum(b.amount for b in bills))


def _missing(session: Session, f: ChannelFile, references: set[str]) -> list[OrderPair]:
    """Return the bills of guests who left within a statement's days that stand in no statement."""
    what = COMMISSION if f.sort == TAKES else ROOM
    found = defaultdict[str, list[settlements.BillRow]](list)
    for b in settlements.left_between(
        session, number=f.channel_number, first=f.first, last=f.last, what=what
    ):
        if b.reference not in references:
            found[b.reference or b.shown].append(b)
    k, c = ChannelFileLine, ChannelClearing
    told = set(
        session.scalars(
            select(k.reference).where(k.channel_number == f.channel_number, k.reference.in_(found))
        )
    )
    ids = [b.id for some in found.values() for b in some]
    asked = select(c.bill_id, c.reason).where(c.bill_id.in_(ids))
    cleared = {bill: reason for bill, reason in session.execute(asked)} if ids else {}
    return [
        OrderPair(
            CLEARED if some[0].id in cleared else THERE,
            None,
            tuple(some),
            Money(sum(b.amount for b in some) * (-1 if what == COMMISSION else 1)),
            (),
            cleared.get(some[0].id, ""),
        )
        for reference, some in found.items()
        if reference not in told
    ]


@dataclass(frozen=True)
class Payable:
    """What of a statement can be booked as one payment: what it comes to, over which bills."""

    amount: Money
    bills: tuple[int, ...]


@query(MATCH)
def payable_by(session: Session, *, file_id: int) -> Payable:
    """Return what the lines of a statement that agree, or are cleared, come to, and the bills they are of, as
    far as they are open still."""
    amount, bills = 0, set[int]()
    for pair in channel_compared(session, file_id=file_id):
        left = sum(b.left for b in pair.bills)
        if pair.state in (MATCHED, CLEARED) and min(pair.there, left) > 0:
            amount += min(pair.there, left)
            bills |= {b.number for b in pair.bills if b.left}
    return Payable(Money(amount), tuple(sorted(bills)))


# ------------------------------------------------------------------ cleared
@operation(MATCH)
def clear_channel(work: Work, *, reason: str, line_id: int | None = None, bill_id: int | None = None) -> None:
    """Leave a line of a channel's statement, or a bill that is missing there, as it is, with the reason."""
    if not reason.strip():
        raise Refused(_("Say why the line is cleared."))
    if (line_id is None) == (bill_id is None):
        raise Refused(_("Choose a line first."))
    c = ChannelClearing
    if line_id is not None:
        work.session.get_one(ChannelFileLine, line_id)
        work.hold_number(ChannelFileLine.__tablename__, line_id)
        mine = c.line_id == line_id
    else:
        work.hold(ChannelBill, bill_id)
        mine = c.bill_id == bill_id
    if work.session.scalars(select(c.id).where(mine)).first() is not None:
        raise Conflict(_("This line is cleared already. Look at the list again."))
    work.insert_one(
        c,
        line_id=line_id,
        bill_id=bill_id,
        reason=reason.strip(),
        at=work.now,
        business_date=work.business_date,
        clerk_id=work.clerk.id or None,
        station=work.station,
    )
    work.touch("statements", "settlements")


SORTS = files.SORTS
KINDS = files.KINDS
__all__ += ["KINDS", "PAYS", "SETTLES", "SORTS"]
