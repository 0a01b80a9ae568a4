"""What a screen sees of the program behind it: one door for writes, one for reads."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from pms.core.changes import Changes
from pms.core.offers import Asked, Gather, Offers
from pms.core.operation import Call
from pms.core.permissions import Permission, Right

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S")


@dataclass(frozen=True)
class Lent:
    """What somebody lends to a person for a while beyond their own rights: ``rights``, and ``kinds`` of acts
    up to the limits of the giver's ``role``."""

    id: int
    giver_id: int
    giver: str
    role: str
    rights: frozenset[Right]
    kinds: frozenset[str]


@dataclass(frozen=True)
class Clerk:
    """The person at the screen, as signed in; ``permissions`` are the role's rights and those ``lent``.

    ``password_no`` tells under which of their passwords, None where no password was asked (set-up, command
    line): the session is over with the password. ``must_change``: first an own password is set.
    """

    id: int
    name: str
    role: str
    permissions: frozenset[Right]
    password_no: int | None = None
    must_change: bool = False
    lent: tuple[Lent, ...] = ()

    def may(self, permission: Right) -> bool:
        """Say whether the person's role holds the right."""
        return permission in self.permissions


MACHINE = "machine"
"""The role of nobody: what the program does by itself on the command line."""


def machine() -> Clerk:
    """Return who closes the day where no person does: nobody, with the rights of just that."""
    return Clerk(0, "", MACHINE, frozenset({Permission.AUDIT_RUN, Permission.MESSAGES}))


@dataclass(frozen=True)
class House:
    """What every screen needs to know of the hotel, read afresh with each announcement of ``property`` or
    ``business_date``."""

    name: str
    business_date: date
    zone: str
    currency: str
    digits: int


class AfterClose(Protocol):
    """What follows the close of a day: each step does its work, notes it and returns in a sentence what was
    done; refuses, naming what failed."""

    def report(self, day: date) -> str:
        """Write the reports of a closed day as files."""

    def backup(self, day: date) -> str:
        """Write a verified backup; a server makes its own."""


class Office(Protocol):
    """Opens one transaction per click; screens hold an Office, never a session."""

    clerk: Clerk
    station: str
    changes: Changes
    devices: dict[str, Any]
    offers: Offers
    after_close: AfterClose | None

    def do(
        self,
        call: Call[R],
        *,
        intent: str | None = None,
        confirmed: frozenset[str] = frozenset(),
        approval: "Approval | None" = None,
    ) -> R:
        """Run one operation in one transaction and announce what it touched.

        ``intent`` is the key of a confirmed action (``new_intent`` once when the form opens): repeated with
        the same key, the action is done once and its first result returned. Raises ``Refused``,
        ``NeedsConfirmation`` or ``NeedsApproval``.
        """

    def ask(self, query: Callable[Concatenate[Any, P], R], *args: P.args, **fields: P.kwargs) -> R:
        """Run one query on a consistent snapshot and return its frozen rows."""

    def gather(self, kind: Gather[P, R], /, *args: P.args, **fields: P.kwargs) -> list[R]:
        """Ask every duty that offers ``kind``, all on one snapshot, and return their answers in the index's
        order."""

    def gather_both(self, one: Asked[R], other: Asked[S]) -> tuple[list[R], list[S]]:
        """Ask every duty for two kinds in one round, all on one snapshot, and return the answers of each."""

    def new_intent(self) -> str:
        """Return a fresh key for one confirmed action."""

    def house(self) -> House:
        """Return the hotel's name, business date, zone and currency as of now."""

    def now(self) -> datetime:
        """Return the moment now, aware, in UTC."""


class Inner(Office, Protocol):
    """The office as its door, print room and card encoder see it: they read for themselves."""

    def look(self, query: Callable[Concatenate[Any, P], R], *args: P.args, **fields: P.kwargs) -> R:
        """Run one query whoever sits at the screen."""


@dataclass(frozen=True)
class Approval:
    """A person's agreement to one act, kept under a number until that act uses it, once; or their signature.

    ``permissions`` are the person's rights and ``reasons`` what they have agreed to, both as the database
    holds them when the act is done: what a screen hands in counts for its number alone.
    """

    id: int
    staff_id: int
    name: str
    permissions: frozenset[Right] = frozenset()
    reasons: frozenset[tuple[str, str, int | None]] = frozenset()
    lent: tuple[Lent, ...] = ()
