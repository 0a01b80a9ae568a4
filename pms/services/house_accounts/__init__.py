"""House accounts: a folio with a name and no stay, for what is charged to no guest: a meeting, the manager's
entertainment, cash for lost keys, staff meals.

States: open → closed with its bill once nothing is owed → open again, on the day it was closed. Opened with a
reason, a person responsible and a limit, by who has the right or with the word of somebody who has; what
would go beyond the limit asks for the same word. Everybody at a desk charges it, takes money on it, and moves
lines between it and a stay's folio. It never stands below nothing.
"""
