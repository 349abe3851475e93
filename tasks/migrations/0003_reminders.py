"""Reminders, and a reason for every return, cancellation and restoration."""

from django.db import migrations, models
from django.db.models import Q

NEED_REASON = ["RETURN", "CANCEL", "RESTORE"]


def say_that_none_was_recorded(apps, schema_editor):
    """Events from before the rule: the page asked for a reason, a program could leave it out."""
    events = apps.get_model("tasks", "TaskEvent").objects.filter(action__in=NEED_REASON, reason="")
    events.update(reason="Причина не записана.")


class Migration(migrations.Migration):
    dependencies = [("tasks", "0002_letter")]

    operations = [
        migrations.RunPython(say_that_none_was_recorded, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="letter",
            name="kind",
            field=models.CharField(
                choices=[
                    ("SENT", "Recommendations sent"),
                    ("RETURNED", "Report returned"),
                    ("REMINDER", "Reminder of what is overdue"),
                    ("DIGEST", "Morning digest"),
                    ("CONTROL_DIGEST", "Controller's digest"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="taskevent",
            name="action",
            field=models.CharField(
                choices=[
                    ("ASSIGN", "sent to the executor"),
                    ("OPEN", "opened by the executor"),
                    ("TAKE", "taken to work"),
                    ("REPORT", "reported"),
                    ("RECALL", "report recalled"),
                    ("ACCEPT", "report accepted"),
                    ("RETURN", "returned for rework"),
                    ("CANCEL", "cancelled"),
                    ("RESTORE", "restored"),
                    ("EXTEND", "due date extended"),
                    ("CORRECT", "due date corrected"),
                    ("REWORD", "text corrected"),
                    ("REMIND", "reminder sent"),
                ],
                max_length=20,
                verbose_name="action",
            ),
        ),
        migrations.AddConstraint(
            model_name="taskevent",
            constraint=models.CheckConstraint(
                condition=~Q(action__in=NEED_REASON) | ~Q(reason=""),
                name="event_reason_given",
                violation_error_message="Say why in a sentence.",
            ),
        ),
    ]
