"""Bar codes and QR codes as black boxes on a PDF page."""

from functools import lru_cache
from typing import Any


@lru_cache(maxsize=64)
def modules(data: str) -> tuple[bytes, ...]:
    """Return the rows of a QR code, one byte a module."""
    import segno

    return tuple(bytes(row) for row in segno.make(data, error="m", micro=False).matrix)


def squares(canvas: Any, data: str, x: float, y: float, size: float) -> None:
    """Draw a QR code with its lower left corner at the point, ``size`` a module."""
    rows = modules(data)
    path = canvas.beginPath()
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                path.rect(x + across * size, y + (len(rows) - 1 - down) * size, size, size)
    canvas.drawPath(path, stroke=0, fill=1)


def bars(canvas: Any, data: str, x: float, y: float, size: float, high: float) -> None:
    """Draw a Code 128 symbol with its lower left corner at the point, ``size`` the thinnest bar."""
    _symbol(data, size, high).drawOn(canvas, x, y)


def bars_width(data: str, size: float) -> float:
    """Return the width of a Code 128 symbol."""
    return float(_symbol(data, size, size).width)


def _symbol(data: str, size: float, high: float) -> Any:
    from reportlab.graphics.barcode.code128 import Code128

    return Code128(data, barWidth=size, barHeight=high, humanReadable=False, quiet=False)
