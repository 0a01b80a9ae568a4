"""The day is open or closed, never half; on both engines."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from pms.core.clock import at, local
from pms.core.errors import Conflict, NotPermitted, Refused
from pms.core.money import Money
from pms.core.options import Options
from pms.db import audit
from pms.db import office as office_module
from pms.duties import ALL
from pms.services.folios import queries as folio_queries
from pms.services.folios import service as folios
from pms.services.folios.models import Transfer
from pms.services.night_audit import closing, hours, queries, service
from pms.services.property import service as property_
from pms.services.reservations import queries as reservation_queries
from pms.services.reservations import service as reservations
from pms.services.rooms import service as rooms
from pms.services.stays import charges
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests import builders
from tests.builders import TODAY, House
from tests.invariants import check

DAY = timedelta(days=1)
ROOMS = ("301", "302", "303", "304", "201", "202")


def stay_in(house: House, room: str = "301", **fields) -> int:
    kind = fields.pop("kind", "")
    line = house.book(f"Guest {room}", type_code="BIG" if room[0] == "3" else "TWN", **fields)
    return house.do(
        stays.check_in, line_id=line, room_id=house.room_id(room), kind=kind, intent=house.new_intent()
    )


def balance(house: House, stay: int) -> int:
    return sum(f.balance for f in house.ask(folio_queries.folios, stay_id=stay) if f.ledger == "guest")


def postings(house: House) -> int:
    return house.ask(lambda s: len(s.scalars(select(Transfer.id)).all()))


# ------------------------------------------------------------------ the machine
def test_the_audit_goes_step_by_step_and_can_be_taken_up_by_another_desk(house):
    stay_in(house)
    house.clock.set(TODAY + DAY, 2)
    house.do(service.begin, business_date=TODAY)
    other = builders.office(house.engine, found=False)
    other.station, other.clock = "back-office", house.clock
    other.do(service.begin, business_date=TODAY)
    assert other.ask(queries.run, business_date=TODAY).step == "look"
    assert other.do(service.close, business_date=TODAY) == 1
    assert house.ask(queries.run, business_date=TODAY).step == "report"
    with pytest.raises(Refused, match="reports come before"):
        house.do(service.step_done, business_date=TODAY, step="backup")
    house.do(service.step_done, business_date=TODAY, step="report")
    other.do(service.step_done, business_date=TODAY, step="report")
    assert house.ask(queries.run, business_date=TODAY).step == "backup"
    house.do(service.step_done, business_date=TODAY, step="backup")
    for step in ("report", "backup"):
        house.do(service.step_done, business_date=TODAY, step=step)
    assert house.ask(queries.run, business_date=TODAY).step == "done"


def test_a_day_is_closed_once_and_in_its_turn(house):
    stay_in(house)
    house.next_day()
    before = postings(house)
    for day in (TODAY, TODAY + 2 * DAY, TODAY - DAY):
        for operation in (service.close, service.begin):
            with pytest.raises(Conflict, match="business date is"):
                house.do(operation, business_date=day)
    assert (postings(house), house.house().business_date) == (before, TODAY + DAY)


def voided(house: House) -> int:
    """Return the line that takes a charge back, by whoever is signed in."""
    stay = house.do(
        stays.check_in, line_id=house.book(), room_id=house.room_id("302"), intent=house.new_intent()
    )
    line = house.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(500), intent=house.new_intent())
    house.do(folios.void, transfer_id=line, reason="wrong room", intent=house.new_intent())
    return house.ask(lambda s: s.scalar(select(Transfer.id).where(Transfer.reverses == line)))


def test_an_open_day_has_no_finished_steps_and_a_closed_one_no_new_marks(house):
    key = f"voids:{voided(house)}"
    house.at_night()
    house.do(service.begin, business_date=TODAY)
    with pytest.raises(Refused, match="not closed yet"):
        house.do(service.step_done, business_date=TODAY, step="report")
    with pytest.raises(Refused, match="say why"):
        house.do(service.mark, business_date=TODAY, finding=key, state="queried", remark=" ")
    house.do(service.mark, business_date=TODAY, finding=key, state="queried", remark="called")
    assert house.ask(queries.marks, business_date=TODAY)[key]["remark"] == "called"
    house.next_day()
    with pytest.raises(Refused, match="does not change any more"):
        house.do(service.mark, business_date=TODAY, finding=key, state="queried", remark="later")


def test_the_audit_needs_its_right(house):
    from pms.core.office import Clerk
    from pms.services.staff import service as staff

    house.do(staff.take_on, login="ann", name="Ann", password=builders.PASSWORD, role="clerk")
    house.clerk = Clerk(2, "Ann", "clerk", ALL)  # what the screen believes does not count
    with pytest.raises(NotPermitted):
        house.do(service.close, business_date=TODAY)


# ------------------------------------------------------------------ killed
KILLS: dict[str, tuple[Any, str]] = {
    "after the lock": (service, "_refuse_overdue"),
    "after the no-shows": (closing, "post_room_charges"),
    "after the postings": (service, "snapshot"),
    "after the snapshot": (closing, "close_books"),
    "after the proof": (closing, "prove_day"),
    "after the books": (service.seals, "seal"),
    "before the date moves": (service.inventory, "extend_to"),
    "before the trail": (office_module.topics, "advance"),
    "before the commit": (office_module.audit, "store_trail"),
}


def killed(engine_url: Any, point: tuple[Any, str] | None, call: Callable[[House], object]) -> None:
    """Run a call in a process that ends without a word at a point (None: right after the commit)."""
    child = os.fork()
    if child == 0:
        try:
            house = builders.office(builders_engine(engine_url), found=False)
            house.clock.set(TODAY + DAY, 2)
            if point is not None:
                done = getattr(*point)
                setattr(*point, lambda *args, **fields: (done(*args, **fields), os._exit(9)))
            call(house)
        finally:
            os._exit(7)
    _pid, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == (9 if point else 7)


def builders_engine(url: Any) -> Any:
    from pms.db.engine import open_engine

    return open_engine(url, builders.SECRET)


@pytest.mark.parametrize("point", KILLS)
def test_a_killed_audit_leaves_the_day_open_and_is_taken_up_again(house, point):
    stay_in(house)
    house.book("Nobody", nights=2)
    house.at_night()
    house.do(service.begin, business_date=TODAY)
    before = postings(house)
    house.engine.dispose()
    killed(house.engine.url, KILLS[point], lambda child: child.do(service.close, business_date=TODAY))
    assert (
        house.house().business_date,
        postings(house),
        house.ask(queries.run, business_date=TODAY).step,
    ) == (TODAY, before, "look")
    house.ask(check, today=TODAY)
    house.clock.set(TODAY + DAY, 2)
    assert house.do(service.close, business_date=TODAY) == 1
    assert house.ask(queries.run, business_date=TODAY).no_shows == 1
    house.ask(check, today=TODAY + DAY)


def test_an_audit_killed_after_its_commit_is_done(house):
    stay_in(house)
    house.engine.dispose()
    killed(house.engine.url, None, lambda child: child.do(service.close, business_date=TODAY))
    assert house.house().business_date == TODAY + DAY
    with pytest.raises(Conflict):
        house.do(service.close, business_date=TODAY)
    house.ask(check, today=TODAY + DAY)


def test_a_night_is_posted_once_whatever_asks_for_it(house):
    stay_in(house)
    house.next_day()
    with pytest.raises(Refused, match="charged already"):
        house.do(lambda work: closing.post_room_charges(work, TODAY))
    house.ask(check, today=TODAY + DAY)


# ------------------------------------------------------------------ what it posts
PRICE = st.sampled_from([0, 1, 19900, 29800, -638, 12345])


@given(
    guests=st.lists(
        st.tuples(PRICE, st.integers(0, 3), st.sampled_from(["", "", "comp", "house"]), st.booleans()),
        max_size=6,
    ),
    tax=st.sampled_from([0, 605]),
)
def test_the_rehearsal_is_what_is_posted_and_every_ledger_proves(fresh, guests, tax):
    with fresh() as house:
        house.do(
            property_.edit,
            name="",
            options=replace(
                house.context_options(), tax_basis_points=tax, tax_included=False, no_show_nights=1
            ),
        )
        there = []
        for room, (price, nights, kind, comes) in zip(ROOMS, guests, strict=False):
            if comes:
                there.append(
                    (stay_in(house, room, prices=(price,) * nights, nights=nights, kind=kind), nights)
                )
            else:
                kind = "BIG" if room[0] == "3" else "TWN"
                line = house.book(f"Late {room}", prices=(price,) * nights, nights=nights, type_code=kind)
                house.do(
                    reservations.take_advance,
                    line_id=line,
                    method="CASH",
                    amount=Money(15000),
                    intent=house.new_intent(),
                )
        for stay, nights in there:
            if not nights:
                house.do(stays.check_out, stay_id=stay, intent=house.new_intent())
        expected = house.ask(queries.rehearsal, business_date=TODAY)
        no_shows = len(house.ask(reservation_queries.arrivals, business_date=TODAY))
        house.next_day()
        posted = house.ask(
            lambda s: s.execute(
                select(Transfer.code, Transfer.amount, Transfer.text).where(Transfer.night == TODAY)
            ).all()
        )
        rooms_posted = sorted((t.text, t.amount) for t in posted if t.code == "ROOM")
        assert rooms_posted == sorted((c.room, abs(c.amount)) for c in expected if c.code == "ROOM")
        run = house.ask(queries.run, business_date=TODAY)
        assert (run.postings, run.no_shows) == (len(posted), no_shows)
        assert house.ask(queries.proof, business_date=TODAY)
        sold = [p for (p, nights, kind, comes) in guests if comes and nights and not kind]
        [count] = house.ask(queries.night_counts, start=TODAY, end=TODAY + DAY) or [
            queries.NightCount(TODAY, 0, Money(0))
        ]
        assert (count.sold, count.revenue) == (len(sold), sum(sold))
        house.ask(check, today=TODAY + DAY)


def test_a_free_night_is_sold_without_a_posting_and_a_complimentary_one_is_not(house):
    free, comp, paid = (
        stay_in(house, "301", prices=(0,), nights=1),
        stay_in(house, "302", nights=1, kind="comp"),
        stay_in(house, "303", nights=1),
    )
    house.next_day()
    assert [balance(house, s) for s in (free, comp, paid)] == [0, 0, 29800]
    assert [(n.sold, n.revenue) for n in house.ask(queries.night_counts, start=TODAY, end=TODAY + DAY)] == [
        (2, 29800)
    ]


def test_day_use_is_no_night_and_no_arrival_is_lost(house):
    stay = stay_in(house, nights=0)
    house.at_night()
    with pytest.raises(Refused, match="301"):
        house.do(service.close, business_date=TODAY)
    house.clock.set(TODAY, 15)
    house.do(stays.check_out, stay_id=stay, intent="out")
    house.next_day()
    assert house.ask(queries.night_counts, start=TODAY, end=TODAY + DAY) == []
    assert sum(postings_of for *_rest, postings_of in house.ask(queries.figures, business_date=TODAY)) == 0


def test_no_shows_give_their_nights_back_and_pay_out_of_their_advance(house):
    house.do(property_.edit, name="", options=replace(house.context_options(), no_show_nights=1))
    rich, poor, bare = (house.book(name, nights=3) for name in ("Rich", "Poor", "Bare"))
    house.do(reservations.take_advance, line_id=rich, method="CASH", amount=Money(50000), intent="a")
    house.do(reservations.take_advance, line_id=poor, method="CASH", amount=Money(1000), intent="b")
    house.next_day()
    assert [house.ask(reservation_queries.line, line_id=x).state for x in (rich, poor, bare)] == [
        "no_show"
    ] * 3
    assert [house.ask(reservation_queries.advance_held, line_id=x) for x in (rich, poor, bare)] == [
        50000 - 29800,
        0,
        0,
    ]
    assert house.ask(queries.proof, business_date=TODAY)
    house.ask(check, today=TODAY + DAY)


def test_the_waiting_and_those_to_come_are_no_no_shows(house):
    waiting, later = house.book("Waits", state="waiting"), house.book("Later", start=TODAY + DAY)
    house.next_day()
    assert [house.ask(reservation_queries.line, line_id=x).state for x in (waiting, later)] == [
        "waiting",
        "confirmed",
    ]


def test_several_missed_days_are_caught_up_one_by_one(house):
    stay = stay_in(house, nights=4)
    house.clock.set(TODAY + 4 * DAY, 9)
    for n in range(4):
        word = frozenset({hours.MISSED})
        assert house.do(service.close, business_date=TODAY + n * DAY, confirmed=word) == 1
    assert balance(house, stay) == 29800 * 2 + 26800 * 2
    assert [n.business_date for n in house.ask(queries.night_counts, start=TODAY, end=TODAY + 9 * DAY)] == [
        TODAY + n * DAY for n in range(4)
    ]
    house.ask(check, today=TODAY + 4 * DAY)


def test_rooms_in_house_are_dirty_after_the_night_and_the_others_as_they_were(house):
    stay_in(house, "301", nights=2)
    house.do(rooms.set_clean, room_ids=[house.room_id("302")], clean="inspected")
    house.next_day()
    from pms.services.rooms import queries as room_queries

    clean = {r.number: r.clean for r in house.ask(room_queries.rooms)}
    assert (clean["301"], clean["302"], clean["201"]) == ("dirty", "inspected", "clean")


def test_a_room_that_was_changed_is_charged_once(house):
    stay = stay_in(house, "301", nights=2)
    house.do(stays.change_room, stay_id=stay, room_id=house.room_id("302"), reason="noise")
    house.do(stays.change_room, stay_id=stay, room_id=house.room_id("201"), reason="noise")
    house.next_day()
    assert balance(house, stay) == 29800
    assert [n.sold for n in house.ask(queries.night_counts, start=TODAY, end=TODAY + DAY)] == [1]


# ------------------------------------------------------------------ the proof
def test_a_ledger_that_does_not_prove_is_not_closed(house):
    stay = stay_in(house)
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE account SET balance = 1 WHERE stay_id = :stay"), {"stay": stay})
    before = postings(house)
    house.clock.set(TODAY + DAY, 2)
    with pytest.raises(Refused, match="does not prove"):
        house.do(service.close, business_date=TODAY)
    assert (house.house().business_date, postings(house)) == (TODAY, before)


def test_a_touched_trail_stops_the_close(house):
    stay_in(house)
    house.next_day()
    stay_in(house, "302")
    unguarded(
        house, "UPDATE audit_entry SET action = 'stays:nothing' WHERE id = (SELECT max(id) FROM audit_entry)"
    )
    house.at_night()
    with pytest.raises(Refused, match="trail was changed"):
        house.do(service.close, business_date=TODAY + DAY)


def test_a_trail_cut_off_before_the_last_close_stops_the_next(house):
    stay_in(house, nights=3)
    house.next_day()
    unguarded(house, "DELETE FROM audit_entry WHERE id > 5")
    stay_in(house, "302")
    house.at_night()
    with pytest.raises(Refused, match="trail was changed"):
        house.do(service.close, business_date=TODAY + DAY)


def unguarded(house: House, statement: str) -> None:
    """Do what only somebody with the key and the tools of a database can do: lift the guards and change a
    row."""
    with house.engine.begin() as connection:
        if house.engine.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER audit_entry_no_update"))
            connection.execute(text("DROP TRIGGER audit_entry_no_delete"))
        else:
            connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
        connection.execute(text(statement))


def test_the_close_stores_how_far_the_trail_went(house):
    stay_in(house)
    house.next_day()
    assert house.ask(lambda s: list(audit.broken_links(s, house.secret))) == []


# ------------------------------------------------------------------ time
def test_after_midnight_and_before_the_audit_it_is_still_yesterday(house):
    line = house.book(nights=1)
    house.clock.set(TODAY + DAY, 1.5)
    stay = house.do(stays.check_in, line_id=line, room_id=house.room_id("301"), intent=house.new_intent())
    assert balance(house, stay) == 0  # the night before, no early charge
    house.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(500), intent="m")
    [row] = house.ask(folio_queries.folio_lines, stay_id=stay)
    assert (row.business_date, local(row.at, "Asia/Shanghai").date()) == (TODAY, TODAY + DAY)
    house.do(stays.undo_check_in, stay_id=stay, reason="wrong guest", intent="u")
    again = house.do(stays.check_in, line_id=line, room_id=house.room_id("302"), intent=house.new_intent())
    house.clock.set(TODAY + DAY, 3)
    house.do(service.close, business_date=TODAY)
    early = house.do(
        stays.check_in,
        line_id=house.book("Early", nights=1),
        room_id=house.room_id("303"),
        intent=house.new_intent(),
    )
    assert balance(house, early) == 14900  # half a night on top
    with pytest.raises(Refused, match="closed day"):
        house.do(stays.undo_check_in, stay_id=again, reason="wrong guest", intent="u2")


def test_a_departure_after_midnight_before_the_audit_pays_the_night(house):
    stay = stay_in(house, nights=1)
    house.next_day()
    house.clock.set(TODAY + 2 * DAY, 0.25)
    house.do(stays.check_out, stay_id=stay, payments=[Paid("CASH", Money(2 * 29800))], intent="out")
    assert [x.code for x in house.ask(folio_queries.folio_lines, stay_id=stay) if x.charge] == [
        "ROOM",
        "ROOM",
    ]


def test_a_clock_that_jumps_moves_no_date_and_no_order(house):
    stay = stay_in(house, nights=2)
    made = []
    for day, hour in ((TODAY, 20), (date(2001, 1, 1), 3), (TODAY + 300 * DAY, 4), (TODAY, 21)):
        house.clock.set(day, hour)
        made.append(
            house.do(
                folios.charge, stay_id=stay, code="MINIBAR", amount=Money(100), intent=house.new_intent()
            )
        )
    lines = house.ask(folio_queries.folio_lines, stay_id=stay)
    assert [x.id for x in lines] == made
    assert {x.business_date for x in lines} == {TODAY}
    house.next_day()
    house.ask(check, today=TODAY + DAY)


@pytest.mark.parametrize(("start", "hours"), [(date(2027, 3, 27), 23), (date(2027, 10, 30), 25)])
def test_the_nights_of_the_summer_time_change(sqlite, tmp_path, start, hours):
    from pms.db import schema
    from pms.db.engine import open_engine, sqlite_url
    from pms.services.stays import queries as stay_queries

    engine = open_engine(sqlite_url(tmp_path / "lisbon.db"), builders.SECRET)
    schema.upgrade(engine)
    house = builders.office(engine, replace(builders.SMALL, zone="Europe/Lisbon", business_date=start))
    house.clock.now = at(start, "15:00", "Europe/Lisbon")
    stay = stay_in(house, nights=2)
    assert (
        at(start + 2 * DAY, "00:30", "Europe/Lisbon") - at(start + DAY, "00:30", "Europe/Lisbon")
    ) == timedelta(hours=hours)
    for n in (1, 2):
        house.clock.now = at(
            start + n * DAY, "01:30", "Europe/Lisbon"
        )  # the hour that is missing or comes twice
        house.do(service.close, business_date=start + (n - 1) * DAY)
    assert house.house().business_date == start + 2 * DAY
    house.clock.now = at(start + 2 * DAY, "12:20", "Europe/Lisbon")
    leaving = house.ask(
        stay_queries.leaving,
        stay_id=stay,
        business_date=start + 2 * DAY,
        now=house.now(),
        zone="Europe/Lisbon",
        options=Options(),
    )
    assert "12:20" in leaving.rule
    house.ask(check, today=start + 2 * DAY)
    engine.dispose()


@pytest.mark.parametrize(
    ("day", "hhmm", "code", "part"),
    [
        (0, "11:59", None, 0),
        (0, "12:00", "HALF", 14900),
        (0, "17:59", "HALF", 14900),
        (0, "18:00", "FULL", 29800),
        (0, "23:59", "FULL", 29800),
        (1, "00:01", None, 0),  # the night itself is due instead
        (1, "11:00", None, 0),
        (-1, "23:00", None, 0),
    ],
)
def test_late_departure_by_the_bands(day, hhmm, code, part):
    clock = at(TODAY + day * DAY, hhmm, "Asia/Shanghai")
    extra = charges.at_check_out(Options(), "Asia/Shanghai", clock, TODAY, TODAY - DAY, 29800, 2)
    assert (extra.code if extra else None, extra.amount if extra else 0) == (code, part)


@pytest.mark.parametrize(
    ("day", "hhmm", "part"),
    [
        (0, "00:00", 14900),
        (0, "05:59", 14900),
        (0, "09:59", 14900),
        (0, "10:00", 0),
        (0, "23:00", 0),
        (1, "02:00", 0),
        (-1, "05:00", 0),
    ],
)
def test_early_arrival_by_the_bands(day, hhmm, part):
    extra = charges.arriving(
        Options(), "Asia/Shanghai", at(TODAY + day * DAY, hhmm, "Asia/Shanghai"), TODAY, 29800, 2
    )
    assert (extra.amount if extra else 0) == part


# ------------------------------------------------------------------ taking back
def test_a_check_out_is_taken_back_on_its_business_date_only_even_past_midnight(house):
    stay = stay_in(house, nights=1)
    house.next_day()
    house.clock.set(TODAY + DAY, 11)
    house.do(stays.check_out, stay_id=stay, payments=[Paid("CASH", Money(29800))], intent="out")
    house.clock.set(TODAY + 2 * DAY, 1)
    house.do(stays.undo_check_out, stay_id=stay, reason="wrong room", intent="undo")
    assert balance(house, stay) == 29800
    with pytest.raises(Refused, match="not left"):
        house.do(stays.undo_check_out, stay_id=stay, reason="again", intent="undo2")
    house.clock.set(TODAY + DAY, 11)
    house.do(stays.check_out, stay_id=stay, payments=[Paid("CASH", Money(29800))], intent="out2")
    house.next_day()
    with pytest.raises(Refused, match="closed day"):
        house.do(stays.undo_check_out, stay_id=stay, reason="late", intent="undo3")
    house.ask(check, today=TODAY + 2 * DAY)


def test_a_room_that_was_let_again_does_not_take_the_guest_back(house):
    stay = stay_in(house, nights=2)
    house.do(stays.check_out, stay_id=stay, intent="out")
    house.do(rooms.set_clean, room_ids=[house.room_id("301")], clean="clean")
    stay_in(house, "301", nights=1)
    with pytest.raises(Conflict, match="Somebody is in this room"):
        house.do(stays.undo_check_out, stay_id=stay, reason="wrong room", intent="undo")
    house.ask(check, today=TODAY)


@pytest.mark.parametrize("state", ["tentative", "confirmed", "guaranteed"])
def test_an_undone_check_in_leaves_the_booking_as_it_was(house, state):
    line = house.book(state=state)
    stay = house.do(stays.check_in, line_id=line, room_id=house.room_id("201"), intent=house.new_intent())
    house.do(stays.change_room, stay_id=stay, room_id=house.room_id("302"), reason="noise")
    house.do(stays.undo_check_in, stay_id=stay, reason="wrong guest", intent="u")
    row = house.ask(reservation_queries.line, line_id=line)
    assert (row.state, row.room_id, row.type_code) == (state, None, "BIG")
    house.ask(check, today=TODAY)
