from django.db import migrations


def follow(apps, schema_editor):
    """A part had the limit of the whole written down as its source's; now it asks the whole."""
    orders = apps.get_model("whistle", "WorkOrder").objects
    orders.exclude(part_of=None).update(source_due=None)


class Migration(migrations.Migration):
    dependencies = [("whistle", "0027_checklists")]
    operations = [migrations.RunPython(follow, migrations.RunPython.noop)]
