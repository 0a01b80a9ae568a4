"""The hotel's picture at the head of its papers: read from a file once and kept small, drawn in greys on
sheets and in black dots on rolls.

A paper names its picture by a sign made of the picture itself, so that a paper of last year comes out again
as it was. What is drawn here must have been kept here first, by whoever read the paper from the database.
"""

import hashlib
import struct
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pms.core.errors import Refused
from pms.core.i18n import _

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_BYTES = 5_000_000
MOST_DOTS = 16_000_000
WIDE, HIGH = 480, 160
"""Dots of the picture that is kept: 40 mm of a sheet at more than 300 dots an inch."""
LEAST = 32
"""Dots of the longer side below which nothing could be made out on paper."""
ROLL_HIGH = 112
"""Dots of its height on a roll: 14 mm."""
_FAINT = 12
_GREYS = 17
"""A step between two of sixteen greys: more are not told apart on paper, and the file stays small."""
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, OverflowError, struct.error)
_kept: dict[str, bytes] = {}


@dataclass(frozen=True)
class Logo:
    """A picture that papers can carry: its sign and its PNG file, in greys on white."""

    sign: str
    png: bytes


def made(file: bytes) -> Logo:
    """Make the hotel's picture of a PNG or JPEG file; refuses what is too large, broken, of another kind,
    blank or too small."""
    if len(file) > MOST_BYTES:
        raise _too_large()
    grey = _trimmed(_read(file))
    scale = min(WIDE / grey.width, HIGH / grey.height, 1)
    if max(grey.size) < LEAST:
        raise Refused(
            _("The picture is too small to print: %(n)s dots. Choose a larger one.") % {"n": max(grey.size)}
        )
    small = grey.resize((max(round(grey.width * scale), 1), max(round(grey.height * scale), 1)))
    out = BytesIO()
    small.point(lambda level: round(level / _GREYS) * _GREYS).save(out, "PNG", optimize=True)
    return Logo(hashlib.sha256(out.getvalue()).hexdigest()[:16], out.getvalue())


def _too_large() -> Refused:
    return Refused(
        _(
            "The picture is too large: at most %(n)s MB and %(m)s million dots. Save it smaller, then choose "
            "it again."
        )
        % {"n": MOST_BYTES // 1_000_000, "m": MOST_DOTS // 1_000_000}
    )


def _read(file: bytes) -> "Image":
    """Return what a file shows, in greys on white."""
    from PIL import Image, ImageOps

    bombs = (Image.DecompressionBombError, Image.DecompressionBombWarning)
    try:
        with Image.open(BytesIO(file), formats=("PNG", "JPEG")) as found:
            if found.width * found.height > MOST_DOTS:
                raise _too_large()
            seen = ImageOps.exif_transpose(found).convert("RGBA")
    except bombs:
        raise _too_large() from None
    except _BROKEN:
        raise Refused(_("This file holds no picture that can be read. Choose a PNG or JPEG file.")) from None
    white = Image.new("RGBA", seen.size, "white")
    white.alpha_composite(seen)
    return white.convert("L")


def _trimmed(grey: "Image") -> "Image":
    """Cut the empty margins off: they would push the hotel's name away."""
    from PIL import ImageOps

    inked = ImageOps.invert(grey).point(lambda level: 255 * (level > _FAINT)).getbbox()
    if inked is None:
        raise Refused(_("The picture is blank on white paper. Choose one with dark lines."))
    return grey.crop(inked)


def keep(sign: str, png: bytes) -> None:
    """Keep a picture for the papers that name it."""
    _kept[sign] = png


def missing(sign: str) -> bool:
    """Say whether a paper names a picture that is not kept here yet."""
    return bool(sign) and sign not in _kept


@lru_cache(maxsize=4)
def _drawn(png: bytes) -> "Image":
    from PIL import Image

    with Image.open(BytesIO(png), formats=("PNG",)) as found:
        return found.convert("L")


def picture(sign: str) -> "Image | None":
    """Return a picture in greys, None where the paper has none."""
    return _drawn(_kept[sign]) if sign in _kept else None


def on_roll(sign: str, across: int) -> "Image | None":
    """Return a picture for a roll that is so many dots wide: in its middle, at most two thirds of its width,
    one bit a dot, set where it prints."""
    return _dots(_kept[sign], across) if sign in _kept else None


@lru_cache(maxsize=4)
def _dots(png: bytes, across: int) -> "Image":
    from PIL import Image, ImageOps

    grey = _drawn(png)
    scale = min(across * 2 / 3 / grey.width, ROLL_HIGH / grey.height, 1)
    small = grey.resize((max(round(grey.width * scale), 1), max(round(grey.height * scale), 1)))
    paper = Image.new("1", (across, small.height), 0)
    paper.paste(ImageOps.invert(small).convert("1"), ((across - small.width) // 2, 0))
    return paper


def put(canvas: Any, image: "Image | None", x: float, y: float, wide: float, high: float) -> None:
    """Draw a picture on a PDF page with its lower left corner at the point."""
    from reportlab.lib.utils import ImageReader

    if image is not None:
        canvas.drawImage(ImageReader(image), x, y, wide, high)
