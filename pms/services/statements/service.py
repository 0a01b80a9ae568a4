"""Read a statement in, clear what stays open, print how a span of days stands."""

import hashlib
from datetime import date, datetime

from sqlalchemy import select

from pms.core import dates, progress
from pms.core.clock import local
from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.limits import bounded
from pms.core.money import Money
from pms.core.typed import half_width
from pms.db.work import Work, operation
from pms.services.folios.models import Transfer

from . import formats, printouts, queries
from .duty import MATCH, MERCHANTS
from .formats import parts
from .formats.parts import Line, Statement
from .models import StatementClearing, StatementFile, StatementLine

DIGITS = 2
LONGEST = 200


@operation(MATCH)
def read_in(work: Work, *, file: str, data: bytes, first: date, last: date) -> int:
    """Keep the lines of a statement's file and return its number; ``first`` to ``last`` are the days that are
    looked at. Refuses what is cut off, of another merchant or of other days, and a file that is known."""
    work.take_time()
    if work.setting.digits != DIGITS:
        raise Refused(_("Statements are in yuan and fen; this hotel's books are in another currency."))
    digest = hashlib.sha256(data).hexdigest()
    _is_new(work, digest)
    with progress.between(0, 600):
        found = formats.read(half_width(file.replace("\\", "/").rsplit("/", 1)[-1]), data)
    _is_ours(work, found)
    _is_of_these_days(work, found, first, last)
    known = _known(work, found)
    progress.told(650)
    new = [line for line in _each_once(found) if bounded(line.key, 4 * LONGEST) not in known]
    made = work.insert_one(
        StatementFile,
        source=found.source,
        sort=found.sort,
        merchant=bounded(found.merchant),
        file=bounded(file)[-LONGEST:],
        digest=digest,
        first=found.first,
        last=found.last,
        lines=len(found.lines),
        known=len(found.lines) - len(new),
        doubled=[bounded(order) for order in found.doubled],
        closing=Money(found.closing) if found.closing is not None else None,
        at=work.now,
        business_date=work.business_date,
        clerk_id=work.clerk.id or None,
        station=work.station,
    )
    with progress.between(650, 800):
        rows = [_kept(work, made, found, line) for line in progress.through(new)]
    work.insert_many(StatementLine, rows)
    progress.told(progress.WHOLE)
    work.touch("statements")
    return made


def _is_new(work: Work, digest: str) -> None:
    f = StatementFile
    found = work.session.execute(select(f.at, f.file).where(f.digest == digest)).first()
    if found is not None:
        when = dates.moment(local(found.at, work.setting.zone), year=True)
        raise Conflict(
            _("This file was read in already: %(file)s, %(time)s.") % {"file": found.file, "time": when}
        )


def _is_ours(work: Work, found: Statement) -> None:
    """Refuse another merchant's file: that of a number which Settings does not name, or which is not the one
    that was read in before."""
    if not found.merchant:
        return
    f = StatementFile
    named = work.setting.options[MERCHANTS].replace(",", " ").split()
    before = named or list(
        work.session.scalars(
            select(f.merchant).where(f.source == found.source, f.merchant != "").distinct().limit(9)
        )
    )
    if before and found.merchant not in before:
        raise Refused(
            _(
                "This file is of merchant %(other)s, this hotel's is %(own)s. Choose the hotel's own file, "
                "or add the number in Settings."
            )
            % {"other": found.merchant, "own": ", ".join(before)}
        )


def _is_of_these_days(work: Work, found: Statement, first: date, last: date) -> None:
    days = {"first": dates.day(found.first, year=True), "last": dates.day(found.last, year=True)}
    if found.first > local(work.now, work.setting.zone).date():
        raise Refused(_("The file is of %(first)s, a day that is still to come.") % days)
    if found.last < first or found.first > last:
        raise Refused(
            _(
                "The file is of %(first)s to %(last)s. Set these days above the list first, or choose "
                "another file."
            )
            % days
        )


def _known(work: Work, found: Statement) -> set[str]:
    """Return the keys of lines that another file has brought, of these days and those beside them."""
    s = StatementLine
    return set(
        work.session.scalars(
            select(s.key).where(
                s.source == found.source,
                s.sort == found.sort,
                s.day.between(
                    min((x.at.date() for x in found.lines), default=found.first),
                    max((x.at.date() for x in found.lines), default=found.last),
                ),
            )
        )
    )


def _each_once(found: Statement) -> list[Line]:
    return list({line.key: line for line in found.lines}.values())


def _kept(work: Work, made: int, found: Statement, line: Line) -> dict[str, object]:
    return {
        "statement_id": made,
        "source": found.source,
        "sort": found.sort,
        "key": bounded(line.key, 4 * LONGEST),
        "row": line.row,
        "kind": line.kind,
        "day": line.at.date(),
        "at": _moment(line.at, work.setting.zone),
        "amount": Money(line.amount),
        "gross": Money(line.gross),
        "fee": Money(line.fee),
        "order_number": bounded(line.order.upper()),
        "trade": bounded(line.trade.upper()),
        "refund": bounded(line.refund.upper()),
        "refund_trade": bounded(line.refund_trade.upper()),
        "text": bounded(line.text),
        "state": bounded(line.state),
        "party": bounded(line.party) if found.source == parts.BANK else "",
    }


def _moment(wall: datetime, zone: str) -> datetime:
    """Return the moment at which the wall clock here shows this time."""
    return queries.moment_of(wall, zone)


@operation(MATCH)
def clear(work: Work, *, reason: str, line_id: int | None = None, transfer_id: int | None = None) -> None:
    """Leave a statement's line, or a posting, as it is, with the reason; it is open no more."""
    if not reason.strip():
        raise Refused(_("Say why the line is cleared."))
    if (line_id is None) == (transfer_id is None):
        raise Refused(_("Choose a line first."))
    c = StatementClearing
    if line_id is not None:
        work.session.get_one(StatementLine, line_id)
        work.hold_number(StatementLine.__tablename__, line_id)
        mine = c.line_id == line_id
    else:
        work.session.get_one(Transfer, transfer_id)
        work.hold_number(Transfer.__tablename__, transfer_id or 0)
        mine = c.transfer_id == transfer_id
    if work.session.scalars(select(c.id).where(mine)).first() is not None:
        raise Conflict(_("This line is cleared already. Look at the list again."))
    work.insert_one(
        c,
        line_id=line_id,
        transfer_id=transfer_id,
        reason=reason.strip(),
        at=work.now,
        business_date=work.business_date,
        clerk_id=work.clerk.id or None,
        station=work.station,
    )
    work.touch("statements")


@operation(MATCH)
def print_matched(work: Work, *, first: date, last: date) -> None:
    """Print the totals of some days by kind, and every line that is open or cleared."""
    found = queries.compared(work.session, first=first, last=last)
    work.print(printouts.matched(work, first=first, last=last, found=found), record="statement")
