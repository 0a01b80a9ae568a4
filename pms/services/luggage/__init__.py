"""Luggage storage: bags left at the desk under a numbered tag, handed back against it.

States of a tag: stored (all pieces here) → partly claimed → claimed (none left). Every claim is a row that
never changes, and the database refuses more pieces out than came in, so that a tag is claimed once. Who may
store and hand back: the desk.
"""
