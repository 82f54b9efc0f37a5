"""What comes in: a catalogue entry, and an iteration of it."""

from courses.forms.course import CourseForm
from courses.forms.iteration import IterationForm

__all__ = ["CourseForm", "IterationForm"]
