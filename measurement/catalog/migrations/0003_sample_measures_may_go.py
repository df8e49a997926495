"""Log entries of sample success factors, targets and own measures go with them."""

from django.db import migrations

from audit.removable import sample_may_go

TABLES = {
    "success_factor": "kpi_catalog_factor",
    "kpi_handling": "kpi_catalog_handling",
    "own_measure": "own_kpis_ownmeasure",
}


class Migration(migrations.Migration):
    dependencies = [
        ("kpi_catalog", "0002_handling_starts_at_nothing"),
        ("own_kpis", "0002_versions_stay"),
        ("services", "0005_sample_items_may_go"),
        ("audit", "0003_append_only_chain"),
    ]
    operations = [sample_may_go(TABLES)]
