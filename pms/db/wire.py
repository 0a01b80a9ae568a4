"""Fewer round trips to a PostgreSQL server: what needs no answer goes with the next question, a transaction
begins with its first one, and questions that do not wait for each other are asked together.

Nothing of this changes what is done or in which order; on an embedded database every statement is a call, and
only the one session for a round of questions is left.
"""

import functools
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, FrozenResult, Result, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from pms.db import patience

R = TypeVar("R")
IDLE = 20.0
"""Seconds without use after which a connection is asked whether it still stands before it is used again."""
LATER = {"later": True}
"""Execution options of a statement that needs no answer, not even how many rows it found: it goes to the
server with the next one. What it is refused for is told then, as if it had been told at once."""


def finding(rows: int) -> dict[str, Any]:
    """Return the same for a statement that must find so many rows: that it does not is a defect, told as soon
    as it has been sent and before anything is committed."""
    return {"finds": rows}


_SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class _Sent(Exception):
    """A statement has been taken down; it is run together with others."""


class _Said(NamedTuple):
    """A statement for the server: its values (``many``: of many rows), and how many rows it must find (None:
    any number)."""

    words: str
    values: Any = None
    many: bool = False
    finds: int | None = None


class _Wire:
    """What one connection still has to say (``later``); what is taken down for a round of questions, and the
    answers of such a round."""

    def __init__(self) -> None:
        self.used = time.monotonic()
        self.clear()

    def clear(self) -> None:
        """Forget what was to be said: its transaction is over."""
        self.later: list[_Said] = []
        self.taken: list[_Said] | None = None
        self.answers: list[tuple[str, Any]] = []
        self.flushing = False


_WIRES: WeakKeyDictionary[Any, _Wire] = WeakKeyDictionary()


def _of(raw: Any) -> _Wire:
    return _WIRES.setdefault(raw, _Wire())


# ------------------------------------------------------------------ one transaction
def few_trips(engine: Engine) -> None:
    """Let an engine's connections use the wire sparingly."""
    event.listen(engine, "checkout", _out)
    event.listen(engine, "checkin", _in)
    event.listen(engine, "commit", _committing)
    event.listen(engine, "rollback", _undoing)
    event.listen(engine, "handle_error", _name_refused)
    event.listen(engine, "do_execute", functools.partial(_say, many=False))
    event.listen(engine, "do_executemany", functools.partial(_say, many=True))
    _watch_flushes()


def _out(raw: Any, _record: Any, _proxy: Any) -> None:
    wire = _of(raw)
    wire.clear()
    try:
        raw.autocommit = (
            True  # the driver's own BEGIN would be waited for: it is sent with the first statement
        )
        if time.monotonic() - wire.used > IDLE:
            raw.execute("SELECT 1")
    except Exception as error:
        raise DisconnectionError from error


def _in(raw: Any, _record: Any) -> None:
    if raw is not None:
        _of(raw).used = time.monotonic()


def _committing(connection: Connection) -> None:
    """Commit together with what is still to be said; an error comes out as that of any statement does. The
    driver's own commit finds nothing open any more."""
    if _of(connection.connection.driver_connection).later:
        connection.exec_driver_sql("COMMIT")


def _undoing(connection: Connection) -> None:
    """Forget what is undone before it was said."""
    if not connection.invalidated:
        _of(connection.connection.driver_connection).clear()


@functools.cache
def _watch_flushes() -> None:
    """Know when a session writes its records' changes: they need no answer but how many rows they found."""

    def flushing(session: Session, now: bool) -> None:
        if session.get_bind().dialect.name == "postgresql":
            _of(session.connection().connection.driver_connection).flushing = now

    event.listen(Session, "before_flush", lambda session, _context, _objects: flushing(session, True))
    event.listen(Session, "after_flush", lambda session, _context: flushing(session, False))


def _say(cursor: Any, statement: str, parameters: Any, context: Any, *, many: bool) -> bool:
    """Run a statement: with what waits before it, later, or with others; true when it has been seen to."""
    raw = cursor.connection
    wire = _of(raw)
    if wire.taken is not None:
        wire.taken.append(_Said(statement, parameters))
        raise _Sent
    if wire.answers:
        words, context.cursor = wire.answers.pop(0)
        assert words == statement
        return True
    finds = context.execution_options.get("finds")
    if wire.flushing and context.isupdate:
        finds = len(parameters) if many else 1
    if (finds is not None or context.execution_options.get("later")) and _may_wait(context):
        context._rowcount = finds  # what it must be; looked at when it has been sent
        wire.later.append(_Said(statement, parameters, many, finds))
        return True
    waiting, wire.later = [*_begin(raw, context.execution_options), *wire.later], []
    if not waiting:
        return False
    if context._is_server_side or (statement == "COMMIT" and any(one.finds is not None for one in waiting)):
        _run(raw, waiting, [])  # a cursor is declared by itself; what found nothing must not be committed
        return False
    _run(raw, waiting, [(cursor, _Said(statement, parameters, many))])
    return True


def _may_wait(context: Any) -> bool:
    """Say whether nothing comes back of a statement; after a savepoint nothing waits, for what is refused
    when it is released can no longer be taken back alone."""
    return not (context.compiled.effective_returning or context.root_connection.in_nested_transaction())


def _begin(raw: Any, options: Any) -> list[_Said]:
    """Return what begins a transaction where none is open yet and one is wanted."""
    if (
        raw.pgconn.transaction_status
        or options.get("single")
        or options.get("isolation_level") == "AUTOCOMMIT"
    ):
        return []
    raw.limit = None if options.get("patient") else patience.SILENCE
    begun = [_Said(_SNAPSHOT if options.get("write") is False else "BEGIN")]
    return [*begun, _Said(patience.NO_LIMIT)] if options.get("patient") else begun


def _run(raw: Any, waiting: Sequence[_Said], asked: Sequence[tuple[Any, _Said]]) -> None:
    """Send everything at once and wait for the answers."""
    told = [(raw.cursor(), one) for one in waiting]
    try:
        with raw.pipeline():
            for cursor, one in (*told, *asked):
                (cursor.executemany if one.many else cursor.execute)(one.words, one.values)
    except Exception as error:
        error.refused = next((one for cursor, one in (*told, *asked) if _undone(cursor, one)), None)  # type: ignore[attr-defined]
        raise
    for cursor, one in told:
        if one.finds is not None and cursor.rowcount != one.finds:
            raise StaleDataError(f"{one.finds} rows were to change and {cursor.rowcount} did: {one.words}")


def _undone(cursor: Any, one: _Said) -> bool:
    """Say whether a statement was not carried out, or not for all of its rows."""
    return bool(cursor.rowcount < len(one.values) if one.many else cursor.statusmessage is None)


def _name_refused(context: ExceptionContext) -> None:
    """Let an error name the statement that was refused, not the one it went with."""
    refused = getattr(context.original_exception, "refused", None)
    error = context.sqlalchemy_exception
    if refused is not None and isinstance(error, DBAPIError):
        error.statement, error.params = refused.words, refused.values


# ------------------------------------------------------------------ a round of questions
class _Unanswered(BaseException):
    """A question has come to something that the server has not been asked yet."""


class _Asker:
    """Stands for the session in one of several questions: gives the answers that are there, in the order in
    which they were asked for, and stops the question at the first that is not."""

    def __init__(self, session: Session, known: Sequence[FrozenResult[Any]]) -> None:
        self.info, self._known, self.get_bind = dict(session.info), iter(known), session.get_bind

    def execute(self, statement: Any, values: Any = None) -> Result[Any]:
        """Return the answer."""
        if (answer := next(self._known, None)) is None:
            raise _Unanswered(statement, values)
        return answer()

    def scalars(self, statement: Any, values: Any = None) -> Any:
        """Return the first column of the answer."""
        return self.execute(statement, values).scalars()

    def scalar(self, statement: Any, values: Any = None) -> Any:
        """Return the first value of the answer, None when there is none."""
        return self.execute(statement, values).scalar()


def ask_all(session: Session, questions: Sequence[Callable[[Any], R]]) -> list[R]:
    """Ask several questions of one session and return their answers in order.

    On a server each question is begun again with the answers it has until none is missing: what all of them
    wait for goes out as one. A question only reads, so beginning again changes nothing.
    """
    if len(questions) < 2 or session.get_bind().dialect.name != "postgresql":
        return [question(session) for question in questions]
    known: list[list[FrozenResult[Any]]] = [[] for _question in questions]
    answers: dict[int, R] = {}
    while len(answers) < len(questions):
        asked: dict[int, _Unanswered] = {}
        for n in range(len(questions)):
            if n not in answers:
                try:
                    answers[n] = questions[n](_Asker(session, known[n]))
                except _Unanswered as missing:
                    asked[n] = missing
        for n, answer in zip(asked, _together(session, [one.args for one in asked.values()]), strict=True):
            known[n].append(answer)
    return [answers[n] for n in range(len(questions))]


def _together(session: Session, asked: Sequence[tuple[Any, ...]]) -> list[FrozenResult[Any]]:
    """Run statements that do not depend on each other in one round trip and return their results, all
    fetched."""
    if not asked:
        return []
    raw: Any = session.connection().connection.driver_connection
    wire = _of(raw)
    taken: list[_Said] = []
    wire.taken = taken
    try:
        for statement, values in asked:
            try:
                session.execute(statement, values)
            except _Sent:
                continue
    finally:
        wire.taken = None
    cursors = [raw.cursor() for _statement in taken]
    waiting, wire.later = [*_begin(raw, {"write": False}), *wire.later], []
    _run(raw, waiting, list(zip(cursors, taken, strict=True)))
    wire.answers = [(one.words, cursor) for one, cursor in zip(taken, cursors, strict=True)]
    try:
        return [session.execute(statement, values).freeze() for statement, values in asked]
    finally:
        wire.answers = []
