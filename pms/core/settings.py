"""What one workstation knows before it opens the hotel: where the database is, its own name, its look."""

import json
import os
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from pms.core import private
from pms.core.disk import why
from pms.core.errors import Refused
from pms.core.i18n import _

FILE = "settings.json"
KEY_PLACES = ("file", "keyring")


@dataclass(frozen=True)
class Home:
    """The two folders of a workstation: ``config`` holds settings and key, ``data`` the database, backups and
    logs."""

    config: Path
    data: Path

    @property
    def settings(self) -> Path:
        """Return the settings file."""
        return self.config / FILE

    @property
    def key(self) -> Path:
        """Return the key file, beside the settings and never beside the database."""
        return self.config / "hotel.key"

    @property
    def next_key(self) -> Path:
        """Return the file of the key to come, while the hotel's key is changed."""
        return self.config / "hotel.key.next"

    def anchor(self, hotel: str) -> Path:
        """Return the file that says how far a hotel's audit trail went, by the sign of its key."""
        return self.config / f"anchor-{hotel}"

    def newest(self, hotel: str) -> Path:
        """Return the file that says which of a hotel's servers was promoted last, by the sign of its key."""
        return self.config / f"server-{hotel}"

    @property
    def database(self) -> Path:
        """Return where an embedded database lies unless the settings say otherwise."""
        return self.data / "hotel.db"

    @property
    def backups(self) -> Path:
        """Return the folder of the backups."""
        return self.data / "backups"

    @property
    def paper(self) -> Path:
        """Return the folder of the papers that are kept as files; no printer of kind folder writes
        elsewhere."""
        return self.data / "paper"

    @property
    def cards(self) -> Path:
        """Return the folder of the cards that are cut without an encoder."""
        return self.data / "cards"

    @property
    def passing(self) -> Path:
        """Return the folder of what another program takes over at once."""
        return self.data / "passing"

    @property
    def reports(self) -> Path:
        """Return the folder of the closed days' reports, one folder for each day."""
        return self.data / "reports"

    @property
    def log(self) -> Path:
        """Return the file that defects are written to."""
        return self.data / "log" / "defects.log"

    @property
    def lists(self) -> Path:
        """Return the folder of the lists that are told when the server does not answer."""
        return self.data / "lists"

    @property
    def kept(self) -> tuple[Path, ...]:
        """Return every file and folder in which the program keeps something."""
        kept = self.paper, self.cards, self.reports, self.backups, self.log.parent, self.lists
        return *kept, self.key, self.next_key, self.settings, self.database

    @property
    def demo(self) -> "Home":
        """Return the home of the demonstration hotel, which never touches the real one."""
        return Home(self.config / "demo", self.data / "demo")


def home() -> Home:
    """Return this login's home: ``PMS_HOME`` when it is set, else the system's usual folders."""
    if given := os.environ.get("PMS_HOME", ""):
        return Home(Path(given), Path(given))
    import platformdirs

    return Home(
        Path(platformdirs.user_config_dir("pms", False)), Path(platformdirs.user_data_dir("pms", False))
    )


@dataclass(frozen=True)
class Settings:
    """One workstation's settings; an empty ``database`` means that no hotel has been set up here.

    ``database`` is a path or a URL, ``key`` is where the hotel's key is kept: ``file`` or ``keyring``. What a
    newer release wrote is kept in ``others``. Printers are the hotel's and stand in its database. ``encoder``
    is the card encoder's kind and address,
    ``fias 192.168.1.70:5010/1`` say; without one every card is a file in the data folder. ``reader`` is the
    identity reader's,
    ``socket 5020`` say; a reader that types like a keyboard needs none. ``second_place`` is a
    folder that every backup is copied to.
    """

    database: str = ""
    key: str = "file"
    station: str = ""
    language: str = "zh_CN"
    theme: str = "light"
    scale: int = 100
    folded: bool = False
    encoder: str = ""
    reader: str = ""
    second_place: str = ""
    others: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def ready(self) -> bool:
        """Say whether a hotel has been set up here."""
        return bool(self.database)

    @property
    def server(self) -> bool:
        """Say whether the hotel's database is on a server."""
        return "://" in self.database


def load(place: Home) -> Settings:
    """Read the settings, or return those a new workstation starts with; refuses a file that cannot be
    read."""
    try:
        stored = json.loads(place.settings.read_text("utf-8"))
    except FileNotFoundError:
        return _fresh()
    except (OSError, ValueError) as error:
        raise Refused(
            _(
                "The settings file %(file)s cannot be read (%(why)s). Correct it or move it away; the "
                "hotel's data are elsewhere."
            )
            % {"file": place.settings, "why": getattr(error, "strerror", None) or error}
        ) from error
    if not isinstance(stored, dict):
        raise Refused(
            _(
                "The settings file %(file)s holds no settings. Correct it or move it away; the "
                "hotel's data are elsewhere."
            )
            % {"file": place.settings}
        )
    return _understood(stored)


def _fresh() -> Settings:
    """A new workstation speaks the language of its login: Chinese, or else English."""
    import platform  # a workstation that has its name starts without

    spoken = next(
        (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "zh_CN"
    )
    return Settings(
        station=platform.node() or "desk-1", language="zh_CN" if spoken.startswith("zh") else "en"
    )


def _understood(stored: dict[str, Any]) -> Settings:
    """Take what has the right type; a value that somebody garbled falls back to the start value."""
    made, known = _fresh(), {f.name for f in fields(Settings)} - {"others"}
    fitting = {k: v for k, v in stored.items() if k in known and type(v) is type(getattr(made, k))}
    return replace(made, **fitting, others={k: v for k, v in stored.items() if k not in known})


def save(place: Home, settings: Settings) -> None:
    """Write the settings whole or not at all, readable by this login only."""
    plain = asdict(settings)
    write_private(
        place.settings, json.dumps(plain.pop("others") | plain, ensure_ascii=False, indent=2) + "\n"
    )


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step, mode 0600, safe against a power cut; refuses where the folder cannot be
    written."""
    try:
        private.write(path, text.encode(), alone=False)
    except OSError as error:
        raise Refused(
            _("%(file)s cannot be written: %(why)s. Check the folder's permissions and the free space.")
            % {"file": path, "why": why(error)}
        ) from error
