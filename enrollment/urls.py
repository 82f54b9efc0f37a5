from django.urls import path

from enrollment.views import nominating, nomination_list, nominations, record, selection

app_name = "enrollment"

urlpatterns = [
    path("iterations/<int:pk>/nominate/", nominating.nominate, name="nominate"),
    path("iterations/<int:pk>/nominations/", selection.iteration_nominations, name="iteration_nominations"),
    path("iterations/<int:pk>/decide/", selection.decide, name="decide"),
    path("iterations/<int:pk>/cancel/", selection.iteration_cancel, name="iteration_cancel"),
    path("nominations/", nomination_list.nominations, name="nominations"),
    path("nominations/<int:pk>/", nominations.nomination, name="nomination"),
    path("nominations/<int:pk>/edit/", nominating.nomination_edit, name="nomination_edit"),
    path("nominations/<int:pk>/move/", nominations.nomination_move, name="nomination_move"),
    path("nominations/<int:pk>/waive/", nominations.waive, name="waive"),
    path("checklist/<int:pk>/", nominations.checklist, name="checklist"),
    path("people/<int:pk>/nominations/", record.person_nominations, name="person_nominations"),
    path("people/<int:pk>/completions/", record.completion_add, name="completion_add"),
]
