"""The numbers of the money papers of some days: which were given, which no paper holds, which two hold.

A paper's number is given as it prints, so the print-outs prove it; a receipt of the shop, a bill to a company
or an invoice has a record of its own. A number on the edge of the days is held against the one before it, and
today against the series itself, so that the last number of a day may be missing too.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Integer, and_, case, false, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from pms.core import clock
from pms.core.errors import Refused
from pms.core.i18n import N_, _
from pms.core.reading import query
from pms.db.base import NumberSeries, PrintJob
from pms.services.damages.models import Damage
from pms.services.debts.models import CompanyBill, CompanyReceipt
from pms.services.folios.models import ChannelBill, Preauth, Transfer
from pms.services.invoices.models import Invoice
from pms.services.property.queries import setting
from pms.services.rental.models import Rental
from pms.services.settlements.models import ChannelReceipt
from pms.services.shifts.models import Handover
from pms.services.shop.models import ShopSale

from .duty import LOOK

MOST_DAYS, BEFORE, MOST, A_DAY = 62, 25, 500, 2000
"""Days that are looked at once; how far before the first number of these days one looks; numbers that are
listed of a gap; more than a series gives on a day."""
MISSING, DOUBLED, VOIDED = "missing", "doubled", "voided"
HOW = {MISSING: N_("Not there"), DOUBLED: N_("Twice"), VOIDED: N_("Voided")}


@dataclass(frozen=True)
class Series:
    """A series of numbers: its word in the database, the letters before a number, what its papers are called,
    and which kind of print-out where letters are shared; ``record`` where not the papers prove it."""

    word: str
    letters: str
    name: str
    kind: str = ""
    record: Any = None
    day: Any = None
    voided: Any = None


PAPERS = (
    Series("deposit", "D", N_("Deposit receipt")),
    Series("receipt", "P", N_("Receipt")),
    Series("advance_end", "V", N_("Advance payment's end")),
    Series("bill", "B", N_("Bill")),
    Series("transfer_slip", "TS", N_("Transfer slip")),
    Series("rebate", "A", N_("Rebate slip"), "rebate_slip"),
    Series("room_change", "C", N_("Room change slip")),
    Series("price_change", "PC", N_("Price change slip")),
    Series("stored_value", "K", N_("Stored value slip")),
    Series("loss", "L", N_("Loss declaration"), "loss_declaration"),
    Series("cash_slip", "X", N_("Cash slip")),
)
RECORDS = (
    Series("damage", "DM", N_("Damage compensation"), "", Damage, Damage.business_date),
    Series("rental", "L", N_("Rental slip"), "", Rental, Rental.out_on),
    Series("preauth", "PA", N_("Pre-authorisation"), "", Preauth, Preauth.taken_on),
    Series("shop_sale", "SH", N_("Shop receipt"), "", ShopSale, ShopSale.business_date),
    Series(
        "company_bill",
        "CB",
        N_("Company bill"),
        "",
        CompanyBill,
        CompanyBill.billed_on,
        CompanyBill.voided_on.is_not(None),
    ),
    Series("company_receipt", "CR", N_("Company payment"), "", CompanyReceipt, CompanyReceipt.business_date),
    Series(
        "channel_bill",
        "HB",
        N_("Channel's line"),
        "",
        ChannelBill,
        ChannelBill.billed_on,
        ChannelBill.voided_on.is_not(None),
    ),
    Series(
        "channel_receipt", "HR", N_("Channel's payment"), "", ChannelReceipt, ChannelReceipt.business_date
    ),
    Series("handover", "H", N_("Shift handover"), "", Handover, Handover.business_date),
    Series("invoice", "I", N_("Invoice"), "", Invoice, Invoice.wanted_at, Invoice.state == "dropped"),
)
EVERY = (*PAPERS, *RECORDS)


@dataclass(frozen=True)
class Given:
    """What a series gave in some days: from which number to which, how many, and what is wrong with it."""

    series: Series
    first: int
    last: int
    count: int
    missing: tuple[int, ...]
    doubled: tuple[int, ...]
    voided: tuple[int, ...]

    def shown(self, number: int) -> str:
        """Return a number as it stands on the paper."""
        return f"{self.series.letters}-{number}"

    @property
    def wrong(self) -> int:
        """Return how many numbers are missing or doubled."""
        return len(self.missing) + len(self.doubled)


@dataclass(frozen=True)
class Fault:
    """A number that is missing, doubled or voided."""

    name: str
    number: str
    how: str

    @property
    def id(self) -> str:
        """Name it."""
        return f"{self.how} {self.number} {self.name}"


@query(LOOK)
def given(session: Session, *, first: date, last: date) -> list[Given]:
    """Return what each series gave from day to day, those that gave nothing left out; refuses more than two
    months at once."""
    if not first <= last < first + timedelta(days=MOST_DAYS):
        raise Refused(_("Choose at most %(n)s days.") % {"n": MOST_DAYS})
    found, voided = _on_paper(session, first, last)
    latest = dict[str, int]()
    if last >= setting(session).business_date:
        latest = {word: n for word, n in session.execute(select(NumberSeries.name, NumberSeries.latest))}
    above = latest if first >= setting(session).business_date else {}
    for word, number, gone in session.execute(_records(session, first, last, above)):
        found.setdefault(word, Counter())[number] += 1
        if gone:
            voided.add((word, number))
    low = {s.word: latest[s.word] + 1 for s in EVERY if latest.get(s.word)}
    before = _before(session, low | {word: min(numbers) for word, numbers in found.items()})
    told = (
        _given(series, found.get(series.word, Counter()), before.get(series.word, set()), latest, voided)
        for series in EVERY
        if series.word in found or series.word in low
    )
    return [one for one in told if one.count or one.missing]


def _given(
    series: Series,
    numbers: Counter[int],
    before: Collection[int],
    latest: Mapping[str, int],
    voided: Collection[tuple[str, int]],
) -> Given:
    ends = latest.get(series.word, 0)
    missing = gaps(numbers, before, ends)
    return Given(
        series,
        min(numbers, default=ends),
        max(numbers, default=ends),
        len(numbers),
        missing,
        tuple(sorted(n for n, times in numbers.items() if times > 1)),
        tuple(sorted(n for word, n in voided if word == series.word and n in numbers)),
    )


def gaps(numbers: Collection[int], before: Collection[int], latest: int) -> tuple[int, ...]:
    """Return the numbers that are missing: between those that are there, from the nearest one before them on,
    and up to the latest that the series gave."""
    low, high = min(numbers, default=latest + 1), max([*numbers, latest])
    start = max(before, default=max(low - BEFORE - 1, 0))
    found = (n for n in range(start + 1, high + 1) if n not in numbers)
    return tuple(n for n, _at in zip(found, range(MOST), strict=False))


def faults(found: Iterable[Given]) -> list[Fault]:
    """Return every number that is missing, doubled or voided, the worst first."""
    made = list[Fault]()
    for how in HOW:
        for one in found:
            numbers = {MISSING: one.missing, DOUBLED: one.doubled, VOIDED: one.voided}[how]
            made += [Fault(one.series.name, one.shown(n), how) for n in numbers]
    return made


# ------------------------------------------------------------------ where the numbers stand
def _on_paper(
    session: Session, first: date, last: date
) -> tuple[dict[str, Counter[int]], set[tuple[str, int]]]:
    """Return how often each number stands on a paper that is no duplicate, and which are voided: taken back
    in the ledger, or never printed."""
    start, end = _moments(session, first, last)
    j = PrintJob
    asked = select(j.kind, j.number, j.state).where(
        j.at >= start, j.at < end, j.number != "", j.reprint_of.is_(None)
    )
    found, voided = dict[str, Counter[int]](), set[tuple[str, int]]()
    of_letters = {(series.letters, series.kind): series.word for series in PAPERS}
    for kind, text, state in session.execute(asked):
        letters, _dash, figures = text.rpartition("-")
        word = of_letters.get((letters, "")) or of_letters.get((letters, kind))
        if word is None or not figures.isdecimal():
            continue
        found.setdefault(word, Counter())[int(figures)] += 1
        if state == "cancelled":
            voided.add((word, int(figures)))
    undone, t = aliased(Transfer), Transfer
    taken_back = (
        select(t.slip)
        .join(undone, undone.reverses == t.id)
        .where(undone.business_date >= first, or_(t.slip.startswith("D-"), t.slip.startswith("X-")))
    )
    words = {series.letters: series.word for series in PAPERS if not series.kind}
    for slip in session.scalars(taken_back):
        letters, _dash, figures = slip.rpartition("-")
        voided.add((words[letters], int(figures)))
    return found, voided


def _moments(session: Session, first: date, last: date) -> tuple[Any, Any]:
    """Return the moments from the first day on to the end of the last one; the day that runs has no end yet,
    whatever the clock says."""
    house = setting(session)
    runs = last >= house.business_date
    after = last + timedelta(days=3 if runs else 1)
    return clock.at(first, "00:00", house.zone), clock.at(after, "00:00", house.zone)


def _records(session: Session, first: date, last: date, latest: Mapping[str, int]) -> Any:
    """Return the question for the numbers of records; of the day that runs only the last ones are looked at,
    ``latest`` and before: no index by day, which would lead lists of what is open astray."""
    start, end = _moments(session, first, last)
    parts = []
    for series in RECORDS:
        by_moment = series.day is Invoice.wanted_at
        on = and_(series.day >= start, series.day < end) if by_moment else series.day.between(first, last)
        if series.word in latest:
            on = and_(on, series.record.number > latest[series.word] - A_DAY)
        gone = false() if series.voided is None else series.voided
        parts.append(
            select(
                literal(series.word),
                series.record.number,
                case((gone, literal(1, Integer)), else_=literal(0, Integer)),
            ).where(on)
        )
    return union_all(*parts)


def _before(session: Session, low: Mapping[str, int]) -> dict[str, set[int]]:
    """Return which of the numbers just before the first ones are there, in two statements."""
    wanted = {word: range(max(n - BEFORE, 1), n) for word, n in low.items()}
    found = dict[str, set[int]]()
    papers = {s.word: s for s in PAPERS if wanted.get(s.word)}
    texts = {f"{s.letters}-{n}": s for s in papers.values() for n in wanted[s.word]}
    rows = select(PrintJob.number, PrintJob.kind).where(PrintJob.number != "", PrintJob.number.in_(texts))
    for text, kind in session.execute(rows) if texts else ():
        series = texts[text]
        if not series.kind or series.kind == kind:
            found.setdefault(series.word, set()).add(int(text.rpartition("-")[2]))
    parts = [
        select(literal(s.word), s.record.number).where(s.record.number.in_(wanted[s.word]))
        for s in RECORDS
        if wanted.get(s.word)
    ]
    for word, number in session.execute(union_all(*parts)) if parts else ():
        found.setdefault(word, set()).add(number)
    return {word: found.get(word, {0} if low[word] <= 1 else set()) for word in low}
