"""The disk of ``storage``: what it keeps when the power fails, and what it may lose."""

import random

from tests.faults.storage import Disk, Move, put


def found(disk: Disk) -> set[tuple[tuple[str, bytes], ...]]:
    """Return what may be found, over many cuts."""
    return {tuple(sorted(disk.cut(random.Random(seed)).items())) for seed in range(300)}


def test_what_was_synced_is_there_and_what_was_written_may_be():
    disk = Disk({"db": b"...."})
    disk.do(Move("write", 0, "db", b"ab"))
    assert found(disk) == {(("db", b"...."),), (("db", b"ab.."),)}
    disk.do(Move("fdatasync", 0, "db"))
    assert found(disk) == {(("db", b"ab.."),)}


def test_writes_may_come_in_any_order_and_torn_at_a_sector():
    disk = Disk({"db": b""})
    disk.do(Move("write", 0, "db", b"a" * 1024))
    disk.do(Move("write", 1024, "db", b"b"))
    ends = {dict(files)["db"] for files in found(disk)}
    assert b"a" * 512 + bytes(512) + b"b" in ends
    assert bytes(1024) + b"b" in ends
    assert b"" in ends


def test_a_name_is_there_for_certain_when_its_folder_was_synced():
    disk = Disk({"db": b""})
    disk.do(Move("create", 0, "log"))
    assert found(disk) == {(("db", b""),), (("db", b""), ("log", b""))}
    disk.do(Move("fsync", 0, ""))
    disk.do(Move("unlink", 0, "db"))
    assert found(disk) == {(("log", b""),), (("db", b""), ("log", b""))}
    disk.do(Move("fsync", 0, ""))
    assert found(disk) == {(("log", b""),)}


def test_what_is_cut_off_is_gone_once_it_is_synced(tmp_path):
    disk = Disk({"db": b"abcd"})
    disk.do(Move("ftruncate", 1, "db"))
    disk.do(Move("fsync", 0, "db"))
    put(tmp_path / "after", disk.cut(random.Random(1)))
    assert (tmp_path / "after" / "db").read_bytes() == b"a"
