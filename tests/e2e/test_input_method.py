"""A real input method (ibus with pinyin) beside real keys: names become Han signs, figures, codes and letters
that act come as they are struck."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from .test_real_window import ROOT, display, eventually

__all__ = ["display"]
TOOLS = ("Xvfb", "xdotool", "openbox", "dbus-daemon", "ibus-daemon", "ibus")
ENGINE = Path("/usr/share/ibus/component/libpinyin.xml")
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None] or ["ibus-libpinyin"] * (not ENGINE.exists())
pytestmark = [
    pytest.mark.skipif(
        bool(MISSING) and not os.environ.get("CI"),
        reason=f"no {', '.join(MISSING)} here: installer/test installs them",
    ),
    pytest.mark.owns_sockets,
]
STRUCK = {  # what the fingers strike; the pinyin of 你好 and a full stop that pinyin turns into 。
    "name": ("nihao", "space"),
    "amount": ("12.50",),
    "number": ("3",),
    "code": ("nihao", "space"),
    "day": ("20nov",),
    "time": ("9:30",),
    "secret": ("nihao", "space"),
    "grid": ("nihao",),
    "name again": ("nihao", "space"),
}


@pytest.fixture
def pinyin(display: str) -> Iterator[dict[str, str]]:
    """A session with ibus and its pinyin switched on: the environment of a program in it."""
    home = Path(tempfile.mkdtemp(prefix="im-", dir="/tmp"))  # the names of its sockets have room for no more
    run = home / "run"
    run.mkdir(mode=0o700)
    env = os.environ | {
        "DISPLAY": display,
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(run),
        "QT_QPA_PLATFORM": "xcb",
        "QT_IM_MODULE": "ibus",
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
    }
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    assert bus.stdout is not None
    env["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
    daemon = subprocess.Popen(
        ["ibus-daemon", "--panel", "disable"],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        eventually(lambda: _engine(env) == "libpinyin", 40)
        yield env
    finally:
        for process in (daemon, bus):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(10)
        bus.stdout.close()
        shutil.rmtree(home, ignore_errors=True)


def _engine(env: dict[str, str]) -> str:
    subprocess.run(["ibus", "engine", "libpinyin"], env=env, capture_output=True, timeout=30)
    return subprocess.run(
        ["ibus", "engine"], env=env, capture_output=True, text=True, timeout=30
    ).stdout.strip()


def test_an_input_method_writes_names_and_leaves_figures_codes_and_letters_alone(
    pinyin: dict[str, str], tmp_path: Path
) -> None:
    shown = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.ibus", str(tmp_path)], cwd=ROOT, env=pinyin, start_new_session=True
    )
    try:
        for name, strokes in STRUCK.items():
            eventually(lambda: (tmp_path / "at").exists(), 30)
            assert (tmp_path / "at").read_text("utf-8") == name
            time.sleep(5 if name == "name" else 0.8)  # the first field is where the program finds the method
            for stroke in strokes:
                how = ["key", stroke] if stroke == "space" else ["type", "--delay", "90", stroke]
                subprocess.run(["xdotool", *how], env=pinyin, check=True, timeout=30)
                time.sleep(0.4)
            (tmp_path / "at").unlink()
        shown.wait(20)
    finally:
        if shown.poll() is None:
            os.killpg(shown.pid, signal.SIGKILL)
            shown.wait(10)
    got = json.loads((tmp_path / "got").read_text("utf-8"))
    assert got.pop("name") == "你好"
    assert got.pop("name again") == "你好"  # it comes back after the fields that keep it off
    assert got == {
        "amount": "12.50",
        "number": "3",
        "code": "nihao ",
        "day": "20 Nov",
        "time": "09:30",
        "secret": "nihao ",
        "grid": "nihao",
    }
