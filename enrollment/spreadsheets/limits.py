"""What a spreadsheet may hold. Far more than an iteration has seats, far less than what hurts."""

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 20 * 1024 * 1024
MOST_RATIO = 100
# Below this size a part may be packed as tightly as it likes: a sheet of empty cells is no bomb.
SMALL_PART = 256 * 1024
MOST_ENTRIES = 200
MOST_ROWS = 5000
MOST_COLUMNS = 60
LONGEST_CELL = 2000
# One long text may stand in a file once and in its cells a hundred thousand times.
MOST_TEXT = 4_000_000
MOST_SHEETS = 20
# The headings stand in one of the first rows that hold anything; a title may stand above them.
HEADING_ROWS = 10

MEMORY_BYTES = 288 * 1024 * 1024
CPU_SECONDS = 8
WALL_SECONDS = 9
