"""A new duty's folders are written whole: they are laid out as the others, and a hotel opens with them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OPENS = """
from sqlalchemy import inspect
from pms import duties
from pms.core.duty import faults
from pms.db import schema
from pms.db.engine import open_engine, sqlite_url
from pms.db.keys import derive
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pathlib import Path
engine = open_engine(sqlite_url(Path("hotel.db")), derive(bytes(32)))
schema.upgrade(engine)
with engine.connect() as connection:
    print(compare_metadata(MigrationContext.configure(connection), schema.metadata()))
print(faults(duties.DUTIES), duties.DUTIES[[d.word for d in duties.DUTIES].index("shop") - 1].word)
print(sorted(role for role, (_name, rights) in duties.ROLES.items() if "door_key:work" in rights))
print(duties.resolve(duties.screens()["door_key"]).__name__)
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """The program's source with a duty *Door keys* written into it."""
    place = tmp_path_factory.mktemp("copy")
    for folder in ("pms", "installer", "resources/locale"):
        shutil.copytree(ROOT / folder, place / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", place)
    done = made(place, "door_key", "Door keys")
    assert (done.returncode, done.stderr) == (0, "")
    return place


def made(place: Path, *words: str) -> subprocess.CompletedProcess:
    """Run the command in a copy."""
    return run(place, "installer/new-duty", *words)


def run(place: Path, *words: str) -> subprocess.CompletedProcess:
    """Run Python in a copy."""
    return subprocess.run([sys.executable, *words], cwd=place, capture_output=True, text=True, check=False)


def test_a_hotel_opens_with_a_new_duty_and_the_row_gives_its_right(copy):
    done = run(copy, "-c", OPENS)
    assert done.stdout.splitlines() == [
        "[]",
        "[] door_key",
        "['auditor', 'clerk', 'manager', 'owner', 'supervisor']",
        "DoorKeyScreen",
    ], done.stderr


def test_what_is_written_is_laid_out_like_the_rest(copy):
    files = sorted(str(p.relative_to(copy)) for p in copy.rglob("*.py") if "door_key" in str(p))
    assert len(files) == 11
    for check in (("format", "--check", "--force-exclude"), ("check",)):
        done = run(copy, "-m", "ruff", *check, "pms/duties.py", *files)
        assert done.returncode == 0, done.stdout


def test_its_texts_are_told_as_missing(copy):
    told = run(copy, "installer/texts", "--missing").stdout
    assert 'msgid "Door keys"' in told
    assert 'msgid "%(number)s is not open."' in told


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("luggage", "Luggage"), "pms/services/luggage/__init__.py is there already"),
        (("Door-key", "Door keys"), "small letters and underscores"),
        (("gate", ""), "Give the duty a title"),
    ],
)
def test_nothing_is_written_over_or_under_a_bad_word(copy, words, why):
    before = sorted(copy.rglob("*"))
    done = made(copy, *words)
    assert done.returncode == 1
    assert why in done.stderr
    assert sorted(copy.rglob("*")) == before
