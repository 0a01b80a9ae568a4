"""A list as a file of comma-separated values, read back by Python's own reader."""

import csv
from io import StringIO

from pms.printing import comma
from pms.services.reports.lists import Head, sheet


def test_words_stay_words_and_figures_figures():
    heads = [Head("编号"), Head("Rooms"), Head("Sum", right=True)]
    entries = [
        ["T-1", "301,302", "1,234.50"],
        ["=1+1", '"quoted", and\nbroken', "\u2212398.00"],
        ["@SUM(A1)", "+86 138", ""],
    ]
    data = comma.render(sheet("L", heads, entries))
    assert data.startswith(b"\xef\xbb\xbf")  # a spreadsheet takes it for UTF-8
    assert list(csv.reader(StringIO(data.decode("utf-8-sig"), newline=""))) == [
        ["编号", "Rooms", "Sum"],
        ["T-1", "301,302", "1234.50"],
        ["'=1+1", '"quoted", and\nbroken', "-398.00"],
        ["'@SUM(A1)", "'+86 138", ""],
    ]
