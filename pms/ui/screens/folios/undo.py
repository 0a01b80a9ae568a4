"""The form that takes a mistake of today back: a check-in, a check-out, or the latest change of the stay."""

from datetime import date

from pms.core.i18n import _
from pms.services.stays import changes, taken_back
from pms.services.stays import service as stays
from pms.services.stays.changes import DAYS, PRICE, ROOM, LastChange
from pms.services.stays.queries import StayRow
from pms.ui.kit.forms import Choice, Remark

from .forms import Facts, FolioDesk, FolioForm

CHECK_IN, CHECK_OUT, CHANGE = "check_in", "check_out", "change"


def possible(stay: StayRow, change: LastChange | None, today: date) -> list[tuple[str, str]]:
    """Return what can be taken back of a stay today, the latest first."""
    if stay.state == "departed":
        return [(CHECK_OUT, _("Check-out"))] if stay.departed_on == today else []
    if stay.state != "in_house":
        return []
    found = [(CHANGE, change.words)] if change is not None else []
    return [*found, (CHECK_IN, _("Check-in"))] if stay.arrival == today else found


class UndoForm(FolioForm):
    """Take a check-in, a check-out or a change back on the same business date."""

    change: LastChange | None = None

    def __init__(self, desk: FolioDesk) -> None:
        what, reason = Choice(_("What is undone")), Remark(_("Reason"), required=True, lines=2)
        super().__init__(desk, _("Undo"), _("Undo"), what, reason, what=what, reason=reason)
        what.changed.connect(self._tell)

    def prepare(self, facts: Facts) -> None:
        """Offer what can be taken back, the latest first."""
        today = self.desk.office.house().business_date
        self.change = self.desk.office.ask(
            changes.last_change, stay_id=facts.stay.stay_id, business_date=today
        )
        offered = possible(facts.stay, self.change, today)
        self["what"].set_options(offered)
        self.fill(what=offered[0][0] if offered else None, reason="")
        self["what"].setVisible(len(offered) > 1)
        alone = offered[0][1] if len(offered) == 1 else ""
        self.title.setText(_("Undo: %(what)s") % {"what": alone} if alone else _("Undo"))
        self._tell()

    def _tell(self) -> None:
        """Say what will become of it."""
        kind = self.change.kind if self.change is not None else ""
        told = {
            CHECK_IN: _(
                "All postings of this stay are reversed, its cards end, and the booking stands as "
                "before. The room becomes dirty."
            ),
            CHECK_OUT: _(
                "The settlement is reversed: money taken and given back stands open again. The guest is in "
                "house again."
            ),
            CHANGE: {
                ROOM: _(
                    "The guest has the old room again at the old prices, and cards are cut for it. The other "
                    "room becomes dirty."
                ),
                DAYS: _("Departure, nights and prices are as before, and the cards get the old time."),
                PRICE: _("Every night has its old price again; a slip says so."),
            }.get(kind, ""),
        }
        self.say(told.get(self["what"].value() or "", ""))

    def submit(self) -> None:
        """Take it back."""
        if not self.complete():
            return
        stay, what, reason = self.desk.facts().stay, self["what"].value(), self["reason"].value()
        if what == CHANGE and self.change is not None:
            undo = taken_back.undo_change.of(stay_id=stay.stay_id, change_id=self.change.id, reason=reason)
            self.send(undo, _("Undone: %(what)s") % {"what": self.change.words})
        elif what == CHECK_IN:
            self.send(
                stays.undo_check_in.of(stay_id=stay.stay_id, reason=reason), _("The check-in is undone.")
            )
        elif what == CHECK_OUT:
            back = stays.undo_check_out.of(stay_id=stay.stay_id, reason=reason)
            self.send(back, _("The check-out is undone."))
