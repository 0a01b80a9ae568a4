"""Item rental: wheelchairs, umbrellas, chargers lent to guests in house, some against a deposit.

States of a rental: out (all pieces) → partly back → closed (none out). Every return is a row that
never changes: good, damaged or lost, with what was charged; the database refuses more pieces back than
went out. The deposit stands with the stay's, under a slip of its own, and goes back with the last piece,
unless something was damaged or lost: then it stays for the check-out. Who may lend and take back: the
desk; who may change items and prices: who leads it.
"""
