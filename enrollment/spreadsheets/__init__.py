"""Nominations in spreadsheets: bytes in, rows and faults out. The child process imports nothing of Django."""
