"""A hotel at work, on a machine whose umask keeps nobody out: what lies on its disk afterwards, and for how
long."""

import os
import stat
from datetime import timedelta

import pytest

from pms import cli
from pms.__main__ import Backstage
from pms.core import defects, private
from pms.core.options import Options
from pms.core.settings import Home, Settings, load
from pms.devices.cards import encoder
from pms.devices.drawer import drawer
from pms.duties import offered
from pms.printing.printers import Printer
from pms.services.cards.desk import CardDesk
from pms.services.guests.person import Person
from pms.services.night_audit import service as night_audit
from pms.services.opening import papers
from pms.services.print_jobs import service as print_jobs
from pms.services.print_jobs.room import open_room
from pms.services.property import service as property_
from pms.services.rooms import queries as rooms
from pms.services.stays import service as stays
from tests import builders
from tests.builders import DAY, TODAY


@pytest.fixture(autouse=True)
def open_to_all():
    """The loosest umask there is."""
    before = os.umask(0)
    yield
    os.umask(before)


def open_to_others(*places):
    """Return every file and folder that somebody else may read, the places themselves too."""
    found = []
    for place in places:
        for here, folders, files in os.walk(place):
            each = (
                {here: 0o700}
                | {f"{here}/{name}": 0o700 for name in folders}
                | {f"{here}/{n}": 0o600 for n in files}
            )
            found += [path for path, most in each.items() if stat.S_IMODE(os.lstat(path).st_mode) & ~most]
    return found


def walk_in(office):
    office.sign_in(builders.SMALL.owner_login, builders.PASSWORD)
    room = office.look(rooms.rooms)[0]
    return office.do(
        stays.walk_in.of(
            room_id=room.id,
            departure=TODAY + DAY,
            guests=[Person("Wang Wei", phone="13812345678")],
            plan_id=1,
            cards_wanted=1,
        ),
        intent=office.new_intent(),
        confirmed=frozenset({"card_unpaid", "overdue", "rack", "identity", "no_deposit", "clean", "dirty"}),
    )


def test_what_a_day_leaves_on_the_disk_is_for_this_login_alone(ready, opened):
    place: Home = ready[0]
    place.data.chmod(0o700)
    walk_in(opened)
    spooler = open_room(opened, place.paper)
    spooler.look()
    cards = CardDesk(opened, encoder("folder", str(place.cards)))
    cards.look()
    drawer("file", str(place.data / "drawer")).open()
    defects.report(ValueError(), place.log)
    opened.clock.set(TODAY + DAY, 2)
    opened.do(night_audit.close.of(business_date=TODAY))
    opened.after_close.report(TODAY)
    opened.after_close.backup(TODAY)
    for wanted in (
        "paper/*registration*.pdf",
        "cards/*.json",
        f"reports/{TODAY}/*.pdf",
        "backups/*",
        "log/*",
    ):
        assert list(place.data.glob(wanted)), wanted
    found = open_to_others(place.config, place.data)
    assert [path for path in found if "/hotel.db" not in path] == []  # that is the test's own copy


def test_a_hotel_that_is_founded_from_the_command_line_is_for_this_login_alone(tmp_path):
    place = Home(tmp_path / "home" / "config", tmp_path / "home" / "data")
    cli.make_demo(place.demo, Settings(language="en", station="desk-1"), offered())
    assert list(place.demo.data.glob("hotel.db*"))
    assert open_to_others(tmp_path / "home") == []


def test_what_an_earlier_release_left_open_is_shut_at_the_start(ready):
    place = ready[0]
    for folder in (place.paper, place.cards, place.reports / "2026-11-01", place.backups, place.log.parent):
        folder.mkdir(parents=True)
        (folder / "old").write_text("Wang Wei")
    place.key.chmod(0o644)
    stage = Backstage(place, load(place))
    stage.open(lambda _trouble: None)
    stage.close()
    assert open_to_others(place.paper, place.cards, place.reports, place.backups, place.log.parent) == []
    assert stat.S_IMODE(place.key.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.database.stat().st_mode) == 0o600


def test_nothing_is_left_in_the_folder_of_what_is_only_passing(ready):
    place = ready[0]
    left = private.folder(place.passing) / "paper-of-a-killed-program.pdf"
    left.write_bytes(b"%PDF")
    stage = Backstage(place, load(place))
    stage.open(lambda _trouble: None)
    assert not left.exists()
    private.passing.put(b"%PDF", ".pdf")
    stage.close()
    assert list(place.passing.iterdir()) == []


def aged(path, days, now):
    then = (now - timedelta(days=days)).timestamp()
    os.utime(path, (then, then))


def test_papers_and_cards_that_are_files_live_as_long_as_the_hotel_says(ready, opened):
    place, now = ready[0], opened.now()
    opened.sign_in(builders.SMALL.owner_login, builders.PASSWORD)
    kept = {}
    for folder in (place.paper, place.paper / "invoices", place.cards, place.reports):
        for days in (9, 11, 31):
            path = private.folder(folder) / f"{days}.pdf"
            path.write_bytes(b"%PDF")
            aged(path, days, now)
            kept[path] = days
    assert papers.drop_old(opened, place) == 3
    assert {p for p in kept if p.exists()} == {
        p for p, d in kept.items() if d < 31 or p.parent == place.reports
    }
    opened.do(property_.edit.of(name="x", options=Options(paper_days=10, reports=False, backups=False)))
    opened.clock.set(TODAY + DAY, 2)
    opened.do(night_audit.close.of(business_date=TODAY))
    aged(place.paper / "9.pdf", 8, opened.now())
    told = []
    assert opened.after_close.finish(told.append) == []
    assert "3 old papers kept as files are removed" in told[-1] or "old paper" in told[-1]
    assert (place.paper / "9.pdf").exists()
    assert not (place.paper / "11.pdf").exists()
    assert (place.reports / "31.pdf").exists()


@pytest.mark.parametrize(
    "address", ["../away", "/tmp/away", "in/../../away", "link/x", "C:\\away", "..\\away"]
)
def test_a_printer_of_kind_folder_writes_only_below_the_workstations_own(ready, opened, tmp_path, address):
    """A printer that was set before there was a rule, or in the database by hand."""
    place, away = ready[0], tmp_path / "away"
    away.mkdir()
    private.folder(place.paper)
    (place.paper / "link").symlink_to(away)
    opened.sign_in(builders.SMALL.owner_login, builders.PASSWORD)
    number = opened.do(print_jobs.set_printer.of(printer=Printer(0, "Files", "folder", "in", "")))
    opened.do(print_jobs.assign.of(printer_id=number))
    with opened.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE printer SET address = ?", (address,))
    walk_in(opened)
    before = set(tmp_path.rglob("*.pdf"))
    spooler = open_room(opened, place.paper)
    spooler.look()
    written = set(tmp_path.rglob("*.pdf")) - before
    assert list(away.iterdir()) == []
    assert all(path.is_relative_to(place.paper) for path in written)
    if "\\" not in address:
        assert "not below this workstation's folder of papers" in spooler.trouble
        assert not written
