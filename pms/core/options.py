"""The hotel's rules as data: each declared once, with its type and the value a hotel starts with; Settings
edits them. A rule that one duty alone reads is an ``Option`` in the duty's row; the others are ``Options``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from typing import Any, Generic, TypeVar

from pms.core.i18n import N_

T = TypeVar("T", bool, int, str)


@dataclass(frozen=True)
class Option(Generic[T]):
    """A rule that one duty alone reads (``options[OPTION]``), declared in its row: name in the database,
    start value, its words and the card of Settings they stand on.

    A whole number lies within ``least`` and ``most``, a sum of ``money`` too; a text has at most ``most``
    signs. ``beside``: it is shown beside the one before it.
    """

    name: str
    start: T
    words: str
    card: str
    least: int = 0
    most: int = 1_000_000_000
    hint: str = ""
    money: bool = False
    beside: bool = False


@dataclass(frozen=True)
class Band:
    """From this wall-clock time on (``HH:MM``) a guest who is early, late or here for the day pays this part
    of the night's price."""

    start: str
    ratio: str
    label: str

    @property
    def part(self) -> Decimal:
        """Return the ratio as an exact number."""
        return Decimal(self.ratio)


@dataclass(frozen=True)
class Levy:
    """How one transaction code is taxed where it differs from the house, and its service charge.

    Parts of a hundred per cent (600 = 6 %); ``tax`` and ``included`` are None where the house's own holds.
    """

    code: str
    tax: int | None = None
    included: bool | None = None
    service: int = 0
    service_included: bool = False


LATE = (Band("00:00", "0", "free"), Band("12:00", "0.5", "half day"), Band("18:00", "1", "full day"))
DAY_USE = (Band("00:00", "0.5", "half day"), Band("18:00", "1", "full day"))
EARLY = (
    Band("00:00", "0.5", "early arrival"),
    Band("06:00", "0.5", "early arrival"),
    Band("10:00", "0", "free"),
)


@dataclass(frozen=True)
class Options:
    """Every rule a manager may change; times are wall clock ``HH:MM``, amounts are minor units."""

    check_in_time: str = "14:00"
    check_out_time: str = "12:00"
    hold_time: str = "18:00"
    close_from: str = "00:00"
    late_bands: tuple[Band, ...] = LATE
    day_use_bands: tuple[Band, ...] = DAY_USE
    early_bands: tuple[Band, ...] = EARLY
    charge_unit: int = 100
    inspection: bool = False
    deposit_per_night: int = 10000
    deposit_unit: int = 10000
    credit_limit: int = 0
    tax_basis_points: int = 0
    tax_included: bool = False
    levies: tuple[Levy, ...] = ()
    no_show_nights: int = 0
    card_price: int = 2000
    overbooking: bool = True
    inventory_days: int = 400
    backups: bool = True
    backup_hours: int = 4
    keep_days: int = 14
    keep_weeks: int = 8
    keep_months: int = 12
    reports: bool = True
    available_less_ooo: bool = False
    odd_amount: int = 100000
    over_short_told: int = 5000
    wifi: str = ""
    house_rules: str = ""
    phone: str = ""
    address: str = ""
    logo: str = ""
    """The sign of the picture at the head of papers; empty where there is none."""
    first_day: bool = False
    """The list of the first day is shown; it begins with the set-up."""
    identity_days: int = 0
    paper_days: int = 30
    shifts: bool = True
    float_amount: int = 200000
    hand_in: str = "float"
    shop_count: bool = True
    denominations: tuple[int, ...] = (10000, 5000, 2000, 1000, 500, 100, 50, 10)
    lock_minutes: int = 3
    signs_typed: str = "alone"
    own: Mapping[str, Any] = field(default_factory=dict)
    """What the hotel changed of the rules that duties declare themselves."""

    def __getitem__(self, option: Option[T]) -> T:
        """Return the value of a rule that a duty declares itself; a stored value of another type counts as
        none."""
        found = self.own.get(option.name, option.start)
        return found if type(found) is type(option.start) else option.start

    def changing(self, option: Option[T], value: T) -> "Options":
        """Return the options with another value for a rule that a duty declares itself."""
        others = {name: kept for name, kept in self.own.items() if name != option.name}
        return replace(self, own=others if value == option.start else {**others, option.name: value})

    @classmethod
    def read(cls, stored: dict[str, Any]) -> "Options":
        """Return the options with what the hotel changed; names that no duty of this release declares are
        kept and never read."""
        known = {f.name for f in fields(cls)} - {"own"}
        values = {k: v for k, v in stored.items() if k in known}
        values["own"] = {k: v for k, v in stored.items() if k not in known}
        for name in ("late_bands", "day_use_bands", "early_bands"):
            if name in values:
                values[name] = tuple(Band(**b) for b in values[name])
        if "levies" in values:
            values["levies"] = tuple(Levy(**one) for one in values["levies"])
        if "denominations" in values:
            values["denominations"] = tuple(int(d) for d in values["denominations"])
        return cls(**values)

    def changed(self) -> dict[str, Any]:
        """Return what differs from the start values, as plain data for the database."""
        plain: dict[str, Any] = dict(self.own)
        for f in fields(self):
            value = getattr(self, f.name)
            if f.name != "own" and value != f.default:
                rows = f.name.endswith("_bands") or f.name == "levies"
                plain[f.name] = [vars(one) for one in value] if rows else value
        return plain


def band(bands: tuple[Band, ...], clock: str) -> Band:
    """Return the last band that has begun at a wall-clock time ``HH:MM``."""
    return [b for b in bands if b.start <= clock][-1]


PREAUTH_DAYS = Option(
    "preauth_days",
    30,
    N_("A pre-authorisation is valid for, days"),
    N_("Pre-authorisations"),
    least=1,
    most=180,
)
"""Asked for by whoever puts an amount on hold; it stands in the row of pre-authorisations."""
