"""Faults on purpose: what a power cut, a full disk or a lost server may do to the books."""
