from courses.models.course import Course, Prerequisite, Reference, Topic
from courses.models.iteration import Iteration
from courses.models.programme import TimetableEntry
from courses.models.staff import Provision, Teaching

__all__ = [
    "Course",
    "Iteration",
    "Prerequisite",
    "Provision",
    "Reference",
    "Teaching",
    "TimetableEntry",
    "Topic",
]
