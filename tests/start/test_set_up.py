"""The first start by keyboard: every page, what it refuses, the hotel that comes of it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from pms.core import i18n
from pms.core.errors import Refused
from pms.core.operation import Operation
from pms.core.settings import Settings, load
from pms.db import keys
from pms.duties import offered
from pms.services.night_audit import proof
from pms.services.opening import store
from pms.services.opening.founding import Founder, Server
from pms.services.print_jobs import queries as print_queries
from pms.services.rooms import queries as room_queries
from pms.services.staff import queries as staff_queries
from pms.services.stays import queries as stay_queries
from pms.ui.kit import theme
from pms.ui.kit.parts import Button
from pms.ui.kit.theme import Look
from pms.ui.screens.set_up.screen import SetUp
from tests.start.conftest import KEY
from tests.ui import checks

TODAY = date(2026, 11, 20)
PASSWORD = "correct horse"


def clock():
    return datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def founder(place):
    return Founder(place, replace(load(place), station="desk-1", language="en"), offered(), clock)


@pytest.fixture(params=["en", "zh_CN"])
def look(request):
    return Look(request.param, "light", 100)


def shown(qtbot, founder, look=Look("en", "light", 100)):
    i18n.use(look.language)
    app = QApplication.instance()
    theme.apply(app, look)
    window = SetUp(look, lambda: founder, "desk-1", today=TODAY)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(
        lambda: window.isActiveWindow() and QApplication.focusWidget() is window.choices.buttons["own"]
    )
    return window


def typed(qtbot, text):
    line = QApplication.focusWidget()
    assert line is not None
    qtbot.keyClicks(line, text)


def press(qtbot, window, key, modifier=Qt.KeyboardModifier.NoModifier):
    checks.look_around()
    qtbot.keyClick(checks.takes_keys(window), key, modifier)


def tab(qtbot, window, times=1):
    for _time in range(times):
        press(qtbot, window, Qt.Key.Key_Tab)


def enter(qtbot, text):
    """Replace what stands in the field that has the keys."""
    line = QApplication.focusWidget()
    line.selectAll()
    qtbot.keyClicks(line, text)


def to_the_sheet(qtbot, window):
    """Go from the welcome to the recovery sheet by keyboard alone."""
    press(qtbot, window, Qt.Key.Key_Space)
    typed(qtbot, "Test Inn")
    press(qtbot, window, Qt.Key.Key_F12)
    press(qtbot, window, Qt.Key.Key_F12)
    press(qtbot, window, Qt.Key.Key_F12)
    typed(qtbot, "Zhang Li")
    tab(qtbot, window)
    enter(qtbot, "boss")
    tab(qtbot, window)
    typed(qtbot, PASSWORD)
    tab(qtbot, window)
    typed(qtbot, PASSWORD)
    for _page in ("staff", "printers", "database"):
        press(qtbot, window, Qt.Key.Key_F12)
    assert window.notes.text == ""
    assert window.at == 6


def to_page(window, page):
    """Fill the pages before one and show it."""
    typed_in = {
        0: {"name": "Test Inn"},
        3: {"name": "Zhang Li", "login": "boss", "password": PASSWORD, "again": PASSWORD},
    }
    window.choose("own")
    for at in range(page + 1):
        form = getattr(window.pages[at], "form", None) or getattr(window.pages[at], "owner", None)
        for name, value in typed_in.get(at, {}).items():
            form[name].set_value(value)
        if at < page:
            window.go_on()
    assert (window.at, window.notes.text) == (page, "")


def put_away(qtbot, window, monkeypatch):
    """Print the sheet, type one of its groups, and say that it is in the safe."""
    monkeypatch.setattr(SetUp, "print_sheet", lambda self: "The sheet goes to Desk.")
    press(qtbot, window, Qt.Key.Key_Space)
    page = window.pages[6]
    assert not page.preview.isVisible()  # the group is read from the paper, not from the screen
    assert page.off_screen.isVisible()
    number = int(page.group_label.text().split("group ")[1].split(" ")[0])
    typed(qtbot, keys.written(window.draft.key)[number - 1].lower())
    tab(qtbot, window)
    press(qtbot, window, Qt.Key.Key_Space)
    press(qtbot, window, Qt.Key.Key_F12)
    qtbot.waitUntil(lambda: window.office is not None, timeout=20_000)


def test_a_hotel_is_set_up_by_keyboard_and_taken_over(qtbot, founder, place, monkeypatch):
    window = shown(qtbot, founder)
    to_the_sheet(qtbot, window)
    put_away(qtbot, window, monkeypatch)
    for cell in ("201", "Wang Yaqin", "11-22", "258", "516", "600"):
        enter(qtbot, cell)
        tab(qtbot, window)
    with qtbot.waitSignal(window.finished):
        press(qtbot, window, Qt.Key.Key_F12)
        page = window.pages[7]
        assert page.closes
        assert {r.ledger: r.closing for r in page.balance.model().rows()} == {
            "guest": 51600,
            "deposit": -60000,
            "equity": 8400,
        }
        press(qtbot, window, Qt.Key.Key_F12)
    office = store.open_office(place, load(place), offered(), clock=clock)
    [stay] = office.look(stay_queries.in_house, business_date=TODAY)
    assert (stay.room, stay.guest, stay.balance, stay.deposit, stay.rate) == (
        "201",
        "Wang Yaqin",
        51600,
        60000,
        25800,
    )
    assert len(office.look(room_queries.rooms)) == 36
    assert sum(r.closing for r in office.look(proof.standing)) == 0
    assert office.sign_in("boss", PASSWORD).name == "Zhang Li"
    office.engine.dispose()


def test_nothing_is_written_before_the_sheet_is_in_the_safe(qtbot, founder, place, monkeypatch):
    window = shown(qtbot, founder)
    to_the_sheet(qtbot, window)
    page = window.pages[6]
    press(qtbot, window, Qt.Key.Key_F12)
    assert "Print the sheet" in window.notes.text
    page.printed = True
    page.group.set_value("WRONG")
    press(qtbot, window, Qt.Key.Key_F12)
    assert "not the group" in window.notes.text
    page.group.set_value(
        keys.written(window.draft.key)[int(page.group_label.text().split("group ")[1].split(" ")[0]) - 1]
    )
    press(qtbot, window, Qt.Key.Key_F12)
    assert "Put the sheet away" in window.notes.text
    assert window.office is None
    assert not place.database.exists()
    assert not place.key.exists()
    assert not load(place).ready


def test_the_sheet_is_saved_for_this_login_only(qtbot, founder, tmp_path, monkeypatch):
    window = shown(qtbot, founder)
    to_the_sheet(qtbot, window)
    target = tmp_path / "sheet.pdf"
    target.touch(0o644)  # what is written over is not read by others either
    monkeypatch.setattr(
        "pms.ui.screens.set_up.screen.QFileDialog.getSaveFileName", lambda *_args: (str(target), "")
    )
    window.pages[6].save_button.click()
    assert target.read_bytes().startswith(b"%PDF")
    assert target.stat().st_mode & 0o077 == 0
    assert window.pages[6].printed


def test_going_back_keeps_what_was_typed_and_the_key(qtbot, founder):
    window = shown(qtbot, founder)
    to_the_sheet(qtbot, window)
    before = window.draft.key
    for _page in range(6):
        press(qtbot, window, Qt.Key.Key_Escape)
    assert window.pages[0].form["name"].value() == "Test Inn"
    for _page in range(6):
        press(qtbot, window, Qt.Key.Key_F12)
    assert window.at == 6
    assert window.draft.key == before


@pytest.mark.parametrize(
    ("page", "spoil", "said"),
    [
        (0, lambda p: p.form["name"].set_value(""), "Hotel's name is missing"),
        (0, lambda p: p.form["day"].line.setText("31 June"), "date"),
        (1, lambda p: p.lines.lines[1]["code"].set_value("twn"), "stands twice"),
        (1, lambda p: p.lines.lines[0]["price"].set_value(-1), "not negative"),
        (1, lambda p: [line["code"].set_value("") for line in p.lines.lines], "at least one room type"),
        (2, lambda p: p.lines.lines[1]["floor"].set_value("2"), "201 is made twice"),
        (2, lambda p: p.lines.lines[0]["first"].set_value("x"), "whole number"),
        (2, lambda p: [line["floor"].set_value("") for line in p.lines.lines], "makes no rooms"),
        (3, lambda p: p.owner["again"].set_value("another one"), "passwords differ"),
        (3, lambda p: [p.owner[f].set_value("short") for f in ("password", "again")], "at least 8"),
        (3, lambda p: p.lines.add(login="boss", name="Wang Min", password=PASSWORD), "stands twice"),
        (4, lambda p: (p.kind.set_value("network"), p._chosen()), "address is missing"),
        (5, lambda p: p.there.setChecked(True), "Server is missing"),
    ],
)
def test_every_page_says_what_is_wrong_and_stays(qtbot, founder, page, spoil, said):
    window = shown(qtbot, founder)
    to_page(window, page)
    spoil(window.pages[page])
    window.go_on()
    assert said in window.notes.text
    assert window.at == page


@pytest.mark.parametrize(
    ("currency", "texts", "kept"),
    [("JPY", ["25,800", "299", "58,800"], 299), ("KWD", ["25.800", "299.000", "58.800"], 299000)],
)
def test_prices_are_asked_in_the_hotels_currency(qtbot, founder, currency, texts, kept):
    window = shown(qtbot, founder)
    to_page(window, 1)
    prices = [line["price"] for line in window.pages[1].lines.lines]
    assert [p.line.text() for p in prices] == ["258.00", "268.00", "588.00"]
    prices[1].set_value(29900)  # typed
    window.go_back()
    window.pages[0].form["currency"].set_value(currency)
    window.go_on()
    assert [p.line.text() for p in prices] == texts
    window.go_on()
    assert window.notes.text == ""
    assert [t["price"] for t in window.draft.types] == [25800, kept, 58800]
    assert window.draft.property["currency"] == currency


def test_rooms_are_seen_before_they_are_made(qtbot, founder):
    window = shown(qtbot, founder)
    to_page(window, 2)
    page = window.pages[2]
    page.lines.lines[0]["skip"].line.setText("4")
    assert page.count.text() == "35 rooms"
    words = page.preview.itemAt(1).widget().text()
    assert "203  205" in words
    assert "204" not in words


def test_people_and_a_printer_come_with_the_hotel(qtbot, founder, place, monkeypatch):
    window = shown(qtbot, founder)
    to_page(window, 3)
    window.pages[3].lines.add(login="wang", name="Wang Min", role="clerk", password=PASSWORD)
    window.go_on()
    window.pages[4].kind.set_value("network")
    window.pages[4].address.set_value("10.0.0.9:9100")
    for _page in range(2):
        window.go_on()
    window.pages[6].print_button.setFocus()
    put_away(qtbot, window, monkeypatch)
    assert [p.role for p in window.office.look(staff_queries.all_staff)] == ["owner", "clerk"]
    assert [(p.address, p.paper) for p in window.office.look(print_queries.printers)] == [
        ("10.0.0.9:9100", "80mm")
    ]
    window.office.engine.dispose()


def test_what_cannot_be_founded_leaves_nothing_behind(qtbot, founder, place, monkeypatch):
    from pms.services.opening import service

    def full(_work, *, hotel):
        raise store.StoreTrouble("The disk is full.")

    window = shown(qtbot, founder)
    to_the_sheet(qtbot, window)
    monkeypatch.setattr(service, "found", Operation(full, None))
    page = window.pages[6]
    page.printed = True
    page.group.set_value(
        keys.written(window.draft.key)[int(page.group_label.text().split("group ")[1].split(" ")[0]) - 1]
    )
    page.sure.setChecked(True)
    window.go_on()
    qtbot.waitUntil(lambda: "disk is full" in window.notes.text, timeout=10_000)
    assert not place.database.exists()
    assert not load(place).ready
    assert window.at == 6


@pytest.mark.parametrize("fault", ["room", "leaves", "taken"])
def test_a_guest_that_cannot_be_taken_over_takes_over_nobody(qtbot, founder, monkeypatch, fault):
    window = shown(qtbot, founder)
    to_the_sheet(qtbot, window)
    put_away(qtbot, window, monkeypatch)
    page = window.pages[7]
    good = {
        "room": "201",
        "name": "Wang Yaqin",
        "departure": date(2026, 11, 22),
        "price": 25800,
        "owed": 0,
        "deposit": 0,
    }
    bad = {"room": {"room": "999"}, "leaves": {"room": "202", "departure": TODAY}, "taken": {}}[fault]
    for name, value in good.items():
        page.lines.lines[0][name].set_value(value)
    page.lines.add(**{**good, "name": "John Smith", **bad})
    window.go_on()
    assert window.notes.tone in ("bad", "warn")
    assert window.office.look(stay_queries.in_house, business_date=TODAY) == []
    assert page.lines.isEnabled()
    window.office.engine.dispose()


def test_the_pages_hold_to_the_rules_of_every_page(qtbot, founder, look):
    window = shown(qtbot, founder, look)
    assert checks.cut_texts(window) == []
    to_page(window, 0)
    to_page(window, 3)
    while window.at > 0:
        window.go_back()
    for n in range(7):
        qtbot.wait(20)  # the layout follows the words
        assert checks.cut_texts(window) == []
        assert checks.nameless(window) == []
        assert [b.words for b in checks.seen(window, Button) if b.kind == "primary"] == [window.next.words]
        if n < 6:
            window.go_on()


def test_the_demonstration_hotel_is_made_beside_the_real_one(qtbot, place, monkeypatch):
    from pms.services.opening import founding

    asked = []
    monkeypatch.setattr(founding, "make_demo", lambda home, *_args, **_more: asked.append(home))
    founder = Founder(place, Settings(language="en"), offered(), clock)
    window = shown(qtbot, founder)
    with qtbot.waitSignal(window.demo_made):
        window.choices.buttons["demo"].click()
    assert asked == [place.demo]


# ------------------------------------------------------------------ PostgreSQL
@pytest.fixture
def server(founded_postgres):
    """A PostgreSQL server with a name that no database has yet, removed afterwards."""
    import uuid

    from sqlalchemy import make_url

    from tests.conftest import POSTGRES, _admin

    url, name = make_url(POSTGRES), f"set_up_{uuid.uuid4().hex[:10]}"
    yield Server(url.host, name, url.username, url.password or "", url.port or 5432)
    _admin(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def test_a_second_workstation_of_the_same_name_does_not_join_while_the_first_is_at_work(
    founder, server, tmp_path
):
    from pms.core.settings import Home
    from pms.db.presence import Presence
    from tests import builders

    office = founder.found(builders.SMALL, (), KEY, server)
    presence = Presence(office.engine, office.station, office.clock)
    presence.say()
    other = Home(tmp_path / "cloned", tmp_path / "cloned")
    cloned = Founder(other, replace(Settings(language="en"), station=office.station), offered(), clock)
    with pytest.raises(Refused, match=f"named {office.station} is at work on this hotel now"):
        cloned.join(server, KEY)
    assert not load(other).ready
    assert not other.key.exists()
    presence.stop()
    joined = cloned.join(server, KEY)  # the first has ended: this is the same workstation, set up anew
    joined.engine.dispose()
    office.engine.dispose()


def test_a_hotel_is_created_on_a_server_and_joined_from_another_desk(qtbot, founder, place, server, tmp_path):
    from pms.core.settings import Home
    from tests import builders

    office = founder.found(builders.SMALL, (), KEY, server)
    other = Home(tmp_path / "second", tmp_path / "second")
    second = Founder(other, replace(Settings(language="en"), station="desk-2"), offered(), clock)
    window = shown(qtbot, second)
    window.choose("join")
    form = window.pages[0].server.form
    for name, value in (
        ("host", f"{server.host}, {server.host}:1"),  # a standby's address, which does not answer
        ("port", server.port),
        ("database", server.database),
        ("user", server.user),
        ("password", server.password or "-"),
    ):
        form[name].set_value(value)
    window.pages[0].key.set_value(" ".join(keys.written(bytes(32))))
    window.go_on()
    qtbot.waitUntil(lambda: "does not belong" in window.notes.text, timeout=10_000)
    assert not load(other).ready
    assert not other.key.exists()
    window.pages[0].key.set_value(" ".join(keys.written(KEY)))
    with qtbot.waitSignal(window.finished, timeout=10_000):
        window.go_on()
    joined = store.open_office(other, load(other), offered(), clock=clock)
    assert joined.house().name == builders.SMALL.name
    assert "target_session_attrs=read-write" in load(other).database
    assert other.settings.stat().st_mode & 0o077 == 0
    for used in (office, joined):
        used.engine.dispose()


def through_the_sheet(qtbot, window):
    page = window.pages[window.at]
    page.printed = True
    page.group.set_value(page._answer)
    page.sure.set_value(True)
    window.go_on()


def test_the_keyring_is_offered_only_where_there_is_one(qtbot, founder, monkeypatch):
    window = shown(qtbot, founder)
    to_page(window, 6)
    assert not window.pages[6].in_keyring.isVisible()
    monkeypatch.setattr(keys, "keyring_name", lambda: "Secret Service")
    window.go_back()
    window.go_on()
    assert window.pages[6].in_keyring.isVisible()
    assert "Secret Service" in window.pages[6].in_keyring.text()
    qtbot.wait(20)
    assert checks.cut_texts(window) == []


def test_a_key_in_the_keyring_leaves_no_file_and_opens_the_hotel(qtbot, founder, place, monkeypatch):
    import keyring

    kept = {}
    monkeypatch.setattr(keys, "keyring_name", lambda: "Secret Service")
    monkeypatch.setattr(
        keyring, "set_password", lambda service, name, value: kept.update({(service, name): value})
    )
    monkeypatch.setattr(keyring, "get_password", lambda service, name: kept.get((service, name)))
    window = shown(qtbot, founder)
    to_page(window, 6)
    window.pages[6].in_keyring.setChecked(True)
    through_the_sheet(qtbot, window)
    qtbot.waitUntil(lambda: window.office is not None, timeout=30_000)
    window.office.engine.dispose()
    assert (load(place).key, len(kept), place.key.exists()) == ("keyring", 1, False)
    again = store.open_office(place, load(place), offered())
    again.engine.dispose()


def test_a_keyring_that_takes_no_key_founds_nothing(qtbot, founder, place, monkeypatch):
    import keyring
    from keyring.errors import PasswordSetError

    def refusing(*_args):
        raise PasswordSetError("locked")

    monkeypatch.setattr(keys, "keyring_name", lambda: "Secret Service")
    monkeypatch.setattr(keyring, "set_password", refusing)
    window = shown(qtbot, founder)
    to_page(window, 6)
    window.pages[6].in_keyring.setChecked(True)
    through_the_sheet(qtbot, window)
    qtbot.waitUntil(lambda: "Keep it in a file instead" in window.notes.text, timeout=30_000)
    assert not place.database.exists()
    assert not load(place).ready
