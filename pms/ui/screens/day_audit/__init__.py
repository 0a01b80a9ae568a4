"""The day audit: the register of findings, and who they fall on."""
