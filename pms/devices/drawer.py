"""Cash drawers that do not hang on a receipt printer: on a serial line or behind a network converter; and a
file to try things out with.

A drawer on the receipt printer's own socket needs nothing here: the printer opens it with the paper that
proves the cash.
"""

import socket
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Protocol, cast

from pms.core import private
from pms.core.errors import DeviceTrouble
from pms.core.i18n import _

PULSE = b"\x1bp\x00\x19\xfa"
"""ESC/POS's drawer pulse: pin 2, 50 ms on, 500 ms off; trigger boxes take it too, or open at any byte."""
_SECONDS = 2.0


class Drawer(Protocol):
    """A cash drawer; it is opened by the program and closed by hand."""

    def open(self) -> None:
        """Open the drawer. Raises ``DeviceTrouble``."""


def drawer(kind: str, address: str) -> Drawer:
    """Return a drawer: ``device`` (such as /dev/ttyS0 or COM3), ``network`` (host:port), ``file``, or one
    that is installed beside us."""
    if kind == "device":
        return DeviceDrawer(Path(address))
    if kind == "network":
        return NetworkDrawer(address)
    if kind == "file":
        return FileDrawer(Path(address))
    for found in entry_points(group="pms.drawers", name=kind):
        return cast(Drawer, cast(Any, found.load())(address))
    raise DeviceTrouble(_("The cash drawer “%(kind)s” is not installed here.") % {"kind": kind})


class DeviceDrawer:
    """A drawer on a serial or parallel line of this computer."""

    def __init__(self, device: Path) -> None:
        self._device = device

    def open(self) -> None:
        """Send the pulse."""
        try:
            with self._device.open("r+b", buffering=0) as line:
                line.write(PULSE)
        except OSError as error:
            raise _shut(error) from error


class NetworkDrawer:
    """A drawer behind a network converter or a printer that is used for nothing else."""

    def __init__(self, address: str) -> None:
        host, _colon, port = address.rpartition(":")
        if not host or not port.isdecimal():
            raise DeviceTrouble(_("“%(address)s” is not host:port") % {"address": address})
        self._where = host, int(port)

    def open(self) -> None:
        """Send the pulse."""
        try:
            with socket.create_connection(self._where, _SECONDS) as line:
                line.sendall(PULSE)
        except OSError as error:
            raise _shut(error) from error


class FileDrawer:
    """The drawer for trying out: one line in a file for each opening."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def open(self) -> None:
        """Write a line."""
        try:
            with private.adding(self._file) as file:
                file.write("open\n")
        except OSError as error:
            raise _shut(error) from error


def _shut(error: OSError) -> DeviceTrouble:
    return DeviceTrouble(
        _("The cash drawer did not open (%(why)s). Use its key; the payment is booked.") % {"why": error}
    )
