"""A print-out described without a printer: one document, three renderers (receipt, PDF, preview).

Texts arrive translated. Build a slip from blocks, top to bottom::

    Slip(kind="deposit_receipt", title=_("Deposit receipt"), number="D-0031", house="...", paper="80mm",
         copies=(_("Stub"), _("Finance"), _("Guest")),
         blocks=(facts((_("Guest"), name), (_("Room"), "810")),
                 amount_line(_("Received"), Money(30000)),
                 Table((left(_("Item"), 5), right(_("Amount"), 2)), (row("...", "12.00", note="how it was
                 reckoned"),)), Signatures((_("Clerk"), _("Guest")))))
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Literal, TypeAlias, cast, get_args

from pms.core.currencies import CURRENCIES
from pms.core.errors import Refused
from pms.core.i18n import N_, _, language, translated
from pms.core.money import capital, show

VERSION = 1

Paper = Literal["80mm", "58mm", "A4", "A5", "241x140", "241x93"]
Align = Literal["left", "center", "right"]
Emphasis = Literal["normal", "strong", "large", "small"]
PAPERS: tuple[str, ...] = get_args(Paper)
ROLLS = ("80mm", "58mm")


@dataclass(frozen=True)
class Heading:
    """The title of a section."""

    text: str


@dataclass(frozen=True)
class Facts:
    """Label and value pairs in one or two columns; ``ruled`` draws a line to write on under every value."""

    pairs: tuple[tuple[str, str], ...]
    columns: int = 1
    ruled: bool = False


@dataclass(frozen=True)
class Column:
    """A column of a table; ``share`` is its part of the width beside the other columns, ``guests`` says that
    it names one in each line."""

    title: str
    share: int = 1
    align: Align = "left"
    guests: bool = False


@dataclass(frozen=True)
class Row:
    """A line of a table; ``note`` is the small line under it that explains it, ``struck`` shows it as void,
    ``closes`` draws a stronger line under it."""

    cells: tuple[str, ...]
    note: str = ""
    struck: bool = False
    closes: bool = False


@dataclass(frozen=True)
class Total:
    """A sum below a table; the ``strong`` one is the answer of the paper."""

    label: str
    value: str
    strong: bool = False


@dataclass(frozen=True)
class Table:
    """Rows under column titles with their totals; ``grid`` draws boxes tall enough to write in by hand.
    ``beside`` are rows of another table whose columns stand under these."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    totals: tuple[Total, ...] = ()
    grid: bool = False
    beside: tuple[Row, ...] = ()

    def __post_init__(self) -> None:
        if any(len(line.cells) != len(self.columns) for line in (*self.rows, *self.beside)):
            raise ValueError("a row has as many cells as the table has columns")


@dataclass(frozen=True)
class Text:
    """A paragraph that wraps; control characters, line feeds too, become spaces."""

    text: str
    emphasis: Emphasis = "normal"
    align: Align = "left"


@dataclass(frozen=True)
class Big:
    """The one thing the eye must meet first: a room number, a luggage number; ``far``: read from across a
    room, half as wide as the paper."""

    text: str
    caption: str = ""
    far: bool = False


@dataclass(frozen=True)
class Amount:
    """A sum of money in figures and, where the paper asks for it, in words."""

    label: str
    figures: str
    words: str = ""


@dataclass(frozen=True)
class Rule:
    """A line across the paper."""


@dataclass(frozen=True)
class Signatures:
    """A line to sign on for each label; as the last block it stands at the foot of the sheet."""

    labels: tuple[str, ...]


@dataclass(frozen=True)
class Barcode:
    """A Code 128 bar code (ASCII only) with its text below."""

    data: str


@dataclass(frozen=True)
class QR:
    """A QR code with a caption below."""

    data: str
    caption: str = ""


@dataclass(frozen=True)
class Space:
    """Empty lines."""

    lines: int = 1


Block: TypeAlias = Heading | Facts | Table | Text | Big | Amount | Rule | Signatures | Barcode | QR | Space


@dataclass(frozen=True)
class Slip:
    """One print-out: what it is called, on which paper, how many copies, and its blocks from top to bottom.

    ``paper`` is the usual one; the printer it goes to decides. ``drawer``: money in cash changes hands, so
    its first print opens the drawer. ``language`` is the one its words are in, whoever prints it and when.
    ``roll`` are the blocks that stand in for ``blocks`` on a receipt roll, where tables of a sheet are too
    wide for its cells. ``logo`` is the sign of the picture at its head (``logos``).
    """

    kind: str
    title: str
    blocks: tuple[Block, ...]
    number: str = ""
    paper: Paper = "80mm"
    copies: tuple[str, ...] = ()
    house: str = ""
    house_note: str = ""
    foot: str = ""
    reprint: int = 0
    drawer: bool = False
    language: str = field(default_factory=language)
    roll: tuple[Block, ...] = ()
    logo: str = ""

    @property
    def mark(self) -> str:
        """Return the mark of a second print, empty on the first."""
        return translated(N_("DUPLICATE %(n)s"), self.language) % {"n": self.reprint} if self.reprint else ""

    @property
    def numbered(self) -> str:
        """Return the serial number with its word, empty where the paper has none."""
        return (
            translated(N_("No. %(number)s"), self.language) % {"number": self.number} if self.number else ""
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the label of every copy to print: one unnamed copy when none is named."""
        return self.copies or ("",)

    def to_dict(self) -> dict[str, Any]:
        """Return the slip as plain JSON values."""
        plain = cast(dict[str, Any], _plain(self))
        if not self.logo:
            del plain["logo"]  # a paper without one is stored as it ever was
        return {"version": VERSION} | plain

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Slip":
        """Read a slip back; one written by a newer program is refused."""
        if data.get("version") != VERSION:
            raise Refused(
                _("This print-out was stored by another version of the program. Print it from there.")
            )
        slip = _built({key: value for key, value in data.items() if key != "version"})
        if not isinstance(slip, cls):
            raise ValueError("not a slip")
        return slip


def left(title: str, share: int = 1) -> Column:
    """Return a column of words."""
    return Column(title, share)


def guests(title: str, share: int = 1) -> Column:
    """Return a column of guests' names."""
    return Column(title, share, guests=True)


def right(title: str, share: int = 1) -> Column:
    """Return a column of figures."""
    return Column(title, share, "right")


def center(title: str, share: int = 1) -> Column:
    """Return a column of short marks."""
    return Column(title, share, "center")


def row(*cells: str, note: str = "", struck: bool = False) -> Row:
    """Return a table row from its cells; a struck one says in words that it does not count."""
    return Row(cells, " ".join(filter(None, (_("(void: does not count)") if struck else "", note))), struck)


def facts(*pairs: tuple[str, str], columns: int = 1, ruled: bool = False) -> Facts:
    """Return label and value pairs."""
    return Facts(pairs, columns, ruled)


def paragraphs(text: str, emphasis: Emphasis = "normal") -> tuple[Text, ...]:
    """Return one paragraph per line of a text that the hotel itself wrote (house rules)."""
    return tuple(Text(line.strip(), emphasis) for line in text.splitlines() if line.strip())


def money(amount: int, currency: str = "CNY", digits: int = 2) -> str:
    """Write an amount for paper: with its currency sign, the minus in front."""
    sign = CURRENCIES[currency].sign if currency in CURRENCIES else f"{currency} "
    return ("\u2212" if amount < 0 else "") + sign + show(abs(amount), digits)


def amount_line(label: str, amount: int, currency: str = "CNY", digits: int = 2) -> Amount:
    """Return an amount in figures, on a Chinese paper in yuan also in the capital words."""
    worded = language() == "zh_CN" and currency == "CNY" and digits == 2
    words = _("In words: RMB %(words)s") % {"words": capital(amount)} if worded else ""
    return Amount(label, money(amount, currency, digits), words)


_PARTS = (
    Slip,
    Heading,
    Facts,
    Column,
    Row,
    Total,
    Table,
    Text,
    Big,
    Amount,
    Rule,
    Signatures,
    Barcode,
    QR,
    Space,
)
_NAMES = {part.__name__.lower(): part for part in _PARTS}


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {"is": type(value).__name__.lower()} | {
            part.name: _plain(getattr(value, part.name)) for part in fields(value)
        }
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _built(value: Any) -> Any:
    if isinstance(value, Mapping):
        part = _NAMES[value["is"]]
        return part(**{key: _built(item) for key, item in value.items() if key != "is"})
    return tuple(_built(item) for item in value) if isinstance(value, list | tuple) else value
