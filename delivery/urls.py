from django.urls import path

from delivery import views

app_name = "delivery"

urlpatterns = [
    path("teaching/", views.teaching, name="teaching"),
    path("iterations/<int:pk>/participants/", views.participants, name="participants"),
    path("iterations/<int:pk>/attendance/", views.attendance, name="attendance"),
    path("iterations/<int:pk>/results/", views.results, name="results"),
    path("iterations/<int:pk>/complete/", views.complete, name="complete"),
]
