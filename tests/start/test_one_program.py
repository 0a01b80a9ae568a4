"""One program for each hotel and workstation's name: the second is told, and takes nothing from the first."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from pms.__main__ import Backstage
from pms.core.alone import Alone
from pms.core.clock import system_clock
from pms.core.errors import Refused
from pms.db.engine import open_engine
from pms.db.presence import Presence, is_at_work
from tests.builders import SECRET

ROOT = Path(__file__).parents[2]


def test_a_second_program_on_one_folder_is_told_how_to_get_a_name_of_its_own(ready):
    place, settings = ready
    first, second = Backstage(place, settings), Backstage(place, settings)
    try:
        first.open(lambda why: None)
        with pytest.raises(Refused, match=r"named desk-1 is open already.*name of its own.*settings\.json"):
            second.open(lambda why: None)
        second.close()
        with pytest.raises(Refused, match="open already"):
            second.open(lambda why: None)  # the second took nothing from the first
        first.close()
        second.open(lambda why: None)
    finally:
        first.close()
        second.close()


def test_a_hotel_that_does_not_open_can_be_opened_later(ready):
    place, settings = ready
    away = Path(settings.database).rename(Path(settings.database).with_suffix(".away"))
    backstage = Backstage(place, settings)
    with pytest.raises(Refused, match="is not there"):
        backstage.open(lambda why: None)
    away.rename(settings.database)
    backstage.open(lambda why: None)
    backstage.close()


def test_a_program_that_is_killed_lets_go(tmp_path):
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom pms.core.alone import Alone\n"
        "print(Alone(Path(sys.argv[1])).take(), flush=True)\nalone = Alone(Path(sys.argv[1]))\n"
        "time.sleep(60)"
    )
    script = script.replace(
        "print(Alone(Path(sys.argv[1])).take()", "a = Alone(Path(sys.argv[1]))\nprint(a.take()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline().strip() == "True"
    mine = Alone(tmp_path)
    assert not mine.take()
    os.kill(other.pid, signal.SIGKILL)
    other.wait(10)
    other.stdout.close()
    assert mine.take()
    mine.let_go()


@pytest.fixture
def desks(postgres):
    engines = [open_engine(postgres.url, SECRET) for _n in range(2)]
    made = [Presence(engine, "desk-1", system_clock) for engine in engines]
    yield made
    for presence, engine in zip(made, engines, strict=True):
        presence._let_go()
        engine.dispose()


def seen(postgres) -> bool:
    from sqlalchemy.orm import Session

    with Session(postgres) as session:
        return is_at_work(session, "desk-1", system_clock())


def test_on_a_server_one_program_works_under_a_name(postgres, desks):
    first, second = desks
    assert first.take()
    assert first.take()
    assert not second.take()
    other = Presence(postgres, "desk-2", system_clock)
    assert other.take()
    other.stop()
    first.say()
    second.stop()  # it never worked under the name
    assert seen(postgres)
    first.stop()
    assert not seen(postgres)
    assert second.take()


def test_a_program_whose_line_is_cut_takes_its_name_again(postgres, desks):
    first, second = desks
    assert first.take()
    with postgres.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid()"
            )
        )
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            first.say()
        except Exception:
            time.sleep(0.1)
        else:
            break
    assert not second.take()
    assert seen(postgres)
