"""Lay a slip out on the cell grid of a receipt roll: the one place that breaks its lines, for printer and
preview alike."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import singledispatch
from itertools import zip_longest
from pathlib import Path

from pms.printing import logos, typeface
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
from pms.printing.texts import fold, printable, spread, whole_words, width
from pms.printing.typeface import NARROW

CELLS = {"80mm": 48, "58mm": 32}
DOTS_PER_CELL = 12
DOTS_PER_MM = 8
CELL_DOTS_HIGH = 24
LEADING_DOTS = 8
BARCODE_DOTS = 80
QR_DOT = 6
_LEAST = 6
_USUAL, _MOST = 3, 8  # times as large: what stands out on a slip, and what is read from across a room
_GAP, _WIDE_GAP = 1, 2
_SIDE = 2  # cells of a box's side


@dataclass(frozen=True)
class Line:
    """One line of text, spaces putting it in its place unless it stands in the ``middle``; ``wide`` and
    ``high`` are the printer's magnifications, and nothing parts a ``joined`` one from the next."""

    text: str = ""
    wide: int = 1
    high: int = 1
    strong: bool = False
    middle: bool = False
    joined: bool = False

    @property
    def dots(self) -> int:
        """Return the height on paper."""
        return CELL_DOTS_HIGH * self.high + (0 if self.joined else LEADING_DOTS)

    def start(self, cols: int) -> float:
        """Return how many dots from the edge its first cell begins."""
        return (cols - width(self.text) * self.wide) * DOTS_PER_CELL / 2 if self.middle else 0


@dataclass(frozen=True)
class Symbol:
    """A bar code or QR code in the middle of the paper."""

    data: str
    square: bool = False


@dataclass(frozen=True)
class Logo:
    """The hotel's picture, in the middle of a roll so many dots wide."""

    sign: str
    across: int

    @property
    def dots(self) -> int:
        """Return the height on paper, none where the picture is not kept here."""
        drawn = logos.on_roll(self.sign, self.across)
        return drawn.height + LEADING_DOTS if drawn is not None else 0


Piece = Line | Symbol | Logo
_Setter = Callable[[list[str]], Iterable[str]]


@dataclass(frozen=True)
class Run:
    """Neighbouring signs of one font and the cells they stand in, one cell or two for each."""

    cell: int
    cells: int
    text: str
    file: Path

    @property
    def size(self) -> float:
        """Return the type's size as a part of the line's height."""
        return 1 if self.cells == 2 * len(self.text) else NARROW


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
    for block in slip.roll or slip.blocks:
        if isinstance(block, Table) and isinstance(before, Facts):
            yield Line()
        yield from _pieces(block, cols)
        before = block


def runs(line: Line) -> Iterator[Run]:
    """Return what is drawn of a line: signs that fill their cells of themselves together, any other alone."""
    last: Run | None = None
    for run in _signs(line):
        if last is not None and _goes_on(last, run):
            last = Run(last.cell, last.cells + run.cells, last.text + run.text, run.file)
            continue
        if last is not None:
            yield last
        last = run
    if last is not None:
        yield last


def _signs(line: Line) -> Iterator[Run]:
    """Return each sign with the marks that stand on it; a gap has none."""
    cell = 0
    for sign in _clusters(line.text):
        cells = width(sign)
        if cells and sign != " ":
            find = typeface.wide if cells > 1 else typeface.narrow
            yield Run(cell, cells, sign, find(sign[0], line.strong))
        cell += cells


def _clusters(text: str) -> list[str]:
    found: list[str] = []
    for char in text:
        if found and not width(char):
            found[-1] += char
        else:
            found.append(char)
    return found


def _goes_on(last: Run, run: Run) -> bool:
    together = last.cell + last.cells == run.cell and last.file == run.file and last.size == run.size
    return together and _fills(last) and _fills(run)


def _fills(run: Run) -> bool:
    """Say whether a run is drawn as wide as its cells are, neither squeezed nor with air around it."""
    drawn = typeface.advance(run.file, run.text) * run.size * CELL_DOTS_HIGH
    return abs(drawn - run.cells * DOTS_PER_CELL) < 0.05 * len(run.text)


def _head(slip: Slip, label: str, cols: int) -> Iterator[Piece]:
    if slip.logo:
        yield Logo(slip.logo, cols * DOTS_PER_CELL)
    if slip.house:
        yield from _centred(slip.house, cols, strong=True)
    if slip.house_note:
        yield from _centred(slip.house_note, cols)
    yield from _large(slip.title, cols)
    if label:  # whose copy it is must be told apart at arm's length
        yield from _boxed(printable(label), cols)
    if slip.number:
        yield from _centred(slip.numbered, cols)
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


def _centred(text: str, cols: int, size: int = 1, strong: bool = False) -> Iterator[Line]:
    for part in fold(printable(text), cols // size):
        yield Line(part, size, size, strong, middle=True)


def _large(text: str, cols: int) -> Iterator[Line]:
    """Centre a text twice as large, on several lines if need be, but with no word broken for it; Chinese has
    no gaps between words, so there it stands whole."""
    parts = whole_words(printable(text), cols // 2)
    if not parts:
        yield from _centred(text, cols, strong=True)
    for part in parts:
        yield Line(part, 2, 2, strong=True, middle=True)


def _boxed(text: str, cols: int) -> Iterator[Line]:
    """Centre a text in a box of lines, twice as large where that fits; its sides take two cells."""
    size = 2 if width(text) + 2 * _SIDE <= cols // 2 else 1
    parts = fold(text, cols // size - 2 * _SIDE)
    inner = max(map(width, parts))
    inner += inner % 2

    def line(start: str, middle: str, end: str, high: int) -> Line:
        return Line(start + middle + end, size, high, strong=True, middle=True, joined=True)

    yield line("\u250c", "\u2500" * (inner // 2), "\u2510", 1)
    for part in parts:
        yield line("\u2502", _cell(part, inner, "center"), "\u2502", size)
    yield line("\u2514", "\u2500" * (inner // 2), "\u2518", 1)


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
    others = [[printable(cell) for cell in row.cells] for row in block.beside]
    natural = [max(map(width, cells)) for cells in zip(titles, *wording, *others, strict=True)]
    setter = _setter(block.columns, natural, cols)
    if any(titles):
        words = [
            title for title, column in zip(titles, block.columns, strict=True) if column.align != "right"
        ]
        heads = (
            setter(titles) if setter else fold("  ".join(filter(None, words if block.rows else titles)), cols)
        )
        yield from (Line(text, strong=True) for text in heads if text or setter)
        yield _rule(cols)
    for row, cells in zip(block.rows, wording, strict=True):
        yield from map(Line, setter(cells)) if setter else _named(block.columns, titles, cells, cols)
        if row.note:
            yield from _words(row.note, cols, indent=2)
        if block.grid or not setter:
            yield _rule(cols)
    if setter or not block.rows:
        yield _rule(cols)
    for total in block.totals:
        yield from _total(total, cols)


def _named(columns: tuple[Column, ...], titles: list[str], cells: list[str], cols: int) -> Iterator[Line]:
    """Set a row that no line can hold as an entry: its words in bold, below them each figure and its name."""
    words = "  ".join(
        cell for cell, column in zip(cells, columns, strict=True) if column.align != "right" and cell
    )
    if words:
        yield from _words(words, cols, strong=True)
    for title, cell, column in zip(titles, cells, columns, strict=True):
        if column.align == "right" and (title or cell):
            yield from _ends("  " + title, cell, cols)


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


def _setter(columns: tuple[Column, ...], natural: list[int], cols: int) -> _Setter | None:
    """Return how the cells of a row stand on lines under their titles; None where they cannot."""
    for gap in (_WIDE_GAP, _GAP) if cols >= CELLS["80mm"] else (_GAP,):
        if sizes := spread(columns, natural, cols - gap * (len(columns) - 1), _LEAST):
            return _beside(columns, sizes, gap)
    figures = [index for index, column in enumerate(columns) if column.align == "right"]
    share = cols // max(len(figures), 1)
    return _stacked(figures, share, cols) if all(natural[index] < share for index in figures) else None


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


def _stacked(figures: list[int], share: int, cols: int) -> _Setter:
    """Set the words of a row on their own lines and the figures below, for paper too narrow to put them side
    by side."""

    def setter(cells: list[str]) -> Iterator[str]:
        words = "  ".join(cell for index, cell in enumerate(cells) if index not in figures and cell)
        if words:
            yield from fold(words, cols)
        below = "".join(_placed(cells[index], share, "right") for index in figures)
        if below.strip():
            yield _placed(below, cols, "right")

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
    cells = max(width(printable(block.text)), 1)
    half = cols // 2
    size = min(_MOST, -(-half // cells)) if block.far else min(_USUAL, half // cells)
    yield from _centred(block.text, cols, max(2, size), strong=True)


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
