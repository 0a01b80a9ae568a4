"""Draw a receipt line as dots, for characters that the printer's own set lacks."""
from functools import lru_cache
from typing import TYPE_CHECKING

from pms.printing.cells import CELL_DOTS_HIGH, DOTS_PER_CELL, Line, Run, runs
from pms.printing.typeface import BOLD, NARROW, REGULAR

if TYPE_CHECKING:
    from PIL import Image
    from PIL.ImageFont import FreeTypeFont

_ABOVE = 2


def picture(line: Line, cols: int) -> "Image.Image":
    """Return the line as a picture as wide as the paper, one bit a dot, set where it prints."""
    from PIL import Image

    paper = Image.new("1", (cols * DOTS_PER_CELL, line.dots), 0)
    for run in runs(line):
        paper.paste(1, (run.cell * DOTS_PER_CELL * line.wide, 0), _drawn(run, line))
    return paper


def _drawn(run: Run, line: Line) -> "Image.Image":
    """Return a mask of one run, squeezed when the font is wider than the cells."""
    from PIL import Image, ImageDraw

    font = _font(line.strong, line.high, run.cells > len(run.text))
    room, ascent = run.cells * DOTS_PER_CELL * line.wide, font.getmetrics()[0]
    needed = max(room * line.high // line.wide, int(font.getlength(run.text)) + 1)
    mask = Image.new("L", (needed, line.dots), 0)
    base = CELL_DOTS_HIGH * line.high * 7 // 8 + _ABOVE
    ImageDraw.Draw(mask).text((0, base - ascent), run.text, font=font, fill=255)
    return (mask if needed == room else mask.resize((room, line.dots))).point(lambda level: 255 * (level > 127), "1")


@lru_cache(maxsize=16)
def _font(strong: bool, high: int, wide_script: bool) -> "FreeTypeFont":
    from PIL import ImageFont

    size = CELL_DOTS_HIGH * high * (1 if wide_script else NARROW)
    return ImageFont.truetype(BOLD if strong else REGULAR, round(size))


def dots(image: "Image.Image") -> bytes:
    """Return the command that prints a picture (``GS v 0``)."""
    across, down = (image.width + 7) // 8, image.height
    return b"\x1dv0\x00" + across.to_bytes(2, "little") + down.to_bytes(2, "little") + image.tobytes()
