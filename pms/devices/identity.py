"""Identity readers: what a reader knows of a person, from a keyboard-wedge line or from a JSON record on a
local socket.

A wedge types one line into the field that has the keys: ``name|sex|nationality|birth|address|number``; a JSON
record has the same names. A passport's machine-readable zone comes as it is, or as ``mrz`` in a record.
Readers of other makers are added by the entry point group ``pms.identity_readers``: a function that takes the
address.
"""

import json
import re
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from importlib.metadata import entry_points
from typing import Any, Protocol, cast

from pms.core import mrz
from pms.core.errors import DeviceTrouble
from pms.core.i18n import _

WAIT_SECONDS = 20.0
_NUMBER = re.compile(r"\d{17}[\dXx]")
_FIELDS = ("name", "sex", "nationality", "birth", "address", "number")
_SEXES = {"男": "M", "女": "F", "m": "M", "f": "F", "male": "M", "female": "F", "1": "M", "2": "F"}
_STATES = {"china": "CHN", "中国": "CHN", "cn": "CHN", "中华人民共和国": "CHN"}
_MOST = 65536


@dataclass(frozen=True)
class Identity:
    """A person as a document says; the number as it is printed, ``sex`` M, F or nothing; ``ethnic`` is the
    ethnic group that stands on a Chinese card, ``until`` the document's last day.

    Of a passport the whole machine-readable zone comes as ``mrz``, to be read where today is known.
    """

    name: str
    number: str
    document_type: str = "id_card"
    sex: str = ""
    nationality: str = ""
    address: str = ""
    mrz: str = ""
    ethnic: str = ""
    until: date | None = None


class IdentityReader(Protocol):
    """Reads one document at a time."""

    def read(self) -> Identity:
        """Wait for a document and return what it says. Raises ``DeviceTrouble`` when none comes."""


def reader(kind: str, address: str) -> IdentityReader:
    """Return a reader: ``socket`` with a port of this computer, or one that is installed beside us."""
    if kind == "socket":
        return SocketReader(int(address))
    for found in entry_points(group="pms.identity_readers", name=kind):
        return cast(Callable[[str], IdentityReader], found.load())(address)
    raise DeviceTrouble(_("The identity reader “%(kind)s” is not installed here.") % {"kind": kind})


def understood(text: str) -> Identity | None:
    """Return the person that a wedge's line or a JSON record names; None for anything a clerk could have
    typed."""
    text = text.strip()
    if mrz.lines(text):
        return Identity("", "", "passport", mrz=text)
    if text.startswith("{"):
        try:
            return _made({str(k): v for k, v in json.loads(text).items()})
        except (ValueError, AttributeError):
            return None
    parts = [p.strip() for p in re.split(r"[|\t]", text)]
    if len(parts) < 2:
        return None
    at = next((i for i, p in enumerate(parts) if _NUMBER.fullmatch(p)), None)
    if at is None:
        return None
    known = dict(zip(_FIELDS, parts, strict=False)) if at == len(_FIELDS) - 1 else {"name": parts[0]}
    return _made(known | {"number": parts[at]})


def _made(record: dict[str, Any]) -> Identity | None:
    if zone := str(record.get("mrz") or ""):
        return Identity("", "", "passport", mrz=zone) if mrz.lines(zone) else None
    name, number = str(record.get("name") or "").strip(), str(record.get("number") or "").strip().upper()
    if not name or not number:
        return None
    kind = str(record.get("document_type") or ("id_card" if _NUMBER.fullmatch(number) else "passport"))
    sex = _SEXES.get(str(record.get("sex") or "").strip().casefold(), "")
    nationality, ethnic = _origin(record, kind)
    return Identity(
        name,
        number,
        kind,
        sex,
        nationality,
        str(record.get("address") or "").strip(),
        ethnic=ethnic,
        until=_until(record),
    )


def _origin(record: dict[str, Any], kind: str) -> tuple[str, str]:
    """Part nationality and ethnic group: readers of Chinese cards send the group in the nationality's
    place."""
    said = str(record.get("nationality") or record.get("nation") or "").strip()
    ethnic = str(record.get("ethnic") or record.get("folk") or "").strip()
    nationality = _STATES.get(said.casefold(), "")
    if not nationality and re.fullmatch(r"[A-Za-z]{3}", said):
        nationality = said.upper()
    if not nationality and said and not said.isascii():
        ethnic = ethnic or said
    ethnic = ethnic[:-1] if len(ethnic) > 1 and ethnic.endswith("族") else ethnic
    return nationality or ("CHN" if kind == "id_card" else ""), ethnic


def _until(record: dict[str, Any]) -> date | None:
    """Return a document's last day: 20301231, 2030-12-31, or the end of 20101231-20301231; None for one that
    never ends."""
    told = str(record.get("until") or record.get("valid_until") or record.get("validity") or "")
    figures = re.sub(r"\D", "", told)[-8:]
    with suppress(ValueError):
        return date(int(figures[:4]), int(figures[4:6]), int(figures[6:])) if len(figures) == 8 else None
    return None


class SocketReader:
    """Takes one JSON record, ended by a line break, from a program on this computer that drives the
    reader."""

    def __init__(self, port: int, *, seconds: float = WAIT_SECONDS) -> None:
        self.port, self._seconds = port, seconds

    def read(self) -> Identity:
        """Wait for one record."""
        try:
            with socket.create_server(("127.0.0.1", self.port)) as server:
                server.settimeout(self._seconds)
                connection, _peer = server.accept()
                with connection:
                    connection.settimeout(self._seconds)
                    line = connection.makefile("rb").readline(_MOST).decode("utf-8", "replace")
        except TimeoutError:
            raise DeviceTrouble(
                _("No document was read. Lay it on the reader and press the key again, or type it.")
            ) from None
        except OSError as trouble:
            why = trouble.strerror or str(trouble)
            raise DeviceTrouble(
                _("The identity reader does not answer: %(why)s. Type the document.") % {"why": why}
            ) from None
        found = understood(line)
        if found is None:
            raise DeviceTrouble(_("The identity reader sent nothing that names a person. Type the document."))
        return found


def simulate(port: int, record: dict[str, Any]) -> None:
    """Send a record as the reader's program would: the simulator for trying out and for tests."""
    with socket.create_connection(("127.0.0.1", port), timeout=WAIT_SECONDS) as connection:
        connection.sendall(json.dumps(record, ensure_ascii=False).encode() + b"\n")
