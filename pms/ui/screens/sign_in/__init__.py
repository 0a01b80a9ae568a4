"""The door: who works here now. Nothing behind it is shown until somebody has signed in."""
