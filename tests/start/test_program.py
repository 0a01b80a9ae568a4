"""From the command to the board: what is seen first, what loads behind it, and what happens when the hotel
does not open."""

import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from pms import __main__ as program
from pms.core import settings as workstation
from pms.db import keys
from pms.ui.kit.theme import Look
from pms.ui.main_window import MainWindow
from pms.ui.program import Program
from pms.ui.screens.set_up.screen import SetUp
from tests import builders

ROOT = Path(__file__).parents[2]


@pytest.fixture
def started(qtbot):
    """Start the program on a home; everything behind the window ends with the test."""
    made = []

    def start(place, found, *, demo=False):
        backstage = program.Backstage(place, found, demo=demo)
        running = Program(QApplication.instance(), backstage, Look("en", "light", 100))
        made.append(running)
        running.start()
        qtbot.addWidget(running.window)
        return running

    yield start
    for running in made:
        running.backstage.close()
        running.window.close()


def test_no_source_is_read_to_start_the_program():
    script = (
        "import linecache\nfrom PySide6.QtWidgets import QApplication\nfrom pms.ui import main_window\n"
        "from pms import duties\nfor page in duties.screens().values():\n    duties.resolve(page)\n"
        "print(*[f for f in linecache.cache if f.startswith('/') and f.endswith('.py')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.split()) < 10  # of more than four hundred: PySide's own, read before it is told


def test_the_sign_in_is_painted_before_the_database_is_loaded():
    script = (
        "import sys\nfrom PySide6.QtWidgets import QApplication\nfrom pms.__main__ import Backstage\n"
        "from pms.core.settings import Home, Settings\nfrom pms.ui.kit.theme import Look\n"
        "from pms.ui.program import Program\nfrom pathlib import Path\n"
        "app = QApplication([])\nheavy = ('sqlalchemy', 'alembic', 'reportlab', 'escpos', 'pypinyin', "
        "'cryptography', 'argon2', 'PIL')\n"
        "p = Program(app, Backstage(Home(Path('x'), Path('x')), Settings(database='x')), "
        "Look())\np.backstage.open = lambda trouble: None\n"
        "p.start()\np.window.grab()\nprint([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_the_hotel_opens_behind_the_sign_in(qtbot, started, ready):
    running = started(*ready)
    assert isinstance(running.window, MainWindow)
    qtbot.waitUntil(lambda: running.window.office is not None, timeout=20_000)
    assert running.window.windowTitle() == builders.SMALL.name
    running.window.door.login.set_value(builders.SMALL.owner_login)
    running.window.door.password.set_value(builders.PASSWORD)
    running.window.door.submit()
    qtbot.waitUntil(lambda: running.window.workplace is not None, timeout=20_000)
    running.backstage.close()
    assert not {t.name for t in threading.enumerate()} & {"topics", "spooler"}


def test_a_hotel_that_does_not_open_is_told_at_the_door(qtbot, started, ready):
    place, found = ready
    place.key.unlink()
    keys.save(place, found, bytes(32))
    running = started(place, found)
    qtbot.waitUntil(lambda: "recovery sheet" in running.window.door.notes.text, timeout=20_000)


def test_a_new_workstation_shows_the_set_up(qtbot, started, place):
    running = started(place, workstation.load(place))
    assert isinstance(running.window, SetUp)


def test_a_look_is_kept_for_the_next_start(qtbot, started, ready):
    place, found = ready
    running = started(place, found)
    qtbot.waitUntil(lambda: running.window.office is not None, timeout=20_000)
    running.window.change_look(Look("en", "dark", 115))
    kept = workstation.load(place)
    assert (kept.theme, kept.scale, kept.database) == ("dark", 115, found.database)


def test_choosing_another_language_at_the_first_start_keeps_no_hotel(qtbot, started, place):
    running = started(place, workstation.load(place))
    running.window.look_wanted.emit(Look("zh_CN", "light", 100))
    assert isinstance(running.window, SetUp)
    qtbot.addWidget(running.window)
    assert workstation.load(place).language == "zh_CN"
    assert not workstation.load(place).ready


def test_a_lost_server_is_named_and_its_return_ends_it(qtbot, started, ready, monkeypatch):
    running = started(*ready)
    qtbot.waitUntil(lambda: running.window.office is not None, timeout=20_000)
    running.window.door.login.set_value("half-typed")
    running._trouble.emit(program._lost("connection refused"))
    qtbot.waitUntil(lambda: "connection refused" in running.window.door.notes.text)
    assert running.window.door.login.value() == "half-typed"
    running._trouble.emit(program._lost(""))
    qtbot.waitUntil(lambda: running.window.door.notes.text == "")


def test_the_demonstration_signs_its_owner_in(qtbot, started, tmp_path):
    from pms.duties import offered
    from pms.services.opening import founding
    from tests.start.test_demo import NOW, SMALL

    place = workstation.Home(tmp_path, tmp_path)
    founding.make_demo(
        place.demo,
        workstation.Settings(station="desk-1", language="en"),
        offered(),
        lambda: NOW,
        lambda _done, _days: None,
        **SMALL,
    )
    running = started(*program._demo_home(place, workstation.load(place)), demo=True)
    qtbot.waitUntil(lambda: running.window.workplace is not None, timeout=20_000)
    assert "hoteldemo" in running.window.windowTitle()
    assert not workstation.load(place).ready


def test_a_founded_hotel_opens_with_the_look_chosen_meanwhile(place):
    backstage = program.Backstage(place, workstation.load(place))
    founder = backstage.founder()
    founder.settings = replace(founder.settings, database=str(place.database))
    backstage.save_look("en", "dark", 130)
    backstage._take_up_founding()
    assert (backstage.settings.database, backstage.settings.theme) == (str(place.database), "dark")
    assert workstation.load(place).language == "en"  # the next start speaks what was chosen here


def test_settings_that_cannot_be_read_are_one_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PMS_HOME", str(tmp_path))
    (tmp_path / "settings.json").write_text("{")
    assert program.main([]) == 1
    assert "settings.json" in capsys.readouterr().err
