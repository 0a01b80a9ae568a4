"""What companies owe."""
