"""Draw a receipt line as dots, for characters that the printer's own set lacks."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pms.printing.cells import CELL_DOTS_HIGH, DOTS_PER_CELL, Line, Run, runs
from pms.printing.typeface import NARROW, pieces

if TYPE_CHECKING:
    from PIL import Image
    from PIL.ImageFont import FreeTypeFont

_ABOVE = 2


def picture(line: Line, cols: int) -> "Image.Image":
    """Return the line as a picture as wide as the paper, one bit a dot, set where it prints."""
    from PIL import Image

    paper = Image.new("1", (cols * DOTS_PER_CELL, line.dots), 0)
    for run in runs(line):
        if run.cells:  # a sign without width alone (a variation selector) has nothing to show
            paper.paste(1, (run.cell * DOTS_PER_CELL * line.wide, 0), _drawn(run, line))
    return paper


def _drawn(run: Run, line: Line) -> "Image.Image":
    """Return a mask of one run, squeezed when the font is wider than the cells."""
    from PIL import Image, ImageDraw

    size = round(CELL_DOTS_HIGH * line.high * (1 if run.wide else NARROW))
    parts = [(_font(file, size), part) for file, part in pieces(run.text, line.strong)]
    room, natural = run.cells * DOTS_PER_CELL * line.wide, sum(font.getlength(part) for font, part in parts)
    mask = Image.new("L", (max(room * line.high // line.wide, int(natural) + 1), line.dots), 0)
    x, pen = 0.0, ImageDraw.Draw(mask)
    for font, part in parts:
        pen.text((x, CELL_DOTS_HIGH * line.high * 7 // 8 + _ABOVE), part, font=font, fill=255, anchor="ls")
        x += font.getlength(part)
    return (mask if mask.width == room else mask.resize((room, line.dots))).point(
        lambda level: 255 * (level > 127), "1"
    )


@lru_cache(maxsize=16)
def _font(file: Path, size: int) -> "FreeTypeFont":
    from PIL import ImageFont

    return ImageFont.truetype(file, size)


def dots(image: "Image.Image") -> bytes:
    """Return the command that prints a picture (``GS v 0``)."""
    across, down = (image.width + 7) // 8, image.height
    return b"\x1dv0\x00" + across.to_bytes(2, "little") + down.to_bytes(2, "little") + image.tobytes()
