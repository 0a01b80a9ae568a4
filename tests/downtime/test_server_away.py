"""A real server that is stopped under the window of a new user: the lists are offered at work, at the door
and at the start, and work goes on when the server is back."""

import tempfile
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from pms import __main__ as program
from pms.core.settings import Home, Settings, save
from pms.db import keys
from pms.duties import offered
from pms.services.downtime import keeper
from pms.services.opening import service as opening
from pms.services.opening import store
from pms.services.staff import log
from pms.services.stays import service as stays
from pms.ui.kit.parts import Button
from pms.ui.kit.theme import Look
from pms.ui.program import Program
from tests import builders
from tests.builders import DAY, PASSWORD, TODAY
from tests.faults import server as servers
from tests.faults.server import Server
from tests.ui.checks import cut_texts, look_around, seen

KEY = bytes(range(1, 33))
Key, Mod = Qt.Key, Qt.KeyboardModifier
pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # the driver drops what a connection that is gone still held


@pytest.fixture
def server():
    if why := servers.why_not():
        pytest.skip(why)
    with tempfile.TemporaryDirectory(prefix="pms-server-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        home = Path(folder) / "server"
        home.mkdir()
        made = Server(home)
        made.start()
        made.stopped = False
        yield made
        if not made.stopped:
            made.stop()


@pytest.fixture
def place(server, tmp_path):
    """A workstation of a hotel on the server; Wang Yaqin is in 301, Zhou Yi is to come."""
    url = server.make("hotel")
    office = store.new_office(url, KEY, "desk-1", offered(), clock=builders.Clock())
    office.do(opening.found.of(hotel=builders.SMALL))
    house = builders.House(
        office.engine,
        office.secret,
        office.context,
        builders.Clock(),
        offers=offered(),
        door=office.door,
        clerk=builders.BOSS,
    )
    house.do(stays.check_in, line_id=house.book("Wang Yaqin"), room_id=house.room_id("301"), intent="in")
    house.book("Zhou Yi")
    builders.settle(house)
    house.engine.dispose()
    made = Home(tmp_path / "config", tmp_path / "data")
    settings = Settings(database=url.render_as_string(hide_password=False), station="desk-1", language="en")
    keys.save(made, settings, KEY)
    save(made, settings)
    return made, settings


@pytest.fixture
def started(qtbot, monkeypatch):
    """Start the program on a workstation; everything behind the window ends with the test."""
    monkeypatch.setattr(keeper, "AGAIN", 0.5)
    made = []

    def start(place, settings):
        running = Program(
            QApplication.instance(), program.Backstage(place, settings), Look("en", "light", 100)
        )
        made.append(running)
        running.start()
        qtbot.addWidget(running.window)
        running.window.resize(1366, 768)
        return running

    yield start
    for running in made:
        running.window.close()
        running.backstage.close()


def stop(server):
    server.stop()
    server.stopped = True


def start_again(server):
    server.run_cluster()
    server.stopped = False


def press(root, words):
    """Press the button with these words."""
    look_around()
    next(b for b in seen(root, Button) if b.words == words).click()


def until(qtbot, done):
    qtbot.waitUntil(lambda: bool(done()), timeout=30_000)


def sign_in(qtbot, page):
    page.login.set_value("")
    qtbot.keyClicks(page.login.line, "boss")
    qtbot.keyClicks(page.password.line, PASSWORD)
    look_around()
    qtbot.keyClick(page.password.line, Key.Key_Return)


def at_work(qtbot, running, place):
    window = running.window
    until(qtbot, lambda: window.office is not None)
    until(qtbot, lambda: list(place.lists.glob("lists-*")))
    sign_in(qtbot, window.door)
    until(qtbot, lambda: window._at_work() is not None)
    return window


def test_the_server_stops_under_a_clerk_at_work(qtbot, server, place, started):
    where, settings = place
    running = started(where, settings)
    window = at_work(qtbot, running, where)
    stop(server)
    until(qtbot, lambda: "does not answer" in window.workplace.trouble.text)
    assert cut_texts(window.workplace.trouble) == []
    press(window.workplace.trouble, "Lists without the server")
    page = window.lists.page
    assert page.isVisible()
    assert "before the server stopped answering" in page.age.text
    assert [(r.room, r.people) for r in page.found.lodged] == [("301", 1)]
    sign_in(qtbot, page)
    until(qtbot, lambda: page.opened is not None)
    assert [line.who.guest for line in page.tables["in_house"].rows.rows()] == ["Wang Yaqin"]
    assert [line.guest for line in page.tables["arrivals"].rows.rows()] == ["Zhou Yi"]
    look_around()
    qtbot.keyClick(window, Key.Key_E, Mod.ControlModifier | Mod.ShiftModifier)
    until(qtbot, lambda: "evacuation list is printed: 1 person" in page.notes.text)
    assert list(where.paper.glob("*-evacuation.pdf"))
    start_again(server)
    until(qtbot, lambda: "answers again" in page.age.text)
    press(page.age, "Back")
    assert window._at_work() is not None
    assert window.lists.page is None

    def told():
        rows = window.office.look(log.entries, start=TODAY, end=TODAY + DAY)
        return {r.kind for r in rows if "without the server" in r.what} == {"away", "evacuation"}

    until(qtbot, told)


def test_the_screen_locks_while_the_server_is_away(qtbot, server, place, started):
    where, settings = place
    running = started(where, settings)
    window = at_work(qtbot, running, where)
    stop(server)
    until(qtbot, lambda: "does not answer" in window.workplace.trouble.text)
    press(window.workplace.trouble, "Lists without the server")
    sign_in(qtbot, window.lists.page)
    until(qtbot, lambda: window.lists.page.opened is not None)
    window.idle.minutes = lambda: 3.1
    window.lists._tick()
    assert window.lists.page is None
    assert window._at_work() is None
    assert window.door.mode == "locked"
    assert "does not answer" in window.door.notes.text
    assert cut_texts(window.door) == []
    press(window.door, "Lists without the server")
    assert window.lists.page.opened is None
    qtbot.keyClick(window, Key.Key_Escape)
    assert window._at_work() is None
    start_again(server)
    until(qtbot, lambda: window.door.notes.text == "" and window.door.names.logins)
    qtbot.keyClicks(window.door.password.line, PASSWORD)
    window.idle.minutes = lambda: 0.0
    look_around()
    qtbot.keyClick(window.door.password.line, Key.Key_Return)
    until(qtbot, lambda: window._at_work() is not None)


def test_the_evacuation_list_prints_from_work_without_the_server(qtbot, server, place, started):
    where, settings = place
    window = at_work(qtbot, started(where, settings), where)
    stop(server)
    look_around()
    qtbot.keyClick(window, Key.Key_E, Mod.ControlModifier | Mod.ShiftModifier)
    until(qtbot, lambda: list(where.paper.glob("*-evacuation.pdf")))
    until(qtbot, lambda: "1 person in house" in window.workplace.current().notes.text)
    assert "As of" in window.workplace.current().notes.text


def test_a_program_that_starts_without_the_server_has_the_lists_and_opens_later(
    qtbot, server, place, started
):
    where, settings = place
    first = started(where, settings)
    until(qtbot, lambda: list(where.lists.glob("lists-*")))
    first.window.close()
    first.backstage.close()
    stop(server)
    window = started(where, settings).window
    until(qtbot, lambda: "does not answer" in window.door.notes.text)
    assert cut_texts(window.door) == []
    look_around()
    qtbot.keyClick(window, Key.Key_E, Mod.ControlModifier | Mod.ShiftModifier)
    until(qtbot, lambda: "1 person in house" in window.door.notes.text)
    press(window.door, "Lists without the server")
    page = window.lists.page
    assert "ago" in page.age.text
    sign_in(qtbot, page)
    until(qtbot, lambda: page.opened is not None)
    assert [line.who.guest for line in page.tables["in_house"].rows.rows()] == ["Wang Yaqin"]
    qtbot.keyClick(window, Key.Key_Escape)
    assert window.lists.page is None


def test_trying_again_opens_the_hotel(qtbot, server, place, started):
    where, settings = place
    stop(server)
    window = started(where, settings).window
    until(qtbot, lambda: "does not answer" in window.door.notes.text)
    assert "Lists without the server" not in {b.words for b in seen(window.door, Button)}
    look_around()
    qtbot.keyClick(window, Key.Key_E, Mod.ControlModifier | Mod.ShiftModifier)
    until(qtbot, lambda: "no lists of the last day" in window.door.notes.text)
    start_again(server)
    press(window.door, "Try again")
    until(qtbot, lambda: window.office is not None)
    assert window.windowTitle() == builders.SMALL.name


def test_a_hotel_in_a_file_keeps_no_lists(tmp_path):
    place = Home(tmp_path / "config", tmp_path / "data")
    stage = program.Backstage(place, Settings(database=str(place.database), station="desk-1"))
    assert stage.away() is None
