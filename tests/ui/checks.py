"""What every page must hold, whatever its duty: keys of the one map, nothing cut, one filled button, names
for everything."""

from collections.abc import Iterator
from itertools import count

from PySide6.QtCore import QPoint
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QWidget

from pms import duties
from pms.core import i18n, offers
from pms.ui.kit import keys, safety, theme
from pms.ui.kit.actions import specs
from pms.ui.kit.cells import SIDE
from pms.ui.kit.desk import Screen
from pms.ui.kit.parts import Button, badge_width
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.table import Table
from pms.ui.kit.theme import Look
from pms.ui.main_window import MainWindow
from pms.ui.waiting import DueLine


def dress(look: Look) -> None:
    """Use a language, theme and size as the program does."""
    i18n.use(look.language)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, look)


def takes_keys(window: QWidget) -> QWidget:
    """Return who gets a key: an open popup first, whatever has the focus behind it, as Qt itself hands keys
    out."""
    if (popup := QApplication.activePopupWidget()) is not None:
        return popup.focusWidget() or popup
    return QApplication.focusWidget() or window


def look_around(at: Iterator[int] = count()) -> None:
    """Move the pointer, as somebody does who looks at a page before pressing a key."""
    QCursor.setPos(QPoint(20 + next(at) % 400, 30))
    assert safety.guard().armed()


def opened(qtbot, office, screen: type[Screen], language: str = "en", **what) -> Screen:
    """Show a page as a desk opens it, with the keys where its work begins; ``gone`` notes where it leads."""
    dress(Look(language, "light", 100))
    made = screen(office, ChangeSignal(office.changes))
    made.gone = []
    made.wanted.connect(lambda word, what: made.gone.append((word, what)))
    qtbot.addWidget(made)
    made.resize(1206, 716)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.open(**what)
    if (first := made.start()) is not None:
        first.setFocus()
    return made


def at_work(qtbot, office, look: Look) -> MainWindow:
    """Show the window with whoever is signed in at work, every duty answering."""
    office.offers = duties.offered()
    dress(look)
    made = MainWindow(look, lambda _look: None, "FD-1")
    qtbot.addWidget(made)
    made.attach(office, office.changes)
    made.show()
    assert QTest.qWaitForWindowExposed(made)
    made._came_in(office.clerk)
    return made


def seen(root: QWidget, kind: type) -> list:
    """Return the visible widgets of a kind."""
    return [w for w in root.findChildren(kind) if w.isVisible()]


def cut_texts(root: QWidget) -> list[str]:
    """Return the words of labels and buttons that do not fit the place they have."""
    found = []
    for label in seen(root, QLabel):
        if (
            label.text()
            and not label.wordWrap()
            and label.pixmap().isNull()
            and label.sizeHint().width() > label.width() + 1
        ):
            found.append(f"{label.text()!r}: {label.sizeHint().width()} px in {label.width()}")
    for button in seen(root, Button):
        if (
            button.words
            and button.sizeHint().width() > button.width() + 1
            and button.objectName() != "navItem"
        ):
            found.append(f"{button.words!r}: {button.sizeHint().width()} px in {button.width()}")
    counted = {
        i18n._(duty.title)
        for duty in duties.DUTIES
        if any(offer.kind is offers.badges for offer in duty.offers)
    }
    for button in seen(root, Button):
        if button.objectName() == "navItem" and not isinstance(
            button, DueLine
        ):  # in bold and with a count of two figures, as it may come
            words = (
                theme.measure("strong").horizontalAdvance(
                    button.words + ("99" if button.words in counted else "")
                )
                + 4
            )
            if (need := 14 + theme.px(18) + 8 + words + 12) > button.width():
                found.append(f"{button.words!r} and its count: {need} px in {button.width()}")
    return found


def crushed_columns(root: QWidget) -> list[str]:
    """Return the columns that are out of sight, cut their head, or elide a figure, a date or a state; only a
    free text may be elided."""
    found = []
    for table in seen(root, Table):
        columns = [n for n in range(len(table.rows.columns)) if not table.isColumnHidden(n)]
        if (over := sum(table.columnWidth(n) for n in columns) - table.viewport().width()) > 1:
            found.append(
                f"{table.accessibleName() or table.rows.columns[0].title!r}: {over} px of columns are "
                f"out of sight"
            )
        for n in columns:
            column, width = table.rows.columns[n], table.columnWidth(n)
            cells = [table.rows.cell(line, n) for line in range(table.rows.rowCount())]
            heads = (
                [theme.measure("meta", bold=True).horizontalAdvance(i18n._(column.title)) + 2 * SIDE]
                if column.title
                else []
            )
            needs = [
                (
                    badge_width(c.text, c.icon)
                    if c.box
                    else theme.measure("strong" if c.bold else "body").horizontalAdvance(c.text)
                )
                + 2 * SIDE
                for c in cells
                if c.text and column.kind != "text"
            ]
            if (most := max(heads + needs, default=0)) > width + 1:
                found.append(f"{column.title!r}: {most} px in {width}")
    return found


def nameless(root: QWidget) -> list[str]:
    """Return what a screen reader could not name."""
    wanted = [w for kind in (QAbstractButton, QComboBox, QLineEdit) for w in seen(root, kind)]
    return [
        f"{type(w).__name__} {w.objectName()}"
        for w in wanted
        if not (w.accessibleName() or (isinstance(w, QAbstractButton) and w.text()))
        and not w.objectName().startswith("qt_")
    ]


def check_screen(screen: Screen) -> None:
    """Hold a shown page to the rules."""
    assert keys.faults(spec.key for spec in specs(type(screen))) == []
    primaries = [b for b in seen(screen, Button) if b.kind == "primary"]
    assert len(primaries) <= 1, [b.words for b in primaries]
    assert cut_texts(screen) == []
    assert crushed_columns(screen) == []
    assert nameless(screen) == []
