"""After the close: reports as files, then a verified backup; what fails is named, stops nothing and is done
the next time."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from pms.core import private
from pms.core.errors import Refused
from pms.core.options import Options
from pms.db import backup, keys
from pms.services.night_audit import queries, service
from pms.services.opening.after_close import AfterClose
from pms.services.property import service as property_
from pms.services.reports.printouts import REPORTS
from tests import builders
from tests.builders import TODAY
from tests.start.conftest import KEY

DAY = timedelta(days=1)


@pytest.fixture
def closed(opened):
    """The hotel in the night, its day closed."""
    opened.sign_in(builders.SMALL.owner_login, builders.PASSWORD)
    opened.clock.set(TODAY + DAY, 2)
    opened.do(service.close.of(business_date=TODAY))
    return opened


def step(office):
    return office.look(queries.run, business_date=TODAY).step


def test_the_reports_are_written_and_the_step_is_done_by_itself(ready, closed):
    said = closed.after_close.report(TODAY)
    folder = ready[0].reports / str(TODAY)
    written = sorted(p.name for p in folder.iterdir())
    assert len([name for name in written if name.endswith(".pdf")]) == len(REPORTS)
    assert all((folder / name).read_bytes().startswith(b"%PDF") for name in written if name.endswith(".pdf"))
    assert (folder / f"reports-{TODAY:%Y%m%d}.xlsx").read_bytes().startswith(b"PK")
    assert str(folder) in said
    assert step(closed) == "backup"
    before = {name: (folder / name).read_bytes() for name in written if name.endswith(".pdf")}
    closed.clock.set(TODAY + DAY, 9)
    closed.after_close.report(TODAY)  # again, unchanged
    assert {name: (folder / name).read_bytes() for name in before} == before


def test_the_backup_is_written_verified_and_the_audit_done(ready, closed):
    closed.after_close.report(TODAY)
    said = closed.after_close.backup(TODAY)
    [written] = ready[0].backups.glob("*.backup")
    assert str(written) in said
    assert backup.verify(written, keys.derive(KEY).database).trail > 0
    assert step(closed) == "done"


def test_after_the_backup_the_database_knows_how_much_its_tables_hold(closed):
    closed.after_close.report(TODAY)
    closed.after_close.backup(TODAY)
    with closed.engine.connect() as connection:
        looked_at = {row[0] for row in connection.execute(text("SELECT tbl FROM sqlite_stat1"))}
    assert {"account", "audit_entry", "inventory"} <= looked_at


def test_a_disk_that_fails_is_named_and_the_step_is_done_the_next_time(ready, closed):
    ready[0].reports.write_text("a file where the folder should be")
    told = []
    assert isinstance(closed.after_close, AfterClose)
    [trouble] = closed.after_close.finish(told.append)
    assert "reports" in trouble
    assert "cannot be written" in trouble
    assert (step(closed), told) == ("report", [])
    assert closed.house().business_date == TODAY + DAY
    ready[0].reports.unlink()
    assert closed.after_close.finish(told.append) == []
    assert (step(closed), len(told)) == ("done", 2)
    assert closed.after_close.finish(told.append) == []
    assert len(told) == 2


def test_no_half_file_is_left_behind(ready, closed, monkeypatch):
    def full(_number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Refused, match="the disk is full"):
        closed.after_close.report(TODAY)
    assert list((ready[0].reports / str(TODAY)).iterdir()) == []


def test_a_report_that_does_not_read_as_it_was_written_is_not_said_to_be_there(ready, closed, monkeypatch):
    whole = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: whole(path)[:-1])
    with pytest.raises(Refused, match="01-audit-record.pdf cannot be written"):
        closed.after_close.report(TODAY)
    assert step(closed) == "report"


def test_the_step_is_noted_when_the_names_of_the_files_are_on_the_disk(ready, closed, monkeypatch):
    seen = []
    monkeypatch.setattr(
        private,
        "sync_folder",
        lambda folder: seen.append((folder, len(list(folder.glob("*.pdf"))), step(closed))),
    )
    closed.after_close.report(TODAY)
    folder = ready[0].reports / str(TODAY)
    assert seen[-2:] == [(folder, len(REPORTS), "report"), (folder.parent, 0, "report")]
    assert step(closed) == "backup"


def test_what_the_hotel_has_switched_off_is_not_written(ready, closed):
    closed.do(property_.edit.of(name="x", options=Options(reports=False, backups=False)))
    told = []
    assert closed.after_close.finish(told.append) == []
    assert not ready[0].reports.exists()
    assert not ready[0].backups.exists()
    assert step(closed) == "done"


def test_a_server_makes_its_own_backup_and_is_told_so(postgres, ready):
    house = builders.office(postgres, found=False)
    after = AfterClose(house, *ready)
    house.next_day()
    after.report(TODAY)
    assert "pg_dump" in after.backup(TODAY)
    assert not ready[0].backups.exists()
    assert step(house) == "done"
