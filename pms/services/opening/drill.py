"""Rehearse the bad day: restore the newest backup beside the hotel, prove it, and say how long that took."""

import tempfile
from dataclasses import replace
from pathlib import Path
from time import monotonic

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.offers import Offers
from pms.core.settings import Home, Settings
from pms.db import backup, keys, schema
from pms.db.anchor import words as entry_words

from . import proving, rollback, store


def newest(folder: Path, key: bytes) -> Path | None:
    """Return the backup that holds most, whatever its name or its file's date says."""
    held: dict[Path, int] = {}
    for path in folder.glob("*.backup"):
        try:
            held[path] = backup.reach(path, key)[0]
        except Refused:
            held[path] = 0
    return max(held, key=lambda path: (held[path], path.stat().st_mtime), default=None)


def run(place: Home, settings: Settings, offers: Offers) -> tuple[bool, str]:
    """Return whether the newest backup stood the drill, and what it showed; the hotel itself is not touched
    and nothing is left."""
    key = keys.derive(keys.load(place, settings)).database
    source = newest(place.backups, key)
    if source is None:
        return False, _("there is none: run “pms backup”")
    begun = monotonic()
    try:
        with tempfile.TemporaryDirectory(dir=place.data, prefix="drill-") as folder:
            faults, stand = _restored(place, settings, offers, source, Path(folder) / "hotel.db")
    except Refused as refusal:
        return False, str(refusal)
    took = monotonic() - begun
    if faults:
        return False, _("%(file)s was restored and does not prove: %(what)s") % {
            "file": source.name,
            "what": " ".join(faults[:3]),
        }
    return True, _("%(file)s was restored beside and proven in %(n)s s: business date %(day)s, %(entry)s") % {
        "file": source.name,
        "n": f"{took:.1f}",
        "day": stand.business_date,
        "entry": entry_words(stand.entry, stand.head),
    }


def _restored(
    place: Home, settings: Settings, offers: Offers, source: Path, target: Path
) -> tuple[list[str], rollback.Stand]:
    key = keys.derive(keys.load(place, settings)).database
    backup.restore(source, target, key, known=schema.known())
    office = store.open_office(place, replace(settings, database=str(target)), offers, anchored=False)
    try:
        faults = [fault for _title, found in proving.proofs(office) for fault in found]
        return faults, office.look(rollback.stand)
    finally:
        office.engine.dispose()
