"""Lost and found: what was found in the house, what guests miss, and how each thing left again.

States of a found item: kept → claimed, sent, police or disposed; it leaves once, by the schema. States of a
report of a loss: open → matched (an item is set aside for it) → closed. Everybody in the house may register a
find; the desk gives back, a supervisor disposes.
"""
