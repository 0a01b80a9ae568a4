"""Keep the lists in a file of this workstation, written anew in the background while the server answers."""

import json
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from pms.core import private
from pms.core.clock import Clock
from pms.core.disk import why
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.db.keys import sign, sub_key
from pms.db.office import NOBODY, DatabaseOffice
from pms.db.sealed import BROKEN, Seal
from pms.services.staff import access

from . import lists, sealing
from .lists import Lists
from .sealing import Sealed

EVERY, AGAIN = 120.0, 20.0
"""Seconds from one writing to the next, and to the next try where it failed: the lists are never five minutes
old while the server answers."""
OUTLIVED = timedelta(hours=24)
"""Lists that are older tell nothing true any more and are removed."""
_SEEN, _LINE = b"pms seen without a server", "seen"
_log = logging.getLogger(__name__)


class Kept:
    """The two files of a hotel: the lists, and who looked at them while nothing could be written down."""

    def __init__(self, folder: Path, key: bytes, clock: Clock) -> None:
        self._file, self._seen = folder / f"lists-{sign(key)}", folder / f"seen-{sign(key)}"
        self._key, self._box, self._clock = key, Seal(sub_key(key, _SEEN)), clock
        self._lock = threading.Lock()

    def keep(self, found: Lists) -> None:
        """Put the lists in the place of those before."""
        private.write(self._file, sealing.seal(found, self._key))

    def read(self) -> Sealed | None:
        """Return the lists, None where there are none; those that are too old are removed."""
        try:
            found = sealing.unseal(self._file.read_bytes(), self._key)
        except OSError:
            return None
        if found is not None and self._clock() - found.head.at > OUTLIVED:
            with suppress(OSError):
                self._file.unlink()
            return None
        return found

    # -------------------------------------------------------------- who looked at them
    def note(self, seen: dict[str, Any]) -> None:
        """Write down what was looked at or printed, for the access log."""
        with self._lock, private.adding(self._seen) as file:
            file.write(self._box.close(json.dumps(seen), _LINE) + "\n")

    def noted(self) -> list[dict[str, Any]]:
        """Return what waits for the access log, oldest first; half a line that a power cut left counts for
        nothing."""
        with self._lock:
            return [said for line in self._lines() if (said := self._said(line)) is not None]

    def told(self, count: int) -> None:
        """Remove the first of what waited: the access log has them."""
        with self._lock:
            whole = [line for line in self._lines() if self._said(line) is not None]
            if rest := whole[count:]:
                private.write(self._seen, "".join(f"{line}\n" for line in rest).encode())
            else:
                self._seen.unlink(missing_ok=True)

    def _lines(self) -> list[str]:
        try:
            return self._seen.read_text("ascii", "replace").splitlines()
        except OSError:
            return []

    def _said(self, line: str) -> dict[str, Any] | None:
        text = self._box.open(line, _LINE)
        if text == BROKEN:
            return None
        found: dict[str, Any] = json.loads(text)
        return found


class ListKeeper:
    """Writes the lists of one workstation, on a thread of its own; ``trouble`` is told where they cannot be
    written, and nothing when they can again."""

    def __init__(
        self,
        office: DatabaseOffice,
        kept: Kept,
        trouble: Callable[[str], None] = lambda _words: None,
        *,
        seconds: float = EVERY,
    ) -> None:
        self._office, self._kept, self._seconds = replace(office, clerk=NOBODY), kept, seconds
        self._trouble, self._failed = trouble, False
        self._stop, self._wake = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="lists", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def hurry(self) -> None:
        """Write them at once: the server is back, and the access log waits."""
        self._wake.set()

    def stop(self) -> None:
        """End; what was being written is whole or not there."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(10)

    def write(self) -> None:
        """Read the lists and write them down once, then tell the access log what was seen without it."""
        office = self._office
        self._kept.keep(office.look(lists.read, station=office.station, now=office.now()))
        if waiting := self._kept.noted():
            for seen in waiting:
                kind = access.Kind(seen["kind"])
                call = access.note.of(kind=kind, what=seen["what"], clerk_id=seen["by"])
                office.do(call, intent=seen["key"])
            self._kept.told(len(waiting))

    def look(self) -> bool:
        """Write the lists if they can be written, and say whether they were; what keeps them from it is told
        once."""
        try:
            self.write()
        except Refused:  # the server is away: the window tells it
            return False
        except OSError as error:
            self._tell(error)
            return False
        except Exception:
            _log.exception("lists for when the server is away")
            return False
        if self._failed:
            self._failed = False
            self._trouble("")
        return True

    def _tell(self, error: OSError) -> None:
        if not self._failed:
            self._failed = True
            self._trouble(
                _(
                    "The lists for when the server does not answer cannot be written here: %(why)s. Free "
                    "some space on this computer's disk."
                )
                % {"why": why(error)}
            )

    def _run(self) -> None:
        while True:
            self._wake.clear()
            if self._stop.is_set():
                return
            self._wake.wait(self._seconds if self.look() else min(AGAIN, self._seconds))
