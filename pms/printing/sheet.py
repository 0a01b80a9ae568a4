"""Set a slip on sheets of paper: head, blocks, foot; long tables run over and take their titles with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial, singledispatch
from itertools import zip_longest
from typing import Any

from reportlab.pdfbase.pdfmetrics import stringWidth

from pms.printing.codes import bars, modules, squares
from pms.printing.slip import (
    QR,
    Amount,
    Barcode,
    Big,
    Block,
    Column,
    Facts,
    Heading,
    Row,
    Rule,
    Signatures,
    Slip,
    Space,
    Table,
    Text,
    Total,
)
from pms.printing.texts import clean, fold, spread
from pms.printing.typeface import name, pieces

MM = 72 / 25.4
HAIR, FINE, FIRM = 0.3, 0.6, 1.0
S4, S8, S12, S16, S24 = 4, 8, 12, 16, 24
_TITLE, _FORM_TITLE, _HOUSE, _SMALL, _FIGURE, _BIG, _HEADING = 2.0, 1.6, 1.4, 0.85, 2.0, 3.8, 1.15
_LEADING = 1.5


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
class _Word:
    x: float
    y: float
    text: str
    size: float
    strong: bool


@dataclass(frozen=True)
class _Stroke:
    x: float
    y: float
    to_x: float
    to_y: float
    weight: float


@dataclass(frozen=True)
class _Code:
    x: float
    y: float
    data: str
    square: bool


_Mark = _Word | _Stroke | _Code


class Sheet:
    """The pages of one copy while they are being set; ``y`` runs down from the top edge, in points."""

    def __init__(self, slip: Slip, label: str) -> None:
        self.slip, self.label, self.format = slip, label, FORMATS[slip.paper]
        self.base = self.format.base
        self.left = self.format.side * MM
        self.right = (self.format.wide - self.format.side) * MM
        self.foot = fold(clean(slip.foot), self.width - 48, partial(_width, size=self.base * _SMALL))
        self.floor = (
            (self.format.high - self.format.edge) * MM - self.base * _SMALL * _LEADING * len(self.foot) - S8
        )
        self.pages: list[list[_Mark]] = []
        self.label_width = _widest_label(slip, self.base * _SMALL)
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
        shift = {"left": 0.0, "center": 0.5, "right": 1.0}[align] * _width(text, size, strong)
        if text:
            self.pages[-1].append(_Word(x - shift, self.y + drop + size * 1.1, text, size, strong))

    def line(
        self, weight: float, start: float | None = None, end: float | None = None, drop: float = 0
    ) -> None:
        """Draw a line across, from edge to edge unless told otherwise."""
        y = self.y + drop
        self.pages[-1].append(
            _Stroke(self.left if start is None else start, y, self.right if end is None else end, y, weight)
        )

    def upright(self, x: float, height: float, weight: float) -> None:
        """Draw a line down."""
        self.pages[-1].append(_Stroke(x, self.y, x, self.y + height, weight))

    def code(self, data: str, square: bool) -> None:
        """Put a bar code or QR code at the left edge."""
        self.pages[-1].append(_Code(self.left, self.y, data, square))

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
        for part in fold(clean(text), room, partial(_width, size=size, strong=strong)):
            self.make_room(size * _LEADING)
            self.word(x + room * {"left": 0, "center": 0.5, "right": 1}[align], part, size, strong, align)
            self.y += size * _LEADING


def draw(canvas: Any, slip: Slip) -> None:
    """Draw each copy on its own sheets."""
    for label in slip.labels:
        sheet = _set(slip, label)
        for number, marks in enumerate(sheet.pages, 1):
            _page(canvas, sheet, marks, number)


def _set(slip: Slip, label: str) -> Sheet:
    sheet = Sheet(slip, label)
    sheet.turn()
    *body, last = slip.blocks or (Space(0),)
    for block, following in zip(body, slip.blocks[1:], strict=True):
        if isinstance(block, Heading):
            sheet.make_room(_heading_height(sheet) + _beginning(following, sheet))
        _put(block, sheet)
    if isinstance(last, Signatures):
        height = _signing_height(last, sheet)
        sheet.make_room(height)
        sheet.y = max(sheet.y, sheet.floor - height)
    _put(last, sheet)
    return sheet


def _page(canvas: Any, sheet: Sheet, marks: Iterable[_Mark], number: int) -> None:
    high = sheet.format.high * MM
    canvas.setPageSize((sheet.format.wide * MM, high))
    canvas.setFillGray(0)
    canvas.setStrokeGray(0)
    for mark in (*marks, *_foot(sheet, number)):
        if isinstance(mark, _Word):
            _write(canvas, mark, high - mark.y)
        elif isinstance(mark, _Stroke):
            canvas.setLineWidth(mark.weight)
            canvas.line(mark.x, high - mark.y, mark.to_x, high - mark.to_y)
        elif mark.square:
            squares(canvas, mark.data, mark.x, high - mark.y - _square_side(mark.data), _MODULE)
        else:
            bars(canvas, mark.data, mark.x, high - mark.y - _BARS_HIGH, _BAR, _BARS_HIGH)
    canvas.showPage()


def _write(canvas: Any, word: _Word, y: float) -> None:
    text = canvas.beginText(word.x, y)
    for file, part in pieces(word.text, word.strong):
        text.setFont(name(file), word.size)
        text.textOut(part)
    canvas.drawText(text)


def _width(text: str, size: float, strong: bool = False) -> float:
    return float(sum(stringWidth(part, name(file), size) for file, part in pieces(text, strong)))


def _widest_label(slip: Slip, size: float) -> float:
    labels = [
        clean(label) for block in slip.blocks if isinstance(block, Facts) for label, _value in block.pairs
    ]
    return max((_width(label, size) for label in labels), default=0)


def _first_head(sheet: Sheet) -> None:
    slip, base = sheet.slip, sheet.base
    _boxes(sheet)
    if slip.house:
        sheet.paragraph(slip.house, base * _HOUSE, strong=True, width=sheet.width * 0.68)
    if slip.house_note:
        sheet.paragraph(slip.house_note, base * _SMALL, width=sheet.width * 0.68)
    sheet.y = max(sheet.y, sheet.format.edge * MM + base * 2) + S4
    sheet.line(FIRM)
    sheet.y += S12
    number = clean(slip.numbered)
    size, beside = (
        base * (_FORM_TITLE if sheet.format.form else _TITLE),
        _width(number, base * 1.15, strong=True),
    )
    sheet.word(sheet.right, number, base * 1.15, strong=True, align="right", drop=(size - base * 1.15) * 1.1)
    sheet.paragraph(slip.title, size, strong=True, width=sheet.width - beside - S12)
    sheet.y += S8


def _next_head(sheet: Sheet) -> None:
    slip, size = sheet.slip, sheet.base * _SMALL
    _boxes(sheet)
    parts = (slip.title, slip.numbered, slip.house)
    sheet.paragraph("   ".join(clean(part) for part in parts if part), size, width=sheet.width * 0.68)
    sheet.y = max(sheet.y, sheet.format.edge * MM + sheet.base * 1.7) + S4
    sheet.line(FINE)
    sheet.y += S12


def _boxes(sheet: Sheet) -> None:
    """Box the copy's name and the reprint mark at the right of the head."""
    x, size = sheet.right, sheet.base
    for text in filter(None, (clean(sheet.label), sheet.slip.mark)):
        start = x - _width(text, size, strong=True) - 2 * S8
        high = size * 1.75
        sheet.word(x - S8, text, size, strong=True, align="right", drop=size * 0.15)
        for drop in (0.0, high):
            sheet.line(FINE, start, x, drop)
        for edge in (start, x):
            sheet.upright(edge, high, FINE)
        x = start - S8


def _foot(sheet: Sheet, number: int) -> list[_Mark]:
    size, top = sheet.base * _SMALL, sheet.floor + S8
    count = f"{number} / {len(sheet.pages)}"
    words = [
        _Word(sheet.left, top + size * (_LEADING * (place + 1)), part, size, False)
        for place, part in enumerate(sheet.foot)
    ]
    return [
        _Stroke(sheet.left, top, sheet.right, top, HAIR),
        *words,
        _Word(sheet.right - _width(count, size), top + size * _LEADING, count, size, False),
    ]


def _heading_height(sheet: Sheet) -> float:
    return S12 + sheet.base * _HEADING * _LEADING


def _beginning(block: Block, sheet: Sheet) -> float:
    """Return the height of what must not be parted from the title above it: of a table its columns' titles
    with the first row."""
    if not isinstance(block, Table):
        return sheet.base * 4
    setting = _fitted(block, sheet)
    first = (
        _row_height(block.rows[0], setting, sheet)
        if block.rows
        else sum(map(_total_height, block.totals[:2], [sheet] * 2))
    )
    return max(sheet.base * 6, _titles_height(setting) + first)


@singledispatch
def _put(block: Block, sheet: Sheet) -> None:
    raise TypeError(type(block).__name__)


@_put.register
def _heading(block: Heading, sheet: Sheet) -> None:
    size = sheet.base * _HEADING
    sheet.make_room(_heading_height(sheet))
    sheet.y += 0 if sheet.untouched else S8
    sheet.paragraph(block.text, size, strong=True)
    sheet.y += S4


@_put.register
def _facts(block: Facts, sheet: Sheet) -> None:
    count = 2 if sheet.format.form else max(1, min(2, block.columns))
    column = (sheet.width - S24 * (count - 1)) / count
    for start in range(0, len(block.pairs), count):
        cells = [_fact(pair, column, sheet) for pair in block.pairs[start : start + count]]
        height = (
            max(len(values) for _label, values in cells) * sheet.base * _LEADING
            + S4 / 2
            + (S4 if block.ruled else 0)
        )
        sheet.make_room(height)
        for place, (label, values) in enumerate(cells):
            _put_fact(sheet, sheet.left + place * (column + S24), column, label, values, block.ruled)
        sheet.y += height
    sheet.y += S8 - S4 / 2


def _fact(pair: tuple[str, str], column: float, sheet: Sheet) -> tuple[list[str], list[str]]:
    small, indent = sheet.base * _SMALL, _indent(sheet, column)
    label = fold(clean(pair[0]), indent - S8, partial(_width, size=small))
    value = fold(clean(pair[1]), column - indent, partial(_width, size=sheet.base))
    return label, value + [""] * (len(label) - len(value))


def _indent(sheet: Sheet, column: float) -> float:
    return min(sheet.label_width, column * 0.4) + S12


def _put_fact(
    sheet: Sheet, x: float, column: float, label: list[str], values: list[str], ruled: bool
) -> None:
    small, pitch = sheet.base * _SMALL, sheet.base * _LEADING
    for place, part in enumerate(label):
        sheet.word(x, part, small, drop=place * pitch + (sheet.base - small) * 1.1)
    for place, part in enumerate(values):
        sheet.word(x + _indent(sheet, column), part, sheet.base, drop=place * pitch)
        if ruled:
            sheet.line(HAIR, x + _indent(sheet, column), x + column, drop=(place + 1) * pitch)


@dataclass(frozen=True)
class _Setting:
    """How a table's columns stand on the page."""

    columns: tuple[Column, ...]
    sizes: tuple[float, ...]
    size: float
    left: float
    grid: bool

    @property
    def starts(self) -> tuple[float, ...]:
        return tuple(self.left + sum(self.sizes[:index]) + S12 * index for index in range(len(self.sizes)))

    def lines(self, text: str, index: int, size: float, strong: bool = False) -> list[str]:
        return fold(clean(text), max(self.sizes[index], size), partial(_width, size=size, strong=strong))

    def anchor(self, index: int) -> float:
        return (
            self.starts[index]
            + self.sizes[index] * {"left": 0, "center": 0.5, "right": 1}[self.columns[index].align]
        )


@_put.register
def _table(block: Table, sheet: Sheet) -> None:
    setting = _fitted(block, sheet)
    sheet.make_room(_beginning(block, sheet))
    _titles(setting, sheet)
    for row in block.rows:
        _put_row(row, setting, sheet)
    if not block.grid:
        sheet.line(FINE)
    sheet.y += S4
    for total in block.totals:
        _put_total(total, sheet)
    sheet.y += S8


def _fitted(block: Table, sheet: Sheet) -> _Setting:
    """Choose the largest type at which the figures fit; below the smallest legible one the columns wrap by
    share."""
    room = sheet.width - S12 * (len(block.columns) - 1) - (S12 if block.grid else 0)
    left = sheet.left + (S12 / 2 if block.grid else 0)
    for scale in (1.0, 0.9, 0.8, 0.72):
        size = sheet.base * scale
        if sizes := spread(block.columns, _natural(block, size), room, size * 3):
            return _Setting(block.columns, tuple(sizes), size, left, block.grid)
    parts = sum(column.share for column in block.columns)
    return _Setting(
        block.columns, tuple(room * column.share / parts for column in block.columns), size, left, block.grid
    )


def _natural(block: Table, size: float) -> list[float]:
    heads = [_width(clean(column.title), size * _SMALL, strong=True) for column in block.columns]
    cells = [[_width(clean(cell), size) for cell in row.cells] for row in block.rows]
    return [max(widths) + 0.1 for widths in zip(heads, *cells, strict=True)]


def _title_cells(setting: _Setting) -> list[list[str]]:
    return [
        setting.lines(column.title, index, setting.size * _SMALL, strong=True)
        for index, column in enumerate(setting.columns)
    ]


def _titles_height(setting: _Setting) -> float:
    lines = max(map(len, _title_cells(setting)))
    return lines * setting.size * _SMALL * _LEADING + S4 + (S4 / 2 if setting.grid else 0)


def _titles(setting: _Setting, sheet: Sheet) -> None:
    if not any(column.title for column in setting.columns):
        sheet.line(FINE)
        return
    size = setting.size * _SMALL
    cells = _title_cells(setting)
    height = _titles_height(setting) - (S4 / 2 if setting.grid else 0)
    if setting.grid:
        sheet.line(FINE)
        _uprights(setting, sheet, height + S4)
        sheet.y += S4 / 2
    for index, parts in enumerate(cells):
        for place, part in enumerate(parts):
            sheet.word(
                setting.anchor(index),
                part,
                size,
                strong=True,
                align=setting.columns[index].align,
                drop=place * size * _LEADING,
            )
    sheet.y += height + (S4 / 2 if setting.grid else 0)
    sheet.line(FINE)


def _levels(row: Row, setting: _Setting) -> list[tuple[str, ...]]:
    return list(
        zip_longest(
            *(setting.lines(cell, index, setting.size) for index, cell in enumerate(row.cells)), fillvalue=""
        )
    )


def _row_height(row: Row, setting: _Setting, sheet: Sheet) -> float:
    height = (
        len(_levels(row, setting)) + len(_note_lines(row, setting, sheet)) * _SMALL
    ) * setting.size * _LEADING + S8
    return max(height, setting.size * 2.4) if setting.grid else height


def _put_row(row: Row, setting: _Setting, sheet: Sheet) -> None:
    pitch = setting.size * _LEADING
    levels, notes = _levels(row, setting), _note_lines(row, setting, sheet)
    height = _row_height(row, setting, sheet)
    if sheet.make_room(height):
        _titles(setting, sheet)
    if setting.grid:
        _uprights(setting, sheet, height)
    bottom = sheet.y + height
    sheet.y += S4 + (height - S8 - (len(levels) + len(notes) * _SMALL) * pitch) / 2
    for level in levels:
        _put_level(level, setting, sheet, row.struck)
    for note in notes:
        sheet.word(setting.starts[_word_column(setting)], note, setting.size * _SMALL)
        sheet.y += pitch * _SMALL
    sheet.y = bottom
    sheet.line(HAIR)


def _put_level(level: tuple[str, ...], setting: _Setting, sheet: Sheet, struck: bool) -> None:
    for index, text in enumerate(level):
        align, anchor = setting.columns[index].align, setting.anchor(index)
        sheet.word(anchor, text, setting.size, align=align)
        if struck and text:
            long = _width(text, setting.size)
            start = anchor - long * {"left": 0, "center": 0.5, "right": 1}[align]
            sheet.line(FINE, start, start + long, drop=setting.size * 0.75)
    sheet.y += setting.size * _LEADING


def _note_lines(row: Row, setting: _Setting, sheet: Sheet) -> list[str]:
    note = clean(row.note)
    first, last = _word_column(setting), len(setting.sizes) - 1
    end = (
        setting.starts[last] - S12 if setting.columns[last].align == "right" and last > first else sheet.right
    )
    size = setting.size * _SMALL
    return fold(note, end - setting.starts[first], partial(_width, size=size)) if note else []


def _word_column(setting: _Setting) -> int:
    """Return the column a row's explanation stands under: the widest one of words."""
    words = [index for index, column in enumerate(setting.columns) if column.align == "left"] or [0]
    return max(words, key=lambda index: setting.sizes[index])


def _uprights(setting: _Setting, sheet: Sheet, height: float) -> None:
    for x in (sheet.left, *(start - S12 / 2 for start in setting.starts[1:]), sheet.right):
        sheet.upright(x, height, HAIR)


def _total_height(total: Total, sheet: Sheet) -> float:
    return sheet.base * (1.25 if total.strong else 1) * _LEADING + S4


def _put_total(total: Total, sheet: Sheet) -> None:
    size = sheet.base * (1.25 if total.strong else 1)
    value = clean(total.value)
    taken = max(_width(value, size, total.strong) + S16, sheet.width * 0.2)
    sheet.make_room(_total_height(total, sheet))
    drop = sheet.y
    sheet.word(sheet.right, value, size, total.strong, "right")
    sheet.paragraph(total.label, size, total.strong, "right", width=sheet.width - taken)
    sheet.y = max(sheet.y, drop + size * _LEADING) + S4 / 2


@_put.register
def _text(block: Text, sheet: Sheet) -> None:
    scale = {"large": 1.4, "small": _SMALL}.get(block.emphasis, 1.0)
    sheet.paragraph(block.text, sheet.base * scale, block.emphasis in ("strong", "large"), block.align)
    sheet.y += S4 / 2 if block.emphasis == "small" else S8


@_put.register
def _big(block: Big, sheet: Sheet) -> None:
    size = sheet.base * _BIG
    sheet.make_room(size * _LEADING + sheet.base * 2)
    if block.caption:
        sheet.paragraph(block.caption, sheet.base * _SMALL)
    sheet.paragraph(block.text, size, strong=True)
    sheet.y += S4


@_put.register
def _amount(block: Amount, sheet: Sheet) -> None:
    figures, size = clean(block.figures), sheet.base * _FIGURE
    taken = _width(figures, size, strong=True) + S16
    sheet.make_room(size * 2 + S16)
    sheet.line(FINE)
    top = sheet.y
    sheet.y += S8
    sheet.word(sheet.right, figures, size, strong=True, align="right", drop=0 if block.words else -S4 / 2)
    sheet.paragraph(block.label, sheet.base, width=sheet.width - taken)
    if block.words:
        sheet.paragraph(block.words, sheet.base * 1.15, strong=True, width=sheet.width - taken)
    sheet.y = max(sheet.y, top + S8 + size * 1.3) + S4
    sheet.line(FINE)
    sheet.y += S12


@_put.register
def _rule(block: Rule, sheet: Sheet) -> None:
    sheet.make_room(S12)
    sheet.line(HAIR, drop=S4)
    sheet.y += S12


def _signing_height(block: Signatures, sheet: Sheet) -> float:
    rows = (len(block.labels) + _ACROSS - 1) // _ACROSS
    return rows * (sheet.base * (1.6 if sheet.format.form else 2.7) + sheet.base * _SMALL * _LEADING + S8)


_ACROSS = 4


@_put.register
def _signatures(block: Signatures, sheet: Sheet) -> None:
    for start in range(0, len(block.labels), _ACROSS):
        labels = block.labels[start : start + _ACROSS]
        height = _signing_height(Signatures(labels), sheet)
        sheet.make_room(height)
        column = (sheet.width - S24 * (len(labels) - 1)) / len(labels)
        small = sheet.base * _SMALL
        for place, label in enumerate(labels):
            x = sheet.left + place * (column + S24)
            sheet.line(FINE, x, x + column, drop=height - small * _LEADING - S8)
            sheet.word(x, clean(label), small, drop=height - small * _LEADING - S8 + S4 / 2)
        sheet.y += height


_BAR, _BARS_HIGH, _MODULE = 1.0, 30.0, 1.8


def _square_side(data: str) -> float:
    return len(modules(data)) * _MODULE


@_put.register
def _barcode(block: Barcode, sheet: Sheet) -> None:
    data = "".join(char for char in block.data if " " <= char <= "~")
    if data:
        sheet.make_room(_BARS_HIGH + sheet.base * 2)
        sheet.code(data, square=False)
        sheet.y += _BARS_HIGH + S4 / 2
        sheet.paragraph(data, sheet.base * _SMALL)
        sheet.y += S4


@_put.register
def _qr(block: QR, sheet: Sheet) -> None:
    side = _square_side(block.data)
    sheet.make_room(side + sheet.base * 2)
    sheet.code(block.data, square=True)
    sheet.y += side + S4 / 2
    if block.caption:
        sheet.paragraph(block.caption, sheet.base * _SMALL)
    sheet.y += S4


@_put.register
def _space(block: Space, sheet: Sheet) -> None:
    sheet.y = min(sheet.floor, sheet.y + max(0, block.lines) * sheet.base * _LEADING)
