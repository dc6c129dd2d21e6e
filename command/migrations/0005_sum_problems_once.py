from django.db import migrations


def forget(apps, schema_editor):
    """The sums counted the parts of divided orders too; the worker adds them up anew."""
    apps.get_model("command", "Summed").objects.all().delete()
    apps.get_model("command", "DayFigures").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("command", "0004_handovers")]
    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
