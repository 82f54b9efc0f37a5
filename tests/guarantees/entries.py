"""The permission matrix itself: route → (kind of object in its address, letters for GET, letters for POST).

Letters and viewpoints are explained in matrix.py, in this order:
anonymous, trainee, instructor, liaison, foreign liaison, coordinator, administrator.
"""

ENTRIES: dict[str, tuple[str, str, str]] = {}
