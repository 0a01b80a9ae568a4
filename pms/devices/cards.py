"""Card encoders: one protocol, a driver for lock servers that speak FIAS, and a folder to try things out
with.

Lock makers publish no card format; their own libraries are added by the entry point group
``pms.card_encoders``: a function that takes the address and returns an ``Encoder``.
"""

import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol, cast

from pms.core import private
from pms.core.errors import DeviceTrouble
from pms.core.i18n import N_, _

CONNECT_SECONDS, LINK_SECONDS, CARD_SECONDS = 3.0, 3.0, 40.0
_STX, _ETX = b"\x02", b"\x03"
_LONGEST = 1 << 16
"""Bytes without the end of a record, after which it is no lock server that speaks."""


@dataclass(frozen=True)
class Order:
    """A card to cut: ``new`` ends the room's earlier cards in the lock, ``duplicate`` and ``extend`` do not.
    Times are wall clock."""

    number: int
    kind: str
    room: str
    stay: int
    valid_from: datetime
    valid_to: datetime


class Encoder(Protocol):
    """Cuts room cards, one at a time."""

    def cut(self, order: Order) -> str:
        """Cut the card that lies on the encoder and return its unique number, empty where it has none. Raises
        ``DeviceTrouble``."""


def encoder(kind: str, address: str) -> Encoder:
    """Return an encoder: ``folder`` with a path, ``fias`` with host:port or host:port/encoder, or one that is
    installed beside us."""
    if kind == "folder":
        return FolderEncoder(Path(address))
    if kind == "fias":
        return FiasEncoder(address)
    for found in entry_points(group="pms.card_encoders", name=kind):
        return cast(Callable[[str], Encoder], found.load())(address)
    raise DeviceTrouble(_("The card encoder “%(kind)s” is not installed here.") % {"kind": kind})


class FolderEncoder:
    """The encoder for trying out: each card is a file in a folder; a file named ``trouble`` there makes it
    fail with its words."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def cut(self, order: Order) -> str:
        """Write the card's file and return its made-up number."""
        trouble, uid = self._folder / "trouble", f"SIM{order.number:08d}"
        try:
            if trouble.exists():
                raise DeviceTrouble(trouble.read_text("utf-8").strip() or _("The encoder does not answer."))
            private.write(
                self._folder / f"card-{order.number:06d}.json",
                json.dumps(asdict(order) | {"uid": uid}, default=str, indent=1).encode(),
            )
        except OSError as error:
            raise DeviceTrouble(
                _("The folder %(folder)s cannot be written (%(why)s).")
                % {"folder": self._folder, "why": error.strerror}
            ) from error
        return uid


ANSWERS = {
    "BY": N_("The encoder is busy. Cut the card again in a moment."),
    "CD": N_("The lock server refuses this card: the room or the dates do not fit."),
    "NR": N_("The encoder does not answer. Check its cable and power."),
    "OR": N_("No card was put on the encoder in time. Put one on it and cut again."),
    "UR": N_("The lock server has no such room. Check the room's lock number in Settings."),
}
"""What a lock server may answer instead of OK (field AS of a KA record), as far as it is common."""
_KINDS = {"new": "N", "duplicate": "D", "extend": "D"}


class FiasEncoder:
    """A networked lock server by the FIAS protocol: records between STX and ETX over TCP, KR asks for a key,
    KA answers.

    ``address`` is host:port, with /number for one of several encoders. One line per card: a server that was
    restarted in between does no harm.
    """

    def __init__(self, address: str) -> None:
        where, _slash, coder = address.partition("/")
        host, _colon, port = where.rpartition(":")
        if not host or not port.isdecimal():
            raise DeviceTrouble(
                _("“%(address)s” is not host:port or host:port/encoder.") % {"address": address}
            )
        self._where, self._coder = (host, int(port)), coder or "1"

    def cut(self, order: Order) -> str:
        """Ask for the card and wait for the answer, which takes as long as somebody needs to put a card on
        the encoder."""
        try:
            with socket.create_connection(self._where, CONNECT_SECONDS) as line:
                records = _records(line)
                self._link(line, records, order.valid_from)
                line.settimeout(CARD_SECONDS)
                line.sendall(_record("KR", self._request(order)))
                return self._answer(line, records, order)
        except TimeoutError as error:
            raise DeviceTrouble(
                _("The lock server %(host)s does not answer. Check that it runs and cut the card again.")
                % {"host": self._where[0]}
            ) from error
        except OSError as error:
            raise DeviceTrouble(
                _(
                    "The lock server %(host)s cannot be reached (%(why)s). Check the network and cut "
                    "the card again."
                )
                % {"host": self._where[0], "why": error}
            ) from error

    def _link(self, line: socket.socket, records: Iterator[dict[str, str]], moment: datetime) -> None:
        """Begin the link: the server describes itself (LS, LD, LR …) and ends with LA, which is answered with
        LA."""
        line.settimeout(LINK_SECONDS)
        alive = {"DA": f"{moment:%y%m%d}", "TI": f"{moment:%H%M%S}"}
        line.sendall(_record("LS", alive))
        for record in records:
            if record[""] == "LA":
                line.sendall(_record("LA", alive))
                return

    def _request(self, order: Order) -> dict[str, str]:
        return {
            "K#": "1",
            "KC": self._coder,
            "KT": _KINDS.get(order.kind, "N"),
            "RN": order.room,
            "G#": str(order.stay),
            "GA": f"{order.valid_from:%y%m%d}",
            "GD": f"{order.valid_to:%y%m%d}",
            "DT": f"{order.valid_to:%H:%M}",
            "WS": str(order.number),
            "DA": f"{order.valid_from:%y%m%d}",
            "TI": f"{order.valid_from:%H%M%S}",
        }

    def _answer(self, line: socket.socket, records: Iterator[dict[str, str]], order: Order) -> str:
        for record in records:
            if record[""] == "LS":  # asked whether we are still there
                line.sendall(
                    _record("LA", {"DA": f"{order.valid_from:%y%m%d}", "TI": f"{order.valid_from:%H%M%S}"})
                )
            elif record[""] == "KA" and record.get("WS", str(order.number)) == str(order.number):
                if record.get("AS") == "OK":
                    return record.get("$2", "")
                raise DeviceTrouble(
                    _(ANSWERS[record["AS"]])
                    if record.get("AS") in ANSWERS
                    else _("The lock server refused the card (%(why)s).")
                    % {"why": record.get("CT") or record.get("AS", "?")}
                )
        raise ConnectionError(_("it dropped the connection"))


def _record(kind: str, fields: dict[str, str]) -> bytes:
    """Return a FIAS record; signs that would end a field are left out."""
    clean = (
        f"{name}{''.join(char for char in value if char >= ' ' and char != '|')}|"
        for name, value in fields.items()
    )
    return _STX + f"{kind}|{''.join(clean)}".encode("ascii", "replace") + _ETX


def _records(line: socket.socket) -> Iterator[dict[str, str]]:
    """Yield the records that come in, their kind under the empty name, until the line is hung up."""
    waiting = b""
    while data := line.recv(4096):
        waiting += data
        if len(waiting) > _LONGEST:
            raise ConnectionError(_("it sent no record"))
        while _ETX in waiting:
            record, _end, waiting = waiting.partition(_ETX)
            kind, *fields = record.rpartition(_STX)[2].decode("ascii", "replace").split("|")
            yield {"": kind} | {field[:2]: field[2:] for field in fields if field}
