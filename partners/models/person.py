from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from interface.history import History
from interface.text import fold
from partners import grades
from partners.likeness import sounds_alike
from partners.models.sender import SentBy, SentByQuerySet

# A STANAG 6001 profile: listening, speaking, reading, writing; 0 to 5, "+" ranks between two levels.
slp_validator = RegexValidator(
    r"^([0-5]\+?){4}$",
    _("Write four levels in the order listening, speaking, reading, writing, such as 3232 or 2+222."),
)


class PersonQuerySet(SentByQuerySet):
    def visible_to(self, user):
        """The office sees everybody, a liaison the own nation's people, anybody else the own record."""
        if not user.is_authenticated:
            return self.none()
        if user.is_office:
            return self
        own = self.filter(user=user)
        return self.filter(Q(pk__in=self.sent_by_those_of(user).values("pk")) | Q(pk__in=own.values("pk")))

    def search(self, text: str):
        """People whose names hold every word of `text`, accents and case ignored."""
        found = self
        for word in fold(text).split():
            found = found.filter(search_text__contains=word)
        return found

    def perhaps_the_same_as(self, person: "Person") -> list["Person"]:
        """Other records that may be of the same human being, at most five; asked of a visible set, it tells no more.

        The same e-mail or printed name or spelling anywhere in the set, a name that sounds alike in the same nation.
        """
        others = self.exclude(pk=person.pk).filter(anonymised_at__isnull=True)
        alike = Q(pk__in=others._keys_that_sound_like(person))
        if person.given_names:
            alike |= Q(search_text__startswith=fold(f"{person.family_name} {person.given_names}") + " ")
        if person.email:
            alike |= Q(email__iexact=person.email)
        if person.printed_name:
            alike |= Q(printed_name=person.printed_name)
        return list(others.filter(alike).select_related("nation", "organisation")[:5])

    def _keys_that_sound_like(self, person: "Person") -> list[int]:
        own = (person.family_name, person.given_names)
        colleagues = self.of_sender(person.sender).values_list("pk", "family_name", "given_names")
        return [pk for pk, *names in colleagues.order_by() if sounds_alike(own, tuple(names))][:5]


class Person(SentBy):
    """Somebody who is sent to courses or teaches them, with or without an account."""

    class Sex(models.TextChoices):
        WOMAN = "woman", _("Woman")
        MAN = "man", _("Man")
        NOT_STATED = "not stated", _("Not stated")

    class Category(models.TextChoices):
        MILITARY = "military", _("Military")
        CIVILIAN = "civilian", _("Civilian")
        POLICE = "police", _("Police")

    class GenderFunction(models.TextChoices):
        NONE = "none", _("None")
        GENAD = "GENAD", _("Gender adviser (GENAD)")
        GFA = "GFA", _("Gender field adviser (GFA)")
        GFP = "GFP", _("Gender focal point (GFP)")
        TRAINER = "trainer", _("Gender trainer")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="person",
        verbose_name=_("account"),
    )
    family_name = models.CharField(
        _("family name"), max_length=80, help_text=_("In Latin letters, as in the passport; for lists and sorting.")
    )
    given_names = models.CharField(_("given names"), max_length=80, blank=True, help_text=_("In Latin letters."))
    printed_name = models.CharField(
        _("name as printed"),
        max_length=150,
        blank=True,
        help_text=_("As it stands on documents, in its own script. Left empty: given names and family name."),
    )
    sex = models.CharField(_("sex"), max_length=12, choices=Sex.choices, default=Sex.NOT_STATED)
    category = models.CharField(_("category"), max_length=10, choices=Category.choices, default=Category.MILITARY)
    service = models.CharField(_("service or unit"), max_length=120, blank=True)
    rank = models.CharField(_("national rank"), max_length=60, blank=True)
    grade = models.CharField(
        _("NATO grade"),
        max_length=5,
        blank=True,
        choices=grades.CHOICES,
        help_text=_("STANAG 2116. For a civilian: the equivalent grade."),
    )
    post_title = models.CharField(_("post"), max_length=120, blank=True)
    gender_function = models.CharField(
        _("gender function"), max_length=10, choices=GenderFunction.choices, default=GenderFunction.NONE
    )
    is_full_time = models.BooleanField(_("full-time function"), default=False)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    anonymised_at = models.DateTimeField(_("anonymised at"), null=True, blank=True, editable=False)
    search_text = models.CharField(max_length=400, editable=False, db_index=True)

    objects = PersonQuerySet.as_manager()
    history = History(excluded_fields=["search_text"])

    class Meta(SentBy.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["family_name", "given_names", "id"]
        indexes = [
            models.Index(fields=["nation", "family_name", "given_names", "id"], name="people_of_a_nation"),
            models.Index(fields=["family_name", "given_names", "id"], name="people_by_name"),
        ]

    def __str__(self) -> str:
        return self.list_name

    def save(self, *args, **kwargs) -> None:
        self.printed_name = self.printed_name.strip() or f"{self.given_names} {self.family_name}".strip()
        self.search_text = fold(f"{self.family_name} {self.given_names} {self.printed_name} {self.email}")[:400]
        super().save(*args, **kwargs)

    @property
    def list_name(self) -> str:
        """“Family, Given”, for lists and sorting."""
        return f"{self.family_name}, {self.given_names}" if self.given_names else self.family_name

    @property
    def has_other_script(self) -> bool:
        """True when the printed name says more than the Latin form does."""
        return self.printed_name not in ("", f"{self.given_names} {self.family_name}".strip())

    @property
    def titled_name(self) -> str:
        """Rank, given names, family name: how a person is addressed in a list of participants."""
        return " ".join(part for part in (self.rank, self.given_names, self.family_name) if part)

    def is_in_use(self) -> bool:
        """True when she has an account, or other records are about her: nominations, tests, courses she teaches."""
        about_her = [each for each in self._meta.related_objects if each.on_delete is not models.SET_NULL]
        return bool(self.user_id) or any(
            each.related_model._base_manager.filter(**{each.field.name: self}).exists() for each in about_her
        )

    def may_be_kept_by(self, user) -> bool:
        """True for whoever keeps this record up to date: the office, and the liaisons of its sender."""
        return user.is_authenticated and (user.is_coordinator or self.is_sent_by_those_of(user))

    @property
    def address(self):
        """Whom to write to: the account if there is one, else the e-mail address, else nobody."""
        return self.user or self.email


class LanguageTest(models.Model):
    """A language test of a person: the STANAG 6001 profile, when and by whom it was given."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="language_tests", verbose_name=_("person"))
    language = models.CharField(_("language"), max_length=20, default="English")
    profile = models.CharField(_("SLP"), max_length=8, validators=[slp_validator])
    tested_on = models.DateField(_("tested on"))
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    issuer = models.CharField(_("issued by"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("language test")
        verbose_name_plural = _("language tests")
        ordering = ["-tested_on", "-id"]

    def __str__(self) -> str:
        return f"{self.language} {self.profile}"
