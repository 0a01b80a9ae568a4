"""What is typed, scanned or pasted into a field is read right or answered by a word under it."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from pms.core.errors import Refused
from pms.ui.kit.amounts import Amount, Number
from pms.ui.kit.forms import Code, Remark, Text
from pms.ui.kit.parts import box, col
from pms.ui.kit.theme import Look

from .checks import dress

Key = Qt.Key


@pytest.fixture(autouse=True)
def dressed(qapp):
    dress(Look("en", "light", 100))


@pytest.fixture
def shown(qtbot):
    """Show fields in an active window; the first has the keys."""

    kept = []

    def show(*fields):
        holder = box(col(*fields, None))
        holder.resize(400, 300)
        qtbot.addWidget(holder)
        kept.append(holder)
        with qtbot.waitActive(holder):
            holder.show()
        return fields[0] if len(fields) == 1 else fields

    yield show
    kept.clear()


# ------------------------------------------------------------------ selected whole
@pytest.mark.parametrize("reason", [Qt.FocusReason.OtherFocusReason, Qt.FocusReason.TabFocusReason])
def test_figures_are_replaced_by_what_is_typed_whoever_gave_the_keys(qtbot, shown, reason):
    float_, cards = shown(Amount("Float", value=200000), Number("Cards", value=1))
    float_.line.setFocus(reason)
    qtbot.keyClicks(float_.line, "500")
    assert float_.value() == 50000
    cards.line.setFocus(reason)
    qtbot.keyClicks(cards.line, "2")
    assert cards.value() == 2


def test_a_click_selects_the_amount_too_and_a_second_one_sets_the_cursor(qtbot, shown):
    _other, field = shown(Text("Reason"), Amount("Float", value=200000))
    for _click in range(2):
        qtbot.mouseClick(field.line, Qt.MouseButton.LeftButton, pos=QPoint(60, 8))
        qtbot.wait(5)
    assert not field.line.hasSelectedText()
    _other.line.setFocus()
    qtbot.mouseClick(field.line, Qt.MouseButton.LeftButton, pos=QPoint(60, 8))
    qtbot.wait(5)
    assert field.line.selectedText() == "2,000.00"


def test_an_amount_that_is_filled_in_while_it_has_the_keys_is_selected(qtbot, shown):
    field = shown(Amount("Stays in the drawer"))
    field.line.setFocus()
    field.set_value(200000)
    qtbot.keyClicks(field.line, "500")
    assert field.value() == 50000


# ------------------------------------------------------------------ read right or refused
def test_a_barcode_scanned_into_an_amount_is_refused_under_the_field(qtbot, shown):
    field, other = shown(Amount("Cash received"), Text("Remark"))
    field.line.setFocus()
    qtbot.keyClicks(field.line, "4909876543210")
    other.line.setFocus()
    assert "looks like a barcode" in field.shown_error()
    with pytest.raises(Refused):
        field.value()


def test_a_decimal_comma_is_shown_as_it_was_read(qtbot, shown):
    field, other = shown(Amount("Price"), Text("Remark"))
    field.line.setFocus()
    qtbot.keyClicks(field.line, "12,50")
    other.line.setFocus()
    assert (field.line.text(), field.value()) == ("12.50", 1250)


@pytest.mark.parametrize("text", ["--1", "+-5", "1-", "1.5", "a", "١", "9" * 30])
def test_what_is_no_whole_number_is_a_word_in_the_field(qtbot, shown, text):
    field, other = shown(Number("Pieces"), Text("Remark"))
    field.line.setFocus()
    field.line.setText(text)
    other.line.setFocus()
    assert field.shown_error() == "Type a whole number."


def test_full_width_figures_are_a_whole_number(shown):
    field = shown(Number("Pieces"))
    field.line.setText("１２")
    assert field.value() == 12


# ------------------------------------------------------------------ pasted
def paste(qtbot, widget, text):
    QApplication.clipboard().setText(text)
    widget.setFocus()
    qtbot.keyClick(widget, Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def test_nul_and_other_signs_no_keyboard_types_are_left_out_and_told(qtbot, shown):
    field, remark = shown(Text("Name"), Remark("Remark"))
    for made, widget in ((field, field.line), (remark, remark.area)):
        made.set_value("")
        (field.line.setText if made is field else remark.area.setPlainText)("Chen\0 Wei\x07")
        assert made.value() == "Chen Wei"
        assert "left out" in made.shown_error()
        qtbot.keyClicks(widget, "x")
        assert not made.shown_error()


def test_a_megabyte_is_cut_and_told(qtbot, shown):
    for made in shown(Text("Name", longest=80), Remark("Remark"), Amount("Sum"), Code("Room")):
        paste(qtbot, made.editor, "9" * 1_000_000)
        assert "characters fit" in made.shown_error()
        assert len(made.line.text() if isinstance(made, Text) else made.value()) <= 2000


def test_signs_beyond_the_first_plane_are_counted_as_one_and_never_halved(qtbot, shown):
    field = shown(Text("Name", longest=3))
    field.line.setText("𠮷𠮷𠮷𠮷")
    assert field.value() == "𠮷𠮷𠮷"


# ------------------------------------------------------------------ codes
def test_a_code_is_read_as_the_house_writes_it(shown):
    field = shown(Code("Room"))
    for text, read in (("２０１", "201"), ("t－12", "T-12")):
        field.line.setText(text)
        assert field.value() == read
