"""The last step of a shift: what is open is accepted group by group, and the next person takes over."""

from pms.core import offers
from pms.core.i18n import N_, _, ngettext
from pms.services.shifts import service
from pms.services.shifts.queries import ShiftRow
from pms.services.shifts.service import item_key
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.desk import Screen
from pms.ui.kit.flow import SidePages
from pms.ui.kit.parts import Button, box, col, label

from .items import OpenItems
from .stages import NONE, TAKE


class TakingOver(Screen):
    """The part of the shift's page that hands it over."""

    shift: ShiftRow | None
    stage: str
    intent: str
    digits: int
    pages: SidePages
    open_items: OpenItems

    def to_stage(self, stage: str) -> None:
        """Turn to a stage."""
        raise NotImplementedError

    def moved_on(self) -> None:
        """Show what is due after something was done."""
        raise NotImplementedError

    def add_take_page(self, name: str) -> None:
        """Add what stands beside the open items."""
        self.take_about = label("", "muted", wrap=True)
        take = Button(_("Take over"), keys.PRIMARY, "handover", "primary")
        take.clicked.connect(lambda _on=False: self.acts["take_over"].press())
        self.take_count = label("", "strong", wrap=True)
        title = label(_("Take over the shift"), "title")
        self.pages.add(
            name,
            box(col(title, self.take_about, self.take_count, None, gap=12)),
            box(col(None, self.button("accept"), self.button("alone", kind=""), take, gap=8)),
        )

    def show_items(self) -> None:
        """Ask what is open in the house and show it by duty."""
        assert self.shift is not None
        self.open_items.show_items(self.office.gather(offers.handover), self.office.now())
        told = _(
            "%(name)s hands over with %(sum)s in the drawer. The next person opens and accepts each "
            "group and takes over by password."
        )
        self.take_about.setText(
            told % {"name": self.shift.clerk, "sum": formats.amount(self.shift.left, self.digits)}
        )
        self.show_left()

    def show_left(self) -> None:
        """Say how many items are still to be accepted."""
        left = self.open_items.left()
        self.take_count.setText(
            ngettext("%(n)s open item to accept", "%(n)s open items to accept", left) % {"n": left}
            if left
            else _("Every open item is accepted.")
        )
        self.update_actions()

    @action(N_("Open or accept"), key="Space", icon="check")
    def accept(self) -> None:
        """Open the group in hand, then accept it and go to the next."""
        self.open_items.accept()

    def can_accept(self) -> str:
        """Say that there is nothing to accept."""
        held = self.stage == TAKE and self.open_items.list.row() is not None
        return "" if held else _("There is no open item to accept.")

    @action(N_("Open a shift alone"), operation=service.open_shift)
    def alone(self) -> None:
        """Go on without a second person: a new shift with a float of its own."""
        self.to_stage(NONE)

    def can_alone(self) -> str:
        """Say that this shift is still running."""
        return "" if self.stage == TAKE else _("There is no closed shift here.")

    @action(N_("Take over"), operation=service.take_over, icon="handover")
    def take_over(self) -> None:
        """Let the next person take over with their password."""
        assert self.shift is not None
        take = service.take_over.of(shift_id=self.shift.id, accepted=sorted(self.open_items.accepted))
        if done := self.run(take, intent=self.intent):
            self.open_items.accepted.clear()
            self.moved_on()
            told = _("%(name)s has the shift now; the sheet is under Print-outs.")
            if done.signer != self.office.clerk.name:
                told = _("%(name)s has the shift now; the sheet is under Print-outs. Press F11 and sign in.")
            self.notes.good(told % {"name": done.signer})

    def can_take_over(self) -> str:
        """Say what is still to be accepted."""
        left = [i for i in self.open_items.items if item_key(i) not in self.open_items.accepted]
        if self.stage != TAKE or not left:
            return "" if self.stage == TAKE else _("There is no closed shift here.")
        return _("Not accepted yet: %(items)s. Accept each open item, or settle it first.") % {
            "items": "; ".join(f"{i.number} {i.text.rstrip('.。')}" for i in left[:3])
        }
