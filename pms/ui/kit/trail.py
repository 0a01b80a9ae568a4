"""What was changed of a record, as steps of its panel: each field with what it was and what it is."""

from collections.abc import Callable, Mapping
from typing import Any

from pms.core.i18n import _
from pms.services.staff.told import Told
from pms.ui.kit import formats
from pms.ui.kit.one import Step

Say = Callable[[str, Any], str]
"""Writes a value of a field for people to read."""


def step(change: Told, fields: Mapping[str, str], say: Say, made: str) -> Step | None:
    """Return one change as a step; None where nothing of it is told. ``made`` says that the record is new."""
    new = any(not isinstance(value, list) for value in change.fields.values() if value != "*")
    if new:
        return Step(change.at, made, change.by, str(change.fields.get("name", "")))
    told = [
        _of(name, _(words), change.fields[name], say)
        for name, words in fields.items()
        if name in change.fields
    ]
    return Step(change.at, formats.commas(told), change.by) if told else None


def _of(name: str, words: str, value: Any, say: Say) -> str:
    if not isinstance(value, list):  # private: that it changed, not what it says
        return _("%(field)s changed") % {"field": words}
    before, after = (say(name, part) or "–" for part in value)
    return _("%(field)s: %(before)s → %(after)s") % {"field": words, "before": before, "after": after}
