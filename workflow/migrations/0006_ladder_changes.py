from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workflow", "0005_storms")]

    operations = [
        migrations.AlterField(
            model_name="policychange",
            name="kind",
            field=models.CharField(
                choices=[
                    ("limit", "Time limit"),
                    ("calendar", "Working calendar"),
                    ("hours", "Working hours"),
                    ("storm", "Storm order"),
                    ("calm", "End of a storm order"),
                    ("ladder", "Ladder of reminders"),
                ],
                max_length=8,
                verbose_name="kind",
            ),
        ),
    ]
