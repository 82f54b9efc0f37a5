"""What comes in: a file per story."""
