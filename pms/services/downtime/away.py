"""What a window can do without the server: show the lists to who may see them, print them, and write down for
later who did."""

import uuid
from collections.abc import Callable
from datetime import datetime
from math import ceil
from pathlib import Path
from time import monotonic
from typing import Any

from pms.core import dates
from pms.core.clock import Clock, local
from pms.core.errors import Refused
from pms.core.i18n import _, ngettext
from pms.printing.printers import driver, ready
from pms.printing.slip import Slip
from pms.services.print_jobs.room import folder_printer
from pms.services.staff.access import Kind
from pms.services.staff.service import LONGEST_LOGIN, WRONG
from pms.services.staff.tries import wait_after

from . import printouts
from .keeper import Kept
from .lists import EVACUATION, IN_HOUSE, Head
from .sealing import Opened, Sealed


class Away:
    """The lists of one workstation as its window uses them; ``papers`` is the folder of papers."""

    def __init__(
        self, kept: Kept, papers: Path, clock: Clock, seconds: Callable[[], float] = monotonic
    ) -> None:
        self._kept, self._papers, self._clock, self._seconds = kept, papers, clock, seconds
        self._wrong, self._tried_at = 0, 0.0
        self.lost_at: datetime | None = None
        """Since when the server has not answered; None while it does, or where it never has here."""

    def server(self, *, answers: bool) -> None:
        """Take notice that the server is away, or back."""
        if answers:
            self.lost_at = None
        elif self.lost_at is None:
            self.lost_at = self._clock()

    def lists(self) -> Sealed:
        """Return the lists; refuses where there are none."""
        if (found := self._kept.read()) is None:
            raise Refused(
                _(
                    "This workstation has no lists of the last day. They are written while the server "
                    "answers; go on with what was printed last."
                )
            )
        return found

    def age(self, head: Head) -> str:
        """Say of which moment the lists are, and how long that was before the server stopped answering."""
        until = self.lost_at or self._clock()
        at, here = local(head.at, head.zone), local(self._clock(), head.zone)
        told = f"{at:%H:%M}" if at.date() == here.date() else dates.moment(at)
        how_long = _how_long(int((until - head.at).total_seconds()) // 60)
        if self.lost_at is not None:
            return _("As of %(time)s, %(long)s before the server stopped answering.") % {
                "time": told,
                "long": how_long,
            }
        return _("As of %(time)s, %(long)s ago.") % {"time": told, "long": how_long}

    def open_for(self, login: str, password: str) -> Opened:
        """Check a password against the lists themselves and return what its person may read; takes about
        200 ms, and longer and longer after wrong ones."""
        if (left := self._tried_at + wait_after(self._wrong) - self._seconds()) > 0 and self._wrong:
            raise Refused(
                _("Too many wrong passwords here. Wait %(n)s s, or use another workstation.")
                % {"n": ceil(left)}
            )
        known = login.strip().casefold()[:LONGEST_LOGIN]
        found = self.lists().open_for(known, password)
        if found is None:
            self._wrong, self._tried_at = self._wrong + 1, self._seconds()
            self._note(Kind.PASSWORD, known, None)
            raise Refused(_(WRONG))
        self._wrong = 0
        self._note(Kind.AWAY, _("The lists were opened"), found)
        return found

    # -------------------------------------------------------------- paper
    def print_evacuation(self) -> int:
        """Print how many people are in which room, and return how many there are in all."""
        found = self.lists()
        people = sum(row.people for row in found.lodged)
        self._print(found, EVACUATION, printouts.evacuation(found.lodged, self._told(found.head), found.head))
        self._note(Kind.EVACUATION, ngettext("%(n)s person", "%(n)s people", people) % {"n": people}, None)
        return people

    def print_in_house(self, found: Sealed, opened: Opened) -> None:
        """Print who is in house, as the person who opened the lists may read it."""
        slip = printouts.in_house(opened, self._told(found.head), found.head, self.age(found.head))
        self._print(found, IN_HOUSE, slip)
        self._note(Kind.PRINTED, _("In-house list"), opened)

    def _told(self, head: Head) -> list[tuple[str, str]]:
        return [(_("As of"), _stamp(head.at, head)), (_("Printed at"), _stamp(self._clock(), head))]

    def _print(self, found: Sealed, kind: str, slip: Slip) -> None:
        printer = found.printers.get(kind) or folder_printer(self._papers)
        name = f"{local(self._clock(), found.head.zone):%Y%m%d-%H%M%S}-{kind}"
        driver(printer, self._papers).send(ready(slip.to_dict(), 0, printer, name))

    def _note(self, kind: Kind, what: str, who: Opened | None) -> None:
        """Write down for the access log what was done at this moment; it is told when the server is back."""
        seen: dict[str, Any] = {
            "key": str(uuid.uuid4()),
            "kind": kind.value,
            "by": who.staff_id if who else None,
            "what": _("%(what)s, without the server, at %(time)s UTC")
            % {"what": what, "time": f"{self._clock():%Y-%m-%d %H:%M:%S}"},
        }
        self._kept.note(seen)


def _stamp(moment: datetime, head: Head) -> str:
    return dates.moment(local(moment, head.zone), year=True)


def _how_long(minutes: int) -> str:
    if minutes < 1:
        return _("less than a minute")
    if minutes < 120:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    return ngettext("%(n)s hour", "%(n)s hours", minutes // 60) % {"n": minutes // 60}
