from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("certificates", "0001_initial")]

    operations = []
