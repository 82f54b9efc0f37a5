"""Is this page for me at all? One decorator per role; what may be *seen* is each queryset's visible_to(user)."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _


def only_for(holds: Callable[[object], bool], sentence: str) -> Callable:
    """Signed in, and `holds(user)`; everybody else gets a 403 that says whom the page is for."""

    def decorate(view: Callable) -> Callable:
        @login_required
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not holds(request.user):
                raise PermissionDenied(sentence)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


signed_in = login_required
coordinator_only = only_for(lambda user: user.is_coordinator, _("This page is for training coordinators."))
liaison_only = only_for(lambda user: user.is_liaison, _("This page is for liaisons with a mandate in force."))
liaison_or_coordinator = only_for(
    lambda user: user.is_coordinator or user.is_liaison, _("This page is for liaisons and training coordinators.")
)
instructor_only = only_for(lambda user: user.is_instructor, _("This page is for instructors."))
instructor_or_coordinator = only_for(
    lambda user: user.is_coordinator or user.is_instructor, _("This page is for instructors and training coordinators.")
)
trainee_only = only_for(lambda user: user.is_trainee, _("This page is for participants."))
figures_only = only_for(lambda user: user.may_read_figures, _("This page is for coordinators and analysts."))
