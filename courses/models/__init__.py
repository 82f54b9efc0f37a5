from courses.models.course import Course, Prerequisite, Reference, Topic
from courses.models.iteration import Iteration, Provision, Teaching, TimetableEntry

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
