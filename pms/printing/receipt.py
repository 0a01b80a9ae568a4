"""Turn a slip into ESC/POS bytes for receipt printers of 58 and 80 mm.

Chinese is sent in the printer's own two-byte mode, stated after every reset because ``ESC @`` leaves it on or
off as the maker liked. A line with a character outside the printer's set is drawn with the shipped font, so
that no name loses a letter.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pms.printing import logos
from pms.printing.cells import (
    BARCODE_DOTS,
    LEADING_DOTS,
    QR_DOT,
    Line,
    Logo,
    Piece,
    Symbol,
    columns_of,
    lay_out,
)
from pms.printing.slip import Slip
from pms.printing.texts import width

Charset = Literal["gb2312", "gbk", "gb18030", "raster"]

RESET = b"\x1b@"
CHINESE_ON, CHINESE_OFF = b"\x1c&", b"\x1c."
FEED_AND_CUT = b"\x1dVB\x30"
FEED_TO_TEAR = b"\x1bd\x05"
_PLAIN = (1, 1, False, False)
_MIDDLE, _LEFT = b"\x1ba\x01", b"\x1ba\x00"


@dataclass(frozen=True)
class Ability:
    """What a receipt printer can do, set once per printer."""

    charset: Charset = "gbk"
    cutter: bool = True
    drawer: bool = False


def render(slip: Slip, ability: Ability = Ability()) -> bytes:
    """Return all copies of a slip, each cut off; cash opens the drawer on the printer's socket, a second
    print never does."""
    opening = kick() if slip.drawer and ability.drawer and not slip.reprint else b""
    return opening + b"".join(_copy(slip, label, ability) for label in slip.labels)


def kick(pin: Literal[0, 1] = 0) -> bytes:
    """Return the pulse that opens the cash drawer on the printer's socket."""
    return b"\x1bp" + bytes((pin, 25, 250))


def _copy(slip: Slip, label: str, ability: Ability) -> bytes:
    cols = columns_of(slip)
    out = bytearray(RESET + (CHINESE_OFF if ability.charset == "raster" else CHINESE_ON))
    form = _PLAIN
    out += _form(*form)
    for piece in lay_out(slip, label):
        if isinstance(piece, Line) and (wanted := _wanted(piece)) != form:
            out += _form(*wanted)
            form = wanted
        out += b"".join(_bytes(piece, cols, ability.charset))
    return bytes(out + (FEED_AND_CUT if ability.cutter else FEED_TO_TEAR))


def _wanted(line: Line) -> tuple[int, int, bool, bool]:
    return line.wide, line.high, line.strong, line.joined


def _form(wide: int, high: int, strong: bool, joined: bool) -> bytes:
    """State size, weight and line height; the height in dots, since makers differ on the default."""
    size = bytes(((wide - 1) << 4 | (high - 1),))
    pitch = bytes((24 * high + (0 if joined else LEADING_DOTS),))
    return b"\x1d!" + size + b"\x1bE" + bytes((strong,)) + b"\x1b3" + pitch


def _bytes(piece: Piece, cols: int, charset: Charset) -> Iterator[bytes]:
    if isinstance(piece, Symbol):
        yield _MIDDLE + (_square(piece.data) if piece.square else _bars(piece.data)) + _LEFT
    elif isinstance(piece, Logo):
        yield from _picture(piece)
    elif (text := _encoded(piece.text, charset)) is not None:
        yield _MIDDLE + text + b"\n" + _LEFT if piece.middle else text + b"\n"
    else:
        from pms.printing.raster import dots, picture

        yield dots(picture(piece, cols))


def _picture(logo: Logo) -> Iterator[bytes]:
    """Return the hotel's picture as dots, nothing where it is not kept here: a paper without its picture is
    better than none."""
    from pms.printing.raster import dots

    drawn = logos.on_roll(logo.sign, logo.across)
    if drawn is not None:
        yield dots(drawn) + b"\n"


def _encoded(text: str, charset: Charset) -> bytes | None:
    """Return the text in the printer's set, or None when a character is not in it or would print at another
    width."""
    try:
        data = text.encode("ascii" if charset == "raster" else charset)
    except UnicodeEncodeError:
        return None
    return data if len(data) == width(text) else None


def _bars(data: str) -> bytes:
    """Return a Code 128 symbol; a brace is doubled because it starts a code-set change."""
    coded = b"{B" + data.replace("{", "{{").encode("ascii")
    return b"\x1dh" + bytes((BARCODE_DOTS,)) + b"\x1dw\x02\x1dH\x00\x1dkI" + bytes((len(coded),)) + coded


def _square(data: str) -> bytes:
    """Return a QR code (model 2, correction M) that the printer draws itself."""
    stored = data.encode()
    commands = (b"1A2\x00", b"1C" + bytes((QR_DOT,)), b"1E1", b"1P0" + stored, b"1Q0")
    return b"".join(b"\x1d(k" + len(command).to_bytes(2, "little") + command for command in commands) + b"\n"
