"""Set a slip on sheets of paper: head, blocks, foot; long tables run over and take their titles with them."""

from collections.abc import Iterable
from functools import partial, singledispatch
from typing import Any

from pms.printing import logos
from pms.printing.codes import bars, modules, squares
from pms.printing.slip import (
    QR,
    Amount,
    Barcode,
    Big,
    Block,
    Facts,
    Heading,
    Rule,
    Signatures,
    Slip,
    Space,
    Text,
)
from pms.printing.texts import clean, fold
from pms.printing.typeface import name, pieces

from .sheet_page import (
    FINE,
    HAIR,
    LEADING,
    MM,
    S4,
    S8,
    S12,
    S16,
    S24,
    SMALL,
    Mark,
    Picture,
    Sheet,
    Stroke,
    Word,
    foot,
    width_of,
)
from .sheet_table import beginning, put_table

_FIGURE, _BIG, _HEADING = 2.0, 3.8, 1.15
_BAR, _BARS_HIGH, _MODULE = 1.0, 30.0, 1.8
_ACROSS = 4


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
            sheet.make_room(_heading_height(sheet) + beginning(following, sheet))
        _put(block, sheet)
    if isinstance(last, Signatures):
        height = _signing_height(last, sheet)
        sheet.make_room(height)
        sheet.y = max(sheet.y, sheet.floor - height)
    _put(last, sheet)
    return sheet


def _page(canvas: Any, sheet: Sheet, marks: Iterable[Mark], number: int) -> None:
    high = sheet.format.high * MM
    canvas.setPageSize((sheet.format.wide * MM, high))
    canvas.setFillGray(0)
    canvas.setStrokeGray(0)
    for mark in (*marks, *foot(sheet, number)):
        if isinstance(mark, Word):
            _write(canvas, mark, high - mark.y)
        elif isinstance(mark, Stroke):
            canvas.setLineWidth(mark.weight)
            canvas.line(mark.x, high - mark.y, mark.to_x, high - mark.to_y)
        elif isinstance(mark, Picture):
            drawn = logos.picture(mark.sign)
            logos.put(canvas, drawn, mark.x, high - mark.y - mark.high, mark.wide, mark.high)
        elif mark.square:
            squares(canvas, mark.data, mark.x, high - mark.y - _square_side(mark.data), _MODULE)
        else:
            bars(canvas, mark.data, mark.x, high - mark.y - _BARS_HIGH, _BAR, _BARS_HIGH)
    canvas.showPage()


def _write(canvas: Any, word: Word, y: float) -> None:
    text = canvas.beginText(word.x, y)
    for file, part in pieces(word.text, word.strong):
        text.setFont(name(file), word.size)
        text.textOut(part)
    canvas.drawText(text)


def _heading_height(sheet: Sheet) -> float:
    return S12 + sheet.base * _HEADING * LEADING


@singledispatch
def _put(block: Block, sheet: Sheet) -> None:
    raise TypeError(type(block).__name__)


_put.register(put_table)


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
            max(max(len(values), len(label) * SMALL) for label, values in cells) * sheet.base * LEADING
            + S4 / 2
            + (S4 if block.ruled else 0)
        )
        sheet.make_room(height)
        for place, (label, values) in enumerate(cells):
            _put_fact(sheet, sheet.left + place * (column + S24), column, label, values, block.ruled)
        sheet.y += height
    sheet.y += S8 - S4 / 2


def _fact(pair: tuple[str, str], column: float, sheet: Sheet) -> tuple[list[str], list[str]]:
    small, indent = sheet.base * SMALL, _indent(sheet, column)
    label = fold(clean(pair[0]), indent - S8, partial(width_of, size=small))
    value = fold(clean(pair[1]), column - indent, partial(width_of, size=sheet.base))
    return label, value


def _indent(sheet: Sheet, column: float) -> float:
    return min(sheet.label_width, column * 0.4) + S12


def _put_fact(
    sheet: Sheet, x: float, column: float, label: list[str], values: list[str], ruled: bool
) -> None:
    small, pitch = sheet.base * SMALL, sheet.base * LEADING
    for place, part in enumerate(label):
        sheet.word(x, part, small, drop=place * small * LEADING + (sheet.base - small) * 1.1)
    for place, part in enumerate(values):
        sheet.word(x + _indent(sheet, column), part, sheet.base, drop=place * pitch)
        if ruled:
            sheet.line(HAIR, x + _indent(sheet, column), x + column, drop=(place + 1) * pitch)


@_put.register
def _text(block: Text, sheet: Sheet) -> None:
    scale = {"large": 1.4, "small": SMALL}.get(block.emphasis, 1.0)
    sheet.paragraph(block.text, sheet.base * scale, block.emphasis in ("strong", "large"), block.align)
    sheet.y += S4 / 2 if block.emphasis == "small" else S8


@_put.register
def _big(block: Big, sheet: Sheet) -> None:
    size = sheet.base * _BIG
    sheet.make_room(size * LEADING + sheet.base * 2)
    if block.caption:
        sheet.paragraph(block.caption, sheet.base * SMALL)
    sheet.paragraph(block.text, size, strong=True)
    sheet.y += S4


@_put.register
def _amount(block: Amount, sheet: Sheet) -> None:
    figures, size = clean(block.figures), sheet.base * _FIGURE
    taken = width_of(figures, size, strong=True) + S16
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
    return rows * (sheet.base * (1.6 if sheet.format.form else 2.7) + sheet.base * SMALL * LEADING + S8)


@_put.register
def _signatures(block: Signatures, sheet: Sheet) -> None:
    for start in range(0, len(block.labels), _ACROSS):
        labels = block.labels[start : start + _ACROSS]
        height = _signing_height(Signatures(labels), sheet)
        sheet.make_room(height)
        column = (sheet.width - S24 * (len(labels) - 1)) / len(labels)
        small = sheet.base * SMALL
        for place, label in enumerate(labels):
            x = sheet.left + place * (column + S24)
            sheet.line(FINE, x, x + column, drop=height - small * LEADING - S8)
            sheet.word(x, clean(label), small, drop=height - small * LEADING - S8 + S4 / 2)
        sheet.y += height


def _square_side(data: str) -> float:
    return len(modules(data)) * _MODULE


@_put.register
def _barcode(block: Barcode, sheet: Sheet) -> None:
    data = "".join(char for char in block.data if " " <= char <= "~")
    if data:
        sheet.make_room(_BARS_HIGH + sheet.base * 2)
        sheet.code(data, square=False)
        sheet.y += _BARS_HIGH + S4 / 2
        sheet.paragraph(data, sheet.base * SMALL)
        sheet.y += S4


@_put.register
def _qr(block: QR, sheet: Sheet) -> None:
    side = _square_side(block.data)
    sheet.make_room(side + sheet.base * 2)
    sheet.code(block.data, square=True)
    sheet.y += side + S4 / 2
    if block.caption:
        sheet.paragraph(block.caption, sheet.base * SMALL)
    sheet.y += S4


@_put.register
def _space(block: Space, sheet: Sheet) -> None:
    sheet.y = min(sheet.floor, sheet.y + max(0, block.lines) * sheet.base * LEADING)
