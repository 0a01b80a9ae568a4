import sys
from typing import Any

import PySide6.QtCore  # noqa: F401  brings the module below


def _leave_sources_unread() -> None:
    """Keep PySide from reading the source of every module that is imported, to see whether it may ask for
    other spellings of Qt's names: none does. The sources stayed in memory (26 MiB), and reading them took a
    tenth of the time to the sign-in."""
    names: Any = sys.modules.get("PySide6.support.feature")
    if hasattr(names, "_mod_uses_pyside"):
        names._mod_uses_pyside = lambda _module: False


_leave_sources_unread()
