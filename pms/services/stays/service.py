"""The operations of a stay: check in, extend, change room, check out, and take a mistake back."""

from . import clashes  # noqa: F401 - says who is in a wanted room
from .arriving import KINDS, check_in, persons, walk_in
from .by_channel import credit_order
from .held import Paid, current_segment, open_stay
from .leaving import check_out
from .staying import change_room, change_room_and_take, extend, extend_and_take, print_room_change
from .undoing import undo_check_in, undo_check_out
from .windows import reopen_window, settle_window

__all__ = [
    "KINDS",
    "Paid",
    "change_room",
    "change_room_and_take",
    "check_in",
    "check_out",
    "credit_order",
    "current_segment",
    "extend",
    "extend_and_take",
    "open_stay",
    "persons",
    "print_room_change",
    "reopen_window",
    "settle_window",
    "undo_check_in",
    "undo_check_out",
    "walk_in",
]
