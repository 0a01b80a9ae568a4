"""Draw a slip for a receipt roll into a PDF, on the same cell grid and with the same lines as the receipt
printer."""

from typing import Any

from pms.printing import logos
from pms.printing.cells import (
    BARCODE_DOTS,
    CELL_DOTS_HIGH,
    CELLS,
    DOTS_PER_CELL,
    DOTS_PER_MM,
    QR_DOT,
    Line,
    Logo,
    Piece,
    Run,
    Symbol,
    columns_of,
    lay_out,
    runs,
)
from pms.printing.codes import bars, bars_width, modules, squares
from pms.printing.slip import Slip
from pms.printing.typeface import advance, name

DOT = 72 / 25.4 / DOTS_PER_MM
PAPER_DOTS = {CELLS["80mm"]: 80 * DOTS_PER_MM, CELLS["58mm"]: 58 * DOTS_PER_MM}
_MARGIN = 48


def draw(canvas: Any, slip: Slip) -> None:
    """Draw each copy on a page of its own, as long as it needs."""
    cols = columns_of(slip)
    for label in slip.labels:
        pieces = lay_out(slip, label)
        tall = sum(map(_dots, pieces)) + 2 * _MARGIN
        across = PAPER_DOTS[cols]
        canvas.setPageSize((across * DOT, tall * DOT))
        canvas.scale(DOT, DOT)
        _copy(canvas, pieces, (across - cols * DOTS_PER_CELL) / 2, tall - _MARGIN, cols)
        canvas.showPage()


def _dots(piece: Piece) -> int:
    if isinstance(piece, Line | Logo):
        return piece.dots
    return len(modules(piece.data)) * QR_DOT + 32 if piece.square else BARCODE_DOTS + 16


def _copy(canvas: Any, pieces: tuple[Piece, ...], left: float, top: float, cols: int) -> None:
    for piece in pieces:
        if isinstance(piece, Line):
            _line(canvas, piece, left + piece.start(cols), top)
        elif isinstance(piece, Logo):
            _logo(canvas, piece, left, top)
        else:
            _symbol(canvas, piece, left + cols * DOTS_PER_CELL / 2, top)
        top -= _dots(piece)


def _line(canvas: Any, line: Line, left: float, top: float) -> None:
    base = top - CELL_DOTS_HIGH * line.high * 7 / 8 - 2
    for run in runs(line):
        _run(canvas, run, line, left + run.cell * DOTS_PER_CELL * line.wide, base)


def _run(canvas: Any, run: Run, line: Line, x: float, y: float) -> None:
    """Draw a run in its cells: as wide as they are, squeezed where it is wider, in their middle where it is
    narrower."""
    size, stretch = CELL_DOTS_HIGH * line.high * run.size, line.wide / line.high
    room = run.cells * DOTS_PER_CELL * line.wide
    natural = advance(run.file, run.text) * size * stretch
    text = canvas.beginText(x + max(0, room - natural) / 2, y)
    text.setHorizScale(100 * stretch * min(1, room / natural if natural else 1))
    text.setFont(name(run.file), size)
    text.textOut(run.text)
    canvas.drawText(text)


def _logo(canvas: Any, logo: Logo, left: float, top: float) -> None:
    """Draw the picture in the very dots that the printer sets."""
    drawn = logos.on_roll(logo.sign, logo.across)
    if drawn is not None:
        black = drawn.convert("L").point(lambda level: 255 - level)
        logos.put(canvas, black, left, top - drawn.height, drawn.width, drawn.height)


def _symbol(canvas: Any, symbol: Symbol, middle: float, top: float) -> None:
    if symbol.square:
        size = len(modules(symbol.data)) * QR_DOT
        squares(canvas, symbol.data, middle - size / 2, top - 16 - size, QR_DOT)
    else:
        bars(
            canvas,
            symbol.data,
            middle - bars_width(symbol.data, 2) / 2,
            top - 8 - BARCODE_DOTS,
            2,
            BARCODE_DOTS,
        )
