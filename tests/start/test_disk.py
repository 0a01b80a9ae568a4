"""The night audit of the command line on a disk that is full, and in a house whose power fails, after the day
is closed."""

import errno
import os
import signal
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from pms import __main__ as program
from pms.core.settings import Home, Settings, save
from pms.db import backup, keys
from pms.services.night_audit import queries
from pms.services.opening import safekeeping, store
from pms.services.reports.printouts import REPORTS
from tests import builders
from tests.builders import TODAY
from tests.faults import shim
from tests.faults.shim import FAIL, GROW, KILL_BEFORE, TEAR, WRITE, Fault
from tests.start.conftest import AT_NIGHT, KEY

DAY = timedelta(days=1)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path, template):
    """The small hotel on a workstation whose folders are one, backed up as it is before the audit."""
    place = Home(tmp_path, tmp_path)
    settings = Settings(database=str(place.database), station="desk-1", language="en")
    place.database.write_bytes(template.read_bytes())
    keys.save(place, settings, KEY)
    save(place, settings)
    office = store.open_office(place, settings, {}, clock=builders.Clock())
    safekeeping.keep(office, place, settings)
    office.engine.dispose()
    return place


def since(place):
    """Return the backups and what else lies there but the one from before the audit."""
    return [p for p in place.backups.iterdir() if not p.name.startswith("hotel-20261120-143000.backup")]


def audit(place, library, folder, fault, at):
    """Run the audit in a process of its own whose writes in a folder are disturbed."""
    return subprocess.run(
        [sys.executable, "-c", AT_NIGHT, "audit"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=shim.around(library, folder, fault, at) | {"PMS_HOME": str(place.data), "LC_ALL": "C"},
    )


def again(place, monkeypatch, capsys):
    """Run the audit once more, that night; returns exit code, standard output and standard error."""
    clock = builders.Clock()
    clock.set(TODAY + DAY, 3)
    monkeypatch.setitem(store.open_office.__kwdefaults__, "clock", clock)
    monkeypatch.setenv("PMS_HOME", str(place.data))
    monkeypatch.setenv("LC_ALL", "C")
    return (program.main(["audit", "--auto"]), *capsys.readouterr())


def state(place):
    """Return the business date and the step that the closed day waits for."""
    office = store.open_office(place, Settings(database=str(place.database)), {}, clock=builders.Clock())
    found = (office.house().business_date, office.look(queries.run, business_date=TODAY).step)
    office.engine.dispose()
    return found


def half(place):
    """Return what somebody would take for a report or a backup and is not whole."""
    found = []
    for path in (
        p
        for folder in (place.reports / str(TODAY), place.backups)
        if folder.exists()
        for p in folder.iterdir()
    ):
        content = path.read_bytes()
        if path.suffix == ".pdf" and not (
            content.startswith(b"%PDF") and content.rstrip().endswith(b"%%EOF")
        ):
            found.append(path.name)
        if path.suffix == ".xlsx" and zipfile.ZipFile(path).testzip():
            found.append(path.name)
        if path.suffix == ".backup":
            backup.verify(path, keys.derive(KEY).database)
    return found


def complete(place):
    """Say whether all reports and a backup are there, whole, and nothing half beside the reports."""
    names = sorted(p.suffix for p in (place.reports / str(TODAY)).iterdir())
    return (
        names == [".pdf"] * len(REPORTS) + [".xlsx"]
        and half(place) == []
        and len([p for p in since(place) if p.suffix == ".backup"]) == 1
    )


def test_a_full_disk_under_the_reports_is_told_and_the_closed_day_gets_them_the_next_time(
    shimmed, home, monkeypatch, capsys
):
    ran = audit(home, shimmed, home.reports, Fault(FAIL, WRITE | GROW, errno.ENOSPC, lasting=True), 12)
    assert (ran.returncode, "is closed" in ran.stdout) == (3, True)
    assert (
        "cannot be written: the disk is full. Check the folder's permissions and the free space."
        in ran.stderr
    )
    assert "Traceback" not in ran.stderr
    assert state(home) == (TODAY + DAY, "report")
    assert half(home) == []
    assert again(home, monkeypatch, capsys)[0] == 0
    assert state(home) == (TODAY + DAY, "done")
    assert complete(home)


def test_a_full_disk_under_the_backup_is_told_and_the_reports_stay(shimmed, home, monkeypatch, capsys):
    ran = audit(home, shimmed, home.backups, Fault(FAIL, WRITE | GROW, errno.ENOSPC, lasting=True), 12)
    assert ran.returncode == 3
    assert "The disk is full. No backup was written; free some space and try again." in ran.stderr
    assert state(home) == (TODAY + DAY, "backup")
    assert since(home) == []
    assert again(home, monkeypatch, capsys)[0] == 0
    assert complete(home)


@pytest.mark.parametrize(
    ("folder", "fault", "at", "step"),
    [
        pytest.param("reports", Fault(KILL_BEFORE), 1, "report", id="between close and reports"),
        pytest.param("reports", Fault(TEAR, WRITE), 3, "report", id="in the middle of a report"),
        pytest.param("backups", Fault(TEAR, WRITE), 20, "backup", id="in the middle of the backup"),
    ],
)
def test_a_power_cut_after_the_close_leaves_no_half_file_and_the_set_is_made_complete(
    shimmed, home, monkeypatch, capsys, folder, fault, at, step
):
    ran = audit(home, shimmed, home.data / folder, fault, at)
    assert ran.returncode == -signal.SIGKILL
    assert state(home) == (TODAY + DAY, step)
    assert half(home) == []
    assert [p for p in since(home) if p.suffix == ".backup"] == []
    for part in home.backups.glob("*.part*"):
        os.utime(part, (0, 0))
    assert again(home, monkeypatch, capsys)[0] == 0
    assert state(home) == (TODAY + DAY, "done")
    assert complete(home)
    assert list(home.backups.glob("*.part*")) == []
