"""Two workstations on one PostgreSQL hotel: what one does the other's board shows within 3 s; a lost server
is named and typed input stays."""

import time
from datetime import timedelta

import pytest
from PySide6.QtCore import QObject, Qt, QThreadPool, Signal

from pms import duties
from pms.__main__ import _lost
from pms.db.engine import open_engine, reading
from pms.db.topics import Watcher
from pms.services.guests.person import Person
from pms.services.reservations import queries as bookings
from pms.services.stays import service as stays
from pms.ui.crash import CrashHandler
from pms.ui.kit.theme import Look
from pms.ui.main_window import MainWindow
from tests import builders
from tests.builders import TODAY
from tests.conftest import _admin
from tests.ui.checks import dress

SECONDS = 3.0
Key = Qt.Key


class Relay(QObject):
    """Brings what the watcher's thread says to the window's."""

    told = Signal(str)


@pytest.fixture
def stations(qtbot, postgres):
    """Two windows at their boards, each with an office, an engine and a watcher of its own, as two computers
    have them."""
    dress(Look("en", "light", 100))
    made = []
    for number in (1, 2):
        engine = open_engine(postgres.url, builders.SECRET)
        office = builders.office(engine, found=False)
        office.offers = duties.offered()
        office.station = f"desk-{number}"
        ids = iter(range(10_000))
        office.new_intent = lambda number=number, ids=ids: f"{number}-{next(ids)}"
        window = MainWindow(Look("en", "light", 100), lambda _look: None, office.station)
        qtbot.addWidget(window)
        window.attach(office, office.changes)
        window.resize(1366, 768)
        window.show()
        window._came_in(office.clerk)
        relay = Relay()
        relay.told.connect(window.show_trouble)
        watcher = Watcher(
            reading(engine), office.changes, trouble=lambda why, relay=relay: relay.told.emit(_lost(why))
        )
        watcher.look()
        watcher.start()
        made.append((office, window, watcher, relay))
    qtbot.wait(200)
    yield made
    for _office, window, watcher, _relay in made:
        watcher.stop()
        window.close()
    qtbot.wait(50)
    QThreadPool.globalInstance().waitForDone()
    for office, *_rest in made:
        office.engine.dispose()


def tile(window, number):
    return next(t for t in window.workplace.current().tiles if t.number == number)


def test_what_one_desk_does_the_others_board_shows_within_three_seconds(qtbot, stations):
    (one, _first, *_), (_two, second, *_) = stations
    assert not tile(second, "301").occupied
    begun = time.monotonic()
    one.do(
        stays.walk_in.of(
            room_id=one.room_id("301"),
            departure=TODAY + timedelta(days=1),
            guests=[Person("Wang Yaqin")],
            plan_id=1,
        ),
        intent=one.new_intent(),
    )
    qtbot.waitUntil(lambda: tile(second, "301").occupied, timeout=int(SECONDS * 1000))
    assert time.monotonic() - begun < SECONDS
    assert tile(second, "301").guest == "Wang Yaqin"


def test_a_lost_server_is_named_what_is_typed_stays_and_is_booked_when_it_is_back(qtbot, stations):
    (one, window, *_), _other = stations
    window.activateWindow()
    window.workplace.go("booking", {})
    form = window.workplace.current()
    qtbot.keyClicks(form.name.line, "Wang Yaqin")
    name = one.engine.url.database
    _admin(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    _admin(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    try:
        with (
            qtbot.capture_exceptions() as caught
        ):  # what the page asks while one types has nobody to answer to but the net
            form.nights.line.selectAll()
            qtbot.keyClicks(form.nights.line, "3")
            qtbot.wait(150)
        net = CrashHandler(lambda error: pytest.fail(f"taken for a defect: {error}"), "")
        for _kind, error, _trace in caught:
            net.take(error)
        assert caught
        assert "does not answer" in form.notes.text
        form.notes.clear()
        form.acts["save"].press()
        assert "does not answer" in form.notes.text
        qtbot.waitUntil(lambda: window.workplace.trouble.isVisible(), timeout=8000)
        assert (form.name.value(), form.nights.value()) == ("Wang Yaqin", 3)
    finally:
        _admin(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    qtbot.waitUntil(lambda: not window.workplace.trouble.isVisible(), timeout=8000)
    assert (form.name.value(), form.nights.value()) == ("Wang Yaqin", 3)
    form.acts["save"].press()
    [line] = one.ask(bookings.arrivals, business_date=TODAY)
    assert (line.guest_name, line.nights) == ("Wang Yaqin", 3)
