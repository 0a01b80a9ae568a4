"""Every theme is readable, and the keys mean one thing each."""

import pytest
from PySide6.QtGui import QTextLayout
from PySide6.QtWidgets import QMenu, QWidget

from pms.ui.kit import keys, theme
from pms.ui.kit.dialogs import ConfirmDialog
from pms.ui.kit.theme import Look
from pms.ui.main_window import MainWindow

from .checks import dress


@pytest.mark.parametrize("name", theme.THEMES)
def test_every_text_stands_out_from_its_ground(name):
    t = theme.THEMES[name]
    weak = [(a, b) for a, b in theme.text_pairs(t) if theme.contrast(t.ink(a), t.ink(b)) < 4.5]
    assert weak == []


@pytest.mark.parametrize("name", theme.THEMES)
def test_every_border_of_what_one_can_press_is_seen(name):
    t = theme.THEMES[name]
    assert [(a, b) for a, b in theme.border_pairs() if theme.contrast(t.ink(a), t.ink(b)) < 3] == []


def test_an_unknown_role_is_a_defect():
    with pytest.raises(AttributeError):
        theme.LIGHT.ink("pink")


def test_the_shipped_fonts_are_there(qapp):
    theme.load_fonts()
    from PySide6.QtGui import QFontInfo

    assert QFontInfo(theme.font()).family() == theme.FAMILY


def test_every_icon_that_is_named_exists():
    import re

    used = set()
    for file in (theme.RESOURCES.parent / "pms").rglob("*.py"):
        text = file.read_text("utf-8")
        used |= (
            set(re.findall(r'icon="([a-z-]+)"', text))
            | set(re.findall(r'Pic\("([a-z-]+)"', text))
            | set(re.findall(r'Empty\("([a-z-]+)"', text))
        )
    assert sorted(n for n in used if not (theme.ICONS / f"{n}.svg").exists()) == []


def test_the_key_map_finds_what_is_wrong():
    assert keys.faults(["F4", "H", "Ctrl+P"]) == []
    assert keys.faults(["F4", "F4"]) == ["F4 is used twice"]
    assert keys.faults(["F3"]) == ["F3 belongs to the window"]
    assert keys.faults(["F13"]) == ["F13 is not in the key map"]


@pytest.mark.parametrize("bold", [False, True])
def test_every_name_is_drawn_in_a_shipped_font(qapp, bold):
    theme.load_fonts()
    names = (
        "Zo\u00eb \u0141ukasiewicz, K\u0151nig, \u015eule, \u0416\u0451\u043b\u0442\u044b\u0439, "
        "\u738b\u96c5\u7434"
    )
    layout = QTextLayout(names, theme.font(bold=bold))
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    runs = layout.glyphRuns()
    assert {run.rawFont().familyName() for run in runs} == set(theme.FAMILIES)
    assert all(run.rawFont().weight() == (700 if bold else 400) for run in runs)
    assert all(0 not in run.glyphIndexes() for run in runs)


def test_every_window_and_what_is_put_over_it_wears_the_dress_and_changes_it(qapp, desk):
    dress(Look("en", "light", 100))
    assert qapp.styleSheet() == ""  # a page is dressed once, when it is put into its window
    window = MainWindow(Look("en", "light", 100), lambda look: None, "FD-1")
    window.attach(desk, desk.changes)
    alone, over = ConfirmDialog("Sure?"), ConfirmDialog("Sure?", window)
    assert alone.styleSheet() == window.styleSheet() == theme.stylesheet(theme.LIGHT)
    assert not _styled(QMenu())
    assert all(map(_styled, (window.door, over, over.yes, QMenu(window))))
    theme.apply(qapp, Look("en", "dark", 130))
    assert alone.styleSheet() == window.styleSheet() == theme.stylesheet(theme.DARK)


def _styled(part: QWidget) -> bool:
    """Return whether a part is drawn by a style sheet: its style is none of those that the program sets."""
    return part.style().metaObject().className() == "QStyleSheetStyle"
