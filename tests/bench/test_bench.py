"""The bench's exact figures, and a replay of a small part of the real hotel; nothing here depends on the
clock on the wall."""

import csv
import json
import lzma
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest

from pms.core.money import Money
from pms.services.folios import service as folios
from pms.services.guests.person import Person
from pms.services.property import queries as property_queries
from pms.services.reservations import queries as reservation_queries
from pms.services.reservations import service as reservations
from pms.services.room_board import queries as room_board
from pms.services.rooms import queries as room_queries
from pms.services.rooms import service as rooms
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.services.stays import vacancy
from pms.services.stays.service import Paid
from tests.bench import growth, replay, run, syncs
from tests.bench.house import DAY, PRICE, Houses
from tests.faults import shim

BOOKINGS = run.DATA / "resort_bookings.csv.xz"
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@pytest.fixture
def houses(tmp_path):
    """Builds houses that go with the test."""
    made = Houses(tmp_path)
    yield made
    made.close()


def test_a_check_in_costs_what_it_may(houses):
    figures = {f.name: f for f in run.Bench(houses, postgres=False).check_in()}
    assert len(figures) == 3
    assert [f for f in figures.values() if not f.holds and "fsyncs" not in f.name] == []
    assert figures["check_in: cursor executions"].value > 5


@pytest.mark.skipif(not run.POSTGRES, reason="PMS_TEST_POSTGRES is not set")
def test_a_desk_waits_for_a_server_no_more_often_than_it_may(tmp_path):
    houses = Houses(tmp_path, run.POSTGRES)
    try:
        figures = list(run.Bench(houses, postgres=True).trips())
    finally:
        houses.close()
    *figures, from_afar = figures
    assert from_afar.value >= 10, "the server is away"  # how much more is the clock's, and the bench's
    assert [f.name.split()[1] for f in figures][:3] == ["booking", "check-in", "charge"]
    assert min(f.value for f in figures) >= 2, "counted at all"
    assert [f for f in figures if not f.holds] == []


def test_a_confirmed_action_waits_for_the_disk_once(shimmed, tmp_path):
    ran = subprocess.run(
        [sys.executable, "-m", "tests.bench.syncs", str(tmp_path)],
        cwd=run.ROOT,
        env=shim.around(shimmed),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert json.loads(ran.stdout or "{}") == dict.fromkeys(
        ("booking", "check-in", "charge", "payment"), [1] * syncs.TIMES
    ), ran.stderr


def test_without_a_compiler_the_row_of_fsyncs_says_so_and_does_not_hold(monkeypatch):
    monkeypatch.setattr(shim, "why_not", lambda: "no C compiler here")
    figure = run._syncs()
    assert not figure.holds
    assert "NOT COUNTED: no C compiler here" in figure.name


def test_no_action_and_no_list_reads_a_growing_table_from_end_to_end(houses):
    house = houses.sqlite(rooms=12)
    house.past(60)
    house.stays(((index, house.today, 3) for index in range(4)), state="in_house")
    office, today = house.office, house.today
    with house.probe.counting():
        line = run._book(house)
        office.do(reservations.cancel, line_id=run._book(house), reason="plans changed")
        run._book(house)  # nobody comes
        stay = office.do(
            stays.check_in,
            line_id=line,
            room_id=house.rooms[10][0],
            guests=[Person("Wang Yaqin")],
            intent="a",
            deposit=Paid("CASH", Money(10000)),
            cards_wanted=1,
        )
        office.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(800), intent="b")
        office.do(stays.change_room, stay_id=stay, room_id=house.rooms[11][0], reason="noise")
        house.close_day()
        left = office.ask(
            stay_queries.leaving,
            stay_id=stay,
            business_date=house.today,
            now=office.now(),
            zone=office.house().zone,
            options=office.ask(property_queries.setting).options,
        )
        office.do(stays.check_out, stay_id=stay, payments=[Paid("BANK", left.to_pay)], intent="c")
        office.do(rooms.set_clean, room_ids=[house.rooms[11][0]], clean="clean")
        office.ask(room_board.board)
        office.ask(room_board.tonight, business_date=today)
        office.ask(room_board.tape, start=today, end=today + DAY * 30)
        office.ask(room_queries.left, type_ids=[house.rooms[0][1]], start=today, end=today + DAY * 30)
        office.ask(vacancy.free_rooms, start=house.today, end=house.today + DAY * 2)
        for question in (
            stay_queries.in_house,
            stay_queries.departures,
            stay_queries.departed,
            reservation_queries.arrivals,
        ):
            office.ask(question, business_date=house.today)
    assert len(house.probe.texts) > 40
    assert run.scans(house) == []


def test_the_finder_of_scans_finds_one(houses):
    house = houses.sqlite(rooms=2)
    with house.probe.counting():
        house.office.ask(reservation_queries.counts_by_arrival)  # over all bookings, by intent
        house.office.ask(
            lambda session: (
                session.connection().exec_driver_sql("SELECT name FROM guest WHERE name LIKE 'x%'").all()
            )
        )
    assert any("guest" in found for found in run.scans(house))


def test_the_audit_of_a_house_with_a_past_takes_the_steps_of_one_without(houses):
    steps = []
    for past in (0, 400):
        house = houses.sqlite(rooms=20)
        house.past(past)
        house.stays(((index, house.today, 5) for index in range(15)), state="in_house")
        house.close_day()
        with house.probe.counting() as counts:
            assert house.close_day() == 15
        steps.append(counts.steps)
    assert steps[0] > 1000
    assert steps[1] <= steps[0] * 1.01


def test_the_tape_shows_who_has_which_room_when(houses):
    house = houses.sqlite(rooms=3)
    start = house.today
    [gone] = house.stays([(0, start - DAY * 3, 2)])
    [inside] = house.stays([(1, start, 4)], state="in_house")
    house.office.do(
        rooms.block, room_id=house.rooms[2][0], kind="OOO", reason="leak", start=start, end=start + DAY * 2
    )
    bars = house.office.ask(room_board.tape, start=start - DAY * 2, end=start + DAY * 2)
    assert [(b.line_id, b.start, b.end, b.label, b.state) for b in bars] == [
        (gone, start - DAY * 2, start - DAY, f"Guest {gone}", "departed"),
        (inside, start, start + DAY * 2, f"Guest {inside}", "in_house"),
        (None, start, start + DAY * 2, "leak", "OOO"),
    ]
    assert PRICE > 0


def test_the_tape_shows_a_guest_twice_who_moved_away_and_came_back(houses):
    house = houses.sqlite(rooms=2)
    house.stays([(0, house.today, 4)], state="in_house")
    first, second = (room for room, _type in house.rooms)
    [stay] = [s.stay_id for s in house.office.ask(stay_queries.in_house, business_date=house.today)]
    start = house.today
    for room in (second, first):
        house.close_day()
        house.office.do(rooms.set_clean, room_ids=[room], clean="clean")
        house.office.do(stays.change_room, stay_id=stay, room_id=room, reason="noise")
    bars = house.office.ask(room_board.tape, start=start, end=start + DAY * 10)
    assert [(b.room_id, (b.start - start).days, (b.end - start).days) for b in bars] == [
        (first, 0, 1),
        (first, 2, 4),
        (second, 1, 2),
    ]


# ------------------------------------------------------------------ a small part of the real hotel
def _cut(folder):
    """Write every third short-term booking of the first two months to a file, and reckon its figures from the
    rows alone."""
    with lzma.open(BOOKINGS, "rt", encoding="utf-8", newline="") as source:
        rows = [
            r
            for r in csv.DictReader(source)
            if r["arrival_date_year"] == "2015"
            and r["arrival_date_month"] in ("July", "August")
            and int(r["lead_time"]) <= 20
        ][::3]
    path = folder / "bookings.csv"
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return path, _figures(rows)


def _figures(rows):
    names = {"Check-Out": "checked_out", "Canceled": "cancelled", "No-Show": "no_show"}
    bookings = defaultdict(lambda: {"all": 0, "checked_out": 0, "cancelled": 0, "no_show": 0})
    nights, money, occupied = Counter(), defaultdict(Decimal), Counter()
    for r in rows:
        arrival = date(2015, MONTHS.index(r["arrival_date_month"]) + 1, int(r["arrival_date_day_of_month"]))
        month = bookings[f"{arrival:%Y-%m}"]
        month["all"] += 1
        month[names[r["reservation_status"]]] += 1
        if r["reservation_status"] != "Check-Out":
            continue
        for n in range(int(r["stays_in_weekend_nights"]) + int(r["stays_in_week_nights"])):
            night = arrival + timedelta(days=n)
            nights[f"{night:%Y-%m}"] += 1
            money[f"{night:%Y-%m}"] += Decimal(r["adr"])
            occupied[f"{night}"] += 1
    return {
        "hotel": {
            "bookings_by_arrival_month": dict(bookings),
            "room_nights_sold": {"by_month_of_night": dict(nights)},
            "adr_revenue_stayed": {"by_month_of_night": {m: f"{a:.2f}" for m, a in money.items()}},
            "occupied_rooms_on": {f"2015-07-{d:02d}": occupied[f"2015-07-{d:02d}"] for d in (1, 11, 21, 31)},
        }
    }


@pytest.mark.skipif(
    not BOOKINGS.exists(), reason="the hotel's file is not here: resort_bookings.csv.xz of the shared data"
)
def test_a_month_of_the_real_hotel_lands_on_its_figures(tmp_path, capsys):
    data, figures = _cut(tmp_path)
    assert figures["hotel"]["bookings_by_arrival_month"]["2015-07"]["checked_out"] > 60
    reference = tmp_path / "reference.json"
    reference.write_text(json.dumps(figures), encoding="utf-8")
    outcome = replay.replay(data, reference, months=1)
    assert outcome.differences == 0, capsys.readouterr().out
    assert (
        len(outcome.meter.times["check_in"])
        == figures["hotel"]["bookings_by_arrival_month"]["2015-07"]["checked_out"]
    )


def test_a_difference_is_counted(capsys):
    seen = replay.Comparison()
    seen.same("bookings", 2, 3)
    seen.each("nights", {"2015-07": 1, "2015-08": 2}, {"2015-07": 1, "2015-08": 1})
    assert (seen.compared, seen.differences) == (3, 2)
    assert "DIFFERS bookings: replay 2  reference 3" in capsys.readouterr().out


def test_nothing_costs_more_after_ten_years_than_after_two(houses):
    two, ten = (growth.measured(growth.aged(houses, 12, age)) for age in (2, 10))
    assert len(two) > 40
    assert min(two.values()) > 10
    assert {name: (two[name], steps) for name, steps in ten.items() if steps > two[name] * growth.MOST} == {}
