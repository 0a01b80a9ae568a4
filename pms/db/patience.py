"""How long a workstation waits for a server before it says so: nobody stands before a window that hangs."""

from functools import cache
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

CONNECT = 3
"""Seconds for a connection to be made."""
LOCK, STATEMENT, SILENCE = 5.0, 5.5, 6.0
"""Seconds after which the server gives up waiting for another workstation's rows, then any statement; and
after which a workstation gives up a server that says nothing at all. With a look at what became of the last
step nobody waits longer than ten seconds to be told."""
IDLE = 10.0
"""Seconds after which the server ends a workstation that holds rows and asks nothing: it hangs. What was said
in one go with others (``wire``) does not start this clock; the others are told by ``LOCK`` all the same."""
NO_LIMIT = "SET LOCAL statement_timeout = 0"


def driver() -> Any:
    """Return the driver; only who needs it loads it."""
    import psycopg

    return psycopg


@cache
def line() -> Any:
    """Return the driver's connection, made to give a silent server up."""
    import psycopg
    from psycopg import errors

    class Connection(psycopg.Connection[Any]):
        """A connection that waits so many seconds (``limit``; None: for ever) for an answer."""

        limit: float | None = SILENCE

        def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
            """Wait for the server's answer as the driver does, but not for ever."""
            try:
                return super().wait(gen, interval, self.limit if timeout is None else timeout)
            except errors._WaitTimeout as silent:
                if timeout is not None:
                    raise
                self.pgconn.finish()  # whatever still comes is an answer to nobody
                raise psycopg.OperationalError("the server has said nothing") from silent

    return Connection


def settings() -> dict[str, Any]:
    """Return what a connection asks of the server and of the network, for the driver's ``connect``."""
    limits = {
        "lock_timeout": LOCK,
        "statement_timeout": STATEMENT,
        "idle_in_transaction_session_timeout": IDLE,
    }
    dead = {"tcp_keepalives_idle": 3, "tcp_keepalives_interval": 1, "tcp_keepalives_count": 5}
    return {
        "connect_timeout": CONNECT,
        "options": " ".join(
            [
                *(f"-c {name}={int(seconds * 1000)}" for name, seconds in limits.items()),
                *(f"-c {name}={n}" for name, n in dead.items()),  # a workstation that lost its power
            ]
        ),
        "tcp_user_timeout": int(SILENCE * 1000),
        "keepalives_idle": 3,
        "keepalives_interval": 1,
        "keepalives_count": 3,
    }


def take_time(session: Session) -> None:
    """Let the rest of a transaction take as long as it needs: closing a day, taking over a hotel."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.connection.driver_connection.limit = None  # type: ignore[union-attr]
        connection.exec_driver_sql(NO_LIMIT)


def patient(engine: Engine) -> Engine:
    """Return the same engine for what takes as long as it needs, such as bringing a schema up to date."""
    return engine.execution_options(patient=True)


def limited(engine: Engine) -> None:
    """Let an engine's connections be such as give a silent server up."""

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, args: Any, wanted: Any) -> Any:
        return line().connect(*args, **wanted)
