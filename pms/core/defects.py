"""Write a defect down so that it can be found: where, in which operation, with arguments that name nobody."""

import logging
import re
import traceback
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Any

from pms.core import release
from pms.core.clock import Clock, system_clock
from pms.core.operation import Call

LARGEST = 1 << 20
_FIGURES = re.compile(r"[0-9*]{6,}")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")


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
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > LARGEST:
            log.replace(log.with_suffix(".old.log"))
        with log.open("a", encoding="utf-8") as file:
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
        lines.append(f"{type(at).__module__}.{type(at).__qualname__}: {masked(str(at))}")
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


def plain(value: Any) -> Any:
    """Return a value without what identifies somebody: figures and dates stay, texts become their length."""
    if value is None or isinstance(value, bool | int | Enum):
        return value if not isinstance(value, Enum) else value.name
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str | bytes):
        return f"<{len(value)} signs>"
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items() if k not in ("birth", "password")}
    if is_dataclass(value) and not isinstance(value, type):
        return {
            f.name: plain(getattr(value, f.name))
            for f in fields(value)
            if f.name not in ("birth", "password")
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v) for v in list(value)[:20]]
    return f"<{type(value).__name__}>"


def masked(message: str) -> str:
    """Return the first line of a message without quoted texts, Chinese and long figures; a driver's later
    lines hold parameters."""
    first = (message.splitlines() or [""])[0][:300]
    return _FIGURES.sub("…", _HAN.sub("…", _QUOTED.sub("“…”", first)))
