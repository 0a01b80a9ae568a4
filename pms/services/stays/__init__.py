"""Stays: a party's occupation of a room from check-in to check-out, with its room segments.

States: in_house → departed; undone (a mistaken check-in taken back on the same business date). One open stay
per room, by the schema.
"""
