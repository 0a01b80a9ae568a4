"""Read ESC/POS bytes as a printer does, command by command; a byte that is no command is text, and an unknown
command is a fault.

Written from the command reference, not from the renderer: what this reads is what a printer prints.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

DOTS_PER_CELL = 12


@dataclass(frozen=True)
class Printed:
    """One line on paper: ``cells`` is how far it reaches, in narrow cells of the paper."""

    text: str
    wide: int = 1
    high: int = 1
    strong: bool = False
    cells: int = 0
    middle: bool = False


@dataclass(frozen=True)
class Drawn:
    """A picture on paper."""

    wide: int
    high: int
    black: int


@dataclass(frozen=True)
class Did:
    """Something the printer does: cut, open the drawer, draw a code, switch its character set."""

    what: str


class Reader:
    """Works through the bytes once."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0
        self._wide = self._high = 1
        self._strong = self._chinese = self._middle = False

    def __iter__(self) -> Iterator[Printed | Drawn | Did]:
        line = bytearray()
        while self._at < len(self._data):
            byte = self._take(1)
            if byte == b"\n":
                yield self._line(bytes(line))
                line.clear()
            elif byte in (b"\x1b", b"\x1c", b"\x1d"):
                assert not line, f"a command in the middle of the line {bytes(line)!r}"
                yield from self._command(byte + self._take(1))
            else:
                assert byte >= b" ", f"the control byte {byte!r} at {self._at - 1}"
                line += byte
        assert not line, "text without an end"

    def _take(self, count: int) -> bytes:
        part = self._data[self._at : self._at + count]
        assert len(part) == count, "the bytes end in the middle of a command"
        self._at += count
        return part

    def _number(self) -> int:
        return self._take(1)[0]

    def _line(self, line: bytes) -> Printed:
        assert self._chinese or line.isascii(), f"{line!r} to a printer without Chinese"
        # In Chinese mode a character takes as many cells as it has bytes.
        text, cells = line.decode("gb18030"), len(line) * self._wide
        return Printed(text, self._wide, self._high, self._strong, cells, self._middle)

    def _command(self, name: bytes) -> Iterator[Any]:
        match name:
            case b"\x1b@":
                self._wide = self._high = 1
                self._strong = self._chinese = self._middle = False
                yield Did("reset")
            case b"\x1c&" | b"\x1c.":
                self._chinese = name == b"\x1c&"
                yield Did("Chinese on" if self._chinese else "Chinese off")
            case b"\x1d!":
                size = self._number()
                self._wide, self._high = (size >> 4) + 1, (size & 15) + 1
            case b"\x1bE":
                self._strong = bool(self._number())
            case b"\x1ba":
                self._middle = self._number() == 1
            case b"\x1b3" | b"\x1dh" | b"\x1dw" | b"\x1dH":
                self._number()
            case b"\x1bd":
                yield Did(f"feed {self._number()}")
            case b"\x1bp":
                yield Did(f"drawer pin {self._number()}")
                self._take(2)
            case b"\x1dV":
                assert self._take(1) == b"B"
                self._number()
                yield Did("cut")
            case b"\x1dv":
                yield self._picture()
            case b"\x1dk":
                assert self._take(1) == b"I"
                code = self._take(self._number()).removeprefix(b"{B").replace(b"{{", b"{")
                yield Did(f"bar code {code.decode('ascii')}")
            case b"\x1d(":
                assert self._take(1) == b"k"
                body = self._take(self._number() + 256 * self._number())
                if body.startswith(b"1P0"):
                    yield Did(f"QR code {body[3:].decode()}")
            case _:
                raise AssertionError(f"no such command: {name!r}")

    def _picture(self) -> Drawn:
        assert self._take(2) == b"0\x00"
        across, down = self._number() + 256 * self._number(), self._number() + 256 * self._number()
        return Drawn(across * 8, down, sum(byte.bit_count() for byte in self._take(across * down)))


def readable(data: bytes) -> str:
    """Return the bytes as text that a person can check against the paper."""
    return "\n".join(map(_told, Reader(data))) + "\n"


def _told(item: Printed | Drawn | Did) -> str:
    if isinstance(item, Did):
        return f"[{item.what}]"
    if isinstance(item, Drawn):
        return f"[picture {item.wide} x {item.high}]"
    look = [f"{item.wide}x{item.high}"] if (item.wide, item.high) != (1, 1) else []
    look += [word for word, so in (("bold", item.strong), ("middle", item.middle)) if so]
    return f"{{{' '.join(look)}}} {item.text}".rstrip() if look else item.text.rstrip()
