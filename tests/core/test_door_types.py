"""The door is typed: a call that names a field wrongly does not pass the type checker."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEAD = """\
from functools import partial
from pms.core import offers
from pms.core.office import Office
from pms.db.work import Work
from pms.services.wake_ups import queries, service
from pms.ui.kit.desk import Desk

def calls(office: Office, desk: Desk, work: Work) -> None:
"""
RIGHT = [
    "office.do(service.tried.of(wake_up_id=3, answered=True))",
    "desk.run(service.tried.of(wake_up_id=3, answered=True), said='x')",
    "desk.run_slow(service.tried.of(wake_up_id=3, answered=True))",
    "office.ask(queries.done, now=office.now())[0].room.strip()",
    "desk.ask_slow(partial(queries.done, now=office.now()), then=print)",
    "open_things: list[offers.Reminder] = work.gather(offers.leaving, stay_id=3)",
    "answer: offers.StayName | None = work.ask_up(offers.stay_name, stay_id=3)",
]
WRONG = [
    "office.do(service.tried.of(wakeup_nr=3, answered=True))",
    "office.do(service.tried.of(wake_up_id='3', answered=True))",
    "office.do(service.tried.of(wake_up_id=3))",
    "office.do(service.tried, wake_up_id=3, answered=True)",
    "desk.run(service.tried.of(wake_up_id=3, answred=True), said='x')",
    "desk.run_slow(service.tried.of(wake_up_id=3, answered='no'))",
    "office.ask(queries.done, nwo=office.now())",
    "office.ask(queries.done)",
    "office.ask(queries.done, now=office.now())[0].roon",
    "desk.ask_slow(partial(queries.done, nwo=office.now()), then=print)",
    "some: list[int] = work.gather(offers.leaving, stay_id=3)",
    "work.gather(offers.leaving, stayid=3)",
    "work.gather(offers.leavings, stay_id=3)",
    "work.gather('leaving', stay_id=3)",
    "work.ask_up(offers.stay_name)",
    "work.ask_up(offers.leaving, stay_id=3)",
]


def test_a_wrong_field_at_the_door_is_an_error_where_it_is_written(tmp_path):
    file = tmp_path / "calls.py"
    file.write_text(HEAD + "".join(f"    {line}\n" for line in (*RIGHT, *WRONG)))
    told = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary", "--no-pretty", str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    first = HEAD.count("\n") + 1
    lines = [int(n) - first for n in re.findall(r"calls\.py:(\d+): error:", told.stdout)]
    assert [line for n, line in enumerate(RIGHT) if n in lines] == [], told.stdout
    assert [line for n, line in enumerate(WRONG, len(RIGHT)) if n not in lines] == [], told.stdout
    assert told.stderr == ""
