"""Print-outs: what came out, what did not, duplicates, and the printers."""
