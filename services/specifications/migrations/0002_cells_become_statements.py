"""What stood in the four cells as text becomes statements: a line each, in force from the day that it named."""

from datetime import UTC, datetime, time
from textwrap import wrap

from django.db import migrations

CELLS = ("facility_functionality", "facility_functioning", "support_functionality", "support_functioning")
LONGEST = 300


def statements_from_cells(apps, schema_editor):
    old_model = apps.get_model("services", "ServiceSpecification")
    new_model, statement = (apps.get_model("specifications", name) for name in ("Specification", "Statement"))
    for old in old_model.objects.order_by("service_id", "number").iterator(chunk_size=500):
        new = new_model.objects.create(
            service_id=old.service_id,
            number=old.number,
            written_at=datetime.combine(old.valid_from, time.min, tzinfo=UTC),
            valid_from=old.valid_from,
            decided_at=datetime.combine(old.valid_from, time.min, tzinfo=UTC),
        )
        said = [(cell, text) for cell in CELLS for text in _lines(getattr(old, cell))]
        statement.objects.bulk_create(
            statement(specification=new, key=number, cell=cell, position=number, text=text)
            for number, (cell, text) in enumerate(said, start=1)
        )


def _lines(text):
    return [part for line in text.splitlines() if line.strip() for part in wrap(line.strip(), LONGEST)]


class Migration(migrations.Migration):
    dependencies = [("specifications", "0001_versions_of_statements")]

    operations = [migrations.RunPython(statements_from_cells, migrations.RunPython.noop)]
