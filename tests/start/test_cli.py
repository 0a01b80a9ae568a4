"""The command line as somebody types it: exit codes, one sentence for what cannot be done, never a
traceback."""

import gzip
import io
import os
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from pms import __main__ as program
from pms import cli
from pms.core import i18n
from pms.core.money import Money
from pms.core.office import Clerk
from pms.core.settings import Home, load
from pms.db import keys
from pms.db.engine import open_engine, sqlite_url
from pms.duties import ALL
from pms.services.folios import queries as folio_queries
from pms.services.messages import queries as messages
from pms.services.opening import store
from pms.services.rates.models import RatePrice
from pms.services.reservations.demand import COLUMNS
from pms.services.reservations.models import NightRate
from pms.services.shifts import service as shifts
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests import builders
from tests.start.conftest import AT_NIGHT

DAY = timedelta(days=1)
ROOT = Path(__file__).parents[2]
OWNER = f"boss\n{builders.PASSWORD}\n"
ROW = {
    "hotel": "City",
    "is_canceled": "0",
    "lead_time": "9",
    "arrival_date_year": "2026",
    "arrival_date_month": "December",
    "arrival_date_day_of_month": "24",
    "stays_in_weekend_nights": "1",
    "stays_in_week_nights": "2",
    "adults": "2",
    "children": "0",
    "babies": "0",
    "country": "PRT",
    "market_segment": "Direct",
    "distribution_channel": "Direct",
    "reserved_room_type": "TWN",
    "assigned_room_type": "TWN",
    "deposit_type": "No Deposit",
    "agent": "NULL",
    "company": "NULL",
    "customer_type": "Transient",
    "adr": "99.50",
    "reservation_status": "Check-Out",
    "reservation_status_date": "2026-12-27",
}


def csv(path, *changes, columns=COLUMNS):
    rows = [",".join(columns), *(",".join({**ROW, **change}[c] for c in columns) for change in changes)]
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


@pytest.fixture
def pms(monkeypatch, tmp_path, capsys):
    """Run a command line in this process, with the owner at the keyboard; returns exit code, standard output
    and standard error."""
    monkeypatch.setenv("PMS_HOME", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "C")

    def run(*words, typed=OWNER):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        try:
            code = program.main([str(w) for w in words])
        except SystemExit as end:
            code = end.code
        i18n.use("en")
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return run


@pytest.fixture
def hotel(pms, tmp_path, template):
    """The same with the small hotel set up."""
    place = Home(tmp_path, tmp_path)
    shutil.copy(template, place.database)
    place.key.write_text(bytes(range(1, 33)).hex())
    place.key.chmod(0o600)
    place.settings.write_text(f'{{"database": "{place.database}", "station": "desk-1", "language": "en"}}')
    return pms


def shell(home, *words, typed="", program=("-m", "pms")):
    env = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    return subprocess.run(
        [sys.executable, *program, *map(str, words)],
        cwd=ROOT,
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        env=env | {"PMS_HOME": str(home), "LC_ALL": "C"},
        check=False,
    )


def test_help_names_every_command(pms):
    code, out, _err = pms("--help")
    assert code == 0
    for word in (
        "init",
        "demo",
        "import",
        "audit",
        "server",
        "move",
        "backup",
        "restore",
        "recovery-sheet",
        "restore-key",
        "verify",
        "doctor",
        "--tour",
        "--demo",
    ):
        assert word in out


def test_version_and_the_command_line_load_no_window():
    script = (
        "import sys, pms.cli; pms.cli.parser().format_help(); sys.exit(any(m.split('.')[0] in ('PySide6', "
        "'sqlalchemy') for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


def test_no_command_of_the_terminal_loads_qt(tmp_path, template):
    script = (
        "import sys\nfrom pms.__main__ import main\ncode = main(['doctor'])\n"
        "sys.exit(9 if any(m.startswith('PySide6') for m in sys.modules) else code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | {"PMS_HOME": str(tmp_path)},
        capture_output=True,
        check=False,
    )
    assert done.returncode in (0, 1)


def test_a_hotel_is_set_up_proven_backed_up_and_restored_in_a_shell(tmp_path):
    made = shell(
        tmp_path,
        "init",
        "--name",
        "Test Inn",
        "--type",
        "TWN:Twin:258",
        "--floor",
        "2:TWN:1-12",
        "--owner",
        "boss",
        "--date",
        "2026-11-20",
        typed="correct horse\n",
    )
    assert (made.returncode, made.stderr) == (0, "")
    assert (tmp_path / "recovery-sheet.pdf").read_bytes().startswith(b"%PDF")
    assert shell(tmp_path, "verify").returncode == 0
    assert shell(tmp_path, "backup", tmp_path / "one.backup").returncode == 0
    (tmp_path / "hotel.db").write_bytes(b"gone")
    assert "damaged" in shell(tmp_path, "verify").stderr
    kept = shell(tmp_path, "restore", tmp_path / "one.backup")
    assert kept.returncode == 1
    assert "--yes" in kept.stderr
    assert shell(tmp_path, "restore", tmp_path / "one.backup", "--yes").returncode == 1
    assert shell(tmp_path, "restore", tmp_path / "one.backup", "--yes", typed=OWNER).returncode == 0
    assert shell(tmp_path, "verify").returncode == 0


def test_a_backup_on_a_second_machine_with_the_sheets_key_has_the_same_trial_balance(tmp_path):
    """Nothing goes over but the backup file and what is typed off the recovery sheet."""
    from pypdfium2 import PdfDocument

    from pms.duties import offered

    one, two = tmp_path / "one", tmp_path / "two"
    made = shell(
        one,
        "init",
        "--name",
        "Test Inn",
        "--type",
        "TWN:Twin:258",
        "--floor",
        "2:TWN:1-12",
        "--owner",
        "boss",
        "--date",
        "2026-11-20",
        typed="correct horse\n",
    )
    assert (made.returncode, made.stderr) == (0, "")
    office = store.open_office(Home(one, one), load(Home(one, one)), offered(), clock=builders.Clock())
    house = builders.House(**{f.name: getattr(office, f.name) for f in fields(office) if f.init})
    house.clerk = Clerk(1, "boss", "owner", ALL)
    house.do(shifts.open_shift.of(float_amount=Money(20000)), intent="shift")
    for n in (1, 2, 3):
        line = house.book(f"Guest {n}", "TWN", nights=3)
        house.do(
            stays.check_in.of(
                line_id=line, room_id=house.room_id(f"20{n}"), deposit=Paid("CASH", Money(50000))
            ),
            intent=f"in {n}",
        )
    office.engine.dispose()
    assert shell(one, "audit", program=("-c", AT_NIGHT)).returncode == 0
    proven = shell(one, "verify")
    assert shell(one, "backup", tmp_path / "usb.backup").returncode == 0
    sheet = PdfDocument(one / "recovery-sheet.pdf")
    groups = re.findall(r"\b\d{1,2}\s+([0-9A-Z]{5})\b", sheet[0].get_textpage().get_text_range())
    sheet.close()
    assert len(groups) == 13
    assert shell(two, "restore-key", typed=" ".join(groups) + "\n").returncode == 0
    assert shell(two, "restore", tmp_path / "usb.backup", typed=OWNER).returncode == 0
    again = shell(two, "verify")
    assert again.returncode == 0
    assert again.stdout == proven.stdout
    assert "1,500.00" in again.stdout
    assert "774.00" in again.stdout


def test_without_a_display_the_window_is_one_sentence(tmp_path):
    done = shell(tmp_path)
    assert done.returncode == 1
    assert "--tour DIR" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_set_up_is_refused(hotel):
    code, _out, err = hotel("init", "--name", "X", "--type", "A:A:1", "--floor", "1:A:1-2", "--owner", "x")
    assert code == 1
    assert "set up here already" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--type", "TWN:258", "--floor", "2:TWN:1-2"), "CODE:NAME:PRICE"),
        (("--type", "TWN:Twin:x", "--floor", "2:TWN:1-2"), "not an amount"),
        (("--type", "TWN:Twin:258", "--floor", "2:TWN:9-2"), "3:BIG:1-12"),
        (("--type", "TWN:Twin:258", "--floor", "2:KING:1-2"), "KING"),
    ],
)
def test_a_wrong_plan_founds_nothing(pms, tmp_path, monkeypatch, words, said):
    monkeypatch.setattr("pms.cli.first.secret", lambda _question: "correct horse")
    code, _out, err = pms("init", "--name", "X", "--owner", "boss", *words)
    assert code == 1
    assert said in err
    assert not (tmp_path / "hotel.db").exists()
    assert not load(Home(tmp_path, tmp_path)).ready


@pytest.mark.parametrize(
    ("currency", "price", "stored"), [("jpy", "25,800", 25800), ("CNY", "258", 25800), ("KWD", "25.8", 25800)]
)
def test_a_hotel_is_set_up_in_its_own_currency(pms, tmp_path, monkeypatch, currency, price, stored):
    monkeypatch.setattr("pms.cli.first.secret", lambda _question: "correct horse")
    words = ("--type", f"TWN:Twin:{price}", "--floor", "2:TWN:1-2")
    assert pms("init", "--name", "X", "--owner", "boss", "--currency", currency, *words)[0] == 0
    from pms.duties import offered

    place = Home(tmp_path, tmp_path)
    office = store.open_office(place, load(place), offered())
    house = office.house()
    assert (house.currency, house.digits) == (
        currency.upper(),
        {"JPY": 0, "CNY": 2, "KWD": 3}[house.currency],
    )
    assert office.look(lambda s: set(s.scalars(select(RatePrice.price)))) == {stored}
    office.engine.dispose()


def test_without_a_hotel_the_commands_say_how_to_get_one(pms):
    for words in (("verify",), ("backup",), ("audit",)):
        code, _out, err = pms(*words)
        assert code == 1
        assert "pms init" in err


def test_bookings_are_imported_once_and_refused_rows_are_named(hotel, tmp_path):
    june = {"arrival_date_day_of_month": "31", "arrival_date_month": "June"}
    file = csv(
        tmp_path / "b.csv",
        {},
        {"adults": "two"},
        {"stays_in_week_nights": "-3"},
        june,
        {"reservation_status": "Canceled"},
        {"arrival_date_month": "Brumaire"},
    )
    code, out, _err = hotel("import", "bookings", file, "--map", "hotel-demand")
    assert code == 3
    assert "2 bookings stored, 0 known already, 4 refused." in out
    assert [line.split(" refused:")[0] for line in out.splitlines() if "refused:" in line] == [
        "Line 3",
        "Line 4",
        "Line 5",
        "Line 7",
    ]
    assert "negative" in out
    code, out, _err = hotel("import", "bookings", file, "--map", "hotel-demand")
    assert "0 bookings stored, 2 known already, 4 refused." in out


def test_a_clean_file_ends_with_nought(hotel, tmp_path):
    packed = tmp_path / "b.csv.gz"
    packed.write_bytes(gzip.compress(csv(tmp_path / "b.csv", {}, {}).read_bytes()))
    code, out, err = hotel("import", "bookings", packed, "--map", "hotel-demand")
    assert code == 0
    assert "2 bookings stored" in out
    assert "100%" in err


def test_a_file_of_another_separator_encoding_and_decimals_is_read_and_named(hotel, tmp_path):
    path = csv(tmp_path / "b.csv", {"adr": "100,5", "country": "中国"}, {"adr": "99.5"})
    text = path.read_text("utf-8").replace("100,5", "100#5").replace(",", ";").replace("100#5", "100,5")
    path.write_bytes((text + ";" * (len(COLUMNS) - 1) + "\n\n").encode("gb18030"))
    code, out, _err = hotel("import", "bookings", path, "--map", "hotel-demand")
    assert (code, "2 bookings stored, 0 known already, 0 refused" in out) == (0, True)
    assert "The file was read as separated by semicolons, in GB18030." in out
    assert "1 price has a decimal comma: 12,50 was read as 12.50." in out
    assert "2 empty lines were passed over." in out
    house = beside(tmp_path)
    prices = house.look(lambda s: sorted(s.scalars(select(NightRate.price)).all()))
    assert prices == [9950] * 3 + [10050] * 3
    house.engine.dispose()


def test_a_column_given_twice_is_named(hotel, tmp_path):
    path = csv(tmp_path / "b.csv", {}, columns=(*COLUMNS, "adr"))
    code, _out, err = hotel("import", "bookings", path, "--map", "hotel-demand")
    assert (code, "has the column adr more than once" in err) == (1, True)


def test_figures_that_only_a_program_writes_are_no_whole_number(hotel, tmp_path):
    path = csv(tmp_path / "b.csv", {"stays_in_week_nights": "1_0"}, {})
    code, out, _err = hotel("import", "bookings", path, "--map", "hotel-demand")
    assert (code, "Line 2 refused: stays_in_week_nights is no whole number" in out) == (3, True)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("b.csv", b"\x89PNG\r\n\x1a\n\x00\xff\xfe", "not a CSV"),
        ("b.csv", b"a,b\n1,2\n", "lacks the columns"),
        ("b.csv.gz", b"no gzip", "damaged"),
        ("b.csv.xz", b"no xz", "damaged"),
        ("b.csv", b"", "lacks the columns"),
    ],
)
def test_a_file_that_is_no_bookings_is_refused_whole(hotel, tmp_path, name, data, said):
    (tmp_path / name).write_bytes(data)
    code, _out, err = hotel("import", "bookings", tmp_path / name, "--map", "hotel-demand")
    assert code == 1
    assert said in err


def test_an_unknown_map_and_a_missing_file_are_told(hotel, tmp_path):
    assert "hotel-demand" in hotel("import", "bookings", csv(tmp_path / "b.csv", {}), "--map", "other")[2]
    assert "is not there" in hotel("import", "bookings", tmp_path / "none.csv", "--map", "hotel-demand")[2]
    assert "is not there" in hotel("import", "bookings", tmp_path, "--map", "hotel-demand")[2]


@pytest.fixture
def clock(monkeypatch):
    """The clock of this computer as the commands see it."""
    made = builders.Clock()
    monkeypatch.setitem(store.open_office.__kwdefaults__, "clock", made)
    return made


def beside(tmp_path):
    """Return the small hotel's office beside the commands."""
    key = keys.derive(bytes(range(1, 33)))
    house = builders.office(open_engine(sqlite_url(tmp_path / "hotel.db"), key), found=False)
    house.secret = key.chain
    return house


def test_the_audit_is_rehearsed_and_then_closes_the_day(hotel, clock):
    clock.set(builders.TODAY + DAY, 1)
    code, out, _err = hotel("audit", "--rehearse")
    assert code == 0
    assert "Nothing was changed" in out
    code, out, _err = hotel("audit")
    assert code == 0
    assert f"{builders.TODAY} is closed" in out


def test_the_audit_asked_for_three_times_in_an_afternoon_closes_one_day(hotel, clock, tmp_path):
    clock.set(builders.TODAY + DAY, 15.5)
    assert hotel("audit")[0] == 0
    for _again in range(2):
        code, out, err = hotel("audit")
        assert (code, out) == (1, "")
        assert "21 Nov 2026 is not over: its audit begins on 22 Nov 2026 00:00" in err
    house = beside(tmp_path)
    assert house.house().business_date == builders.TODAY + DAY
    house.engine.dispose()
    assert [p.name for p in (tmp_path / "reports").iterdir()] == [str(builders.TODAY)]


def test_the_audit_at_a_set_time_closes_the_day_that_is_over(hotel, clock, tmp_path):
    code, out, _err = hotel("audit", "--auto")
    assert (code, "is not over yet" in out) == (0, True)
    house = beside(tmp_path)
    house.clock = clock
    clock.set(builders.TODAY, 20)
    house.do(stays.check_in.of(line_id=house.book(nights=2), room_id=house.room_id("301")), intent="in")
    clock.set(builders.TODAY + DAY, 2)
    code, out, _err = hotel("audit", "--auto")
    assert (code, out.count("is closed")) == (0, 1)
    code, out, _err = hotel("audit", "--auto")
    assert (code, "2026-11-21 is not over yet" in out) == (0, True)
    assert house.look(messages.still_open) == []
    house.engine.dispose()


def test_the_audit_at_a_set_time_believes_no_clock_that_jumped_and_says_so_in_the_morning(
    hotel, clock, tmp_path
):
    house = beside(tmp_path)
    house.clock = clock
    stay = house.do(
        stays.check_in.of(line_id=house.book(nights=40), room_id=house.room_id("301")), intent="in"
    )
    house.book("Comes tomorrow", start=builders.TODAY + DAY)
    clock.set(builders.TODAY + 365 * DAY, 2)
    for _night in range(2):
        code, out, err = hotel("audit", "--auto")
        assert (code, out) == (4, "")
        assert "Nothing was written between 20 Nov 2026 14:30 and 20 Nov 2027 02:00" in err
    assert house.house().business_date == builders.TODAY
    assert len(house.look(folio_queries.folio_lines, stay_id=stay)) == 0
    [entry] = house.look(messages.still_open)  # told once, however often it was tried
    assert entry.text.startswith("2026-11-20 was not closed by the clock: Nothing was written between")
    assert not (tmp_path / "reports").exists()
    house.engine.dispose()


def test_several_days_are_closed_by_a_person_who_counts_them_and_stop_at_what_must_be_cleared(
    hotel, clock, tmp_path
):
    house = beside(tmp_path)
    house.do(stays.check_in.of(line_id=house.book(nights=2), room_id=house.room_id("301")), intent="in")
    house.engine.dispose()
    clock.set(builders.TODAY + 3 * DAY, 3)
    code, out, err = hotel("audit")
    assert (code, out) == (1, "")
    assert "3 days wait" in err
    assert "--days 3" in err
    code, out, err = hotel("audit", "--days", "2", typed=OWNER)
    assert (code, out) == (1, "")
    assert "3 days wait to be closed, not 2" in err
    code, out, err = hotel(
        "audit", "--days", "3", typed=OWNER
    )  # two nights sold, the third day it should have left
    assert code == 3
    assert out.count("is closed") == 2
    assert "must be cleared first, 301 is due out. Nothing was posted." in err
    assert len(list((tmp_path / "reports").iterdir())) == 2
    code, out, err = hotel("audit")
    assert code == 4
    assert "is closed" not in out
    assert "301 is due out" in err


def test_what_must_be_cleared_first_stands_in_the_handover_book_too(hotel, clock, tmp_path):
    house = beside(tmp_path)
    house.clock = clock
    clock.set(builders.TODAY, 20)
    house.do(stays.check_in.of(line_id=house.book(nights=0), room_id=house.room_id("301")), intent="in")
    clock.set(builders.TODAY + DAY, 2)
    code, _out, err = hotel("audit", "--auto")
    assert (code, "301 is due out" in err) == (4, True)
    [entry] = house.look(messages.still_open)
    assert "301 is due out" in entry.text
    house.engine.dispose()


def test_a_folio_touched_by_hand_is_named_and_the_day_stays_open(hotel, clock, tmp_path):
    house = beside(tmp_path)
    house.do(stays.check_in.of(line_id=house.book(nights=3), room_id=house.room_id("301")), intent="in")
    house.next_day()
    with house.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE account SET balance = balance - 700 WHERE ledger = 'guest' AND stay_id IS NOT NULL"
        )
    clock.set(builders.TODAY + 2 * DAY, 2)
    code, out, err = hotel("audit")
    assert code == 4
    assert "! 301: the folio is out of balance" in out
    assert "must be cleared first, 301: the folio is out of balance. Nothing was posted." in err
    assert house.house().business_date == builders.TODAY + timedelta(days=1)
    house.engine.dispose()


def test_nobody_acts_under_a_name_that_is_not_there(hotel):
    for words in (("audit", "--as", "nobody"), ("audit", "--as", "boss"), ("audit", "--days", "1")):
        code, _out, err = hotel(*words, typed="wrong\nwrong\n")
        assert (code, "Name or password is wrong" in err) == (1, True)


def test_the_doctor_finds_a_key_that_others_may_read(hotel, tmp_path):
    (tmp_path / "hotel.key").chmod(0o644)
    code, out, _err = hotel("doctor")
    assert code == 1
    assert "chmod 600" in out


def test_the_doctor_reminds_of_a_recovery_sheet_that_lies_beside_the_database(hotel, tmp_path):
    sheet = tmp_path / "recovery-sheet.pdf"
    sheet.unlink(missing_ok=True)
    assert "holds the hotel's key" not in hotel("doctor")[1]
    sheet.write_bytes(b"%PDF")
    assert f"{sheet} holds the hotel's key" in hotel("doctor")[1]


def test_the_doctor_takes_no_backup_for_new_because_its_name_or_date_says_so(hotel, tmp_path):
    assert "there is none" in hotel("doctor")[1]
    (tmp_path / "backups").mkdir(exist_ok=True)
    (tmp_path / "backups" / "hotel-20370119-031408.backup").write_bytes(b"of another hotel")
    assert "none opens with this hotel's key" in hotel("doctor")[1]
    hotel("backup")
    [written] = [p for p in (tmp_path / "backups").glob("*.backup") if "2037" not in p.name]
    out = hotel("doctor")[1]
    assert f"✓ Backup: {written}, 0 h old, up to entry" in out
    os.utime(written, (written.stat().st_mtime + 90000,) * 2)
    assert f"! Backup: {written} is dated in the future" in hotel("doctor")[1]


def test_the_key_of_the_sheet_opens_the_hotel_again(hotel, tmp_path):
    from pms.db import keys

    (tmp_path / "hotel.key").unlink()
    assert "restore-key" in hotel("verify")[2]
    signs = " ".join(keys.written(bytes(range(1, 33))))
    assert hotel("restore-key", typed=f"{signs}\nboss\nwrong\n")[0] == 1
    assert not (tmp_path / "hotel.key").exists()
    assert hotel("restore-key", typed=f"{signs}\n{OWNER}")[0] == 0
    assert hotel("verify")[0] == 0


def test_a_changed_posting_or_trail_is_found(hotel, tmp_path):
    from sqlalchemy import text

    from pms.db import keys
    from pms.db.engine import open_engine, sqlite_url

    engine = open_engine(sqlite_url(tmp_path / "hotel.db"), keys.derive(bytes(range(1, 33))))
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_entry_no_update"))
        connection.execute(text("UPDATE audit_entry SET station = 'elsewhere' WHERE id = 5"))
        connection.execute(text("UPDATE account SET balance = balance + 1 WHERE id = 1"))
    engine.dispose()
    code, out, err = hotel("verify")
    assert code == 1
    assert "Entry 5" in out
    assert "Account 1" in out
    assert "The guard of “audit_entry” is missing" in out
    assert "3 faults" in err


def test_a_defect_is_noted_without_a_traceback(hotel, tmp_path, monkeypatch):
    def broken(_desk):
        raise ZeroDivisionError("guest 张三 13912345678")

    monkeypatch.setitem(cli._RUN, "verify", broken)
    code, _out, err = hotel("verify")
    assert code == 1
    assert "ZeroDivisionError" in err
    log = (tmp_path / "log" / "defects.log").read_text("utf-8")
    assert "ZeroDivisionError" in log
    assert "张三" not in log
    assert "13912345678" not in log
