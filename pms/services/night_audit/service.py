"""Close the day: no-shows, room charges, snapshot, balances, proof and the new date, in one transaction."""
from datetime import date, timedelta

from sqlalchemy import String, case, cast, func, insert, literal, select, union_all, update
from sqlalchemy.sql.elements import ColumnElement

from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.permissions import Permission
from pms.db import audit
from pms.db.base import AuditEntry
from pms.db.types import summed
from pms.db.work import Work, operation
from pms.services.folios import ledger
from pms.services.folios.models import LEDGERS, Account, AccountDay, LedgerDay, Transfer
from pms.services.property.models import Property
from pms.services.reservations import service as reservations
from pms.services.reservations.models import HOLDING, BookedRoom, NightRate, Reservation
from pms.services.rooms import inventory
from pms.services.rooms.models import Block, Room, RoomNight, RoomType
from pms.services.stays.models import Segment, Stay

from .models import AuditRun, NightFigure, NightStay

DAY = timedelta(days=1)


@operation(Permission.AUDIT_RUN)
def begin(work: Work, *, business_date: date) -> None:
    """Open the audit of a business date, or take it up where another workstation left it."""
    _must_be_open(work, business_date)
    if work.session.get(AuditRun, business_date) is None:
        work.session.add(AuditRun(business_date=business_date, started_at=work.now, started_by=work.clerk.id or None, station=work.station))
        work.touch("night_audit")


@operation(Permission.AUDIT_RUN)
def mark(work: Work, *, business_date: date, finding: str, state: str, remark: str) -> None:
    """Approve or query a finding with the auditor's remark, which is stored."""
    run = work.session.get_one(AuditRun, business_date)
    if state not in ("approved", "queried") or not remark.strip():
        raise Refused(_("Approve or query a finding, and say why."))
    run.marks = {**run.marks, finding: {"state": state, "remark": remark.strip(), "by": work.clerk.name, "at": work.now.isoformat()}}
    work.touch("night_audit")


def _must_be_open(work: Work, business_date: date) -> None:
    """Lock the hotel's row, so that of two auditors one waits and then finds the day closed."""
    house = work.session.get_one(Property, 1, with_for_update=True)
    if house.business_date != business_date:
        raise Conflict(_("%(day)s is closed already; the business date is %(now)s.")
                       % {"day": f"{business_date:%Y-%m-%d}", "now": f"{house.business_date:%Y-%m-%d}"})


@operation(Permission.AUDIT_RUN)
def close(work: Work, *, business_date: date) -> int:
    """Post and close a business date and return the number of postings; the day is open or closed, never half."""
    _must_be_open(work, business_date)
    _refuse_overdue(work, business_date)
    run = work.session.get(AuditRun, business_date)
    if run is None:
        run = AuditRun(business_date=business_date, started_at=work.now, started_by=work.clerk.id or None, station=work.station)
        work.session.add(run)
    run.no_shows = _no_shows(work, business_date)
    run.postings = post_room_charges(work, business_date)
    _snapshot(work, business_date, run.no_shows)
    run.total = _close_books(work, business_date)
    _prove(work, business_date, run)
    work.update_many(Room, [Room.id.in_(select(Stay.room_id).where(Stay.state == "in_house"))], {"clean": "dirty"})
    work.session.get_one(Property, 1).business_date = business_date + DAY
    inventory.extend(work, business_date + DAY * (1 + work.setting.options.inventory_days))
    run.step, run.closed_at, run.closed_by = "report", work.now, work.clerk.id or None
    work.touch("business_date", "night_audit", "stays", "reservations", "rooms", "folios")
    return run.postings


def _refuse_overdue(work: Work, business_date: date) -> None:
    overdue = work.session.execute(select(Room.number).join(Stay, Stay.room_id == Room.id)
                                   .where(Stay.state == "in_house", Stay.departure <= business_date).order_by(Room.number)).scalars().all()
    if overdue:
        raise Refused(_("Departures are not out: %(rooms)s. Check them out or extend them first.") % {"rooms": ", ".join(overdue[:12])})


def _no_shows(work: Work, business_date: date) -> int:
    missing = work.session.scalars(select(BookedRoom).where(BookedRoom.arrival <= business_date, BookedRoom.state.in_(HOLDING))
                                   .order_by(BookedRoom.counted_type_id, BookedRoom.id)).all()
    for line in missing:
        reservations.give_up(work, line, "no_show", _("Not arrived by the night audit"))
        if work.setting.options.no_show_nights:
            _keep_advance(work, line)
    return len(missing)


def _keep_advance(work: Work, line: BookedRoom) -> None:
    """A no-show costs the first nights by the hotel's rule, out of the advance deposit and never more than it."""
    found = work.session.execute(select(Account.id).where(Account.line_id == line.id)).scalar()
    if found is None:
        return
    price = work.session.execute(select(func.sum(NightRate.price)).where(
        NightRate.line_id == line.id, NightRate.night < line.arrival + DAY * work.setting.options.no_show_nights)).scalar() or 0
    amount = min(int(price), -ledger.balance(work, found))
    if amount > 0:
        ledger.post(work, debit=found, credit=ledger.account(work, "NOSHOW"), amount=amount, code="NOSHOW")


def tonight(business_date: date) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which an open stay's segment covers the night; join Stay and Segment."""
    return Stay.state == "in_house", Segment.start <= business_date, Segment.end > business_date


def post_room_charges(work: Work, business_date: date) -> int:
    """Post the night's price of every paying stay, within the database; a negative price is a rebate the other way, 0 is no row."""
    revenue, price = ledger.account(work, "ROOM"), NightRate.price
    columns = ["business_date", "at", "debit_id", "credit_id", "amount", "code", "text", "rule", "quantity", "key", "slip", "stay_id", "night",
               "clerk_id", "station"]
    source = (
        select(literal(business_date), literal(work.now, Transfer.__table__.c.at.type), case((price > 0, Account.id), else_=revenue),
               case((price > 0, revenue), else_=Account.id), func.abs(price), literal("ROOM"), Room.number, NightRate.rule, literal(1),
               literal(f"night:{business_date}:") + cast(Stay.id, String), literal(""), Stay.id, literal(business_date),
               literal(work.clerk.id or None, Transfer.__table__.c.clerk_id.type), literal(work.station))
        .select_from(Stay).join(Segment, Segment.stay_id == Stay.id).join(Room, Room.id == Segment.room_id)
        .join(NightRate, (NightRate.line_id == Stay.line_id) & (NightRate.night == business_date))
        .join(Account, (Account.stay_id == Stay.id) & (Account.ledger == "guest") & (Account.window == "A"))
        .where(*tonight(business_date), Stay.kind == "", price != 0).order_by(Stay.id))
    made = work.insert_from(Transfer, columns, source)
    return made + (_post_tax(work, business_date, columns) if work.setting.options.tax_basis_points else 0)


def _post_tax(work: Work, business_date: date, columns: list[str]) -> int:
    """Tax on tonight's room charges, rounded half up in integers."""
    t, points, account = Transfer, work.setting.options.tax_basis_points, ledger.account(work, "TAX")
    tax = (t.amount * points + 5000) / literal(10000)
    whole = cast(func.floor(tax), t.__table__.c.amount.type) if work.session.get_bind().dialect.name != "sqlite" else (t.amount * points + 5000).op("/")(10000)
    source = (select(literal(business_date), literal(work.now, t.__table__.c.at.type), t.debit_id, literal(account), whole, literal("TAX"), t.text,
                     literal(f"{points / 100:g} %"), literal(1), literal("tax:") + t.key, literal(""), t.stay_id, literal(business_date),
                     literal(work.clerk.id or None, t.__table__.c.clerk_id.type), literal(work.station))
              .join(Account, (Account.id == t.debit_id) & (Account.ledger == "guest"))
              .where(t.business_date == business_date, t.code == "ROOM", t.night == business_date, whole > 0).order_by(t.id))
    return work.insert_from(Transfer, columns, source)


def _snapshot(work: Work, business_date: date, no_shows: int) -> None:
    """Write down tonight's rooms as they are, and the day's counts per type; every later figure comes from here."""
    free = case((Stay.kind == "", func.coalesce(NightRate.price, 0)), else_=0)
    work.insert_from(NightStay, ["business_date", "stay_id", "room_id", "type_id", "kind", "price", "heads", "source"], (
        select(literal(business_date), Stay.id, Segment.room_id, Segment.type_id, Stay.kind, free, Stay.adults + Stay.children, Reservation.source)
        .select_from(Stay).join(Segment, Segment.stay_id == Stay.id).join(BookedRoom, BookedRoom.id == Stay.line_id)
        .join(Reservation, Reservation.id == BookedRoom.reservation_id)
        .outerjoin(NightRate, (NightRate.line_id == Stay.line_id) & (NightRate.night == business_date))
        .where(*tonight(business_date)).order_by(Stay.id)))
    rows = _figures(work, business_date)
    missing = _no_shows_by_type(work, business_date) if no_shows else {}
    work.insert_many(NightFigure, [{**row, "no_shows": missing.get(row["type_id"], 0)} for row in rows])


def _figures(work: Work, business_date: date) -> list[dict[str, int]]:
    n, s = NightStay, work.session
    sold = {r.type_id: r for r in s.execute(select(
        n.type_id, func.sum(case((n.kind == "", 1), else_=0)).label("sold"), func.sum(case((n.kind == "comp", 1), else_=0)).label("comp"),
        func.sum(case((n.kind == "house", 1), else_=0)).label("house"), func.sum(n.price).label("revenue"))
        .where(n.business_date == business_date).group_by(n.type_id))}
    rooms = dict(s.execute(select(Room.type_id, func.count()).where(Room.active).group_by(Room.type_id)).all())
    blocked = dict(s.execute(select(Room.type_id, func.count()).join(RoomNight, (RoomNight.room_id == Room.id) & (RoomNight.night == business_date))
                             .join(Block, Block.id == RoomNight.block_id).where(Block.kind == "OOO").group_by(Room.type_id)).all())
    came = dict(s.execute(select(Room.type_id, func.count()).join(Stay, Stay.room_id == Room.id)
                          .where(Stay.arrival == business_date, Stay.state != "undone").group_by(Room.type_id)).all())
    left = dict(s.execute(select(Room.type_id, func.count()).join(Stay, Stay.room_id == Room.id)
                          .where(Stay.departed_on == business_date, Stay.state == "departed").group_by(Room.type_id)).all())
    made = []
    for type_id in s.scalars(select(RoomType.id).order_by(RoomType.id)):
        row = sold.get(type_id)
        made.append({"business_date": business_date, "type_id": type_id, "rooms": rooms.get(type_id, 0), "out_of_order": blocked.get(type_id, 0),
                     "house_use": int(row.house) if row else 0, "sold": int(row.sold) if row else 0, "complimentary": int(row.comp) if row else 0,
                     "revenue": int(row.revenue) if row else 0, "arrivals": came.get(type_id, 0), "departures": left.get(type_id, 0)})
    return made  # type: ignore[return-value]


def _no_shows_by_type(work: Work, business_date: date) -> dict[int, int]:
    work.session.flush()
    b = BookedRoom
    return dict(work.session.execute(select(b.counted_type_id, func.count()).where(b.arrival == business_date, b.state == "no_show")
                                     .group_by(b.counted_type_id)).all())


def _close_books(work: Work, business_date: date) -> int:
    """Write what each account moved today, carry its balance forward, and return the day's turnover."""
    t, a, d = Transfer.__table__.c, Account.__table__.c, AccountDay.__table__.c
    moves = union_all(
        select(t.debit_id.label("account_id"), t.amount.label("debit"), literal(0).label("credit")).where(t.business_date == business_date),
        select(t.credit_id, literal(0), t.amount).where(t.business_date == business_date)).subquery()
    debit, credit = func.sum(moves.c.debit), func.sum(moves.c.credit)
    work.insert_from(AccountDay, ["business_date", "account_id", "opening", "debit", "credit", "closing"], (
        select(literal(business_date), a.id, a.balance, debit, credit, a.balance + debit - credit)
        .join(moves, moves.c.account_id == a.id).group_by(a.id, a.balance).order_by(a.id)))
    closing = select(d.closing).where(d.business_date == business_date, d.account_id == a.id).scalar_subquery()
    moved = select(d.account_id).where(d.business_date == business_date)
    work.session.execute(update(Account.__table__).where(a.id.in_(moved)).values(balance=closing))  # type: ignore[arg-type]
    _close_ledgers(work, business_date)
    return int(work.session.execute(select(summed(d.debit)).where(d.business_date == business_date)).scalar_one())


def _close_ledgers(work: Work, business_date: date) -> None:
    a, d, prior = Account.__table__.c, AccountDay.__table__.c, LedgerDay
    opening = dict(work.session.execute(select(prior.ledger, prior.closing).where(prior.business_date == business_date - DAY)).all())
    moved = {r.ledger: (int(r.debit), int(r.credit)) for r in work.session.execute(
        select(a.ledger, func.sum(d.debit).label("debit"), func.sum(d.credit).label("credit"))
        .select_from(AccountDay).join(Account, Account.id == AccountDay.account_id)
        .where(d.business_date == business_date).group_by(a.ledger))}
    rows = []
    for name in LEDGERS:
        start, (debit, credit) = int(opening.get(name, 0)), moved.get(name, (0, 0))
        rows.append({"business_date": business_date, "ledger": name, "opening": start, "debit": debit, "credit": credit,
                     "closing": start + debit - credit})
    work.session.execute(insert(LedgerDay.__table__), rows)  # type: ignore[arg-type]


def _prove(work: Work, business_date: date, run: AuditRun) -> None:
    """Refuse to close a day whose ledgers do not equal the sum of their accounts, or whose trail was touched."""
    a = Account.__table__.c
    standing = dict(work.session.execute(select(a.ledger, func.sum(a.balance)).where(a.balance != 0).group_by(a.ledger)).all())
    rows = work.session.execute(select(LedgerDay.ledger, LedgerDay.closing).where(LedgerDay.business_date == business_date)).all()
    for name, closing in rows:
        if int(standing.get(name, 0)) != closing:
            raise Refused(_("The ledger “%(name)s” does not prove: closing %(closing)s, its accounts %(sum)s. Call for help; nothing was closed.")
                          % {"name": name, "closing": closing, "sum": standing.get(name, 0)})
    if sum(closing for _name, closing in rows):
        raise Refused(_("The trial balance does not close. Call for help; nothing was closed."))
    _prove_trail(work, business_date, run)


def _prove_trail(work: Work, business_date: date, run: AuditRun) -> None:
    before = work.session.execute(select(AuditRun.trail_count, AuditRun.trail_head).where(AuditRun.business_date < business_date)
                                  .order_by(AuditRun.business_date.desc()).limit(1)).first()
    count, head = (before.trail_count, before.trail_head or audit.START) if before else (0, audit.START)
    for broken in audit.broken_links(work.session, work.secret, after=count, before=head):
        raise Refused(_("The audit trail was changed at entry %(n)s. Call for help; nothing was closed.") % {"n": broken})
    last = work.session.execute(select(AuditEntry.id, AuditEntry.digest).order_by(AuditEntry.id.desc()).limit(1)).first()
    run.trail_count, run.trail_head = (last.id, last.digest) if last else (0, audit.START)


@operation(Permission.AUDIT_RUN)
def step_done(work: Work, *, business_date: date, step: str) -> None:
    """Note that a step after the close is finished: report, then backup, then done."""
    run = work.session.get_one(AuditRun, business_date)
    order = ("report", "backup", "done")
    if run.closed_at is None or step not in order[:2]:
        raise Refused(_("The day is not closed yet."))
    run.step = order[order.index(step) + 1]
    run.done_at = work.now if run.step == "done" else None
    work.touch("night_audit")
