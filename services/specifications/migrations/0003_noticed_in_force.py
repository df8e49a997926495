"""Versions note when their day had come. Those in force until now are noted as such: nobody is told of them again."""

from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Now, TruncDate


def those_that_began(apps, schema_editor):
    rows = apps.get_model("specifications", "Specification").objects.filter(decided_at__isnull=False)
    rows.filter(begun_at=None, valid_from__lte=TruncDate(Now())).update(begun_at=F("decided_at"))


class Migration(migrations.Migration):
    dependencies = [("specifications", "0002_cells_become_statements")]

    operations = [
        migrations.AddField(
            model_name="specification",
            name="begun_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="noticed in force"),
        ),
        migrations.RunPython(those_that_began, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="specification",
            index=models.Index(
                condition=Q(("begun_at", None), ("decided_at__isnull", False)),
                fields=["valid_from"],
                name="specifications_unnoticed",
            ),
        ),
    ]
