"""Files and folders for this login alone, whatever the login's umask says."""

import os
import stat
import threading
from datetime import UTC, datetime, timedelta

import pytest

from pms.core import private

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def open_to_all():
    """The loosest umask there is."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path):
    return stat.S_IMODE(path.lstat().st_mode)


def test_a_folder_and_those_above_it_are_made_for_one_login_and_a_foreign_one_stays(tmp_path):
    tmp_path.chmod(0o755)
    made = private.folder(tmp_path / "a" / "b")
    assert [mode(p) for p in (made, made.parent, tmp_path)] == [0o700, 0o700, 0o755]
    private.folder(made)
    (tmp_path / "file").touch()
    for where in (tmp_path / "file", tmp_path / "file" / "under"):
        with pytest.raises(OSError):
            private.folder(where)


@pytest.mark.parametrize("alone", [True, False])
def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch, alone):
    path = tmp_path / "new" / "paper.pdf"
    private.write(path, b"first", alone=alone)
    assert (path.read_bytes(), mode(path), mode(path.parent)) == (b"first", 0o600, 0o700)
    path.chmod(0o666)
    private.write(path, b"second", alone=alone)
    assert (path.read_bytes(), mode(path)) == (b"second", 0o600)

    def full(_number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        private.write(path, b"third", alone=alone)
    assert [p.read_bytes() for p in path.parent.iterdir()] == [b"second"]


def test_a_half_file_of_a_power_cut_is_written_over_and_never_through_a_link(tmp_path):
    path, secret = tmp_path / "paper.pdf", tmp_path / "elsewhere"
    (tmp_path / "paper.pdf.part").write_bytes(b"half")
    private.write(path, b"whole")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["paper.pdf"]
    secret.write_bytes(b"kept")
    (tmp_path / "paper.pdf.part").symlink_to(secret)
    private.write(path, b"more")
    assert (path.read_bytes(), secret.read_bytes()) == (b"more", b"kept")


def test_two_programs_that_write_one_file_leave_one_whole(tmp_path):
    path = tmp_path / "settings.json"
    contents = [bytes([n]) * 100_000 for n in range(8)]
    writers = [
        threading.Thread(target=private.write, args=(path, c), kwargs={"alone": False}) for c in contents
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert path.read_bytes() in contents
    assert list(tmp_path.iterdir()) == [path]


def test_lines_are_added_and_an_old_file_is_shut(tmp_path):
    path = tmp_path / "log" / "defects.log"
    for line in ("one\n", "two\n"):
        with private.adding(path) as file:
            file.write(line)
        assert mode(path) == 0o600
        path.chmod(0o644)
    assert path.read_text() == "one\ntwo\n"


def test_what_an_earlier_release_left_open_is_shut_and_links_are_not_followed(tmp_path):
    old, away = tmp_path / "paper", tmp_path / "away"
    (old / "sub").mkdir(parents=True)
    away.write_text("")
    away.chmod(0o644)
    for name in ("a.pdf", "sub/b.pdf"):
        (old / name).write_text("")
    (old / "link").symlink_to(away)
    private.shut(old)
    assert [mode(old / name) for name in (".", "sub", "a.pdf", "sub/b.pdf")] == [0o700, 0o700, 0o600, 0o600]
    assert mode(away) == 0o644
    private.shut(away)
    assert mode(away) == 0o600
    private.shut(tmp_path / "none")


def test_what_has_lived_long_enough_is_removed(tmp_path):
    outside = tmp_path / "outside.pdf"
    outside.write_text("")
    folder = private.folder(tmp_path / "paper" / "invoices")
    for name, days in (("old.pdf", 31), ("new.pdf", 29), ("invoices/old.pdf", 400)):
        path = tmp_path / "paper" / name
        path.write_text("")
        then = (NOW - timedelta(days=days)).timestamp()
        os.utime(path, (then, then))
    (tmp_path / "paper" / "link").symlink_to(outside)
    assert private.outlived(tmp_path / "paper", NOW - timedelta(days=30)) == 2
    assert not folder.exists()
    assert outside.exists()
    assert sorted(p.name for p in (tmp_path / "paper").iterdir()) == ["link", "new.pdf"]
    assert private.outlived(tmp_path / "none", NOW) == 0


def test_what_is_only_passing_goes_at_the_end_and_at_the_next_start(tmp_path):
    first = private.Passing()
    with pytest.raises(OSError):
        first.put(b"x", ".pdf")
    first.use(tmp_path / "passing")
    paper = first.put(b"%PDF", ".pdf")
    assert (paper.read_bytes(), paper.suffix, mode(paper), mode(paper.parent)) == (
        b"%PDF",
        ".pdf",
        0o600,
        0o700,
    )
    first.empty()
    assert list(paper.parent.iterdir()) == []
    left = first.put(b"%PDF", ".pdf")  # and then the program was killed
    private.Passing().use(tmp_path / "passing")
    assert not left.exists()
