"""Wake-up calls."""
