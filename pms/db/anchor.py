"""How far the audit trail went when this workstation last saved something, in a small file outside the
database: whoever cuts or rewrites the trail must come here too.

The file's first line is written over after each commit and is never waited for: after a power cut it may be
older than the trail, which means nothing. A trail that is shorter than its anchor, or another one there,
means that saved acts are gone. What was found so, and what a restore took back, stand in the lines below
until a person has accepted them.
"""

import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.settings import write_private
from pms.db.base import AuditEntry, table_of

SIGNS = 6
"""So many signs of an entry's digest are shown to people: enough to tell one trail from another."""
_E = table_of(AuditEntry)
_AT = select(_E.c.digest).where(_E.c.id == bindparam("count"))
_LAST = select(_E.c.id, _E.c.digest).order_by(_E.c.id.desc()).limit(1)
_LINE = re.compile(r"(\d{12}) ([0-9a-f]{64}) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)")
_LOST, _RESTORED = "lost", "restored"


def signs(head: str) -> str:
    """Return the signs of a digest that stand on paper."""
    return head[:SIGNS].upper()


def words(count: int, head: str) -> str:
    """Return a mark as it stands on paper."""
    return _("entry %(n)s, %(signs)s") % {"n": count, "signs": signs(head)}


@dataclass(frozen=True)
class Mark:
    """The trail's length, its last digest, and the moment of it."""

    count: int
    head: str
    at: datetime

    def __str__(self) -> str:
        """Return the line of the file, always of the same length."""
        return f"{self.count:012d} {self.head} {self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def last(session: Session, now: datetime) -> Mark | None:
    """Return how far the trail goes, None while it is empty."""
    row = session.execute(_LAST).first()
    return Mark(row.id, row.digest, now) if row else None


def holds(session: Session, mark: Mark) -> bool:
    """Say whether the trail still has the entry that a mark names."""
    return bool(session.execute(_AT, {"count": mark.count}).scalar() == mark.head)


class Anchor:
    """The file of one workstation."""

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        self.path, self._clock = path, clock

    def read(self) -> Mark | None:
        """Return the mark, None where there is none or a power cut has left half of it."""
        found = self._lines()
        return _mark(found[0]) if found else None

    def noted(self) -> list[tuple[str, Mark]]:
        """Return what waits for a person: the marks that the trail did not reach, and those that a restore
        went back behind."""
        found = []
        for line in self._lines()[1:]:
            word, _blank, rest = line.partition(" ")
            if word in (_LOST, _RESTORED) and (mark := _mark(rest)) is not None:
                found.append((word, mark))
        return found

    def note(self, count: int, head: str) -> None:
        """Write the mark over; a file that cannot be written costs no act, for the act is saved."""
        line = str(Mark(count, head, self._clock())).encode()
        with suppress(OSError, Refused):
            try:
                number = os.open(self.path, os.O_WRONLY)
            except FileNotFoundError:
                write_private(self.path, line.decode() + "\n")
                return
            try:
                os.write(number, line)
            finally:
                os.close(number)

    def compare(self, session: Session) -> None:
        """Hold the trail against the mark; what it does not reach is noted below, and the mark is set to what
        is there."""
        mark, now = self.read(), last(session, self._clock())
        if now is None:
            return
        if mark is not None and not holds(session, mark):
            self._rewrite(now, (_LOST, mark))
        elif mark is None:
            self._rewrite(now)
        else:
            self.note(now.count, now.head)

    def restored(self, now: Mark) -> None:
        """Begin anew after a restore, and name the mark there was."""
        old = self.read()
        self._rewrite(now, *([(_RESTORED, old)] if old is not None else []))

    def accept(self) -> None:
        """Take what was lost for known, as a person does who has looked."""
        if (mark := self.read()) is not None:
            known = dict.fromkeys(f"{_RESTORED} {lost}" for _word, lost in self.noted())
            write_private(self.path, "\n".join((str(mark), *known, "")))

    def told(self) -> list[str]:
        """Return a sentence for each mark that the trail did not reach and nobody has accepted."""
        return [_sentence(mark) for word, mark in self.noted() if word == _LOST]

    def _rewrite(self, now: Mark, *more: tuple[str, Mark]) -> None:
        lines = dict.fromkeys(f"{word} {mark}" for word, mark in (*self.noted(), *more))
        with suppress(Refused):
            write_private(self.path, "\n".join((str(now), *lines, "")))

    def _lines(self) -> list[str]:
        try:
            return self.path.read_text("ascii", "replace").splitlines()
        except OSError:
            return []


def _mark(line: str) -> Mark | None:
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    return Mark(int(found[1]), found[2], datetime.fromisoformat(found[3]))


def _sentence(mark: Mark) -> str:
    return _(
        "The audit trail does not reach the entry %(n)s (%(signs)s) that this workstation saw saved on "
        "%(at)s UTC: what was saved before that moment is partly gone or was changed. Hold the last papers "
        "against the books, run “pms verify”, and look at the latest backup."
    ) % {"n": mark.count, "signs": signs(mark.head), "at": f"{mark.at:%Y-%m-%d %H:%M}"}
