"""Lay a slip out on the cell grid of a receipt roll: the one place that breaks its lines, for printer and
preview alike."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import singledispatch
from itertools import zip_longest

from pms.printing.slip import (
    QR,
    Amount,
    Barcode,
    Big,
    Block,
    Column,
    Facts,
    Heading,
    Rule,
    Signatures,
    Slip,
    Space,
    Table,
    Text,
    Total,
)
from pms.printing.texts import fold, printable, spread, width

CELLS = {"80mm": 48, "58mm": 32}
DOTS_PER_CELL = 12
DOTS_PER_MM = 8
CELL_DOTS_HIGH = 24
LEADING_DOTS = 8
BARCODE_DOTS = 80
QR_DOT = 6
_LEAST = 6
_GAP, _WIDE_GAP = 1, 2


@dataclass(frozen=True)
class Line:
    """One line of text, spaces putting it in its place; ``wide`` and ``high`` are the printer's
    magnifications."""

    text: str = ""
    wide: int = 1
    high: int = 1
    strong: bool = False

    @property
    def dots(self) -> int:
        """Return the height on paper."""
        return CELL_DOTS_HIGH * self.high + LEADING_DOTS


@dataclass(frozen=True)
class Symbol:
    """A bar code or QR code in the middle of the paper."""

    data: str
    square: bool = False


Piece = Line | Symbol
_Setter = Callable[[list[str]], Iterable[str]]


@dataclass(frozen=True)
class Run:
    """Neighbouring characters of one width and the cells they stand in."""

    cell: int
    cells: int
    text: str

    @property
    def wide(self) -> bool:
        """Say whether each character fills two cells."""
        return self.cells > len(self.text)


def columns_of(slip: Slip) -> int:
    """Return how many cells the slip's paper is wide; a sheet printed on a receipt printer takes the wide
    roll."""
    return CELLS.get(slip.paper, CELLS["80mm"])


def lay_out(slip: Slip, label: str = "") -> tuple[Piece, ...]:
    """Return the lines and codes of one copy, top to bottom."""
    cols = columns_of(slip)
    return (*_head(slip, label, cols), *_body(slip, cols), *_foot(slip, cols))


def _body(slip: Slip, cols: int) -> Iterator[Piece]:
    before: Block = Rule()
    for block in slip.blocks:
        if isinstance(block, Table) and isinstance(before, Facts):
            yield Line()
        yield from _pieces(block, cols)
        before = block


def runs(line: Line) -> Iterator[Run]:
    """Return the runs of a line: gaps of two spaces and changes of script end one."""
    cell, start, text, size = 0, 0, "", 0
    for char in line.text:
        if text and (width(char) == 3 - size or (char == " " and text[-1] == " ")):
            yield from _run(start, text)
            start, text = cell, ""
        text += char
        cell += width(char)
        size = width(char) or size
    yield from _run(start, text)


def _run(cell: int, text: str) -> Iterator[Run]:
    bare = text.lstrip(" ")
    cell += len(text) - len(bare)
    bare = bare.rstrip(" ")
    if bare:
        yield Run(cell, width(bare), bare)


def _head(slip: Slip, label: str, cols: int) -> Iterator[Piece]:
    if slip.house:
        yield from _centred(slip.house, cols, wide=1, high=2, strong=True)
    if slip.house_note:
        yield from _centred(slip.house_note, cols)
    yield from _centred(slip.title, cols, wide=2, high=2, strong=True)
    if slip.number or label:
        yield from _ends(slip.numbered, label, cols)
    if slip.mark:
        yield from _centred(f"*** {slip.mark} ***", cols, strong=True)
    yield _rule(cols)


def _foot(slip: Slip, cols: int) -> Iterator[Piece]:
    if slip.foot:
        yield _rule(cols)
        yield from _words(slip.foot, cols)


def _rule(cols: int) -> Line:
    return Line("-" * cols)


def _words(text: str, cols: int, indent: int = 0, strong: bool = False, high: int = 1) -> Iterator[Line]:
    for part in fold(printable(text), cols - indent):
        yield Line(" " * indent + part, strong=strong, high=high)


def _placed(text: str, cols: int, align: str) -> str:
    free = cols - width(text)
    return " " * {"left": 0, "center": free // 2, "right": free}[align] + text


def _centred(text: str, cols: int, wide: int = 1, high: int = 1, strong: bool = False) -> Iterator[Line]:
    """Centre a text; one that does not fit in its large form is narrowed before it is broken."""
    text = printable(text)
    wide = 1 if width(text) * wide > cols else wide
    for part in fold(text, cols // wide):
        yield Line(_placed(part, cols // wide, "center"), wide, high, strong)


def _ends(start: str, end: str, cols: int, strong: bool = False, high: int = 1) -> Iterator[Line]:
    """Put two texts at the two edges of one line, or one above the other when they do not fit."""
    start, end = printable(start), printable(end)
    free = cols - width(start) - width(end)
    if free >= (_GAP if start and end else 0):
        yield Line(start + " " * free + end if end else start, strong=strong, high=high)
        return
    yield from _words(start, cols, strong=strong, high=high)
    for part in fold(end, cols):
        yield Line(_placed(part, cols, "right"), strong=strong, high=high)


@singledispatch
def _pieces(block: Block, cols: int) -> Iterable[Piece]:
    raise TypeError(type(block).__name__)


@_pieces.register
def _heading(block: Heading, cols: int) -> Iterator[Piece]:
    yield Line()
    yield from _words(block.text, cols, strong=True)


@_pieces.register
def _facts(block: Facts, cols: int) -> Iterator[Piece]:
    if block.columns == 1 or cols < CELLS["80mm"]:
        yield from map(Line, _pairs(block.pairs, cols, block.ruled))
        return
    half = (cols - _WIDE_GAP) // 2
    for start in range(0, len(block.pairs), 2):
        pairs = block.pairs[start : start + 2]
        sides = [_pairs((pair,), half, block.ruled, block.pairs) for pair in pairs]
        if max(map(len, sides)) == 1:
            yield Line((" " * _WIDE_GAP).join(part + " " * (half - width(part)) for [part] in sides).rstrip())
        else:  # what does not fit half the paper gets the whole
            yield from map(Line, _pairs(pairs, cols, block.ruled, block.pairs))


def _pairs(
    pairs: Iterable[tuple[str, str]], cols: int, ruled: bool, beside: Iterable[tuple[str, str]] = ()
) -> list[str]:
    """Return label and value lines, the values under one another beside the widest reasonable label."""
    pairs = [(printable(label), printable(value)) for label, value in pairs]
    labels = [width(label) for label, _value in pairs] + [width(printable(label)) for label, _value in beside]
    indent = max((size for size in labels if size <= cols * 2 // 5), default=2) + 2
    lines: list[str] = []
    for label, value in pairs:
        value = value or ("_" * (cols - indent) if ruled else "")
        first, *rest = fold(value, cols - indent)
        if width(label) + 1 > indent:
            lines += fold(label, cols)
            rest = [first, *rest] if first else rest
        else:
            lines.append((label + " " * (indent - width(label)) + first).rstrip())
        lines += [" " * indent + part for part in rest]
    return lines


@_pieces.register
def _table(block: Table, cols: int) -> Iterator[Piece]:
    wording = [[printable(cell) for cell in row.cells] for row in block.rows]
    titles = [printable(column.title) for column in block.columns]
    natural = [max(map(width, cells)) for cells in zip(titles, *wording, strict=True)]
    setter = _setter(block.columns, natural, cols)
    if any(titles):
        yield from (Line(text, strong=True) for text in setter(titles))
        yield _rule(cols)
    for row, cells in zip(block.rows, wording, strict=True):
        yield from map(Line, setter(cells))
        if row.note:
            yield from _words(row.note, cols, indent=2)
        if block.grid:
            yield _rule(cols)
    yield _rule(cols)
    for total in block.totals:
        yield from _total(total, cols)


def _total(total: Total, cols: int) -> Iterator[Line]:
    return _answer(total.label, total.value, cols) if total.strong else _ends(total.label, total.value, cols)


def _answer(label: str, figures: str, cols: int) -> Iterator[Line]:
    """Set the sum of the paper twice as large, or only twice as high where that is too wide."""
    label, figures = printable(label), printable(figures)
    free = cols // 2 - width(label) - width(figures)
    if free >= _GAP:
        yield Line(label + " " * free + figures, 2, 2, strong=True)
    else:
        yield from _ends(label, figures, cols, strong=True, high=2)


def _setter(columns: tuple[Column, ...], natural: list[int], cols: int) -> _Setter:
    for gap in (_WIDE_GAP, _GAP) if cols >= CELLS["80mm"] else (_GAP,):
        if sizes := spread(columns, natural, cols - gap * (len(columns) - 1), _LEAST):
            return _beside(columns, sizes, gap)
    return _stacked(columns, natural, cols)


def _beside(columns: tuple[Column, ...], sizes: list[int], gap: int) -> _Setter:
    """Set the cells of a row beside one another, each wrapping in its own column."""

    def setter(cells: list[str]) -> Iterator[str]:
        parts = [fold(cell, max(size, 2)) for cell, size in zip(cells, sizes, strict=True)]
        for level in zip_longest(*parts, fillvalue=""):
            yield (
                (" " * gap)
                .join(
                    _cell(text, size, column.align)
                    for text, size, column in zip(level, sizes, columns, strict=True)
                )
                .rstrip()
            )

    return setter


def _cell(text: str, size: int, align: str) -> str:
    placed = _placed(text, size, align)
    return placed + " " * (size - width(placed))


def _stacked(columns: tuple[Column, ...], natural: list[int], cols: int) -> _Setter:
    """Set the words of a row on their own lines and the figures below, for paper too narrow to put them side
    by side."""
    figures = [index for index, column in enumerate(columns) if column.align == "right"]
    share = cols // max(len(figures), 1)

    def setter(cells: list[str]) -> Iterator[str]:
        words = "  ".join(cell for index, cell in enumerate(cells) if index not in figures and cell)
        if words:
            yield from fold(words, cols)
        if all(natural[index] < share for index in figures):
            below = "".join(_placed(cells[index], share, "right") for index in figures)
            yield from [_placed(below, cols, "right")] if below.strip() else []
            return
        for index in figures:
            yield from (_placed(part, cols, "right") for part in fold(cells[index], cols) if part)

    return setter


@_pieces.register
def _text(block: Text, cols: int) -> Iterator[Piece]:
    high = 2 if block.emphasis == "large" else 1
    for part in fold(printable(block.text), cols):
        yield Line(_placed(part, cols, block.align), high=high, strong=block.emphasis in ("strong", "large"))


@_pieces.register
def _big(block: Big, cols: int) -> Iterator[Piece]:
    if block.caption:
        yield from _centred(block.caption, cols)
    size = 3 if width(printable(block.text)) * 3 <= cols // 2 else 2
    yield from _centred(block.text, cols, wide=size, high=size, strong=True)


@_pieces.register
def _amount(block: Amount, cols: int) -> Iterator[Piece]:
    yield _rule(cols)
    yield from _answer(block.label, block.figures, cols)
    if block.words:
        yield from _words(block.words, cols)
    yield _rule(cols)


@_pieces.register
def _line(block: Rule, cols: int) -> Iterator[Piece]:
    yield _rule(cols)


@_pieces.register
def _signatures(block: Signatures, cols: int) -> Iterator[Piece]:
    indent = min(max((width(printable(label)) for label in block.labels), default=0) + 1, cols // 2)
    for label in block.labels:
        *before, last = fold(printable(label), cols // 2)
        yield Line()
        yield from map(Line, before)
        start = max(indent, width(last) + 1)
        yield Line(last + " " * (start - width(last)) + "_" * (cols - start))


@_pieces.register
def _barcode(block: Barcode, cols: int) -> Iterator[Piece]:
    data = "".join(char for char in block.data if " " <= char <= "~")
    # Eleven modules a character, two dots a module, and quiet edges: a longer number only fits the paper as a
    # square.
    square = (11 * (len(data) + 3) + 22) * 2 > cols * DOTS_PER_CELL
    if data:
        yield Symbol(data, square)
        yield from _centred(data, cols)


@_pieces.register
def _qr(block: QR, cols: int) -> Iterator[Piece]:
    yield Symbol(block.data, square=True)
    if block.caption:
        yield from _centred(block.caption, cols)


@_pieces.register
def _space(block: Space, cols: int) -> Iterator[Piece]:
    return iter([Line()] * max(0, block.lines))
