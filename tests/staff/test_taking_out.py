"""What leaves as a file, or in bulk on paper: by right, written down, and with a second person where it is
much."""

import ast
import re
from pathlib import Path

import pytest
from sqlalchemy import select

from pms.core import dates
from pms.core.errors import NeedsApproval, NotPermitted, Refused
from pms.db.base import PrintJob
from pms.printing import slip
from pms.printing.slip import Slip
from pms.services.housekeeping import service as housekeeping
from pms.services.luggage import service as luggage
from pms.services.night_audit import service as night_audit
from pms.services.period_reports import service as period_reports
from pms.services.print_jobs import service as print_jobs
from pms.services.reports import lists, printouts
from pms.services.reports import service as reports
from pms.services.staff import taking_out
from pms.services.staff.models import Access
from pms.services.stays import evacuation
from pms.services.stays import service as stays
from pms.services.stays.models import Stay
from pms.services.wake_ups import service as wake_ups
from tests.authority.people import person
from tests.builders import BOSS, DAY, TODAY

MONTH = {"kind": "month", "start": TODAY.replace(day=1), "form": "xlsx"}


def log(house, kind="exported"):
    return house.look(lambda s: s.scalars(select(Access.what).where(Access.kind == kind)).all())


@pytest.fixture
def closed(house):
    """A hotel with three guests and one closed day, and its people."""
    for name, room in (("Wang Wei", "301"), ("Li Na", "302"), ("Zhao Min", "303")):
        line = house.book(name)
        house.do(stays.check_in, line_id=line, room_id=house.room_id(room), intent=name)
    house.clock.set(TODAY + DAY, 2)
    house.do(night_audit.close, business_date=TODAY)
    house.people = {role: person(house, role) for role in ("clerk", "supervisor", "manager")}
    return house


def as_(house, role):
    house.clerk = BOSS if role == "owner" else house.people[role]
    return house


def test_a_day_is_taken_out_by_right_and_written_down(closed):
    with pytest.raises(NotPermitted):
        as_(closed, "clerk").do(reports.take_out, day=TODAY, words=["balances"], form="pdf")
    assert log(closed) == []
    assert any("reports:take_out" in what for what in log(closed, "right"))
    as_(closed, "supervisor").do(reports.take_out, day=TODAY, words=["balances", "cashier"], form="pdf")
    [told] = log(closed)
    for wanted in ("Export as PDF", dates.day(TODAY, year=True), "Columns: ", "lines at most", "3 guests"):
        assert wanted in told


def test_more_than_a_day_needs_its_own_right_and_another_person(closed):
    with pytest.raises(NotPermitted, match="take_out_bulk"):
        as_(closed, "supervisor").do(period_reports.take_out, **MONTH)
    with pytest.raises(NeedsApproval, match=r"spreadsheet.*1 Nov 2026 . 30 Nov 2026.*Columns") as wish:
        as_(closed, "manager").do(period_reports.take_out, **MONTH)
    assert (wish.value.permission, wish.value.own) == ("reports:take_out_bulk", False)
    for who in ("manager", "supervisor"):  # oneself, and one without the right
        with pytest.raises((NeedsApproval, Refused)):
            closed.do(period_reports.take_out, **MONTH, approval=closed.people[who])
    assert log(closed) == []
    closed.do(period_reports.take_out, **MONTH, approval=BOSS)
    [told] = log(closed)
    assert told.startswith(f"Agreed by {BOSS.name}. Export as spreadsheet")


def test_even_an_owner_does_not_take_out_much_alone_but_where_nobody_else_could_agree(closed):
    with pytest.raises(NeedsApproval) as wish:
        as_(closed, "owner").do(period_reports.take_out, **MONTH)
    assert not wish.value.own
    closed.do(_dismiss, who=closed.people["manager"].id)
    with pytest.raises(NeedsApproval) as wish:
        closed.do(period_reports.take_out, **MONTH)
    assert wish.value.own
    closed.do(period_reports.take_out, **MONTH, approval=BOSS)
    assert len(log(closed)) == 1


def _dismiss(work, *, who):
    from pms.services.staff.models import Staff

    work.hold(Staff, who).active = False


def test_a_list_of_more_than_two_hundred_guests_needs_another_person_too(closed, monkeypatch):
    everything = {"day": TODAY, "words": list(printouts.REPORTS), "form": "xlsx"}
    slips = [closed.look(printouts.report, word=w, day=TODAY) for w in printouts.REPORTS]
    most = len(taking_out._guests(slips))
    assert most == 3  # each once, on however many papers
    monkeypatch.setattr(taking_out, "MOST_GUESTS", most)
    as_(closed, "manager").do(reports.take_out, **everything)
    monkeypatch.setattr(taking_out, "MOST_GUESTS", most - 1)
    with pytest.raises(NeedsApproval):
        closed.do(reports.take_out, **everything)
    closed.do(reports.take_out, **everything, approval=BOSS)
    assert len(log(closed)) == 2
    assert taking_out.MOST_DAYS == 1


def test_the_rehearsal_is_taken_out_by_right_and_written_down(closed):
    with pytest.raises(NotPermitted):
        as_(closed, "clerk").do(night_audit.take_out, business_date=TODAY + DAY, form="pdf")
    as_(closed, "supervisor").do(night_audit.take_out, business_date=TODAY + DAY, form="pdf")
    assert len(log(closed)) == 1


def test_what_is_printed_in_bulk_is_written_down(closed):
    as_(closed, "supervisor").do(reports.print_reports, day=TODAY, words=["balances"])
    assert log(closed, "printed") == []
    closed.do(reports.print_reports, day=TODAY, words=["balances", "cashier"])
    period_reports_written = {"kind": "month", "start": TODAY.replace(day=1)}
    closed.do(period_reports.write, **period_reports_written, text="Quiet", plan="")
    closed.do(period_reports.print_report, **period_reports_written)
    assert len(log(closed, "printed")) == 2
    assert "30 Nov 2026" in log(closed, "printed")[1]


def test_a_list_leaves_by_the_same_right_agreement_and_log(closed):
    few = {"title": "Luggage: In store", "heads": ["Tag", "Guest"], "lines": 8, "form": "csv"}
    with pytest.raises(NotPermitted):
        as_(closed, "clerk").do(lists.take_out_list, **few)
    as_(closed, "supervisor").do(lists.take_out_list, **few)
    [told] = log(closed)
    day = dates.day(closed.house().business_date, year=True)
    assert told == f"Export as CSV: Luggage: In store, {day}, 8 lines at most. Columns: Tag, Guest"
    many = {**few, "lines": taking_out.MOST_GUESTS + 1, "form": "xlsx"}
    with pytest.raises(NotPermitted, match="take_out_bulk"):
        closed.do(lists.take_out_list, **many)
    with pytest.raises(NeedsApproval, match="spreadsheet: Luggage"):
        as_(closed, "manager").do(lists.take_out_list, **many)
    closed.do(lists.take_out_list, **many, approval=BOSS)
    assert len(log(closed)) == 2


def test_a_list_is_printed_and_a_long_one_written_down(closed):
    as_(closed, "clerk")
    heads = [lists.Head("Tag", 76), lists.Head("Pieces", 72, right=True)]
    assert closed.do(lists.print_list, title="Luggage", heads=heads, entries=[["T-1", "2"]]) == 1
    assert log(closed, "printed") == []
    lines = [["T-1", "2"]] * (taking_out.MOST_GUESTS + 1)
    closed.do(lists.print_list, title="Luggage", heads=heads, entries=lines)
    [told] = log(closed, "printed")
    assert told.startswith("Luggage, ")
    for entries, why in (
        ([], "nothing to print"),
        (lines * 3, "603 lines are too many to print, at most 500"),
    ):
        with pytest.raises(Refused, match=why):
            closed.do(lists.print_list, title="Luggage", heads=heads, entries=entries)


def paper_of(*names: tuple[str, str]) -> Slip:
    columns = (slip.left("Room"), slip.guests("Guest"), slip.right("Amount"))
    rows = tuple(slip.row(room, name, "1.00") for room, name in names)
    return Slip("list", "List", (slip.Table(columns, rows),))


def test_the_limit_counts_guests_and_not_lines():
    one = paper_of(*[("301", "Wang Wei")] * 201)
    assert len(taking_out._guests([one])) == 1
    two = paper_of(("301", "Wang Wei"), ("302", "Wang Wei"), ("303", ""))
    assert len(taking_out._guests([two])) == 2  # two people of one name; a line without a name is nobody
    assert len(taking_out._guests([one, two])) == 2
    many = paper_of(*((f"{n}", f"Guest {n}") for n in range(201)))
    assert len(taking_out._guests([many, many])) == 201
    no_guests = Slip(
        "list", "List", (slip.Table((slip.left("Code"),), tuple(slip.row(str(n)) for n in range(999))),)
    )
    assert taking_out._guests([no_guests]) == set()


def test_each_print_of_a_list_of_the_whole_house_is_written_down(closed):
    stay = closed.look(lambda s: s.scalars(select(Stay.id)).first())
    as_(closed, "owner")
    closed.do(luggage.store, stay_id=stay, pieces=1, intent="bag")
    closed.do(luggage.print_list, which="here")
    closed.do(wake_ups.take, stay_id=stay, day=TODAY + DAY, time="06:30", way="call")
    closed.do(wake_ups.print_list)
    sheet = closed.do(housekeeping.open_sheet, business_date=TODAY + DAY, part="AM")
    closed.do(housekeeping.print_sheet, sheet_id=sheet)
    closed.clock.set(TODAY + 2 * DAY, 2)
    closed.do(night_audit.print_rehearsal, business_date=TODAY + DAY)
    closed.do(evacuation.print_list)
    told = log(closed, "printed")
    titles = ("Luggage", "Wake-up list", "Room status sheet", "Rehearsal of the night audit")
    assert len(told) == len(titles), told
    for title, line in zip(titles, told, strict=True):
        assert line.startswith(title)
    assert "3 guests" in told[3]
    assert len(log(closed, "evacuation")) == 1


def test_a_list_of_the_whole_house_printed_again_is_written_down_again(closed):
    as_(closed, "owner")
    closed.do(night_audit.print_rehearsal, business_date=TODAY + DAY)
    [job] = closed.look(
        lambda s: s.scalars(select(PrintJob.id).where(PrintJob.kind == "audit_rehearsal")).all()
    )
    closed.do(_came_out, job_id=job)
    closed.do(print_jobs.reprint, job_id=job)
    assert log(closed, "printed")[-1].endswith("duplicate 1")
    [card] = closed.look(
        lambda s: s.scalars(select(PrintJob.id).where(PrintJob.kind == "registration_card").limit(1)).all()
    )
    closed.do(_came_out, job_id=card)
    before = log(closed, "printed")
    closed.do(print_jobs.reprint, job_id=card)  # one guest's paper is none
    assert log(closed, "printed") == before


def _came_out(work, *, job_id):
    work.hold(PrintJob, job_id).state = "printed"


@pytest.mark.parametrize("word", ["", "no such", "Balances", "balances ", "../balances"])
def test_a_report_that_there_is_not_is_a_sentence(closed, word):
    for call in (
        lambda: as_(closed, "owner").do(reports.print_reports, day=TODAY, words=["balances", word]),
        lambda: closed.do(reports.take_out, day=TODAY, words=[word], form="pdf"),
        lambda: closed.ask(printouts.report, word=word, day=TODAY),
    ):
        with pytest.raises(Refused, match="no such report"):
            call()
    with pytest.raises(Refused, match="PDF, a spreadsheet or a CSV"):
        closed.do(reports.take_out, day=TODAY, words=["balances"], form=word)
    assert log(closed) == log(closed, "printed") == []


def test_every_paper_that_names_guests_in_a_list_is_written_down():
    """Where a table has a column of guests, the duty that prints it asks ``taking_out``."""
    services = Path(__file__).parents[2] / "pms/services"
    duties = {f.parent for f in services.rglob("*.py") if "slip.guests(" in f.read_text("utf-8")}
    assert {duty.name for duty in duties} == {
        "debts",
        "luggage",
        "night_audit",
        "reports",
        "settlements",
        "downtime",
        "wake_ups",
    }
    for duty in duties:
        if duty.name == "downtime":  # it has no server to ask: tests/downtime says what is told later
            continue
        assert "taking_out." in (duty / "service.py").read_text("utf-8"), duty


def test_a_column_of_names_is_a_column_of_guests():
    """No list calls a column “Guest” without saying that it names them."""
    services = Path(__file__).parents[2] / "pms/services"
    for file in services.rglob("*.py"):
        text = file.read_text("utf-8")
        assert not re.search(r'slip\.(left|right|center)\(\s*_\("Guests?"\)', text), file


def test_no_page_saves_a_file_past_the_operation():
    """``files.save`` stands only where ``take_out`` was run before it, in the same function or its caller."""
    ui = Path(__file__).parents[2] / "pms/ui"
    found = {}
    for file in sorted(ui.rglob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)):
            said = ast.unparse(function)
            if "files.save(" in said:
                asked = any(
                    f"{asking}.of(" in said
                    for asking in (
                        "service.take_out",
                        "papers.take_out_list",
                        "one_file.guest_file",
                        "exporting.exported",
                    )
                )
                found[f"{file.parent.name}.{function.name}"] = asked
    assert len(found) == 9
    assert all(found.values()), found
