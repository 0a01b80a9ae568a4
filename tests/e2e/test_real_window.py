"""The program as a person meets it: a real X server, a real window, real keys; what they did is read from the
hotel's own books."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pms.core import settings
from pms.core.changes import Changes
from pms.core.money import Money
from pms.db.office import DatabaseOffice
from pms.duties import offered
from pms.services.drafts.models import Draft
from pms.services.opening.store import open_office
from pms.services.shifts import service as shifts
from pms.services.stays import queries as stays
from pms.ui.typed import EVERY

ROOT = Path(__file__).parents[2]
TOOLS = ("Xvfb", "xdotool", "openbox", "import")
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None]
pytestmark = [
    pytest.mark.skipif(
        bool(MISSING) and not os.environ.get("CI"),
        reason=f"no {', '.join(MISSING)} here: installer/test installs them",
    ),
    pytest.mark.owns_sockets,
]
PASSWORD = "correct horse"


@dataclass
class Desk:
    """A running program on a display of its own."""

    env: dict[str, str]
    home: Path
    program: subprocess.Popen[bytes] | None = None

    def tool(self, *args: str) -> str:
        """Run xdotool on the desk's display."""
        return subprocess.run(
            ["xdotool", *args], env=self.env, capture_output=True, text=True, timeout=30
        ).stdout  # 1: nothing found

    def keys(self, *keys: str) -> None:
        """Press keys one after another."""
        self.tool("key", "--delay", "80", *keys)
        time.sleep(0.4)

    def type(self, text: str) -> None:
        """Type a text."""
        self.tool("type", "--delay", "25", text)
        time.sleep(0.2)

    def start(self) -> None:
        """Open the program and wait for its window."""
        self.program = subprocess.Popen(
            [sys.executable, "-m", "pms"], cwd=ROOT, env=self.env, start_new_session=True
        )
        until = time.monotonic() + 60
        while not self.tool("search", "--onlyvisible", "--pid", str(self.program.pid)).strip():
            assert self.program.poll() is None, "the program ended"
            assert time.monotonic() < until, "no window came"
            time.sleep(0.2)
        time.sleep(1.5)

    def stop(self) -> None:
        """End the program as the window's cross does."""
        if self.program and self.program.poll() is None:
            os.killpg(self.program.pid, signal.SIGTERM)
            self.program.wait(20)

    def kill(self) -> None:
        """End the program as a power cut does: it is told nothing."""
        assert self.program is not None
        os.killpg(self.program.pid, signal.SIGKILL)
        assert self.program.wait(20) == -signal.SIGKILL

    def sign_in(self) -> None:
        """Come to the room board by keyboard."""
        self.type("boss")
        self.keys("Return")
        self.type(PASSWORD)
        self.keys("Return")
        time.sleep(3)

    def shot(self, name: str) -> Path:
        """Keep what is on the screen, for whoever looks into a failure."""
        file = self.home / f"{name}.png"
        subprocess.run(["import", "-window", "root", str(file)], env=self.env, check=True, timeout=30)
        return file

    def office(self) -> DatabaseOffice:
        """Open the same books beside the running program."""
        place = settings.Home(self.home / "home", self.home / "home")
        return open_office(place, settings.load(place), offered(), changes=Changes())


def eventually(look, seconds: float = 15) -> None:
    """Wait until something holds."""
    until = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.3)


@pytest.fixture
def display() -> Iterator[str]:
    """An X server with a window manager, ended afterwards."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as told:
        name = f":{told.readline().strip()}"
    manager = subprocess.Popen(
        ["openbox"], env=os.environ | {"DISPLAY": name}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    yield name
    for process in (manager, server):
        process.terminate()
        process.wait(10)


@pytest.fixture
def desk(display: str, tmp_path: Path) -> Iterator[Desk]:
    """A small hotel, founded from the command line, and its program."""
    env = os.environ | {
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "PMS_HOME": str(tmp_path / "home"),
        "LC_ALL": "C.UTF-8",
    }
    found = [
        sys.executable,
        "-m",
        "pms",
        "init",
        "--name",
        "Yunqi Hotel",
        "--type",
        "BIG:Queen:268",
        "--floor",
        "3:BIG:1-8",
        "--owner",
        "boss",
        "--owner-name",
        "Zhang Li",
    ]
    subprocess.run(
        found,
        cwd=ROOT,
        env=env,
        input=f"{PASSWORD}\n",
        text=True,
        check=True,
        capture_output=True,
        timeout=120,
    )
    made = Desk(env, tmp_path)
    try:
        made.start()
        yield made
    finally:
        made.stop()


def test_a_walk_in_is_checked_in_by_keyboard_alone(desk: Desk) -> None:
    office = desk.office()
    office.sign_in("boss", PASSWORD)
    office.do(shifts.open_shift.of(float_amount=Money(100000)), intent=office.new_intent())
    desk.sign_in()
    desk.type("305")
    desk.keys("F12")
    time.sleep(1)
    desk.type("Wang Yaqin")
    desk.shot("check-in")
    desk.keys("F12")
    today = office.house().business_date
    try:
        eventually(lambda: [s.room for s in office.look(stays.in_house, business_date=today)] == ["305"])
    except AssertionError:
        desk.shot("failed")
        raise
    [stay] = office.look(stays.in_house, business_date=today)
    assert stay.guest == "Wang Yaqin"
    assert (
        subprocess.run(
            [sys.executable, "-m", "pms", "verify"], cwd=ROOT, env=desk.env, capture_output=True, timeout=60
        ).returncode
        == 0
    )
    office.engine.dispose()


def test_a_killed_program_brings_the_typed_check_in_back(desk: Desk) -> None:
    office = desk.office()
    office.sign_in("boss", PASSWORD)
    office.do(shifts.open_shift.of(float_amount=Money(100000)), intent=office.new_intent())
    desk.sign_in()
    desk.type("305")
    desk.keys("F12")
    time.sleep(1)
    desk.type("Wang Yaqin")
    try:
        eventually(lambda: office.look(lambda s: s.query(Draft).count()) == 1)
        time.sleep(EVERY / 1000 + 0.5)  # what is typed is kept at every look
        desk.kill()
        desk.start()
        desk.sign_in()
        desk.type("305")
        desk.keys("F12")
        time.sleep(1.5)
        desk.shot("again")
        desk.keys("F12")
        today = office.house().business_date
        eventually(
            lambda: (
                [(s.room, s.guest) for s in office.look(stays.in_house, business_date=today)]
                == [("305", "Wang Yaqin")]
            )
        )
        eventually(lambda: office.look(lambda s: s.query(Draft).count()) == 0)
    except AssertionError:
        desk.shot("failed")
        raise
    office.engine.dispose()
