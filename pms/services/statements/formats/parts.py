"""What every reader of a statement is made of: lines, columns by their names, amounts and times as they are
written, and the ends that say how many lines there should be."""

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from io import StringIO
from itertools import pairwise

from pms.core.errors import Refused
from pms.core.i18n import N_, _

WECHAT, ALIPAY, UNIONPAY, CARD, BANK = "wechat", "alipay", "unionpay", "card", "bank"
SOURCES = {
    WECHAT: N_("WeChat Pay"),
    ALIPAY: N_("Alipay"),
    UNIONPAY: N_("UnionPay code"),
    CARD: N_("Card acquirer"),
    BANK: N_("Bank"),
}
TRADE, FUND, WALLET, ACCOUNT = "trade", "fund", "wallet", "account"
SORTS = {
    TRADE: N_("Trade bill"),
    FUND: N_("Fund bill"),
    WALLET: N_("Personal wallet"),
    ACCOUNT: N_("Account"),
}
PAYMENT, REFUND, VOID = "payment", "refund", "void"
FEE, FEE_BACK, WITHDRAWAL, NEUTRAL, CREDIT, DEBIT = (
    "fee",
    "fee_back",
    "withdrawal",
    "neutral",
    "credit",
    "debit",
)
KINDS = {
    PAYMENT: N_("Payment"),
    REFUND: N_("Refund"),
    VOID: N_("Voided"),
    FEE: N_("Fee"),
    FEE_BACK: N_("Fee returned"),
    WITHDRAWAL: N_("To the bank"),
    NEUTRAL: N_("Own account"),
    CREDIT: N_("In"),
    DEBIT: N_("Out"),
}
MATCHED = (PAYMENT, REFUND, VOID)
"""What a payment of the hotel stands against."""
YUAN = 100


@dataclass(frozen=True)
class Line:
    """One line of a statement: money into the merchant's account above 0, out of it below, in fen.

    ``at`` is the wall clock there; ``order`` the hotel's number, ``trade`` the provider's, ``refund`` and
    ``refund_trade`` those of a refund, whose order and trade are the original payment's. ``gross`` is what
    the payer's order was, where less is settled; ``fee`` what the provider keeps (below 0: gives back).
    """

    row: int
    kind: str
    at: datetime
    amount: int
    order: str = ""
    trade: str = ""
    refund: str = ""
    refund_trade: str = ""
    gross: int = 0
    fee: int = 0
    text: str = ""
    state: str = ""
    party: str = ""
    balance: int | None = None

    @property
    def key(self) -> str:
        """Return what tells a line from every other of its statement's source, whichever file it stands
        in."""
        named = (self.kind, self.trade, self.order, self.refund or self.refund_trade)
        if self.trade or self.order:
            return "|".join(named)
        return "|".join((*named, self.at.isoformat(), str(self.amount), str(self.balance or "")))


@dataclass(frozen=True)
class Statement:
    """A file that was read: whose it is, of which days, its lines in the order of time; ``doubled`` names
    what stood in it twice, ``closing`` is the balance at its end."""

    source: str
    sort: str
    merchant: str
    first: date
    last: date
    lines: tuple[Line, ...]
    doubled: tuple[str, ...] = ()
    closing: int | None = None

    def of(self, *kinds: str) -> list[Line]:
        """Return the lines of these kinds."""
        return [line for line in self.lines if line.kind in kinds]


def plain(text: str) -> str:
    """Return a cell or a head as it is compared: no blank, tab, mark or backtick around it, half-width
    brackets."""
    return trimmed(unicodedata.normalize("NFKC", text))


def trimmed(text: str) -> str:
    """Return a cell as it is kept: without blank, tab, mark or backtick around it."""
    return text.replace("\ufeff", "").strip().strip("`").strip()


def decoded(data: bytes) -> str:
    """Return a file's text: UTF-8 with or without its mark, else the Chinese code page."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise unreadable()


def unreadable() -> Refused:
    """Return the refusal of what is no statement that is known here."""
    return Refused(
        _(
            "This is no statement that is known here. Choose the bill as WeChat Pay, Alipay, UnionPay, the "
            "card acquirer or the bank gives it (CSV, ZIP or INN file)."
        )
    )


def cut_off(what: str) -> Refused:
    """Return the refusal of a file that does not hold what its end promises."""
    return Refused(_("The file is cut off or changed: %(what)s. Fetch it anew.") % {"what": what})


def other_days(day: date, first: date, last: date) -> Refused:
    """Return the refusal of a file with a line of a day that it is not about."""
    return Refused(
        _("The file is of %(first)s to %(last)s, and a line in it is of %(day)s. Fetch it anew.")
        % {"first": first.isoformat(), "last": last.isoformat(), "day": day.isoformat()}
    )


def cells(text: str) -> list[list[str]]:
    """Return the cells of a comma-separated text, each as it is kept; empty lines stay, for the
    numbers."""
    return [[trimmed(cell) for cell in row] for row in csv.reader(StringIO(text))]


class Columns:
    """The columns of a head by their names, wherever they stand."""

    def __init__(self, head: Sequence[str]) -> None:
        self.at = {_name(name): n for n, name in reversed(list(enumerate(head))) if name}

    def has(self, *names: str) -> bool:
        """Say whether all of these columns are there."""
        return all(_name(name) in self.at for name in names)

    def get(self, row: Sequence[str], *names: str) -> str:
        """Return a row's cell under the first of these names that is there, empty where none is."""
        for name in names:
            n = self.at.get(_name(name))
            if n is not None:
                return row[n] if n < len(row) else ""
        return ""


@lru_cache(maxsize=512)
def _name(name: str) -> str:
    """Return a column's name without what is said of its sign and unit."""
    short = plain(name).replace(" ", "")
    for mark in ("(元)", "(+元)", "(-元)", "/元(支取)", "/元(收入)"):
        short = short.removesuffix(mark)
    return short


def find_head(rows: Sequence[Sequence[str]], *names: str) -> tuple[int, Columns] | None:
    """Return where the head with these columns stands, and its columns; None where there is none."""
    for n, row in enumerate(rows):
        if len(row) >= len(names) and (found := Columns(row)).has(*names):
            return n, found
    return None


def yuan(text: str) -> Decimal:
    """Return an amount as it is written, 0 where nothing is."""
    told = text.replace("¥", "").replace("￥", "").replace(",", "").strip()
    if told in ("", "/", "-"):
        return Decimal(0)
    try:
        found = Decimal(told)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found) > 10**12:
        raise cut_off(_("“%(text)s” is no amount") % {"text": text[:20]})
    return found


def fen(amount: Decimal | str) -> int:
    """Return an amount in fen, rounded as the providers round a fee."""
    exact = yuan(amount) if isinstance(amount, str) else amount
    return int((exact * YUAN).quantize(Decimal(1), ROUND_HALF_UP))


def count(text: str) -> int:
    """Return a number of lines as it is written: ``5``, ``45.0``."""
    return int(yuan(text))


FORMS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y%m%d %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y%m%d%H%M%S",
    "%Y-%m-%d",
    "%Y%m%d",
)


def moment(text: str) -> datetime:
    """Return a wall clock's time as it is written."""
    for form in FORMS:
        try:
            return datetime.strptime(text.strip(), form)  # noqa: DTZ007 - a wall clock, as the bill gives it
        except ValueError:
            continue
    raise cut_off(_("“%(text)s” is no time") % {"text": text[:20]})


@dataclass
class Once:
    """Lines without those that stand in the file twice, byte for byte."""

    seen: set[tuple[str, ...]] = field(default_factory=set)
    doubled: list[str] = field(default_factory=list)

    def rows(self, rows: Iterable[Sequence[str]], name: int | None) -> Iterator[Sequence[str]]:
        """Return each row once; ``name``: the column by which a doubled one is told."""
        for row in rows:
            told = tuple(row)
            if told in self.seen:
                self.doubled.append(row[name] if name is not None and name < len(row) else row[0])
                continue
            self.seen.add(told)
            yield row


def must_agree(words: str, found: Mapping[str, int | Decimal], promised: Mapping[str, int | Decimal]) -> None:
    """Refuse a file whose end promises another count or sum than its lines come to."""
    for name, wanted in promised.items():
        if found[name] != wanted:
            raise cut_off(
                _("%(what)s, %(name)s: the end says %(wanted)s, the lines come to %(found)s")
                % {"what": words, "name": name, "wanted": wanted, "found": found[name]}
            )


def must_run(lines: Sequence[Line]) -> None:
    """Refuse a fund bill whose balance does not run from line to line."""
    for before, after in pairwise(lines):
        if (
            before.balance is not None
            and after.balance is not None
            and before.balance + after.amount != after.balance
        ):
            raise cut_off(
                _("the balance of line %(n)s does not follow from the line before") % {"n": after.row}
            )


def days_of(lines: Sequence[Line]) -> tuple[date, date]:
    """Return the first and the last day of lines."""
    days = [line.at.date() for line in lines]
    return min(days), max(days)
