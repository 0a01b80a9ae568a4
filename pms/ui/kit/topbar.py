"""The bar at the top: which hotel, which business date, what time, search, devices, who works here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLayout, QSizePolicy, QWidget

from pms.core import clock
from pms.core.i18n import _
from pms.core.office import Clerk, House
from pms.ui.kit import formats, keys
from pms.ui.kit import theme as th
from pms.ui.kit.own_password import TITLE as OWN
from pms.ui.kit.parts import Button, Lamp, box, col, empty_out, keycap, label, plain, row, set_tone
from pms.ui.kit.search import SearchBox

NARROW_SEARCH = 170
"""Width of the search line in a narrow window."""


@dataclass(frozen=True)
class Device:
    """A lamp: ``state`` is ok, bad or off; ``tip`` says what to check."""

    icon: str
    state: str
    tip: str


def nav_width(window_width: int) -> int:
    """Return the width of the navigation, and so of the hotel's name above it."""
    if formats.chinese():
        return th.px(136 if window_width < th.px(1600) else 160)
    return th.px(180)  # "Handover book" with its count of two figures


class TopBar(QFrame):
    """Mounted once by the window; shows what it is told."""

    change_user = Signal()
    own_wanted = Signal()

    def __init__(self, station: str) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.setFixedHeight(th.px(th.ROW["bar"]))
        # A bar that asked for its wide form would keep the window from becoming narrow at all.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.station, self.house = station, House("", date.min, "UTC", "", 2)
        self.name = label("", "title")
        self.name.setContentsMargins(16, 0, 0, 0)
        self.date, self.clock = label("", "strong"), label("", "strong")
        self.person, self.place = label("", "strong"), label(station, "meta")
        self.drawer = label("", "strong")
        self.whose = box(self._pair(_("Drawer"), self.drawer))
        self.whose.hide()
        self._narrow, self._own = False, True
        self.search = SearchBox()
        self.lamps = row(gap=2)
        self._search_width, self.search_key = self.search.minimumWidth(), keycap(keys.SEARCH)
        self.switch = switch = Button(_("Change user"), keys.CHANGE_USER, "user")
        switch.setToolTip(_("Change user"))
        switch.clicked.connect(self.change_user)
        own = Button("", icon="lock", kind="quiet")
        own.setAccessibleName(_(OWN))
        own.setToolTip(_(OWN))
        own.clicked.connect(self.own_wanted)
        lay = row(
            self.name,
            self._pair(_("Business date"), self.date),
            8,
            self._pair(_("Clock"), self.clock),
            self.whose,
            None,
            self.search,
            self.search_key,
            None,
            self.lamps,
            8,
            col(None, self.person, self.place, None, gap=0),
            own,
            switch,
            gap=8,
            pad=(0, 0, 12, 0),
        )
        self.setLayout(lay)

    def show_narrow(self, narrow: bool) -> None:
        """Leave room for every fact in a narrow window: a shorter search line, an icon for the words."""
        self._narrow = narrow
        self.search.setMinimumWidth(th.px(NARROW_SEARCH) if narrow else self._search_width)
        self.search_key.setVisible(not narrow)
        self.switch.words = "" if narrow else _("Change user")
        self.switch.updateGeometry()
        self._show_whose()

    @staticmethod
    def _pair(word: str, fact: QWidget) -> QLayout:
        return col(None, label(word, "meta"), fact, None, gap=0)

    def show_house(self, house: House) -> None:
        """Show the hotel's name and business date."""
        self.house = house
        self.name.setText(
            self.name.fontMetrics().elidedText(
                house.name, Qt.TextElideMode.ElideRight, self.name.width() - 20
            )
        )
        self.name.setToolTip(plain(house.name))
        self.date.setText(formats.long_day(house.business_date))

    def show_moment(self, moment: datetime) -> None:
        """Show the time; with its weekday and in warning tone when it is another day than the business
        date."""
        here = clock.local(moment, self.house.zone)
        other = here.date() != self.house.business_date
        self.clock.setText(f"{formats.weekday(here.date())} {here:%H:%M}" if other else f"{here:%H:%M}")
        set_tone(self.clock, "warn" if other else "")
        self.clock.setToolTip(
            _("The clock is on another day than the business date, until the night audit.") if other else ""
        )

    def show_clerk(self, clerk: Clerk) -> None:
        """Show who works here."""
        self.person.setText(clerk.name)

    def show_drawer(self, name: str, *, own: bool) -> None:
        """Show whose drawer stands here, in warning tone where it is another's; nothing where none does."""
        self.drawer.setText(name)
        set_tone(self.drawer, "" if own else "warn")
        told = "" if own else _("The drawer is that of %(name)s.") % {"name": name}
        self.drawer.setToolTip(plain(told))
        self._own = own
        self._show_whose()

    def _show_whose(self) -> None:
        """Show whose drawer stands here; in a narrow window only another's, for one's own is one's name."""
        self.whose.setVisible(bool(self.drawer.text()) and not (self._narrow and self._own))

    def show_devices(self, devices: Sequence[Device]) -> None:
        """Show a lamp for each device."""
        empty_out(self.lamps)
        for device in devices:
            self.lamps.addWidget(Lamp(device.icon, device.state, device.tip))
