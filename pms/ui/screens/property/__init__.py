"""The hotel in Settings: what its papers say, its times, its money rules, what the night audit does."""
