"""
Votes may decide about a version, as the shipped rule says from now on, and a rule says which change is raised: until now
it was a normal one.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("procedures", "0003_sample_procedures_may_go"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="activationrule",
            name="procedures_rule_way_known",
        ),
        migrations.AddField(
            model_name="activationrule",
            name="raises",
            field=models.CharField(blank=True, max_length=100, verbose_name="change that is raised"),
        ),
        migrations.AddField(
            model_name="procedureversion",
            name="raises",
            field=models.CharField(
                blank=True, editable=False, help_text="which change it waits for; none: empty", max_length=100
            ),
        ),
        migrations.AlterField(
            model_name="activationrule",
            name="way",
            field=models.CharField(
                choices=[
                    ("act", "nothing more: whoever may activate does it"),
                    ("second", "a second person activates it, not the one who wrote it"),
                    ("approval", "those whom an approval policy names decide; it comes into force with the last vote"),
                    (
                        "change",
                        "a change is raised and authorized; the draft comes into force when the change is carried out",
                    ),
                ],
                max_length=8,
                verbose_name="what has to happen",
            ),
        ),
        migrations.AlterField(
            model_name="procedureversion",
            name="way",
            field=models.CharField(
                blank=True,
                choices=[
                    ("act", "nothing more: whoever may activate does it"),
                    ("second", "a second person activates it, not the one who wrote it"),
                    ("approval", "those whom an approval policy names decide; it comes into force with the last vote"),
                    (
                        "change",
                        "a change is raised and authorized; the draft comes into force when the change is carried out",
                    ),
                ],
                editable=False,
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="activationrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("way__in", ["act", "second", "approval", "change"])),
                name="procedures_rule_way_known",
            ),
        ),
        migrations.RunSQL(
            [
                "UPDATE procedures_activationrule SET raises = 'normal' WHERE way = 'change'",
                "UPDATE procedures_procedureversion SET raises = 'normal' WHERE way = 'change'",
                # The shipped rule, where nobody has touched it.
                "UPDATE procedures_activationrule SET way = 'approval'"
                " WHERE name = 'Everything else' AND way = 'second' AND version = 1",
            ],
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="activationrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("way", "approval"),
                    models.Q(("way", "change"), models.Q(("raises", ""), _negated=True)),
                    models.Q(models.Q(("way", "change"), _negated=True), ("raises", "")),
                    _connector="OR",
                ),
                name="procedures_rule_raises_where_it_may",
            ),
        ),
    ]
