"""Draw a receipt line as dots, for characters that the printer's own set lacks."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from pms.printing.cells import CELL_DOTS_HIGH, DOTS_PER_CELL, Line, Run, runs
from pms.printing.typeface import content

if TYPE_CHECKING:
    from PIL import Image
    from PIL.ImageFont import FreeTypeFont

_ABOVE = 2


def picture(line: Line, cols: int) -> "Image.Image":
    """Return the line as a picture as wide as the paper, one bit a dot, set where it prints."""
    from PIL import Image

    paper = Image.new("1", (cols * DOTS_PER_CELL, line.dots), 0)
    for run in runs(line):
        paper.paste(1, (round(line.start(cols)) + run.cell * DOTS_PER_CELL * line.wide, 0), _drawn(run, line))
    return paper


def _drawn(run: Run, line: Line) -> "Image.Image":
    """Return a mask of one run, squeezed when the font is wider than the cells, else in their middle."""
    from PIL import Image, ImageDraw

    font = _font(run.file, round(CELL_DOTS_HIGH * line.high * run.size))
    room, natural = run.cells * DOTS_PER_CELL * line.high, font.getlength(run.text)
    fits = natural <= room + 0.5
    mask = Image.new("L", (room if fits else int(natural) + 1, line.dots), 0)
    base = CELL_DOTS_HIGH * line.high * 7 // 8 + (0 if line.joined else _ABOVE)
    start = max(0, room - natural) / 2
    ImageDraw.Draw(mask).text((start, base), run.text, font=font, fill=255, anchor="ls")
    wanted = run.cells * DOTS_PER_CELL * line.wide
    return (mask if mask.width == wanted else mask.resize((wanted, line.dots))).point(
        lambda level: 255 * (level > 127), "1"
    )


@lru_cache(maxsize=16)
def _font(file: Path, size: int) -> "FreeTypeFont":
    from PIL import ImageFont

    return ImageFont.truetype(BytesIO(content(file)), size)


def dots(image: "Image.Image") -> bytes:
    """Return the command that prints a picture (``GS v 0``)."""
    across, down = (image.width + 7) // 8, image.height
    return b"\x1dv0\x00" + across.to_bytes(2, "little") + down.to_bytes(2, "little") + image.tobytes()
