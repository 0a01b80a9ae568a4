"""What the close writes, all of it within the database: a fixed number of statements, whatever the rooms and
the history."""

from collections.abc import Mapping
from contextlib import closing
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Date,
    Insert,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    insert,
    literal,
    literal_column,
    null,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import BindParameter, ColumnElement

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.db import audit
from pms.db.base import AuditEntry, table_of
from pms.db.types import Moment, summed
from pms.db.work import Work
from pms.services.folios import ledger, routing, tax, two_books
from pms.services.folios.ledger import ROOM_CODES
from pms.services.folios.models import (
    LEDGERS,
    Account,
    AccountDay,
    LedgerDay,
    RoutedCharge,
    RoutingRule,
    Transfer,
)
from pms.services.folios.routing import Route
from pms.services.reservations.models import NightRate
from pms.services.rooms.models import Room
from pms.services.stays.models import IN_HOUSE, Segment, Stay

from . import seals
from .models import AuditRun

DAY = timedelta(days=1)
TODAY: BindParameter[date] = bindparam("today", type_=Date)
_TEXT = String()
PARTS = tuple(code for code in ROOM_CODES if code != "ROOM")
"""Codes of a part of a day: room revenue, and half a night or, a full day, a whole one."""


def tonight(business_date: date | BindParameter[date]) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which an open stay's segment covers the night; join Stay and Segment."""
    return IN_HOUSE, *_covers(business_date)


def left_after(business_date: date | BindParameter[date]) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which a guest left after midnight and before the close, and has had the
    night."""
    return Stay.departed_on == business_date, Stay.state == "departed", *_covers(business_date)


def _covers(night: date | BindParameter[date]) -> tuple[ColumnElement[bool], ...]:
    return Segment.start <= night, Segment.end > night


PRICE = and_(NightRate.line_id == Stay.line_id, NightRate.night == TODAY)
_FOLIO = and_(Account.stay_id == Stay.id, Account.ledger == "guest", Account.window == "A")


def _posting(**columns: Any) -> dict[str, Any]:
    """Return a posting's columns in the order of the statement: those given, and what every posting of
    tonight has."""
    return {
        "business_date": TODAY,
        "at": bindparam("at", type_=Moment),
        "quantity": literal_column("1"),
        "night": TODAY,
        "clerk_id": bindparam("clerk", type_=BigInteger),
        "station": bindparam("station", type_=_TEXT),
        **columns,
    }


@cache
def _charges(*, routed: bool) -> Insert:
    """What the nights cost; ``routed``: some go by rules to other folios than the guest's own, and say so."""
    price, books, r = NightRate.price, table_of(Account).alias(), RoutingRule
    revenue = select(books.c.id).where(books.c.code == "ROOM").scalar_subquery()
    payer: ColumnElement[Any] = func.coalesce(r.account_id, Account.id) if routed else Account.id.expression
    by = bindparam("by", type_=_TEXT) + cast(r.id, String) + bindparam("after", type_=_TEXT)
    told = case((r.id.is_(None), NightRate.rule), else_=func.ltrim(NightRate.rule + "; " + by, "; "))
    columns = _posting(
        debit_id=case((price > 0, payer), else_=revenue),
        credit_id=case((price > 0, revenue), else_=Account.id),
        amount=func.abs(price),
        code=literal("ROOM"),
        text=Room.number,
        rule=told if routed else NightRate.rule,
        key=bindparam("prefix", type_=_TEXT) + cast(Stay.id, String),
        slip=literal(""),
        stay_id=Stay.id,
    )
    asked = (
        select(*columns.values())
        .select_from(Stay)
        .join(Segment, Segment.stay_id == Stay.id)
        .join(Room, Room.id == Segment.room_id)
        .join(NightRate, PRICE)
        .join(Account, _FOLIO)
        .where(*tonight(TODAY), Stay.kind == "", price != 0)
        .order_by(Stay.room_id)
    )
    if routed:
        chosen = r.id.in_(bindparam("rules", expanding=True))
        asked = asked.outerjoin(r, and_(r.stay_id == Stay.id, chosen, price > 0))
    return insert(table_of(Transfer)).from_select(list(columns), asked)


@cache
def _following(code: str, of: str, share: tax.Share, inside: tax.Share) -> Insert:
    """What follows tonight's room charges (or their service charge): ``code`` on the postings of ``of``, less
    what these include themselves.

    The payer bears it on top of the price, or it is taken out of the revenue of a price that includes it; a
    rebate takes it the other way.
    """
    t, room, books = Transfer, aliased(Transfer), table_of(Account).alias()
    amount = tax.share_of(tax.without(t.amount, inside), share)
    revenue = select(books.c.id).where(books.c.code == of).scalar_subquery()
    into = select(books.c.id).where(books.c.code == code).scalar_subquery()
    night = select(books.c.id).where(books.c.code == "ROOM").scalar_subquery()
    payer = case((room.credit_id == night, room.debit_id), else_=room.credit_id)
    bears, paid = revenue if share.included else payer, t.credit_id == revenue
    columns = _posting(
        debit_id=case((paid, bears), else_=into),
        credit_id=case((paid, into), else_=bears),
        amount=amount,
        code=literal(code),
        text=t.text,
        rule=bindparam("rate", type_=_TEXT),
        key=literal(code.lower() + ":") + t.key,
        slip=literal("X") + cast(room.id, String),
        stay_id=t.stay_id,
    )
    if of != "ROOM":  # one row of a code per night: the tax on the service charge is the second
        columns["night"] = cast(null(), Date)
    return insert(table_of(Transfer)).from_select(
        list(columns),
        (
            select(*columns.values())
            .select_from(t)
            .join(room, and_(room.stay_id == t.stay_id, room.night == TODAY, room.code == "ROOM"))
            .where(
                t.business_date == TODAY,
                t.code == of,
                t.night == TODAY,
                room.key.startswith("night:"),  # who left after midnight has paid the tax at the desk
                amount > 0,
            )
            .order_by(t.id)
        ),
    )


def post_room_charges(work: Work, business_date: date) -> int:
    """Post the night's price of every paying stay; a negative price is a rebate the other way, 0 is no row.
    Returns how many."""
    common = {"today": business_date, "at": work.now, "clerk": work.clerk.id or None, "station": work.station}
    routes = _routes(work, business_date)
    told: dict[str, Any] = {**common, "prefix": f"night:{business_date}:"}
    if routes:
        before, _n, after = _("by routing rule %(n)s").partition("%(n)s")
        told |= {"by": before, "after": after, "rules": [route.rule for route in routes.values()]}
    made = work.insert_from(Transfer, _charges(routed=bool(routes)), told)
    room, service = (tax.rule(work.setting.options, code) for code in ("ROOM", "SERVICE"))
    steps = [("SERVICE", "ROOM", room.service, tax.NONE), ("TAX", "ROOM", room.tax, room.service)]
    if room.service.points:
        steps.append(("TAX", "SERVICE", service.tax, tax.NONE))
    for code, of, share, inside in steps:
        if share.points:
            made += work.insert_from(
                Transfer, _following(code, of, share, inside), {**common, "rate": share.words}
            )
    _keep_routed(work, business_date, routes)
    return made


def _routes(work: Work, business_date: date) -> dict[int, Route]:
    """Return by which rule each stay's night goes, the rules and the folios they lead to held; read once for
    the whole house."""
    found = routing.tonight(work.session, business_date, hold=True)
    shut = ledger.hold_folios(work, {route.account_id for route in found.values()}) if found else {}
    return {stay: route for stay, route in found.items() if not shut[route.account_id]}


def _keep_routed(work: Work, business_date: date, routes: Mapping[int, Route]) -> None:
    """Write down which nights went by a rule; what is over a rule's sum goes back to the guest."""
    if not routes:
        return
    t, within = Transfer, list[dict[str, Any]]()
    rows: Any = work.session.execute(
        select(t.id, t.stay_id, t.debit_id, t.amount)
        .where(t.business_date == business_date, t.code == "ROOM", t.night == business_date)
        .where(t.stay_id.in_(routes), t.key.startswith("night:"))
        .order_by(t.id)
    )
    for number, stay, payer, amount in rows.all():
        route = routes[stay]
        if payer != route.account_id:  # a night that gives money back stays with the guest
            continue
        if route.left is None or amount <= route.left:
            within.append({"transfer_id": number, "rule_id": route.rule, "amount": amount})
        else:
            routing.keep(work, route, number, amount, ledger.folio(work, stay))
    work.insert_many(RoutedCharge, within)


def _account_days() -> Insert:
    t, a = Transfer, Account
    none: ColumnElement[int] = literal_column("0")
    moves = union_all(
        select(t.debit_id.label("account_id"), t.amount.label("debit"), none.label("credit")).where(
            t.business_date == TODAY
        ),
        select(t.credit_id, none, t.amount).where(t.business_date == TODAY),
    ).subquery()
    debit, credit = func.sum(moves.c.debit), func.sum(moves.c.credit)
    columns = {
        "business_date": TODAY,
        "account_id": a.id,
        "opening": a.balance,
        "debit": debit,
        "credit": credit,
        "closing": a.balance + debit - credit,
    }
    return insert(table_of(AccountDay)).from_select(
        list(columns),
        (
            select(*columns.values())
            .select_from(a)
            .join(moves, moves.c.account_id == a.id)
            .group_by(a.id, a.balance)
            .order_by(a.id)
        ),
    )


_A, _D, _L = table_of(Account), table_of(AccountDay), table_of(LedgerDay)
_ACCOUNT_DAYS = _account_days()
_CARRY = (
    update(_A)
    .where(_A.c.id.in_(select(_D.c.account_id).where(_D.c.business_date == TODAY)))
    .values(
        balance=select(_D.c.closing)
        .where(_D.c.business_date == TODAY, _D.c.account_id == _A.c.id)
        .scalar_subquery()
    )
)
_CLOSED = select(_L.c.ledger, _L.c.closing).where(_L.c.business_date == TODAY)
_MOVED = (
    select(_A.c.ledger, summed(_D.c.debit), summed(_D.c.credit))
    .join(_D, _D.c.account_id == _A.c.id)
    .where(_D.c.business_date == TODAY)
    .group_by(_A.c.ledger)
)
_STANDING = (
    select(_A.c.ledger, summed(_A.c.balance)).where(_A.c.balance != literal_column("0")).group_by(_A.c.ledger)
)


def close_books(work: Work, business_date: date) -> int:
    """Write what each account moved today, carry its balance forward, prove each ledger, and return the
    sum of its debits."""
    today = {"today": business_date}
    work.insert_from(AccountDay, _ACCOUNT_DAYS, today)
    work.session.execute(_CARRY, today)
    before = {
        name: closing for name, closing in work.session.execute(_CLOSED, {"today": business_date - DAY})
    }
    moved = {name: (debit, credit) for name, debit, credit in work.session.execute(_MOVED, today)}
    rows = []
    for name in LEDGERS:
        opening, (debit, credit) = before.get(name, 0), moved.get(name, (0, 0))
        rows.append(
            {
                "business_date": business_date,
                "ledger": name,
                "opening": opening,
                "debit": debit,
                "credit": credit,
                "closing": opening + debit - credit,
            }
        )
    work.insert_many(LedgerDay, rows)
    _prove(work, {str(row["ledger"]): row["closing"] for row in rows})
    return sum(debit for debit, _credit in moved.values())


def _prove(work: Work, closing: dict[str, int]) -> None:
    """Refuse to close a day whose ledgers do not equal the sum of their accounts."""
    standing = {name: balance for name, balance in work.session.execute(_STANDING)}
    for name, expected in closing.items():
        if standing.get(name, 0) != expected:
            raise Refused(
                _(
                    "The ledger “%(name)s” does not prove: closing %(closing)s, its accounts %(sum)s. "
                    "Call for help; nothing was closed."
                )
                % {"name": name, "closing": expected, "sum": standing.get(name, 0)}
            )
    if sum(closing.values()):
        raise Refused(_("The trial balance does not close. Call for help; nothing was closed."))


_RUN_BEFORE = (
    select(
        AuditRun.trail_count,
        AuditRun.trail_head,
        exists().where(AuditEntry.record == seals.SEAL).label("sealed"),
    )
    .where(AuditRun.business_date < TODAY)
    .order_by(AuditRun.business_date.desc())
    .limit(1)
)


def prove_day(work: Work, run: AuditRun) -> bool:
    """Refuse to close a day whose audit trail was touched since the last close, or whose ledger says anything
    else than the trail; note how far the trail goes. Returns whether days were closed before that no seal
    covers."""
    before = work.session.execute(_RUN_BEFORE, {"today": run.business_date}).first()
    since, head = (before.trail_count, before.trail_head or audit.START) if before else (0, audit.START)
    run.trail_count, run.trail_head = _prove_trail(work, since, head)
    wrong = two_books.differences(
        work.session, today=run.business_date, digits=work.setting.digits, since=since
    )
    if told := next(wrong, None):
        raise Refused(_("%(what)s Call for help; nothing was closed.") % {"what": told})
    return before is not None and not before.sealed


def _prove_trail(work: Work, since: int, head: str) -> tuple[int, str]:
    with closing(audit.links(work.session, work.secret, after=since, before=head)) as chain:
        for number, digest, sound in chain:
            if not sound:
                raise Refused(
                    _("The audit trail was changed at entry %(n)s. Call for help; nothing was closed.")
                    % {"n": number}
                )
            since, head = number, digest
    return since, head
