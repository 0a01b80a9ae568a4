"""The page of payments in question, and the payment form that notes one: by keys, and the rules of every
page."""

import pytest
from PySide6.QtCore import Qt

from pms.core.money import Money
from pms.services.attempts import queries
from pms.services.folios import service as folios
from pms.ui.kit.theme import Look
from pms.ui.screens.attempts.screen import AttemptsScreen
from pms.ui.screens.folios.screen import FolioScreen
from tests.rental.test_rental import guest_in, money
from tests.rental.test_screen import type_in
from tests.ui.checks import check_screen, dress, opened

from .test_attempts import PAID, note, owed, proposed, read, state
from .test_attempts import at as minutes

Key = Qt.Key


@pytest.fixture
def owing(desk):
    """A guest in 301 who owes 328.00."""
    desk.stay = guest_in(desk)
    money(desk, folios.charge, stay_id=desk.stay, code="MINIBAR", amount=Money(32800))
    return desk


def test_the_payment_form_notes_what_has_not_been_seen(qtbot, owing):
    page = opened(qtbot, owing, FolioScreen, stay_id=owing.stay)
    page.acts["payment"].press()
    form = page.forms["payment"]
    assert form.unseen.isHidden()
    form["method"].chips.choose("WECHAT")
    assert not form.unseen.isHidden()
    form.unseen.set_value(True)
    form.unseen.toggled.emit(True)
    type_in(qtbot, form.told, "paid at 14:30")
    page.press_primary()
    assert page.notes.text == "328.00 is noted as in question; it is asked again."
    [row] = owing.ask(queries.still_open)
    assert (row.amount, row.told, owed(owing, owing.stay)) == (32800, "paid at 14:30", 32800)


def test_it_is_posted_by_keys_under_the_number_that_the_statement_shows(qtbot, owing):
    number = note(owing, owing.stay)
    read(owing, (minutes(1, owing), PAID, "HT1", "328.00"))
    assert proposed(owing) == [PAID]
    page = opened(qtbot, owing, AttemptsScreen)
    page.table.setFocus()
    page.press_primary()
    assert page.forms["arrived"]["reference"].value() == PAID
    page.press_primary()
    assert page.notes.text == "Q-1 is posted, the receipt is printing."
    assert (state(owing, number), owed(owing, owing.stay)) == ("arrived", 0)
    page.show_view("settled")
    assert page.table.rows.rowCount() == 1


def test_it_is_looked_for_again_and_settled_as_absent(qtbot, owing):
    number = note(owing, owing.stay)
    page = opened(qtbot, owing, AttemptsScreen, number=number)
    page.acts["again"].press()
    assert page.notes.text == "Q-1 is asked again later."
    page.acts["absent"].press()
    page.press_primary()
    assert state(owing, number) == "unknown"
    page.forms["absent"]["reason"].set_value("not on the list")
    page.press_primary()
    assert state(owing, number) == "absent"


def test_a_second_payment_is_asked_about_at_the_folio(qtbot, owing):
    note(owing, owing.stay)
    page = opened(qtbot, owing, FolioScreen, stay_id=owing.stay)
    asked = []
    page.asker = type("Asker", (), {"confirm": lambda self, _page, words: asked.append(words)})()
    page.acts["payment"].press()
    page.press_primary()
    assert [words for words in asked if words.startswith("Q-1: 328.00 by WeChat Pay")]
    assert owed(owing, owing.stay) == 32800


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_holds_to_the_rules(qtbot, owing, language):
    note(owing, owing.stay)
    check_screen(opened(qtbot, owing, AttemptsScreen, language))
    dress(Look("en", "light", 100))
