"""The room status sheet: what housekeeping saw in every room, twice a day, beside what the desk has.

A sheet is open until the lead signs it with a password; then it is frozen, by the database itself. A room's
row is saved as it is typed and says at once whether desk and housekeeping differ: skip (desk occupied, room
empty), sleep (desk vacant, somebody inside), person (other head count). What differs now is never stored
twice: it is what ``Room.seen_persons`` and the open stays say. The lead fills in and signs; who may lead
clears a difference with action and reason.
"""
