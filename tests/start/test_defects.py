"""A defect is written down with its operation and shown once, and names nobody."""

import json
import logging
import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from sqlalchemy import text

from pms.core import defects, release
from pms.core.money import Money
from pms.core.office import Office
from pms.db.work import operation
from pms.services.guests.person import Person
from pms.services.stays.service import Paid
from pms.ui.crash import CrashHandler, DefectDialog


class Broken:
    """An office whose operation fails as a defect does."""

    def do(self, call):
        return call.operation(Work, **call.fields)


class Work:
    """Work that has begun already, so that no right is asked for."""

    action = "begun"


@operation(None)
def failing(_work, **_fields):
    raise RuntimeError("no row for '张三' 330106199001011234\n[parameters: ('secret',)]")


def caught(**fields):
    office: Office = Broken()  # type: ignore[assignment]
    try:
        office.do(failing.of(**fields))
    except RuntimeError as error:
        return error
    raise AssertionError("unreachable")


def test_the_log_has_operation_and_arguments_but_no_identity(tmp_path):
    error = caught(
        room_id=7,
        departure=date(2026, 11, 22),
        deposit=Paid("CASH", Money(30000)),
        guests=[Person("张三", phone="13912345678", birth=date(1990, 1, 1), document="330106199001011234")],
        password="hunter22",
    )
    number = defects.report(
        error,
        tmp_path / "log" / "defects.log",
        clock=lambda: datetime(2026, 11, 20, 6, 0, 1, tzinfo=UTC),
    )
    log = (tmp_path / "log" / "defects.log").read_text("utf-8")
    assert number == "1120-060001"
    for wanted in (
        number,
        f"pms {release.number()}",
        "failing",
        "'room_id': 7",
        "2026-11-22",
        "30000",
        "RuntimeError",
        "test_defects.py",
    ):
        assert wanted in log
    for private in ("张三", "13912345678", "330106199001011234", "1990", "hunter22", "secret"):
        assert private not in log


CANARIES = ("Canaria", "PZCANARY77", "CanaryPass", "1987-05-04", "+44 7700", "黄雀", "canary@post")


def _raising(how):
    """Raise as a library does that puts what it was given into its message."""
    guest = "Canaria 黄雀 PZCANARY77 pw=CanaryPass 1987-05-04 +44 7700 900123 canary@post.example"
    if how == "key":
        return {}[guest]
    if how == "number":
        return int(guest)
    if how == "sign":
        return guest.encode("ascii")
    if how == "file":
        return Path(f"/none/{guest}").open()
    if how == "field":
        return getattr(Money(1), guest)
    if how == "data":
        return json.loads(f'"{guest}')
    if how == "from":
        try:
            return int(guest)
        except ValueError as error:
            raise RuntimeError(f"cannot handle {guest}") from error
    if how == "notes":
        error = RuntimeError(guest)
        error.add_note(guest)
        raise error
    raise ExceptionGroup(guest, [ValueError(guest)])


@pytest.mark.parametrize("how", ["key", "number", "sign", "file", "field", "data", "from", "notes", "group"])
def test_nothing_that_an_exception_says_stands_in_the_log(tmp_path, how):
    with pytest.raises(Exception) as raised:
        _raising(how)
    defects.report(raised.value, tmp_path / "defects.log")
    log = (tmp_path / "defects.log").read_text("utf-8")
    assert "_raising" in log
    assert [word for word in CANARIES if word in log] == []


def test_nothing_that_the_database_was_given_stands_in_the_log(house, tmp_path):
    """A statement's parameters, and what the server repeats of them."""

    @operation(None)
    def twice(work, *, guest, seen):
        """Insert the same primary key twice."""
        for _time in range(2):
            work.session.execute(
                text("INSERT INTO role (code, name, rights) VALUES (:c, :n, '[]')"), {"c": guest, "n": guest}
            )

    with pytest.raises(Exception) as raised:
        house.do(twice, guest="Canaria", seen={"Canaria 黄雀": date(1987, 5, 4)})
    log = defects.described(raised.value)
    assert "IntegrityError" in log or "UniqueViolation" in log
    assert "'guest': '<7 signs>'" in log
    assert [word for word in CANARIES if word in log] == []


def test_the_log_is_read_by_this_login_alone(tmp_path):
    log = tmp_path / "log" / "defects.log"
    log.parent.mkdir(0o755)
    log.write_text("")
    log.chmod(0o644)
    defects.report(caught(), log)
    assert log.stat().st_mode & 0o777 == 0o600


def test_what_a_worker_logs_is_written_down_too(tmp_path):
    logger = logging.Logger("worker")
    logger.addHandler(defects.DefectLog(tmp_path / "defects.log"))
    try:
        failing(Work)
    except RuntimeError:
        logger.exception("print job %s of 张三", 7)
    logger.error("no defect")
    log = (tmp_path / "defects.log").read_text("utf-8")
    assert log.count("== ") == 1
    assert "RuntimeError" in log
    assert "张三" not in log


def test_a_disk_that_cannot_be_written_hides_no_defect(tmp_path):
    (tmp_path / "log").write_text("a file where the folder should be")
    assert defects.report(caught(), tmp_path / "log" / "defects.log") == ""


def test_a_long_log_is_put_aside(tmp_path):
    log = tmp_path / "defects.log"
    log.write_bytes(b"x" * (defects.LARGEST + 1))
    defects.report(caught(), log)
    assert log.stat().st_size < 10_000
    assert (tmp_path / "defects.old.log").stat().st_size > defects.LARGEST


def test_the_same_defect_is_shown_once_and_noted_each_time(qtbot):
    noted, shown = [], []
    net = CrashHandler(
        lambda error: noted.append(error) or str(len(noted)),
        "defects.log",
        show=lambda number, where: shown.append((number, where)),
    )
    for _time in range(3):
        net.take(caught())
    net.take(ValueError("another"))
    assert len(noted) == 4
    assert shown == [("1", "defects.log"), ("4", "defects.log")]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_defect_in_another_thread_reaches_the_window(qtbot, monkeypatch):
    import sys

    shown = []
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    net = CrashHandler(
        lambda _error: "7",
        "log",
        show=lambda number, where: shown.append((number, threading.current_thread())),
    )
    net.install()
    worker = threading.Thread(target=failing)
    worker.start()
    worker.join()
    qtbot.waitUntil(lambda: bool(shown))
    assert shown == [("7", threading.main_thread())]


def test_the_dialog_says_that_the_work_is_safe(qtbot):
    dialog = DefectDialog("1120-060001", "/data/log/defects.log")
    qtbot.addWidget(dialog)
    words = " ".join(x.text() for x in dialog.findChildren(QLabel))
    assert dialog.yes.words == "Close"
    assert "1120-060001" in words
