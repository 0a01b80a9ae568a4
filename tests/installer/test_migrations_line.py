"""Migrations that were made side by side get their place in one line."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VERSIONS = Path("pms/db/migrations/versions")


def write(place: Path, file: str, before: str) -> None:
    number = file[:4]
    follows = f"'{before}'" if before else None
    told = f"revision = '{number}'\ndown_revision = {follows}\n"
    (place / VERSIONS / file).write_text(f'"""One."""\n\n{told}branch_labels = None\n', "utf-8")


def run(place: Path, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run(words, cwd=place, capture_output=True, text=True, check=False)


@pytest.fixture
def place(tmp_path) -> Path:
    """A project whose branch ``main`` holds two migrations."""
    (tmp_path / VERSIONS).mkdir(parents=True)
    (tmp_path / "installer").mkdir()
    shutil.copy(ROOT / "installer/migrations", tmp_path / "installer")
    write(tmp_path, "0001_hotel.py", "")
    write(tmp_path, "0002_bags.py", "0001")
    who = ("-c", "user.name=x", "-c", "user.email=x@y")
    for words in (("init", "-q", "-b", "main"), ("add", "-A"), (*who, "commit", "-qm", "Begin")):
        assert run(tmp_path, "git", *words).returncode == 0
    return tmp_path


def told(place: Path, *words: str) -> tuple[int, list[str]]:
    done = run(place, sys.executable, "installer/migrations", *words)
    return done.returncode, done.stdout.splitlines()


def test_one_line_is_told_nothing(place):
    assert told(place) == (0, [])


def test_two_of_one_number_are_named_and_moved_behind_what_has_landed(place):
    for file, before in (
        ("0002_rental.py", "0001"),
        ("0003_rental_items.py", "0002"),
        ("0039_keys.py", "0001"),
    ):
        write(place, file, before)
    assert told(place) == (
        1,
        ["0002_rental.py has the number of another one", "0039_keys.py follows 0001, not 0003"],
    )
    assert told(place, "--relink", "main") == (
        0,
        [
            "0002_rental.py -> 0003_rental.py",
            "0003_rental_items.py -> 0004_rental_items.py",
            "0039_keys.py -> 0005_keys.py",
        ],
    )
    text = (place / VERSIONS / "0004_rental_items.py").read_text("utf-8")
    assert "revision = '0004'\ndown_revision = '0003'\n" in text
    assert told(place) == (0, [])


def test_a_file_that_calls_itself_otherwise_is_named(place):
    (place / VERSIONS / "0002_bags.py").rename(place / VERSIONS / "0004_bags.py")
    assert told(place) == (1, ["0004_bags.py calls itself 0002"])


def test_the_migrations_of_the_program_are_one_line():
    done = run(ROOT, sys.executable, "installer/migrations")
    assert (done.returncode, done.stdout) == (0, "")
