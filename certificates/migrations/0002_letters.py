import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0001_initial"),
        ("enrollment", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "due_at",
                    models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name="due at"),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="attempts")),
                (
                    "lease_until",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="leased until"),
                ),
                ("fence", models.PositiveIntegerField(default=0, editable=False, verbose_name="fence")),
                ("parked_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="parked at")),
                ("failure", models.TextField(blank=True, editable=False, verbose_name="failure")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("accepted", "Acceptance"),
                            ("do-not-travel", "Do not travel yet"),
                            ("waiting", "Waiting list"),
                            ("offered", "Offer of a place"),
                            ("refused", "Refusal"),
                            ("cancelled", "Cancellation"),
                        ],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                ("occasion", models.CharField(editable=False, max_length=80, verbose_name="decision")),
                ("reference", models.CharField(max_length=30, unique=True, verbose_name="reference")),
                ("language", models.CharField(default="en", max_length=8, verbose_name="language")),
                (
                    "printed",
                    models.JSONField(
                        help_text="Everything on the letter, as it was on its day.", verbose_name="printed facts"
                    ),
                ),
                (
                    "requested_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked for at"),
                ),
                ("made_at", models.DateTimeField(blank=True, null=True, verbose_name="made at")),
                ("file_name", models.CharField(blank=True, max_length=120)),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256")),
                (
                    "nomination",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="enrollment.nomination",
                        verbose_name="nomination",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked for by",
                    ),
                ),
            ],
            options={
                "verbose_name": "letter",
                "verbose_name_plural": "letters",
                "ordering": ["-requested_at", "-pk"],
                "indexes": [models.Index(fields=["made_at", "parked_at", "due_at"], name="letter_work_list")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("nomination", "kind", "occasion"),
                        name="one_letter_per_decision",
                        violation_error_message="There is a letter about this decision already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("made_at__isnull", True),
                            models.Q(
                                models.Q(("sha256", ""), _negated=True), models.Q(("file_name", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="a_made_letter_has_its_file",
                    ),
                ],
            },
        ),
    ]
