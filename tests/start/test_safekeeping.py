"""A closed day is backed up by itself, and old backups make room."""

import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pms.core.errors import StoreTrouble
from pms.core.options import Options
from pms.db import backup, keys
from pms.duties import offered
from pms.services.night_audit import service as night_audit
from pms.services.opening import store
from pms.services.opening.safekeeping import KEEP, Safekeeping
from pms.services.property import service as property_
from pms.services.rooms import service as rooms
from tests import builders
from tests.start.conftest import KEY


def close_day(office):
    day = office.house().business_date
    office.clock.set(day + timedelta(days=1), 2)
    office.do(night_audit.close.of(business_date=day))


def test_the_close_of_a_day_writes_a_backup_that_can_be_read(ready, opened):
    told = []
    keeper = Safekeeping(opened, *ready, told.append)
    opened.sign_in(builders.SMALL.owner_login, builders.PASSWORD)
    close_day(opened)
    keeper.stop()
    [written] = ready[0].backups.glob("*.backup")
    assert backup.verify(written, keys.derive(KEY).database).trail > 0
    assert told == []


def test_after_the_window_is_closed_nothing_more_is_written(ready, opened):
    keeper = Safekeeping(opened, *ready, print)
    keeper.stop()
    opened.sign_in(builders.SMALL.owner_login, builders.PASSWORD)
    close_day(opened)
    assert not ready[0].backups.exists()


def test_two_weeks_are_kept(ready, opened):
    keeper = Safekeeping(opened, *ready, print)
    folder = ready[0].backups
    folder.mkdir()
    for n in range(KEEP + 3):
        (folder / f"hotel-202610{n + 1:02d}-020000.backup").write_bytes(b"old")
    (folder / "mine.backup").write_bytes(b"not ours")
    written = keeper.keep()
    ours = sorted(p.name for p in folder.glob("hotel-*.backup"))
    assert len(ours) == KEEP
    assert written.name in ours
    assert (folder / "mine.backup").exists()


def fill(folder, opened, start, count, *, at=None):
    """Write backups that hold the hotel as it is now, under the names of a clock that was wrong."""
    folder.mkdir(exist_ok=True)
    made = []
    for n in range(count):
        path = folder / backup.name_for(start + timedelta(hours=12 * n))
        if made:
            shutil.copy(made[0], path)
        else:
            backup.create(opened.engine, path, keys.derive(KEY).database)
        moment = (at or start) + timedelta(hours=12 * n)
        os.utime(path, (moment.timestamp(),) * 2)
        made.append(path)
    return made


@pytest.mark.parametrize("year", [2037, 2020])
def test_what_was_just_written_stays_whatever_the_names_of_the_others_say(ready, opened, year):
    opened.sign_in(builders.SMALL.owner_login, builders.PASSWORD)
    folder = ready[0].backups
    wrong = datetime(year, 1, 19, 3, tzinfo=UTC)
    fill(folder, opened, wrong, KEEP + 2, at=wrong if year == 2037 else None)
    written = []
    for n in range(3):
        opened.clock.set(builders.TODAY + timedelta(days=n), 15)
        opened.do(rooms.set_clean.of(room_ids=[1], clean=("dirty", "clean")[n % 2]))
        written.append(Safekeeping(opened, *ready, print).keep())
        assert all(path.exists() for path in written)
        assert backup.verify(written[-1], keys.derive(KEY).database).trail > 0
    assert len(list(folder.glob("*.backup"))) <= 2 * KEEP


def test_a_clock_that_went_back_rotates_the_oldest_away_and_not_the_newest(ready, opened):
    opened.sign_in(builders.SMALL.owner_login, builders.PASSWORD)
    folder = ready[0].backups
    old = fill(folder, opened, datetime(2026, 10, 1, 2, tzinfo=UTC), KEEP)
    opened.clock.set(builders.TODAY - timedelta(days=2000), 3)
    opened.do(rooms.set_clean.of(room_ids=[1], clean="dirty"))
    written = Safekeeping(opened, *ready, print).keep()
    os.utime(written, (opened.now().timestamp(),) * 2)
    again = Safekeeping(opened, *ready, print).keep()
    assert written.exists()
    assert again.exists()
    assert again != written  # the same second, another file
    assert not old[0].exists()


def test_after_a_restore_neither_the_new_backups_nor_those_before_it_are_lost(ready, opened):
    opened.sign_in(builders.SMALL.owner_login, builders.PASSWORD)
    folder, started = ready[0].backups, datetime(2026, 11, 1, 2, tzinfo=UTC)
    short = fill(folder, opened, started, 1)[0]
    for n in range(5):
        opened.do(rooms.set_clean.of(room_ids=[1], clean=("dirty", "clean")[n % 2]))
    before = fill(folder, opened, started + timedelta(days=1), KEEP + 3)
    opened.engine.dispose()
    backup.restore(short, ready[0].database, keys.derive(KEY).database, confirmed=True)
    restored = store.open_office(*ready, offered(), clock=opened.clock)
    written = []
    for n in range(3):
        restored.clock.set(builders.TODAY + timedelta(days=n), 2)
        written.append(Safekeeping(restored, *ready, print).keep())
    restored.engine.dispose()
    assert all(path.exists() for path in (*written, *before[-10:]))


def test_a_backup_that_is_gone_is_not_said_to_be_there(ready, opened, monkeypatch):
    def settled(part, target):
        part.replace(target)
        target.unlink()  # what a virus scanner does

    monkeypatch.setattr(backup, "settle", settled)
    with pytest.raises(StoreTrouble, match="is not there any more"):
        Safekeeping(opened, *ready, print).keep()


def test_what_a_power_cut_left_of_a_backup_makes_room_and_one_in_the_making_stays(ready, opened):
    folder = ready[0].backups
    folder.mkdir()
    for name, hours in (
        ("hotel-20261019-020000.backup.part", 2),
        ("hotel-20261019-020000.backup.part-journal", 2),
        ("hotel-20261120-101500.backup.part", 0),
        ("mine.part", 2),
    ):
        (folder / name).write_bytes(b"half")
        os.utime(folder / name, (opened.now().timestamp() - hours * 3600,) * 2)
    written = Safekeeping(opened, *ready, print).keep()
    assert sorted(p.name for p in folder.iterdir()) == sorted(
        [written.name, written.name + ".manifest", "hotel-20261120-101500.backup.part", "mine.part"]
    )


def test_a_hotel_that_wants_no_backups_gets_none(ready, opened):
    opened.sign_in(builders.SMALL.owner_login, builders.PASSWORD)
    opened.do(property_.edit.of(name="", options=replace(Options(), backups=False)))
    assert Safekeeping(opened, *ready, print).keep() is None
    assert not ready[0].backups.exists()


def test_a_backup_that_cannot_be_written_is_told_at_the_desk(ready, opened):
    told = []
    keeper = Safekeeping(opened, *ready, told.append)
    ready[0].backups.write_text("a file where the folder should be")
    opened.sign_in(builders.SMALL.owner_login, builders.PASSWORD)
    close_day(opened)
    keeper.stop()
    assert len(told) == 1
    assert "cannot be written" in told[0]
