"""One confirmed action: one session, one transaction, one audit trail, one announcement."""

import functools
import hmac
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import ColumnElement, Executable, Insert, bindparam, insert, text, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from pms.core.errors import NeedsApproval, NeedsConfirmation, NotPermitted, Reason
from pms.core.i18n import _
from pms.core.offers import AskUp, Gather, Offers
from pms.core.office import Approval, Clerk, Lent
from pms.core.operation import Operation
from pms.core.options import Options
from pms.core.permissions import Permission, Right
from pms.db import patience, presence
from pms.db.base import Base, NumberSeries, PrintJob, table_of
from pms.db.sealed import sealed_columns, told
from pms.db.wire import LATER

P = ParamSpec("P")
R = TypeVar("R")
Record = TypeVar("Record", bound=Base)
OWNER = "owner"
"""The role above which there is nobody."""
_SERIES = table_of(NumberSeries)
_NEXT = (
    update(_SERIES)
    .where(_SERIES.c.name == bindparam("series"))
    .values(latest=_SERIES.c.latest + bindparam("more", type_=_SERIES.c.latest.type))
    .returning(_SERIES.c.latest)
)

_NUMBER = text("SELECT pg_advisory_xact_lock(hashtextextended(:what, :number))")


class Document(Protocol):
    """A print-out as the print room understands it."""

    @property
    def kind(self) -> str:
        """Return which paper it is (``deposit_receipt``)."""

    @property
    def title(self) -> str:
        """Return what stands at its head."""

    @property
    def number(self) -> str:
        """Return its serial number, empty where it has none."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain data that the renderers read back."""


def plain(value: Any) -> Any:
    """Return a column's value as the audit trail writes it."""
    return (
        value.isoformat()
        if isinstance(value, date)
        else value
        if isinstance(value, str | int | bool | None)
        else str(value)
    )


@dataclass(frozen=True)
class Setting:
    """The hotel's rules that nearly every operation needs, read once at the start of the transaction."""

    business_date: date
    zone: str = "UTC"
    currency: str = "CNY"
    digits: int = 2
    name: str = ""
    options: Options = Options()
    key_sign: str = ""


@dataclass
class Work:
    """What an operation may use: the session, who acts and where, the business date, the moment, print and
    touch."""

    session: Session
    clerk: Clerk
    station: str
    now: datetime
    setting: Setting
    key: str
    secret: bytes
    confirmed: frozenset[str] = frozenset()
    approval: Approval | None = None
    offers: Offers = field(default_factory=Offers)
    ticks: Callable[[Session], int] = presence.ticks
    action: str = ""
    open_door: bool = False
    topics: set[str] = field(default_factory=set)
    trail: list[dict[str, Any]] = field(default_factory=list)
    jobs: list[dict[str, Any]] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    lacking: bool = False
    lent_used: set[tuple[Lent, Right]] = field(default_factory=set)
    approved_by: int | None = None
    on_paper: datetime | None = None
    _transfers: int = 0

    @property
    def business_date(self) -> date:
        """Return the hotel's accounting day; only the night audit moves it."""
        return self.setting.business_date

    @property
    def done_at(self) -> datetime:
        """Return the moment at which what is typed was done: now, or on paper before."""
        return self.on_paper or self.now

    def may(self, permission: Right) -> bool:
        """Say whether the clerk holds a right, and note where it is lent: every use of that is written
        down."""
        if held := self.clerk.may(permission):
            self._on_loan(self.clerk.lent, permission)
        return held

    def _on_loan(self, lent: tuple[Lent, ...], permission: Right) -> None:
        found = next((one for one in lent if permission in one.rights), None)
        if found is not None:
            self.lent_used.add((found, permission))

    def must_hold(self, permission: Right) -> None:
        """Refuse who does not hold a right; what one duty does within another's act asks for its own."""
        if not self.open_door and not self.may(permission):
            raise NotPermitted(
                _("Your role may not do this (%(right)s). Ask a person who may.") % {"right": permission},
                right=permission,
            )

    def next_number(self, series: str) -> int:
        """Return the next number of a series; its row stays locked until the end of the transaction."""
        return self.next_numbers(series, 1)[0]

    def next_numbers(self, series: str, count: int) -> range:
        """Return so many next numbers of a series in one statement."""
        latest: int | None = self.session.execute(_NEXT, {"series": series, "more": count}).scalar()
        if latest is None:
            self.session.execute(_insert(NumberSeries), {"name": series, "latest": count})
            latest = count
        return range(latest - count + 1, latest + 1)

    def hold(self, table: type[Record], key: Any) -> Record:
        """Return a record as it is now, held until the end of the transaction: what is decided on it stays
        true. Rows that only name it can still be written."""
        return self.session.get_one(table, key, with_for_update={"key_share": True}, populate_existing=True)

    def lock(self, statement: Executable, **values: Any) -> None:
        """Hold the rows of a SELECT … FOR UPDATE, without asking what they say: that is read afterwards, when
        nobody changes them any more. In a file, which has one writer at a time, nothing is to be done."""
        if self.session.get_bind().dialect.name != "sqlite":
            self.session.connection().execute(statement, values, execution_options=LATER)

    def hold_number(self, what: str, number: int) -> None:
        """Hold a number until the end of the transaction where its row is only added to: a desk's role may
        not lock what it may not change. In a file, which has one writer at a time, nothing is to be done."""
        if self.session.get_bind().dialect.name != "sqlite":
            self.session.execute(_NUMBER, {"what": what, "number": number})

    def take_time(self) -> None:
        """Let what follows take as long as it needs: the close of a day, a hotel taken over."""
        patience.take_time(self.session)

    def touch(self, *topics: str) -> None:
        """Name the kinds of record that screens must look at again."""
        self.topics.update(topics)

    def print(self, slip: Document, *, record: str = "", record_id: int | None = None) -> None:
        """Queue a print-out; it is stored with what it proves, in the same transaction."""
        self.jobs.append(
            {
                "slip": slip.to_dict(),
                "kind": slip.kind,
                "number": slip.number,
                "title": slip.title,
                "station": self.station,
                "at": self.now,
                "clerk_id": self.clerk.id or None,
                "state": "queued",
                "record": record,
                "record_id": record_id,
                "reprint": 0,
                "attempts": 0,
                "trouble": "",
            }
        )
        self.touch("print_jobs")

    def gather(self, kind: Gather[P, R], /, *args: P.args, **fields: P.kwargs) -> list[R]:
        """Ask every duty that offers ``kind`` and return all their answers in the index's order."""
        return self.offers.gather(kind, self.session, *args, **fields)

    def ask_up(self, kind: AskUp[P, R], /, *args: P.args, **fields: P.kwargs) -> R:
        """Ask the one duty that answers ``kind``."""
        return self.offers.ask_up(kind, self.session, *args, **fields)

    def confirm(self, token: str, message: str) -> None:
        """Go on only when the clerk has read ``message``; raises ``NeedsConfirmation`` the first time."""
        if token not in self.confirmed:
            raise NeedsConfirmation(token, message)
        self.note("confirmed", {"token": token})

    def require(self, permission: Right, what: str | Callable[[], str], amount: int | None = None) -> None:
        """Go on when the clerk holds the right, or a second person who does has agreed to ``what``: the act
        and its object as that person reads it, without a full stop; a function where it must be looked up.
        Otherwise see ``lack``."""
        if not self.may(permission):
            self.second(Reason(permission, what if isinstance(what, str) else what(), amount))

    def owner_or_two(self, permission: Right, what: str) -> None:
        """Go on when an owner acts, or when a second person who holds the right has agreed; see
        ``second``."""
        if self.clerk.role != OWNER and not self.open_door:
            self.second(Reason(permission, what))

    def second(self, reason: Reason) -> None:
        """Go on when a second person who holds the right has agreed, although the clerk holds it too;
        otherwise see ``lack``."""
        given = self.approval
        if given is not None and reason.permission in given.permissions and self.agreed(reason):
            self._on_loan(given.lent, Right(reason.permission))
            self.note(
                "approved", {"permission": reason.permission, "by": given.name, "amount": reason.amount}
            )
        else:
            self.lack(reason)

    def agreed(self, reason: Reason) -> bool:
        """Say whether a second person has agreed to just this, and note whose approval it is."""
        self.reasons.append(reason)
        given = self.approval
        if (
            given is None
            or given.staff_id == self.clerk.id
            or Permission.APPROVE not in given.permissions
            or (reason.permission, reason.what, reason.amount) not in given.reasons
        ):
            return False
        self.approved_by = given.staff_id
        return True

    def lack(self, reason: Reason) -> None:
        """Ask for a second person when the operation has come to its end.

        It goes on as if they had agreed, so that everything they must agree to is known at once and nothing
        is asked of them that is refused anyway; then nothing of it is kept.
        """
        self.reasons = [*(r for r in self.reasons if r.what != reason.what), reason]
        self.lacking = True

    def must_be_agreed(self) -> None:
        """Raise ``NeedsApproval`` with everything that needs a second person, if one did not agree."""
        if self.lacking:
            raise NeedsApproval(*dict.fromkeys(self.reasons))

    @property
    def approver(self) -> str:
        """Return the name of who agreed to something in this act, empty where nobody had to."""
        return self.approval.name if self.approval is not None and self.approved_by is not None else ""

    def signature(self, permission: Right, what: str, verb: str = "") -> Approval:
        """Return who signs this act with name and password, the person at the screen or another; raises
        ``NeedsApproval`` without one who may. ``what`` says what is signed, ``verb`` the button."""
        signer, reason = self.approval, Reason(permission, what)
        if (
            signer is None
            or permission not in signer.permissions
            or (permission, what, None) not in signer.reasons
        ):
            raise NeedsApproval(reason, own=True, verb=verb)
        self.approved_by = signer.staff_id
        self._on_loan(signer.lent, permission)
        self.note("signed", {"what": permission, "by": signer.name}, signer.staff_id)
        return signer

    def transfer_key(self) -> str:
        """Return the unique key of this action's next transfer: the action's own key and a count."""
        self._transfers += 1
        return f"{self.key}:{self._transfers}"

    def note(self, record: str, changes: dict[str, Any], record_id: int | None = None) -> None:
        """Write a line into the audit trail that no single record shows."""
        self.trail.append({"record": record, "record_id": record_id, "changes": changes})

    def insert_one(self, table: type[Base], **values: Any) -> int:
        """Insert a record that is only written here and return its number, at a third of the unit of work's
        cost."""
        sent = told(table_of(table), values)
        made: int = self.session.execute(_insert_returning(table), sent).scalar_one()
        columns = table_of(table).c
        self.note(
            table.__tablename__,
            {
                name: "*" if columns[name].info.get("private") else plain(value)
                for name, value in values.items()
                if value is not None
            },
            made,
        )
        return made

    def insert_many(self, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert many rows in one statement; the trail gets one entry with their count and digest."""
        if not rows:
            return
        self.session.execute(
            _insert(table),
            [told(table_of(table), row) for row in rows] if sealed_columns(table_of(table)) else rows,
        )
        if table.audited:
            said = json.dumps(list(map(dict, rows)), default=str, sort_keys=True)
            digest = hmac.digest(self.secret, said.encode(), "sha256").hex()
            self.note(table.__tablename__, {"inserted": len(rows), "digest": digest})

    def insert_from(self, table: type[Base], statement: Insert, values: Mapping[str, Any]) -> int:
        """Run an INSERT … SELECT within the database and return how many rows it made; the trail gets one
        entry with the count."""
        made = self.session.connection().execute(
            statement, dict(values), execution_options={"preserve_rowcount": True}
        )
        count = int(made.rowcount)
        if count and table.audited:
            self.note(table.__tablename__, {"inserted": count, "source": "select"})
        return count

    def update_many(
        self,
        table: type[Base],
        where: Iterable[ColumnElement[bool]],
        values: Mapping[str, Any],
        each: Sequence[Mapping[str, Any]] | None = None,
    ) -> int:
        """Change many rows in one statement (``each``: once per set of parameters); the trail gets one
        entry."""
        statement = update(table.__table__).where(*where).values(dict(values))  # type: ignore[arg-type]
        made = self.session.connection().execute(statement, list(each) if each is not None else None)
        if table.audited:
            said = {k: v if isinstance(v, str | int | None) else str(v) for k, v in values.items()}
            self.note(
                table.__tablename__,
                {"updated": made.rowcount, "values": said, "each": [dict(e) for e in each or ()]},
            )
        return int(made.rowcount)

    def delete_many(self, table: type[Base], where: Iterable[ColumnElement[bool]]) -> int:
        """Delete rows that hold no history (nights released, say); the trail gets one entry."""
        statement = table.__table__.delete().where(*where)  # type: ignore[attr-defined]
        made = self.session.connection().execute(statement)
        if table.audited:
            self.note(table.__tablename__, {"deleted": made.rowcount, "where": [str(w) for w in where]})
        return int(made.rowcount)


def operation(
    permission: Right | None,
    *,
    money: bool = False,
    secrets: tuple[str, ...] = (),
    private: bool = False,
    paper: bool = False,
) -> Callable[[Callable[Concatenate[Work, P], R]], Operation[P, R]]:
    """Mark a service function as an operation: checked for its right, named in the audit trail; ``money``
    asks for an intent key, ``secrets`` names the fields that are passwords, ``private`` keeps no result, for
    it tells who somebody is: asked again, it is done again; ``paper``: it may be typed after it was done on
    paper, and goes by ``work.done_at``."""
    return lambda function: Operation(function, permission, money, secrets, private, paper)


@functools.cache
def _insert(table: type[Base]) -> Insert:
    """Building a statement costs ten times what running it does: each is built once."""
    return insert(table_of(table)).inline().execution_options(**LATER)


@functools.cache
def _insert_returning(table: type[Base]) -> ReturningInsert[int]:
    return insert(table_of(table)).returning(table_of(table).c.id)


def store_jobs(work: Work) -> None:
    """Write the queued print-outs in one statement."""
    if work.jobs:
        work.session.execute(_insert(PrintJob), work.jobs)
