"""What the program takes from the machine's memory, it gives back."""

import subprocess
import sys
from pathlib import Path

import pytest

MiB = 2**20
_GROWN = """
import os
from pathlib import Path
from pms.core import memory

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

if {wanted}:
    memory.give_back()
for size in (1, 4, 16):  # each freed block would raise the bound to its own size
    bytearray(size * 2**20)
before = resident()
kept = [bytearray(b"x" * 2**20) for _ in range(40)]
del kept[::2]  # those that stay lie above those that go: the heap's end can not be cut off
print(resident() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="GNU's malloc is meant")
def test_large_blocks_go_back_to_the_machine() -> None:
    grown = {}
    for wanted in (True, False):
        ran = subprocess.run(
            [sys.executable, "-c", _GROWN.format(wanted=wanted)],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[2],
        )
        grown[wanted] = int(ran.stdout)
    assert grown[True] < 25 * MiB
    assert grown[False] > 35 * MiB, "nothing is proved where malloc gives back anyway"
