from django.db import migrations

from workflow import guards, live


class Migration(migrations.Migration):
    dependencies = [("workflow", "0001_initial")]
    operations = [
        migrations.RunSQL(guards.FUNCTIONS, guards.REVERSE),
        migrations.RunSQL(live.CHANGE_SQL, live.CHANGE_SQL_REVERSE),
    ]
