"""A booking file is taken over row by row: what cannot be meant is refused with its line and reason, twice is
once."""

import csv
import gzip
import lzma
import resource
from collections import Counter
from datetime import date
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from pms.core.errors import Refused
from pms.services.reservations import demand, importer, queries
from pms.services.reservations.demand import COLUMNS, Booking, Fault
from pms.services.reservations.models import NightRate, Reservation
from pms.services.rooms import queries as room_queries
from tests.builders import TODAY, House
from tests.invariants import check

ROW = dict(
    zip(
        COLUMNS,
        (
            "Resort",
            "0",
            "30",
            "2016",
            "July",
            "15",
            "2",
            "3",
            "2",
            "NA",
            "1",
            "PRT",
            "Online TA",
            "TA/TO",
            "A",
            "D",
            "No Deposit",
            "240",
            "NULL",
            "Transient",
            "98.50",
            "Check-Out",
            "2016-07-20",
        ),
        strict=True,
    )
)


def write(path: Path, *rows: dict[str, str], head: list[str] | None = None) -> Path:
    opener = {".xz": lzma.open, ".gz": gzip.open}.get(path.suffix, open)
    with opener(path, "wt", encoding="utf-8", newline="") as file:
        made = csv.writer(file)
        made.writerow(head or list(ROW))
        made.writerows([[*{**ROW, **row}.values()] for row in rows])
    return path


def run(house: House, path: Path) -> importer.Report:
    return importer.run(house.do, path, "hotel-demand")


def count(house: House, table: type) -> int:
    return house.ask(lambda s: s.execute(select(func.count()).select_from(table)).scalar_one())


@pytest.mark.parametrize("name", ["bookings.csv", "bookings.csv.gz", "bookings.csv.xz"])
def test_a_file_is_read_however_it_is_packed(name, tmp_path):
    path = write(tmp_path / name, {})
    assert demand.count_rows(path) == 1
    [row] = demand.read(path)
    assert isinstance(row, Booking)
    assert (row.line, row.made, row.arrival, row.nights, row.departure) == (
        2,
        date(2016, 6, 15),
        date(2016, 7, 15),
        5,
        date(2016, 7, 20),
    )
    assert (row.adults, row.children, row.reserved, row.assigned, row.price, row.state) == (
        2,
        1,
        "A",
        "D",
        9850,
        "departed",
    )


def test_history_is_stored_in_its_final_state_and_holds_nothing(house, tmp_path):
    path = write(
        tmp_path / "b.csv",
        {},
        {"reservation_status": "Canceled"},
        {"reservation_status": "No-Show", "company": "12"},
        {"stays_in_weekend_nights": "0", "stays_in_week_nights": "0"},
        {"reserved_room_type": "big", "adr": "-6.38"},
    )
    seen = []
    report = importer.run(house.do, path, "hotel-demand", lambda done, rows: seen.append((done, rows)))
    assert (report.stored, report.known, report.refused) == (5, 0, [])
    assert seen[-1] == (5, 5)
    found = Counter((day, state) for day, state, n in house.ask(queries.counts_by_arrival) for _ in range(n))
    assert found == {
        (date(2016, 7, 15), "departed"): 3,
        (date(2016, 7, 15), "cancelled"): 1,
        (date(2016, 7, 15), "no_show"): 1,
    }
    assert count(house, NightRate) == 4 * 5
    assert {t.code for t in house.ask(room_queries.types)} == {"TWN", "BIG", "A"}
    assert not any(
        r.sold
        for r in house.ask(
            room_queries.left, type_ids=[1, 2, 3], start=date(2016, 1, 1), end=date(2030, 1, 1)
        )
    )
    house.ask(check, today=TODAY)


def test_twice_is_once_and_equal_rows_are_counted(house, tmp_path):
    path = write(tmp_path / "b.csv", {}, {}, {}, {"adults": "1"})
    assert run(house, path).stored == 4
    again = run(house, path)
    assert (again.stored, again.known) == (0, 4)
    longer = run(house, write(tmp_path / "c.csv", {"adults": "1"}, {}, {}, {}, {}))
    assert (longer.stored, longer.known) == (1, 4)
    assert count(house, Reservation) == 5
    numbers = house.ask(lambda s: s.scalars(select(Reservation.number).order_by(Reservation.number)).all())
    assert numbers == [1, 2, 3, 4, 5]
    assert house.ask(queries.line, line_id=house.book()).number == 6


def test_an_import_that_stops_half_way_is_simply_run_again(house, tmp_path, monkeypatch):
    monkeypatch.setattr(importer, "BATCH", 3)
    path = write(tmp_path / "b.csv", *({"adults": str(n)} for n in range(8)))
    batches = []

    def failing(call):
        batches.append(len(call.fields["bookings"]))
        if len(batches) == 2:
            raise RuntimeError("the power fails")
        return house.do(call)

    with pytest.raises(RuntimeError):
        importer.run(failing, path, "hotel-demand")
    assert count(house, Reservation) == 3
    report = run(house, path)
    assert (report.stored, report.known) == (5, 3)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"arrival_date_day_of_month": "31", "arrival_date_month": "June"}, "impossible date"),
        ({"arrival_date_month": "Juli"}, "unknown month"),
        ({"arrival_date_year": "year"}, "impossible date"),
        ({"arrival_date_year": "99999"}, "impossible date"),
        ({"reservation_status_date": "2016-02-30"}, "impossible date"),
        ({"reservation_status_date": "20/07/2016"}, "impossible date"),
        ({"stays_in_week_nights": "-1"}, "stays_in_week_nights is negative: -1"),
        ({"stays_in_weekend_nights": "2.5"}, "no whole number"),
        ({"adults": "many"}, "no whole number"),
        ({"adults": ""}, "no whole number"),
        ({"adults": "9" * 25}, "too large"),
        ({"stays_in_week_nights": "4000000"}, "too large"),
        ({"lead_time": "99999999"}, "too large"),
        ({"adr": "cheap"}, "not an amount"),
        ({"adr": "1.005"}, "decimals"),
        ({"adr": "NaN"}, "not an amount"),
        ({"adr": "1e400"}, "not an amount"),
        ({"adr": ""}, "not an amount"),
        ({"reservation_status": "Maybe"}, "unknown status"),
        ({"reserved_room_type": " "}, "reserved_room_type is empty"),
        ({"market_segment": "On\x00line"}, "character that no text has"),
    ],
)
def test_a_row_that_cannot_be_meant_is_named_and_the_others_are_stored(house, tmp_path, change, why):
    report = run(house, write(tmp_path / "b.csv", {}, change, {"adults": "4"}))
    assert report.stored == 2
    [fault] = report.refused
    assert fault.line == 3
    assert why in fault.reason
    house.ask(check, today=TODAY)


def test_a_row_with_missing_cells_is_named(tmp_path):
    path = write(tmp_path / "b.csv", {})
    path.write_text(path.read_text() + "Resort,0,30\n\n")
    faults = [f for f in demand.read(path) if isinstance(f, Fault)]
    assert [(f.line, f.reason) for f in faults] == [(3, "3 cells instead of 23")]


def test_unknown_columns_are_passed_over_and_missing_ones_are_named(tmp_path):
    path = tmp_path / "b.csv"
    with path.open("w", newline="") as file:
        made = csv.writer(file)
        made.writerow([*ROW, "is_repeated_guest"])
        made.writerow([*ROW.values(), "1"])
    assert [type(r) for r in demand.read(path)] == [Booking]
    short = write(tmp_path / "c.csv", {}, head=["guest", "nights", *list(ROW)[2:]])
    with pytest.raises(Refused, match=r"lacks the columns hotel, is_canceled\."):
        list(demand.read(short))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.csv", b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe"),
        ("sheet.xlsx", b"PK\x03\x04\x14\x00\x06\x00\xff\xff"),
        ("empty.csv", b""),
        ("utf16.csv", "hotel,a".encode("utf-16")),
        ("not.gz", b"hotel,is_canceled"),
        ("not.xz", b"hotel,is_canceled"),
        ("data.json", b'[{"hotel": 1}]'),
        ("quote.csv", b'"hotel'),
        ("cut.gz", gzip.compress(b"hotel," * 5000, mtime=0)[:-30]),
        ("cut.xz", lzma.compress(b"hotel," * 5000)[:-30]),
        ("bent.gz", gzip.compress(b"hotel," * 5000, mtime=0)[:20] + b"\xff" * 40),
    ],
)
def test_what_is_not_such_a_file_is_refused_with_a_sentence(house, tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Refused, match=name):
        run(house, path)
    assert count(house, Reservation) == 0


def test_a_file_that_is_not_there_or_a_folder_is_refused(desk, tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(Refused, match="cannot be read"):
            run(desk, path)
    with pytest.raises(Refused, match="There is no map"):
        importer.run(desk.do, tmp_path, "other")


@given(
    rows=st.lists(
        st.fixed_dictionaries({}, optional={column: st.text(max_size=12) for column in COLUMNS}), max_size=5
    )
)
def test_any_row_is_a_booking_or_a_fault_with_its_reason(tmp_path_factory, rows):
    path = write(tmp_path_factory.mktemp("any") / "b.csv", *rows)
    for found in demand.read(path):
        assert isinstance(found, Booking) or found.reason


def test_two_clerks_import_the_same_file_at_once(house, tmp_path):
    from tests import builders
    from tests.rooms.test_races import race

    other = builders.office(house.engine, found=False)
    path = write(tmp_path / "b.csv", *({"adults": str(n)} for n in range(5)))
    won, lost = race(lambda: run(house, path), lambda: run(other, path))
    assert sum(r.stored for r in won) == 5
    assert all("same file" in str(refusal) for refusal in lost)
    assert count(house, Reservation) == 5


def test_the_import_needs_its_right(house, tmp_path):
    house.do(lambda work: work.session.execute(text("UPDATE staff SET role_code = 'clerk'")))
    with pytest.raises(Refused, match="reservations:import"):
        run(house, write(tmp_path / "b.csv", {}))


@pytest.mark.parametrize("name", ["bomb.gz", "bomb.xz"])
@pytest.mark.parametrize("piece", [b"x" * (1 << 20), b"hotel\n" * (1 << 17)], ids=["one line", "many lines"])
def test_a_file_that_unpacks_to_far_too_much_is_refused_before_it_is_read(house, tmp_path, name, piece):
    """Less than a megabyte, packed: refused with little memory and in little time."""
    path = tmp_path / name
    with gzip.open(path, "wb") if name.endswith("gz") else lzma.open(path, "wb", preset=0) as file:
        for _megabyte in range(200):
            file.write(piece)
    assert path.stat().st_size < 1 << 20
    began, before = process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Refused, match=rf"{name} is too large from line"):
        run(house, path)
    assert process_time() - began < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 << 10  # KiB
    assert count(house, Reservation) == 0


def test_a_file_whose_unpacking_takes_too_much_memory_is_refused(house, tmp_path, monkeypatch):
    path = tmp_path / "strong.xz"
    path.write_bytes(lzma.compress(b"hotel,", preset=9))  # 64 MiB are the most that xz itself sets
    with pytest.raises(Refused, match="lacks the columns"):
        run(house, path)
    monkeypatch.setattr(demand, "MOST_UNPACKING", 32 << 20)
    with pytest.raises(Refused, match=r"strong\.xz .*Memory"):
        run(house, path)


def test_a_cell_longer_than_a_line_is_refused_with_its_row(tmp_path):
    path = write(tmp_path / "long.csv", {"company": "x" * 201}, {})
    fault, booking = demand.read(path)
    assert (fault.line, fault.reason) == (2, "a cell of more than 200 characters")
    assert isinstance(booking, Booking)
