"""The table of authority in Settings: read, changed by the owner, and it binds at once."""

import pytest
from PySide6.QtCore import Qt

from pms.core.authority import Kind, Limit
from pms.core.errors import NeedsApproval
from pms.core.money import Money
from pms.services.authority import queries
from pms.ui.screens.authority.screen import AuthorityScreen
from tests.authority.people import person
from tests.authority.test_acts import walk_in
from tests.ui.checks import check_screen, opened

Key = Qt.Key


def choose(page, kind: Kind, role: str) -> None:
    assert page.kinds.pick(kind)
    assert page.limits.pick(role)


def held(desk, kind: Kind, role: str) -> Limit | None:
    return next(r.limits.get(kind) for r in desk.ask(queries.table) if r.code == role)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_keeps_the_rules_of_every_page(qtbot, desk, language):
    page = opened(qtbot, desk, AuthorityScreen, language)
    check_screen(page)
    page.acts["change"].press()
    check_screen(page)


def test_the_owner_changes_a_limit_and_it_binds_at_once(qtbot, desk):
    page = opened(qtbot, desk, AuthorityScreen)
    choose(page, Kind.PRICE, "clerk")
    qtbot.keyClick(page, Key.Key_F12)
    assert page.form["percent"].value() == 5
    page.form["percent"].line.selectAll()
    qtbot.keyClicks(page.form["percent"].line, "3")
    qtbot.keyClick(page, Key.Key_F12)
    assert "is changed" in page.notes.text
    assert held(desk, Kind.PRICE, "clerk") == Limit(percent=3)
    desk.clerk = person(desk, "clerk")
    walk_in(desk, prices=(28906,))
    with pytest.raises(NeedsApproval, match="3 %"):
        walk_in(desk, "302", prices=(28905,))


def test_every_bound_is_saved_and_saving_what_is_shown_changes_nothing(qtbot, desk):
    page = opened(qtbot, desk, AuthorityScreen)
    choose(page, Kind.WAIVER, "clerk")
    page.acts["change"].press()
    assert not page.form["amount"].isEnabled()
    page.form["may"].setChecked(True)
    page.form.fill(percent=50, amount=Money(15000), until="14:00", month=Money(100000))
    qtbot.keyClick(page, Key.Key_F12)
    wanted = Limit(50, Money(15000), "14:00", Money(100000))
    assert held(desk, Kind.WAIVER, "clerk") == wanted
    before = desk.ask(queries.table)
    choose(page, Kind.WAIVER, "clerk")
    page.acts["change"].press()
    qtbot.keyClick(page, Key.Key_F12)
    assert desk.ask(queries.table) == before
    choose(page, Kind.WAIVER, "clerk")
    page.acts["change"].press()
    page.form["may"].setChecked(False)
    qtbot.keyClick(page, Key.Key_F12)
    assert held(desk, Kind.WAIVER, "clerk") is None


def test_the_audit_leads_to_the_kind_of_act(qtbot, desk):
    page = opened(qtbot, desk, AuthorityScreen, kind="refund")
    assert page.kinds.row() == Kind.REFUND
    assert page.title.text() == "Refund another way"


def test_a_manager_reads_the_table_and_changes_nothing(qtbot, desk):
    before = desk.ask(queries.table)
    desk.clerk = person(desk, "manager")
    page = opened(qtbot, desk, AuthorityScreen)
    choose(page, Kind.PRICE, "manager")
    assert not page.acts["change"].press()
    assert desk.ask(queries.table) == before
