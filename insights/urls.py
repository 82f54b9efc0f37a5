from django.urls import path

from insights.views import desk, figures, home, me, nation

app_name = "insights"

urlpatterns = [
    path("welcome/", home.welcome, name="welcome"),
    path("desk/", desk.desk, name="desk"),
    path("nation/", nation.nation, name="nation"),
    path("me/", me.me, name="me"),
    path("insights/", figures.figures_page, name="figures"),
    path("insights/rows/", figures.figure_rows, name="figure_rows"),
]
