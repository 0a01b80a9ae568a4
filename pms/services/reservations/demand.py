"""Read bookings in the columns of the "hotel booking demand" data set (CSV, also .xz or .gz).

Columns and meaning: Antonio, Almeida, Nunes, "Hotel booking demand datasets", Data in Brief 22 (2019) 41–49,
doi 10.1016/j.dib.2018.11.126. ``assigned_room_type`` is the final type, unknown when the booking was made.
"""

import csv
import gzip
import hashlib
import lzma
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import IO

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money, parse

COLUMNS = (
    "hotel",
    "is_canceled",
    "lead_time",
    "arrival_date_year",
    "arrival_date_month",
    "arrival_date_day_of_month",
    "stays_in_weekend_nights",
    "stays_in_week_nights",
    "adults",
    "children",
    "babies",
    "country",
    "market_segment",
    "distribution_channel",
    "reserved_room_type",
    "assigned_room_type",
    "deposit_type",
    "agent",
    "company",
    "customer_type",
    "adr",
    "reservation_status",
    "reservation_status_date",
)
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
_COMMA = re.compile(r"\s*[+-]?\d*,\d\d?\s*", re.ASCII)
LONGEST_LINE, MOST_LINES, MOST_SIGNS = 100_000, 2_000_000, 256 << 20
"""More of a file is not read: packed, a few kilobytes may be any number of gigabytes."""
MOST_UNPACKING = 128 << 20
"""Bytes of memory that unpacking may take; the strongest packing of xz takes half of it."""
LONGEST_CELL = 200
MOST = 9999
"""No count of nights, guests or days is larger: more is a damaged row."""
STATES = {"Check-Out": "departed", "Canceled": "cancelled", "No-Show": "no_show"}


@dataclass(frozen=True)
class Booking:
    """One row, read and checked; ``key`` is its digest and its ordinal among equal rows, for there is no
    booking number."""

    line: int
    key: str
    made: date
    arrival: date
    nights: int
    adults: int
    children: int
    reserved: str
    assigned: str
    price: Money
    state: str
    closed: date
    source: str
    channel: str
    company: str

    @property
    def departure(self) -> date:
        """Return the day of departure: arrival + nights."""
        return self.arrival + timedelta(days=self.nights)


@dataclass(frozen=True)
class Fault:
    """A row that was refused: its line in the file and why."""

    line: int
    reason: str


@dataclass
class Met:
    """What was met while a file was read: lines without anything in them, prices with a decimal comma."""

    empty: list[int] = field(default_factory=list)
    commas: int = 0


@dataclass(frozen=True)
class Manner:
    """How a file is written: its encoding, and what stands between its cells."""

    encoding: str
    separator: str

    def words(self) -> str:
        """Say how the file was read, where it is not the usual way."""
        names = {";": _("separated by semicolons"), "\t": _("separated by tabs")}
        told = [names[self.separator]] if self.separator in names else []
        if not self.encoding.startswith("utf-8"):
            told.append(_("in %(encoding)s") % {"encoding": self.encoding.upper()})
        return ", ".join(told)


def manner_of(path: Path) -> Manner:
    """Return how the file is written; refuses one that is no text in a known encoding."""
    tried: Exception | None = None
    for encoding in _encodings(path):
        try:
            with _opened(path, encoding) as file:
                lines = _lines(path, file)
                head = next(lines, "")
                for _line in lines:
                    pass
        except UnicodeError as error:
            tried = error
        except (lzma.LZMAError, gzip.BadGzipFile, zlib.error, EOFError) as error:
            raise _no_csv(path, error) from error
        else:
            return Manner(encoding, max(SEPARATORS, key=head.count))
    assert tried is not None
    raise _no_csv(path, tried) from tried


SEPARATORS = (",", ";", "\t")


def _encodings(path: Path) -> tuple[str, ...]:
    opener = {".xz": lzma.open, ".gz": gzip.open}.get(path.suffix, open)
    try:
        if path.suffix == ".xz":
            with path.open("rb") as packed:
                lzma.LZMADecompressor(memlimit=MOST_UNPACKING).decompress(packed.read(1 << 16), max_length=2)
        with opener(path, "rb") as file:  # type: ignore[operator]
            first = file.read(2)
    except (lzma.LZMAError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise _no_csv(path, error) from error
    except OSError as error:
        raise _unreadable(path, error) from error
    return ("utf-16",) if first in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")


def read(path: Path, digits: int = 2, met: Met | None = None) -> Iterator[Booking | Fault]:
    """Yield every row as a booking or a fault, prices with the hotel's decimals; ``met`` notes what was
    unusual. Refuses a file that is not such a CSV."""
    met = met or Met()
    seen: Counter[str] = Counter()
    manner = manner_of(path)
    with _opened(path, manner.encoding) as file:
        rows = csv.reader(_lines(path, file), delimiter=manner.separator)
        try:
            head = next(rows, [])
            _check_head(path, head)
            for cells in rows:
                if any(cell.strip() for cell in cells):
                    found = _row(rows.line_num, head, cells, seen, digits)
                    met.commas += isinstance(found, Booking) and bool(
                        _COMMA.fullmatch(cells[head.index("adr")])
                    )
                    yield found
                else:
                    met.empty.append(rows.line_num)
        except (UnicodeError, csv.Error, lzma.LZMAError, gzip.BadGzipFile, zlib.error, EOFError) as error:
            raise _no_csv(path, error) from error


def _no_csv(path: Path, error: Exception) -> Refused:
    return Refused(
        _(
            "%(file)s is not a CSV file in UTF-8, UTF-16 or GB18030, or is damaged (%(why)s). Save it as CSV "
            "and try again."
        )
        % {"file": path.name, "why": str(error)[:120]}
    )


def _unreadable(path: Path, error: OSError) -> Refused:
    return Refused(
        _("%(file)s cannot be read: %(why)s.") % {"file": path.name, "why": error.strerror or error}
    )


def count_rows(path: Path) -> int:
    """Return how many lines the file has after its head, for a progress bar."""
    try:
        with _opened(path, manner_of(path).encoding) as file:
            return max(sum(1 for _line in _lines(path, file)) - 1, 0)
    except (Refused, UnicodeError, lzma.LZMAError, gzip.BadGzipFile, zlib.error, EOFError):
        return 0


def _lines(path: Path, file: IO[str]) -> Iterator[str]:
    """Yield the lines of a file as far as a file of bookings can go; refuses what is longer, before it is
    read."""
    signs = 0
    for number in range(1, MOST_LINES + 2):
        line = file.readline(LONGEST_LINE + 1)
        signs += len(line)
        if not line:
            return
        if len(line) > LONGEST_LINE or signs > MOST_SIGNS or number > MOST_LINES:
            raise Refused(
                _(
                    "%(file)s is too large from line %(line)s on: a line has at most %(signs)s "
                    "characters, a file %(lines)s lines. Cut it into several files."
                )
                % {"file": path.name, "line": number, "signs": LONGEST_LINE, "lines": MOST_LINES}
            )
        yield line


def _opened(path: Path, encoding: str) -> IO[str]:
    opener = {".xz": lzma.open, ".gz": gzip.open}.get(path.suffix, open)
    try:
        return opener(path, "rt", encoding=encoding, newline="")  # type: ignore[no-any-return,operator]
    except OSError as error:
        raise _unreadable(path, error) from error


def _check_head(path: Path, head: list[str]) -> None:
    missing = [c for c in COLUMNS if c not in head]
    if missing:
        raise Refused(
            _(
                "%(file)s lacks the columns %(columns)s. Choose the file of the hotel-demand map, or "
                "another map."
            )
            % {"file": path.name, "columns": ", ".join(missing[:6]) + (" …" if len(missing) > 6 else "")}
        )
    if twice := [c for c in COLUMNS if head.count(c) > 1]:
        raise Refused(
            _("%(file)s has the column %(columns)s more than once. Take out the one that is not meant.")
            % {"file": path.name, "columns": ", ".join(twice)}
        )


def _row(line: int, head: list[str], cells: list[str], seen: Counter[str], digits: int) -> Booking | Fault:
    if len(cells) != len(head):
        return Fault(
            line, _("%(found)s cells instead of %(wanted)s") % {"found": len(cells), "wanted": len(head)}
        )
    if any("\0" in cell for cell in cells):
        return Fault(line, _("a character that no text has (NUL)"))
    if any(len(cell) > LONGEST_CELL for cell in cells):
        return Fault(line, _("a cell of more than %(n)s characters") % {"n": LONGEST_CELL})
    digest = hashlib.sha256("\x1f".join(cells).encode()).hexdigest()[:32]
    seen[digest] += 1
    try:
        return _booking(line, f"{digest}:{seen[digest]}", dict(zip(head, cells, strict=True)), digits)
    except (ValueError, Refused) as error:
        return Fault(line, str(error))
    except OverflowError:
        return Fault(line, _("the dates are further away than the calendar goes"))


def _booking(line: int, key: str, row: dict[str, str], digits: int) -> Booking:
    arrival = _date(row)
    nights = _whole(row, "stays_in_weekend_nights") + _whole(row, "stays_in_week_nights")
    state = STATES.get(row["reservation_status"])
    if state is None:
        raise ValueError(_("unknown status “%(status)s”") % {"status": row["reservation_status"]})
    found = Booking(
        line,
        key,
        arrival - timedelta(days=_whole(row, "lead_time")),
        arrival,
        nights,
        _whole(row, "adults"),
        _whole(row, "children", empty="NA") + _whole(row, "babies"),
        _code(row, "reserved_room_type"),
        _code(row, "assigned_room_type"),
        parse(row["adr"], digits),
        state,
        _day(row["reservation_status_date"]),
        row["market_segment"],
        row["distribution_channel"],
        "" if row["company"].strip() in ("NULL", "") else "C" + row["company"].strip(),
    )
    _until = (
        found.departure
    )  # a stay that ends behind the last day of the calendar is refused here, with its row
    return found


def _date(row: dict[str, str]) -> date:
    month = row["arrival_date_month"]
    if month not in MONTHS:
        raise ValueError(_("unknown month “%(month)s”") % {"month": month})
    year, day = row["arrival_date_year"].strip(), row["arrival_date_day_of_month"].strip()
    return _day(f"{year:0>4}-{MONTHS.index(month) + 1:02d}-{day:0>2}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(_("impossible date “%(text)s”") % {"text": text}) from None


def _whole(row: dict[str, str], column: str, empty: str = "") -> int:
    text = row[column].strip()
    if text == empty and empty:
        return 0
    if not _WHOLE.fullmatch(text):
        raise ValueError(_("%(column)s is no whole number: “%(text)s”") % {"column": column, "text": text})
    number = int(text)
    if number < 0:
        raise ValueError(_("%(column)s is negative: %(text)s") % {"column": column, "text": text})
    if number > MOST:
        raise ValueError(_("%(column)s is too large: %(text)s") % {"column": column, "text": text})
    return number


def _code(row: dict[str, str], column: str) -> str:
    code = row[column].strip().upper()
    if not code:
        raise ValueError(_("%(column)s is empty") % {"column": column})
    return code
