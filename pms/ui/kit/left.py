"""How many rooms of a type are left, in words."""

from pms.core.i18n import _, ngettext

from . import formats


def left_words(free: int | None, more: int | None, wanted: int, blocked: int = 0) -> tuple[str, str]:
    """Say how many are left of a type, and in which tone, when so many are wanted; ``more`` counts the
    overbooking allowance, ``blocked`` are rooms among them that nobody can be given now."""
    if free is None or more is None:
        return _("not on sale"), "muted"
    if free >= wanted:
        words = ngettext("%(n)s left", "%(n)s left", free) % {"n": free}
        return _with_blocked(words, blocked), ("warn" if blocked > free - wanted else "good")
    if more >= wanted:
        over = wanted - max(free, 0)
        words = ngettext("%(n)s over", "%(n)s over", over) % {"n": over}
        return formats.commas((words, _("needs authority to overbook"))), "warn"
    return (_("Only %(n)s left") % {"n": free}) if free > 0 else _("Sold out"), "bad"


def short_left(free: int | None, more: int | None, blocked: int = 0) -> str:
    """Say the same in a narrow column."""
    if free is None or more is None:
        return _("not on sale")
    if free > 0:
        return _with_blocked(str(free), blocked)
    return _("0, %(n)s to overbook") % {"n": more} if more > 0 else _("Sold out")


def _with_blocked(words: str, blocked: int) -> str:
    told = ngettext("%(n)s blocked", "%(n)s blocked", blocked) % {"n": blocked}
    return formats.commas((words, told)) if blocked else words
