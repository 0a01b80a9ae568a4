"""The shift: its page from the float to the handover, and the grid the drawer is counted in."""
