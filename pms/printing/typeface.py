"""The shipped fonts for PDF, preview and raster receipt lines: one for Chinese and plain Latin, one for the
rest of Europe."""

from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from threading import Lock

FONTS = Path(__file__).parents[2] / "resources" / "fonts"
REGULAR = FONTS / "NotoSansSC_400Regular.ttf"
BOLD = FONTS / "NotoSansSC_700Bold.ttf"

# The font's figures are 0.555 em wide: at this size one figure fills one cell beside ideographs that fill
# two.
NARROW = 0.9

_EUROPEAN = {REGULAR: FONTS / "NotoSans_400Regular.ttf", BOLD: FONTS / "NotoSans_700Bold.ttf"}
# ReportLab keeps its fonts in module tables: two threads must not load one at once.
_loading = Lock()


def name(file: Path) -> str:
    """Return the name by which ReportLab knows a font, loading it the first time."""
    with _loading:
        return _loaded(file)[0]


def pieces(text: str, strong: bool = False) -> Iterator[tuple[Path, str]]:
    """Split a text where the font must change: a letter that the Chinese font lacks is drawn with the
    European one."""
    main = BOLD if strong else REGULAR
    for file, run in groupby(text, lambda char: main if char < "\u0100" else _file(main, char)):
        yield file, "".join(run)


@cache
def _file(main: Path, char: str) -> Path:
    return (
        _EUROPEAN[main] if ord(char) not in _glyphs(main) and ord(char) in _glyphs(_EUROPEAN[main]) else main
    )


def _glyphs(file: Path) -> frozenset[int]:
    with _loading:
        return _loaded(file)[1]


@cache
def _loaded(file: Path) -> tuple[str, frozenset[int]]:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    font = TTFont(file.stem, str(file))
    pdfmetrics.registerFont(font)
    return file.stem, frozenset(font.face.charToGlyph)
