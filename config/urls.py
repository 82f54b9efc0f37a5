"""The site's table of contents. Each app's own table stands in its urls.py."""

from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from config import views
from config.api import router
from insights.views import home, search

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("", include("insights.urls")),
    path("", include("courses.urls")),
    path("", include("enrollment.urls")),
    path("", include("partners.urls")),
    path("", include("delivery.urls")),
    path("", include("certificates.urls")),
    path("", include("notifications.urls")),
    path("api/v1/", include(router.urls)),
    re_path(r"^api/v1/(?P<rest>(?s:.*))\Z", views.unknown_endpoint, name="api-unknown"),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
