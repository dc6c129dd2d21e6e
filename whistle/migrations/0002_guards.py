from django.db import migrations

from workflow.guards import guard, unguard

TABLES = [
    "whistle_workorderevent",
    "whistle_whistleevent",
    "whistle_responseevent",
    "whistle_verificationevent",
]


class Migration(migrations.Migration):
    dependencies = [("whistle", "0001_initial"), ("workflow", "0002_guards")]
    operations = [migrations.RunSQL(guard(table), unguard(table)) for table in TABLES]
