import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
        ("people", "__first__"),
        ("services", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ItemType",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
                ("slug", models.SlugField(max_length=80, unique=True, verbose_name="short name")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "type of items",
                "verbose_name_plural": "types of items",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relations_out",
                        to="services.configurationitem",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relations_in",
                        to="services.configurationitem",
                    ),
                ),
            ],
            options={
                "verbose_name": "relation",
                "verbose_name_plural": "relations",
                "ordering": ["type", "id"],
            },
        ),
        migrations.CreateModel(
            name="RelationType",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=40, unique=True, verbose_name="short name")),
                (
                    "label",
                    models.CharField(
                        help_text="The web server … the database: depends on",
                        max_length=80,
                        verbose_name="read forward",
                    ),
                ),
                (
                    "reverse_label",
                    models.CharField(
                        help_text="The database … the web server: is needed by",
                        max_length=80,
                        verbose_name="read backward",
                    ),
                ),
                (
                    "impact",
                    models.CharField(
                        choices=[
                            ("none", "a failure goes no further"),
                            ("to_source", "when the second fails, the first is hit"),
                            ("to_target", "when the first fails, the second is hit"),
                            ("both", "when either fails, the other is hit"),
                        ],
                        default="to_source",
                        max_length=10,
                        verbose_name="impact",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "type of relations",
                "verbose_name_plural": "types of relations",
                "ordering": ["label"],
            },
        ),
        migrations.CreateModel(
            name="ServiceDependency",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "needs",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dependents",
                        to="services.service",
                        verbose_name="needs",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="dependencies", to="services.service"
                    ),
                ),
            ],
            options={
                "verbose_name": "dependency between services",
                "verbose_name_plural": "dependencies between services",
                "ordering": ["service", "needs"],
                "indexes": [models.Index(fields=["needs", "service"], name="services_dependency_needed")],
                "constraints": [
                    models.UniqueConstraint(fields=("service", "needs"), name="services_dependency_once"),
                    models.CheckConstraint(
                        condition=models.Q(("service", models.F("needs")), _negated=True),
                        name="services_dependency_no_self",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TypeAttribute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.SlugField(
                        help_text="As files and the API call it: serial_number.", max_length=40, verbose_name="key"
                    ),
                ),
                ("label", models.CharField(max_length=80, verbose_name="label")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "text"),
                            ("number", "number"),
                            ("date", "date"),
                            ("yes_no", "yes or no"),
                            ("choice", "one of a list"),
                        ],
                        default="text",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                (
                    "choices",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        help_text="For a list, with commas between them.",
                        size=None,
                        verbose_name="choices",
                    ),
                ),
                ("is_required", models.BooleanField(default=False, verbose_name="required")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                (
                    "type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="attributes", to="services.itemtype"
                    ),
                ),
            ],
            options={
                "verbose_name": "attribute",
                "ordering": ["type", "position", "id"],
                "constraints": [models.UniqueConstraint(fields=("type", "key"), name="services_attribute_once")],
            },
        ),
        migrations.AddField(
            model_name="configurationitem",
            name="attributes",
            field=models.JSONField(blank=True, default=dict, verbose_name="attributes"),
        ),
        migrations.AddField(
            model_name="configurationitem",
            name="criticality",
            field=models.PositiveSmallIntegerField(
                choices=[(1, "vital"), (2, "important"), (3, "useful")], default=3, verbose_name="criticality"
            ),
        ),
        migrations.AddField(
            model_name="configurationitem",
            name="description",
            field=models.TextField(blank=True, verbose_name="description"),
        ),
        migrations.AddField(
            model_name="configurationitem",
            name="external_key",
            field=models.CharField(blank=True, max_length=200, verbose_name="key in the other tool"),
        ),
        migrations.AddField(
            model_name="configurationitem",
            name="further_services",
            field=models.ManyToManyField(
                blank=True, related_name="further_items", to="services.service", verbose_name="further services"
            ),
        ),
        migrations.AddField(
            model_name="configurationitem",
            name="imported",
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.AddField(
            model_name="configurationitem",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="items_owned",
                to=settings.AUTH_USER_MODEL,
                verbose_name="owner",
            ),
        ),
        migrations.AddField(
            model_name="configurationitem",
            name="status",
            field=models.CharField(
                choices=[("planned", "planned"), ("live", "live"), ("retired", "retired")],
                default="live",
                max_length=8,
                verbose_name="status",
            ),
        ),
        migrations.AddField(
            model_name="configurationitem",
            name="team",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="items",
                to="people.team",
                verbose_name="team",
            ),
        ),
        migrations.AddField(
            model_name="configurationitem",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AlterField(
            model_name="configurationitem",
            name="is_active",
            field=models.BooleanField(default=True, editable=False, verbose_name="active"),
        ),
        migrations.AlterField(
            model_name="configurationitem",
            name="kind",
            field=models.CharField(
                blank=True,
                editable=False,
                help_text="as it was called before types",
                max_length=80,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="configurationitem",
            name="service",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="items",
                to="services.service",
                verbose_name="service",
            ),
        ),
        migrations.CreateModel(
            name="ItemImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("file_name", models.CharField(max_length=200, verbose_name="file")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("checking", "being checked"),
                            ("checked", "checked, nothing written yet"),
                            ("applying", "being written"),
                            ("applied", "written"),
                            ("failed", "not written"),
                            ("discarded", "discarded"),
                        ],
                        default="checking",
                        max_length=10,
                        verbose_name="stage",
                    ),
                ),
                ("stage_at", models.DateTimeField()),
                ("rows", models.PositiveIntegerField(default=0)),
                ("rows_done", models.PositiveIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("notes", models.JSONField(default=list, help_text="sentences about the file as a whole")),
                ("takes_theirs", models.BooleanField(default=False)),
                ("skips_problems", models.BooleanField(default=False)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "import of items",
                "verbose_name_plural": "imports of items",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stage__in", ["checking", "checked", "applying", "applied", "failed", "discarded"])
                        ),
                        name="services_import_stage_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField(verbose_name="line")),
                ("key", models.CharField(max_length=200, verbose_name="key")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("said", models.JSONField(default=dict)),
                ("fields", models.JSONField(default=dict)),
                ("relations", models.JSONField(default=list)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("add", "new"),
                            ("update", "changed"),
                            ("same", "unchanged"),
                            ("conflict", "conflict"),
                            ("problem", "problem"),
                        ],
                        max_length=8,
                    ),
                ),
                ("changes", models.JSONField(default=dict)),
                ("conflicts", models.JSONField(default=dict)),
                ("problems", models.JSONField(default=list)),
                ("item_version", models.PositiveIntegerField(null=True)),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="services.configurationitem",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="services.itemimport",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of an import",
                "ordering": ["line"],
                "indexes": [
                    models.Index(fields=["run", "outcome", "line"], name="services_import_outcome"),
                    models.Index(fields=["run", "key"], name="services_import_key"),
                    models.Index(
                        condition=models.Q(("item__isnull", False)), fields=["item"], name="services_import_item"
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("run", "line"), name="services_import_line_once")],
            },
        ),
        migrations.AddField(
            model_name="configurationitem",
            name="type",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="items",
                to="services.itemtype",
                verbose_name="type",
            ),
        ),
        migrations.AddField(
            model_name="relation",
            name="type",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="relations", to="services.relationtype"
            ),
        ),
        migrations.AddIndex(
            model_name="relation",
            index=models.Index(fields=["target", "type", "source"], name="services_relation_target"),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=models.UniqueConstraint(fields=("source", "type", "target"), name="services_relation_once"),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", models.F("target")), _negated=True),
                name="services_relation_not_to_itself",
            ),
        ),
    ]
