from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("enrollment", "0003_evidence")]

    operations = []
