from django.urls import path

from enrollment.views import (
    answering,
    board,
    evidence,
    nominating,
    nomination_list,
    nominations,
    record,
    request_list,
    requests,
    selection,
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
    path("iterations/<int:pk>/board/", board.board, name="board"),
    path("iterations/<int:pk>/board/changes/", board.board_changes, name="board_changes"),
    path("nominations/", nomination_list.nominations, name="nominations"),
    path("nominations/<int:pk>/", nominations.nomination, name="nomination"),
    path("nominations/<int:pk>/edit/", nominating.nomination_edit, name="nomination_edit"),
    path("nominations/<int:pk>/move/", nominations.nomination_move, name="nomination_move"),
    path("nominations/<int:pk>/waive/", nominations.waive, name="waive"),
    path("checklist/<int:pk>/", nominations.checklist, name="checklist"),
    path("people/<int:pk>/nominations/", record.person_nominations, name="person_nominations"),
    path("people/<int:pk>/completions/", record.completion_add, name="completion_add"),
    path("people/<int:pk>/evidence/new/", evidence.person_evidence_new, name="person_evidence_new"),
    path("nominations/<int:pk>/evidence/new/", evidence.nomination_evidence_new, name="nomination_evidence_new"),
    path("evidence/", evidence.evidence_list, name="evidence_list"),
    path("evidence/<int:pk>/", evidence.evidence, name="evidence"),
    path("evidence/<int:pk>/file/", evidence.evidence_file, name="evidence_file"),
    path("evidence/<int:pk>/move/", evidence.evidence_move, name="evidence_move"),
]
