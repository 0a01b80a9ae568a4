"""Write a defect down so that it can be found: where, in which operation, with arguments that name nobody.

What an exception says is left out: a library may put into it whatever it was given. Kept are the
system's name of an error, a name that the code lacks, and the name of a constraint.
"""

import errno
import logging
import traceback
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Any

from pms.core import private, release
from pms.core.clock import Clock, system_clock
from pms.core.operation import Call

LARGEST = 1 << 20
KEPT = {"arrival", "business_date", "day", "departure", "end", "month", "start"}
"""Dates of the house; any other may be somebody's."""
SECRET = {"birth", "new", "old", "owner_password", "password", "word"}
"""Fields of which not even the length is told."""


class DefectLog(logging.Handler):
    """Writes what a worker's thread logs as a defect where all defects are written."""

    def __init__(self, log: Path) -> None:
        super().__init__(logging.ERROR)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record's exception down; a record without one names no defect."""
        if record.exc_info and record.exc_info[1] is not None:
            report(record.exc_info[1], self._log)


def report(error: BaseException, log: Path, *, clock: Clock = system_clock) -> str:
    """Append a defect to the log and return its number, by which it is found there; never raises."""
    moment = clock()
    number = f"{moment:%m%d-%H%M%S}"
    try:
        if log.exists() and log.stat().st_size > LARGEST:
            log.replace(log.with_suffix(".old.log"))
        with private.adding(log) as file:
            file.write(
                f"== {number}  {moment:%Y-%m-%d %H:%M:%S}Z  pms {release.number()}\n{described(error)}\n"
            )
    except OSError:
        return ""
    return number


def described(error: BaseException) -> str:
    """Return what happened: the operation and its arguments, the error and where it arose; no name, number or
    text that a person typed."""
    lines = [f"operation: {found}" for found in _operations(error.__traceback__)]
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        lines.append(f"{type(at).__module__}.{type(at).__qualname__}: {told(at)}".rstrip(": "))
        lines += [f"  {f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(at.__traceback__)]
        at = at.__cause__ or at.__context__
    return "\n".join(lines)


def _operations(trace: TracebackType | None) -> list[str]:
    """Find the calls of the office on the way: they hold the operation and its fields."""
    found = []
    while trace is not None:
        local, at = trace.tb_frame.f_locals, trace.tb_frame.f_code.co_name
        if at == "do" and isinstance(call := local.get("call"), Call):
            found.append(_named(call.operation, call.fields))
        elif at == "ask" and isinstance(local.get("fields"), dict):
            found.append(_named(local.get("query"), local["fields"]))
        trace = trace.tb_next
    return found


def _named(called: Any, given: dict[str, Any]) -> str:
    where, name = getattr(called, "__module__", "?"), getattr(called, "__name__", "?")
    return f"{where}.{name} {plain(given)}"


def plain(value: Any, name: str = "") -> Any:
    """Return a value without what identifies somebody: figures and the house's dates stay, texts become their
    length."""
    if name in SECRET:
        return "<…>"
    if isinstance(value, Enum):
        return value.name
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat() if name in KEPT else "<date>"
    if isinstance(value, str | bytes):
        return f"<{len(value)} signs>"
    if isinstance(value, Mapping):
        return {_word(k): plain(v, str(k)) for k, v in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name), f.name) for f in fields(value)}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v, name) for v in list(value)[:20]]
    return f"<{type(value).__name__}>"


def _word(key: Any) -> Any:
    """A key is kept where it is a field's name: a name in our own code's small letters."""
    return key if isinstance(key, int) or (str(key).isascii() and str(key).isidentifier()) else plain(key)


def told(error: BaseException) -> str:
    """Return of what an exception says only what no value can be in."""
    if isinstance(error, OSError) and error.errno is not None:
        return errno.errorcode.get(error.errno, str(error.errno))
    if isinstance(error, AttributeError | NameError | ImportError) and error.name:
        return error.name if error.name.isascii() else ""
    driver = getattr(error, "orig", None)
    if driver is not None:
        constraint = getattr(getattr(driver, "diag", None), "constraint_name", "") or ""
        return f"{type(driver).__qualname__} {getattr(driver, 'sqlstate', '') or ''} {constraint}".strip()
    return ""
