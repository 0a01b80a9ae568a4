"""The hotel itself: one row with its name, zone, currency and the rules that a manager edits.

States: none. Only a manager or the administrator may edit it; the business date is moved by the night audit
alone.
"""
