from django.urls import path

from certificates.views import badges, checking, issuing, letters, lists, record

app_name = "certificates"

urlpatterns = [
    path("iterations/<int:pk>/certificates/", issuing.iteration, name="iteration"),
    path("iterations/<int:pk>/certificates/issue/", issuing.issue, name="issue"),
    path("issues/<int:pk>/", issuing.batch, name="batch"),
    path("issues/<int:pk>/pause/", issuing.pause, name="batch_pause"),
    path("issues/<int:pk>/resume/", issuing.resume, name="batch_resume"),
    path("issues/<int:pk>/zip/", issuing.archive, name="batch_zip"),
    path("certificates/", lists.certificates, name="list"),
    path("certificates/<int:pk>/", record.certificate, name="certificate"),
    path("certificates/<int:pk>/download/", record.download, name="download"),
    path("certificates/<int:pk>/badge/", badges.download, name="badge"),
    path("certificates/<int:pk>/move/", record.move, name="certificate_move"),
    path("iterations/<int:pk>/letters/", letters.iteration, name="letters"),
    path("iterations/<int:pk>/letters/make/", letters.make_missing, name="letters_make"),
    path("iterations/<int:pk>/letters/zip/", letters.archive, name="letters_zip"),
    path("nominations/<int:pk>/letters/", letters.nomination, name="nomination_letters"),
    path("nominations/<int:pk>/letters/make/", letters.make, name="letter_make"),
    path("letters/<int:pk>/download/", letters.download, name="letter_download"),
    path("letters/<int:pk>/retry/", letters.retry, name="letter_retry"),
    path("verify/", checking.verify, name="verify"),
    path("verify/file/", checking.verify_file, name="verify_file"),
    path("verify/<str:code>/", checking.check, name="check"),
    # These stand in badges that are out in the world: they can be added to, never changed.
    path(".well-known/jwks.json", badges.jwks, name="jwks"),
    path(".well-known/did.json", badges.did, name="did"),
    path("badges/keys/<str:thumbprint>/", badges.key, name="badge_key"),
    path("badges/issuers/<int:pk>/", badges.issuer, name="badge_issuer"),
    path("badges/issuers/<int:pk>/status/<int:number>/", badges.status_list, name="badge_status"),
]
