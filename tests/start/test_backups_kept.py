"""Backups are written around the audit and every few hours, grow old by classes, lie in a second place, and
are restored in a drill."""

import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pms.core.options import Options
from pms.core.settings import load
from pms.db import backup, keys
from pms.duties import offered
from pms.services.messages import service as messages
from pms.services.night_audit import service as night_audit
from pms.services.opening import doctor, drill, safekeeping, second_place, store
from pms.services.opening.safekeeping import KEEP, Safekeeping, last_of_each
from pms.services.property import service as property_
from tests import builders
from tests.builders import DAY, PASSWORD, TODAY
from tests.night_audit.forger import forge
from tests.start.conftest import KEY
from tests.start.test_not_a_person import line  # noqa: F401  (a fixture)

DATABASE_KEY = keys.derive(KEY).database


@pytest.fixture
def keeper(ready, opened):
    opened.sign_in("boss", PASSWORD)
    made = Safekeeping(opened, *ready, print, seconds=3600)
    yield made
    made.stop()


def act(office) -> None:
    office.do(messages.write.of(text="something has happened"))


def written(place) -> list[str]:
    return sorted(path.name for path in place.backups.glob("*.backup"))


# ------------------------------------------------------------------ when
def test_a_backup_is_written_before_and_after_the_audit(ready, opened, keeper):
    place, _settings = ready
    opened.clock.set(TODAY + DAY, 2)
    opened.do(night_audit.begin.of(business_date=TODAY))
    for thread in keeper._threads:
        thread.join(30)
    [before] = place.backups.glob("*.backup")
    held = backup.verify(before, DATABASE_KEY).trail
    opened.do(messages.write.of(text="while the audit stands open"))
    opened.clock.set(TODAY + DAY, 2.1)
    opened.do(night_audit.close.of(business_date=TODAY))
    keeper.stop()
    after = [path for path in place.backups.glob("*.backup") if path != before]
    assert len(after) == 1  # the note wrote no second one
    assert backup.verify(after[0], DATABASE_KEY).trail > held


def test_the_audit_of_the_command_line_backs_up_before_and_after_it(ready, opened, line, monkeypatch):  # noqa: F811
    place, _settings = ready
    opened.sign_in("boss", PASSWORD)
    act(opened)
    opened.engine.dispose()
    clock = builders.Clock()
    clock.set(TODAY + DAY, 2)
    monkeypatch.setitem(store.open_office.__kwdefaults__, "clock", clock)
    assert line("audit")[0] == 0
    before, after = sorted(backup.verify(p, DATABASE_KEY).trail for p in place.backups.glob("*.backup"))
    assert after - before > 3
    assert line("verify")[0] == 0


def test_hours_after_the_last_one_a_backup_is_due_if_something_has_happened(
    ready, opened, keeper, monkeypatch
):
    assert not keeper.is_due()
    now = safekeeping.monotonic()
    monkeypatch.setattr(safekeeping, "monotonic", lambda: now)
    keeper.keep()
    now += 3.9 * 3600
    act(opened)
    assert not keeper.is_due()
    now += 0.2 * 3600
    assert keeper.is_due()
    keeper.keep()
    now += 100 * 3600
    assert not keeper.is_due()  # nothing has happened since
    act(opened)
    assert keeper.is_due()
    opened.do(property_.edit.of(name="Inn", options=Options(backup_hours=0)))
    assert not keeper.is_due()


def test_the_clockwork_writes_what_is_due(ready, opened, monkeypatch):
    opened.sign_in("boss", PASSWORD)
    act(opened)
    monkeypatch.setattr(safekeeping, "HOUR", 0)
    keeper = Safekeeping(opened, *ready, print, seconds=0.02)
    for _n in range(500):
        if written(ready[0]):
            break
        keeper._ending.wait(0.02)
    keeper.stop()
    assert len(written(ready[0])) == 1


# ------------------------------------------------------------------ how long
def at(folder, moment, source) -> None:
    path = folder / backup.name_for(moment)
    shutil.copy(source, path)
    os.utime(path, (moment.timestamp(),) * 2)


def test_the_last_of_each_day_week_and_month_is_kept(ready, opened, keeper):
    """Four backups a day for 400 days, thinned after each: what is left are the classes and the latest."""
    place, _settings = ready
    first = keeper.keep()
    source = shutil.copy(first, place.data / "source")
    first.unlink()
    end = datetime(2026, 11, 20, 20, tzinfo=UTC)
    rules = Options(keep_days=10, keep_weeks=6, keep_months=12)
    moments = [end - timedelta(hours=6 * n) for n in range(4 * 400)][::-1]
    left: set[datetime] = set()
    for moment in moments:  # the rule alone, on the moments
        left.add(moment)
        left = classes(left, rules) | set(sorted(left)[-KEEP:])
    for moment in sorted(left):
        at(place.backups, moment, source)
    kept = last_of_each(sorted(place.backups.glob("*.backup")), rules)
    days = {datetime.strptime(path.name[6:14], "%Y%m%d").date() for path in kept}
    assert {end.date() - timedelta(days=n) for n in range(10)} <= days
    assert len({day.isocalendar()[:2] for day in days}) >= 6
    assert len({(day.year, day.month) for day in days}) == 12
    assert min(days) == datetime(2025, 12, 31).date()
    assert len(kept) <= 10 + 6 + 12
    opened.do(property_.edit.of(name="Inn", options=rules))
    new = keeper.keep()
    after = set(place.backups.glob("*.backup"))
    assert kept <= after
    assert new in after
    assert len(after) <= 2 * KEEP + len(kept)


def classes(moments, rules) -> set[datetime]:
    kept = set()
    for form, count in (
        ("%Y-%m-%d", rules.keep_days),
        ("%G-%V", rules.keep_weeks),
        ("%Y-%m", rules.keep_months),
    ):
        last = {moment.strftime(form): moment for moment in sorted(moments)}
        kept |= set(list(last.values())[-count:])
    return kept


# ------------------------------------------------------------------ a second place
@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def test_every_backup_is_copied_to_the_second_place_and_read_there(ready, opened, stick):
    place, settings = ready
    opened.sign_in("boss", PASSWORD)
    settings = replace(settings, second_place=str(stick))
    told = []
    made = safekeeping.keep(opened, place, settings, told.append)
    copied = stick / made.name
    assert told == []
    assert backup.verify(copied, DATABASE_KEY) == backup.verify(made, DATABASE_KEY)
    assert backup.manifests(stick) == backup.manifests(place.backups)
    assert [p.name for p in stick.iterdir() if "part" in p.name] == []


def test_a_second_place_that_is_away_is_told_after_a_day(ready, opened, stick):
    place, settings = ready
    settings = replace(settings, second_place=str(stick))
    told = []
    safekeeping.keep(opened, place, settings, told.append)
    stick.rename(stick.with_name("in the safe"))
    for hours, said in ((1, 0), (23, 0), (25, 1)):
        opened.clock.set(TODAY, 14.5 + hours)
        safekeeping.keep(opened, place, settings, told.append)
        assert len(told) == said, hours
    assert not stick.exists()  # nothing was written to the disk in its place
    assert f"{stick}, is not there; it was last written to: 2026-11-20 06:30 UTC" in told[0]
    keeper = Safekeeping(opened, place, settings, told.append, seconds=3600)
    keeper.stop()
    assert len(told) == 2  # at the start too
    stick.with_name("in the safe").rename(stick)
    safekeeping.keep(opened, place, settings, told.append)
    assert len(told) == 2


def test_a_second_place_that_was_never_there_is_told_at_once(ready, opened, tmp_path):
    place, settings = ready
    told = []
    made = safekeeping.keep(
        opened, place, replace(settings, second_place=str(tmp_path / "none")), told.append
    )
    assert made.exists()
    assert "last written to: never" in told[0]


def test_a_second_place_that_takes_nothing_costs_the_first_nothing(ready, opened, stick, monkeypatch):
    place, settings = ready

    def full(_source, _target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(second_place.shutil, "copyfile", full)
    told = []
    made = safekeeping.keep(opened, place, replace(settings, second_place=str(stick)), told.append)
    assert made.exists()
    assert "takes no backup" in told[0]
    assert second_place.last(place) is None


def test_the_command_names_the_second_place_and_the_doctor_looks_at_it(ready, opened, line, stick, tmp_path):  # noqa: F811
    place, _settings = ready
    opened.engine.dispose()
    assert "is no folder" in line("backup", "--also", tmp_path / "none")[2]
    assert line("backup", "--also", stick)[0] == 0
    assert load(place).second_place == str(stick)
    assert len(list(stick.glob("*.backup"))) == 1
    told = {f.what: f for f in doctor.look(place, load(place), offered())}
    assert "is on the disk of the database" in told["Second place for backups"].words
    shutil.rmtree(stick)
    (place.data / second_place.MARK).write_text("2026-11-01T00:00:00+00:00\n")
    told = {f.what: f for f in doctor.look(place, load(place), offered())}
    assert not told["Second place for backups"].well
    code, _out, err = line("backup", tmp_path / "one.backup")
    assert (code, "is not there" in err) == (3, True)
    assert line("backup", "--also", "-", tmp_path / "two.backup")[0] == 0
    assert load(place).second_place == ""


# ------------------------------------------------------------------ the drill
def test_the_drill_restores_the_newest_beside_proves_it_and_leaves_nothing(ready, opened, line):  # noqa: F811
    place, _settings = ready
    opened.sign_in("boss", PASSWORD)
    act(opened)
    safekeeping.keep(opened, *ready)
    opened.engine.dispose()
    before = {path: path.stat().st_mtime_ns for path in place.data.rglob("*") if path.is_file()}
    code, out, _err = line("doctor", "--drill")
    assert "✓ Drill: hotel-20261120-143000.backup was restored beside and proven in" in out
    assert f"business date {TODAY}" in out
    after = {path: path.stat().st_mtime_ns for path in place.data.rglob("*") if path.is_file()}
    assert set(after) - {place.database.with_name(f"hotel.db{s}") for s in ("-wal", "-shm")} == set(
        before
    ) - {place.database.with_name(f"hotel.db{s}") for s in ("-wal", "-shm")}
    assert store.anchor_of(place, KEY).told() == []
    assert code in (0, 1)  # the doctor may find something else on this computer


def test_a_backup_that_does_not_prove_fails_the_drill(ready, opened):
    opened.sign_in("boss", PASSWORD)
    act(opened)
    forge(opened, "UPDATE account SET balance = balance + 100 WHERE id = 1")
    safekeeping.keep(opened, *ready)
    well, words = drill.run(*ready, offered())
    assert (well, "does not prove" in words, "Account 1" in words) == (False, True, True)


def test_a_damaged_backup_fails_the_drill(ready, opened):
    place, _settings = ready
    assert drill.run(*ready, offered()) == (False, "there is none: run “pms backup”")
    made = safekeeping.keep(opened, *ready)
    content = bytearray(made.read_bytes())
    content[len(content) // 2] ^= 1
    made.write_bytes(content)
    well, words = drill.run(*ready, offered())
    assert (well, "damaged" in words) == (False, True)
    assert [p.name for p in place.data.iterdir() if p.name.startswith("drill-")] == []
