from functools import cached_property

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """A user who signs in by e-mail; without a password, by an e-mailed code only."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in. Liaison, instructor and trainee follow from mandates, teaching and person, not a flag."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    is_active = models.BooleanField(_("active"), default=True, help_text=_("Untick to shut somebody out at once."))
    is_staff = models.BooleanField(_("administrator"), default=False, help_text=_("May open the administration."))
    is_coordinator = models.BooleanField(_("training coordinator"), default=False)
    is_analyst = models.BooleanField(_("analyst"), default=False, help_text=_("May read the figures."))
    date_joined = models.DateTimeField(_("joined at"), default=timezone.now)

    objects = UserManager()

    EMAIL_FIELD = USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_user_per_email",
                violation_error_message=_("There is already a user with this e-mail address."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    get_short_name = get_full_name

    @property
    def is_office(self) -> bool:
        """Reads everything: coordinators decide, superusers look after the data."""
        return self.is_coordinator or self.is_superuser

    @property
    def may_read_figures(self) -> bool:
        return self.is_office or self.is_analyst

    @cached_property
    def _standing(self) -> dict[str, int]:
        """Counts of what makes somebody a liaison, instructor or trainee today; one query, once a request."""
        today = timezone.localdate()
        open_end = Q(mandates__ends_on__isnull=True) | Q(mandates__ends_on__gte=today)
        return User.objects.filter(pk=self.pk).aggregate(
            mandates=Count("mandates", filter=Q(mandates__starts_on__lte=today) & open_end),
            people=Count("person"),
            teaching=Count("person__teaching"),
        )

    @property
    def is_liaison(self) -> bool:
        return bool(self._standing["mandates"])

    @property
    def is_instructor(self) -> bool:
        return bool(self._standing["teaching"])

    @property
    def is_trainee(self) -> bool:
        return bool(self._standing["people"])
