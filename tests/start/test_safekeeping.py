"""A closed day is backed up by itself, and old backups make room."""

import os
from dataclasses import replace
from datetime import timedelta

from pms.core.options import Options
from pms.db import backup, keys
from pms.services.night_audit import service as night_audit
from pms.services.opening.safekeeping import KEEP, Safekeeping
from pms.services.property import service as property_
from tests import builders
from tests.start.conftest import KEY


def close_day(office):
    day = office.house().business_date
    office.clock.set(day + timedelta(days=1), 2)
    office.do(night_audit.close, business_date=day)


def test_the_close_of_a_day_writes_a_backup_that_can_be_read(ready, opened):
    told = []
    keeper = Safekeeping(opened, *ready, told.append)
    opened.sign_in(builders.SMALL.owner_login, builders.PASSWORD)
    close_day(opened)
    keeper.stop()
    [written] = ready[0].backups.iterdir()
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
    assert ours[-1] == written.name
    assert (folder / "mine.backup").exists()


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
        [written.name, "hotel-20261120-101500.backup.part", "mine.part"]
    )


def test_a_hotel_that_wants_no_backups_gets_none(ready, opened):
    opened.sign_in(builders.SMALL.owner_login, builders.PASSWORD)
    opened.do(property_.edit, name="", options=replace(Options(), backups=False))
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
