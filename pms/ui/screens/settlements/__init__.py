"""What channels owe and are owed."""
