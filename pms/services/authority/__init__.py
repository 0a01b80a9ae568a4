"""Authority: how far each role may go alone, and every use that was made of it.

A limit is one row per role and kind of act: at most so many per cent, so much money, until which hour, so
much in a month. It binds everybody, the person who approves as well; above it the next rank agrees with a
password. A use is written down once and never changed. Only the owner edits the table.
"""
