"""What the one filled button says, and the sentence below it."""

from pms.core.i18n import _, ngettext
from pms.ui.kit import formats

from .stage import BACKUP, BEGIN, CLEAR, CLOSE, DAY, EARLY, REPORT, Night


def words(night: Night, zone: str) -> tuple[str, str]:
    """Return the words of the button for the step that comes next, and what it will do."""
    button, then = {
        EARLY: (_("Back to the room board"), _("The audit of %(day)s begins on %(opens)s.")),
        BEGIN: (
            _("Begin the audit of %(day)s"),
            _("Nothing is posted yet: first everything is looked at."),
        ),
        CLEAR: (_("Clear the next one"), _("%(next)s. Then this becomes: Post and close %(day)s")),
        CLOSE: (_("Post and close %(day)s"), _close_words(night)),
        REPORT: (
            _("Write the reports"),
            _("%(before)s is closed. Its reports are written as files, then a backup."),
        ),
        BACKUP: (_("Back up"), _("The reports of %(before)s are written. The backup is the last step.")),
    }[night.stage]
    values = {
        "day": formats.day(night.business_date),
        "before": formats.day(night.business_date - DAY),
        "next": night.blocking()[0].title if night.blocking() else "",
        "opens": formats.day_time(night.opens, zone),
    }
    return button % values, then % values


def _close_words(night: Night) -> str:
    told = [
        ngettext("%(n)s line is posted,", "%(n)s lines are posted,", len(night.charges))
        % {"n": len(night.charges)}
    ]
    late = [f for f in night.findings if f.kind == "arrivals"]
    if late:
        told.append(
            ngettext("%(n)s booking becomes a no-show,", "%(n)s bookings become no-shows,", len(late))
            % {"n": len(late)}
        )
    told.append(_("the date becomes %(day)s.") % {"day": formats.day(night.business_date + DAY)})
    if night.unmarked():
        told.append(_("%(n)s findings have no mark.") % {"n": len(night.unmarked())})
    if night.waiting > 1:
        told.append(_("%(n)s days wait; they are closed one by one.") % {"n": night.waiting})
    return ("" if formats.chinese() else " ").join(told).replace("%", "%%")
