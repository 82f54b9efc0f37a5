from django.urls import path

from courses.views import calendar, catalogue, iterations, scheduling

app_name = "courses"

urlpatterns = [
    path("courses/", catalogue.course_list, name="list"),
    path("courses/new/", catalogue.new, name="new"),
    path("courses/<slug:slug>/", catalogue.detail, name="detail"),
    path("courses/<slug:slug>/edit/", catalogue.edit, name="edit"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar.ics", calendar.calendar_feed, name="feed"),
    path("iterations/new/", scheduling.schedule, name="schedule"),
    path("iterations/<int:pk>/", iterations.iteration, name="iteration"),
    path("iterations/<int:pk>/move/", iterations.move, name="iteration_move"),
    path("iterations/<int:pk>/edit/", scheduling.edit, name="iteration_edit"),
    path("iterations/<int:pk>/duplicate/", scheduling.duplicate, name="duplicate"),
]
