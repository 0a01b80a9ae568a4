"""Rooms: what is sold (types), where it is (rooms), how it is (clean, seen, blocked) and what is left to sell
(inventory).

Cleanliness: dirty → clean → inspected. Blocks: OOO leaves the inventory, OOS and hold stay in it. The
displayed code (VC, OD …) is derived, never stored. The desk and housekeeping set cleanliness; a lead blocks;
a manager edits rooms and types.
"""
