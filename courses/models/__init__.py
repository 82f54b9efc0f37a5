from courses.models.clock_step import ClockStep
from courses.models.course import Course, Prerequisite, Reference, Topic
from courses.models.iteration import Iteration
from courses.models.programme import TimetableEntry
from courses.models.seat import Quota, Seat
from courses.models.staff import Provision, Teaching

__all__ = [
    "ClockStep",
    "Course",
    "Iteration",
    "Prerequisite",
    "Provision",
    "Quota",
    "Reference",
    "Seat",
    "Teaching",
    "TimetableEntry",
    "Topic",
]
