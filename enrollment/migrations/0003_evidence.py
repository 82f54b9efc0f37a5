import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0001_initial'),
        ('enrollment', '0002_seats'),
        ('partners', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='completion',
            name='expires_on',
            field=models.DateField(blank=True, null=True, verbose_name='expires on'),
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('language', 'Language certificate'), ('completion', 'Certificate of completion'), ('letter', 'Nomination letter'), ('clearance', 'Security clearance')], max_length=10, verbose_name='kind')),
                ('file_name', models.CharField(blank=True, editable=False, max_length=40)),
                ('original_name', models.CharField(blank=True, max_length=120, verbose_name='file')),
                ('content_type', models.CharField(blank=True, editable=False, max_length=20)),
                ('size', models.PositiveIntegerField(default=0, editable=False, verbose_name='bytes')),
                ('sha256', models.CharField(blank=True, editable=False, max_length=64)),
                ('profile', models.CharField(blank=True, max_length=8, validators=[django.core.validators.RegexValidator('^([0-5]\\+?){4}$', 'Write four levels in the order listening, speaking, reading, writing, such as 3232 or 2+222.')], verbose_name='SLP')),
                ('is_cleared', models.BooleanField(blank=True, null=True, verbose_name='cleared')),
                ('level', models.CharField(blank=True, choices=[('RESTRICTED', 'NATO RESTRICTED, or its equivalent'), ('CONFIDENTIAL', 'NATO CONFIDENTIAL, or its equivalent'), ('SECRET', 'NATO SECRET, or its equivalent'), ('TOP SECRET', 'COSMIC TOP SECRET, or its equivalent')], max_length=12, verbose_name='up to')),
                ('dated_on', models.DateField(blank=True, null=True, verbose_name='dated')),
                ('reference', models.CharField(blank=True, max_length=80, verbose_name='issued by, or its reference')),
                ('expires_on', models.DateField(blank=True, null=True, verbose_name='expires on')),
                ('state', models.CharField(choices=[('submitted', 'To be checked'), ('checked', 'Checked'), ('rejected', 'Rejected'), ('replaced', 'Replaced by a newer one')], default='submitted', editable=False, max_length=10, verbose_name='state')),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='uploaded at')),
                ('decided_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='decided at')),
                ('decision_reason', models.TextField(blank=True, editable=False, verbose_name='reason')),
                ('course', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.course', verbose_name='course')),
                ('decided_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('nomination', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='enrollment.nomination', verbose_name='nomination')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='partners.person', verbose_name='person')),
                ('replaced_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='enrollment.evidence')),
                ('uploaded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='uploaded by')),
            ],
            options={
                'verbose_name': 'evidence',
                'verbose_name_plural': 'evidence',
                'ordering': ['-uploaded_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalEvidence',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('kind', models.CharField(choices=[('language', 'Language certificate'), ('completion', 'Certificate of completion'), ('letter', 'Nomination letter'), ('clearance', 'Security clearance')], max_length=10, verbose_name='kind')),
                ('file_name', models.CharField(blank=True, editable=False, max_length=40)),
                ('original_name', models.CharField(blank=True, max_length=120, verbose_name='file')),
                ('content_type', models.CharField(blank=True, editable=False, max_length=20)),
                ('size', models.PositiveIntegerField(default=0, editable=False, verbose_name='bytes')),
                ('sha256', models.CharField(blank=True, editable=False, max_length=64)),
                ('profile', models.CharField(blank=True, max_length=8, validators=[django.core.validators.RegexValidator('^([0-5]\\+?){4}$', 'Write four levels in the order listening, speaking, reading, writing, such as 3232 or 2+222.')], verbose_name='SLP')),
                ('is_cleared', models.BooleanField(blank=True, null=True, verbose_name='cleared')),
                ('level', models.CharField(blank=True, choices=[('RESTRICTED', 'NATO RESTRICTED, or its equivalent'), ('CONFIDENTIAL', 'NATO CONFIDENTIAL, or its equivalent'), ('SECRET', 'NATO SECRET, or its equivalent'), ('TOP SECRET', 'COSMIC TOP SECRET, or its equivalent')], max_length=12, verbose_name='up to')),
                ('dated_on', models.DateField(blank=True, null=True, verbose_name='dated')),
                ('reference', models.CharField(blank=True, max_length=80, verbose_name='issued by, or its reference')),
                ('expires_on', models.DateField(blank=True, null=True, verbose_name='expires on')),
                ('state', models.CharField(choices=[('submitted', 'To be checked'), ('checked', 'Checked'), ('rejected', 'Rejected'), ('replaced', 'Replaced by a newer one')], default='submitted', editable=False, max_length=10, verbose_name='state')),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='uploaded at')),
                ('decided_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='decided at')),
                ('decision_reason', models.TextField(blank=True, editable=False, verbose_name='reason')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('course', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='courses.course', verbose_name='course')),
                ('decided_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('nomination', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='enrollment.nomination', verbose_name='nomination')),
                ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='partners.person', verbose_name='person')),
                ('replaced_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='enrollment.evidence')),
                ('uploaded_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='uploaded by')),
            ],
            options={
                'verbose_name': 'historical evidence',
                'verbose_name_plural': 'historical evidence',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddIndex(
            model_name='evidence',
            index=models.Index(fields=['state', 'uploaded_at', 'id'], name='evidence_by_state'),
        ),
        migrations.AddIndex(
            model_name='evidence',
            index=models.Index(fields=['person', '-uploaded_at'], name='evidence_of_a_person'),
        ),
        migrations.AddIndex(
            model_name='evidence',
            index=models.Index(fields=['file_name'], name='evidence_by_file'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('file_name', ''), ('kind', 'clearance')), models.Q(models.Q(('kind', 'clearance'), _negated=True), models.Q(('file_name', ''), _negated=True)), _connector='OR'), name='a_clearance_has_no_file_and_all_else_has_one', violation_error_message='A clearance is stated as yes or no, without its paper; all else is a file.'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'letter'), ('nomination__isnull', False)), models.Q(models.Q(('kind', 'letter'), _negated=True), ('nomination__isnull', True)), _connector='OR'), name='a_letter_and_nothing_else_is_bound_to_a_nomination', violation_error_message='A nomination letter belongs to one nomination; all else to the person.'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'language'), _negated=True), models.Q(models.Q(('profile', ''), _negated=True), ('dated_on__isnull', False)), _connector='OR'), name='a_language_certificate_says_level_and_day', violation_error_message='Give the profile and the day of the test.'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'completion'), _negated=True), models.Q(('course__isnull', False), ('dated_on__isnull', False)), _connector='OR'), name='a_certificate_of_completion_says_course_and_day', violation_error_message='Give the course and the day on which it was completed.'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'clearance'), _negated=True), ('is_cleared', False), models.Q(('expires_on__isnull', False), ('is_cleared', True), models.Q(('level', ''), _negated=True)), _connector='OR'), name='a_clearance_says_up_to_what_and_until_when', violation_error_message='Say up to which level the person is cleared, and until when.'),
        ),
    ]
