"""What the program takes from the machine's memory, it gives back."""

import ctypes
import sys

_BLOCK = 128 * 1024
_MMAP_THRESHOLD = -3
"""``M_MMAP_THRESHOLD`` of GNU's malloc.h."""


def give_back() -> None:
    """Let every block of 128 KiB and more return to the machine as soon as it is free.

    GNU's malloc raises that bound to the size of the largest picture a page ever drew, up to 32 MiB, and then
    keeps as much in every thread: 25 MiB after a day's looking round. Elsewhere nothing is done.
    """
    if sys.platform == "linux":
        getattr(ctypes.CDLL(None), "mallopt", lambda _name, _value: 0)(_MMAP_THRESHOLD, _BLOCK)
