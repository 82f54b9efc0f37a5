"""What was told to whom: one row per message. Knows no other app."""
