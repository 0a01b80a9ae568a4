"""Where paper goes: receipt printers on the network, on USB or on a device file, the system's queues, and a
folder.

A driver either prints everything, or raises ``Unprinted`` (no byte reached the printer: trying again is safe)
or ``Doubtful`` (some did: only a person who looks at the paper knows). Other makers' drivers come by the
entry point group ``pms.printers``.
"""

import errno
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, ClassVar, Protocol, cast

from pms.core import private
from pms.core.errors import DeviceTrouble
from pms.core.i18n import N_, _
from pms.printing import pdf, receipt
from pms.printing.receipt import Ability, Charset
from pms.printing.slip import ROLLS, Paper, Slip

KINDS = {
    "folder": N_("Folder (PDF files, nothing is printed)"),
    "network": N_("Receipt printer on the network"),
    "usb": N_("Receipt printer on USB"),
    "device": N_("Receipt printer on a device file"),
    "queue": N_("Printer of this computer"),
}
CHARSETS = {
    "gbk": N_("Chinese font (GBK)"),
    "gb18030": N_("Chinese font (GB18030)"),
    "gb2312": N_("Chinese font (GB2312)"),
    "raster": N_("No Chinese font: draw it"),
}
PORT = 9100
CONNECT_SECONDS, ANSWER_SECONDS, FINISH_SECONDS, END_SECONDS = 2.0, 1.0, 20.0, 3.0
_CHUNK = 4096
_PORT_NAME = re.compile(r"(\\\\\.\\)?(COM|LPT)\d{1,3}:?", re.IGNORECASE)


class Unprinted(DeviceTrouble):
    """Nothing reached the printer; the same job may be sent again."""


class Doubtful(DeviceTrouble):
    """Part of the job may be on paper; it is not sent again unasked."""


@dataclass(frozen=True)
class Printer:
    """A printer as the hotel has set it up; ``address`` is host:port, vendor:product, a device file, a queue
    or a folder.

    An empty ``paper`` (folders and queues) leaves each print-out on its usual one.
    """

    id: int
    name: str
    kind: str
    address: str
    paper: str = "80mm"
    charset: str = "gbk"
    cutter: bool = True
    drawer: bool = False


@dataclass(frozen=True)
class Output:
    """One print-out made ready for one printer: on its paper, in its character set."""

    name: str
    slip: Slip
    ability: Ability

    def draw(self) -> bytes:
        """Return what the printer gets, drawn once: receipt bytes on a roll, else the PDF."""
        return self.escpos if self.on_roll else self.pdf

    @property
    def on_roll(self) -> bool:
        """Say whether it goes out as receipt bytes rather than as a PDF."""
        return self.slip.paper in ROLLS

    @cached_property
    def escpos(self) -> bytes:
        """Return the receipt printer's bytes."""
        return receipt.render(self.slip, self.ability)

    @cached_property
    def pdf(self) -> bytes:
        """Return the pages with embedded fonts."""
        return pdf.render(self.slip)


class Driver(Protocol):
    """Sends print-outs to one printer."""

    def send(self, output: Output) -> None:
        """Print; return when the paper is out, as far as the printer tells. Raises ``Unprinted`` or
        ``Doubtful``."""


def on_paper(stored: Mapping[str, Any], reprint: int, printer: Printer | None) -> Slip:
    """Read a stored slip back as it comes out of a printer: on that printer's paper, marked when it is a
    duplicate."""
    slip = replace(Slip.from_dict(stored), reprint=reprint)
    return slip if printer is None or not printer.paper else replace(slip, paper=cast(Paper, printer.paper))


def ready(stored: Mapping[str, Any], reprint: int, printer: Printer, name: str) -> Output:
    """Return a stored slip made ready for a printer."""
    ability = Ability(cast(Charset, printer.charset), printer.cutter, printer.drawer)
    return Output(name, on_paper(stored, reprint, printer), ability)


def driver(printer: Printer, home: Path) -> Driver:
    """Return the driver of a printer; refuses a kind that is not installed. ``home`` is the workstation's
    folder of papers: no printer writes a file elsewhere."""
    address, name = printer.address, printer.name
    if printer.kind == "device":
        return Receipt(lambda: FileLink(_device(home, address)), name)
    if printer.kind in _LINKS:
        return Receipt(lambda: _LINKS[printer.kind](address), name)
    if printer.kind == "queue":
        return Queue(address)
    if printer.kind == "folder":
        return Folder(within(home, address))
    for found in entry_points(group="pms.printers", name=printer.kind):
        return cast(Driver, found.load()(printer))
    raise Unprinted(
        _("The driver “%(kind)s” of printer %(printer)s is not installed here.")
        % {"kind": printer.kind, "printer": name}
    )


def within(home: Path, address: str) -> Path:
    """Return the folder of an address below the folder of papers, links and ``..`` followed; refuses
    another."""
    found = (home / address).resolve()
    if not found.is_relative_to(home.resolve()):
        raise Unprinted(
            _(
                "“%(address)s” is not below this workstation's folder of papers, %(home)s. Give a name that "
                "becomes a folder there, “invoices” say, under Print-outs."
            )
            % {"address": address, "home": home}
        )
    return found


def _device(home: Path, address: str) -> Path:
    """Return a device file, or a file below the folder of papers for trying out."""
    path = Path(address)
    if path.is_char_device() or (sys.platform == "win32" and _PORT_NAME.fullmatch(address)):
        return path
    try:
        return within(home, address)
    except Unprinted as trouble:
        raise OSError(errno.ENODEV, _("%(file)s is no printer") % {"file": address}) from trouble


class Link(Protocol):
    """A line to a receipt printer; opening it happens when it is made, and every trouble is an
    ``OSError``."""

    answers: ClassVar[bool]
    """Whether the line carries answers at all."""

    def write(self, data: bytes) -> None:
        """Send all bytes."""

    def read(self, seconds: float) -> bytes:
        """Return one byte of an answer, nothing when none comes in time."""

    def end(self, seconds: float) -> None:
        """Say that nothing more comes and wait for the other side to hang up in peace; one that breaks the
        line off instead is a trouble, one that says nothing is none."""

    def close(self) -> None:
        """Hang up."""


class SocketLink:
    """A line over TCP (port 9100 unless told otherwise)."""

    answers: ClassVar[bool] = True

    def __init__(self, address: str) -> None:
        host, _colon, port = address.rpartition(":") if ":" in address else (address, "", "")
        if port and not port.isdecimal():
            raise OSError(_("“%(address)s” is not host:port") % {"address": address})
        self._socket = socket.create_connection((host, int(port or PORT)), CONNECT_SECONDS)

    def write(self, data: bytes) -> None:
        """Send all bytes; a printer out of paper stops taking them, which is a trouble after the usual
        wait."""
        self._socket.settimeout(FINISH_SECONDS)
        self._socket.sendall(data)

    def read(self, seconds: float) -> bytes:
        """Return one byte of an answer, nothing when none comes in time; a line that was hung up is a
        trouble."""
        self._socket.settimeout(seconds)
        try:
            found = self._socket.recv(1)
        except TimeoutError:
            return b""
        if not found:
            raise ConnectionError(_("the printer dropped the connection"))
        return found

    def end(self, seconds: float) -> None:
        """Say that nothing more comes; a printer that has not taken all of it breaks the line off."""
        self._socket.shutdown(socket.SHUT_WR)
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._socket.settimeout(left)
            try:
                if not self._socket.recv(64):
                    return
            except TimeoutError:
                return

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


class UsbLink:
    """A line over USB by python-escpos; ``address`` is vendor:product in hexadecimal figures."""

    answers: ClassVar[bool] = True

    def __init__(self, address: str) -> None:
        from escpos.exceptions import Error
        from escpos.printer import Usb

        if not re.fullmatch(r"[0-9a-fA-F]{1,4}:[0-9a-fA-F]{1,4}", address):
            raise OSError(
                _("“%(address)s” is not vendor:product, for example 04b8:0e15") % {"address": address}
            )
        if not Usb.is_usable():
            raise OSError(_("the USB library is missing: install pyusb and libusb"))
        vendor, product = (int(part, 16) for part in address.split(":"))
        self._usb = Usb(vendor, product, usb_args={}, timeout=int(FINISH_SECONDS * 1000))
        try:
            self._usb.open()
        except (Error, ValueError) as error:  # ValueError: libusb is not there
            raise OSError(str(error)) from error

    def write(self, data: bytes) -> None:
        """Send all bytes."""
        self._usb._raw(data)

    def read(self, seconds: float) -> bytes:
        """Return one byte of an answer, nothing when none comes in time."""
        try:
            return bytes(self._usb.device.read(self._usb.in_ep, 1, int(seconds * 1000)))
        except OSError:  # libusb tells a wait that ended and a printer that never answers alike
            return b""

    def end(self, seconds: float) -> None:
        """Do nothing: each transfer over USB is acknowledged."""

    def close(self) -> None:
        """Hang up."""
        self._usb.close()


class FileLink:
    """A line over a device file such as /dev/usb/lp0 or /dev/ttyS0; it does not answer."""

    answers: ClassVar[bool] = False

    def __init__(self, path: Path) -> None:
        self._file: Any = path.open("r+b" if path.is_char_device() else "ab", buffering=0)

    def write(self, data: bytes) -> None:
        """Send all bytes."""
        left = memoryview(data)
        while left:
            left = left[self._file.write(left) or 0 :]

    def read(self, seconds: float) -> bytes:
        """Return nothing: a device file is written to only."""
        return b""

    def end(self, seconds: float) -> None:
        """Do nothing: a device file is written to only."""

    def close(self) -> None:
        """Hang up."""
        self._file.close()


_LINKS: dict[str, Callable[[str], Link]] = {"network": SocketLink, "usb": UsbLink}


class Receipt:
    """A receipt printer: asked for its state before and after, where it answers at all."""

    def __init__(self, link: Callable[[], Link], name: str) -> None:
        self._link, self._name = link, name

    def send(self, output: Output) -> None:
        """Print; a printer that answered before must also say that it has come to the end."""
        data = output.escpos
        try:
            link = self._link()
        except OSError as error:
            raise Unprinted(
                _(
                    "Printer %(printer)s does not answer (%(why)s). Check that it is on and its cable "
                    "or address."
                )
                % {"printer": self._name, "why": error}
            ) from error
        try:
            self._send(link, data)
        finally:
            link.close()

    def _send(self, link: Link, data: bytes) -> None:
        answers = self._asked(link)
        try:
            for start in range(0, len(data), _CHUNK):
                link.write(data[start : start + _CHUNK])
            if answers:
                self._wait_for_end(link)
            else:
                link.end(END_SECONDS)
        except OSError as error:
            raise self._in_doubt(str(error)) from error

    def _asked(self, link: Link) -> bool:
        """Say whether the printer answers; raises ``Unprinted`` when it answers that it cannot print."""
        try:
            trouble, answers = _state(link) if link.answers else ("", False)
        except OSError as error:
            raise Unprinted(
                _(
                    "Printer %(printer)s does not answer (%(why)s). Check that it is on and its cable "
                    "or address."
                )
                % {"printer": self._name, "why": error}
            ) from error
        if trouble:
            raise Unprinted(
                _("Printer %(printer)s: %(trouble)s. Nothing was printed.")
                % {"printer": self._name, "trouble": _(trouble)}
            )
        return answers

    def _wait_for_end(self, link: Link) -> None:
        """``GS r 1`` stands in line behind the data: its answer says that all of it has been worked off."""
        link.write(b"\x1dr\x01")
        answer = link.read(FINISH_SECONDS)
        if answer and answer[0] & 0x0C:
            raise self._in_doubt(_(PAPER_OUT))
        trouble, answers = _state(link)
        if trouble or not answers:
            raise self._in_doubt(_(trouble) if trouble else _("it no longer answers"))

    def _in_doubt(self, why: str) -> Doubtful:
        return Doubtful(
            _(
                "Printer %(printer)s stopped in the middle (%(why)s). Look at the paper: print a "
                "duplicate or mark it as printed."
            )
            % {"printer": self._name, "why": why}
        )


PAPER_OUT, COVER_OPEN, FAULT, OFFLINE = (
    N_("out of paper"),
    N_("the cover is open"),
    N_("it reports a fault"),
    N_("offline"),
)
_SIGNS = (
    (4, 0x60, PAPER_OUT),
    (2, 0x04, COVER_OPEN),
    (2, 0x20, PAPER_OUT),
    (2, 0x40, FAULT),
    (1, 0x08, OFFLINE),
)


def _state(link: Link) -> tuple[str, bool]:
    """Return what keeps a printer from printing (a marked text, empty: nothing) and whether it answers (``DLE
    EOT``)."""
    answers = {}
    for question in (1, 2, 4):
        link.write(b"\x10\x04" + bytes((question,)))
        answer = link.read(ANSWER_SECONDS)
        if not answer:
            break
        if answer[0] & 0x93 == 0x12:  # the bits that are fixed in every such answer
            answers[question] = answer[0]
    trouble = next((words for question, bits, words in _SIGNS if answers.get(question, 0) & bits), "")
    return trouble, bool(answers)


class Queue:
    """A printer of the operating system: sheets go as PDF, rolls as raw bytes."""

    def __init__(self, name: str) -> None:
        self._name = name

    def send(self, output: Output) -> None:
        """Hand the job to the system, which keeps it until it is printed."""
        data = output.draw()
        if sys.platform == "win32":
            self._on_windows(data, output.on_roll)
            return
        if shutil.which("lp") is None:
            raise Unprinted(
                _(
                    "This computer has no printing system (the program lp). Install CUPS or choose "
                    "another kind of printer."
                )
            )
        options = ["-o", "raw"] if output.on_roll else []
        try:
            done = subprocess.run(
                ["lp", "-d", self._name, "-t", output.name, *options],
                input=data,
                capture_output=True,
                timeout=30,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Doubtful(
                _("Queue %(queue)s did not say whether it took the job. Look at the printer.")
                % {"queue": self._name}
            ) from error
        if done.returncode:
            raise Unprinted(
                _("Queue %(queue)s did not take the job (%(why)s).")
                % {"queue": self._name, "why": done.stderr.decode(errors="replace").strip()[:200]}
            )

    def _on_windows(self, data: bytes, raw: bool) -> None:
        try:
            if raw:
                from escpos.printer import Win32Raw

                line = Win32Raw(self._name)
                line.open()
                line._raw(data)
                line.close()
                return
            import os

            cast(Any, os).startfile(str(private.passing.put(data, ".pdf")), "printto", self._name)
        except (OSError, RuntimeError) as error:
            raise Unprinted(
                _("Queue %(queue)s did not take the job (%(why)s).") % {"queue": self._name, "why": error}
            ) from error


class Folder:
    """The printer for trying out and for tests: each print-out is a PDF in a folder, a receipt's bytes beside
    it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, output: Output) -> None:
        """Write the files; a full or missing disk leaves none of them."""
        files = {".pdf": output.pdf} | ({".escpos": output.escpos} if output.on_roll else {})
        try:
            for suffix, data in files.items():
                private.write(self._folder / f"{output.name}{suffix}", data)
        except OSError as error:
            raise Unprinted(
                _("The folder %(folder)s cannot be written (%(why)s).")
                % {"folder": self._folder, "why": error.strerror}
            ) from error
