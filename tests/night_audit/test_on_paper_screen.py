"""The signs of last night's paper at the screen: asked for when the audit begins, six keys and return."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from pms.core import i18n
from pms.services.night_audit import queries, service
from pms.services.property import queries as property_queries
from pms.services.property import service as property_
from pms.services.reports import queries as report_queries
from tests.builders import DAY, TODAY
from tests.night_audit.test_screen import check_in, close, page_of
from tests.ui.checks import check_screen

Key = Qt.Key
SECOND = TODAY + DAY


@pytest.fixture(autouse=True)
def back_to_english():
    yield
    i18n.use("en")


@pytest.fixture
def second(desk):
    """The second night of a hotel that asks for the signs; one guest stays."""
    options = replace(desk.ask(property_queries.setting).options, signs_typed="always")
    desk.do(property_.edit, name="Yunqi", options=options)
    check_in(desk, "301", nights=4)
    desk.next_day()
    desk.clock.set(SECOND + DAY, 2.2)
    desk.do(service.step_done, business_date=TODAY, step="report")
    desk.do(service.step_done, business_date=TODAY, step="backup")
    return desk


def signs_of(desk, day=TODAY):
    return desk.ask(report_queries.seal_of, day=day)[1][:6].upper()


def begun(qtbot, desk, language="en"):
    page = page_of(qtbot, desk, language)
    qtbot.keyClick(page, Key.Key_F12)
    qtbot.waitUntil(lambda: page.finding.signs.field.line.hasFocus(), timeout=5000)
    return page


def type_signs(qtbot, page, signs):
    qtbot.keyClicks(page.finding.signs.field.line, signs)
    qtbot.keyClick(page.finding.signs.field.line, Key.Key_Return)
    qtbot.wait(50)


def test_six_keys_and_return_after_the_audit_has_begun(qtbot, second):
    page = begun(qtbot, second)
    type_signs(qtbot, page, signs_of(second).lower())
    qtbot.waitUntil(lambda: not [f for f in page.night.findings if f.kind == "on_paper"], timeout=5000)
    assert page.notes.text == "The audit trail is the one on the paper."
    assert second.ask(queries.run, business_date=SECOND) is not None
    assert not page.finding.signs.isVisible()


def test_wrong_signs_are_told_at_once_and_the_day_closes_nevertheless(qtbot, second):
    page = begun(qtbot, second)
    type_signs(qtbot, page, "000000" if signs_of(second) != "000000" else "111111")
    assert "The trail has another check code" in page.notes.text
    assert page.finding.signs.field.line.hasFocus()
    qtbot.waitUntil(lambda: "the trail differs" in page.finding.title.text(), timeout=5000)
    close(qtbot, page)
    qtbot.waitUntil(lambda: second.house().business_date == SECOND + DAY and not page.looking, timeout=10000)


def test_no_signs_stop_no_night(qtbot, second):
    page = begun(qtbot, second)
    qtbot.keyClick(page.finding.signs.field.line, Key.Key_Return)
    assert page.finding.signs.field.shown_error() == "The check code is missing."
    close(qtbot, page)
    qtbot.waitUntil(lambda: second.house().business_date == SECOND + DAY and not page.looking, timeout=10000)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_keeps_the_rules_while_it_asks(qtbot, second, language):
    page = begun(qtbot, second, language)
    check_screen(page)
    type_signs(qtbot, page, "12")
    check_screen(page)
    type_signs(qtbot, page, "345A")
    check_screen(page)


def test_the_finding_is_taken_in_hand_again_from_the_list(qtbot, second):
    page = begun(qtbot, second)
    page.list.setFocus()
    page.acts["clear"].press()
    assert page.finding.signs.field.line.hasFocus()


def test_the_page_never_shows_the_signs_before_they_are_typed(qtbot, second):
    page = begun(qtbot, second)
    told = " ".join(f"{f.title} {f.detail}" for f in page.night.findings).upper()
    shown = " ".join(w.text() for w in page.findChildren(type(page.finding.title))).upper()
    assert signs_of(second) not in told + shown
