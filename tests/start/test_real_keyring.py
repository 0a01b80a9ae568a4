"""The hotel's key in a real keyring: GNOME's daemon on a session bus of its own, asked by processes of their
own as the desk is.

The other tests put a dictionary in its place; this one needs ``gnome-keyring`` and ``dbus`` (no part of the
tests' own set-up: a desk brings its keyring with its desktop) and says so where they are absent.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pms.db import keys
from tests import builders

TOOLS = ("dbus-run-session", "gnome-keyring-daemon")
pytestmark = pytest.mark.skipif(
    any(shutil.which(tool) is None for tool in TOOLS),
    reason="no keyring to ask: install gnome-keyring and dbus",
)

LOCKED = 'exec "$@"'
UNLOCKED = (
    'printf %s "$PASSWORD" | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$@"'
)
BEGIN = """
import sys
from dataclasses import replace
from pathlib import Path
from pms.core import i18n
from pms.core.errors import Refused, StoreTrouble
from pms.core.settings import Home, load, save
from pms.db import keys
from pms.duties import offered
from pms.services.opening import store
from pms.services.opening.founding import Founder
from tests import builders
i18n.use("en")
place = Home(Path(sys.argv[1], "config"), Path(sys.argv[1], "data"))
"""
FOUND = """
founder = Founder(place, replace(load(place), station="desk-1"), offered())
assert founder.keyring(), "no keyring answers"
founder.keep_key_in("keyring")
key = founder.new_key()
founder.found(builders.SMALL, (), key).engine.dispose()
assert load(place).key == "keyring"
assert not place.key.exists(), "the key lies in a file as well"
print(*keys.written(key))
"""
OPEN = """
office = store.open_office(place, load(place), offered())
print(office.house().name)
office.engine.dispose()
"""
LOSE = """
import keyring
keyring.delete_password(keys.SERVICE, str(place.config))
"""
TYPE = """
try:
    keys.save(place, load(place), keys.read("%s"))
except Refused as refused:
    print(refused)
"""
TOLD = """
try:
    keys.load(place, load(place))
except StoreTrouble as trouble:
    print(trouble)
"""


@pytest.fixture
def desk(tmp_path):
    """Run a piece of the program in a desktop session of its own and return what it printed."""
    run = tmp_path / "run"
    run.mkdir(mode=0o700)
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LC_ALL")}
    # The daemon and the program see no other session, home or backend than this test's.
    here = kept | {
        "HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": str(run),
        "XDG_DATA_HOME": str(tmp_path / "share"),
        "PASSWORD": "geheim",
        "PYTHONPATH": os.fspath(Path(__file__).parents[2]),
    }

    def told(piece: str, session: str = UNLOCKED) -> str:
        ended = subprocess.run(
            [
                "dbus-run-session",
                "--",
                "sh",
                "-c",
                session,
                "sh",
                sys.executable,
                "-c",
                BEGIN + piece,
                str(tmp_path),
            ],
            env=here,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.strip()

    return told


def test_the_key_in_the_keyring_opens_the_hotel_in_the_next_session(desk):
    desk(FOUND)
    assert desk(OPEN) == builders.SMALL.name


def test_a_lost_key_is_asked_for_and_the_sheet_brings_it_back(desk):
    groups = desk(FOUND)
    desk(LOSE)
    assert "holds no key of the hotel" in desk(TOLD)
    assert "pms restore-key" in desk(TOLD)
    desk(TYPE % groups)
    assert desk(OPEN) == builders.SMALL.name


def test_the_key_of_another_hotel_is_not_overwritten(desk):
    desk(FOUND)
    assert "holds the key of another hotel" in desk(TYPE % " ".join(keys.written(bytes(32))))
    assert desk(OPEN) == builders.SMALL.name


def test_a_session_without_a_keyring_says_what_does_not_answer(desk):
    desk(FOUND)
    assert "keyring does not answer" in desk(TOLD, session=LOCKED)
