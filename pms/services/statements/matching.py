"""Hold a statement's lines against the books: by number, the sign by the kind of line, a day before and
after."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from pms.core import progress
from pms.core.i18n import N_
from pms.core.money import Money
from pms.services.folios.numbers import Moved

from .formats import parts

MATCHED, HERE, THERE, DIFFERS, CLEARED, WAITING = "matched", "here", "there", "differs", "cleared", "waiting"
STATES = {
    HERE: N_("Missing here"),
    THERE: N_("Missing there"),
    DIFFERS: N_("Differing"),
    MATCHED: N_("Matched"),
    CLEARED: N_("Cleared"),
    WAITING: N_("No statement yet"),
}
OPEN = (HERE, THERE, DIFFERS)
LESS, OTHER_DAY, NO_FUND, BY_AMOUNT, VOIDED, SETTLED = (
    "less",
    "other_day",
    "no_fund",
    "by_amount",
    "voided",
    "settled",
)
NOTES = {
    LESS: N_("settled less than paid"),
    OTHER_DAY: N_("another day here"),
    NO_FUND: N_("not in the fund bill"),
    BY_AMOUNT: N_("by amount and time, without a number"),
    VOIDED: N_("voided there"),
    SETTLED: N_("a day's settlement"),
}
KIND_OF = {
    parts.WECHAT: "WECHAT",
    parts.ALIPAY: "ALIPAY",
    parts.UNIONPAY: "UNIONPAY",
    parts.CARD: "BANK",
    parts.BANK: "WIRE",
}
"""The kind of payment whose postings stand against a source's lines."""
SOURCE_OF = {kind: source for source, kind in KIND_OF.items()}
NEAR = timedelta(minutes=30)
LATE = timedelta(minutes=10)
"""So shortly before midnight a payment may stand in the next day's bill."""
DAY = timedelta(days=1)
SETTLE_DAYS, WIRE_DAYS = 5, 3
PROVIDERS = {
    parts.WECHAT: ("财付通", "微信"),
    parts.ALIPAY: ("支付宝", "蚂蚁"),
    parts.UNIONPAY: ("银联", "云闪付"),
    parts.CARD: ("银联", "收单", "通联", "拉卡拉"),
}
"""Whose names a bank's line bears when a provider settles a day."""


@dataclass(frozen=True)
class Fact:
    """A statement's line as it was kept; ``at`` is the wall clock there."""

    id: int
    source: str
    sort: str
    kind: str
    day: date
    at: datetime
    amount: int
    gross: int
    fee: int
    order: str
    trade: str
    refund: str
    refund_trade: str
    text: str
    state: str
    party: str


@dataclass(frozen=True)
class Pair:
    """A line and the posting it stands against, or one of both alone; ``notes`` say what is good to know."""

    state: str
    source: str
    day: date
    line: Fact | None
    posting: Moved | None
    notes: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Return what a pair is known by."""
        return (
            f"L{self.line.id}"
            if self.line is not None
            else f"T{self.posting.transfer_id if self.posting else 0}"
        )

    @property
    def number(self) -> str:
        """Return the number by which people look for it."""
        if self.posting is not None and (known := self.posting.number or self.posting.of):
            return known
        return (self.line.refund or self.line.order or self.line.trade) if self.line is not None else ""

    @property
    def difference(self) -> Money:
        """Return what the statement has more than the books."""
        there = self.line.gross or self.line.amount if self.line is not None else 0
        if VOIDED in self.notes:
            there = 0
        return Money(there - (self.posting.amount if self.posting is not None else 0))


@dataclass
class Books:
    """The postings of one source that no line stands against yet, by their numbers."""

    left: dict[int, Moved] = field(default_factory=dict)
    by_number: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_payment: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_amount: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    of_amount: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, postings: Iterable[Moved]) -> "Books":
        """Return the books of some postings."""
        made = cls()
        for posting in postings:
            made.left[posting.transfer_id] = posting
            if posting.number:
                made.by_number[posting.number].append(posting.transfer_id)
            if posting.of:
                made.by_payment[posting.of].append(posting.transfer_id)
            made.of_amount[posting.amount].append(posting.transfer_id)
            if not posting.number and not posting.of:
                made.by_amount[posting.amount].append(posting.transfer_id)
        return made

    def take(self, found: Moved) -> Moved:
        """Return a posting that stands against a line from now on."""
        del self.left[found.transfer_id]
        return found

    def named(
        self, numbers: Iterable[str], fits: Callable[[Moved], bool], index: str = "by_number"
    ) -> Moved | None:
        """Return the first posting of one of these numbers that fits."""
        known: dict[str, list[int]] = getattr(self, index)
        for number in numbers:
            for at in known.get(number.upper(), ()) if number else ():
                posting = self.left.get(at)
                if posting is not None and fits(posting):
                    return posting
        return None


def match(
    lines: Sequence[Fact],
    postings: Sequence[Moved],
    covered: frozenset[tuple[str, str, date]],
    local: Callable[[datetime], datetime],
) -> list[Pair]:
    """Return every line and posting with what stands against it.

    ``covered`` are the days of a source's statements by their sort; ``local`` turns a moment into the house's
    wall clock. The result does not depend on the order of lines.
    """
    made: list[Pair] = []
    for source, kind in KIND_OF.items():
        books = Books.of(p for p in postings if p.kind == kind)
        own = [line for line in lines if line.source == source]
        if source == parts.BANK:
            made += _bank(own, lines, books, local)
        else:
            made += _provider(source, own, books, covered, local)
        made += [_alone(source, posting, covered, local) for posting in books.left.values()]
    return made


def _provider(
    source: str,
    lines: Sequence[Fact],
    books: Books,
    covered: frozenset[tuple[str, str, date]],
    local: Callable[[datetime], datetime],
) -> list[Pair]:
    trade = sorted(
        (x for x in lines if x.sort in (parts.TRADE, parts.WALLET) and x.kind in parts.MATCHED),
        key=lambda x: (x.at, x.id),
    )
    voided, by_order = _voided(trade), defaultdict[str, list[str]](list)
    for line in trade:
        by_order[line.order].append(line.trade)
    moved_there = {
        number for x in lines if x.sort == parts.FUND for number in (x.order, x.refund, x.trade) if number
    }
    made, rest = [], []
    for line in progress.through(trade):
        if line.kind == parts.VOID:
            continue
        posting = _posting_of(line, by_order, books)
        if posting is None and line.id not in voided:
            rest.append(line)
            continue
        made.append(_pair(line, posting, voided, local))
    for line in rest:
        posting = _by_amount(line, books, local)
        made.append(_pair(line, posting, voided, local, *((BY_AMOUNT,) if posting is not None else ())))
    return [_with_fund(pair, moved_there, covered) for pair in made]


def _voided(lines: Sequence[Fact]) -> set[int]:
    """Return the payments that were cancelled there."""
    voids = [x for x in lines if x.kind == parts.VOID]
    named = {number for x in voids for number in (x.refund, x.order, x.trade) if number}
    return {x.id for x in lines if x.kind == parts.PAYMENT and named & {x.order, x.trade} - {""}}


def _posting_of(line: Fact, by_order: Mapping[str, Sequence[str]], books: Books) -> Moved | None:
    """Return the posting that bears one of the line's numbers, of its sign; the one of its amount first."""
    if line.kind == parts.PAYMENT:
        numbers = (line.trade, line.order)
        exact = books.named(numbers, lambda p: p.amount in (line.gross, line.amount))
        found = exact or books.named(numbers, lambda p: p.amount > 0)
        return books.take(found) if found is not None else None
    own = (line.refund, line.refund_trade, line.trade, line.order)
    found = books.named(own, lambda p: p.amount < 0)
    if found is None:
        sums = (line.gross, line.amount)
        paid = [line.trade, line.order, *(by_order.get(line.refund, ()) if line.refund else ())]
        found = books.named(paid, lambda p: p.amount in sums, "by_payment")
    return books.take(found) if found is not None else None


def _by_amount(line: Fact, books: Books, local: Callable[[datetime], datetime]) -> Moved | None:
    """Return the only posting without a number of this amount and about this time."""
    near = [
        p
        for at in books.by_amount.get(line.gross or line.amount, ())
        if (p := books.left.get(at)) is not None and abs(local(p.at).replace(tzinfo=None) - line.at) <= NEAR
    ]
    return books.take(near[0]) if len(near) == 1 else None


def _pair(
    line: Fact, posting: Moved | None, voided: set[int], local: Callable[[datetime], datetime], *notes: str
) -> Pair:
    told = list(notes)
    if line.id in voided:
        told.append(VOIDED)
        return Pair(
            DIFFERS if posting is not None else MATCHED, line.source, line.day, line, posting, tuple(told)
        )
    if posting is None:
        return Pair(HERE, line.source, line.day, line, None, tuple(told))
    gross = line.gross or line.amount
    if posting.amount not in (gross, line.amount):
        return Pair(DIFFERS, line.source, line.day, line, posting, tuple(told))
    if abs(line.amount) < abs(gross):
        told.append(LESS)
    if local(posting.at).date() != line.day:
        told.append(OTHER_DAY)
    return Pair(MATCHED, line.source, line.day, line, posting, tuple(told))


def _with_fund(pair: Pair, moved: set[str], covered: frozenset[tuple[str, str, date]]) -> Pair:
    """Note what the trade bill has and the fund bill of its day, or of the next, has not."""
    line = pair.line
    if line is None or (pair.source, parts.FUND, line.day) not in covered:
        return pair
    late = line.at + LATE >= datetime.combine(line.day, datetime.min.time()) + DAY
    if late and (pair.source, parts.FUND, line.day + DAY) not in covered:
        return pair
    if {line.order, line.refund, line.trade} & moved:
        return pair
    return Pair(pair.state, pair.source, pair.day, line, pair.posting, (*pair.notes, NO_FUND))


def _alone(
    source: str,
    posting: Moved,
    covered: frozenset[tuple[str, str, date]],
    local: Callable[[datetime], datetime],
) -> Pair:
    """Return a posting without a line: missing there where a statement of its day is here."""
    at = local(posting.at)
    day = at.date()
    sorts = (parts.ACCOUNT,) if source == parts.BANK else (parts.TRADE, parts.WALLET)

    def is_covered(wanted: date) -> bool:
        return any((source, sort, wanted) in covered for sort in sorts)

    told = is_covered(day) and (at.date() == (at + LATE).date() or is_covered(day + DAY))
    if source == parts.BANK:
        told = all(is_covered(day + n * DAY) for n in range(WIRE_DAYS))
    return Pair(THERE if told else WAITING, source, day, None, posting)


# ------------------------------------------------------------------ the bank
def _bank(
    lines: Sequence[Fact], every: Sequence[Fact], books: Books, local: Callable[[datetime], datetime]
) -> list[Pair]:
    """Match a day's settlement with its bill, a transfer with the posting of its amount, if there is one
    only."""
    settled, made = _settlements(every), []
    for line in sorted(lines, key=lambda x: (x.at, x.id)):
        day = _settles(line, settled)
        if day is not None:
            made.append(Pair(MATCHED, parts.BANK, line.day, line, None, (SETTLED,)))
            continue
        near = [
            p
            for at in books.of_amount.get(line.amount, ())
            if (p := books.left.get(at)) is not None
            and abs((local(p.at).date() - line.day).days) <= WIRE_DAYS
        ]
        named = [p for p in near if p.number and p.number in (line.trade.upper(), *line.text.upper().split())]
        only = named[0] if named else near[0] if len(near) == 1 else None
        posting = books.take(only) if only is not None else None
        state = MATCHED if posting is not None else HERE
        other = posting is not None and local(posting.at).date() != line.day
        made.append(Pair(state, parts.BANK, line.day, line, posting, (OTHER_DAY,) if other else ()))
    return made


def _settlements(lines: Sequence[Fact]) -> dict[tuple[str, date], set[int]]:
    """Return what each day of a provider comes to after fees: with its refunds, and without where they are
    paid from the balance."""
    paid: dict[tuple[str, date], int] = defaultdict(int)
    back: dict[tuple[str, date], int] = defaultdict(int)
    for line in lines:
        if line.source != parts.BANK and line.sort == parts.TRADE and line.kind in parts.MATCHED:
            paid[line.source, line.day] -= line.fee
            into = paid if line.kind == parts.PAYMENT else back
            into[line.source, line.day] += line.amount
    return {at: {sum_, sum_ + back[at]} for at, sum_ in paid.items()}


def _settles(line: Fact, settled: dict[tuple[str, date], set[int]]) -> date | None:
    """Return the day that a bank's line settles, None where it settles none."""
    said = line.party + line.text
    for source, names in PROVIDERS.items():
        if not any(name in said for name in names):
            continue
        for n in range(SETTLE_DAYS + 1):
            day = line.day - n * DAY
            if line.amount > 0 and line.amount in settled.get((source, day), ()):
                return day
    return None
