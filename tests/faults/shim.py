"""Build and arm the shim (``shim.c``) that disturbs what a process writes under one folder; the process must
have been started with it."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("shim.c")
REST, COUNT, KILL_BEFORE, KILL_AFTER, TEAR, FAIL = range(6)
WRITE, SYNC, GROW, DROP = 1, 2, 4, 8
ALL = WRITE | SYNC | GROW | DROP


@dataclass(frozen=True)
class Call:
    """One call that changed a file: its class, its name, how many bytes and which file below the folder."""

    of: int
    name: str
    size: int
    file: str


@dataclass(frozen=True)
class Fault:
    """What befalls a call of these classes: ``how`` and, where it fails, with which error, once or from then
    on."""

    how: int
    classes: int = ALL
    error: int = 0
    lasting: bool = False


def why_not() -> str:
    """Say why the shim cannot be used on this machine; nothing where it can."""
    if not sys.platform.startswith("linux"):
        return "system calls are disturbed on Linux only"
    if _compiler() is None:
        return "system calls are not disturbed: no C compiler here (Debian: gcc libc6-dev)"
    return ""


def _compiler() -> str | None:
    return next(
        (
            found
            for name in (os.environ.get("CC", ""), "cc", "gcc", "clang")
            if name and (found := shutil.which(name))
        ),
        None,
    )


def build(folder: Path) -> Path:
    """Compile the shim into a folder and return the library; raises where the compiler finds a fault."""
    library = folder / "shim.so"
    options = ("-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror")
    subprocess.run([str(_compiler()), *options, "-o", str(library), str(SOURCE)], check=True, timeout=60)
    return library


def around(
    library: Path, folder: Path | None = None, fault: Fault | None = None, at: int = 0
) -> dict[str, str]:
    """Return the environment of a process that runs with the shim, armed from its first moment where a fault
    is given."""
    env = {**os.environ, "LD_PRELOAD": str(library)}
    if folder is not None and fault is not None:
        env["SHIM"] = ":".join(
            map(str, (folder.resolve(), fault.how, fault.classes, fault.error, at, int(fault.lasting)))
        )
    return env


# ------------------------------------------------------------------ inside a process that runs with it
def _here() -> ctypes.CDLL:
    found = ctypes.CDLL(None)
    if not hasattr(found, "shim_arm"):
        raise RuntimeError("this process was not started with the shim")
    return found


def arm(folder: Path, fault: Fault, at: int = 0) -> None:
    """Disturb the ``at``-th call from now on among those of the fault's classes on a file below the
    folder."""
    _here().shim_arm(
        os.fsencode(folder.resolve()),
        fault.how,
        fault.classes,
        fault.error,
        ctypes.c_long(at),
        int(fault.lasting),
    )


def hits() -> int:
    """Return how many calls were hit since the shim was armed."""
    here = _here()
    here.shim_hits.restype = ctypes.c_long
    return int(here.shim_hits())


def rest() -> int:
    """Disturb nothing more; return how many calls were hit."""
    found = hits()
    _here().shim_arm(b"", REST, 0, 0, ctypes.c_long(0), 0)
    return found


@contextmanager
def counting(folder: Path, classes: int = ALL) -> Iterator[list[Call]]:
    """Note every call on a file below the folder; the list is full when it ends."""
    calls: list[Call] = []
    here, log = _here(), os.memfd_create("calls")
    here.shim_log(log)
    arm(folder, Fault(COUNT, classes))
    try:
        yield calls
    finally:
        rest()
        here.shim_log(-1)
        os.lseek(log, 0, os.SEEK_SET)
        with os.fdopen(log, encoding="utf-8") as lines:
            calls += [
                Call(int(of), name, int(size), file)
                for of, name, size, file in (line.rstrip("\n").split(" ", 3) for line in lines)
            ]


@contextmanager
def taped(folder: Path) -> Iterator[int]:
    """Put every call on a file below the folder on a tape, with the bytes written; yields its number."""
    here, tape = _here(), os.memfd_create("tape")
    here.shim_tape(tape)
    arm(folder, Fault(COUNT))
    try:
        yield tape
    finally:
        rest()
        here.shim_tape(-1)
        os.close(tape)
