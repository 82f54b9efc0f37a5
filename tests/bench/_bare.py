"""What any Django project could do least: an empty view, and the 50 newest nominations through a plain template."""

from django.http import HttpResponse
from django.template import engines
from django.urls import path

from enrollment.models import Nomination

ROWS = """<!doctype html><title>Bare</title><table>{% for row in rows %}
<tr><td>{{ row.person.family_name }}</td><td>{{ row.person.given_names }}</td><td>{{ row.nation.name }}</td>
<td>{{ row.state }}</td><td>{{ row.created_at|date:"Y-m-d" }}</td></tr>{% endfor %}</table>"""


def view(request):
    return HttpResponse("hello")


def rows(request):
    newest = Nomination.objects.select_related("person", "nation").order_by("-created_at", "-id")[:50]
    return HttpResponse(engines["django"].from_string(ROWS).render({"rows": newest}))


urlpatterns = [path("view", view), path("list", rows)]
