"""What identity readers send, and what becomes of it on the check-in form."""

import json
import socket
import threading
import time
from datetime import date

import pytest
from PySide6.QtCore import Qt

from pms.core.errors import DeviceTrouble
from pms.devices.identity import Identity, SocketReader, reader, simulate, understood
from pms.services.rooms import queries as room_queries
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.theme import Look
from pms.ui.screens.stays.check_in import CheckInScreen
from tests.ui.checks import dress

NUMBER = "11010519491231002X"
LINE = f"王雅琴|女|汉|19491231|北京市朝阳区|{NUMBER}"
WANG = Identity("王雅琴", NUMBER, "id_card", "F", "CHN", "北京市朝阳区", ethnic="汉")


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        (LINE, WANG),
        (f"王雅琴\t{NUMBER.lower()}", Identity("王雅琴", NUMBER, nationality="CHN")),
        (
            '{"name": "Zoë Ł.", "number": "x123456", "sex": "female"}',
            Identity("Zoë Ł.", "X123456", "passport", "F"),
        ),
        ("Wang Yaqin", None),
        (NUMBER, None),
        ("a|b", None),
        ("{not json", None),
        ("[1]", None),
        ("{}", None),
        ('{"name": "x"}', None),
        ("", None),
    ],
)
def test_a_line_is_a_person_or_just_typing(sent, meant):
    assert understood(sent) == meant


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def send_soon(port, record):
    def send():
        for _try in range(50):
            try:
                simulate(port, record)
                return
            except ConnectionRefusedError:
                time.sleep(0.05)

    thread = threading.Thread(target=send)
    thread.start()
    return thread


@pytest.mark.owns_sockets
def test_one_record_is_taken_from_the_socket():
    port = free_port()
    sender = send_soon(port, {"name": "王雅琴", "number": NUMBER})
    assert reader("socket", str(port)).read() == Identity("王雅琴", NUMBER, nationality="CHN")
    sender.join()


@pytest.mark.owns_sockets
def test_no_document_and_nonsense_are_named():
    with pytest.raises(DeviceTrouble, match="No document was read"):
        SocketReader(free_port(), seconds=0.05).read()
    port = free_port()
    sender = send_soon(port, {"card": 1})
    with pytest.raises(DeviceTrouble, match="nothing that names a person"):
        SocketReader(port, seconds=5).read()
    sender.join()
    with pytest.raises(DeviceTrouble, match="not installed"):
        reader("imaginary", "")


@pytest.mark.parametrize(
    ("record", "origin"),
    [
        ({"nationality": "柯尔克孜"}, ("CHN", "柯尔克孜")),
        ({"nationality": "汉族"}, ("CHN", "汉")),
        ({"nation": "维吾尔族"}, ("CHN", "维吾尔")),
        ({"nationality": "CHINA"}, ("CHN", "")),
        ({"nationality": "中国", "ethnic": "回"}, ("CHN", "回")),
        ({"nationality": "CHN", "folk": "壮族"}, ("CHN", "壮")),
        ({}, ("CHN", "")),
        ({"number": "X123456", "nationality": "gbr"}, ("GBR", "")),
        ({"number": "X123456", "nationality": "Utopia"}, ("", "")),
    ],
)
def test_ethnic_group_and_nationality_are_parted(record, origin):
    found = understood(json.dumps({"name": "阿依", "number": NUMBER} | record))
    assert (found.nationality, found.ethnic) == origin


@pytest.mark.parametrize(
    ("told", "until"),
    [
        ("20301231", date(2030, 12, 31)),
        ("2030-12-31", date(2030, 12, 31)),
        ("20101231-20301231", date(2030, 12, 31)),
        ("长期", None),
        ("20301332", None),
        ("", None),
    ],
)
def test_a_card_says_until_when_it_is_good(told, until):
    assert understood(json.dumps({"name": "王", "number": NUMBER, "valid_until": told})).until == until


class Ready:
    """A reader with a document on it."""

    def __init__(self, found):
        self.found = found

    def read(self):
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


@pytest.fixture
def form(qtbot, desk):
    dress(Look("en", "light", 100))
    made = CheckInScreen(desk, ChangeSignal(desk.changes))
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.resize(1206, 716)
        made.show()
        made.activateWindow()
    made.open(room_id=next(r.id for r in desk.ask(room_queries.rooms) if r.number == "301"))
    return made


def test_a_reader_that_types_fills_the_guest(qtbot, form):
    line = form.guests.lines[0]
    line.name.line.setFocus()
    qtbot.keyClicks(line.name.line, f"Wang Yaqin|F|CN|19491231|Chaoyang|{NUMBER}")
    assert (line.name.value(), line.number.value(), line.number.shown_error()) == ("Wang Yaqin", NUMBER, "")
    person = line.person()
    assert (person.sex, person.nationality, person.address, person.document) == (
        "F",
        "CHN",
        "Chaoyang",
        NUMBER,
    )


def test_one_key_reads_the_document_and_differences_are_shown(qtbot, form, desk):
    desk.devices["identity"] = Ready(WANG)
    line = form.guests.lines[0]
    line.fill("Chen Zhiyuan")
    qtbot.keyClick(line.name.line, Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: line.name.value() == "王雅琴", timeout=3000)
    assert "Chen Zhiyuan" in form.notes.text
    assert form.notes.tone == "warn"


def test_a_reader_that_fails_only_says_so(qtbot, form, desk):
    desk.devices["identity"] = Ready(DeviceTrouble("The reader is unplugged. Type the document."))
    form.guests.lines[0].fill("Chen Zhiyuan")
    form.acts["read_document"].press()
    qtbot.waitUntil(lambda: "unplugged" in form.notes.text, timeout=3000)
    assert form.guests.lines[0].name.value() == "Chen Zhiyuan"


def test_without_a_reader_the_key_says_so(form):
    form.acts["read_document"].press()
    assert "No identity reader" in form.notes.text
