"""Count wrong passwords by person and by where they were typed, so that guessing takes longer and longer.

Three counts wait: a person's at one machine, everybody's at that machine, and the person's at all machines
together. The last binds only where the person has never come in, so that nobody who guesses elsewhere keeps
anybody from the desk they know.

What has passed since is counted by what no workstation's clock moves (``presence.ticks``). Where that count
begins anew, with the computer or with a server's clock put back, the wait begins anew too.
"""

from datetime import UTC, datetime, time, timedelta
from math import ceil

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from pms.db.work import Work, operation

from . import access
from .access import Kind
from .models import SignInTry

FREE_TRIES = 3
FREE_TRIES_TOGETHER = 10
"""Wrong ones of many people at one machine, or of one person at many, that are still slips."""
LONGEST_WAIT = 60
FORGIVEN = 15 * 60 * 1000
"""After so many milliseconds without a wrong one a machine is trusted again, but for the people
themselves."""
FORGOTTEN = timedelta(days=30)
HERE = "here"


def source_of(session: Session) -> str:
    """Return the machine at which somebody types, as the database sees it: no setting changes it."""
    if session.get_bind().dialect.name == "sqlite":
        return HERE
    return session.scalar(select(func.host(func.inet_client_addr()))) or HERE


def wait_after(wrong: int, free: int = FREE_TRIES) -> int:
    """Return the seconds to wait after so many wrong passwords: none, then 2, 4, 8 … 60."""
    return 0 if wrong < free else min(2 ** min(wrong - free + 1, 6), LONGEST_WAIT)


@operation(None)
def begin_try(work: Work, *, login: str) -> int:
    """Count a try at the door before the password is looked at, and return 0; or the seconds to wait, when it
    is not counted and no password is looked at."""
    source = source_of(work.session)
    rows = _rows(work.session, login, source)
    here, machine, person = rows[login, source], rows["", source], rows[login, ""]
    ticks = work.ticks(work.session)
    if machine is not None and ticks - machine.ticks >= FORGIVEN:
        machine.wrong = 0
    waits = [_left(here, FREE_TRIES, ticks), _left(machine, FREE_TRIES_TOGETHER, ticks)]
    if here is None or here.came_at is None:
        waits.append(_left(person, FREE_TRIES_TOGETHER, ticks))
    if max(waits) > 0:
        return max(waits)
    for (name, place), row in rows.items():
        if row is None:
            work.session.add(SignInTry(login=name, source=place, wrong=1, last_at=work.now, ticks=ticks))
        else:
            row.wrong, row.last_at, row.ticks = row.wrong + 1, work.now, ticks
    return 0


def _rows(session: Session, login: str, source: str) -> dict[tuple[str, str], SignInTry | None]:
    """Return the three counts, held, in one order for everybody."""
    t = SignInTry
    found = session.scalars(
        select(t)
        .where(
            or_(
                (t.login == login) & t.source.in_((source, "")),
                (t.login == "") & (t.source == source),
            )
        )
        .order_by(t.login, t.source)
        .with_for_update()
    )
    wanted: dict[tuple[str, str], SignInTry | None] = dict.fromkeys(
        (("", source), (login, ""), (login, source))
    )
    return wanted | {(row.login, row.source): row for row in found}


def _left(row: SignInTry | None, free: int, ticks: int) -> int:
    if row is None or (wait := wait_after(row.wrong, free)) == 0:
        return 0
    if ticks < row.ticks:
        row.ticks = ticks
    return max(0, ceil(wait - (ticks - row.ticks) / 1000))


@operation(None)
def end_try(work: Work, *, login: str, staff_id: int, came: bool) -> None:
    """Note a right password: what this person had wrong here is forgiven, not what others had; ``came``: the
    person signs in, and the trail says so."""
    source = source_of(work.session)
    rows = _rows(work.session, login, source)
    if (here := rows[login, source]) is not None:
        for row in (rows["", source], rows[login, ""]):
            if row is not None:
                row.wrong = max(0, row.wrong - here.wrong)
        here.wrong, here.came_at = 0, work.now
    work.session.flush()
    day = datetime.combine(work.business_date, time(), UTC)  # which no clock put forward moves
    long_ago = min(work.now, day) - FORGOTTEN
    work.session.execute(delete(SignInTry).where(SignInTry.came_at.is_(None), SignInTry.last_at < long_ago))
    if came:
        access.write(work, Kind.SIGNED_IN, "", staff_id)
