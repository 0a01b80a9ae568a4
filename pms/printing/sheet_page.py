"""The pages of one copy while they are being set: their size, head, foot and marks."""

from dataclasses import dataclass
from functools import partial

from reportlab.pdfbase.pdfmetrics import stringWidth

from pms.printing import logos
from pms.printing.slip import Facts, Slip
from pms.printing.texts import clean, fold
from pms.printing.typeface import name, pieces

MM = 72 / 25.4
HAIR, FINE, FIRM = 0.3, 0.6, 1.0
S4, S8, S12, S16, S24 = 4, 8, 12, 16, 24
SMALL, LEADING = 0.85, 1.5
"""Sizes as parts of the running text's."""
_TITLE, _FORM_TITLE, _HOUSE = 2.0, 1.6, 1.4
_LOGO_WIDE, _LOGO_HIGH, _LOGO_LOW = 42, 14, 9
"""Millimetres that the hotel's picture may take, its height on a low form too."""


@dataclass(frozen=True)
class Format:
    """A sheet: its size and edges in millimetres, and the size of its running text in points; a ``form`` is
    wide and low."""

    wide: float
    high: float
    side: float
    edge: float
    base: float
    form: bool = False


FORMATS = {
    "A4": Format(210, 297, 18, 15, 9.5),
    "A5": Format(148, 210, 12, 10, 8.5),
    "241x140": Format(241, 140, 20, 8, 9, form=True),
    "241x93": Format(241, 93, 20, 6, 8, form=True),
}


@dataclass(frozen=True)
class Word:
    """A text, its left end on the line at ``y``."""

    x: float
    y: float
    text: str
    size: float
    strong: bool


@dataclass(frozen=True)
class Stroke:
    """A line across or down."""

    x: float
    y: float
    to_x: float
    to_y: float
    weight: float


@dataclass(frozen=True)
class Code:
    """A bar code, or a square one."""

    x: float
    y: float
    data: str
    square: bool


@dataclass(frozen=True)
class Picture:
    """The hotel's picture, its upper left corner at ``x`` and ``y``."""

    x: float
    y: float
    wide: float
    high: float
    sign: str


Mark = Word | Stroke | Code | Picture


class Sheet:
    """The pages of one copy while they are being set; ``y`` runs down from the top edge, in points."""

    def __init__(self, slip: Slip, label: str) -> None:
        self.slip, self.label, self.format = slip, label, FORMATS[slip.paper]
        self.base = self.format.base
        self.left = self.format.side * MM
        self.right = (self.format.wide - self.format.side) * MM
        self.foot = fold(clean(slip.foot), self.width - 48, partial(width_of, size=self.base * SMALL))
        self.floor = (
            (self.format.high - self.format.edge) * MM - self.base * SMALL * LEADING * len(self.foot) - S8
        )
        self.pages: list[list[Mark]] = []
        self.label_width = _widest_label(slip, self.base * SMALL)
        self.y = self._begin = 0.0

    @property
    def width(self) -> float:
        """Return the width between the edges."""
        return self.right - self.left

    @property
    def untouched(self) -> bool:
        """Say whether nothing stands on the page below its head."""
        return self.y == self._begin

    def turn(self) -> None:
        """Begin a page with its head: the full one on the first, a short one after it."""
        self.pages.append([])
        self.y = self.format.edge * MM
        (_first_head if len(self.pages) == 1 else _next_head)(self)
        self._begin = self.y

    def fits(self, height: float) -> bool:
        """Say whether so much room is left on the page."""
        return self.y + height <= self.floor

    def make_room(self, height: float) -> bool:
        """Turn the page unless there is room; return whether it was turned."""
        if self.fits(height) or self.untouched:
            return False
        self.turn()
        return True

    def word(
        self, x: float, text: str, size: float, strong: bool = False, align: str = "left", drop: float = 0
    ) -> None:
        """Put a text with its left end, middle or right end at ``x`` on the line that starts at ``y +
        drop``."""
        shift = {"left": 0.0, "center": 0.5, "right": 1.0}[align] * width_of(text, size, strong)
        if text:
            self.pages[-1].append(Word(x - shift, self.y + drop + size * 1.1, text, size, strong))

    def line(
        self, weight: float, start: float | None = None, end: float | None = None, drop: float = 0
    ) -> None:
        """Draw a line across, from edge to edge unless told otherwise."""
        y = self.y + drop
        self.pages[-1].append(
            Stroke(self.left if start is None else start, y, self.right if end is None else end, y, weight)
        )

    def upright(self, x: float, height: float, weight: float) -> None:
        """Draw a line down."""
        self.pages[-1].append(Stroke(x, self.y, x, self.y + height, weight))

    def code(self, data: str, square: bool) -> None:
        """Put a bar code or QR code at the left edge."""
        self.pages[-1].append(Code(self.left, self.y, data, square))

    def paragraph(
        self,
        text: str,
        size: float,
        strong: bool = False,
        align: str = "left",
        x: float | None = None,
        width: float | None = None,
    ) -> None:
        """Set wrapping text from ``x`` on, turning pages as needed."""
        x, room = self.left if x is None else x, self.width if width is None else width
        for part in fold(clean(text), room, partial(width_of, size=size, strong=strong)):
            self.make_room(size * LEADING)
            self.word(x + room * {"left": 0, "center": 0.5, "right": 1}[align], part, size, strong, align)
            self.y += size * LEADING


def width_of(text: str, size: float, strong: bool = False) -> float:
    """Return how wide a text is, in points."""
    return float(sum(stringWidth(part, name(file), size) for file, part in pieces(text, strong)))


def _widest_label(slip: Slip, size: float) -> float:
    labels = [
        clean(label) for block in slip.blocks if isinstance(block, Facts) for label, _value in block.pairs
    ]
    return max((width_of(label, size) for label in labels), default=0)


def _first_head(sheet: Sheet) -> None:
    slip, base = sheet.slip, sheet.base
    free = _boxes(sheet) - sheet.left
    beside, below = _logo(sheet)
    x, width = sheet.left + beside, free - beside if beside else sheet.width * 0.68
    if slip.house:
        sheet.paragraph(slip.house, base * _HOUSE, strong=True, x=x, width=width)
    if slip.house_note:
        sheet.paragraph(slip.house_note, base * SMALL, x=x, width=width)
    sheet.y = max(sheet.y, below, sheet.format.edge * MM + base * 2) + S4
    sheet.line(FIRM)
    sheet.y += S12
    number = clean(slip.numbered)
    size, beside = (
        base * (_FORM_TITLE if sheet.format.form else _TITLE),
        width_of(number, base * 1.15, strong=True),
    )
    sheet.word(sheet.right, number, base * 1.15, strong=True, align="right", drop=(size - base * 1.15) * 1.1)
    sheet.paragraph(slip.title, size, strong=True, width=sheet.width - beside - S12)
    sheet.y += S8


def _logo(sheet: Sheet) -> tuple[float, float]:
    """Put the hotel's picture at the upper left; return the room it takes beside the name, and its lower
    edge."""
    drawn = logos.picture(sheet.slip.logo)
    if drawn is None:
        return 0.0, 0.0
    scale = min(
        _LOGO_WIDE * MM / drawn.width, (_LOGO_LOW if sheet.format.form else _LOGO_HIGH) * MM / drawn.height
    )
    wide, high = drawn.width * scale, drawn.height * scale
    sheet.pages[-1].append(Picture(sheet.left, sheet.y, wide, high, sheet.slip.logo))
    return wide + S12, sheet.y + high


def _next_head(sheet: Sheet) -> None:
    slip, size = sheet.slip, sheet.base * SMALL
    _boxes(sheet)
    parts = (slip.title, slip.numbered, slip.house)
    sheet.paragraph("   ".join(clean(part) for part in parts if part), size, width=sheet.width * 0.68)
    sheet.y = max(sheet.y, sheet.format.edge * MM + sheet.base * 1.7) + S4
    sheet.line(FINE)
    sheet.y += S12


def _boxes(sheet: Sheet) -> float:
    """Box the copy's name and the reprint mark at the right of the head, and return where they begin."""
    x, size = sheet.right, sheet.base
    for text in filter(None, (clean(sheet.label), sheet.slip.mark)):
        start = x - width_of(text, size, strong=True) - 2 * S8
        high = size * 1.75
        sheet.word(x - S8, text, size, strong=True, align="right", drop=size * 0.15)
        for drop in (0.0, high):
            sheet.line(FINE, start, x, drop)
        for edge in (start, x):
            sheet.upright(edge, high, FINE)
        x = start - S8
    return x


def foot(sheet: Sheet, number: int) -> list[Mark]:
    """Return the marks of a page\'s foot: a line, its words, its number of so many."""
    size, top = sheet.base * SMALL, sheet.floor + S8
    count = f"{number} / {len(sheet.pages)}"
    words = [
        Word(sheet.left, top + size * (LEADING * (place + 1)), part, size, False)
        for place, part in enumerate(sheet.foot)
    ]
    return [
        Stroke(sheet.left, top, sheet.right, top, HAIR),
        *words,
        Word(sheet.right - width_of(count, size), top + size * LEADING, count, size, False),
    ]
