"""Printers that are off, open, empty, silent, or pulled out in the middle; queues and folders."""

import os
import stat
import time
from pathlib import Path

import pytest

from pms.printing import printers
from pms.printing.printers import Doubtful, Printer, Unprinted, driver, ready

from .fake_printer import COVER_OPEN, OFFLINE, PAPER_OUT, FakePrinter
from .samples import deposit, registration

pytestmark = pytest.mark.owns_sockets


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printers, "ANSWER_SECONDS", 0.3)
    monkeypatch.setattr(printers, "FINISH_SECONDS", 2.0)


def on(address: str, kind: str = "network", **fields: object) -> Printer:
    return Printer(1, "Desk", kind, address, **fields)


def send(printer: Printer, slip=None, home: Path | None = None) -> bytes:
    output = ready((slip or deposit("zh_CN")).to_dict(), 0, printer, "000001-deposit_receipt")
    driver(printer, home or Path("none")).send(output)
    return output.escpos


def test_a_healthy_printer_gets_every_byte_once():
    with FakePrinter() as printer:
        sent = send(on(printer.address))
    assert printer.jobs == [sent]


def test_a_printer_that_never_answers_is_printed_on_all_the_same():
    with FakePrinter(silent=True) as printer:
        sent = send(on(printer.address))
    assert printer.jobs == [sent]


@pytest.mark.parametrize(
    ("states", "why"), [(COVER_OPEN, "the cover is open"), (PAPER_OUT, "out of paper"), (OFFLINE, "offline")]
)
def test_a_printer_that_cannot_print_gets_nothing(states, why):
    with FakePrinter(states=states) as printer, pytest.raises(Unprinted, match=why):
        send(on(printer.address))
    assert printer.jobs == []


def test_a_printer_that_is_off_gets_nothing():
    with FakePrinter() as printer:
        address = printer.address
    with pytest.raises(Unprinted, match="does not answer"):
        send(on(address))


def test_an_address_that_is_none_gets_nothing():
    with pytest.raises(Unprinted, match="host:port"):
        send(on("192.168.1.60:printer"))


def test_a_cable_pulled_in_the_middle_leaves_a_doubt():
    with FakePrinter(hangs_up_after=100) as printer, pytest.raises(Doubtful, match="stopped in the middle"):
        send(on(printer.address))


def test_a_printer_that_never_answers_and_drops_the_line_leaves_a_doubt():
    silent = FakePrinter(silent=True, hangs_up_after=100)
    with silent as printer, pytest.raises(Doubtful, match="stopped in the middle"):
        send(on(printer.address))


def test_a_printer_that_never_answers_nor_hangs_up_is_not_waited_for_long(monkeypatch):
    class Stays(FakePrinter):
        def _talk(self, line):
            super()._talk(line)
            kept.append(line.dup())  # the line stays open behind it

    kept = []
    monkeypatch.setattr(printers, "END_SECONDS", 0.2)
    with Stays(silent=True) as printer:
        begun = time.monotonic()
        sent = send(on(printer.address))
    assert time.monotonic() - begun < 3
    assert printer.jobs == [sent]
    for line in kept:
        line.close()


def test_paper_that_ends_in_the_middle_leaves_a_doubt():
    with FakePrinter(paper_ends_after=500) as printer, pytest.raises(Doubtful, match="out of paper"):
        send(on(printer.address))


def test_a_printer_that_falls_silent_after_the_job_leaves_a_doubt(monkeypatch):
    class Falls(FakePrinter):
        def _work_off(self, line, waiting, paper):
            self.silent = self.silent or len(paper) > 100
            return super()._work_off(line, waiting, paper)

    with Falls() as printer, pytest.raises(Doubtful, match="no longer answers"):
        send(on(printer.address))


def test_a_device_file_gets_the_bytes(tmp_path):
    device = tmp_path / "lp0"
    device.touch()
    assert send(on(str(device), "device"), home=tmp_path) == device.read_bytes()
    with pytest.raises(Unprinted):
        send(on(str(tmp_path / "none" / "lp0"), "device"), home=tmp_path)


def test_usb_without_such_a_printer_gets_nothing(monkeypatch):
    import escpos.printer
    from escpos.exceptions import DeviceNotFoundError

    class Usb:
        is_usable = staticmethod(lambda: True)

        def __init__(self, vendor, product, usb_args, timeout):
            assert (vendor, product) == (0x04B8, 0x0E15)

        def open(self):
            raise DeviceNotFoundError("not plugged in")

    monkeypatch.setattr(escpos.printer, "Usb", Usb)
    with pytest.raises(Unprinted, match="not plugged in"):
        send(on("04b8:0e15", "usb"))
    Usb.is_usable = staticmethod(lambda: False)
    with pytest.raises(Unprinted, match="library is missing"):
        send(on("04b8:0e15", "usb"))
    with pytest.raises(Unprinted, match="vendor:product"):
        send(on("the left one", "usb"))


@pytest.fixture
def lp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for CUPS's ``lp`` that keeps what it is given; a queue called ``broken`` refuses."""
    program = tmp_path / "bin" / "lp"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\necho "$@" > {tmp_path}/asked\n'
        f'case "$2" in broken) echo "lp: no such queue" >&2; exit 1;; esac\ncat > {tmp_path}/got\n'
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


def test_a_queue_gets_rolls_as_raw_bytes_and_sheets_as_pdf(lp):
    sent = send(on("receipts", "queue"))
    assert (lp / "got").read_bytes() == sent
    assert (lp / "asked").read_text().split() == [
        "-d",
        "receipts",
        "-t",
        "000001-deposit_receipt",
        "-o",
        "raw",
    ]
    send(on("office", "queue", paper="A5"), registration("zh_CN"))
    assert (lp / "got").read_bytes()[:5] == b"%PDF-"
    assert (lp / "asked").read_text().split() == ["-d", "office", "-t", "000001-deposit_receipt"]


def test_a_queue_that_refuses_says_why(lp):
    with pytest.raises(Unprinted, match="no such queue"):
        send(on("broken", "queue"))


def test_a_computer_without_a_printing_system_says_so(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Unprinted, match="CUPS"):
        send(on("receipts", "queue"))


def test_a_folder_gets_whole_files_or_none(tmp_path):
    sent = send(on("papers", "folder"), home=tmp_path)
    names = sorted(file.name for file in (tmp_path / "papers").iterdir())
    assert names == ["000001-deposit_receipt.escpos", "000001-deposit_receipt.pdf"]
    assert (tmp_path / "papers" / names[0]).read_bytes() == sent
    (tmp_path / "file").touch()
    with pytest.raises(Unprinted, match="cannot be written"):
        send(on("file", "folder"), home=tmp_path)


def test_a_driver_that_is_not_installed_is_named():
    with pytest.raises(Unprinted, match="“plotter”"):
        driver(on("x", "plotter"), Path("none"))
