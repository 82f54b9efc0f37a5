from django.urls import path

from enrollment.views import (
    answering,
    nominating,
    nomination_list,
    nominations,
    quotas,
    record,
    request_list,
    requests,
    seats,
    selection,
    transferring,
    waiting,
)

app_name = "enrollment"

urlpatterns = [
    path("requests/", request_list.training_requests, name="requests"),
    path("requests/new/", requests.request_new, name="request_new"),
    path("requests/<int:pk>/", requests.training_request, name="request"),
    path("requests/<int:pk>/edit/", requests.request_edit, name="request_edit"),
    path("requests/<int:pk>/move/", requests.request_move, name="request_move"),
    path("requests/<int:pk>/schedule/", answering.request_schedule, name="request_schedule"),
    path("iterations/<int:pk>/nominate/", nominating.nominate, name="nominate"),
    path("iterations/<int:pk>/nominations/", selection.iteration_nominations, name="iteration_nominations"),
    path("iterations/<int:pk>/decide/", selection.decide, name="decide"),
    path("iterations/<int:pk>/cancel/", selection.iteration_cancel, name="iteration_cancel"),
    path("iterations/<int:pk>/seats/", seats.seats, name="seats"),
    path("iterations/<int:pk>/clock/again/", seats.clock_again, name="clock_again"),
    path("iterations/<int:pk>/all-clear/", seats.all_clear, name="all_clear"),
    path("iterations/<int:pk>/quotas/", quotas.quotas, name="quotas"),
    path("iterations/<int:pk>/quotas/release/", quotas.quota_release, name="quota_release"),
    path("iterations/<int:pk>/waiting/", waiting.waiting, name="waiting"),
    path("nominations/", nomination_list.nominations, name="nominations"),
    path("nominations/<int:pk>/", nominations.nomination, name="nomination"),
    path("nominations/<int:pk>/edit/", nominating.nomination_edit, name="nomination_edit"),
    path("nominations/<int:pk>/move/", nominations.nomination_move, name="nomination_move"),
    path("nominations/<int:pk>/offer/", waiting.offer, name="offer"),
    path("nominations/<int:pk>/transfer/", transferring.transfer, name="transfer"),
    path("nominations/<int:pk>/waive/", nominations.waive, name="waive"),
    path("checklist/<int:pk>/", nominations.checklist, name="checklist"),
    path("people/<int:pk>/nominations/", record.person_nominations, name="person_nominations"),
    path("people/<int:pk>/completions/", record.completion_add, name="completion_add"),
]
