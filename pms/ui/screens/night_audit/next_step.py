"""The step that comes next: what the one filled button says and does, and the sentence below it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pms.core.i18n import _, ngettext
from pms.services.night_audit.checks import Check, Finding
from pms.ui.kit import formats

from .stage import BACKUP, BEGIN, CLEAR, CLOSE, DAY, EARLY, REPORT, Night

NEXT, REPORTS = "next", "reports"
LONGEST = 16
"""Signs of a name that have room on the button."""


@dataclass(frozen=True)
class Step:
    """What the button does (a stage's word, or ``next``: take a finding in hand, ``reports``: read those of
    the closed day), with which finding, what it says and what stands below."""

    act: str
    words: str
    then: str
    finding: Finding | None = None


def of(
    night: Night,
    zone: str,
    checks: Mapping[str, Check],
    *,
    seen: Collection[str],
    chosen: Sequence[str],
    just_closed: bool,
) -> Step:
    """Return the step that comes next: what must be cleared first, then each finding that is not marked and
    was not in hand yet (``seen``), then the close. ``chosen`` are those in hand."""
    if night.stage in (EARLY, CLEAR) and night.blocking() and not just_closed:
        return _clear(night, checks, chosen)
    if night.stage == CLOSE and (left := [f for f in night.unmarked() if f.key not in seen]):
        return _look_at(night, checks, left)
    if night.stage == EARLY and just_closed:
        return Step(
            REPORTS, _filled(_("Reports of %(before)s"), night, zone), _filled(_begins(), night, zone)
        )
    if night.stage == CLOSE:
        return Step(CLOSE, _filled(_("Post and close %(day)s"), night, zone), _close_words(night))
    words, then = {
        EARLY: (_("Back to the room board"), _begins()),
        BEGIN: (
            _("Begin the audit of %(day)s"),
            _("Nothing is posted yet: first everything is looked at."),
        ),
        REPORT: (
            _("Write the reports"),
            _("%(before)s is closed. Its reports are written as files, then a backup."),
        ),
        BACKUP: (_("Back up"), _("The reports of %(before)s are written. The backup is the last step.")),
    }[night.stage]
    return Step(night.stage, _filled(words, night, zone), _filled(then, night, zone))


def question(night: Night) -> str:
    """Return what is asked once before the day is posted and closed."""
    asked = _("Post and close %(day)s?") % {"day": formats.day(night.business_date)}
    return f"{asked}\n{_close_words(night)}\n{_('A closed day is not opened again.')}"


def _begins() -> str:
    return _("The audit of %(day)s begins on %(opens)s.")


def _filled(words: str, night: Night, zone: str) -> str:
    return words % {
        "day": formats.day(night.business_date),
        "before": formats.day(night.business_date - DAY),
        "opens": formats.day_time(night.opens, zone),
    }


def _clear(night: Night, checks: Mapping[str, Check], chosen: Sequence[str]) -> Step:
    """Take what must be cleared in hand, or, where it is, go and clear it."""
    finding = night.blocking()[0]
    then = _("%(next)s. Then this becomes: Post and close %(day)s") % {
        "next": finding.title,
        "day": formats.day(night.business_date),
    }
    if list(chosen) != [finding.key]:
        return Step(NEXT, _next_words(finding, checks), then, finding)
    words = finding.remedy.words
    if finding.about:
        words = _("%(act)s: %(what)s") % {"act": words, "what": _short(finding.about)}
    return Step(CLEAR, words, then, finding)


def _look_at(night: Night, checks: Mapping[str, Check], left: Sequence[Finding]) -> Step:
    then = ngettext(
        "%(n)s finding not looked at yet. Then this becomes: Post and close %(day)s",
        "%(n)s findings not looked at yet. Then this becomes: Post and close %(day)s",
        len(left),
    ) % {"n": len(left), "day": formats.day(night.business_date)}
    return Step(NEXT, _next_words(left[0], checks), then, left[0])


def _next_words(finding: Finding, checks: Mapping[str, Check]) -> str:
    return _("Next: %(what)s") % {"what": _short(finding.about or _(checks[finding.kind].title))}


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


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
    return ("" if formats.chinese() else " ").join(told)
