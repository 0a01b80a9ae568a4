"""The night audit: look, rehearse, post and close (one transaction), report, back up. Its state is in the
database, so it can be stopped, killed and taken up again by any workstation; the day is open or closed, never
half.
"""
