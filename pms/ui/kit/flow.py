"""Forms at the side: the list stays in sight, the panel turns to the form and back. What the desk says stands
above the buttons."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QStackedWidget, QWidget

from pms.core.i18n import _
from pms.core.operation import Call
from pms.core.typed import code
from pms.ui.kit import keys, safety
from pms.ui.kit import theme as th
from pms.ui.kit.chips import Chips
from pms.ui.kit.desk import Screen, may_leave
from pms.ui.kit.forms import Field, Flag, Form, Text
from pms.ui.kit.messages import Notes
from pms.ui.kit.parts import Button, Item, Pad, box, col, frame, label, row, rule, scrolling
from pms.ui.kit.unsaved import Typed


class Pick(Field):
    """One of a few, all of them in sight as chips; the arrow keys go from one to the next."""

    def __init__(
        self,
        title: str,
        options: Sequence[tuple[Any, str]],
        *,
        value: Any = None,
        icons: dict[Any, str] | None = None,
    ) -> None:
        self.chips = Chips(options, icons=icons)
        super().__init__(title, self.chips)
        self.set_value(value if value is not None or not options else options[0][0])
        self.chips.chosen.connect(self._chosen)

    def set_options(self, options: Sequence[tuple[Any, str]]) -> None:
        """Offer these; what was chosen stays chosen if it is still there, else the first is."""
        held = self.value()
        self.chips.set_options(options)
        offered = [value for value, _words in options]
        self.set_value(held if held in offered else next(iter(offered), None))

    def value(self) -> Any:
        """Return the chosen value."""
        return self.chips.value()

    def set_value(self, value: Any) -> None:
        """Choose a value without telling."""
        self.chips.set_value(value)
        if value in self.chips.chips:
            self.setFocusProxy(self.chips.chips[value])

    def _chosen(self, value: Any) -> None:
        self.setFocusProxy(self.chips.chips[value])
        self.changed.emit()


class SlipNumber(Text):
    """The numbers of the deposit slips that came back; each one that is out must be typed, ``D-31`` or
    ``31``."""

    def __init__(self) -> None:
        self.out: tuple[str, ...] = ()
        super().__init__(_("Deposit slip number"), check=self._check, plain=True)

    def expect(self, out: Sequence[str]) -> None:
        """Say which slips are out; money without a slip asks for none."""
        self.out, self.required = tuple(out), bool(out)
        self.line.setPlaceholderText(_("%(n)s out") % {"n": len(out)} if out else "")

    def _check(self, typed: str) -> str:
        given = {
            part if part.startswith("D-") else f"D-{part}" for part in code(typed).replace(",", " ").split()
        }
        if missing := [s for s in self.out if s not in given]:
            return _("Still out: %(slips)s. Type the number of each slip, or tick that it is lost.") % {
                "slips": ", ".join(missing)
            }
        return ""


class FormPage:
    """One form of a side panel: its title, what it is about, its fields, its filled button and the way back.

    ``intent`` is the key of the confirmed action: fresh each time the form is opened, kept while it stands.
    """

    def __init__(
        self,
        title: str,
        verb: str,
        do: Callable[[], object],
        back: Callable[[], object],
        *items: Item,
        icon: str = "",
        **fields: Field | Flag,
    ) -> None:
        self.form, self.intent = Form(**fields), ""
        self.title, self.about = label(title, "title", wrap=True), label("", "muted", wrap=True)
        self.about.hide()
        self.button = Button(verb, keys.PRIMARY, icon, "primary")
        self.button.clicked.connect(lambda _on=False: do())
        leave = Button(_("Back"), keys.BACK)
        leave.clicked.connect(lambda _on=False: self._leave(back))
        shown: Sequence[Item] = items or tuple(fields.values())
        self.body = Typed(col(self.title, self.about, *shown, None, gap=12), fields.values())
        self.foot = box(col(None, row(leave, (self.button, 1), gap=8)))
        for field in fields.values():
            line = getattr(field, "typed", field)  # a way to pay has the line of its number
            if isinstance(line, Text):
                line.line.returnPressed.connect(self.button.click)

    def _leave(self, back: Callable[[], object]) -> None:
        if may_leave(self.body.window()):
            back()

    def __getitem__(self, name: str) -> Any:
        return self.form[name]

    def say(self, about: str) -> None:
        """Say what the form is about, or what will be done."""
        self.about.setText(about)
        self.about.setVisible(bool(about))

    def fill(self, **values: Any) -> None:
        """Show these values and take old messages away."""
        for name, value in values.items():
            self.form[name].set_value(value)
        self.form.clear_errors()
        self.body.by_hand = False


P = TypeVar("P", bound=FormPage)


FOOT = 460
"""As wide as the buttons of a wide panel become."""


class SidePages(QFrame):
    """The side panel with several pages of which one is seen; ``turned`` tells which."""

    turned = Signal(str)

    def __init__(self, notes: Notes, *, width: int = 312, grows: bool = False) -> None:
        """``grows``: it takes what the list beside it leaves."""
        super().__init__()
        self.setObjectName("panel")
        if grows:
            self.setMinimumWidth(th.px(width))
        else:
            self.setFixedWidth(th.px(width))
        self._notes = notes
        self._names: list[str] = []
        self._forms: dict[str, FormPage] = {}
        self._foot_pages: list[QWidget] = []
        self._bodies, self._feet = QStackedWidget(), QStackedWidget()
        self._feet.setMaximumWidth(th.px(FOOT))
        foot = row((None, 1), (self._feet, FOOT), gap=0)  # the next step stands bottom right
        self.setLayout(col((self._bodies, 1), notes, foot, gap=12, pad=(16, 16, 16, 16)))

    def add(self, name: str, body: QWidget, foot: QWidget) -> None:
        """Add a page."""
        self._names.append(name)
        scroll = scrolling(
            body
        )  # of its own: in one scroll area around all the tallest page would let every other scroll
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._bodies.addWidget(scroll)
        self._feet.addWidget(foot)
        self._foot_pages.append(foot)
        self._fit()

    def _fit(self) -> None:
        """Let only the buttons that are seen ask for room, so that a message stands right above them."""
        kept, none = QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored
        for foot in self._foot_pages:
            policy = kept if foot is self._feet.currentWidget() else none
            foot.setSizePolicy(policy, policy)
        self._feet.updateGeometry()

    def add_form(self, name: str, page: P) -> P:
        """Add a form and return it."""
        self._forms[name] = page
        self.add(name, page.body, page.foot)
        return page

    def unsaved(self) -> bool:
        """Say whether something typed in the panel would be lost."""
        return any(body.unsaved() for body in self.findChildren(Typed))

    @property
    def page(self) -> str:
        """Return the name of the page that is seen."""
        return self._names[self._bodies.currentIndex()]

    def show_page(self, name: str) -> None:
        """Turn to a page; a form gets the keys in its first field."""
        at = self._names.index(name)
        if at != self._bodies.currentIndex():
            safety.opened()
            self._notes.turn()
        self._bodies.setCurrentIndex(at)
        self._feet.setCurrentIndex(at)
        self._fit()
        if (page := self._forms.get(name)) is not None:
            page.body.by_hand = False
            first = next(
                (f for f in page.form.fields.values() if f.isVisibleTo(page.body) and f.isEnabled()), None
            )
            if first is not None:
                first.setFocus(Qt.FocusReason.OtherFocusReason)
        self.turned.emit(name)


class Forms(dict[str, P]):
    """The forms of a side panel by name, each made and added when it is first asked for: a page opens without
    waiting for them."""

    def __init__(self, panel: SidePages, makers: Mapping[str, Callable[[], P]]) -> None:
        super().__init__()
        self._panel, self._makers = panel, makers

    def __missing__(self, name: str) -> P:
        page = self[name] = self._makers[name]()
        self._panel.add_form(name, page)
        return page


class SideScreen(Screen):
    """A page with a list and a side panel that turns to a form and back; ``HOME`` is the panel's first
    page."""

    HOME = "home"
    panel: SidePages

    def open_form(self, page: FormPage, name: str) -> None:
        """Turn to a form with a fresh intent."""
        self.notes.clear()
        page.intent = self.office.new_intent()
        self.panel.show_page(name)

    def close_form(self) -> None:
        """Turn back to the list."""
        self.panel.show_page(self.HOME)
        if (first := self.start()) is not None:
            first.setFocus()
        self.update_actions()

    def step_back(self) -> bool:
        """Leave the form that is open."""
        if self.panel.page == self.HOME:
            return False
        self.notes.clear()
        self.close_form()
        return True

    def save(self, page: FormPage, call: Call[Any], said: str) -> bool:
        """Check a form, run its operation and turn back to the list when it is done."""
        if missing := page.form.missing():
            self.refuse(missing)
            return False
        done = bool(self.run(call, said=said))
        if done:
            self.close_form()
        return done


def total(words: str, amount: str, tone: str = "", *, role: str = "page") -> tuple[QLabel, QLabel]:
    """Make the line of a sum: its name and the figure that answers the question."""
    figure = label(amount, role, tone)
    figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label(words, "strong", wrap=True), figure


def sums(
    title: str,
    lines: Sequence[tuple[str, str]],
    answer: tuple[str, str, str] | None = None,
    *,
    pad: Pad = (12, 8, 12, 8),
) -> QFrame:
    """Make a box of sums: its name, muted lines with their amounts, and the answer (words, figure, tone)
    below a hairline."""
    made: list[Item] = [label(title, "strong", wrap=True)] if title else []
    for words, amount in lines:
        made.append(row((label(words, "muted", wrap=True), 1), label(amount), gap=8))
    if answer is not None:
        words, figure, tone = answer
        name, shown = total(words, figure, tone)
        made += [*([rule()] if made else []), row((name, 1), shown, gap=8)]
    return frame("well", col(*made, gap=4, pad=pad))
