"""Weekly and monthly reports: put together from the closed days and the registers, with a text and a plan
that somebody writes. A report is a draft until it is signed; signed, it is kept as it was and prints the same
for ever. Who may read reports writes them, who leads signs.
"""
