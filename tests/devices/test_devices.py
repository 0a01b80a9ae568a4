"""Encoders and drawers against their counterparts: a lock server on loopback, a device file, a folder."""

import json
import socket
import threading
from datetime import datetime

import pytest

from pms.core.errors import DeviceTrouble
from pms.devices import cards
from pms.devices.cards import Order, encoder
from pms.devices.drawer import PULSE, drawer

pytestmark = pytest.mark.owns_sockets
ORDER = Order(7, "new", "301", 42, datetime(2026, 11, 20, 14, 30), datetime(2026, 11, 22, 12, 0))
HELLO = (
    b"\x02LS|DA261120|TI143000|\x03\x02LD|DA261120|TI143000|V#1.4|IFDL|\x03\x02LR|RIKR|FLK#KCKTRNWSDADTG#GAGDTI|\x03"
    b"\x02LA|DA261120|TI143000|\x03"
)


class LockServer:
    """A lock server that speaks FIAS on a loopback port and answers key requests as told."""

    def __init__(
        self, answer: str = "KA|ASOK|KC1|WS7|$2A1B2C3D4|", *, hello: bytes = HELLO, hangs_up: bool = False
    ) -> None:
        self.answer, self.hello, self.hangs_up = answer, hello, hangs_up
        self.heard: list[str] = []

    def __enter__(self) -> "LockServer":
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._server.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_gone: object) -> None:
        self._server.close()
        self._thread.join(5)

    def _serve(self) -> None:
        line, _where = self._server.accept()
        with line:
            line.settimeout(5)
            # The greeting comes in two halves, as it may on a real network.
            line.sendall(self.hello[:17])
            line.sendall(self.hello[17:])
            waiting = b""
            while data := line.recv(1024):
                waiting += data
                while b"\x03" in waiting:
                    record, _end, waiting = waiting.partition(b"\x03")
                    self.heard.append(record.lstrip(b"\x02").decode())
                    if self.heard[-1].startswith("KR"):
                        if not self.hangs_up:
                            line.sendall(b"\x02" + self.answer.encode() + b"\x03")
                        return


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards, "LINK_SECONDS", 1.0)
    monkeypatch.setattr(cards, "CARD_SECONDS", 1.0)


def test_a_lock_server_cuts_the_card_and_gives_its_number():
    with LockServer() as server:
        assert encoder("fias", server.address).cut(ORDER) == "A1B2C3D4"
    assert [record[:2] for record in server.heard] == ["LS", "LA", "KR"]
    assert server.heard[-1] == "KR|K#1|KC1|KTN|RN301|G#42|GA261120|GD261122|DT12:00|WS7|DA261120|TI143000|"


@pytest.mark.parametrize(("kind", "asked"), [("new", "KTN"), ("duplicate", "KTD"), ("extend", "KTD")])
def test_only_a_new_card_ends_the_others(kind, asked):
    with LockServer() as server:
        encoder("fias", f"{server.address}/3").cut(
            Order(7, kind, "301", 42, ORDER.valid_from, ORDER.valid_to)
        )
    assert asked in server.heard[-1].split("|")
    assert "KC3" in server.heard[-1].split("|")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("KA|ASOR|WS7|", "No card was put"),
        ("KA|ASXX|CTbattery low|WS7|", "battery low"),
        ("KA|ASXX|WS7|", "XX"),
    ],
)
def test_a_refusal_says_what_to_do(answer, says):
    with LockServer(answer) as server, pytest.raises(DeviceTrouble, match=says):
        encoder("fias", server.address).cut(ORDER)


def test_the_answer_to_another_workstation_s_card_is_not_ours():
    with LockServer("KA|ASOK|WS8|$2OTHER|\x03\x02LS|DA261120|TI143000|\x03\x02KA|ASOK|WS7|$2OURS|") as server:
        assert encoder("fias", server.address).cut(ORDER) == "OURS"


def test_a_server_that_hangs_up_or_says_nothing_is_named():
    with LockServer(hangs_up=True) as server, pytest.raises(DeviceTrouble, match="cannot be reached"):
        encoder("fias", server.address).cut(ORDER)
    with LockServer(hello=b"\x02LS|\x03") as server, pytest.raises(DeviceTrouble, match="does not answer"):
        encoder("fias", server.address).cut(ORDER)
    with pytest.raises(DeviceTrouble, match="cannot be reached"):
        encoder("fias", server.address).cut(ORDER)


def test_a_field_cannot_smuggle_in_another():
    with LockServer() as server:
        encoder("fias", server.address).cut(
            Order(7, "new", "301|KTN\x03\x02KD", 42, ORDER.valid_from, ORDER.valid_to)
        )
    assert "RN301KTNKD" in server.heard[-1].split("|")


def test_the_folder_keeps_each_card_and_fails_when_told(tmp_path):
    made = encoder("folder", str(tmp_path / "cards"))
    assert made.cut(ORDER) == "SIM00000007"
    written = json.loads((tmp_path / "cards" / "card-000007.json").read_text("utf-8"))
    assert (written["room"], written["kind"], written["valid_to"]) == ("301", "new", "2026-11-22 12:00:00")
    (tmp_path / "cards" / "trouble").write_text("No card on the encoder.", "utf-8")
    with pytest.raises(DeviceTrouble, match="No card on the encoder"):
        made.cut(ORDER)


@pytest.mark.parametrize(
    ("kind", "address", "says"),
    [("magic", "x", "“magic”"), ("fias", "server", "host:port"), ("fias", "a:b", "host:port")],
)
def test_an_encoder_that_is_none_is_refused(kind, address, says):
    with pytest.raises(DeviceTrouble, match=says):
        encoder(kind, address)


def test_a_drawer_opens_over_a_device_and_over_the_network(tmp_path):
    line = tmp_path / "ttyS0"
    line.touch()
    drawer("device", str(line)).open()
    assert line.read_bytes() == PULSE
    got = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with server.accept()[0] as line:
                got.append(line.recv(64))

        thread = threading.Thread(target=serve)
        thread.start()
        drawer("network", f"127.0.0.1:{server.getsockname()[1]}").open()
        thread.join(5)
    assert got == [PULSE]


def test_a_drawer_in_trouble_says_so_and_a_file_counts(tmp_path):
    file = drawer("file", str(tmp_path / "openings"))
    file.open()
    file.open()
    assert (tmp_path / "openings").read_text("utf-8") == "open\nopen\n"
    with pytest.raises(DeviceTrouble, match="did not open"):
        drawer("device", str(tmp_path / "none")).open()
    with pytest.raises(DeviceTrouble, match="“magic”"):
        drawer("magic", "x")
