"""A register: tabs and a list at the left, the chosen row at the right. What the house's books, lists and
counters have in common.

A page that shows a list derives ``Register``, says which views it has (``VIEWS``), and fills in ``columns``,
``lists``, ``facts`` and ``foot``; what one can do with the row in hand is a ``Verb`` (see ``verbs``) or an
action. It gets its tabs with their counts, the one find line (Ctrl+F), sorting by any head, the way in
(Insert opens the form for a new row) and out (Esc), and what every list can do (``list_tools``).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QLayout, QStackedWidget, QWidget

from pms.core.collation import sounds
from pms.core.i18n import N_, _, ngettext
from pms.core.offers import About
from pms.ui.kit import keys
from pms.ui.kit import theme as th
from pms.ui.kit.actions import ActButton, action
from pms.ui.kit.empty import Empty
from pms.ui.kit.flow import Forms, SidePages
from pms.ui.kit.forms import Text
from pms.ui.kit.list_tools import ListActions, ListTools
from pms.ui.kit.one import One, OnePage, Step
from pms.ui.kit.parts import box, card, col, label, row
from pms.ui.kit.past import Past
from pms.ui.kit.rows import Column
from pms.ui.kit.table import LONG, Table
from pms.ui.kit.tabs import Tabs
from pms.ui.kit.verbs import RowForm, verbs
from pms.ui.kit.wrap import Head, Wrap

WIDEST = 1100
"""No row of a list is wider: a line that long is not read; what is left goes to the panel."""
FIND_LEAST, PANEL_LEAST, NARROW = 120, 312, 800
"""The least widths of find line and panel, and how wide a page is whose panel has its own width."""
NEW, ONE = "new", "one"
PAUSE = 150
MOST_REASONS = 2
COMMAND = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
INTO_LIST = frozenset({Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter})


@dataclass(frozen=True)
class View:
    """One view of the register: its word, its tab, what is said when it is empty, its icon (marked texts);
    ``table``: the list that shows it, where a register has several with columns of their own."""

    word: str
    title: str
    none: str
    icon: str = ""
    table: str = ""


class Register(ListActions):
    """Derive it, give the declarations, and fill in what is called for below."""

    NAME: ClassVar[str]
    VIEWS: ClassVar[tuple[View, ...]]
    CHOSEN: ClassVar[str] = ""
    """The action that Enter and a double click on a row do; else they press the filled button."""
    HEAD: ClassVar[tuple[str, ...]] = ()
    """Actions whose buttons stand beside the title."""
    NEW: ClassVar[str] = ""
    """The action that Insert does: it opens the form for a new row."""
    CHOOSE: ClassVar[str] = N_("Choose a line in the list.")
    FIND: ClassVar[str] = N_("Find in this list")
    PANEL: ClassVar[int] = 340
    FIND_WIDTH: ClassVar[int] = 200
    PAUSED: ClassVar[bool] = False
    """Whether one looks only when the clerk has stopped typing: what is found comes from far."""
    TYPING: ClassVar[bool] = False
    """Whether letters typed in the list go to the find line: no letter is an action here."""
    FIRST: ClassVar[bool] = True
    """Whether the first row is taken in hand when none is."""

    def build(self) -> QLayout:
        """Put list and panel together; a register has no build of its own."""
        self._learn()
        self.rows: dict[str, Sequence[Any]] = {}
        self._told: dict[Any, tuple[Any, str]] = {}
        self.tables: dict[str, Table] = {}
        self.empties: dict[str, Empty] = {}
        self.pages: dict[str, OnePage] = {}
        self.whys: dict[str, QLabel] = {}
        self.dead_ends: dict[str, list[ActButton]] = {}
        self.enter: QWidget | None = None
        self._seen: dict[str, str] = {}
        for view in self.VIEWS:
            self._seen.setdefault(view.table, view.word)
        self.panel = SidePages(self.notes, width=self.PANEL, grows=True)
        self.tabs = Tabs(
            [(v.word, _(v.title)) for v in self.VIEWS],
            value=self.VIEWS[0].word,
            icons={v.word: v.icon for v in self.VIEWS},
        )
        self.tabs.setParent(self)
        self.tabs.chosen.connect(self._turned)
        self._make_finder()
        self.tools = ListTools(self)
        self.stack = QStackedWidget()
        for name in self._seen:
            self.stack.addWidget(self.list_page(name))
            self._add_page(name)
        self.past = Past(self, self._show_past)
        self.forms: Forms[RowForm] = Forms(self.panel, self._makers())
        self.make_forms()
        left = box(self._arrange())
        left.setMaximumWidth(th.px(WIDEST) + 32)
        self._turn_to(self.VIEWS[0].table)  # once everything has its place: nothing stands as a window
        return row((left, WIDEST), (self.panel, 1), gap=0)

    def _arrange(self) -> QLayout:
        self.title = label(_(self.NAME), "page", wrap=True)
        buttons = [self.button(name, kind="") for name in self.HEAD]
        self._heads = box(Wrap(*buttons))
        self._head = row((self.title, 1), self._heads if buttons else None, gap=12)
        self.tabs.setVisible(len(self.VIEWS) > 1)
        least, most = th.px(FIND_LEAST), th.px(self.FIND_WIDTH)
        find = Head(self.tabs, self.finder, self.tools.button, least=least, most=most)
        above = self.above()
        more = [above] if above is not None else []
        return col(self._head, find, *more, (self.stack, 1), gap=12, pad=(16, 12, 16, 12))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the panel give the list some of its width where the window is narrow."""
        super().resizeEvent(event)
        narrow, wide = th.px(PANEL_LEAST), th.px(self.PANEL)
        inner = self.panel.layout()
        if inner is not None and self.width() < th.px(NARROW):
            wide = min(wide, max(narrow, inner.minimumSize().width()))
        self.panel.setMinimumWidth(wide)
        self._entitle(self.title.text())

    def _entitle(self, words: str) -> None:
        """Write the title, above its buttons where it would be broken beside them."""
        self.title.setText(words or _(self.NAME))
        wanted = (
            self.title.fontMetrics().horizontalAdvance(self.title.text()) + self._heads.sizeHint().width()
        )
        narrow = self.width() < th.px(NARROW) and wanted > self.width() - self.panel.minimumWidth() - th.px(
            48
        )
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._head.setDirection(way)

    def _make_finder(self) -> None:
        self.finder = Text(
            hint=_(self.FIND),
        )
        self.finder.line.setAccessibleName(_(self.FIND))
        self.finder.line.setClearButtonEnabled(True)
        self.finder.line.installEventFilter(self)
        self._soon = QTimer(self, singleShot=True, interval=PAUSE)
        self._soon.timeout.connect(self._show)
        self.finder.changed.connect(self._find)

    def _add_page(self, name: str) -> None:
        buttons = self.foot(name)
        why = self.whys[name] = label("", "meta", "muted", wrap=True)
        foot = box(col(why, *([buttons] if buttons is not None else []), gap=8))
        self.dead_ends[name] = foot.findChildren(ActButton)
        self.pages[name] = OnePage(_(self.CHOOSE), self.fill(name))
        self.panel.add(self._home(name), self.pages[name], foot)

    def _makers(self) -> dict[str, Callable[[], RowForm]]:
        made: dict[str, Callable[[], RowForm]] = {}
        for name, verb in verbs(type(self)).items():
            assert verb.form is not None
            made[name] = partial(verb.form, self, partial(verb.submit, self), self.close_form)
        return made

    def _learn(self) -> None:
        house = self.office.house()
        self.zone, self.today, self.digits = house.zone, house.business_date, house.digits

    # -------------------------------------------------------------- what a register fills in
    def columns(self, _list: str) -> Sequence[Column]:
        """Return the columns of a list."""
        raise NotImplementedError

    def lists(self) -> Mapping[str, Sequence[Any]]:
        """Ask for the rows of every view."""
        raise NotImplementedError

    def facts(self, row: Any) -> One:
        """Return what the panel shows of a row."""
        raise NotImplementedError

    def whose(self, _row: Any) -> Mapping[str, int]:
        """Return whom a row is about (``stay_id``, ``line_id``, ``room_id``) where every duty has a part of
        what happened; nothing where ``facts`` tells it."""
        return {}

    def foot(self, _list: str) -> QLayout | None:
        """Return the buttons under the chosen row, the filled one last."""
        return None

    def fill(self, _list: str) -> QWidget | None:
        """Return what takes the room under the chosen row's facts."""
        return None

    def answer(self) -> str:
        """Return what the page says first: what is open, and since when; empty for its name."""
        return ""

    def counts(self) -> dict[str, int]:
        """Return the number on each tab."""
        return {word: len(rows) for word, rows in self.rows.items()}

    def make_forms(self) -> None:
        """Add forms to the panel that belong to no verb, that for a new row say."""

    def add_new(self, body: QWidget, foot: QLayout, enter: QWidget) -> None:
        """Add the panel's page for a new row; ``enter`` is the field that gets the keys."""
        self.panel.add(NEW, body, box(foot))
        self.enter = enter

    def above(self) -> QWidget | None:
        """Return what stands between the tabs and the list: chips that filter, the days of a period."""
        return None

    def key(self, row: Any) -> Any:
        """Return what a row is known by."""
        return row.id

    def named(self, row: Any) -> dict[str, str]:
        """Return how a row is called in what is said of it."""
        return {"number": getattr(row, "shown", "")}

    def one(self, **_what: Any) -> tuple[str, Any] | None:
        """Return the view and the row that another page or the search asked for."""
        return None

    def fitting(self, rows: Sequence[Any], text: str) -> Sequence[Any]:
        """Return the rows that fit what is typed in the find line."""
        return [row for row in rows if all(word in self._words(row) for word in text.casefold().split())]

    def told_found(self, count: int) -> str:
        """Say how many lines fit what is typed."""
        return ngettext("%(n)s found", "%(n)s found", count) % {"n": count}

    def make_table(self, name: str) -> Table:
        """Make a list."""
        return Table(self.columns(name), key=self.key, digits=self.digits, sortable=True)

    def list_page(self, name: str) -> QWidget:
        """Make a list with what stands around it."""
        view = next(view for view in self.VIEWS if view.table == name)
        table = self.tables[name] = self.make_table(name)
        table.setAccessibleName(_(view.title if name else self.NAME))
        empty = self.empties[name] = Empty("check" if view.icon == "alert" else view.icon, _(view.none))
        table.set_empty(empty)
        table.picked.connect(partial(self._picked, name))
        table.chosen.connect(self.chosen)
        self.tools.serve(table)
        if self.TYPING:
            table.installEventFilter(self)
        return card((table, 1), gap=0, pad=(1, 1, 1, 1))

    # -------------------------------------------------------------- where one is
    @property
    def view(self) -> str:
        """Return the view that is seen."""
        return str(self.tabs.value() or self.VIEWS[0].word)

    @property
    def listed(self) -> str:
        """Return the list that is seen."""
        return next(view.table for view in self.VIEWS if view.word == self.view)

    @property
    def table(self) -> Table:
        """Return the table that is seen; of a view without one the first."""
        return self.tables.get(self.listed) or next(iter(self.tables.values()))

    def _table(self) -> Table:
        return self.table

    def _home(self, name: str) -> str:
        return f"{ONE} {name}".strip()

    def _turn_to(self, name: str) -> None:
        self.HOME = self._home(name)
        self.stack.setCurrentIndex(list(self._seen).index(name))
        self.finder.setVisible(name in self.tables)
        self.tools.button.setVisible(name in self.tables)
        self.panel.show_page(self.HOME)

    # -------------------------------------------------------------- what is shown
    def start(self) -> QWidget | None:
        """Begin in the list; in an empty one with a new row."""
        self._rest()
        return self.enter if self.panel.page == NEW else self.table

    def _rest(self) -> None:
        if self.enter is not None and self.panel.page == self.HOME and not self.table.rows.rowCount():
            self.panel.show_page(NEW)

    def open(self, **what: Any) -> None:
        """Show the list, or the row that another page or the search asked for."""
        self.notes.clear()
        if (found := self.one(**what)) is not None:
            self.take_in_hand(*found)

    def take_in_hand(self, view: str, row: Any) -> None:
        """Take a row in hand; one that stands in no list any more is shown all the same."""
        self.finder.set_value("")
        self.show_view(view)
        if not self.table.pick(self.key(row)):
            self.table.show_rows([row])
            self.table.pick(self.key(row))
        self.panel.show_page(self.HOME)
        self._show_one()
        self.table.setFocus()

    def refresh(self) -> None:
        """Ask for the rows and show those of the tab."""
        self._learn()
        begun, self.rows = bool(self.rows), dict(self.lists())
        self.tabs.show_counts(self.counts())
        self.tools.learn()
        self._show()
        if not begun:
            self._rest()

    def _show(self) -> None:
        typed = self.finder.value()
        if self.listed not in self.tables:
            self._entitle(self.answer())
        for name, table in self.tables.items():
            view = next(v for v in self.VIEWS if v.word == self._seen[name])
            text = typed if name == self.listed else ""
            rows = self.rows.get(view.word, ())
            table.rows.digits = self.digits
            self.empties[name].say(
                _("Nothing found for %(typed)s.") % {"typed": text} if text else _(view.none)
            )
            rows = self.fitting(rows, text) if text else rows
            table.show_rows(rows)
            if name == self.listed:
                self._entitle(self.told_found(len(rows)) if text else self.answer())
            if self.FIRST and table.row() is None and table.rows.rowCount():
                table.selectRow(0)
        self._show_one()

    def _words(self, row: Any) -> str:
        """Return what a row says, Chinese also as it is typed in letters; kept as long as the row is."""
        key = (self.listed, self.key(row))
        kept = self._told.get(key)
        if kept is None or kept[0] is not row:
            table = self.table
            told = [part for at in range(len(table.rows.columns)) for part in table.rows.told(row, at)]
            words = " ".join(filter(None, told)).casefold()
            heard = " ".join(filter(None, map(sounds, told)))
            kept = self._told[key] = (row, f"{words} {heard}")
        return kept[1]

    def _find(self) -> None:
        """Look at once; in a long list when the clerk has stopped typing."""
        if self.PAUSED or len(self.rows.get(self.view, ())) > LONG:
            self._soon.start()
        else:
            self._show()

    def _picked(self, name: str, _row: Any) -> None:
        if name != self.listed:
            return
        if self.panel.page != self.HOME and self.table.hasFocus() and not self.panel.unsaved():
            self.notes.clear()
            self.panel.show_page(self.HOME)
        self._show_one()

    def _show_one(self) -> None:
        if self.listed in self.tables:
            row = self.table.row()
            one = self.facts(row) if row is not None else None
            steps = self.past.of(self._about(row))
            if one is not None and steps:
                one = replace(one, steps=steps)
            self.pages[self.listed].show_one(one, self.zone)
        self.picked()
        self.update_actions()

    def _about(self, row: Any) -> About | None:
        whose = self.whose(row) if row is not None else {}
        return About(self.today, self.zone, self.digits, **whose) if whose else None

    def _show_past(self, steps: Sequence[Step]) -> None:
        if self.listed in self.pages:
            self.pages[self.listed].show_steps(steps)

    def chosen(self, _row: Any) -> None:
        """Do what Enter and a double click on a row do."""
        if self.CHOSEN:
            self.acts[self.CHOSEN].press()
        else:
            self.press_primary()

    def update_actions(self) -> None:
        """Judge every action afresh, and say beside dead buttons why they are."""
        super().update_actions()
        why = self.whys[self.listed]
        dead = [b for b in self.dead_ends[self.listed] if not b.isEnabled() and not b.isHidden()]
        reasons = dict.fromkeys(b.act.reason for b in dead) if self.table.row() is not None else ()
        why.setText("\n".join(list(reasons)[:MOST_REASONS]))
        why.setVisible(bool(reasons))

    def picked(self) -> None:
        """Take notice that another row is in hand, or that it has changed."""

    def show_view(self, word: str) -> None:
        """Show another view."""
        self.tabs.set_value(word)
        self._seen[self.listed] = word
        self._turn_to(self.listed)
        self.refresh()

    def _turned(self, word: str) -> None:
        self.notes.clear()
        self.finder.set_value("")
        self.show_view(word)
        if (first := self.start()) is not None:
            first.setFocus()

    def step_back(self) -> bool:
        """Leave a form, then what was looked for; says whether there was anything to leave."""
        if super().step_back():
            return True
        if not self.finder.value():
            return False
        self.finder.set_value("")
        self._show()
        self.table.setFocus()
        return True

    def close_form(self) -> None:
        """Leave the form that is open."""
        self.show_row()

    def show_row(self) -> None:
        """Turn to the chosen row."""
        self.panel.show_page(self.HOME)
        self._show_one()
        self.table.setFocus()

    def in_hand(self, none: str, is_so: bool = True, otherwise: str = "") -> str:
        """Say why the row in hand cannot be worked on: none is chosen, or it is not so."""
        if self.listed not in self.tables or self.table.row() is None:
            return none
        return "" if is_so else otherwise

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go from the find line down to the list, and where letters find from the list to the find line."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if watched is self.finder.line and event.key() in INTO_LIST:
                if self._soon.isActive():
                    self._soon.stop()
                    self._show()
                self.table.setFocus()
                return True
            letter = event.text().strip() and event.text().isprintable() and not event.modifiers() & COMMAND
            if isinstance(watched, Table) and letter:
                self.finder.line.setFocus()
                self.finder.line.insert(event.text())
                return True
        return super().eventFilter(watched, event)

    # -------------------------------------------------------------- what every register can do
    @action(N_("Find in the list"), key=keys.FIND, icon="search")
    def find_here(self) -> None:
        """Give the keys to the find line."""
        self.finder.line.setFocus()
        self.finder.line.selectAll()

    def can_find_here(self) -> str:
        """Only where a list is seen."""
        return "" if self.listed in self.tables else _("There is no list to look through here.")

    @action(N_("New"), key=keys.NEW, icon="plus")
    def new(self) -> None:
        """Open the form for a new row in the panel."""
        if self.NEW:
            self.acts[self.NEW].press()
        elif self.enter is not None:
            self.panel.show_page(NEW)
            self.enter.setFocus()

    def can_new(self) -> str:
        """Say why nothing is entered here."""
        return "" if self.NEW or self.enter is not None else _("Nothing is entered by hand here.")
