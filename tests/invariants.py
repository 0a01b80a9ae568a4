"""What must be true of a hotel's database after every action, counted again from the records themselves."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pms.services.folios.models import Account, AccountDay, Transfer
from pms.services.reservations.models import HOLDING, BookedRoom
from pms.services.rooms.models import Block, Inventory, Room, RoomNight
from pms.services.stays.models import Segment, Stay

DAY = timedelta(days=1)


def nights(start: date, end: date) -> list[date]:
    """Return the nights [start, end)."""
    return [start + DAY * n for n in range((end - start).days)]


def balances(session: Session) -> dict[int, int]:
    """Return debits less credits of every account that ever moved, from the ledger's rows alone."""
    found: Counter[int] = Counter()
    for debit, credit, amount in session.execute(
        select(Transfer.debit_id, Transfer.credit_id, Transfer.amount)
    ):
        found[debit] += amount
        found[credit] -= amount
    return dict(found)


def check_books(session: Session) -> None:
    """The books balance, no reversal is reversed, no deposit is below nothing and a settled stay owes
    nothing."""
    standing = balances(session)
    assert sum(standing.values()) == 0
    for account in session.scalars(select(Account)):
        balance = standing.get(account.id, 0)
        if account.ledger in ("deposit", "advance"):
            assert balance <= 0, f"{account.ledger} of stay {account.stay_id} paid out more than was held"
        if account.closed:
            assert balance == 0, f"a settled folio of stay {account.stay_id} stands at {balance}"
    rows = {t.id: t for t in session.scalars(select(Transfer))}
    for row in rows.values():
        if row.reverses is not None:
            undone = rows[row.reverses]
            assert undone.reverses is None
            assert (undone.amount, undone.debit_id, undone.credit_id) == (
                row.amount,
                row.credit_id,
                row.debit_id,
            )


def check_by_day(session: Session, today: date) -> None:
    """Who is promised a room by day finds one: his own, or one of the type that nobody has from the morning
    on."""
    states = BookedRoom.state.in_((*HOLDING, "in_house"))
    lines = session.scalars(select(BookedRoom).where(or_(states, BookedRoom.kept_until.is_not(None)))).all()
    for used in lines:
        if not used.arrival == used.departure >= today:
            continue
        day = used.arrival
        over = [x for x in lines if x.arrival < day < x.departure]
        assert used.room_id is None or used.room_id not in {x.room_id for x in over}, "promised and taken"
        there = session.get_one(Inventory, (used.counted_type_id, day))
        by_day = [x for x in lines if x.arrival == x.departure == day]
        counted = [x for x in (*over, *by_day) if x.counted_type_id == used.counted_type_id]
        held = select(Block.id).join(Room, Room.id == Block.room_id).where(Room.type_id == there.type_id)
        on_hold = held.where(
            Block.kind == "HOLD", Block.lifted_at.is_(None), Block.start <= day, Block.end > day
        )
        rooms = there.total + there.overbook - len(session.scalars(on_hold).all())
        assert len(counted) <= rooms, f"no room by day on {day}"


def check_inventory(session: Session, today: date) -> None:
    """The counters of every coming night equal what bookings, stays, rooms and blocks say."""
    rooms = {r.id: r for r in session.scalars(select(Room))}
    total, sold, held = Counter[tuple[int, date]](), Counter[tuple[int, date]](), {}
    for block in session.scalars(select(Block)):
        if block.lifted_at is None:
            for night in nights(max(block.start, today), block.end):
                held[block.room_id, night] = ("block", block.id)
                if block.kind == "OOO" and rooms[block.room_id].active:
                    total[rooms[block.room_id].type_id, night] -= 1
    kept = BookedRoom.kept_until.is_not(None)
    holding = or_(BookedRoom.state.in_((*HOLDING, "in_house")), kept)
    for line in session.scalars(select(BookedRoom).where(holding)):
        for night in nights(max(line.arrival, today), line.departure):
            sold[line.counted_type_id, night] += 1
            if line.room_id is not None:
                assert (line.room_id, night) not in held, "a room is held twice"
                held[line.room_id, night] = ("line", line.id)
    check_by_day(session, today)
    for row in session.scalars(select(Inventory).where(Inventory.night >= today)):
        key = (row.type_id, row.night)
        assert row.sold == sold.pop(key, 0), f"sold of {key}"
        assert row.total == total.pop(key, 0) + sum(
            r.active and not r.house_use and r.type_id == row.type_id for r in rooms.values()
        ), f"total of {key}"
        assert row.sold <= row.total + row.overbook
    assert not sold, "nights are sold that the inventory does not have"
    found = {
        (n.room_id, n.night): ("line", n.line_id) if n.line_id is not None else ("block", n.block_id)
        for n in session.scalars(select(RoomNight).where(RoomNight.night >= today))
    }
    assert found == held


def check_stays(session: Session) -> None:
    """Every open stay is alone in its room, and its segments follow one another from arrival to departure."""
    there = list(session.scalars(select(Stay).where(Stay.state == "in_house")))
    assert len({s.room_id for s in there}) == len(there)
    assert len({s.line_id for s in there}) == len(there)
    for stay in there:
        parts = session.scalars(select(Segment).where(Segment.stay_id == stay.id).order_by(Segment.id)).all()
        assert (parts[0].start, parts[-1].end, parts[-1].room_id) == (
            stay.arrival,
            stay.departure,
            stay.room_id,
        )
        assert all(a.end == b.start for a, b in pairwise(parts))


def check_closed_days(session: Session, today: date) -> None:
    """What the closes wrote down is what the ledger holds: nothing came into a day afterwards, and every
    account stands at its sum."""
    moved: Counter[tuple[date, int]] = Counter()
    for t in session.scalars(select(Transfer)):
        assert t.business_date <= today
        moved[t.business_date, t.debit_id] += t.amount
        moved[t.business_date, t.credit_id] -= t.amount
    written = {
        (d.business_date, d.account_id): d.closing - d.opening for d in session.scalars(select(AccountDay))
    }
    assert written == {key: sum_ for key, sum_ in moved.items() if key[0] < today}
    standing: Counter[int] = Counter()
    for (_day, account), change in written.items():
        standing[account] += change
    assert {a.id: a.balance for a in session.scalars(select(Account)) if a.balance} == {
        k: v for k, v in standing.items() if v
    }


def check(session: Session, today: date) -> None:
    """Everything above."""
    check_books(session)
    check_closed_days(session, today)
    check_inventory(session, today)
    check_stays(session)
