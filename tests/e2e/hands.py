"""A hand that works the program's window: with the mouse where something is seen, or with the keyboard
alone."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QWidget

from pms import duties
from pms.core import places
from pms.core.i18n import _
from pms.ui.kit import keys
from pms.ui.kit.actions import ActButton
from pms.ui.kit.desk import Asker, Screen
from pms.ui.kit.finder import Finder
from pms.ui.kit.forms import Field
from pms.ui.kit.messages import Notes
from pms.ui.kit.palette import Palette
from pms.ui.kit.parts import Button
from pms.ui.screens.room_board.grid import TILE
from tests.ui.checks import look_around, takes_keys

Key, Mod = Qt.Key, Qt.KeyboardModifier
SPELT = {"Del": "Delete", "Ins": "Insert"}
"""Keys that a binding spells otherwise than Qt names them."""


class Yes(Asker):
    """Says yes to what is asked, as the clerk would."""

    def confirm(self, parent, message):
        return True


class Hand:
    """What both hands share: where they are, and waiting for what they did."""

    def __init__(self, qtbot, window):
        self.qtbot, self.window = qtbot, window

    @property
    def page(self) -> Screen:
        return self.window.workplace.current()

    def reach(self, word: str) -> None:
        """Wait until a page is there and has settled."""
        self.qtbot.waitUntil(
            lambda: self.window.workplace.here[0] == word and self.page.isVisible(), timeout=15000
        )
        self.qtbot.wait(60)

    def until(self, holds) -> None:
        self.qtbot.waitUntil(lambda: bool(holds()), timeout=20000)
        self.qtbot.wait(30)

    def press_enter(self) -> None:
        """Press Enter where the keys are, as a scanner does after a code."""
        look_around()
        QTest.keyClick(takes_keys(self.window), Key.Key_Return)
        self.qtbot.wait(30)

    def press_remedy(self, notes: Notes) -> None:
        """Do what a message offers first."""
        self.press_button(next(b for b in notes.findChildren(Button) if b.words))

    def press_button(self, button: QAbstractButton) -> None:
        raise NotImplementedError

    def find(self, finder: Finder, text: str) -> None:
        """Type a text and take the first that is proposed."""
        self.into(finder, text)
        self.until(finder.suggesting)
        self.take(finder)

    def into(self, field: Field, text: str) -> None:
        raise NotImplementedError

    def take(self, finder: Finder) -> None:
        """Take the first of what is proposed."""
        raise NotImplementedError

    def _typed(self, text: str) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, Key.Key_A, Mod.ControlModifier)
        QTest.keyClick(focus, Key.Key_Delete)
        QTest.keyClicks(focus, text)
        self.qtbot.wait(20)


class Mouse(Hand):
    """Clicks what is seen, where it is seen; only a text that has to be entered is typed."""

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        spot = at or widget.rect().center()
        there = self.window.childAt(widget.mapTo(self.window, spot))
        assert widget.isVisible(), f"{widget} is not seen"
        assert there is widget or widget.isAncestorOf(there), (
            f"{widget.accessibleName()} is covered by {there}"
        )
        QTest.mouseClick(
            there, Qt.MouseButton.LeftButton, pos=there.mapFrom(widget, spot) if there is not widget else spot
        )
        self.qtbot.wait(30)

    def go(self, word: str) -> None:
        work = self.window.workplace
        self.click(work.nav.items[places.place_of(work.index, word).word])
        if work.here[0] != word:
            self.click(work.tabs.tabs.chips[word])
        self.reach(word)

    def do(self, name: str) -> None:
        """Click the button of an action of the page."""
        self.click(
            next(b for b in self.page.findChildren(ActButton) if b.act.spec.name == name and b.isVisible())
        )

    def primary(self) -> None:
        self.click(next(b for b in self.page.findChildren(Button) if b.kind == "primary" and b.isVisible()))

    def press_button(self, button: QAbstractButton) -> None:
        """Click a button."""
        self.click(button)

    press_next = press_button

    def choose(self, _chips: Sequence[Button], wanted: Button) -> None:
        """Click one of several chips."""
        self.click(wanted)

    def mark(self, view: QAbstractItemView, at: int, column: int) -> None:
        """Click a cell of a list."""
        spot = view.visualRect(view.model().index(at, column)).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        self.qtbot.wait(30)

    def row(self, view: QAbstractItemView, at: int) -> None:
        """Click a row of a list."""
        view.scrollTo(view.model().index(at, 0))
        self.mark(view, at, 0)

    def into(self, field: Field, text: str) -> None:
        self.click(field.editor)
        self._typed(text)

    def take(self, finder: Finder) -> None:
        listed = finder.suggestions().list
        where = listed.visualRect(listed.model().index(0, 0)).center()
        QTest.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=where)
        self.qtbot.wait(30)

    def room(self, number: str) -> None:
        """Click a room's tile on the board."""
        view = self.page.view
        cells = [view.model().index(n, 0) for n in range(view.model().rowCount())]
        cell = next(c for c in cells if getattr(c.data(TILE), "number", "") == number)
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(cell).center())
        self.qtbot.wait(30)


class Keyboard(Hand):
    """Presses keys where the focus is, and nothing else."""

    def press(self, key, modifier=Mod.NoModifier) -> None:
        if QApplication.activeWindow() is None:
            with self.qtbot.waitActive(self.window):
                self.window.activateWindow()
        look_around()
        QTest.keyClick(takes_keys(self.window), key, modifier)
        self.qtbot.wait(30)

    def go(self, word: str) -> None:
        self._by_palette(next(d.title for d in duties.DUTIES if d.word == word))
        self.reach(word)

    def _by_palette(self, title: str) -> None:
        self.press(Key.Key_K, Mod.ControlModifier)
        self.qtbot.waitUntil(lambda: isinstance(takes_keys(self.window).window(), Palette), timeout=15000)
        QTest.keyClicks(takes_keys(self.window), title)
        self.press(Key.Key_Return)

    def do(self, name: str) -> None:
        """Press the key of an action; what is done seldom has none, and the palette finds it."""
        spec = self.page.acts[name].spec
        if not spec.key and spec.kind != "primary":
            self._by_palette(_(spec.label))
            return
        sequence = spec.key or keys.PRIMARY
        found = Qt.KeyboardModifier.NoModifier
        *modifiers, last = sequence.split("+")
        for word in modifiers:
            found |= {"Ctrl": Mod.ControlModifier, "Alt": Mod.AltModifier, "Shift": Mod.ShiftModifier}[word]
        self.press(getattr(Key, f"Key_{SPELT.get(last, last)}"), found)

    def primary(self) -> None:
        self.press(Key.Key_F12)

    def press_button(self, button: QAbstractButton) -> None:
        """Walk to a button with Tab and press it."""
        self._walk(button)
        self.press(Key.Key_Space)

    def choose(self, chips: Sequence[Button], wanted: Button) -> None:
        """Walk to the chips with Tab, along them with the arrow keys, and press one."""
        self._walk(*chips)
        for _step in chips:
            if QApplication.focusWidget() is wanted:
                break
            self.press(Key.Key_Right)
        self.press(Key.Key_Space)
        assert wanted.isChecked()

    def press_next(self, _button: QAbstractButton) -> None:
        """Press the filled button by its key."""
        self.press(Key.Key_F12)

    def mark(self, view: QAbstractItemView, _at: int, _column: int) -> None:
        """Press Enter in a list, which goes on to the next row."""
        self._walk(view)
        self.press(Key.Key_Return)

    def row(self, view: QAbstractItemView, at: int) -> None:
        """Walk to a row of a list with the arrow keys."""
        self._walk(view)
        self.press(Key.Key_Home, Mod.ControlModifier)
        for _step in range(at):
            self.press(Key.Key_Down)
        assert view.currentIndex().row() == at

    def into(self, field: Field, text: str) -> None:
        self._walk(field.editor)
        self._typed(text)

    def _walk(self, *to: QWidget) -> None:
        """Press Tab until one of these has the keys."""
        for _step in range(80):
            if QApplication.focusWidget() in to:
                return
            self.press(Key.Key_Tab)
        raise AssertionError(f"{to[0].accessibleName() or to[0]} is not reached by Tab")

    def take(self, finder: Finder) -> None:
        self.press(Key.Key_Down)
        self.press(Key.Key_Return)

    def room(self, number: str) -> None:
        QTest.keyClicks(QApplication.focusWidget(), number)
        self.qtbot.wait(30)
