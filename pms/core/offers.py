"""What one duty asks of the others: each kind of question as a value, with its fields and the shape of its
answers. The index of duties lists who answers.

Two sorts of kind: ``ask_up`` has exactly one duty that answers; ``gather`` has any number, whose answers are
put together in the index's order. A kind is declared by a function without a body: its first parameter stands
for the session, the others are the question's fields.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from pms.core.money import Money

P = ParamSpec("P")
R = TypeVar("R")


# ------------------------------------------------------------------ kinds
class Kind:
    """A question that one duty asks of others; made by ``ask_up`` or ``gather``, never alone."""

    def __init__(self, declared: Callable[..., Any]) -> None:
        self.name, self.declared = declared.__name__, declared
        self.__doc__ = declared.__doc__

    def by(self, dotted: str) -> "Offer":
        """Return the row for the index of duties that says who answers: ``package.module:function``."""
        return Offer(self, dotted)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


class AskUp(Kind, Generic[P, R]):
    """A kind that exactly one duty answers."""


class Gather(Kind, Generic[P, R]):
    """A kind that any number of duties answer, each with a list."""

    def of(self, *args: P.args, **fields: P.kwargs) -> "Asked[R]":
        """Return the question with its fields, to be asked beside another."""
        return Asked(self, args, fields)


def ask_up(declared: Callable[Concatenate[Any, P], R]) -> AskUp[P, R]:
    """Declare a kind that exactly one duty answers."""
    return AskUp(declared)


def gather(declared: Callable[Concatenate[Any, P], Iterable[R]]) -> Gather[P, R]:
    """Declare a kind that any number of duties answer, each with a list."""
    return Gather(declared)


@dataclass(frozen=True)
class Asked(Generic[R]):
    """A question whose fields are filled in."""

    kind: Gather[..., R]
    args: Sequence[Any]
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Offer:
    """A duty's row of the index: which kind it answers, and the dotted name of what answers."""

    kind: Kind
    dotted: str


class Offers:
    """Who answers what, resolved from the index; handed to the office when the program starts."""

    def __init__(self, found: Mapping[Kind, Sequence[Callable[..., Any]]] | None = None) -> None:
        self._found = {kind: tuple(functions) for kind, functions in (found or {}).items()}

    def of(self, kind: Kind) -> tuple[Callable[..., Any], ...]:
        """Return everything that answers a kind, in the index's order."""
        return self._found.get(kind, ())

    def gather(self, kind: Gather[P, R], session: Any, /, *args: P.args, **fields: P.kwargs) -> list[R]:
        """Return the answers of all who answer a kind."""
        return [answer for offer in self.of(kind) for answer in offer(session, *args, **fields)]

    def ask_up(self, kind: AskUp[P, R], session: Any, /, *args: P.args, **fields: P.kwargs) -> R:
        """Return the answer of the one who answers a kind; that there is not one is a defect of the index."""
        answering = self.of(kind)
        if len(answering) != 1:
            raise LookupError(f"{kind.name} must be answered by one duty, and {len(answering)} do")
        answer: R = answering[0](session, *args, **fields)
        return answer


AHEAD, MOST_DUE = timedelta(hours=2), 6
"""How long before its time a thing to do is shown, and how many are shown."""
LATELY, MOST_OLDER = timedelta(days=90), 40
"""How far back the search looks at the first go, so that its cost does not grow with the years, and how many
older records of a kind are shown."""


# ------------------------------------------------------------------ shapes of the answers


@dataclass(frozen=True)
class Hit:
    """Something the search found: words to show, and which screen opens it with what."""

    title: str
    sub: str
    icon: str
    word: str
    what: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Badge:
    """How many open things wait at a duty, for the navigation; ``tone`` is a colour role, empty for plain."""

    word: str
    count: int
    tone: str = ""


@dataclass(frozen=True)
class Alarm:
    """Something whose time has come, shown above whatever page is open until it is dealt with.

    On a locked screen it rings with its ``room`` alone.
    """

    text: str
    word: str
    what: dict[str, Any] = field(default_factory=dict)
    room: str = ""


@dataclass(frozen=True)
class Due:
    """Something to be done now or soon: the words, the page that opens the row with ``what``, the moment it
    is due (or since when it stands open), and the money in it if any.

    ``grave``: 0 where a guest or the day's close suffers, 1 where money or goods may be lost, 2 otherwise.
    """

    text: str
    word: str
    at: datetime
    grave: int
    what: dict[str, Any] = field(default_factory=dict)
    amount: Money | None = None


@dataclass(frozen=True)
class OpenItem:
    """Something a shift leaves to the next: at which duty (its word), the number of the thing, what it is,
    and since when."""

    word: str
    number: str
    text: str
    since: datetime | None


@dataclass(frozen=True)
class Reminder:
    """What is still open when a guest leaves, in a sentence, and the page on which it is seen to, with what
    it is opened for; no page where there is nothing to do."""

    words: str
    page: str = ""
    what: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Tally:
    """What a register counts in a period, for the weekly and monthly reports: a marked text, how many, and
    how much money if any."""

    words: str
    number: int
    amount: Money | None = None


@dataclass(frozen=True)
class Countdown:
    """Something that begins soon and is told above any page: the sentence with ``%(n)s`` seconds, and the one
    that follows it.

    ``seconds`` are those still to go; ``stays`` is how long the second sentence is shown at most, should
    nobody take it away.
    """

    before: str
    after: str
    seconds: int
    stays: int


@dataclass(frozen=True)
class FirstStep:
    """One line of a hotel's first day: what is to be there, whether the books hold it, how it stands, and the
    page that does it. The lowest ``place`` stands first."""

    place: int
    text: str
    done: bool
    how: str
    word: str
    what: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class StayName:
    """Whose stay it is: guest, room, its nights [arrival, departure), its number, and the company that its
    booking names; ``channel_pays`` the room, at a price that is not the guest's to know; ``member`` is whom
    the stay counts for, with level and number."""

    guest: str
    room: str
    arrival: date
    departure: date
    number: int = 0
    company: str = ""
    channel_pays: bool = False
    member: str = ""


@dataclass(frozen=True)
class OpenStay:
    """The room of a guest in house, and until when its cards open it."""

    room_id: int
    valid_to: datetime


@dataclass(frozen=True)
class OwnShift:
    """The shift that holds a workstation's drawer: ``open``, or ``counted`` until the next person comes."""

    id: int
    state: str
    clerk: str


@dataclass(frozen=True)
class Drawer:
    """Whose drawer stands at a workstation, for the bar above any page."""

    clerk_id: int
    clerk: str


@dataclass(frozen=True)
class Aim:
    """What a period is planned to bring: room nights sold and room revenue."""

    sold: int
    revenue: Money


@dataclass(frozen=True)
class StillNeeded:
    """A stay whose guest's data cannot be erased yet, with the reason as a sentence."""

    stay_id: int | None
    why: str


@dataclass(frozen=True)
class Kept:
    """What one duty keeps of a guest: a marked title, and its records as words and values."""

    title: str
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class About:
    """Whom a finding of the night audit is about, as far as it is known: a stay, its room and its booked
    room; with the day that is audited, the hotel's zone and the decimals of its currency."""

    business_date: date
    zone: str
    digits: int
    stay_id: int | None = None
    room_id: int | None = None
    line_id: int | None = None

    @property
    def anybody(self) -> bool:
        """Say whether it is about anybody or any room; else it is of the whole house."""
        return (self.stay_id, self.room_id, self.line_id) != (None, None, None)


@dataclass(frozen=True)
class Evidence:
    """What a duty has about a guest or a room that the night audit looks at: its marked name, the sentence,
    since when it is so and by whom (the person's number); ``tone`` where it speaks against something. The
    lowest ``place`` stands first: what is to be compared stands together.

    ``past``: it happened and is over, for the time line; else it is how things stand.
    """

    source: str
    text: str
    at: datetime | None = None
    by: int | None = None
    tone: str = ""
    past: bool = False
    place: int = 0


@dataclass(frozen=True)
class Customer:
    """Whom a price may be agreed with: a member, an agreement company or a channel (``kind``) by its record's
    number; ``told`` sets it apart (level and card, contact), ``plan_id`` is the plan it has, ``free_until``
    the hour (HH:MM) until which a departure is free, ``why_not`` the sentence why it does not count today."""

    kind: str
    number: int
    name: str
    told: str = ""
    plan_id: int | None = None
    free_until: str = ""
    why_not: str = ""


# ------------------------------------------------------------------ what is asked up
@ask_up
def stay_name(session: Any, *, stay_id: int) -> StayName | None:
    """Return whose stay it is; None when there is no such stay."""
    raise NotImplementedError


@ask_up
def open_stay(session: Any, *, stay_id: int) -> OpenStay | None:
    """Return the room of a guest in house; None when the guest is not in house."""
    raise NotImplementedError


@ask_up
def shift_at(session: Any, *, station: str) -> OwnShift | None:
    """Return the shift that holds a workstation's drawer; None when none does."""
    raise NotImplementedError


@ask_up
def last_close(session: Any) -> datetime | None:
    """Return the moment at which the last day was closed; None where none has been."""
    raise NotImplementedError


@ask_up
def budget(session: Any, *, month: date) -> Aim | None:
    """Return what a month (its first day) is planned to bring; None when nothing was entered."""
    raise NotImplementedError


# ------------------------------------------------------------------ what is gathered
@gather
def room_users(session: Any, *, room_id: int, start: date, end: date) -> Sequence[str]:
    """Say in a sentence each who needs a room in the nights [start, end)."""
    raise NotImplementedError


@gather
def short_by_day(
    session: Any, *, type_id: int, start: date, end: date, out_of_service: bool = False
) -> Sequence[str]:
    """Say in a sentence each on which days [start, end) more guests are promised a room of a type by day than
    are empty between the morning and the evening; ``out_of_service``: not counting what is out of service."""
    raise NotImplementedError


@gather
def search(session: Any, *, text: str) -> Sequence[Hit]:
    """Find what a clerk typed into the search: what is here, to come, or not longer over than ``LATELY``."""
    raise NotImplementedError


@gather
def older(session: Any, *, text: str) -> Sequence[Hit]:
    """Find what a clerk typed among what is longer over, the latest first, at most ``MOST_OLDER`` of a
    kind."""
    raise NotImplementedError


@gather
def badges(session: Any) -> Sequence[Badge]:
    """Count what waits at a duty, for the navigation."""
    raise NotImplementedError


@gather
def alarms(session: Any, *, now: datetime) -> Sequence[Alarm]:
    """Return what is due at this moment and must be seen above any page."""
    raise NotImplementedError


@gather
def waiting(session: Any, *, now: datetime) -> Sequence[Due]:
    """Return what is to be done at a duty now or within ``AHEAD``, the most pressing first, at most
    ``MOST_DUE``."""
    raise NotImplementedError


@gather
def welcomes(session: Any, *, station: str) -> Sequence[Alarm]:
    """Return what whoever signs in has to do before the work can begin."""
    raise NotImplementedError


@gather
def drawers(session: Any, *, station: str) -> Sequence[Drawer]:
    """Return whose shift is live at a workstation; nothing where none is."""
    raise NotImplementedError


@gather
def countdowns(session: Any, *, station: str, now: datetime) -> Sequence[Countdown]:
    """Return what another workstation is about to begin."""
    raise NotImplementedError


@gather
def first_steps(session: Any) -> Sequence[FirstStep]:
    """Return what a hotel does on its first day at a duty, with how it stands."""
    raise NotImplementedError


@gather
def leaving(session: Any, *, stay_id: int) -> Sequence[Reminder]:
    """Return what is still open when a guest leaves, each with the page that it is seen to on."""
    raise NotImplementedError


@gather
def handover(session: Any) -> Sequence[OpenItem]:
    """Return what a shift leaves to the next."""
    raise NotImplementedError


@gather
def tallies(session: Any, *, start: date, end: date) -> Sequence[Tally]:
    """Count what a register holds of the days [start, end), for the weekly and monthly reports."""
    raise NotImplementedError


@gather
def evidence(session: Any, *, about: About) -> Sequence[Evidence]:
    """Return what a duty has about whom a finding is."""
    raise NotImplementedError


@gather
def kept_of(session: Any, *, stay_ids: Sequence[int], line_ids: Sequence[int], phone: str) -> Sequence[Kept]:
    """Return what a duty keeps of a guest, by the stays, the rooms they were booked with, and the phone."""
    raise NotImplementedError


@gather
def still_needed(session: Any, *, stay_ids: Sequence[int]) -> Sequence[StillNeeded]:
    """Say of which of these stays, all over, the guest's data are still needed, and for what."""
    raise NotImplementedError


@gather
def erase_with(work: Any, *, stay_ids: Sequence[int]) -> Sequence[int]:
    """Erase how guests of these stays are reached from what a duty keeps with a stay; return the numbers of
    its records."""
    raise NotImplementedError


@gather
def erase_old(work: Any, *, before: date) -> Sequence[int]:
    """Erase how people are reached from records that were closed before a day, some hundred at a time,
    whether they ever stayed or not; return the numbers of the records."""
    raise NotImplementedError


@gather
def audit_check(tonight: Any) -> Sequence[Any]:
    """Return what the night audit finds wrong tonight; see ``pms.services.night_audit.checks``."""
    raise NotImplementedError


@gather
def customers(session: Any, *, text: str, on: date) -> Sequence[Customer]:
    """Find whom a price may be agreed with by name, pinyin, phone, card or code, at most eight of a
    kind, the best first."""
    raise NotImplementedError


@gather
def customer_of(session: Any, *, kind: str, number: int, on: date) -> Sequence[Customer]:
    """Return one member, company or channel by its number; nothing where it is another duty's kind."""
    raise NotImplementedError
