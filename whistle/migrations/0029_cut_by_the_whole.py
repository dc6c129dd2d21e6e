from django.db import migrations


def name_whole(apps, schema_editor):
    """What bounded the clock of a part was the whole, also where its source was named."""
    clocks = apps.get_model("whistle", "WorkOrderClock").objects
    clocks.filter(cut="source", paper__part_of__isnull=False).update(cut="whole")


class Migration(migrations.Migration):
    dependencies = [("whistle", "0028_parts_follow_the_whole")]
    operations = [migrations.RunPython(name_whole, migrations.RunPython.noop)]
