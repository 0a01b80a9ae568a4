"""Every paper comes out once, whatever happens to printer, program or database; a second one only on request,
and marked."""

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pms.core.errors import Conflict, DeviceTrouble, NotPermitted, Refused, StoreTrouble
from pms.core.money import Money
from pms.core.office import Clerk
from pms.duties import ROLES
from pms.printing.printers import Doubtful, Output, Printer, Unprinted
from pms.printing.spooler import Spooler
from pms.services.folios import service as folios
from pms.services.guests.person import Person
from pms.services.print_jobs import queries, service
from pms.services.print_jobs.room import OfficeJobs, open_room
from pms.services.staff import service as staff
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests.builders import SECRET, House

ROOT = Path(__file__).parents[2]
DESK = Printer(0, "Desk", "network", "192.168.1.60")


@dataclass
class Paper:
    """A printer made of lists: what came out, and what goes wrong next."""

    out: list[Output] = field(default_factory=list)
    faults: list[Exception | None] = field(default_factory=list)

    def send(self, output: Output) -> None:
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, Unprinted):
            raise fault
        self.out.append(output)
        if fault is not None:
            raise fault


@dataclass
class Room:
    """A print room whose clock stands still."""

    house: House
    paper: Paper = field(default_factory=Paper)
    seconds: float = 0.0
    jobs: object = None

    def __post_init__(self) -> None:
        self.spooler = Spooler(
            self.jobs or OfficeJobs(self.house),
            self.house.changes,
            drivers=lambda printer: self.paper,
            clock=lambda: self.seconds,
        )

    def look(self) -> list[str]:
        """Let the room work once and return what came out since the last time."""
        before = len(self.paper.out)
        self.spooler.look()
        return [output.slip.kind for output in self.paper.out[before:]]


@pytest.fixture
def room(house: House) -> Room:
    printer_id = house.do(service.set_printer, printer=DESK)
    house.do(service.assign, printer_id=printer_id)
    return Room(house)


def check_in(house: House, room: str = "301", method: str = "CASH") -> int:
    line = house.book()
    return house.do(
        stays.check_in,
        line_id=line,
        room_id=house.room_id(room),
        deposit=Paid(method, Money(50000)),
        guests=[Person("王雅琴")],
        intent=house.new_intent(),
    )


def states(house: House) -> dict[str, str]:
    return {f"{job.kind}{job.reprint or ''}": job.state for job in house.ask(queries.jobs)}


def job_of(house: House, kind: str) -> queries.JobRow:
    return next(job for job in house.ask(queries.jobs) if job.kind == kind)


def test_papers_come_out_in_the_order_of_the_work_and_once(house, room):
    check_in(house)
    assert states(house) == {"deposit_receipt": "queued", "registration_card": "queued"}
    assert room.look() == ["deposit_receipt", "registration_card"]
    assert states(house) == {"deposit_receipt": "printed", "registration_card": "printed"}
    assert room.look() == []
    assert job_of(house, "deposit_receipt").printer == "Desk"


def test_a_refused_check_in_prints_nothing(house, room):
    check_in(house)
    with pytest.raises(Conflict):
        check_in(house)
    assert room.look() == ["deposit_receipt", "registration_card"]


def test_a_printer_that_is_off_keeps_the_job_and_is_asked_again_later(house, room):
    check_in(house)
    room.paper.faults = [Unprinted("switch it on"), Unprinted("switch it on")]
    assert room.look() == []
    assert states(house) == {"deposit_receipt": "failed", "registration_card": "queued"}
    assert job_of(house, "deposit_receipt").trouble == "switch it on"
    assert room.look() == []  # the printer is left alone for a while
    assert len(room.paper.faults) == 1
    room.seconds += 5
    assert room.look() == []
    room.seconds += 5  # the second rest is longer
    assert room.look() == []
    room.seconds += 5
    assert room.look() == ["deposit_receipt", "registration_card"]
    assert job_of(house, "deposit_receipt").attempts == 3


def test_setting_a_printer_right_tries_at_once(house, room):
    check_in(house)
    room.paper.faults = [Unprinted("wrong address")]
    room.look()
    [printer] = house.ask(queries.printers)
    house.do(service.set_printer, printer=Printer(printer.id, "Desk", "network", "192.168.1.61"))
    assert room.look() == ["deposit_receipt", "registration_card"]


@pytest.mark.parametrize("fault", [Doubtful("the cable was pulled"), ValueError("a driver with a defect")])
def test_a_paper_that_may_be_half_out_waits_for_a_person(house, room, fault):
    check_in(house)
    room.paper.faults = [fault]
    assert room.look() == ["deposit_receipt"]
    room.seconds += 100
    assert room.look() == ["registration_card"]
    assert states(house)["deposit_receipt"] == "incomplete"
    assert str(fault) in job_of(house, "deposit_receipt").trouble
    job = job_of(house, "deposit_receipt")
    house.do(service.reprint, job_id=job.id, reason="torn")
    assert room.look() == ["deposit_receipt"]
    assert room.paper.out[-1].slip.mark == "DUPLICATE 1"
    assert states(house) == {
        "deposit_receipt": "replaced",
        "deposit_receipt1": "printed",
        "registration_card": "printed",
    }


def test_a_paper_that_came_out_whole_is_settled_by_hand(house, room):
    check_in(house)
    room.paper.faults = [Doubtful("no answer")]
    room.look()
    house.do(service.came_out, job_id=job_of(house, "deposit_receipt").id)
    assert states(house)["deposit_receipt"] == "printed"
    with pytest.raises(Conflict):
        house.do(service.came_out, job_id=job_of(house, "deposit_receipt").id)


class Killed(BaseException):
    """The program ends here."""


def test_a_program_killed_in_the_middle_prints_nothing_twice(house, room):
    check_in(house)
    room.paper.faults = [Killed()]
    with pytest.raises(Killed):
        room.look()
    assert states(house) == {"deposit_receipt": "printing", "registration_card": "queued"}
    again = Room(house)
    assert again.look() == ["registration_card"]
    assert states(house)["deposit_receipt"] == "incomplete"
    assert "ended while this was printing" in job_of(house, "deposit_receipt").trouble


class Unlucky(OfficeJobs):
    """A list whose database goes away at one kind of call."""

    def __init__(self, office: House, at: str, *, stored: bool) -> None:
        super().__init__(office)
        self.at, self.stored = at, stored

    def _maybe(self, name: str, call):
        if name != self.at:
            return call()
        self.at = ""
        if self.stored:
            call()
        raise StoreTrouble("the server is gone")

    def claim(self, job):
        return self._maybe("claim", lambda: super(Unlucky, self).claim(job))

    def printed(self, job):
        self._maybe("printed", lambda: super(Unlucky, self).printed(job))


@pytest.mark.parametrize("stored", [True, False])
@pytest.mark.parametrize("at", ["claim", "printed"])
def test_a_database_that_goes_away_costs_no_paper_and_prints_none_twice(house, room, at, stored):
    check_in(house)
    unlucky = Room(house, jobs=Unlucky(house, at, stored=stored))
    with pytest.raises(StoreTrouble):
        unlucky.look()
    for _ in range(3):
        unlucky.look()
    assert [output.slip.kind for output in unlucky.paper.out] == ["deposit_receipt", "registration_card"]
    assert states(house) == {"deposit_receipt": "printed", "registration_card": "printed"}


def test_duplicates_are_counted_from_the_first_print_and_written_down(house, room):
    check_in(house)
    room.look()
    first = job_of(house, "deposit_receipt")
    second = house.do(service.reprint, job_id=first.id)
    room.look()
    third = house.do(service.reprint, job_id=second)
    room.look()
    assert [output.slip.mark for output in room.paper.out if output.slip.kind == "deposit_receipt"] == [
        "",
        "DUPLICATE 1",
        "DUPLICATE 2",
    ]
    rows = {job.id: job for job in house.ask(queries.jobs)}
    assert (rows[third].reprint, rows[third].reprint_of) == (2, first.id)
    with pytest.raises(Refused, match="still waits"):
        house.do(service.reprint, job_id=house.do(service.reprint, job_id=first.id))


def test_a_duplicate_never_opens_the_drawer(house, room):
    [printer] = house.ask(queries.printers)
    house.do(service.set_printer, printer=Printer(printer.id, "Desk", "network", "192.168.1.60", drawer=True))
    check_in(house)
    room.look()
    house.do(service.reprint, job_id=job_of(house, "deposit_receipt").id)
    room.look()
    kicks = [(output.slip.kind, output.escpos.count(b"\x1bp")) for output in room.paper.out]
    assert kicks == [("deposit_receipt", 1), ("registration_card", 0), ("deposit_receipt", 0)]


def test_a_paper_that_comes_out_late_does_not_open_the_drawer(house, room):
    [printer] = house.ask(queries.printers)
    house.do(service.set_printer, printer=Printer(printer.id, "Desk", "network", "192.168.1.60", drawer=True))
    check_in(house)
    room.paper.faults = [Unprinted("switch it on")]
    room.look()
    house.clock.set(house.house().business_date, 15)
    room.seconds += 60
    assert room.look() == ["deposit_receipt", "registration_card"]
    assert [output.escpos.count(b"\x1bp") for output in room.paper.out] == [0, 0]


@pytest.mark.parametrize(("method", "kicks"), [("CASH", 1), ("BANK", 0)])
def test_the_drawer_opens_for_cash_alone(house, room, method, kicks):
    [printer] = house.ask(queries.printers)
    house.do(service.set_printer, printer=Printer(printer.id, "Desk", "network", "192.168.1.60", drawer=True))
    stay_id = check_in(house, method=method)
    room.look()
    house.next_day()
    house.next_day()
    house.clock.set(house.house().business_date, 11)
    owed = 2 * 29800
    house.do(stays.check_out, stay_id=stay_id, payments=[Paid(method, Money(owed - 50000))], intent="out")
    room.look()
    assert {output.slip.kind: output.escpos.count(b"\x1bp") for output in room.paper.out} == {
        "deposit_receipt": kicks,
        "registration_card": 0,
        "bill": kicks,
    }


def test_a_cancelled_paper_stays_off_the_printer_and_can_be_had_later(house, room):
    check_in(house)
    house.do(service.cancel, job_id=job_of(house, "registration_card").id)
    assert room.look() == ["deposit_receipt"]
    with pytest.raises(Conflict):
        house.do(service.cancel, job_id=job_of(house, "deposit_receipt").id)
    house.do(service.reprint, job_id=job_of(house, "registration_card").id)
    assert room.look() == ["registration_card"]


def test_a_job_cancelled_between_reading_and_printing_is_not_printed(house, room):
    check_in(house)

    class Slow(OfficeJobs):
        def waiting(self):
            found = super().waiting()
            house.do(service.cancel, job_id=found[0].id)
            return found

    assert Room(house, jobs=Slow(house)).look() == ["registration_card"]


def test_the_nearest_assignment_of_a_printer_wins(house):
    def printer(name: str) -> int:
        return house.do(service.set_printer, printer=Printer(0, name, "folder", "papers", "A5"))

    numbers = {name: printer(name) for name in ("any", "bills", "desk", "desk bills")}
    house.do(service.assign, printer_id=numbers["any"])
    house.do(service.assign, printer_id=numbers["bills"], kind="bill")
    house.do(service.assign, printer_id=numbers["desk"], station="desk-1")
    house.do(service.assign, printer_id=numbers["desk bills"], station="desk-1", kind="bill")
    stay = check_in(house)
    house.do(folios.print_bill, stay_id=stay)

    def chosen() -> dict[str, str]:
        return {
            job.kind: job.printer.name if job.printer else ""
            for job in house.ask(queries.waiting, station="desk-1")
        }

    assert chosen() == {"bill": "desk bills", "deposit_receipt": "desk", "registration_card": "desk"}
    house.do(service.remove_printer, printer_id=numbers["desk bills"])
    assert chosen()["bill"] == "desk"
    house.do(service.assign, printer_id=None, station="desk-1")
    assert chosen() == {"bill": "bills", "deposit_receipt": "any", "registration_card": "any"}
    assert [route.kind for route in house.ask(queries.routes)] == ["", "bill", "bill"]


def test_a_printer_can_be_chosen_for_all_papers_of_a_size(house):
    def printer(name: str, paper: str) -> int:
        return house.do(service.set_printer, printer=Printer(0, name, "folder", "papers", paper))

    house.do(service.assign, printer_id=printer("laser", "A4"), kind=queries.SHEETS)
    house.do(service.assign, printer_id=printer("receipts", "80mm"), kind=queries.SLIPS)
    house.do(folios.print_bill, stay_id=check_in(house))

    def chosen() -> dict[str, str]:
        return {job.kind: job.printer.name for job in house.ask(queries.waiting, station="desk-1")}

    assert chosen() == {"registration_card": "laser", "bill": "laser", "deposit_receipt": "receipts"}
    house.do(service.assign, printer_id=printer("office", "A5"), kind="bill")
    assert chosen()["bill"] == "office"
    house.do(service.assign, printer_id=printer("here", "A4"), station="desk-1", kind=queries.SHEETS)
    assert chosen() == {"registration_card": "here", "bill": "here", "deposit_receipt": "receipts"}


def test_without_a_printer_the_paper_waits_and_says_what_to_do(house):
    check_in(house)
    room = Room(house)
    assert room.look() == []
    assert "No printer is set" in job_of(house, "deposit_receipt").trouble
    assert [badge.count for badge in house.ask(queries.badges)] == [2]
    waiting = house.ask(queries.need_somebody, now=house.now())
    assert [house.ask(queries.job, **due.what).state for due in waiting] == ["failed", "failed"]
    assert room.look() == []
    house.do(service.assign, printer_id=house.do(service.set_printer, printer=DESK))
    assert room.look() == ["deposit_receipt", "registration_card"]
    assert [badge.count for badge in house.ask(queries.badges)] == [0]


def test_each_workstation_prints_its_own(house, room):
    check_in(house)
    house.station = "desk-2"
    assert room.look() == []
    house.station = "desk-1"
    assert room.look() == ["deposit_receipt", "registration_card"]


def test_a_paper_of_a_newer_release_waits_and_is_not_tried_over_and_over(house, room):
    check_in(house)
    from sqlalchemy import update
    from sqlalchemy.orm import Session

    from pms.db.base import PrintJob

    job = job_of(house, "deposit_receipt")
    with Session(house.engine) as session, session.begin():
        session.execute(update(PrintJob).where(PrintJob.id == job.id).values(slip={"version": 99}))
    assert room.look() == ["registration_card"]
    assert "another version" in job_of(house, "deposit_receipt").trouble
    assert room.look() == []


def test_a_paper_waits_on_the_paper_of_its_printer(house, room):
    [printer] = house.ask(queries.printers)
    house.do(service.set_printer, printer=Printer(printer.id, "Desk", "network", "192.168.1.60", "58mm"))
    check_in(house)
    room.look()
    assert {output.slip.paper for output in room.paper.out} == {"58mm"}


def test_the_folder_gets_a_pdf_of_everything_when_no_printer_is_set(house, tmp_path):
    check_in(house)
    spooler = open_room(house, tmp_path / "papers")
    spooler.look()
    files = sorted(file.name for file in (tmp_path / "papers").iterdir())
    assert files == [
        "000001-deposit_receipt.escpos",
        "000001-deposit_receipt.pdf",
        "000002-registration_card.pdf",
    ]
    assert all(
        (tmp_path / "papers" / name).read_bytes()[:5] == b"%PDF-" for name in files if name.endswith("pdf")
    )


def test_the_thread_wakes_after_a_commit(desk, tmp_path):
    import threading

    out = threading.Event()
    desk.changes.listen(
        lambda topics: out.set() if {job.state for job in desk.ask(queries.jobs)} == {"printed"} else None
    )
    spooler = open_room(desk, tmp_path, seconds=60.0)
    spooler.start()
    try:
        check_in(desk)
        assert out.wait(20)
    finally:
        spooler.stop()
    assert not any(thread.name == "spooler" for thread in threading.enumerate())


def test_the_preview_is_what_prints(desk):
    check_in(desk)
    sheets = desk.ask(queries.sheets, job_id=job_of(desk, "deposit_receipt").id)
    assert (sheets.title, sheets.copies, len(sheets.pages)) == ("Deposit receipt", 3, 3)
    assert all(page[:8] == b"\x89PNG\r\n\x1a\n" for page in sheets.pages)


def test_only_those_who_may_print_again_do(desk):
    check_in(desk)
    staff_id = desk.do(
        staff.take_on, login="lina", name="Li Na", role="attendant", password="correct horse 2"
    )
    desk.clerk = Clerk(staff_id, "Li Na", "attendant", ROLES["attendant"][1])
    with pytest.raises(NotPermitted):
        desk.do(service.cancel, job_id=1)


AWAY = ("/etc", "../x", "a/../../x", "C:\\x", "\\\\server\\x", "..\\x", "c:x")


@pytest.mark.parametrize(
    ("printer", "why"),
    [
        (Printer(0, " ", "network", "x"), "name"),
        (Printer(0, "P", "network", "x", "A7"), "paper"),
        (Printer(0, "P", "network", "x", "A4"), "rolls"),
        (Printer(0, "P", "folder", ""), "where it is"),
        *((Printer(0, "P", "folder", where, ""), "below the workstation") for where in AWAY),
    ],
)
def test_a_printer_is_checked_when_it_is_set(desk, printer, why):
    with pytest.raises(Refused, match=why):
        desk.do(service.set_printer, printer=printer)


def test_two_printers_have_two_names(house):
    house.do(service.set_printer, printer=DESK)
    with pytest.raises(Conflict, match="another name"):
        house.do(service.set_printer, printer=DESK)


def test_trouble_is_device_trouble():
    assert issubclass(Unprinted, DeviceTrouble)
    assert issubclass(Doubtful, DeviceTrouble)


VICTIM = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from pms.db.engine import open_engine, sqlite_url
from pms.printing.spooler import Spooler
from pms.services.print_jobs.room import OfficeJobs
from tests import builders

class Slow:
    def send(self, output):
        print("printing", flush=True)
        time.sleep(60)

house = builders.office(open_engine(sqlite_url(Path(sys.argv[1])), builders.SECRET), found=False)
Spooler(OfficeJobs(house), house.changes, drivers=lambda printer: Slow()).look()
"""


def test_a_program_that_is_really_killed_prints_nothing_twice(desk):
    desk.do(service.assign, printer_id=desk.do(service.set_printer, printer=DESK))
    check_in(desk)
    root = str(Path(__file__).parents[2])
    with subprocess.Popen(
        [sys.executable, "-c", VICTIM, str(desk.engine.url.database), SECRET.hex(), root],
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
    ) as victim:
        assert victim.stdout.readline() == "printing\n"
        victim.kill()
    again = Room(desk)
    assert again.look() == ["registration_card"]
    assert states(desk) == {"deposit_receipt": "incomplete", "registration_card": "printed"}
