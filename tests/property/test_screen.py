"""The hotel in Settings: facts and rules are read, checked, saved and take effect."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from pms.core.options import Band, Levy, Options
from pms.services.property import queries
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.ui.screens.property.screen import PropertyScreen
from tests.builders import TODAY
from tests.ui.checks import check_screen, opened

Key = Qt.Key
DAY = timedelta(days=1)


def page_of(qtbot, desk, language="en"):
    return opened(qtbot, desk, PropertyScreen, language)


def options(desk):
    return desk.ask(queries.setting).options


def type_over(qtbot, field, text):
    field.line.selectAll()
    qtbot.keyClicks(field.line, text)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_keeps_the_rules_of_every_page(qtbot, desk, language):
    check_screen(page_of(qtbot, desk, language))


def test_saving_what_is_shown_changes_nothing(qtbot, desk):
    before = options(desk)
    page = page_of(qtbot, desk)
    assert page.can_save()
    page.touched = True
    qtbot.keyClick(page, Key.Key_F12)
    assert options(desk) == before


def test_facts_times_money_and_switches_are_saved(qtbot, desk):
    page = page_of(qtbot, desk)
    type_over(qtbot, page.name, "Yunqi Hotel")
    type_over(qtbot, page.phone, "0571 8888 8888")
    type_over(qtbot, page.times["check_out_time"], "13")
    type_over(qtbot, page.money["deposit_per_night"], "150")
    type_over(qtbot, page.tax, "6.5")
    type_over(qtbot, page.money["odd_amount"], "2000")
    page.flags["inspection"].setChecked(False)
    qtbot.keyClick(page, Key.Key_F12)
    saved = options(desk)
    assert desk.house().name == "Yunqi Hotel"
    assert (
        saved.phone,
        saved.check_out_time,
        saved.deposit_per_night,
        saved.tax_basis_points,
        saved.inspection,
    ) == ("0571 8888 8888", "13:00", 15000, 650, False)
    assert (saved.odd_amount, saved.over_short_told) == (200000, 5000)
    assert not page.touched


def test_a_code_gets_a_tax_and_a_service_charge_of_its_own(qtbot, desk):
    page = page_of(qtbot, desk)
    tax, tax_is, service, _service_is = page.levies.rows["MINIBAR"]
    type_over(qtbot, tax, "13")
    tax_is.combo.setCurrentIndex(2)
    type_over(qtbot, service, "10")
    page.flags["tax_included"].setChecked(False)
    qtbot.keyClick(page, Key.Key_F12)
    assert options(desk).levies == (Levy("MINIBAR", 1300, False, 1000, False),)
    assert not options(desk).tax_included
    type_over(qtbot, service, "many")
    qtbot.keyClick(page, Key.Key_F12)
    assert service.shown_error()
    service.line.clear()
    tax.line.clear()
    tax_is.combo.setCurrentIndex(0)
    qtbot.keyClick(page, Key.Key_F12)
    assert options(desk).levies == ()


def test_a_late_departure_follows_the_bands_that_were_typed(qtbot, desk):
    stay = desk.do(
        stays.check_in, line_id=desk.book(nights=1), room_id=desk.room_id("301"), intent=desk.new_intent()
    )
    page = page_of(qtbot, desk)
    start, part = page.late.lines[1]
    type_over(qtbot, start, "1330")
    type_over(qtbot, part, "30")
    qtbot.keyClick(page, Key.Key_F12)
    assert options(desk).late_bands[1] == Band("13:30", "0.3", "late departure")
    desk.next_day()
    desk.clock.set(TODAY + DAY, 14)
    left = desk.ask(
        stay_queries.leaving,
        stay_id=stay,
        business_date=TODAY + DAY,
        now=desk.now(),
        zone="Asia/Shanghai",
        options=options(desk),
    )
    assert left.charge == 8900  # 0.3 × 298.00, to the yuan


def test_the_standard_bands_come_back_unchanged(qtbot, desk):
    page = page_of(qtbot, desk)
    assert (page.late.bands(), page.early.bands()) == (Options().late_bands, Options().early_bands)


@pytest.mark.parametrize(("field", "text"), [("check_in_time", "25:00"), ("hold_time", "noon")])
def test_an_impossible_time_is_named_at_its_field(qtbot, desk, field, text):
    page = page_of(qtbot, desk)
    type_over(qtbot, page.times[field], text)
    qtbot.keyClick(page, Key.Key_F12)
    assert "14:00" in page.notes.text
    assert getattr(options(desk), field) == getattr(Options(), field)


def test_what_is_typed_survives_a_change_made_elsewhere_until_it_is_undone(qtbot, desk):
    page = page_of(qtbot, desk)
    type_over(qtbot, page.name, "Half typed")
    page.mark_stale()
    assert page.name.value() == "Half typed"
    page.acts["undo_changes"].press()
    assert page.name.value() == desk.house().name
