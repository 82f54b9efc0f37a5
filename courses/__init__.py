"""What is taught, when, where and by whom: catalogue, iterations, timetable."""
