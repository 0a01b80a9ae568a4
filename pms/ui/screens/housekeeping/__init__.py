"""The room status sheet: the grid that is typed into, the saver behind it, and the page."""
