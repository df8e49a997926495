import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def _key() -> tuple[str, models.BigAutoField]:
    return "id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def _of(model: str, related_name: str = "+") -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name=related_name, to=model)


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0004_links_between_practices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Seen",
            fields=[
                _key(),
                ("seen_at", models.DateTimeField()),
                ("record", _of("records.record")),
                ("user", _of(settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["user", "record"], name="records_seen_once")],
            },
        ),
        migrations.CreateModel(
            name="Skip",
            fields=[
                _key(),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="why")),
                ("at", models.DateTimeField()),
                ("record", _of("records.record", "skips")),
                ("user", _of(settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["user", "record"], name="records_skip_once")],
                "indexes": [models.Index(fields=["at"], name="records_skip_age")],
            },
        ),
        migrations.CreateModel(
            name="Habit",
            fields=[
                _key(),
                (
                    "after_reply",
                    models.CharField(
                        choices=[("stay", "stay here"), ("next", "next ticket"), ("list", "back to the list")],
                        default="stay",
                        max_length=8,
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddField("draft", "is_shared", models.BooleanField(default=False)),
        migrations.AddIndex(
            "draft",
            models.Index(condition=models.Q(("is_shared", True)), fields=["record"], name="records_draft_shared"),
        ),
    ]
