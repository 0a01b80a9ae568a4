"""The head of a page that changes one stay: room, guest, type, departure and plan."""

from pms.core.i18n import _
from pms.services.stays.queries import StayRow
from pms.ui.kit import formats
from pms.ui.kit.parts import col, label, row


class StayHead:
    """Whose stay it is: three labels, and the ``layout`` that a page takes up."""

    def __init__(self) -> None:
        self.room = label("", "figure")
        self.guest, self.about = label("", "title", wrap=True), label("", "muted", wrap=True)
        self.layout = row(self.room, (col(self.guest, self.about, gap=2), 1), gap=12)

    def show_stay(self, s: StayRow) -> None:
        """Say whose it is, how long, and by which plan."""
        self.room.setText(s.room)
        self.guest.setText(s.guest)
        self.about.setText(
            _("%(type)s, leaves %(day)s, %(plan)s")
            % {
                "type": _(s.type_name),
                "day": formats.long_day(s.departure),
                "plan": _(s.plan_name) if s.plan_name else _("manual rate"),
            }
        )
