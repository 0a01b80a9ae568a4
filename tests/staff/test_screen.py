"""Staff in Settings: take on, change, lock out, new password, rights of a role."""

import pytest
from PySide6.QtCore import Qt

from pms.core.errors import Refused
from pms.duties import ALL
from pms.services.staff import queries, service
from pms.services.stays.duty import STAYS_UNDO
from pms.ui.kit.actions import BOUNCE_MS
from pms.ui.kit.rights import rights
from pms.ui.screens.staff.screen import StaffScreen
from tests.ui.checks import check_screen, opened

Key = Qt.Key


def page_of(qtbot, desk, language="en"):
    return opened(qtbot, desk, StaffScreen, language)


@pytest.fixture
def wang(desk):
    """A clerk beside the owner."""
    return desk.do(service.take_on, login="wang", name="Wang Min", password="a long password", role="clerk")


def person(desk, login):
    return next(p for p in desk.ask(queries.all_staff) if p.login == login)


def may_come_in(desk, login, password):
    try:
        service.sign_in(desk, login, password)
    except Refused:
        return False
    return True


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_keeps_the_rules_of_every_page(qtbot, desk, wang, language):
    page = page_of(qtbot, desk, language)
    check_screen(page)
    for name in ("take_on", "change", "password"):
        page.acts[name].press()
        qtbot.wait(20)
        check_screen(page)
        assert page.step_back()
    page.tabs.choose("roles")
    page.acts["change"].press()
    qtbot.wait(20)
    check_screen(page)


def test_a_person_is_taken_on_and_may_sign_in(qtbot, desk):
    page = page_of(qtbot, desk)
    qtbot.keyClick(page.people, Key.Key_Insert)
    form = page.hiring
    for name, text in (
        ("name", "Zhao Jing"),
        ("login", "zhao"),
        ("password", "a long password"),
        ("again", "another one"),
    ):
        qtbot.keyClicks(form[name].line, text)
    qtbot.keyClick(page, Key.Key_F12)
    assert "differ" in form["again"].shown_error()
    form["again"].line.clear()
    qtbot.keyClicks(form["again"].line, "a long password")
    qtbot.keyClick(page, Key.Key_F12)
    assert person(desk, "zhao").role == "clerk"
    assert may_come_in(desk, "zhao", "a long password")


def test_a_short_password_is_refused_and_nobody_is_taken_on(qtbot, desk):
    page = page_of(qtbot, desk)
    qtbot.keyClick(page.people, Key.Key_Insert)
    for name, text in (("name", "Zhao Jing"), ("login", "zhao"), ("password", "abc"), ("again", "abc")):
        qtbot.keyClicks(page.hiring[name].line, text)
    qtbot.keyClick(page, Key.Key_F12)
    assert "characters" in page.notes.text
    assert len(desk.ask(queries.all_staff)) == 1


def test_who_is_locked_out_stays_out_until_let_in_again(qtbot, desk, wang):
    page = page_of(qtbot, desk)
    page.people.pick(wang)
    qtbot.keyClick(page.people, Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    assert not person(desk, "wang").active
    assert not may_come_in(desk, "wang", "a long password")
    assert page.lock_button.words == "Lift suspension"
    qtbot.wait(BOUNCE_MS + 50)
    qtbot.keyClick(page.people, Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    assert person(desk, "wang").active


def test_nobody_locks_themselves_out(qtbot, desk, wang):
    page = page_of(qtbot, desk)
    page.people.pick(1)
    qtbot.keyClick(page.people, Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    assert "yourself" in page.notes.text
    assert person(desk, "boss").active


def test_a_new_password_replaces_the_old_one(qtbot, desk, wang):
    page = page_of(qtbot, desk)
    page.people.pick(wang)
    page.acts["password"].press()
    for name in ("password", "again"):
        qtbot.keyClicks(page.renewing[name].line, "quite another one")
    qtbot.keyClick(page, Key.Key_F12)
    assert may_come_in(desk, "wang", "quite another one")
    assert page.renewing["password"].value() == "" or page.panel.page == page.HOME


def test_another_role_brings_other_rights(qtbot, desk, wang):
    page = page_of(qtbot, desk)
    page.people.pick(wang)
    qtbot.keyClick(page, Key.Key_F12)
    page.editing["role"].set_value("supervisor")
    qtbot.keyClick(page, Key.Key_F12)
    assert STAYS_UNDO in desk.ask(queries.at_door, login="wang").rights


def test_the_last_owner_keeps_the_role(qtbot, desk):
    page = page_of(qtbot, desk)
    page.people.pick(1)
    qtbot.keyClick(page, Key.Key_F12)
    page.editing["role"].set_value("clerk")
    qtbot.keyClick(page, Key.Key_F12)
    assert "last owner" in page.notes.text


def test_a_right_is_ticked_off_a_role_and_the_others_stay(qtbot, desk, wang):
    before = next(r.rights for r in desk.ask(queries.roles) if r.code == "clerk")
    page = page_of(qtbot, desk)
    page.tabs.choose("roles")
    page.roles.pick("clerk")
    qtbot.keyClick(page, Key.Key_F12)
    page.flags["folios:void"].setChecked(False)
    qtbot.keyClick(page, Key.Key_F12)
    assert next(r.rights for r in desk.ask(queries.roles) if r.code == "clerk") == before - {"folios:void"}


def test_the_owners_rights_are_shown_but_not_cut(qtbot, desk):
    page = page_of(qtbot, desk)
    page.tabs.choose("roles")
    page.roles.pick("owner")
    qtbot.keyClick(page, Key.Key_F12)
    assert not any(flag.isEnabled() for flag in page.flags.values())
    qtbot.keyClick(page, Key.Key_F12)
    assert "cannot be cut" in page.notes.text


def test_every_right_can_be_ticked_once():
    offered = [right for _group, pairs in rights() for right, _words in pairs]
    assert sorted(offered) == sorted(ALL)
