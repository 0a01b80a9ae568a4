"""Who has the desk's login is no person: what puts other books in the hotel's place, shows its key or takes
bookings over asks for a password, and the trail says who gave it."""

import io
import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from pms.__main__ import main
from pms.core.errors import NotPermitted
from pms.core.office import machine
from pms.core.options import Options
from pms.db import backup, keys
from pms.duties import offered
from pms.services.messages import service as messages
from pms.services.night_audit import service as night_audit
from pms.services.opening import doctor, store
from pms.services.property import service as property_
from pms.services.staff import service as staff
from tests import builders
from tests.builders import DAY, PASSWORD, TODAY
from tests.start.conftest import KEY

OWNER = f"boss\n{PASSWORD}\n"
OTHER = "battery staple"


@pytest.fixture
def line(ready, monkeypatch, capsys, tmp_path):
    """Run a command line on the small hotel; returns exit code, standard output and standard error."""
    place, _settings = ready
    monkeypatch.setattr("pms.core.settings.home", lambda: place)

    def run(*words, typed=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        return main([str(w) for w in words]), *capsys.readouterr()

    return run


@pytest.fixture
def lived(opened, tmp_path):
    """The small hotel with four more people, a backup of its first day, and two days closed since."""
    opened.sign_in("boss", PASSWORD)
    for login, role in (("ada", "administrator"), ("man", "manager"), ("cle", "clerk")):
        opened.do(staff.take_on.of(login=login, name=login.title(), password=OTHER, role=role))
    builders.settle(opened)
    file = tmp_path / "first.backup"
    backup.create(opened.engine, file, keys.derive(KEY).database)
    for n in (1, 2):
        opened.clock.set(TODAY + n * DAY, 2)
        opened.do(night_audit.close.of(business_date=TODAY + (n - 1) * DAY))
    opened.do(messages.write.of(text="after the backup"))
    opened.engine.dispose()
    return file


def read(ready, statement):
    office = store.open_office(*ready, offered(), clock=builders.Clock())
    try:
        with office.engine.connect() as connection:
            return connection.execute(text(statement)).all()
    finally:
        office.engine.dispose()


def end(ready) -> tuple[int, str]:
    return tuple(read(ready, "SELECT id, digest FROM audit_entry ORDER BY id DESC LIMIT 1")[0])


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "boss\nwrong\n",
        f"cle\n{OTHER}\n",
        f"man\n{OTHER}\n",
        f"man\n{OTHER}\nman\n{OTHER}\n",
        f"man\n{OTHER}\ncle\n{OTHER}\n",
    ],
    ids=["nobody", "wrong", "clerk", "one alone", "one twice", "manager and clerk"],
)
def test_who_may_not_restores_nothing_and_gets_no_key(ready, lived, line, typed, tmp_path):
    place, _settings = ready
    before = end(ready)
    for words in (("restore", lived, "--yes"), ("recovery-sheet", tmp_path / "key.pdf")):
        code, out, err = line(*words, typed=typed)
        assert (code, out) == (1, "")
        assert err.startswith("pms: ")
    assert not (tmp_path / "key.pdf").exists()
    assert [p.name for p in place.data.glob("hotel.db*") if "before" in p.name or "part" in p.name] == []
    assert read(ready, "SELECT business_date FROM property")[0][0] == str(TODAY + 2 * DAY)
    assert end(ready)[0] >= before[0]


def test_a_refused_person_stands_in_the_access_log(ready, lived, line):
    line("restore", lived, "--yes", typed=f"cle\n{OTHER}\n")
    line("restore", lived, "--yes", typed="boss\nwrong\n")
    found = read(ready, "SELECT kind, what FROM access ORDER BY id DESC LIMIT 3")
    assert ("right", "Restore a backup: property:edit") in [tuple(row) for row in found]
    assert ("password", "boss") in [tuple(row) for row in found]


@pytest.mark.parametrize(
    ("typed", "by"),
    [(OWNER, ["Zhang Li"]), (f"ada\n{OTHER}\nman\n{OTHER}\n", ["Ada", "Man"])],
    ids=["owner", "two persons"],
)
def test_a_restore_is_in_the_trail_of_what_it_restored(ready, lived, line, typed, by):
    place, _settings = ready
    old = end(ready)
    code, out, err = line("restore", lived, "--yes", typed=typed)
    assert (code, err) == (0, "")
    assert "2 business days are rolled back" in out
    [row] = read(ready, "SELECT clerk_id, station, action, changes FROM audit_entry WHERE record = 'restore'")
    told = json.loads(row.changes)
    assert (told["file"], told["by"]) == (lived.name, by)
    assert told["before"]["business_date"] == str(TODAY + 2 * DAY)
    assert told["before"]["closed"] == str(TODAY + DAY)
    assert told["before"]["closed_at"].startswith("2026-11-21T18:00")  # two at night, eight hours behind
    assert told["before"]["entry"] >= old[0]
    assert told["after"]["business_date"] == str(TODAY)
    assert told["after"]["closed"] is None
    assert row.clerk_id is not None
    assert row.station.startswith("terminal ")
    assert line("verify")[0] == 0
    made = store.anchor_of(place, KEY)
    assert made.read().count == end(ready)[0]
    [(word, mark)] = made.noted()
    assert (word, mark.count, mark.head) == ("restored", told["before"]["entry"], told["before"]["head"])


def test_where_no_database_opens_the_people_of_the_backup_are_asked(ready, lived, line):
    place, _settings = ready
    place.database.write_bytes(b"gone")
    for side in ("-wal", "-shm"):
        place.database.with_name(f"hotel.db{side}").unlink(missing_ok=True)
    assert line("restore", lived, "--yes", typed="boss\nwrong\n")[0] == 1
    assert place.database.read_bytes() == b"gone"
    code, out, _err = line("restore", lived, "--yes", typed=OWNER)
    assert (code, "the people of the backup are asked" in out, "is not known" in out) == (0, True, True)
    [row] = read(ready, "SELECT changes FROM audit_entry WHERE record = 'restore'")
    assert json.loads(row.changes)["before"] == {}
    assert line("verify")[0] == 0


def test_what_a_killed_restore_left_is_not_read_into_the_next(ready, lived, line):
    place, _settings = ready
    part = place.database.with_name("hotel.db.part")
    office = store.open_office(*ready, offered(), clock=builders.Clock())
    office.sign_in("boss", PASSWORD)
    office.do(messages.write.of(text="in the log of a copy that was never put in place"))
    shutil.copy(f"{place.database}-wal", f"{part}-wal")
    office.engine.dispose()
    assert line("restore", lived, "--yes", typed=OWNER)[0] == 0
    assert line("verify")[0] == 0
    assert read(ready, "SELECT count(*) FROM message")[0][0] == 0
    assert list(place.data.glob("hotel.db.part*")) == []


def test_the_sheet_is_written_by_the_owner_s_word_and_the_trail_says_so(ready, opened, line, tmp_path):
    opened.engine.dispose()
    (tmp_path / "key.pdf").write_bytes(b"of somebody else")
    (tmp_path / "key.pdf").chmod(0o644)
    assert line("recovery-sheet", tmp_path / "key.pdf", typed=OWNER)[0] == 0
    assert (tmp_path / "key.pdf").stat().st_mode & 0o077 == 0
    assert (tmp_path / "key.pdf").read_bytes().startswith(b"%PDF")
    [row] = read(ready, "SELECT clerk_id, changes FROM audit_entry WHERE record = 'hotel_key'")
    assert (row.clerk_id, json.loads(row.changes)) == (1, {"by": ["Zhang Li"], "how": "recovery sheet"})
    assert ("exported", "recovery sheet: Zhang Li") in [
        tuple(row) for row in read(ready, "SELECT kind, what FROM access")
    ]


def test_where_no_database_is_the_key_is_kept_and_it_is_said_that_nobody_was_asked(line, ready):
    place, _settings = ready
    place.key.unlink()
    place.database.unlink()
    code, out, _err = line("restore-key", typed=" ".join(keys.written(KEY)) + "\n")
    assert (code, "nobody could be asked for a password" in out) == (0, True)


def test_the_audit_runs_as_the_machine_and_says_so(ready, opened, line, monkeypatch):
    opened.engine.dispose()
    clock = builders.Clock()
    clock.set(TODAY + DAY, 2)
    monkeypatch.setitem(store.open_office.__kwdefaults__, "clock", clock)
    code, _out, err = line("audit")
    assert (code, err) == (0, "")
    rows = read(ready, "SELECT clerk_id, station FROM audit_entry WHERE action = 'night_audit:close'")
    assert {row.clerk_id for row in rows} == {None}
    assert all(row.station.startswith("machine ") for row in rows)
    [run] = read(ready, "SELECT started_by, closed_by, step FROM audit_run")
    assert tuple(run) == (None, None, "done")
    told = {f.what: f.words for f in doctor.look(*ready, offered())}
    assert told["Night audit"] == f"{TODAY}, closed 2026-11-21 02:00 by the machine"
    assert line("verify")[0] == 0


@pytest.mark.parametrize(("right", "told"), [(True, "is the one on the paper."), (False, "trail differs")])
def test_the_signs_of_the_paper_are_a_person_s_word(ready, lived, line, monkeypatch, right, told):
    [seal, *_] = read(ready, "SELECT digest FROM audit_entry WHERE record = 'closed_day' ORDER BY id DESC")
    clock = builders.Clock()
    clock.set(TODAY + 3 * DAY, 2)
    monkeypatch.setitem(store.open_office.__kwdefaults__, "clock", clock)
    signs = seal.digest[:6] if right else "0F0F0F"
    code, out, _err = line("audit", "--as", "man", "--signs", signs, typed=f"{OTHER}\n")
    assert code == 0
    assert told in out
    [run] = read(ready, "SELECT paper_signs, paper_right FROM audit_run ORDER BY business_date DESC LIMIT 1")
    assert (run.paper_signs, bool(run.paper_right)) == (signs.upper(), right)


def test_the_audit_by_a_person_has_the_person_s_name_and_rights(ready, lived, line, monkeypatch):
    clock = builders.Clock()
    clock.set(TODAY + 3 * DAY, 2)
    monkeypatch.setitem(store.open_office.__kwdefaults__, "clock", clock)
    assert "Your role may not do this" in line("audit", "--as", "cle", typed=f"{OTHER}\n")[2]
    assert line("audit", "--as", "man", typed=f"{OTHER}\n")[0] == 0
    told = {f.what: f.words for f in doctor.look(*ready, offered())}
    assert told["Night audit"].endswith("by Man")


def test_the_machine_may_do_nothing_else(opened):
    opened.clerk = machine()
    with pytest.raises(NotPermitted):
        opened.do(property_.edit.of(name="Stolen Inn", options=Options()))
    with pytest.raises(NotPermitted):
        opened.do(staff.take_on.of(login="x", name="X", password=OTHER, role="owner"))


def test_an_import_asks_for_the_password_of_one_who_may(ready, lived, line, tmp_path):
    file = tmp_path / "b.csv"
    file.write_text("hotel\n", "utf-8")
    words = ("import", "bookings", file, "--map", "hotel-demand")
    assert "Name or password is wrong" in line(*words, typed="boss\nwrong\n")[2]
    assert "lacks the columns" in line(*words, typed=OWNER)[2]
    assert "lacks the columns" in line(*words, "--as", "ada", typed=f"{OTHER}\n")[2]


def test_no_file_of_the_command_line_is_long():
    files = list((Path(main.__code__.co_filename).parent / "cli").glob("*.py"))
    assert len(files) > 4
    for file in files:
        assert len(file.read_text("utf-8").splitlines()) <= 500, file.name
