"""The shipped fonts for PDF, preview and raster receipt lines: Chinese and plain Latin, the rest of Europe,
Korean, rare Chinese signs; and one whose letters are as wide as a receipt printer's cells.

``resources/fonts/coverage.txt`` says which signs each font has, so that none is loaded to find out.
"""

import lzma
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from itertools import groupby
from mmap import ACCESS_READ, MADV_DONTNEED, mmap
from pathlib import Path
from threading import Lock
from typing import Any

FONTS = Path(__file__).parents[2] / "resources" / "fonts"
REGULAR = FONTS / "NotoSansSC_400Regular.ttf"
BOLD = FONTS / "NotoSansSC_700Bold.ttf"
_MONO = {REGULAR: FONTS / "NotoSansMono_400Regular.ttf", BOLD: FONTS / "NotoSansMono_700Bold.ttf"}
_KOREAN, _RARE = FONTS / "NotoSansKR_400Hangul.ttf.xz", FONTS / "RareHan.ttf.xz"
# The later ones are large and seldom needed: they are tried, and read, last.
_OTHERS = {
    REGULAR: (FONTS / "NotoSans_400Regular.ttf", _KOREAN, _RARE),
    BOLD: (FONTS / "NotoSans_700Bold.ttf", _KOREAN, _RARE),
}
ALL = (*_OTHERS, *_MONO.values(), *(files[0] for files in _OTHERS.values()), _KOREAN, _RARE)

NARROW = 20 / 24
"""Of a cell's height: the size at which a letter of the narrow font is one cell wide."""

# ReportLab keeps its fonts in module tables: two threads must not load one at once.
_loading = Lock()
_open_files: list[mmap] = []


def name(file: Path) -> str:
    """Return the name by which ReportLab knows a font, loading it the first time."""
    with _loading:
        _loaded(file)
        return _word(file)


def advance(file: Path, text: str) -> float:
    """Return how wide a text is in a font of size 1."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(stringWidth(text, name(file), 1))


def put_away() -> None:
    """Give back the memory that the fonts' files took while a paper was drawn; they are read again from where
    they lie."""
    with _loading:
        for file in _open_files:
            file.madvise(MADV_DONTNEED)


def content(file: Path) -> bytes:
    """Return a font file, unpacked where it is kept packed."""
    return lzma.decompress(file.read_bytes()) if file.suffix == ".xz" else file.read_bytes()


def pieces(text: str, strong: bool = False) -> Iterator[tuple[Path, str]]:
    """Split a text where the font must change: a sign that the Chinese font lacks is drawn with another."""
    main = BOLD if strong else REGULAR
    for file, run in groupby(text, lambda char: main if char < "\u0100" else _file(main, char)):
        yield file, "".join(run)


def narrow(char: str, strong: bool = False) -> Path:
    """Return the font of a sign that fills one cell of a receipt line."""
    main = BOLD if strong else REGULAR
    return _MONO[main] if has(_MONO[main], char) else _file(main, char)


def wide(char: str, strong: bool = False) -> Path:
    """Return the font of a sign that fills two cells of a receipt line."""
    return _file(BOLD if strong else REGULAR, char)


def shipped(char: str) -> bool:
    """Say whether any of the fonts has a sign; on paper any other is an empty box."""
    return any(has(file, char) for file in (REGULAR, *_OTHERS[REGULAR]))


@cache
def _file(main: Path, char: str) -> Path:
    return next((file for file in (main, *_OTHERS[main]) if has(file, char)), main)


def has(file: Path, char: str) -> bool:
    """Say whether a font has a sign."""
    starts, ends = _coverage()[file.name]
    place = bisect_right(starts, ord(char)) - 1
    return place >= 0 and ord(char) <= ends[place]


@cache
def _coverage() -> dict[str, tuple[list[int], list[int]]]:
    found = {}
    for line in (FONTS / "coverage.txt").read_text("ascii").splitlines():
        file, *spans = line.split()
        pairs = [
            (int(first, 16), int(last or first, 16))
            for first, _dash, last in (s.partition("-") for s in spans)
        ]
        found[file] = ([first for first, _last in pairs], [last for _first, last in pairs])
    return found


def _word(file: Path) -> str:
    return file.name.partition(".")[0]


@cache
def _loaded(file: Path) -> Any:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    font = TTFont(_word(file), BytesIO(content(file)) if file.suffix == ".xz" else str(file))
    _slim(font.face, file)
    pdfmetrics.registerFont(font)
    return font


def _slim(face: Any, file: Path) -> None:
    """Leave of a font's tables what drawing needs. Of a Chinese one 17 of 21 MiB stood in memory unread: its
    file, read again from where it lies, and the way back from shapes to signs, for complex scripts."""
    face.glyphToChar = {}
    one_of_each: dict[tuple[int, int], tuple[int, int]] = {}
    face.hmetrics = [one_of_each.setdefault(pair, pair) for pair in face.hmetrics]
    if file.suffix != ".xz":
        with file.open("rb") as source:
            face._ttf_data = mmap(source.fileno(), 0, access=ACCESS_READ)
        _open_files.append(face._ttf_data)
