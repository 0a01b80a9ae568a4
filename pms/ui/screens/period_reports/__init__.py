"""Weekly and monthly reports: written, signed, kept."""
