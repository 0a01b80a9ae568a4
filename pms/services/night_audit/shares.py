"""What each closed day sold by source and by kind of price, summed once, so that a report over a year reads a
few rows a day and not every night."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Subquery, bindparam, func, insert, literal_column, or_, select, union_all
from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.db.base import table_of
from pms.db.work import Work

from .models import NightPart, NightShare, NightStay

_N, _P, _S = (table_of(table) for table in (NightStay, NightPart, NightShare))
NET = func.coalesce(_N.c.net, _N.c.price)
"""What a night brought the house, without the tax and service charge that its price included."""


def _each() -> Subquery:
    """Every night that was paid for and every part of a day, one row each."""
    none: Any = literal_column("0")
    return union_all(
        select(
            _N.c.business_date.label("business_date"),
            _N.c.source.label("source"),
            func.coalesce(_N.c.segment, "").label("segment"),
            literal_column("1").label("sold"),
            none.label("halves"),
            NET.label("revenue"),
        ).where(
            _N.c.business_date >= bindparam("start"), _N.c.business_date <= bindparam("end"), _N.c.kind == ""
        ),
        select(_P.c.business_date, _P.c.source, _P.c.segment, none, _P.c.halves, _P.c.revenue).where(
            _P.c.business_date >= bindparam("start"), _P.c.business_date <= bindparam("end")
        ),
    ).subquery()


_EACH = _each()
_KEY = (_EACH.c.business_date, _EACH.c.source, _EACH.c.segment)
_SUMS = (func.sum(_EACH.c.sold), func.sum(_EACH.c.halves), func.sum(_EACH.c.revenue))
_SUM_UP = insert(_S).from_select(
    ["business_date", "source", "segment", "sold", "halves", "revenue"],
    select(*_KEY, *_SUMS).group_by(*_KEY).order_by(*_KEY),
)
_LAST = select(func.max(_S.c.business_date))


def last(session: Session) -> date | None:
    """Return the last day that is summed; every day before it is too."""
    found: date | None = session.execute(_LAST).scalar()
    return found


def sum_up(work: Work, until: date) -> None:
    """Sum the closed days up to ``until`` that are not summed yet."""
    done = last(work.session)
    start = date.min if done is None else date.fromordinal(done.toordinal() + 1)
    if start <= until:
        work.insert_from(NightShare, _SUM_UP, {"start": start, "end": until})


def wrong(session: Session) -> Iterator[str]:
    """Yield a sentence for every day whose sums are not those of its nights."""
    if (until := last(session)) is None:
        return
    each = select(*_EACH.c).subquery()
    signed = union_all(
        select(
            each.c.business_date, each.c.source, each.c.segment, each.c.sold, each.c.halves, each.c.revenue
        ),
        select(_S.c.business_date, _S.c.source, _S.c.segment, -_S.c.sold, -_S.c.halves, -_S.c.revenue),
    ).subquery()
    differs = (func.sum(signed.c[name]) != 0 for name in ("sold", "halves", "revenue"))
    of = (signed.c.business_date, signed.c.source, signed.c.segment)
    found = select(signed.c.business_date).group_by(*of).having(or_(*differs))
    for day in session.scalars(
        found.distinct().order_by(signed.c.business_date), {"start": date.min, "end": until}
    ):
        yield _("The sums of %(day)s by source and kind of price are not those of its nights.") % {"day": day}
