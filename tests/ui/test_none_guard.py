"""PySide6 6.12.0 on Python 3.10 and 3.11 loses a reference to None at every void call, and the program aborts
after a while."""

import sys

from PySide6.QtWidgets import QLabel


def test_a_void_call_keeps_its_reference_to_none(qapp):
    label = QLabel()
    before = sys.getrefcount(None)
    for n in range(20_000):
        label.setIndent(n % 7)
    assert abs(sys.getrefcount(None) - before) < 5_000
    label.deleteLater()
