"""How a guest who is chased stands, in words: the log, the word that was given, the sum and how it comes
about."""

from datetime import datetime

from pms.core import clock, dates
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.db.work import Setting

from .log import ChaseRow
from .models import NOTICE, REFUSES, RESULTS, TIMED
from .queries import Chased


def brief(row: ChaseRow, now: datetime, zone: str) -> str:
    """Return what came of it for a narrow place: a time of today without its day."""
    what = _(RESULTS[row.result])
    if row.until is None:
        return what
    until = clock.local(row.until, zone)
    today = until.date() == clock.local(now, zone).date()
    return _timed(row.result, what, f"{until:%H:%M}" if today else dates.moment(until))


def words(row: ChaseRow, zone: str, digits: int) -> str:
    """Return a line of the log in words: what came of it, by which time, which sum."""
    told = given_word(row, zone)
    return _("%(what)s: %(sum)s") % {"what": told, "sum": show(row.amount, digits)} if row.amount else told


def moment(at: datetime, zone: str) -> str:
    """Write a moment on the hotel's clock."""
    return dates.moment(clock.local(at, zone))


def stands(one: Chased, zone: str, digits: int) -> str:
    """Return in words how it stands with a guest: the word that was given, and what is missing."""
    said = one.standing
    given = given_word(said, zone) if said is not None and said.result in (*TIMED, REFUSES) else ""
    missing = _("missing %(sum)s") % {"sum": show(one.missing, digits)} if one.missing else ""
    return _(", ").join(filter(None, (given, missing)))


def given_word(row: ChaseRow, zone: str) -> str:
    """Return what came of a call, and until when."""
    what = _(RESULTS[row.result])
    return what if row.until is None else _timed(row.result, what, moment(row.until, zone))


def _timed(result: str, what: str, time: str) -> str:
    told = _("%(what)s by %(time)s") if result in (*TIMED, NOTICE) else _("%(what)s until %(time)s")
    return told % {"what": what, "time": time}


def told(row: ChaseRow, zone: str, digits: int) -> str:
    """Return a line of the log in words with its remark."""
    return _(", ").join(filter(None, (words(row, zone, digits), row.remark)))


def reckoned(one: Chased, s: Setting) -> list[tuple[str, Money]]:
    """Return the sums that make up what is missing, what covers it below 0."""
    if not one.to_come:
        coming = ""
    elif one.leaves or one.to_come == one.lasts.charge != one.stay.tonight:
        coming = _("Departure at %(time)s") % {"time": _hour(one.lasts.until, s.zone)}
    else:
        coming = _("Tonight")
    limit = Money(-s.options.credit_limit)
    return [
        (_("Owed now"), one.stay.balance),
        *([(coming, one.to_come)] if coming else []),
        (_("Deposit held"), Money(-one.stay.deposit)),
        *([(_("Held on cards"), Money(-one.stay.guarantee))] if one.stay.guarantee else []),
        *([(_("Credit of the house"), limit)] if limit else []),
    ]


def _hour(at: datetime | None, zone: str) -> str:
    return f"{clock.local(at, zone):%H:%M}" if at is not None else ""
