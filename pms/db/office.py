"""The office behind the screens: one transaction for each confirmed action, one snapshot for each
question."""

import hashlib
import json
import random
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast

from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from pms.core import limits
from pms.core.changes import Changes
from pms.core.clock import Clock
from pms.core.errors import (
    Conflict,
    KeyUsed,
    NeedsApproval,
    NeedsConfirmation,
    NotPermitted,
    Refused,
    SessionOver,
    StoreTrouble,
)
from pms.core.i18n import _
from pms.core.offers import Asked, Gather, Offers, alarms
from pms.core.office import MACHINE, AfterClose, Approval, Clerk, House, Inner, machine
from pms.core.operation import Call
from pms.core.permissions import Right
from pms.core.reading import rights_of
from pms.db import audit, clashes, hosts, presence, topics, wire
from pms.db.anchor import Anchor
from pms.db.base import Intent, table_of
from pms.db.books import ONE_SNAPSHOT, Books
from pms.db.clashes import clash as clash
from pms.db.engine import explained, is_busy, reading, single
from pms.db.sealed import box_of
from pms.db.work import Setting, Work, store_jobs

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S")
TRIES = 4
_KEEP = insert(table_of(Intent)).execution_options(**wire.LATER)
RIGHTS_GOOD_FOR = 1.0
"""Seconds for which what a person may read is taken as known; what they may change is looked up each time."""
PINS = 3
"""Wrong PINs, after which the password is needed."""
NOBODY = Clerk(0, "", "", frozenset())


class Context(Protocol):
    """Reads the hotel's setting and the clerk with the rights as they are now, in one statement; None where
    their session is over."""

    def __call__(
        self, session: Session, clerk: Clerk, *, now: datetime, writing: bool = False
    ) -> tuple[Setting, Clerk | None]:
        """Return both; ``writing`` keeps the business date as it is until the end of the transaction."""


class Door(Protocol):
    """Checks who is at the screen; ``pms.services.approvals.door`` in a hotel."""

    def sign_in(self, office: Inner, login: str, password: str) -> Clerk:
        """Check a password and return the person."""

    def approve(self, office: Inner, login: str, password: str, wish: NeedsApproval) -> Approval:
        """Check a person's password and rights and keep their agreement to one act."""

    def by_phone(self, office: Inner, login: str, note: str, wish: NeedsApproval) -> Approval:
        """Keep that a person has agreed to one act by phone."""

    def on_paper(self, work: Work, done_at: datetime, action: str) -> None:
        """Let an act be typed that was done on paper at a moment, if it may, and write the moment down."""

    def lent(self, work: Work) -> None:
        """Write down the rights of others that were used in an act."""

    def redeem(self, work: Work, approval: Approval, act: str) -> Approval | None:
        """Use an agreement up, if it stands for this act; None where it does not."""

    def change_password(self, office: Inner, old: str, new: str) -> Clerk:
        """Change the password of the person at the screen, and return them as signed in with the new one."""

    def set_pin(self, office: Inner, password: str, pin: str) -> None:
        """Give the person at the screen a PIN, or with an empty one none."""

    def has_pin(self, office: Inner) -> bool:
        """Say whether a PIN opens the lock of the person at the screen."""

    def unlock(self, office: Inner, pin: str) -> None:
        """Refuse a PIN that is not that of the person at the screen."""

    def ended(self, office: Inner, clerk: Clerk) -> str:
        """Say why a person's session is over; nothing while it goes on."""

    def refused(self, office: Inner, action: str, error: NotPermitted) -> None:
        """Write down that a right was refused."""

    def names(self, office: Inner) -> list[tuple[str, str]]:
        """Return sign-in name and name of everybody who may sign in."""


@dataclass
class DatabaseOffice:
    """Opens a unit of work for each action; screens hold an office, never a session."""

    engine: Engine
    secret: bytes = field(repr=False)
    context: Context
    clock: Clock
    station: str = "desk-1"
    clerk: Clerk = NOBODY
    ids: Callable[[], str] = lambda: str(uuid.uuid4())
    offers: Offers = field(default_factory=Offers)
    devices: dict[str, Any] = field(default_factory=dict)
    changes: Changes = field(default_factory=Changes)
    wait: Callable[[float], None] = time.sleep
    door: Door = field(kw_only=True)
    after_close: AfterClose | None = None
    ticks: Callable[[Session], int] = presence.ticks
    anchor: Anchor | None = None

    def __post_init__(self) -> None:
        self._reader, self._single = reading(self.engine), single(self.engine)
        self._local: set[str] = set()
        self._promotions = 0
        self._pins = 0
        self._held: tuple[Clerk, frozenset[Right], float] = (NOBODY, frozenset(), 0.0)

    def do(
        self,
        call: Call[R],
        *,
        intent: str | None = None,
        confirmed: frozenset[str] = frozenset(),
        approval: Approval | None = None,
    ) -> R:
        """Run one operation in one transaction; see ``pms.core.office.Office.do``."""
        if intent is None and call.operation.money:
            raise TypeError(f"{call.operation.action} moves money and needs an intent key")
        limits.check(call.operation.action, call.fields)
        for attempt in range(TRIES):
            try:
                return self._once(call, intent, confirmed, approval)
            except DBAPIError as error:
                if intent is not None and (found := self._done_before(intent, call)) is not None:
                    return cast(R, found["value"])
                if isinstance(error, IntegrityError) and not is_busy(error):
                    raise self._conflict(error) from error
                if not is_busy(error) or attempt == TRIES - 1:
                    raise explained(error, keyed=intent is not None) from error
                self.wait(random.SystemRandom().uniform(0.01, 0.08) * (attempt + 1))
            except NotPermitted as error:
                self._refused(call.operation.action, error)
                raise
            except (Refused, NeedsConfirmation, NeedsApproval):
                # what the first time changed may be what is asked about now
                if intent is not None and (found := self._done_before(intent, call)) is not None:
                    return cast(R, found["value"])
                raise
        raise AssertionError("unreachable")

    def _once(
        self, call: Call[R], intent: str | None, confirmed: frozenset[str], approval: Approval | None
    ) -> R:
        now = self.clock().astimezone(UTC)
        with (
            Books(self.engine, autoflush=False, expire_on_commit=False) as session,
            _told_when_asked_to_save(session),
            session.begin(),
        ):
            setting, known = self.context(session, self.clerk, now=now, writing=True)
            self._must_fit(setting)
            clerk = known or self._without_session()
            work = Work(
                session,
                clerk,
                self.station,
                now,
                setting,
                intent or self.ids(),
                self.secret,
                confirmed,
                offers=self.offers,
                ticks=self.ticks,
            )
            session.info["work"] = work
            try:
                if approval is not None:
                    work.approval = self.door.redeem(work, approval, self._act(call))
                if call.on_paper is not None:
                    self.door.on_paper(work, call.on_paper.astimezone(UTC), call.operation.action)
                result = call.operation(work, **call.fields)
                work.must_be_agreed()
                if work.lent_used:
                    self.door.lent(work)
            except NeedsApproval as wish:
                wish.act, wish.action = self._act(call), call.operation.action
                raise
            session.flush()
            store_jobs(work)
            if intent is not None and not call.operation.private:
                session.execute(
                    _KEEP,
                    {
                        "key": intent,
                        "action": work.action,
                        "result": {"value": result},
                        "arguments": self._act(call),
                        "at": now,
                    },
                )
            if work.trail:
                work.touch("journal")
            topics.advance(session, work.topics)
            saved = audit.store_trail(work)
            session.info["saving"] = True
        if saved is not None:
            self._note(*saved)
        if "staff" in work.topics:
            self._held = (NOBODY, frozenset(), 0.0)
        self.changes.announce(work.topics)
        return result

    def _note(self, count: int, head: str) -> None:
        """Note how far the trail goes. Where another server has taken the place of the one there was, the old
        mark is held against its trail first: what was saved last may be missing there."""
        if self.anchor is not None and not self.held_against_promoted():
            self.anchor.note(count, head)

    def held_against_promoted(self) -> bool:
        """Hold the anchor against the trail of a server that was promoted since; false where none was."""
        servers = hosts.of(self.engine)
        if self.anchor is None or servers is None or servers.promotions == self._promotions:
            return False
        promotions = servers.promotions
        with suppress(Refused):
            self.look(self.anchor.compare)
            self._promotions = promotions
        return True

    def _without_session(self) -> Clerk:
        """Return who acts where no session holds: the machine, whose rights are fixed, or nobody."""
        is_machine = self.clerk.id == NOBODY.id and self.clerk.role == MACHINE
        return replace(self.clerk, permissions=machine().permissions if is_machine else frozenset(), lent=())

    def ask(self, query: Callable[Concatenate[Session, P], R], *args: P.args, **fields: P.kwargs) -> R:
        """Run one query on a consistent snapshot and return its frozen rows; refuses who may not see them."""
        if (rights := rights_of(query)) and not rights & self.rights():
            error = NotPermitted(
                _("Your role may not see this (%(right)s). Ask a person who may.")
                % {"right": " / ".join(sorted(rights))},
                right=" / ".join(sorted(rights)),
            )
            self._refused(f"read:{_named(query)}", error)
            raise error
        asked = {name: limits.bounded(value) for name, value in fields.items()}
        return self.look(query, *map(limits.bounded, args), **asked)

    def _refused(self, action: str, error: NotPermitted) -> None:
        """Write a refusal down; where the session is over, say that instead."""
        if why := self.ended(self.clerk):
            raise SessionOver(why, right=error.right) from error
        self.door.refused(self, action, error)

    def look(self, query: Callable[Concatenate[Session, P], R], *args: P.args, **fields: P.kwargs) -> R:
        """Run one query for the program itself, whoever sits at the screen."""
        return self._read(self._reader, lambda session: query(session, *args, **fields))

    def _read(self, engine: Engine, query: Callable[[Session], R]) -> R:
        """Run a query; once more where the line had been cut unnoticed, for a question changes nothing."""
        for last in (False, True):
            try:
                with Books(engine, autoflush=False, info={ONE_SNAPSHOT: None}) as session:
                    return query(session)
            except DBAPIError as error:
                if last or not error.connection_invalidated:
                    raise explained(error) from error
        raise AssertionError("unreachable")

    def gather(self, kind: Gather[P, R], /, *args: P.args, **fields: P.kwargs) -> list[R]:
        """Ask every duty that offers ``kind`` and that the person at the screen may read, on one snapshot,
        and return their answers in order."""
        (found,) = self._gathered(kind.of(*args, **fields))
        return found

    def gather_both(self, one: Asked[R], other: Asked[S]) -> tuple[list[R], list[S]]:
        """Ask for two kinds in one round, all on one snapshot, and return the answers of each."""
        found, beside = self._gathered(one, other)
        return found, beside

    def _gathered(self, *wanted: Asked[Any]) -> list[list[Any]]:
        held = self.rights()
        questions, of = list[Callable[[Session], list[Any]]](), list[int]()
        for number, asked in enumerate(wanted):
            given = [*map(limits.bounded, asked.args)]
            fields = {name: limits.bounded(value) for name, value in asked.fields.items()}
            for offer in self.offers.of(asked.kind):
                if not (rights := rights_of(offer)) or rights & held:
                    questions.append(partial(_listed, offer, given, fields))
                    of.append(number)
        found: list[list[Any]] = [[] for _asked in wanted]
        for number, answers in zip(of, self.look(lambda s: wire.ask_all(s, questions)), strict=True):
            found[number] += answers
        return found

    def rooms_due(self) -> list[str]:
        """Return the rooms of what is due now, no more: it rings where nobody is signed in, too."""
        now = self.now()
        return self.look(
            lambda session: [
                alarm.room for offer in self.offers.of(alarms) for alarm in offer(session, now=now)
            ]
        )

    def rights(self) -> frozenset[Right]:
        """Return what the person at the screen may do, at most ``RIGHTS_GOOD_FOR`` seconds old."""
        clerk, (who, held, at) = self.clerk, self._held
        if who is not clerk or monotonic() - at > RIGHTS_GOOD_FOR:
            found = self._now(clerk)
            held = found.permissions if found else frozenset()
            self._held = (clerk, held, monotonic())
        return held

    def _now(self, clerk: Clerk) -> Clerk | None:
        now = self.now()
        setting, found = self._read(self._single, lambda session: self.context(session, clerk, now=now))
        self._must_fit(setting)
        return found

    def must_fit(self, session: Session) -> None:
        """Refuse books whose key was changed."""
        self._must_fit(self.context(session, NOBODY, now=self.now())[0])

    def _must_fit(self, setting: Setting) -> None:
        """Refuse to go on with a key that is the hotel's no longer: what it sealed would open nowhere."""
        if setting.key_sign and setting.key_sign != box_of(self.engine).keys.sign:
            raise StoreTrouble(
                _(
                    "The hotel's key was changed. Close the program here and enter the key of the new "
                    "recovery sheet: pms restore-key."
                )
            )

    def renewed(self, clerk: Clerk) -> Clerk:
        """Return a person who is signed in with the rights as they are now."""
        return self._now(clerk) or clerk

    def house(self) -> House:
        """Return the hotel's name, business date, zone and currency as of now."""
        setting = self._read(self._single, lambda session: self.context(session, NOBODY, now=self.now())[0])
        return House(setting.name, setting.business_date, setting.zone, setting.currency, setting.digits)

    def now(self) -> datetime:
        """Return the moment now, aware, in UTC."""
        return self.clock().astimezone(UTC)

    def new_intent(self) -> str:
        """Return a fresh key for one confirmed action."""
        return self.ids()

    def sign_in(self, login: str, password: str) -> Clerk:
        """Open the door to a person; takes about 200 ms by intent. Raises ``Refused`` with the time to
        wait."""
        self.clerk = self.door.sign_in(self, login, password)
        self.clerk = self.renewed(self.clerk)
        self._pins = 0
        return self.clerk

    def sign_out(self) -> None:
        """Close the door: nobody may do anything until somebody signs in."""
        self.clerk = NOBODY

    def pin_opens(self) -> bool:
        """Say whether a PIN opens the lock here: the session is that of a person who has one, and three wrong
        ones have not been typed."""
        return bool(self.clerk.id) and self._pins < PINS and self.door.has_pin(self)

    def unlock(self, pin: str) -> Clerk:
        """Go on with the session that a password opened here, by PIN; after three wrong ones the password is
        needed."""
        if not self.pin_opens():
            raise Refused(_("The PIN opens nothing here now. Sign in with the password."))
        self._pins += 1
        self.door.unlock(self, pin)
        self._pins = 0
        return self.clerk

    def set_pin(self, password: str, pin: str) -> None:
        """Give the person at the screen a PIN, or with an empty one none; asks for their password."""
        self.door.set_pin(self, password, pin)

    def ended(self, clerk: Clerk) -> str:
        """Say why a person's session is over; nothing while it goes on, or where nobody is signed in."""
        return self.door.ended(self, clerk) if clerk.id else ""

    def change_password(self, old: str, new: str) -> Clerk:
        """Change the password of the person at the screen, who goes on; elsewhere they are signed out."""
        with self.changes.held() as touched:  # the session goes on before anybody looks whether it is over
            self.clerk = self.door.change_password(self, old, new)
            self.clerk = self.renewed(self.clerk)
        self.changes.announce(touched)
        return self.clerk

    def approve(self, login: str, password: str, wish: NeedsApproval) -> Approval:
        """Check a person's password for one act; see ``pms.services.approvals.door``."""
        return self.door.approve(self, login, password, wish)

    def approve_by_phone(self, login: str, note: str, wish: NeedsApproval) -> Approval:
        """Keep that a person has agreed by phone; see ``pms.services.approvals.door``."""
        return self.door.by_phone(self, login, note, wish)

    def staff_names(self) -> list[tuple[str, str]]:
        """Return sign-in name and name of everybody who may sign in."""
        return self.door.names(self)

    def _done_before(self, intent: str, call: Call[Any]) -> dict[str, Any] | None:
        """Look the key up before anyone is told "not done": a failure at commit can still have committed."""
        i = Intent
        try:
            found = self.look(
                lambda s: s.execute(select(i.action, i.arguments, i.result).where(i.key == intent)).first()
            )
        except Refused:
            return None
        if found is None:
            return None
        if found.action != call.operation.action or found.arguments != self._act(call):
            raise KeyUsed(_("This form was used already. Open it again and check what was booked."))
        return dict(found.result)

    def _act(self, call: Call[Any]) -> str:
        """Return the seal of an operation and its fields; nobody without the key reads them from it."""
        fields = call.fields
        if hidden := fields.keys() & set(call.operation.secrets):
            fields = fields | {name: self._slowly(fields[name]) for name in hidden}
        done_at = [call.on_paper] if call.on_paper is not None else []
        told = json.dumps([call.operation.action, fields, *done_at], default=str, sort_keys=True)
        return box_of(self.engine).whole_mark("act", told)

    def _slowly(self, secret: str) -> str:
        """Return what stands for a password in a seal: whoever has the key tries as slowly as with its
        hash."""
        salt = box_of(self.engine).whole_mark("slow", "").encode()
        return hashlib.scrypt(secret.encode(), salt=salt, n=1 << 14, r=8, p=1).hex()

    def _conflict(self, error: IntegrityError) -> Refused:
        """Return what stood in the way; asked afterwards, it costs nothing as long as nothing does."""
        known = clashes.found(error)
        if known is None:
            raise error
        sentence, explain = known
        said = ""
        if explain is not None:
            said = self.look(lambda session: explain(session, clashes.rows(error), self.offers))
        return Conflict(said or _(sentence))


def _listed(
    offer: Callable[..., Any], given: Sequence[Any], fields: Mapping[str, Any], session: Session
) -> list[Any]:
    return list(offer(session, *given, **fields))


@contextmanager
def _told_when_asked_to_save(session: Session) -> Iterator[None]:
    """Let an error say whether the store had been asked to save: an answer that is lost then may be a yes."""
    try:
        yield
    except DBAPIError as error:
        error.was_asked_to_save = session.info.get("saving", False)  # type: ignore[attr-defined]
        raise


def _named(query: Callable[..., Any]) -> str:
    while isinstance(query, partial):
        query = query.func
    return f"{query.__module__.split('.')[-2]}.{query.__name__}"
