"""The house in Settings: rooms and how clean they are, room types, and what is out of sale, why and until
when."""
