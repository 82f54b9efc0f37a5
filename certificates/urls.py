from django.urls import path

from certificates.views import checking, issuing, lists, record

app_name = "certificates"

urlpatterns = [
    path("iterations/<int:pk>/certificates/", issuing.iteration, name="iteration"),
    path("iterations/<int:pk>/certificates/issue/", issuing.issue, name="issue"),
    path("issues/<int:pk>/", issuing.batch, name="batch"),
    path("certificates/", lists.certificates, name="list"),
    path("certificates/<int:pk>/", record.certificate, name="certificate"),
    path("certificates/<int:pk>/download/", record.download, name="download"),
    path("certificates/<int:pk>/move/", record.move, name="certificate_move"),
    path("verify/", checking.verify, name="verify"),
    path("verify/<str:code>/", checking.check, name="check"),
]
